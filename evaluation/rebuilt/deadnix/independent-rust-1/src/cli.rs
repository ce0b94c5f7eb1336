//! Command line options.
use crate::analysis::Checks;

pub const HELP: &str = include_str!("help.txt");

#[derive(Default)]
pub struct Options {
    pub checks: Checks,
    pub quiet: bool,
    pub edit: bool,
    pub hidden: bool,
    pub fail: bool,
    pub json: bool,
    pub excludes: Vec<String>,
    pub paths: Vec<String>,
}

pub enum Outcome {
    Run(Options),
    Help,
    Version,
    Error(String),
}

/// Short letter, long name; the last two before `help` take values.
const FLAGS: &[(char, &str)] = &[
    ('l', "no-lambda-arg"), ('L', "no-lambda-pattern-names"), ('_', "no-underscore"), ('W', "warn-used-underscore"),
    ('q', "quiet"), ('e', "edit"), ('h', "hidden"), ('f', "fail"), ('V', "version"), ('o', "output-format"),
    ('\0', "exclude"), ('\0', "help"),
];

struct Parser<'a> {
    program: &'a str,
    options: Options,
    seen: Vec<&'static str>,
    args: std::iter::Peekable<std::vec::IntoIter<String>>,
}

pub fn parse(program: &str, args: Vec<String>) -> Outcome {
    let mut parser = Parser { program, options: Options::default(), seen: Vec::new(), args: args.into_iter().peekable() };
    match parser.run() {
        Ok(()) => {
            if parser.options.paths.is_empty() {
                parser.options.paths.push(".".to_string());
            }
            Outcome::Run(parser.options)
        }
        Err(outcome) => outcome,
    }
}

impl Parser<'_> {
    fn run(&mut self) -> Result<(), Outcome> {
        while let Some(arg) = self.args.next() {
            if arg == "--" {
                let rest: Vec<String> = self.args.by_ref().collect();
                self.options.paths.extend(rest);
            } else if let Some(long) = arg.strip_prefix("--") {
                self.long(long)?;
            } else if arg.len() > 1 && arg.starts_with('-') {
                self.shorts(&arg[1..])?;
            } else {
                self.options.paths.push(arg);
            }
        }
        Ok(())
    }

    fn long(&mut self, text: &str) -> Result<(), Outcome> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_string())),
            None => (text, None),
        };
        match FLAGS.iter().find(|(_, long)| *long == name) {
            Some(&(_, long)) => self.apply(long, value),
            None => Err(self.unknown(&format!("--{name}"), similar(name))),
        }
    }

    fn shorts(&mut self, letters: &str) -> Result<(), Outcome> {
        for (index, letter) in letters.char_indices() {
            let Some(&(_, long)) = FLAGS.iter().find(|(short, _)| *short == letter) else {
                return Err(self.unknown(&format!("-{letter}"), None));
            };
            let rest = &letters[index + letter.len_utf8()..];
            if long == "output-format" && !rest.is_empty() {
                return self.apply(long, Some(rest.trim_start_matches('=').to_string()));
            }
            self.apply(long, None)?;
        }
        Ok(())
    }

    fn apply(&mut self, long: &'static str, value: Option<String>) -> Result<(), Outcome> {
        match long {
            "output-format" => return self.format(value),
            "exclude" => return self.exclude(value),
            _ => {}
        }
        if let Some(value) = value {
            let message = format!("unexpected value '{value}' for '--{long}' found; no more were expected");
            return Err(self.error(&message, &format!("--{long}")));
        }
        self.once(long, "")?;
        let options = &mut self.options;
        let target = match long {
            "help" => return Err(Outcome::Help),
            "version" => return Err(Outcome::Version),
            "no-lambda-arg" => &mut options.checks.no_lambda_arg,
            "no-lambda-pattern-names" => &mut options.checks.no_pattern_names,
            "no-underscore" => &mut options.checks.no_underscore,
            "warn-used-underscore" => &mut options.checks.warn_used_underscore,
            "quiet" => &mut options.quiet,
            "edit" => &mut options.edit,
            "hidden" => &mut options.hidden,
            _ => &mut options.fail,
        };
        *target = true;
        Ok(())
    }

    fn once(&mut self, long: &'static str, value_name: &str) -> Result<(), Outcome> {
        if self.seen.contains(&long) {
            let message = format!("the argument '--{long}{value_name}' cannot be used multiple times");
            return Err(self.error(&message, "[OPTIONS]"));
        }
        self.seen.push(long);
        Ok(())
    }

    fn format(&mut self, value: Option<String>) -> Result<(), Outcome> {
        const NAME: &str = "--output-format <OUTPUT_FORMAT>";
        const HINT: &str = "\n  [possible values: human-readable, json]\n\nFor more information, try '--help'.\n";
        let value = value.or_else(|| self.args.next_if(|a| !a.starts_with('-'))).unwrap_or_default();
        self.once("output-format", " <OUTPUT_FORMAT>")?;
        match value.as_str() {
            "json" => self.options.json = true,
            "human-readable" => {}
            "" => {
                let text = format!("error: a value is required for '{NAME}' but none was supplied{HINT}");
                return Err(Outcome::Error(text));
            }
            other => return Err(Outcome::Error(format!("error: invalid value '{other}' for '{NAME}'{HINT}"))),
        }
        Ok(())
    }

    fn exclude(&mut self, value: Option<String>) -> Result<(), Outcome> {
        let before = self.options.excludes.len();
        match value {
            Some(value) => self.options.excludes.push(value),
            None => {
                while let Some(path) = self.args.next_if(|a| !a.starts_with('-')) {
                    self.options.excludes.push(path);
                }
            }
        }
        if self.options.excludes.len() > before {
            return Ok(());
        }
        let text = "error: a value is required for '--exclude <EXCLUDES>...' but none was supplied";
        Err(Outcome::Error(format!("{text}\n\nFor more information, try '--help'.\n")))
    }

    fn unknown(&self, shown: &str, similar: Option<&str>) -> Outcome {
        let (tip, usage) = match similar {
            Some(long) => {
                let value = if long == "output-format" { " <OUTPUT_FORMAT>" } else { "" };
                (format!("a similar argument exists: '--{long}'"), format!("--{long}{value}"))
            }
            None => (format!("to pass '{shown}' as a value, use '-- {shown}'"), "[OPTIONS]".to_string()),
        };
        self.error(&format!("unexpected argument '{shown}' found\n\n  tip: {tip}"), &usage)
    }

    fn error(&self, message: &str, usage: &str) -> Outcome {
        let usage = format!("Usage: {} {usage} [FILE_PATHS]...", self.program);
        Outcome::Error(format!("error: {message}\n\n{usage}\n\nFor more information, try '--help'.\n"))
    }
}

/// A known option that the mistyped one begins, or that shares most of its beginning.
fn similar(name: &str) -> Option<&'static str> {
    let close = |long: &str| {
        let shared = long.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
        shared >= 2 && (shared == name.len() || shared + 2 >= long.len())
    };
    FLAGS.iter().map(|f| f.1).find(|long| close(long))
}
