//! Finding immediately repeated sequences of tokens.

use crate::settings::Settings;
use crate::token::Token;
use std::cmp::Reverse;

/// A place where a sequence of the given length occurs several times in a row.
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

/// Replaces repeated sequences, preferring those that end last and cover most.
pub fn collapse(tokens: &[Token], settings: &Settings) -> Vec<Token> {
    let mut runs = find_runs(tokens, settings);
    runs.sort_by_key(|run| (Reverse(run.end()), run.start, run.length));
    let mut chosen: Vec<Run> = Vec::new();
    for run in runs {
        if chosen.last().is_none_or(|later| run.end() <= later.start) {
            chosen.push(run);
        }
    }
    let mut result = Vec::new();
    let mut position = 0;
    for run in chosen.iter().rev() {
        result.extend_from_slice(&tokens[position..run.start]);
        let body = collapse(&tokens[run.start..run.start + run.length], settings);
        result.push(Token::Repeat { body, min: run.count, max: run.count });
        position = run.end();
    }
    result.extend_from_slice(&tokens[position..]);
    result
}

fn find_runs(tokens: &[Token], settings: &Settings) -> Vec<Run> {
    let mut runs = Vec::new();
    for length in settings.number("min-substring-length")..=tokens.len() / 2 {
        for start in 0..=tokens.len() - 2 * length {
            let pattern = &tokens[start..start + length];
            let pieces = tokens[start..].chunks_exact(length);
            let count = pieces.take_while(|piece| *piece == pattern).count();
            let continues = tokens[..start].ends_with(pattern);
            if count > settings.number("min-repetitions") && !continues {
                runs.push(Run { start, length, count });
            }
        }
    }
    runs
}
