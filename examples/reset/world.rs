//! The stage: a factory, a recorder with simulated flash and clock, and the vendor's side.

use std::io;
use std::time::Duration;

use offline_reset::{
    Address, Challenge, Code, Device, DeviceKey, Epoch, Grant, Ledger, Origin, Policy, Purpose, QrText, Rendering, RootKey, SEALED_RECORD,
    Serial, Shown, Slot, Slots, Term, TypedChallenge, Uptime, Url,
};

use super::common::device::{Flash, Recorder, Refusal, Verdict};
use super::common::lang::Lang;
use super::common::qr::Drawing;
use super::common::screen::Screen;

pub(crate) const SERIAL: &str = "4H0583BPAG12345";
pub(crate) const ADDRESS: &str = "jan@example.nl";
const PAGE: &str = "HTTPS://RESET.EXAMPLE.NL/";

/// Why the play ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    Output(io::Error),
    /// The step that did not go as told.
    NotAsTold(String),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The step goes as told, or the play ends.
pub(crate) fn told(as_told: bool, step: &str) -> Result<(), Stop> {
    if as_told { Ok(()) } else { Err(Stop::NotAsTold(step.to_owned())) }
}

/// An error that the play does not tell of.
pub(crate) fn untold<E: std::fmt::Debug>(step: &str) -> impl FnOnce(E) -> Stop {
    move |error| Stop::NotAsTold(format!("{step}: {error:?}"))
}

/// Flash that outlives a simulated power cut.
#[derive(Debug)]
pub(crate) struct Memory(Slots);

impl Flash for Memory {
    fn read(&self) -> io::Result<Slots> {
        Ok(self.0)
    }

    fn write(&mut self, slot: Slot, record: &[u8; SEALED_RECORD]) -> io::Result<()> {
        self.0[slot.index()] = *record;
        Ok(())
    }
}

/// 32 fresh bytes for a key.
pub(crate) fn fresh_key() -> Result<[u8; 32], Stop> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|error| Stop::NotAsTold(error.to_string()))?;
    Ok(key)
}

/// A recorder as it leaves the factory.
pub(crate) fn recorder(d: &mut [u8], now: Uptime) -> Result<Recorder<Memory>, Stop> {
    let serial = Serial::new(SERIAL).map_err(untold("serial"))?;
    let key = DeviceKey::derived(d).map_err(untold("D"))?;
    let flash = Memory([Ledger::genesis(&key), [0xff; SEALED_RECORD]]);
    let device = Device { serial, epoch: Epoch::ZERO, policy: Policy::default() };
    Ok(Recorder::start(key, device, flash, now)?.0)
}

/// One recorder, its owner, and the vendor.
pub(crate) struct World<'s> {
    pub(crate) screen: &'s mut Screen,
    pub(crate) lang: Lang,
    pub(crate) recorder: Recorder<Memory>,
    root: RootKey,
    address: Option<&'static str>,
    uptime: u64,
}

impl<'s> World<'s> {
    /// The factory: a fresh root, a fresh recorder.
    pub(crate) fn new(screen: &'s mut Screen, lang: Lang, address: Option<&'static str>) -> Result<Self, Stop> {
        let root = RootKey::take(&mut fresh_key()?).map_err(untold("root"))?;
        let serial = Serial::new(SERIAL).map_err(untold("serial"))?;
        let recorder = recorder(&mut root.derive(&serial).map_err(untold("D"))?, Uptime::from_secs(40))?;
        Ok(Self { screen, lang, recorder, root, address, uptime: 40 })
    }

    pub(crate) const fn now(&self) -> Uptime {
        Uptime::from_secs(self.uptime)
    }

    pub(crate) const fn pass(&mut self, time: Duration) {
        self.uptime += time.as_secs();
    }

    /// The power goes and comes back.
    pub(crate) fn power_cut(&mut self) -> Result<(), Stop> {
        self.uptime = 40;
        let now = self.now();
        self.recorder.reload(now)?;
        Ok(())
    }

    pub(crate) fn open(&mut self, origin: Origin, purpose: Purpose) -> Result<Shown, Stop> {
        let now = self.now();
        self.recorder.open(origin, purpose, self.address.is_some(), now).map_err(untold("open"))
    }

    /// The typed challenge of the local screen.
    pub(crate) fn text(shown: &Shown) -> Result<String, Stop> {
        shown.text().map(ToString::to_string).ok_or_else(|| Stop::NotAsTold("no typed challenge at the local screen".to_owned()))
    }

    pub(crate) fn submit(&mut self, origin: Origin, text: &str) -> Result<Verdict, Refusal> {
        let now = self.now();
        self.recorder.submit(origin, text, now, || ())
    }

