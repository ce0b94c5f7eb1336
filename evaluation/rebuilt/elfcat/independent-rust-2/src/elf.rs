use std::ops::Range;

#[derive(Clone, Copy)]
pub struct Layout { pub wide: bool, pub big: bool }

pub enum Failure { Rejected(String), Damaged(String) }

pub struct Span { pub class: String, pub at: usize, pub len: usize }

pub struct Segment {
    pub kind: u32,
    pub flags: u32,
    pub offset: usize,
    pub vaddr: u64,
    pub filesz: usize,
    pub memsz: u64,
    pub align: u64,
}

pub struct Section {
    pub name_at: u32,
    pub name: String,
    pub kind: u32,
    pub flags: u64,
    pub addr: u64,
    pub offset: usize,
    pub size: usize,
    pub link: u32,
    pub info: u32,
    pub align: u64,
    pub entsize: u64,
}

pub struct Note { pub name: Vec<u8>, pub kind: u32, pub desc: Vec<u8> }

pub struct Elf {
    pub layout: Layout,
    pub version: u8,
    pub abi: u8,
    pub abi_version: u8,
    pub kind: u16,
    pub machine: u16,
    pub entry: u64,
    pub flags: u32,
    pub phoff: u64,
    pub phentsize: u16,
    pub phnum: u16,
    pub shoff: u64,
    pub shentsize: u16,
    pub shnum: u16,
    pub segments: Vec<Segment>,
    pub sections: Vec<Section>,
    pub notes: Vec<Note>,
    pub spans: Vec<Span>,
}

pub const SEG_INTERP: u32 = 3;
pub const SEG_NOTE: u32 = 4;
pub const SEC_STRTAB: u32 = 3;
pub const SEC_NOBITS: u32 = 8;

pub fn slice(data: &[u8], at: usize, len: usize) -> Result<&[u8], Failure> {
    at.checked_add(len)
        .and_then(|end| data.get(at..end))
        .ok_or_else(|| Failure::Damaged(format!("{} bytes at {:#x} lie outside the file", len, at)))
}

fn number(bytes: &[u8], big: bool) -> u64 {
    let step = |acc: u64, b: &u8| (acc << 8) | u64::from(*b);
    if big {
        bytes.iter().fold(0, step)
    } else {
        bytes.iter().rev().fold(0, step)
    }
}

// Field sizes in bytes; 0 stands for a word of the file's address size.
type Fields = &'static [(&'static str, usize)];

const EHDR: Fields = &[
    ("e_type", 2), ("e_machine", 2), ("e_version", 4), ("e_entry", 0), ("e_phoff", 0), ("e_shoff", 0),
    ("e_flags", 4), ("e_ehsize", 2), ("e_phentsize", 2), ("e_phnum", 2), ("e_shentsize", 2),
    ("e_shnum", 2), ("e_shstrndx", 2),
];
const PHDR32: Fields = &[
    ("p_type", 4), ("p_offset", 4), ("p_vaddr", 4), ("p_paddr", 4), ("p_filesz", 4), ("p_memsz", 4),
    ("p_flags", 4), ("p_align", 4),
];
const PHDR64: Fields = &[
    ("p_type", 4), ("p_flags", 4), ("p_offset", 8), ("p_vaddr", 8), ("p_paddr", 8), ("p_filesz", 8),
    ("p_memsz", 8), ("p_align", 8),
];
const SHDR: Fields = &[
    ("sh_name", 4), ("sh_type", 4), ("sh_flags", 0), ("sh_addr", 0), ("sh_offset", 0), ("sh_size", 0),
    ("sh_link", 4), ("sh_info", 4), ("sh_addralign", 0), ("sh_entsize", 0),
];
const IDENT: Fields = &[
    ("magic", 4), ("class", 1), ("data", 1), ("ver", 1), ("abi", 1), ("abi_ver", 1), ("pad", 7),
];

