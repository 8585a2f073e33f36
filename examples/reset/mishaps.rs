//! What goes wrong, and what it costs.

use std::time::Duration;

use offline_reset::{Closing, Origin, Purpose, Standing, SubmitError, Term, TypedChallenge, Uptime, corrections};

use super::common::device::{Flash, Refusal, Verdict};
use super::common::lang::Lang;
use super::common::screen::Screen;
use super::world::{ADDRESS, Stop, World, fresh_key, recorder, told, untold};

const LOCAL: Origin = Origin::Local;
const PASSWORD: Purpose = Purpose::AccountPassword;
const MINUTE: Duration = Duration::from_secs(60);

pub(crate) fn all(screen: &mut Screen, lang: Lang) -> Result<(), Stop> {
    screen.blank()?;
    screen.title(&lang.mishaps_title())?;
    screen.paragraph(&lang.mishaps_introduction())?;
    let mut world = World::new(screen, lang, None)?;
    typo(&mut world)?;
    wrong_code(&mut world)?;
    expired(&mut world)?;
    used_again(&mut world)?;
    power_cut(&mut world)?;
    closed(&mut world)?;
    web_page(&mut World::new(screen, lang, Some(ADDRESS))?)?;
    let mut world = World::new(screen, lang, None)?;
    mistyped_challenge(&mut world)?;
    forged(&mut world)
}

/// What it cost the local screen: `spent` attempts.
fn cost(world: &mut World<'_>, before: u8, spent: u8) -> Result<(), Stop> {
    let after = world.recorder.failures(LOCAL);
    told(after == before + spent, "the failures on record")?;
    let lang = world.lang;
    let text = if spent == 0 { lang.costs_nothing(before, after) } else { lang.costs_one(before, after) };
    world.says(&lang.cost(), &text)
}

/// The code with the digit at `place` one higher.
fn with_next_digit(code: &str, place: usize) -> String {
    let next = |ch: char| ch.to_digit(10).and_then(|d| char::from_digit((d + 1) % 10, 10)).unwrap_or(ch);
    code.chars().enumerate().map(|(i, ch)| if i == place { next(ch) } else { ch }).collect()
}

/// Guesses a code that is wrong in its last digit but one, trying every check digit: nine cost nothing, one is compared.
fn guess(world: &mut World<'_>, origin: Origin, right: &str) -> Result<(String, Result<Verdict, Refusal>), Stop> {
    let wrong = with_next_digit(right, 12);
    for check in '0'..='9' {
        let code = format!("{}{check}", &wrong[..13]);
        match world.submit(origin, &code) {
            Err(Refusal::Submit(SubmitError::Check)) => {}
            other => return Ok((code, other)),
        }
    }
    Err(Stop::NotAsTold("one check digit in ten is right".to_owned()))
}

/// The recorder refuses as told, and says why.
fn refused(world: &mut World<'_>, code: &str, why: SubmitError) -> Result<(), Stop> {
    match world.submit(LOCAL, code) {
        Err(Refusal::Submit(error)) if error == why => {
            let text = world.lang.refusal(&Refusal::Submit(error));
            world.recorder_says(&text)
        }
        other => Err(Stop::NotAsTold(format!("{why:?}: {other:?}"))),
    }
}

/// An open challenge and a code for it.
fn open_and_answer(world: &mut World<'_>, term: Term) -> Result<(String, String), Stop> {
    let shown = world.open(LOCAL, PASSWORD)?;
    let text = World::text(&shown)?;
    let code = world.answer(&text, term)?.reveal().to_owned();
    Ok((text, code))
}

fn typo(world: &mut World<'_>) -> Result<(), Stop> {
    let lang = world.lang;
    world.screen.section(&lang.typo())?;
    let before = world.recorder.failures(LOCAL);
    let (_, right) = open_and_answer(world, Term::DynamicPassword24H)?;
    let typed = with_next_digit(&right, 7);
    world.support(&lang.gave(&right))?;
    world.owner(&lang.types(&typed))?;
    refused(world, &typed, SubmitError::Check)?;
    cost(world, before, 0)
}

fn wrong_code(world: &mut World<'_>) -> Result<(), Stop> {
    let lang = world.lang;
    world.screen.section(&lang.wrong_code())?;
    let before = world.recorder.failures(LOCAL);
    let (_, right) = open_and_answer(world, Term::DynamicPassword24H)?;
    let (code, outcome) = guess(world, LOCAL, &right)?;
    world.says(&lang.somebody(), &lang.guesses(&code))?;
    told(matches!(outcome, Ok(Verdict::Rejected)), "a wrong code is rejected")?;
    world.recorder_says(&lang.rejected())?;
    cost(world, before, 1)
}

