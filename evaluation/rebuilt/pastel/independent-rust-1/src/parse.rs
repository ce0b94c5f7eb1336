//! Reading colors and numbers from text.

use crate::color::{from_polar, Color};
use crate::names::{ALIASES, NAMED};

pub fn number(text: &str) -> Option<f64> {
    let plain = text.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
    if plain { text.parse().ok() } else { None }
}

fn percent(text: &str) -> Option<f64> {
    number(text.strip_suffix('%')?).map(|p| p / 100.0)
}

fn fraction(text: &str) -> Option<f64> {
    percent(text).or_else(|| number(text))
}

fn angle(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 5] =
        [("deg", 1.0), ("°", 1.0), ("grad", 0.9), ("rad", 180.0 / std::f64::consts::PI), ("turn", 360.0)];
    for (unit, factor) in UNITS {
        if let Some(value) = text.strip_suffix(unit).and_then(number) {
            return Some(value * factor);
        }
    }
    number(text)
}

fn split_args(text: &str) -> Option<Vec<&str>> {
    let mut out = Vec::new();
    for part in text.split(',') {
        let before = out.len();
        out.extend(part.split_whitespace());
        if out.len() == before {
            return None;
        }
    }
    Some(out)
}

fn hex(text: &str) -> Option<Color> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    if !digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    let wide: String = match digits.len() {
        3 | 4 => digits.chars().flat_map(|c| [c, c]).collect(),
        6 | 8 => digits.to_string(),
        _ => return None,
    };
    let byte = |i: usize| u8::from_str_radix(wide.get(i..i + 2)?, 16).ok();
    let alpha = byte(6).map_or(1.0, |a| a as f64 / 255.0);
    Some(Color::rgb8(byte(0)?, byte(2)?, byte(4)?, alpha))
}

fn named(text: &str) -> Option<Color> {
    let lower = text.to_lowercase();
    let name = ALIASES.iter().find(|a| a.0 == lower).map_or(lower.as_str(), |a| a.1);
    NAMED.iter().find(|n| n.0 == name).map(|n| Color::hex(n.1))
}

fn rgb(v: &[&str], a: f64) -> Option<Color> {
    let absolute: Option<Vec<f64>> = v.iter().map(|t| number(t).map(|n| n / 255.0)).collect();
    let c = absolute.or_else(|| v.iter().map(|t| percent(t)).collect())?;
    Some(Color::rgb([c[0], c[1], c[2]], a))
}

fn triple(v: &[&str]) -> Option<[f64; 3]> {
    Some([number(v[0])?, number(v[1])?, number(v[2])?])
}

fn polar(v: &[&str]) -> Option<[f64; 3]> {
    Some([number(v[0])?, number(v[1])?, angle(v[2])?])
}

fn call(name: &str, args: &[&str]) -> Option<Color> {
    if name == "gray" {
        return if args.len() == 1 { fraction(args[0]).map(Color::gray) } else { None };
    }
    if args.len() != 3 && args.len() != 4 {
        return None;
    }
    let a = args.get(3).map_or(Some(1.0), |t| fraction(t))?;
    match name {
        "rgb" | "rgba" | "" => return rgb(args, a),
        "hsl" | "hsla" => return Some(Color::hsl(angle(args[0])?, percent(args[1])?, percent(args[2])?, a)),
        "hsv" | "hsva" => return Some(Color::hsv(angle(args[0])?, percent(args[1])?, percent(args[2])?, a)),
        _ => {}
    }
    match name.to_lowercase().as_str() {
        "lab" | "cielab" => triple(args).map(|v| Color::lab(v, a)),
        "lch" | "cielch" => polar(args).map(|v| Color::lab(from_polar(v), a)),
        "oklab" => triple(args).map(|v| Color::oklab(v, a)),
        "oklch" => polar(args).map(|v| Color::oklch(v, a)),
        _ => None,
    }
}

pub fn color(text: &str) -> Option<Color> {
    let text = text.trim();
    if let Some(found) = hex(text).or_else(|| named(text)) {
        return Some(found);
    }
    match text.split_once('(') {
        Some((name, rest)) if !name.is_empty() => call(name, &split_args(rest.strip_suffix(')')?)?),
        Some(_) => None,
        None => call("", &split_args(text)?),
    }
}
