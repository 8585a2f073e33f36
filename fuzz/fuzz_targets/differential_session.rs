//! A device's transcript, in both implementations.
#![no_main]

libfuzzer_sys::fuzz_target!(|transcript: offline_reset_fuzz::differential::Transcript| offline_reset_fuzz::differential::session(
    &transcript
));
