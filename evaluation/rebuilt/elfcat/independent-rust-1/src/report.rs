//! Assembly of the HTML page from its template.

use crate::elf::{slice, Elf, Record, PT_INTERP, PT_NOTE, SHT_STRTAB};
use crate::{markup, names, VERSION};
use std::fmt::Write;

const TEMPLATE: &str = include_str!("template.html");
const GAP: &str = "            <tr><td><br></td></tr>\n";
const NOTE_GAP: &str = "            <tr> <td><br></td> </tr>\n";
const STRINGS_BEFORE: &str =
    "            <tr>\n              <td></td>\n              <td>\n                <div>\n";
const STRINGS_AFTER: &str = "                </div>\n              </td>\n            </tr>\n";

/// A decimal number which shows as hexadecimal in a hint.
fn decimal(value: u64) -> String {
    format!("<span class='number' title='{:#x}'>{}</span>", value, value)
}

/// A hexadecimal number which shows as decimal in a hint.
fn hexadecimal(value: u64) -> String {
    format!("<span class='number' title='{}'>{:#x}</span>", value, value)
}

fn human_size(value: u64) -> Option<String> {
    if value < 1024 {
        return None;
    }
    let mut scaled = value as f64 / 1024.0;
    let mut units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"].iter();
    let mut unit = units.next()?;
    while scaled >= 1024.0 {
        scaled /= 1024.0;
        unit = units.next()?;
    }
    Some(format!("{:.1} {}", scaled, unit))
}

fn size(value: u64) -> String {
    let human = human_size(value).map_or(String::new(), |human| format!(" ({})", human));
    format!("<span class='number' title='{:#x}'>{}{}</span>", value, value, human)
}

fn printable(bytes: &[u8]) -> String {
    let show = |b: &u8| match b {
        b'!'..=b'~' => (*b as char).to_string(),
        _ => format!("<b>{:02x}</b> ", b),
    };
    bytes.iter().map(show).collect()
}

fn file_info(path: &str, elf: &Elf) -> String {
    let header = &elf.header;
    let [ver, abi, abi_ver] = [elf.data[6], elf.data[7], elf.data[8]];
    let len = elf.data.len() as u64;
    let table = |count: &str, entry: &str, offset: &str| {
        let part = |name: &str| {
            let value = header.get(name);
            format!("<span title='{:#x}' class='number fileinfo_{}'>{}</span>", value, name, value)
        };
        format!("{} * {} @ {}", part(count), part(entry), part(offset))
    };

    let file_size = match human_size(len) {
        Some(human) => format!("{} ({} B)", human, len),
        None => format!("{} B", len),
    };
    let encoding = if elf.big_endian { "Big endian" } else { "Little endian" };
    let mut rows = vec![
        ("file_name", "File name", path.to_string()),
        ("file_size", "File size", file_size),
        ("class", "Object class", if elf.is_64 { "64-bit" } else { "32-bit" }.into()),
        ("data", "Data encoding", encoding.into()),
    ];
    if ver != 1 {
        rows.push(("ver", "Uncommon version(!)", ver.to_string()));
    }
    rows.push(("abi", if abi == 0 { "ABI" } else { "Uncommon ABI(!)" }, names::abi(abi)));
    if abi != 0 {
        rows.push(("abi_ver", "ABI version", abi_ver.to_string()));
    } else if abi_ver != 0 {
        rows.push(("abi_ver", "Uncommon ABI version(!)", abi_ver.to_string()));
    }
    rows.push(("e_type", "Type", names::object_type(header.get("e_type"))));
    rows.push(("e_machine", "Architecture", names::machine(header.get("e_machine"))));
    rows.push(("e_entry", "Entrypoint", hexadecimal(header.get("e_entry"))));
    rows.push(("ph", "Program headers", table("e_phnum", "e_phentsize", "e_phoff")));
    rows.push(("sh", "Section headers", table("e_shnum", "e_shentsize", "e_shoff")));
    if header.get("e_flags") != 0 {
        rows.push(("e_flags", "Flags", format!("{:#x}", header.get("e_flags"))));
    }

    let show = |(class, label, value): &(&str, &str, String)| {
        format!("      <tr class='fileinfo_{}'> <td>{}:</td> <td>{}</td> </tr>\n", class, label, value)
    };
    rows.iter().map(show).collect()
}

/// One of the boxes that appear when the mouse hovers over a part of the dump.
struct InfoTable(String);

impl InfoTable {
    fn new(kind: &str, index: usize) -> InfoTable {
        InfoTable(format!(
            "          <table class='conceal itable' id='info_{0}{1}'>\n          \
             <th colspan='2' class='{0}_itable'></th>\n",
            kind, index
        ))
    }

    fn row(&mut self, label: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.0, "            <tr> <td>{}:</td> <td>{}</td> </tr>", label, value);
    }

    fn finish(self) -> String {
        self.0 + "          </table>\n"
    }
}

fn program_header(i: usize, phdr: &Record) -> String {
    let mut table = InfoTable::new("phdr", i);
    table.row("Type", names::segment_type(phdr.get("p_type")));
    table.row("Flags", names::segment_flags(phdr.get("p_flags")));
    table.row("Offset in file", hexadecimal(phdr.get("p_offset")));
    table.row("Size in file", size(phdr.get("p_filesz")));
    table.row("Vaddr in memory", hexadecimal(phdr.get("p_vaddr")));
    table.row("Size in memory", size(phdr.get("p_memsz")));
    table.row("Alignment", hexadecimal(phdr.get("p_align")));
    table.finish()
}

