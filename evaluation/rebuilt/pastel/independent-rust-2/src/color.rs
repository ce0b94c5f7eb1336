#[derive(Clone, Copy, Debug)]
pub struct Color { pub h: f64, pub s: f64, pub l: f64, pub a: f64 }

type Triple = [f64; 3];

const WHITE: Triple = [0.95047, 1.0, 1.08883];

fn to_linear(v: f64) -> f64 { if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) } }
fn from_linear(v: f64) -> f64 { if v <= 0.0031308 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 } }

fn apply(m: &[Triple; 3], v: Triple) -> Triple {
    let row = |r: &Triple| r[0] * v[0] + r[1] * v[1] + r[2] * v[2];
    [row(&m[0]), row(&m[1]), row(&m[2])]
}

fn polar(v: Triple) -> Triple {
    let hue = v[2].atan2(v[1]).to_degrees();
    [v[0], v[1].hypot(v[2]), if hue < 0.0 { hue + 360.0 } else { hue }]
}

fn unpolar(v: Triple) -> Triple {
    let angle = v[2].to_radians();
    [v[0], v[1] * angle.cos(), v[1] * angle.sin()]
}

fn mix_angle(a: f64, b: f64, t: f64) -> f64 {
    a + ((b - a + 540.0).rem_euclid(360.0) - 180.0) * t
}

const RGB_XYZ: [Triple; 3] = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
const XYZ_RGB: [Triple; 3] = [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]];
const XYZ_LMS: [Triple; 3] = [[0.38971, 0.68898, -0.07868], [-0.22981, 1.18340, 0.04641], [0.0, 0.0, 1.0]];
const LMS_XYZ: [Triple; 3] = [[1.910197, -1.112124, 0.201908], [0.370950, 0.629054, -0.000008], [0.0, 0.0, 1.0]];
const XYZ_OK: [Triple; 3] = [[0.8189330101, 0.3618667424, -0.1288597137], [0.0329845436, 0.9293118715, 0.0361456387], [0.0482003018, 0.2643662691, 0.6338517070]];
const OK_LAB: [Triple; 3] = [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]];
const OK_LAB_INV: [Triple; 3] = [[1.0, 0.3963377774, 0.2158037573], [1.0, -0.1055613458, -0.0638541728], [1.0, -0.0894841775, -1.2914855480]];
const OK_XYZ: [Triple; 3] = [[1.2270138511, -0.5577999807, 0.2812561490], [-0.0405801784, 1.1122568696, -0.0716766787], [-0.0763812845, -0.4214819784, 1.5861632204]];

