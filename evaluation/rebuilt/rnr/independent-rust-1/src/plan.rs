//! From a selection of paths to a safe, ordered list of renamings.

use crate::cli::{Action, Options, Transform};
use crate::output::{Failure, Printer, BAD_EXPRESSION};
use crate::regex::Regex;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

/// One renaming, done or to be done.
#[derive(Clone)]
pub struct Operation {
    pub source: PathBuf,
    pub target: PathBuf,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} -> {}", self.source.display(), self.target.display())
    }
}

/// The way a file name turns into another one: by a regex, or else to ASCII.
pub struct Renamer<'a> {
    regex: Option<(Regex, &'a str, usize, Option<Transform>)>,
    ascii: HashMap<char, &'static str>,
}

impl<'a> Renamer<'a> {
    /// Compiles the pattern, if there is one, and loads the ASCII table. A row
    /// of the table has 64 code points: the first one in hexadecimal, then the
    /// replacement of each, after tabs.
    pub fn new(action: &'a Action) -> Result<Self, Failure> {
        let mut renamer = Renamer { regex: None, ascii: HashMap::new() };
        for line in include_str!("ascii.tsv").lines() {
            let (start, row) = line.split_once('\t').unwrap_or_default();
            let start = u32::from_str_radix(start, 16).unwrap_or(0);
            renamer.ascii.extend((start..).filter_map(char::from_u32).zip(row.split('\t')));
        }
        if let Action::Replace { pattern, replacement, limit, transform } = action {
            let regex = Regex::new(pattern).map_err(|detail| Failure { text: BAD_EXPRESSION, detail })?;
            renamer.regex = Some((regex, replacement, *limit, *transform));
        }
        Ok(renamer)
    }

    fn rename(&self, name: &str) -> String {
        let Some((regex, replacement, limit, transform)) = &self.regex else {
            return self.to_ascii(name);
        };
        regex.replace(name, replacement, *limit, |text| match transform {
            None => text,
            Some(Transform::Upper) => text.to_uppercase(),
            Some(Transform::Lower) => text.to_lowercase(),
            Some(Transform::Ascii) => self.to_ascii(&text),
        })
    }

    /// Replaces what the table knows; scripts it does not cover stay as they are.
    fn to_ascii(&self, text: &str) -> String {
        text.chars().map(|c| self.ascii.get(&c).map_or(c.to_string(), |known| known.to_string())).collect()
    }
}

/// Selects paths, names their targets, and orders the outcome.
pub fn plan(options: &Options, renamer: &Renamer) -> Result<Vec<Operation>, Failure> {
    let mut sources = BTreeSet::new();
    for path in &options.paths {
        visit(Path::new(path), options.max_depth, options, &mut sources);
    }
    let mut operations = Vec::new();
    let mut by_target: BTreeMap<PathBuf, String> = BTreeMap::new();
    for source in sources {
        let Some(name) = source.file_name().map(|name| name.to_string_lossy()) else { continue };
        let new_name = renamer.rename(&name);
        if new_name != name {
            let target = source.parent().unwrap_or(Path::new("")).join(new_name);
            let line = format!("{}->{}\n", source.display(), target.display());
            by_target.entry(target.clone()).or_default().push_str(&line);
            operations.push(Operation { source, target });
        }
    }
    match by_target.into_values().find(|list| list.lines().count() > 1) {
        Some(list) => Err(Failure { text: "Files will have the same name\n", detail: format!("\n{list}") }),
        None => order(operations),
    }
}

/// Adds `path` and, down to `depth` levels, what is below it; missing paths
/// are passed over.
fn visit(path: &Path, depth: usize, options: &Options, found: &mut BTreeSet<PathBuf>) {
    let Ok(metadata) = fs::symlink_metadata(path) else { return };
    if !metadata.is_dir() || options.include_dirs {
        found.insert(path.to_path_buf());
    }
    if metadata.is_dir() && depth > 0 {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            if options.hidden || !entry.file_name().to_string_lossy().starts_with('.') {
                visit(&entry.path(), depth - 1, options, found);
            }
        }
    }
}

/// Orders operations, deepest first, so that no target exists any more when
/// its turn comes; or names the operation for which that cannot be.
fn order(mut waiting: Vec<Operation>) -> Result<Vec<Operation>, Failure> {
    let mut freed = HashSet::new();
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let (ready, blocked): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|operation| {
            let target = &operation.target;
            let ready = freed.contains(target) || fs::symlink_metadata(target).is_err();
            ready && freed.insert(operation.source.clone())
        });
        if ready.is_empty() {
            return Err(Failure { text: "Conflict with existing path ", detail: blocked[0].to_string() });
        }
        ordered.extend(ready);
        waiting = blocked;
    }
    ordered.sort_by_key(|operation| Reverse(operation.source.components().count()));
    Ok(ordered)
}

/// Turns operations round, last one first, to undo them.
pub fn invert(operations: Vec<Operation>) -> Vec<Operation> {
    operations.into_iter().rev().map(|o| Operation { source: o.target, target: o.source }).collect()
}

/// Does one renaming on disk, after a backup if one is wanted.
pub fn execute(operation: &Operation, backup: bool, printer: &Printer) -> Result<(), Failure> {
    let source = &operation.source;
    let shown = source.display();
    if backup && !source.is_dir() {
        // Take the first name that is free: `x.bk`, then `x.bk.1` and so on.
        let mut target = PathBuf::from(format!("{shown}.bk"));
        let mut others = (1..).map(|number| PathBuf::from(format!("{shown}.bk.{number}")));
        while fs::symlink_metadata(&target).is_ok() {
            target = others.next().unwrap_or_default();
        }
        let failure = |_| Failure { text: "Cannot create a backup of ", detail: shown.to_string() };
        fs::copy(source, &target).map_err(failure)?;
        printer.backup(&Operation { source: source.clone(), target });
    }
    let failure = |error| Failure { text: "Cannot rename ", detail: format!("{operation}\n{error}") };
    fs::rename(source, &operation.target).map_err(failure)
}
