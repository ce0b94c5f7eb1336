//! Command line parsing.

use std::collections::{HashMap, HashSet};
use std::vec::IntoIter;

/// What the user asked for; options are known by their long names.
#[derive(Default)]
pub struct Options {
    pub inputs: Vec<String>,
    flags: HashSet<&'static str>,
    values: HashMap<&'static str, String>,
}

pub enum Action {
    Help,
    ShortHelp,
    Version,
    Generate(Options),
}

const USAGE: &str = "\n\nUsage: grex [OPTIONS] {INPUT...|--file <FILE>}";
const HINT: &str = "\n\nFor more information, try '--help'.";

/// Options which take no value.
#[rustfmt::skip]
const FLAGS: [(&str, char); 18] = [
    ("digits", 'd'), ("spaces", 's'), ("words", 'w'), ("escape", 'e'), ("repetitions", 'r'),
    ("non-digits", 'D'), ("non-spaces", 'S'), ("non-words", 'W'), ("verbose", 'x'), ("colorize", 'c'),
    ("ignore-case", 'i'), ("capture-groups", 'g'), ("help", 'h'), ("version", 'v'),
    ("with-surrogates", LONG_ONLY), ("no-start-anchor", LONG_ONLY), ("no-end-anchor", LONG_ONLY),
    ("no-anchors", LONG_ONLY),
];
const LONG_ONLY: char = '\0';

/// Options which take a value, with the placeholder used in messages.
const VALUED: [(&str, &str); 3] =
    [("file", "FILE"), ("min-repetitions", "QUANTITY"), ("min-substring-length", "LENGTH")];

impl Options {
    pub fn has(&self, flag: &str) -> bool {
        self.flags.contains(flag)
    }

    pub fn file(&self) -> Option<&String> {
        self.values.get("file")
    }

    pub fn limit(&self, name: &str) -> usize {
        self.values.get(name).and_then(|value| value.parse().ok()).unwrap_or(1)
    }

    fn set_flag(&mut self, name: &'static str) -> Result<(), String> {
        if self.flags.insert(name) { Ok(()) } else { Err(repeated(&format!("--{name}"))) }
    }

    fn set_value(&mut self, (name, placeholder): (&'static str, &str), value: Option<String>) -> Result<(), String> {
        let label = format!("--{name} <{placeholder}>");
        let Some(value) = value else {
            return Err(format!("error: a value is required for '{label}' but none was supplied{HINT}"));
        };
        if name != "file" {
            check_positive(&label, &value)?;
        }
        if self.values.insert(name, value).is_none() { Ok(()) } else { Err(repeated(&label)) }
    }

    /// Validates combinations of options after all arguments are known.
    fn check(&self) -> Result<(), String> {
        if self.file().is_some() && !self.inputs.is_empty() {
            let conflict = "the argument '--file <FILE>' cannot be used with '[INPUT]...'";
            return Err(format!("error: {conflict}{USAGE}{HINT}"));
        }
        let mut missing = String::new();
        if self.has("with-surrogates") && !self.has("escape") {
            missing.push_str("\n  --escape");
        }
        if self.file().is_none() && self.inputs.is_empty() {
            missing.push_str("\n  --file <FILE>\n  <INPUT>...");
        }
        if missing.is_empty() {
            return Ok(());
        }
        Err(format!("error: the following required arguments were not provided:{missing}{USAGE}{HINT}"))
    }
}

pub fn parse(args: Vec<String>) -> Result<Action, String> {
    let mut options = Options::default();
    let mut queue = args.into_iter();
    while let Some(arg) = queue.next() {
        let recognized = match arg.strip_prefix("--") {
            Some("") => {
                options.inputs.extend(queue);
                break;
            }
            Some(long) => parse_long(&mut options, long, &mut queue)?,
            None => parse_cluster(&mut options, &arg, &mut queue)?,
        };
        if options.has("help") {
            return Ok(if arg == "--help" { Action::Help } else { Action::ShortHelp });
        }
        if options.has("version") {
            return Ok(Action::Version);
        }
        if !recognized {
            // no argument is an option any more after the first sample
            options.inputs.push(arg);
            options.inputs.extend(queue);
            break;
        }
    }
    options.check()?;
    Ok(Action::Generate(options))
}

fn parse_long(options: &mut Options, body: &str, queue: &mut IntoIter<String>) -> Result<bool, String> {
    let (name, value) = body.split_once('=').unwrap_or((body, ""));
    let attached = (name.len() < body.len()).then(|| value.to_string());
    if let Some(option) = VALUED.iter().find(|(long, _)| *long == name) {
        options.set_value(*option, attached.or_else(|| queue.next()))?;
        return Ok(true);
    }
    let Some((long, _)) = FLAGS.iter().find(|(long, _)| *long == name) else { return Ok(false) };
    if let Some(value) = attached {
        return Err(format!(
            "error: unexpected value '{value}' for '--{name}' found; no more were expected{USAGE}{HINT}"
        ));
    }
    options.set_flag(long).map(|()| true)
}

/// Short flags may be joined; `f` has to be the last one of them.
fn parse_cluster(options: &mut Options, arg: &str, queue: &mut IntoIter<String>) -> Result<bool, String> {
    let Some(letters) = arg.strip_prefix('-').filter(|letters| !letters.is_empty()) else { return Ok(false) };
    let flags = letters.strip_suffix('f').unwrap_or(letters);
    let Some(names) = flags.chars().map(long_name).collect::<Option<Vec<_>>>() else { return Ok(false) };
    for name in names {
        options.set_flag(name)?;
    }
    if flags.len() < letters.len() {
        options.set_value(VALUED[0], queue.next())?;
    }
    Ok(true)
}

fn long_name(letter: char) -> Option<&'static str> {
    FLAGS.iter().find(|(_, short)| *short == letter).map(|(long, _)| *long)
}

fn check_positive(label: &str, value: &str) -> Result<(), String> {
    let reason = match value.parse::<usize>() {
        Ok(0) => "Value must not be zero",
        Ok(_) => return Ok(()),
        Err(_) => "Value is not a valid unsigned integer",
    };
    Err(format!("error: invalid value '{value}' for '{label}': {reason}{HINT}"))
}

fn repeated(label: &str) -> String {
    format!("error: the argument '{label}' cannot be used multiple times{USAGE}{HINT}")
}
