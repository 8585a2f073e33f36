//! Any flash, some of it with valid seals (SPEC.md §9).
#![no_main]

libfuzzer_sys::fuzz_target!(|flash: offline_reset_fuzz::flash::Flash| offline_reset_fuzz::flash::ledger_bytes(&flash));
