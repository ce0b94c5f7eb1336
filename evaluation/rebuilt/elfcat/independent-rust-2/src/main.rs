mod elf;

use elf::{Elf, Failure, Note, Section, Segment};
use std::fmt::Write as _;
use std::path::Path;
use std::process::exit;

const VERSION: &str = "0.1.10";
const USAGE: &str = "Usage: elfcat <filename>\nWrites <filename>.html to CWD.";
const PAGE: &str = include_str!("page.html");
const WIDTH: usize = 16;

fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            _ => out.push(c),
        }
    }
    out
}

fn scaled(n: u64) -> Option<String> {
    if n < 1024 {
        return None;
    }
    let mut value = n as f64;
    let mut unit = "B";
    for next in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    Some(format!("{:.1} {}", value, unit))
}

fn as_hex(n: u64) -> String {
    format!("<span class='number' title='{}'>{:#x}</span>", n, n)
}

fn as_size(n: u64) -> String {
    match scaled(n) {
        Some(text) => format!("<span class='number' title='{:#x}'>{} ({})</span>", n, n, text),
        None => as_decimal(n),
    }
}

fn as_decimal(n: u64) -> String {
    format!("<span class='number' title='{:#x}'>{}</span>", n, n)
}

fn bitness(elf: &Elf) -> &'static str {
    if elf.layout.wide { "64-bit" } else { "32-bit" }
}

fn look_up(table: &[(u32, &str)], n: u32) -> String {
    let known = table.iter().find(|e| e.0 == n);
    known.map_or_else(|| format!("Unknown: {}", n), |e| e.1.to_string())
}

const ABIS: &[(u32, &str)] = &[
    (0, "SysV"), (1, "HP-UX"), (2, "NetBSD"), (3, "Linux"), (4, "Hurd"), (6, "Solaris"), (7, "AIX"),
    (8, "IRIX"), (9, "FreeBSD"), (10, "Tru64"), (11, "Modesto"), (12, "OpenBSD"), (13, "OpenVMS"),
    (255, "Standalone"),
];

fn file_kind(n: u16) -> String {
    let known = match n {
        0 => "None (NONE)",
        1 => "Relocatable object file (REL)",
        2 => "Executable file (EXEC)",
        3 => "Shared object file (DYN)",
        4 => "Core file (CORE)",
        0xfe00 | 0xfeff => "Environment-specific use",
        0xff00 | 0xffff => "Processor-specific use",
        _ => return format!("Unknown {}", n),
    };
    known.to_string()
}

const MACHINES: &[(u32, &str)] = &[
    (0, "None"), (1, "AT&T WE 32100"), (2, "SPARC"), (3, "x86"), (4, "Motorolla 68000"), (5, "Motorolla 88000"),
    (6, "Intel MCU"), (7, "Intel 80860"), (8, "MIPS"), (9, "IBM System/370"), (10, "MIPS RS3000 little-endian"),
    (14, "HP PA-RISC"), (19, "Intel 80960"), (20, "PowerPC"), (21, "PowerPC 64-bit"), (22, "S390"),
    (40, "ARM Aarch32"), (50, "Itanium IA-64"), (62, "x86-64"), (183, "ARM Aarch64"), (190, "CUDA"),
    (224, "AMDGPU"), (243, "RISC-V"),
];

const SEGMENT_KINDS: &[(u32, &str)] = &[
    (0, "NULL"), (1, "LOAD"), (2, "DYNAMIC"), (3, "INTERP"), (4, "NOTE"), (5, "SHLIB"), (6, "PHDR"), (7, "TLS"),
    (0x6474e550, "GNU_EH_FRAME (OS-specific)"), (0x6474e551, "GNU_STACK (OS-specific)"),
    (0x6474e552, "GNU_RELRO (OS-specific)"), (0x60000000, "LOOS"), (0x6fffffff, "HIOS"),
    (0x70000000, "LOPROC"), (0x7fffffff, "HIPROC"),
];

const SECTION_KINDS: &[(u32, &str)] = &[
    (0, "NULL"), (1, "PROGBITS"), (2, "SYMTAB"), (3, "STRTAB"), (4, "RELA"), (5, "HASH"), (6, "DYNAMIC"),
    (7, "NOTE"), (8, "NOBITS"), (9, "REL"), (10, "SHLIB"), (11, "DYNSYM"), (14, "INIT_ARRAY"),
    (15, "FINI_ARRAY"), (0x6ffffff6, "GNU_HASH (OS-specific)"), (0x6ffffffe, "VER_NEED (OS-specific)"),
    (0x60000000, "LOOS"), (0x6fffffff, "HIOS"), (0x70000000, "LOPROC"), (0x7fffffff, "HIPROC"),
];

