//! The dump itself: offset, cells and printable text, line by line.

use std::io::{self, Read, Write};

/// Columns left blank for each byte missing from the last line, whatever the radix.
const BLANK_CELL: usize = 5;

#[derive(Clone, Copy)]
pub enum Radix {
    Octal,
    LowerHex,
    UpperHex,
    Binary,
}

impl Radix {
    pub fn from_key(key: &str) -> Radix {
        match key {
            "o" => Radix::Octal,
            "X" => Radix::UpperHex,
            "b" => Radix::Binary,
            _ => Radix::LowerHex,
        }
    }

    fn cell(self, byte: u8, prefix: bool) -> String {
        let (mark, digits) = match self {
            Radix::Octal => ("0o", format!("{byte:04o}")),
            Radix::LowerHex => ("0x", format!("{byte:02x}")),
            Radix::UpperHex => ("0x", format!("{byte:02X}")),
            Radix::Binary => ("0b", format!("{byte:08b}")),
        };
        if prefix { format!("{mark}{digits}") } else { digits }
    }
}

pub struct Style {
    pub radix: Radix,
    pub prefix: bool,
    pub color: bool,
    pub columns: usize,
}

impl Style {
    /// Each byte value is its own colour of the 256-colour palette, but zero would be black.
    fn paint(&self, byte: u8, text: &str) -> String {
        let hue = if byte == 0 { 0x16 } else { byte };
        if self.color { format!("\x1b[38;5;{hue}m{text}\x1b[0m") } else { text.to_string() }
    }
}

pub fn write(out: &mut impl Write, source: &mut impl Read, style: &Style) -> io::Result<()> {
    let width = style.columns.max(1) as u64;
    let mut offset = 0u64;
    loop {
        let mut line = Vec::new();
        source.by_ref().take(width).read_to_end(&mut line)?;
        write_line(out, offset, &line, style)?;
        offset += line.len() as u64;
        if (line.len() as u64) < width {
            break;
        }
    }
    writeln!(out, "   bytes: {offset}")
}

fn write_line(out: &mut impl Write, offset: u64, line: &[u8], style: &Style) -> io::Result<()> {
    write!(out, "0x{offset:06x}: ")?;
    for &byte in line {
        write!(out, "{} ", style.paint(byte, &style.radix.cell(byte, style.prefix)))?;
    }
    for _ in line.len()..style.columns {
        write!(out, "{:BLANK_CELL$}", "")?;
    }
    for &byte in line {
        let shown = if matches!(byte, 0x20..=0x7e) { char::from(byte) } else { '.' };
        write!(out, "{}", style.paint(byte, shown.encode_utf8(&mut [0; 4])))?;
    }
    writeln!(out)
}
