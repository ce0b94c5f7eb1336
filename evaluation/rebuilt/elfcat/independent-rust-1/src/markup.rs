//! The three columns of the dump: offsets, highlighted bytes and ASCII.

use crate::elf::{slice, Elf, Record, IDENT_SIZE, SHT_NOBITS};
use std::fmt::Write;

const COLUMNS: usize = 16;

const IDENT_FIELDS: [(usize, usize, &str); 7] = [
    (0, 4, "magic"), (4, 1, "class"), (5, 1, "data"), (6, 1, "ver"), (7, 1, "abi"),
    (8, 1, "abi_ver"), (9, 7, "pad"),
];

/// Spans that begin and end at each byte. Spans are closed blindly, without regard to which one
/// was opened last, because HTML has no way to express partial overlaps.
struct Spans {
    opened: Vec<Vec<String>>,
    closed: Vec<usize>,
}

impl Spans {
    fn add(&mut self, offset: usize, size: usize, class: String) {
        if size > 0 && offset + size <= self.closed.len() {
            self.opened[offset].push(class);
            self.closed[offset + size - 1] += 1;
        }
    }

    fn add_fields(&mut self, record: &Record) {
        for field in &record.fields {
            self.add(field.offset, field.size, field.name.to_string());
        }
    }

    /// Contents of a segment or section. Those at the start of the file would cover its header.
    fn add_contents(&mut self, data: &[u8], offset: u64, size: u64, class: String) -> Result<(), String> {
        if offset != 0 && size != 0 {
            slice(data, offset, size)?;
            self.add(offset as usize, size as usize, class);
        }
        Ok(())
    }
}

fn collect_spans(elf: &Elf) -> Result<Spans, String> {
    let len = elf.data.len();
    let mut spans = Spans { opened: vec![Vec::new(); len], closed: vec![0; len] };

    spans.add(0, elf.header.get("e_ehsize") as usize, "ehdr".into());
    spans.add(0, IDENT_SIZE, "ident".into());
    for (offset, size, class) in IDENT_FIELDS {
        spans.add(offset, size, class.into());
    }
    spans.add_fields(&elf.header);

    for (i, phdr) in elf.segments.iter().enumerate() {
        let class = format!("bin_segment{} segment", i);
        spans.add_contents(elf.data, phdr.get("p_offset"), phdr.get("p_filesz"), class)?;
        spans.add(phdr.offset, phdr.size, format!("bin_phdr{} phdr", i));
        spans.add_fields(phdr);
    }
    for (i, shdr) in elf.sections.iter().enumerate() {
        spans.add(shdr.offset, shdr.size, format!("bin_shdr{} shdr", i));
        spans.add_fields(shdr);
    }
    for (i, shdr) in elf.sections.iter().enumerate() {
        if shdr.get("sh_type") != SHT_NOBITS {
            let class = format!("bin_section{} section hover", i);
            spans.add_contents(elf.data, shdr.get("sh_offset"), shdr.get("sh_size"), class)?;
        }
    }
    for note in &elf.notes {
        spans.add(note.offset, note.size, "segment_subrange hover".into());
    }
    Ok(spans)
}

/// In the outer columns a row ends with a line break if it is complete, even the last one.
fn row_end(bytes: &[u8]) -> &'static str {
    if bytes.len() == COLUMNS { "\n" } else { "" }
}

pub fn offsets(data: &[u8]) -> String {
    let row = |(i, bytes): (usize, &[u8])| format!("{:x}{}", i * COLUMNS, row_end(bytes));
    data.chunks(COLUMNS).enumerate().map(row).collect()
}

pub fn bytes(elf: &Elf) -> Result<String, String> {
    let spans = collect_spans(elf)?;
    let mut out = String::new();
    for (i, byte) in elf.data.iter().enumerate() {
        if i > 0 {
            out.push(if i % COLUMNS == 0 { '\n' } else { ' ' });
        }
        if (1..4).contains(&i) {
            let _ = write!(out, "&nbsp;{}", *byte as char);
        } else {
            for class in &spans.opened[i] {
                let _ = write!(out, "<span class='{}'>", class);
            }
            let _ = write!(out, "{:02x}", byte);
        }
        out.push_str(&"</span>".repeat(spans.closed[i]));
    }
    Ok(out)
}

pub fn ascii(data: &[u8]) -> String {
    let show = |byte: &u8| match byte {
        b'&' => "&amp;".to_string(),
        b'<' => "&lt;".to_string(),
        b'>' => "&gt;".to_string(),
        b'"' => "&quot;".to_string(),
        b'\'' => "&apos;".to_string(),
        b'!'..=b'~' => (*byte as char).to_string(),
        _ => ".".to_string(),
    };
    let row = |bytes: &[u8]| bytes.iter().map(show).collect::<String>() + row_end(bytes);
    data.chunks(COLUMNS).map(row).collect()
}
