//! Escape sequences for the kinds of bytes and for the offset.

use std::env;

pub const RESET: &str = "\x1b[39m";

const NAMES: [&str; 8] = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/// Where in the non-ASCII range the gradient has reached full yellow.
const YELLOW_POINT: f64 = 0.66;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Null,
    Printable,
    Whitespace,
    OtherAscii,
    NonAscii,
}

impl Kind {
    fn of(byte: u8) -> Self {
        match byte {
            0 => Kind::Null,
            _ if byte.is_ascii_whitespace() => Kind::Whitespace,
            _ if byte.is_ascii_graphic() => Kind::Printable,
            _ if byte.is_ascii() => Kind::OtherAscii,
            _ => Kind::NonAscii,
        }
    }

    fn color(self) -> String {
        match self {
            Kind::Null => configured("NULL", 90),
            Kind::Printable => configured("ASCII_PRINTABLE", 36),
            Kind::Whitespace => configured("ASCII_WHITESPACE", 32),
            Kind::OtherAscii => configured("ASCII_OTHER", 32),
            Kind::NonAscii => configured("NONASCII", 33),
        }
    }
}

/// The escape sequences in use.
pub struct Palette {
    pub offset: String,
    pub bytes: Vec<String>,
}

impl Palette {
    pub fn by_kind() -> Self {
        Self::from_map(|byte| Kind::of(byte).color())
    }

    pub fn gradient() -> Self {
        Self::from_map(gradient_color)
    }

    fn from_map(map: impl Fn(u8) -> String) -> Self {
        Palette { offset: configured("OFFSET", 90), bytes: (0..=255).map(map).collect() }
    }
}

/// The color from the environment, or else the given terminal color.
fn configured(name: &str, default: u8) -> String {
    env::var(format!("HEXYL_COLOR_{name}"))
        .ok()
        .and_then(|setting| parse_color(&setting))
        .unwrap_or_else(|| format!("\x1b[{default}m"))
}

fn parse_color(setting: &str) -> Option<String> {
    if let Some(digits) = setting.strip_prefix('#') {
        return parse_rgb(digits);
    }
    let (name, first) = match setting.strip_prefix("bright ") {
        Some(name) => (name, 90),
        None => (setting, 30),
    };
    let index = NAMES.iter().position(|known| *known == name)?;
    Some(format!("\x1b[{}m", first + index))
}

fn parse_rgb(digits: &str) -> Option<String> {
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let channel = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).ok();
    Some(format!("\x1b[38;2;{};{};{}m", channel(0)?, channel(2)?, channel(4)?))
}

fn gradient_color(byte: u8) -> String {
    let (red, green, blue) = match byte {
        0x00 => (100, 100, 100),
        0x01..=0x1f => (blend(255, 128, (byte - 0x01) as f64 / 31.0), 0, 255),
        0x20..=0x7e => {
            let part = (byte - 0x20) as f64 / 95.0;
            (0, blend(128, 255, part), blend(255, 128, part))
        }
        0x7f => (64, 128, 0),
        0x80.. => heat_color((byte - 0x80) as f64 / 128.0),
    };
    format!("\x1b[38;2;{red:03};{green:03};{blue:03}m")
}

/// From red over yellow to white.
fn heat_color(part: f64) -> (u8, u8, u8) {
    if part <= YELLOW_POINT {
        (255, blend(0, 255, part / YELLOW_POINT), 0)
    } else {
        (255, 255, blend(0, 255, (part - YELLOW_POINT) / (1.0 - YELLOW_POINT)))
    }
}

fn blend(from: u8, to: u8, part: f64) -> u8 {
    (from as f64 + (to as f64 - from as f64) * part) as u8
}

/// The legend printed by `--print-color-table`.
pub fn color_table() -> String {
    let entries = [
        (Kind::Null, "⋄ NULL bytes (0x00)"),
        (Kind::Printable, "a ASCII printable characters (0x20 - 0x7E)"),
        (Kind::Whitespace, "_ ASCII whitespace (0x09 - 0x0D, 0x20)"),
        (Kind::OtherAscii, "• ASCII control characters (except NULL and whitespace)"),
        (Kind::NonAscii, "× Non-ASCII bytes (0x80 - 0xFF)"),
    ];
    let lines: String = entries.iter().map(|(kind, text)| format!("{}{text}\n{RESET}", kind.color())).collect();
    format!("hexyl color reference:\n\n{lines}")
}
