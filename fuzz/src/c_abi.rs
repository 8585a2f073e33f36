//! The C ABI beside the crate: every exported function, in any order, with anything for an argument. The status, every byte that is written and
//! every byte that is not are as the header says, and as the crate does it when it is driven the same way.
#![allow(unsafe_code)] // calls C's functions, with memory that is there

mod at_device;
mod at_vendor;
mod walk;

use arbitrary::{Arbitrary, Result, Unstructured};
use offline_reset::{
    Challenge, DeviceKey, Epoch, Grant, KeyError, Ledger, Nonce, Origin, Purpose, Received, Serial, Shown, Slots, Standing, Uptime, hazmat,
};
use offline_reset_cabi::status::orp_status::{
    self, ORP_ADDRESS, ORP_ALPHABET, ORP_AMBIGUOUS, ORP_ARGUMENT, ORP_BLANK_KEY, ORP_BUSY, ORP_CAP, ORP_CHECK, ORP_DEMONSTRATION,
    ORP_EMPTY, ORP_EPOCH, ORP_EXPIRED, ORP_GRANT_EXPIRED, ORP_KEY_CHECK, ORP_LENGTH, ORP_MAIL_BIT, ORP_METHOD, ORP_MISALIGNED, ORP_MOVED,
    ORP_NO_CHALLENGE, ORP_NO_GRANT, ORP_NONE_ON_FILE, ORP_NOT_GENUINE, ORP_NOT_PENDING, ORP_NOT_SET_UP, ORP_NULL, ORP_OK, ORP_OVERLAP,
    ORP_PADDING, ORP_PENDING, ORP_POISONED, ORP_PURPOSE, ORP_REJECTED, ORP_RESERVED_BITS, ORP_RESERVED_K, ORP_SERIAL, ORP_SHORT_BUFFER,
    ORP_STALE, ORP_STOPPED, ORP_STORE, ORP_STORE_FAILED, ORP_TOO_LONG, ORP_TOO_SOON, ORP_UNKNOWN_VERSION, ORP_UNREADABLE, ORP_URL,
    ORP_UTF8, ORP_VERIFIED, ORP_VERSION, ORP_WAITING, ORP_WRONG_KIND, ORP_WRONG_STEP,
};
use offline_reset_cabi::types::orp_origin::{ORP_LOCAL, ORP_NETWORK};
use offline_reset_cabi::types::orp_purpose::{ORP_ACCOUNT_PASSWORD, ORP_FACTORY_RESET, ORP_UNLOCK_PATTERN};
use offline_reset_cabi::types::orp_step::{ORP_STEP_COMPARE, ORP_STEP_GRANT, ORP_STEP_LOWER, ORP_STEP_NONE, ORP_STEP_SHOW};

use at_vendor::texts;
pub use walk::walk;

use crate::device::Span;
use crate::differential::Fault;
use crate::flash::Content;
use crate::twin::Failure;
use crate::{AnyTerm, D, KEY, Many};

/// A device, a vendor, and what a program calls.
#[derive(Clone, Debug, Arbitrary)]
pub struct Calls<'a> {
    fail: [u8; 2],
    calls: Many<(How, Call<'a>)>,
}

/// What is wrong with a call's pointers and structs: mostly nothing.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub struct How {
    pointers: u8,
    which: u8,
    /// Of the device's struct, or the received challenge's and the key's.
    structs: u8,
    /// What may be NULL is.
    bare: u8,
}

const WELL: How = How { pointers: 0, which: 0, structs: 0, bare: 0 };

/// A number for an argument: one of N from FROM on, or now and then one of another argument, or none that there is.
#[derive(Clone, Copy, Debug)]
pub struct Number<const FROM: i32, const N: i32>(i32);

impl<'a, const FROM: i32, const N: i32> Arbitrary<'a> for Number<FROM, N> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        const OTHERS: [i32; 16] = [0, 1, 2, 3, 10, 11, 20, 21, -1, i32::MIN, i32::MAX, 22, 256, 266, 0x0100_000a, 100];
        let byte = u8::arbitrary(u)?;
        Ok(Self(OTHERS.get(usize::from(byte.wrapping_sub(0xf0))).copied().unwrap_or(FROM + i32::from(byte) % N)))
    }
}

