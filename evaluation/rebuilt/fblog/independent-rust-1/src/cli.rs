//! The command line.

/// An option: short name, long name, name of its value (empty for switches), whether it can be repeated.
type Spec = (char, &'static str, &'static str, bool);

const SPECS: [Spec; 15] = [
    ('a', "additional-value", "additional-value", true),
    ('\0', "config-file", "config-file", false),
    ('m', "message-key", "message-key", true),
    ('t', "time-key", "time-key", true),
    ('l', "level-key", "level-key", true),
    ('\0', "map-level", "from=to", true),
    ('d', "dump-all", "", false),
    ('x', "excluded-value", "excluded-value", true),
    ('p', "with-prefix", "", false),
    ('\0', "main-line-format", "main-line-format", false),
    ('\0', "additional-value-format", "additional-value-format", false),
    ('s', "substitute", "", false),
    ('c', "context-key", "context-key", false),
    ('F', "placeholder-format", "placeholder-format", false),
    ('h', "help", "", false),
];

const HELP: &str = include_str!("help.txt");
const USAGE: &str = "Usage: executable [OPTIONS] [INPUT]\n\n";

/// The options in the order they were given, with their values.
#[derive(Default)]
pub struct Args {
    given: Vec<(&'static str, String)>,
    pub input: Option<String>,
}

/// Why the program ends before it reads a log; the texts call the program `executable`.
pub enum Stop {
    Info(String),
    Usage(String),
}

fn usage_error(message: String, usage: &str) -> Stop {
    Stop::Usage(format!("error: {message}\n\n{usage}For more information, try '--help'.\n"))
}

impl Args {
    pub fn parse(args: impl Iterator<Item = String>) -> Result<Args, Stop> {
        let mut parsed = Args::default();
        let mut args = args.peekable();
        while let Some(arg) = args.next() {
            if arg == "-" || !arg.starts_with('-') {
                if parsed.input.is_some() {
                    return Err(usage_error(format!("unexpected argument '{arg}' found"), USAGE));
                }
                parsed.input = Some(arg);
            } else if let Some(long) = arg.strip_prefix("--") {
                let (name, value) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v)));
                parsed.option(SPECS.iter().find(|spec| spec.1 == name), &format!("--{name}"), value, &mut args)?;
            } else {
                let mut rest = &arg[1..];
                while let Some(short) = rest.chars().next() {
                    rest = &rest[short.len_utf8()..];
                    let spec = SPECS.iter().find(|spec| spec.0 == short);
                    let attached = spec.is_some_and(|spec| !spec.2.is_empty()) && !rest.is_empty();
                    let value = attached.then(|| std::mem::take(&mut rest).trim_start_matches('='));
                    parsed.option(spec, &format!("-{short}"), value, &mut args)?;
                }
            }
        }
        Ok(parsed)
    }

    /// Records one option, taking its value from the next argument if it was not attached.
    fn option(&mut self, spec: Option<&Spec>, shown: &str, value: Option<&str>,
              args: &mut std::iter::Peekable<impl Iterator<Item = String>>) -> Result<(), Stop> {
        let Some(&(_, name, value_name, repeatable)) = spec else {
            if shown == "-V" || shown == "--version" {
                return Err(Stop::Info("fblog 4.17.0\n".to_string()));
            }
            let tip = format!("tip: to pass '{shown}' as a value, use '-- {shown}'");
            return Err(usage_error(format!("unexpected argument '{shown}' found\n\n  {tip}"), USAGE));
        };
        if name == "help" {
            return Err(Stop::Info(HELP.to_string()));
        }
        let title = if value_name.is_empty() { format!("--{name}") } else { format!("--{name} <{value_name}>") };
        let mut following = || args.next_if(|next| next == "-" || !next.starts_with('-'));
        let value = match value {
            _ if value_name.is_empty() => Some(String::new()),
            Some(value) => Some(value.to_string()),
            None => following(),
        };
        let value = value.ok_or_else(|| usage_error(format!("a value is required for '{title}' but none was supplied"), ""))?;
        if name == "map-level" && !value.contains('=') {
            return Err(usage_error(format!("invalid value '{value}' for '{title}': missing '='"), ""));
        }
        if !repeatable && self.has(name) {
            return Err(usage_error(format!("the argument '{title}' cannot be used multiple times"), USAGE));
        }
        self.given.push((name, value));
        Ok(())
    }

    pub fn has(&self, name: &str) -> bool {
        self.one(name).is_some()
    }

    pub fn one(&self, name: &str) -> Option<&str> {
        self.given.iter().find(|(given, _)| *given == name).map(|(_, value)| value.as_str())
    }

    pub fn all(&self, name: &str) -> Vec<String> {
        self.given.iter().filter(|(given, _)| *given == name).map(|(_, value)| value.clone()).collect()
    }
}
