//! The command line: from arguments to an action and its options.

use std::io::{stdout, IsTerminal};
use std::num::ParseIntError;

#[derive(Clone, Copy)]
pub enum Transform {
    Upper,
    Lower,
    Ascii,
}

/// What to do with file names, or with a dump file.
pub enum Action {
    Replace { pattern: String, replacement: String, limit: usize, transform: Option<Transform> },
    ToAscii,
    Replay { file: String, undo: bool },
}

pub struct Options {
    pub action: Action,
    pub paths: Vec<String>,
    pub include_dirs: bool,
    /// Levels to go down into directories; 0 unless recursive.
    pub max_depth: usize,
    pub hidden: bool,
    pub force: bool,
    pub backup: bool,
    pub silent: bool,
    pub colored: bool,
    pub dump: bool,
    pub dump_prefix: String,
}

/// Why there is nothing to run: help was wanted, or the usage was wrong.
pub enum Refusal {
    Help(String),
    Usage(String),
}

/// An option: its letter (or a space), its name with its value's name, and the
/// commands that have it, by their first letter.
type Flag = (char, &'static str, &'static str);

const FLAGS: [Flag; 16] = [
    ('h', "--help", "rft"),
    ('n', "--dry-run", "rft"),
    ('f', "--force", "rft"),
    ('b', "--backup", "rft"),
    ('s', "--silent", "rft"),
    (' ', "--color <COLOR>", "rft"),
    (' ', "--dump", "rft"),
    (' ', "--dump-prefix <DUMP_PREFIX>", "rft"),
    (' ', "--no-dump", "rft"),
    ('l', "--replace-limit <LIMIT>", "r"),
    ('t', "--replace-transform <REPLACE_TRANSFORM>", "r"),
    ('D', "--include-dirs", "rt"),
    ('r', "--recursive", "rt"),
    ('d', "--max-depth <LEVEL>", "rt"),
    ('x', "--hidden", "rt"),
    ('u', "--undo", "f"),
];
const CONFLICTS: [[&str; 2]; 2] = [["--dry-run", "--force"], ["--dump", "--no-dump"]];

/// Reads the arguments, the program's own name first.
pub fn parse(args: &[String]) -> Result<Options, Refusal> {
    let bin = args[0].rsplit('/').next().unwrap_or_default();
    let refuse = |message: String| refusal(&message, &format!("Usage: {bin} <COMMAND>\n\n"));
    let help = |command: &str| {
        let text = match command {
            "" => include_str!("help/main.txt"),
            "regex" => include_str!("help/regex.txt"),
            "from-file" => include_str!("help/from-file.txt"),
            "to-ascii" => include_str!("help/to-ascii.txt"),
            _ => return Err(refuse(format!("unrecognized subcommand '{command}'"))),
        };
        Ok(text.replace("{bin}", bin))
    };
    let word = |index| args.get(index).map_or("", String::as_str);
    match word(1) {
        "-h" | "--help" => Err(Refusal::Help(help("")?)),
        "-V" | "--version" => Err(Refusal::Help("rnr 0.5.1\n".to_string())),
        "help" => Err(Refusal::Help(help(word(2))?)),
        option if option.starts_with('-') => Err(refuse(format!("unexpected argument '{option}' found"))),
        command => {
            let text = help(command)?;
            let wanted: &[&str] = match command {
                "regex" => &["<EXPRESSION>", "<REPLACEMENT>", "<PATH(S)>..."],
                "from-file" => &["<DUMPFILE>"],
                _ => &["<PATH(S)>..."],
            };
            let mut found = Found { bin, command, wanted, flags: Vec::new(), words: Vec::new() };
            match args.get(2..) {
                None | Some([]) => return Err(Refusal::Usage(text)),
                Some(rest) => found.scan(rest)?,
            }
            if found.has("--help") { Err(Refusal::Help(text)) } else { found.options() }
        }
    }
}

fn refusal(message: &str, usage: &str) -> Refusal {
    Refusal::Usage(format!("error: {message}\n\n{usage}For more information, try '--help'.\n"))
}

/// What was found on a subcommand's command line, in order.
struct Found<'a> {
    bin: &'a str,
    command: &'a str,
    /// The arguments that the command must have.
    wanted: &'a [&'a str],
    flags: Vec<(&'static str, &'a str)>,
    words: Vec<String>,
}

impl<'a> Found<'a> {
    fn value(&self, name: &str) -> Option<&str> {
        let is = |flag: &str| flag.split(' ').next() == Some(name);
        self.flags.iter().find(|(flag, _)| is(flag)).map(|(_, value)| *value)
    }

    fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    fn refuse(&self, message: &str, options: &[&str]) -> Refusal {
        let words = [&[self.bin, self.command], options, self.wanted].concat();
        refusal(message, &format!("Usage: {}\n\n", words.join(" ")))
    }

    fn unexpected(&self, arg: &str) -> Refusal {
        let tip = format!("\n\n  tip: to pass '{arg}' as a value, use '-- {arg}'");
        let tip = if arg.starts_with('-') { &tip } else { "" };
        self.refuse(&format!("unexpected argument '{arg}' found{tip}"), &["[OPTIONS]"])
    }

