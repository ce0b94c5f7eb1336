//! Output as a C array, in the manner of `xxd -i`.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::path::Path;

const BYTES_PER_LINE: usize = 12;

/// Writes the array; without a file name only its elements.
pub fn print(input: &mut dyn Read, file: Option<&OsStr>, out: &mut dyn Write) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let name = file.map(variable_name);
    if let Some(name) = &name {
        writeln!(out, "unsigned char {name}[] = {{")?;
    }
    writeln!(out, "{}", elements(&bytes))?;
    if let Some(name) = &name {
        writeln!(out, "}};\nunsigned int {name}_len = {};", bytes.len())?;
    }
    Ok(())
}

fn elements(bytes: &[u8]) -> String {
    let line = |chunk: &[u8]| {
        let items: Vec<String> = chunk.iter().map(|byte| format!("0x{byte:02x}")).collect();
        format!("  {}", items.join(", "))
    };
    let lines: Vec<String> = bytes.chunks(BYTES_PER_LINE).map(line).collect();
    lines.join(",\n")
}

fn variable_name(file: &OsStr) -> String {
    let name = Path::new(file).file_name().unwrap_or(file).to_string_lossy();
    name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect()
}
