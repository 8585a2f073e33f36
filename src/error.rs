//! The errors of SPEC.md §13, in two registers: public input gets a precise one, a guess gets [`Rejected`] and nothing else.

use core::{error::Error, fmt, time::Duration};

#[macro_use]
mod declare;

errors! {
    /// Why a typed challenge could not be read (SPEC.md §6.3).
    ///
    /// After `Alphabet`, `Length` and `Check`, [`corrections`](crate::corrections()) may propose what was meant; after the others ask again.
    ReadError {
        /// Nothing but separators.
        Empty => "empty", "nothing was typed";
        /// Longer than `limit` bytes of UTF-8; nothing else was looked at.
        TooLong { /** In bytes. */ limit: usize } => "too-long", "longer than {limit} bytes";
        /// A character that cannot stand there, at `position`.
        Alphabet { /** In characters of the text as given, from 0. */ position: usize } => "alphabet", "character {} is not allowed here", position + 1;
        /// Twelve digits: a code, where the challenge belongs.
        WrongKind => "wrong-kind", "this is a code, not a challenge";
        /// `found` characters, separators not counted.
        Length { /** Characters, separators not counted. */ found: usize } => "length", "the length is wrong ({found})";
        /// The check code says that something was mistyped.
        Check => "check", "mistyped: the check does not fit";
        /// Made by another version of the protocol.
        Version { /** 0 to 3. */ found: u8 } => "version", "version {found} is not known";
        /// A purpose that is not registered.
        Purpose { /** 3 to 7. */ found: u8 } => "purpose", "purpose {found} is not known";
    }
}

errors! {
    /// Why a text is not a code (SPEC.md §8). Keep what was typed, and mark the position.
    CodeError {
        /// Nothing but separators.
        Empty => "empty", "nothing was typed";
        /// Longer than `limit` bytes of UTF-8; nothing else was looked at.
        TooLong { /** In bytes. */ limit: usize } => "too-long", "longer than {limit} bytes";
        /// A character that cannot stand there, at `position`.
        Alphabet { /** In characters of the text as given, from 0. */ position: usize } => "alphabet", "character {} is not allowed here", position + 1;
        /// A challenge, where the code belongs.
        WrongKind => "wrong-kind", "this is a challenge, not a code";
        /// `found` characters, separators not counted.
        Length { /** Characters, separators not counted. */ found: usize } => "length", "the length is wrong ({found})";
    }
}

errors! {
    /// Why no corrections are proposed (SPEC.md §7).
    CorrectionsError {
        /// Nothing but separators.
        Empty => "empty", "nothing was typed";
        /// Longer than `limit` bytes of UTF-8.
        TooLong { /** In bytes. */ limit: usize } => "too-long", "longer than {limit} bytes";
        /// `found` characters: too few or too many for one slip.
        Length { /** Characters, separators not counted. */ found: usize } => "length", "the length is wrong ({found})";
        /// `found` unreadable characters, more than four.
        Unreadable { /** How many. */ found: usize } => "unreadable", "{found} characters are unreadable";
        /// More than four candidates: ask for the challenge again.
        Ambiguous => "ambiguous", "too many challenges are possible";
    }
}

errors! {
    /// Why the text of a QR code could not be read (SPEC.md §11).
    QrError {
        /// No text.
        Empty => "empty", "the QR code holds no text";
        /// Longer than `limit` bytes; nothing else was looked at.
        TooLong { /** In bytes. */ limit: usize } => "too-long", "longer than {limit} bytes";
        /// A QR code, but not one of this version.
        UnknownVersion => "unknown-version", "not a reset QR code of a version known here";
        /// A character that cannot stand there, at `position`.
        Alphabet { /** In characters of the text as given, from 0. */ position: usize } => "alphabet", "character {} is not allowed here", position + 1;
        /// `found` symbols: no payload has that length.
        Length { /** Characters, separators not counted. */ found: usize } => "length", "the length is wrong ({found})";
        /// The bits after the last byte are not zero.
        Padding => "padding", "the last symbol is not as it is written";
        /// Made by another version of the protocol.
        Version { /** 0 to 3. */ found: u8 } => "version", "version {found} is not known";
        /// A reserved bit of the header is set.
        ReservedBits => "reserved-bits", "a reserved bit is set";
        /// A purpose that is not registered.
        Purpose { /** 3 to 7. */ found: u8 } => "purpose", "purpose {found} is not known";
        /// The serial inside is not one.
        Serial => "serial", "the serial inside is not one";
    }
}

