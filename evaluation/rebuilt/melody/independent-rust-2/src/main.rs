mod melody;

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::process::exit;

const RED: u8 = 91;
const GREEN: u8 = 92;
const BLUE: u8 = 94;

// short letter, how messages show it, which others it excludes
const OPTIONS: [(char, &str, &str); 9] = [
    ('o', "--output <OUTPUT_FILE_PATH>", "gtf"),
    ('n', "--no-color", ""),
    ('r', "--repl", "gtf"),
    ('g', "--generate-completions <completions>", "iortf"),
    ('t', "--test <test>", "orgf"),
    ('f', "--test-file <test-file>", "orgt"),
    ('h', "--help", ""),
    ('V', "--version", ""),
    ('i', "[INPUT_FILE_PATH]", "g"),
];

const PLAIN_USAGE: &str = "[OPTIONS] [INPUT_FILE_PATH]";

const HELP: &str = "A CLI wrapping the Melody language compiler

Usage: PROGRAM [OPTIONS] [INPUT_FILE_PATH]

Arguments:
  [INPUT_FILE_PATH]  Read from a file
                     Use '-' and or pipe input to read from stdin

Options:
  -o, --output <OUTPUT_FILE_PATH>           Write to a file
  -n, --no-color                            Print output with no color
  -r, --repl                                Start the Melody REPL
      --generate-completions <completions>  Outputs completions for the selected shell
                                            To use, write the output to the appropriate location for your shell
  -t, --test <test>                         Test the compiled regex against a string
  -f, --test-file <test-file>               Test the compiled regex against the contents of a file
  -h, --help                                Print help
  -V, --version                             Print version
";

fn label(key: char) -> &'static str {
    OPTIONS.iter().find(|o| o.0 == key).unwrap().1
}

fn long_name(key: char) -> &'static str {
    label(key).split(' ').next().unwrap()
}

fn key_of(arg: &str) -> Option<char> {
    if arg.starts_with("--") {
        let name = arg.split('=').next().unwrap();
        return OPTIONS.iter().map(|o| o.0).find(|key| long_name(*key) == name);
    }
    arg.chars().nth(1).filter(|c| "onrtfhV".contains(*c))
}

struct Cli {
    program: String,
    given: Vec<(char, String)>,
}

impl Cli {
    fn value(&self, key: char) -> Option<&str> {
        self.given.iter().find(|g| g.0 == key).map(|g| g.1.as_str())
    }

    fn fail(&self, message: &str, usage: &str) -> ! {
        eprintln!("error: {}\n", message);
        if !usage.is_empty() {
            eprintln!("Usage: {} {}\n", self.program, usage);
        }
        eprintln!("For more information, try '--help'.");
        exit(2)
    }

    fn unknown(&self, arg: &str) -> ! {
        let mut tip = format!("to pass '{0}' as a value, use '-- {0}'", arg);
        let all: Vec<&str> = OPTIONS[..6].iter().map(|o| o.1).collect();
        let all = format!("<INPUT_FILE_PATH|{}>", all.join("|"));
        let mut usage = if self.given.is_empty() { PLAIN_USAGE.to_string() } else { all.clone() };
        if !arg.starts_with("--") {
            usage = PLAIN_USAGE.to_string();
        } else if let Some(o) = OPTIONS.iter().find(|o| long_name(o.0).starts_with(arg)) {
            tip = format!("a similar argument exists: '{}'", long_name(o.0));
            usage = if "hV".contains(o.0) { format!("{} [INPUT_FILE_PATH]", o.1) } else { all };
        }
        self.fail(&format!("unexpected argument '{}' found\n\n  tip: {}", arg, tip), &usage)
    }

