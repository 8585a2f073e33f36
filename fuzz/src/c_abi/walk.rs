//! The same without a fuzzer: from every state of a device, every call with its arguments at their bounds, at every time that can matter.
//! After each comes all that can be seen of the state, and then what the next calls make of it: a call that is refused and does something,
//! or does not do what it should besides, is found as well.

use super::{Bytes, Call, Content, Fault, How, Number, Sent, Span, Typed, WELL, Which, World};
use crate::AnyTerm;
use offline_reset::Term::{DynamicPassword10Min, DynamicPassword72H, SecureCode10Min, SecureCode24H};

use Call::{
    Abandon, AllowAgain, Answer, Canonical, Close, Compare, Drop, Finish, Flash, Genesis, Grant, GrantPurpose, Info, KeyTake, KeyWipe,
    Live, Load, Login, Lowered, Mask, Next, Open, Pass, Pending, Qr, Read, Reload, RootCheck, RootCheckMessage, RootCheckValue, RootDerive,
    RootMessage, SecureCode, Show, Standing, Store, Submit, Take, Verify, Wipe, Withdraw,
};

type Path = Vec<Call<'static>>;

const ORIGINS: [i32; 2] = [10, 11];
const WELL_STORED: Path = Vec::new();

fn bytes(text: impl AsRef<[u8]>) -> Bytes<'static> {
    Bytes(text.as_ref().to_vec().leak())
}

/// Of so many characters, in labels of at most 63.
fn domain(n: usize) -> String {
    (0..n).map(|i| if i % 64 == 63 { '.' } else { 'e' }).collect()
}

fn path(parts: &[&[Call<'static>]]) -> Path {
    parts.concat()
}

fn open(o: i32, mail: i32) -> Path {
    vec![Open(Number(o), Number(21), Number(mail), 7), Next(Fault::None)]
}

/// Good for as long as a code can be.
fn right(o: i32) -> Call<'static> {
    Submit(Number(o), Typed::Right(AnyTerm(if o == 10 { DynamicPassword72H } else { SecureCode24H })))
}

fn wrong(o: i32) -> Call<'static> {
    Submit(Number(o), Typed::Wrong(AnyTerm(if o == 10 { DynamicPassword72H } else { SecureCode24H }), 3, 3))
}

fn granted(o: i32) -> Path {
    path(&[&open(o, 1), &[right(o), Next(Fault::None), Next(Fault::None)]])
}

/// The failures that are counted before, and what leads there.
fn states() -> Vec<([u8; 2], Path)> {
    let both = path(&[&open(10, 1), &open(11, 1)]);
    let pass = |seconds| Pass(Span::Seconds(seconds));
    let mut states = vec![
        ([0, 0], WELL_STORED),
        ([0, 0], both.clone()),
        ([0, 0], vec![Wipe]),
        ([9, 9], path(&[&both, &[Withdraw]])),
        ([0, 0], path(&[&granted(10), &granted(11)])),
        ([4, 0], path(&[&granted(11), &open(10, 0), &[wrong(10), Next(Fault::None), right(10)]])),
        ([1, 1], path(&[&both, &[Login]])),
        ([1, 2], path(&[&both, &[Login, Next(Fault::None), wrong(10), Next(Fault::None), wrong(11), Next(Fault::None)]])),
        ([9, 14], path(&[&both, &[wrong(10), Next(Fault::None), pass(7), wrong(11), Next(Fault::None)]])),
        ([7, 100], path(&[&both, &[AllowAgain]])),
        ([7, 81], path(&[&both, &[AllowAgain, Next(Fault::None), wrong(11), Next(Fault::None)]])),
        ([254, 99], path(&[&both, &[wrong(10), Next(Fault::None), wrong(11), Next(Fault::None)]])),
        ([0, 0], path(&[&granted(10), &[pass(30), right(10)], &open(10, 1), &[right(10), Next(Fault::Lost)]])),
        ([5, 0], path(&[&both, &[Flash(true, Content::Raw([0; 32])), Flash(false, Content::Raw([7; 32])), Reload]])),
    ];
    for (i, o) in ORIGINS.into_iter().enumerate() {
        let mut once = |path: Path| states.push(([0, 0], path));
        once(vec![Open(Number(o), Number(20), Number(0), 7)]);
        once(path(&[&open(o, 1), &[right(o)]]));
        once(path(&[&open(o, 1), &[wrong(o)]]));
        once(path(&[&open(o, 1), &[wrong(o), Store(Fault::None)]]));
        once(path(&[&open(o, 1), &[right(o), Store(Fault::None)]]));
        once(path(&[&granted(o), &[pass(11)], &open(o, 1), &[right(o), Next(Fault::None), Store(Fault::None)]]));
        once(path(&[&open(o, 1), &[right(o), Next(Fault::None)]]));
        once(path(&[&granted(ORIGINS[1 - i]), &[pass(11)], &open(o, 1), &[right(o), Next(Fault::None)]]));
        once(path(&[&granted(o), &[pass(11)], &open(o, 0), &[wrong(o), Abandon]]));
        once(path(&[&open(o, 1), &[Close(Number(1)), pass(250), Close(Number(0))]]));
    }
    states
}

