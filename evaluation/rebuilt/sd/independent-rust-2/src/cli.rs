//! The command line.

/// Short letter, long name and value name (empty for a switch) of every option.
const OPTIONS: [(char, &str, &str); 4] =
    [('p', "preview", ""), ('F', "fixed-strings", ""), ('n', "max-replacements", "LIMIT"), ('f', "flags", "FLAGS")];
const OPERANDS: &str = "<FIND> <REPLACE_WITH> [FILES]...";

/// What to do.
#[derive(Debug)]
pub struct Job {
    pub preview: bool,
    pub literal: bool,
    /// 0 for no limit.
    pub limit: usize,
    pub flags: String,
    pub find: String,
    pub replace_with: String,
    pub files: Vec<String>,
}

/// An exit code with the text to print, for a command line that asks for no job.
pub type Stop = (i32, String);

/// The options read so far, each with its value.
type Given = [Option<String>; 4];

/// An option as messages show it.
fn label(index: usize) -> String {
    let (_, long, value) = OPTIONS[index];
    if value.is_empty() { format!("--{long}") } else { format!("--{long} <{value}>") }
}

fn program_name() -> String {
    let path = std::env::args().next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or("sd").to_string()
}

fn misuse<T>(message: String, usage: &str) -> Result<T, Stop> {
    let usage = if usage.is_empty() { String::new() } else { format!("Usage: {} {usage}\n\n", program_name()) };
    Err((2, format!("error: {message}\n\n{usage}For more information, try '--help'.\n")))
}

fn unexpected<T>(arg: &str, any_before: bool) -> Result<T, Stop> {
    let name = arg.trim_start_matches('-');
    let similar = OPTIONS.iter().find(|option| name.len() > 2 && option.1.starts_with(name));
    let tip = match similar {
        Some(option) => format!("a similar argument exists: '--{}'", option.1),
        None => format!("to pass '{arg}' as a value, use '-- {arg}'"),
    };
    let mut usage = format!("[OPTIONS] {OPERANDS}");
    if arg.starts_with("--") && (any_before || similar.is_some()) {
        usage = format!("<{}|FIND|REPLACE_WITH|FILES>", [0, 1, 2, 3].map(label).join("|"));
    }
    misuse(format!("unexpected argument '{arg}' found\n\n  tip: {tip}"), &usage)
}

/// Note an option; `value` is the text attached to it, if any, `rest` what follows it.
fn note(
    given: &mut Given, index: usize, value: Option<&str>, rest: &mut dyn Iterator<Item = String>,
) -> Result<(), Stop> {
    if given[index].is_some() {
        let message = format!("the argument '{}' cannot be used multiple times", label(index));
        return misuse(message, &format!("[OPTIONS] {OPERANDS}"));
    }
    let value = match value {
        Some(value) => value.to_string(),
        None if OPTIONS[index].2.is_empty() => String::new(),
        None => match rest.next() {
            Some(next) if !next.starts_with('-') || next == "-" => next,
            Some(next) if next.as_bytes()[1].is_ascii_digit() => return unexpected(&next[..2], true),
            _ => return misuse(format!("a value is required for '{}' but none was supplied", label(index)), ""),
        },
    };
    given[index] = Some(value);
    Ok(())
}

/// Read the arguments behind the program name.
pub fn parse(mut args: impl Iterator<Item = String>) -> Result<Job, Stop> {
    let mut given: Given = Default::default();
    let mut plain: Vec<String> = Vec::new();
    let mut options_over = false;
    while let Some(arg) = args.next() {
        let any_before = !plain.is_empty() || given.iter().any(Option::is_some);
        if options_over || arg == "-" || !arg.starts_with('-') {
            plain.push(arg);
        } else if arg == "--" {
            options_over = true;
        } else if arg == "-h" || arg == "--help" {
            let text = if arg == "-h" { include_str!("short_help.txt") } else { include_str!("long_help.txt") };
            return Err((0, text.replace("{program}", &program_name())));
        } else if arg == "-V" || arg == "--version" {
            return Err((0, "sd 1.0.0\n".to_string()));
        } else if let Some(body) = arg.strip_prefix("--") {
            let (name, value) = body.split_once('=').map_or((body, None), |(name, value)| (name, Some(value)));
            match OPTIONS.iter().position(|option| option.1 == name) {
                Some(index) if value.is_none() || !OPTIONS[index].2.is_empty() => {
                    note(&mut given, index, value, &mut args)?;
                }
                _ => return unexpected(&format!("--{name}"), any_before),
            }
        } else {
            for (at, c) in arg.char_indices().skip(1) {
                let Some(index) = OPTIONS.iter().position(|option| option.0 == c) else {
                    return unexpected(&format!("-{c}"), any_before);
                };
                let attached = Some(&arg[at + c.len_utf8()..]).filter(|text| !text.is_empty());
                if !OPTIONS[index].2.is_empty() {
                    note(&mut given, index, attached.map(|text| text.strip_prefix('=').unwrap_or(text)), &mut args)?;
                    break;
                }
                note(&mut given, index, None, &mut args)?;
            }
        }
    }
    finish(given, plain)
}

/// Check the values and the number of plain arguments.
fn finish(given: Given, mut plain: Vec<String>) -> Result<Job, Stop> {
    let limit = given[2].as_deref().unwrap_or("0");
    let limit = limit.parse().or_else(|reason: std::num::ParseIntError| {
        misuse(format!("invalid value '{limit}' for '{}': {reason}", label(2)), "")
    })?;
    if plain.len() < 2 {
        let missing = ["\n  <FIND>", "\n  <REPLACE_WITH>"][plain.len()..].concat();
        let used: String = (0..4).filter(|&i| given[i].is_some()).map(|i| label(i) + " ").collect();
        let message = format!("the following required arguments were not provided:{missing}");
        return misuse(message, &format!("{used}{OPERANDS}"));
    }
    let files = plain.split_off(2);
    let (replace_with, find) = (plain.pop().unwrap_or_default(), plain.pop().unwrap_or_default());
    let [preview, literal, _, flags] = given.map(|value| (value.is_some(), value.unwrap_or_default()));
    Ok(Job { preview: preview.0, literal: literal.0, limit, flags: flags.1, find, replace_with, files })
}
