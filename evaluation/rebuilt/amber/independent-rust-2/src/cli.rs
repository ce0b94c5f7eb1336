//! From the command line and the configuration file to the settings of a run.

use std::collections::HashMap;
use std::path::PathBuf;

/// Everything a search needs to know.
pub struct Settings {
    pub keyword: String,
    pub paths: Vec<PathBuf>,
    pub threads: usize,
    pub binary_probe: usize,
    on: HashMap<&'static str, bool>,
}

impl Settings {
    /// Value of a switch, by its name in the configuration file.
    pub fn on(&self, name: &str) -> bool {
        self.on.get(name).copied().unwrap_or(false)
    }
}

/// What the command line asks for.
pub enum Request {
    Help,
    Version,
    Search(Settings),
}

const SWITCHES: [&str; 11] = [
    "key-from-file", "verbose", "regex", "column", "row", "binary", "statistics", "skipped", "line-by-match", "tbm", "sse",
];
/// Switches that are on unless `--no-...` is given.
const DEFAULTS_ON: [&str; 8] = ["recursive", "symlink", "color", "file", "skip-vcs", "skip-gitignore", "fixed-order", "parent-ignore"];
const NUMBERS: [(&str, &str, &str); 4] = [
    ("max-threads", "NUM", "2"),
    ("size-per-thread", "BYTES", "1048576"),
    ("bin-check-bytes", "BYTES", "256"),
    ("mmap-bytes", "BYTES", "1048576"),
];

/// Options met so far: display form such as `--max-threads <NUM>`, and the value if one was given.
type Given = HashMap<String, Option<String>>;

fn display_form(name: &str) -> String {
    match NUMBERS.iter().find(|number| number.0 == name) {
        Some((_, unit, _)) => format!("--{name} <{unit}>"),
        None => format!("--{name}"),
    }
}

/// The name of the program as it was called.
pub fn program_name() -> String {
    let path = PathBuf::from(std::env::args().next().unwrap_or_default());
    path.file_name().map_or("ambs".into(), |name| name.to_string_lossy().into_owned())
}

/// An error text with the short usage, which names the options in play if there are any.
fn usage_error(message: &str, mut options: Vec<String>) -> String {
    options.sort();
    options.dedup();
    let arguments = if options.is_empty() { "[FLAGS] [OPTIONS] <KEYWORD> [PATHS]...".into() } else { format!("<KEYWORD> {}", options.join(" ")) };
    format!("error: {message}\n\nUSAGE:\n    {} {arguments}\n\nFor more information try --help", program_name())
}

fn unexpected(argument: &str, given: &Given) -> String {
    let message = format!("Found argument '{argument}' which wasn't expected, or isn't valid in this context");
    usage_error(&message, given.keys().cloned().collect())
}

/// Parses the arguments; the error is the complete text to show.
pub fn parse(arguments: &[String]) -> Result<Request, String> {
    let mut known: Vec<String> = SWITCHES.iter().map(|s| s.to_string()).collect();
    known.extend(DEFAULTS_ON.iter().map(|s| format!("no-{s}")));
    known.extend(NUMBERS.iter().map(|n| n.0.to_string()));
    known.extend(["help".to_string(), "version".to_string()]);
    let mut given = Given::new();
    let mut repeated = None;
    let mut positional = Vec::new();
    let mut queue = arguments.iter().peekable();
    while let Some(argument) = queue.next() {
        let mut names = Vec::new();
        let mut value = None;
        if argument == "--" {
            positional.extend(queue.by_ref().cloned());
        } else if let Some(long) = argument.strip_prefix("--") {
            let (name, attached) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v.to_string())));
            if !known.iter().any(|k| k == name) && !DEFAULTS_ON.contains(&name) {
                return Err(unexpected(&format!("--{name}"), &given));
            }
            value = attached;
            if value.is_none() && NUMBERS.iter().any(|n| n.0 == name) {
                value = queue.next_if(|next| !next.starts_with('-') || *next == "-").cloned();
            }
            names.push(name.to_string());
        } else if argument.len() > 1 && argument.starts_with('-') {
            for letter in argument[1..].chars() {
                names.push(match letter {
                    'r' => "regex".to_string(),
                    'h' => "help".to_string(),
                    'V' => "version".to_string(),
                    _ => {
                        given.extend(names.iter().map(|name| (display_form(name), None)));
                        return Err(unexpected(&format!("-{letter}"), &given));
                    }
                });
            }
        } else {
            positional.push(argument.clone());
        }
        for name in names {
            match name.as_str() {
                "help" => return Ok(Request::Help),
                "version" => return Ok(Request::Version),
                _ if given.insert(display_form(&name), value.clone()).is_some() => repeated = Some(display_form(&name)),
                _ => {}
            }
        }
    }
    let everything = || given.keys().cloned().chain(NUMBERS.iter().map(|n| display_form(n.0))).collect();
    if let Some(form) = repeated {
        let message = format!("The argument '{form}' was provided more than once, but cannot be used multiple times");
        return Err(usage_error(&message, everything()));
    }
    if positional.is_empty() {
        return Err(usage_error("The following required arguments were not provided:\n    <KEYWORD>", everything()));
    }
    let number = |i: usize| {
        let form = display_form(NUMBERS[i].0);
        let text = given.get(&form).cloned().flatten().unwrap_or(NUMBERS[i].2.into());
        text.parse::<usize>().map_err(|reason| format!("error: Invalid value for '{form}': {reason}"))
    };
    let (threads, binary_probe) = (number(0)?, (number(1)?, number(2)?).1);
    number(3)?;
    let config = read_config();
    let switch = |name: &'static str, default: bool| {
        let base = config.get(&name.replace('-', "_")).copied().unwrap_or(default);
        (name, (base || given.contains_key(&format!("--{name}"))) && !given.contains_key(&format!("--no-{name}")))
    };
    let on = SWITCHES.iter().map(|n| switch(n, false)).chain(DEFAULTS_ON.iter().map(|n| switch(n, true))).collect();
    let keyword = positional.remove(0);
    let paths = if positional.is_empty() { vec![".".into()] } else { positional.into_iter().map(PathBuf::from).collect() };
    Ok(Request::Search(Settings { keyword, paths, threads: threads.max(1), binary_probe, on }))
}

/// The first configuration file that exists; one with a wrong value counts as empty.
fn read_config() -> HashMap<String, bool> {
    let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    let places = [home.join(".ambs.toml"), home.join(".config/amber/ambs.toml"), "/etc/amber/ambs.toml".into()];
    let text = places.iter().find_map(|place| std::fs::read_to_string(place).ok()).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.split('#').next()?.split_once('='));
    let names: Vec<String> = SWITCHES.iter().chain(&DEFAULTS_ON).map(|name| name.replace('-', "_")).collect();
    let entries = lines.map(|(name, value)| (name.trim().to_string(), value.trim())).filter(|entry| names.contains(&entry.0));
    entries.map(|(name, value)| value.parse().ok().map(|value| (name, value))).collect::<Option<_>>().unwrap_or_default()
}
