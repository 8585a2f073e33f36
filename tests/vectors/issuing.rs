use offline_reset::{QrChallenge, Received, Term};

use crate::file::{Named, Test, named};

fn term(t: Test<'_>) -> Result<Term, Named> {
    Term::from_k(u8::try_from(t.number("k")).unwrap()).map_err(|e| named(e.name()))
}

pub fn answer(t: Test<'_>) {
    let (key, received) = (t.key(), Received::read(t.text("text")).unwrap());
    let code = term(t).map(|term| match received {
        Received::Typed(typed) => typed.verify(&key).unwrap().answer(term),
        Received::Qr(qr) => qr.verify(&key).unwrap().genuine().answer(term),
    });
    let Some(code) = t.expect(code) else { return };
    assert_eq!(code.reveal(), t.text("code"));
}

pub fn secure_code(t: Test<'_>) {
    let key = t.key();
    let qr = QrChallenge::read(t.text("text")).unwrap().verify(&key).unwrap();
    let code = term(t).and_then(|term| qr.secure_code(term).map_err(|e| named(e.name())));
    let Some((address, code)) = t.expect(code) else { return };
    assert_eq!((address.as_str(), code.reveal()), (t.text("address"), t.text("code")));
}
