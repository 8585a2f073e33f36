//! `cargo run --example reset`: the four ways back into a recorder, and what goes wrong with them, played at the terminal.
//!
//! Keys are made at each run; flash and clock are simulated. Every step is checked: a step that does not go as told ends the
//! program with an error.

#[path = "../common/mod.rs"]
mod common;
mod flows;
mod messages;
mod mishaps;
mod world;

use std::io;
use std::process::ExitCode;

use common::args;
use common::lang::Lang;
use common::screen::Screen;
use lexopt::Arg;
use world::Stop;

/// Where the text begins, in columns.
const MARGIN: usize = 12;

/// What the command line asks for.
struct Asked {
    lang: Lang,
    help: bool,
}

fn asked() -> Result<Asked, String> {
    let mut asked = Asked { lang: args::lang(), help: false };
    let mut args = lexopt::Parser::from_env();
    while let Some(arg) = args.next().map_err(|e| args::error(&e))? {
        match arg {
            Arg::Long("lang") => args::check_lang(&mut args)?,
            Arg::Long("help") | Arg::Short('h') => asked.help = true,
            other => return Err(args::error(&other.unexpected())),
        }
    }
    Ok(asked)
}

fn play(lang: Lang) -> Result<(), Stop> {
    let mut screen = Screen::new(MARGIN);
    screen.title(&lang.title())?;
    screen.paragraph(&lang.introduction())?;
    flows::all(&mut screen, lang)?;
    mishaps::all(&mut screen, lang)?;
    screen.section(&lang.done_title())?;
    screen.paragraph(&lang.done())?;
    Ok(())
}

fn main() -> ExitCode {
    let Asked { lang, help } = match asked() {
        Ok(asked) => asked,
        Err(error) => {
            eprintln!("{error}\n\n{}", args::lang().help());
            return ExitCode::FAILURE;
        }
    };
    if help {
        return Screen::new(MARGIN).line(&lang.help()).map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS);
    }
    match play(lang) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {} // the reader has seen enough
        Err(Stop::Output(error)) => eprintln!("{error}"),
        Err(Stop::NotAsTold(step)) => eprintln!("{}", lang.not_as_told(&step)),
    }
    ExitCode::FAILURE
}
