//! What one side writes, the other reads (SPEC.md §6, §8, §11, §12).
#![no_main]

libfuzzer_sys::fuzz_target!(|reset: offline_reset_fuzz::issuing::Reset| offline_reset_fuzz::issuing::issuer_and_device(&reset));
