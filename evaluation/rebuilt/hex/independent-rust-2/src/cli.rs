//! The command line: which options exist, how words become [`Settings`], and
//! what the user is told when they do not.

use std::ffi::OsString;
use std::path::Path;

pub const VERSION_LINE: &str = "hx 0.7.0";
const SUMMARY: &str = "Futuristic take on hexdump, made in Rust.";
const OPERAND: &str = "INPUTFILE";

/// Every option; the order is that of [`SPECS`].
#[derive(Clone, Copy, PartialEq)]
pub enum Switch {
    Columns,
    Length,
    Format,
    Color,
    Array,
    Wave,
    Places,
    Prefix,
    Help,
    Version,
}

/// How one option is written and explained.
pub struct SwitchSpec {
    id: Switch,
    pub short: char,
    pub long: &'static str,
    /// The name of its value; `None` for a plain flag.
    operand: Option<&'static str>,
    /// The values allowed; empty when any will do.
    choices: &'static [&'static str],
    help: &'static str,
}

/// Builds the description of one option.
const fn spec(
    id: Switch, short: char, long: &'static str, operand: Option<&'static str>,
    choices: &'static [&'static str], help: &'static str,
) -> SwitchSpec {
    SwitchSpec { id, short, long, operand, choices, help }
}

const ON_OFF: &[&str] = &["0", "1"];
const RADIXES: &[&str] = &["o", "x", "X", "b"];
const LANGUAGES: &[&str] = &["r", "c", "g", "p", "k", "j", "s", "f"];

static SPECS: [SwitchSpec; 10] = [
    spec(Switch::Columns, 'c', "cols", Some("columns"), &[], "Set column length"),
    spec(Switch::Length, 'l', "len", Some("len"), &[], "Set <len> bytes to read"),
    spec(Switch::Format, 'f', "format", Some("format"), RADIXES,
        "Set format of octet: Octal (o), LowerHex (x), UpperHex (X), Binary (b)"),
    spec(Switch::Color, 't', "color", Some("color"), ON_OFF,
        "Set color tint terminal output. 0 to disable, 1 to enable"),
    spec(Switch::Array, 'a', "array", Some("array_format"), LANGUAGES,
        "Set source code format output: rust (r), C (c), golang (g), python (p), \
         kotlin (k), java (j), swift (s), fsharp (f)"),
    spec(Switch::Wave, 'u', "func", Some("func_length"), &[], "Set function wave length"),
    spec(Switch::Places, 'p', "places", Some("func_places"), &[],
        "Set function wave output decimal places"),
    spec(Switch::Prefix, 'r', "prefix", Some("prefix"), ON_OFF,
        "Include prefix in output (e.g. 0x/0b/0o). 0 to disable, 1 to enable"),
    spec(Switch::Help, 'h', "help", None, &[], "Print help"),
    spec(Switch::Version, 'V', "version", None, &[], "Print version"),
];

impl Switch {
    /// The description of this option.
    pub fn spec(self) -> &'static SwitchSpec {
        &SPECS[self as usize]
    }
}

impl SwitchSpec {
    /// The long spelling with the name of its value: `--cols <columns>`.
    fn signature(&self) -> String {
        match self.operand {
            Some(operand) => format!("--{} <{}>", self.long, operand),
            None => format!("--{}", self.long),
        }
    }

    /// The list of allowed values after `lead`; empty when any value will do.
    fn choice_note(&self, lead: &str) -> String {
        match self.choices {
            [] => String::new(),
            choices => format!("{}[possible values: {}]", lead, choices.join(", ")),
        }
    }
}

/// The options and the operand found on the command line.
#[derive(Default)]
pub struct Settings {
    values: [Option<String>; SPECS.len()],
    pub input: Option<OsString>,
    /// Options in the order they were used.
    used: Vec<Switch>,
}

impl Settings {
    /// The value given with an option, if it was used.
    pub fn value(&self, option: Switch) -> Option<&str> {
        self.values[option as usize].as_deref()
    }
}

