//! Any text as a code (SPEC.md §8), by the reader alone and through a submit.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| offline_reset_fuzz::texts::read_code(text));
