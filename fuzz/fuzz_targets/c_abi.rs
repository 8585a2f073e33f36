//! The C ABI's functions, called in any order and with anything (`capi/include/offline_reset.h`).
#![no_main]

libfuzzer_sys::fuzz_target!(|calls: offline_reset_fuzz::c_abi::Calls| {
    offline_reset_fuzz::c_abi::c_abi(&calls);
});
