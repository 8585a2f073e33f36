//! What a mistyped challenge could have been: proposals for a person to confirm (SPEC.md §7). Vendor side; uses about 10 KiB of stack.

use core::fmt;

use crate::challenge::{ChallengeText, MAX_CHALLENGE_INPUT, MAX_CHARS, SYMBOLS, TypedChallenge, forgiven};
use crate::error::{CorrectionsError, ReadError};
use crate::symbols::{ALPHABET, Polymod, VALID, is_letter_or_digit, normalise, value};

/// The most candidates that are proposed; beyond that the challenge is asked for again.
pub const MAX_CANDIDATES: usize = 4;

/// The most unreadable characters (`?`) that are filled in.
pub const MAX_UNREADABLE: usize = 4;

const SERIAL_ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

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
    pub const fn serial(&self) -> &crate::Serial {
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
/// n = len(s); marks = [what cannot stand in its place: '?', a U among the last 20]        (SPEC.md §7, COR-1)
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
    filled.iter_mut().zip(chars).for_each(|(to, &from)| *to = from);
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

/// Which characters a place can have: Crockford's among the last 20, a serial's before them.
fn alphabet(place: usize, of: usize) -> &'static [u8] {
    if place + SYMBOLS < of { SERIAL_ALPHABET } else { ALPHABET }
}

/// The remainder that a change of one character adds to the whole: the code is linear.
fn difference(place: usize, of: usize, from: u8, to: u8) -> u32 {
    let mut p = Polymod::of_difference();
    let serial = of.saturating_sub(SYMBOLS);
    if place < serial {
        p.push((from ^ to) >> 5);
        p.push((from ^ to) & 31);
        (place + 1..serial).for_each(|_| p.push_serial(0));
    } else {
        p.push(value(from).unwrap_or_default() ^ value(to).unwrap_or_default());
    }
    (place.max(serial.saturating_sub(1)) + 1..of).for_each(|_| p.push(0));
    p.remainder()
}

/// The places of a text that hold a character which cannot stand there.
struct Places {
    at: [usize; MAX_UNREADABLE],
    count: usize,
}

impl Places {
    /// Notes them, and puts `0` in their place.
    fn new(chars: &mut [u8]) -> Self {
        let of = chars.len();
        let mut places = Self { at: [0; MAX_UNREADABLE], count: 0 };
        for (i, ch) in chars.iter_mut().enumerate() {
            if !is_letter_or_digit(*ch) || (*ch == b'U' && i + SYMBOLS >= of) {
                *ch = b'0';
                if let Some(at) = places.at.get_mut(places.count) {
                    *at = i;
                }
                places.count += 1;
            }
        }
        places
    }

    /// Those noted, at most four.
    fn places(&self) -> impl Iterator<Item = &usize> {
        self.at.iter().take(self.count)
    }
}

/// The remainder that has to be made good, with the last 20 in their canonical form.
fn remainder(chars: &[u8]) -> u32 {
    let mut p = Polymod::new();
    for (i, &ch) in chars.iter().enumerate() {
        if i + SYMBOLS < chars.len() { p.push_serial(ch) } else { p.push(value(forgiven(ch)).unwrap_or_default()) }
    }
    p.remainder() ^ VALID
}

#[derive(Default)]
struct Proposals {
    found: [Option<Candidate>; MAX_CANDIDATES],
    too_many: bool,
}

/// Every way for one character to be wrong, at the longest text.
const SINGLES: usize = 20 * 31 + 20 * 35;

impl Proposals {
    /// ```text
    /// consider(chars): if read_challenge(chars) succeeds: found.add(write_challenge of what it read)
    /// ```
    fn consider(&mut self, chars: &[u8]) {
        let Ok(read) = TypedChallenge::read_chars(chars) else { return };
        for place in &mut self.found {
            match place {
                Some(known) if known.0 == read => return,
                Some(_) => {}
                None => {
                    *place = Some(Candidate(read));
                    return;
                }
            }
        }
        self.too_many = true;
    }

    /// `consider` with some places changed, and changed back.
    fn consider_with<const N: usize>(&mut self, chars: &[u8], changes: [(usize, u8); N]) {
        let mut buffer = [0; MAX_CHARS];
        let Some(copy) = buffer.get_mut(..chars.len()) else { return };
        copy.iter_mut().zip(chars).for_each(|(to, &from)| *to = from);
        for (place, ch) in changes {
            if let Some(to) = copy.get_mut(place) {
                *to = ch;
            }
        }
        self.consider(copy);
    }

