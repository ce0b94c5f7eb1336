//! A command-line tool to generate, analyze, convert and manipulate colors.

mod ansi;
mod cli;
mod color;
mod commands;
mod display;
mod distance;
mod format;
mod help;
mod mix;
mod names;
mod parse;
mod random;
mod spec;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (global, name, parsed) = match cli::parse(&args) {
        Ok(found) => found,
        Err(cli::Stop::Show(text)) => {
            print!("{text}");
            return ExitCode::SUCCESS;
        }
        Err(cli::Stop::Error(text)) => {
            eprint!("{text}");
            return ExitCode::from(2);
        }
    };
    let mode = ansi::choose_mode(global.values.get("color-mode").map(String::as_str), global.has("force-color"));
    match commands::run(name, &parsed, &mut display::Output::new(mode)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("[pastel error]: {message}");
            ExitCode::from(1)
        }
    }
}
