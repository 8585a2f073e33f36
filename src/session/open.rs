//! Opening: the nonce, and the challenge that is shown (SPEC.md §10.1).

use crate::bytes::fill;
use crate::challenge::Challenge;
use crate::error::OpenError;
use crate::header::{Header, Nonce, Origin, Purpose};
use crate::keys::{DeviceKey, Domain};
use crate::public::published;
use crate::record::Slots;
use crate::session::{Ledger, Live, Methods, OPEN_INTERVAL, Opened, Opening, Shown, Then};
use crate::term::Method;
use crate::time::{Uptime, seconds};
use crate::wipe::scrubbed;

/// What the owner asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is to be reset.
    pub purpose: Purpose,
    /// Whether the device has an address on file: then [`Shown::qr`] has to be given it.
    pub address_on_file: bool,
}

impl Ledger {
    /// Shows a challenge at an origin. The first after a load yields a record, which has to be stored and read back before the
    /// challenge is shown; later ones do not. Opening again with the same purpose and mail bit shows the same challenge, as long as it lives;
    /// with others it ends the local one, and is refused at the network.
    ///
    /// `entropy` is 32 bytes from the device's generator; if that is dead, whatever it gives.
    ///
    /// ```text
    /// def open(K, L, o, purpose, mail, entropy, now, slots):                 (SPEC.md §10.1, SES-1, SES-2, SES-3)
    ///     now = begin(L, now)
    ///     if no method is allowed at o: error method
    ///     hdr = header(purpose, epoch, o, mail)
    ///     if L.live[o]:
    ///         if L.live[o].hdr == hdr: return shown(L.live[o])
    ///         if o == 1: error busy
    ///     if L.minted[o] is not none and now - L.minted[o] < 10: error too-soon(10 - (now - L.minted[o]))
    ///     boots = L.boots + (1 if L.fresh else 0)
    ///     nonce = first 40 bits of F(0x01, u32(boots) || u32(L.opens) || u64(now) || entropy)
    ///     if not L.fresh: show()
    ///     else: yield_record(K, L, slots, no change, then = show)
    ///     show(): L.opens += 1; L.live[o] = (hdr, nonce, shown = now); L.minted[o] = now; return shown(L.live[o])
    /// ```
    ///
    /// # Errors
    /// [`OpenError::Method`] at an origin that takes no code, [`OpenError::TooSoon`] within [`OPEN_INTERVAL`] of the last new challenge,
    /// [`OpenError::Busy`] when the network's live challenge has another header, and the ledger's own.
    pub fn open(
        &mut self,
        key: &DeviceKey,
        origin: Origin,
        request: Request,
        entropy: &[u8; 32],
        now: Uptime,
        slots: &Slots,
    ) -> Result<Opened<'_>, OpenError> {
        let now = self.begin(now)?;
        if self.device.policy.methods(origin) == Methods::None {
            return Err(OpenError::Method);
        }
        let header = Header::new(request.purpose, self.device.epoch, origin, request.address_on_file);
        if let Some(live) = *self.live.get(origin) {
            if live.header == header {
                return Ok(Opened::Shown(self.shown(key, live)));
            }
            if origin == Origin::Network {
                return Err(OpenError::Busy);
            }
        }
        let passed = now.since(*self.minted.get(origin));
        if *self.has_minted.get(origin) && passed < OPEN_INTERVAL.as_secs() {
            return Err(OpenError::TooSoon { remaining: seconds(OPEN_INTERVAL.as_secs() - passed) });
        }
        let (boots, opens, uptime) = (self.boots().to_be_bytes(), self.opens.to_be_bytes(), now.as_secs().to_be_bytes());
        let mut message = [0; 48];
        let parts = boots.into_iter().chain(opens).chain(uptime).chain(*entropy);
        fill(&mut message, parts);
        // Returned as a number: five bytes come back in a register of eight, whose other three would be the next three of F's output.
        let number = scrubbed(|| {
            let first = published(key.f(Domain::Nonce, &message).first());
            Nonce(first).number()
        });
        let nonce = Nonce::from_number(number);
        let live = Live { header, nonce };
        if self.fresh {
            self.yield_record(key, slots, |_| {}, Then::Show(origin))?;
            // in place already; until the record is confirmed every operation refuses
            self.show(origin, live, now);
            Ok(Opened::Store(Opening::of(self)))
        } else {
            self.show(origin, live, now);
            Ok(Opened::Shown(self.shown(key, live)))
        }
    }

    fn show(&mut self, origin: Origin, live: Live, now: Uptime) {
        self.opens = self.opens.saturating_add(1);
        *self.live.get_mut(origin) = Some(live);
        *self.minted.get_mut(origin) = now;
        *self.has_minted.get_mut(origin) = true;
    }

    /// The live challenge of an origin at `now` as [`open`](Self::open) shows it, for a caller that did not keep its [`Shown`] (C, a page
    /// drawn anew). Changes nothing.
    #[must_use]
    pub fn show_again(&self, key: &DeviceKey, origin: Origin, now: Uptime) -> Option<Shown> {
        let Challenge { header, nonce, .. } = self.live(origin, now)?;
        Some(Shown { standing: self.standing(origin, now.max(self.seen)), ..self.shown(key, Live { header, nonce }) })
    }

    pub(super) fn shown(&self, key: &DeviceKey, live: Live) -> Shown {
        let challenge = Challenge { serial: self.device.serial, header: live.header, nonce: live.nonce };
        let origin = live.header.origin();
        let policy = &self.device.policy;
        let typed = policy.methods.get(origin).allow(Method::DynamicPassword);
        let text = typed.then(|| challenge.write(scrubbed(|| challenge.tag(key).published())));
        let since = *self.minted.get(origin);
        Shown { challenge, text, standing: self.standing(origin, self.seen), since, until: since.plus(policy.life(origin)) }
    }
}
