//! Alignment of text cells into columns.

/// Lays out rows so that every column but the last has a common width.
pub fn layout(rows: &[Vec<Vec<u8>>], min_width: usize, gap: usize) -> Vec<u8> {
    let widths = column_widths(rows, min_width);
    let mut out = Vec::new();
    for row in rows {
        for (index, cell) in row.iter().enumerate() {
            out.extend(cell);
            if index + 1 < row.len() {
                let fill = widths[index] + gap - display_width(cell);
                out.resize(out.len() + fill, b' ');
            }
        }
        out.push(b'\n');
    }
    out
}

fn column_widths(rows: &[Vec<Vec<u8>>], min_width: usize) -> Vec<usize> {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        widths.resize(widths.len().max(row.len()), min_width);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(display_width(cell));
        }
    }
    widths
}

fn display_width(cell: &[u8]) -> usize {
    String::from_utf8_lossy(cell).chars().count()
}

/// Shortens a field to a number of characters, marking the cut with dots.
pub fn condense(field: &[u8], limit: Option<usize>) -> Vec<u8> {
    let Some(limit) = limit else { return field.to_vec() };
    let cut = match std::str::from_utf8(field) {
        Ok(text) => text.char_indices().nth(limit).map(|(at, _)| at),
        Err(_) => Some(limit).filter(|limit| *limit < field.len()),
    };
    match cut {
        Some(at) => [&field[..at], b"..."].concat(),
        None => field.to_vec(),
    }
}
