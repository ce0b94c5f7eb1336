//! Taking over the data of other tools.

use crate::database::{Database, Entry};
use crate::failure::{fail, Describe, Outcome};
use crate::parse::Parsed;
use std::fmt::Display;
use std::fs;

pub fn run(args: &Parsed) -> Outcome<()> {
    let file = &args.positionals[0];
    let text = fs::read_to_string(file).describe(|| format!("could not open database for importing: {file}"))?;
    let mut db = Database::open()?;
    if !args.flag("merge") && !db.entries.is_empty() {
        return fail("current database is not empty, specify --merge to continue anyway");
    }
    let read = if args.value("from") == Some("z") { z_line } else { autojump_line };
    for line in text.lines().filter(|l| !l.is_empty()) {
        db.entries.push(read(line).describe(|| "import error".to_string())?);
    }
    db.merge_duplicates();
    db.save()
}

fn number<T: std::str::FromStr<Err: Display>>(what: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|e: T::Err| format!("0: invalid {what}: {text}\n    1: {e}"))
}

fn z_line(line: &str) -> Result<Entry, String> {
    let mut parts = line.rsplitn(3, '|');
    let accessed = number("epoch", parts.next().unwrap_or(""))?;
    match (parts.next(), parts.next()) {
        (Some(rank), Some(path)) => Ok(Entry { path: path.to_string(), rank: number("rank", rank)?, accessed }),
        _ => Err(format!("invalid entry: {line}")),
    }
}

/// Weights of autojump grow without bound, hence are squeezed into 0..1.
fn autojump_line(line: &str) -> Result<Entry, String> {
    let (weight, path) = line.split_once('\t').ok_or_else(|| format!("invalid entry: {line}"))?;
    let rank = 1.0 / (1.0 + (-number::<f64>("rank", weight)?).exp());
    Ok(Entry { path: path.to_string(), rank, accessed: 0 })
}
