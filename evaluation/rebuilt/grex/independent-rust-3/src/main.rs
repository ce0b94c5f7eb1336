//! Builds a regular expression that matches a given set of example strings.

mod automaton;
mod cli;
mod expr;
mod input;
mod render;
mod repeats;
mod settings;
mod solve;
mod token;
mod unicode;

use cli::Command;
use settings::Settings;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (inputs, settings) = match cli::parse(&args) {
        Ok(Command::Generate(inputs, settings)) => (inputs, settings),
        Ok(Command::Print(text)) => {
            print!("{text}");
            return ExitCode::SUCCESS;
        }
        Err(message) => return fail(&message, 2),
    };
    match input::read(settings.0.get("file"), &inputs) {
        Ok(samples) => println!("{}", build_pattern(&samples, &settings)),
        Err(message) => return fail(&message, 1),
    }
    ExitCode::SUCCESS
}

fn fail(message: &str, code: u8) -> ExitCode {
    eprintln!("error: {message}");
    ExitCode::from(code)
}

fn build_pattern(samples: &[String], settings: &Settings) -> String {
    let mut words = Vec::new();
    for sample in prepare(samples, settings) {
        let mut tokens = token::split(&sample, settings);
        if settings.has("repetitions") {
            tokens = repeats::collapse(&tokens, settings);
        }
        words.push(tokens);
    }
    let automaton = automaton::Automaton::from_words(&words);
    render::render(&solve::to_expression(&automaton), settings)
}

/// Normalises case, drops duplicates and puts short samples first.
fn prepare(samples: &[String], settings: &Settings) -> Vec<String> {
    let mut samples = samples.to_vec();
    if settings.has("ignore-case") {
        samples = samples.iter().map(|s| unicode::fold_case(s)).collect();
    }
    samples.sort_by_key(|sample| (sample.chars().count(), sample.clone()));
    samples.dedup();
    if samples.len() > 1 {
        samples.retain(|sample| !sample.is_empty());
    }
    samples
}
