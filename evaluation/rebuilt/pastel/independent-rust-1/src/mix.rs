//! Interpolation between colors.

use crate::color::{Color, Vec3};

fn lerp(a: f64, b: f64, f: f64) -> f64 {
    a + f * (b - a)
}

fn lerp3(a: Vec3, b: Vec3, f: f64) -> Vec3 {
    [lerp(a[0], b[0], f), lerp(a[1], b[1], f), lerp(a[2], b[2], f)]
}

/// Interpolates along the shorter arc; a colorless end takes the other hue.
fn lerp_hue(a: (f64, f64), b: (f64, f64), f: f64, eps: f64) -> f64 {
    let from = if a.1 < eps { b.0 } else { a.0 };
    let to = if b.1 < eps { a.0 } else { b.0 };
    let diff = (to - from + 540.0).rem_euclid(360.0) - 180.0;
    from + f * diff
}

pub fn mix(space: &str, a: Color, b: Color, fraction: f64) -> Color {
    let f = fraction.clamp(0.0, 1.0);
    let alpha = lerp(a.a, b.a, f);
    match space.to_lowercase().as_str() {
        "rgb" => Color::rgb(lerp3(a.to_rgb(), b.to_rgb(), f), alpha),
        "hsl" => {
            let h = lerp_hue((a.h, a.s), (b.h, b.s), f, 1e-4);
            Color::hsl(h, lerp(a.s, b.s, f), lerp(a.l, b.l, f), alpha)
        }
        "lch" => {
            let (x, y) = (a.to_lch(), b.to_lch());
            let h = lerp_hue((x[2], x[1]), (y[2], y[1]), f, 0.1);
            Color::lch([lerp(x[0], y[0], f), lerp(x[1], y[1], f), h], alpha)
        }
        "oklab" => Color::oklab(lerp3(a.to_oklab(), b.to_oklab(), f), alpha),
        _ => Color::lab(lerp3(a.to_lab(), b.to_lab(), f), alpha),
    }
}

/// The color at position `t` (0 to 1) of evenly spaced stops.
pub fn sample(space: &str, stops: &[Color], t: f64) -> Color {
    let segments = stops.len() - 1;
    let place = t * segments as f64;
    let index = (place as usize).min(segments - 1);
    mix(space, stops[index], stops[index + 1], place - index as f64)
}