fn expired(world: &mut World<'_>) -> Result<(), Stop> {
    let lang = world.lang;
    world.screen.section(&lang.expired_title())?;
    let now = world.now();
    world.recorder.close(Closing::Withdraw, now).map_err(untold("closing"))?;
    world.pass(MINUTE);
    let before = world.recorder.failures(LOCAL);
    let (_, code) = open_and_answer(world, Term::DynamicPassword10Min)?;
    world.support(&lang.gives_dynamic_password(&code, &lang.time(10 * MINUTE)))?;
    world.later(10 * MINUTE)?;
    world.owner(&lang.types(&code))?;
    refused(world, &code, SubmitError::Expired)?;
    cost(world, before, 0)
}

fn used_again(world: &mut World<'_>) -> Result<(), Stop> {
    let lang = world.lang;
    world.screen.section(&lang.used_again())?;
    let (_, code) = open_and_answer(world, Term::DynamicPassword24H)?;
    world.owner(&lang.types(&code))?;
    world.reset_with(LOCAL, &code, PASSWORD)?;
    let before = world.recorder.failures(LOCAL);
    world.owner(&lang.types_again(&code))?;
    refused(world, &code, SubmitError::NoChallenge)?;
    cost(world, before, 0)?;
    world.pass(MINUTE);
    world.open(LOCAL, PASSWORD)?;
    world.owner(&lang.types_at_the_next(&code))?;
    // the check digit, which depends on the challenge, stops nine such codes in ten; the tenth is compared, and wrong
    match world.submit(LOCAL, &code) {
        Err(Refusal::Submit(SubmitError::Check)) => {
            world.recorder_says(&lang.check_digit())?;
            cost(world, before, 0)
        }
        Ok(Verdict::Rejected) => {
            world.recorder_says(&lang.rejected())?;
            cost(world, before, 1)
        }
        other => Err(Stop::NotAsTold(format!("a code of before: {other:?}"))),
    }
}

fn power_cut(world: &mut World<'_>) -> Result<(), Stop> {
    let lang = world.lang;
    world.screen.section(&lang.power_cut_title())?;
    world.pass(MINUTE);
    let before = world.recorder.failures(LOCAL);
    let (old, code) = open_and_answer(world, Term::DynamicPassword24H)?;
    world.owner(&lang.types(&code))?;
    let (now, inside) = (world.now(), &mut world.recorder);
    let attempt = inside.ledger.submit(&inside.key, LOCAL, 0, &code, now, &inside.flash.read()?).map_err(untold("the right code"))?;
    inside.flash.write(attempt.slot(), attempt.record())?;
    world.recorder_says(&lang.power_goes())?; // the attempt ends here, stored and never compared
    world.power_cut()?;
    world.owner(&lang.types_again(&code))?;
    refused(world, &code, SubmitError::NoChallenge)?;
    let new = World::text(&world.open(LOCAL, PASSWORD)?)?;
    told(old != new, "after a power cut the serial number is another")?;
    world.recorder_says(&lang.new_serial(&new))?;
    cost(world, before, 1)
}

fn closed(world: &mut World<'_>) -> Result<(), Stop> {
    let lang = world.lang;
    world.screen.section(&lang.closed())?;
    let before = world.recorder.failures(LOCAL);
    let first = World::text(&world.open(LOCAL, PASSWORD)?)?;
    world.recorder_says(&first)?;
    world.owner(&lang.closes())?;
    let now = world.now();
    world.recorder.close(Closing::Withdraw, now).map_err(untold("closing"))?;
    world.later(MINUTE)?;
    let second = World::text(&world.open(LOCAL, PASSWORD)?)?;
    told(first != second, "closing changes the serial number")?;
    world.recorder_says(&lang.changed(&second))?;
    world.owner(&lang.closes_and_keeps())?;
    let now = world.now();
    world.recorder.close(Closing::Keep, now).map_err(untold("closing"))?;
    world.later(Duration::from_secs(43 * 3600))?;
    let third = World::text(&world.open(LOCAL, PASSWORD)?)?;
    told(second == third, "closing with keep does not change the serial number")?;
    world.recorder_says(&lang.stayed(&third))?;
    cost(world, before, 0)
}

/// One guess on the web page, at whatever challenge is open there now.
fn web_guess(world: &mut World<'_>) -> Result<Result<Verdict, Refusal>, Stop> {
    let shown = world.open(Origin::Network, PASSWORD)?;
    let qr = offline_reset::QrChallenge::read(world.qr_text(&shown)?.as_str()).map_err(untold("the QR code's text"))?;
    let key = world.vendor_key(qr.claimed())?;
    let right = qr.verify(&key).map_err(untold("the QR code's tag"))?.genuine().answer(Term::SecureCode24H);
    Ok(guess(world, Origin::Network, right.reveal())?.1)
}

