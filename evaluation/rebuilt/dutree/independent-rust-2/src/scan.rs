//! Reading the file system into a tree of sizes.

use crate::palette::Palette;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What to look at and how to measure it.
pub struct ScanRules {
    /// Deepest level kept in the tree; `None` keeps all.
    pub depth: Option<usize>,
    /// Entries smaller than this are merged into one.
    pub aggregate_below: u64,
    /// Count allocated blocks instead of file lengths.
    pub on_disk: bool,
    pub files_only: bool,
    pub skip_hidden: bool,
    pub excluded: Vec<String>,
}

/// A measured file or directory.
pub struct Entry {
    pub name: String,
    pub size: u64,
    /// Terminal colour code of the name.
    pub color: Option<String>,
    /// Largest first, the merged rest last.
    pub children: Vec<Entry>,
}

impl Entry {
    /// An entry that stands for no single path.
    fn synthetic(name: &str, size: u64, children: Vec<Entry>) -> Entry {
        Entry { name: name.to_string(), size, color: None, children }
    }
}

impl ScanRules {
    fn measure(&self, meta: &Metadata) -> u64 {
        if self.on_disk { meta.blocks() * 512 } else { meta.len() }
    }

    /// Whether an entry found in a listing belongs in the tree.
    fn admits(&self, path: &Path) -> bool {
        let name = label(path);
        !(self.skip_hidden && name.starts_with('.'))
            && !self.excluded.contains(&name)
            && !(self.files_only && path.is_dir())
    }
}

/// Scans the requested paths; several are gathered under a common root.
pub fn scan_all(paths: &[PathBuf], rules: &ScanRules, palette: &Palette) -> Entry {
    let mut roots: Vec<Entry> = paths.iter().filter_map(|p| scan(p, 0, rules, palette)).collect();
    if roots.len() == 1 {
        return roots.remove(0);
    }
    largest_first(&mut roots);
    let total = roots.iter().map(|r| r.size).sum();
    Entry::synthetic("<collection>", total, roots)
}

/// Builds the tree below `path`; `None` if it cannot be examined.
fn scan(path: &Path, level: usize, rules: &ScanRules, palette: &Palette) -> Option<Entry> {
    let meta = fs::symlink_metadata(path).ok()?;
    let mut entry = Entry {
        name: label(path),
        size: rules.measure(&meta),
        color: palette.code_for(path, &meta),
        children: Vec::new(),
    };
    if !meta.is_dir() {
        return Some(entry);
    }
    let shown = rules.depth.is_none_or(|limit| level < limit);
    let Some(listing) = shown.then(|| list(path)).flatten() else {
        entry.size = total_size(path, rules);
        return Some(entry);
    };
    let admitted = listing.iter().filter(|child| rules.admits(child));
    let children: Vec<Entry> = admitted.filter_map(|child| scan(child, level + 1, rules, palette)).collect();
    entry.size += children.iter().map(|c| c.size).sum::<u64>();
    entry.children = merge_small(children, rules.aggregate_below);
    Some(entry)
}

/// Sorts the entries and folds those below `limit` into one at the end.
fn merge_small(entries: Vec<Entry>, limit: u64) -> Vec<Entry> {
    let (mut kept, small): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|e| e.size >= limit);
    largest_first(&mut kept);
    let rest: u64 = small.iter().map(|e| e.size).sum();
    if rest > 0 {
        kept.push(Entry::synthetic("<aggregated>", rest, Vec::new()));
    }
    kept
}

fn largest_first(entries: &mut [Entry]) {
    entries.sort_unstable_by(|a, b| b.size.cmp(&a.size));
}

/// Size of everything at and below `path`, without building a tree.
fn total_size(path: &Path, rules: &ScanRules) -> u64 {
    let Ok(meta) = fs::symlink_metadata(path) else {
        return 0;
    };
    let own = rules.measure(&meta);
    if !meta.is_dir() {
        return own;
    }
    let below: u64 = list(path).unwrap_or_default().iter().map(|child| total_size(child, rules)).sum();
    own + below
}

/// The paths inside a directory; complains and gives `None` if unreadable.
fn list(directory: &Path) -> Option<Vec<PathBuf>> {
    match fs::read_dir(directory) {
        Ok(items) => Some(items.flatten().map(|item| item.path()).collect()),
        Err(error) => {
            eprintln!("Couldn't read {} ({:?})", label(directory), error.kind());
            None
        }
    }
}

/// The last component of a path, resolving paths such as `.` and `a/..`.
fn label(path: &Path) -> String {
    if let Some(name) = path.file_name() {
        return name.to_string_lossy().into_owned();
    }
    let full = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    full.file_name().unwrap_or(full.as_os_str()).to_string_lossy().into_owned()
}
