//! Reading what a person sent (SPEC.md sections 6.3, 7 and 11).

use core::ffi::c_char;
use core::mem::MaybeUninit;

use offline_reset::{MAX_CHALLENGE_INPUT, MAX_QR_INPUT, QrChallenge, Received, TypedChallenge, corrections, spell};

use crate::memory::{
    Outcome, buffer, bytes, chars, check, held, input, on_zeros, optional, outcome, outcome_with, output, set_up, text, to, utf8, wipe,
};
use crate::status::orp_status::{self, ORP_ARGUMENT, ORP_OK, ORP_TOO_LONG, ORP_WRONG_KIND};
use crate::status::{Refusal, with};
use crate::types::{language, orp_challenge, orp_corrections, orp_received};
use crate::version::{ORP_CHALLENGE_SIZE, ORP_MAX_CORRECTIONS, ORP_WORD_SIZE};

/// ==== Vendor side: reading ====
///
/// Reads what a person sent: the text of a QR if it begins as one, and a typed challenge otherwise. `challenge` (or NULL) is what
/// it claims: whose it is, for whoever decides, and the epoch of the root. It is not believed before orp_verify. What cannot be read, here
/// and below, leaves `received` not set up.
///
/// ORP_OK, and the errors of the two that follow, with `detail`, which may be NULL. SPEC.md sections 6.3 and 11.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_read(
    sent: *const c_char,
    sent_len: usize,
    received: *mut orp_received,
    challenge: *mut orp_challenge,
    detail: *mut u32,
) -> orp_status {
    let read = |text: &str| Ok(Received::read(text)?);
    // SAFETY: as the header says
    unsafe { read_with(sent, sent_len, MAX_QR_INPUT, received, challenge, detail, read) }
}

/// Reads a typed challenge, forgiving case, spaces, dashes, full-width forms, and O, I and L in the last 20.
///
/// ORP_OK; ORP_ALPHABET, ORP_LENGTH, ORP_CHECK: orp_correct may propose what was meant. ORP_EMPTY, ORP_TOO_LONG, ORP_WRONG_KIND,
/// ORP_VERSION, ORP_PURPOSE, ORP_UTF8. SPEC.md section 6.3.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_read_typed(
    sent: *const c_char,
    sent_len: usize,
    received: *mut orp_received,
    challenge: *mut orp_challenge,
    detail: *mut u32,
) -> orp_status {
    let read = |text: &str| Ok(Received::Typed(TypedChallenge::read(text)?));
    // SAFETY: as the header says
    unsafe { read_with(sent, sent_len, MAX_CHALLENGE_INPUT, received, challenge, detail, read) }
}

/// Reads the text of a QR code, of either rendering.
///
/// ORP_OK; ORP_EMPTY, ORP_TOO_LONG, ORP_UNKNOWN_VERSION, ORP_ALPHABET, ORP_LENGTH, ORP_PADDING, ORP_VERSION, ORP_RESERVED_BITS,
/// ORP_PURPOSE, ORP_SERIAL, ORP_UTF8. SPEC.md section 11.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_read_qr(
    sent: *const c_char,
    sent_len: usize,
    received: *mut orp_received,
    challenge: *mut orp_challenge,
    detail: *mut u32,
) -> orp_status {
    let read = |text: &str| Ok(Received::Qr(QrChallenge::read(text)?));
    // SAFETY: as the header says
    unsafe { read_with(sent, sent_len, MAX_QR_INPUT, received, challenge, detail, read) }
}

