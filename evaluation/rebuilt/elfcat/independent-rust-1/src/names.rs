//! Human-readable names of the numbers used in ELF files.

type Names = &'static [(u64, &'static str)];

const ABIS: Names = &[
    (0, "SysV"), (1, "HP-UX"), (2, "NetBSD"), (3, "Linux"), (4, "Hurd"), (6, "Solaris"),
    (7, "AIX"), (8, "IRIX"), (9, "FreeBSD"), (10, "Tru64"), (11, "Modesto"), (12, "OpenBSD"),
    (13, "OpenVMS"), (255, "Standalone"),
];

const OBJECT_TYPES: Names = &[
    (0, "None (NONE)"), (1, "Relocatable object file (REL)"), (2, "Executable file (EXEC)"),
    (3, "Shared object file (DYN)"), (4, "Core file (CORE)"),
    (0xfe00, "Environment-specific use"), (0xfeff, "Environment-specific use"),
    (0xff00, "Processor-specific use"), (0xffff, "Processor-specific use"),
];

const MACHINES: Names = &[
    (0, "None"), (1, "AT&T WE 32100"), (2, "SPARC"), (3, "x86"), (4, "Motorolla 68000"),
    (5, "Motorolla 88000"), (6, "Intel MCU"), (7, "Intel 80860"), (8, "MIPS"),
    (9, "IBM System/370"), (10, "MIPS RS3000 little-endian"), (14, "HP PA-RISC"),
    (19, "Intel 80960"), (20, "PowerPC"), (21, "PowerPC 64-bit"), (22, "S390"),
    (40, "ARM Aarch32"), (50, "Itanium IA-64"), (62, "x86-64"), (183, "ARM Aarch64"),
    (190, "CUDA"), (224, "AMDGPU"), (243, "RISC-V"),
];

const SEGMENT_TYPES: Names = &[
    (0, "NULL"), (1, "LOAD"), (2, "DYNAMIC"), (3, "INTERP"), (4, "NOTE"), (5, "SHLIB"),
    (6, "PHDR"), (7, "TLS"), (0x6474e550, "GNU_EH_FRAME (OS-specific)"),
    (0x6474e551, "GNU_STACK (OS-specific)"), (0x6474e552, "GNU_RELRO (OS-specific)"),
    (0x60000000, "LOOS"), (0x6fffffff, "HIOS"), (0x70000000, "LOPROC"), (0x7fffffff, "HIPROC"),
];

const SECTION_TYPES: Names = &[
    (0, "NULL"), (1, "PROGBITS"), (2, "SYMTAB"), (3, "STRTAB"), (4, "RELA"), (5, "HASH"),
    (6, "DYNAMIC"), (7, "NOTE"), (8, "NOBITS"), (9, "REL"), (10, "SHLIB"), (11, "DYNSYM"),
    (14, "INIT_ARRAY"), (15, "FINI_ARRAY"), (0x6ffffff6, "GNU_HASH (OS-specific)"),
    (0x6ffffffe, "VER_NEED (OS-specific)"),
    (0x60000000, "LOOS"), (0x6fffffff, "HIOS"), (0x70000000, "LOPROC"), (0x7fffffff, "HIPROC"),
];

fn find(names: Names, value: u64, otherwise: &str) -> String {
    match names.iter().find(|(number, _)| *number == value) {
        Some((_, name)) => name.to_string(),
        None => format!("{} {}", otherwise, value),
    }
}

pub fn abi(value: u8) -> String { find(ABIS, value.into(), "Unknown:") }
pub fn object_type(value: u64) -> String { find(OBJECT_TYPES, value, "Unknown") }
pub fn machine(value: u64) -> String { find(MACHINES, value, "Unknown:") }
pub fn segment_type(value: u64) -> String { find(SEGMENT_TYPES, value, "Unknown:") }
pub fn section_type(value: u64) -> String { find(SECTION_TYPES, value, "Unknown:") }

fn letters(value: u64, table: &[(u64, char)]) -> String {
    table.iter().filter(|(bit, _)| value & bit != 0).map(|(_, letter)| letter).collect()
}

pub fn segment_flags(value: u64) -> String {
    letters(value, &[(4, 'R'), (2, 'W'), (1, 'X')])
}

pub fn section_flags(value: u64) -> String {
    let flags = letters(value, &[(1, 'W'), (2, 'A'), (4, 'X')]);
    if flags.is_empty() { "0".to_string() } else { flags }
}
