//! Ignore files: lines of globs deciding which paths are left out of a search.

use std::path::Path;

/// One line of an ignore file.
struct Rule {
    glob: Vec<char>,
    keeps: bool,
    only_dirs: bool,
    anchored: bool,
}

/// The rules of one ignore file, in file order.
pub struct RuleSet {
    rules: Vec<Rule>,
}

impl RuleSet {
    /// Reads `.gitignore` in `dir`, if there is one.
    pub fn in_dir(dir: &Path) -> Option<RuleSet> {
        let bytes = std::fs::read(dir.join(".gitignore")).ok()?;
        let rules = String::from_utf8_lossy(&bytes).lines().filter_map(Rule::parse).collect();
        Some(RuleSet { rules })
    }

    /// The last rule that fits decides. `path` is relative to the rules' root.
    pub fn excludes(&self, path: &str, is_dir: bool) -> bool {
        let whole: Vec<char> = path.chars().collect();
        let base: Vec<char> = path.rsplit('/').next().unwrap_or(path).chars().collect();
        self.rules
            .iter()
            .rev()
            .filter(|rule| is_dir || !rule.only_dirs)
            .find(|rule| glob_fits(&rule.glob, if rule.anchored { &whole } else { &base }))
            .map_or(false, |rule| !rule.keeps)
    }
}

impl Rule {
    fn parse(line: &str) -> Option<Rule> {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let (keeps, line) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
        let (only_dirs, line) = line.strip_suffix('/').map_or((false, line), |rest| (true, rest));
        let glob = line.strip_prefix('/').unwrap_or(line).chars().collect();
        Some(Rule { glob, keeps, only_dirs, anchored: line.contains('/') })
    }
}

/// Whether the whole of `text` fits the glob; only `**` crosses a slash.
fn glob_fits(glob: &[char], text: &[char]) -> bool {
    match glob {
        [] => text.is_empty(),
        ['*', '*', '/', rest @ ..] => {
            glob_fits(rest, text) || (0..text.len()).any(|i| text[i] == '/' && glob_fits(rest, &text[i + 1..]))
        }
        ['*', '*', rest @ ..] => (0..=text.len()).any(|i| glob_fits(rest, &text[i..])),
        ['*', rest @ ..] => {
            let reach = text.iter().position(|c| *c == '/').unwrap_or(text.len());
            (0..=reach).any(|i| glob_fits(rest, &text[i..]))
        }
        ['?', rest @ ..] => text.first().map_or(false, |c| *c != '/') && glob_fits(rest, &text[1..]),
        ['[', body @ ..] if body.iter().skip(1).any(|c| *c == ']') => {
            let inverted = matches!(body[0], '!' | '^');
            let body = &body[inverted as usize..];
            let close = body.iter().skip(1).position(|c| *c == ']').map_or(body.len() - 1, |i| i + 1);
            let Some(c) = text.first().filter(|c| **c != '/') else { return false };
            let ranged = |i: usize| i + 1 < close && body[i] == '-' && i > 0 && (body[i - 1]..=body[i + 1]).contains(c);
            let found = (0..close).any(|i| body[i] == *c || ranged(i));
            found != inverted && glob_fits(&body[close + 1..], &text[1..])
        }
        ['\\', c, rest @ ..] | [c, rest @ ..] => text.first() == Some(c) && glob_fits(rest, &text[1..]),
    }
}
