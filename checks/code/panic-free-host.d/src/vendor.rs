//! The vendor's side.

use core::mem::MaybeUninit;
use core::str::FromStr;
use core::time::Duration;

use offline_reset::{
    Challenge, CheckValue, DeviceKey, Epoch, Genuine, Header, Language, Method, UnsealedAddress, QrChallenge, Received, ReceivedError, RootKey, Serial, Term,
    TypedChallenge, VerifyError, check_root, corrections, demonstration_key, root_check_message, spell,
};

use crate::{Input, Output, refused, status};

#[unsafe(no_mangle)]
pub unsafe extern "C" fn root_message(serial: &Input, out: &mut Output) -> i32 {
    let mut root_message = || {
        // SAFETY: the caller's promise.
        let serial = Serial::from_str(unsafe { serial.text() }?).map_err(refused!(out))?;
        out.show(&serial)?;
        out.put(serial.as_str())?;
        out.put(serial.as_ref())?;
        let message = serial.root_message().map_err(refused!(out))?;
        out.len = out.len.wrapping_add(usize::from(serial.is_for_demonstrations()));
        message.as_bytes().iter().chain(message.hkdf_info()).for_each(|&byte| out.len = out.len.wrapping_add(usize::from(byte)));
        Ok(())
    };
    status(root_message())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn derive(
    root: &mut [u8; 64],
    length: usize,
    serial: &Input,
    epoch: u8,
    check: &mut CheckValue,
    d: &mut [u8; 32],
    key: &mut MaybeUninit<DeviceKey>,
    out: &mut Output,
) -> i32 {
    let mut derive = || {
        // SAFETY: the caller's promise.
        let serial = Serial::new(unsafe { serial.text() }?).map_err(refused!(out))?;
        let root = RootKey::take(root.get_mut(..length).unwrap_or_default()).map_err(refused!(out))?;
        let epoch = Epoch::new(epoch).map_err(refused!(out))?;
        root.check(epoch, check).map_err(refused!(out))?;
        check_root(d, epoch, &root.check_value(epoch)).map_err(refused!(out))?;
        *d = root.derive(&serial).map_err(refused!(out))?;
        let derived = root.device_key(&serial).map_err(refused!(out))?;
        *check = derived.check_value(&serial);
        key.write(derived);
        drop(DeviceKey::derived(d).map_err(refused!(out))?);
        drop(demonstration_key(&serial).map_err(refused!(out))?);
        root_check_message(epoch).iter().for_each(|&byte| out.len = out.len.wrapping_add(usize::from(byte)));
        Ok(())
    };
    status(derive())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn forget(key: &mut MaybeUninit<DeviceKey>) {
    // SAFETY: the caller's promise: `derive` wrote it, and nothing uses it from here on.
    unsafe { key.assume_init_drop() }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn read_typed(text: &Input, to: &mut MaybeUninit<TypedChallenge>, out: &mut Output) -> i32 {
    let mut read = || {
        // SAFETY: the caller's promise.
        let read = TypedChallenge::read(unsafe { text.text() }?).map_err(refused!(out))?;
        says(read.claimed(), out)?;
        out.put(read.text().as_str())?;
        out.put(read.text().as_ref())?;
        to.write(read);
        Ok(())
    };
    status(read())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn read_qr(text: &Input, to: &mut MaybeUninit<QrChallenge>, out: &mut Output) -> i32 {
    let mut read = || {
        // SAFETY: the caller's promise.
        let read = QrChallenge::read(unsafe { text.text() }?).map_err(refused!(out))?;
        says(read.claimed(), out)?;
        to.write(read);
        Ok(())
    };
    status(read())
}

pub fn says(challenge: &Challenge, out: &mut Output) -> Result<(), i32> {
    let header = challenge.header();
    out.show(challenge.serial())?;
    out.show(&header.purpose())?;
    out.show(&header.origin())?;
    out.show(&challenge.nonce())?;
    let bits = [header.purpose() as u8, header.epoch().number(), header.origin() as u8, u8::from(header.address_on_file())];
    let header = header.bits().to_be_bytes();
    let nonce = challenge.nonce();
    let bytes = nonce.bytes().iter().chain(&bits).chain(&header);
    bytes.for_each(|&byte| out.len = out.len.wrapping_add(usize::from(byte)));
    Ok(())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn correct(text: &Input, choice: usize, to: &mut MaybeUninit<TypedChallenge>, out: &mut Output) -> i32 {
    let mut correct = || {
        // SAFETY: the caller's promise.
        let mut candidates = corrections(unsafe { text.text() }?).map_err(refused!(out))?;
        out.len = out.len.wrapping_add(candidates.size_hint().0);
        for candidate in candidates.clone() {
            out.put(candidate.text().as_str())?;
            out.show(candidate.serial())?;
        }
        to.write(candidates.nth(choice).ok_or(3)?.confirmed_by_a_person());
        Ok(())
    };
    status(correct())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn answer_typed(typed: &TypedChallenge, key: &DeviceKey, k: u8, out: &mut Output) -> i32 {
    match typed.verify(key) {
        Ok(genuine) => answer(&genuine, k, out),
        Err(error) => refused!(out, error) + refused!(out, VerifyError::from(error)),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn answer_qr(qr: &QrChallenge, key: &DeviceKey, k: u8, out: &mut Output) -> i32 {
    let mut answer_qr = || {
        let genuine = qr.verify(key).map_err(refused!(out))?;
        match genuine.address() {
            UnsealedAddress::NoneOnFile => {}
            UnsealedAddress::OnFile(address) => {
                out.put(address.as_str())?;
                out.put(address.masked().as_str())?;
            }
        }
        if let Ok(term) = Term::from_k(k) {
            let (address, code) = genuine.secure_code(term).map_err(refused!(out))?;
            out.show(&term.method())?;
            out.put(address.as_str())?;
            out.put(code.reveal())?;
        }
        Err(answer(genuine.genuine(), k, out))
    };
    status(answer_qr())
}

/// Whatever a person sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn received(text: &Input, to: &mut MaybeUninit<Received>, out: &mut Output) -> i32 {
    let mut received = || {
        // SAFETY: the caller's promise.
        let text = unsafe { text.text() }?;
        if let (Err(typed), Err(qr)) = (TypedChallenge::read(text), QrChallenge::read(text)) {
            return Err(refused!(out, ReceivedError::from(typed)) + refused!(out, ReceivedError::from(qr)));
        }
        let read = Received::read(text).map_err(refused!(out))?;
        says(read.claimed(), out)?;
        to.write(read);
        Ok(())
    };
    status(received())
}

fn answer(genuine: &Genuine<'_>, k: u8, out: &mut Output) -> i32 {
    let mut answer = || {
        says(genuine.challenge(), out)?;
        let term = Term::from_k(k).map_err(refused!(out))?;
        out.len = out.len.wrapping_add(term.validity().as_secs() as usize + term.method() as usize);
        out.put(genuine.answer(term).reveal())
    };
    status(answer())
}

/// The header of a challenge that a backend knows from elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn header(like: &TypedChallenge, epoch: u8, address_on_file: bool, out: &mut Output) -> i32 {
    let mut header = || {
        let (claimed, epoch) = (like.claimed().header(), Epoch::new(epoch).map_err(refused!(out))?);
        let header = Header::new(claimed.purpose(), epoch, claimed.origin(), address_on_file);
        out.len = out.len.wrapping_add(usize::from(header.bits()));
        Ok(())
    };
    status(header())
}

/// k of a term that a person chose by its length; 0 where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn term(secure_code: bool, seconds: u64) -> u8 {
    let method = if secure_code { Method::SecureCode } else { Method::DynamicPassword };
    Term::new(method, Duration::from_secs(seconds)).map_or(0, |term| term.k())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn spell_out(ch: u32, dutch: bool, out: &mut Output) -> i32 {
    let language = if dutch { Language::Dutch } else { Language::English };
    match char::from_u32(ch).and_then(|ch| spell(ch, language)) {
        Some(word) => status(out.put(word)),
        None => 3,
    }
}
