//! Texts near a challenge, and any other (SPEC.md §7).
#![no_main]

libfuzzer_sys::fuzz_target!(|typed: offline_reset_fuzz::corrections::Typed| offline_reset_fuzz::corrections::corrections(&typed));
