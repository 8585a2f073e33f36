//! `cargo run --example recorder -- --state DIR`: a recorder to play with by hand, or by a script over a pipe.
//!
//! Its flash is files; its uptime is the process's, so that a restart is a reboot and `kill -9` a power cut.

#[path = "../common/mod.rs"]
mod common;
mod files;
mod messages;

use std::io::{self, BufRead, IsTerminal, Read};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use common::args;
use common::device::{Recorder, Refusal, Verdict};
use common::lang::Lang;
use common::qr::Drawing;
use common::screen::Screen;
use files::Files;
use lexopt::Arg;
use offline_reset::{
    Address, Closing, CodeError, Device, Epoch, Grant, LedgerState, Origin, Policy, Purpose, Rendering, Shown, Standing, SubmitError,
    Uptime, Url,
};

/// The maker's page behind the QR code of the web page.
const PAGE: &str = "HTTPS://RESET.EXAMPLE.NL/";

/// The pause of `--slow`.
const PAUSE: Duration = Duration::from_secs(3);

/// The longest line that is read; the rest of a longer one is skipped.
const LINE: u64 = 1024;

/// A code of the shortest validity is of no use for a challenge of this age.
const OLD: Duration = Duration::from_secs(600);

/// Where the text begins, in columns.
const MARGIN: usize = 4;

/// What the command line asks for.
struct Asked {
    lang: Lang,
    help: bool,
    state: Option<PathBuf>,
    web: bool,
    slow: bool,
}

fn asked() -> Result<Asked, String> {
    let mut asked = Asked { lang: args::lang(), help: false, state: None, web: false, slow: false };
    let mut args = lexopt::Parser::from_env();
    while let Some(arg) = args.next().map_err(|e| args::error(&e))? {
        match arg {
            Arg::Long("lang") => args::check_lang(&mut args)?,
            Arg::Long("help") | Arg::Short('h') => asked.help = true,
            Arg::Long("state") => asked.state = Some(args::path(&mut args)?),
            Arg::Long("web") => asked.web = true,
            Arg::Long("slow") => asked.slow = true,
            other => return Err(args::error(&other.unexpected())),
        }
    }
    Ok(asked)
}

/// Lines from the keyboard or a pipe.
struct Keyboard {
    input: io::StdinLock<'static>,
    /// Nobody sees what a pipe types: it is written along, so that a transcript reads as a session does.
    piped: bool,
}

impl Keyboard {
    fn new() -> Self {
        let input = io::stdin();
        let piped = !input.is_terminal();
        Self { input: input.lock(), piped }
    }

    /// The next line, `None` at the end of input. A password is not written along.
    fn line(&mut self, screen: &mut Screen, prompt: &str, password: bool) -> io::Result<Option<String>> {
        screen.prompt(prompt)?;
        let mut bytes = Vec::new();
        self.input.by_ref().take(LINE).read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            screen.blank()?;
            return Ok(None);
        }
        if bytes.last() != Some(&b'\n') {
            self.input.skip_until(b'\n')?;
        }
        let line = String::from_utf8_lossy(&bytes).trim().to_owned();
        if self.piped {
            screen.line(&if password { "*".repeat(line.chars().count()) } else { common::screen::shown(&line) })?;
        }
        Ok(Some(line))
    }
}

/// The recorder with its screen.
struct Front {
    screen: Screen,
    keyboard: Keyboard,
    lang: Lang,
    recorder: Recorder<Files>,
    started: Instant,
    web: bool,
    slow: bool,
    /// An administrator has just logged in.
    logged_in: bool,
}

impl Front {
    /// Monotonic and never set by anyone. A firmware takes a clock that runs during sleep as well (SPEC.md §3).
    fn now(&self) -> Uptime {
        Uptime::from_secs(self.started.elapsed().as_secs())
    }

    /// The address on file, if it is one.
    fn address(&mut self) -> io::Result<Option<String>> {
        let text = self.recorder.flash.address()?;
        if text.is_empty() {
            return Ok(None);
        }
        if Address::new(&text).is_err() {
            self.screen.paragraph(&self.lang.bad_address_file())?;
            return Ok(None);
        }
        Ok(Some(text))
    }

