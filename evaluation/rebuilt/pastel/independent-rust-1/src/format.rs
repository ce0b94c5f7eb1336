//! Textual representations of colors.

use crate::ansi::{color_code, to_8bit, Mode};
use crate::color::{to_polar, Color};
use crate::distance::similar_names;

/// The alpha suffix (empty for opaque colors), with the given separator.
fn alpha(c: Color, separator: &str) -> String {
    if c.a >= 1.0 {
        return String::new();
    }
    let digits = format!("{:.3}", c.a);
    let short = digits.trim_end_matches('0').trim_end_matches('.');
    format!("{}{}", separator, if short.is_empty() { "0" } else { short })
}

fn prefix(c: Color, name: &str) -> String {
    format!("{}{}", name, if c.a < 1.0 { "a" } else { "" })
}

pub fn hex(c: Color) -> String {
    let suffix = if c.a < 1.0 { format!("{:02x}", (c.a * 255.0).round() as u8) } else { String::new() };
    format!("#{:06x}{}", c.to_u32(), suffix)
}

pub fn rgb(c: Color) -> String {
    let [r, g, b] = c.to_rgb8();
    format!("{}({}, {}, {}{})", prefix(c, "rgb"), r, g, b, alpha(c, ", "))
}

/// `gap` is the text after each comma: a space for people, none for pipes.
pub fn hsl(c: Color, gap: &str) -> String {
    let tail = alpha(c, &format!(",{gap}"));
    let (s, l) = (100.0 * c.s, 100.0 * c.l);
    format!("{}({:.0},{gap}{:.1}%,{gap}{:.1}%{})", prefix(c, "hsl"), c.h, s, l, tail)
}

fn hsv(c: Color) -> String {
    let [h, s, v] = c.to_hsv();
    format!("{}({:.0}, {:.1}%, {:.1}%{})", prefix(c, "hsv"), h, 100.0 * s, 100.0 * v, alpha(c, ", "))
}

fn rgb_float(c: Color) -> String {
    let [r, g, b] = c.to_rgb();
    format!("{}({:.3}, {:.3}, {:.3}{})", prefix(c, "rgb"), r, g, b, alpha(c, ", "))
}

fn space(name: &str, v: [f64; 3], places: usize, c: Color) -> String {
    format!("{name}({:.places$}, {:.places$}, {:.places$}{})", v[0], v[1], v[2], alpha(c, ", "))
}

fn cmyk(c: Color) -> String {
    let [cy, m, y, k] = c.to_cmyk().map(|v| 100.0 * v);
    format!("cmyk({:.0}, {:.0}, {:.0}, {:.0})", cy, m, y, k)
}

pub fn name(c: Color) -> &'static str {
    similar_names(c)[0].0
}

fn escaped(code: String) -> String {
    format!("\\x1b[{}m", code)
}

/// Single channels, such as `lab-a`, as value and number of decimals.
fn channel(kind: &str, c: Color) -> Option<(f64, usize)> {
    let (group, part) = kind.rsplit_once('-')?;
    let (values, names, places): ([f64; 3], [&str; 3], [usize; 3]) = match group {
        "rgb" => (c.to_rgb8().map(f64::from), ["r", "g", "b"], [0; 3]),
        "hsl" => ([c.h, c.s, c.l], ["hue", "saturation", "lightness"], [0, 4, 4]),
        "hsv" => (c.to_hsv(), ["hue", "saturation", "value"], [0, 4, 4]),
        "lch" => (c.to_lch(), ["lightness", "chroma", "hue"], [2; 3]),
        "oklch" => (to_polar(c.to_oklab()), ["lightness", "chroma", "hue"], [4; 3]),
        "lab" => (c.to_lab(), ["l", "a", "b"], [2; 3]),
        "oklab" => (c.to_oklab(), ["l", "a", "b"], [4; 3]),
        _ => return None,
    };
    let index = names.iter().position(|n| *n == part)?;
    Some((values[index], places[index]))
}

pub fn format(kind: &str, c: Color) -> String {
    if let Some((value, places)) = channel(kind, c) {
        return format!("{:.places$}", value);
    }
    match kind {
        "rgb" => rgb(c),
        "rgb-float" => rgb_float(c),
        "hsl" => hsl(c, " "),
        "hsv" => hsv(c),
        "lch" => space("LCh", c.to_lch(), 0, c),
        "lab" => space("Lab", c.to_lab(), 0, c),
        "oklab" => space("OkLab", c.to_oklab(), 4, c),
        "oklch" => space("OkLCh", to_polar(c.to_oklab()), 4, c),
        "luminance" => format!("{:.3}", c.luminance()),
        "brightness" => format!("{:.3}", c.brightness()),
        "ansi-8bit" => escaped(color_code(c, Mode::Ansi8, 38)),
        "ansi-24bit" => escaped(color_code(c, Mode::TrueColor, 38)),
        "ansi-8bit-value" => to_8bit(c).to_string(),
        "ansi-8bit-escapecode" => format!("\x1b[{}m", color_code(c, Mode::Ansi8, 38)),
        "ansi-24bit-escapecode" => format!("\x1b[{}m", color_code(c, Mode::TrueColor, 38)),
        "cmyk" => cmyk(c),
        "name" => name(c).to_string(),
        _ => hex(c),
    }
}
