//! Turns log output into conventional commits.

use crate::config::Config;
use crate::git::END;

pub struct Commit {
    pub hash: String,
    pub section: String,
    pub component: String,
    pub subject: String,
    pub closes: Vec<String>,
    /// Issues broken; an empty entry stands for a breaking change without an issue.
    pub breaks: Vec<String>,
}

/// Commits of the configured sections, newest first; all others are dropped.
pub fn parse_log(log: &str, config: &Config) -> Vec<Commit> {
    log.split(&format!("\n{END}\n")).filter_map(|record| parse_record(record, config)).collect()
}

fn parse_record(record: &str, config: &Config) -> Option<Commit> {
    let mut lines = record.lines();
    let hash = lines.next()?.to_string();
    let (alias, component, subject) = split_subject(lines.next()?)?;
    let mut commit = Commit {
        hash,
        section: config.section_of(alias)?.to_string(),
        component: config.component_of(component).to_string(),
        subject: subject.to_string(),
        closes: Vec::new(),
        breaks: Vec::new(),
    };
    for line in lines {
        commit.closes.extend(last_issue(line, &["Closes", "Fixes", "Resolves"]));
        match last_issue(line, &["Breaks", "Broke"]) {
            Some(issue) => commit.breaks.push(issue),
            None if line.contains("BREAKING") => commit.breaks.push(String::new()),
            None => {}
        }
    }
    Some(commit)
}

/// Splits `alias(component): subject`, where the component is optional.
fn split_subject(line: &str) -> Option<(&str, &str, &str)> {
    let at = line.find([':', '('])?;
    let (alias, rest) = line.split_at(at);
    if alias.is_empty() {
        return None;
    }
    if let Some(subject) = rest.strip_prefix(':') {
        return Some((alias, "", subject));
    }
    let (component, rest) = rest[1..].split_once(')')?;
    Some((alias, component, rest.strip_prefix(':')?))
}

/// The last number of the first `Keyword #1, #2` list in the line.
fn last_issue(line: &str, keywords: &[&str]) -> Option<String> {
    let mut starts: Vec<usize> = keywords
        .iter()
        .flat_map(|word| line.match_indices(word).map(|(at, word)| at + word.len()))
        .collect();
    starts.sort();
    starts.into_iter().find_map(|at| last_of_list(line[at..].strip_prefix([' ', '\t'])?))
}

fn last_of_list(mut text: &str) -> Option<String> {
    let mut last = None;
    while let Some(rest) = text.strip_prefix('#') {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if digits == 0 {
            break;
        }
        last = Some(rest[..digits].to_string());
        text = &rest[digits..];
        text = text.strip_prefix(", ").unwrap_or(text);
    }
    last
}
