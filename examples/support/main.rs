//! `cargo run --example support -- --state DIR 'what the person sent'`: the vendor's desk in a second terminal.
//!
//! It reads a typed challenge or the text of a QR code, shows what it says, and answers it. The root key and the log of the
//! answers are in `DIR/vendor`.

mod answers;
#[path = "../common/mod.rs"]
mod common;
mod messages;

use std::error::Error;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use answers::{Answers, Given};
use common::args;
use common::lang::Lang;
use common::screen::Screen;
use lexopt::Arg;
use offline_reset::{
    Candidate, Challenge, CheckValue, DeviceKey, Epoch, Method, Origin, QrChallenge, QrError, ReadError, Received, ReceivedError, RootKey,
    Term, TypedChallenge, UnsealedAddress, VerifyError, corrections,
};

/// The epoch whose root is in `vendor/root`: this desk has one.
const EPOCH: Epoch = Epoch::ZERO;

/// Where the text begins, in columns.
const MARGIN: usize = 4;

/// What the command line asks for.
struct Asked {
    lang: Lang,
    help: bool,
    state: Option<PathBuf>,
    /// Which proposed correction a person has confirmed; from 1.
    pick: Option<usize>,
    valid: Validity,
    sent: Vec<String>,
}

/// How long a code shall work.
#[derive(Clone, Copy, PartialEq)]
enum Validity {
    Minutes10,
    Hour,
    Hours8,
    Hours24,
    Hours72,
}

impl Validity {
    fn from_name(name: &str, lang: Lang) -> Result<Self, String> {
        Ok(match name {
            "10m" => Self::Minutes10,
            "1h" => Self::Hour,
            "8h" => Self::Hours8,
            "24h" => Self::Hours24,
            "72h" => Self::Hours72,
            other => return Err(lang.unknown_time(other)),
        })
    }

    /// `None` for a secure code of 72 hours, which there is not.
    fn term(self, method: Method) -> Option<Term> {
        Some(match (method, self) {
            (Method::DynamicPassword, Self::Minutes10) => Term::DynamicPassword10Min,
            (Method::DynamicPassword, Self::Hour) => Term::DynamicPassword1H,
            (Method::DynamicPassword, Self::Hours8) => Term::DynamicPassword8H,
            (Method::DynamicPassword, Self::Hours24) => Term::DynamicPassword24H,
            (Method::DynamicPassword, Self::Hours72) => Term::DynamicPassword72H,
            (Method::SecureCode, Self::Minutes10) => Term::SecureCode10Min,
            (Method::SecureCode, Self::Hour) => Term::SecureCode1H,
            (Method::SecureCode, Self::Hours8) => Term::SecureCode8H,
            (Method::SecureCode, Self::Hours24) => Term::SecureCode24H,
            (Method::SecureCode, Self::Hours72) => return None,
        })
    }
}

/// Why there is no answer.
enum Stop {
    Output(io::Error),
    /// All is said already.
    Said,
    /// To be said.
    Because(String),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn asked() -> Result<Asked, String> {
    let mut asked = Asked { lang: args::lang(), help: false, state: None, pick: None, valid: Validity::Hours24, sent: Vec::new() };
    let mut args = lexopt::Parser::from_env();
    while let Some(arg) = args.next().map_err(|e| args::error(&e))? {
        match arg {
            Arg::Long("lang") => args::check_lang(&mut args)?,
            Arg::Long("help") | Arg::Short('h') => asked.help = true,
            Arg::Long("state") => asked.state = Some(args::path(&mut args)?),
            Arg::Long("pick") => {
                let number = args::text(&mut args)?;
                asked.pick = Some(number.parse().map_err(|_| asked.lang.not_a_number(&number))?);
            }
            Arg::Long("valid") => asked.valid = Validity::from_name(&args::text(&mut args)?, asked.lang)?,
            Arg::Value(sent) => asked.sent.push(sent.to_string_lossy().into_owned()),
            other => return Err(args::error(&other.unexpected())),
        }
    }
    Ok(asked)
}

/// The desk: one question, one answer.
struct Desk {
    screen: Screen,
    lang: Lang,
    vendor: PathBuf,
    root: RootKey,
    valid: Validity,
}

impl Desk {
    fn new(lang: Lang, state: &Path, valid: Validity) -> Result<Self, Stop> {
        let vendor = state.join("vendor");
        let path = vendor.join("root");
        let read =
            |path: &Path| fs::read(path).map_err(|error| Stop::Because(lang.no_root(&path.display().to_string(), &error.to_string())));
        let bad = |error: &dyn Error| Stop::Because(lang.bad_root(&path.display().to_string(), &error.to_string()));
        let root = RootKey::take(&mut read(&path)?).map_err(|error| bad(&error))?;
        let expected = String::from_utf8(read(&vendor.join("root-check"))?).map_err(|error| bad(&error))?;
        let expected: CheckValue = u32::from_str_radix(&expected, 16).map_err(|error| bad(&error))?.to_be_bytes();
        root.check(EPOCH, &expected).map_err(|error| bad(&error))?; // the right root is in its slot (KEY-6)
        Ok(Self { screen: Screen::new(MARGIN), lang, vendor, root, valid })
    }

