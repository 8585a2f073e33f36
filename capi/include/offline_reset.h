// offline_reset.h: reset the password of a device that has no internet. C99 and C++11. SPEC.md is the protocol.
// Written by checks/c/header from capi/src; do not edit.
//
// CONTENTS
//
//   version, sizes      orp_version  orp_abi  orp_device_size  orp_key_size  orp_received_size  orp_align
//   status              orp_strerror  orp_owner_text
//
//   device  start, end  orp_device_load  orp_device_reload  orp_device_info  orp_device_wipe
//           challenge   orp_open  orp_show  orp_live  orp_qr  orp_mask  orp_close_local  orp_withdraw
//           code        orp_submit  orp_compare  orp_grant  orp_standing
//           Grant       orp_grant_purpose  orp_grant_take  orp_grant_drop
//           records     orp_login  orp_allow_again  orp_lowered  orp_pending  orp_finish  orp_abandon
//
//   vendor  keys        orp_root_message  orp_root_check_message  orp_root_check  orp_root_check_value  orp_root_derive
//                       orp_key_take  orp_key_wipe
//           reading     orp_read  orp_read_typed  orp_read_qr  orp_canonical  orp_correct  orp_spell
//           answering   orp_verify  orp_answer  orp_address  orp_secure_code
//
//   factory             orp_genesis                         (with ORP_FACTORY, of a library built with the feature factory)
//
// A DEVICE, IN ORDER
//
//   orp_device_load                                 at the start
//   orp_open   -> ORP_STORE: store, read back, orp_show        the challenge for the screen; later ones come at once, as ORP_OK
//   orp_submit -> ORP_STORE: store, read back, orp_compare     the code
//              -> ORP_STORE: store, read back, orp_grant       only if it was right
//   orp_grant_take -> ORP_VERIFIED                  set the new password, then and only then
//
//   The dialog or the connection is over before that: orp_grant_drop, or orp_close_local. ORP_BUSY: another session's challenge is open at
//   the web page; offer the local screen, for no call ends it but orp_withdraw (orp_close_local says what else does).
//
//   'Store' is: write record.bytes (32 bytes) to slot record.slot, and wait until it has reached the medium. 'Read back' is: read both
//   slots from the medium, not from a cache, and give them to the next call. The two slots lie in different erase units (DUTY-12). No call
//   can be left out or exchanged: a step that does not wait is refused. While one waits, so is everything else but orp_pending,
//   orp_finish, orp_abandon, orp_device_*, orp_standing and orp_grant_*. A restart or a reload ends the challenge. A cut after the
//   attempt's record costs one failure, even if the code was right. A cut after the Grant's record loses the Grant: the reset is counted,
//   the failures are cleared, the owner starts again. An uptime that goes back ends challenges and Grants, and a wait begins anew.
//
//   A caller that went away between two calls (a closed connection, a cancelled request): whoever gets the lock next finishes its step, and
//   then goes on. A reload in its place would end the challenges of others.
//
//     status = orp_pending(&device, &record);
//     while (status == ORP_STORE) {
//         status = stored(&record, slots) ? orp_finish(&device, slots, &record) : orp_abandon(&device);
//     }
//
//   A driver that fails: what it reports as failed, a write or a read-back, may be repeated before the next call, for the record waits
//   (orp_pending gives it again). Once a call has said ORP_STORE_FAILED nothing waits: only orp_device_reload helps, and ends the
//   challenge. No orp_abandon is needed before it. Slots that cannot be read before any record waits cost nothing: read them again.
//
// RULES FOR EVERY FUNCTION
//
//   Heap, globals, callbacks: none. Time, entropy and flash are arguments and results. Nothing is freed.
//   Threads: one call at a time for one struct. Whoever reads the slots holds one lock until the record is confirmed, and reads the
//     uptime under it (DUTY-13). Two orp_device on the same slots without that lock share one count: guesses are doubled, and nothing
//     reports it. Nobody (a thread, an interrupt, DMA, another process) writes what is passed during a call: copy a mapped flash first.
//   Opaque structs: you allocate them; their content is not for you. Zero one if another function than the one that sets it up may come
//     first. orp_device and orp_key stay where they were set up: a copy or a moved one is ORP_MOVED, so that copying memory copies no
//     Grant. One that was never set up, or is of another type, is ORP_NOT_SET_UP, as far as a magic word can tell. Not found: a struct
//     that was saved and put back in its place, or duplicated with its address (fork, a snapshot: set it up after the fork, in one
//     process). Memory overwritten inside an opaque struct is undefined behaviour.
//   Pointers: not NULL unless said so (ORP_NULL), aligned (ORP_MISALIGNED). What is written shares no memory with any other argument
//     (ORP_OVERLAP).
//   Fixed arrays: the parameter's type says how many bytes are there. This cannot be checked.
//   Texts in: pointer and length in bytes, no NUL needed and none counted, UTF-8 where people typed them; NULL only with length 0.
//   Texts out: pointer, capacity, and a length that is written. As snprintf: the length does not count the NUL, and the capacity has
//     to be greater. Too short: ORP_SHORT_BUFFER, the length says how long the text is, and the buffer is as it was. With capacity 0
//     the buffer may be NULL.
//   Other outputs are written when the status says so, in full or not at all; only an orp_key or orp_received that could not be set up is
//     wiped.
//   detail, wait: may be NULL; written unless the status is of the caller's group, 0 where the status has none. Set it to 0 before.
//   A status of the caller's group (400 to 499) means that nothing was done, and nothing has changed but the length above.
//   Every function may give ORP_NULL, ORP_MISALIGNED and ORP_OVERLAP, and with an opaque struct ORP_NOT_SET_UP and ORP_MOVED; its
//     comment lists the others.
//   Keys: D and a root that are blank or of a demonstration are refused wherever one is given; D is wiped by orp_device_load and
//     orp_key_take also when they refuse it.
//   Stack: up to 4 KiB below the caller, and orp_correct 10 KiB; capi/README.md has a table by function.
//   Secrets: orp_device and orp_key are wiped by orp_device_wipe and orp_key_wipe; D, a root, a code, an address and a Grant's handle are
//     in your memory, and yours to wipe.

#ifndef OFFLINE_RESET_H
#define OFFLINE_RESET_H

#include <stddef.h>
#include <stdint.h>

#if !defined(ORP_MUST_USE)
#if defined(__GNUC__)
#define ORP_MUST_USE __attribute__((warn_unused_result))
#else
#define ORP_MUST_USE
#endif
#endif

