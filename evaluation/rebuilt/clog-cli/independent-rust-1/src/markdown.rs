//! Markdown output.

use crate::commit::Commit;
use crate::link::{short, Links};
use crate::release::{Release, Section};

pub fn render(release: &Release, links: &Links) -> String {
    let version = release.version.as_deref().unwrap_or("");
    let subtitle = release.subtitle.as_deref().unwrap_or("");
    let mut text =
        format!("<a name=\"{version}\"></a>\n## {version} {subtitle} ({})\n\n", release.date);
    for section in &release.sections {
        text += &render_section(section, links);
    }
    text
}

fn render_section(section: &Section, links: &Links) -> String {
    let mut text = format!("\n#### {}\n\n", section.title);
    for (component, commits) in &section.components {
        let nested = commits.len() > 1 && !component.is_empty();
        let lead = match (component.is_empty(), nested) {
            (true, _) => "* ".to_string(),
            (false, false) => format!("* **{component}:**"),
            (false, true) => {
                text += &format!("* **{component}:**\n");
                "  *".to_string()
            }
        };
        for commit in commits {
            text += &format!("{lead} {} {}\n", commit.subject, references(commit, links));
        }
    }
    text
}

fn references(commit: &Commit, links: &Links) -> String {
    let mut text = format!("([{}]({})", short(&commit.hash), links.commit(&commit.hash));
    if !commit.closes.is_empty() {
        text += &format!(", closes {}", issues(&commit.closes, links));
    }
    if commit.breaks.iter().any(|issue| !links.issue(issue).is_empty()) {
        text += &format!(", breaks {}", issues(&commit.breaks, links));
    }
    text + ")"
}

fn issues(numbers: &[String], links: &Links) -> String {
    let linked: Vec<_> = numbers.iter().map(|n| format!("[#{n}]({})", links.issue(n))).collect();
    linked.join(", ")
}
