//! Perceptual color differences.

use crate::color::{wrap_hue, Color, Vec3};
use crate::names::NAMED;

pub fn cie76(a: Vec3, b: Vec3) -> f64 {
    ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2)).sqrt()
}

fn hue_of(a: f64, b: f64) -> f64 {
    if a == 0.0 && b == 0.0 { 0.0 } else { wrap_hue(b.atan2(a).to_degrees()) }
}

fn mean_hue(h1: f64, h2: f64) -> f64 {
    if (h1 - h2).abs() <= 180.0 {
        (h1 + h2) / 2.0
    } else if h1 + h2 < 360.0 {
        (h1 + h2 + 360.0) / 2.0
    } else {
        (h1 + h2 - 360.0) / 2.0
    }
}

fn chroma_weight(c: f64) -> f64 {
    (c.powi(7) / (c.powi(7) + 25f64.powi(7))).sqrt()
}

pub fn ciede2000(x: Vec3, y: Vec3) -> f64 {
    let mean = (x[1].hypot(x[2]) + y[1].hypot(y[2])) / 2.0;
    let g = 0.5 * (1.0 - chroma_weight(mean));
    let (a1, a2) = (x[1] * (1.0 + g), y[1] * (1.0 + g));
    let (c1, c2) = (a1.hypot(x[2]), a2.hypot(y[2]));
    let (h1, h2) = (hue_of(a1, x[2]), hue_of(a2, y[2]));
    let (dl, dc) = (y[0] - x[0], c2 - c1);
    let colorless = c1 * c2 == 0.0;
    let turn = if colorless { 0.0 } else { (h2 - h1 + 540.0).rem_euclid(360.0) - 180.0 };
    let dh = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin();
    let (lm, cm) = ((x[0] + y[0]) / 2.0, (c1 + c2) / 2.0);
    let hm = if colorless { h1 + h2 } else { mean_hue(h1, h2) };
    let cos = |deg: f64| deg.to_radians().cos();
    let t = 1.0 - 0.17 * cos(hm - 30.0) + 0.24 * cos(2.0 * hm) + 0.32 * cos(3.0 * hm + 6.0)
        - 0.20 * cos(4.0 * hm - 63.0);
    let sl = 1.0 + 0.015 * (lm - 50.0).powi(2) / (20.0 + (lm - 50.0).powi(2)).sqrt();
    let (sc, sh) = (1.0 + 0.045 * cm, 1.0 + 0.015 * cm * t);
    let theta = 60.0 * (-((hm - 275.0) / 25.0).powi(2)).exp();
    let rt = -2.0 * chroma_weight(cm) * theta.to_radians().sin();
    let (l, c, h) = (dl / sl, dc / sc, dh / sh);
    (l * l + c * c + h * h + rt * c * h).max(0.0).sqrt()
}

/// All named colors, closest first.
pub fn similar_names(color: Color) -> Vec<(&'static str, Color)> {
    let lab = color.to_lab();
    let mut all: Vec<_> = NAMED
        .iter()
        .map(|&(name, rgb)| (ciede2000(lab, Color::hex(rgb).to_lab()), name, Color::hex(rgb)))
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.into_iter().map(|(_, name, c)| (name, c)).collect()
}