    /// The vendor's side: D of the recorder that a challenge names.
    pub(crate) fn vendor_key(&self, claimed: &Challenge) -> Result<DeviceKey, Stop> {
        self.root.device_key(claimed.serial()).map_err(untold("the recorder's key"))
    }

    /// What the vendor answers to a typed challenge.
    pub(crate) fn answer(&self, text: &str, term: Term) -> Result<Code, Stop> {
        let typed = TypedChallenge::read(text).map_err(untold("reading the challenge"))?;
        let key = self.vendor_key(typed.claimed())?;
        Ok(typed.verify(&key).map_err(untold("the tag"))?.answer(term))
    }

    /// The QR's text for what is shown.
    pub(crate) fn qr_text(&self, shown: &Shown) -> Result<QrText, Stop> {
        let address = self.address.map(Address::new).transpose().map_err(untold("address"))?;
        let rendering = match shown.challenge().header().origin() {
            Origin::Local => Rendering::App,
            Origin::Network => Rendering::Url(Url::new(PAGE).map_err(untold("url"))?),
        };
        shown.qr(&self.recorder.key, address, rendering).map_err(untold("QR"))
    }

    /// Draws the QR on the screen, and gives what a camera reads there.
    pub(crate) fn show_qr(&mut self, shown: &Shown) -> Result<String, Stop> {
        let text = self.qr_text(shown)?;
        let drawing = Drawing::new(text.as_str()).ok_or_else(|| Stop::NotAsTold("the QR code cannot be drawn".to_owned()))?;
        self.screen.qr(&drawing)?;
        let read = photographed(&drawing)?;
        told(read == text.as_str(), "a camera reads the QR code")?;
        Ok(read)
    }

    pub(crate) fn says(&mut self, who: &str, text: &str) -> Result<(), Stop> {
        Ok(self.screen.says(who, text)?)
    }

    pub(crate) fn recorder_says(&mut self, text: &str) -> Result<(), Stop> {
        let who = self.lang.recorder();
        self.says(&who, text)
    }

    pub(crate) fn owner(&mut self, text: &str) -> Result<(), Stop> {
        let who = self.lang.owner();
        self.says(&who, text)
    }

    pub(crate) fn support(&mut self, text: &str) -> Result<(), Stop> {
        let who = self.lang.support();
        self.says(&who, text)
    }

    /// Time passes, and is told.
    pub(crate) fn later(&mut self, time: Duration) -> Result<(), Stop> {
        self.pass(time);
        let text = self.lang.later(&self.lang.time(time));
        self.says("", &text)
    }

    /// What the vendor's side sees, before it answers.
    pub(crate) fn facts(&mut self, challenge: &Challenge, address: Option<&str>) -> Result<(), Stop> {
        let mut facts = self.lang.facts(challenge);
        facts.extend(address.map(|address| (self.lang.fact_address(), address.to_owned())));
        for (name, value) in facts {
            self.screen.field(&name, value)?;
        }
        Ok(())
    }

    /// The right code is typed, and the Grant is used for the new password or pattern.
    pub(crate) fn reset_with(&mut self, origin: Origin, code: &str, purpose: Purpose) -> Result<(), Stop> {
        let before = self.recorder.ledger.resets();
        let grant = match self.submit(origin, code) {
            Ok(Verdict::Granted(grant)) => grant,
            other => return Err(Stop::NotAsTold(format!("the right code: {other:?}"))),
        };
        self.use_grant(grant, purpose)?;
        told(self.recorder.ledger.resets() == before + 1, "the reset is counted")?;
        told(self.recorder.failures(origin) == 0, "the failures are cleared")
    }

    fn use_grant(&mut self, grant: Grant, purpose: Purpose) -> Result<(), Stop> {
        self.pass(Duration::from_secs(45)); // choosing a password
        let reset = grant.consume(self.now()).map_err(untold("the Grant"))?;
        told(reset.purpose() == purpose, "the Grant is for what was asked")?;
        let text = self.lang.granted(self.lang.the_method(reset.method()), self.lang.purpose(reset.purpose()), reset.resets());
        self.recorder_says(&text)
    }
}

/// The QR code as a camera sees it: four pixels a module.
fn photographed(drawing: &Drawing) -> Result<String, Stop> {
    const PIXELS: usize = 4;
    let side = drawing.side * PIXELS;
    let mut image = rqrr::PreparedImage::prepare_from_bitmap(side, side, |x, y| drawing.dark(x / PIXELS, y / PIXELS));
    let grids = image.detect_grids();
    let grid = grids.first().ok_or_else(|| Stop::NotAsTold("no QR code in the picture".to_owned()))?;
    Ok(grid.decode().map_err(untold("reading the QR code"))?.1)
}