errors! {
    /// Why what was received could not be read, as the one or the other (SPEC.md §6.3, §11).
    ReceivedError {
        /// As a typed challenge; [`corrections`](crate::corrections()) may help.
        Typed(error: ReadError) => error.name(), "{error}";
        /// As a QR's text.
        Qr(error: QrError) => error.name(), "{error}";
    }
}

errors! {
    /// Why a key, or a root by its check value, is refused (SPEC.md §4.1). Nothing may follow: no challenge is shown, none is answered.
    KeyError {
        /// Not 32 bytes.
        Length { /** Bytes found. */ found: usize } => "length", "a key is 32 bytes, not {found}";
        /// 32 equal bytes 0x00 or 0xff: erased, or never written (KEY-4).
        Blank => "blank-key", "the key is blank";
        /// The public root, its key, or a serial that begins with `ORPDEMO`: for demonstrations alone. From
        /// `demonstration_key`: a serial that does not (KEY-5).
        Demonstration => "demonstration", "a demonstration's key or serial, and a product's, do not mix";
        /// The check value differs: another root, another serial, or a key that flash has changed (KEY-6).
        Check => "key-check", "the key does not fit its check value";
    }
}

errors! {
    /// Why a record could not be stored or confirmed (SPEC.md §9). After `Stale`, `StoreFailed` and `Poisoned`: load the ledger again, and open
    /// again.
    StoreError {
        /// Somebody else has written a newer record: there must be one owner of the ledger.
        Stale => "stale", "another owner has written the ledger";
        /// What was read back is not what was to be stored. The ledger is poisoned.
        StoreFailed => "store-failed", "the record was not stored";
        /// A record waits for its confirmation: confirm it, or, when its caller is gone, [`finish`](crate::Ledger::finish) it.
        Pending => "pending", "a record waits to be confirmed";
        /// No record waits for a confirmation.
        NotPending => "not-pending", "no record waits to be confirmed";
        /// A store has failed, or there is another owner: load the ledger again.
        Poisoned => "poisoned", "the ledger has to be loaded again";
    }
}

errors! {
    /// Why no challenge is shown (SPEC.md §10.1).
    ///
    /// | error | what to do |
    /// |---|---|
    /// | `TooSoon` | count down `remaining` |
    /// | `Busy` | show the one that is open, or send the owner to the local screen |
    /// | `Store` | after `Pending` as [`StoreError`] says; else load the ledger again, and open again |
    OpenError {
        /// This origin takes no code, by the device's policy.
        Method => "method", "no code is taken here";
        /// A new challenge of this origin may be made after `remaining`.
        TooSoon { /** Whole seconds. */ remaining: Duration } => "too-soon", "a new challenge can be made in {} s", remaining.as_secs();
        /// The network's live challenge has another header. Ends with its code, with its life, at a restart, or by
        /// [`Ledger::withdraw`](crate::Ledger::withdraw).
        Busy => "busy", "another challenge is open on the network";
        /// The ledger.
        Store(error: StoreError) => error.name(), "{error}";
    }
}

