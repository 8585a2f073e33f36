//! What a pointer from C has to be before it is used: not NULL, aligned, apart from what is written, and of a struct that was set up.

use core::ffi::c_char;
use core::mem::MaybeUninit;
use zeroize::Zeroize;

use crate::status::orp_status::{
    self, ORP_MISALIGNED, ORP_MOVED, ORP_NOT_SET_UP, ORP_NULL, ORP_OK, ORP_OVERLAP, ORP_SHORT_BUFFER, ORP_UTF8,
};
use crate::status::{Refusal, with};

/// The result of a function.
pub(crate) type Outcome = Result<orp_status, Refusal>;

/// Ends a function.
pub(crate) fn outcome(work: impl FnOnce() -> Outcome) -> orp_status {
    work().unwrap_or_else(|refusal| refusal.status)
}

/// Ends a function whose result is a secret.
pub(crate) fn outcome_wiped(work: impl FnOnce() -> Outcome) -> orp_status {
    wiped(|| outcome(work))
}

/// The crate writes zeros over the stack below each of its operations; a secret that these return passes through frames here, and so
/// there are zeros over those as well (SPEC.md section 14, SEC-2).
pub(crate) fn wiped<R>(work: impl FnOnce() -> R) -> R {
    let result = in_own_frame(work);
    scrub();
    result
}

#[inline(never)]
fn in_own_frame<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[inline(never)]
fn scrub() {
    core::hint::black_box(&mut [0u8; 3072]); // more than any of them uses, as capi/tests/wiped.c sees
}

/// The same before: a result that is written as a whole, whatever of it is in use, carries nothing from the stack.
pub(crate) fn on_zeros<R>(work: impl FnOnce() -> R) -> R {
    scrub();
    in_own_frame(work)
}

/// A copy, which nobody changes while it is looked at twice.
///
/// # Safety
/// `pointer` is checked as [`input`].
pub(crate) unsafe fn copied<T: Copy>(pointer: *const T) -> T {
    // SAFETY: as above
    core::hint::black_box(unsafe { pointer.read() })
}

/// Of the group that means that nothing was done.
pub(crate) fn is_callers(status: orp_status) -> bool {
    (400..500).contains(&(status as i32))
}

/// Ends a function that has a `detail`: written unless the caller was at fault.
///
/// # Safety
/// `work` checks `detail`, as [`optional`], and gives a status of the caller's group if it is not usable.
pub(crate) unsafe fn outcome_with(detail: *mut u32, work: impl FnOnce() -> Outcome) -> orp_status {
    let (status, value) = match work() {
        Ok(status) => (status, 0),
        Err(refusal) => (refusal.status, refusal.detail),
    };
    if !detail.is_null() && !is_callers(status) {
        // SAFETY: not null, and `work` has checked it: another status would have come
        unsafe { detail.write(value) };
    }
    status
}

/// The memory of one argument.
#[derive(Clone, Copy)]
pub(crate) struct Region {
    at: usize,
    size: usize,
    align: usize,
    written: bool,
    may_be_null: bool,
}

/// A `T` that is read.
pub(crate) fn input<T>(pointer: *const T) -> Region {
    Region { at: pointer.addr(), size: size_of::<T>(), align: align_of::<T>(), written: false, may_be_null: false }
}

/// A `T` that is written, or read and written.
pub(crate) fn output<T>(pointer: *mut T) -> Region {
    Region { written: true, ..input(pointer) }
}

/// As this one, or NULL.
pub(crate) fn optional(region: Region) -> Region {
    Region { may_be_null: true, ..region }
}

/// `len` bytes that are read; NULL if there are none.
pub(crate) fn text(pointer: *const c_char, len: usize) -> Region {
    Region { size: len, may_be_null: len == 0, ..input(pointer) }
}

/// `cap` bytes that are written; NULL if there are none.
pub(crate) fn buffer<T>(pointer: *mut T, cap: usize) -> Region {
    Region { size: cap, may_be_null: cap == 0, ..output(pointer) }
}

impl Region {
    fn meets(&self, other: &Self) -> bool {
        let present = self.at != 0 && other.at != 0 && self.size != 0 && other.size != 0;
        present && self.at < other.at.saturating_add(other.size) && other.at < self.at.saturating_add(self.size)
    }
}

/// What the header's rules say of every pointer of a call.
pub(crate) fn check<const N: usize>(regions: [Region; N]) -> Result<(), Refusal> {
    if regions.iter().any(|region| region.at == 0 && !region.may_be_null) {
        return Err(ORP_NULL.into());
    }
    if regions.iter().any(|region| region.at & (region.align - 1) != 0) {
        return Err(ORP_MISALIGNED.into());
    }
    let apart = |i: usize, a: &Region| regions.iter().skip(i + 1).all(|b| !(a.written || b.written) || !a.meets(b));
    if regions.iter().enumerate().all(|(i, a)| apart(i, a)) { Ok(()) } else { Err(ORP_OVERLAP.into()) }
}

/// The bytes of a text that is at most `limit` long; `None` of a longer one, which is not looked at.
///
/// # Safety
/// Checked as [`text`]; the bytes stay as they are during the call.
pub(crate) unsafe fn bytes<'a>(pointer: *const c_char, len: usize, limit: usize) -> Option<&'a [u8]> {
    if len > limit {
        return None;
    }
    if pointer.is_null() {
        return Some(&[]);
    }
    // SAFETY: not null, `len` bytes by the caller's promise, far below isize::MAX
    Some(unsafe { core::slice::from_raw_parts(pointer.cast(), len) })
}

pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, Refusal> {
    core::str::from_utf8(bytes).map_err(|error| with(ORP_UTF8, error.valid_up_to() as u64))
}

/// Where a text or bytes of variable length go.
pub(crate) struct Output<'a> {
    buffer: &'a mut [MaybeUninit<u8>],
    len: &'a mut MaybeUninit<usize>,
}

/// # Safety
/// Checked as [`buffer`] and [`output`].
pub(crate) unsafe fn to<'a, T>(pointer: *mut T, cap: usize, len: *mut usize) -> Output<'a> {
    let cap = if pointer.is_null() { 0 } else { cap.min(isize::MAX as usize) };
    let pointer = if pointer.is_null() { core::ptr::NonNull::dangling().as_ptr() } else { pointer.cast() };
    // SAFETY: `cap` bytes by the caller's promise, or none; `len` is not null and aligned
    unsafe { Output { buffer: core::slice::from_raw_parts_mut(pointer, cap), len: &mut *len.cast() } }
}

impl Output<'_> {
    /// The text and a NUL, or nothing. The length does not count the NUL.
    pub(crate) fn text(self, text: &str) -> Result<(), Refusal> {
        self.put(text.as_bytes(), &[0])
    }

    pub(crate) fn bytes(self, bytes: &[u8]) -> Result<(), Refusal> {
        self.put(bytes, &[])
    }

    fn put(self, bytes: &[u8], end: &[u8]) -> Result<(), Refusal> {
        self.len.write(bytes.len());
        let place = self.buffer.get_mut(..bytes.len() + end.len()).ok_or(ORP_SHORT_BUFFER)?;
        for (to, &from) in place.iter_mut().zip(bytes.iter().chain(end)) {
            to.write(from);
        }
        Ok(())
    }
}

/// A text in an array of its own, NUL and zeros after it.
pub(crate) fn chars<const N: usize>(text: &str) -> [c_char; N] {
    let mut chars = [0; N];
    for (to, from) in chars.iter_mut().take(N - 1).zip(text.bytes()) {
        *to = from.cast_signed() as c_char;
    }
    chars
}

/// A struct of C's whose content is ours.
pub(crate) trait Opaque: Sized {
    /// What it holds.
    type Held;

    /// Says that it was set up.
    const MAGIC: u32;

    /// Whether it knows its own address, so that a copy of it is none: for what grants something, or is a secret.
    const STAYS: bool;

    /// Whether C reserves enough for it.
    const FITS: bool = size_of::<Place<Self::Held>>() <= size_of::<Self>()
        && align_of::<Place<Self::Held>>() <= align_of::<Self>()
        && align_of::<Self>() <= crate::version::ORP_ALIGN;
}

/// What lies in an opaque struct.
#[repr(C)]
struct Place<T> {
    magic: u32,
    at: usize,
    held: T,
}

/// # Safety
/// `this` is checked as [`input`], and the struct is not written by anybody else during the call.
unsafe fn ready<O: Opaque>(this: *const O) -> Result<*const O::Held, Refusal> {
    let place = this.cast::<Place<O::Held>>();
    // SAFETY: not null, aligned and large enough, by `check` and `FITS`; any bits are a u32 and a usize
    let (magic, at) = unsafe { ((&raw const (*place).magic).read_volatile(), (&raw const (*place).at).read_volatile()) };
    if magic != O::MAGIC {
        return Err(ORP_NOT_SET_UP.into());
    }
    if O::STAYS && at != this.addr() {
        return Err(ORP_MOVED.into());
    }
    // SAFETY: within the same struct
    Ok(unsafe { &raw const (*place).held })
}

/// What a struct holds that was set up here.
///
/// # Safety
/// As [`ready`]. That the content was not forged behind the magic word is the caller's promise.
pub(crate) unsafe fn held<'a, O: Opaque>(this: *const O) -> Result<&'a O::Held, Refusal> {
    // SAFETY: set up, and so initialised by `set_up`
    unsafe { Ok(&*ready(this)?) }
}

/// The same, to be changed.
///
/// # Safety
/// `this` is checked as [`output`], and as for [`held`].
pub(crate) unsafe fn held_mut<'a, O: Opaque>(this: *mut O) -> Result<&'a mut O::Held, Refusal> {
    // SAFETY: set up, and so initialised by `set_up`; nobody else has it, by `check` and the caller's promise
    unsafe { Ok(&mut *ready(this)?.cast_mut()) }
}

/// Sets a struct up: `fill` initialises what it holds, in place, so that no copy of a key is left behind.
///
/// # Safety
/// `this` is checked as [`output`]; `fill` initialises all of what it is given.
pub(crate) unsafe fn set_up<O: Opaque>(this: *mut O, fill: impl FnOnce(*mut O::Held)) {
    let place = this.cast::<Place<O::Held>>();
    // SAFETY: not null, aligned and large enough, by `check` and `FITS`; the magic word comes last
    unsafe {
        wipe(this);
        fill(&raw mut (*place).held);
        (&raw mut (*place).at).write(this.addr());
        (&raw mut (*place).magic).write(O::MAGIC);
    }
}

/// Zeros, whatever it holds: nothing in it owns anything else.
///
/// # Safety
/// `this` is checked as [`output`].
pub(crate) unsafe fn wipe<O: Opaque>(this: *mut O) -> orp_status {
    // SAFETY: the struct's own bytes, by `check`; uninitialised ones are allowed
    unsafe { core::slice::from_raw_parts_mut(this.cast::<MaybeUninit<u8>>(), size_of::<O>()) }.zeroize();
    ORP_OK
}
