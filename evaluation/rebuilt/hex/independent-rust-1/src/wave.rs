//! A table of the first quarter of a sine wave.

use std::f64::consts::PI;
use std::io::{self, Write};

const PER_LINE: usize = 10;

pub fn write(out: &mut impl Write, length: usize, places: usize) -> io::Result<()> {
    for step in 0..length {
        let angle = step as f64 / length as f64 * PI / 2.0;
        write!(out, "{:.places$},", angle.sin())?;
        if (step + 1) % PER_LINE == 0 {
            writeln!(out)?;
        }
    }
    writeln!(out)
}
