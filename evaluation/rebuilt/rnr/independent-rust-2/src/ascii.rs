//! Transliteration of names into ASCII, by tables for the Latin, Greek and Cyrillic blocks.

/// Lines of tab-separated cells: a first code point in hexadecimal, then the spellings of the characters from there on.
const TABLE: &str = include_str!("ascii.txt");

/// Spells `text` in ASCII. A character outside the tables is kept as it is.
pub fn spell(text: &str) -> String {
    let spelling = |row: &str, c: char| {
        let (first, cells) = row.split_once('\t')?;
        let index = (c as u32).checked_sub(u32::from_str_radix(first, 16).ok()?)?;
        cells.split('\t').nth(index as usize).map(String::from)
    };
    let spell_one = |c: char| TABLE.lines().filter(|_| !c.is_ascii()).find_map(|row| spelling(row, c)).unwrap_or(c.to_string());
    text.chars().map(spell_one).collect()
}
