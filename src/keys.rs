//! The root key, the device's own key D, and F: HMAC with a domain byte; check values (SPEC.md §4).

use core::fmt;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroize;

use crate::error::KeyError;
use crate::header::Epoch;
use crate::hmac::{Keyed, Mac};
use crate::public::{decided, published};
use crate::serial::Serial;
use crate::wipe::scrubbed;

pub(crate) const PREFIX: &[u8; 4] = b"ORP1";

/// The domains of F (SPEC.md §18.1, KEY-2).
#[derive(Clone, Copy)]
pub(crate) enum Domain {
    Nonce = 0x01,
    Tag = 0x02,
    Code = 0x03,
    EmailTag = 0x04,
    EmailStream = 0x05,
    LedgerSeal = 0x06,
    Handle = 0x07,
    KeyCheck = 0x08,
}

/// The check value of a key: four bytes, public, written as eight hexadecimal digits (SPEC.md §4.1).
pub type CheckValue = [u8; 4];

/// Known to everybody (SPEC.md §18.7, KEY-5).
const PUBLIC_ROOT: &[u8; 32] = b"ORP1 PUBLIC ROOT FOR DEMOS ONLY.";

/// ```text
/// def blank(K): return K == 32 bytes 0x00 or K == 32 bytes 0xff          # in constant time        (SPEC.md §4.1, KEY-4)
/// ```
fn blank(key: &[u8; 32]) -> Choice {
    key.ct_eq(&[0x00; 32]) | key.ct_eq(&[0xff; 32])
}

/// Refuses for a reason that a secret decides.
fn refuse(reason: Choice, error: KeyError) -> Result<(), KeyError> {
    if decided(reason) { Err(error) } else { Ok(()) }
}

/// Makes a key of what stands in a buffer, and wipes the buffer whatever comes (SPEC.md §4.1, KEY-4).
fn taken<K>(buffer: &mut [u8], make: impl FnOnce(&[u8; 32]) -> Result<K, KeyError>) -> Result<K, KeyError> {
    scrubbed(|| {
        let length = KeyError::Length { found: buffer.len() };
        let key = <&[u8; 32]>::try_from(&*buffer).map_err(|_| length).and_then(make);
        buffer.zeroize();
        key
    })
}

/// A device's own key D, ready for use (SPEC.md §4, KEY-1). Wiped when dropped; never printed.
///
/// It holds HMAC's two states, not D itself; either is as good as D to a thief.
pub struct DeviceKey(Keyed);

impl DeviceKey {
    /// D as the device has stored it, at every start and before [`Ledger::load`](crate::Ledger::load): whole, of this serial, and of no
    /// demonstration (KEY-6). `check` is the [check value](Self::check_value) that the factory stored beside D. After an error nothing follows.
    ///
    /// `d` is wiped, whatever comes.
    ///
    /// ```text
    /// def check_device(K, serial, check):                                    # the device, at every start, before load        (SPEC.md §4.1)
    ///     if blank(K): error blank-key
    ///     if K == HMAC(PUBLIC_ROOT, root_message(serial)): error demonstration
    ///     if key_check(K, serial) != check: error key-check
    /// ```
    ///
    /// # Errors
    /// [`KeyError`], the length first, then in that order.
    pub fn load(d: &mut [u8], serial: &Serial, check: &CheckValue) -> Result<Self, KeyError> {
        taken(d, |d| {
            refuse(blank(d), KeyError::Blank)?;
            let public = Keyed::new(PUBLIC_ROOT).mac(&[], serial.root_message()?.as_bytes()).bytes();
            refuse(d.ct_eq(&public), KeyError::Demonstration)?;
            let key = Self(Keyed::new(d));
            refuse(!key.f(Domain::KeyCheck, serial.as_bytes()).first::<4>().ct_eq(check), KeyError::Check)?;
            Ok(key)
        })
    }

    /// D at the vendor: what the root's HMAC of [`Serial::root_message`] gave. A device takes its D with [`load`](Self::load).
    ///
    /// `d` is wiped, whatever comes (DUTY-4).
    ///
    /// ```text
    /// def take_key(K):                                                       # the vendor, what the root's HMAC gave        (SPEC.md §4.1)
    ///     if blank(K): error blank-key
    /// ```
    ///
    /// # Errors
    /// [`KeyError::Length`] unless it is 32 bytes, [`KeyError::Blank`].
    pub fn derived(d: &mut [u8]) -> Result<Self, KeyError> {
        taken(d, |d| {
            refuse(blank(d), KeyError::Blank)?;
            Ok(Self(Keyed::new(d)))
        })
    }

    /// The check value that the factory stores beside D.
    ///
    /// ```text
    /// def key_check(K, serial): return F(0x08, serial)[0:4]                  (SPEC.md §4.1, KEY-6)
    /// ```
    #[must_use]
    pub fn check_value(&self, serial: &Serial) -> CheckValue {
        scrubbed(|| published(self.f(Domain::KeyCheck, serial.as_bytes()).first()))
    }

    /// ```text
    /// F(t, m) = HMAC(K, "ORP1" || byte(t) || m)    K = D        (SPEC.md §4, KEY-2)
    /// ```
    #[expect(clippy::inline_always, reason = "as mac")]
    #[inline(always)]
    pub(crate) fn f(&self, t: Domain, m: &[u8]) -> Mac {
        let [o, r, p, one] = *PREFIX;
        self.0.mac(&[o, r, p, one, t as u8], m)
    }

    /// F of a message in two parts, of which the second may be long.
    pub(crate) fn f_of_two(&self, t: Domain, [a, b, c, d, e, f, g]: [u8; 7], rest: &[u8]) -> Mac {
        let [o, r, p, one] = *PREFIX;
        self.0.mac(&[o, r, p, one, t as u8, a, b, c, d, e, f, g], rest)
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceKey(..)")
    }
}

