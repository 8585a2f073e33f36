//! Corrections (SPEC.md §7).

use arbitrary::Arbitrary;
use offline_reset::{Challenge, CorrectionsError, MAX_CANDIDATES, TypedChallenge, corrections as propose, hazmat};

use crate::{AnyChallenge, KEY};

/// What was typed.
#[derive(Clone, Debug, Arbitrary)]
pub enum Typed<'a> {
    /// Anything.
    Text(&'a str),
    /// A challenge, with one slip of the hand.
    Slipped(AnyChallenge, Slip),
    /// A challenge, with several.
    Edited(AnyChallenge, Vec<Slip>),
}

/// A slip of the hand.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub enum Slip {
    /// Up to two characters are others.
    Wrong([(u8, u8); 2]),
    /// Two neighbours.
    Exchanged(u8),
    /// One is missing.
    Lost(u8),
    /// One is too many.
    Extra(u8, u8),
    /// Up to four cannot be read.
    Unreadable([u8; 4]),
}

impl Slip {
    fn on(self, text: &mut Vec<u8>) {
        const CHARACTERS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let character = |ch: u8| CHARACTERS[usize::from(ch) % CHARACTERS.len()];
        let place = |at: u8| usize::from(at) % text.len().max(1);
        match self {
            _ if text.is_empty() => {}
            Self::Wrong(places) => {
                for (at, ch) in places.map(|(at, ch)| (place(at), character(ch))) {
                    text[at] = ch;
                }
            }
            Self::Exchanged(at) => {
                let at = place(at);
                let next = (at + 1) % text.len();
                text.swap(at, next);
            }
            Self::Lost(at) => drop(text.remove(place(at))),
            Self::Extra(at, ch) => text.insert(place(at), character(ch)),
            Self::Unreadable(places) => {
                for at in places.map(place) {
                    text[at] = b'?';
                }
            }
        }
    }
}

impl Typed<'_> {
    /// The text, and what it was before one slip.
    #[must_use]
    pub fn text(&self) -> (String, Option<Challenge>) {
        let (challenge, slips, meant) = match self {
            Self::Text(text) => return ((*text).to_string(), None),
            Self::Slipped(challenge, slip) => (challenge.challenge(), std::slice::from_ref(slip), Some(challenge.challenge())),
            Self::Edited(challenge, slips) => (challenge.challenge(), slips.as_slice(), None),
        };
        let mut text = hazmat::write_challenge(&KEY, &challenge).as_str().replace('-', "").into_bytes();
        for slip in slips {
            slip.on(&mut text);
        }
        (String::from_utf8(text).expect("ASCII"), meant)
    }
}

/// Seconds that this thread has had of a processor, where the system says so: a busy machine makes nothing slow.
fn seconds() -> Option<f64> {
    let nanoseconds: f64 = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

/// # Panics
/// When a promise is broken.
pub fn corrections(typed: &Typed<'_>) {
    let (text, meant) = typed.text();
    let read = TypedChallenge::read(&text);
    let begun = seconds();
    let proposed = propose(&text);
    let took = seconds().zip(begun).map_or(0.0, |(end, begin)| end - begin);
    assert!(took < 0.5, "{took} s");
    match proposed {
        Ok(candidates) => {
            let texts: Vec<_> = candidates.clone().map(|candidate| candidate.text().as_str().to_string()).collect();
            assert!(texts.len() <= MAX_CANDIDATES);
            assert!(texts.is_sorted_by(|a, b| a < b), "in order, each once");
            assert!(read.is_err() || texts.is_empty(), "what reads has no corrections");
            for candidate in candidates {
                assert_eq!(TypedChallenge::read(candidate.text().as_str()), Ok(candidate.confirmed_by_a_person()));
            }
            let unreadable = text.chars().rev().take(20).any(|ch| ch == 'U'); // a mark, and the slip is another place
            if let (Some(meant), Err(_), false) = (meant, read, unreadable) {
                let meant = hazmat::write_challenge(&KEY, &meant);
                assert!(texts.iter().any(|text| text == meant.as_str()), "{meant} is one slip from {text}: {texts:?}");
            }
        }
        Err(CorrectionsError::Unreadable { found }) => assert!(found > 4),
        Err(CorrectionsError::Length { found }) => assert!(!(21..=40).contains(&found)),
        Err(_) => assert!(read.is_err()),
    }
}
