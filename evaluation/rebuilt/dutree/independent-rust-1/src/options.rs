use std::path::PathBuf;

pub struct Options {
    pub depth: Option<usize>,
    pub aggregate: u64,
    pub usage: bool,
    pub bytes: bool,
    pub files_only: bool,
    pub exclude: Vec<String>,
    pub no_hidden: bool,
    pub ascii: bool,
    pub paths: Vec<PathBuf>,
}

pub enum Request {
    Run(Options),
    Help,
    Version,
    UsageError(String),
    Failure(String),
}

#[derive(PartialEq, Clone, Copy)]
enum Takes {
    Nothing,
    Maybe,
    Value,
}

struct Spec {
    short: char,
    long: &'static str,
    takes: Takes,
}

const SPECS: [Spec; 11] = [
    Spec { short: 'd', long: "depth", takes: Takes::Maybe },
    Spec { short: 'a', long: "aggr", takes: Takes::Maybe },
    Spec { short: 's', long: "summary", takes: Takes::Nothing },
    Spec { short: 'u', long: "usage", takes: Takes::Nothing },
    Spec { short: 'b', long: "bytes", takes: Takes::Nothing },
    Spec { short: 'f', long: "files-only", takes: Takes::Nothing },
    Spec { short: 'x', long: "exclude", takes: Takes::Value },
    Spec { short: 'H', long: "no-hidden", takes: Takes::Nothing },
    Spec { short: 'A', long: "ascii", takes: Takes::Nothing },
    Spec { short: 'h', long: "help", takes: Takes::Nothing },
    Spec { short: 'v', long: "version", takes: Takes::Nothing },
];

struct Matches {
    found: Vec<(char, Option<String>)>,
    free: Vec<String>,
}

impl Matches {
    fn has(&self, short: char) -> bool {
        self.found.iter().any(|(c, _)| *c == short)
    }

    fn get(&self, short: char) -> Option<Option<&str>> {
        self.found
            .iter()
            .find(|(c, _)| *c == short)
            .map(|(_, v)| v.as_deref())
    }
}

fn unrecognized(name: &str) -> String {
    format!("Unrecognized option: '{}'", name)
}

fn looks_like_option(arg: &str) -> bool {
    arg.len() > 1 && arg.starts_with('-')
}

fn scan(args: &[String]) -> Result<Matches, String> {
    let mut m = Matches { found: Vec::new(), free: Vec::new() };
    let mut i = 0;
    while i < args.len() {
        let arg = &args[i];
        i += 1;
        if !looks_like_option(arg) {
            m.free.push(arg.clone());
        } else if arg == "--" {
            m.free.extend_from_slice(&args[i..]);
            break;
        } else if let Some(body) = arg.strip_prefix("--") {
            let (name, value) = match body.split_once('=') {
                Some((n, v)) => (n, Some(v.to_string())),
                None => (body, None),
            };
            let spec = SPECS
                .iter()
                .find(|s| s.long == name)
                .ok_or_else(|| unrecognized(name))?;
            match (spec.takes, value) {
                (Takes::Nothing, Some(_)) => {
                    return Err(format!("Option '{}' does not take an argument", name));
                }
                (Takes::Value, None) => {
                    let next = args
                        .get(i)
                        .ok_or_else(|| format!("Argument to option '{}' missing", name))?;
                    i += 1;
                    m.found.push((spec.short, Some(next.clone())));
                }
                (_, value) => m.found.push((spec.short, value)),
            }
        } else {
            for (pos, c) in arg.char_indices().skip(1) {
                let spec = SPECS
                    .iter()
                    .find(|s| s.short == c)
                    .ok_or_else(|| unrecognized(&c.to_string()))?;
                if spec.takes == Takes::Nothing {
                    m.found.push((c, None));
                    continue;
                }
                let rest = &arg[pos + c.len_utf8()..];
                let value = if !rest.is_empty() {
                    Some(rest.to_string())
                } else if spec.takes == Takes::Value {
                    let next = args
                        .get(i)
                        .ok_or_else(|| format!("Argument to option '{}' missing", c))?;
                    i += 1;
                    Some(next.clone())
                } else if i < args.len() && !looks_like_option(&args[i]) {
                    i += 1;
                    Some(args[i - 1].clone())
                } else {
                    None
                };
                m.found.push((c, value));
                break;
            }
        }
    }
    for spec in SPECS.iter().filter(|s| s.takes != Takes::Value) {
        if m.found.iter().filter(|(c, _)| *c == spec.short).count() > 1 {
            return Err(format!("Option '{}' given more than once", spec.long));
        }
    }
    Ok(m)
}

fn parse_size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match &text[digits.len()..] {
        "" | "b" | "B" => 1,
        "k" | "K" => 1 << 10,
        "m" | "M" => 1 << 20,
        "g" | "G" => 1 << 30,
        "t" | "T" => 1 << 40,
        _ => return None,
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

pub fn parse(args: &[String]) -> Request {
    let m = match scan(args) {
        Ok(m) => m,
        Err(e) => return Request::UsageError(e),
    };
    if m.has('h') {
        return Request::Help;
    }
    if m.has('v') {
        return Request::Version;
    }
    let mut paths: Vec<PathBuf> = m.free.iter().map(PathBuf::from).collect();
    if let Some(missing) = paths.iter().find(|p| !p.exists()) {
        return Request::Failure(format!("path {} doesn't exist", missing.display()));
    }
    if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    let mut depth = m
        .get('d')
        .map(|v| v.and_then(|t| t.parse().ok()).unwrap_or(1));
    let mut aggregate = match m.get('a') {
        None => 0,
        Some(None) => 1 << 20,
        Some(Some(text)) => match parse_size(text) {
            Some(n) => n,
            None => return Request::Failure(format!("invalid argument '{}'", text)),
        },
    };
    if m.has('s') {
        depth = Some(1);
        aggregate = 1 << 20;
    }
    let exclude = m
        .found
        .iter()
        .filter(|(c, _)| *c == 'x')
        .filter_map(|(_, v)| v.clone())
        .collect();
    Request::Run(Options {
        depth,
        aggregate,
        usage: m.has('u'),
        bytes: m.has('b'),
        files_only: m.has('f'),
        exclude,
        no_hidden: m.has('H'),
        ascii: m.has('A'),
        paths,
    })
}
