//! The smallest units of an expression and the conversion of text into them.

use crate::settings::Settings;
use crate::unicode;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Token {
    /// One perceived character.
    Literal(String),
    /// One perceived character to be written as code points.
    Coded(String),
    /// A shorthand class such as `\d`, stored as its letter.
    Shorthand(char),
    /// A sequence that occurs between `min` and `max` times.
    Repeat { body: Vec<Token>, min: usize, max: usize },
}

impl Token {
    /// The character, if the token stands for exactly one.
    pub fn single_char(&self) -> Option<char> {
        let Token::Literal(text) = self else {
            return None;
        };
        let mut chars = text.chars();
        chars.next().filter(|_| chars.next().is_none())
    }

    pub fn width(&self) -> usize {
        match self {
            Token::Literal(text) | Token::Coded(text) => text.chars().count(),
            _ => 1,
        }
    }

    /// Splits a token into what is repeated and how often.
    fn counted(&self) -> (&[Token], usize, usize) {
        match self {
            Token::Repeat { body, min, max } => (body, *min, *max),
            other => (std::slice::from_ref(other), 1, 1),
        }
    }

    /// This token, allowing one more repetition if `next` has that many.
    pub fn extended_by(&self, next: &Token) -> Option<Token> {
        let (body, min, max) = self.counted();
        let (next_body, _, count) = next.counted();
        if body != next_body || (max != count && max + 1 != count) {
            return None;
        }
        if min == count {
            return Some(next.clone());
        }
        Some(Token::Repeat { body: body.to_vec(), min, max: count })
    }
}

pub fn split(text: &str, settings: &Settings) -> Vec<Token> {
    let mut tokens = Vec::new();
    for cluster in unicode::graphemes(text) {
        let converted = |c: char| shorthand_for(c, settings).map(Token::Shorthand);
        if !cluster.chars().any(|c| converted(c).is_some()) {
            tokens.push(plain(cluster, settings));
            continue;
        }
        for c in cluster.chars() {
            tokens.push(converted(c).unwrap_or_else(|| plain(c.to_string(), settings)));
        }
    }
    tokens
}

fn plain(cluster: String, settings: &Settings) -> Token {
    if settings.has("escape") && !cluster.is_ascii() {
        return Token::Coded(cluster);
    }
    Token::Literal(cluster)
}

fn shorthand_for(c: char, settings: &Settings) -> Option<char> {
    let (digit, word, space) = (unicode::is_digit(c), unicode::is_word(c), c.is_whitespace());
    let choices = [
        (digit, "digits", 'd'),
        (word, "words", 'w'),
        (space, "spaces", 's'),
        (!digit, "non-digits", 'D'),
        (!word, "non-words", 'W'),
        (!space, "non-spaces", 'S'),
    ];
    let mut usable = choices.iter().filter(|(fits, name, _)| *fits && settings.has(name));
    usable.next().map(|(_, _, letter)| *letter)
}