// The ABI of this header. It changes when a program compiled with another header would go wrong; compare it with orp_abi().
#define ORP_ABI 1

// Bytes of an orp_device.
#define ORP_DEVICE_SIZE 352

// Bytes of an orp_key.
#define ORP_KEY_SIZE 96

// Bytes of an orp_received.
#define ORP_RECEIVED_SIZE 328

// What the address of each of the three is a multiple of, when you allocate them as bytes. The C types have by themselves what the target
// needs (4 on i386).
#define ORP_ALIGN 8

// Bytes of a device's key D, and of a root key.
#define ORP_KEY_BYTES 32

// Bytes of entropy for a challenge.
#define ORP_ENTROPY_SIZE 32

// Bytes of a record, the content of one slot.
#define ORP_RECORD_SIZE 32

// Bytes of the two slots as they are passed: slot 0, then slot 1.
#define ORP_SLOTS_SIZE 64

// Bytes of a nonce.
#define ORP_NONCE_SIZE 5

// Bytes of the longest root message.
#define ORP_ROOT_MESSAGE_SIZE 26

// Bytes of the message for a root's check value.
#define ORP_ROOT_CHECK_MESSAGE_SIZE 7

// Bytes of a check value.
#define ORP_CHECK_SIZE 4

// Bytes of a Grant's handle.
#define ORP_HANDLE_SIZE 16

// Bytes of the longest serial with its NUL. The NUL is counted here and in all that follow.
#define ORP_SERIAL_SIZE 21

// A typed challenge.
#define ORP_CHALLENGE_SIZE 45

// A code.
#define ORP_CODE_SIZE 15

// The text of a QR code.
#define ORP_QR_SIZE 576

// An e-mail address.
#define ORP_ADDRESS_SIZE 255

// A masked e-mail address.
#define ORP_MASKED_SIZE 74

// The word for a character, in UTF-8.
#define ORP_WORD_SIZE 10

// The most corrections.
#define ORP_MAX_CORRECTIONS 4

// Seconds for which a Grant is good: it is expired from then on.
#define ORP_GRANT_SECONDS 600

// Seconds between two new challenges of one origin.
#define ORP_OPEN_SECONDS 10

// What a function came to. The numbers are fixed, and each group has room: treat one that you do not know as a refusal.
//
// The name in quotes is the error's in SPEC.md section 13. `detail` is what a function writes through its parameter of that name.
enum orp_status
#ifdef __cplusplus
  : int32_t
#endif // __cplusplus
 {
    // Done.
    ORP_OK = 0,
    // A record has to be stored: write record.bytes to record.slot, wait until it has reached the medium, read both slots from
    // there, and make the call that record.step names.
    ORP_STORE = 1,
    // 0x5AC3A53C. Set the new password now (orp_grant_take), or: a genuine device made this challenge (orp_verify). Nothing else gives it.
    // It is far from every other number, so that neither a `true` nor a flipped bit is one: compare with ==.
    ORP_VERIFIED = 1522771260,
    // "empty": nothing but separators.
    ORP_EMPTY = 100,
    // "too-long": detail is the limit in bytes; nothing else was looked at.
    ORP_TOO_LONG = 101,
    // "alphabet": a character that cannot stand there; detail is its position, in characters from 0.
    ORP_ALPHABET = 102,
    // "wrong-kind": a code where the challenge belongs, or the reverse; a typed challenge where a QR's is needed, or the reverse.
    ORP_WRONG_KIND = 103,
    // "length": detail is the number of characters found, separators not counted.
    ORP_LENGTH = 104,
    // "check": mistyped; at the device also: a code for another challenge, which nine times in ten shows here. Otherwise it is
    // ORP_REJECTED and counted.
    ORP_CHECK = 105,
    // "version": detail is the version found.
    ORP_VERSION = 106,
    // "purpose": detail is the purpose found.
    ORP_PURPOSE = 107,
    // "reserved-bits".
    ORP_RESERVED_BITS = 108,
    // "padding": the last symbol of a QR is not as it is written.
    ORP_PADDING = 109,
    // "unknown-version": a QR code, but not one of this version.
    ORP_UNKNOWN_VERSION = 110,
    // "unreadable": detail is the number of unreadable characters, more than four.
    ORP_UNREADABLE = 111,
    // "ambiguous": too many challenges are possible.
    ORP_AMBIGUOUS = 112,
    // "reserved-k": no code begins with 0; a term is 1 to 9.
    ORP_RESERVED_K = 113,
    // "serial": not 1 to 20 characters of A-Z and 0-9.
    ORP_SERIAL = 114,
    // "address": not one plain mailbox of 3 to 254 characters (EML-1).
    ORP_ADDRESS = 115,
    // "mail-bit": an address was given and the challenge says that there is none, or the reverse.
    ORP_MAIL_BIT = 116,
    // "url": not HTTPS://HOST/PATH/ in upper case, or longer than 96 characters.
    ORP_URL = 117,
    // "epoch": not 0 to 7.
    ORP_EPOCH = 118,
    // "cap": not 1 second to 72 hours.
    ORP_CAP = 119,
    // The text is not UTF-8; detail is the byte, from 0, at which that shows. (Not in SPEC.md, whose texts are characters.)
    ORP_UTF8 = 120,
    // "blank-key": the key or the root is all zeros or all ones: erased, never written, or wiped by an earlier call.
    ORP_BLANK_KEY = 121,
    // "demonstration": the public root, a key of it, or a serial that begins with ORPDEMO. No product takes one.
    ORP_DEMONSTRATION = 122,
    // "key-check": the check value differs: another root, another serial, or a key that flash has changed.
    ORP_KEY_CHECK = 123,
    // "too-soon": a new challenge can be made after detail seconds.
    ORP_TOO_SOON = 200,
    // "busy": another challenge is open on the network, until its code is used, orp_withdraw, a restart, or the end of its life. Offer the
    // local screen.
    ORP_BUSY = 201,
    // "no-challenge": none is open at this origin.
    ORP_NO_CHALLENGE = 202,
    // "expired": the code's time is over, its challenge's is not: orp_submit says what helps.
    ORP_EXPIRED = 203,
    // "method": this kind of code is not taken here, or not sent this way.
    ORP_METHOD = 204,
    // "waiting": codes are taken again after detail seconds.
    ORP_WAITING = 205,
    // "stopped": the network takes no more codes, until orp_allow_again or a reset at the local screen.
    ORP_STOPPED = 206,
    // "pending": a record waits for its confirmation; nothing was done. orp_pending names the call that is missing, and whose it is; when
    // its caller is gone, orp_finish.
    ORP_PENDING = 207,
    // "stale": another owner has written the ledger. Call orp_device_reload.
    ORP_STALE = 208,
    // "store-failed": what was read back is not what was to be stored. Call orp_device_reload.
    ORP_STORE_FAILED = 209,
    // "poisoned": a store has failed, or another owner has written. Call orp_device_reload.
    ORP_POISONED = 210,
    // "grant-expired": the ten minutes are over; the Grant is gone.
    ORP_GRANT_EXPIRED = 211,
    // "no-grant": there is no Grant of this handle at this origin: none was given, or it was taken or has ended.
    ORP_NO_GRANT = 212,
    // "none-on-file": the device has no address on file; the answer is that none is.
    ORP_NONE_ON_FILE = 213,
    // "not-pending": no record waits for this call; nothing has changed. To draw a challenge anew use orp_live.
    ORP_NOT_PENDING = 214,
    // "rejected": not the right code; it was counted.
    ORP_REJECTED = 300,
    // "tag": no device with this serial and key made this challenge.
    ORP_NOT_GENUINE = 301,
    // A pointer is NULL that may not be.
    ORP_NULL = 400,
    // Two arguments share memory, one of them is written.
    ORP_OVERLAP = 401,
    // A pointer is not aligned for its type.
    ORP_MISALIGNED = 402,
    // The buffer is too short: the length says how much is needed, the buffer is as it was.
    ORP_SHORT_BUFFER = 403,
    // A number has no meaning here: an origin, a purpose, a method, a language, a yes or no that is not 0 or 1.
    ORP_ARGUMENT = 404,
    // The struct was never set up, was wiped, or is of another type.
    ORP_NOT_SET_UP = 405,
    // The struct is a copy of one that was set up elsewhere, or was moved. Set one up where it stays.
    ORP_MOVED = 406,
    // The record that waits is of another step: orp_pending says which.
    ORP_WRONG_STEP = 407,
};
#ifndef __cplusplus
typedef int32_t orp_status;
#endif // __cplusplus