/// When it is called: seconds after the state was reached, or before.
const TIMES: [i64; 14] = [0, 9, 10, 59, 60, 599, 600, 86_399, 86_400, 259_200, 1 << 33, -10, -11, -500];

/// What takes a time.
fn timed() -> Path {
    let mut calls = vec![Login, AllowAgain, Reload, Load(0, None, Number(0), None)];
    for o in ORIGINS {
        calls.extend([Open(Number(o), Number(21), Number(1), 9), Open(Number(o), Number(20), Number(1), 9), right(o), wrong(o)]);
        calls.push(Submit(Number(o), Typed::Right(AnyTerm(if o == 10 { DynamicPassword10Min } else { SecureCode10Min }))));
        calls.push(Submit(Number(o), Typed::Right(AnyTerm(if o == 10 { SecureCode24H } else { DynamicPassword72H }))));
        calls.extend([Live(Number(o)), Standing(Number(o)), Take(Number(o), Which::Own), Take(Number(o), Which::Other)]);
        calls.push(Qr(Number(o), Some(bytes("jan@example.nl")), None, 640));
    }
    calls
}

/// What takes none.
fn timeless() -> Path {
    let mut calls = vec![Withdraw, Close(Number(0)), Close(Number(1)), Pending, Info, Wipe, Abandon, Show, Compare, Grant, Lowered, Finish];
    calls.extend([Next(Fault::None), Next(Fault::Lost), Next(Fault::Torn(31)), Next(Fault::Flip(255))]);
    for o in ORIGINS.map(Number) {
        calls.extend([
            Drop(o, Which::Own),
            Drop(o, Which::Other),
            Drop(o, Which::Near(9)),
            GrantPurpose(o, Which::Own),
            GrantPurpose(o, Which::Other),
        ]);
    }
    calls
}