    fn menu(&mut self) -> io::Result<()> {
        let lang = self.lang;
        let entries = [
            lang.menu_password(),
            lang.menu_pattern(),
            lang.menu_code(),
            lang.menu_close(),
            lang.menu_keep(),
            lang.menu_login(),
            lang.menu_status(),
            lang.menu_address(),
            lang.menu_web_password(),
            lang.menu_web_code(),
            lang.menu_allow(),
        ];
        self.screen.blank()?;
        for (number, entry) in (1..).zip(entries).take(if self.web { 11 } else { 8 }) {
            self.screen.line(&format!("{number:>4}  {entry}"))?;
        }
        self.screen.line(&format!("{:>4}  {}", "q", lang.menu_quit()))
    }

    fn serve(&mut self) -> io::Result<()> {
        let lang = self.lang;
        self.menu()?;
        loop {
            self.screen.blank()?;
            let Some(choice) = self.keyboard.line(&mut self.screen, &lang.choice(), false)? else { break };
            let done = match choice.as_str() {
                "1" => self.open(Origin::Local, Purpose::AccountPassword),
                "2" => self.open(Origin::Local, Purpose::UnlockPattern),
                "3" => self.code(Origin::Local),
                "4" => self.close(Closing::Withdraw, &lang.closed()),
                "5" => self.close(Closing::Keep, &lang.kept()),
                "6" => self.log_in(),
                "7" => self.status(),
                "8" => self.change_address(),
                "9" | "10" | "11" if !self.web => self.screen.paragraph(&lang.web_is_off()).map_err(Refusal::from),
                "9" => self.open(Origin::Network, Purpose::AccountPassword),
                "10" => self.code(Origin::Network),
                "11" => self.allow_again(),
                "m" | "M" | "" => self.menu().map_err(Refusal::from),
                "q" | "Q" => break,
                _ => self.screen.paragraph(&lang.no_such_choice()).map_err(Refusal::from),
            };
            match done {
                Ok(()) => {}
                Err(Refusal::Flash(error)) if error.kind() == io::ErrorKind::BrokenPipe => return Err(error), // nobody looks any more
                Err(refusal) => self.screen.paragraph(&lang.refusal(&refusal))?,
            }
            self.logged_in = choice == "6" || choice == "7" && self.logged_in;
        }
        self.screen.paragraph(&lang.goodbye())
    }

    fn open(&mut self, origin: Origin, purpose: Purpose) -> Result<(), Refusal> {
        let address = self.address()?;
        let now = self.now();
        let shown = self.recorder.open(origin, purpose, address.is_some(), now)?;
        let lang = self.lang;
        let title = match (origin, purpose) {
            (Origin::Network, _) => lang.menu_web_password(),
            (_, Purpose::UnlockPattern) => lang.menu_pattern(),
            _ => lang.menu_password(),
        };
        self.screen.section(&title)?;
        if let Some(text) = shown.text() {
            self.screen.field(&lang.your_serial(), text)?;
        }
        self.show_qr(&shown, address.as_deref())?;
        let masked = address.as_deref().and_then(|text| Some(Address::new(text).ok()?.masked().to_string()));
        self.screen.paragraph(&match (origin, &masked) {
            (Origin::Local, Some(masked)) => lang.ways_with_mail(masked),
            (Origin::Local, None) => lang.ways_without_mail(),
            (Origin::Network, Some(masked)) => lang.web_way(masked),
            (Origin::Network, None) => lang.web_no_way(),
        })?;
        let age = Duration::from_secs(now.as_secs().saturating_sub(shown.shown_at().as_secs()));
        if age >= OLD {
            self.screen.paragraph(&lang.shown_for(&lang.time(age)))?;
        }
        match shown.standing() {
            Standing::Ready => {}
            Standing::Stopped => self.screen.paragraph(&lang.stopped())?,
            Standing::Waiting { remaining } => self.screen.paragraph(&lang.waits(&lang.time(remaining)))?,
        }
        Ok(())
    }