// How the ledger was found (SPEC.md section 9).
enum orp_ledger_state
#ifdef __cplusplus
  : int32_t
#endif // __cplusplus
 {
    // The newest valid record is in use.
    ORP_LEDGER_GOOD = 0,
    // Two valid records of the same age contradict each other: the longest wait.
    ORP_LEDGER_CONFLICT = 1,
    // No valid record: the longest wait. Go on with it, log it, and say what ends it: a reset at the local screen; an administrator's
    // login there, and orp_allow_again at the web page.
    ORP_LEDGER_LOST = 2,
};
#ifndef __cplusplus
typedef int32_t orp_ledger_state;
#endif // __cplusplus

// What stands in one slot.
enum orp_slot_state
#ifdef __cplusplus
  : int32_t
#endif // __cplusplus
 {
    // All ones or all zeros: never written, or erased.
    ORP_SLOT_BLANK = 0,
    // Torn, forged, worn out, or of another key.
    ORP_SLOT_DAMAGED = 1,
    // A record.
    ORP_SLOT_VALID = 2,
};
#ifndef __cplusplus
typedef int32_t orp_slot_state;
#endif // __cplusplus

// The call that has to follow when a record is stored.
enum orp_step
#ifdef __cplusplus
  : int32_t
#endif // __cplusplus
 {
    // None: no record waits.
    ORP_STEP_NONE = 0,
    // orp_show.
    ORP_STEP_SHOW = 1,
    // orp_compare.
    ORP_STEP_COMPARE = 2,
    // orp_grant.
    ORP_STEP_GRANT = 3,
    // orp_lowered.
    ORP_STEP_LOWER = 4,
};
#ifndef __cplusplus
typedef int32_t orp_step;
#endif // __cplusplus

// What a reset is for (SPEC.md section 18.2, whose numbers are these less 20).
enum orp_purpose
#ifdef __cplusplus
  : int32_t
#endif // __cplusplus
 {
    // A new password for the account.
    ORP_ACCOUNT_PASSWORD = 20,
    // A new unlock pattern.
    ORP_UNLOCK_PATTERN = 21,
    // Back to the factory's settings.
    ORP_FACTORY_RESET = 22,
};
#ifndef __cplusplus
typedef int32_t orp_purpose;
#endif // __cplusplus

// Where a challenge is shown (SPEC.md section 10): ORP_LOCAL, ORP_NETWORK. No origin is also a purpose, a yes or no, a term or a method:
// arguments that were exchanged are refused.
enum orp_origin
#ifdef __cplusplus
  : int32_t
#endif // __cplusplus
 {
    // The device's own screen.
    ORP_LOCAL = 10,
    // The device's web page.
    ORP_NETWORK = 11,
};
#ifndef __cplusplus
typedef int32_t orp_origin;
#endif // __cplusplus

// How a code reaches the owner: by a person at the desk, or to the address on file; as a policy, also none or both.
enum orp_methods
#ifdef __cplusplus
  : int32_t
#endif // __cplusplus
 {
    // As a policy: this origin takes no code.
    ORP_NO_METHOD = 0,
    // Given by a person at the support desk.
    ORP_DYNAMIC_PASSWORD = 1,
    // Sent to the address on file.
    ORP_SECURE_CODE = 2,
    // As a policy: either.
    ORP_BOTH_METHODS = 3,
};
#ifndef __cplusplus
typedef int32_t orp_methods;
#endif // __cplusplus

// Method and validity of a code, k in SPEC.md section 18.3: 1 to 9. The time counts from orp_shown.shown_at, not from the answer, and ends
// with the policy's cap at the latest.
enum orp_term
#ifdef __cplusplus
  : int32_t