struct Record { values: Vec<(&'static str, u64)>, spans: Vec<Span> }

impl Record {
    fn read(data: &[u8], at: usize, fields: Fields, layout: Layout) -> Result<Record, Failure> {
        let mut record = Record { values: Vec::new(), spans: Vec::new() };
        let mut pos = at;
        for (name, width) in fields {
            let len = match (*width, layout.wide) {
                (0, true) => 8,
                (0, false) => 4,
                (n, _) => n,
            };
            let bytes = slice(data, pos, len)?;
            record.values.push((name, number(bytes, layout.big)));
            record.spans.push(Span { class: name.to_string(), at: pos, len });
            pos += len;
        }
        Ok(record)
    }

    fn get(&self, name: &str) -> u64 {
        self.values.iter().find(|v| v.0 == name).map_or(0, |v| v.1)
    }
}

fn c_string(data: &[u8], from: usize) -> Option<String> {
    let rest = data.get(from..)?;
    let end = rest.iter().position(|b| *b == 0)?;
    Some(String::from_utf8_lossy(&rest[..end]).into_owned())
}

fn read_notes(data: &[u8], area: Range<usize>, big: bool) -> Result<Vec<(Range<usize>, Note)>, Failure> {
    let mut found = Vec::new();
    let mut pos = area.start;
    while pos < area.end {
        if pos + 12 > area.end {
            return Err(Failure::Damaged(format!("note at {:#x} is cut short", pos)));
        }
        let word = |at: usize| number(&data[at..at + 4], big) as usize;
        let (name_len, desc_len, kind) = (word(pos), word(pos + 4), word(pos + 8));
        let name_at = pos + 12;
        let desc_at = name_at + name_len;
        let end = name_at + (name_len + desc_len).div_ceil(4) * 4;
        if end > area.end {
            break;
        }
        let note = Note {
            name: data[name_at..name_at + name_len].to_vec(),
            kind: kind as u32,
            desc: data[desc_at..desc_at + desc_len].to_vec(),
        };
        found.push((pos..end, note));
        pos = end;
    }
    Ok(found)
}

pub fn parse(data: &[u8]) -> Result<Elf, Failure> {
    let reject = |text: &str| Err(Failure::Rejected(text.to_string()));
    if data.len() < 16 {
        return reject("file is smaller than ELF header's e_ident");
    }
    if !data.starts_with(b"\x7fELF") {
        return reject("mismatched magic: not an ELF file");
    }
    let wide = match data[4] {
        1 => false,
        2 => true,
        n => return reject(&format!("Unknown bitness: {}", n)),
    };
    let big = match data[5] {
        1 => false,
        2 => true,
        n => return reject(&format!("Unknown endianness: {}", n)),
    };
    let layout = Layout { wide, big };
    if data.len() < if wide { 64 } else { 52 } {
        return reject("file is smaller than ELF file header");
    }

    let ident = Record::read(data, 0, IDENT, layout)?;
    let header = Record::read(data, 16, EHDR, layout)?;
    if header.get("e_ehsize") == 0 {
        return Err(Failure::Damaged("header size is zero".into()));
    }
    let mut spans = vec![
        Span { class: "ehdr".into(), at: 0, len: header.get("e_ehsize") as usize },
    ];

    let mut elf = Elf {
        layout,
        version: data[6],
        abi: data[7],
        abi_version: data[8],
        kind: header.get("e_type") as u16,
        machine: header.get("e_machine") as u16,
        entry: header.get("e_entry"),
        flags: header.get("e_flags") as u32,
        phoff: header.get("e_phoff"),
        phentsize: header.get("e_phentsize") as u16,
        phnum: header.get("e_phnum") as u16,
        shoff: header.get("e_shoff"),
        shentsize: header.get("e_shentsize") as u16,
        shnum: header.get("e_shnum") as u16,
        segments: Vec::new(),
        sections: Vec::new(),
        notes: Vec::new(),
        spans: Vec::new(),
    };
    spans.extend(header.spans);

    let mut phdr_spans = Vec::new();
    let mut shdr_spans = Vec::new();
    let phdr_fields = if wide { PHDR64 } else { PHDR32 };
    let phdr_len = if wide { 56 } else { 32 };
    for i in 0..elf.phnum as usize {
        let at = (elf.phoff as usize).wrapping_add(i * phdr_len);
        let rec = Record::read(data, at, phdr_fields, layout)?;
        phdr_spans.push(Span { class: format!("bin_phdr{} phdr", i), at, len: phdr_len });
        elf.segments.push(Segment {
            kind: rec.get("p_type") as u32,
            flags: rec.get("p_flags") as u32,
            offset: rec.get("p_offset") as usize,
            vaddr: rec.get("p_vaddr"),
            filesz: rec.get("p_filesz") as usize,
            memsz: rec.get("p_memsz"),
            align: rec.get("p_align"),
        });
        phdr_spans.extend(rec.spans);
    }

    let shdr_len = if wide { 64 } else { 40 };
    for i in 0..elf.shnum as usize {
        let at = (elf.shoff as usize).wrapping_add(i * shdr_len);
        let rec = Record::read(data, at, SHDR, layout)?;
        shdr_spans.push(Span { class: format!("bin_shdr{} shdr", i), at, len: shdr_len });
        elf.sections.push(Section {
            name_at: rec.get("sh_name") as u32,
            name: String::new(),
            kind: rec.get("sh_type") as u32,
            flags: rec.get("sh_flags"),
            addr: rec.get("sh_addr"),
            offset: rec.get("sh_offset") as usize,
            size: rec.get("sh_size") as usize,
            link: rec.get("sh_link") as u32,
            info: rec.get("sh_info") as u32,
            align: rec.get("sh_addralign"),
            entsize: rec.get("sh_entsize"),
        });
        shdr_spans.extend(rec.spans);
    }

    let mut note_spans = Vec::new();
    for (i, seg) in elf.segments.iter().enumerate() {
        if seg.offset != 0 && seg.filesz != 0 {
            slice(data, seg.offset, seg.filesz)?;
            spans.push(Span { class: format!("bin_segment{} segment", i), at: seg.offset, len: seg.filesz });
        }
        if seg.kind == SEG_NOTE {
            slice(data, seg.offset, seg.filesz)?;
            for (range, note) in read_notes(data, seg.offset..seg.offset + seg.filesz, big)? {
                note_spans.push(Span { class: "segment_subrange hover".into(), at: range.start, len: range.len() });
                elf.notes.push(note);
            }
        }
    }
    spans.extend(phdr_spans);
    for (i, sec) in elf.sections.iter().enumerate() {
        if sec.offset != 0 && sec.size != 0 && sec.kind != SEC_NOBITS {
            slice(data, sec.offset, sec.size)?;
            spans.push(Span { class: format!("bin_section{} section hover", i), at: sec.offset, len: sec.size });
        }
    }
    spans.extend(shdr_spans);
    spans.extend(note_spans);
    spans.push(Span { class: "ident".into(), at: 0, len: 16 });
    spans.extend(ident.spans);
    elf.spans = spans;

    let names_index = header.values.last().map_or(0, |v| v.1) as usize;
    let names = match elf.sections.get(names_index) {
        Some(sec) if sec.kind != SEC_NOBITS => slice(data, sec.offset, sec.size)?,
        _ => &[],
    };
    if !names.is_empty() {
        for sec in &mut elf.sections {
            sec.name = c_string(names, sec.name_at as usize)
                .ok_or_else(|| Failure::Damaged("section name lies outside its table".into()))?;
        }
    }
    Ok(elf)
}
