//! Any text as a typed challenge (SPEC.md §6.3).
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| offline_reset_fuzz::texts::read_challenge(text));