impl Color {
    pub fn hsl(h: f64, s: f64, l: f64, a: f64) -> Color {
        let h = if (0.0..=360.0).contains(&h) { h } else { h.rem_euclid(360.0) };
        Color { h, s: s.clamp(0.0, 1.0), l: l.clamp(0.0, 1.0), a: a.clamp(0.0, 1.0) }
    }
    pub fn bytes(r: u8, g: u8, b: u8, a: f64) -> Color {
        let max = r.max(g).max(b) as f64;
        let min = r.min(g).min(b) as f64;
        let chroma = max - min;
        let (rf, gf, bf) = (r as f64, g as f64, b as f64);
        let h = if chroma == 0.0 {
            0.0
        } else if max == rf {
            60.0 * (gf - bf) / chroma
        } else if max == gf {
            60.0 * (bf - rf) / chroma + 120.0
        } else {
            60.0 * (rf - gf) / chroma + 240.0
        };
        let l = (max + min) / 510.0;
        let s = if chroma == 0.0 { 0.0 } else { chroma / 255.0 / (1.0 - (2.0 * l - 1.0).abs()) };
        Color::hsl(h, s, l, a)
    }
    pub fn rgb(r: f64, g: f64, b: f64, a: f64) -> Color {
        let byte = |v: f64| v.round().clamp(0.0, 255.0) as u8;
        Color::bytes(byte(r), byte(g), byte(b), a)
    }
    pub fn gray(l: f64) -> Color { Color::hsl(0.0, 0.0, l, 1.0) }
    fn linear(v: Triple, a: f64) -> Color {
        Color::rgb(255.0 * from_linear(v[0]), 255.0 * from_linear(v[1]), 255.0 * from_linear(v[2]), a)
    }
    pub fn lab(v: Triple, a: f64) -> Color {
        let f = |t: f64| if t > 6.0 / 29.0 { t * t * t } else { 3.0 * (6.0f64 / 29.0).powi(2) * (t - 4.0 / 29.0) };
        let y = (v[0] + 16.0) / 116.0;
        let xyz = [WHITE[0] * f(y + v[1] / 500.0), WHITE[1] * f(y), WHITE[2] * f(y - v[2] / 200.0)];
        Color::linear(apply(&XYZ_RGB, xyz), a)
    }
    pub fn lch(v: Triple, a: f64) -> Color { Color::lab(unpolar(v), a) }
    pub fn oklab(v: Triple, a: f64) -> Color {
        Color::linear(apply(&XYZ_RGB, apply(&OK_XYZ, apply(&OK_LAB_INV, v).map(|x| x * x * x))), a)
    }
    pub fn oklch(v: Triple, a: f64) -> Color { Color::oklab(unpolar(v), a) }
    pub fn to_bytes(&self) -> [u8; 3] {
        let chroma = (1.0 - (2.0 * self.l - 1.0).abs()) * self.s;
        let sector = self.h / 60.0;
        let x = chroma * (1.0 - (sector % 2.0 - 1.0).abs());
        let low = self.l - chroma / 2.0;
        let v = match sector as i32 {
            0 => [chroma, x, 0.0],
            1 => [x, chroma, 0.0],
            2 => [0.0, chroma, x],
            3 => [0.0, x, chroma],
            4 => [x, 0.0, chroma],
            _ => [chroma, 0.0, x],
        };
        v.map(|c| (255.0 * (c + low)).round() as u8)
    }
    pub fn to_linear_rgb(&self) -> Triple { self.to_bytes().map(|c| to_linear(c as f64 / 255.0)) }
    pub fn to_lab(&self) -> Triple {
        let xyz = apply(&RGB_XYZ, self.to_linear_rgb());
        let f = |t: f64| {
            if t > (6.0f64 / 29.0).powi(3) { t.cbrt() } else { t * (29.0f64 / 6.0).powi(2) / 3.0 + 4.0 / 29.0 }
        };
        let [fx, fy, fz] = [f(xyz[0] / WHITE[0]), f(xyz[1] / WHITE[1]), f(xyz[2] / WHITE[2])];
        [116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)]
    }
    pub fn to_lch(&self) -> Triple { polar(self.to_lab()) }
    pub fn to_oklab(&self) -> Triple { apply(&OK_LAB, apply(&XYZ_OK, apply(&RGB_XYZ, self.to_linear_rgb())).map(f64::cbrt)) }
    pub fn to_oklch(&self) -> Triple { polar(self.to_oklab()) }
    pub fn to_hsv(&self) -> Triple {
        let v = self.l + self.s * self.l.min(1.0 - self.l);
        [self.h, if v == 0.0 { 0.0 } else { 2.0 * (1.0 - self.l / v) }, v]
    }
    pub fn luminance(&self) -> f64 {
        let [r, g, b] = self.to_linear_rgb();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    pub fn brightness(&self) -> f64 {
        let [r, g, b] = self.to_bytes().map(|c| c as f64 / 255.0);
        (299.0 * r + 587.0 * g + 114.0 * b) / 1000.0
    }
    pub fn readable_text(&self) -> Color { Color::gray(if self.luminance() > 0.179 { 0.0 } else { 1.0 }) }
    pub fn without_saturation(&self) -> Color {
        let level = (255.0 * from_linear(self.luminance())).round() / 255.0;
        Color { s: 0.0, l: level, ..*self }
    }
    pub fn simulate(&self, kind: &str) -> Color {
        let mut lms = apply(&XYZ_LMS, apply(&RGB_XYZ, self.to_linear_rgb()));
        match kind {
            "prot" => lms[0] = 1.05118294 * lms[1] - 0.05116099 * lms[2],
            "deuter" => lms[1] = 0.9513092 * lms[0] + 0.04866992 * lms[2],
            _ => lms[2] = -0.86744736 * lms[0] + 1.86727089 * lms[1],
        }
        Color::linear(apply(&XYZ_RGB, apply(&LMS_XYZ, lms)), self.a)
    }
    pub fn mix(&self, other: &Color, t: f64, space: &str) -> Color {
        let t = t.clamp(0.0, 1.0);
        let lerp = |x: f64, y: f64| x + (y - x) * t;
        let lerp3 = |x: Triple, y: Triple| [lerp(x[0], y[0]), lerp(x[1], y[1]), lerp(x[2], y[2])];
        // a gray has no meaningful hue, so it takes over that of its partner
        let hue = |h1: f64, c1: f64, h2: f64, c2: f64, limit: f64| {
            mix_angle(if c1 < limit { h2 } else { h1 }, if c2 < limit { h1 } else { h2 }, t)
        };
        let a = lerp(self.a, other.a);
        match space {
            "RGB" => {
                let [r, g, b] = lerp3(self.to_bytes().map(f64::from), other.to_bytes().map(f64::from));
                Color::rgb(r, g, b, a)
            }
            "HSL" => {
                let h = hue(self.h, self.s, other.h, other.s, 0.0001);
                Color::hsl(h, lerp(self.s, other.s), lerp(self.l, other.l), a)
            }
            "Lab" => Color::lab(lerp3(self.to_lab(), other.to_lab()), a),
            "OkLab" => Color::oklab(lerp3(self.to_oklab(), other.to_oklab()), a),
            _ => {
                let (x, y) = (self.to_lch(), other.to_lch());
                Color::lch([lerp(x[0], y[0]), lerp(x[1], y[1]), hue(x[2], x[1], y[2], y[1], 0.1)], a)
            }
        }
    }
    pub fn hex(&self) -> String {
        let [r, g, b] = self.to_bytes();
        let alpha = if self.a < 1.0 { format!("{:02x}", (255.0 * self.a).round() as u8) } else { String::new() };
        format!("#{r:02x}{g:02x}{b:02x}{alpha}")
    }
    pub fn notation(&self, name: &str, mark: &str, parts: [String; 3], sep: &str) -> String {
        if self.a < 1.0 {
            let alpha = (self.a * 1000.0).round() / 1000.0;
            format!("{name}{mark}({}{sep}{alpha})", parts.join(sep))
        } else {
            format!("{name}({})", parts.join(sep))
        }
    }
    pub fn rgb_text(&self) -> String { self.notation("rgb", "a", self.to_bytes().map(|c| c.to_string()), ", ") }
    pub fn hsl_text(&self, sep: &str) -> String {
        let percent = |v: f64| format!("{:.1}%", 100.0 * v);
        self.notation("hsl", "a", [format!("{:.0}", self.h), percent(self.s), percent(self.l)], sep)
    }
    pub fn palette_index(&self) -> u8 {
        let lab = self.to_lab();
        let level = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
        let color = |code: u8| match code - 16 {
            n if n < 216 => Color::bytes(level(n / 36), level(n / 6 % 6), level(n % 6), 1.0),
            n => Color::bytes(8 + 10 * (n - 216), 8 + 10 * (n - 216), 8 + 10 * (n - 216), 1.0),
        };
        let distance = |code: u8| ciede2000(lab, color(code).to_lab()) as u32;
        (16..255).min_by_key(|&code| distance(code)).unwrap_or(16)
    }
    pub fn nearest_name(&self) -> &'static str {
        let lab = self.to_lab();
        let measured = named_colors().into_iter().map(|(n, c)| (ciede2000(lab, c.to_lab()), n));
        measured.min_by(|x, y| x.0.total_cmp(&y.0)).map_or("black", |(_, n)| n)
    }
}

