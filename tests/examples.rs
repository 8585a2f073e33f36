//! The three examples as processes: told stories go as told, a whole reset over pipes, and a real `kill -9`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test ends where something is not as expected")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

/// The examples beside this test. `cargo test` has built them; `cargo test --test examples` has not, so they are built here.
fn example(name: &str) -> PathBuf {
    static BUILT: Once = Once::new();
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).expect("target/PROFILE/deps/TEST");
    let target = profile.parent().unwrap();
    BUILT.call_once(|| {
        if target.join("CACHEDIR.TAG").exists() {
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let mut build = Command::new(cargo);
            build.args([
                "build",
                "-q",
                "--examples",
                "--manifest-path",
                concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
                "--target-dir",
            ]);
            build.arg(target);
            if profile.ends_with("release") {
                build.arg("--release");
            }
            assert!(build.status().unwrap().success(), "cargo build --examples");
        }
    });
    profile.join("examples").join(name)
}

/// A directory of one test, gone after it.
struct State(PathBuf);

impl State {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("offline-reset-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Self(std::env::temp_dir().join(name))
    }

    fn support(&self, arguments: &[&str]) -> Output {
        Command::new(example("support")).arg("--state").arg(&self.0).args(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// The code that support gives for what was sent.
    fn code(&self, arguments: &[&str]) -> String {
        let output = self.support(arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{text}");
        let is_code = |word: &&str| {
            word.len() == 14 && word.bytes().enumerate().all(|(i, b)| if i % 5 == 4 { b == b'-' } else { b.is_ascii_digit() })
        };
        text.split_whitespace().find(is_code).unwrap_or_else(|| panic!("no code in {text}")).to_owned()
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running recorder.
struct Recorder {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Recorder {
    fn start(state: &State, options: &[&str]) -> Self {
        let mut command = Command::new(example("recorder"));
        command.arg("--state").arg(&state.0).args(options).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let input = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        Self { process, input, output }
    }

    fn types(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    /// Reads on until a line that holds `what`.
    fn until(&mut self, what: &str) -> String {
        let mut seen = String::new();
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "no '{what}' in:\n{seen}");
            if line.contains(what) {
                return line.trim().to_owned();
            }
            seen.push_str(&line);
        }
    }

    /// 'Forgot password': the serial number and the text of the QR.
    fn forgot(&mut self) -> (String, String) {
        self.types("1");
        let serial = self.until("serial number  ");
        let qr = self.until("ORP1:");
        (serial.split_whitespace().next_back().unwrap().to_owned(), qr)
    }

    /// The last word of a line of the status.
    fn status(&mut self, what: &str) -> String {
        self.types("7");
        self.until(what)
    }

    fn quit(mut self) {
        self.types("q");
        assert!(self.process.wait().unwrap().success());
    }
}

/// The code with its last two digits changed so that the check digit fits: found as a thief would, by trying.
fn rejected(recorder: &mut Recorder, right: &str) {
    let tenth = (right.as_bytes()[12] - b'0' + 1) % 10;
    for check in 0..10 {
        recorder.types("3");
        recorder.types(&format!("{}{tenth}{check}", &right[..12]));
        recorder.until("Code (12 digits)");
        if recorder.until("code").contains("This code is not right") {
            return;
        }
    }
    panic!("no check digit fits");
}

#[test]
fn the_play_goes_as_told_in_both_languages() {
    let words = [("en", "dynamic password", "Done"), ("nl", "dynamisch wachtwoord", "Klaar")];
    let told = words.map(|(lang, method, done)| {
        let output = Command::new(example("reset")).args(["--lang", lang]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{lang}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(text.contains(method) && text.contains(done), "{lang}");
        let quiet_zone = "█".repeat(37);
        assert!(text.lines().filter(|line| line.contains(&quiet_zone)).count() >= 3 * 4, "{lang}: four QR codes, light above and below");
        for line in text.lines() {
            assert!(line.chars().count() <= 100, "{lang}: wider than 100 columns: {line}");
        }
        text.lines().filter(|line| line.starts_with("---") || line.starts_with("===")).count()
    });
    assert_eq!(told[0], told[1], "both languages tell the same");
}

#[test]
fn help_and_bad_arguments_are_answered() {
    for name in ["reset", "recorder", "support"] {
        let run = |arguments: &[&str]| Command::new(example(name)).args(arguments).stdin(Stdio::null()).output().unwrap();
        let (english, dutch) = (run(&["--help"]), run(&["--help", "--lang", "nl"]));
        assert!(english.status.success() && String::from_utf8_lossy(&english.stdout).contains("usage:"), "{name}");
        assert!(dutch.status.success() && String::from_utf8_lossy(&dutch.stdout).contains("gebruik:"), "{name}");
        assert!(!run(&["--lang", "fr"]).status.success(), "{name}");
        assert!(!run(&["--no-such-option"]).status.success(), "{name}");
    }
}

#[test]
fn recorder_and_support_reset_together() {
    let state = State::new();
    let mut recorder = Recorder::start(&state, &[]);
    let (serial, qr) = recorder.forgot();

    // by telephone: with a typing error that support mends, and then with the code
    let mut heard = serial.to_lowercase().replace('-', " ").into_bytes();
    let last = heard.len() - 1;
    heard[last] = if heard[last] == b'7' { b'8' } else { b'7' };
    let heard = String::from_utf8(heard).unwrap();
    let proposals = state.support(&[&heard]);
    assert!(!proposals.status.success(), "nothing is answered before a person has confirmed it");
    assert!(String::from_utf8_lossy(&proposals.stdout).contains(&serial));
    let code = state.code(&[&heard, "--pick", "1", "--valid", "8h"]);
    assert_eq!(code, state.code(&[&serial, "--valid", "8h"]), "the same question has the same answer");

    // by e-mail: the second answer to this challenge; a third is refused
    assert!(state.code(&[&qr, "--lang", "nl"]).starts_with('9'));
    let third = state.support(&[&serial, "--valid", "1h"]);
    assert!(!third.status.success() && String::from_utf8_lossy(&third.stdout).contains("a third is not"));

    recorder.types("3");
    recorder.types(&code);
    recorder.until("The code is right");
    recorder.types("a new password");
    recorder.until("has now been reset 1x");
    recorder.types("3");
    recorder.types(&code);
    recorder.until("No request is open");
    recorder.types("6");
    recorder.until("reset 1x so far");
    recorder.quit();
    assert_eq!(fs::read_to_string(state.0.join("password-set")).unwrap(), "reset 1\n");
    #[cfg(unix)]
    for key in ["device-key", "vendor/root"] {
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(state.0.join(key)).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "{key}");
    }
}

#[test]
fn a_wrong_code_is_counted() {
    let state = State::new();
    let mut recorder = Recorder::start(&state, &[]);
    let (serial, _) = recorder.forgot();
    let code = state.code(&[&serial]);
    rejected(&mut recorder, &code);
    recorder.until("Wrong codes on record here: 1");
    assert!(recorder.status("Wrong codes, screen").ends_with("1; codes are accepted"));
    recorder.quit();
    let mut recorder = Recorder::start(&state, &[]);
    assert!(recorder.status("Wrong codes, screen").ends_with("1; codes are accepted"), "it outlives a restart");
    recorder.quit();
}

#[test]
fn a_power_cut_before_the_comparison_costs_the_guess() {
    let state = State::new();
    let mut recorder = Recorder::start(&state, &["--slow"]);
    let (serial, _) = recorder.forgot();
    let code = state.code(&[&serial]);
    recorder.types("3");
    recorder.types(&code);
    recorder.until("pull the plug");
    recorder.process.kill().unwrap(); // SIGKILL
    recorder.process.wait().unwrap();

    let mut recorder = Recorder::start(&state, &[]);
    assert!(recorder.status("Wrong codes, screen").ends_with("1; codes are accepted"));
    recorder.types("3");
    recorder.types(&code);
    recorder.until("No request is open");
    assert_ne!(recorder.forgot().0, serial, "another serial number after a restart");
    assert!(recorder.status("Wrong codes, screen").ends_with("1; codes are accepted"), "nothing more was counted");
    recorder.quit();
}

#[test]
fn the_desk_marks_what_cannot_be_read() {
    let state = State::new();
    Recorder::start(&state, &[]).quit();
    let refused = |sent: &str| {
        let output = state.support(&[sent]);
        assert!(!output.status.success(), "{sent}");
        String::from_utf8(output.stdout).unwrap()
    };
    let text = refused("ORP1:8104!");
    assert!(text.starts_with("    ORP1:8104!\n             ^\n"), "{text}");
    assert!(refused("1234-5678-9012").contains("That is a code"));
    assert!(refused("4H0583BPAG12345").contains("here there are 15"));
    assert!(!refused("\x1b[2J 4H0583BPAG12345-8002S-H8YJX-0BNF2-MTP56").contains('\x1b'), "nothing that was sent moves the cursor");
}

/// The address changes right after an administrator's login alone; the web page is allowed again with the password typed anew.
#[test]
fn an_administrator_changes_the_address() {
    let state = State::new();
    let mut recorder = Recorder::start(&state, &["--web"]);
    recorder.types("8");
    recorder.until("choose 6 first");
    for choice in ["6", "7", "1"] {
        recorder.types(choice);
    }
    recorder.types("8");
    recorder.until("choose 6 first"); // something else was done since the login
    for line in ["6", "8", "piet@example.nl"] {
        recorder.types(line);
    }
    recorder.until("Requests that were open have ended");
    recorder.types("11");
    recorder.types("secret");
    recorder.until("at least 20 more");
    assert!(recorder.status("E-mail address").ends_with("p***@e***.nl"));
    recorder.quit();
}

/// KEY-6: neither starts with a key that is not its own.
#[test]
fn neither_starts_with_a_changed_key() {
    let state = State::new();
    Recorder::start(&state, &[]).quit();
    for (key, program) in [("device-key", "recorder"), ("vendor/root", "support")] {
        let path = state.0.join(key);
        let mut bytes = fs::read(&path).unwrap();
        bytes[31] ^= 1;
        fs::write(&path, bytes).unwrap();
        let output = Command::new(example(program)).arg("--state").arg(&state.0).stdin(Stdio::null()).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        assert!(!output.status.success() && String::from_utf8_lossy(&said).contains("does not fit"), "{}", String::from_utf8_lossy(&said));
    }
}
