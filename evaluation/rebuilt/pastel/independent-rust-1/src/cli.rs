//! Command line parsing driven by the tables in `spec`.

use crate::help::{is_option, label, overview, page, usage, OVERVIEW_USAGE};
use crate::spec::{Arg, Command, Kind, ALIASES, COMMANDS, GLOBAL, VISIBLE};
use std::collections::HashMap;

#[derive(Default)]
pub struct Parsed {
    pub values: HashMap<&'static str, String>,
    pub many: Vec<String>,
}

impl Parsed {
    pub fn get(&self, key: &str) -> &str {
        self.values.get(key).map_or("", String::as_str)
    }

    pub fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }
}

/// Why parsing ended early: text for stdout (code 0) or an error (code 2).
pub enum Stop {
    Show(String),
    Error(String),
}

const FOOTER: &str = "For more information, try '--help'.";

fn fail<T>(message: String, usage: &str) -> Result<T, Stop> {
    let middle = if usage.is_empty() { String::new() } else { format!("{usage}\n\n") };
    Err(Stop::Error(format!("error: {message}\n\n{middle}{FOOTER}\n")))
}

fn possible(arg: &Arg) -> String {
    if arg.values.is_empty() { String::new() } else { format!("\n  [possible values: {}]", arg.values.join(", ")) }
}

fn check(arg: &Arg, value: &str) -> Result<String, Stop> {
    if arg.values.is_empty() {
        return Ok(value.to_string());
    }
    match arg.values.iter().find(|v| v.eq_ignore_ascii_case(value)) {
        Some(v) => Ok(v.to_string()),
        None => fail(format!("invalid value '{}' for '{}'{}", value, label(arg), possible(arg)), ""),
    }
}

struct Parser<'a> {
    args: &'a [String],
    next: usize,
    spec: &'static [Arg],
    usage: String,
    parsed: Parsed,
}

impl Parser<'_> {
    fn store(&mut self, arg: &'static Arg, value: String) -> Result<(), Stop> {
        if self.parsed.values.insert(arg.long, value).is_some() {
            return fail(format!("the argument '{}' cannot be used multiple times", label(arg)), &self.usage);
        }
        Ok(())
    }

    fn value(&mut self, arg: &'static Arg, inline: Option<&str>) -> Result<(), Stop> {
        let value = match (inline, self.args.get(self.next)) {
            (Some(text), _) => text.to_string(),
            (None, Some(text)) if !text.starts_with('-') || text == "-" => {
                self.next += 1;
                text.clone()
            }
            _ => {
                let text = format!("a value is required for '{}' but none was supplied{}", label(arg), possible(arg));
                return fail(text, "");
            }
        };
        let value = check(arg, &value)?;
        self.store(arg, value)
    }

    fn unexpected(&self, text: &str) -> Result<(), Stop> {
        let takes_values = self.spec.iter().any(|a| !is_option(a));
        let tip = if takes_values && text.starts_with('-') {
            format!("\n\n  tip: to pass '{text}' as a value, use '-- {text}'")
        } else {
            String::new()
        };
        fail(format!("unexpected argument '{text}' found{tip}"), &self.usage)
    }

    fn long(&mut self, text: &str) -> Result<(), Stop> {
        let (name, inline) = match text.split_once('=') {
            Some((n, v)) => (n, Some(v)),
            None => (text, None),
        };
        match self.spec.iter().find(|a| is_option(a) && a.long == name) {
            Some(arg) if arg.kind == Kind::Value => self.value(arg, inline),
            Some(arg) => self.store(arg, String::new()),
            None => self.unexpected(&format!("--{name}")),
        }
    }

    fn short(&mut self, cluster: &str) -> Result<(), Stop> {
        for (i, c) in cluster.char_indices() {
            let rest = &cluster[i + c.len_utf8()..];
            match self.spec.iter().find(|a| is_option(a) && a.short == c) {
                Some(arg) if arg.kind == Kind::Value => {
                    let inline = if rest.is_empty() { None } else { Some(rest.strip_prefix('=').unwrap_or(rest)) };
                    return self.value(arg, inline);
                }
                Some(arg) => self.store(arg, String::new())?,
                None => return self.unexpected(&format!("-{c}")),
            }
        }
        Ok(())
    }

    /// Handles one option argument.
    fn option(&mut self, text: &str) -> Result<(), Stop> {
        match text.strip_prefix("--") {
            Some(name) => self.long(name),
            None => self.short(&text[1..]),
        }
    }
}

