//! Bytes as an array literal in one of several programming languages.

use std::io::{self, Write};

pub struct Language {
    key: &'static str,
    /// The first line, with `#` where the number of bytes goes.
    opening: &'static str,
    closing: &'static str,
    suffix: &'static str,
    separator: &'static str,
    /// Whether the last byte is followed by a separator too.
    trailing: bool,
}

const fn language(key: &'static str, opening: &'static str, closing: &'static str) -> Language {
    Language { key, opening, closing, suffix: "", separator: ", ", trailing: false }
}

static LANGUAGES: [Language; 8] = [
    language("r", "let ARRAY: [u8; #] = [", "];"),
    language("c", "unsigned char ARRAY[#] = {", "};"),
    Language { trailing: true, ..language("g", "a := [#]byte{", "}") },
    language("p", "a = [", "]"),
    language("k", "val a = byteArrayOf(", ")"),
    language("j", "byte[] a = new byte[]{", "};"),
    language("s", "let a: [UInt8] = [", "]"),
    Language { suffix: "uy", separator: "; ", ..language("f", "let a = [|", "|]") },
];

impl Language {
    pub fn from_key(key: &str) -> Option<&'static Language> {
        LANGUAGES.iter().find(|language| language.key == key)
    }

    pub fn write(&self, out: &mut impl Write, bytes: &[u8], columns: usize) -> io::Result<()> {
        write!(out, "{}\n    ", self.opening.replace('#', &bytes.len().to_string()))?;
        for (index, byte) in bytes.iter().enumerate() {
            write!(out, "0x{byte:02x}{}", self.suffix)?;
            if self.trailing || index + 1 < bytes.len() {
                write!(out, "{}", self.separator)?;
            }
            // A full line always opens the next one, even after the last byte.
            if (index + 1) % columns.max(1) == 0 {
                write!(out, "\n    ")?;
            }
        }
        writeln!(out, "\n{}", self.closing)
    }
}