/// What a device is given, at its bounds and past them.
fn bounds() -> Path {
    let mut calls = WELL_STORED;
    for n in [-1, 0, 1, 2, 9, 12, 19, 23, i32::MIN, i32::MAX, 256 + 10] {
        calls.extend([Open(Number(n), Number(20), Number(0), 1), Open(Number(10), Number(n), Number(0), 1), Close(Number(n))]);
        calls.extend([Open(Number(11), Number(20), Number(n), 1), right(n), Live(Number(n)), Standing(Number(n))]);
        calls.extend([Take(Number(n), Which::Own), Drop(Number(n), Which::Own), GrantPurpose(Number(n), Which::Own)]);
        calls.extend([Qr(Number(n), None, None, 640), Load(0, None, Number(n), None)]);
        calls.extend([RootCheckMessage(Number(n)), RootCheck(3, Number(n), None), RootCheckValue(3, Number(n))]);
    }
    for n in -1..9 {
        calls.extend([Load(0, None, Number(n), None), RootCheckMessage(Number(n)), RootCheckValue(3, Number(n))]);
    }
    for cap in [0, 1, 2, 86_400, 86_401, 259_200, 259_201, u32::MAX] {
        calls.extend(
            [(3, 3), (0, 2), (1, 0), (2, 1), (4, 2), (3, -1)].map(|(l, n)| Load(0, None, Number(7), Some((cap, Number(l), Number(n))))),
        );
    }
    for d in 0xe0..=0xff {
        calls.extend([Load(d, None, Number(0), None), Load(d, None, Number(9), None), Load(d, Some(bytes("ORPDEMO")), Number(0), None)]);
        calls.extend([RootCheck(d, Number(0), None), RootCheckValue(d, Number(0))]);
    }
    calls.extend((0..32).map(|bit| RootCheck(3, Number(0), Some(bit))));
    for o in ORIGINS {
        calls.extend((0..128).flat_map(|bit| [Take(Number(o), Which::Near(bit)), GrantPurpose(Number(o), Which::Near(bit))]));
    }
    for text in ["ORPDEMO", "ORPDEM", "", "A", "ABCDEFGHIJ0123456789", "ABCDEFGHIJ0123456789A", "a", "A\u{e9}"] {
        calls.extend([Load(0, Some(bytes(text)), Number(0), None), RootDerive(3, bytes(text)), RootMessage(bytes(text), 26)]);
        calls.extend([Genesis(0, bytes(text)), Genesis(0xf0, bytes(text))]);
    }
    calls.extend([9, 10].map(|cap| RootMessage(bytes("CAM1"), cap)));
    calls.push(RootDerive(0xf0, bytes("CAM1")));
    let wide = |digits: &str| digits.chars().map(|c| char::from_u32(c as u32 + 0xfee0).expect("a full-width digit")).collect::<String>();
    let mut codes: Vec<Vec<u8>> = (0..10).map(|n| wide(&format!("19294926827{n}")).into()).collect();
    codes.extend([127, 128, 129].map(|n| format!("{:n$}", "192949268276").into()));
    codes.extend(["", " ", "-", "0", "19294926827", "1929492682766", "1929-4926-827x", "\u{2013} 1x"].map(Into::into));
    codes.extend([&b"\xff"[..], b"1929\xff", b"1\xe2\x80", b"\xc3", b"12\xc0\x80", b"\xed\xa0\x80", b"192949268276\xf5"].map(Into::into));
    codes.push("1".repeat(129).into_bytes());
    codes.push(b"4H0583BPAG1234580JM54YRWNDBZZCCYQF5".to_vec());
    for (i, code) in codes.into_iter().enumerate() {
        calls.push(Submit(Number(ORIGINS[i % 2]), Typed::Text(bytes(&code))));
        calls.extend((0..3).map(|which| Read(which, Sent::Text(bytes(&code)))));
    }
    for n in [0, 1, 251, 252, 253, 254] {
        let address = bytes(format!("j@{}", domain(n)));
        calls.extend([Qr(Number(10), Some(address), None, 640), Qr(Number(11), Some(address), None, 640)]);
        calls.extend([10, 72, 73, 74, 80].map(|cap| Mask(address, cap)));
    }
    calls.push(Mask(bytes(format!("j@e.{}", "n".repeat(63))), 74));
    calls.push(Qr(Number(10), Some(bytes(b"j\xff@e.nl")), None, 640));
    for n in [1, 81, 82, 83] {
        let url = bytes(format!("HTTPS://E.NL/{}/", "R".repeat(n)));
        calls.extend(ORIGINS.map(|o| Qr(Number(o), Some(bytes(format!("j@{}", domain(252)))), Some(url), 640)));
    }
    calls.extend([0, 1, 100, 575, 576].map(|cap| {
        let url = bytes(format!("HTTPS://E.NL/{}/", "R".repeat(82)));
        Qr(Number(10), Some(bytes(format!("j@{}", domain(252)))), Some(url), cap)
    }));
    calls
}

/// What the vendor is asked, with a challenge that was read.
fn asked() -> Path {
    let mut calls = vec![Verify, KeyWipe, Call::Correct(Sent::Slip(20, 3)), Call::Correct(Sent::Text(bytes(b"4H\xff")))];
    calls.extend([0, 0xe1, 0xf0, 0xf8].map(KeyTake).into_iter().chain([0, 0xe1, 0xf0, 0xf8].map(|d| Genesis(d, bytes("CAM1")))));
    calls.extend((-1..=10).chain([i32::MIN, i32::MAX, 256 + 1]).flat_map(|k| [Answer(Number(k)), SecureCode(Number(k), 255)]));
    calls.extend(
        [0, 13, 14, 15, 254, 255].into_iter().flat_map(|cap| [Call::Address(cap), SecureCode(Number(7), cap), Canonical(cap % 64)]),
    );
    calls.extend([43, 44, 45].map(Canonical));
    calls.extend([-1, 0, 1, 2].map(|language| Call::Spell(b'Q', Number(language))));
    calls.extend(
        [255, 256, 257, 639, 640, 641].into_iter().flat_map(|n| (0..3).map(move |which| Read(which, Sent::Text(bytes("1".repeat(n)))))),
    );
    calls
}

