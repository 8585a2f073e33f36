//! A QR code drawn for a terminal: two modules above each other in one character.

use qrcodegen_no_heap::{QrCode, QrCodeEcc, Version};

/// The quiet zone, in modules, that the standard asks for.
pub(crate) const QUIET: usize = 4;

/// A drawn QR code with its quiet zone.
#[derive(Debug)]
pub(crate) struct Drawing {
    /// Modules on a side, quiet zone included.
    pub(crate) side: usize,
    /// Which of the standard's 40 sizes it is.
    pub(crate) version: u8,
    /// By row; true is dark.
    modules: Vec<bool>,
}

impl Drawing {
    /// Draws at error correction level M. `None` when no QR code holds the text, which no `QrText` reaches.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let (mut work, mut out) = ([0; Version::MAX.buffer_len()], [0; Version::MAX.buffer_len()]);
        let code = QrCode::encode_text(text, &mut work, &mut out, QrCodeEcc::Medium, Version::MIN, Version::MAX, None, false).ok()?;
        let quiet = i32::try_from(QUIET).ok()?;
        let range = -quiet..code.size() + quiet; // outside the code every module is light
        let modules = range.clone().flat_map(|y| range.clone().map(move |x| (x, y))).map(|(x, y)| code.get_module(x, y)).collect();
        Some(Self { side: usize::try_from(code.size()).ok()? + 2 * QUIET, version: code.version().value(), modules })
    }

    /// Whether the module is dark; outside the drawing none is.
    pub(crate) fn dark(&self, x: usize, y: usize) -> bool {
        x < self.side && self.modules.get(y * self.side + x).copied().unwrap_or(false)
    }

    /// The lines to print. With colours: black on white whatever the terminal's own are. Without: the light modules are what is
    /// printed, so that it scans on a dark terminal.
    pub(crate) fn lines(&self, colours: bool) -> Vec<String> {
        let glyph = |x: usize, y: usize| {
            let below = y + 1 < self.side;
            let printed = if colours { (self.dark(x, y), self.dark(x, y + 1)) } else { (!self.dark(x, y), below && !self.dark(x, y + 1)) };
            match printed {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            }
        };
        let line = |y: usize| -> String { (0..self.side).map(|x| glyph(x, y)).collect() };
        (0..self.side).step_by(2).map(|y| if colours { format!("\x1b[38;5;16;48;5;231m{}\x1b[0m", line(y)) } else { line(y) }).collect()
    }
}
