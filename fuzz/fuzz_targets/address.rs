//! Any text as an address, and its mask (SPEC.md §11).
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| offline_reset_fuzz::addresses::address(text));