    fn add(&mut self, key: char, value: Option<String>, rest: &mut std::vec::IntoIter<String>) {
        let value = match (value, label(key).ends_with('>')) {
            (Some(value), false) if key != 'i' => {
                let message = format!("unexpected value '{}' for '{}' found; no more were expected", value, label(key));
                self.fail(&message, &format!("{} [INPUT_FILE_PATH]", label(key)))
            }
            (None, true) => match rest.next() {
                Some(next) if next == "-" || !next.starts_with('-') => next,
                Some(next) if next != "--" && key_of(&next).is_none() => self.unknown(&next),
                _ => self.fail(&format!("a value is required for '{}' but none was supplied", label(key)), ""),
            },
            (value, _) => value.unwrap_or_default(),
        };
        if key == 'h' {
            print!("{}", HELP.replace("PROGRAM", &self.program));
            exit(0)
        }
        if key == 'V' {
            println!("melody_cli 0.20.0");
            exit(0)
        }
        match self.value(key) {
            Some(_) if key == 'i' => self.fail(&format!("unexpected argument '{}' found", value), PLAIN_USAGE),
            Some(_) => self.fail(&format!("the argument '{}' cannot be used multiple times", label(key)), PLAIN_USAGE),
            None => self.given.push((key, value)),
        }
    }

    fn parse(&mut self, mut args: std::vec::IntoIter<String>) {
        let mut only_values = false;
        while let Some(arg) = args.next() {
            if only_values || arg == "-" || !arg.starts_with('-') {
                self.add('i', Some(arg), &mut args);
            } else if arg == "--" {
                only_values = true;
            } else if arg.starts_with("--") {
                let value = arg.split_once('=').map(|(_, v)| v.to_string());
                let Some(key) = key_of(&arg) else { self.unknown(arg.split('=').next().unwrap()) };
                self.add(key, value, &mut args);
            } else {
                let mut letters = arg[1..].chars();
                while let Some(letter) = letters.next() {
                    let Some(key) = key_of(&format!("-{}", letter)) else { self.unknown(&format!("-{}", letter)) };
                    let rest = letters.as_str();
                    let attached = !rest.is_empty() && (label(key).ends_with('>') || rest.starts_with('='));
                    let value = attached.then(|| rest.strip_prefix('=').unwrap_or(rest).to_string());
                    self.add(key, value, &mut args);
                    if attached {
                        break;
                    }
                }
            }
        }
        for (key, shown, excluded) in self.given.iter().map(|g| OPTIONS.iter().find(|o| o.0 == g.0).unwrap()) {
            let (against, kept): (Vec<char>, Vec<char>) = self.given.iter().map(|g| g.0).partition(|k| excluded.contains(*k));
            let others = match against.as_slice() {
                [] => continue,
                [one] => format!(" '{}'", label(*one)),
                many => many.iter().fold(":".to_string(), |all, k| format!("{}\n  {}", all, label(*k))),
            };
            let mut usage: Vec<&str> = kept.iter().filter(|k| **k != 'i').map(|k| label(*k)).collect();
            usage.push(if kept.contains(&'i') || *key == 'i' { "<INPUT_FILE_PATH>" } else { "[INPUT_FILE_PATH]" });
            self.fail(&format!("the argument '{}' cannot be used with{}", shown, others), &usage.join(" "));
        }
    }
}

fn tint(on: bool, code: u8, text: &str) -> String {
    if on { format!("\x1b[{}m{}\x1b[0m", code, text) } else { text.to_string() }
}

fn stop(color: bool, code: i32, message: &str) -> ! {
    eprintln!("{}", tint(color && io::stderr().is_terminal(), RED, &format!("Error: {}", message)));
    exit(code)
}

fn read_file(path: &str, color: bool, code: i32) -> String {
    let text = std::fs::read_to_string(path);
    text.unwrap_or_else(|_| stop(color, code, &format!("unable read file at path {}", path)))
}

