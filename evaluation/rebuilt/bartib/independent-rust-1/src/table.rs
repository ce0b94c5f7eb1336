//! Terminal styles and tables.

pub const UNDERLINE: &str = "4";
pub const BOLD: &str = "1";
pub const GREEN: &str = "32";
pub const YELLOW: &str = "33";

/// Wraps `text` in a terminal style; an empty style leaves it alone.
pub fn styled(style: &str, text: &str) -> String {
    if style.is_empty() {
        text.to_string()
    } else {
        format!("\x1b[{style}m{text}\x1b[0m")
    }
}

/// A terminal style and the cells it applies to.
pub type Row = (&'static str, Vec<String>);

/// Rows under an optional title.
pub type Group = (Option<String>, Vec<Row>);

pub fn print(columns: &[&str], groups: &[Group]) {
    let header: Vec<String> = columns.iter().map(|c| c.to_string()).collect();
    let widths = column_widths(&header, groups);
    println!("\n{}", format_row(UNDERLINE, &header, &widths));
    for (title, rows) in groups {
        if let Some(title) = title {
            println!("\n{}", styled(BOLD, title));
        }
        for (style, cells) in rows {
            println!("{}", format_row(style, cells, &widths));
        }
    }
    println!();
}

fn column_widths(header: &[String], groups: &[Group]) -> Vec<usize> {
    let mut widths: Vec<usize> = header.iter().map(|c| c.chars().count()).collect();
    for (_, cells) in groups.iter().flat_map(|(_, rows)| rows) {
        for (width, cell) in widths.iter_mut().zip(cells) {
            *width = (*width).max(cell.chars().count());
        }
    }
    widths
}

/// Cells are filled up with no-break spaces and followed by a plain space.
fn format_row(style: &str, cells: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, &width) in cells.iter().zip(widths) {
        line += &styled(style, &format!("{cell:\u{a0}<width$}"));
        line.push(' ');
    }
    line
}
