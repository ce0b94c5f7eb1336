//! The commands that alter single entries: add and remove.

use crate::config;
use crate::database::{now, Database};
use crate::failure::{fail, Outcome};
use crate::glob;
use crate::parse::Parsed;
use std::path::Path;

pub fn add(args: &Parsed) -> Outcome<()> {
    let by = args.value("score").and_then(|s| s.parse().ok()).unwrap_or(1.0);
    let excluded = config::excluded();
    let limit = config::max_age()?;
    let now = now();
    let mut db = Database::open()?;
    for given in &args.positionals {
        let path = config::path_to_store(given)?;
        if path.contains(['\n', '\r']) || excluded.iter().any(|glob| glob::matches(glob, &path)) {
            continue;
        }
        if !Path::new(&path).is_dir() {
            return fail(format!("not a directory: {path}"));
        }
        db.bump(&path, by, now);
    }
    db.age(limit);
    db.save()
}

pub fn remove(args: &Parsed) -> Outcome<()> {
    let mut db = Database::open()?;
    for given in &args.positionals {
        if !db.remove(given) && !db.remove(&config::absolute(given)?) {
            return fail(format!("path not found in database: {given}"));
        }
    }
    db.save()
}
