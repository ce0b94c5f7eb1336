//! Writes the input as lines of hex panels.

use std::io::{self, Read, Write};

use crate::color::{Palette, RESET};
use crate::layout::{Base, Layout, Rule, PANEL_BYTES, POSITION_WIDTH};

pub struct Printer {
    pub layout: Layout,
    pub palette: Option<Palette>,
    pub characters: Vec<char>,
    pub squeeze: bool,
    digits: Vec<String>,
}

/// What stands in the position column.
#[derive(Clone, Copy)]
enum Label {
    Position(u64),
    Star,
}

impl Printer {
    pub fn new(layout: Layout, palette: Option<Palette>, characters: Vec<char>, squeeze: bool) -> Self {
        let digits = (0..=255).map(|byte| layout.base.format(byte)).collect();
        Printer { layout, palette, characters, squeeze, digits }
    }

    pub fn print(&self, input: &mut dyn Read, start: u64, out: &mut dyn Write) -> io::Result<()> {
        let mut line = read_line(input, self.layout.bytes_per_line())?;
        if line.is_empty() {
            return self.print_empty(out);
        }
        write_rule(&self.layout, self.layout.border.top(), out)?;
        let mut position = start;
        let mut previous: Vec<u8> = Vec::new();
        let mut squeezing = false;
        while !line.is_empty() {
            let full = line.len() == self.layout.bytes_per_line();
            let repeated = self.squeeze && full && line == previous;
            if !repeated {
                self.write_row(Label::Position(position), &line, out)?;
            } else if !squeezing {
                self.write_row(Label::Star, &[], out)?;
            }
            squeezing = repeated;
            position = position.wrapping_add(line.len() as u64);
            previous = std::mem::replace(&mut line, read_line(input, self.layout.bytes_per_line())?);
        }
        if squeezing {
            self.write_row(self.closing_label(position), &[], out)?;
        }
        write_rule(&self.layout, self.layout.border.bottom(), out)
    }

    /// The last row of a squeezed input tells its size, if there is room.
    fn closing_label(&self, position: u64) -> Label {
        if self.layout.show_position {
            Label::Position(position)
        } else {
            Label::Star
        }
    }

    /// The notice for empty input always has two hexadecimal panels.
    fn print_empty(&self, out: &mut dyn Write) -> io::Result<()> {
        let layout = Layout { base: Base::Hexadecimal, ..self.layout };
        let width = layout.hex_width();
        write_rule(&layout, layout.border.top(), out)?;
        let mut row = String::from("│");
        if layout.show_position {
            row += &format!("{:POSITION_WIDTH$}│", "");
        }
        row += &format!("{:width$}│{:width$}│", " No content", "");
        if layout.show_characters {
            row += &format!("{:PANEL_BYTES$}│{:PANEL_BYTES$}│", "", "");
        }
        writeln!(out, "{row}")?;
        write_rule(&layout, layout.border.bottom(), out)
    }

    fn write_row(&self, label: Label, bytes: &[u8], out: &mut dyn Write) -> io::Result<()> {
        let mut row = String::with_capacity(bytes.len() * 16 + 64);
        row.push(self.layout.border.outer());
        self.push_label(&mut row, label);
        for panel in 0..self.layout.panels {
            self.push_hex_panel(&mut row, panel, panel_bytes(bytes, panel));
            self.push_separator(&mut row, panel);
        }
        if self.layout.show_characters {
            for panel in 0..self.layout.panels {
                self.push_character_panel(&mut row, panel_bytes(bytes, panel));
                self.push_separator(&mut row, panel);
            }
        }
        row.push('\n');
        out.write_all(row.as_bytes())
    }

    /// The position column and the space (or star) that follows it.
    fn push_label(&self, row: &mut String, label: Label) {
        self.push_offset_color(row);
        if !self.layout.show_position {
            match label {
                Label::Position(_) => row.push(' '),
                Label::Star => {
                    self.push_offset_color(row);
                    row.push('*');
                    self.push_reset(row);
                }
            }
            return;
        }
        let (text, padding) = match label {
            Label::Position(position) => (format_position(position), 0),
            Label::Star => ("*".to_string(), POSITION_WIDTH - 1),
        };
        row.push_str(&text);
        self.push_reset(row);
        push_spaces(row, padding);
        row.push(self.layout.border.outer());
        row.push(' ');
    }

    fn push_hex_panel(&self, row: &mut String, panel: usize, bytes: &[u8]) {
        let group_size = self.layout.group_size;
        let mut color = None;
        for group in 0..PANEL_BYTES / group_size {
            if panel > 0 || group > 0 {
                row.push(' ');
            }
            let from = (group * group_size).min(bytes.len());
            let to = (from + group_size).min(bytes.len());
            self.push_group(row, &bytes[from..to], &mut color);
        }
        self.push_reset(row);
        row.push(' ');
    }

    fn push_group<'a>(&'a self, row: &mut String, bytes: &[u8], color: &mut Option<&'a str>) {
        let mut push = |byte: u8| {
            self.push_byte_color(row, byte, color);
            row.push_str(&self.digits[byte as usize]);
        };
        if self.layout.little_endian {
            bytes.iter().rev().for_each(|&byte| push(byte));
        } else {
            bytes.iter().for_each(|&byte| push(byte));
        }
        push_spaces(row, (self.layout.group_size - bytes.len()) * self.layout.base.digits());
    }

    fn push_character_panel(&self, row: &mut String, bytes: &[u8]) {
        let mut color = None;
        for &byte in bytes {
            self.push_byte_color(row, byte, &mut color);
            row.push(self.characters[byte as usize]);
        }
        push_spaces(row, PANEL_BYTES - bytes.len());
        self.push_reset(row);
    }

    fn push_separator(&self, row: &mut String, panel: usize) {
        let last = panel + 1 == self.layout.panels;
        let border = self.layout.border;
        row.push(if last { border.outer() } else { border.inner() });
    }

    /// Switches to the byte's color unless it is already in use.
    fn push_byte_color<'a>(&'a self, row: &mut String, byte: u8, current: &mut Option<&'a str>) {
        let Some(palette) = &self.palette else { return };
        let wanted = palette.bytes[byte as usize].as_str();
        if *current != Some(wanted) {
            row.push_str(wanted);
            *current = Some(wanted);
        }
    }

    fn push_offset_color(&self, row: &mut String) {
        if let Some(palette) = &self.palette {
            row.push_str(&palette.offset);
        }
    }

    fn push_reset(&self, row: &mut String) {
        if self.palette.is_some() {
            row.push_str(RESET);
        }
    }
}

fn write_rule(layout: &Layout, rule: Option<Rule>, out: &mut dyn Write) -> io::Result<()> {
    rule.map_or(Ok(()), |rule| out.write_all(layout.draw_rule(&rule).as_bytes()))
}

fn push_spaces(row: &mut String, count: usize) {
    row.extend(std::iter::repeat(' ').take(count));
}

/// At least four bytes of the position, and never half a byte.
fn format_position(position: u64) -> String {
    let digits = format!("{position:x}").len();
    let width = (digits + digits % 2).max(POSITION_WIDTH);
    format!("{position:0width$x}")
}

fn panel_bytes(bytes: &[u8], panel: usize) -> &[u8] {
    let from = (panel * PANEL_BYTES).min(bytes.len());
    let to = (from + PANEL_BYTES).min(bytes.len());
    &bytes[from..to]
}

/// Reads up to `size` bytes; fewer only at the end of the input.
fn read_line(input: &mut dyn Read, size: usize) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    input.take(size as u64).read_to_end(&mut line)?;
    Ok(line)
}
