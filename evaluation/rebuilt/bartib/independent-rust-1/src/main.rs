//! A simple time tracker that keeps its log in a plain text file.

mod activity;
mod cli;
mod clock;
mod commands;
mod filter;
mod log;
mod table;
mod views;

use std::path::Path;
use std::process::exit;

fn main() {
    let mut args = std::env::args();
    let path = args.next().unwrap_or_default();
    let program = Path::new(&path).file_name().map_or("bartib".into(), |n| n.to_string_lossy());
    let args: Vec<String> = args.collect();
    match cli::parse(&program, &args) {
        Err(cli::Exit::Text(text)) => println!("{text}"),
        Err(cli::Exit::Failure(text)) => {
            eprintln!("{text}");
            exit(1);
        }
        Ok(invocation) => {
            if let Err(message) = commands::run(&invocation) {
                eprintln!("Error: {message}");
                exit(1);
            }
        }
    }
}
