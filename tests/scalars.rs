//! What readers do with each of the 1,112,064 characters of Unicode, where one of them comes into a text.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not as expected")]
#![allow(unreachable_pub, missing_docs, reason = "modules of one test")]

use offline_reset::{CodeError, CorrectionsError, QrChallenge, QrError, ReadError, TypedChallenge, corrections, hazmat};

#[path = "accumulated/separators.rs"]
mod separators;

use separators::separators;

/// Gives each character, the text with the character put in at `at`, and what the character stands for in ASCII.
fn each(text: &str, at: usize, mut see: impl FnMut(char, &str, char)) {
    for ch in '\0'..=char::MAX {
        let folded = if ('\u{ff01}'..='\u{ff5e}').contains(&ch) { char::from_u32(u32::from(ch) - 0xfee0).unwrap() } else { ch };
        see(ch, &[&text[..at], ch.encode_utf8(&mut [0; 4]), &text[at..]].concat(), folded);
    }
}

#[test]
fn chl_5_a_challenge_is_read_with_separators_alone() {
    let (text, ignored) = ("ABCDEFGHIJKLMNOPQRST-81041-06105-28T5S-AZS93", separators());
    let whole = TypedChallenge::read(text);
    assert!(whole.is_ok());
    each(text, 23, |ch, text, folded| {
        let expected = match folded {
            _ if ignored.contains(&ch) => whole,
            '0'..='9' | 'A'..='Z' | 'a'..='z' => Err(ReadError::Length { found: 41 }),
            _ => Err(ReadError::Alphabet { position: 23 }),
        };
        assert_eq!(TypedChallenge::read(text), expected, "{ch:?}");
    });
}

#[test]
fn cod_5_a_code_is_read_with_separators_alone() {
    let (text, ignored) = ("120-45678-9012", separators());
    let whole = hazmat::read_code(text);
    assert!(whole.is_ok());
    each(text, 5, |ch, text, folded| {
        let expected = match folded {
            _ if ignored.contains(&ch) => whole,
            '0'..='9' => Err(CodeError::Length { found: 13 }),
            _ => Err(CodeError::Alphabet { position: 5 }),
        };
        assert_eq!(hazmat::read_code(text), expected, "{ch:?}");
    });
}

#[test]
fn cor_1_corrections_are_of_what_is_left_without_separators() {
    let ignored = separators();
    each("", 0, |ch, text, _| {
        let expected = if ignored.contains(&ch) { CorrectionsError::Empty } else { CorrectionsError::Length { found: 1 } };
        assert_eq!(corrections(text).err(), Some(expected), "{ch:?}");
    });
}

#[test]
fn qr_3_a_qr_is_read_with_white_space_at_its_ends_alone() {
    let text = "ORP1:8009A2JFCEAGYD2860TKGCT2A10MEC9J6CT3BKB9WXBM5B3T0GJMZFS29RWPQV0";
    let whole = Ok(*QrChallenge::read(text).unwrap().claimed());
    for at in [0, 9, text.len()] {
        each(text, at, |ch, text, _| {
            let read = QrChallenge::read(text).map(|qr| *qr.claimed());
            match ch {
                '\t'..='\r' | ' ' if at != 9 => assert_eq!(read, whole, "{ch:?} at {at}"),
                _ if at == 0 => assert_eq!(read, Err(QrError::UnknownVersion), "{ch:?} at 0"),
                'I' | 'L' | 'O' | 'U' | 'i' | 'l' | 'o' | 'u' => assert_eq!(read, Err(QrError::Alphabet { position: at })),
                '0'..='9' | 'A'..='Z' | 'a'..='z' => assert!(!matches!(read, Ok(_) | Err(QrError::Alphabet { .. })), "{ch:?} at {at}"),
                _ => assert_eq!(read, Err(QrError::Alphabet { position: at }), "{ch:?} at {at}"),
            }
        });
    }
}
