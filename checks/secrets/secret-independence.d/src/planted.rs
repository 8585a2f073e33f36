//! What the check has to find.

use core::hint::black_box;

#[inline(never)]
pub fn early_exit(secret: &[u8; 32], other: &[u8; 32]) -> bool {
    for (a, b) in secret.iter().zip(other) {
        if black_box(a) != b {
            return false; // without the black box it becomes one comparison of 32 bytes, which leaks nothing
        }
    }
    true
}

#[inline(never)]
pub fn table(secret: &[u8; 32], table: &[u8; 256]) -> u8 {
    secret.iter().fold(0, |sum, &byte| sum ^ table[usize::from(byte)])
}

#[inline(never)]
pub fn match_on(secret: &[u8; 32]) -> u32 {
    match secret[7] {
        0..=15 => black_box(1) * 3,
        b'0'..=b'9' => black_box(5) + 9,
        0x80.. => black_box(7) ^ 77,
        _ => black_box(2),
    }
}

#[inline(never)]
pub fn remainder(secret: &[u8; 32], by: u32) -> u32 {
    u32::from_be_bytes([secret[0], secret[1], secret[2], secret[3]]) % by
}

/// No instruction divides this: the compiler calls a routine.
#[inline(never)]
pub fn wide_remainder(secret: &[u8; 32], by: u128) -> u128 {
    u128::from_be_bytes(core::array::from_fn(|i| secret[i])) % by
}
