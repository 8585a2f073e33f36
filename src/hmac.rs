//! HMAC-SHA-256 over SHA-256's block function (RFC 2104, FIPS 180-4).

use core::slice;
use sha2::block_api::compress256;
use zeroize::Zeroize;

use crate::bytes::fill;

/// SHA-256 between two blocks: eight words (FIPS 180-4, section 6.2).
type State = [u32; 8];

/// A block of SHA-256, in bytes.
const BLOCK: usize = 64;

/// Where the message's length in bits begins in its last block.
const LENGTH: usize = BLOCK - 8;

/// SHA-256 before the first block (FIPS 180-4, section 5.3.3).
const INITIAL: State = [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// HMAC-SHA-256 (RFC 2104) with a 32-byte key: its two states, so that a message of up to 55 bytes costs two compressions.
///
/// `hmac` does the same, in more instructions: it keeps a buffer for messages that come in pieces, and the tag as bytes. A device key by it took
/// 1.103 times its two compressions when it was left, and takes 1.018 (README, Speed); `tests/hmac.rs` holds the two side by side.
pub(crate) struct Keyed {
    inner: State,
    outer: State,
}

impl Keyed {
    /// ```text
    /// inner = compress(INITIAL, key ^ 0x36 0x36 ..)                          (RFC 2104)
    /// outer = compress(INITIAL, key ^ 0x5c 0x5c ..)
    /// ```
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let mut block = [0x36; BLOCK];
        block.iter_mut().zip(key).for_each(|(to, &from)| *to ^= from);
        let mut keyed = Self { inner: INITIAL, outer: INITIAL };
        compress256(&mut keyed.inner, slice::from_ref(&block));
        for byte in &mut block {
            *byte ^= 0x36 ^ 0x5c;
        }
        compress256(&mut keyed.outer, slice::from_ref(&block));
        let (key, _) = block.split_at_mut(key.len());
        key.zeroize();
        keyed
    }

    /// ```text
    /// mac(message) = sha256 from outer over (sha256 from inner over message)        (RFC 2104)
    /// ```
    ///
    /// The message in two parts. Inlined, so that where their lengths are constants nothing is left but to store a block.
    #[expect(clippy::inline_always, reason = "see above")]
    #[inline(always)]
    pub(crate) fn mac(&self, prefix: &[u8], message: &[u8]) -> Mac {
        let mut mac = Mac(self.inner);
        let mut block = [0; BLOCK];
        let (mut now, mut later) = split(message, BLOCK - prefix.len());
        put(&mut block, 0, prefix);
        put(&mut block, prefix.len(), now);
        let mut filled = prefix.len() + now.len();
        while filled == BLOCK {
            compress256(&mut mac.0, slice::from_ref(&block));
            block = [0; BLOCK];
            (now, later) = split(later, BLOCK);
            put(&mut block, 0, now);
            filled = now.len();
        }
        put(&mut block, filled, &[0x80]);
        if filled >= LENGTH {
            compress256(&mut mac.0, slice::from_ref(&block));
            block = [0; BLOCK];
        }
        mac.finish(&mut block, prefix.len() + message.len());
        block = [0; BLOCK];
        put(&mut block, 0, bytes(&mac.0).as_flattened());
        put(&mut block, 32, &[0x80]);
        mac.0 = self.outer;
        mac.finish(&mut block, 32);
        mac
    }
}

fn bytes(words: &State) -> [[u8; 4]; 8] {
    words.map(u32::to_be_bytes)
}

fn split(bytes: &[u8], at: usize) -> (&[u8], &[u8]) {
    bytes.split_at_checked(at).unwrap_or((bytes, &[]))
}

fn put(block: &mut [u8; BLOCK], at: usize, bytes: &[u8]) {
    if let Some(to) = block.get_mut(at..at + bytes.len()) {
        to.copy_from_slice(bytes);
    }
}

impl Drop for Keyed {
    fn drop(&mut self) {
        let Self { inner, outer } = self;
        inner.zeroize();
        outer.zeroize();
    }
}

/// The eight words of one F: secret until published, wiped when dropped.
pub(crate) struct Mac(State);

impl Mac {
    /// The last block of a message of so many bytes after the key's block.
    fn finish(&mut self, block: &mut [u8; BLOCK], length: usize) {
        put(block, LENGTH, &(8 * (BLOCK + length) as u64).to_be_bytes());
        compress256(&mut self.0, slice::from_ref(block));
    }

    pub(crate) fn bytes(&self) -> [u8; 32] {
        self.first()
    }

    /// The first eight bytes as an integer.
    pub(crate) fn first_u64(&self) -> u64 {
        let [high, low, ..] = self.0;
        u64::from(high) << 32 | u64::from(low)
    }

    /// The first `N` bytes.
    pub(crate) fn first<const N: usize>(&self) -> [u8; N] {
        const { assert!(N <= 32) };
        let mut first = [0; N];
        fill(&mut first, bytes(&self.0).as_flattened());
        first
    }
}

impl Drop for Mac {
    fn drop(&mut self) {
        let Self(words) = self;
        words.zeroize();
    }
}
