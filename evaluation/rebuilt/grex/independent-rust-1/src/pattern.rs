//! The way from samples to the finished pattern.

use crate::automaton::Automaton;
use crate::cli::Options;
use crate::render;
use crate::repetition::{self, Limits};
use crate::solver;
use crate::symbols::{self, Symbol};
use crate::unicode;

pub fn build(samples: &[String], options: &Options) -> String {
    let samples = prepare(samples, options);
    let words: Vec<_> = samples.iter().map(|sample| to_word(sample, options)).collect();
    let expression = solver::solve(&Automaton::from_words(&words));
    render::render(&expression, options)
}

/// Normalises case, then sorts by length and alphabet.
fn prepare(samples: &[String], options: &Options) -> Vec<String> {
    let mut prepared = samples.to_vec();
    if options.has("ignore-case") {
        prepared.iter_mut().for_each(|sample| *sample = unicode::lowercase(sample));
    }
    prepared.sort_by_cached_key(|sample| (sample.len(), sample.clone()));
    prepared.dedup();
    prepared
}

fn to_word(sample: &str, options: &Options) -> Vec<Symbol> {
    let symbols = symbols::tokenize(sample, options);
    if !options.has("repetitions") {
        return symbols;
    }
    let limits = Limits {
        repetitions: options.limit("min-repetitions"),
        length: options.limit("min-substring-length"),
    };
    repetition::fold(&symbols, limits)
}
