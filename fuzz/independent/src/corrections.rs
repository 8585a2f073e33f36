//! §7
//!
//! The check code is linear: a changed character changes `polymod` by an amount which depends on the place and on the old
//! and the new character alone. So every way is tried by XORs, and only what makes the check right is considered.

use crate::challenge::{ALPHABET, CONSTANT, is_alphanumeric, normalise, polymod, polymod_from, read_challenge, symbol};
use crate::error::{Error, error, error_of};
use std::collections::BTreeSet;

const ALPHANUMERIC: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// The characters of the place `i` of `n`.
fn characters(i: usize, n: usize) -> &'static [u8] {
    if i >= n - 20 { ALPHABET } else { ALPHANUMERIC }
}

/// The values of the character at the place `i` of `n`: two in the serial, one in the last 20.
fn values(ch: char, i: usize, n: usize) -> Vec<u8> {
    if i < n - 20 {
        vec![ch as u8 >> 5, ch as u8 & 31]
    } else {
        let ch = match ch {
            'O' => '0',
            'I' | 'L' => '1',
            _ => ch,
        };
        vec![symbol(ch).expect("no U here")]
    }
}

/// How many values stand after the place `i` of `n`.
fn values_after(i: usize, n: usize) -> usize {
    if i < n - 20 { 2 * (n - 20 - i - 1) + 20 } else { n - i - 1 }
}

/// What `polymod` changes by when the character at the place `i` changes from `old` to `new`.
fn change(i: usize, n: usize, old: char, new: char) -> u32 {
    let mut d: Vec<u8> = values(old, i, n).iter().zip(values(new, i, n)).map(|(a, b)| a ^ b).collect();
    d.resize(d.len() + values_after(i, n), 0);
    polymod_from(0, &d)
}

/// For every character of the place: the character, and the change.
fn changes(s: &[char], i: usize) -> Vec<(char, u32)> {
    characters(i, s.len()).iter().map(|&c| (char::from(c), change(i, s.len(), s[i], char::from(c)))).collect()
}

/// What the characters' polymod differs by from a right one.
fn difference(s: &[char]) -> u32 {
    let all: Vec<u8> = s.iter().enumerate().flat_map(|(i, &ch)| values(ch, i, s.len())).collect();
    polymod(&all) ^ CONSTANT
}

fn consider(chars: &[char], found: &mut BTreeSet<String>) {
    if let Ok(r) = read_challenge(&chars.iter().collect::<String>()) {
        found.insert(r.text());
    }
}

/// Puts every character of its place at each of `places`, the last ones innermost.
fn fill(s: &mut Vec<char>, places: &[(usize, Vec<(char, u32)>)], difference: u32, found: &mut BTreeSet<String>) {
    let Some(((i, row), rest)) = places.split_first() else { return };
    let before = s[*i];
    for &(ch, d) in row {
        if rest.is_empty() && difference ^ d != 0 {
            continue;
        }
        s[*i] = ch;
        if rest.is_empty() {
            consider(s, found);
        } else {
            fill(s, rest, difference ^ d, found);
        }
    }
    s[*i] = before;
}

pub fn corrections(text: &str) -> Result<Vec<String>, Error> {
    let s: Vec<char> = normalise(text, 256)?.into_iter().map(|(ch, _)| ch).collect();
    if s.is_empty() {
        return Err(error("empty"));
    }
    if read_challenge(text).is_ok() {
        return Ok(Vec::new());
    }
    let n = s.len();
    let marks: Vec<usize> = (0..n).filter(|&i| !is_alphanumeric(s[i]) || (s[i] == 'U' && i + 20 >= n)).collect();
    let mut found = BTreeSet::new();
    if marks.len() > 4 {
        return Err(error_of("unreadable", marks.len() as u64));
    }
    let only_u = marks.iter().all(|&i| s[i] == 'U');
    if !(20..=41).contains(&n) || (!only_u && !(21..=40).contains(&n)) {
        return Err(error_of("length", n as u64));
    }
    if (21..=40).contains(&n) {
        if !marks.is_empty() {
            let mut t = s.clone();
            for &i in &marks {
                t[i] = '0'; // any character of every place
            }
            let places: Vec<_> = marks.iter().map(|&i| (i, changes(&t, i))).collect();
            let d = difference(&t);
            fill(&mut t, &places, d, &mut found);
        } else {
            let d = difference(&s);
            let rows: Vec<_> = (0..n).map(|i| changes(&s, i)).collect();
            let mut t = s.clone();
            for i in 0..n {
                for &(a, da) in &rows[i] {
                    if da == 0 {
                        continue;
                    }
                    t[i] = a;
                    if da == d {
                        consider(&t, &mut found);
                    }
                    for j in i + 1..n {
                        for &(b, db) in &rows[j] {
                            if db != 0 && da ^ db == d {
                                t[j] = b;
                                consider(&t, &mut found);
                                t[j] = s[j];
                            }
                        }
                    }
                }
                t[i] = s[i];
            }
        }
    }
    if only_u {
        if n < 40 {
            for i in 0..=n {
                for &c in ALPHANUMERIC {
                    let mut t = s.clone();
                    t.insert(i, char::from(c));
                    consider(&t, &mut found);
                }
            }
        }
        if n > 21 {
            for i in 0..n {
                let mut t = s.clone();
                t.remove(i);
                consider(&t, &mut found);
            }
        }
    }
    if found.len() > 4 {
        return Err(error("ambiguous"));
    }
    Ok(found.into_iter().collect())
}
