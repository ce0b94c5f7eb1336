//! Turning bytes into text: octet tables, source code arrays and sine waves.

use std::f64::consts::PI;
use std::io::{Result, Write};

/// Samples on one line of wave output.
const SAMPLES_PER_LINE: u64 = 10;
/// Blank columns put in place of each octet missing from a short row.
const GAP_WIDTH: usize = 5;
/// The colour that stands in for byte zero, which would be invisible.
const ZERO_BYTE_COLOR: u8 = 22;

/// The notation of one octet in a table.
#[derive(Clone, Copy)]
pub enum Radix {
    Octal,
    LowerHex,
    UpperHex,
    Binary,
}

impl Radix {
    /// The radix an option letter stands for.
    pub fn by_letter(letter: &str) -> Option<Radix> {
        match letter {
            "o" => Some(Radix::Octal),
            "x" => Some(Radix::LowerHex),
            "X" => Some(Radix::UpperHex),
            "b" => Some(Radix::Binary),
            _ => None,
        }
    }

    /// Writes `byte` at full width, with or without `0x` and its kin.
    fn octet(self, byte: u8, prefix: bool) -> String {
        let (mark, digits) = match self {
            Radix::Octal => ("0o", format!("{:04o}", byte)),
            Radix::LowerHex => ("0x", format!("{:02x}", byte)),
            Radix::UpperHex => ("0x", format!("{:02X}", byte)),
            Radix::Binary => ("0b", format!("{:08b}", byte)),
        };
        if prefix { format!("{}{}", mark, digits) } else { digits }
    }
}

/// How a table looks.
pub struct TableStyle {
    pub radix: Radix,
    pub prefix: bool,
    pub color: bool,
}

impl TableStyle {
    /// Tints `text` with the colour that belongs to `byte`, if colour is on.
    fn tint(&self, byte: u8, text: &str) -> String {
        if !self.color {
            return text.to_string();
        }
        let color = if byte == 0 { ZERO_BYTE_COLOR } else { byte };
        format!("\x1b[38;5;{}m{}\x1b[0m", color, text)
    }
}

/// The notation of a byte array in one programming language.
pub struct ArraySyntax {
    letter: &'static str,
    /// Text before and after the element count; `None` leaves the count out.
    opening: (&'static str, Option<&'static str>),
    suffix: &'static str,
    separator: &'static str,
    /// Whether the last element is followed by a separator as well.
    trailing: bool,
    closing: &'static str,
}

/// Shorthand for the many languages that use plain comma-separated elements.
const fn commas(
    letter: &'static str, opening: (&'static str, Option<&'static str>), closing: &'static str,
) -> ArraySyntax {
    ArraySyntax { letter, opening, suffix: "", separator: ", ", trailing: false, closing }
}

/// Every language known, found by its option letter.
static LANGUAGES: [ArraySyntax; 8] = [
    commas("r", ("let ARRAY: [u8; ", Some("] = [")), "];"),
    commas("c", ("unsigned char ARRAY[", Some("] = {")), "};"),
    ArraySyntax { trailing: true, ..commas("g", ("a := [", Some("]byte{")), "}") },
    commas("p", ("a = [", None), "]"),
    commas("k", ("val a = byteArrayOf(", None), ")"),
    commas("j", ("byte[] a = new byte[]{", None), "};"),
    commas("s", ("let a: [UInt8] = [", None), "]"),
    ArraySyntax { suffix: "uy", separator: "; ", ..commas("f", ("let a = [|", None), "|]") },
];

impl ArraySyntax {
    /// The language an option letter stands for.
    pub fn by_letter(letter: &str) -> Option<&'static ArraySyntax> {
        LANGUAGES.iter().find(|language| language.letter == letter)
    }
}

/// Cuts bytes into rows with their offsets. A last row that is full (or no
/// row at all) is followed by an empty one.
fn rows(bytes: &[u8], columns: u64) -> impl Iterator<Item = (usize, &[u8])> {
    let width = usize::try_from(columns).unwrap_or(usize::MAX).max(1);
    let closing = if bytes.len() % width == 0 { Some(&bytes[bytes.len()..]) } else { None };
    bytes
        .chunks(width)
        .chain(closing)
        .enumerate()
        .map(move |(index, row)| (index.saturating_mul(width), row))
}

/// Writes the table: offset, octets and characters of each row, then the total.
pub fn table(out: &mut impl Write, bytes: &[u8], columns: u64, style: &TableStyle) -> Result<()> {
    for (offset, row) in rows(bytes, columns) {
        write!(out, "0x{:06x}: ", offset)?;
        for &byte in row {
            let octet = style.radix.octet(byte, style.prefix);
            write!(out, "{} ", style.tint(byte, &octet))?;
        }
        for _ in row.len() as u64..columns {
            write!(out, "{:1$}", "", GAP_WIDTH)?;
        }
        for &byte in row {
            let shown = if (0x20..0x7f).contains(&byte) { byte as char } else { '.' };
            out.write_all(style.tint(byte, shown.encode_utf8(&mut [0; 4])).as_bytes())?;
        }
        writeln!(out)?;
    }
    writeln!(out, "   bytes: {}", bytes.len())
}

/// Writes the bytes as an array literal of the given language.
pub fn array(out: &mut impl Write, bytes: &[u8], columns: u64, syntax: &ArraySyntax) -> Result<()> {
    match syntax.opening {
        (before, Some(after)) => writeln!(out, "{}{}{}", before, bytes.len(), after)?,
        (all, None) => writeln!(out, "{}", all)?,
    }
    for (offset, row) in rows(bytes, columns) {
        write!(out, "    ")?;
        for (index, byte) in row.iter().enumerate() {
            let last = offset + index + 1 == bytes.len();
            let separator = if last && !syntax.trailing { "" } else { syntax.separator };
            write!(out, "0x{:02x}{}{}", byte, syntax.suffix, separator)?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", syntax.closing)
}

/// Writes `length` samples of the first quarter of a sine wave.
pub fn wave(out: &mut impl Write, length: u64, places: usize) -> Result<()> {
    for step in 0..length {
        let sample = (step as f64 / length as f64 * PI / 2.0).sin();
        write!(out, "{:.1$},", sample, places)?;
        if step % SAMPLES_PER_LINE == SAMPLES_PER_LINE - 1 {
            writeln!(out)?;
        }
    }
    writeln!(out)
}
