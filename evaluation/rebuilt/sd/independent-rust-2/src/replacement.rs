//! The replacement text: escapes, references to groups and their expansion.

use crate::matcher::Slots;

/// A part of the replacement.
#[derive(Debug)]
pub enum Piece {
    Text(String),
    Group(String),
}

fn is_name(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric()
}

/// Split into pieces: `$$` is a dollar sign, `$name` and `${name}` refer to groups.
pub fn parse(source: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = source;
    while let Some((before, after)) = rest.split_once('$') {
        pieces.push(Piece::Text(before.to_string()));
        let bare = after.split(|c| !is_name(c)).next().unwrap_or("");
        if let Some((name, behind)) = after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            pieces.push(Piece::Group(name.to_string()));
            rest = behind;
        } else if bare.is_empty() {
            pieces.push(Piece::Text("$".to_string()));
            rest = after.strip_prefix('$').unwrap_or(after);
        } else {
            pieces.push(Piece::Group(bare.to_string()));
            rest = &after[bare.len()..];
        }
    }
    pieces.push(Piece::Text(rest.to_string()));
    pieces
}

/// Refuse a reference like `$1x`, which may be meant as group 1 or as a group named `1x`.
pub fn check(source: &str) -> Result<(), String> {
    for piece in source.replace("$$", "\0\0").split('$').skip(1) {
        let name = piece.split(|c| !is_name(c)).next().unwrap_or("");
        let word = name.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = &name[..name.len() - word.len()];
        if number.is_empty() || word.is_empty() {
            continue;
        }
        let column = source.find(&format!("${name}")).map_or(0, |at| source[..at].chars().count() + 1);
        let visible = |c: char| if c < ' ' { char::from_u32(0x2400 + c as u32).unwrap_or(c) } else { c };
        return Err(format!(
            "The numbered capture group `${number}` in the replacement text is ambiguous.\n\
             hint: Use curly braces to disambiguate it `${{{number}}}{word}`.\n{}\n{}{}",
            source.chars().map(visible).collect::<String>(),
            " ".repeat(column),
            "^".repeat(name.len())
        ));
    }
    Ok(())
}

/// Resolve backslash escapes; what is none stays as it is.
pub fn resolve_escapes(source: &str) -> String {
    let mut text = String::new();
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        let meant = match chars.peek().filter(|_| c == '\\') {
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some(&quoted @ ('\\' | '\'' | '"')) => Some(quoted),
            _ => None,
        };
        text.push(meant.unwrap_or(c));
        if meant.is_some() {
            chars.next();
        }
    }
    text
}

/// Append the replacement for one match.
pub fn expand(pieces: &[Piece], names: &[Option<String>], text: &[u8], slots: &Slots, out: &mut Vec<u8>) {
    for piece in pieces {
        match piece {
            Piece::Text(plain) => out.extend(plain.bytes()),
            Piece::Group(name) => {
                let named = || names.iter().position(|known| known.as_ref() == Some(name));
                let index = name.parse().ok().or_else(named).filter(|index| *index < names.len());
                if let Some((Some(start), Some(end))) = index.map(|i| (slots[2 * i], slots[2 * i + 1])) {
                    out.extend(&text[start..end]);
                }
            }
        }
    }
}
