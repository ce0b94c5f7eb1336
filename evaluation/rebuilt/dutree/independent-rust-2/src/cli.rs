//! Command line: an option table, a splitter driven by it, and the
//! interpretation of the collected values.

use crate::scan::ScanRules;

/// How an option treats a value.
#[derive(Clone, Copy, PartialEq)]
enum Value {
    /// A plain switch.
    Never,
    /// `-oV`, `-o V` or `--opt=V`, all of them optional.
    Maybe,
    /// The value is mandatory and the option may be repeated.
    Always,
}

/// One row of the option table.
struct OptionSpec {
    short: char,
    long: &'static str,
    value: Value,
    hint: &'static str,
    about: &'static str,
}

const fn spec(short: char, long: &'static str, value: Value, hint: &'static str, about: &'static str) -> OptionSpec {
    OptionSpec { short, long, value, hint, about }
}

const OPTIONS: [OptionSpec; 11] = [
    spec('d', "depth", Value::Maybe, " [DEPTH]", "show directories up to depth N (def 1)"),
    spec('a', "aggr", Value::Maybe, " [N[KMG]]", "aggregate smaller than N B/KiB/MiB/GiB (def 1M)"),
    spec('s', "summary", Value::Never, "", "equivalent to -da, or -d1 -a1M"),
    spec('u', "usage", Value::Never, "", "report real disk usage instead of file size"),
    spec('b', "bytes", Value::Never, "", "print sizes in bytes"),
    spec('f', "files-only", Value::Never, "", "skip directories for a fast local overview"),
    spec('x', "exclude", Value::Always, " NAME", "exclude matching files or directories"),
    spec('H', "no-hidden", Value::Never, "", "exclude hidden files"),
    spec('A', "ascii", Value::Never, "", "ASCII characters only, no colors"),
    spec('h', "help", Value::Never, "", "show help"),
    spec('v', "version", Value::Never, "", "print version number"),
];

const DEFAULT_DEPTH: usize = 1;
const DEFAULT_AGGREGATE: u64 = 1 << 20;

/// What the user asked for.
pub enum Command {
    Help,
    Version,
    Show(Request),
}

/// A request to draw a tree.
pub struct Request {
    pub paths: Vec<String>,
    pub rules: ScanRules,
    pub bytes: bool,
    pub ascii: bool,
}

/// A command line that cannot be honoured.
pub struct Problem {
    pub message: String,
    /// Whether the usage text should come along.
    pub with_usage: bool,
}

/// Option occurrences in order: row of `OPTIONS` and value, if any.
#[derive(Default)]
struct Collected {
    seen: Vec<(usize, Option<String>)>,
    free: Vec<String>,
}

impl Collected {
    /// The long name of a single-use option that was given twice.
    fn repeated(&self) -> Option<&'static str> {
        OPTIONS.iter().enumerate().find_map(|(row, o)| {
            let uses = self.seen.iter().filter(|(r, _)| *r == row).count();
            (o.value != Value::Always && uses > 1).then_some(o.long)
        })
    }

    /// All values given for an option, `None` where it had no value.
    fn values(&self, short: char) -> Vec<Option<&str>> {
        let mine = self.seen.iter().filter(|(row, _)| OPTIONS[*row].short == short);
        mine.map(|(_, value)| value.as_deref()).collect()
    }

    fn has(&self, short: char) -> bool {
        !self.values(short).is_empty()
    }
}

/// The help text.
pub fn usage(program: &str) -> String {
    let mut text = format!("Usage: {program} [options] <path> [<path>..]\n\nOptions:\n");
    for o in &OPTIONS {
        let flags = format!("-{}, --{}{}", o.short, o.long, o.hint);
        text.push_str(&format!("    {flags:<19} {}\n", o.about));
    }
    text
}

