//! The alphabet of the automaton: characters with a repetition range.

use crate::cli::Options;
use crate::unicode::{is_digit, is_word};

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Atom {
    /// A character, taken literally.
    Char(char),
    /// A character to be written as a code point escape.
    Escaped(char),
    /// A shorthand class such as `\d`.
    Shorthand(char),
    /// A repeated substring.
    Group(Vec<Symbol>),
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Symbol {
    pub atom: Atom,
    pub min: usize,
    pub max: usize,
}

impl Symbol {
    pub fn is_once(&self) -> bool {
        self.min == 1 && self.max == 1
    }

    /// The character, if this symbol is nothing but one.
    pub fn as_char(&self) -> Option<char> {
        match self.atom {
            Atom::Char(c) if self.is_once() => Some(c),
            _ => None,
        }
    }

    /// Whether the other symbol repeats the same as often or once more.
    pub fn reaches(&self, other: &Symbol) -> bool {
        self.atom == other.atom && (self.max == other.max || self.max + 1 == other.max)
    }
}

pub fn tokenize(sample: &str, options: &Options) -> Vec<Symbol> {
    let atoms = sample.chars().map(|c| match shorthand(c, options) {
        Some(letter) => Atom::Shorthand(letter),
        None if options.has("escape") && !c.is_ascii() => Atom::Escaped(c),
        None => Atom::Char(c),
    });
    atoms.map(|atom| Symbol { atom, min: 1, max: 1 }).collect()
}

fn shorthand(c: char, options: &Options) -> Option<char> {
    let rules = [
        ("digits", is_digit(c), 'd'),
        ("words", is_word(c), 'w'),
        ("spaces", c.is_whitespace(), 's'),
        ("non-digits", !is_digit(c), 'D'),
        ("non-words", !is_word(c), 'W'),
        ("non-spaces", !c.is_whitespace(), 'S'),
    ];
    rules.iter().find(|(flag, fits, _)| *fits && options.has(flag)).map(|(_, _, letter)| *letter)
}
