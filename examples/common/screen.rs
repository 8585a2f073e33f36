//! Paper for the three examples: headings, short lines, who says what. Nothing wider than 100 columns but a large QR code.

use std::fmt::Display;
use std::io::{self, IsTerminal, Stdout, Write};

use super::qr::Drawing;

const WIDTH: usize = 100;

/// Where an example writes.
#[derive(Debug)]
pub(crate) struct Screen {
    out: Stdout,
    colours: bool,
    /// Where the text begins, behind who says it.
    margin: usize,
}

impl Screen {
    pub(crate) fn new(margin: usize) -> Self {
        let out = io::stdout();
        let colours = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { out, colours, margin }
    }

    pub(crate) fn title(&mut self, text: &str) -> io::Result<()> {
        self.heading(text, '=')
    }

    pub(crate) fn section(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out)?;
        self.heading(text, '-')
    }

    fn heading(&mut self, text: &str, under: char) -> io::Result<()> {
        let (bold, plain) = if self.colours { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
        writeln!(self.out, "{bold}{text}{plain}\n{}", under.to_string().repeat(text.chars().count()))
    }

    /// A paragraph over the full width.
    pub(crate) fn paragraph(&mut self, text: &str) -> io::Result<()> {
        for line in wrapped(text, WIDTH) {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    /// What somebody says or shows, behind their name.
    pub(crate) fn says(&mut self, who: &str, text: &str) -> io::Result<()> {
        let (mut who, margin) = (who, self.margin);
        for line in wrapped(text, WIDTH - margin) {
            writeln!(self.out, "{who:margin$}{line}")?;
            who = "";
        }
        Ok(())
    }

    /// A name and a value in a column of its own, under what was said last.
    pub(crate) fn field(&mut self, name: &str, value: impl Display) -> io::Result<()> {
        let margin = self.margin;
        writeln!(self.out, "{:margin$}{name:22} {value}", "")
    }

    /// Several things in columns of eight, under what was said last.
    pub(crate) fn item(&mut self, name: &str, value: impl Display) -> io::Result<()> {
        let margin = self.margin;
        writeln!(self.out, "{:margin$}{name:8}{value}", "")
    }

    /// One line as it is.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    pub(crate) fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// A QR code with room around it.
    pub(crate) fn qr(&mut self, drawing: &Drawing) -> io::Result<()> {
        let margin = if drawing.side + self.margin <= WIDTH { self.margin } else { 0 };
        for line in drawing.lines(self.colours) {
            writeln!(self.out, "{:margin$}{line}", "")?;
        }
        Ok(())
    }

    /// A question; the answer follows on the same line.
    pub(crate) fn prompt(&mut self, text: &str) -> io::Result<()> {
        write!(self.out, "{text} ")?;
        self.out.flush()
    }

    /// What was typed, with a caret under one position of it (counted in characters from 0).
    pub(crate) fn caret(&mut self, text: &str, position: usize) -> io::Result<()> {
        const AROUND: usize = 40;
        let skipped = position.saturating_sub(AROUND);
        let printed = text.chars().skip(skipped).take(2 * AROUND).map(printable);
        let before: usize = text.chars().skip(skipped).take(position - skipped).map(columns).sum();
        writeln!(self.out, "    {}\n    {:before$}^", printed.collect::<String>(), "")
    }
}

/// What may go to a terminal: nothing that moves its cursor, colours it or cannot be seen.
fn printable(ch: char) -> char {
    let invisible = matches!(ch, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(ch, '\u{2060}'..='\u{206f}' | '\u{fe0e}' | '\u{fe0f}' | '\u{feff}');
    match ch {
        _ if ch.is_whitespace() => ' ',
        _ if ch.is_control() || invisible => '·',
        _ => ch,
    }
}

/// What was typed, as it may go to a terminal.
pub(crate) fn shown(text: &str) -> String {
    text.chars().map(printable).collect()
}

/// How wide a terminal draws it: full-width forms take two columns.
fn columns(ch: char) -> usize {
    if matches!(printable(ch), '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff60}') {
        2
    } else {
        1
    }
}

/// Lines of at most `width`; a no-break space keeps two words together.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split([' ', '\n']).filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += length;
        }
    }
    lines
}