    fn show_qr(&mut self, shown: &Shown, address: Option<&str>) -> Result<(), Refusal> {
        let rendering = match (shown.challenge().header().origin(), Url::new(PAGE)) {
            (Origin::Network, Ok(url)) => Rendering::Url(url),
            _ => Rendering::App,
        };
        let address = address.and_then(|text| Address::new(text).ok());
        let text = shown.qr(&self.recorder.key, address, rendering).map_err(io::Error::other)?;
        match Drawing::new(text.as_str()) {
            Some(drawing) => self.screen.qr(&drawing)?,
            None => self.screen.paragraph(&self.lang.qr_too_large())?,
        }
        self.screen.paragraph(&self.lang.qr_text())?;
        self.screen.line(text.as_str())?;
        Ok(self.screen.blank()?)
    }

    fn code(&mut self, origin: Origin) -> Result<(), Refusal> {
        let lang = self.lang;
        let Some(text) = self.keyboard.line(&mut self.screen, &lang.ask_code(), false)? else { return Ok(()) };
        let now = self.now();
        let (slow, screen) = (self.slow, &mut self.screen);
        let stored = || {
            if slow {
                let told = screen.paragraph(&lang.attempt_stored(PAUSE.as_secs()));
                thread::sleep(if told.is_ok() { PAUSE } else { Duration::ZERO });
            }
        };
        match self.recorder.submit(origin, &text, now, stored) {
            Ok(Verdict::Granted(grant)) => self.granted(grant),
            Ok(Verdict::Rejected) => {
                self.screen.paragraph(&lang.rejected())?;
                let failures = self.recorder.failures(origin);
                self.screen.paragraph(&lang.attempts(failures))?;
                match self.recorder.ledger.standing(origin, self.now()) {
                    Standing::Ready => {}
                    Standing::Stopped => self.screen.paragraph(&lang.stopped())?,
                    Standing::Waiting { remaining } => self.screen.paragraph(&lang.waits(&lang.time(remaining)))?,
                }
                Ok(())
            }
            Err(refusal) => {
                if let Refusal::Submit(SubmitError::Read(CodeError::Alphabet { position })) = refusal {
                    self.screen.caret(&text, position)?;
                }
                Err(refusal)
            }
        }
    }

    /// The new password is asked for, and the Grant is used up where it would be set.
    fn granted(&mut self, grant: Grant) -> Result<(), Refusal> {
        let lang = self.lang;
        self.screen.paragraph(&lang.right())?;
        let prompt = if grant.purpose() == Purpose::UnlockPattern { lang.ask_pattern() } else { lang.ask_password() };
        loop {
            match self.keyboard.line(&mut self.screen, &prompt, true)? {
                None => return Ok(self.screen.paragraph(&lang.grant_lost())?),
                Some(typed) if typed.is_empty() => self.screen.paragraph(&lang.nothing_set())?,
                Some(_) => break,
            }
        }
        let told = match grant.consume(self.now()) {
            Err(_) => lang.grant_expired(),
            Ok(reset) => match self.recorder.flash.note_password(reset.resets()) {
                Ok(()) => lang.is_set(reset.resets()),
                Err(error) => lang.not_saved(&error.to_string()),
            },
        };
        Ok(self.screen.paragraph(&told)?)
    }

    fn close(&mut self, closing: Closing, told: &str) -> Result<(), Refusal> {
        let now = self.now();
        self.recorder.close(closing, now)?;
        Ok(self.screen.paragraph(told)?)
    }

    fn log_in(&mut self) -> Result<(), Refusal> {
        let lang = self.lang;
        self.screen.paragraph(&lang.logged_in())?;
        let resets = self.recorder.ledger.resets();
        if resets > 0 {
            self.screen.paragraph(&lang.reset_notice(resets))?;
        }
        let now = self.now();
        self.recorder.admin_login(now)?;
        Ok(self.screen.paragraph(&lang.may_guess())?)
    }