#endif // __cplusplus
 {
    // A dynamic password, 10 minutes.
    ORP_DYNAMIC_PASSWORD_10_MIN = 1,
    // A dynamic password, 1 hour.
    ORP_DYNAMIC_PASSWORD_1_H = 2,
    // A dynamic password, 8 hours.
    ORP_DYNAMIC_PASSWORD_8_H = 3,
    // A dynamic password, 24 hours.
    ORP_DYNAMIC_PASSWORD_24_H = 4,
    // A dynamic password, 72 hours.
    ORP_DYNAMIC_PASSWORD_72_H = 5,
    // A secure code, 10 minutes.
    ORP_SECURE_CODE_10_MIN = 6,
    // A secure code, 1 hour.
    ORP_SECURE_CODE_1_H = 7,
    // A secure code, 8 hours.
    ORP_SECURE_CODE_8_H = 8,
    // A secure code, 24 hours.
    ORP_SECURE_CODE_24_H = 9,
};
#ifndef __cplusplus
typedef int32_t orp_term;
#endif // __cplusplus

// A language.
enum orp_language
#ifdef __cplusplus
  : int32_t
#endif // __cplusplus
 {
    // English.
    ORP_ENGLISH = 0,
    // Dutch.
    ORP_DUTCH = 1,
};
#ifndef __cplusplus
typedef int32_t orp_language;
#endif // __cplusplus

// The device side: key, ledger, live challenges, Grants. One for each device, where it stays: a copy is refused. Holds secrets:
// orp_device_wipe.
typedef struct {
    // Not for you.
    uint64_t opaque[44];
} orp_device;

// A device's policy, decided once for a product (SPEC.md section 10).
typedef struct {
    // How long a challenge lives at most, in seconds: 1 to 259200. No longer than the longest code that its origin takes: 24 hours
    // where only secure codes are (the web page, unless told otherwise).
    uint32_t cap;
    // What the local screen takes, of orp_methods.
    int32_t local;
    // What the web page takes, of orp_methods.
    int32_t network;
} orp_policy;

// What loading found: for a log.
typedef struct {
    // What the ledger goes by.
    orp_ledger_state ledger;
    // Each slot.
    orp_slot_state slot[2];
    // The number of a valid slot's record: higher is newer. Both valid and equal: the driver has only one slot.
    uint32_t seq[2];
} orp_loaded;

// The ledger's figures, for a screen or a log.
typedef struct {
    // How many Grants this device has given, whether or not a password was set.
    uint32_t resets;
    // Codes counted as failures at the local screen since these were last cleared: orp_standing says what they cost. 255 also when the
    // ledger was lost.
    uint32_t failures_local;
    // The same at the web page.
    uint32_t failures_network;
    // 1 if the device has to be reloaded, otherwise 0.
    uint32_t poisoned;
} orp_info;

// A record to be stored.
typedef struct {
    // Where: 0 or 1.
    uint32_t slot;
    // The call that follows.
    orp_step step;
    // What.
    uint8_t bytes[ORP_RECORD_SIZE];
    // Whose: the session of the orp_submit, at ORP_STEP_COMPARE and ORP_STEP_GRANT; otherwise 0. What the call gives is for that session
    // and for no other (SES-20).
    uint32_t session;
} orp_record;

// What a challenge says. Public.
typedef struct {
    // What for.
    orp_purpose purpose;
    // Where it is shown.
    orp_origin origin;
    // The header's 16 bits (SPEC.md section 5).
    uint16_t header;
    // Which root key the device's key came from, 0 to 7.
    uint8_t epoch;
    // 1 if the device has an address on file, otherwise 0.
    uint8_t address_on_file;
    // Whose, with a NUL.
    char serial[ORP_SERIAL_SIZE];
    // Which: with the serial it is what the vendor counts answers by.
    uint8_t nonce[ORP_NONCE_SIZE];
    // 0.
    uint8_t reserved[2];
} orp_challenge;

// A live challenge as it is shown.
typedef struct {
    // What it says.
    orp_challenge challenge;
    // The typed challenge, with a NUL: the 'serial number' of the screen. Empty at an origin that takes no dynamic password: the
    // QR alone.
    char text[ORP_CHALLENGE_SIZE];
    // 0.
    uint8_t reserved[3];
    // ORP_OK: codes are taken. ORP_WAITING: after `wait` seconds. ORP_STOPPED.
    orp_status standing;
    // Seconds, 0 unless waiting.
    uint32_t wait;
    // When it was first shown, in seconds of uptime: a code's validity counts from here.
    uint64_t shown_at;
    // From when on no code for it is good, in seconds of uptime.
    uint64_t expires_at;
} orp_shown;

// What may be reset now.
typedef struct {
    // Where the code was typed.
    orp_origin origin;
    // What is to be set.
    orp_purpose purpose;
    // How the code came.
    orp_methods method;
    // How many Grants this device has given, this one included, whether or not a password was set: shown to the owner at the next login.
    uint32_t resets;
    // The session of the orp_submit.
    uint32_t session;
} orp_reset;

// A device's key at the vendor, ready for use, where it stays. Secret: orp_key_wipe.
typedef struct {
    // Not for you.
    uint64_t opaque[12];
} orp_key;

// A challenge that was received and read, believed by nobody yet. Public; may be copied within the program. What is stored or sent is the
// text.
typedef struct {
    // Not for you.
    uint64_t opaque[41];
} orp_received;

// What a mistyped challenge could have been, in the order of the texts.
typedef struct {
    // How many, 0 to ORP_MAX_CORRECTIONS.
    uint32_t count;
    // Each with a NUL. A person compares one with the sender's screen; read it then.
    char text[ORP_MAX_CORRECTIONS][ORP_CHALLENGE_SIZE];
} orp_corrections;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The version of the library that is linked, "0.1.0": never NULL, never freed.
ORP_MUST_USE const char *orp_version(void);

// The ABI of the library that is linked: use it only if this is ORP_ABI.
ORP_MUST_USE uint32_t orp_abi(void);

// ORP_DEVICE_SIZE of the library that is linked, for languages that read no header.
ORP_MUST_USE size_t orp_device_size(void);

// ORP_KEY_SIZE of the library that is linked.
ORP_MUST_USE size_t orp_key_size(void);

// ORP_RECEIVED_SIZE of the library that is linked.
ORP_MUST_USE size_t orp_received_size(void);

// ORP_ALIGN of the library that is linked.
ORP_MUST_USE size_t orp_align(void);

// What a status means, in plain English, for a log: never NULL, never freed. "unknown status" for a number that is none.
ORP_MUST_USE const char *orp_strerror(int32_t status);

// A sentence for the owner at the device, in UTF-8: never NULL, never freed. 'Please start again.' for a status that is not the owner's
// business, English for a language that is none. Seconds and positions are in `detail`, for the program to add.
ORP_MUST_USE const char *orp_owner_text(int32_t status, int32_t language);

