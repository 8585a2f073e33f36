//! The search: what one or two wrong characters, one lost, one too many or some unreadable ones could have been (SPEC.md §7).

use crate::bytes::fill;
use crate::challenge::{MAX_CHARS, SYMBOLS, TypedChallenge, forgiven};
use crate::corrections::{Candidate, Corrections, MAX_CANDIDATES, MAX_UNREADABLE};
use crate::symbols::{ALPHABET, Polymod, VALID, is_letter_or_digit, value};

const SERIAL_ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

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
pub(super) struct Places {
    at: [usize; MAX_UNREADABLE],
    pub(super) count: usize,
}

impl Places {
    /// Notes them, and puts `0` in their place.
    pub(super) fn new(chars: &mut [u8]) -> Self {
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
pub(super) struct Proposals {
    found: [Option<Candidate>; MAX_CANDIDATES],
    pub(super) too_many: bool,
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
        fill(copy, chars);
        for (place, ch) in changes {
            if let Some(to) = copy.get_mut(place) {
                *to = ch;
            }
        }
        self.consider(copy);
    }

    /// A pair of changes whose differences add up to the remainder is looked for among all pairs: fewer than 900,000 comparisons.
    pub(super) fn one_or_two_wrong(&mut self, chars: &[u8]) {
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

    pub(super) fn one_lost(&mut self, chars: &[u8]) {
        for place in 0..=chars.len() {
            let mut longer = [0; MAX_CHARS];
            let (Some(longer), Some((before, after))) = (longer.get_mut(..=chars.len()), chars.split_at_checked(place)) else {
                return;
            };
            for &ch in SERIAL_ALPHABET {
                fill(longer, before.iter().chain(core::iter::once(&ch)).chain(after));
                self.consider(longer);
            }
        }
    }

    pub(super) fn one_too_many(&mut self, chars: &[u8]) {
        for place in 0..chars.len() {
            let mut shorter = [0; MAX_CHARS];
            let Some(shorter) = shorter.get_mut(..chars.len() - 1) else { return };
            fill(shorter, chars.iter().enumerate().filter(|&(i, _)| i != place).map(|(_, ch)| ch));
            self.consider(shorter);
        }
    }

    /// At most 36^4 fillings, each a few exclusive-ors.
    pub(super) fn unreadable(&mut self, chars: &[u8], marks: &Places) {
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

    pub(super) fn sorted(mut self) -> Corrections {
        // texts compare as their bytes do; the empty places stay last
        self.found.sort_unstable_by(|a, b| match (a, b) {
            (Some(a), Some(b)) => a.text().as_str().cmp(b.text().as_str()),
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
        Corrections { found: self.found, next: 0 }
    }
}
