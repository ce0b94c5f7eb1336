//! Turns the command line into a list of options and a file.

use std::ffi::OsString;
use std::num::NonZeroU64;

use crate::error::{Error, Result};
use crate::spec::{Opt, Spec, OPTIONS};
use crate::suggest::closest;

pub enum Command {
    Run(Matches),
    ShortHelp,
    LongHelp,
    Version,
}

/// What was given on the command line, in order.
#[derive(Default)]
pub struct Matches {
    options: Vec<(&'static Spec, String)>,
    pub file: Option<OsString>,
}

impl Matches {
    pub fn has(&self, opt: Opt) -> bool {
        self.position(opt).is_some()
    }

    pub fn value(&self, opt: Opt) -> Option<&str> {
        self.position(opt).map(|i| self.options[i].1.as_str())
    }

    /// Where on the command line the option stands.
    pub fn position(&self, opt: Opt) -> Option<usize> {
        self.options.iter().position(|(spec, _)| spec.opt == opt)
    }
}

pub struct Parser {
    program: String,
    matches: Matches,
    /// An option whose value is known but not yet checked, or still missing.
    pending: Option<(&'static Spec, Option<String>)>,
}

impl Parser {
    pub fn new(program: String) -> Self {
        Parser { program, matches: Matches::default(), pending: None }
    }

    pub fn parse(mut self, arguments: impl Iterator<Item = OsString>) -> Result<Command> {
        let mut options_over = false;
        for argument in arguments {
            let text = argument.to_string_lossy().into_owned();
            if options_over || !text.starts_with('-') || text == "-" {
                self.plain_word(argument, text)?;
            } else if text == "--" {
                self.settle()?;
                options_over = true;
            } else {
                let special = match text.strip_prefix("--") {
                    Some(long) => self.long_option(long)?,
                    None => self.short_options(&text[1..])?,
                };
                if let Some(command) = special {
                    return Ok(command);
                }
            }
        }
        self.finish()
    }

    fn finish(mut self) -> Result<Command> {
        self.settle()?;
        if self.matches.file.as_ref().is_some_and(|file| file.is_empty()) {
            return Err(missing_value("[FILE]", &[]));
        }
        self.check_conflict()?;
        Ok(Command::Run(self.matches))
    }

    /// A word that is no option: a value still expected, or the file.
    fn plain_word(&mut self, word: OsString, text: String) -> Result<()> {
        if let Some((_, value @ None)) = &mut self.pending {
            *value = Some(text);
            return Ok(());
        }
        if self.matches.file.is_some() {
            let message = format!("unexpected argument '{text}' found");
            return Err(self.with_usage(&message, "[OPTIONS] [FILE]"));
        }
        self.settle()?;
        self.matches.file = Some(word);
        Ok(())
    }

    fn long_option(&mut self, body: &str) -> Result<Option<Command>> {
        let (name, value) = match body.split_once('=') {
            Some((name, value)) => (name, Some(value.to_string())),
            None => (body, None),
        };
        let spec = Spec::by_long(name).ok_or_else(|| self.unknown_long(name))?;
        if let (None, Some(value)) = (spec.value, &value) {
            return Err(self.unwanted_value(spec, value));
        }
        match spec.opt {
            Opt::Help => self.settle().map(|()| Some(Command::LongHelp)),
            Opt::Version => self.settle().map(|()| Some(Command::Version)),
            _ => self.accept(spec, value).map(|()| None),
        }
    }

    fn short_options(&mut self, cluster: &str) -> Result<Option<Command>> {
        let mut rest = cluster;
        while let Some(letter) = rest.chars().next() {
            rest = &rest[letter.len_utf8()..];
            let spec = Spec::by_short(letter).ok_or_else(|| self.unknown_short(letter))?;
            match spec.opt {
                Opt::Help => return self.settle().map(|()| Some(Command::ShortHelp)),
                Opt::Version => return self.settle().map(|()| Some(Command::Version)),
                _ => {}
            }
            if spec.value.is_some() {
                let value = rest.strip_prefix('=').unwrap_or(rest);
                let attached = (!rest.is_empty()).then(|| value.to_string());
                return self.accept(spec, attached).map(|()| None);
            }
            self.accept(spec, None)?;
        }
        Ok(None)
    }

    fn accept(&mut self, spec: &'static Spec, value: Option<String>) -> Result<()> {
        self.settle()?;
        if spec.value.is_some() {
            self.pending = Some((spec, value));
            return Ok(());
        }
        self.record(spec, String::new())
    }