fn ciede2000(x: Triple, y: Triple) -> f64 {
    let mean_c = (x[1].hypot(x[2]) + y[1].hypot(y[2])) / 2.0;
    let weight = |c: f64| (c.powi(7) / (c.powi(7) + 25f64.powi(7))).sqrt();
    let g = 1.5 - 0.5 * weight(mean_c);
    let (p, q) = (polar([x[0], x[1] * g, x[2]]), polar([y[0], y[1] * g, y[2]]));
    let (dl, dc) = (q[0] - p[0], q[1] - p[1]);
    let gray = p[1] * q[1] == 0.0;
    let mut dh = q[2] - p[2];
    let mut h = p[2] + q[2];
    if gray {
        dh = 0.0;
    } else if dh.abs() > 180.0 {
        dh -= 360.0 * dh.signum();
        h = if h < 360.0 { (h + 360.0) / 2.0 } else { (h - 360.0) / 2.0 };
    } else {
        h /= 2.0;
    }
    let dh = 2.0 * (p[1] * q[1]).sqrt() * (dh / 2.0).to_radians().sin();
    let (l, c) = ((p[0] + q[0]) / 2.0 - 50.0, (p[1] + q[1]) / 2.0);
    let cosd = |v: f64| v.to_radians().cos();
    let t = 1.0 - 0.17 * cosd(h - 30.0) + 0.24 * cosd(2.0 * h) + 0.32 * cosd(3.0 * h + 6.0)
        - 0.20 * cosd(4.0 * h - 63.0);
    let sl = 1.0 + 0.015 * l * l / (20.0 + l * l).sqrt();
    let (sc, sh) = (1.0 + 0.045 * c, 1.0 + 0.015 * c * t);
    let turn = 60.0 * (-((h - 275.0) / 25.0).powi(2)).exp();
    let rt = -2.0 * weight(c) * turn.to_radians().sin();
    let (a, b, d) = (dl / sl, dc / sc, dh / sh);
    (a * a + b * b + d * d + rt * b * d).max(0.0).sqrt()
}

