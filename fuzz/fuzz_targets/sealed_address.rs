//! Payloads sealed under the right key, some changed afterwards (SPEC.md §11).
#![no_main]

libfuzzer_sys::fuzz_target!(|payload: offline_reset_fuzz::addresses::Payload| offline_reset_fuzz::addresses::sealed_address(&payload));