    /// Sorts arguments into options and words.
    fn scan(&mut self, args: &'a [String]) -> Result<(), Refusal> {
        let mut args = args.iter().map(String::as_str);
        let mut only_words = false;
        while let Some(arg) = args.next() {
            if only_words || arg == "-" || !arg.starts_with('-') {
                if self.command == "from-file" && !self.words.is_empty() {
                    return Err(self.unexpected(arg));
                }
                self.words.push(arg.to_string());
            } else if arg == "--" {
                only_words = true;
            } else if arg.starts_with("--") {
                let (name, value) = arg.split_once('=').map_or((arg, None), |(n, v)| (n, Some(v)));
                self.add(name, |flag| flag.1.split(' ').next() == Some(name), value, &mut args)?;
            } else {
                // Letters may stand together; what follows one may be its value.
                for (at, letter) in arg.char_indices().skip(1) {
                    let rest = Some(&arg[at + letter.len_utf8()..]).filter(|rest| !rest.is_empty());
                    if self.add(&format!("-{letter}"), |flag| flag.0 == letter, rest, &mut args)? {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// Adds an option and tells if it has a value, which may be in `args`.
    fn add(
        &mut self,
        written: &str,
        is: impl Fn(&Flag) -> bool,
        attached: Option<&'a str>,
        args: &mut impl Iterator<Item = &'a str>,
    ) -> Result<bool, Refusal> {
        let flag = FLAGS.iter().find(|flag| is(flag) && flag.2.contains(&self.command[..1]));
        let name = flag.ok_or_else(|| self.unexpected(written))?.1;
        let has_value = name.contains(' ');
        let value = if has_value { attached.or_else(|| args.next()) } else { Some("") };
        let missing = || refusal(&format!("a value is required for '{name}' but none was supplied"), "");
        self.flags.push((name, value.ok_or_else(missing)?));
        Ok(has_value)
    }

    /// Reads the value of an option, if it is there; `read` may word a problem.
    fn read<T>(&self, flag: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, Refusal> {
        let Some(value) = self.value(flag.split(' ').next().unwrap_or_default()) else { return Ok(None) };
        read(value).map(Some).map_err(|problem| refusal(&format!("invalid value '{value}' for '{flag}'{problem}"), ""))
    }

    /// Turns what was found into options, unless it conflicts or falls short.
    fn options(&self) -> Result<Options, Refusal> {
        let number = |value: &str| value.parse().map_err(|error: ParseIntError| format!(": {error}"));
        let limit = self.read("--replace-limit <LIMIT>", number)?.unwrap_or(1);
        let max_depth = self.read("--max-depth <LEVEL>", number)?.unwrap_or(usize::MAX);
        let transform = self.read("--replace-transform <REPLACE_TRANSFORM>", |value| match value {
            "upper" => Ok(Transform::Upper),
            "lower" => Ok(Transform::Lower),
            "ascii" => Ok(Transform::Ascii),
            _ => Err("\n  [possible values: upper, lower, ascii]".to_string()),
        })?;
        let colored = self.read("--color <COLOR>", |value| match value {
            "always" | "never" => Ok(value == "always"),
            "auto" => Ok(stdout().is_terminal()),
            _ => Err("\n  [possible values: always, never, auto]".to_string()),
        })?;
        let mut used: Vec<&str> = self.flags.iter().map(|(flag, _)| *flag).collect();
        for pair in CONFLICTS {
            let both: Vec<&str> = used.iter().copied().filter(|name| pair.contains(name)).collect();
            if let [one, other] = both[..] {
                let message = format!("the argument '{one}' cannot be used with '{other}'");
                return Err(self.refuse(&message, &[one]));
            }
        }
        let mut missing: Vec<&str> = self.wanted.iter().skip(self.words.len()).copied().collect();
        if (self.has("--max-depth") || self.has("--hidden")) && !self.has("--recursive") {
            missing.insert(0, "--recursive");
            used.insert(0, "--recursive");
        }
        if !missing.is_empty() {
            let list = missing.join("\n  ");
            let message = format!("the following required arguments were not provided:\n  {list}");
            return Err(self.refuse(&message, &used));
        }
        let word = |index: usize| self.words[index].clone();
        Ok(Options {
            action: match self.command {
                "from-file" => Action::Replay { file: word(0), undo: self.has("--undo") },
                "to-ascii" => Action::ToAscii,
                _ => Action::Replace { pattern: word(0), replacement: word(1), limit, transform },
            },
            paths: self.words[self.wanted.len() - 1..].to_vec(),
            include_dirs: self.has("--include-dirs"),
            max_depth: if self.has("--recursive") { max_depth } else { 0 },
            hidden: self.has("--hidden"),
            force: self.has("--force"),
            backup: self.has("--backup"),
            silent: self.has("--silent"),
            colored: colored.unwrap_or(stdout().is_terminal()),
            dump: self.has("--dump") || self.has("--force") && !self.has("--no-dump"),
            dump_prefix: self.value("--dump-prefix").unwrap_or("rnr-").to_string(),
        })
    }
}
