//! A device, and everything that may happen to it (SPEC.md §9, §10).
#![no_main]

libfuzzer_sys::fuzz_target!(|life: offline_reset_fuzz::device::Life| offline_reset_fuzz::device::device(&life));
