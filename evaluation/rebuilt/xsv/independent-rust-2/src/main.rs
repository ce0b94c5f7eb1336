//! A toolbox of CSV commands.

mod align;
mod cli;
mod columns;
mod csv_in;
mod csv_out;
mod join;
mod rows;
mod view;

use cli::{Args, Command};

/// Every failing operation carries the message shown to the user.
pub type Outcome<T> = Result<T, String>;

const MAIN_HELP: &str = include_str!("help/main.txt");
const KNOWN: [&str; 21] = [
    "cat", "count", "fixlengths", "flatten", "fmt", "frequency", "headers", "help", "index",
    "input", "join", "partition", "reverse", "sample", "search", "select", "slice", "sort",
    "split", "stats", "table",
];

macro_rules! command {
    ($name:literal, $words:expr, $run:path) => {
        Command {
            name: $name,
            help: include_str!(concat!("help/", $name, ".txt")),
            words: $words,
            run: $run,
        }
    };
}

const COMMANDS: [Command; 9] = [
    command!("count", 0..=1, view::count),
    command!("flatten", 0..=1, view::flatten),
    command!("fmt", 0..=1, view::reformat),
    command!("headers", 0..=usize::MAX, view::headers),
    command!("join", 4..=4, join::join),
    command!("select", 1..=2, rows::select),
    command!("slice", 0..=1, rows::slice),
    command!("sort", 0..=1, rows::sort),
    command!("table", 0..=1, view::table),
];

fn top_level(words: &[String]) -> Outcome<()> {
    let args = Args::parse(MAIN_HELP, words)?;
    if !args.words.is_empty() {
        return Err(args.misuse("Invalid arguments."));
    }
    let list = MAIN_HELP.split("Commands:\n").nth(1).unwrap_or("").trim_end();
    if args.has("help") {
        print!("{MAIN_HELP}");
    } else if args.has("version") {
        println!("0.13.0");
    } else if args.has("list") {
        println!("Installed commands:\n{list}\n");
    } else {
        eprintln!("xsv is a suite of CSV command line utilities.\n");
        eprintln!("Please choose one of the following commands:\n{list}\n");
    }
    Ok(())
}

fn dispatch(words: &[String]) -> Outcome<()> {
    let Some(name) = words.first().map(String::as_str).filter(|w| !w.starts_with('-')) else {
        return top_level(words);
    };
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => command.start(&words[1..]),
        None if name == "help" => {
            print!("\n{MAIN_HELP}\n");
            Ok(())
        }
        None if KNOWN.contains(&name) => {
            Err(format!("The command '{name}' is not part of this program."))
        }
        None => Err(format!(
            "Could not match '{name}' with any of the allowed variants: {KNOWN:?}"
        )),
    }
}

fn main() {
    let words = std::env::args_os().skip(1).map(|w| w.to_string_lossy().into_owned());
    if let Err(message) = dispatch(&words.collect::<Vec<_>>()) {
        eprintln!("{message}");
        std::process::exit(1);
    }
}
