//! Version, sizes, alignment.

use core::ffi::c_char;

/// The ABI of this header. It changes when a program compiled with another header would go wrong; compare it with orp_abi().
pub const ORP_ABI: u32 = 1;

/// Bytes of an orp_device.
pub const ORP_DEVICE_SIZE: usize = 352;
/// Bytes of an orp_key.
pub const ORP_KEY_SIZE: usize = 96;
/// Bytes of an orp_received.
pub const ORP_RECEIVED_SIZE: usize = 328;
/// What the address of each of the three is a multiple of, when you allocate them as bytes. The C types have by themselves what the target
/// needs (4 on i386).
pub const ORP_ALIGN: usize = 8;

/// Bytes of a device's key D, and of a root key.
pub const ORP_KEY_BYTES: usize = 32;
/// Bytes of entropy for a challenge.
pub const ORP_ENTROPY_SIZE: usize = 32;
/// Bytes of a record, the content of one slot.
pub const ORP_RECORD_SIZE: usize = 32;
/// Bytes of the two slots as they are passed: slot 0, then slot 1.
pub const ORP_SLOTS_SIZE: usize = 64;
/// Bytes of a nonce.
pub const ORP_NONCE_SIZE: usize = 5;
/// Bytes of the longest root message.
pub const ORP_ROOT_MESSAGE_SIZE: usize = 26;
/// Bytes of the message for a root's check value.
pub const ORP_ROOT_CHECK_MESSAGE_SIZE: usize = 7;
/// Bytes of a check value.
pub const ORP_CHECK_SIZE: usize = 4;
/// Bytes of a Grant's handle.
pub const ORP_HANDLE_SIZE: usize = 16;

/// Bytes of the longest serial with its NUL. The NUL is counted here and in all that follow.
pub const ORP_SERIAL_SIZE: usize = 21;
/// A typed challenge.
pub const ORP_CHALLENGE_SIZE: usize = 45;
/// A code.
pub const ORP_CODE_SIZE: usize = 15;
/// The text of a QR code.
pub const ORP_QR_SIZE: usize = 576;
/// An e-mail address.
pub const ORP_ADDRESS_SIZE: usize = 255;
/// A masked e-mail address.
pub const ORP_MASKED_SIZE: usize = 74;
/// The word for a character, in UTF-8.
pub const ORP_WORD_SIZE: usize = 10;

/// The most corrections.
pub const ORP_MAX_CORRECTIONS: usize = 4;
/// Seconds for which a Grant is good: it is expired from then on.
pub const ORP_GRANT_SECONDS: u64 = 600;
/// Seconds between two new challenges of one origin.
pub const ORP_OPEN_SECONDS: u64 = 10;

const _: () = {
    assert!(ORP_RECORD_SIZE == offline_reset::SEALED_RECORD && ORP_SLOTS_SIZE == size_of::<offline_reset::Slots>());
    assert!(ORP_ROOT_MESSAGE_SIZE == offline_reset::RootMessage::MAX && ORP_SERIAL_SIZE == offline_reset::MAX_SERIAL + 1);
    assert!(ORP_CHALLENGE_SIZE == offline_reset::MAX_CHALLENGE_TEXT + 1 && ORP_QR_SIZE == offline_reset::MAX_QR_TEXT + 1);
    assert!(ORP_ADDRESS_SIZE == offline_reset::MAX_ADDRESS + 1 && ORP_MASKED_SIZE == offline_reset::MAX_MASKED + 1);
    assert!(ORP_MAX_CORRECTIONS == offline_reset::MAX_CANDIDATES && ORP_GRANT_SECONDS == offline_reset::GRANT_VALIDITY.as_secs());
    assert!(ORP_ROOT_CHECK_MESSAGE_SIZE == offline_reset::root_check_message(offline_reset::Epoch::ZERO).len());
    assert!(ORP_CHECK_SIZE == size_of::<offline_reset::CheckValue>() && ORP_HANDLE_SIZE == offline_reset::HANDLE);
    assert!(ORP_KEY_BYTES == 32 && ORP_ENTROPY_SIZE == 32); // as the functions cast them
    assert!(ORP_OPEN_SECONDS == offline_reset::OPEN_INTERVAL.as_secs());
};

/// The version of the library that is linked, "0.1.0": never NULL, never freed.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn orp_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// The ABI of the library that is linked: use it only if this is ORP_ABI.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn orp_abi() -> u32 {
    ORP_ABI
}

/// ORP_DEVICE_SIZE of the library that is linked, for languages that read no header.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn orp_device_size() -> usize {
    ORP_DEVICE_SIZE
}

/// ORP_KEY_SIZE of the library that is linked.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn orp_key_size() -> usize {
    ORP_KEY_SIZE
}

/// ORP_RECEIVED_SIZE of the library that is linked.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn orp_received_size() -> usize {
    ORP_RECEIVED_SIZE
}

/// ORP_ALIGN of the library that is linked.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn orp_align() -> usize {
    ORP_ALIGN
}
