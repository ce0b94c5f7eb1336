//! The option table and the command line parser.

use crate::cli_error::Problem;

/// `short` is a blank when there is none, `value` is empty for flags.
pub struct Opt {
    pub short: char,
    pub long: &'static str,
    pub value: &'static str,
    pub choices: &'static [&'static str],
}

const fn opt(short: char, long: &'static str, value: &'static str) -> Opt {
    Opt { short, long, value, choices: &[] }
}

pub const STYLES: &[&str] = &["github", "gitlab", "stash", "cgit"];
pub const FORMATS: &[&str] = &["markdown", "json"];

pub static OPTIONS: [Opt; 17] = [
    opt('r', "repository", "URL"),
    opt('f', "from", "COMMIT"),
    Opt { choices: FORMATS, ..opt('T', "format", "STR") },
    opt('M', "major", ""),
    opt('g', "git-dir", "PATH"),
    opt('w', "work-tree", "PATH"),
    opt('m', "minor", ""),
    opt('p', "patch", ""),
    opt('s', "subtitle", "STR"),
    opt('t', "to", "COMMIT"),
    opt('o', "outfile", "PATH"),
    opt('c', "config", "COMMIT"),
    opt('i', "infile", "PATH"),
    opt(' ', "setversion", "VER"),
    opt('F', "from-latest-tag", ""),
    Opt { choices: STYLES, ..opt('l', "link-style", "STR") },
    opt('C', "changelog", "PATH"),
];

const CONFLICTS: [(&str, &str); 3] =
    [("from", "from-latest-tag"), ("outfile", "changelog"), ("infile", "changelog")];

/// Options in the order they were given.
#[derive(Default)]
pub struct Args(Vec<(&'static Opt, String)>);

pub enum Outcome {
    Run(Args),
    Help,
    Version,
}

impl Args {
    pub fn get(&self, long: &str) -> Option<&str> {
        self.0.iter().find(|(o, _)| o.long == long).map(|(_, v)| v.as_str())
    }

    pub fn has(&self, long: &str) -> bool {
        self.get(long).is_some()
    }

    fn add(&mut self, option: &'static Opt, value: String) -> Result<(), Problem> {
        if self.has(option.long) {
            return Err(Problem::Repeated(option));
        }
        if !option.choices.is_empty() && !option.choices.contains(&value.as_str()) {
            return Err(Problem::InvalidValue(option, value));
        }
        self.0.push((option, value));
        Ok(())
    }

    fn check_conflicts(&self) -> Result<(), Problem> {
        for (option, _) in &self.0 {
            let clashes = |o: &&Opt| {
                CONFLICTS.contains(&(option.long, o.long)) || CONFLICTS.contains(&(o.long, option.long))
            };
            let given = self.0.iter().map(|(o, _)| *o);
            let (clashing, used): (Vec<_>, Vec<_>) = given.partition(clashes);
            if !clashing.is_empty() {
                return Err(Problem::Conflict { option, clashing, used });
            }
        }
        Ok(())
    }
}

pub fn parse(argv: Vec<String>) -> Result<Outcome, Problem> {
    let mut args = Args::default();
    let mut words = argv.into_iter().peekable();
    while let Some(word) = words.next() {
        let mut rest = word.clone();
        while !rest.is_empty() {
            let (name, attached, more) = split_word(&rest)?;
            match name.as_str() {
                "--help" | "-h" => return Ok(Outcome::Help),
                "--version" | "-V" => return Ok(Outcome::Version),
                _ => {}
            }
            let option = find(&name).ok_or(Problem::Unexpected(name))?;
            rest = if option.value.is_empty() { more } else { String::new() };
            let value = match (option.value, attached) {
                ("", Some(value)) if word.starts_with("--") => {
                    return Err(Problem::UnexpectedValue(option, value))
                }
                ("", _) => String::new(),
                (_, Some(value)) => value,
                // A following word is a value only when it does not look like an option.
                _ => words.next_if(|w| !w.starts_with('-')).ok_or(Problem::MissingValue(option))?,
            };
            args.add(option, value)?;
        }
    }
    args.check_conflicts()?;
    Ok(Outcome::Run(args))
}

/// Splits a word into the option, the value attached to it and the short flags that follow.
fn split_word(word: &str) -> Result<(String, Option<String>, String), Problem> {
    if let Some((name, value)) = word.split_once('=').filter(|_| word.starts_with("--")) {
        return Ok((name.to_string(), Some(value.to_string()), String::new()));
    }
    match word.strip_prefix('-').and_then(|w| w.chars().next()) {
        None => Err(Problem::Unexpected(word.to_string())),
        Some('-') => Ok((word.to_string(), None, String::new())),
        Some(letter) => {
            let tail = &word[1 + letter.len_utf8()..];
            let value = tail.strip_prefix('=').unwrap_or(tail).to_string();
            let more = if tail.is_empty() { String::new() } else { format!("-{tail}") };
            Ok((format!("-{letter}"), (!tail.is_empty()).then_some(value), more))
        }
    }
}

fn find(name: &str) -> Option<&'static Opt> {
    OPTIONS.iter().find(|o| match name.strip_prefix("--") {
        Some(long) => o.long == long,
        None => name.ends_with(o.short),
    })
}

pub fn help(program: &str) -> String {
    include_str!("help.txt").replace("{program}", program)
}
