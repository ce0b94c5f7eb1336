//! Interprets the parsed options.

use std::env;
use std::io::{self, IsTerminal};
use std::num::NonZeroU64;

use crate::cli::Matches;
use crate::color::Palette;
use crate::count::{self, Offset};
use crate::error::{Error, Result};
use crate::layout::{Base, Border, Layout};
use crate::spec::Opt;
use crate::terminal;

const DEFAULT_PANELS: usize = 2;

pub fn block_size(matches: &Matches) -> Result<i64> {
    matches.value(Opt::BlockSize).map_or(Ok(count::DEFAULT_BLOCK_SIZE), count::parse_block_size)
}

pub fn skip(matches: &Matches, block_size: i64) -> Result<Option<Offset>> {
    matches
        .value(Opt::Skip)
        .map(|text| count::parse_offset(text, block_size).map_err(|e| e.context(bad_count("skip", text))))
        .transpose()
}

pub fn length(matches: &Matches, block_size: i64) -> Result<Option<u64>> {
    counted(matches, Opt::Length, "length", block_size)
}

pub fn display_offset(matches: &Matches, block_size: i64) -> Result<u64> {
    Ok(counted(matches, Opt::DisplayOffset, "display-offset", block_size)?.unwrap_or(0))
}

fn counted(matches: &Matches, opt: Opt, name: &str, block_size: i64) -> Result<Option<u64>> {
    matches
        .value(opt)
        .map(|text| count::parse_count(text, block_size).map_err(|e| e.context(bad_count(name, text))))
        .transpose()
}

fn bad_count(name: &str, text: &str) -> String {
    format!("failed to parse `--{name}` arg {text:?} as byte count")
}

pub fn layout(matches: &Matches) -> Result<Layout> {
    let plain = matches.has(Opt::Plain);
    let default_border = if plain { "none" } else { "unicode" };
    let mut layout = Layout {
        base: base(matches.value(Opt::Base))?,
        group_size: matches.value(Opt::GroupSize).and_then(|size| size.parse().ok()).unwrap_or(1),
        little_endian: little_endian(matches),
        panels: 1,
        show_position: !plain && !matches.has(Opt::NoPosition),
        show_characters: !plain && !matches.has(Opt::NoCharacters),
        border: Border::from_name(matches.value(Opt::Border).unwrap_or(default_border)),
    };
    layout.panels = panels(matches, &layout)?;
    Ok(layout)
}

fn base(name: Option<&str>) -> Result<Base> {
    let name = name.unwrap_or("hexadecimal");
    match name {
        "b" | "bin" | "binary" | "2" => Ok(Base::Binary),
        "o" | "oct" | "octal" | "8" => Ok(Base::Octal),
        "d" | "dec" | "decimal" | "10" => Ok(Base::Decimal),
        "x" | "hex" | "hexadecimal" | "16" => Ok(Base::Hexadecimal),
        _ if name.parse::<u8>().is_ok() => Err(Error::failure(
            "The number provided is not a valid base. Valid bases are 2, 8, 10, and 16.",
        )),
        _ => Err(Error::failure(
            "The base provided is not valid. Valid bases are \"b\", \"o\", \"d\", and \"x\".",
        )),
    }
}

/// Of `-e` and `--endianness` the later one counts.
fn little_endian(matches: &Matches) -> bool {
    let named = matches.value(Opt::Endianness) == Some("little");
    match (matches.position(Opt::LittleEndian), matches.position(Opt::Endianness)) {
        (Some(short), Some(long)) => short > long || named,
        (Some(_), None) => true,
        _ => named,
    }
}

fn panels(matches: &Matches, layout: &Layout) -> Result<usize> {
    if let Some(width) = matches.value(Opt::TerminalWidth) {
        return Ok(layout.fitting_panels(width.parse().unwrap_or(usize::MAX)));
    }
    match matches.value(Opt::Panels) {
        Some("auto") => Ok(layout.fitting_panels(terminal::width())),
        Some(text) => text.parse::<NonZeroU64>().map(|n| n.get() as usize).map_err(|error| {
            Error::failure(error.to_string())
                .context(format!("failed to parse `--panels` arg {text:?} as unsigned nonzero integer"))
        }),
        None => Ok(layout.fitting_panels(terminal::width()).min(DEFAULT_PANELS)),
    }
}

pub fn palette(matches: &Matches) -> Option<Palette> {
    if !use_color(matches) {
        return None;
    }
    Some(match matches.value(Opt::ColorScheme) {
        Some("gradient") => Palette::gradient(),
        _ => Palette::by_kind(),
    })
}

fn use_color(matches: &Matches) -> bool {
    let default = if matches.has(Opt::Plain) { "never" } else { "always" };
    match matches.value(Opt::Color).unwrap_or(default) {
        "force" => true,
        "always" => env::var_os("NO_COLOR").is_none(),
        "auto" => env::var_os("NO_COLOR").is_none() && io::stdout().is_terminal(),
        _ => false,
    }
}
