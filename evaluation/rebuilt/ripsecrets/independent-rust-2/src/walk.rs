//! Lists the files below a path, leaving out hidden and ignored ones.

use crate::glob::Rules;
use std::fs;
use std::path::{Path, PathBuf};

pub struct Walker<'a> {
    exclusions: &'a Rules,
    pub files: Vec<PathBuf>,
}

impl<'a> Walker<'a> {
    pub fn new(source: &Path, exclusions: &'a Rules) -> Self {
        let mut walker = Walker { exclusions, files: Vec::new() };
        if source.is_dir() {
            walker.visit(source);
        } else {
            walker.files.push(source.to_path_buf());
        }
        walker
    }

    fn visit(&mut self, directory: &Path) {
        let rules = Self::git_rules(directory);
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            let path = directory.join(entry.file_name());
            let Ok(kind) = entry.file_type() else { continue };
            match self.is_left_out(&path, kind.is_dir(), &rules) {
                true => (),
                false if kind.is_dir() => self.visit(&path),
                false if kind.is_file() => self.files.push(path),
                false => (),
            }
        }
    }

    /// The rules that hold in a directory, nearest first, each with the path from its file to here.
    fn git_rules(directory: &Path) -> Vec<(Rules, PathBuf)> {
        let full = fs::canonicalize(directory).unwrap_or_default();
        let Some(root) = full.ancestors().find(|d| d.join(".git").exists()) else { return Vec::new() };
        let homes = full.ancestors().take_while(|d| d.starts_with(root));
        let load = |home: &Path| {
            let text = fs::read_to_string(home.join(".gitignore")).ok()?;
            Some((Rules::parse(&text), full.strip_prefix(home).ok()?.to_path_buf()))
        };
        homes.filter_map(load).collect()
    }

    fn is_left_out(&self, path: &Path, is_dir: bool, rules: &[(Rules, PathBuf)]) -> bool {
        let name = path.file_name().unwrap_or_default();
        let by_git = || rules.iter().find_map(|(rules, way)| rules.verdict(&way.join(name), is_dir));
        let verdict = self.exclusions.verdict(path, is_dir).or_else(by_git);
        verdict.unwrap_or(name.to_string_lossy().starts_with('.'))
    }
}
