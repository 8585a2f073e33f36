//! Keys, challenges, codes, QRs and records as both implementations write them.
#![no_main]

libfuzzer_sys::fuzz_target!(|writing: offline_reset_fuzz::differential::Writing| offline_reset_fuzz::differential::writing(&writing));