/// # Safety
/// The pointers are as the header says.
unsafe fn read_with(
    sent: *const c_char,
    sent_len: usize,
    limit: usize,
    received: *mut orp_received,
    challenge: *mut orp_challenge,
    detail: *mut u32,
    read: impl FnOnce(&str) -> Result<Received, Refusal>,
) -> orp_status {
    let work = || {
        check([text(sent, sent_len), output(received), optional(output(challenge)), optional(output(detail))])?;
        // SAFETY: all checked
        let (sent, place) = unsafe { (bytes(sent, sent_len, limit), challenge.cast::<MaybeUninit<orp_challenge>>().as_mut()) };
        // SAFETY: checked
        unsafe { wipe(received) };
        let read = read(utf8(sent.ok_or(with(ORP_TOO_LONG, limit as u64))?)?)?;
        if let Some(place) = place {
            place.write(read.claimed().into());
        }
        // SAFETY: checked, and filled
        unsafe { set_up(received, |place| place.write(read)) };
        Ok(ORP_OK)
    };
    // SAFETY: `work` checks detail
    unsafe { outcome_with(detail, || on_zeros(work)) }
}

/// A typed challenge as the device wrote it, whatever was typed.
///
/// At most ORP_CHALLENGE_SIZE bytes are written to `text`. ORP_OK; ORP_SHORT_BUFFER; ORP_WRONG_KIND for a QR's. SPEC.md section 6.2.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_canonical(received: *const orp_received, text: *mut c_char, cap: usize, len: *mut usize) -> orp_status {
    outcome(|| {
        check([input(received), buffer(text, cap), output(len)])?;
        // SAFETY: all checked
        let (received, place) = unsafe { (held(received)?, to(text, cap, len)) };
        let Received::Typed(typed) = received else { return Err(ORP_WRONG_KIND.into()) };
        place.text(typed.text().as_str())?;
        Ok(ORP_OK)
    })
}

/// Proposes what a mistyped challenge could have been: for a person to compare with the sender's screen, never to be answered unasked.
/// A character that cannot be read is written ?. Uses about 10 KiB of stack.
///
/// ORP_OK: `found`, perhaps none. ORP_EMPTY, ORP_TOO_LONG, ORP_LENGTH, ORP_UNREADABLE, ORP_AMBIGUOUS, ORP_UTF8, with `detail`,
/// which may be NULL. SPEC.md section 7.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_correct(sent: *const c_char, sent_len: usize, found: *mut orp_corrections, detail: *mut u32) -> orp_status {
    let work = || {
        check([text(sent, sent_len), output(found), optional(output(detail))])?;
        // SAFETY: all checked
        let (sent, place) = unsafe { (bytes(sent, sent_len, MAX_CHALLENGE_INPUT), &mut *found.cast::<MaybeUninit<orp_corrections>>()) };
        let sent = utf8(sent.ok_or(with(ORP_TOO_LONG, MAX_CHALLENGE_INPUT as u64))?)?;
        let mut found = orp_corrections { count: 0, text: [[0; ORP_CHALLENGE_SIZE]; ORP_MAX_CORRECTIONS] };
        for (to, candidate) in found.text.iter_mut().zip(corrections(sent)?) {
            *to = chars(candidate.text().as_str());
            found.count += 1;
        }
        place.write(found);
        Ok(ORP_OK)
    };
    // SAFETY: `work` checks detail
    unsafe { outcome_with(detail, work) }
}

/// The word for a letter or digit, for reading aloud, in UTF-8 with a NUL.
///
/// ORP_OK: `word`. ORP_ARGUMENT: another character, or no language. SPEC.md section 20.
/// cbindgen:ptrs-as-arrays=[[word; ORP_WORD_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_spell(character: c_char, language: i32, word: *mut c_char) -> orp_status {
    outcome(|| -> Outcome {
        let word = word.cast::<[c_char; ORP_WORD_SIZE]>();
        check([output(word)])?;
        // SAFETY: checked
        let place = unsafe { &mut *word.cast::<MaybeUninit<[c_char; ORP_WORD_SIZE]>>() };
        let language = self::language(language)?;
        let character = char::from(u8::try_from(character).map_err(|_| ORP_ARGUMENT)?);
        place.write(chars(spell(character, language).ok_or(ORP_ARGUMENT)?));
        Ok(ORP_OK)
    })
}
