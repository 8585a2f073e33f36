//! Bare HMAC-SHA-256, as one writes it without this crate: the MAC of the same 13 bytes under D, and its comparison with 32 bytes.

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::ptr::{null, null_mut};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::library::{Missing, Open, library};
use crate::ours::{D, mac_of_a_code};
use crate::row::{Key, Kind, Row, peer};

/// Message and MAC.
type Tagged = &'static ([u8; 13], [u8; 32]);

/// Right, and with one bit changed.
fn tags() -> (Tagged, Tagged) {
    let (message, tag) = mac_of_a_code();
    let mut wrong = tag;
    wrong[7] ^= 1;
    (Box::leak(Box::new((message, tag))), Box::leak(Box::new((message, wrong))))
}

fn mac(name: &'static str, key: Key, note: &'static str, mut verify: impl FnMut(&[u8], &[u8; 32]) -> bool + 'static) -> Row {
    peer(name, Kind::Mac, key, note, tags(), move |(message, tag)| verify(message, tag))
}

pub fn rustcrypto() -> Result<Vec<Row>, Missing> {
    let kept = <Hmac<Sha256> as KeyInit>::new_from_slice(&D).unwrap();
    Ok(vec![
        mac("RustCrypto hmac", Key::Kept, "Hmac<Sha256> cloned", move |message, tag| {
            kept.clone().chain_update(message).verify_slice(tag).is_ok()
        }),
        mac("RustCrypto hmac", Key::Fresh, "new_from_slice", |message, tag| {
            <Hmac<Sha256> as KeyInit>::new_from_slice(&D).unwrap().chain_update(message).verify_slice(tag).is_ok()
        }),
    ])
}

pub fn ring() -> Result<Vec<Row>, Missing> {
    use ring::hmac::{HMAC_SHA256, Key as RingKey, verify};
    let kept = RingKey::new(HMAC_SHA256, &D);
    Ok(vec![
        mac("ring", Key::Kept, "hmac::verify", move |message, tag| verify(&kept, message, tag).is_ok()),
        mac("ring", Key::Fresh, "Key::new, hmac::verify", |message, tag| verify(&RingKey::new(HMAC_SHA256, &D), message, tag).is_ok()),
    ])
}

pub fn aws_lc() -> Result<Vec<Row>, Missing> {
    use aws_lc_rs::hmac::{HMAC_SHA256, Key as AwsKey, verify};
    let kept = AwsKey::new(HMAC_SHA256, &D);
    Ok(vec![
        mac("aws-lc-rs", Key::Kept, "hmac::verify", move |message, tag| verify(&kept, message, tag).is_ok()),
        mac("aws-lc-rs", Key::Fresh, "Key::new, hmac::verify", |message, tag| verify(&AwsKey::new(HMAC_SHA256, &D), message, tag).is_ok()),
    ])
}

pub fn graviola() -> Result<Vec<Row>, Missing> {
    use graviola::hashing::{Sha256, hmac::Hmac};
    let kept = Hmac::<Sha256>::new(D);
    Ok(vec![
        mac("graviola", Key::Kept, "Hmac<Sha256> cloned", move |message, tag| {
            let mut mac = kept.clone();
            mac.update(message);
            mac.verify(tag).is_ok()
        }),
        mac("graviola", Key::Fresh, "Hmac::new", |message, tag| {
            let mut mac = Hmac::<Sha256>::new(D);
            mac.update(message);
            mac.verify(tag).is_ok()
        }),
    ])
}

/// OSSL_PARAM of openssl/core.h.
#[repr(C)]
struct Param {
    key: *const c_char,
    data_type: c_uint,
    data: *const c_void,
    data_size: usize,
    return_size: usize,
}

#[derive(Clone, Copy)]
struct EvpMac {
    context: *mut c_void,
    init: unsafe extern "C" fn(*mut c_void, *const u8, usize, *const Param) -> c_int,
    update: unsafe extern "C" fn(*mut c_void, *const u8, usize) -> c_int,
    finish: unsafe extern "C" fn(*mut c_void, *mut u8, *mut usize, usize) -> c_int,
    compare: unsafe extern "C" fn(*const c_void, *const c_void, usize) -> c_int,
}

