//! Settings taken from the environment, and the paths that depend on them.

use crate::failure::{fail, Describe, Outcome};
use std::env;
use std::path::{Component, Path, PathBuf};

pub fn set(name: &str) -> Option<String> {
    env::var_os(name).map(|v| v.to_string_lossy().into_owned())
}

pub fn enabled(name: &str) -> bool {
    set(name).as_deref() == Some("1")
}

pub fn data_dir() -> Outcome<PathBuf> {
    let dir = match (set("_ZO_DATA_DIR"), set("XDG_DATA_HOME"), set("HOME")) {
        (Some(dir), _, _) => PathBuf::from(dir),
        (None, Some(xdg), _) if xdg.starts_with('/') => PathBuf::from(xdg).join("zoxide"),
        (None, _, Some(home)) => PathBuf::from(home).join(".local/share/zoxide"),
        _ => return fail("could not find data directory, please set _ZO_DATA_DIR manually"),
    };
    if dir.is_absolute() { Ok(dir) } else { fail("_ZO_DATA_DIR must be an absolute path") }
}

/// Patterns of the directories that are never to be stored.
pub fn excluded() -> Vec<String> {
    match set("_ZO_EXCLUDE_DIRS") {
        Some(list) => list.split(':').map(String::from).collect(),
        None => set("HOME").into_iter().collect(),
    }
}

pub fn max_age() -> Outcome<f64> {
    let text = set("_ZO_MAXAGE").unwrap_or("10000".to_string());
    let parsed = text.parse::<u32>().describe(|| format!("unable to parse _ZO_MAXAGE as integer: {text}"));
    parsed.map(f64::from)
}

/// Makes a path absolute and removes `.` and `..` by looking at its text alone.
pub fn absolute(path: &str) -> Outcome<String> {
    let mut result = env::current_dir().describe(|| "could not get current directory".to_string())?;
    for part in Path::new(path).components() {
        match part {
            Component::ParentDir => drop(result.pop()),
            Component::CurDir => {}
            other => result.push(other),
        }
    }
    Ok(result.to_string_lossy().into_owned())
}

pub fn path_to_store(path: &str) -> Outcome<String> {
    if !enabled("_ZO_RESOLVE_SYMLINKS") {
        return absolute(path);
    }
    let real = Path::new(path).canonicalize().describe(|| format!("could not resolve path: {path}"))?;
    Ok(real.to_string_lossy().into_owned())
}
