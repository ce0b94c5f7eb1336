//! Dump files: the list of renames as JSON.
use crate::{plan::Rename, report::Failure};
use std::time::{SystemTime, UNIX_EPOCH};

/// Splits JSON text into its strings, and all that stands outside of them without the white space.
fn split(text: &str) -> Option<(Vec<String>, String)> {
    let (mut strings, mut outside, mut chars) = (Vec::new(), String::new(), text.chars());
    while let Some(c) = chars.next() {
        if c != '"' { outside.extend(Some(c).filter(|c| !c.is_whitespace())); continue }
        let mut string = String::new();
        loop {
            string.push(match chars.next()? {
                '"' => break,
                '\\' => match chars.next()? {
                    'n' => '\n', 't' => '\t',
                    'u' => char::from_u32(u32::from_str_radix(&chars.by_ref().take(4).collect::<String>(), 16).ok()?)?,
                    c => c,
                },
                c => c,
            });
        }
        outside.push('"');
        strings.push(string);
    }
    Some((strings, outside))
}

/// The renames of a dump text, if it has exactly the shape that `write` gives it.
fn parse(text: &str) -> Option<Vec<Rename>> {
    let (strings, outside) = split(text)?;
    let entries = vec![r#"{":",":"}"#; strings.len().saturating_sub(3) / 4].join(",");
    let entry = |part: &[String]| (part[0] == "source" && part[2] == "target").then(|| Rename { source: part[1].clone(), target: part[3].clone() });
    let shaped = outside == format!(r#"{{":",":[{entries}]}}"#) && strings[0] == "date" && strings[2] == "operations";
    if shaped { strings[3..].chunks(4).map(entry).collect() } else { None }
}

pub fn read(path: &str) -> Result<Vec<Rename>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|_| Failure::new("Cannot open/read file ", path))?;
    parse(&text).ok_or_else(|| Failure::new("Cannot parse JSON file ", path))
}

/// Writes the renames to a file whose name is the prefix and the time (UTC).
pub fn write(prefix: &str, renames: &[Rename]) -> Result<(), Failure> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs());
    let (mut day, mut year) = (seconds / 86400, 1970);
    let leap = |year: u64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    while day >= 365 + u64::from(leap(year)) { day -= 365 + u64::from(leap(year)); year += 1 }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while day >= lengths[month] { day -= lengths[month]; month += 1 }
    let date = format!("{year}-{:02}-{:02}", month + 1, day + 1);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let entry = |r: &Rename| format!("\n    {{\n      \"source\": {},\n      \"target\": {}\n    }}", quote(&r.source), quote(&r.target));
    let end = if renames.is_empty() { "" } else { "\n  " };
    let entries = renames.iter().map(entry).collect::<Vec<_>>().join(",");
    let text = format!("{{\n  \"date\": \"{date} {hour:02}:{minute:02}:{second:02}\",\n  \"operations\": [{entries}{end}]\n}}");
    let path = format!("{prefix}{date}_{hour:02}{minute:02}{second:02}.json");
    std::fs::write(&path, text).map_err(|_| Failure::new("Cannot create file ", path))
}

fn quote(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        '\n' => "\\n".to_string(),
        c if c < ' ' => format!("\\u{:04x}", c as u32),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}