impl EvpMac {
    fn new(library: &Open) -> Result<Self, Missing> {
        type Fetch = unsafe extern "C" fn(*mut c_void, *const c_char, *const c_char) -> *mut c_void;
        type New = unsafe extern "C" fn(*mut c_void) -> *mut c_void;
        const OSSL_PARAM_UTF8_STRING: c_uint = 4;
        const DIGEST: &CStr = c"SHA256";
        let digest = Param {
            key: c"digest".as_ptr(),
            data_type: OSSL_PARAM_UTF8_STRING,
            data: DIGEST.as_ptr().cast(),
            data_size: DIGEST.count_bytes(),
            return_size: usize::MAX,
        };
        let end = Param { key: null(), data_type: 0, data: null(), data_size: 0, return_size: 0 };
        // SAFETY: the signatures of openssl/evp.h and crypto.h, 3.0; the context is kept for good
        unsafe {
            let mac = library.get::<Fetch>("EVP_MAC_fetch")?(null_mut(), c"HMAC".as_ptr(), null());
            let context = library.get::<New>("EVP_MAC_CTX_new")?(mac);
            let evp = Self {
                context,
                init: library.get("EVP_MAC_init")?,
                update: library.get("EVP_MAC_update")?,
                finish: library.get("EVP_MAC_final")?,
                compare: library.get("CRYPTO_memcmp")?,
            };
            assert_eq!((evp.init)(context, D.as_ptr(), D.len(), [digest, end].as_ptr()), 1);
            Ok(evp)
        }
    }

    fn verify(self, key: Option<&[u8; 32]>, message: &[u8], tag: &[u8; 32]) -> bool {
        let (key, length) = key.map_or((null(), 0), |key| (key.as_ptr(), key.len()));
        let (mut out, mut written) = ([0; 32], 0);
        // SAFETY: the context is this row's alone; lengths are those of the slices
        unsafe {
            (self.init)(self.context, key, length, null()) == 1
                && (self.update)(self.context, message.as_ptr(), message.len()) == 1
                && (self.finish)(self.context, out.as_mut_ptr(), &raw mut written, out.len()) == 1
                && (self.compare)(out.as_ptr().cast(), tag.as_ptr().cast(), 32) == 0
        }
    }
}

pub fn openssl() -> Result<Vec<Row>, Missing> {
    type Digest = unsafe extern "C" fn() -> *const c_void;
    type OneShot = unsafe extern "C" fn(*const c_void, *const u8, c_int, *const u8, usize, *mut u8, *mut c_uint) -> *mut u8;
    type ContextNew = unsafe extern "C" fn() -> *mut c_void;
    type ContextInit = unsafe extern "C" fn(*mut c_void, *const u8, c_int, *const c_void, *mut c_void) -> c_int;
    type Update = unsafe extern "C" fn(*mut c_void, *const u8, usize) -> c_int;
    type ContextFinal = unsafe extern "C" fn(*mut c_void, *mut u8, *mut c_uint) -> c_int;
    let library = library("OpenSSL", "libssl-dev", &["libcrypto.so.3"])?;
    let (evp_kept, evp_fresh) = (EvpMac::new(&library)?, EvpMac::new(&library)?);
    // SAFETY: the signatures of openssl/hmac.h and evp.h, 3.0
    let (sha256, one_shot, new, init, update, finish) = unsafe {
        (
            library.get::<Digest>("EVP_sha256")?(),
            library.get::<OneShot>("HMAC")?,
            library.get::<ContextNew>("HMAC_CTX_new")?,
            library.get::<ContextInit>("HMAC_Init_ex")?,
            library.get::<Update>("HMAC_Update")?,
            library.get::<ContextFinal>("HMAC_Final")?,
        )
    };
    let compare = evp_kept.compare;
    // SAFETY: as above, kept for good
    let context = unsafe {
        let context = new();
        assert_eq!(init(context, D.as_ptr(), 32, sha256, null_mut()), 1);
        context
    };
    Ok(vec![
        mac("OpenSSL EVP_MAC", Key::Kept, "context reused without a key", move |message, tag| evp_kept.verify(None, message, tag)),
        mac("OpenSSL HMAC_CTX", Key::Kept, "deprecated; context reused without a key", move |message, tag| {
            let mut out = [0; 32];
            // SAFETY: the context is this row's alone; 32 bytes are what SHA-256 writes
            unsafe {
                init(context, null(), 0, null(), null_mut()) == 1
                    && update(context, message.as_ptr(), message.len()) == 1
                    && finish(context, out.as_mut_ptr(), null_mut()) == 1
                    && compare(out.as_ptr().cast(), tag.as_ptr().cast(), 32) == 0
            }
        }),
        mac("OpenSSL EVP_MAC", Key::Fresh, "context reused with a key", move |message, tag| evp_fresh.verify(Some(&D), message, tag)),
        mac("OpenSSL HMAC()", Key::Fresh, "one call", move |message, tag| {
            let mut out = [0; 32];
            // SAFETY: lengths are those of the slices; 32 bytes are what SHA-256 writes
            unsafe {
                !one_shot(sha256, D.as_ptr(), 32, message.as_ptr(), message.len(), out.as_mut_ptr(), null_mut()).is_null()
                    && compare(out.as_ptr().cast(), tag.as_ptr().cast(), 32) == 0
            }
        }),
    ])
}