fn web_page(world: &mut World<'_>) -> Result<(), Stop> {
    let lang = world.lang;
    world.screen.section(&lang.web_page())?;
    let before = world.recorder.failures(LOCAL);
    for _ in 0..5 {
        told(matches!(web_guess(world)?, Ok(Verdict::Rejected)), "a wrong code is rejected")?;
    }
    let refusal = match web_guess(world)? {
        Err(refusal @ Refusal::Submit(SubmitError::Waiting { .. })) => refusal,
        other => return Err(Stop::NotAsTold(format!("five wrong codes bring a wait: {other:?}"))),
    };
    world.says(&lang.somebody(), &lang.five_on_the_web_page())?;
    world.says(&lang.web(), &lang.refusal(&refusal))?;
    let started = world.now();
    loop {
        match web_guess(world)? {
            Ok(Verdict::Rejected) => {}
            Err(Refusal::Submit(SubmitError::Waiting { remaining })) => world.pass(remaining),
            Err(Refusal::Submit(SubmitError::Expired)) => world.pass(60 * MINUTE), // until the recorder withdraws the challenge
            Err(refusal @ Refusal::Submit(SubmitError::Stopped)) => {
                let days = (world.now().as_secs() - started.as_secs()).div_ceil(86_400);
                world.says(&lang.somebody(), &lang.goes_on(days, world.recorder.failures(Origin::Network)))?;
                world.says(&lang.web(), &lang.refusal(&refusal))?;
                break;
            }
            other => return Err(Stop::NotAsTold(format!("guessing on the web page: {other:?}"))),
        }
    }
    told(world.recorder.failures(Origin::Network) == 100, "the web page stops at 100")?;
    told(world.recorder.ledger.standing(LOCAL, world.now()) == Standing::Ready, "the local screen is open")?;
    cost(world, before, 0)?;
    let (_, code) = open_and_answer(world, Term::DynamicPassword24H)?;
    world.owner(&lang.at_the_screen(&code))?;
    world.reset_with(LOCAL, &code, PASSWORD)?;
    told(world.recorder.failures(Origin::Network) == 0, "a reset at the local screen clears the web page's count")?;
    world.says(&lang.web(), &lang.web_page_open_again())
}

/// The text with the two characters at these places (from its end) replaced by others.
fn with_slips(text: &str, places: [usize; 2]) -> String {
    let last = text.chars().count() - 1;
    let slip = |ch: char| if ch == '8' { 'B' } else { '8' };
    text.chars().enumerate().map(|(i, ch)| if places.contains(&(last - i)) { slip(ch) } else { ch }).collect()
}

fn mistyped_challenge(world: &mut World<'_>) -> Result<(), Stop> {
    let lang = world.lang;
    world.screen.section(&lang.mistyped())?;
    let before = world.recorder.failures(LOCAL);
    let screen = World::text(&world.open(LOCAL, PASSWORD)?)?;
    world.recorder_says(&screen)?;
    let sent = with_slips(&screen, [3, 15]);
    world.owner(&lang.sends(&sent))?;
    told(TypedChallenge::read(&sent).is_err(), "the check code finds two wrong characters")?;
    world.support(&lang.proposes())?;
    let mut confirmed = None;
    for (number, candidate) in (1..).zip(corrections(&sent).map_err(untold("corrections"))?) {
        world.screen.item(&number.to_string(), candidate.text())?;
        if candidate.text().as_str() == screen {
            confirmed = Some((number, candidate));
        }
    }
    let Some((number, candidate)) = confirmed else { return Err(Stop::NotAsTold("the right one is proposed".to_owned())) };
    world.owner(&lang.confirms(number))?;
    let typed = candidate.confirmed_by_a_person();
    let key = world.vendor_key(typed.claimed())?;
    let code = typed.verify(&key).map_err(untold("the tag"))?.answer(Term::DynamicPassword24H);
    world.support(&lang.gives_dynamic_password(code.reveal(), &lang.time(code_time())))?;
    world.reset_with(LOCAL, code.reveal(), PASSWORD)?;
    cost(world, before, 0)
}

const fn code_time() -> Duration {
    Term::DynamicPassword24H.validity()
}

fn forged(world: &mut World<'_>) -> Result<(), Stop> {
    let lang = world.lang;
    world.screen.section(&lang.forged())?;
    let before = world.recorder.failures(LOCAL);
    // a program that knows all of SPEC.md and the serial, but not the recorder's key
    let now = Uptime::from_secs(40);
    let shown = recorder(&mut fresh_key()?, now)?.open(LOCAL, PASSWORD, false, now).map_err(untold("forging"))?;
    let text = World::text(&shown)?;
    world.says(&lang.somebody(), &lang.sends(&text))?;
    let typed = TypedChallenge::read(&text).map_err(untold("a forged challenge is well-formed"))?;
    let key = world.vendor_key(typed.claimed())?;
    told(typed.verify(&key).is_err(), "a forged challenge is refused")?; // but for one in 2^20
    world.support(&lang.not_genuine())?;
    cost(world, before, 0)
}