fn repl(on: bool) {
    println!("{}\n\n{}\n", tint(on, GREEN, "Melody REPL v0.20.0"), tint(on, GREEN, "Commands:"));
    for (names, what) in [
        (":u, :undo", "undo the latest line"),
        (":r, :redo", "redo the latest undo"),
        (":c, :clear", "clear all REPL history and previous input"),
        (":s, :source", "print all previously entered lines"),
        (":e, :exit", "exit the REPL"),
    ] {
        println!("- {} - {}", tint(on, BLUE, names), tint(on, GREEN, what));
    }
    println!();
    let (mut lines, mut undone): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    loop {
        print!("{}", tint(on, BLUE, "~ "));
        let _ = io::stdout().flush();
        let mut input = String::new();
        if io::stdin().lock().read_line(&mut input).unwrap_or(0) == 0 {
            return;
        }
        let line = input.trim_end();
        let (done, refused) = match line {
            ":u" | ":undo" => ("undo", "nothing to undo"),
            ":r" | ":redo" => ("redo", "nothing to redo"),
            ":c" | ":clear" => ("clear", ""),
            ":s" | ":source" => ("source", "no lines to print"),
            ":e" | ":exit" => return println!("{}", tint(on, GREEN, "exit")),
            _ if line.starts_with(':') => {
                let (error, what) = (tint(on, RED, "Error:"), tint(on, RED, "unrecognized command"));
                println!("{} {} {}\n", error, what, tint(on, BLUE, &format!("\"{}\"", line)));
                continue;
            }
            _ => ("", ""),
        };
        if done == "undo" && lines.is_empty() || done == "redo" && undone.is_empty() || done == "source" && lines.is_empty() {
            println!("{}", tint(on, RED, &format!("{}\n", refused)));
            continue;
        }
        if !done.is_empty() {
            println!("{}", tint(on, GREEN, done));
        }
        match done {
            "undo" => undone.extend(lines.pop()),
            "redo" => lines.extend(undone.pop()),
            "clear" => (lines, undone) = (Vec::new(), Vec::new()),
            "source" => {
                for (i, text) in lines.iter().enumerate() {
                    println!("{} {}", tint(on, 2, &(i + 1).to_string()), tint(on, BLUE, text));
                }
            }
            _ => lines.extend((!line.is_empty()).then(|| line.to_string())),
        }
        match melody::translate(&lines.join("\n")) {
            Ok(_) if done == "source" || !done.is_empty() && lines.is_empty() => {}
            Ok(regex) => println!("{}", tint(on, BLUE, &regex)),
            Err(message) => {
                lines.pop();
                println!("{}", tint(on, RED, &format!("Error: {}", message)));
            }
        }
        if done.is_empty() {
            undone.clear();
        }
        println!();
    }
}

fn main() {
    let mut args = std::env::args().collect::<Vec<_>>().into_iter();
    let program = args.next().unwrap_or_default().rsplit('/').next().unwrap_or_default().to_string();
    let mut cli = Cli { program, given: Vec::new() };
    cli.parse(args);
    let color = cli.value('n').is_none();
    let tty = io::stdout().is_terminal();
    if let Some(shell) = cli.value('g') {
        if ["bash", "zsh", "fish", "elvish", "powershell"].contains(&shell) {
            stop(color, 69, &format!("completions for {} are not part of this build", shell));
        }
        println!("{}", tint(color && tty, RED, &format!("Unknown or unsupported shell: '{}'", shell)));
        println!("{}\n", tint(color && tty, BLUE, "Try one of: 'bash', 'zsh', 'fish', 'elvish', 'powershell'"));
        return;
    }
    if cli.value('r').is_some() {
        if !io::stdin().is_terminal() || !tty {
            stop(color, 64, "repl argument supplied with piped input or output");
        }
        return repl(color);
    }
    let mut source = String::new();
    match cli.value('i') {
        Some(path) if path != "-" => source = read_file(path, color, 65),
        None if io::stdin().is_terminal() => {
            let hint = "No input file supplied and no input piped\nTry adding a path argument: 'melody ./file.mdy'";
            eprintln!("{}", tint(color && io::stderr().is_terminal(), BLUE, hint));
            print!("\n{}", HELP.replace("PROGRAM", "melody_cli"));
            exit(66)
        }
        _ => {
            if io::stdin().read_to_string(&mut source).is_err() {
                stop(color, 65, "the piped input is not readable text");
            }
        }
    }
    let regex = melody::translate(&source).unwrap_or_else(|message| stop(color, 65, &message));
    if let Some(path) = cli.value('f') {
        read_file(path, color, 74);
    }
    if cli.value('t').or(cli.value('f')).is_some() {
        stop(color, 69, "this build has no regex engine to test with");
    }
    match cli.value('o') {
        Some(path) if std::fs::write(path, &regex).is_err() => stop(color, 74, path),
        Some(_) => {}
        None => println!("{}", tint(color && tty, BLUE, &regex)),
    }
}