type AnOrigin = Number<{ ORP_LOCAL as i32 }, 2>;
type APurpose = Number<{ ORP_ACCOUNT_PASSWORD as i32 }, 3>;
type Yes = Number<0, 2>;

/// Bytes for a text, at most 700.
#[derive(Clone, Copy, Debug)]
pub struct Bytes<'a>(&'a [u8]);

impl<'a> Arbitrary<'a> for Bytes<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let length = usize::from(u16::arbitrary(u)?) % 701;
        Ok(Self(u.bytes(length.min(u.len()))?))
    }
}

/// What a person sends.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub enum Sent<'a> {
    /// The device's typed challenge as it was last shown.
    Challenge,
    /// The device's QR as it was last written.
    Qr,
    /// The first with one character changed.
    Slip(u8, u8),
    /// The second, the same.
    Garbled(u16, u8),
    /// Anything.
    Text(Bytes<'a>),
}

/// What is typed at the device.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub enum Typed<'a> {
    /// The right code.
    Right(AnyTerm),
    /// The vendor's last answer.
    Answered,
    /// One digit of the right one is another, and the check digit fits.
    Wrong(AnyTerm, u8, u8),
    /// Anything.
    Text(Bytes<'a>),
}

/// A Grant's handle.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub enum Which {
    /// That of the origin's Grant.
    Own,
    /// That of the other origin's.
    Other,
    /// That of the origin's but for one bit.
    Near(u8),
}

