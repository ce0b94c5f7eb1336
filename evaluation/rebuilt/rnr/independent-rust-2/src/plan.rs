//! From paths to an ordered, checked list of renames, and its execution.
use crate::report::{Failure, Painter};
use std::{collections::HashMap, fs, path::Path};

/// One rename, of a file or a directory.
#[derive(Clone, PartialEq)]
pub struct Rename { pub source: String, pub target: String }

impl std::fmt::Display for Rename {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { write!(f, "{} -> {}", self.source, self.target) }
}

/// Which files below the given paths take part.
pub struct Reach { pub recursive: bool, pub max_depth: usize, pub hidden: bool, pub dirs: bool }

/// The part of a path before its name, with its final slash.
pub fn parent_of(path: &str) -> &str { &path[..path.rfind('/').map_or(0, |slash| slash + 1)] }

/// Adds `path` and, in recursive mode, what is below it.
fn gather(path: &Path, depth: usize, reach: &Reach, found: &mut Vec<String>) {
    let below = if depth == 0 { path.is_dir() } else { path.is_dir() && !path.is_symlink() };
    if reach.recursive && below && depth < reach.max_depth {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            let visible = reach.hidden || !entry.file_name().to_string_lossy().starts_with('.');
            if visible { gather(&entry.path(), depth + 1, reach, found) }
        }
    }
    let wanted = path.is_symlink() || path.exists();
    if let (true, Some(name), Some(parent)) = (wanted && (reach.dirs || !path.is_dir()), path.file_name(), path.parent()) {
        found.extend(parent.join(name).to_str().map(String::from));
    }
}

/// The renames that give every reached file the name `new_name` makes, deepest paths first.
pub fn plan(paths: &[String], reach: &Reach, new_name: impl Fn(&str) -> String) -> Result<Vec<Rename>, Failure> {
    let mut sources = Vec::new();
    paths.iter().for_each(|path| gather(Path::new(path), 0, reach, &mut sources));
    sources.sort_by_key(|source| std::cmp::Reverse(Path::new(source).components().count()));
    let (mut renames, mut by_target): (Vec<Rename>, HashMap<String, Vec<Rename>>) = Default::default();
    for source in sources {
        let parent = parent_of(&source);
        let name = new_name(&source[parent.len()..]);
        let target = Path::new(parent).join(&name).to_string_lossy().into_owned();
        let rename = Rename { source, target };
        if rename.source == rename.target || renames.contains(&rename) { continue }
        if name.is_empty() { return Err(Failure::new("Nothing would be left of the name of ", rename.source)) }
        by_target.entry(rename.target.clone()).or_default().push(rename.clone());
        renames.push(rename);
    }
    for rename in &renames {
        let Some(rivals) = by_target.get_mut(&rename.target).filter(|rivals| rivals.len() > 1) else { continue };
        rivals.sort_by(|a, b| a.source.cmp(&b.source));
        let lines: String = rivals.iter().map(|r| format!("{}->{}\n", r.source, r.target)).collect();
        return Err(Failure::new("Files will have the same name\n", format!("\n{lines}")));
    }
    let mut ordered = Vec::new();
    while !renames.is_empty() { settle(0, &mut renames, &mut ordered)? }
    Ok(ordered)
}

/// Moves a rename from `waiting` to `ordered`, after those that have to free its target.
fn settle(index: usize, waiting: &mut Vec<Rename>, ordered: &mut Vec<Rename>) -> Result<(), Failure> {
    let rename = waiting.remove(index);
    if fs::symlink_metadata(&rename.target).is_ok() && !ordered.iter().any(|done| done.source == rename.target) {
        match waiting.iter().position(|other| other.source == rename.target) {
            Some(blocker) => settle(blocker, waiting, ordered)?,
            None => return Err(Failure::new("Conflict with existing path ", rename)),
        }
    }
    ordered.push(rename);
    Ok(())
}

/// Copies a file beside itself under a free `.bk` name, which is returned.
fn back_up(source: &str) -> Result<String, Failure> {
    let candidates = (0..).map(|n| if n == 0 { format!("{source}.bk") } else { format!("{source}.bk.{n}") });
    let copy = candidates.into_iter().find(|copy| fs::symlink_metadata(copy).is_err()).unwrap_or_default();
    fs::copy(source, &copy).map_err(|_| Failure::new("Cannot create a backup of ", source))?;
    Ok(copy)
}

/// Does the rename, after a backup if wished; the lines to print go to `say`.
pub fn carry_out(rename: &Rename, backup: bool, painter: &Painter, say: impl Fn(String)) -> Result<(), Failure> {
    if backup && !Path::new(&rename.source).is_dir() {
        let copied = Rename { source: rename.source.clone(), target: back_up(&rename.source)? }.to_string();
        say(format!("{} Backup created - {}", painter.paint("1", "Info: "), painter.paint("38;5;8", &copied)));
    }
    fs::rename(&rename.source, &rename.target).map_err(|cause| Failure::new("Cannot rename ", format!("{rename}\n{cause}")))?;
    say(painter.rename(rename));
    Ok(())
}