fn letters(flags: u64, table: &[(u64, char)]) -> String {
    table.iter().filter(|f| flags & f.0 != 0).map(|f| f.1).collect()
}

fn section_flags(flags: u64) -> String {
    let text = letters(flags, &[(1, 'W'), (2, 'A'), (4, 'X')]);
    if text.is_empty() { "0".to_string() } else { text }
}

fn summary(elf: &Elf, path: &str, len: usize) -> String {
    let mut out = String::new();
    let mut row = |id: &str, label: &str, value: String| {
        let _ = writeln!(out, "      <tr class='fileinfo_{}'> <td>{}:</td> <td>{}</td> </tr>", id, label, value);
    };
    row("file_name", "File name", path.to_string());
    row("file_size", "File size", match scaled(len as u64) {
        Some(text) => format!("{} ({} B)", text, len),
        None => format!("{} B", len),
    });
    row("class", "Object class", bitness(elf).to_string());
    row("data", "Data encoding", if elf.layout.big { "Big endian" } else { "Little endian" }.to_string());
    if elf.version != 1 {
        row("ver", "Uncommon version(!)", elf.version.to_string());
    }
    row("abi", if elf.abi == 0 { "ABI" } else { "Uncommon ABI(!)" }, look_up(ABIS, elf.abi.into()));
    if elf.abi != 0 {
        row("abi_ver", "ABI version", elf.abi_version.to_string());
    } else if elf.abi_version != 0 {
        row("abi_ver", "Uncommon ABI version(!)", elf.abi_version.to_string());
    }
    row("e_type", "Type", file_kind(elf.kind));
    row("e_machine", "Architecture", look_up(MACHINES, elf.machine.into()));
    row("e_entry", "Entrypoint", as_hex(elf.entry));
    let table = |prefix: &str, num: u16, entsize: u16, off: u64| {
        let part = |field: &str, n: u64| {
            format!("<span title='{:#x}' class='number fileinfo_e_{}{}'>{}</span>", n, prefix, field, n)
        };
        format!("{} * {} @ {}", part("num", num.into()), part("entsize", entsize.into()), part("off", off))
    };
    row("ph", "Program headers", table("ph", elf.phnum, elf.phentsize, elf.phoff));
    row("sh", "Section headers", table("sh", elf.shnum, elf.shentsize, elf.shoff));
    if elf.flags != 0 {
        row("e_flags", "Flags", format!("{:#x}", elf.flags));
    }
    out
}

fn full_last_row(len: usize) -> &'static str {
    if len % WIDTH == 0 { "\n" } else { "" }
}

fn offsets(len: usize) -> String {
    let lines: Vec<String> = (0..len).step_by(WIDTH).map(|at| format!("{:x}", at)).collect();
    lines.join("\n") + full_last_row(len)
}

fn bytes(elf: &Elf, data: &[u8]) -> Result<String, Failure> {
    let mut opening: Vec<Vec<&str>> = vec![Vec::new(); data.len()];
    let mut closing = vec![0usize; data.len()];
    for span in &elf.spans {
        if span.len == 0 {
            continue;
        }
        elf::slice(data, span.at, span.len)?;
        opening[span.at].push(&span.class);
        closing[span.at + span.len - 1] += 1;
    }
    let mut out = String::with_capacity(data.len() * 4);
    for (i, byte) in data.iter().enumerate() {
        for class in &opening[i] {
            let _ = write!(out, "<span class='{}'>", class);
        }
        if (1..4).contains(&i) {
            let _ = write!(out, "&nbsp;{}", *byte as char);
        } else {
            let _ = write!(out, "{:02x}", byte);
        }
        for _ in 0..closing[i] {
            out.push_str("</span>");
        }
        if i + 1 < data.len() {
            out.push(if (i + 1) % WIDTH == 0 { '\n' } else { ' ' });
        }
    }
    Ok(out)
}