    /// Checks and records the pending option.
    fn settle(&mut self) -> Result<()> {
        let Some((spec, value)) = self.pending.take() else {
            return Ok(());
        };
        let value = value.ok_or_else(|| missing_value(&spec.display(), spec.choices))?;
        check_value(spec, &value)?;
        self.record(spec, value)
    }

    fn record(&mut self, spec: &'static Spec, value: String) -> Result<()> {
        if self.matches.has(spec.opt) {
            let message = format!("the argument '{}' cannot be used multiple times", spec.display());
            return Err(self.with_usage(&message, "[OPTIONS] [FILE]"));
        }
        self.matches.options.push((spec, value));
        Ok(())
    }

    /// `--panels` and `--terminal-width` exclude each other.
    fn check_conflict(&self) -> Result<()> {
        let positions = (self.matches.position(Opt::Panels), self.matches.position(Opt::TerminalWidth));
        let (Some(panels), Some(width)) = positions else {
            return Ok(());
        };
        let (first, second) = (panels.min(width), panels.max(width));
        let name = |i: usize| self.matches.options[i].0.display();
        let others: String = (0..self.matches.options.len())
            .filter(|&i| i != second)
            .map(|i| name(i) + " ")
            .collect();
        let file = if self.matches.file.is_some() { "<FILE>" } else { "[FILE]" };
        let message = format!("the argument '{}' cannot be used with '{}'", name(first), name(second));
        Err(self.with_usage(&message, &format!("{others}{file}")))
    }

    fn unknown_short(&self, letter: char) -> Error {
        self.with_usage(&unexpected(&format!("-{letter}")), "[OPTIONS] [FILE]")
    }

    fn unknown_long(&self, name: &str) -> Error {
        let names = OPTIONS.iter().flat_map(|spec| spec.longs.iter().copied());
        let untouched = self.matches.options.is_empty() && self.pending.is_none();
        let Some(similar) = closest(name, names) else {
            let bare = untouched && self.matches.file.is_none();
            let usage = if bare { "[OPTIONS] [FILE]".to_string() } else { every_option() };
            return self.with_usage(&unexpected(&format!("--{name}")), &usage);
        };
        let message = format!(
            "unexpected argument '--{name}' found\n\n  tip: a similar argument exists: '--{similar}'"
        );
        let usage = match similar {
            "help" | "version" if untouched => format!("--{similar} [FILE]"),
            "help" | "version" => format!("--{similar} {}", every_option()),
            _ => every_option(),
        };
        self.with_usage(&message, &usage)
    }

    fn unwanted_value(&self, spec: &Spec, value: &str) -> Error {
        let name = spec.name();
        let message = format!("unexpected value '{value}' for '{name}' found; no more were expected");
        let untouched = self.matches.options.is_empty() && self.pending.is_none();
        let usage = if untouched { format!("{name} [FILE]") } else { every_option() };
        self.with_usage(&message, &usage)
    }

    fn with_usage(&self, message: &str, usage: &str) -> Error {
        Error::Usage(format!("{message}\n\nUsage: {} {usage}", self.program))
    }
}

fn unexpected(argument: &str) -> String {
    format!(
        "unexpected argument '{argument}' found\n\n  tip: to pass '{argument}' as a value, use '-- {argument}'"
    )
}

fn every_option() -> String {
    let own = OPTIONS.iter().filter(|spec| !matches!(spec.opt, Opt::Help | Opt::Version));
    let names: Vec<String> = own.map(Spec::display).collect();
    format!("<FILE|{}>", names.join("|"))
}

fn missing_value(display: &str, choices: &[&str]) -> Error {
    Error::Usage(format!(
        "a value is required for '{display}' but none was supplied{}",
        possible_values(choices)
    ))
}

fn possible_values(choices: &[&str]) -> String {
    if choices.is_empty() {
        return String::new();
    }
    format!("\n  [possible values: {}]", choices.join(", "))
}

/// Checks what can be checked without looking at anything else.
fn check_value(spec: &Spec, value: &str) -> Result<()> {
    if spec.opt == Opt::TerminalWidth {
        return value.parse::<NonZeroU64>().map(|_| ()).map_err(|error| {
            Error::Usage(format!("invalid value '{value}' for '{}': {error}", spec.display()))
        });
    }
    if spec.choices.is_empty() || spec.choices.contains(&value) {
        return Ok(());
    }
    if value.is_empty() {
        return Err(missing_value(&spec.display(), spec.choices));
    }
    let mut message = format!("invalid value '{value}' for '{}'", spec.display());
    message += &possible_values(spec.choices);
    if let Some(similar) = closest(value, spec.choices.iter().copied()) {
        message += &format!("\n\n  tip: a similar value exists: '{similar}'");
    }
    Err(Error::Usage(message))
}
