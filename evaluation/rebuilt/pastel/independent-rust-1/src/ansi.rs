//! Terminal color modes and escape sequences.

use crate::color::Color;
use crate::distance::ciede2000;
use std::io::IsTerminal;

#[derive(Clone, Copy, PartialEq)]
pub enum Mode {
    Off,
    Ansi8,
    TrueColor,
}

#[derive(Default)]
pub struct Style {
    pub fg: Option<Color>,
    pub bg: Option<Color>,
    pub bold: bool,
    pub italic: bool,
    pub underline: bool,
}

fn palette(code: u8) -> Color {
    if code >= 232 {
        let v = 8 + 10 * (code - 232);
        return Color::rgb8(v, v, v, 1.0);
    }
    let level = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    let n = code - 16;
    Color::rgb8(level(n / 36), level(n / 6 % 6), level(n % 6), 1.0)
}

pub fn to_8bit(color: Color) -> u8 {
    let lab = color.to_lab();
    let dist = |code: &u8| ciede2000(palette(*code).to_lab(), lab);
    (16..255u8).min_by(|a, b| dist(a).total_cmp(&dist(b))).unwrap_or(16)
}

pub fn color_code(color: Color, mode: Mode, layer: u8) -> String {
    let [r, g, b] = color.to_rgb8();
    match mode {
        Mode::Ansi8 => format!("{};5;{}", layer, to_8bit(color)),
        _ => format!("{};2;{};{};{}", layer, r, g, b),
    }
}

pub fn paint(text: &str, style: &Style, mode: Mode) -> String {
    if mode == Mode::Off {
        return text.to_string();
    }
    let mut codes = Vec::new();
    codes.extend(style.fg.map(|c| color_code(c, mode, 38)));
    codes.extend(style.bg.map(|c| color_code(c, mode, 48)));
    for (on, code) in [(style.bold, "1"), (style.italic, "3"), (style.underline, "4")] {
        if on {
            codes.push(code.to_string());
        }
    }
    if codes.is_empty() {
        codes.push("0".to_string());
    }
    format!("\x1b[{}m{}\x1b[0m", codes.join(";"), text)
}

fn named_mode(name: &str) -> Option<Mode> {
    match name {
        "24bit" => Some(Mode::TrueColor),
        "8bit" => Some(Mode::Ansi8),
        "off" => Some(Mode::Off),
        _ => None,
    }
}

fn detect() -> Mode {
    match std::env::var("COLORTERM").as_deref() {
        Ok("truecolor") | Ok("24bit") => Mode::TrueColor,
        _ => Mode::Ansi8,
    }
}

pub fn choose_mode(option: Option<&str>, force: bool) -> Mode {
    if force {
        return Mode::TrueColor;
    }
    let tty = std::io::stdout().is_terminal();
    if let Some(mode) = option.and_then(named_mode) {
        return mode;
    }
    if !tty || std::env::var_os("NO_COLOR").is_some() {
        return Mode::Off;
    }
    std::env::var("PASTEL_COLOR_MODE").ok().and_then(|m| named_mode(&m)).unwrap_or_else(detect)
}
