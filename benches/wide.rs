//! What takes more than a few compressions: the QR's text, and the corrections of a mistyped challenge.

#![allow(dead_code, reason = "each bench uses a part")]

use offline_reset::{Address, Rendering, Url, corrections};

use crate::fixture::{Recorder, SERIAL};
use crate::row::{Ready, Row, STATED, ready};

/// The address on file of 14 and of 254 bytes, padded to 32 and 255. The wiping is included.
pub const QR: &[Row] = &[
    Row { name: "qr/payload_32", compressions: 4, ready: || payload(14), ..STATED },
    Row { name: "qr/payload_255", compressions: 22, ready: || payload(254), ..STATED },
];

/// Every kind of mistake, in the longest text of 44 characters.
pub const CORRECTIONS: &[Row] = &[
    Row { name: "corrections/none_needed", ready: || correct(|_| ()), ..STATED },
    Row { name: "corrections/one_unreadable", ready: || correct(|text| unreadable(text, 1)), ..STATED },
    Row { name: "corrections/two_wrong", ready: || correct(two_wrong), ..STATED },
    Row { name: "corrections/one_lost", ready: || correct(one_lost), ..STATED },
    Row { name: "corrections/four_unreadable", ready: || correct(|text| unreadable(text, 4)), ..STATED },
];

/// A QR's text with an address of so many bytes, by URL.
pub fn qr_text(address: &str) -> String {
    let recorder = Recorder::new(SERIAL);
    let url = Url::new("HTTPS://RESET.EXAMPLE.COM/R/").expect("a URL");
    recorder.shown.qr(&recorder.key, Address::new(address).ok(), Rendering::Url(url)).expect("an address on file").as_str().to_owned()
}

pub fn address(length: usize) -> String {
    format!("{}@example.nl", "j".repeat(length - 11))
}

fn payload(length: usize) -> Ready {
    ready((Recorder::new(SERIAL), address(length)), |(recorder, address)| {
        recorder.shown.qr(&recorder.key, Address::new(address).ok(), Rendering::App)
    })
}

fn correct(mistake: fn(&mut String)) -> Ready {
    let mut text = Recorder::new("ABCDEFGHIJKLMNOPQRST").text().to_owned();
    mistake(&mut text);
    ready(text, |text| corrections(text).map(|mut found| found.next()))
}

fn unreadable(text: &mut String, count: usize) {
    text.replace_range(..count, &"?".repeat(count));
}

fn two_wrong(text: &mut String) {
    text.replace_range(..2, "99");
}

/// 39 characters are left: two of them could be wrong as well, or one too many.
fn one_lost(text: &mut String) {
    text.remove(0);
}
