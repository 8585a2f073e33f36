//! The recorder's files: what a device has in flash, and the factory that writes it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use offline_reset::{DeviceKey, Ledger, RootKey, SEALED_RECORD, Serial, Slot, Slots};

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

    /// D and the genesis record belong together (DUTY-11): D is written last, and without it the factory begins anew.
    fn factory(&self) -> io::Result<()> {
        fs::create_dir_all(self.dir.join("vendor"))?;
        let root_path = self.dir.join("vendor").join("root");
        if !root_path.exists() {
            write_private(&root_path, &fresh_key()?)?;
        }
        let root: [u8; 32] = read_short(&root_path, 32)?.try_into().map_err(|_| io::Error::other("vendor/root is not 32 bytes"))?;
        let number = fresh_key()?[..4].iter().fold(0u32, |n, &byte| n << 8 | u32::from(byte)) % 100_000;
        let text = format!("4H0583BPAG{number:05}");
        let serial = Serial::new(&text).map_err(io::Error::other)?;
        let d = RootKey::new(&root).derive(&serial);
        let key = DeviceKey::new(&d);
        write_private(&self.dir.join("serial"), text.as_bytes())?;
        write_private(&self.dir.join("email"), ADDRESS.as_bytes())?;
        write_private(&self.slot(Slot::A), &Ledger::genesis(&key))?;
        write_private(&self.slot(Slot::B), &[0xff; SEALED_RECORD])?;
        write_private(&self.dir.join("device-key"), &d)
    }

    pub(crate) fn key(&self, lang: Lang) -> Result<DeviceKey, String> {
        let path = self.dir.join("device-key");
        let bytes = read_short(&path, 32).map_err(|error| lang.cannot_read(&path.display().to_string(), &error.to_string()))?;
        let d: [u8; 32] = bytes.try_into().map_err(|_| lang.bad_key(&path.display().to_string()))?;
        Ok(DeviceKey::new(&d))
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
