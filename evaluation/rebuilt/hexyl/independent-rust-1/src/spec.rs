//! The table of command-line options.

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Opt {
    Length,
    Skip,
    BlockSize,
    NoSqueezing,
    Color,
    Border,
    Plain,
    NoCharacters,
    Characters,
    CharacterTable,
    ColorScheme,
    NoPosition,
    DisplayOffset,
    Panels,
    GroupSize,
    Endianness,
    LittleEndian,
    Base,
    TerminalWidth,
    ColorTable,
    Include,
    Completion,
    Help,
    Version,
}

pub struct Spec {
    pub opt: Opt,
    /// Long names, the official one first.
    pub longs: &'static [&'static str],
    pub shorts: &'static [char],
    /// Name of the value in messages; `None` for flags.
    pub value: Option<&'static str>,
    /// Accepted values; empty when anything goes.
    pub choices: &'static [&'static str],
}

const fn flag(opt: Opt, longs: &'static [&'static str], shorts: &'static [char]) -> Spec {
    Spec { opt, longs, shorts, value: None, choices: &[] }
}

const fn valued(
    opt: Opt,
    longs: &'static [&'static str],
    shorts: &'static [char],
    value: &'static str,
    choices: &'static [&'static str],
) -> Spec {
    Spec { opt, longs, shorts, value: Some(value), choices }
}

pub static OPTIONS: [Spec; 24] = [
    valued(Opt::Length, &["length", "bytes"], &['n', 'c', 'l'], "N", &[]),
    valued(Opt::Skip, &["skip"], &['s'], "N", &[]),
    valued(Opt::BlockSize, &["block-size"], &[], "SIZE", &[]),
    flag(Opt::NoSqueezing, &["no-squeezing"], &['v']),
    valued(Opt::Color, &["color"], &[], "WHEN", &["always", "auto", "never", "force"]),
    valued(Opt::Border, &["border"], &[], "STYLE", &["unicode", "ascii", "none"]),
    flag(Opt::Plain, &["plain"], &['p']),
    flag(Opt::NoCharacters, &["no-characters"], &[]),
    flag(Opt::Characters, &["characters"], &['C']),
    valued(
        Opt::CharacterTable,
        &["character-table"],
        &[],
        "FORMAT",
        &["default", "ascii", "codepage-1047", "codepage-437", "braille"],
    ),
    valued(Opt::ColorScheme, &["color-scheme"], &[], "FORMAT", &["default", "gradient"]),
    flag(Opt::NoPosition, &["no-position"], &['P']),
    valued(Opt::DisplayOffset, &["display-offset"], &['o'], "N", &[]),
    valued(Opt::Panels, &["panels"], &[], "N", &[]),
    valued(Opt::GroupSize, &["group-size", "groupsize"], &['g'], "N", &["1", "2", "4", "8"]),
    valued(Opt::Endianness, &["endianness"], &[], "FORMAT", &["little", "big"]),
    flag(Opt::LittleEndian, &[], &['e']),
    valued(Opt::Base, &["base"], &['b'], "B", &[]),
    valued(Opt::TerminalWidth, &["terminal-width"], &[], "N", &[]),
    flag(Opt::ColorTable, &["print-color-table"], &[]),
    flag(Opt::Include, &["include"], &['i']),
    valued(
        Opt::Completion,
        &["completion"],
        &[],
        "SHELL",
        &["bash", "elvish", "fish", "powershell", "zsh"],
    ),
    flag(Opt::Help, &["help"], &['h']),
    flag(Opt::Version, &["version"], &['V']),
];

impl Spec {
    pub fn by_long(name: &str) -> Option<&'static Spec> {
        OPTIONS.iter().find(|spec| spec.longs.contains(&name))
    }

    pub fn by_short(letter: char) -> Option<&'static Spec> {
        OPTIONS.iter().find(|spec| spec.shorts.contains(&letter))
    }

    /// The bare name, e.g. `--length` or `-e`.
    pub fn name(&self) -> String {
        match self.longs.first() {
            Some(long) => format!("--{long}"),
            None => format!("-{}", self.shorts[0]),
        }
    }

    /// The name with its value, e.g. `--length <N>`.
    pub fn display(&self) -> String {
        match self.value {
            Some(value) => format!("{} <{value}>", self.name()),
            None => self.name(),
        }
    }
}
