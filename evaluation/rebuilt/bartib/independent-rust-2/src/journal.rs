//! The activity log: its lines, how they are read and how they are written back.

use crate::{clock::{self, Moment}, Failure};
use std::{fs, io::ErrorKind};

#[derive(Clone)]
pub struct Activity {
    pub start: Moment,
    /// `None` while the activity is running.
    pub end: Option<Moment>,
    pub project: String,
    pub description: String,
}

impl Activity {
    /// Length in seconds; may be negative. A running activity is measured up to `now`.
    pub fn seconds(&self, now: Moment) -> i64 {
        self.end.unwrap_or(now) - self.start
    }

    /// How an activity is called in messages.
    pub fn label(&self) -> String {
        format!("\"{}\" ({})", self.description, self.project)
    }

    fn to_line(&self) -> String {
        let escape = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|");
        let end = self.end.map_or(String::new(), |end| format!(" - {}", clock::show_moment(end)));
        format!("{}{end} | {} | {}", clock::show_moment(self.start), escape(&self.project), escape(&self.description))
    }
}

/// One line of the log: its text as it stands in the file, and the activity or what is wrong with it.
pub struct Line {
    pub text: String,
    pub content: Result<Activity, &'static str>,
}

pub struct Journal {
    path: String,
    pub lines: Vec<Line>,
}

impl Journal {
    /// Reads the file; with `may_be_new` a file that does not exist yet is an empty journal.
    pub fn load(path: &str, may_be_new: bool) -> Result<Journal, Failure> {
        let text = match fs::read_to_string(path) {
            Err(e) if may_be_new && e.kind() == ErrorKind::NotFound => String::new(),
            other => other.map_err(|e| Failure(format!("Error: Could not read from file: {path}\n\nCaused by:\n    {e}")))?,
        };
        let lines = text.lines().map(|line| Line { text: line.to_string(), content: parse_activity(line) }).collect();
        Ok(Journal { path: path.to_string(), lines })
    }

    pub fn save(&self) -> Result<(), Failure> {
        let text: String = self.lines.iter().map(|line| line.text.clone() + "\n").collect();
        let problem = |e| Failure(format!("Error: Could not write to file: {}\n\nCaused by:\n    {e}", self.path));
        fs::write(&self.path, text).map_err(problem)
    }

    pub fn append(&mut self, activity: Activity) {
        self.lines.push(Line { text: activity.to_line(), content: Ok(activity) });
    }

    /// Applies a change to every running activity and rewrites its line.
    pub fn update_running(&mut self, mut change: impl FnMut(&mut Activity)) {
        for line in &mut self.lines {
            if let Some(activity) = line.content.as_mut().ok().filter(|a| a.end.is_none()) {
                change(activity);
                line.text = activity.to_line();
            }
        }
    }

    /// All activities with their line numbers, in file order.
    pub fn numbered(&self) -> impl Iterator<Item = (usize, &Activity)> {
        (1..).zip(&self.lines).filter_map(|(i, line)| Some((i, line.content.as_ref().ok()?)))
    }

    pub fn activities(&self) -> impl Iterator<Item = &Activity> {
        self.numbered().map(|(_, activity)| activity)
    }

    /// Distinct pairs of description and project, the most recently started first.
    pub fn recent(&self) -> Vec<(&str, &str)> {
        let mut sorted: Vec<&Activity> = self.activities().collect();
        sorted.sort_by_key(|a| a.start);
        let mut pairs = Vec::new();
        for activity in sorted.iter().rev() {
            let pair = (activity.description.as_str(), activity.project.as_str());
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
        pairs
    }
}

/// Reads `START - END | PROJECT | DESCRIPTION`. A backslash takes the character after it as it is.
fn parse_activity(line: &str) -> Result<Activity, &'static str> {
    let moment = |text: &str| clock::parse_moment(text.trim()).map_err(|_| "could not parse date or time of activity");
    let mut fields = vec![String::new()];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        let last = fields.len() - 1;
        match c {
            '|' => fields.push(String::new()),
            '\\' => fields[last].extend(chars.next()),
            _ => fields[last].push(c),
        }
    }
    let field = |i: usize| fields.get(i).map(|field| field.trim().to_string());
    let project = field(1).ok_or("could not parse activity")?;
    let (start, end) = match fields[0].trim().split_once(" - ") {
        Some((start, end)) => (moment(start)?, Some(moment(end)?)),
        None => (moment(&fields[0])?, None),
    };
    Ok(Activity { start, end, project, description: field(2).unwrap_or_default() })
}
