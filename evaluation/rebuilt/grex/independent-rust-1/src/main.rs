//! Command line tool that derives a regular expression from sample strings.

mod automaton;
mod cli;
mod expression;
mod input;
mod pattern;
mod render;
mod repetition;
mod solver;
mod symbols;
mod unicode;

use cli::Action;

/// A message for standard error together with the exit code.
pub type Failure = (String, i32);

fn main() {
    match run(std::env::args().skip(1).collect()) {
        Ok(text) => println!("{}", text.trim_end_matches('\n')),
        Err((message, code)) => {
            eprintln!("{message}");
            std::process::exit(code);
        }
    }
}

fn run(args: Vec<String>) -> Result<String, Failure> {
    Ok(match cli::parse(args).map_err(|message| (message, 2))? {
        Action::Help => include_str!("help.txt").to_string(),
        Action::ShortHelp => include_str!("short_help.txt").to_string(),
        Action::Version => "grex 1.4.6".to_string(),
        Action::Generate(options) => pattern::build(&input::read_samples(&options)?, &options),
    })
}
