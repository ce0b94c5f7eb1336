//! Finds adjacent repeated substrings and folds them into quantified symbols.

use crate::symbols::{Atom, Symbol};
use std::cmp::Reverse;
use std::collections::HashMap;

/// Thresholds for folding.
#[derive(Clone, Copy)]
pub struct Limits {
    pub repetitions: usize,
    pub length: usize,
}

/// `count` copies of a unit of `length` symbols, beginning at `start`.
struct Run {
    start: usize,
    length: usize,
    count: usize,
}

impl Run {
    fn end(&self) -> usize {
        self.start + self.length * self.count
    }
}

pub fn fold(symbols: &[Symbol], limits: Limits) -> Vec<Symbol> {
    let mut folded = Vec::new();
    let mut position = 0;
    // runs of short units still compete with others for their place
    let runs = choose(find_runs(symbols, limits));
    for run in runs.into_iter().filter(|run| run.length >= limits.length) {
        folded.extend_from_slice(&symbols[position..run.start]);
        folded.push(quantify(&symbols[run.start..run.start + run.length], run.count, limits));
        position = run.end();
    }
    folded.extend_from_slice(&symbols[position..]);
    folded
}

fn quantify(unit: &[Symbol], count: usize, limits: Limits) -> Symbol {
    let atom = match unit {
        [single] => single.atom.clone(),
        _ => Atom::Group(fold(unit, limits)),
    };
    Symbol { atom, min: count, max: count }
}

fn find_runs(symbols: &[Symbol], limits: Limits) -> Vec<Run> {
    let mut runs = Vec::new();
    for length in 1..=symbols.len() / 2 {
        for (_, starts) in occurrences(symbols, length).iter().filter(|(unit, _)| is_primitive(unit)) {
            runs.extend(adjacent(starts, length).filter(|run| run.count > limits.repetitions));
        }
    }
    runs
}

/// Where each substring of a length stands, overlapping copies skipped from left to right.
fn occurrences(symbols: &[Symbol], length: usize) -> HashMap<&[Symbol], Vec<usize>> {
    let mut found: HashMap<&[Symbol], Vec<usize>> = HashMap::new();
    for (start, unit) in symbols.windows(length).enumerate() {
        let starts = found.entry(unit).or_default();
        if starts.last().map_or(true, |last| last + length <= start) {
            starts.push(start);
        }
    }
    found
}

fn adjacent(starts: &[usize], length: usize) -> impl Iterator<Item = Run> + '_ {
    let groups = starts.chunk_by(move |a, b| a + length == *b);
    groups.map(move |group| Run { start: group[0], length, count: group.len() })
}

/// Whether the unit is not itself a repetition of something shorter.
fn is_primitive(unit: &[Symbol]) -> bool {
    (1..=unit.len() / 2)
        .filter(|length| unit.len() % length == 0)
        .all(|length| unit[length..] != unit[..unit.len() - length])
}

/// Picks non-overlapping runs, preferring those which end late, then long ones, then short units.
fn choose(mut runs: Vec<Run>) -> Vec<Run> {
    runs.sort_by_key(|run| (Reverse(run.end()), run.start, run.length));
    let mut chosen: Vec<Run> = Vec::new();
    for run in runs {
        if chosen.last().map_or(true, |next| run.end() <= next.start) {
            chosen.push(run);
        }
    }
    chosen.reverse();
    chosen
}
