//! The four ways back in (SPEC.md §1).

use std::time::Duration;

use offline_reset::{Closing, Origin, Purpose, QrChallenge, Shown, Term, TypedChallenge, spell};

use super::common::lang::Lang;
use super::common::screen::Screen;
use super::world::{ADDRESS, Stop, World, told, untold};

pub(crate) fn all(screen: &mut Screen, lang: Lang) -> Result<(), Stop> {
    by_phone(&mut World::new(screen, lang, None)?)?;
    // one recorder for the other three: its reset count grows
    let mut world = World::new(screen, lang, Some(ADDRESS))?;
    by_app(&mut world)?;
    by_web_page(&mut world)?;
    by_mail_alone(&mut world)
}

/// 1. The typed challenge, read out; a dynamic password back.
fn by_phone(world: &mut World<'_>) -> Result<(), Stop> {
    let lang = world.lang;
    world.screen.section(&lang.by_phone())?;
    let shown = world.open(Origin::Local, Purpose::AccountPassword)?;
    let text = World::text(&shown)?;
    world.recorder_says(&lang.shows_serial())?;
    world.says("", &text)?;
    world.show_qr(&shown)?;
    let (label, symbols) = text.split_at(text.len() - 24); // 20 symbols, four dashes
    world.owner(&lang.reads_label(label))?;
    for group in symbols.split('-').filter(|group| !group.is_empty()) {
        let words: Vec<_> = group.chars().filter_map(|ch| spell(ch, lang.spelling())).collect();
        world.screen.item(group, words.join(" "))?;
    }
    let heard = text.replace('-', " ").to_lowercase();
    world.support(&lang.types_what_is_heard(&heard))?;
    let typed = TypedChallenge::read(&heard).map_err(untold("what support typed"))?;
    let key = world.vendor_key(typed.claimed())?;
    let genuine = typed.verify(&key).map_err(untold("the tag"))?;
    world.facts(genuine.challenge(), None)?;
    let term = Term::DynamicPassword24H;
    let code = genuine.answer(term);
    world.support(&lang.gives_dynamic_password(code.reveal(), &lang.time(term.validity())))?;
    world.later(Duration::from_secs(4 * 60))?;
    world.owner(&lang.types(code.reveal()))?;
    world.reset_with(Origin::Local, code.reveal(), Purpose::AccountPassword)
}

/// The app or the web page's backend reads the QR, and mails the code to the address inside.
fn mailed_code(world: &mut World<'_>, read: &str, term: Term) -> Result<String, Stop> {
    let lang = world.lang;
    let qr = QrChallenge::read(read).map_err(untold("the QR code's text"))?;
    let key = world.vendor_key(qr.claimed())?;
    let genuine = qr.verify(&key).map_err(untold("the QR code's tag"))?;
    let (address, code) = genuine.secure_code(term).map_err(untold("the address in the QR code"))?;
    told(address.as_str() == ADDRESS, "the address in the QR code is the one on file")?;
    world.facts(genuine.genuine().challenge(), Some(address.as_str()))?;
    world.says(&lang.mail(), &lang.mails(address.as_str(), code.reveal(), &lang.time(term.validity())))?;
    Ok(code.reveal().to_owned())
}

/// What the screen says beside the QR.
fn shows_qr(world: &mut World<'_>, shown: &Shown, what: &str) -> Result<String, Stop> {
    world.recorder_says(what)?;
    world.show_qr(shown)
}

fn masked() -> Result<String, Stop> {
    Ok(offline_reset::Address::new(ADDRESS).map_err(untold("address"))?.masked().to_string())
}

/// 2. The QR on the screen, scanned by the app; a secure code by e-mail.
fn by_app(world: &mut World<'_>) -> Result<(), Stop> {
    let lang = world.lang;
    world.screen.section(&lang.by_app())?;
    let shown = world.open(Origin::Local, Purpose::UnlockPattern)?;
    let read = shows_qr(world, &shown, &lang.forgot_pattern(&masked()?))?;
    world.says(&lang.app(), &lang.app_scans())?;
    let code = mailed_code(world, &read, Term::SecureCode1H)?;
    world.later(Duration::from_secs(120))?;
    world.owner(&lang.types(&code))?;
    world.reset_with(Origin::Local, &code, Purpose::UnlockPattern)
}

/// 3. The same on the recorder's web page, with a QR that any phone's camera takes.
fn by_web_page(world: &mut World<'_>) -> Result<(), Stop> {
    let lang = world.lang;
    world.screen.section(&lang.by_web_page())?;
    let shown = world.open(Origin::Network, Purpose::AccountPassword)?;
    told(shown.text().is_none(), "the web page shows no serial number")?;
    let read = shows_qr(world, &shown, &lang.web_page_shows(&masked()?))?;
    world.says(&lang.phone(), &lang.camera_opens())?;
    let code = mailed_code(world, &read, Term::SecureCode10Min)?;
    world.later(Duration::from_secs(120))?;
    world.owner(&lang.types(&code))?;
    world.reset_with(Origin::Network, &code, Purpose::AccountPassword)
}

/// 4. Begun earlier and kept open; the code is read from the e-mail and clicked in with a mouse.
fn by_mail_alone(world: &mut World<'_>) -> Result<(), Stop> {
    let lang = world.lang;
    world.screen.section(&lang.by_mail_alone())?;
    let shown = world.open(Origin::Local, Purpose::AccountPassword)?;
    let read = shows_qr(world, &shown, &lang.evening())?;
    let code = mailed_code(world, &read, Term::SecureCode24H)?;
    world.owner(&lang.closes_and_keeps())?;
    let now = world.now();
    world.recorder.close(Closing::Keep, now).map_err(untold("closing"))?;
    world.later(Duration::from_secs(11 * 3600))?;
    let again = world.open(Origin::Local, Purpose::AccountPassword)?;
    told(again.challenge() == shown.challenge(), "the serial number has stayed")?;
    world.recorder_says(&lang.still_there())?;
    for row in ["┌───┬───┬───┐", "│ 1 │ 2 │ 3 │", "│ 4 │ 5 │ 6 │", "│ 7 │ 8 │ 9 │", "│ ← │ 0 │ ✓ │", "└───┴───┴───┘"]
    {
        world.says("", row)?;
    }
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    world.owner(&lang.clicks(&digits))?;
    world.reset_with(Origin::Local, &digits, Purpose::AccountPassword)
}
