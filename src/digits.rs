//! The digits of a code: ten of the MAC's, and the check digit that catches a slip (SPEC.md §8).

use subtle::{Choice, ConditionallySelectable};

use crate::header::Nonce;

/// The digits of a code: k, d1 to d10, c.
pub(crate) const CODE_DIGITS: usize = 12;

/// Damm's quasigroup by columns: DAMM\[x\]\[d\] in bits 4x to 4x + 3 of the word d, so that what depends on the digit before is a shift.
const DAMM: [u64; 10] = [
    0x29_8536_1470,
    0x54_9861_7203,
    0x83_4672_5091,
    0x18_5943_0627,
    0x46_3720_9815,
    0x31_6204_8759,
    0x67_2095_3148,
    0x72_0159_4386,
    0x90_1387_2564,
    0x05_7418_6932,
];

/// ```text
/// def seed(nonce): return (nonce * 10) >> 40                                 (SPEC.md §8, COD-2)
/// ```
pub(crate) fn seed(nonce: Nonce) -> u8 {
    ((nonce.number() * 10) >> 40) as u8
}

/// ```text
/// def damm(x, digits):                                                       (SPEC.md §8, COD-2)
///     for d in digits: x = DAMM[x][d]
///     return x
/// ```
///
/// For what was typed: public digits, a table look-up.
pub(crate) fn damm_typed(x: u8, digits: &[u8]) -> u8 {
    digits.iter().fold(x, |x, &d| DAMM.get(usize::from(d)).map_or(0, |column| (column >> (4 * u32::from(x & 15)) & 15) as u8))
}

/// The same for digits that are still secret: the column is picked by masks, and so is the place in it (SEC-1). Each bit leaves half of
/// what it may be.
pub(crate) fn damm_secret(x: u8, digits: &[u8]) -> u8 {
    digits.iter().fold(x, |x, &d| {
        let mut columns = DAMM;
        for bit in 0..4 {
            let odd = Choice::from(d >> bit & 1);
            for i in 0..5 {
                columns[i] = u64::conditional_select(&columns[2 * i], &columns[2 * i + 1], odd);
            }
        }
        let mut column = columns[0];
        for bit in 0..4 {
            column.conditional_assign(&(column >> (4 << bit)), Choice::from(x >> bit & 1));
        }
        (column & 15) as u8
    })
}

/// ```text
/// for i in range(1, 11):                                                            (SPEC.md §8, COD-1)
///     d[i] = (X * 10) >> 64
///     X    = (X * 10) & (2^64 - 1)
/// ```
///
/// X as three limbs of 28, 28 and 8 bits (the lowest shifted up), so that every product fits in 32 bits: some of the processors that
/// this runs on take a time for a long multiplication that depends on its operands.
pub(crate) fn ten_digits(x: u64) -> [u8; 10] {
    const LIMB: u32 = (1 << 28) - 1;
    let mut high = (x >> 36) as u32;
    let mut middle = (x >> 8) as u32 & LIMB;
    let mut low = ((x as u32) & 0xff) << 20;
    let mut d = [0; 10];
    for digit in &mut d {
        low *= 10;
        middle = middle * 10 + (low >> 28);
        high = high * 10 + (middle >> 28);
        *digit = (high >> 28) as u8;
        low &= LIMB;
        middle &= LIMB;
        high &= LIMB;
    }
    d
}

/// d1 to d10 as one number, which is all that a comparison needs, and sooner there.
///
/// ```text
/// floor(X * 10^10 / 2^64) = floor(X * 5^10 / 2^54)                           (SPEC.md §8, condensed)
/// ```
///
/// X as four limbs of 16 bits and 5^10 as two, so that every sum fits in 32 bits, as above.
pub(crate) fn number(x: u64) -> u64 {
    const HIGH: u32 = 5u32.pow(10) >> 16;
    const LOW: u32 = 5u32.pow(10) & 0xffff;
    let (mut sum, mut before) = (0, 0);
    for shift in [0, 16, 32, 48] {
        let limb = u32::from((x >> shift) as u16);
        sum = limb * LOW + before * HIGH + (sum >> 16);
        before = limb;
    }
    u64::from(before * HIGH + (sum >> 16)) << 10 | u64::from(sum as u16 >> 6)
}

#[cfg(test)]
mod tests {
    use super::{number, ten_digits};

    /// As SPEC.md §8 says it, for fractions near every kind of border and for others.
    #[test]
    fn ten_digits_and_their_number_are_one() {
        let near = |x: u64| (0..8).flat_map(move |i| [x.wrapping_add(i), x.wrapping_sub(i)]);
        let codes = (0..=10).map(|i| (u128::from(10u64.pow(i) - 1) << 64).div_ceil(10u128.pow(10)) as u64); // the least of a number
        let others = (0..10_000u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(i as u32));
        for x in (0..64).map(|bit| 1 << bit).chain(codes).flat_map(near).chain(others) {
            let expected = ((u128::from(x) * 10u128.pow(10)) >> 64) as u64;
            assert_eq!(number(x), expected, "{x:#x}");
            assert_eq!(ten_digits(x).iter().fold(0, |n, &d| 10 * n + u64::from(d)), expected, "{x:#x}");
        }
    }
}
