//! JSON output.

use crate::commit::Commit;
use crate::link::Links;
use crate::release::{Release, Section};

/// Version and subtitle are written in the original's own, not quite JSON, notation.
pub fn render(release: &Release, links: &Links) -> String {
    let sections: Vec<_> = release.sections.iter().map(|s| render_section(s, links)).collect();
    format!(
        "{{\"header\":{{\"version\":{:?},\"patch_version\":false,\"subtitle\":{},\"date\":\"{}\"}},\"sections\":{}}}",
        release.version,
        release.subtitle.as_deref().unwrap_or("null"),
        release.date,
        list_or_null(&sections),
    )
}

fn list_or_null(items: &[String]) -> String {
    match items {
        [] => "null".to_string(),
        items => format!("[{}]", items.join(",")),
    }
}

fn render_section(section: &Section, links: &Links) -> String {
    let commits = section.components.values().flatten();
    let commits: Vec<_> = commits.map(|c| render_commit(c, links)).collect();
    format!("{{\"title\":{},\"commits\":[{}]}}", quote(&section.title), commits.join(","))
}

fn render_commit(commit: &Commit, links: &Links) -> String {
    let component = match commit.component.as_str() {
        "" => "null".to_string(),
        name => quote(name),
    };
    let closes: Vec<_> = commit.closes.iter().map(|n| render_issue(n, links)).collect();
    // As in the original, the issues listed under "breaks" are those closed.
    let breaks = match commit.breaks.is_empty() {
        true => "null".to_string(),
        false => format!("[{}]", closes.join(",")),
    };
    format!(
        "{{\"component\":{component},\"subject\":{},\"commit_link\":{},\"closes\":{},\"breaks\":{breaks}}}",
        quote(&commit.subject),
        quote(&links.commit(&commit.hash)),
        list_or_null(&closes),
    )
}

fn render_issue(number: &str, links: &Links) -> String {
    format!("{{\"issue\":{number},\"issue_link\":{}}}", quote(&links.issue(number)))
}

fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\t' => quoted += "\\t",
            c if c < ' ' => quoted += &format!("\\u{:04x}", c as u32),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}
