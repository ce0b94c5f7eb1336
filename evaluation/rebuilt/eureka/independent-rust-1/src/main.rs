//! eureka: note down an idea, commit it and push it, without leaving the terminal.

mod app;
mod cli;
mod config;
mod error;
mod git;
mod json;
mod logger;
mod programs;
mod push;
mod similarity;
mod style;
mod terminal;

fn main() {
    let args: Vec<String> = std::env::args_os()
        .map(|arg| arg.to_string_lossy().into_owned())
        .collect();
    let options = match cli::parse(&args) {
        cli::Outcome::Run(options) => options,
        cli::Outcome::Help => std::process::exit(cli::print_help(&args)),
        cli::Outcome::Version => std::process::exit(cli::print_version()),
        cli::Outcome::Fail(usage_error) => std::process::exit(cli::print_error(&args, &usage_error)),
    };
    let logger = logger::Logger::from_env();
    logger.debug(&format!("Running with options: {options:?}"));
    if let Err(err) = app::run(&options) {
        logger.error(&err.to_string());
    }
}