fn positional(p: &mut Parser, free: &mut Vec<String>, text: &str) -> Result<(), Stop> {
    let slots: Vec<&'static Arg> = p.spec.iter().filter(|a| !is_option(a)).collect();
    let slot = slots.get(free.len()).or(slots.last().filter(|a| matches!(a.kind, Kind::Many | Kind::ManyRequired)));
    let Some(arg) = slot else { return p.unexpected(text) };
    let value = check(arg, text)?;
    if matches!(arg.kind, Kind::Many | Kind::ManyRequired) {
        p.parsed.many.push(value.clone());
    } else {
        p.parsed.values.insert(arg.name, value.clone());
    }
    free.push(value);
    Ok(())
}

fn finish(command: &'static Command, mut parsed: Parsed) -> Result<Parsed, Stop> {
    let missing = |a: &&Arg| match a.kind {
        Kind::Required => !parsed.values.contains_key(a.name),
        Kind::ManyRequired => parsed.many.is_empty(),
        _ => false,
    };
    let list: String = command.args.iter().filter(missing).map(|a| format!("\n  {}", label(a))).collect();
    if !list.is_empty() {
        return fail(format!("the following required arguments were not provided:{list}"), &usage(command, false));
    }
    for arg in command.args.iter().filter(|a| !a.default.is_empty()) {
        let key = if is_option(arg) { arg.long } else { arg.name };
        parsed.values.entry(key).or_insert_with(|| arg.default.to_string());
    }
    Ok(parsed)
}

fn parse_command(command: &'static Command, args: &[String]) -> Result<Parsed, Stop> {
    let usage = usage(command, true);
    let mut p = Parser { args, next: 0, spec: command.args, usage, parsed: Parsed::default() };
    let (mut free, mut literal) = (Vec::new(), false);
    while let Some(text) = args.get(p.next) {
        p.next += 1;
        match text.as_str() {
            "--" if !literal => literal = true,
            "-h" | "--help" if !literal => return Err(Stop::Show(page(command, text == "--help"))),
            _ if !literal && text.starts_with('-') && text.len() > 1 => p.option(text)?,
            _ => positional(&mut p, &mut free, text)?,
        }
    }
    finish(command, p.parsed)
}

fn find(name: &str) -> Result<&'static Command, Stop> {
    let real = ALIASES.iter().find(|a| a.0 == name).map_or(name, |a| a.1);
    match COMMANDS.iter().find(|c| c.name == real) {
        Some(command) => Ok(command),
        None => fail(format!("unrecognized subcommand '{name}'"), OVERVIEW_USAGE),
    }
}

/// Returns the global options, the command name and its arguments.
pub fn parse(args: &[String]) -> Result<(Parsed, &'static str, Parsed), Stop> {
    if args.is_empty() {
        return Err(Stop::Error(overview()));
    }
    let usage = OVERVIEW_USAGE.to_string();
    let mut p = Parser { args, next: 0, spec: GLOBAL, usage, parsed: Parsed::default() };
    while let Some(text) = args.get(p.next) {
        p.next += 1;
        match text.as_str() {
            "-h" | "--help" => return Err(Stop::Show(overview())),
            "-V" | "--version" => return Err(Stop::Show("pastel 0.11.0\n".to_string())),
            "help" => {
                let topic = args.get(p.next).map(|n| find(n)).transpose()?;
                return Err(Stop::Show(topic.map_or_else(overview, |c| page(c, true))));
            }
            _ if text.starts_with('-') && text.len() > 1 => p.option(text)?,
            _ => {
                let command = find(text)?;
                let parsed = parse_command(command, &args[p.next..])?;
                return Ok((p.parsed, command.name, parsed));
            }
        }
    }
    let text = format!("'executable' requires a subcommand but one was not provided\n  [subcommands: {VISIBLE}]");
    fail(text, OVERVIEW_USAGE)
}