// ==== Device side: start and end ====
//
// At the start of the device: takes the ledger from flash. Never refused because of what the slots hold: `loaded` (or NULL) says how
// they were found, and a lost ledger means the longest wait. Ends every challenge and Grant.
//
// `d` is the device's key, and is wiped whatever comes but a status of the caller's group. `serial` is as on the label. `check` is the
// check value that the factory stored beside D (orp_genesis): it finds a key that flash has changed, and one of another serial. `epoch` is
// which root key D came from, `policy` NULL for 72 hours, both methods at the screen and the secure code alone at the web page. `slots`
// are read from the medium at this moment, slot 0 first. `now` is the uptime in whole seconds since the device started, here and
// everywhere: it runs on when only the program restarts, and nobody sets it.
//
// ORP_OK; ORP_BLANK_KEY; ORP_SERIAL, ORP_EPOCH, ORP_CAP, ORP_ARGUMENT (a method); ORP_DEMONSTRATION, ORP_KEY_CHECK: this device can show
// no challenge. After these a device that was loaded before is still loaded, with its challenges and Grants. SPEC.md sections 4.1 and 9.
ORP_MUST_USE
orp_status orp_device_load(orp_device *device,
                           uint8_t d[ORP_KEY_BYTES],
                           const char *serial,
                           size_t serial_len,
                           const uint8_t check[ORP_CHECK_SIZE],
                           int32_t epoch,
                           const orp_policy *policy,
                           const uint8_t slots[ORP_SLOTS_SIZE],
                           uint64_t now,
                           orp_loaded *loaded);

// Takes the ledger from flash again, with the key and the policy of before: after ORP_STALE or ORP_STORE_FAILED, when orp_device_info
// says poisoned, or to give up a record that the driver cannot store. Ends every challenge, not a Grant. Not for a step whose caller is
// gone: orp_finish.
//
// ORP_OK. SPEC.md section 9.
ORP_MUST_USE orp_status orp_device_reload(orp_device *device, const uint8_t slots[ORP_SLOTS_SIZE], uint64_t now, orp_loaded *loaded);

// The ledger's figures.
//
// ORP_OK: `info`. SPEC.md sections 9 and 10.3.
ORP_MUST_USE orp_status orp_device_info(const orp_device *device, orp_info *info);

// Zeros over the whole struct, whatever it holds: at the end, and over a copy that should not exist.
//
// ORP_OK. SPEC.md section 14.
orp_status orp_device_wipe(orp_device *device);

// ==== Device side: the challenge ====
//
// 'Forgot password': the challenge for the screen. `address_on_file` is 1 if the device has an address, and orp_qr will be given
// it, or 0. `entropy` is from the device's generator; if that is dead, whatever it gives. Asking again with the same `purpose` and
// `address_on_file` shows the same challenge, as long as it lives. Another one ends the local screen's challenge; at the web page it is
// ORP_BUSY.
//
// ORP_OK: `shown` is the challenge. ORP_STORE: the first after a load, store `record`, then orp_show. ORP_TOO_SOON (detail: seconds),
// ORP_BUSY, ORP_METHOD, ORP_PENDING, ORP_STALE, ORP_POISONED, ORP_ARGUMENT. `detail` may be NULL. SPEC.md section 10.1.
ORP_MUST_USE
orp_status orp_open(orp_device *device,
                    int32_t origin,
                    int32_t purpose,
                    int32_t address_on_file,
                    const uint8_t entropy[ORP_ENTROPY_SIZE],
                    uint64_t now,
                    const uint8_t slots[ORP_SLOTS_SIZE],
                    orp_record *record,
                    orp_shown *shown,
                    uint32_t *detail);

// The record of orp_open was stored; `slots` are read from the medium after that.
//
// ORP_OK: `shown` is the challenge. ORP_STORE_FAILED, ORP_POISONED, ORP_NOT_PENDING, ORP_WRONG_STEP. SPEC.md section 10.1.
ORP_MUST_USE orp_status orp_show(orp_device *device, const uint8_t slots[ORP_SLOTS_SIZE], orp_shown *shown);

// The live challenge of an origin, for a screen that is drawn anew. Opens none and changes nothing.
//
// ORP_OK: `shown`. ORP_NO_CHALLENGE, ORP_PENDING, ORP_POISONED, ORP_ARGUMENT. SPEC.md section 10.1.
ORP_MUST_USE orp_status orp_live(orp_device *device, int32_t origin, uint64_t now, orp_shown *shown);

// The text of the QR code of an origin's live challenge, for the alphanumeric mode of any QR library. `address` is the one on
// file, which is sealed inside, or NULL if there is none. `url` is that of the vendor's page, HTTPS://HOST/PATH/ in upper case, or
// NULL for the vendor's app.
//
// At most ORP_QR_SIZE bytes are written to `text`. ORP_OK; ORP_SHORT_BUFFER; ORP_ADDRESS, ORP_URL; ORP_MAIL_BIT: an address was
// given and the challenge was opened without one, or the reverse; ORP_NO_CHALLENGE, ORP_PENDING, ORP_POISONED, ORP_ARGUMENT.
// SPEC.md section 11.
ORP_MUST_USE
orp_status orp_qr(orp_device *device,
                  int32_t origin,
                  uint64_t now,
                  const char *address,
                  size_t address_len,
                  const char *url,
                  size_t url_len,
                  char *text,
                  size_t cap,
                  size_t *len);

// An address in the one shape that a screen may show: j***@g***.nl.
//
// At most ORP_MASKED_SIZE bytes are written to `text`. ORP_OK; ORP_SHORT_BUFFER; ORP_ADDRESS. SPEC.md section 11.
ORP_MUST_USE orp_status orp_mask(const char *address, size_t address_len, char *text, size_t cap, size_t *len);

// The local screen is closed. With `keep` 1 its challenge stays, for an answer that comes on Monday; with 0 it ends, and the next
// one differs. Its Grant ends, whatever comes. The web page has no such call: a network challenge ends when its code is used, by
// orp_withdraw, a restart or a reload, and with its life (24 hours, unless the policy says otherwise).
//
// ORP_OK; ORP_PENDING, ORP_POISONED: the challenge is as it was. ORP_ARGUMENT. SPEC.md section 10.4.
orp_status orp_close_local(orp_device *device, int32_t keep);

