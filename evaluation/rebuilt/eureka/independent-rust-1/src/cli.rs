//! Command line: parsing, help, and usage errors.

use crate::similarity;
use crate::style::{self, Painter, BOLD, GREEN, RED, UNDERLINE, YELLOW};
use std::io::{IsTerminal, Write};
use std::path::Path;

const NAME_AND_VERSION: &str = "eureka 2.0.0";
const ABOUT: &str = "Input and store your ideas without leaving the terminal";

#[derive(Debug, Default)]
#[allow(dead_code)]
pub struct EurekaOptions {
    pub clear_config: bool,
    pub view: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Flag {
    ClearConfig,
    View,
    Help,
    Version,
}

struct Spec {
    flag: Flag,
    short: Option<char>,
    long: &'static str,
    help: &'static str,
}

const SPECS: [Spec; 4] = [
    Spec { flag: Flag::ClearConfig, short: None, long: "clear-config", help: "Clear your stored configuration" },
    Spec {
        flag: Flag::View,
        short: Some('v'),
        long: "view",
        help: "View ideas with your $PAGER env variable. If unset use less",
    },
    Spec { flag: Flag::Help, short: Some('h'), long: "help", help: "Print help" },
    Spec { flag: Flag::Version, short: Some('V'), long: "version", help: "Print version" },
];

/// A refused command line; `usage` lists the flags to show in the usage line.
pub struct UsageError {
    kind: ErrorKind,
    usage: Vec<&'static str>,
}

enum ErrorKind {
    Unknown { argument: String, similar: Option<&'static str> },
    Value { value: String, flag: &'static str },
    Repeated { flag: &'static str },
}

pub enum Outcome {
    Run(EurekaOptions),
    Help,
    Version,
    Fail(UsageError),
}

pub fn parse(args: &[String]) -> Outcome {
    let mut parser = Parser::default();
    for arg in args.iter().skip(1) {
        if let Err(outcome) = parser.argument(arg) {
            return outcome;
        }
    }
    Outcome::Run(parser.options)
}

#[derive(Default)]
struct Parser {
    options: EurekaOptions,
    seen: Vec<&'static str>,
    only_positionals: bool,
}

impl Parser {
    fn argument(&mut self, arg: &str) -> Result<(), Outcome> {
        if self.only_positionals {
            return Err(unknown(arg.to_string()));
        }
        if arg == "--" {
            self.only_positionals = true;
            return Ok(());
        }
        if let Some(long) = arg.strip_prefix("--") {
            return self.long(long);
        }
        match arg.strip_prefix('-') {
            Some(cluster) if !cluster.is_empty() => self.cluster(cluster),
            _ => Err(unknown(arg.to_string())),
        }
    }

    fn long(&mut self, text: &str) -> Result<(), Outcome> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let Some(spec) = SPECS.iter().find(|spec| spec.long == name) else {
            return Err(self.unknown_long(name));
        };
        match value {
            Some(value) => Err(fail(
                ErrorKind::Value { value: value.to_string(), flag: spec.long },
                self.usage_with(spec.long),
            )),
            None => self.apply(spec),
        }
    }

    fn cluster(&mut self, cluster: &str) -> Result<(), Outcome> {
        for letter in cluster.chars() {
            match SPECS.iter().find(|spec| spec.short == Some(letter)) {
                Some(spec) => self.apply(spec)?,
                None => return Err(unknown(format!("-{letter}"))),
            }
        }
        Ok(())
    }

    fn apply(&mut self, spec: &Spec) -> Result<(), Outcome> {
        let slot = match spec.flag {
            Flag::Help => return Err(Outcome::Help),
            Flag::Version => return Err(Outcome::Version),
            Flag::ClearConfig => &mut self.options.clear_config,
            Flag::View => &mut self.options.view,
        };
        if *slot {
            return Err(fail(ErrorKind::Repeated { flag: spec.long }, Vec::new()));
        }
        *slot = true;
        self.seen.push(spec.long);
        Ok(())
    }

    fn unknown_long(&self, name: &str) -> Outcome {
        let names: Vec<&'static str> = SPECS.iter().map(|spec| spec.long).collect();
        let similar = similarity::closest(name, &names);
        let usage = similar.map_or(Vec::new(), |flag| self.usage_with(flag));
        fail(ErrorKind::Unknown { argument: format!("--{name}"), similar }, usage)
    }

    /// The flags given so far and one more, each once.
    fn usage_with(&self, flag: &'static str) -> Vec<&'static str> {
        let mut usage = self.seen.clone();
        if !usage.contains(&flag) {
            usage.push(flag);
        }
        usage
    }
}

fn fail(kind: ErrorKind, usage: Vec<&'static str>) -> Outcome {
    Outcome::Fail(UsageError { kind, usage })
}

fn unknown(argument: String) -> Outcome {
    fail(ErrorKind::Unknown { argument, similar: None }, Vec::new())
}

pub fn print_version() -> i32 {
    let _ = writeln!(std::io::stdout(), "{NAME_AND_VERSION}");
    0
}

pub fn print_help(args: &[String]) -> i32 {
    let p = Painter { enabled: style::usage_colour(std::io::stdout().is_terminal()) };
    let mut text = format!("{ABOUT}\n\n{}\n\n", usage_line(p, args, &[]));
    text.push_str(&p.paint(&[BOLD, UNDERLINE], "Options:"));
    text.push('\n');
    for spec in &SPECS {
        text.push_str(&help_row(p, spec));
    }
    let _ = std::io::stdout().write_all(text.as_bytes());
    0
}

fn help_row(p: Painter, spec: &Spec) -> String {
    let short = match spec.short {
        Some(letter) => format!("{}, ", p.paint(&[BOLD], &format!("-{letter}"))),
        None => "    ".to_string(),
    };
    let width = SPECS.iter().map(|spec| spec.long.len()).max().unwrap_or(0);
    let gap = " ".repeat(width - spec.long.len() + 2);
    format!("  {short}{}{gap}{}\n", p.paint(&[BOLD], &format!("--{}", spec.long)), spec.help)
}

fn usage_line(p: Painter, args: &[String], flags: &[&str]) -> String {
    let program = args.first().map(String::as_str).unwrap_or("eureka");
    let program = Path::new(program).file_name().map_or("eureka".into(), |name| name.to_string_lossy());
    let mut line = format!("{} {}", p.paint(&[BOLD, UNDERLINE], "Usage:"), p.paint(&[BOLD], &program));
    if flags.is_empty() {
        line.push_str(" [OPTIONS]");
    }
    for flag in flags {
        line.push_str(&format!(" {}{}", p.paint(&[BOLD], "--"), p.paint(&[BOLD], flag)));
    }
    line
}

pub fn print_error(args: &[String], error: &UsageError) -> i32 {
    let p = Painter { enabled: style::usage_colour(std::io::stderr().is_terminal()) };
    let text = format!(
        "{} {}\n\n{}{}\n\nFor more information, try '{}'.\n",
        p.paint(&[BOLD, RED], "error:"),
        describe(p, &error.kind),
        tip(p, &error.kind),
        usage_line(p, args, &error.usage),
        p.paint(&[BOLD], "--help"),
    );
    let _ = std::io::stderr().write_all(text.as_bytes());
    2
}

fn describe(p: Painter, kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::Unknown { argument, .. } => {
            format!("unexpected argument '{}' found", p.paint(&[YELLOW], argument))
        }
        ErrorKind::Value { value, flag } => format!(
            "unexpected value '{}' for '{}' found; no more were expected",
            p.paint(&[YELLOW], value),
            p.paint(&[YELLOW], &format!("--{flag}")),
        ),
        ErrorKind::Repeated { flag } => format!(
            "the argument '{}' cannot be used multiple times",
            p.paint(&[YELLOW], &format!("--{flag}"))
        ),
    }
}

fn tip(p: Painter, kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::Unknown { similar: Some(flag), .. } => format!(
            "  {} a similar argument exists: '{}'\n\n",
            p.paint(&[GREEN], "tip:"),
            p.paint(&[GREEN], &format!("--{flag}"))
        ),
        _ => String::new(),
    }
}