/// What a valid command line asks for.
pub enum Parsed {
    Help,
    Version,
    Run(Settings),
}

/// What can be wrong with a command line.
pub enum Mistake {
    /// An unknown option; `hint` is the option probably meant.
    UnknownOption { word: String, hint: Option<Switch>, used: Vec<Switch>, operand_used: bool },
    ExtraOperand(String),
    Repeated(Switch),
    ValueMissing(Switch),
    ValueNotAllowed { option: Switch, value: String },
    FlagWithValue { option: Switch, value: String },
}

impl Mistake {
    /// The complete message, several lines long, for standard error.
    pub fn describe(&self, program: &str) -> String {
        let usage = format!("Usage: {} [OPTIONS] [{}]", program, OPERAND);
        let mut blocks: Vec<String> = Vec::new();
        match self {
            Mistake::UnknownOption { word, hint, used, operand_used } => {
                blocks.push(format!("unexpected argument '{}' found", word));
                match hint {
                    Some(meant) => {
                        blocks.push(format!("  tip: a similar argument exists: '--{}'", meant.spec().long));
                        let missing = Some(meant).filter(|meant| !used.contains(meant));
                        let shown: Vec<String> =
                            used.iter().chain(missing).map(|option| option.spec().signature()).collect();
                        let (left, right) = if *operand_used { ('<', '>') } else { ('[', ']') };
                        blocks.push(format!("Usage: {} {} {}{}{}", program, shown.join(" "), left, OPERAND, right));
                    }
                    None => {
                        blocks.extend([format!("  tip: to pass '{0}' as a value, use '-- {0}'", word), usage]);
                    }
                }
            }
            Mistake::ExtraOperand(word) => {
                blocks.extend([format!("unexpected argument '{}' found", word), usage]);
            }
            Mistake::Repeated(option) => {
                let signature = option.spec().signature();
                blocks.extend([format!("the argument '{}' cannot be used multiple times", signature), usage]);
            }
            Mistake::ValueMissing(option) => {
                let spec = option.spec();
                let text = format!("a value is required for '{}' but none was supplied", spec.signature());
                blocks.push(text + &spec.choice_note("\n  "));
            }
            Mistake::ValueNotAllowed { option, value } => {
                let spec = option.spec();
                let text = format!("invalid value '{}' for '{}'", value, spec.signature());
                blocks.push(text + &spec.choice_note("\n  "));
                if let Some(meant) = nearest(value, spec.choices.iter().copied()) {
                    blocks.push(format!("  tip: a similar value exists: '{}'", meant));
                }
            }
            Mistake::FlagWithValue { option, value } => {
                let name = option.spec().signature();
                blocks.push(format!("unexpected value '{}' for '{}' found; no more were expected", value, name));
                blocks.push(format!("Usage: {} {} [{}]", program, name, OPERAND));
            }
        }
        blocks.push("For more information, try '--help'.".to_string());
        format!("error: {}\n", blocks.join("\n\n"))
    }
}

/// An option that was read but not yet checked, with its value if it has one.
type Pending = Option<(Switch, Option<String>)>;

/// Reads the words of a command line (without the program name).
pub fn parse(words: impl Iterator<Item = OsString>) -> Result<Parsed, Mistake> {
    let mut settings = Settings::default();
    let mut pending: Pending = None;
    let mut only_operands = false;
    for word in words {
        let text = word.to_string_lossy().into_owned();
        let dashed = !only_operands && text.starts_with('-') && text != "-";
        if !dashed {
            if let Some((_, value @ None)) = &mut pending {
                *value = Some(text);
                continue;
            }
            settle(&mut settings, &mut pending)?;
            if settings.input.is_some() {
                return Err(Mistake::ExtraOperand(text));
            }
            settings.input = Some(word);
            continue;
        }
        if text == "--" {
            settle(&mut settings, &mut pending)?;
            only_operands = true;
            continue;
        }
        let (option, value) = recognize(&text, &settings, &pending)?;
        settle(&mut settings, &mut pending)?;
        match option {
            Switch::Help => return Ok(Parsed::Help),
            Switch::Version => return Ok(Parsed::Version),
            _ => pending = Some((option, value)),
        }
    }
    settle(&mut settings, &mut pending)?;
    Ok(Parsed::Run(settings))
}