// The address on file is about to change, or the owner ends it all: both origins' challenges end, and both Grants, these whatever comes.
// Change the address after this has succeeded, and for nobody but an administrator who has just logged in (DUTY-19).
//
// ORP_OK; ORP_PENDING, ORP_POISONED: the address stays as it was. SPEC.md section 10.4.
ORP_MUST_USE orp_status orp_withdraw(orp_device *device);

// ==== Device side: the code ====
//
// The owner typed a code. Spaces, dashes and full-width digits are forgiven; nothing is counted unless ORP_STORE comes. `code_len` does
// not count a NUL. `session` means something to you alone: the dialog or the connection that typed it. The records that follow and the
// reset give it back, so that nobody takes up another's step (SES-20).
//
// ORP_STORE: store `record`, then orp_compare. ORP_EMPTY, ORP_TOO_LONG, ORP_ALPHABET, ORP_WRONG_KIND, ORP_LENGTH, ORP_UTF8 (detail: see
// orp_status), ORP_CHECK, ORP_RESERVED_K: let the owner correct it. ORP_NO_CHALLENGE: open a new one. ORP_EXPIRED: see below.
// ORP_METHOD. ORP_WAITING (detail: seconds). ORP_STOPPED. ORP_PENDING, ORP_STALE, ORP_POISONED, ORP_ARGUMENT. `detail` may be NULL.
// SPEC.md section 10.2.
//
// ORP_EXPIRED: a challenge outlives its shorter codes. Opening again shows the same one, and for that the same term is the same expired
// code. What helps: a longer term from the desk; or orp_close_local(device, 0), and orp_open makes another. The web page cannot close
// (SES-16): there a longer term, or the local screen.
ORP_MUST_USE
orp_status orp_submit(orp_device *device,
                      int32_t origin,
                      uint32_t session,
                      const char *code,
                      size_t code_len,
                      uint64_t now,
                      const uint8_t slots[ORP_SLOTS_SIZE],
                      orp_record *record,
                      uint32_t *detail);

// The attempt's record was stored; `slots` are read from the medium after that. Compares the code: there is no other way to it. For the
// session of the record alone; a step that you find, of a caller that is gone, is orp_finish's.
//
// ORP_STORE: the right code, store `record`, then orp_grant. ORP_REJECTED: not the right one; it was counted, the challenge stays, and a
// wait may have begun (orp_standing). ORP_STORE_FAILED: nothing was compared. ORP_STALE, ORP_POISONED, ORP_NOT_PENDING, ORP_WRONG_STEP.
// SPEC.md section 10.2.
ORP_MUST_USE orp_status orp_compare(orp_device *device, const uint8_t slots[ORP_SLOTS_SIZE], orp_record *record);

// The record of orp_compare was stored; `slots` are read from the medium after that. The Grant is now in the device, in the place of an
// earlier one of its origin. `grant` is its handle, which nobody can guess: keep it with the dialog or the connection that typed the code,
// and nowhere else, in no URL and no log, for the Grant belongs to that and ends with it (DUTY-16).
//
// ORP_OK: `grant`. ORP_STORE_FAILED: no Grant, and the challenge is gone. ORP_POISONED, ORP_NOT_PENDING, ORP_WRONG_STEP. SPEC.md section
// 10.2.
ORP_MUST_USE orp_status orp_grant(orp_device *device, const uint8_t slots[ORP_SLOTS_SIZE], uint8_t grant[ORP_HANDLE_SIZE]);

// Whether the count of failures allows a guess at an origin now; looks at nothing else. For a countdown, ask each second.
//
// Each origin counts alone. Five failures bring a wait of 60 seconds, each further five twice the last, up to 15360 (4 h 16 min); at 255
// failures every guess does. A wait counts from the last guess, and begins anew at a load, a reload, and an uptime that goes back. The web
// page stops at 100. At ORP_OK there are 5 - failures % 5 guesses left before the next wait (orp_device_info), at 255 failures one. The
// right code at the screen clears both counts, the right code at the web page its own; orp_login is for the screen's alone,
// orp_allow_again for the web page's. After either the next guess there does not wait.
//
// ORP_OK; ORP_WAITING (wait: seconds); ORP_STOPPED; ORP_ARGUMENT. `wait` may be NULL; 0 unless waiting; not written at a status of
// the caller's group. SPEC.md section 10.
ORP_MUST_USE orp_status orp_standing(const orp_device *device, int32_t origin, uint64_t now, uint32_t *wait);

// ==== Device side: the Grant ====
//
// What the Grant of this handle is for, so that the owner can be asked for a new password or pattern. Does not take it.
//
// ORP_OK: `purpose`. ORP_NO_GRANT, ORP_ARGUMENT. SPEC.md section 10.3.
ORP_MUST_USE orp_status orp_grant_purpose(orp_device *device, int32_t origin, const uint8_t grant[ORP_HANDLE_SIZE], orp_purpose *purpose);

// Takes the Grant of this handle: call it where the new password is set, and set it only if ORP_VERIFIED comes. Write
// `== ORP_VERIFIED`, never `if (orp_grant_take(...))`: every refusal is non-zero too. With ORP_VERIFIED and ORP_GRANT_EXPIRED the Grant is
// gone. It is good for ORP_GRANT_SECONDS, and belongs to the dialog or the connection whose code was right (DUTY-16).
//
// ORP_VERIFIED: `reset` says what to set. ORP_GRANT_EXPIRED, ORP_NO_GRANT, ORP_ARGUMENT. SPEC.md section 10.3.
ORP_MUST_USE
orp_status orp_grant_take(orp_device *device,
                          int32_t origin,
                          const uint8_t grant[ORP_HANDLE_SIZE],
                          uint64_t now,
                          orp_reset *reset);

// The dialog or the connection has ended: the Grant of this handle ends with it.
//
// ORP_OK; ORP_NO_GRANT: it had ended before. ORP_ARGUMENT. SPEC.md section 12, DUTY-16.
orp_status orp_grant_drop(orp_device *device, int32_t origin, const uint8_t grant[ORP_HANDLE_SIZE]);

// ==== Device side: the administrator, and a record that waits ====
//
// A person has logged in with the administrator's password: the next guess at the local screen does not wait. The screen's failures are
// cleared too, if no code was compared there for 24 hours, since the last load or reload at the earliest. The web page's stay: for those
// there is orp_allow_again. Not for a token, an API call or a resumed session (DUTY-15), and by a way that the web page's process cannot
// use (DUTY-21). Its errors do not concern the login, which goes on.
//
// ORP_STORE: store `record`, then orp_lowered. ORP_OK: done, there is nothing to store. ORP_PENDING, ORP_STALE, ORP_POISONED. SPEC.md
// section 10.4.
ORP_MUST_USE orp_status orp_login(orp_device *device, uint64_t now, const uint8_t slots[ORP_SLOTS_SIZE], orp_record *record);