/// What a vendor has read: nothing, the typed challenge, QRs with no address, a short one, and the longest.
fn read() -> Vec<Path> {
    let qr = |address: Option<String>, url| Qr(Number(10), address.map(bytes), url, 640);
    let sent = |mail, qr| path(&[&open(10, mail), &[qr, Read(0, Sent::Qr)]]);
    let long = format!("HTTPS://E.NL/{}/", "R".repeat(82));
    vec![
        WELL_STORED,
        path(&[&open(10, 1), &[Read(1, Sent::Challenge)]]),
        path(&[&open(10, 1), &[Read(0, Sent::Slip(30, 3))]]),
        path(&[&open(10, 1), &[Read(0, Sent::Challenge), KeyTake(0xe1)]]),
        sent(0, qr(None, None)),
        sent(1, qr(Some("jan@example.nl".into()), None)),
        sent(1, qr(Some(format!("j@{}", domain(252))), Some(bytes(long)))),
    ]
}

/// Where a state began: uptimes have 64 bits.
const STARTS: [u64; 2] = [1000, (1 << 40) + 7];

/// Goes everywhere; how many calls were looked at.
///
/// # Panics
/// When C and the crate differ.
#[must_use]
pub fn walk() -> usize {
    let mut calls = 0;
    let mut reach = |start, fail, before: &[Call<'static>], time: i64, how, call: &Call<'static>| {
        let mut world = World::new(start, fail);
        before.iter().for_each(|call| world.call(WELL, call));
        world.now = world.now.saturating_add_signed(time);
        world.call(how, call);
        world.look();
        calls += 1;
    };
    for ((fail, before), start) in states().into_iter().zip(STARTS.into_iter().cycle()) {
        timed().iter().for_each(|call| TIMES.iter().for_each(|&time| reach(start, fail, &before, time, WELL, call)));
        timeless().iter().for_each(|call| reach(start, fail, &before, 0, WELL, call));
    }
    for before in [
        WELL_STORED,
        path(&[&open(10, 1), &open(11, 1)]),
        path(&[&granted(11), &granted(10), &[Pass(Span::Seconds(11))], &open(10, 1), &[right(10)]]),
    ] {
        bounds().iter().for_each(|call| reach(1000, [0, 0], &before, 0, WELL, call));
    }
    read().iter().for_each(|before| asked().iter().for_each(|call| reach(1000, [0, 0], before, 0, WELL, call)));
    reach(u64::MAX - 700, [0, 0], &granted(10), 699, WELL, &Take(Number(10), Which::Own));
    let kinds = [
        RootMessage(bytes("CAM1"), 26),
        RootDerive(3, bytes("CAM1")),
        RootCheck(3, Number(0), None),
        RootCheckValue(3, Number(0)),
        RootCheckMessage(Number(0)),
        Mask(bytes("jan@example.nl"), 74),
        Read(0, Sent::Qr),
        Read(2, Sent::Qr),
    ];
    let policy = Load(0, None, Number(7), Some((9, Number(3), Number(2))));
    for (before, all) in [(granted(10), path(&[&timed(), &timeless(), &kinds, &[policy]])), (read().pop().expect("one"), asked())] {
        for call in &all {
            let bad = (0..7).flat_map(|which| [0xff, 0xf7, 0xef].map(|pointers| How { pointers, which: which * 17, structs: 0, bare: 0 }));
            let structs = [0xff, 0xf7, 0xef, 0x80].map(|structs| How { pointers: 0, which: 0, structs, bare: 0x5a });
            bad.chain(structs).chain([How { bare: 0xff, ..WELL }]).for_each(|how| reach(1000, [0, 0], &before, 0, how, call));
        }
    }
    let mut world = World::new(0, [0, 0]);
    (0..=255).for_each(|ch| [0, 1].iter().for_each(|&language| world.call(WELL, &Call::Spell(ch, Number(language)))));
    calls
}

impl World {
    /// All that can be seen, now and later, and what it does not show: how the next calls go.
    fn look(&mut self) {
        let now = self.now;
        for time in [now, now.saturating_add(61), now.saturating_sub(5)] {
            self.now = time;
            [Info, Pending].iter().for_each(|call| self.call(WELL, call));
            for o in ORIGINS.map(Number) {
                [Live(o), Standing(o), GrantPurpose(o, Which::Own)].iter().for_each(|call| self.call(WELL, call));
            }
        }
        self.now = now;
        let each = |o| path(&[&open(o, 1), &[wrong(o), Next(Fault::None), Take(Number(o), Which::Own), Standing(Number(o))]]);
        let then = path(&[
            &[Next(Fault::None), Next(Fault::None)],
            &each(11),
            &each(10),
            &[Login, Next(Fault::None), AllowAgain, Next(Fault::None), Login, Verify, Info],
        ]);
        then.iter().for_each(|call| self.call(WELL, call));
    }
}
