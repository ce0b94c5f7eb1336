//! The few Unicode facts the program needs, as compact tables.

/// Common combining marks as first and last code points.
const MARKS: [(u32, u32); 15] = [
    (0x300, 0x36f), (0x483, 0x489), (0x591, 0x5bd), (0x610, 0x61a), (0x64b, 0x65f),
    (0x900, 0x903), (0x93a, 0x93c), (0x93e, 0x94f), (0x1ab0, 0x1aff), (0x1dc0, 0x1dff),
    (0x20d0, 0x20f0), (0x3099, 0x309a), (0xfe00, 0xfe0f), (0xfe20, 0xfe2f),
    (0x1f3fb, 0x1f3ff),
];
/// The zero of each block of ten decimal digits in common scripts.
const ZEROS: [u32; 17] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6,
    0xd66, 0xe50, 0xed0, 0xf20, 0xff10,
];

fn is_mark(c: char) -> bool {
    MARKS.iter().any(|(first, last)| (*first..=*last).contains(&(c as u32)))
}

pub fn is_digit(c: char) -> bool {
    ZEROS.iter().any(|zero| (*zero..zero + 10).contains(&(c as u32)))
}

pub fn is_word(c: char) -> bool {
    let special = matches!(c, '_' | '\u{203f}' | '\u{2040}' | '\u{200c}' | '\u{200d}');
    special || c.is_alphabetic() || is_digit(c) || is_mark(c)
}

/// Splits a text into what a reader perceives as single characters.
pub fn graphemes(text: &str) -> Vec<String> {
    let mut clusters: Vec<String> = Vec::new();
    for c in text.chars() {
        match clusters.last_mut() {
            Some(last) if joins(last, c) => last.push(c),
            _ => clusters.push(c.to_string()),
        }
    }
    clusters
}

fn joins(cluster: &str, next: char) -> bool {
    match cluster.chars().last() {
        Some('\r') if next == '\n' => true,
        Some('\u{200d}') if next as u32 >= 0x2190 => !next.is_alphanumeric(),
        Some(last) => !last.is_control() && (next == '\u{200d}' || is_mark(next)),
        None => false,
    }
}

/// Lowercases a text, leaving characters alone that would grow by it.
pub fn fold_case(text: &str) -> String {
    let fold = |c: char| match c.to_lowercase().collect::<Vec<char>>()[..] {
        [lower] => lower,
        _ => c,
    };
    text.chars().map(fold).collect()
}
