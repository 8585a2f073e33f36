//! Any text as a QR's (SPEC.md §11).
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| offline_reset_fuzz::texts::read_qr(text));
