//! Command line handling; the accepted flags are read out of the help texts.

use crate::csv_in::Source;
use crate::csv_out::Writer;
use crate::Outcome;
use std::collections::HashMap;
use std::ops::RangeInclusive;

pub struct Command {
    pub name: &'static str,
    pub help: &'static str,
    /// How many words may stand beside the flags.
    pub words: RangeInclusive<usize>,
    pub run: fn(&Args) -> Outcome<()>,
}

impl Command {
    pub fn start(&self, words: &[String]) -> Outcome<()> {
        let args = Args::parse(self.help, words)?;
        if args.has("help") {
            print!("{}", self.help);
            return Ok(());
        }
        if !self.words.contains(&args.words.len()) {
            return Err(args.misuse("Invalid arguments."));
        }
        (self.run)(&args)
    }
}

struct Flag {
    short: Option<char>,
    long: &'static str,
    takes_value: bool,
}

/// Recognises a line such as `    -s, --select <arg>  Text`.
fn flag_from_line(line: &'static str) -> Option<Flag> {
    let body = line.strip_prefix("    ")?;
    let (short, rest) = match body.split_once(", --") {
        Some((letter, rest)) if letter.len() == 2 => (letter.chars().nth(1), rest),
        _ => (None, body.strip_prefix("--")?),
    };
    let (long, text) = rest.split_once(' ')?;
    Some(Flag { short, long, takes_value: text.starts_with('<') })
}

pub struct Args {
    help: &'static str,
    values: HashMap<&'static str, String>,
    pub words: Vec<String>,
}

type Rest<'a> = std::slice::Iter<'a, String>;

impl Args {
    pub fn parse(help: &'static str, words: &[String]) -> Outcome<Args> {
        let flags: Vec<Flag> = help.lines().filter_map(flag_from_line).collect();
        let mut args = Args { help, values: HashMap::new(), words: Vec::new() };
        let mut rest = words.iter();
        while let Some(word) = rest.next() {
            if word == "--" {
                args.words.extend(rest.by_ref().cloned());
            } else if let Some(long) = word.strip_prefix("--") {
                args.take_long(&flags, long, &mut rest)?;
            } else if word.len() > 1 && word.starts_with('-') {
                args.take_short(&flags, &word[1..], &mut rest)?;
            } else {
                args.words.push(word.clone());
            }
        }
        Ok(args)
    }

    fn take_long(&mut self, flags: &[Flag], text: &str, rest: &mut Rest) -> Outcome<()> {
        let (name, inline) = text.split_once('=').map_or((text, None), |(n, v)| (n, Some(v)));
        match flags.iter().find(|flag| flag.long == name) {
            Some(flag) => self.store(flag, inline, rest),
            None => Err(self.misuse(&format!("Unknown flag: '--{name}'"))),
        }
    }

    fn take_short(&mut self, flags: &[Flag], text: &str, rest: &mut Rest) -> Outcome<()> {
        for (at, letter) in text.char_indices() {
            let Some(flag) = flags.iter().find(|flag| flag.short == Some(letter)) else {
                return Err(self.misuse(&format!("Unknown flag: '-{letter}'")));
            };
            let tail = &text[at + letter.len_utf8()..];
            self.store(flag, Some(tail).filter(|tail| !tail.is_empty()), rest)?;
            if flag.takes_value {
                break;
            }
        }
        Ok(())
    }

    fn store(&mut self, flag: &Flag, inline: Option<&str>, rest: &mut Rest) -> Outcome<()> {
        let long = flag.long;
        let value = match inline {
            _ if !flag.takes_value => String::new(),
            Some(value) => value.to_string(),
            None => rest.next().cloned().ok_or_else(|| self.misuse(&format!(
                "Expected argument for flag '--{long}' but reached end of arguments."
            )))?,
        };
        self.values.insert(long, value);
        Ok(())
    }

    /// A problem with the arguments, followed by the usage lines of the help text.
    pub fn misuse(&self, problem: &str) -> String {
        let usage = self.help.split("Usage:\n").nth(1).unwrap_or("");
        format!("{problem}\n\nUsage:\n{}", usage.split("\n\n").next().unwrap_or(""))
    }

    pub fn has(&self, flag: &str) -> bool {
        self.values.contains_key(flag)
    }

    pub fn text(&self, flag: &str) -> Option<&str> {
        self.values.get(flag).map(String::as_str)
    }

    pub fn number(&self, flag: &str) -> Outcome<Option<usize>> {
        let Some(text) = self.text(flag) else { return Ok(None) };
        let number = text.parse().map(Some);
        number.map_err(|_| format!("Could not deserialize '{text}' to u64 for '--{flag}'."))
    }

    /// A flag holding one ASCII character, with `\t` understood as a tab.
    pub fn letter(&self, flag: &str, default: u8) -> Outcome<u8> {
        match self.text(flag) {
            None => Ok(default),
            Some("\\t") => Ok(b'\t'),
            Some(text) if text.len() == 1 && text.is_ascii() => Ok(text.as_bytes()[0]),
            Some(text) => Err(format!("Could not convert '{text}' to a single ASCII character.")),
        }
    }

    /// The input at a word position; nothing or `-` stand for standard input.
    pub fn source_as(&self, position: usize, named: bool) -> Outcome<Source> {
        let path = self.words.get(position).map(String::as_str).filter(|word| *word != "-");
        let tabbed = path.is_some_and(|path| path.ends_with(".tsv"));
        let delimiter = self.letter("delimiter", if tabbed { b'\t' } else { b',' })?;
        Source::open(path, delimiter, named)
    }

    pub fn source(&self, position: usize) -> Outcome<Source> {
        self.source_as(position, !self.has("no-headers"))
    }

    pub fn writer(&self) -> Outcome<Writer> {
        Writer::to(self.text("output"))
    }
}
