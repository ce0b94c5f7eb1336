//! The command line.
use crate::selector::Selector;
use crate::PIPE_ADVICE;

pub struct Failure {
    pub message: String,
    pub advice: Option<String>,
}

impl Failure {
    pub fn advised(message: String, advice: &str) -> Self {
        Failure { message, advice: Some(advice.to_string()) }
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Failure { message, advice: None }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        error.to_string().into()
    }
}

#[derive(Default)]
pub struct Options {
    pub input: Option<String>,
    pub output: Option<String>,
    pub overwrite: bool,
    pub domain: String,
    pub include: Option<Selector>,
    pub exclude: Option<Selector>,
    pub strong: String,
    pub strikethrough: bool,
}

pub enum Request {
    Help,
    Version,
    Convert(Options),
}

const SWITCHES: [&str; 4] = ["output-overwrite", "plugin-strikethrough", "v", "version"];
const SETTINGS: [&str; 6] = ["domain", "exclude-selector", "include-selector", "input", "opt-strong-delimiter", "output"];

pub fn parse(args: impl Iterator<Item = String>) -> Result<Request, Failure> {
    let mut args = args.peekable();
    let mut options = Options::default();
    let mut version = false;
    while let Some(arg) = args.next_if(|arg| arg.len() > 1 && arg.starts_with('-')) {
        if arg == "--" {
            break;
        }
        let body = arg.strip_prefix("--").unwrap_or(&arg[1..]);
        let (name, value) = match body.split_once('=') {
            Some((name, value)) => (name, Some(value.to_string())),
            None => (body, None),
        };
        if name == "help" || name == "h" {
            return Ok(Request::Help);
        } else if SWITCHES.contains(&name) {
            let on = switch(name, value.as_deref())?;
            match name {
                "output-overwrite" => options.overwrite = on,
                "plugin-strikethrough" => options.strikethrough = on,
                _ => version = on,
            }
        } else if SETTINGS.contains(&name) {
            let value = value.or_else(|| args.next()).ok_or_else(|| format!("flag needs an argument: -{name}"))?;
            options.set(name, &value).map_err(|why| format!("invalid value {value:?} for flag -{name}: {why}"))?;
        } else {
            return Err(unknown(name));
        }
    }
    let rest: Vec<String> = args.collect();
    if !rest.is_empty() {
        return Err(Failure::advised(format!("unknown arguments: {}", rest.join(" ")), PIPE_ADVICE));
    }
    options.finish().map(|options| if version { Request::Version } else { Request::Convert(options) })
}

fn switch(name: &str, value: Option<&str>) -> Result<bool, String> {
    match value {
        None | Some("1" | "t" | "T" | "true" | "TRUE" | "True") => Ok(true),
        Some("0" | "f" | "F" | "false" | "FALSE" | "False") => Ok(false),
        Some(other) => Err(format!("invalid boolean value {other:?} for -{name}: parse error")),
    }
}

fn nonempty(value: &str) -> Result<Option<String>, String> {
    if value.is_empty() { Err("empty string".into()) } else { Ok(Some(value.to_string())) }
}

impl Options {
    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "input" => self.input = nonempty(value)?,
            "output" => self.output = nonempty(value)?,
            "include-selector" => self.include = Some(value.parse()?),
            "exclude-selector" => self.exclude = Some(value.parse()?),
            "domain" => self.domain = value.to_string(),
            _ => self.strong = value.to_string(),
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Self, Failure> {
        match self.strong.as_str() {
            "" => self.strong = "**".into(),
            "**" | "__" => {}
            other => {
                return Err(format!("invalid value for --opt-strong-delimiter=\"{other}\" must be exactly 2 characters of \"**\" or \"__\"").into())
            }
        }
        Ok(self)
    }
}

fn dashed(name: &str) -> String {
    format!("{}{name}", if name.len() == 1 { "-" } else { "--" })
}

fn unknown(name: &str) -> Failure {
    let mut known: Vec<&str> = SWITCHES.iter().chain(&SETTINGS).copied().collect();
    known.sort_unstable();
    let best = known.into_iter().min_by_key(|flag| distance(name, flag)).filter(|flag| distance(name, flag) < name.len().min(5));
    Failure {
        message: format!("unknown flag: {}", dashed(name)),
        advice: best.map(|flag| format!("Did you mean {} instead?", dashed(flag))),
    }
}

/// The number of edits between two words.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let cost = if x == y { diagonal } else { diagonal.min(row[j]).min(row[j + 1]) + 1 };
            diagonal = std::mem::replace(&mut row[j + 1], cost);
        }
    }
    row[b.len()]
}
