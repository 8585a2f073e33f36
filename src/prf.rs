//! Keys and the one primitive: F = HMAC-SHA-256 with a domain byte (SPEC.md §4).

use core::fmt;
use core::slice;
use sha2::block_api::compress256;
use zeroize::Zeroize;

use crate::error::InvalidSerial;
use crate::wipe::scrubbed;

/// The longest serial, in characters.
pub const MAX_SERIAL: usize = 20;

const PREFIX: &[u8; 4] = b"ORP1";

/// The domains of F (SPEC.md §18.1, KEY-2).
#[derive(Clone, Copy)]
pub(crate) enum Domain {
    Nonce = 0x01,
    Tag = 0x02,
    Code = 0x03,
    EmailTag = 0x04,
    EmailStream = 0x05,
    LedgerSeal = 0x06,
}

/// A serial: 1 to 20 characters of `A`-`Z` and `0`-`9`, as on the label (SPEC.md §4, KEY-3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial {
    /// Checked by `new`; zero from `len` on.
    bytes: [u8; MAX_SERIAL],
    /// 1 to 20.
    len: u8,
}

impl Serial {
    /// Takes the serial as it is on the label.
    ///
    /// # Errors
    /// [`InvalidSerial`] unless it is 1 to 20 characters of `A`-`Z` and `0`-`9`.
    pub fn new(serial: &str) -> Result<Self, InvalidSerial> {
        Self::from_bytes(serial.as_bytes())
    }

    pub(crate) fn from_bytes(serial: &[u8]) -> Result<Self, InvalidSerial> {
        let mut bytes = [0; MAX_SERIAL];
        let Some(to) = bytes.get_mut(..serial.len()) else { return Err(InvalidSerial) };
        to.iter_mut().zip(serial).for_each(|(to, &from)| *to = from);
        if serial.is_empty() || !serial.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
            return Err(InvalidSerial);
        }
        Ok(Self { bytes, len: serial.len() as u8 })
    }

    /// The serial's characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// What the root key has to authenticate for this serial: give it to the HSM, the KMS or [`RootKey`], take 32 bytes back.
    ///
    /// ```text
    /// root_message(serial) = "ORP1" || 0x00 || serial || 0x01        (SPEC.md §4)
    /// ```
    #[must_use]
    pub fn root_message(&self) -> RootMessage {
        let mut bytes = [0; RootMessage::MAX];
        let (prefix, serial) = bytes.split_at_mut(PREFIX.len() + 1); // its last byte stays 0x00
        prefix.iter_mut().zip(PREFIX).for_each(|(to, &from)| *to = from);
        serial.iter_mut().zip(&self.bytes).for_each(|(to, &from)| *to = from); // zeros after the last character
        if let Some(after) = serial.get_mut(usize::from(self.len)) {
            *after = 0x01;
        }
        RootMessage { bytes, len: self.len + 6 }
    }
}

impl AsRef<str> for Serial {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl core::str::FromStr for Serial {
    type Err = InvalidSerial;

    fn from_str(serial: &str) -> Result<Self, InvalidSerial> {
        Self::new(serial)
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// The message for the root's HMAC-SHA-256: 7 to 26 bytes, not secret (SPEC.md §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RootMessage {
    bytes: [u8; Self::MAX],
    len: u8,
}

impl RootMessage {
    /// The longest message, in bytes.
    pub const MAX: usize = PREFIX.len() + 1 + MAX_SERIAL + 1;

    /// The message's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// `info` for a service that offers HKDF-Expand (RFC 5869) in place of HMAC; with L = 32 it gives the same D.
    #[must_use]
    pub fn hkdf_info(&self) -> &[u8] {
        self.as_bytes().split_last().map_or(&[], |(_, info)| info)
    }
}

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
struct Keyed {
    inner: State,
    outer: State,
}

impl Keyed {
    /// ```text
    /// inner = compress(INITIAL, key ^ 0x36 0x36 ..)                          (RFC 2104)
    /// outer = compress(INITIAL, key ^ 0x5c 0x5c ..)
    /// ```
    fn new(key: &[u8; 32]) -> Self {
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
    fn mac(&self, prefix: &[u8], message: &[u8]) -> Mac {
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
        for (to, from) in first.iter_mut().zip(bytes(&self.0).as_flattened()) {
            *to = *from;
        }
        first
    }
}

impl Drop for Mac {
    fn drop(&mut self) {
        let Self(words) = self;
        words.zeroize();
    }
}

/// A device's own key D, ready for use (SPEC.md §4, KEY-1). Wiped when dropped; never printed.
///
/// It holds HMAC's two states, not D itself; either is as good as D to a thief.
pub struct DeviceKey(Keyed);

impl DeviceKey {
    /// D: what the root's HMAC of [`Serial::root_message`] gave, or what the factory stored in the device.
    #[must_use]
    pub fn new(d: &[u8; 32]) -> Self {
        scrubbed(|| Self(Keyed::new(d)))
    }

    /// As [`new`](Self::new), and wipes the caller's 32 bytes (DUTY-4).
    #[must_use]
    pub fn take(d: &mut [u8; 32]) -> Self {
        scrubbed(|| {
            let key = Self(Keyed::new(d));
            d.zeroize();
            key
        })
    }

    /// ```text
    /// F(t, m) = HMAC(K, "ORP1" || byte(t) || m)        K = D        (SPEC.md §4, KEY-2)
    /// ```
    #[expect(clippy::inline_always, reason = "as mac")]
    #[inline(always)]
    pub(crate) fn f(&self, t: Domain, m: &[u8]) -> Mac {
        let [o, r, p, one] = *PREFIX;
        self.0.mac(&[o, r, p, one, t as u8], m)
    }

    /// F of a message in two parts, of which the second may be long.
    pub(crate) fn f_of_two(&self, t: Domain, [a, b, c, d, e, f, g]: [u8; 7], rest: &[u8]) -> Mac {
        let [o, r, p, one] = *PREFIX;
        self.0.mac(&[o, r, p, one, t as u8, a, b, c, d, e, f, g], rest)
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceKey(..)")
    }
}

/// A root key held in memory, for a factory or a backend that has no HSM (SPEC.md §4). Wiped when dropped; never printed.
pub struct RootKey(Keyed);

impl RootKey {
    /// R\[epoch\]: 32 uniform bytes, used for nothing else (DUTY-1).
    #[must_use]
    pub fn new(r: &[u8; 32]) -> Self {
        scrubbed(|| Self(Keyed::new(r)))
    }

    /// D of one device, to be stored in it by the factory: the 32 bytes are the caller's to wipe.
    ///
    /// ```text
    /// D = HMAC(R[epoch], root_message(serial))        (SPEC.md §4, KEY-1)
    /// ```
    #[must_use]
    pub fn derive(&self, serial: &Serial) -> [u8; 32] {
        scrubbed(|| self.0.mac(&[], serial.root_message().as_bytes()).bytes())
    }

    /// D of one device, ready for use.
    #[must_use]
    pub fn device_key(&self, serial: &Serial) -> DeviceKey {
        scrubbed(|| DeviceKey(Keyed::new(&self.0.mac(&[], serial.root_message().as_bytes()).bytes())))
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey(..)")
    }
}
