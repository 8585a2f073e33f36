//! Every reader of text, in both implementations.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| offline_reset_fuzz::differential::text(text));