fn section_header(i: usize, shdr: &Record, elf: &Elf) -> Result<String, String> {
    let mut table = InfoTable::new("shdr", i);
    table.row("Index", i);
    table.row("Name", elf.section_name(shdr)?);
    table.row("Type", names::section_type(shdr.get("sh_type")));
    table.row("Flags", names::section_flags(shdr.get("sh_flags")));
    table.row("Vaddr in memory", hexadecimal(shdr.get("sh_addr")));
    table.row("Offset in file", hexadecimal(shdr.get("sh_offset")));
    table.row("Size in file", size(shdr.get("sh_size")));
    table.row("Linked section", shdr.get("sh_link"));
    table.row("Extra info", decimal(shdr.get("sh_info")));
    table.row("Alignment", hexadecimal(shdr.get("sh_addralign")));
    table.row("Size of entries", size(shdr.get("sh_entsize")));
    Ok(table.finish())
}

fn segment(i: usize, phdr: &Record, elf: &Elf) -> Result<String, String> {
    let mut table = InfoTable::new("segment", i);
    table.row("Type", names::segment_type(phdr.get("p_type")));
    table.row("Size in file", size(phdr.get("p_filesz")));
    table.row("Size in memory", size(phdr.get("p_memsz")));
    match phdr.get("p_type") {
        PT_INTERP => {
            let without_zero = phdr.get("p_filesz").saturating_sub(1);
            table.0 += GAP;
            table.row("Interpreter", printable(slice(elf.data, phdr.get("p_offset"), without_zero)?));
        }
        PT_NOTE => {
            table.0 += GAP;
            for (n, note) in elf.notes.iter().enumerate() {
                if n > 0 {
                    table.0 += NOTE_GAP;
                }
                table.row("Name", &note.name);
                table.row("Type", format!("{:#x}", note.kind));
                if note.kind == 3 && note.name == "GNU" {
                    let id: String = note.desc.iter().map(|b| format!("{:02x}", b)).collect();
                    table.row("Build ID", id);
                } else {
                    table.row("Desc", printable(&note.desc));
                }
            }
        }
        _ => {}
    }
    Ok(table.finish())
}

fn section(i: usize, shdr: &Record, elf: &Elf) -> Result<String, String> {
    let mut table = InfoTable::new("section", i);
    table.row("Type", names::section_type(shdr.get("sh_type")));
    table.row("Size", size(shdr.get("sh_size")));
    if shdr.get("sh_type") == SHT_STRTAB {
        table.0 += GAP;
        table.0 += STRINGS_BEFORE;
        for string in elf.strings(shdr)? {
            let _ = writeln!(table.0, "{:18}{}", "", string);
        }
        table.0 += STRINGS_AFTER;
    }
    Ok(table.finish())
}

fn info_tables(elf: &Elf) -> Result<String, String> {
    let mut headers = String::new();
    let mut contents = String::new();
    for (i, phdr) in elf.segments.iter().enumerate() {
        headers += &program_header(i, phdr);
        contents += &segment(i, phdr, elf)?;
    }
    for (i, shdr) in elf.sections.iter().enumerate() {
        headers += &section_header(i, shdr, elf)?;
        contents += &section(i, shdr, elf)?;
    }
    let cell = |tables| format!("        <td class='infotables'>\n{}        </td>\n", tables);
    Ok(cell(headers) + &cell(contents))
}

fn connections(elf: &Elf) -> String {
    let connect = |from: &str, to: &str| format!("      connect('.{}', '.{}');", from, to);
    let mut calls = vec![connect("e_phoff", "bin_phdr0"), connect("e_shoff", "bin_shdr0")];
    for i in 0..elf.segments.len() {
        calls.push(connect(&format!("bin_phdr{} > .p_offset", i), &format!("bin_segment{}", i)));
    }
    for (i, shdr) in elf.sections.iter().enumerate() {
        calls.push(connect(&format!("bin_shdr{} > .sh_offset", i), &format!("bin_section{}", i)));
        let link = shdr.get("sh_link");
        if link != 0 {
            calls.push(connect(&format!("bin_shdr{} > .sh_link", i), &format!("bin_shdr{}", link)));
        }
    }
    calls.join("\n")
}

/// Replaces every `{{NAME}}` of the template by the value that `lookup` gives for it.
fn fill(template: &str, lookup: impl Fn(&str) -> String) -> String {
    let mut parts = template.split("{{");
    let mut out = parts.next().unwrap_or("").to_string();
    for part in parts {
        let (name, rest) = part.split_once("}}").expect("unclosed placeholder");
        out += &lookup(name);
        out += rest;
    }
    out
}

pub fn render(path: &str, base: &str, elf: &Elf) -> Result<String, String> {
    let bytes = markup::bytes(elf)?;
    let tables = info_tables(elf)?;
    Ok(fill(TEMPLATE, |name| match name {
        "VERSION" => VERSION.to_string(),
        "TITLE" => base.to_string(),
        "FILEINFO" => file_info(path, elf),
        "OFFSETS" => markup::offsets(elf.data),
        "BYTES" => bytes.clone(),
        "ASCII" => markup::ascii(elf.data),
        "TABLES" => tables.clone(),
        "FILELEN" => elf.data.len().to_string(),
        "CONNECT" => connections(elf),
        other => unreachable!("unknown placeholder: {}", other),
    }))
}
