//! Decoding of ELF structures. Every record remembers where its fields lie in the file, so that
//! the same description serves both for reading values and for marking up the dump.

/// Width of a field, independent of the object class.
#[derive(Clone, Copy)]
enum Width { Half, Int, Word }

use Width::{Half, Int, Word};

type Layout = &'static [(&'static str, Width)];

const FILE_HEADER: Layout = &[
    ("e_type", Half), ("e_machine", Half), ("e_version", Int), ("e_entry", Word),
    ("e_phoff", Word), ("e_shoff", Word), ("e_flags", Int), ("e_ehsize", Half),
    ("e_phentsize", Half), ("e_phnum", Half), ("e_shentsize", Half), ("e_shnum", Half),
    ("e_shstrndx", Half),
];

const PROGRAM_HEADER_32: Layout = &[
    ("p_type", Int), ("p_offset", Word), ("p_vaddr", Word), ("p_paddr", Word),
    ("p_filesz", Word), ("p_memsz", Word), ("p_flags", Int), ("p_align", Word),
];

const PROGRAM_HEADER_64: Layout = &[
    ("p_type", Int), ("p_flags", Int), ("p_offset", Word), ("p_vaddr", Word),
    ("p_paddr", Word), ("p_filesz", Word), ("p_memsz", Word), ("p_align", Word),
];

const SECTION_HEADER: Layout = &[
    ("sh_name", Int), ("sh_type", Int), ("sh_flags", Word), ("sh_addr", Word),
    ("sh_offset", Word), ("sh_size", Word), ("sh_link", Int), ("sh_info", Int),
    ("sh_addralign", Word), ("sh_entsize", Word),
];

pub const IDENT_SIZE: usize = 16;
pub const PT_INTERP: u64 = 3;
pub const PT_NOTE: u64 = 4;
pub const SHT_STRTAB: u64 = 3;
pub const SHT_NOBITS: u64 = 8;

pub struct Field {
    pub name: &'static str,
    pub offset: usize,
    pub size: usize,
    pub value: u64,
}

pub struct Record {
    pub offset: usize,
    pub size: usize,
    pub fields: Vec<Field>,
}

impl Record {
    pub fn get(&self, name: &str) -> u64 {
        self.fields.iter().find(|f| f.name == name).map_or(0, |f| f.value)
    }
}

pub struct Note {
    pub offset: usize,
    pub size: usize,
    pub name: String,
    pub kind: u64,
    pub desc: Vec<u8>,
}

pub struct Elf<'a> {
    pub data: &'a [u8],
    pub is_64: bool,
    pub big_endian: bool,
    pub header: Record,
    pub segments: Vec<Record>,
    pub sections: Vec<Record>,
    pub notes: Vec<Note>,
}

/// Bytes of a range named by the file itself, which may be nonsense.
pub fn slice(data: &[u8], offset: u64, size: u64) -> Result<&[u8], String> {
    let end = offset.checked_add(size).filter(|end| *end <= data.len() as u64);
    end.map(|end| &data[offset as usize..end as usize])
        .ok_or_else(|| format!("range of {} bytes at {} is outside of the file", size, offset))
}

struct Decoder<'a> {
    data: &'a [u8],
    is_64: bool,
    big_endian: bool,
}

