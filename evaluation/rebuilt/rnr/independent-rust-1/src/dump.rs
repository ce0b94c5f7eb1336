//! Dump files: operations written as JSON and read back.

use crate::output::Failure;
use crate::plan::Operation;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::Chars;
use std::time::{SystemTime, UNIX_EPOCH};

/// Gives the date (year-month-day) and the time (hour, minute, second), in UTC.
fn now() -> (String, [String; 3]) {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    // Count days from 1 March of year 0, so that a leap day ends its year.
    let days = seconds / 86400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    let date = format!("{year:04}-{month:02}-{:02}", of_year - (153 * shifted + 2) / 5 + 1);
    let time = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60];
    (date, time.map(|field| format!("{field:02}")))
}

/// Writes the operations to a new file named by prefix and time.
pub fn write(prefix: &str, operations: &[Operation]) -> Result<(), Failure> {
    let (date, time) = now();
    let file = format!("{prefix}{date}_{}.json", time.concat());
    let field = |name, path: &Path| format!("      \"{name}\": {}", quote(&path.to_string_lossy()));
    let item = |o: &Operation| {
        format!("    {{\n{},\n{}\n    }}", field("source", &o.source), field("target", &o.target))
    };
    let items: Vec<String> = operations.iter().map(item).collect();
    let list = if items.is_empty() { String::new() } else { format!("\n{}\n  ", items.join(",\n")) };
    let text = format!("{{\n  \"date\": \"{date} {}\",\n  \"operations\": [{list}]\n}}", time.join(":"));
    fs::write(&file, text).map_err(|_| Failure { text: "Cannot create file ", detail: file })
}

fn quote(text: &str) -> String {
    let escape = |c| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c < ' ' => format!("\\u{:04x}", c as u32),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

/// Reads the operations of a dump file.
pub fn read(file: &str) -> Result<Vec<Operation>, Failure> {
    let text = fs::read_to_string(file).map_err(|_| Failure { text: "Cannot open/read file ", detail: file.to_string() })?;
    operations(&text).ok_or_else(|| Failure { text: "Cannot parse JSON file ", detail: file.to_string() })
}

/// Picks the operations out of a dump. The only values of interest are strings,
/// so nothing but the order of strings and the outer shape are looked at.
fn operations(text: &str) -> Option<Vec<Operation>> {
    let mut chars = text.trim().strip_prefix('{')?.strip_suffix('}')?.chars();
    let mut strings = Vec::new();
    while let Some(c) = chars.next() {
        if c == '"' {
            strings.push(string(&mut chars)?);
        }
    }
    let known = ["date", "operations"].iter().all(|name| strings.iter().any(|text| text == name));
    let start = strings.iter().position(|text| known && text == "operations")? + 1;
    let end = strings[start..].iter().position(|text| text == "date").map_or(strings.len(), |at| start + at);
    let operation = |fields: &[String]| match fields {
        [a, source, b, target] if a == "source" && b == "target" => {
            Some(Operation { source: PathBuf::from(source), target: PathBuf::from(target) })
        }
        _ => None,
    };
    strings[start..end].chunks(4).map(operation).collect()
}

/// Reads the rest of a string whose opening quote is taken.
fn string(chars: &mut Chars) -> Option<String> {
    let mut text = String::new();
    loop {
        text.push(match chars.next()? {
            '"' => return Some(text),
            '\\' => match chars.next()? {
                'n' => '\n',
                't' => '\t',
                'u' => {
                    let hex: String = chars.by_ref().take(4).collect();
                    char::from_u32(u32::from_str_radix(&hex, 16).ok()?)?
                }
                c => c,
            },
            c => c,
        });
    }
}
