//! Valgrind's client requests (memcheck.h, callgrind.h): under valgrind this instruction sequence is a call, elsewhere it does nothing.

use core::arch::asm;

const MEMCHECK: usize = ((b'M' as usize) << 24) | ((b'C' as usize) << 16);
const CALLGRIND: usize = ((b'C' as usize) << 24) | ((b'T' as usize) << 16);

fn request(code: usize, first: usize, second: usize, third: usize) -> usize {
    let arguments = [code, first, second, third, 0, 0];
    let answer;
    // SAFETY: the rotations add up to 128 bits, and the exchange is of a register with itself.
    unsafe {
        asm!("rol rdi, 3", "rol rdi, 13", "rol rdi, 61", "rol rdi, 51", "xchg rbx, rbx",
            in("rax") &raw const arguments, inout("rdx") 0usize => answer);
    }
    answer
}

pub fn watched() -> bool {
    request(0x1001, 0, 0, 0) > 0
}

/// How many reports there were until now.
pub fn reports() -> usize {
    request(0x1201, 0, 0, 0)
}

/// Secret from here on: a branch or an address that depends on it is reported. Through `*mut`, or the optimiser keeps a copy.
pub fn secret(bytes: *mut [u8]) {
    request(MEMCHECK + 1, bytes.cast::<u8>() as usize, bytes.len(), 0);
    core::hint::black_box(bytes);
}

pub fn public(bytes: *mut [u8]) {
    request(MEMCHECK + 2, bytes.cast::<u8>() as usize, bytes.len(), 0);
    core::hint::black_box(bytes);
}

/// How many bits of these depend on a secret.
pub fn secret_bits(bytes: &[u8]) -> u32 {
    let mut bits = vec![0u8; bytes.len()];
    request(MEMCHECK + 8, bytes.as_ptr() as usize, bits.as_mut_ptr() as usize, bytes.len());
    bits.iter().map(|byte| byte.count_ones()).sum()
}

pub fn zero_counts() {
    request(CALLGRIND + 1, 0, 0, 0);
}

pub fn dump_counts(name: &core::ffi::CStr) {
    request(CALLGRIND + 3, name.as_ptr() as usize, 0, 0);
}
