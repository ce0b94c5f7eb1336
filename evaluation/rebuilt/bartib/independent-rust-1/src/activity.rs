//! One tracked activity and its textual form in the log.

use crate::clock::Moment;
use std::fmt;

#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    pub start: Moment,
    pub end: Option<Moment>,
    pub project: String,
    pub description: String,
}

impl Activity {
    pub fn started(start: Moment, project: &str, description: &str) -> Activity {
        Activity { start, end: None, project: project.into(), description: description.into() }
    }

    pub fn parse(line: &str) -> Result<Activity, &'static str> {
        let fields = split_fields(line);
        let [span, project, ..] = fields.as_slice() else {
            return Err("could not parse activity");
        };
        let (start, end) = match span.split_once(" - ") {
            Some((start, end)) => (start, Some(end)),
            None => (span.as_str(), None),
        };
        let read = |text: &str| Moment::parse(text.trim()).map_err(|_| "could not parse date or time of activity");
        Ok(Activity {
            start: read(start)?,
            end: end.map(read).transpose()?,
            project: project.clone(),
            description: fields.get(2).cloned().unwrap_or_default(),
        })
    }

    pub fn is_running(&self) -> bool {
        self.end.is_none()
    }

    pub fn seconds(&self, now: Moment) -> i64 {
        self.end.unwrap_or(now).0 - self.start.0
    }

    pub fn spans_days(&self) -> bool {
        self.end.is_some_and(|end| end.date() != self.start.date())
    }

    pub fn rounded(&self, step: i64) -> Activity {
        Activity { start: self.start.rounded(step), end: self.end.map(|end| end.rounded(step)), ..self.clone() }
    }

    /// The wording of the messages: `"description" (project) started at …`.
    pub fn title(&self, link: &str) -> String {
        format!("\"{}\" ({}) {link} {}", self.description, self.project, self.start)
    }
}

impl fmt::Display for Activity {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let escape = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|");
        write!(f, "{}", self.start)?;
        if let Some(end) = self.end {
            write!(f, " - {end}")?;
        }
        write!(f, " | {} | {}", escape(&self.project), escape(&self.description))
    }
}

/// Splits at unescaped bars, resolves backslashes and trims each field.
fn split_fields(line: &str) -> Vec<String> {
    let mut fields = vec![];
    let mut field = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '|' => fields.push(std::mem::take(&mut field)),
            '\\' => field.extend(chars.next()),
            _ => field.push(c),
        }
    }
    fields.push(field);
    fields.iter().map(|f| f.trim().to_string()).collect()
}
