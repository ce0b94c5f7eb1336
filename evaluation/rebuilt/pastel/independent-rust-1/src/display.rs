//! Output of colors, as plain text or as a panel on terminals.

use crate::ansi::{paint, Mode, Style};
use crate::color::Color;
use crate::distance::similar_names;
use crate::format;
use std::io::IsTerminal;

pub struct Output {
    pub mode: Mode,
    pub tty: bool,
    shown: bool,
}

const EDGE: usize = 16;

/// Checkerboard behind the swatch, at pixel (row, column).
fn pixel(color: Color, row: usize, col: usize) -> Color {
    let level = if (row + col) % 2 == 0 { 0.94 } else { 0.71 };
    let inside = (2..EDGE - 2).contains(&row) && (2..EDGE - 2).contains(&col);
    if !inside {
        return Color::gray(level);
    }
    let over = color.to_rgb().map(|c| c * color.a + level * (1.0 - color.a));
    Color::rgb(over, 1.0)
}

impl Output {
    pub fn new(mode: Mode) -> Output {
        Output { mode, tty: std::io::stdout().is_terminal(), shown: false }
    }

    fn cell(&self, top: Color, bottom: Color) -> String {
        let same = top.to_u32() == bottom.to_u32();
        paint(if same { " " } else { "▀" }, &Style { fg: Some(top), bg: Some(bottom), ..Style::default() }, self.mode)
    }

    fn details(&self, color: Color) -> Vec<String> {
        let near = similar_names(color);
        let exact = near[0].1.to_u32() == color.to_u32();
        let mut lines = Vec::new();
        if exact {
            lines.push(format!("  {:<40}", format!("Name: {}", near[0].0)));
        }
        for text in [
            format!("Hex: {}", format::hex(color)),
            format!("RGB: {}", format::rgb(color)),
            format!("HSL: {}", format::hsl(color, " ")),
            String::new(),
            "Most similar:".to_string(),
        ] {
            lines.push(format!("  {:<40}", text));
        }
        for (name, c) in near.iter().skip(exact as usize).take(8 - lines.len()) {
            lines.push(format!("   {} {:<33}", self.cell(*c, *c).repeat(5), name));
        }
        lines
    }

    fn panel(&mut self, color: Color) {
        if !self.shown {
            println!();
        }
        self.shown = true;
        for (row, text) in self.details(color).iter().enumerate() {
            let cell = |col| self.cell(pixel(color, 2 * row, col), pixel(color, 2 * row + 1, col));
            println!("  {}{}", (0..EDGE).map(cell).collect::<String>(), text);
        }
        println!();
    }

    pub fn color(&mut self, color: Color) {
        if self.tty {
            self.panel(color);
        } else {
            println!("{}", format::hsl(color, ""));
        }
    }

    /// Text on its color, when colors are on.
    pub fn on_color(&self, text: &str, color: Color) -> String {
        let style = Style { fg: Some(color.text_color()), bg: Some(color), ..Style::default() };
        paint(text, &style, self.mode)
    }
}
