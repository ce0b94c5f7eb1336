//! The color type and its conversions between color spaces.

pub type Vec3 = [f64; 3];
type Mat3 = [Vec3; 3];

const RGB_TO_XYZ: Mat3 = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
const XYZ_TO_RGB: Mat3 = [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]];
const XYZ_TO_LMS: Mat3 = [[0.38971, 0.68898, -0.07868], [-0.22981, 1.18340, 0.04641], [0.0, 0.0, 1.0]];
const OK_M1: Mat3 = [
    [0.8189330101, 0.3618667424, -0.1288597137],
    [0.0329845436, 0.9293118715, 0.0361456387],
    [0.0482003018, 0.2643662691, 0.6338517070],
];
const OK_M2: Mat3 = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
];
const WHITE: Vec3 = [0.950470, 1.0, 1.088830];

/// A color stored as hue (degrees), saturation, lightness and alpha.
#[derive(Clone, Copy, Debug)]
pub struct Color {
    pub h: f64,
    pub s: f64,
    pub l: f64,
    pub a: f64,
}

fn mul(m: &Mat3, v: Vec3) -> Vec3 {
    let row = |r: &Vec3| r[0] * v[0] + r[1] * v[1] + r[2] * v[2];
    [row(&m[0]), row(&m[1]), row(&m[2])]
}

fn invert(m: &Mat3) -> Mat3 {
    let cof = |r: usize, c: usize| {
        let (a, b, d, e) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
        m[a][d] * m[b][e] - m[a][e] * m[b][d]
    };
    let det: f64 = (0..3).map(|c| m[0][c] * cof(0, c)).sum();
    let mut out = [[0.0; 3]; 3];
    for (r, row) in out.iter_mut().enumerate() {
        for (c, cell) in row.iter_mut().enumerate() {
            *cell = cof(c, r) / det;
        }
    }
    out
}

fn to_linear(c: f64) -> f64 {
    if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

fn from_linear(c: f64) -> f64 {
    if c <= 0.0031308 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 }
}

pub fn wrap_hue(h: f64) -> f64 {
    h.rem_euclid(360.0)
}

/// Turns (L, a, b) into (L, chroma, hue).
pub fn to_polar(v: Vec3) -> Vec3 {
    [v[0], v[1].hypot(v[2]), wrap_hue(v[2].atan2(v[1]).to_degrees())]
}

pub fn from_polar(v: Vec3) -> Vec3 {
    let h = v[2].to_radians();
    [v[0], v[1] * h.cos(), v[1] * h.sin()]
}

impl Color {
    pub fn hsl(h: f64, s: f64, l: f64, a: f64) -> Color {
        let hue = if h == 360.0 { h } else { wrap_hue(h) };
        Color { h: hue, s: s.clamp(0.0, 1.0), l: l.clamp(0.0, 1.0), a: a.clamp(0.0, 1.0) }
    }

    pub fn rgb8(r: u8, g: u8, b: u8, a: f64) -> Color {
        let (ri, gi, bi) = (r as i32, g as i32, b as i32);
        let (max, min) = (ri.max(gi).max(bi), ri.min(gi).min(bi));
        let chroma = (max - min) as f64 / 255.0;
        let l = (max + min) as f64 / 510.0;
        if max == min {
            return Color::hsl(0.0, 0.0, l, a);
        }
        let span = (max - min) as f64;
        let sector = if max == ri {
            (gi - bi) as f64 / span
        } else if max == gi {
            (bi - ri) as f64 / span + 2.0
        } else {
            (ri - gi) as f64 / span + 4.0
        };
        Color::hsl(60.0 * sector, chroma / (1.0 - (2.0 * l - 1.0).abs()), l, a)
    }

    pub fn rgb(v: Vec3, a: f64) -> Color {
        let q = |x: f64| (x.clamp(0.0, 1.0) * 255.0).round() as u8;
        Color::rgb8(q(v[0]), q(v[1]), q(v[2]), a)
    }

    pub fn hex(value: u32) -> Color {
        Color::rgb8((value >> 16) as u8, (value >> 8) as u8, value as u8, 1.0)
    }

    pub fn gray(l: f64) -> Color {
        Color::hsl(0.0, 0.0, l, 1.0)
    }

    pub fn hsv(h: f64, s: f64, v: f64, a: f64) -> Color {
        let (s, v) = (s.clamp(0.0, 1.0), v.clamp(0.0, 1.0));
        let l = v * (1.0 - s / 2.0);
        let sat = if l > 0.0 && l < 1.0 { (v - l) / l.min(1.0 - l) } else { 0.0 };
        Color::hsl(h, sat, l, a)
    }

    pub fn xyz(v: Vec3, a: f64) -> Color {
        Color::rgb(mul(&XYZ_TO_RGB, v).map(from_linear), a)
    }

