//! The list of known directories and its file.

use crate::config;
use crate::failure::{fail, Describe, Outcome};
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

const VERSION: u32 = 3;
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;
pub const EXPIRY: u64 = 90 * DAY;

#[derive(Clone)]
pub struct Entry {
    pub path: String,
    pub rank: f64,
    pub accessed: u64,
}

impl Entry {
    pub fn score(&self, now: u64) -> f64 {
        let age = now.saturating_sub(self.accessed);
        self.rank * if age < HOUR { 4.0 } else if age < DAY { 2.0 } else if age < WEEK { 0.5 } else { 0.25 }
    }

    pub fn scored(&self, now: u64, separator: char) -> String {
        format!("{:6.1}{separator}{}", self.score(now).clamp(0.0, 9999.0), self.path)
    }
}

pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

pub struct Database {
    file: PathBuf,
    pub entries: Vec<Entry>,
    pub dirty: bool,
}

impl Database {
    pub fn open() -> Outcome<Database> {
        let file = config::data_dir()?.join("db.zo");
        let entries = match fs::read(&file) {
            Ok(bytes) => decode(&bytes)?,
            Err(e) if e.kind() == ErrorKind::NotFound => Vec::new(),
            Err(e) => return fail(format!("could not read from database: {}\n\nCaused by:\n    {e}", file.display())),
        };
        Ok(Database { file, entries, dirty: false })
    }

    pub fn save(&self) -> Outcome<()> {
        if !self.dirty {
            return Ok(());
        }
        let dir = self.file.parent().unwrap_or(&self.file);
        fs::create_dir_all(dir).describe(|| format!("unable to create data directory: {}", dir.display()))?;
        let draft = dir.join(format!("tmp_{}", std::process::id()));
        let written = fs::write(&draft, encode(&self.entries)).and_then(|_| fs::rename(&draft, &self.file));
        written.describe(|| "could not write to database".to_string())
    }

    fn position(&self, path: &str) -> Option<usize> {
        self.entries.iter().position(|e| e.path == path)
    }

    /// Raises (or lowers) the rank of a path, creating its entry if necessary.
    pub fn bump(&mut self, path: &str, by: f64, now: u64) {
        match self.position(path) {
            Some(i) => {
                let entry = &mut self.entries[i];
                entry.rank = (entry.rank + by).max(0.0);
                entry.accessed = now;
            }
            None => self.entries.push(Entry { path: path.to_string(), rank: by.max(0.0), accessed: now }),
        }
        self.dirty = true;
    }

    pub fn remove(&mut self, path: &str) -> bool {
        let found = self.position(path).map(|i| self.entries.swap_remove(i)).is_some();
        self.dirty |= found;
        found
    }

    /// Shrinks all ranks once their sum exceeds the limit, and drops those that get too small.
    pub fn age(&mut self, limit: f64) {
        let total: f64 = self.entries.iter().map(|e| e.rank).sum();
        if total <= limit {
            return;
        }
        let factor = 0.9 * limit / total;
        for i in (0..self.entries.len()).rev() {
            self.entries[i].rank *= factor;
            if self.entries[i].rank < 1.0 {
                self.entries.swap_remove(i);
            }
        }
        self.dirty = true;
    }

    /// Joins the entries that share a path.
    pub fn merge_duplicates(&mut self) {
        self.entries.sort_by(|a, b| a.path.cmp(&b.path));
        for i in (1..self.entries.len()).rev() {
            if self.entries[i].path == self.entries[i - 1].path {
                let twin = self.entries.swap_remove(i);
                let kept = &mut self.entries[i - 1];
                kept.rank += twin.rank;
                kept.accessed = kept.accessed.max(twin.accessed);
            }
        }
        self.dirty = true;
    }

    pub fn sort_by_score(&mut self, now: u64) {
        self.entries.sort_by(|a, b| a.score(now).total_cmp(&b.score(now)));
        self.dirty = true;
    }
}

fn encode(entries: &[Entry]) -> Vec<u8> {
    let mut out = VERSION.to_le_bytes().to_vec();
    out.extend((entries.len() as u64).to_le_bytes());
    for entry in entries {
        out.extend((entry.path.len() as u64).to_le_bytes());
        out.extend(entry.path.as_bytes());
        out.extend(entry.rank.to_le_bytes());
        out.extend(entry.accessed.to_le_bytes());
    }
    out
}

fn decode(bytes: &[u8]) -> Outcome<Vec<Entry>> {
    let Some((head, body)) = bytes.split_first_chunk::<4>() else {
        return fail("could not deserialize database: corrupted data");
    };
    match u32::from_le_bytes(*head) {
        VERSION => decode_entries(body).ok_or("io error: unexpected end of file")
            .describe(|| "could not deserialize database".to_string()),
        other => fail(format!("unsupported version (got {other}, supports {VERSION})")),
    }
}

fn decode_entries(mut body: &[u8]) -> Option<Vec<Entry>> {
    let count = u64::from_le_bytes(take8(&mut body)?);
    let mut entries = Vec::new();
    for _ in 0..count {
        let length = usize::try_from(u64::from_le_bytes(take8(&mut body)?)).ok()?;
        let path = String::from_utf8_lossy(body.get(..length)?).into_owned();
        body = &body[length..];
        let rank = f64::from_le_bytes(take8(&mut body)?);
        let accessed = u64::from_le_bytes(take8(&mut body)?);
        entries.push(Entry { path, rank, accessed });
    }
    Some(entries)
}

fn take8(body: &mut &[u8]) -> Option<[u8; 8]> {
    let (chunk, rest) = body.split_first_chunk::<8>()?;
    *body = rest;
    Some(*chunk)
}
