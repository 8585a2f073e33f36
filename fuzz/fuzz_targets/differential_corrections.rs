//! Corrections, in both implementations.
#![no_main]

libfuzzer_sys::fuzz_target!(|typed: offline_reset_fuzz::corrections::Typed| offline_reset_fuzz::differential::corrections(&typed));
