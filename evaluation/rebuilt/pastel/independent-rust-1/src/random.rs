//! Random colors and sets of distinct colors.

use crate::color::Color;
use crate::distance::{cie76, ciede2000};
use std::hash::{BuildHasher, Hasher};

pub struct Rng(u64);

impl Rng {
    pub fn new() -> Rng {
        Rng(std::collections::hash_map::RandomState::new().build_hasher().finish() | 1)
    }

    /// A number in [0, 1), by xorshift.
    pub fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn color(&mut self, strategy: &str) -> Color {
        let (x, y, z) = (self.next(), self.next(), self.next());
        match strategy {
            "rgb" => Color::rgb([x, y, z], 1.0),
            "gray" => Color::gray(x),
            "lch_hue" => Color::lch([70.0, 35.0, 360.0 * x], 1.0),
            _ => Color::hsl(360.0 * x, 0.2 + 0.6 * y, 0.3 + 0.4 * z, 1.0),
        }
    }
}

fn score(colors: &[Color], metric: &str) -> f64 {
    let labs: Vec<_> = colors.iter().map(|c| c.to_lab()).collect();
    let mut least = f64::INFINITY;
    for (i, a) in labs.iter().enumerate() {
        for b in &labs[..i] {
            let d = if metric == "CIEDE2000" { ciede2000(*a, *b) } else { cie76(*a, *b) };
            least = least.min(d);
        }
    }
    least
}

/// Simulated annealing on the least mutual distance; `fixed` colors stay.
pub fn distinct(count: usize, fixed: &[Color], metric: &str, verbose: bool) -> Vec<Color> {
    let mut rng = Rng::new();
    let mut colors = fixed.to_vec();
    while colors.len() < count {
        colors.push(rng.color("rgb"));
    }
    let free = count.saturating_sub(fixed.len());
    let mut current = score(&colors, metric);
    for step in 0..if free > 0 { 20000 / count.max(1) + 2000 } else { 0 } {
        let temperature = 3.0 * 0.998f64.powi(step as i32);
        let index = fixed.len() + (rng.next() * free as f64) as usize;
        let old = std::mem::replace(&mut colors[index], rng.color("rgb"));
        let new = score(&colors, metric);
        if new > current || rng.next() < ((new - current) / temperature.max(1e-9)).exp() {
            current = new;
        } else {
            colors[index] = old;
        }
        if verbose && step % 1000 == 0 {
            eprintln!("[{step:>6}] D_min = {current:.2}; T = {temperature:.4}");
        }
    }
    colors
}
