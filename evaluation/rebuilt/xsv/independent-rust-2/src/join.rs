//! Joining of two inputs on key columns.

use crate::cli::Args;
use crate::columns::{pick, resolve};
use crate::csv_in::Record;
use crate::Outcome;
use std::collections::HashMap;

/// One loaded input with the key of each of its rows.
struct Side {
    header: Record,
    rows: Vec<Record>,
    keys: Vec<Option<Vec<String>>>,
    key_width: usize,
}

/// Which rows of the two sides go together; a missing row stands for blanks.
type Pairs = Vec<(Option<usize>, Option<usize>)>;

impl Side {
    fn load(args: &Args, position: usize) -> Outcome<Side> {
        let mut source = args.source(position + 1)?;
        let columns = resolve(Some(&args.words[position]), &source)?;
        let rows = source.rest()?;
        let normal = |field: &&[u8]| {
            let text = String::from_utf8_lossy(field).trim().to_string();
            if args.has("no-case") { text.to_lowercase() } else { text }
        };
        let key_of = |row: &Record| {
            let key: Vec<String> = pick(row, &columns).iter().map(normal).collect();
            Some(key).filter(|key| args.has("nulls") || !key.iter().any(String::is_empty))
        };
        let keys = rows.iter().map(key_of).collect();
        Ok(Side { header: source.header, rows, keys, key_width: columns.len() })
    }

    fn row(&self, position: Option<usize>) -> Record {
        let blank = || vec![Vec::new(); self.header.len()];
        position.map_or_else(blank, |position| self.rows[position].clone())
    }
}

/// Pairs each row of one side with its matches on the other, then lists the
/// rows of the other side that were never matched, if those are wanted.
fn matched(this: &Side, other: &Side, keep_this: bool, keep_other: bool) -> Pairs {
    let mut index: HashMap<_, Vec<usize>> = HashMap::new();
    for (row, key) in other.keys.iter().enumerate() {
        index.entry(key).or_default().push(row);
    }
    let mut pairs = Pairs::new();
    let mut used = vec![false; other.rows.len()];
    for (row, key) in this.keys.iter().enumerate() {
        let hits = index.get(key).filter(|_| key.is_some());
        for &hit in hits.into_iter().flatten() {
            used[hit] = true;
            pairs.push((Some(row), Some(hit)));
        }
        if hits.is_none() && keep_this {
            pairs.push((Some(row), None));
        }
    }
    let lone = (0..used.len()).filter(|row| keep_other && !used[*row]);
    pairs.extend(lone.map(|row| (None, Some(row))));
    pairs
}

fn crossed(left: &Side, right: &Side) -> Pairs {
    let rows = 0..left.rows.len();
    rows.flat_map(|l| (0..right.rows.len()).map(move |r| (Some(l), Some(r)))).collect()
}

pub fn join(args: &Args) -> Outcome<()> {
    let flags = ["left", "right", "full", "cross"].map(|flag| args.has(flag));
    if flags.iter().filter(|set| **set).count() > 1 {
        return Err("Please pick exactly one join operation.".to_string());
    }
    let (left, right) = (Side::load(args, 0)?, Side::load(args, 2)?);
    if left.key_width != right.key_width {
        return Err(format!(
            "Column selections must have the same number of columns, \
             but found column selections with {} and {} columns.",
            left.key_width, right.key_width
        ));
    }
    let pairs = match flags {
        [_, true, ..] => {
            matched(&right, &left, true, false).into_iter().map(|(r, l)| (l, r)).collect()
        }
        [.., true] => crossed(&left, &right),
        [keep_left, _, full, _] => matched(&left, &right, keep_left || full, full),
    };
    let mut writer = args.writer()?;
    if !args.has("no-headers") {
        writer.record(&[left.header.clone(), right.header.clone()].concat())?;
    }
    for (l, r) in pairs {
        writer.record(&[left.row(l), right.row(r)].concat())?;
    }
    writer.finish()
}
