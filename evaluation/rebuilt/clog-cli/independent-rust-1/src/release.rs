//! The data of one changelog entry.

use crate::commit::Commit;
use crate::config::Config;
use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

pub struct Section {
    pub title: String,
    pub components: BTreeMap<String, Vec<Commit>>,
}

pub struct Release {
    pub version: Option<String>,
    pub subtitle: Option<String>,
    pub date: String,
    pub sections: Vec<Section>,
}

/// Groups commits by section, in configuration order, leaving out empty sections.
pub fn group(commits: Vec<Commit>, config: &Config) -> Vec<Section> {
    let mut sections: Vec<Section> = config
        .sections
        .iter()
        .map(|s| Section { title: s.0.clone(), components: BTreeMap::new() })
        .collect();
    for commit in commits {
        if let Some(section) = sections.iter_mut().find(|s| s.title == commit.section) {
            section.components.entry(commit.component.clone()).or_default().push(commit);
        }
    }
    sections.retain(|s| !s.components.is_empty());
    sections
}

/// Today's date (UTC) as YYYY-MM-DD.
pub fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let (mut days, mut year, mut month) = (seconds / 86_400, 1970, 1);
    while days >= days_in(year, month) {
        days -= days_in(year, month);
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    format!("{year:04}-{month:02}-{:02}", days + 1)
}

fn days_in(year: u64, month: u64) -> u64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