    fn answer(&mut self, sent: &str, pick: Option<usize>) -> Result<(), Stop> {
        match Received::read(sent) {
            Ok(Received::Typed(typed)) => self.answer_typed(&typed),
            Ok(Received::Qr(qr)) => self.answer_qr(&qr),
            Err(ReceivedError::Typed(error)) => {
                let typed = self.confirmed(sent, error, pick)?;
                self.answer_typed(&typed)
            }
            Err(error) => {
                let ReceivedError::Qr(error) = error else { return Err(Stop::Because(error.to_string())) };
                if let QrError::Alphabet { position } = error {
                    self.screen.caret(sent, position)?;
                }
                Err(Stop::Because(self.lang.qr_error(error)))
            }
        }
    }

    /// What a person has confirmed in the place of a mistyped challenge.
    fn confirmed(&mut self, sent: &str, error: ReadError, pick: Option<usize>) -> Result<TypedChallenge, Stop> {
        let candidates: Vec<Candidate> = match error {
            ReadError::Alphabet { .. } | ReadError::Length { .. } | ReadError::Check => match corrections(sent) {
                Ok(candidates) => candidates.collect(),
                Err(why) => return self.unreadable(sent, error, Some(self.lang.corrections_error(why))),
            },
            _ => Vec::new(),
        };
        if candidates.is_empty() {
            return self.unreadable(sent, error, None);
        }
        self.screen.paragraph(&self.lang.challenge_check())?;
        self.screen.paragraph(&self.lang.could_be())?;
        self.screen.blank()?;
        for (number, candidate) in (1..).zip(&candidates) {
            let text = candidate.text();
            self.screen.item(&number.to_string(), text)?;
            if let Some(marks) = differences(sent, text.as_str()) {
                self.screen.item("", marks)?;
            }
        }
        self.screen.blank()?;
        let Some(number) = pick else {
            self.screen.paragraph(&self.lang.read_back())?;
            return Err(Stop::Said);
        };
        match number.checked_sub(1).and_then(|i| candidates.get(i)) {
            Some(candidate) => {
                self.screen.paragraph(&self.lang.confirmed(number))?;
                Ok(candidate.confirmed_by_a_person())
            }
            None => Err(Stop::Because(self.lang.no_such_number(number))),
        }
    }

    fn unreadable(&mut self, sent: &str, error: ReadError, more: Option<String>) -> Result<TypedChallenge, Stop> {
        if let ReadError::Alphabet { position } = error {
            self.screen.caret(sent, position)?;
        }
        let first = self.lang.challenge_error(error);
        self.screen.paragraph(&first)?;
        match (error, more) {
            (_, Some(more)) if more != first => self.screen.paragraph(&more)?,
            (ReadError::Check, _) => self.screen.paragraph(&self.lang.ask_again())?,
            _ => {}
        }
        Err(Stop::Said)
    }

    /// D of the recorder that a challenge names.
    fn key(&self, claimed: &Challenge) -> Result<DeviceKey, Stop> {
        let epoch = claimed.header().epoch();
        if epoch != EPOCH {
            return Err(Stop::Because(self.lang.other_root(epoch.number())));
        }
        self.root.device_key(claimed.serial()).map_err(|error| Stop::Because(error.to_string()))
    }

    fn facts(&mut self, challenge: &Challenge, address: Option<&str>) -> io::Result<()> {
        self.screen.section(&self.lang.request())?;
        for (name, value) in self.lang.facts(challenge) {
            self.screen.field(&name, value)?;
        }
        match address {
            Some(address) => self.screen.field(&self.lang.fact_address(), address),
            None => Ok(()),
        }
    }

    fn answer_typed(&mut self, typed: &TypedChallenge) -> Result<(), Stop> {
        let lang = self.lang;
        let key = self.key(typed.claimed())?;
        let genuine = typed.verify(&key).map_err(|_| Stop::Because(lang.not_genuine()))?;
        let challenge = *genuine.challenge();
        self.facts(&challenge, None)?;
        let term = self.valid.term(Method::DynamicPassword).ok_or(Stop::Said)?;
        self.screen.section(&lang.before_answering())?;
        if challenge.header().address_on_file() {
            self.screen.paragraph(&lang.address_on_file())?;
        }
        if challenge.header().origin() == Origin::Network {
            self.screen.paragraph(&lang.web_page_takes_none())?;
        }
        self.screen.paragraph(&lang.ask_for_ownership())?;
        self.log(&challenge, term)?;
        self.screen.section(&lang.dynamic_password())?;
        self.screen.item("", genuine.answer(term).reveal())?;
        self.screen.blank()?;
        Ok(self.screen.paragraph(&lang.works_for_serial(&lang.time(term.validity())))?)
    }

