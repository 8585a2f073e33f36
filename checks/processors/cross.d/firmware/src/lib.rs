//! The device's side as a firmware uses it, for its size: each operation is kept as a symbol `device_...`, its one caller, and nothing else
//! is there. Texts of errors are not in it: a recorder has its own, in its own languages.
#![no_std]

use offline_reset::{
    Address, Attempt, CheckValue, Clearing, Closing, Compared, Device, DeviceKey, Grant, GrantExpired, HANDLE, InvalidAddress, InvalidSerial, KeyError, Ledger, Loaded,
    Lowered, Lowering, MailBitMismatch, MaskedAddress, NoGrant, OpenError, Opened, Opening, Origin, QrText, Rendering, Request, Reset, Resumed,
    SEALED_RECORD, Serial, Shown, Slot, Slots, Standing, StoreError, SubmitError, Uptime,
};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

#[unsafe(no_mangle)]
pub fn device_serial(text: &str) -> Result<Serial, InvalidSerial> {
    Serial::new(text)
}

#[unsafe(no_mangle)]
pub fn device_key(d: &mut [u8], serial: &Serial, check: &CheckValue) -> Result<DeviceKey, KeyError> {
    DeviceKey::load(d, serial, check)
}

#[unsafe(no_mangle)]
pub fn device_load(key: &DeviceKey, device: Device, slots: &Slots, now: Uptime) -> (Ledger, Loaded) {
    Ledger::load(key, device, slots, now)
}

#[unsafe(no_mangle)]
pub fn device_open<'l>(
    ledger: &'l mut Ledger,
    key: &DeviceKey,
    origin: Origin,
    request: Request,
    entropy: &[u8; 32],
    now: Uptime,
    slots: &Slots,
) -> Result<Opened<'l>, OpenError> {
    ledger.open(key, origin, request, entropy, now, slots)
}

#[unsafe(no_mangle)]
pub fn device_show(step: Opening<'_>, key: &DeviceKey, slots: &Slots) -> Result<Shown, StoreError> {
    step.show(key, slots)
}

#[unsafe(no_mangle)]
pub fn device_text(shown: &Shown) -> Option<&str> {
    shown.text().map(|text| text.as_str())
}

#[unsafe(no_mangle)]
pub fn device_address(text: &str) -> Result<(Address<'_>, MaskedAddress), InvalidAddress> {
    Address::new(text).map(|address| (address, address.masked()))
}

#[unsafe(no_mangle)]
pub fn device_qr(
    shown: &Shown,
    key: &DeviceKey,
    address: Option<Address<'_>>,
    rendering: Rendering<'_>,
) -> Result<QrText, MailBitMismatch> {
    shown.qr(key, address, rendering)
}

#[unsafe(no_mangle)]
pub fn device_submit<'l>(
    ledger: &'l mut Ledger,
    key: &DeviceKey,
    origin: Origin,
    session: u32,
    text: &str,
    now: Uptime,
    slots: &Slots,
) -> Result<Attempt<'l>, SubmitError> {
    ledger.submit(key, origin, session, text, now, slots)
}

#[unsafe(no_mangle)]
pub fn device_compare<'l>(step: Attempt<'l>, key: &DeviceKey, slots: &Slots) -> Result<Compared<'l>, StoreError> {
    step.compare(key, slots)
}

#[unsafe(no_mangle)]
pub fn device_grant(step: Clearing<'_>, key: &DeviceKey, slots: &Slots) -> Result<Grant, StoreError> {
    step.grant(key, slots)
}

#[unsafe(no_mangle)]
pub fn device_by_handle(grants: &mut [Option<Grant>], handle: &[u8; HANDLE]) -> Result<Grant, NoGrant> {
    Grant::by_handle(grants, handle)
}

#[unsafe(no_mangle)]
pub fn device_consume(grant: Grant, now: Uptime) -> Result<Reset, GrantExpired> {
    grant.consume(now)
}

#[unsafe(no_mangle)]
pub fn device_login<'l>(ledger: &'l mut Ledger, key: &DeviceKey, now: Uptime, slots: &Slots) -> Result<Lowered<'l>, StoreError> {
    ledger.admin_login(key, now, slots)
}

#[unsafe(no_mangle)]
pub fn device_allow_again<'l>(ledger: &'l mut Ledger, key: &DeviceKey, now: Uptime, slots: &Slots) -> Result<Lowered<'l>, StoreError> {
    ledger.allow_again(key, now, slots)
}

#[unsafe(no_mangle)]
pub fn device_lowered(step: Lowering<'_>, slots: &Slots) -> Result<(), StoreError> {
    step.lowered(slots)
}

#[unsafe(no_mangle)]
pub fn device_resume(ledger: &mut Ledger) -> Result<Resumed<'_>, StoreError> {
    ledger.resume()
}

#[unsafe(no_mangle)]
pub fn device_finish(ledger: &mut Ledger, key: &DeviceKey, store: fn(Slot, &[u8; SEALED_RECORD]) -> Option<Slots>) {
    ledger.finish(key, store);
}

#[unsafe(no_mangle)]
pub fn device_abandon(step: Attempt<'_>) {
    step.abandon();
}

#[unsafe(no_mangle)]
pub fn device_close(ledger: &mut Ledger, closing: Closing) -> Result<(), StoreError> {
    ledger.close(closing)
}

#[unsafe(no_mangle)]
pub fn device_withdraw(ledger: &mut Ledger) -> Result<(), StoreError> {
    ledger.withdraw()
}

#[unsafe(no_mangle)]
pub fn device_standing(ledger: &Ledger, origin: Origin, now: Uptime) -> Standing {
    ledger.standing(origin, now)
}

#[unsafe(no_mangle)]
pub fn device_end(key: DeviceKey) {
    drop(key);
}