// An administrator asks for it, on a page of its own, and has typed the password anew: the web page takes codes again, 20 of them at least
// before it stops, and the next does not wait. No login calls this, and no rule that runs by itself (DUTY-20); by a way that the web
// page's process cannot use (DUTY-21).
//
// ORP_STORE: store `record`, then orp_lowered. ORP_OK: done, there is nothing to store. ORP_PENDING, ORP_STALE, ORP_POISONED. SPEC.md
// section 10.6.
ORP_MUST_USE orp_status orp_allow_again(orp_device *device, uint64_t now, const uint8_t slots[ORP_SLOTS_SIZE], orp_record *record);

// The record of orp_login or orp_allow_again was stored; `slots` are read from the medium after that.
//
// ORP_OK: the failures are fewer. ORP_STORE_FAILED, ORP_POISONED, ORP_NOT_PENDING, ORP_WRONG_STEP. SPEC.md sections 10.4 and 10.6.
ORP_MUST_USE orp_status orp_lowered(orp_device *device, const uint8_t slots[ORP_SLOTS_SIZE]);

// The record that waits to be stored and confirmed, if one does: for a program that lost its way between two calls. Go on with it if
// record.session is yours; orp_finish it if its caller is gone.
//
// ORP_STORE: `record`, and the call that it waits for. ORP_OK: none waits, record.step is ORP_STEP_NONE. SPEC.md section 9.
ORP_MUST_USE orp_status orp_pending(orp_device *device, orp_record *record);

// Finishes a step whose caller is gone, for whoever holds the lock and finds it (DUTY-23): the record of orp_pending was stored, `slots`
// are read from the medium after that. What was submitted is counted and compared; what comes of it goes to nobody, and a Grant is gone at
// once. It costs nobody else a challenge or a Grant, as a reload would. If it cannot be stored: orp_abandon.
//
// ORP_OK: none waits any more; go on with your own call. ORP_STORE: the code was right, and there is one more `record`: store it and call
// this again. ORP_POISONED: orp_device_reload. ORP_NOT_PENDING. SPEC.md section 10.7.
ORP_MUST_USE orp_status orp_finish(orp_device *device, const uint8_t slots[ORP_SLOTS_SIZE], orp_record *record);

// Gives up the record that waits, if one does, for a program that can neither store it nor reload now: from then on all is ORP_POISONED
// until orp_device_reload, which needs no orp_abandon before it.
//
// ORP_OK. SPEC.md section 9.
orp_status orp_abandon(orp_device *device);

// ==== Vendor side: keys ====
//
// What the root key has to authenticate with HMAC-SHA-256 for a serial: give it to the HSM or the KMS, take 32 bytes back, D. For a
// service that offers HKDF-Expand, `info` is all of it but the last byte.
//
// At most ORP_ROOT_MESSAGE_SIZE bytes are written to `message`, without a NUL. ORP_OK; ORP_SHORT_BUFFER; ORP_SERIAL;
// ORP_DEMONSTRATION: a serial that begins with ORPDEMO. SPEC.md section 4.
ORP_MUST_USE orp_status orp_root_message(const char *serial, size_t serial_len, uint8_t *message, size_t cap, size_t *len);

// What the root key of an epoch has to authenticate for its check value: give it to the HSM or the KMS, and what comes back to
// orp_root_check.
//
// ORP_OK: `message`. ORP_EPOCH. SPEC.md section 4.1.
ORP_MUST_USE orp_status orp_root_check_message(int32_t epoch, uint8_t message[ORP_ROOT_CHECK_MESSAGE_SIZE]);

// Whether the right root is in the slot for an epoch: at the desk's start, for each epoch that it answers (KEY-6). `mac` is the root's
// HMAC of orp_root_check_message, and is wiped. `check` is the check value of the root's ceremony: show it to the desk's operators
// (DUTY-26).
//
// ORP_OK; ORP_EPOCH; ORP_BLANK_KEY, ORP_DEMONSTRATION, ORP_KEY_CHECK: answer nothing of this epoch. SPEC.md section 4.1.
ORP_MUST_USE orp_status orp_root_check(uint8_t mac[ORP_KEY_BYTES], int32_t epoch, const uint8_t check[ORP_CHECK_SIZE]);

// The check value of a root key held in memory, for a backend without an HSM: compare it at the desk's start with that of the root's
// ceremony. Whoever has an HSM takes the first four bytes of what it gives for orp_root_check_message.
//
// ORP_OK: `check`. ORP_EPOCH, ORP_BLANK_KEY, ORP_DEMONSTRATION. SPEC.md section 4.1.
ORP_MUST_USE orp_status orp_root_check_value(const uint8_t root[ORP_KEY_BYTES], int32_t epoch, uint8_t check[ORP_CHECK_SIZE]);

// D by a root key held in memory, for a factory or a backend without an HSM. Wipe both when they are no longer needed.
//
// ORP_OK: `d`. ORP_BLANK_KEY, ORP_DEMONSTRATION: the root, or a serial that begins with ORPDEMO. ORP_SERIAL. SPEC.md section 4.
ORP_MUST_USE orp_status orp_root_derive(const uint8_t root[ORP_KEY_BYTES], const char *serial, size_t serial_len, uint8_t d[ORP_KEY_BYTES]);

// A device's key from D, which is wiped whatever comes.
//
// ORP_OK. ORP_BLANK_KEY: `key` is not set up, whatever it was. SPEC.md section 4.1.
ORP_MUST_USE orp_status orp_key_take(orp_key *key, uint8_t d[ORP_KEY_BYTES]);

// Zeros over the key: after each answer (DUTY-4).
//
// ORP_OK. SPEC.md section 14.
orp_status orp_key_wipe(orp_key *key);

// ==== Vendor side: reading ====
//
// Reads what a person sent: the text of a QR if it begins as one, and a typed challenge otherwise. `challenge` (or NULL) is what
// it claims: whose it is, for whoever decides, and the epoch of the root. It is not believed before orp_verify. What cannot be read, here
// and below, leaves `received` not set up.
//
// ORP_OK, and the errors of the two that follow, with `detail`, which may be NULL. SPEC.md sections 6.3 and 11.
ORP_MUST_USE orp_status orp_read(const char *sent, size_t sent_len, orp_received *received, orp_challenge *challenge, uint32_t *detail);

