//! The log of answers: for each serial and nonce, which terms were given (SPEC.md §12, DUTY-2 and DUTY-3). No code is in it.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::time::SystemTime;

use offline_reset::{Challenge, Term};

/// The most different answers to one challenge.
const MOST: usize = 2;

/// Whether an answer may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    /// For the first time; it is on record now.
    New,
    /// The same code was given before.
    Again,
    /// Two others were given: no.
    TooMany,
}

/// One line an answer: seconds since 1970, serial, nonce in hexadecimal, k.
#[derive(Debug)]
pub(crate) struct Answers {
    path: PathBuf,
}

impl Answers {
    pub(crate) const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Records an answer, if it may be given.
    pub(crate) fn give(&self, challenge: &Challenge, term: Term) -> io::Result<Given> {
        let nonce = challenge.nonce().to_string();
        let given = self.terms(challenge.serial().as_str(), &nonce)?;
        if given.contains(&term) {
            return Ok(Given::Again);
        }
        if given.len() >= MOST {
            return Ok(Given::TooMany);
        }
        let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let mut file = OpenOptions::new().append(true).create(true).open(&self.path)?;
        writeln!(file, "{seconds} {} {nonce} {}", challenge.serial(), term.k())?;
        file.sync_all()?;
        Ok(Given::New)
    }

    fn terms(&self, serial: &str, nonce: &str) -> io::Result<Vec<Term>> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let mut terms = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let mut words = line.split(' ');
            let (Some(_), Some(of), Some(which), Some(term), None) =
                (words.next(), words.next(), words.next(), words.next().and_then(|k| Term::from_k(k.parse().ok()?).ok()), words.next())
            else {
                return Err(io::Error::new(ErrorKind::InvalidData, format!("line {number}: {line:?}")));
            };
            if (of, which) == (serial, nonce) {
                terms.push(term);
            }
        }
        Ok(terms)
    }
}
