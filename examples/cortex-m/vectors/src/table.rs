//! Reading the table that build.rs makes.

use offline_reset::{DeviceKey, Epoch, Header, Origin, Purpose, hazmat};

/// An error as a vector writes it: name of SPEC.md §13, argument.
pub type Named<'t> = (&'t str, Option<u64>);

/// What is left of the table.
pub struct Table<'t>(pub &'t [u8]);

impl<'t> Table<'t> {
    pub fn take(&mut self, len: usize) -> &'t [u8] {
        let (taken, rest) = self.0.split_at(len);
        self.0 = rest;
        taken
    }

    pub fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    pub fn optional(&mut self) -> Option<&'t [u8]> {
        match self.byte() {
            0 => None,
            255 => {
                let len = [self.byte(), self.byte()];
                Some(self.take(usize::from(u16::from_le_bytes(len))))
            }
            len => Some(self.take(usize::from(len) - 1)),
        }
    }

    /// An absent field is empty.
    pub fn bytes(&mut self) -> &'t [u8] {
        self.optional().unwrap_or_default()
    }

    pub fn text(&mut self) -> &'t str {
        core::str::from_utf8(self.bytes()).unwrap()
    }

    pub fn optional_text(&mut self) -> Option<&'t str> {
        self.optional().map(|text| core::str::from_utf8(text).unwrap())
    }

    /// An absent array is zeros.
    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        self.optional().map_or([0; N], |bytes| bytes.try_into().unwrap())
    }

    pub fn number(&mut self) -> u64 {
        self.bytes().iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
    }

    pub fn small(&mut self) -> u8 {
        self.number().try_into().unwrap()
    }

    pub fn word(&mut self) -> u32 {
        self.number().try_into().unwrap()
    }

    pub fn flag(&mut self) -> bool {
        self.number() != 0
    }

    /// A list of numbers below 256.
    pub fn numbers<const N: usize>(&mut self) -> [u8; N] {
        match self.number() as usize {
            0 => [0; N],
            len => {
                assert_eq!(len, N);
                core::array::from_fn(|_| self.small())
            }
        }
    }

    pub fn key(&mut self) -> DeviceKey {
        DeviceKey::derived(&mut self.array::<32>()).unwrap()
    }

    pub fn purpose(&mut self) -> Purpose {
        [Purpose::AccountPassword, Purpose::UnlockPattern, Purpose::FactoryReset][self.number() as usize]
    }

    pub fn origin(&mut self) -> Origin {
        [Origin::Local, Origin::Network][self.number() as usize]
    }

    /// The header given by its fields.
    pub fn header_fields(&mut self) -> Header {
        let (purpose, epoch) = (self.purpose(), Epoch::new(self.small()).unwrap());
        Header::new(purpose, epoch, self.origin(), self.flag())
    }

    /// The header given by its bytes.
    pub fn header(&mut self) -> Header {
        hazmat::read_header(u16::from_be_bytes(self.array())).unwrap()
    }

    pub fn error(&mut self) -> Option<Named<'t>> {
        let name = self.optional_text()?;
        let argument = self.optional();
        Some((name, argument.map(|bytes| Table(bytes).whole_number())))
    }

    fn whole_number(self) -> u64 {
        self.0.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
    }
}

/// The value, if success was expected; fails unless the outcome is the expected one.
pub fn expect<T>(outcome: Result<T, Named<'_>>, expected: Option<Named<'_>>) -> Option<T> {
    match (outcome, expected) {
        (Ok(value), None) => Some(value),
        (Err(error), Some(expected)) => {
            assert_eq!(error, expected);
            None
        }
        (Ok(_), Some((expected, _))) => panic!("succeeded, where {expected} was expected"),
        (Err((error, _)), None) => panic!("failed with {error}"),
    }
}