fn ascii(data: &[u8]) -> String {
    let line = |row: &[u8]| -> String {
        let text: String = row.iter().map(|b| if b.is_ascii_graphic() { *b as char } else { '.' }).collect();
        escape(&text)
    };
    data.chunks(WIDTH).map(line).collect::<Vec<_>>().join("\n") + full_last_row(data.len())
}

fn open_table(out: &mut String, family: &str, index: usize) {
    let style = family.trim_end_matches(char::is_numeric);
    let _ = writeln!(out, "          <table class='conceal itable' id='info_{}{}'>", family, index);
    let _ = writeln!(out, "          <th colspan='2' class='{}_itable'></th>", style);
}

fn table_row(out: &mut String, label: &str, value: &str) {
    let _ = writeln!(out, "            <tr> <td>{}:</td> <td>{}</td> </tr>", label, value);
}

fn close_table(out: &mut String) {
    out.push_str("          </table>\n");
}

fn segment_header(out: &mut String, index: usize, seg: &Segment) {
    open_table(out, "phdr", index);
    table_row(out, "Type", &look_up(SEGMENT_KINDS, seg.kind));
    table_row(out, "Flags", &letters(seg.flags.into(), &[(4, 'R'), (2, 'W'), (1, 'X')]));
    table_row(out, "Offset in file", &as_hex(seg.offset as u64));
    table_row(out, "Size in file", &as_size(seg.filesz as u64));
    table_row(out, "Vaddr in memory", &as_hex(seg.vaddr));
    table_row(out, "Size in memory", &as_size(seg.memsz));
    table_row(out, "Alignment", &as_hex(seg.align));
    close_table(out);
}

fn section_header(out: &mut String, index: usize, sec: &Section) {
    open_table(out, "shdr", index);
    table_row(out, "Index", &index.to_string());
    table_row(out, "Name", &sec.name);
    table_row(out, "Type", &look_up(SECTION_KINDS, sec.kind));
    table_row(out, "Flags", &section_flags(sec.flags));
    table_row(out, "Vaddr in memory", &as_hex(sec.addr));
    table_row(out, "Offset in file", &as_hex(sec.offset as u64));
    table_row(out, "Size in file", &as_size(sec.size as u64));
    table_row(out, "Linked section", &sec.link.to_string());
    table_row(out, "Extra info", &as_decimal(sec.info.into()));
    table_row(out, "Alignment", &as_hex(sec.align));
    table_row(out, "Size of entries", &as_size(sec.entsize));
    close_table(out);
}

fn visible(text: &[u8]) -> String {
    let text = text.split_last().map_or(text, |parts| parts.1);
    let show = |b: &u8| if b.is_ascii_graphic() { (*b as char).to_string() } else { format!("<b>{:02x}</b> ", b) };
    text.iter().map(show).collect()
}

const BLANK_ROW: &str = "            <tr><td><br></td></tr>\n";

fn note_rows(out: &mut String, notes: &[Note]) {
    for (i, note) in notes.iter().enumerate() {
        if i > 0 {
            out.push_str("            <tr> <td><br></td> </tr>\n");
        }
        table_row(out, "Name", &visible(&note.name));
        table_row(out, "Type", &format!("{:#x}", note.kind));
        if note.kind == 3 {
            let id: String = note.desc.iter().map(|b| format!("{:02x}", b)).collect();
            table_row(out, "Build ID", &id);
        } else {
            let desc: String = note.desc.iter().map(|b| format!("<b>{:02x}</b> ", b)).collect();
            table_row(out, "Desc", &desc);
        }
    }
}

fn segment_body(out: &mut String, index: usize, seg: &Segment, elf: &Elf, data: &[u8]) -> Result<(), Failure> {
    open_table(out, "segment", index);
    table_row(out, "Type", &look_up(SEGMENT_KINDS, seg.kind));
    table_row(out, "Size in file", &as_size(seg.filesz as u64));
    table_row(out, "Size in memory", &as_size(seg.memsz));
    if seg.kind == elf::SEG_INTERP {
        let path = elf::slice(data, seg.offset, seg.filesz)?;
        out.push_str(BLANK_ROW);
        table_row(out, "Interpreter", &visible(path));
    } else if seg.kind == elf::SEG_NOTE {
        out.push_str(BLANK_ROW);
        note_rows(out, &elf.notes);
    }
    close_table(out);
    Ok(())
}