/// crypto_auth_hmacsha256_state.
#[repr(C)]
#[derive(Clone, Copy)]
struct SodiumState([u64; 26]);

pub fn libsodium() -> Result<Vec<Row>, Missing> {
    type Init = unsafe extern "C" fn(*mut SodiumState, *const u8, usize) -> c_int;
    type Update = unsafe extern "C" fn(*mut SodiumState, *const u8, u64) -> c_int;
    type Final = unsafe extern "C" fn(*mut SodiumState, *mut u8) -> c_int;
    type Compare = unsafe extern "C" fn(*const u8, *const u8) -> c_int;
    type Verify = unsafe extern "C" fn(*const u8, *const u8, u64, *const u8) -> c_int;
    let library = library("libsodium", "libsodium-dev", &["libsodium.so.26", "libsodium.so.23"])?;
    let mut kept = SodiumState([0; 26]);
    // SAFETY: the signatures of sodium/crypto_auth_hmacsha256.h and crypto_verify_32.h; its state is of the size that it says
    let (update, finish, compare, verify) = unsafe {
        assert!(library.get::<unsafe extern "C" fn() -> c_int>("sodium_init")?() >= 0);
        assert_eq!(library.get::<unsafe extern "C" fn() -> usize>("crypto_auth_hmacsha256_statebytes")?(), size_of::<SodiumState>());
        assert_eq!(library.get::<Init>("crypto_auth_hmacsha256_init")?(&raw mut kept, D.as_ptr(), D.len()), 0);
        (
            library.get::<Update>("crypto_auth_hmacsha256_update")?,
            library.get::<Final>("crypto_auth_hmacsha256_final")?,
            library.get::<Compare>("crypto_verify_32")?,
            library.get::<Verify>("crypto_auth_hmacsha256_verify")?,
        )
    };
    Ok(vec![
        mac("libsodium", Key::Kept, "state copied; portable C SHA-256", move |message, tag| {
            let (mut state, mut out) = (kept, [0; 32]);
            // SAFETY: lengths are those of the slices
            unsafe {
                update(&raw mut state, message.as_ptr(), message.len() as u64) == 0
                    && finish(&raw mut state, out.as_mut_ptr()) == 0
                    && compare(out.as_ptr(), tag.as_ptr()) == 0
            }
        }),
        mac("libsodium", Key::Fresh, "crypto_auth_hmacsha256_verify; portable C SHA-256", move |message, tag| {
            // SAFETY: lengths are those of the slices, the key's is 32
            unsafe { verify(tag.as_ptr(), message.as_ptr(), message.len() as u64, D.as_ptr()) == 0 }
        }),
    ])
}
