//! Searching the database.

use crate::database::{now, Database, Entry, EXPIRY};
use crate::failure::{fail, Outcome};
use crate::finder;
use crate::parse::Parsed;
use std::path::Path;

/// All keywords have to occur in order, the last of them within the last part of the path.
fn matches_keywords(path: &str, keywords: &[String]) -> bool {
    let lower = path.to_lowercase();
    let Some((last, others)) = keywords.split_last() else { return true };
    let Some(mut end) = lower.rfind(last.as_str()) else { return false };
    if lower[end + last.len()..].contains('/') {
        return false;
    }
    others.iter().rev().all(|word| lower[..end].rfind(word.as_str()).map(|at| end = at).is_some())
}

pub fn run(args: &Parsed) -> Outcome<()> {
    let keywords: Vec<String> = args.positionals.iter().map(|k| k.to_lowercase()).collect();
    let inside = |path: &str| args.value("base-dir").map_or(true, |base| Path::new(path).starts_with(base));
    let accepts = |path: &str| inside(path) && matches_keywords(path, &keywords);
    let now = now();
    let mut db = Database::open()?;
    db.sort_by_score(now);
    let matching = collect(&mut db, accepts, args.flag("all"), now);
    db.save()?;
    let exclude = args.value("exclude");
    let wanted: Vec<&Entry> = matching.iter().filter(|e| Some(e.path.as_str()) != exclude).collect();
    if args.flag("interactive") {
        let chosen = finder::choose(wanted.iter().map(|e| e.scored(now, '\t')))?;
        let path = chosen.split_once('\t').map_or(chosen.as_str(), |(_, path)| path);
        print!("{}", if args.flag("score") { &chosen } else { path });
    } else if args.flag("list") {
        wanted.iter().for_each(|e| println!("{}", render(e, args, now)));
    } else if let Some(best) = wanted.first() {
        println!("{}", render(best, args, now));
    } else if !matching.is_empty() {
        return fail("you are already in the only match");
    } else {
        return fail("no match found");
    }
    Ok(())
}

/// The matches, best first; long gone directories are dropped on the way.
fn collect(db: &mut Database, accepts: impl Fn(&str) -> bool, all: bool, now: u64) -> Vec<Entry> {
    let mut found = Vec::new();
    for i in (0..db.entries.len()).rev() {
        let entry = &db.entries[i];
        if !accepts(&entry.path) {
            continue;
        }
        if all || Path::new(&entry.path).is_dir() {
            found.push(entry.clone());
        } else if entry.accessed + EXPIRY < now {
            db.entries.swap_remove(i);
        }
    }
    found
}

fn render(entry: &Entry, args: &Parsed, now: u64) -> String {
    if args.flag("score") { entry.scored(now, ' ') } else { entry.path.clone() }
}