// Reads a typed challenge, forgiving case, spaces, dashes, full-width forms, and O, I and L in the last 20.
//
// ORP_OK; ORP_ALPHABET, ORP_LENGTH, ORP_CHECK: orp_correct may propose what was meant. ORP_EMPTY, ORP_TOO_LONG, ORP_WRONG_KIND,
// ORP_VERSION, ORP_PURPOSE, ORP_UTF8. SPEC.md section 6.3.
ORP_MUST_USE
orp_status orp_read_typed(const char *sent,
                          size_t sent_len,
                          orp_received *received,
                          orp_challenge *challenge,
                          uint32_t *detail);

// Reads the text of a QR code, of either rendering.
//
// ORP_OK; ORP_EMPTY, ORP_TOO_LONG, ORP_UNKNOWN_VERSION, ORP_ALPHABET, ORP_LENGTH, ORP_PADDING, ORP_VERSION, ORP_RESERVED_BITS,
// ORP_PURPOSE, ORP_SERIAL, ORP_UTF8. SPEC.md section 11.
ORP_MUST_USE orp_status orp_read_qr(const char *sent, size_t sent_len, orp_received *received, orp_challenge *challenge, uint32_t *detail);

// A typed challenge as the device wrote it, whatever was typed.
//
// At most ORP_CHALLENGE_SIZE bytes are written to `text`. ORP_OK; ORP_SHORT_BUFFER; ORP_WRONG_KIND for a QR's. SPEC.md section 6.2.
ORP_MUST_USE orp_status orp_canonical(const orp_received *received, char *text, size_t cap, size_t *len);

// Proposes what a mistyped challenge could have been: for a person to compare with the sender's screen, never to be answered unasked.
// A character that cannot be read is written ?. Uses about 10 KiB of stack.
//
// ORP_OK: `found`, perhaps none. ORP_EMPTY, ORP_TOO_LONG, ORP_LENGTH, ORP_UNREADABLE, ORP_AMBIGUOUS, ORP_UTF8, with `detail`,
// which may be NULL. SPEC.md section 7.
ORP_MUST_USE orp_status orp_correct(const char *sent, size_t sent_len, orp_corrections *found, uint32_t *detail);

// The word for a letter or digit, for reading aloud, in UTF-8 with a NUL.
//
// ORP_OK: `word`. ORP_ARGUMENT: another character, or no language. SPEC.md section 20.
ORP_MUST_USE orp_status orp_spell(char character, int32_t language, char word[ORP_WORD_SIZE]);

// ==== Vendor side: answering ====
//
// Whether a device with this key made the challenge. The answers below ask it themselves: this one is for whoever decides before. Write
// `== ORP_VERIFIED`, never `if (orp_verify(...))`: every refusal is non-zero too.
//
// ORP_VERIFIED. ORP_NOT_GENUINE. ORP_ADDRESS: genuine, but what a QR seals is no address. SPEC.md section 12.
ORP_MUST_USE orp_status orp_verify(const orp_received *received, const orp_key *key);

// The code for a challenge, if a device with this key made it: 1929-4926-8276 with a NUL. The same term gives the same code. How old a
// challenge is the desk does not see: when the device says ORP_EXPIRED, answer with a longer term, or have a new challenge made.
// Before it: quotas, the log, and whether this caller owns the device (SPEC.md section 12). Terms 6 to 9 here bypass orp_secure_code, and
// the duty to send that code to the address on file alone (DUTY-10). A dynamic password for a network challenge is normally ORP_METHOD at
// the device.
//
// ORP_OK: `code`, to be wiped when the person has it. ORP_NOT_GENUINE, ORP_ADDRESS, ORP_RESERVED_K (a term that is none). SPEC.md
// sections 8 and 12.
ORP_MUST_USE orp_status orp_answer(const orp_received *received, const orp_key *key, int32_t term, char code[ORP_CODE_SIZE]);

// The address on file that a genuine device sealed in its QR. It is authentic, not harmless: whoever owns a device with a dumped key
// chooses what it says. It goes to the mail system as one recipient, as a parameter (DUTY-25).
//
// At most ORP_ADDRESS_SIZE bytes are written to `address`. ORP_OK; ORP_NONE_ON_FILE; ORP_SHORT_BUFFER; ORP_NOT_GENUINE, ORP_ADDRESS;
// ORP_WRONG_KIND for a typed challenge. SPEC.md section 11.
ORP_MUST_USE orp_status orp_address(const orp_received *received, const orp_key *key, char *address, size_t cap, size_t *len);

// The secure code for a genuine device's QR, and the one address that it may go to (DUTY-10). For an expired one, see orp_answer.
//
// At most ORP_ADDRESS_SIZE bytes are written to `address`. ORP_OK. In this order: ORP_WRONG_KIND for a typed challenge; ORP_NOT_GENUINE,
// ORP_ADDRESS; ORP_RESERVED_K; ORP_NONE_ON_FILE: the answer is that none is; ORP_METHOD (a dynamic password is not mailed);
// ORP_SHORT_BUFFER (no code either). SPEC.md section 12.
ORP_MUST_USE
orp_status orp_secure_code(const orp_received *received,
                           const orp_key *key,
                           int32_t term,
                           char *address,
                           size_t cap,
                           size_t *len,
                           char code[ORP_CODE_SIZE]);

#if defined(ORP_FACTORY)
// ==== Factory ====
//
// What the factory stores together with D, before the first start: `record` in slot 0, and `check`, D's check value for this serial, for
// orp_device_load. Slot 1 stays blank. Never in the field: two blank slots there are a lost ledger, and this record would refund every
// guess. The bytes are the same on every processor: the host at the line can make them. D is the caller's to wipe.
//
// ORP_OK: `record` and `check`. ORP_BLANK_KEY, ORP_SERIAL, ORP_DEMONSTRATION. SPEC.md sections 4.1 and 9.
ORP_MUST_USE
orp_status orp_genesis(const uint8_t d[ORP_KEY_BYTES],
                       const char *serial,
                       size_t serial_len,
                       uint8_t record[ORP_RECORD_SIZE],
                       uint8_t check[ORP_CHECK_SIZE]);
#endif

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* OFFLINE_RESET_H */
