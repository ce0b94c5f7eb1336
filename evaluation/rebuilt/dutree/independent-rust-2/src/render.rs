//! Drawing a tree of sizes as text.

use crate::scan::Entry;
use std::fmt::Write;

const FALLBACK_COLUMNS: usize = 80;
/// Columns taken by separators, percentage and size.
const FIXED_COLUMNS: usize = 22;
const SMALLEST_TREE: usize = 25;
const UNITS: [&str; 7] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
/// What becomes of the cells of a bar that the next level leaves uncovered.
const SHADES: [char; 4] = ['░', '▒', '▓', '█'];

/// Column widths and character choices of one drawing.
pub struct Layout {
    tree: usize,
    bar: usize,
    ascii: bool,
    bytes: bool,
}

/// A bar: its cells and how many of them, from the right, it spans. The
/// leftmost cell of the span serves as its margin and stays as it was.
#[derive(Clone)]
struct Bar {
    cells: Vec<char>,
    span: usize,
}

impl Bar {
    fn full(width: usize) -> Bar {
        Bar { cells: vec![' '; width], span: width }
    }

    /// The bar of a part of this one; uncovered cells take `shade`.
    fn part(&self, size: u64, whole: u64, ink: char, shade: char) -> Bar {
        let share = if whole == 0 { 0.0 } else { size as f64 / whole as f64 };
        let span = (self.span as f64 * share) as usize;
        let margin = self.cells.len().saturating_sub(span);
        let draw = |(at, old): (usize, &char)| match *old {
            _ if at > margin => ink,
            cell if cell == ink => shade,
            cell => cell,
        };
        Bar { cells: self.cells.iter().enumerate().map(draw).collect(), span }
    }
}

impl Layout {
    /// A layout for the terminal on standard output, if there is one.
    pub fn for_terminal(ascii: bool, bytes: bool) -> Layout {
        let columns = terminal_columns().unwrap_or(FALLBACK_COLUMNS);
        let tree = SMALLEST_TREE.max((columns / 4).saturating_sub(4));
        let bar = columns.saturating_sub(FIXED_COLUMNS + tree);
        Layout { tree, bar, ascii, bytes }
    }

    /// The whole picture: a heading, then one line per entry.
    pub fn draw(&self, root: &Entry) -> String {
        let mut out = format!("[ {} {} ]\n", root.name, self.size(root.size));
        // On the first level the largest entry sets the scale.
        let scale = root.children.iter().map(|c| c.size).max().unwrap_or(0);
        self.draw_children(root, scale, &Bar::full(self.bar), 0, "", &mut out);
        out
    }

    fn draw_children(&self, parent: &Entry, scale: u64, bar: &Bar, level: usize, indent: &str, out: &mut String) {
        let taken = indent.chars().count() + 3;
        if taken >= self.tree {
            return; // No room is left for names this deep.
        }
        let ink = if self.ascii { '#' } else { '█' };
        let shade = match level {
            _ if self.ascii => '#',
            0 => ' ',
            n => SHADES[(n - 1).min(SHADES.len() - 1)],
        };
        for (at, child) in parent.children.iter().enumerate() {
            let last = at + 1 == parent.children.len();
            let (branch, below) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let own = bar.part(child.size, scale, ink, shade);
            let percent = (child.size as u128 * 100).checked_div(parent.size as u128).unwrap_or(0);
            let _ = writeln!(
                out,
                "{indent}{branch}{} │{}│ {percent:>3}% {:>13}",
                self.name_column(child, self.tree - taken),
                own.cells.iter().collect::<String>(),
                self.size(child.size),
            );
            self.draw_children(child, child.size, &own, level + 1, &format!("{indent}{below}"), out);
        }
    }

    /// The name cut and padded to the room there is, coloured.
    fn name_column(&self, entry: &Entry, room: usize) -> String {
        let shown: String = entry.name.chars().take(room).collect();
        let padding = " ".repeat(room - shown.chars().count());
        match &entry.color {
            Some(code) => format!("\x1b[{code}m{shown}\x1b[0m{padding}"),
            None => shown + &padding,
        }
    }

    /// A size in bytes or in the largest unit that keeps it at 1 or more.
    fn size(&self, bytes: u64) -> String {
        if self.bytes || bytes < 1024 {
            return format!("{bytes} B");
        }
        let (mut value, mut unit) = (bytes as f64, 0);
        while value >= 1024.0 && unit + 1 < UNITS.len() {
            value /= 1024.0;
            unit += 1;
        }
        format!("{value:.2} {}", UNITS[unit])
    }
}

/// Asks the terminal driver for the width of standard output.
fn terminal_columns() -> Option<usize> {
    extern "C" {
        fn ioctl(fd: i32, request: std::ffi::c_ulong, ...) -> i32;
    }
    const GET_WINDOW_SIZE: std::ffi::c_ulong = 0x5413;
    // Rows, columns and the size in pixels.
    let mut size = [0u16; 4];
    // SAFETY: the request fills in four consecutive 16 bit numbers.
    let status = unsafe { ioctl(1, GET_WINDOW_SIZE, size.as_mut_ptr()) };
    (status == 0 && size[1] > 0).then_some(size[1] as usize)
}
