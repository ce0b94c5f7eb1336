//! The command line. Which arguments a command takes is read off its help text.

use std::collections::HashMap;
use std::env;

const HELP: &str = include_str!("help.txt");
pub const VERSION: &str = "bartib 1.1.0";

/// How a command line ends that does not lead to a command.
pub enum Exit {
    Text(String),
    Failure(String),
}

struct Arg {
    name: String,
    short: Option<char>,
    takes_value: bool,
    /// How messages name it, such as `--date <DATE>`.
    label: String,
}

impl Arg {
    /// Reads a help line such as `-d, --date <DATE>    the help`.
    fn from_help(line: &str) -> Option<Arg> {
        let line = line.trim_start();
        let shown = line.starts_with('-').then(|| line.split("  ").next().unwrap_or(line))?;
        let (short, label) = match shown.split_once(", ") {
            Some((short, label)) => (short.chars().nth(1), label),
            None if shown.starts_with("--") => (None, shown),
            None => (shown.chars().nth(1), shown),
        };
        let name = label.split(' ').next()?.trim_start_matches('-').to_string();
        Some(Arg { name, short, takes_value: label.contains('<'), label: label.to_string() })
    }
}

/// A command's interface, derived from its help text.
struct Spec {
    text: String,
    usage: String,
    args: Vec<Arg>,
    takes_positional: bool,
}

impl Spec {
    fn of(program: &str, name: &str) -> Option<Spec> {
        let section = HELP.split("%% ").skip(1).find(|s| s.lines().next() == Some(name))?;
        let env = |name| env::var(name).unwrap_or_default();
        let text = section[name.len() + 1..]
            .trim_end()
            .replace("{program}", program)
            .replace("BARTIB_FILE=]", &format!("BARTIB_FILE={}]", env("BARTIB_FILE")))
            .replace("EDITOR=]", &format!("EDITOR={}]", env("EDITOR")));
        let usage = text.lines().skip_while(|l| *l != "USAGE:").nth(1).unwrap_or("").trim().to_string();
        let args = text.lines().filter_map(Arg::from_help).collect();
        let takes_positional = text.contains("\nARGS:");
        Some(Spec { usage, args, takes_positional, text })
    }

    fn is_required(&self, arg: &Arg) -> bool {
        self.usage.contains(&arg.label)
    }

    /// The argument meant, and the value written together with it.
    fn find<'t>(&self, text: &'t str) -> Option<(&Arg, Option<&'t str>)> {
        if let Some(long) = text.strip_prefix("--") {
            let (name, value) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v)));
            return self.args.iter().find(|a| a.name == name && a.label.starts_with("--")).map(|a| (a, value));
        }
        let short = text.chars().nth(1)?;
        let value = text[1 + short.len_utf8()..].trim_start_matches('=');
        let arg = self.args.iter().find(|a| a.short == Some(short))?;
        Some((arg, Some(value).filter(|v| !v.is_empty())))
    }
}

#[derive(Default)]
pub struct Matches {
    values: HashMap<String, String>,
    pub positional: Option<String>,
}

impl Matches {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }
}

pub struct Invocation {
    pub file: Option<String>,
    pub command: String,
    pub matches: Matches,
}

/// Reads the whole command line (without the program's name).
pub fn parse(program: &str, args: &[String]) -> Result<Invocation, Exit> {
    let top = Spec::of(program, "").expect("the help has a top section");
    let mut reader = Reader::new(&top);
    let used = reader.read(args, true)?;
    let Some(name) = args.get(used) else {
        return Err(Exit::Failure(top.text));
    };
    let rest = &args[used + 1..];
    if name == "help" {
        let topic = rest.first().map_or("", String::as_str);
        let spec = Spec::of(program, topic).ok_or_else(|| reader.unexpected(topic))?;
        return Err(Exit::Text(spec.text));
    }
    let spec = Spec::of(program, name).ok_or_else(|| reader.unexpected(name))?;
    let mut inner = Reader::new(&spec);
    inner.read(rest, false)?;
    inner.check_required()?;
    Ok(Invocation { file: reader.matches.values.remove("f"), command: name.clone(), matches: inner.matches })
}

fn failure(message: &str, usage: &str) -> Exit {
    Exit::Failure(format!("error: {message}\n\nUSAGE:\n    {usage}\n\nFor more information try --help"))
}

struct Reader<'s> {
    spec: &'s Spec,
    used: Vec<&'s Arg>,
    matches: Matches,
}

impl<'s> Reader<'s> {
    fn new(spec: &'s Spec) -> Self {
        Reader { spec, used: vec![], matches: Matches::default() }
    }

    fn fail(&self, message: String) -> Exit {
        failure(&message, &self.spec.usage)
    }

    fn unexpected(&self, arg: &str) -> Exit {
        self.fail(format!("Found argument '{arg}' which wasn't expected, or isn't valid in this context"))
    }

    /// Takes in arguments, if wished only up to a command's name; returns how many.
    fn read(&mut self, args: &[String], until_command: bool) -> Result<usize, Exit> {
        let mut i = 0;
        while i < args.len() {
            let text = args[i].as_str();
            if !text.starts_with('-') || text == "-" {
                if until_command {
                    return Ok(i);
                }
                self.set_positional(text)?;
            } else {
                let (arg, attached) = self.spec.find(text).ok_or_else(|| self.unexpected(text))?;
                let next = args.get(i + 1).filter(|n| arg.takes_value && attached.is_none() && !n.starts_with('-'));
                i += usize::from(next.is_some());
                self.store(arg, attached.or(next.map(String::as_str)))?;
            }
            i += 1;
        }
        Ok(i)
    }

    fn set_positional(&mut self, text: &str) -> Result<(), Exit> {
        if !self.spec.takes_positional || self.matches.positional.is_some() {
            return Err(self.unexpected(text));
        }
        self.matches.positional = Some(text.to_string());
        Ok(())
    }

    fn store(&mut self, arg: &'s Arg, value: Option<&str>) -> Result<(), Exit> {
        match arg.name.as_str() {
            "help" => return Err(Exit::Text(self.spec.text.clone())),
            "version" => return Err(Exit::Text(VERSION.to_string())),
            _ => self.used.push(arg),
        }
        if arg.takes_value && value.is_none() {
            self.check_required()?;
            return Err(self.fail(format!("The argument '{}' requires a value but none was supplied", arg.label)));
        }
        self.matches.values.insert(arg.name.clone(), value.unwrap_or("").to_string());
        Ok(())
    }

    fn check_required(&self) -> Result<(), Exit> {
        let missing = |a: &&Arg| self.spec.is_required(a) && !self.used.iter().any(|u| u.name == a.name);
        let lines: String = self.spec.args.iter().filter(missing).map(|a| format!("\n    {}", a.label)).collect();
        if lines.is_empty() {
            return Ok(());
        }
        Err(self.fail(format!("The following required arguments were not provided:{lines}")))
    }
}
