//! Bytes without a panic path. `copy_from_slice` and `[..n]` bring the code of a panic along wherever the compiler does not see the lengths,
//! and the core has none (`checks/code/panic-free-host`). What cannot happen does nothing here: what is too long is cut off, what is out of
//! range is empty.

use core::borrow::Borrow;

/// Copies, until either side ends.
#[expect(clippy::inline_always, reason = "what is copied may be secret, and is to pass through no other frame")]
#[inline(always)]
pub(crate) fn fill(to: &mut [u8], from: impl IntoIterator<Item: Borrow<u8>>) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from.borrow());
}

/// The first `len`.
pub(crate) fn front(bytes: &[u8], len: impl Into<usize>) -> &[u8] {
    bytes.get(..len.into()).unwrap_or_default()
}

/// As text: all that the crate stores as text is ASCII.
pub(crate) fn text(ascii: &[u8]) -> &str {
    core::str::from_utf8(ascii).unwrap_or_default()
}