    /// A pair of changes whose differences add up to the remainder is looked for among all pairs: fewer than 900,000 comparisons.
    fn one_or_two_wrong(&mut self, chars: &[u8]) {
        let of = chars.len();
        let wanted = remainder(chars);
        let mut differences = [0u32; SINGLES];
        let mut changes = [(0u8, 0u8); SINGLES];
        let mut count = 0;
        for (place, &ch) in chars.iter().enumerate() {
            let from = if place + SYMBOLS < of { ch } else { forgiven(ch) };
            for &to in alphabet(place, of).iter().filter(|&&to| to != from) {
                if let (Some(d), Some(c)) = (differences.get_mut(count), changes.get_mut(count)) {
                    *d = difference(place, of, from, to);
                    *c = (place as u8, to);
                    count += 1;
                }
            }
        }
        let differences = differences.get(..count).unwrap_or_default();
        for (i, (&d, &(place, to))) in differences.iter().zip(&changes).enumerate() {
            let change = (usize::from(place), to);
            if d == wanted {
                self.consider_with(chars, [change]);
            }
            let rest = differences.get(i + 1..).unwrap_or_default();
            // counted rather than searched for: without an early exit it runs several comparisons at once
            if rest.iter().filter(|&&other| other == d ^ wanted).count() > 0 {
                for (&other, &(other_place, other_to)) in rest.iter().zip(changes.iter().skip(i + 1)) {
                    if other == d ^ wanted && other_place != place {
                        self.consider_with(chars, [change, (usize::from(other_place), other_to)]);
                    }
                }
            }
        }
    }

    fn one_lost(&mut self, chars: &[u8]) {
        for place in 0..=chars.len() {
            let mut longer = [0; MAX_CHARS];
            let (Some(longer), Some((before, after))) = (longer.get_mut(..=chars.len()), chars.split_at_checked(place)) else {
                return;
            };
            for &ch in SERIAL_ALPHABET {
                let with = before.iter().chain(core::iter::once(&ch)).chain(after);
                longer.iter_mut().zip(with).for_each(|(to, &from)| *to = from);
                self.consider(longer);
            }
        }
    }

    fn one_too_many(&mut self, chars: &[u8]) {
        for place in 0..chars.len() {
            let mut shorter = [0; MAX_CHARS];
            let Some(shorter) = shorter.get_mut(..chars.len() - 1) else { return };
            let without = chars.iter().enumerate().filter(|&(i, _)| i != place);
            shorter.iter_mut().zip(without).for_each(|(to, (_, &from))| *to = from);
            self.consider(shorter);
        }
    }

    /// At most 36^4 fillings, each a few exclusive-ors.
    fn unreadable(&mut self, chars: &[u8], marks: &Places) {
        let of = chars.len();
        let wanted = remainder(chars);
        let mut differences = [[0u32; SERIAL_ALPHABET.len()]; MAX_UNREADABLE];
        let mut choices = [1; MAX_UNREADABLE]; // a mark that is not there has one filling, which changes nothing
        for ((&place, choices), differences) in marks.places().zip(&mut choices).zip(&mut differences) {
            let letters = alphabet(place, of);
            *choices = letters.len();
            for (d, &to) in differences.iter_mut().zip(letters) {
                *d = difference(place, of, b'0', to);
            }
        }
        let [first, second, third, fourth] = &differences;
        for (a, &da) in first.iter().enumerate().take(choices[0]) {
            for (b, &db) in second.iter().enumerate().take(choices[1]) {
                for (c, &dc) in third.iter().enumerate().take(choices[2]) {
                    for (d, &dd) in fourth.iter().enumerate().take(choices[3]) {
                        if da ^ db ^ dc ^ dd == wanted {
                            let mut changes = [(MAX_CHARS, 0); MAX_UNREADABLE]; // no such place
                            for ((&place, choice), change) in marks.places().zip([a, b, c, d]).zip(&mut changes) {
                                *change = (place, alphabet(place, of).get(choice).copied().unwrap_or_default());
                            }
                            self.consider_with(chars, changes);
                        }
                    }
                }
            }
        }
    }

    fn sorted(mut self) -> Corrections {
        // texts compare as their bytes do; the empty places stay last
        self.found.sort_unstable_by(|a, b| match (a, b) {
            (Some(a), Some(b)) => a.text().as_str().cmp(b.text().as_str()),
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
        Corrections { found: self.found, next: 0 }
    }
}
