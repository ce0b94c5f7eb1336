mod parser;

use parser::{harden, Fail, Mode};
use std::fs::File;
use std::io::{self, Read, Write};
use std::process::exit;

const HELP: &str = include_str!("help.txt");
const PITFALL: &str = include_str!("pitfall.txt");
const END_OF_FILE: &str = "Unexpected end of file
The file's end was reached without closing all sytactic scopes.
Either, the parser got lost, or the file is truncated or malformed.
";
const CLIP: usize = 128;

#[derive(Clone, Copy, PartialEq)]
enum Action { Print(Mode), Check, Replace }

fn pitfall_report(src: &[u8], at: usize, len: usize) -> String {
    let block = at - at % CLIP;
    let line_start = src[..at].iter().rposition(|&b| b == b'\n').map_or(0, |p| p + 1);
    let line_end = src[at..].iter().position(|&b| b == b'\n').map_or(src.len(), |p| at + p);
    let before = String::from_utf8_lossy(&src[line_start.max(block)..at]);
    let after = String::from_utf8_lossy(&src[at..line_end.min(block + CLIP)]);
    let indent = " ".repeat(before.chars().count());
    format!("Unsupported syntax: Syntactic pitfall\n{before}{after}\n{indent}{}\n{PITFALL}", "^".repeat(len))
}

fn print_bytes(bytes: &[u8]) {
    let mut stdout = io::stdout().lock();
    if stdout.write_all(bytes).and_then(|_| stdout.flush()).is_err() {
        exit(1);
    }
}

fn process(name: &str, mut action: Action) -> io::Result<bool> {
    if name.is_empty() && action == Action::Replace {
        action = Action::Print(Mode::Transform);
    }
    let mode = if let Action::Print(m) = action { m } else { Mode::Transform };
    let mut src = Vec::new();
    let read = if name.is_empty() {
        io::stdin().read_to_end(&mut src)
    } else {
        File::open(name)?.read_to_end(&mut src)
    };
    if read.is_err() && matches!(action, Action::Print(_)) {
        print_bytes(b"\n");
    }
    read?;
    let (output, changed, result) = harden(&src, mode);
    match action {
        Action::Print(_) => {
            print_bytes(&output);
            if result.is_err() {
                print_bytes(b"\n");
            }
        }
        Action::Check if changed || result.is_err() => exit(2),
        Action::Replace if changed && result.is_ok() => std::fs::write(name, &output)?,
        _ => {}
    }
    match result {
        Err(Fail::Eof) => eprint!("{name}: {END_OF_FILE}"),
        Err(Fail::Pitfall(at, len)) => eprint!("{name}: {}", pitfall_report(&src, at, len)),
        Ok(()) => return Ok(true),
    }
    Ok(false)
}

fn main() {
    let mut action = Action::Print(Mode::SyntaxSuggest);
    let mut options = true;
    let mut status = 0;
    for arg in std::env::args_os().skip(1) {
        let arg = arg.to_string_lossy().into_owned();
        if !options || !arg.starts_with('-') {
            let good = process(&arg, action).unwrap_or_else(|e| {
                eprintln!("{arg}: {e}");
                false
            });
            status |= !good as i32;
            continue;
        }
        match arg.as_str() {
            "--suggest" => action = Action::Print(Mode::Suggest),
            "--syntax" => action = Action::Print(Mode::Syntax),
            "--syntax-suggest" => action = Action::Print(Mode::SyntaxSuggest),
            "--transform" => action = Action::Print(Mode::Transform),
            "--check" => action = Action::Check,
            "--replace" => action = Action::Replace,
            "--" => options = false,
            "-h" | "--help" => print_bytes(HELP.as_bytes()),
            "--version" => println!("4.3.1"),
            _ => {
                eprintln!("{arg}: No such option.");
                exit(3);
            }
        }
    }
    exit(status);
}
