//! The QR codes as cameras meet them: drawn by one library, read by another, at the sizes of small screens.
//!
//! With `QR_IMAGES=DIR` every picture is also written there, as NAME.pgm beside the text NAME.txt that it holds; `checks/code/qr-readers`
//! gives them to zbar.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test ends where something is not as expected")]

#[path = "../examples/common/qr.rs"]
mod drawing;

use std::fs;
use std::path::Path;

use drawing::Drawing;
use offline_reset::{
    Address, Device, Epoch, Ledger, MAX_QR_TEXT, Opened, Origin, Policy, Purpose, QrChallenge, Rendering, Request, RootKey, Serial,
    UnsealedAddress, Uptime, Url,
};

/// The longest serial and URL: with the largest address these are the largest QR there is.
const SERIAL: &str = "4H0583BPAG1234567890";
const URL: &str = "HTTPS://RESET.EXAMPLE.NL/ABCDEFGHIJKLMNOPQRSTUVWXYZ.0123456789/ABCDEFGHIJKLMNOPQRSTUVWXYZ/01234/";

/// Characters that a version holds at level M, from version 1, in alphanumeric and in byte mode (ISO/IEC 18004, table 7).
const ALPHANUMERIC: [usize; 19] = [20, 38, 61, 90, 122, 154, 178, 221, 262, 311, 366, 419, 483, 528, 600, 656, 734, 816, 909];
const BYTES: [usize; 19] = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624];

fn version(capacities: &[usize], characters: usize) -> usize {
    1 + capacities.iter().position(|&capacity| capacity >= characters).expect("no QR of ours is larger")
}

/// The longest address of each padded size, and none.
fn addresses() -> [Option<String>; 5] {
    let long = |length: usize| {
        let local = (length - 11).min(64);
        let labels: String = (local + 1..length - 10).map(|i| if i % 32 == 0 || i == length - 11 { '.' } else { 'd' }).collect();
        Some(format!("{}@{labels}example.nl", "j".repeat(local)))
    };
    [None, long(31), long(63), long(127), long(254)]
}

/// The text of a QR, as a device writes it.
fn qr_text(root: &RootKey, address: Option<Address<'_>>, rendering: Rendering<'_>) -> String {
    let serial = Serial::new(SERIAL).unwrap();
    let key = root.device_key(&serial).unwrap();
    let device = Device { serial, epoch: Epoch::ZERO, policy: Policy::default() };
    let mut slots = [Ledger::genesis(&key), [0xff; 32]];
    let (mut ledger, _) = Ledger::load(&key, device, &slots, Uptime::from_secs(0));
    let request = Request { purpose: Purpose::AccountPassword, address_on_file: address.is_some() };
    let opened = ledger.open(&key, Origin::Local, request, &[7; 32], Uptime::from_secs(40), &slots);
    let Opened::Store(opening) = opened.unwrap() else { panic!("the first challenge comes after a record") };
    slots[opening.slot().index()] = *opening.record();
    opening.show(&key, &slots).unwrap().qr(&key, address, rendering).unwrap().to_string()
}

/// What a camera reads in a picture.
fn read(side: usize, dark: impl Fn(usize, usize) -> bool) -> String {
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if dark(x, y) { 0 } else { 255 });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "one QR code in the picture");
    grids[0].decode().unwrap().1
}

fn write_image(dir: &Path, name: &str, text: &str, side: usize, dark: impl Fn(usize, usize) -> bool) {
    let mut pgm = format!("P5\n{side} {side}\n255\n").into_bytes();
    pgm.extend((0..side).flat_map(|y| (0..side).map(move |x| (x, y))).map(|(x, y)| if dark(x, y) { 0 } else { 255 }));
    fs::write(dir.join(format!("{name}.pgm")), pgm).unwrap();
    fs::write(dir.join(format!("{name}.txt")), text).unwrap();
}

/// Every payload, in both renderings.
fn every_text(root: &RootKey, mut each: impl FnMut(&str, Option<&str>, &str)) {
    let url = Url::new(URL).unwrap();
    for (size, address) in ["none", "32", "64", "128", "255"].into_iter().zip(addresses()) {
        for (name, rendering) in [("app", Rendering::App), ("url", Rendering::Url(url))] {
            let on_file = address.as_deref().map(|address| Address::new(address).unwrap());
            each(&format!("{name}-{size}"), address.as_deref(), &qr_text(root, on_file, rendering));
        }
    }
}

// QR-1, QR-2: both renderings stay in alphanumeric mode and are read back; QR-5, EML-3: so is the address inside
#[test]
fn every_qr_is_read_back_at_every_size() {
    let root = RootKey::take(&mut [42; 32].to_vec()).unwrap();
    let images = std::env::var_os("QR_IMAGES");
    let (mut count, mut longest) = (0, 0);
    every_text(&root, |name, address, text| {
        longest = longest.max(text.len());
        let drawing = Drawing::new(text).unwrap();
        let expected = version(&ALPHANUMERIC, text.len());
        assert_eq!(usize::from(drawing.version), expected, "{name}: alphanumeric mode");
        assert_ne!(version(&BYTES, text.len()), expected, "{name}: byte mode would be larger");
        for pixels in 2..=6 {
            let side = drawing.side * pixels;
            let dark = |x: usize, y: usize| drawing.dark(x / pixels, y / pixels);
            if let Some(dir) = &images {
                write_image(Path::new(dir), &format!("{name}-{pixels}px"), text, side, dark);
            }
            let scanned = read(side, dark);
            assert_eq!(scanned, text, "{name} at {pixels} pixels a module");
            let qr = QrChallenge::read(&scanned).unwrap();
            let key = root.device_key(qr.claimed().serial()).unwrap();
            let genuine = qr.verify(&key).unwrap();
            match (genuine.address(), address) {
                (UnsealedAddress::OnFile(opened), Some(address)) => assert_eq!(opened.as_str(), address),
                (UnsealedAddress::NoneOnFile, None) => {}
                other => panic!("{name}: {other:?}"),
            }
            count += 1;
        }
    });
    assert_eq!(longest, MAX_QR_TEXT, "the largest QR is among them");
    assert_eq!(count, 50);
    println!("{count} images read by rqrr");
}

/// The examples' half blocks, taken apart again, are the same QR: on a dark terminal as they are, and in colours.
#[test]
fn half_blocks_on_a_terminal_are_read_back() {
    every_text(&RootKey::take(&mut [42; 32].to_vec()).unwrap(), |name, _, text| {
        let drawing = Drawing::new(text).unwrap();
        for colours in [false, true] {
            let rows: Vec<Vec<char>> = drawing
                .lines(colours)
                .iter()
                .map(|line| line.trim_start_matches("\x1b[38;5;16;48;5;231m").trim_end_matches("\x1b[0m").chars().collect())
                .collect();
            let printed = |x: usize, y: usize| match rows[y / 2][x] {
                '█' => true,
                '▀' => y.is_multiple_of(2),
                '▄' => !y.is_multiple_of(2),
                ' ' => false,
                other => panic!("{other:?} in a QR code"),
            };
            let dark = |x: usize, y: usize| printed(x / 4, y / 4) == colours; // in colours it is the dark modules that are printed
            assert_eq!(read(drawing.side * 4, dark), text, "{name}, colours: {colours}");
        }
    });
}
