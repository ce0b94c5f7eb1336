//! The geometry of the output: columns, borders and widths.

pub const PANEL_BYTES: usize = 8;
pub const POSITION_WIDTH: usize = 8;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Base {
    Binary,
    Octal,
    Decimal,
    Hexadecimal,
}

impl Base {
    pub fn digits(self) -> usize {
        match self {
            Base::Binary => 8,
            Base::Octal | Base::Decimal => 3,
            Base::Hexadecimal => 2,
        }
    }

    pub fn format(self, byte: u8) -> String {
        match self {
            Base::Binary => format!("{byte:08b}"),
            Base::Octal => format!("{byte:03o}"),
            Base::Decimal => format!("{byte:03}"),
            Base::Hexadecimal => format!("{byte:02x}"),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Border {
    Unicode,
    Ascii,
    None,
}

/// The pieces of a horizontal line.
pub struct Rule {
    left: char,
    dash: char,
    joint: char,
    right: char,
}

impl Border {
    pub fn from_name(name: &str) -> Self {
        match name {
            "ascii" => Border::Ascii,
            "none" => Border::None,
            _ => Border::Unicode,
        }
    }

    pub fn top(self) -> Option<Rule> {
        self.rule('┌', '┬', '┐')
    }

    pub fn bottom(self) -> Option<Rule> {
        self.rule('└', '┴', '┘')
    }

    fn rule(self, left: char, joint: char, right: char) -> Option<Rule> {
        match self {
            Border::Unicode => Some(Rule { left, dash: '─', joint, right }),
            Border::Ascii => Some(Rule { left: '+', dash: '-', joint: '+', right: '+' }),
            Border::None => None,
        }
    }

    /// Between columns and at the edges.
    pub fn outer(self) -> char {
        match self {
            Border::Unicode => '│',
            Border::Ascii => '|',
            Border::None => ' ',
        }
    }

    /// Between panels of the same kind.
    pub fn inner(self) -> char {
        match self {
            Border::Unicode => '┊',
            other => other.outer(),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Layout {
    pub base: Base,
    pub group_size: usize,
    pub little_endian: bool,
    pub panels: usize,
    pub show_position: bool,
    pub show_characters: bool,
    pub border: Border,
}

impl Layout {
    pub fn bytes_per_line(&self) -> usize {
        self.panels * PANEL_BYTES
    }

    /// The width of one panel of byte values, spaces at its edges included.
    pub fn hex_width(&self) -> usize {
        let groups = PANEL_BYTES / self.group_size;
        groups * (self.group_size * self.base.digits() + 1) + 1
    }

    /// How many panels go into a terminal of the given width; at least one.
    pub fn fitting_panels(&self, terminal_width: usize) -> usize {
        let fixed = 1 + if self.show_position { POSITION_WIDTH + 1 } else { 0 };
        let per_panel = self.hex_width() + 1 + if self.show_characters { PANEL_BYTES } else { 0 };
        (terminal_width.saturating_sub(fixed) / per_panel).max(1)
    }

    /// A horizontal line across all columns.
    pub fn draw_rule(&self, rule: &Rule) -> String {
        let mut widths = Vec::new();
        if self.show_position {
            widths.push(POSITION_WIDTH);
        }
        widths.extend(vec![self.hex_width(); self.panels]);
        if self.show_characters {
            widths.extend(vec![PANEL_BYTES; self.panels]);
        }
        let dashes = |width: &usize| rule.dash.to_string().repeat(*width);
        let columns: Vec<String> = widths.iter().map(dashes).collect();
        format!("{}{}{}\n", rule.left, columns.join(&rule.joint.to_string()), rule.right)
    }
}
