use offline_reset::{CorrectionsError, TypedChallenge, corrections};

use crate::file::{Named, Test, named, with};

pub fn corrections_error(error: CorrectionsError) -> Named {
    match error {
        CorrectionsError::TooLong { limit } => with(error.name(), limit as u64),
        CorrectionsError::Length { found } | CorrectionsError::Unreadable { found } => with(error.name(), found as u64),
        _ => named(error.name()),
    }
}

pub fn propose(t: Test<'_>) {
    let Some(found) = t.expect(corrections(t.text("text")).map_err(corrections_error)) else { return };
    let found: Vec<String> = found
        .map(|candidate| {
            let read = TypedChallenge::read(candidate.text().as_str()).unwrap();
            assert_eq!(read, candidate.confirmed_by_a_person());
            candidate.text().as_str().into()
        })
        .collect();
    let expected: Vec<&str> = t.list("candidates").iter().map(|c| c.as_str().unwrap()).collect();
    assert_eq!(found, expected);
}