errors! {
    /// Why a submitted text was not compared. Nothing was counted (SPEC.md §10.2, SES-5).
    ///
    /// | error | what to do |
    /// |---|---|
    /// | `Read`, `Check`, `ReservedK` | keep what was typed, let the owner correct it |
    /// | `NoChallenge` | open a new challenge |
    /// | `Expired` | ask for a longer [`Term`](crate::Term), or withdraw this challenge ([`Ledger::close`](crate::Ledger::close)) and open a new one |
    /// | `Method` | ask for the other kind of code |
    /// | `Waiting` | count down `remaining` |
    /// | `Stopped` | send the owner to the local screen |
    /// | `Store` | after `Pending` as [`StoreError`] says; else load the ledger again, and open again |
    ///
    /// After `Expired` the challenge still lives: opening shows it again, and the same term is the same expired code.
    ///
    /// After [`Rejected`] ask [`Ledger::standing`](crate::Ledger::standing): a wait may have begun.
    SubmitError {
        /// The text is no code.
        Read(error: CodeError) => error.name(), "{error}";
        /// This origin has no live challenge.
        NoChallenge => "no-challenge", "no challenge is open";
        /// The check digit does not fit: mistyped, or a code for another challenge.
        Check => "check", "mistyped, or a code for another challenge";
        /// The first digit is 0.
        ReservedK => "reserved-k", "no code begins with 0";
        /// A code of this method is not taken at this origin.
        Method => "method", "this kind of code is not taken here";
        /// The code's time is over, its challenge's is not.
        Expired => "expired", "the code has expired";
        /// The network origin has stopped, until a reset at the local screen or [`Ledger::allow_again`](crate::Ledger::allow_again).
        Stopped => "stopped", "no more codes are taken here";
        /// Codes are taken again after `remaining`.
        Waiting { /** Whole seconds. */ remaining: Duration } => "waiting", "codes are taken again in {} s", remaining.as_secs();
        /// The ledger.
        Store(error: StoreError) => error.name(), "{error}";
    }
}

errors! {
    /// Why there is no secure code to mail (SPEC.md §12, DUTY-10).
    SecureCodeError {
        /// No address is on file: the answer is that none is.
        NoneOnFile => "none-on-file", "no address is on file";
        /// The term is a dynamic password's.
        Method => "method", "a dynamic password is not mailed";
    }
}

errors! {
    /// Why a QR's challenge is not answered (SPEC.md §11).
    VerifyError {
        /// No device with this serial and key made it (QR-5).
        NotGenuine => "tag", "no device with this serial made this challenge";
        /// A device with the right key has sealed what is no address (EML-3).
        Address => "address", "the address inside is not one";
    }
}

one_error! {
    /// The answer to every counted guess that is not right, whatever the reason (SPEC.md §13, ERR-2).
    Rejected => "rejected", "rejected"
}
one_error! {
    /// No device with this key made this challenge (SPEC.md §6.3, CHL-8; §11, QR-5).
    NotGenuine => "tag", "no device with this serial made this challenge"
}
one_error! {
    /// The Grant's ten minutes are over (SPEC.md §10.3).
    GrantExpired => "grant-expired", "the permission has expired"
}
one_error! {
    /// No Grant has this handle (SPEC.md §10.3, SES-22).
    NoGrant => "no-grant", "there is no such permission"
}
one_error! {
    /// k is 1 to 9; 0 is reserved (SPEC.md §8, COD-4).
    ReservedK => "reserved-k", "no code begins with this digit"
}
one_error! {
    /// Not 1 to 20 characters of `A`-`Z` and `0`-`9` (SPEC.md §4, KEY-3).
    InvalidSerial => "serial", "a serial is 1 to 20 characters of A-Z and 0-9"
}
one_error! {
    /// Not one plain mailbox of 3 to 254 characters (SPEC.md §11, EML-1).
    InvalidAddress => "address", "not an e-mail address"
}
one_error! {
    /// Not 0 to 7.
    InvalidEpoch => "epoch", "an epoch is 0 to 7"
}
one_error! {
    /// Not 1 second to 72 hours.
    InvalidCap => "cap", "a cap is 1 second to 72 hours"
}
one_error! {
    /// Not a URL that can stand before the payload (SPEC.md §11, QR-2).
    InvalidUrl => "url", "a URL is HTTPS://HOST/PATH/ in upper case, at most 96 characters"
}
one_error! {
    /// An address was given and the header says that there is none, or the reverse (SPEC.md §11, EML-2).
    MailBitMismatch => "mail-bit", "the address and the challenge's header do not agree"
}

impl OpenError {
    /// The ledger's error, if it is one: load again.
    #[must_use]
    pub const fn store_error(&self) -> Option<StoreError> {
        if let Self::Store(error) = self { Some(*error) } else { None }
    }
}

impl SubmitError {
    /// The ledger's error, if it is one: load again.
    #[must_use]
    pub const fn store_error(&self) -> Option<StoreError> {
        if let Self::Store(error) = self { Some(*error) } else { None }
    }
}
