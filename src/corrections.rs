//! What a mistyped challenge could have been: proposals for a person to confirm (SPEC.md §7). Vendor side; uses about 10 KiB of stack.

mod search;

use core::fmt;

use crate::bytes::fill;
use crate::challenge::{ChallengeText, MAX_CHALLENGE_INPUT, MAX_CHARS, SYMBOLS, TypedChallenge};
use crate::error::{CorrectionsError, ReadError};
use crate::symbols::{is_letter_or_digit, normalise};

use search::{Places, Proposals};

/// The most candidates that are proposed; beyond that the challenge is asked for again.
pub const MAX_CANDIDATES: usize = 4;

/// The most unreadable characters (`?`) that are filled in.
pub const MAX_UNREADABLE: usize = 4;

/// A challenge that the sender may have meant. Nobody has said so yet: it cannot be verified or answered (SPEC.md §7, COR-2).
///
/// ```compile_fail,E0599
/// # fn desk(candidate: offline_reset::Candidate, key: &offline_reset::DeviceKey) {
/// candidate.verify(key);
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Candidate(TypedChallenge);

impl Candidate {
    /// The candidate as the device would have written it: read it back to the sender.
    #[must_use]
    pub fn text(&self) -> ChallengeText {
        self.0.text()
    }

    /// Whose it would be: to hold against the customer's file.
    #[must_use]
    pub const fn serial(&self) -> &crate::serial::Serial {
        self.0.claimed().serial()
    }

    /// A person has compared it with the sender's screen and it is the same (SPEC.md §7, COR-2).
    #[must_use]
    pub const fn confirmed_by_a_person(self) -> TypedChallenge {
        self.0
    }
}

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Candidate").field(&self.text()).finish()
    }
}

/// The candidates, in the order of their texts; at most [`MAX_CANDIDATES`].
#[must_use = "a person has to choose"]
#[derive(Clone, Debug)]
pub struct Corrections {
    found: [Option<Candidate>; MAX_CANDIDATES],
    next: usize,
}

impl Iterator for Corrections {
    type Item = Candidate;

    fn next(&mut self) -> Option<Candidate> {
        let candidate = self.found.get(self.next).copied().flatten()?;
        self.next += 1;
        Some(candidate)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.found.iter().skip(self.next).flatten().count();
        (left, Some(left))
    }
}

impl ExactSizeIterator for Corrections {}

impl core::iter::FusedIterator for Corrections {}

/// Proposes what a challenge that cannot be read might have been: up to two wrong characters, two exchanged, one lost, one too
/// many, or up to four unreadable ones, written `?`. A text that can be read has no corrections.
///
/// Uses about 10 KiB of stack, and no more than a few milliseconds.
///
/// ```text
/// n = len(s)                                                             (SPEC.md §7, COR-1)
/// marks = [i for i in range(n) if s[i] not in 'A'..'Z', '0'..'9' or (s[i] == 'U' and i >= n - 20)]
/// if len(marks) > 4: error unreadable(len(marks))
/// only_u = every mark is a 'U'
/// if n < 20 or n > 41 or (not only_u and (n < 21 or n > 40)): error length(n)
/// if 21 <= n <= 40:
///     if marks is not empty: for every way to put a character of its place at each mark: consider
///     else: for every way to put another character of its place at one place or at two: consider
/// if only_u:
///     if n + 1 <= 40:   for every way to insert one of 'A'..'Z', '0'..'9' anywhere: consider
///     if n - 1 >= 21:   for every way to take one character out: consider
/// if len(found) > 4: error ambiguous
/// return found, in ascending order of the canonical text's bytes
/// ```
///
/// # Errors
/// Those of SPEC.md §7.
pub fn corrections(text: &str) -> Result<Corrections, CorrectionsError> {
    let mut chars = [0; MAX_CHARS + 1];
    let mut found = 0;
    let typed = normalise(text, MAX_CHALLENGE_INPUT)?;
    let mut outside = 0; // characters of no alphabet, wherever they stand
    for (ch, _) in typed {
        outside += usize::from(!is_letter_or_digit(ch));
        if let Some(to) = chars.get_mut(found) {
            *to = ch;
        }
        found += 1;
    }
    let mut proposals = Proposals::default();
    match TypedChallenge::read(text) {
        Ok(_) => return Ok(proposals.sorted()),
        Err(ReadError::Empty) => return Err(CorrectionsError::Empty),
        Err(_) => {}
    }
    let Some(chars) = chars.get(..found) else {
        let marks = outside + unreadable_symbols(text, found); // 'U' among the last 20 as well
        return Err(if marks > MAX_UNREADABLE {
            CorrectionsError::Unreadable { found: marks }
        } else {
            CorrectionsError::Length { found }
        });
    };
    let mut filled = [0; MAX_CHARS + 1];
    let Some(filled) = filled.get_mut(..found) else { return Err(CorrectionsError::Length { found }) };
    fill(filled, chars);
    let marks = Places::new(filled);
    let only_u = outside == 0;
    let readable = (SYMBOLS + 1..=MAX_CHARS).contains(&found);
    if marks.count > MAX_UNREADABLE {
        return Err(CorrectionsError::Unreadable { found: marks.count });
    }
    if !(SYMBOLS..=MAX_CHARS + 1).contains(&found) || (!only_u && !readable) {
        return Err(CorrectionsError::Length { found });
    }
    if readable {
        if marks.count > 0 {
            proposals.unreadable(filled, &marks);
        } else {
            proposals.one_or_two_wrong(chars);
        }
    }
    if only_u && found < MAX_CHARS {
        proposals.one_lost(chars);
    }
    if only_u && found > SYMBOLS + 1 {
        proposals.one_too_many(chars);
    }
    if proposals.too_many { Err(CorrectionsError::Ambiguous) } else { Ok(proposals.sorted()) }
}

/// How many U stand among the last 20 of a text too long to be kept.
fn unreadable_symbols(text: &str, found: usize) -> usize {
    let typed = normalise(text, MAX_CHALLENGE_INPUT).into_iter().flatten();
    typed.skip(found.saturating_sub(SYMBOLS)).filter(|&(ch, _)| ch == b'U').count()
}
