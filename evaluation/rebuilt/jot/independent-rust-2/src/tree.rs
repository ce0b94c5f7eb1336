//! Printing a folder's contents as a tree.

use crate::cli::Kind;
use crate::store::Vault;
use std::fs;
use std::io;
use std::path::Path;

/// Append the items in `dir`: all levels of both kinds, or one level of the kind in `only`.
fn grow(dir: &Path, only: Option<Kind>, indent: &str, out: &mut String) -> io::Result<()> {
    let mut items = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let kind = if path.is_dir() {
            Some(Kind::Folder)
        } else {
            path.extension().filter(|e| *e == "md").map(|_| Kind::Note)
        };
        if only.is_none() || kind == only {
            items.push((kind, path));
        }
    }
    let count = items.len();
    for (at, (kind, path)) in items.into_iter().enumerate() {
        let (branch, deeper) = if at + 1 == count { ("└──", "    ") } else { ("├──", "│   ") };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match kind {
            Some(Kind::Note) => *out += &format!("{indent}{branch} \x1b[0;34m{}\x1b[0m\n", name.trim_end_matches(".md")),
            Some(_) if only.is_some() => *out += &format!("{indent}{branch} {name}\n"),
            Some(_) if name != ".jot" => {
                *out += &format!("{indent}{branch} {name}\n");
                grow(&path, only, &format!("{indent}{deeper}"), out)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The listing of the current folder.
pub fn listing(vault: &Vault, only: Option<Kind>) -> io::Result<String> {
    let mut out = vault.name.clone();
    if !vault.folder.as_os_str().is_empty() {
        out += &format!(" > {}", vault.folder.display());
    }
    out.push('\n');
    grow(&vault.here(), only, "", &mut out)?;
    Ok(out)
}
