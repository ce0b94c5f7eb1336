//! The activity log: a text file with one activity a line.

use crate::activity::Activity;
use std::{fs, io, path::Path};

pub struct Entry {
    pub text: String,
    pub line: usize,
    pub activity: Result<Activity, &'static str>,
}

impl Entry {
    /// Changes the activity and with it the line that stands for it.
    pub fn update(&mut self, change: impl FnOnce(&mut Activity)) {
        if let Ok(activity) = &mut self.activity {
            change(activity);
            self.text = activity.to_string();
        }
    }

    pub fn running(&self) -> Option<&Activity> {
        self.activity.as_ref().ok().filter(|a| a.is_running())
    }
}

pub struct Log {
    path: String,
    pub entries: Vec<Entry>,
}

impl Log {
    pub fn read(path: &str) -> Result<Log, String> {
        let content = fs::read_to_string(path).map_err(|e| explain("read from", path, &e))?;
        let entries = content.lines().map(str::trim).enumerate().map(|(i, text)| Entry {
            text: text.into(),
            line: i + 1,
            activity: Activity::parse(text),
        });
        Ok(Log { path: path.into(), entries: entries.collect() })
    }

    /// Like `read`, but a missing file counts as an empty log.
    pub fn read_or_new(path: &str) -> Result<Log, String> {
        if Path::new(path).exists() { Log::read(path) } else { Ok(Log { path: path.into(), entries: vec![] }) }
    }

    /// Reads the log and reports every line that will be left out.
    pub fn read_with_warnings(path: &str) -> Result<Log, String> {
        let log = Log::read(path)?;
        for entry in log.entries.iter().filter(|e| e.activity.is_err()) {
            println!("Warning: Ignoring line {}. Please see `bartib check` for further information", entry.line);
        }
        Ok(log)
    }

    pub fn save(&self) -> Result<(), String> {
        let content: String = self.entries.iter().map(|e| format!("{}\n", e.text)).collect();
        fs::write(&self.path, content).map_err(|e| explain("write to", &self.path, &e))
    }

    pub fn push(&mut self, activity: Activity) {
        let line = self.entries.len() + 1;
        self.entries.push(Entry { text: activity.to_string(), line, activity: Ok(activity) });
    }

    pub fn activities(&self) -> impl Iterator<Item = &Activity> {
        self.entries.iter().filter_map(|e| e.activity.as_ref().ok())
    }

    pub fn running(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.entries.iter_mut().filter(|e| e.running().is_some())
    }

    /// All activities, ordered by their start.
    pub fn sorted(&self) -> Vec<&Activity> {
        let mut all: Vec<_> = self.activities().collect();
        all.sort_by_key(|a| a.start);
        all
    }

    /// Distinct description/project pairs, most recently started first.
    pub fn recent(&self) -> Vec<&Activity> {
        let mut distinct: Vec<&Activity> = Vec::new();
        for a in self.sorted().into_iter().rev() {
            if !distinct.iter().any(|d| d.project == a.project && d.description == a.description) {
                distinct.push(a);
            }
        }
        distinct
    }
}

fn explain(action: &str, path: &str, cause: &io::Error) -> String {
    format!("Could not {action} file: {path}\n\nCaused by:\n    {cause}")
}
