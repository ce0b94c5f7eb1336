//! A corrective bash syntax highlighter.
mod parser;
mod span;

use parser::{Fault, Parser};
use span::{has_changes, render, View};
use std::io::{Read, Write};

const HELP: &str = include_str!("help.txt");
const END_MESSAGE: &str = include_str!("end.txt");
const PITFALL_MESSAGE: &str = include_str!("pitfall.txt");

/// What to do with each file.
#[derive(Clone, Copy, PartialEq)]
enum Action {
    Print(View),
    Check,
    Replace,
}

/// Read a file, or standard input for the empty name.
fn read(name: &str) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    if name.is_empty() {
        std::io::stdin().read_to_end(&mut text)?;
    } else {
        std::fs::File::open(name)?.read_to_end(&mut text)?;
    }
    Ok(text)
}

/// Explain a fault in the text.
fn describe(fault: &Fault, name: &str, text: &[u8]) -> String {
    match *fault {
        Fault::UnexpectedEnd => format!("{}: Unexpected end of file\n{}", name, END_MESSAGE),
        Fault::Pitfall(start, end) => {
            let line_start = text[..start].iter().rposition(|&c| c == b'\n').map_or(0, |i| i + 1);
            let line_end = text[end..].iter().position(|&c| c == b'\n').map_or(text.len(), |i| end + i);
            let line = String::from_utf8_lossy(&text[line_start..line_end]);
            let indent = " ".repeat(String::from_utf8_lossy(&text[line_start..start]).chars().count());
            let marks = "^".repeat(end - start);
            let head = format!("{}: Unsupported syntax: Syntactic pitfall", name);
            format!("{}\n{}\n{}{}\n{}", head, line, indent, marks, PITFALL_MESSAGE)
        }
    }
}

/// Treat one file; the result is its exit code.
fn treat(name: &str, action: Action) -> i32 {
    let mut stdout = std::io::stdout();
    let text = match read(name) {
        Ok(text) => text,
        Err(error) => {
            if action != Action::Check && error.raw_os_error() != Some(2) && error.raw_os_error() != Some(13) {
                let _ = stdout.write_all(b"\n");
            }
            eprintln!("{}: {}", name, error);
            return 1;
        }
    };
    let mut parser = Parser::new(&text);
    let outcome = parser.parse();
    match action {
        Action::Check => return if outcome.is_err() || has_changes(&parser.spans) { 2 } else { 0 },
        Action::Print(view) => {
            let _ = stdout.write_all(&render(&parser.spans, view));
            if outcome.is_err() { let _ = stdout.write_all(b"\n"); }
            let _ = stdout.flush();
        }
        Action::Replace if outcome.is_ok() && has_changes(&parser.spans) => {
            if let Err(error) = std::fs::write(name, render(&parser.spans, View::Transform)) {
                eprintln!("{}: {}", name, error);
                return 1;
            }
        }
        Action::Replace => {}
    }
    match outcome {
        Ok(()) => 0,
        Err(fault) => { eprintln!("{}", describe(&fault, name, &text)); 1 }
    }
}

fn main() {
    let mut action = Action::Print(View::SyntaxSuggest);
    let mut options = true;
    let mut code = 0;
    for argument in std::env::args_os().skip(1) {
        let argument = argument.to_string_lossy().into_owned();
        if options && argument.starts_with('-') {
            match argument.as_str() {
                "--suggest" => action = Action::Print(View::Suggest),
                "--syntax" => action = Action::Print(View::Syntax),
                "--syntax-suggest" => action = Action::Print(View::SyntaxSuggest),
                "--transform" => action = Action::Print(View::Transform),
                "--check" => action = Action::Check,
                "--replace" => action = Action::Replace,
                "--" => options = false,
                "-h" | "--help" => print!("{}", HELP),
                "--version" => println!("4.3.1"),
                _ => { eprintln!("{}: No such option.", argument); std::process::exit(3); }
            }
            continue;
        }
        match treat(&argument, action) {
            0 => {}
            2 => std::process::exit(2),
            failure => code = failure,
        }
    }
    std::process::exit(code);
}
