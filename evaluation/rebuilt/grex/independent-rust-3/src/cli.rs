//! Command line parsing. The first argument that is not a known option starts
//! the list of test cases; everything after it is a test case too.

use crate::settings::Settings;

const LONG_HELP: &str = include_str!("help_long.txt");
const SHORT_HELP: &str = include_str!("help_short.txt");
const USAGE: &str = "\n\nUsage: grex [OPTIONS] {INPUT...|--file <FILE>}";
const HINT: &str = "\n\nFor more information, try '--help'.";

/// Short letter (or a blank), long name and name of the value (or nothing).
type Switch = (char, &'static str, &'static str);

static SWITCHES: [Switch; 21] = [
    ('d', "digits", ""), ('D', "non-digits", ""), ('s', "spaces", ""), ('S', "non-spaces", ""),
    ('w', "words", ""), ('W', "non-words", ""), ('e', "escape", ""), ('r', "repetitions", ""),
    ('x', "verbose", ""), ('c', "colorize", ""), ('i', "ignore-case", ""),
    ('g', "capture-groups", ""), ('h', "help", ""), ('v', "version", ""),
    (' ', "with-surrogates", ""), (' ', "no-anchors", ""), (' ', "no-start-anchor", ""),
    (' ', "no-end-anchor", ""), ('f', "file", "FILE"), (' ', "min-repetitions", "QUANTITY"),
    (' ', "min-substring-length", "LENGTH"),
];

pub enum Command {
    Print(&'static str),
    Generate(Vec<String>, Settings),
}

struct Parser<'a> {
    waiting: &'a [String],
    settings: Settings,
    printout: Option<&'static str>,
}

pub fn parse(args: &[String]) -> Result<Command, String> {
    let mut parser = Parser { waiting: args, settings: Settings::default(), printout: None };
    while parser.take_option()? {}
    if let Some(text) = parser.printout {
        return Ok(Command::Print(text));
    }
    let (settings, inputs) = (parser.settings, parser.waiting.to_vec());
    check(&settings, &inputs)?;
    Ok(Command::Generate(inputs, settings))
}

impl<'a> Parser<'a> {
    /// Takes one option and tells whether there may be another one.
    fn take_option(&mut self) -> Result<bool, String> {
        let start = self.waiting;
        let Some((arg, rest)) = start.split_first() else {
            return Ok(false);
        };
        self.waiting = rest;
        if arg == "--" {
            return Ok(false);
        }
        let known = match arg.strip_prefix("--") {
            Some(body) => self.take_long(body)?,
            None => self.take_cluster(arg)?,
        };
        if !known {
            self.waiting = start;
        }
        Ok(known && self.printout.is_none())
    }

    fn take_long(&mut self, body: &'a str) -> Result<bool, String> {
        let (name, attached) = match body.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (body, None),
        };
        let Some(switch) = SWITCHES.iter().find(|switch| switch.1 == name) else {
            return Ok(false);
        };
        self.take_switch(switch, attached, LONG_HELP)?;
        Ok(true)
    }

    fn take_cluster(&mut self, arg: &'a str) -> Result<bool, String> {
        let letters = arg.strip_prefix('-').unwrap_or_default();
        let find = |c: char| SWITCHES.iter().find(|switch| switch.0 == c && c != ' ');
        let Some(found) = letters.chars().map(find).collect::<Option<Vec<_>>>() else {
            return Ok(false);
        };
        for (index, switch) in found.iter().enumerate() {
            if !switch.2.is_empty() {
                let attached = Some(&letters[index + 1..]).filter(|text| !text.is_empty());
                self.take_switch(switch, attached, SHORT_HELP)?;
                break;
            }
            self.take_switch(switch, None, SHORT_HELP)?;
        }
        Ok(!found.is_empty())
    }

    fn take_switch(
        &mut self,
        switch: &Switch,
        attached: Option<&str>,
        help: &'static str,
    ) -> Result<(), String> {
        let label = label(switch);
        match (switch.1, attached) {
            (_, Some(value)) if switch.2.is_empty() => Err(usage_error(&format!(
                "unexpected value '{value}' for '{label}' found; no more were expected"
            ))),
            ("help", _) => Ok(self.printout = self.printout.or(Some(help))),
            ("version", _) => Ok(self.printout = self.printout.or(Some("grex 1.4.6\n"))),
            (_, Some(value)) => self.store(switch, value),
            (_, None) if switch.2.is_empty() => self.store(switch, ""),
            (_, None) => {
                let (value, rest) = self.waiting.split_first().ok_or(format!(
                    "a value is required for '{label}' but none was supplied{HINT}"
                ))?;
                self.waiting = rest;
                self.store(switch, value)
            }
        }
    }

    fn store(&mut self, switch: &Switch, value: &str) -> Result<(), String> {
        let label = label(switch);
        let problem = match value.parse::<u32>() {
            Ok(0) => "Value must not be zero",
            Ok(_) => "",
            Err(_) => "Value is not a valid unsigned integer",
        };
        if switch.1.starts_with("min-") && !problem.is_empty() {
            return Err(format!("invalid value '{value}' for '{label}': {problem}{HINT}"));
        }
        match self.settings.0.insert(switch.1, value.to_string()) {
            None => Ok(()),
            Some(_) => Err(usage_error(&format!(
                "the argument '{label}' cannot be used multiple times"
            ))),
        }
    }
}

fn label((_, name, value): &Switch) -> String {
    if value.is_empty() {
        return format!("--{name}");
    }
    format!("--{name} <{value}>")
}

fn usage_error(text: &str) -> String {
    format!("{text}{USAGE}{HINT}")
}

/// Checks which options and test cases go together.
fn check(settings: &Settings, inputs: &[String]) -> Result<(), String> {
    if settings.has("file") && !inputs.is_empty() {
        let text = "the argument '--file <FILE>' cannot be used with '[INPUT]...'";
        return Err(usage_error(text));
    }
    let mut missing = String::new();
    if settings.has("with-surrogates") && !settings.has("escape") {
        missing += "\n  --escape";
    }
    if !settings.has("file") && inputs.is_empty() {
        missing += "\n  --file <FILE>\n  <INPUT>...";
    }
    if missing.is_empty() {
        return Ok(());
    }
    let text = "the following required arguments were not provided:";
    Err(usage_error(&format!("{text}{missing}")))
}