/// What is called.
#[derive(Clone, Debug, Arbitrary)]
pub enum Call<'a> {
    /// The pending record is stored, and then comes the call that it waits for.
    Next(Fault),
    /// The pending record is stored.
    Store(Fault),
    /// `orp_open`
    Open(AnOrigin, APurpose, Yes, u8),
    /// `orp_submit`
    Submit(AnOrigin, Typed<'a>),
    /// `orp_show`
    Show,
    /// `orp_compare`
    Compare,
    /// `orp_grant`
    Grant,
    /// `orp_lowered`
    Lowered,
    /// `orp_allow_again`
    AllowAgain,
    /// `orp_finish`
    Finish,
    /// `orp_grant_take`
    Take(AnOrigin, Which),
    /// `orp_grant_purpose`
    GrantPurpose(AnOrigin, Which),
    /// `orp_grant_drop`
    Drop(AnOrigin, Which),
    /// `orp_login`
    Login,
    /// `orp_pending`
    Pending,
    /// `orp_abandon`
    Abandon,
    /// `orp_live`
    Live(AnOrigin),
    /// `orp_qr`
    Qr(AnOrigin, Option<Bytes<'a>>, Option<Bytes<'a>>, u16),
    /// `orp_close_local`
    Close(Yes),
    /// `orp_withdraw`
    Withdraw,
    /// `orp_standing`
    Standing(AnOrigin),
    /// `orp_device_info`
    Info,
    /// `orp_device_load`: the key is read or not, a serial, an epoch, a policy
    Load(u8, Option<Bytes<'a>>, Number<0, 8>, Option<(u32, Number<0, 4>, Number<0, 4>)>),
    /// `orp_device_reload`
    Reload,
    /// `orp_device_wipe`
    Wipe,
    /// The device starts anew.
    Reboot,
    /// Somebody writes a slot.
    Flash(bool, Content),
    /// Time passes.
    Pass(Span),
    /// The clock goes backwards.
    Back(u16),
    /// `orp_read`, `orp_read_typed`, `orp_read_qr`
    Read(u8, Sent<'a>),
    /// `orp_canonical`
    Canonical(u16),
    /// `orp_correct`
    Correct(Sent<'a>),
    /// `orp_spell`
    Spell(u8, Number<0, 2>),
    /// `orp_verify`
    Verify,
    /// `orp_answer`
    Answer(Number<1, 9>),
    /// `orp_address`
    Address(u16),
    /// `orp_secure_code`
    SecureCode(Number<1, 9>, u16),
    /// `orp_root_message`
    RootMessage(Bytes<'a>, u16),
    /// `orp_root_check_message`
    RootCheckMessage(Number<0, 8>),
    /// `orp_root_check`: the right MAC or not, the epoch, the bit of the check value that is another
    RootCheck(u8, Number<0, 8>, Option<u8>),
    /// `orp_root_check_value`
    RootCheckValue(u8, Number<0, 8>),
    /// `orp_root_derive`
    RootDerive(u8, Bytes<'a>),
    /// `orp_key_take`
    KeyTake(u8),
    /// `orp_key_wipe`
    KeyWipe,
    /// `orp_mask`
    Mask(Bytes<'a>, u16),
    /// `orp_genesis`
    Genesis(u8, Bytes<'a>),
    /// `orp_strerror`, `orp_owner_text` and the figures of version.rs
    Texts(i32, Number<0, 2>),
}

/// SPEC.md §13's names as the header gives them to the numbers.
const NAMES: [(&str, orp_status); 44] = [
    ("empty", ORP_EMPTY),
    ("too-long", ORP_TOO_LONG),
    ("alphabet", ORP_ALPHABET),
    ("wrong-kind", ORP_WRONG_KIND),
    ("length", ORP_LENGTH),
    ("check", ORP_CHECK),
    ("version", ORP_VERSION),
    ("purpose", ORP_PURPOSE),
    ("reserved-bits", ORP_RESERVED_BITS),
    ("padding", ORP_PADDING),
    ("unknown-version", ORP_UNKNOWN_VERSION),
    ("unreadable", ORP_UNREADABLE),
    ("ambiguous", ORP_AMBIGUOUS),
    ("reserved-k", ORP_RESERVED_K),
    ("serial", ORP_SERIAL),
    ("address", ORP_ADDRESS),
    ("mail-bit", ORP_MAIL_BIT),
    ("url", ORP_URL),
    ("epoch", ORP_EPOCH),
    ("cap", ORP_CAP),
    ("blank-key", ORP_BLANK_KEY),
    ("demonstration", ORP_DEMONSTRATION),
    ("key-check", ORP_KEY_CHECK),
    ("too-soon", ORP_TOO_SOON),
    ("busy", ORP_BUSY),
    ("no-challenge", ORP_NO_CHALLENGE),
    ("expired", ORP_EXPIRED),
    ("method", ORP_METHOD),
    ("waiting", ORP_WAITING),
    ("stopped", ORP_STOPPED),
    ("pending", ORP_PENDING),
    ("stale", ORP_STALE),
    ("store-failed", ORP_STORE_FAILED),
    ("poisoned", ORP_POISONED),
    ("grant-expired", ORP_GRANT_EXPIRED),
    ("none-on-file", ORP_NONE_ON_FILE),
    ("not-pending", ORP_NOT_PENDING),
    ("no-grant", ORP_NO_GRANT),
    ("rejected", ORP_REJECTED),
    ("tag", ORP_NOT_GENUINE),
    // not in SPEC.md
    ("utf8", ORP_UTF8),
    ("argument", ORP_ARGUMENT),
    ("short-buffer", ORP_SHORT_BUFFER),
    ("wrong-step", ORP_WRONG_STEP),
];

const RESULTS: [orp_status; 3] = [ORP_OK, ORP_STORE, ORP_VERIFIED];
const MISUSED: [orp_status; 5] = [ORP_NULL, ORP_OVERLAP, ORP_MISALIGNED, ORP_NOT_SET_UP, ORP_MOVED];

fn of_name(name: &str) -> orp_status {
    NAMES.iter().find(|(known, _)| *known == name).expect("a name of the header").1
}

/// What a call should come to: a status, or a refusal with its detail.
type Due = std::result::Result<orp_status, Failure>;

fn refused(name: &'static str) -> Due {
    Err((name, None))
}

fn number<T: Copy>(all: &[T], number: i32) -> std::result::Result<T, Failure> {
    usize::try_from(number).ok().and_then(|i| all.get(i)).copied().ok_or(("argument", None))
}

/// The same of an enum that does not begin at 0.
fn coded<T: Copy>(all: &[(T, i32)], number: i32) -> std::result::Result<T, Failure> {
    all.iter().find(|(_, code)| *code == number).map(|(value, _)| *value).ok_or(("argument", None))
}

/// The number of a value.
fn code_of<T: Copy + PartialEq>(all: &[(T, i32)], value: T) -> u32 {
    all.iter().find(|(known, _)| *known == value).expect("a number of the header").1.cast_unsigned()
}

const ORIGINS: [(Origin, i32); 2] = [(Origin::Local, ORP_LOCAL as i32), (Origin::Network, ORP_NETWORK as i32)];

const PURPOSES: [(Purpose, i32); 3] = [
    (Purpose::AccountPassword, ORP_ACCOUNT_PASSWORD as i32),
    (Purpose::UnlockPattern, ORP_UNLOCK_PATTERN as i32),
    (Purpose::FactoryReset, ORP_FACTORY_RESET as i32),
];

/// Where an output lies among the others.
#[derive(Clone, Copy)]
struct Place {
    at: usize,
    size: usize,
    align: usize,
}

const fn place(at: usize, size: usize, align: usize) -> Place {
    Place { at, size, align }
}

// as the header has them, with room between
const DETAIL: Place = place(16, 4, 4);
const RECORD: Place = place(48, 44, 4);
const SHOWN: Place = place(112, 112, 8);
const HANDLE: Place = place(248, 16, 1);
const PURPOSE: Place = place(272, 4, 4);
const RESET: Place = place(304, 20, 4);
const INFO: Place = place(344, 16, 4);
const LOADED: Place = place(384, 20, 4);
const LEN: Place = place(424, size_of::<usize>(), align_of::<usize>());
const CODE: Place = place(456, 15, 1);
const WORD: Place = place(496, 10, 1);
const CORRECTIONS: Place = place(528, 4 + 4 * 45, 4);
const CHALLENGE: Place = place(736, 40, 4);
const BYTES: Place = place(800, 32, 1);
const CHECK: Place = place(840, 4, 1);
const TEXT: Place = place(856, 640, 1);
const PLAIN: usize = 0xa5;

/// The memory that a call may write, and what should stand there afterwards.
struct Outputs {
    memory: Box<[u64; 192]>,
    due: [u8; 1536],
}

impl Outputs {
    fn fresh(&mut self) {
        self.memory.fill(u64::from_ne_bytes([PLAIN as u8; 8]));
        self.due.fill(PLAIN as u8);
    }

    fn bytes(&self) -> [u8; 1536] {
        let mut bytes = [0; 1536];
        bytes.chunks_exact_mut(8).zip(self.memory.iter()).for_each(|(to, from)| to.copy_from_slice(&from.to_ne_bytes()));
        bytes
    }

    fn to(&mut self, place: Place) -> Arg {
        self.buffer(place, place.size)
    }

    /// The same, of another size.
    fn buffer(&mut self, place: Place, size: usize) -> Arg {
        assert!(size <= place.size);
        let at = self.memory.as_mut_ptr().cast::<u8>().wrapping_add(place.at);
        Arg { at, size, align: place.align, written: true, optional: size == 0 }
    }

    /// This is to be written there.
    fn writes(&mut self, place: Place, bytes: &[u8]) {
        assert!(bytes.len() <= place.size);
        self.due[place.at..place.at + bytes.len()].copy_from_slice(bytes);
    }

    fn writes_u32(&mut self, place: Place, number: u32) {
        self.writes(place, &number.to_ne_bytes());
    }

    /// A text into a buffer of this capacity.
    fn writes_text(&mut self, place: Place, cap: usize, text: &[u8], nul: bool) -> Due {
        self.writes(LEN, &text.len().to_ne_bytes());
        if cap < text.len() + usize::from(nul) {
            return refused("short-buffer");
        }
        self.writes(place, text);
        if nul {
            self.due[place.at + text.len()] = 0;
        }
        Ok(ORP_OK)
    }
}

/// One pointer of a call.
#[derive(Clone, Copy)]
struct Arg {
    at: *mut u8,
    size: usize,
    align: usize,
    written: bool,
    optional: bool,
}

/// Bytes that are read, in memory of their own size.
fn input(bytes: &[u8]) -> Arg {
    Arg { at: bytes.as_ptr().cast_mut(), size: bytes.len(), align: 1, written: false, optional: bytes.is_empty() }
}

fn null() -> Arg {
    Arg { at: std::ptr::null_mut(), size: 0, align: 1, written: false, optional: true }
}

impl Arg {
    fn written(self) -> Self {
        Self { written: true, ..self }
    }

    /// May be NULL, and is if `bare`.
    fn optional(self, bare: bool) -> Self {
        if bare { null() } else { Self { optional: true, ..self } }
    }
}

impl How {
    const fn bare(self, bit: u8) -> bool {
        self.bare >> bit & 1 != 0
    }

    /// Makes one pointer a wrong one, or not.
    fn spoil(self, args: &mut [Arg]) -> Option<orp_status> {
        let which = usize::from(self.which) % args.len();
        let arg = args[which];
        match self.pointers {
            0xf8.. if !arg.optional => {
                args[which].at = std::ptr::null_mut();
                Some(ORP_NULL)
            }
            0xf0..0xf8 if arg.align > 1 && !arg.at.is_null() => {
                args[which].at = arg.at.wrapping_add(1);
                Some(ORP_MISALIGNED)
            }
            0xe8..0xf0 => {
                let other = usize::from(self.which / 16) % args.len();
                let meets = other != which && arg.size > 0 && args[other].size > 0 && (arg.written || args[other].written);
                let fits = args[other].at.addr().is_multiple_of(arg.align) && !args[other].at.is_null() && !arg.at.is_null();
                (meets && fits).then(|| {
                    args[which].at = args[other].at;
                    ORP_OVERLAP
                })
            }
            _ => None,
        }
    }
}

/// An opaque struct between two walls.
struct Walled<const N: usize>(Box<Walls<N>>);

#[repr(C)]
struct Walls<const N: usize>([u64; 2], [u64; N], [u64; 2]);

const WALL: [u64; 2] = [0x5757_5757_5757_5757; 2];

impl<const N: usize> Walled<N> {
    fn full_of(word: u64) -> Self {
        Self(Box::new(Walls(WALL, [word; N], WALL)))
    }

    fn arg(&mut self) -> Arg {
        Arg { at: self.0.1.as_mut_ptr().cast(), size: 8 * N, align: 8, written: true, optional: false }
    }

    fn content(&self) -> [u64; N] {
        assert_eq!((self.0.0, self.0.2), (WALL, WALL), "beside an opaque struct");
        self.0.1
    }
}

/// The crate, driven as C's struct is.
struct Twin {
    ledger: Ledger,
    grants: [Option<Grant>; 2],
}

type Structs = ([u64; 44], [u64; 44], [u64; 41], [u64; 41], [u64; 12], [u64; 12]);

struct World {
    /// In use, and another that is a copy of it or was never set up.
    device: Walled<44>,
    not_it: Walled<44>,
    twin: Option<Twin>,
    received: Walled<41>,
    copied: Walled<41>,
    read: Option<Received>,
    key: Walled<12>,
    no_key: Walled<12>,
    taken: Option<DeviceKey>,
    outputs: Outputs,
    flash: Slots,
    now: u64,
    typed: String,
    qr: String,
    answered: String,
    searched: bool,
    promises: Promises,
}

/// What is promised of a device whose flash nobody else writes, counted over what C's functions said.
#[derive(Default)]
struct Promises {
    /// Somebody has written it: nothing is.
    off: bool,
    attempt: Option<Attempted>,
    matched: Option<Nonce>,
    compared: [u32; 2],
    failures: [u8; 2],
    newest: [u8; 32],
    /// The records that clear failures, and whose.
    clearing: Vec<([u8; 32], [bool; 2])>,
    granted: Vec<Nonce>,
    handles: Vec<[u8; 16]>,
    verified: Vec<[u8; 16]>,
}

/// An attempt that waits for its record.
struct Attempted {
    record: [u8; 32],
    origin: Origin,
    nonce: Nonce,
    right: bool,
}

/// # Panics
/// When the two differ, or a promise is broken.
pub fn c_abi(calls: &Calls<'_>) {
    let _ = grants(calls);
}

/// The same; how many Grants were taken.
///
/// # Panics
/// As above.
#[must_use]
pub fn grants(calls: &Calls<'_>) -> usize {
    let mut world = World::new(0, calls.fail);
    for (how, call) in calls.calls.0.iter().take(60) {
        world.call(*how, call);
    }
    world.promises.verified.len()
}

/// The numbers of a struct, as C has them one after the other.
fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_ne_bytes()).collect()
}

fn utf8(bytes: &[u8]) -> std::result::Result<&str, Failure> {
    std::str::from_utf8(bytes).map_err(|error| ("utf8", Some(error.valid_up_to() as u64)))
}

fn serial(bytes: &[u8]) -> std::result::Result<Serial, Failure> {
    std::str::from_utf8(bytes).ok().and_then(|text| Serial::new(text).ok()).ok_or(("serial", None))
}

fn of_key(error: KeyError) -> Failure {
    (error.name(), None)
}

fn epoch(number: i32) -> std::result::Result<Epoch, Failure> {
    u8::try_from(number).ok().and_then(|n| Epoch::new(n).ok()).ok_or(("epoch", None))
}

fn with_nuls(text: &str, size: usize) -> Vec<u8> {
    assert!(text.len() < size);
    text.bytes().chain(std::iter::repeat(0)).take(size).collect()
}

fn of_challenge(challenge: &Challenge) -> Vec<u8> {
    let header = challenge.header();
    let fields = [header.bits() >> 11 & 7, header.bits() >> 7 & 1].map(usize::from); // SPEC.md §5
    let mut bytes = words(&[PURPOSES[fields[0]].1.cast_unsigned(), ORIGINS[fields[1]].1.cast_unsigned()]);
    bytes.extend(header.bits().to_ne_bytes());
    bytes.extend([header.epoch().number(), u8::from(header.address_on_file())]);
    bytes.extend(with_nuls(challenge.serial().as_str(), 21));
    bytes.extend(challenge.nonce().bytes());
    bytes.extend([0; 2]);
    bytes
}

fn of_standing(standing: Standing) -> (orp_status, u32) {
    match standing {
        Standing::Ready => (ORP_OK, 0),
        Standing::Waiting { remaining } => (ORP_WAITING, remaining.as_secs() as u32),
        Standing::Stopped => (ORP_STOPPED, 0),
    }
}

fn of_shown(shown: &Shown) -> Vec<u8> {
    let (standing, wait) = of_standing(shown.standing());
    let mut bytes = of_challenge(shown.challenge());
    bytes.extend(with_nuls(shown.text().map_or("", |text| text.as_str()), 45));
    bytes.extend([0; 3]);
    bytes.extend(words(&[standing as u32, wait]));
    bytes.extend([shown.shown_at(), shown.expires_at()].iter().flat_map(|at| at.as_secs().to_ne_bytes()));
    bytes
}

/// D, no D, another one; the same for roots.
const fn any_d(which: u8) -> [u8; 32] {
    match which {
        0xf0..0xf8 => [0; 32],
        0xf8.. => [0xff; 32],
        0xe0..0xf0 => [which; 32],
        _ => D,
    }
}

impl World {
    /// A device that was loaded with so many failures, and a vendor with its key.
    fn new(now: u64, fail: [u8; 2]) -> Self {
        let mut world = Self {
            device: Walled::full_of(0),
            not_it: Walled::full_of(0),
            twin: None,
            received: Walled::full_of(0),
            copied: Walled::full_of(0),
            read: None,
            key: Walled::full_of(0),
            no_key: Walled::full_of(0),
            taken: None,
            outputs: Outputs { memory: Box::new([0; 192]), due: [0; 1536] },
            flash: [hazmat::seal(&KEY, hazmat::Fields { seq: 7, boots: 3, resets: 0, local: fail[0], network: fail[1] }), [0xff; 32]],
            now,
            typed: String::new(),
            qr: String::new(),
            answered: String::new(),
            searched: false,
            promises: Promises::default(),
        };
        world.call(WELL, &Call::Load(0, None, Number(0), None));
        world.call(WELL, &Call::KeyTake(0));
        world
    }

    fn time(&self) -> Uptime {
        Uptime::from_secs(self.now)
    }

    /// The device's struct for this call, and what is wrong with it.
    fn struct_for(&mut self, how: How) -> (Arg, Option<orp_status>) {
        let set_up = self.twin.is_some();
        match how.structs {
            0xf8.. => {
                self.not_it.0.1 = self.device.content();
                (self.not_it.arg(), Some(if set_up { ORP_MOVED } else { ORP_NOT_SET_UP }))
            }
            0xf0..0xf8 => {
                self.not_it.0.1 = [u64::from(how.bare).wrapping_mul(0x0101_0101_0101_0101); 44]; // no magic word has four equal bytes
                (self.not_it.arg(), Some(ORP_NOT_SET_UP))
            }
            0xe8..0xf0 => {
                self.not_it.0.1[..12].copy_from_slice(&self.key.content()); // of another type
                (self.not_it.arg(), Some(ORP_NOT_SET_UP))
            }
            _ => (self.device.arg(), (!set_up).then_some(ORP_NOT_SET_UP)),
        }
    }

    /// The received challenge for this call: it may be a copy.
    fn received_for(&mut self, how: How) -> (Arg, Option<orp_status>) {
        let wrong = self.read.is_none().then_some(ORP_NOT_SET_UP);
        let (arg, wrong) = match how.structs {
            0xf0.. => {
                self.copied.0.1 = [u64::from(how.bare).wrapping_mul(0x0101_0101_0101_0101); 41];
                (self.copied.arg(), Some(ORP_NOT_SET_UP))
            }
            0x80..0xc0 => {
                self.copied.0.1 = self.received.content();
                (self.copied.arg(), wrong)
            }
            _ => (self.received.arg(), wrong),
        };
        (Arg { written: false, ..arg }, wrong)
    }

    fn key_for(&mut self, how: How) -> (Arg, Option<orp_status>) {
        let set_up = self.taken.is_some();
        let (arg, wrong) = match how.structs {
            0xe8..0xf0 => {
                self.no_key.0.1 = self.key.content();
                (self.no_key.arg(), Some(if set_up { ORP_MOVED } else { ORP_NOT_SET_UP }))
            }
            _ => (self.key.arg(), (!set_up).then_some(ORP_NOT_SET_UP)),
        };
        (Arg { written: false, ..arg }, wrong)
    }

    fn structs(&self) -> Structs {
        let (device, not_it, received) = (self.device.content(), self.not_it.content(), self.received.content());
        (device, not_it, received, self.copied.content(), self.key.content(), self.no_key.content())
    }

    /// One call, or what happens between two.
    fn call(&mut self, how: How, call: &Call<'_>) {
        self.outputs.fresh();
        match *call {
            Call::Next(fault) => match self.store(fault) {
                Some(ORP_STEP_SHOW) => self.show(how),
                Some(ORP_STEP_COMPARE) => self.compare(how),
                Some(ORP_STEP_GRANT) => self.grant(how),
                Some(ORP_STEP_LOWER) => self.lowered(how),
                Some(ORP_STEP_NONE) | None => {}
            },
            Call::Store(fault) => drop(self.store(fault)),
            Call::Open(o, purpose, mail, entropy) => self.open(how, o.0, purpose.0, mail.0, entropy),
            Call::Submit(o, typed) => self.submit(how, o.0, typed),
            Call::Show => self.show(how),
            Call::Compare => self.compare(how),
            Call::Grant => self.grant(how),
            Call::Lowered => self.lowered(how),
            Call::AllowAgain => self.allow_again(how),
            Call::Finish => self.finish(how),
            Call::Take(o, which) => self.take(how, o.0, which),
            Call::GrantPurpose(o, which) => self.grant_purpose(how, o.0, which),
            Call::Drop(o, which) => self.drop_grant(how, o.0, which),
            Call::Login => self.login(how),
            Call::Pending => self.pending(how),
            Call::Abandon => self.abandon(how),
            Call::Live(o) => self.live(how, o.0),
            Call::Qr(o, address, url, cap) => self.write_qr(how, o.0, address.map(|e| e.0), url.map(|url| url.0), cap),
            Call::Close(keep) => self.close(how, keep.0),
            Call::Withdraw => self.withdraw(how),
            Call::Standing(o) => self.standing(how, o.0),
            Call::Info => self.info(how),
            Call::Load(d, label, epoch, policy) => self.load(how, d, label.map_or(b"DEVICE1", |label| label.0), epoch.0, policy),
            Call::Reload => self.reload(how),
            Call::Wipe => self.wipe(how),
            Call::Reboot => {
                self.now = 0;
                self.wipe(WELL);
                self.outputs.fresh();
                self.load(WELL, 0, b"DEVICE1", 0, None);
            }
            Call::Flash(slot, ref content) => {
                self.flash[usize::from(slot)] = content.bytes();
                self.promises.off = true;
            }
            Call::Pass(span) => self.now = self.now.saturating_add(span.seconds()),
            Call::Back(seconds) => self.now = self.now.saturating_sub(u64::from(seconds)),
            Call::Read(which, sent) => self.reads(how, which, sent),
            Call::Canonical(cap) => self.canonical(how, cap),
            Call::Correct(sent) => self.correct(how, sent),
            Call::Spell(character, language) => self.spells(how, character, language.0),
            Call::Verify => self.verify(how),
            Call::Answer(term) => self.answers(how, term.0),
            Call::Address(cap) => self.address(how, cap),
            Call::SecureCode(term, cap) => self.secure_code(how, term.0, cap),
            Call::RootMessage(label, cap) => self.root_message(how, label.0, cap),
            Call::RootCheckMessage(epoch) => self.root_check_message(how, epoch.0),
            Call::RootCheck(which, epoch, bit) => self.root_check(how, which, epoch.0, bit),
            Call::RootCheckValue(which, epoch) => self.root_check_value(how, which, epoch.0),
            Call::RootDerive(which, label) => self.root_derive(how, which, label.0),
            Call::KeyTake(which) => self.key_take(how, which),
            Call::KeyWipe => self.key_wipe(how),
            Call::Mask(address, cap) => self.mask(how, address.0, cap),
            Call::Genesis(which, label) => self.genesis(how, which, label.0),
            Call::Texts(status, language) => texts(status, language.0),
        }
        self.budget();
    }

    /// Makes a call. `None` if it was refused for its pointers or structs, as it should.
    fn make<const N: usize>(
        &mut self,
        how: How,
        mut args: [Arg; N],
        wrong: Option<orp_status>,
        call: impl FnOnce([*mut u8; N]) -> orp_status,
    ) -> Option<orp_status> {
        let refusal = how.spoil(&mut args).or(wrong);
        let before = self.structs();
        let status = call(args.map(|arg| arg.at));
        assert!(
            RESULTS.contains(&status) || MISUSED.contains(&status) || NAMES.iter().any(|(_, named)| *named == status),
            "{}",
            status as i32
        );
        let after = self.structs();
        if let Some(refusal) = refusal {
            assert_eq!(status, refusal);
        }
        if matches!(status as i32, 400..500) {
            assert_eq!(before, after, "a status of the caller's group, and something was done");
        }
        if refusal.is_none() {
            return Some(status);
        }
        assert_eq!(self.outputs.bytes(), self.outputs.due, "a refused call wrote");
        None
    }

    /// What a call came to is what was due, and what it wrote as well.
    fn ends(&mut self, status: orp_status, due: Due, detail: Option<Place>) {
        let (due, value) = due.map_or_else(|(name, value)| (of_name(name), value.unwrap_or(0)), |status| (status, 0));
        assert_eq!(status, due);
        if let Some(place) = detail.filter(|_| !matches!(due as i32, 400..500)) {
            self.outputs.writes_u32(place, u32::try_from(value).unwrap_or(u32::MAX));
        }
        let memory = self.outputs.bytes();
        if let Some(at) = (0..memory.len()).find(|&at| memory[at] != self.outputs.due[at]) {
            panic!("byte {at} of the outputs is {}, and not {}", memory[at], self.outputs.due[at]);
        }
    }

    /// No more guesses than the flash has counted, and no count falls but by a record that clears it.
    fn budget(&mut self) {
        if self.promises.off {
            return;
        }
        let (fields, slot, _) = crate::device::read(&self.flash);
        let (newest, failures) = (self.flash[slot], [fields.local, fields.network]);
        let promises = &mut self.promises;
        let clears = promises
            .clearing
            .iter()
            .find(|(record, _)| *record == newest && newest != promises.newest)
            .map_or([false; 2], |(_, clears)| *clears);
        for o in 0..2 {
            assert!(clears[o] || failures[o] >= promises.failures[o], "failures fell from {:?} to {failures:?}", promises.failures);
            promises.compared[o] = if clears[o] { 0 } else { promises.compared[o] };
            assert!(u32::from(failures[o]) >= promises.compared[o].min(255), "{} guesses, {} counted", promises.compared[o], failures[o]);
        }
        (promises.failures, promises.newest) = (failures, newest);
    }
}