/// A root key held in memory, for a factory or a backend that has no HSM (SPEC.md §4). Wiped when dropped; never printed.
pub struct RootKey(Keyed);

impl RootKey {
    /// R\[epoch\]: 32 uniform bytes, used for nothing else (DUTY-1). [`check`](Self::check) it before the first answer.
    ///
    /// `r` is wiped, whatever comes.
    ///
    /// ```text
    /// def take_root(R, epoch):                                               # the vendor, a root in memory        (SPEC.md §4.1)
    ///     if epoch > 7: error epoch
    ///     if blank(R): error blank-key
    ///     if R == PUBLIC_ROOT: error demonstration
    /// ```
    ///
    /// # Errors
    /// [`KeyError::Length`] unless it is 32 bytes, [`KeyError::Blank`], [`KeyError::Demonstration`].
    pub fn take(r: &mut [u8]) -> Result<Self, KeyError> {
        taken(r, |r| {
            refuse(blank(r), KeyError::Blank)?;
            refuse(r.ct_eq(PUBLIC_ROOT), KeyError::Demonstration)?;
            Ok(Self(Keyed::new(r)))
        })
    }

    /// D of one device, to be stored in it by the factory: the 32 bytes are the caller's to wipe.
    ///
    /// ```text
    /// D = HMAC(R[epoch], root_message(serial))        (SPEC.md §4, KEY-1)
    /// ```
    ///
    /// # Errors
    /// [`KeyError::Demonstration`] for a serial of demonstrations.
    pub fn derive(&self, serial: &Serial) -> Result<[u8; 32], KeyError> {
        let message = serial.root_message()?;
        Ok(scrubbed(|| self.0.mac(&[], message.as_bytes()).bytes()))
    }

    /// D of one device, ready for use.
    ///
    /// # Errors
    /// [`KeyError::Demonstration`] for a serial of demonstrations, [`KeyError::Blank`].
    pub fn device_key(&self, serial: &Serial) -> Result<DeviceKey, KeyError> {
        let message = serial.root_message()?;
        scrubbed(|| DeviceKey::derived(&mut self.0.mac(&[], message.as_bytes()).bytes()))
    }

    /// The check value of this root, for the protocol of its ceremony and the desk's configuration (DUTY-1).
    #[must_use]
    pub fn check_value(&self, epoch: Epoch) -> CheckValue {
        scrubbed(|| published(self.0.mac(&[], &root_check_message(epoch)).first()))
    }

    /// [`check_root`] of this root.
    ///
    /// # Errors
    /// Those of [`check_root`].
    pub fn check(&self, epoch: Epoch, expected: &CheckValue) -> Result<(), KeyError> {
        scrubbed(|| check_root(&mut self.0.mac(&[], &root_check_message(epoch)).bytes(), epoch, expected))
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey(..)")
    }
}

/// What a root has to authenticate for its check value: give it to the HSM or the KMS, and what comes back to [`check_root`].
///
/// ```text
/// return "ORP1" || byte(0x09) || byte(epoch) || byte(0x01)               (SPEC.md §4.1)
/// ```
#[must_use]
pub const fn root_check_message(epoch: Epoch) -> [u8; 7] {
    let [o, r, p, one] = *PREFIX;
    [o, r, p, one, 0x09, epoch.number(), 0x01]
}

/// Whether the right root is in the slot for an epoch: at the desk's start, for each epoch that it answers (KEY-6). After an error nothing is
/// answered.
///
/// `mac` is the root's HMAC of [`root_check_message`]. It is wiped, whatever comes.
///
/// ```text
/// def check_root(mac, epoch, expected):                                  (SPEC.md §4.1)
///     m = root_check_message(epoch)
///     if blank(mac): error blank-key
///     if mac == HMAC(32 bytes 0x00, m) or mac == HMAC(32 bytes 0xff, m): error blank-key
///     if mac == HMAC(PUBLIC_ROOT, m): error demonstration
///     if mac[0:4] != expected: error key-check
/// ```
///
/// # Errors
/// [`KeyError`], the length first, then in that order.
pub fn check_root(mac: &mut [u8], epoch: Epoch, expected: &CheckValue) -> Result<(), KeyError> {
    taken(mac, |mac| {
        let of = |root: &[u8; 32]| mac.ct_eq(&Keyed::new(root).mac(&[], &root_check_message(epoch)).bytes());
        refuse(blank(mac) | of(&[0x00; 32]) | of(&[0xff; 32]), KeyError::Blank)?;
        refuse(of(PUBLIC_ROOT), KeyError::Demonstration)?;
        let [a, b, c, d, ..] = *mac;
        refuse(![a, b, c, d].ct_eq(expected), KeyError::Check)
    })
}

/// D of a demonstration, which says so wherever it shows a challenge or a code. Its root is public: a product is built without this (DUTY-26).
///
/// ```text
/// def demonstration_key(serial):                                         (SPEC.md §4.1, KEY-5)
///     if serial is not one of KEY-3: error serial
///     if serial does not begin with "ORPDEMO": error demonstration
///     return HMAC(PUBLIC_ROOT, "ORP1" || byte(0x00) || serial || byte(0x01))
/// ```
///
/// # Errors
/// [`KeyError::Demonstration`] unless the serial begins with `ORPDEMO`.
#[cfg(feature = "demonstration")]
pub fn demonstration_key(serial: &Serial) -> Result<DeviceKey, KeyError> {
    if !serial.is_for_demonstrations() {
        return Err(KeyError::Demonstration);
    }
    scrubbed(|| DeviceKey::derived(&mut Keyed::new(PUBLIC_ROOT).mac(&[], serial.message().as_bytes()).bytes()))
}
