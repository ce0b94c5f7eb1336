//! Scans files line by line and reports the secrets in them.

use crate::randomness::looks_random;
use crate::regex::Regex;
use std::path::Path;

pub struct Scanner<'a> {
    pub pattern: Regex,
    pub allowed: &'a [String],
    pub only_matching: bool,
}

impl Scanner<'_> {
    /// Prints what is found in the file; true if there was anything.
    pub fn scan_file(&self, path: &Path) -> bool {
        let content = std::fs::read(path).unwrap_or_else(|error| {
            eprintln!("{}: {}", path.display(), error);
            Vec::new()
        });
        let mut found = false;
        for (index, line) in String::from_utf8_lossy(&content).split('\n').enumerate() {
            let secrets = self.secrets_in(line);
            found |= !secrets.is_empty();
            let shown = if self.only_matching || secrets.is_empty() { secrets } else { vec![line.to_string()] };
            shown.iter().for_each(|text| println!("{}:{}:{}", path.display(), index + 1, text));
        }
        found
    }

    fn secrets_in(&self, line: &str) -> Vec<String> {
        if line.is_empty() || line.contains("pragma: allowlist secret") {
            return Vec::new();
        }
        let chars: Vec<char> = line.chars().collect();
        let matches = self.pattern.find_all(&chars);
        matches.iter().filter_map(|groups| self.judge(groups, &chars)).collect()
    }

    /// The secret in a match: its inner group if that is random, else all of it.
    fn judge(&self, groups: &[Option<(usize, usize)>], line: &[char]) -> Option<String> {
        let inner = groups.iter().skip(2).find_map(|g| *g);
        let (start, end) = inner.or(groups[0])?;
        let secret: String = line[start..end].iter().collect();
        if inner.is_some() && !looks_random(&secret) {
            return None;
        }
        Some(secret).filter(|s| !self.allowed.contains(s))
    }
}