fn percent(s: &str) -> Option<f64> { s.strip_suffix('%').and_then(number).map(|v| v / 100.0) }
pub fn number(s: &str) -> Option<f64> { s.parse::<f64>().ok().filter(|v| v.is_finite()) }

fn angle(s: &str) -> Option<f64> {
    for (unit, factor) in [("deg", 1.0), ("grad", 0.9), ("rad", 180.0 / std::f64::consts::PI), ("turn", 360.0)] {
        if let Some(v) = s.strip_suffix(unit).and_then(number) { return Some(v * factor); }
    }
    number(s)
}

fn parse_hex(s: &str) -> Option<Color> {
    let digits = s.strip_prefix('#').unwrap_or(s);
    let v: Vec<u8> = digits.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect::<Option<_>>()?;
    let b: Vec<u8> = match v.len() {
        3 | 4 => v.iter().map(|d| d * 17).collect(),
        6 | 8 => v.chunks(2).map(|p| p[0] * 16 + p[1]).collect(),
        _ => return None,
    };
    Some(Color::bytes(b[0], b[1], b[2], b.get(3).map_or(1.0, |&a| a as f64 / 255.0)))
}

fn parse_function(s: &str) -> Option<Color> {
    let (name, body) = match s.split_once('(') {
        Some((name, rest)) => (name, rest.strip_suffix(')')?),
        None => ("rgb", s),
    };
    let parts: Vec<&str> = body.split(|c: char| c == ',' || c.is_whitespace()).filter(|p| !p.is_empty()).collect();
    if name == "gray" {
        return match parts[..] {
            [v] => number(v).or_else(|| percent(v)).map(Color::gray),
            _ => None,
        };
    }
    let (x, y, z, a) = match parts[..] {
        [x, y, z] => (x, y, z, 1.0),
        [x, y, z, a] => (x, y, z, number(a).or_else(|| percent(a))?),
        _ => return None,
    };
    match name {
        "rgb" | "rgba" if x.ends_with('%') => {
            return Some(Color::rgb(255.0 * percent(x)?, 255.0 * percent(y)?, 255.0 * percent(z)?, a));
        }
        "rgb" | "rgba" => return Some(Color::rgb(number(x)?, number(y)?, number(z)?, a)),
        "hsl" | "hsla" => return Some(Color::hsl(angle(x)?, percent(y)?, percent(z)?, a)),
        _ => (),
    }
    match name.to_lowercase().as_str() {
        "lab" | "cielab" => Some(Color::lab([number(x)?, number(y)?, number(z)?], a)),
        "oklab" => Some(Color::oklab([number(x)?, number(y)?, number(z)?], a)),
        "lch" | "cielch" => Some(Color::lch([number(x)?, number(y)?, angle(z)?], a)),
        "oklch" => Some(Color::oklch([number(x)?, number(y)?, angle(z)?], a)),
        _ => None,
    }
}

pub fn parse_color(text: &str) -> Option<Color> {
    let s = text.trim();
    let lower = s.to_lowercase().replace("grey", "gray");
    let wanted = match lower.as_str() {
        "cyan" => "aqua",
        "magenta" => "fuchsia",
        other => other,
    };
    let named = named_colors().into_iter().find(|(n, _)| *n == wanted).map(|(_, c)| c);
    named.or_else(|| parse_hex(s)).or_else(|| parse_function(s))
}

pub fn named_colors() -> Vec<(&'static str, Color)> {
    let lines = include_str!("names.txt").lines().filter_map(|l| l.split_once(' '));
    lines.filter_map(|(n, h)| parse_hex(h).map(|c| (n, c))).collect()
}