/// Finds the option a dashed word names, and the value attached to it.
fn recognize(text: &str, settings: &Settings, pending: &Pending) -> Result<(Switch, Option<String>), Mistake> {
    let unknown = |word: String, hint| Mistake::UnknownOption {
        word,
        hint,
        used: settings.used.iter().copied().chain(pending.iter().map(|(option, _)| *option)).collect(),
        operand_used: settings.input.is_some(),
    };
    if let Some(body) = text.strip_prefix("--") {
        let (name, value) = match body.split_once('=') {
            Some((name, value)) => (name, Some(value.to_string())),
            None => (body, None),
        };
        let Some(spec) = SPECS.iter().find(|spec| spec.long == name) else {
            let meant = nearest(name, SPECS.iter().map(|spec| spec.long));
            let hint = SPECS.iter().find(|spec| Some(spec.long) == meant).map(|spec| spec.id);
            return Err(unknown(format!("--{}", name), hint));
        };
        return match value {
            Some(value) if spec.operand.is_none() => Err(Mistake::FlagWithValue { option: spec.id, value }),
            value => Ok((spec.id, value)),
        };
    }
    let mut letters = text[1..].chars();
    let letter = letters.next().unwrap_or('-');
    let rest = letters.as_str();
    let spec = SPECS.iter().find(|spec| spec.short == letter);
    let spec = spec.ok_or_else(|| unknown(format!("-{}", letter), None))?;
    let attached = rest.strip_prefix('=').map(str::to_string);
    Ok((spec.id, attached.or(Some(rest.to_string()).filter(|rest| !rest.is_empty()))))
}

/// Checks the pending option, if there is one, and enters it in the settings.
fn settle(settings: &mut Settings, pending: &mut Pending) -> Result<(), Mistake> {
    let Some((option, value)) = pending.take() else { return Ok(()) };
    let choices = option.spec().choices;
    let value = value.ok_or(Mistake::ValueMissing(option))?;
    if settings.used.contains(&option) {
        return Err(Mistake::Repeated(option));
    }
    if !choices.is_empty() && !choices.contains(&value.as_str()) {
        return Err(match value.is_empty() {
            true => Mistake::ValueMissing(option),
            false => Mistake::ValueNotAllowed { option, value },
        });
    }
    settings.used.push(option);
    settings.values[option as usize] = Some(value);
    Ok(())
}

/// The first candidate that begins `word`, or that `word` begins.
fn nearest<'a>(word: &str, mut candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates.find(|it| !word.is_empty() && (it.starts_with(word) || word.starts_with(it)))
}

/// The name the program was started by, for usage lines.
pub fn program_name(first_word: Option<OsString>) -> String {
    let path = first_word.unwrap_or_default();
    Path::new(&path).file_name().unwrap_or("hx".as_ref()).to_string_lossy().into_owned()
}

/// The text of `--help`.
pub fn help_text(program: &str) -> String {
    let mut text = format!("{}\n\n\nUsage: {} [OPTIONS] [{}]\n\n", SUMMARY, program, OPERAND);
    text += &format!("Arguments:\n  [{}]  Pass file path as an argument, or input data may be passed via stdin\n\nOptions:\n", OPERAND);
    let width = SPECS.iter().map(|spec| spec.signature().len()).max().unwrap_or(0);
    for spec in &SPECS {
        let note = spec.choice_note(" ");
        text += &format!("  -{}, {:width$}  {}{}\n", spec.short, spec.signature(), spec.help, note);
    }
    text
}
