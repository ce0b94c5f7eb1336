//! A disk usage viewer: scans paths into a tree of sizes and draws the tree
//! with proportional bars.
//!
//! Flow: arguments -> `Request` -> `Entry` tree -> lines of text.

mod cli;
mod palette;
mod render;
mod scan;

use std::{io::Write, path::PathBuf};
use {cli::Command, palette::Palette, render::Layout};

fn main() {
    let mut argv = std::env::args_os().map(|a| a.to_string_lossy().into_owned());
    let program = argv.next().unwrap_or_else(|| "dutree".to_string());
    let args: Vec<String> = argv.collect();
    std::process::exit(run(&program, &args));
}

/// Executes one invocation and returns the process exit code.
fn run(program: &str, args: &[String]) -> i32 {
    let request = match cli::parse(args) {
        Ok(Command::Help) => {
            print!("{}", cli::usage(program));
            return 0;
        }
        Ok(Command::Version) => {
            println!("dutree version 0.2.18");
            return 0;
        }
        Ok(Command::Show(request)) => request,
        Err(problem) => {
            if problem.with_usage {
                print!("{}", cli::usage(program));
            }
            eprintln!("{}", problem.message);
            return 1;
        }
    };

    let paths: Vec<PathBuf> = request.paths.iter().map(PathBuf::from).collect();
    if let Some(missing) = paths.iter().find(|p| !p.exists()) {
        eprintln!("path {} doesn't exist", missing.display());
        return 1;
    }

    let palette = if request.ascii {
        Palette::default()
    } else {
        Palette::from_spec(&std::env::var("LS_COLORS").unwrap_or_default())
    };
    let tree = scan::scan_all(&paths, &request.rules, &palette);
    let text = Layout::for_terminal(request.ascii, request.bytes).draw(&tree);
    // A closed pipe is not worth a complaint.
    let _ = std::io::stdout().write_all(text.as_bytes());
    0
}
