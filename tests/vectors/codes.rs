use offline_reset::{Serial, Term, hazmat};

use crate::device::code_error;
use crate::file::{Test, named};

pub fn write(t: Test<'_>) {
    let term = Term::from_k(u8::try_from(t.number("k")).unwrap()).map_err(|e| named(e.name()));
    let (key, header, nonce) = (t.key(), t.header(), t.array("nonce"));
    let Some(term) = t.expect(term) else { return };
    let message = [b"ORP1\x03", &[term.k()][..], &header.bits().to_be_bytes(), &nonce].concat();
    assert_eq!(message, t.bytes("message"));
    let mac = hazmat::f(&key, 3, &message[5..]);
    assert_eq!(mac, t.array("mac"));
    assert_eq!(mac[..8], t.bytes("x"));
    assert_eq!(u64::from(hazmat::seed(nonce)), t.number("seed"));
    let challenge = hazmat::challenge(Serial::new("ANY").unwrap(), header, nonce);
    let code = hazmat::answer(&key, &challenge, term);
    assert_eq!(code.reveal(), t.text("text"));
    let digits = hazmat::read_code(code.reveal()).unwrap();
    assert_eq!(digits[1..11], t.numbers("digits"));
    assert_eq!(u64::from(digits[11]), t.number("check"));
    assert_eq!((hazmat::damm(hazmat::seed(nonce), &digits), hazmat::damm(hazmat::seed(nonce), &digits[..11])), (0, digits[11]));
}

pub fn read(t: Test<'_>) {
    let Some(digits) = t.expect(hazmat::read_code(t.text("text")).map_err(code_error)) else { return };
    assert_eq!(u64::from(digits[0]), t.number("k"));
    assert_eq!(digits[1..11], t.numbers("digits"));
    assert_eq!(u64::from(digits[11]), t.number("check"));
}
