//! The one oracle of the session (SPEC.md §9, §10): each call is made to the crate and to `independent`, and what they say is to be the same.
//! `checks/model` compiles this file too, with another `orp`. What neither implementation states, whoever makes the calls asserts.

use offline_reset_independent as other;
use other::session::{Device, Outcome};

use crate::orp::{
    Closing, CodeError, Compared, DeviceKey, Grant, Ledger, Lowered, OpenError, Opened, Origin, Purpose, Request, Resumed, Shown, Slots,
    Standing, StoreError, SubmitError, Uptime, hazmat,
};

/// Name and argument of an error (SPEC.md §13).
pub type Failure = (&'static str, Option<u64>);

/// A call of a device's session.
#[derive(Clone, Copy, Debug)]
pub enum Call<'a> {
    /// A challenge is asked for: origin, purpose, whether an address is on file, and the entropy.
    Open(Origin, Purpose, bool, &'a [u8; 32]),
    /// A code is typed, in this session.
    Submit(Origin, u32, &'a str),
    /// An administrator logs in.
    Login,
    /// An administrator allows the network again.
    AllowAgain,
    /// The local screen is closed, its challenge kept or not.
    Close(bool),
    /// The address on file changes.
    Withdraw,
    /// The slots were read after a store: the pending step is taken.
    Confirm,
}

/// What a call gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A record that waits.
    Stores(Pending),
    /// A challenge is on the screen.
    Shown {
        /// Its header.
        hdr: u16,
        /// Its nonce.
        nonce: [u8; 5],
        /// Since when, and until when.
        shown: [u64; 2],
        /// Whether guesses are stopped, else how long they wait.
        standing: (bool, u64),
        /// The typed text.
        text: Option<String>,
    },
    /// A Grant.
    Grant(Permits),
    /// Nothing more.
    Done,
}

/// Slot, record, and the session of the submit behind it.
pub type Pending = (usize, [u8; 32], Option<u32>);

/// Origin, purpose, method, resets, session and handle of a Grant.
pub type Permits = (u8, u8, u8, u32, u32, [u8; 16]);

/// What a Grant permits.
#[must_use]
pub fn permits(grant: &Grant) -> Permits {
    let reset = hazmat::grant_permits(grant);
    (reset.origin() as u8, reset.purpose() as u8, reset.method() as u8, reset.resets(), grant.session(), *grant.handle())
}

/// What a ledger is, seen from outside: record and slot, poisoned, and for each origin the standing and the live challenge.
pub type View = (other::ledger::Record, usize, bool, [(bool, u64); 2], [Option<(u16, [u8; 5])>; 2]);

/// Local screen or network.
#[must_use]
pub const fn origin(network: bool) -> Origin {
    if network { Origin::Network } else { Origin::Local }
}

fn standing(standing: Standing) -> (bool, u64) {
    match standing {
        Standing::Ready => (false, 0),
        Standing::Waiting { remaining } => (false, remaining.as_secs()),
        Standing::Stopped => (true, 0),
    }
}

fn of_shown(shown: &Shown) -> Said {
    let challenge = shown.challenge();
    Said::Shown {
        hdr: challenge.header().bits(),
        nonce: *challenge.nonce().bytes(),
        shown: [shown.shown_at().as_secs(), shown.expires_at().as_secs()],
        standing: standing(shown.standing()),
        text: shown.text().map(|text| text.as_str().to_string()),
    }
}

/// Name and argument.
#[must_use]
pub fn of_open(error: OpenError) -> Failure {
    let argument = if let OpenError::TooSoon { remaining } = error { Some(remaining.as_secs()) } else { None };
    (error.name(), argument)
}

/// Name and argument.
#[must_use]
pub fn of_submit(error: SubmitError) -> Failure {
    match error {
        SubmitError::Read(error) => of_code(error),
        SubmitError::Waiting { remaining } => (error.name(), Some(remaining.as_secs())),
        _ => (error.name(), None),
    }
}

/// Name and argument.
#[must_use]
pub fn of_code(error: CodeError) -> Failure {
    let argument = match error {
        CodeError::TooLong { limit: n } | CodeError::Alphabet { position: n } | CodeError::Length { found: n } => Some(n as u64),
        _ => None,
    };
    (error.name(), argument)
}

/// The record that a ledger waits for.
pub fn pending(ledger: &mut Ledger) -> Option<Pending> {
    ledger.resume().ok().map(|step| (step.slot().index(), *step.record(), step.session()))
}

/// The driver reports an error: the pending step is given up, by both.
pub fn abandon(ledger: &mut Ledger, theirs: Option<&mut other::ledger::Ledger>) {
    if let Ok(step) = ledger.resume() {
        step.abandon();
    }
    theirs.map(other::ledger::Ledger::give_up);
}

/// The pending step's caller is gone: both finish it. `store` writes a slot and reads both, or fails. Whether both stored the same.
pub fn finish(
    key: &DeviceKey,
    ledger: &mut Ledger,
    theirs: Option<&mut Device>,
    mut store: impl FnMut(usize, &[u8; 32]) -> Option<Slots>,
) -> bool {
    let mut stores = Vec::new();
    ledger.finish(key, |slot, record| {
        let slots = store(slot.index(), record);
        stores.push((slot.index(), *record, slots));
        slots
    });
    let (mut stores, mut same) = (stores.into_iter(), true);
    if let Some(device) = theirs {
        device.finish(|slot, record| {
            let stored = stores.next().filter(|(s, r, _)| (s, r) == (&slot, record));
            same &= stored.is_some();
            stored?.2
        });
        same &= stores.next().is_none();
    }
    same
}

/// What the crate says.
///
/// # Errors
/// Its error.
pub fn ours(key: &DeviceKey, ledger: &mut Ledger, call: Call<'_>, now: u64, slots: &Slots) -> Result<(Said, Option<Grant>), Failure> {
    let at = Uptime::from_secs(now);
    let named = |e: StoreError| (e.name(), None);
    let lowered = |lowered: Lowered<'_>| if let Lowered::Done = lowered { Some(Said::Done) } else { None };
    let said = match call {
        Call::Open(origin, purpose, address_on_file, entropy) => {
            let request = Request { purpose, address_on_file };
            match ledger.open(key, origin, request, entropy, at, slots).map_err(of_open)? {
                Opened::Shown(shown) => Some(of_shown(&shown)),
                Opened::Store(_) => None,
            }
        }
        Call::Submit(origin, session, text) => ledger.submit(key, origin, session, text, at, slots).map(|_| None).map_err(of_submit)?,
        Call::Login => ledger.admin_login(key, at, slots).map(lowered).map_err(named)?,
        Call::AllowAgain => ledger.allow_again(key, at, slots).map(lowered).map_err(named)?,
        Call::Close(keep) => {
            ledger.close(if keep { Closing::Keep } else { Closing::Withdraw }).map_err(named)?;
            Some(Said::Done)
        }
        Call::Withdraw => ledger.withdraw().map(|()| Some(Said::Done)).map_err(named)?,
        Call::Confirm => match ledger.resume().map_err(named)? {
            Resumed::Opening(step) => Some(of_shown(&step.show(key, slots).map_err(named)?)),
            Resumed::Attempt(step) => match step.compare(key, slots).map_err(named)? {
                Compared::Rejected(rejected) => return Err((rejected.name(), None)),
                Compared::Matched(_) => None,
            },
            Resumed::Clearing(step) => {
                let grant = step.grant(key, slots).map_err(named)?;
                return Ok((Said::Grant(permits(&grant)), Some(grant)));
            }
            Resumed::Lowering(step) => step.lowered(slots).map(|()| Some(Said::Done)).map_err(named)?,
        },
    };
    let stores = || pending(ledger).map_or(Said::Done, Said::Stores);
    Ok((said.unwrap_or_else(stores), None))
}

/// What the second implementation says.
///
/// # Errors
/// Its error.
pub fn theirs(device: &mut Device, call: Call<'_>, now: u64, slots: &Slots) -> Result<(Said, Option<other::session::Grant>), Failure> {
    let outcome = match call {
        Call::Open(o, purpose, mail, entropy) => device.open(o as usize, purpose as u8, mail, entropy, now, slots),
        Call::Submit(o, session, text) => device.submit(o as usize, session, text, now, slots),
        Call::Login => device.admin_login(now, slots),
        Call::AllowAgain => device.allow_again(now, slots),
        Call::Close(keep) => device.close(keep),
        Call::Withdraw => device.withdraw(),
        Call::Confirm => device.confirm(slots),
    };
    Ok(match outcome.map_err(|e| (e.name, e.argument))? {
        Outcome::Stores { slot, bytes } => {
            let session = device.ledger.pending.as_ref().and_then(|pending| pending.then.session());
            (Said::Stores((slot, bytes, session)), None)
        }
        Outcome::Shown { hdr, nonce, shown, wait, stopped, text } => {
            let until = shown.saturating_add(device.life(usize::from(hdr >> 7 & 1)));
            (Said::Shown { hdr, nonce, shown: [shown, until], standing: (stopped, wait), text }, None)
        }
        Outcome::Grant(g) => (Said::Grant((g.origin, g.purpose, g.method, g.resets, g.session, g.handle)), Some(g)),
        Outcome::Done => (Said::Done, None),
    })
}

/// The crate's ledger, as it is at `now`.
#[must_use]
pub fn view(ledger: &Ledger, now: u64) -> View {
    let (hazmat::Fields { seq, boots, resets, local, network }, slot) = hazmat::state(ledger);
    let record = other::ledger::Record { seq, boots, resets, fail: [local, network] };
    let (at, both) = (Uptime::from_secs(now), [Origin::Local, Origin::Network]);
    let live = both.map(|origin| ledger.live(origin, at).map(|c| (c.header().bits(), *c.nonce().bytes())));
    (record, slot, ledger.is_poisoned(), both.map(|origin| standing(ledger.standing(origin, at))), live)
}

/// The second implementation's: what is live is what an operation that begins at `now` would find.
#[must_use]
pub fn their_view(device: &Device, now: u64) -> View {
    let ledger = &device.ledger;
    let waits = |o: usize| device.wait(o, now.max(ledger.since[o]));
    let standing = [0, 1].map(|o| if device.stopped(o) { (true, 0) } else { (false, waits(o)) });
    let mut begun = device.clone();
    let live = if begun.begin(now).is_ok() { begun.ledger.live } else { [None; 2] };
    (ledger.record, ledger.slot, ledger.poisoned, standing, live.map(|live| live.map(|live| (live.hdr, live.nonce))))
}