impl Decoder<'_> {
    fn uint(&self, offset: u64, size: usize) -> Result<u64, String> {
        let bytes = slice(self.data, offset, size as u64)?;
        let join = |acc: u64, b: &u8| acc << 8 | u64::from(*b);
        let big = self.big_endian;
        Ok(if big { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) })
    }

    fn record(&self, offset: u64, layout: Layout) -> Result<Record, String> {
        let mut fields = Vec::with_capacity(layout.len());
        let mut pos = offset;
        for (name, width) in layout {
            let size = match width {
                Half => 2,
                Word if self.is_64 => 8,
                Int | Word => 4,
            };
            let value = self.uint(pos, size)?;
            fields.push(Field { name, offset: pos as usize, size, value });
            pos += size as u64;
        }
        Ok(Record { offset: offset as usize, size: (pos - offset) as usize, fields })
    }

    fn table(&self, offset: u64, count: u64, layout: Layout) -> Result<Vec<Record>, String> {
        let mut records: Vec<Record> = Vec::new();
        for _ in 0..count {
            let next = records.last().map_or(offset, |r| (r.offset + r.size) as u64);
            records.push(self.record(next, layout)?);
        }
        Ok(records)
    }

    fn notes(&self, segment: &Record, notes: &mut Vec<Note>) -> Result<(), String> {
        let mut pos = segment.get("p_offset");
        let size = segment.get("p_filesz");
        slice(self.data, pos, size)?;
        let end = pos + size;
        while pos < end {
            let name_size = self.uint(pos, 4)?;
            let desc_size = self.uint(pos + 4, 4)?;
            let kind = self.uint(pos + 8, 4)?;
            let desc_pos = pos + 12 + name_size.next_multiple_of(4);
            let next = desc_pos + desc_size.next_multiple_of(4);
            if next > end {
                break;
            }
            let name = slice(self.data, pos + 12, name_size.saturating_sub(1))?;
            notes.push(Note {
                offset: pos as usize,
                size: (next - pos) as usize,
                name: String::from_utf8_lossy(name).into_owned(),
                kind,
                desc: slice(self.data, desc_pos, desc_size)?.to_vec(),
            });
            pos = next;
        }
        Ok(())
    }
}

impl<'a> Elf<'a> {
    pub fn parse(data: &'a [u8]) -> Result<Elf<'a>, String> {
        if data.len() < IDENT_SIZE {
            return Err("file is smaller than ELF header's e_ident".into());
        }
        if !data.starts_with(b"\x7fELF") {
            return Err("mismatched magic: not an ELF file".into());
        }
        let is_second = |value: u8, what: &str| match value {
            1 | 2 => Ok(value == 2),
            _ => Err(format!("Unknown {}: {}", what, value)),
        };
        let is_64 = is_second(data[4], "bitness")?;
        let big_endian = is_second(data[5], "endianness")?;
        let decoder = Decoder { data, is_64, big_endian };
        let header = decoder
            .record(IDENT_SIZE as u64, FILE_HEADER)
            .map_err(|_| "file is smaller than ELF file header".to_string())?;
        let layout = if is_64 { PROGRAM_HEADER_64 } else { PROGRAM_HEADER_32 };
        let segments = decoder.table(header.get("e_phoff"), header.get("e_phnum"), layout)?;
        let sections = decoder.table(header.get("e_shoff"), header.get("e_shnum"), SECTION_HEADER)?;
        let mut notes = Vec::new();
        for segment in segments.iter().filter(|s| s.get("p_type") == PT_NOTE) {
            decoder.notes(segment, &mut notes)?;
        }

        Ok(Elf { data, is_64, big_endian, header, segments, sections, notes })
    }

    fn section_bytes(&self, section: &Record) -> Result<&'a [u8], String> {
        slice(self.data, section.get("sh_offset"), section.get("sh_size"))
    }

    /// Name of a section, empty if the file has no usable table of names.
    pub fn section_name(&self, section: &Record) -> Result<String, String> {
        let Some(table) = self.sections.get(self.header.get("e_shstrndx") as usize) else {
            return Ok(String::new());
        };
        if table.get("sh_type") == SHT_NOBITS || table.get("sh_size") == 0 {
            return Ok(String::new());
        }
        let bytes = self.section_bytes(table)?;
        let start = section.get("sh_name");
        let rest = bytes
            .get(start as usize..)
            .filter(|rest| !rest.is_empty())
            .ok_or_else(|| format!("section name {} is outside of its string table", start))?;
        let name = rest.split(|b| *b == 0).next().unwrap_or(rest);
        Ok(String::from_utf8_lossy(name).into_owned())
    }

    /// Terminated, non-empty strings of a string table. The very first entry is supposed to be a
    /// lone zero byte, so no more than one byte of it is looked at.
    pub fn strings(&self, section: &Record) -> Result<Vec<&'a str>, String> {
        let mut pieces: Vec<&[u8]> = self.section_bytes(section)?.split(|b| *b == 0).collect();
        pieces.pop();
        if let Some(first) = pieces.first_mut() {
            *first = &first[..first.len().min(1)];
        }
        let strings = pieces.into_iter().filter_map(|p| std::str::from_utf8(p).ok());
        Ok(strings.filter(|s| !s.is_empty()).collect())
    }
}
