//! Byte counts and offsets such as `64`, `4KiB`, `0xff`, `-2blocks`.

use crate::error::{Error, Result};

pub const DEFAULT_BLOCK_SIZE: i64 = 512;

const UNITS: [(&str, i64); 8] = [
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Offset {
    FromStart(u64),
    FromEnd(u64),
}

#[derive(Clone, Copy)]
enum Unit {
    Bytes(i64),
    Blocks,
}

/// A position: a count with an optional sign.
pub fn parse_offset(text: &str, block_size: i64) -> Result<Offset> {
    let (negative, number) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if number.is_empty() && number.len() != text.len() {
        return Err(Error::failure("no digits found after sign, did you forget to write them?"));
    }
    let count = scale(parse_number(number)?, block_size)?;
    Ok(if negative { Offset::FromEnd(count) } else { Offset::FromStart(count) })
}

/// A count: an offset that must not be negative.
pub fn parse_count(text: &str, block_size: i64) -> Result<u64> {
    match parse_offset(text, block_size)? {
        Offset::FromStart(count) => Ok(count),
        Offset::FromEnd(_) => Err(Error::failure(
            "negative offset specified, but only positive offsets (counts) are accepted in this context",
        )),
    }
}

/// The size of a block, which can not itself be given in blocks.
pub fn parse_block_size(text: &str) -> Result<i64> {
    let (number, unit) = parse_number(text)?;
    if matches!(unit, Unit::Blocks) {
        return Err(Error::failure("can not use 'block(s)' as a unit to specify block size"));
    }
    match scale((number, unit), 1)? {
        0 => Err(Error::failure("block size argument must be positive")),
        size => Ok(size as i64),
    }
}

fn scale((number, unit): (i64, Unit), block_size: i64) -> Result<u64> {
    let factor = match unit {
        Unit::Bytes(factor) => factor,
        Unit::Blocks => block_size,
    };
    number.checked_mul(factor).map(|count| count as u64).ok_or_else(|| {
        Error::failure(
            "count multiplied by the unit overflowed a signed 64-bit integer; \
             are you sure it should be that big?",
        )
    })
}

/// An unsigned number with its unit.
fn parse_number(text: &str) -> Result<(i64, Unit)> {
    if text.is_empty() {
        return Err(Error::failure("no character data found, did you forget to write it?"));
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return parse_hex(digits).map(|number| (number, Unit::Bytes(1)));
    }
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, suffix) = text.split_at(split);
    if digits.is_empty() {
        return Err(Error::failure(no_digits(text)));
    }
    let unit = parse_unit(suffix).ok_or_else(|| Error::failure(format!("invalid unit {suffix:?}")))?;
    Ok((parse_integer(digits, 10)?, unit))
}

fn no_digits(text: &str) -> String {
    match parse_unit(text) {
        Some(_) => format!("{text:?} is a valid unit, but an integer should come before it"),
        None => format!("{text:?} is not of the expected form <pos-integer>[<unit>]"),
    }
}

fn parse_hex(digits: &str) -> Result<i64> {
    match digits.chars().next() {
        Some(sign @ ('+' | '-')) => Err(Error::failure(format!(
            "found '{sign}' sign after hex prefix (\"0x\"); signs should go before it"
        ))),
        _ => parse_integer(digits, 16),
    }
}

fn parse_integer(digits: &str, radix: u32) -> Result<i64> {
    i64::from_str_radix(digits, radix).map_err(|error| {
        Error::Failure(vec!["failed to parse integer part".to_string(), error.to_string()])
    })
}

fn parse_unit(text: &str) -> Option<Unit> {
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        "" => Some(Unit::Bytes(1)),
        "block" | "blocks" => Some(Unit::Blocks),
        _ => UNITS.iter().find(|(name, _)| *name == lower).map(|&(_, size)| Unit::Bytes(size)),
    }
}
