//! What the user sees: colored output and failures.
use crate::plan::{parent_of, Rename};

/// Whatever stopped the program after its command line was understood: what went wrong, and with what.
pub struct Failure { pub headline: &'static str, pub detail: String }

impl Failure {
    pub fn new(headline: &'static str, detail: impl ToString) -> Failure { Failure { headline, detail: detail.to_string() } }
}

/// Wraps text in ANSI codes, or leaves it plain.
pub struct Painter { pub colored: bool }

impl Painter {
    pub fn paint(&self, code: &str, text: &str) -> String {
        if self.colored && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }
    pub fn failure(&self, failure: &Failure) -> String {
        format!("{}{}{}", self.paint("31", "Error: "), failure.headline, self.paint("31", &failure.detail))
    }
    /// One rename; in color, what is new in the name stands out between its unchanged start and end.
    pub fn rename(&self, rename: &Rename) -> String {
        let (old_parent, new_parent) = (parent_of(&rename.source), parent_of(&rename.target));
        let (old, new) = (&rename.source[old_parent.len()..], &rename.target[new_parent.len()..]);
        let same = |(a, b): &(char, char)| a == b;
        let head: usize = new.chars().zip(old.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
        let ends = new[head..].chars().rev().zip(old[head..].chars().rev());
        let tail = new.len() - ends.take_while(same).map(|(c, _)| c.len_utf8()).sum::<usize>();
        let left = self.paint("38;5;8", old_parent) + &self.paint("38;5;8", old);
        let right = self.paint("32", &new[..head]) + &self.paint("1;31", &new[head..tail]) + &self.paint("32", &new[tail..]);
        format!("{left} -> {}{right}", self.paint("32", new_parent))
    }
}
