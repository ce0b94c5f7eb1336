//! Remembers the directories you work in and finds them again by a few keywords.

mod change;
mod config;
mod database;
mod failure;
mod finder;
mod glob;
mod import;
mod init;
mod parse;
mod query;
mod spec;

use failure::{fail, Outcome};
use parse::Parsed;

fn dispatch(args: &Parsed) -> Outcome<()> {
    match args.command {
        "add" => change::add(args),
        "remove" => change::remove(args),
        "import" => import::run(args),
        "init" => init::run(args),
        "query" => query::run(args),
        other => fail(format!("{other} is not available")),
    }
}

fn main() {
    let args: Vec<String> = std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    let Err(end) = parse::parse(&args).and_then(|parsed| dispatch(&parsed)) else { return };
    if end.code == 0 {
        print!("{}", end.text);
    } else {
        eprint!("{}", end.text);
    }
    std::process::exit(end.code);
}
