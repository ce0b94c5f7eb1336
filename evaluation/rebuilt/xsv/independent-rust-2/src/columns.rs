//! The column selection language: names, indices, ranges and inversion.

use crate::csv_in::{Record, Source};
use crate::Outcome;

/// Walks through a selection, looking columns up as it meets them.
struct Scanner<'a> {
    chars: Vec<char>,
    at: usize,
    source: &'a Source,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// Takes the characters before any of the given ones.
    fn until(&mut self, stops: &[char]) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| !stops.contains(&c)) {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    fn columns(&mut self) -> Outcome<Vec<usize>> {
        let mut columns = Vec::new();
        while self.peek().is_some() {
            columns.extend(self.part()?);
            if let Some(other) = self.peek().filter(|c| *c != ',') {
                return Err(format!("Expected end of field but got '{other}' instead."));
            }
            self.eat(',');
        }
        Ok(columns)
    }

    fn part(&mut self) -> Outcome<Vec<usize>> {
        let from = if self.peek() == Some('-') { 0 } else { self.place()? };
        let to = match (self.eat('-'), self.peek()) {
            (false, _) => from,
            (true, None | Some(',')) => self.source.header.len().saturating_sub(1),
            (true, _) => self.place()?,
        };
        Ok(if from <= to { (from..=to).collect() } else { (to..=from).rev().collect() })
    }

    fn place(&mut self) -> Outcome<usize> {
        let quoted = self.eat('"');
        let name = if quoted { self.quoted_name()? } else { self.until(&[',', '-', '[']) };
        if self.eat('[') {
            let digits = self.until(&[']']);
            if !self.eat(']') {
                return Err("Unclosed index bracket, missing closing ].".to_string());
            }
            let problem = |e| format!("Could not convert '{digits}' to an integer: {e}");
            return self.named(&name, digits.parse().map_err(problem)?);
        }
        match name.parse() {
            Ok(number) if !quoted => self.numbered(number),
            _ => self.named(&name, 0),
        }
    }

    fn quoted_name(&mut self) -> Outcome<String> {
        let mut name = String::new();
        loop {
            name += &self.until(&['"']);
            if !self.eat('"') {
                return Err("Unclosed quote, missing closing \".".to_string());
            }
            if !self.eat('"') {
                return Ok(name);
            }
            name.push('"');
        }
    }

    fn numbered(&self, number: usize) -> Outcome<usize> {
        let count = self.source.header.len();
        if (1..=count).contains(&number) {
            return Ok(number - 1);
        }
        Err(format!("Selector index {number} is out of bounds. Index must be >= 1 and <= {count}."))
    }

    fn named(&self, name: &str, nth: usize) -> Outcome<usize> {
        let header = &self.source.header;
        let mut hits = (0..header.len()).filter(|i| header[*i] == name.as_bytes());
        Err(match (self.source.named, hits.clone().count()) {
            (false, _) => {
                format!("Cannot use names ('{name}') in selection with --no-headers set.")
            }
            (true, 0) => format!(
                "Selector name '{name}' does not exist as a named header in the given CSV data."
            ),
            (true, count) => match hits.nth(nth) {
                Some(column) => return Ok(column),
                None => format!(
                    "Selector index '{nth}' for name '{name}' is out of bounds. \
                     Must be >= 0 and <= {}.",
                    count - 1
                ),
            },
        })
    }
}

/// Turns a selection into column positions; an empty one means all columns.
pub fn resolve(selection: Option<&str>, source: &Source) -> Outcome<Vec<usize>> {
    let all = 0..source.header.len();
    let text = selection.unwrap_or("");
    if text.is_empty() {
        return Ok(all.collect());
    }
    let mut scanner = Scanner { chars: text.chars().collect(), at: 0, source };
    let inverted = scanner.eat('!');
    let picked = scanner.columns()?;
    Ok(if inverted { all.filter(|i| !picked.contains(i)).collect() } else { picked })
}

pub fn pick<'a>(record: &'a Record, columns: &[usize]) -> Vec<&'a [u8]> {
    columns.iter().map(|i| record[*i].as_slice()).collect()
}