// Index 0 is meant to be the empty name, so a run that starts there counts only for its first byte.
fn table_strings(table: &[u8]) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (i, _) in table.iter().enumerate().filter(|e| *e.1 == 0) {
        let end = if start == 0 { i.min(1) } else { i };
        match std::str::from_utf8(&table[start..end]) {
            Ok(text) if !text.is_empty() => found.push(text),
            _ => {}
        }
        start = i + 1;
    }
    found
}

fn section_body(out: &mut String, index: usize, sec: &Section, data: &[u8]) -> Result<(), Failure> {
    open_table(out, "section", index);
    table_row(out, "Type", &look_up(SECTION_KINDS, sec.kind));
    table_row(out, "Size", &as_size(sec.size as u64));
    if sec.kind == elf::SEC_STRTAB {
        let table = elf::slice(data, sec.offset, sec.size)?;
        out.push_str(BLANK_ROW);
        out.push_str("            <tr>\n              <td></td>\n              <td>\n                <div>\n");
        for text in table_strings(table) {
            let _ = writeln!(out, "                  {}", text);
        }
        out.push_str("                </div>\n              </td>\n            </tr>\n");
    }
    close_table(out);
    Ok(())
}

fn links(elf: &Elf) -> String {
    let mut out = String::new();
    let mut link = |from: String, to: String| {
        let _ = writeln!(out, "      connect('{}', '{}');", from, to);
    };
    link(".e_phoff".into(), ".bin_phdr0".into());
    link(".e_shoff".into(), ".bin_shdr0".into());
    for i in 0..elf.segments.len() {
        link(format!(".bin_phdr{} > .p_offset", i), format!(".bin_segment{}", i));
    }
    for (i, sec) in elf.sections.iter().enumerate() {
        link(format!(".bin_shdr{} > .sh_offset", i), format!(".bin_section{}", i));
        if sec.link != 0 {
            link(format!(".bin_shdr{} > .sh_link", i), format!(".bin_shdr{}", sec.link));
        }
    }
    out
}

fn render(elf: &Elf, path: &str, name: &str, data: &[u8]) -> Result<String, Failure> {
    let mut headers = String::new();
    let mut contents = String::new();
    for (i, seg) in elf.segments.iter().enumerate() {
        segment_header(&mut headers, i, seg);
        segment_body(&mut contents, i, seg, elf, data)?;
    }
    for (i, sec) in elf.sections.iter().enumerate() {
        section_header(&mut headers, i, sec);
        section_body(&mut contents, i, sec, data)?;
    }
    let parts = [
        ("@NAME@", name.to_string()),
        ("@SUMMARY@", summary(elf, path, data.len())),
        ("@OFFSETS@", offsets(data.len())),
        ("@BYTES@", bytes(elf, data)?),
        ("@ASCII@", ascii(data)),
        ("@HEADERS@", headers),
        ("@CONTENTS@", contents),
        ("@LENGTH@", data.len().to_string()),
        ("@LINKS@", links(elf)),
    ];
    let mut page = String::new();
    let mut rest = PAGE;
    for (mark, text) in &parts {
        if let Some((before, after)) = rest.split_once(mark) {
            page.push_str(before);
            page.push_str(text);
            rest = after;
        }
    }
    page.push_str(rest);
    Ok(page)
}

fn quit(code: i32, message: String) -> ! {
    eprintln!("{}", message);
    exit(code)
}

fn main() {
    let args: Vec<String> = std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    if args.len() != 1 {
        println!("{}", USAGE);
        exit(1);
    }
    let path = &args[0];
    match path.as_str() {
        "-h" | "--help" => return println!("{}", USAGE),
        "-v" | "--version" => return println!("elfcat {}", VERSION),
        _ => {}
    }
    let data = match std::fs::read(path) {
        Ok(data) => data,
        Err(e) => quit(1, format!("Failed to read file \"{}\": {}", path, e)),
    };
    let name = Path::new(path).file_name().map_or(path.clone(), |n| n.to_string_lossy().into_owned());
    let page = match elf::parse(&data).and_then(|elf| render(&elf, path, &name, &data)) {
        Ok(page) => page,
        Err(Failure::Rejected(text)) => quit(1, format!("Failed to parse ELF: {}", text)),
        Err(Failure::Damaged(text)) => quit(101, format!("Broken ELF file: {}", text)),
    };
    let target = format!("{}.html", name);
    if let Err(e) = std::fs::write(&target, page) {
        quit(1, format!("Cannot write \"{}\": {}", target, e));
    }
}