/// Turns the arguments (without the program name) into a command.
pub fn parse(args: &[String]) -> Result<Command, Problem> {
    let got = collect(args).map_err(|message| Problem { message, with_usage: true })?;
    match (got.has('h'), got.has('v')) {
        (true, _) => return Ok(Command::Help),
        (_, true) => return Ok(Command::Version),
        _ => {}
    }
    let number = |v: &Option<&str>| v.and_then(|s| s.parse().ok()).unwrap_or(DEFAULT_DEPTH);
    let mut depth = got.values('d').first().map(number);
    let mut aggregate_below = match got.values('a').first() {
        None => 0,
        Some(None) | Some(Some("")) => DEFAULT_AGGREGATE,
        Some(Some(text)) => parse_size(text).ok_or_else(|| Problem {
            message: format!("invalid argument '{text}'"),
            with_usage: false,
        })?,
    };
    if got.has('s') {
        depth = Some(DEFAULT_DEPTH);
        aggregate_below = DEFAULT_AGGREGATE;
    }

    let (bytes, ascii) = (got.has('b'), got.has('A'));
    let rules = ScanRules {
        depth,
        aggregate_below,
        on_disk: got.has('u'),
        files_only: got.has('f'),
        skip_hidden: got.has('H'),
        excluded: got.values('x').into_iter().flatten().map(str::to_string).collect(),
    };
    let paths = if got.free.is_empty() { vec![".".to_string()] } else { got.free };
    Ok(Command::Show(Request { paths, rules, bytes, ascii }))
}

/// Splits the arguments by the option table.
fn collect(args: &[String]) -> Result<Collected, String> {
    let mut got = Collected::default();
    let mut rest = args.iter().peekable();
    while let Some(arg) = rest.next() {
        if arg == "--" {
            got.free.extend(rest.by_ref().cloned());
        } else if let Some(body) = arg.strip_prefix("--") {
            let (name, inline) = body.split_once('=').map_or((body, None), |(n, v)| (n, Some(v.to_string())));
            let row = find(|o| o.long == name, name)?;
            let value = match OPTIONS[row].value {
                Value::Never if inline.is_some() => return Err(format!("Option '{name}' does not take an argument")),
                Value::Always if inline.is_none() => Some(rest.next().cloned().ok_or_else(|| missing(name))?),
                _ => inline,
            };
            got.seen.push((row, value));
        } else if arg.len() > 1 && arg.starts_with('-') {
            let mut cluster = arg[1..].chars();
            while let Some(letter) = cluster.next() {
                let name = letter.to_string();
                let row = find(|o| o.short == letter, &name)?;
                let glued = cluster.as_str();
                let value = match OPTIONS[row].value {
                    Value::Never => {
                        got.seen.push((row, None));
                        continue;
                    }
                    _ if !glued.is_empty() => Some(glued.to_string()),
                    Value::Always => Some(rest.next().cloned().ok_or_else(|| missing(&name))?),
                    Value::Maybe => rest.next_if(|next| next.len() < 2 || !next.starts_with('-')).cloned(),
                };
                got.seen.push((row, value));
                break;
            }
        } else {
            got.free.push(arg.clone());
        }
    }
    match got.repeated() {
        Some(name) => Err(format!("Option '{name}' given more than once")),
        None => Ok(got),
    }
}

/// The table row satisfying `test`, or the complaint about `name`.
fn find(test: impl Fn(&OptionSpec) -> bool, name: &str) -> Result<usize, String> {
    OPTIONS.iter().position(test).ok_or_else(|| format!("Unrecognized option: '{name}'"))
}

fn missing(name: &str) -> String {
    format!("Argument to option '{name}' missing")
}

/// Reads digits followed by at most one character; k, m, g and t scale the
/// number by powers of 1024, any other character means bytes.
fn parse_size(text: &str) -> Option<u64> {
    let cut = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..cut].parse().ok()?;
    let mut unit = text[cut..].chars();
    let shift = match unit.next().map(|c| c.to_ascii_lowercase()) {
        Some('k') => 10,
        Some('m') => 20,
        Some('g') => 30,
        Some('t') => 40,
        _ => 0,
    };
    unit.next().is_none().then(|| number.saturating_mul(1 << shift))
}
