//! Compiles the Melody language to ECMAScript regular expressions.

mod args;
mod emit;
mod regex;
mod syntax;

use args::{Args, Request};
use std::io::{self, IsTerminal};
use std::{env, fs, path::Path, process};

/// Colors text, or leaves it alone.
#[derive(Clone, Copy)]
struct Paint { on: bool }

impl Paint {
    fn code(self, code: &str, text: &str) -> String {
        if self.on { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }
    fn green(self, text: &str) -> String { self.code("92", text) }
    fn blue(self, text: &str) -> String { self.code("94", text) }
    fn red(self, text: &str) -> String { self.code("91", text) }
}

/// An exit code and the message that goes with it.
type Failure = (i32, String);
const BAD_USAGE: i32 = 64;
/// Bad source, regex or input file.
const BAD_DATA: i32 = 65;
const NO_INPUT: i32 = 66;
/// A file that cannot be read or written.
const BAD_FILE: i32 = 74;

fn help(base: &str) -> String {
    format!("A CLI wrapping the Melody language compiler\n\nUsage: {base} [OPTIONS] [INPUT_FILE_PATH]\n{}", args::HELP)
}

fn main() {
    let words: Vec<String> = env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let base = words.first().and_then(|word| Path::new(word).file_name()?.to_str()).unwrap_or("melody");
    let args = match args::parse(base, words.get(1..).unwrap_or_default()) {
        Ok(Request::Help) => return print!("{}", help(base)),
        Ok(Request::Version) => return println!("melody_cli 0.20.0"),
        Ok(Request::Run(args)) => args,
        Err(message) => {
            eprintln!("error: {message}\n\nFor more information, try '--help'.");
            process::exit(2);
        }
    };
    let paint = Paint { on: io::stdout().is_terminal() && !args.has("no-color") };
    if let Err((code, message)) = run(&args, paint) {
        match code {
            NO_INPUT => eprint!("{}\n\n{}", paint.blue(&message), help("melody_cli")),
            _ => eprintln!("{}", paint.red(&format!("Error: {message}"))),
        }
        process::exit(code);
    }
}

/// Carries out a valid command line.
fn run(args: &Args, paint: Paint) -> Result<(), Failure> {
    if let Some(shell) = args.get("generate-completions") {
        eprintln!("Unknown or unsupported shell: '{shell}'\nTry one of: 'bash', 'zsh', 'fish', 'elvish', 'powershell'\n");
        return Ok(());
    }
    if args.has("repl") {
        let piped = !io::stdin().is_terminal() || !io::stdout().is_terminal();
        let message = if piped { "repl argument supplied with piped input or output" } else { "the REPL is not available in this version" };
        return Err((BAD_USAGE, message.into()));
    }
    let regex = emit::compile(&source(args.get(""))?).map_err(|message| (BAD_DATA, message))?;
    if let Some(text) = args.get("test") { return report(&regex, text, &format!("'{text}'"), paint); }
    if let Some(path) = args.get("test-file") {
        let text = fs::read_to_string(path).map_err(|_| (BAD_FILE, unreadable(path)))?;
        return report(&regex, &text, path, paint);
    }
    match args.get("output") {
        Some(path) => fs::write(path, regex).map_err(|_| (BAD_FILE, path.to_string()))?,
        None => println!("{}", paint.blue(&regex)),
    }
    Ok(())
}

fn unreadable(path: &str) -> String { format!("unable read file at path {path}") }

/// Reads the Melody source from a file, or from standard input.
fn source(path: Option<&str>) -> Result<String, Failure> {
    let hint = "No input file supplied and no input piped\nTry adding a path argument: 'melody ./file.mdy'";
    match path {
        None if io::stdin().is_terminal() => Err((NO_INPUT, hint.into())),
        None | Some("-") => io::read_to_string(io::stdin().lock()).map_err(|_| (BAD_DATA, "unable to read stdin".into())),
        Some(path) => fs::read_to_string(path).map_err(|_| (BAD_DATA, unreadable(path))),
    }
}

/// Tests `text` and prints whether it matched under the name `label`.
fn report(regex: &str, text: &str, label: &str, paint: Paint) -> Result<(), Failure> {
    let matched = regex::is_match(regex, text)
        .map_err(|cause| (BAD_DATA, format!("could not compile regex\nCause: {cause}\nRegex: {regex}")))?;
    println!("{label} {}", if matched { paint.green("matched") } else { paint.red("did not match") });
    Ok(())
}