    pub fn lab(v: Vec3, a: f64) -> Color {
        let inv = |t: f64| if t > 6.0 / 29.0 { t.powi(3) } else { (t - 4.0 / 29.0) * 108.0 / 841.0 };
        let y = (v[0] + 16.0) / 116.0;
        let f = [y + v[1] / 500.0, y, y - v[2] / 200.0].map(inv);
        Color::xyz([f[0] * WHITE[0], f[1] * WHITE[1], f[2] * WHITE[2]], a)
    }

    pub fn lch(v: Vec3, a: f64) -> Color {
        Color::lab(from_polar(v), a)
    }

    pub fn oklab(v: Vec3, a: f64) -> Color {
        let lms = mul(&invert(&OK_M2), v).map(|x| x.powi(3));
        Color::xyz(mul(&invert(&OK_M1), lms), a)
    }

    pub fn oklch(v: Vec3, a: f64) -> Color {
        Color::oklab(from_polar(v), a)
    }

    pub fn from_lms(v: Vec3, a: f64) -> Color {
        Color::xyz(mul(&invert(&XYZ_TO_LMS), v), a)
    }

    pub fn to_rgb(self) -> Vec3 {
        let chroma = (1.0 - (2.0 * self.l - 1.0).abs()) * self.s;
        let sector = self.h / 60.0;
        let x = chroma * (1.0 - (sector % 2.0 - 1.0).abs());
        let (r, g, b) = match sector as u32 {
            0 => (chroma, x, 0.0),
            1 => (x, chroma, 0.0),
            2 => (0.0, chroma, x),
            3 => (0.0, x, chroma),
            4 => (x, 0.0, chroma),
            _ => (chroma, 0.0, x),
        };
        let m = self.l - chroma / 2.0;
        [r + m, g + m, b + m]
    }

    pub fn to_rgb8(self) -> [u8; 3] {
        self.to_rgb().map(|c| (c * 255.0).round() as u8)
    }

    pub fn to_u32(self) -> u32 {
        self.to_rgb8().iter().fold(0, |n, &c| n << 8 | c as u32)
    }

    pub fn to_hsv(self) -> Vec3 {
        let v = self.l + self.s * self.l.min(1.0 - self.l);
        let s = if v > 0.0 { 2.0 * (1.0 - self.l / v) } else { 0.0 };
        [self.h, s, v]
    }

    pub fn to_xyz(self) -> Vec3 {
        mul(&RGB_TO_XYZ, self.to_rgb().map(to_linear))
    }

    pub fn to_lms(self) -> Vec3 {
        mul(&XYZ_TO_LMS, self.to_xyz())
    }

    pub fn to_lab(self) -> Vec3 {
        let cut = (6.0f64 / 29.0).powi(3);
        let f = |t: f64| if t > cut { t.cbrt() } else { t * 841.0 / 108.0 + 4.0 / 29.0 };
        let v = self.to_xyz();
        let (x, y, z) = (f(v[0] / WHITE[0]), f(v[1]), f(v[2] / WHITE[2]));
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    pub fn to_lch(self) -> Vec3 {
        to_polar(self.to_lab())
    }

    pub fn to_oklab(self) -> Vec3 {
        mul(&OK_M2, mul(&OK_M1, self.to_xyz()).map(f64::cbrt))
    }

    pub fn luminance(self) -> f64 {
        let [r, g, b] = self.to_rgb().map(to_linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    pub fn brightness(self) -> f64 {
        let [r, g, b] = self.to_rgb();
        (299.0 * r + 587.0 * g + 114.0 * b) / 1000.0
    }

    pub fn to_cmyk(self) -> [f64; 4] {
        let rgb = self.to_rgb8().map(|c| c as f64 / 255.0);
        let max = rgb.iter().cloned().fold(0.0, f64::max);
        let ink = |c: f64| if max > 0.0 { (max - c) / max } else { 0.0 };
        [ink(rgb[0]), ink(rgb[1]), ink(rgb[2]), 1.0 - max]
    }

    pub fn rotate(self, degrees: f64) -> Color {
        Color::hsl(self.h + degrees, self.s, self.l, self.a)
    }

    pub fn lighten(self, amount: f64) -> Color {
        Color::hsl(self.h, self.s, self.l + amount, self.a)
    }

    pub fn saturate(self, amount: f64) -> Color {
        Color::hsl(self.h, self.s + amount, self.l, self.a)
    }

    /// Gray of equal luminance; the hue is kept.
    pub fn to_gray(self) -> Color {
        let level = (from_linear(self.luminance()) * 255.0).round() / 255.0;
        Color::hsl(self.h, 0.0, level, self.a)
    }

    pub fn text_color(self) -> Color {
        Color::gray(if self.luminance() > 0.179 { 0.0 } else { 1.0 })
    }
}
