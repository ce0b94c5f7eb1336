//! Ignore rules in the style of `.gitignore`, and the `.secretsignore` file.

use std::path::Path;

struct Rule {
    glob: Vec<char>,
    keep: bool,
    only_dirs: bool,
}

pub struct Rules(Vec<Rule>);

/// The path rules and the allowed secrets of an ignore file.
pub fn load_exclusions(file: &Path) -> (Rules, Vec<String>) {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let mut lines = text.lines();
    let paths: Vec<&str> = lines.by_ref().take_while(|l| *l != "[secrets]").collect();
    (Rules::parse(&paths.join("\n")), lines.map(String::from).collect())
}

impl Rules {
    pub fn parse(text: &str) -> Self {
        Rules(text.lines().filter_map(parse_rule).collect())
    }

    /// Some(true) if the last rule that applies ignores the path, Some(false) if it keeps it.
    pub fn verdict(&self, path: &Path, is_dir: bool) -> Option<bool> {
        let path = path.strip_prefix("./").unwrap_or(path);
        let text: Vec<char> = path.to_string_lossy().chars().collect();
        let rule = self.0.iter().rev().find(|r| (is_dir || !r.only_dirs) && matches(&r.glob, &text))?;
        Some(!rule.keep)
    }

    /// True if the path or a directory it lies in is ignored.
    pub fn covers_with_parents(&self, path: &Path) -> bool {
        let own = self.verdict(path, path.is_dir());
        let verdict = own.or_else(|| path.ancestors().skip(1).find_map(|p| self.verdict(p, true)));
        verdict.unwrap_or(false)
    }
}

fn parse_rule(line: &str) -> Option<Rule> {
    let line = line.trim_end();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let (keep, line) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
    let (only_dirs, line) = line.strip_suffix('/').map_or((false, line), |rest| (true, rest));
    let anchored = line.contains('/');
    let body = line.strip_prefix('/').unwrap_or(line);
    let glob = if anchored { body.to_string() } else { format!("**/{}", body) };
    Some(Rule { glob: glob.chars().collect(), keep, only_dirs })
}

fn matches(glob: &[char], text: &[char]) -> bool {
    match glob {
        [] => text.is_empty(),
        ['*', '*', '/', rest @ ..] => {
            let after_slash = (0..text.len()).filter(|i| text[*i] == '/').map(|i| i + 1);
            std::iter::once(0).chain(after_slash).any(|i| matches(rest, &text[i..]))
        }
        ['*', '*'] => !text.is_empty(),
        ['*', rest @ ..] => {
            let end = text.iter().position(|c| *c == '/').unwrap_or(text.len());
            (0..=end).any(|i| matches(rest, &text[i..]))
        }
        ['?', rest @ ..] => text.first().is_some_and(|c| *c != '/') && matches(rest, &text[1..]),
        ['\\', c, rest @ ..] | [c, rest @ ..] => text.first() == Some(c) && matches(rest, &text[1..]),
    }
}
