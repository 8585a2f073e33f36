//! The recorder's files: what a device has in flash, and the factory that writes it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use offline_reset::{CheckValue, DeviceKey, Epoch, KeyError, Ledger, RootKey, SEALED_RECORD, Serial, Slot, Slots};

use super::common::device::Flash;
use super::common::lang::Lang;

/// The address that the owner gave when the recorder was installed.
const ADDRESS: &str = "jan@example.nl";

/// What the recorder knows of itself.
#[derive(Debug)]
pub(crate) struct Files {
    dir: PathBuf,
}

/// Writes a whole file, durable before this returns; only its owner may read it.
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A file of at most `most` bytes.
fn read_short(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn fresh_key() -> io::Result<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    Ok(key)
}

/// A check value is written as eight hexadecimal digits (SPEC.md §4.1).
fn hex(check: CheckValue) -> String {
    format!("{:08x}", u32::from_be_bytes(check))
}

fn check_value(text: &[u8]) -> Option<CheckValue> {
    let text = std::str::from_utf8(text).ok().filter(|text| text.len() == 8)?;
    Some(u32::from_str_radix(text, 16).ok()?.to_be_bytes())
}

impl Files {
    /// The directory of a recorder; without one, the factory makes it.
    pub(crate) fn at(dir: &Path) -> io::Result<(Self, bool)> {
        let files = Self { dir: dir.to_owned() };
        let new = !files.dir.join("device-key").exists();
        if new {
            files.factory()?;
        }
        Ok((files, new))
    }

    /// D, its check value and the genesis record belong together (DUTY-11): D is written last, and without it the factory begins anew.
    fn factory(&self) -> io::Result<()> {
        fs::create_dir_all(self.dir.join("vendor"))?;
        let root_path = self.dir.join("vendor").join("root");
        if !root_path.exists() {
            let mut fresh = fresh_key()?;
            write_private(&root_path, &fresh)?;
            let check = RootKey::take(&mut fresh).map_err(io::Error::other)?.check_value(Epoch::ZERO);
            write_private(&self.dir.join("vendor").join("root-check"), hex(check).as_bytes())?;
        }
        let root = RootKey::take(&mut read_short(&root_path, 32)?).map_err(io::Error::other)?;
        let number = fresh_key()?[..4].iter().fold(0u32, |n, &byte| n << 8 | u32::from(byte)) % 100_000;
        let text = format!("4H0583BPAG{number:05}");
        let serial = Serial::new(&text).map_err(io::Error::other)?;
        let mut d = root.derive(&serial).map_err(io::Error::other)?;
        let key = root.device_key(&serial).map_err(io::Error::other)?;
        write_private(&self.dir.join("serial"), text.as_bytes())?;
        write_private(&self.dir.join("email"), ADDRESS.as_bytes())?;
        write_private(&self.slot(Slot::A), &Ledger::genesis(&key))?;
        write_private(&self.slot(Slot::B), &[0xff; SEALED_RECORD])?;
        write_private(&self.dir.join("device-check"), hex(key.check_value(&serial)).as_bytes())?;
        let stored = write_private(&self.dir.join("device-key"), &d);
        d.fill(0);
        stored
    }

    /// D, if it is whole and of this serial (KEY-6).
    pub(crate) fn key(&self, serial: &Serial, lang: Lang) -> Result<DeviceKey, String> {
        let (path, check) = (self.dir.join("device-key"), self.dir.join("device-check"));
        let read = |path: &Path| read_short(path, 32).map_err(|error| lang.cannot_read(&path.display().to_string(), &error.to_string()));
        let check = check_value(&read(&check)?).ok_or_else(|| lang.bad_key(&check.display().to_string(), "8 hexadecimal digits"))?;
        let key = DeviceKey::load(&mut read(&path)?, serial, &check);
        key.map_err(|error: KeyError| lang.bad_key(&path.display().to_string(), &error.to_string()))
    }

    pub(crate) fn serial(&self, lang: Lang) -> Result<Serial, String> {
        let path = self.dir.join("serial");
        let bytes = read_short(&path, 64).map_err(|error| lang.cannot_read(&path.display().to_string(), &error.to_string()))?;
        Serial::new(String::from_utf8_lossy(&bytes).trim()).map_err(|_| lang.bad_serial(&path.display().to_string()))
    }

    /// The address on file; empty when there is none.
    pub(crate) fn address(&self) -> io::Result<String> {
        Ok(String::from_utf8_lossy(&read_short(&self.dir.join("email"), 254)?).trim().to_owned())
    }

    /// The old address or the new one, never half of one.
    pub(crate) fn set_address(&self, address: &str) -> io::Result<()> {
        let new = self.dir.join("email.new");
        write_private(&new, address.as_bytes())?;
        fs::rename(new, self.dir.join("email"))
    }

    /// The note that a password was set: the password itself is no business of this example.
    pub(crate) fn note_password(&self, resets: u32) -> io::Result<()> {
        write_private(&self.dir.join("password-set"), format!("reset {resets}\n").as_bytes())
    }

    fn slot(&self, slot: Slot) -> PathBuf {
        self.dir.join(match slot {
            Slot::A => "slot-a",
            Slot::B => "slot-b",
        })
    }
}

/// Two files in the place of flash: written where they stand, so that a kill at any moment is a power cut.
impl Flash for Files {
    fn read(&self) -> io::Result<Slots> {
        let read = |slot| -> io::Result<[u8; SEALED_RECORD]> {
            match read_short(&self.slot(slot), SEALED_RECORD as u64) {
                Ok(bytes) => Ok(bytes.try_into().unwrap_or([0; SEALED_RECORD])), // of another length: as good as erased
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok([0xff; SEALED_RECORD]),
                Err(error) => Err(error),
            }
        };
        Ok([read(Slot::A)?, read(Slot::B)?])
    }

    fn write(&mut self, slot: Slot, record: &[u8; SEALED_RECORD]) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(self.slot(slot))?;
        file.write_all(record)?;
        file.sync_all()
    }
}