    fn answer_qr(&mut self, qr: &QrChallenge) -> Result<(), Stop> {
        let lang = self.lang;
        let key = self.key(qr.claimed())?;
        let genuine = qr
            .verify(&key)
            .map_err(|error| Stop::Because(if error == VerifyError::Address { lang.no_address_inside() } else { lang.qr_not_genuine() }))?;
        let challenge = *genuine.genuine().challenge();
        let UnsealedAddress::OnFile(address) = genuine.address() else {
            self.facts(&challenge, None)?;
            self.screen.blank()?;
            return Err(Stop::Because(lang.none_on_file()));
        };
        self.facts(&challenge, Some(address.as_str()))?;
        let term = self.valid.term(Method::SecureCode).ok_or_else(|| Stop::Because(lang.no_72_hours()))?;
        self.log(&challenge, term)?;
        self.screen.section(&lang.mail_sent())?;
        let (address, code) = genuine.secure_code(term).map_err(|error| Stop::Because(error.to_string()))?;
        self.screen.item(&lang.to(), address.as_str())?;
        self.screen.item(&lang.subject(), lang.mail_subject())?;
        self.screen.item("", code.reveal())?;
        self.screen.blank()?;
        Ok(self.screen.paragraph(&lang.works_for_qr(&lang.time(term.validity())))?)
    }

    /// The answer is on record before anybody sees it; a third different one is refused (DUTY-2).
    fn log(&mut self, challenge: &Challenge, term: Term) -> Result<(), Stop> {
        let lang = self.lang;
        let path = self.vendor.join("answers");
        let bad = |error: io::Error| Stop::Because(lang.bad_answers(&path.display().to_string(), &error.to_string()));
        match Answers::new(path.clone()).give(challenge, term).map_err(bad)? {
            Given::New => {}
            Given::Again => self.screen.paragraph(&lang.given_before())?,
            Given::TooMany => return Err(Stop::Because(lang.two_answers_given())),
        }
        Ok(())
    }
}

/// Marks under what a correction changes: `^` where the text that was sent has another character. `None` where one was lost or
/// is too many.
fn differences(sent: &str, candidate: &str) -> Option<String> {
    let plain = |text: &str| -> Vec<char> {
        text.chars().filter(|ch| ch.is_alphanumeric() || *ch == '?').map(|ch| ch.to_ascii_uppercase()).collect()
    };
    let (sent, wanted) = (plain(sent), plain(candidate));
    if sent.len() != wanted.len() {
        return None;
    }
    let border = wanted.len().checked_sub(20)?;
    let same = |i: usize| {
        let forgiven = match sent.get(i)? {
            'O' if i >= border => '0',
            'I' | 'L' if i >= border => '1',
            other => *other,
        };
        Some(wanted.get(i)? == &forgiven)
    };
    let mut place = 0;
    let marks = candidate.chars().map(|ch| {
        if ch == '-' {
            return ' ';
        }
        place += 1;
        if same(place - 1) == Some(true) { ' ' } else { '^' }
    });
    Some(marks.collect::<String>().trim_end().to_owned())
}

/// What was sent: from the command line, or else one text from standard input.
fn sent(asked: &Asked) -> io::Result<String> {
    if !asked.sent.is_empty() {
        return Ok(asked.sent.join(" "));
    }
    let mut bytes = Vec::new();
    io::stdin().take(4096).read_to_end(&mut bytes)?; // far more than any challenge
    Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

fn run(asked: &Asked) -> Result<(), Stop> {
    let lang = asked.lang;
    if asked.help {
        return Ok(Screen::new(MARGIN).line(&lang.help())?);
    }
    let state = asked.state.as_deref().ok_or_else(|| Stop::Because(lang.no_state()))?;
    let mut desk = Desk::new(lang, state, asked.valid)?;
    desk.answer(&sent(asked)?, asked.pick)
}

fn main() -> ExitCode {
    let asked = match asked() {
        Ok(asked) => asked,
        Err(error) => {
            eprintln!("{error}\n\n{}", args::lang().help());
            return ExitCode::FAILURE;
        }
    };
    match run(&asked) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Stop::Said) => {}
        Err(Stop::Because(why)) => {
            if let Err(error) = Screen::new(MARGIN).paragraph(&why) {
                eprintln!("{error}");
            }
        }
        Err(Stop::Output(error)) => eprintln!("{error}"),
    }
    ExitCode::FAILURE
}