    /// On a page of its own, with the password typed anew: a login does not do this (DUTY-20).
    fn allow_again(&mut self) -> Result<(), Refusal> {
        let lang = self.lang;
        let Some(typed) = self.keyboard.line(&mut self.screen, &lang.ask_password_again(), true)? else { return Ok(()) };
        if typed.is_empty() {
            return Ok(self.screen.paragraph(&lang.nothing_typed())?);
        }
        let now = self.now();
        self.recorder.allow_again(now)?;
        Ok(self.screen.paragraph(&lang.allowed_again())?)
    }

    fn status(&mut self) -> Result<(), Refusal> {
        let lang = self.lang;
        let now = self.now();
        let masked = self.address()?.and_then(|text| Some(Address::new(&text).ok()?.masked().to_string()));
        let count = |origin| {
            let failures = self.recorder.failures(origin);
            match self.recorder.ledger.standing(origin, now) {
                Standing::Ready => lang.status_open(failures),
                Standing::Stopped => lang.status_stopped(failures),
                Standing::Waiting { remaining } => lang.status_waiting(failures, &lang.time(remaining)),
            }
        };
        let (local, network) = (count(Origin::Local), count(Origin::Network));
        self.screen.field(&lang.fact_serial(), self.recorder.ledger.device().serial)?;
        self.screen.field(&lang.status_address(), masked.unwrap_or_else(|| lang.status_none()))?;
        self.screen.field(&lang.status_uptime(), lang.time(Duration::from_secs(now.as_secs())))?;
        self.screen.field(&lang.status_resets(), self.recorder.ledger.resets())?;
        self.screen.field(&lang.status_local(), local)?;
        Ok(self.screen.field(&lang.status_network(), network)?)
    }

    fn change_address(&mut self) -> Result<(), Refusal> {
        let lang = self.lang;
        if !self.logged_in {
            return Ok(self.screen.paragraph(&lang.log_in_first())?);
        }
        let now_on_file = match self.address()? {
            Some(text) => Address::new(&text).map_or_else(|_| lang.no_address(), |address| lang.address_is(address.masked().as_str())),
            None => lang.no_address(),
        };
        self.screen.paragraph(&now_on_file)?;
        let Some(text) = self.keyboard.line(&mut self.screen, &lang.ask_address(), false)? else { return Ok(()) };
        if !text.is_empty() && Address::new(&text).is_err() {
            return Ok(self.screen.paragraph(&lang.bad_address())?);
        }
        let now = self.now();
        match self.recorder.change_address(now, |files| files.set_address(&text)) {
            Err(Refusal::Flash(error)) => Ok(self.screen.paragraph(&lang.not_saved(&error.to_string()))?),
            Err(refusal) => Err(refusal),
            Ok(()) => Ok(self.screen.paragraph(&lang.address_changed())?),
        }
    }
}

fn run(asked: &Asked) -> Result<(), String> {
    let lang = asked.lang;
    let mut screen = Screen::new(MARGIN);
    if asked.help {
        return screen.line(&lang.help()).map_err(|error| error.to_string());
    }
    let started = Instant::now();
    let dir = asked.state.as_deref().ok_or_else(|| lang.no_state())?;
    let cannot = |error: io::Error| lang.cannot_read(&dir.display().to_string(), &error.to_string());
    let (files, new) = Files::at(dir).map_err(cannot)?;
    let serial = files.serial(lang)?;
    let key = files.key(&serial, lang)?;
    let device = Device { serial, epoch: Epoch::ZERO, policy: Policy::default() };
    let (recorder, loaded) = Recorder::start(key, device, files, Uptime::from_secs(0)).map_err(cannot)?;
    let mut front =
        Front { screen, keyboard: Keyboard::new(), lang, recorder, started, web: asked.web, slow: asked.slow, logged_in: false };
    let mut begin = || -> io::Result<()> {
        front.screen.title(&lang.name(device.serial.as_str()))?;
        front.screen.paragraph(&if new { lang.factory_new() } else { lang.started() })?;
        if loaded.ledger != LedgerState::Good {
            front.screen.paragraph(&lang.memory_lost())?;
        }
        front.serve()
    };
    match begin() {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|error| error.to_string()),
    }
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
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
