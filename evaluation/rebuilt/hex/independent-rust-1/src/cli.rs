//! The command line: a table of options, a parser over it, and its messages.

use crate::suggest;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Opt {
    Cols,
    Len,
    Format,
    Color,
    Array,
    Func,
    Places,
    Prefix,
}

pub struct Spec {
    pub opt: Opt,
    pub short: char,
    pub long: &'static str,
    value: &'static str,
    /// Accepted values; empty means anything goes.
    choices: &'static [&'static str],
    about: &'static str,
}

/// In the order of the `Opt` variants, which is also the order of the help.
#[rustfmt::skip]
const SPECS: [Spec; 8] = [
    Spec { opt: Opt::Cols, short: 'c', long: "cols", value: "columns", choices: &[], about: "Set column length" },
    Spec { opt: Opt::Len, short: 'l', long: "len", value: "len", choices: &[], about: "Set <len> bytes to read" },
    Spec { opt: Opt::Format, short: 'f', long: "format", value: "format", choices: &["o", "x", "X", "b"],
        about: "Set format of octet: Octal (o), LowerHex (x), UpperHex (X), Binary (b)" },
    Spec { opt: Opt::Color, short: 't', long: "color", value: "color", choices: &["0", "1"],
        about: "Set color tint terminal output. 0 to disable, 1 to enable" },
    Spec { opt: Opt::Array, short: 'a', long: "array", value: "array_format", choices: &["r", "c", "g", "p", "k", "j", "s", "f"],
        about: "Set source code format output: rust (r), C (c), golang (g), python (p), kotlin (k), java (j), swift (s), fsharp (f)" },
    Spec { opt: Opt::Func, short: 'u', long: "func", value: "func_length", choices: &[], about: "Set function wave length" },
    Spec { opt: Opt::Places, short: 'p', long: "places", value: "func_places", choices: &[], about: "Set function wave output decimal places" },
    Spec { opt: Opt::Prefix, short: 'r', long: "prefix", value: "prefix", choices: &["0", "1"],
        about: "Include prefix in output (e.g. 0x/0b/0o). 0 to disable, 1 to enable" },
];

const FLAGS: [(char, &str, &str); 2] = [('h', "help", "Print help"), ('V', "version", "Print version")];

impl Opt {
    pub fn spec(self) -> &'static Spec {
        &SPECS[self as usize]
    }
}

impl Spec {
    fn usage(&self) -> String {
        format!("--{} <{}>", self.long, self.value)
    }

    fn choices_text(&self) -> String {
        format!("[possible values: {}]", self.choices.join(", "))
    }
}

/// Reasons to stop before doing any work.
pub enum Stop {
    /// Text for stdout, exit code 0.
    Info(String),
    /// Text for stderr, exit code 2.
    Misuse(String),
}

#[derive(Default)]
pub struct Options {
    values: Vec<(Opt, String)>,
    pub input: Option<String>,
}

impl Options {
    pub fn get(&self, opt: Opt) -> Option<&str> {
        self.values.iter().find(|(seen, _)| *seen == opt).map(|(_, value)| value.as_str())
    }
}

/// An option given as its own word; its value is judged when the next word comes.
struct Pending {
    opt: Opt,
    value: Option<String>,
}

struct Parser<'a> {
    program: &'a str,
    options: Options,
    pending: Option<Pending>,
}

pub fn parse(program: &str, words: impl Iterator<Item = String>) -> Result<Options, Stop> {
    let mut parser = Parser { program, options: Options::default(), pending: None };
    let mut only_operands = false;
    for word in words {
        if only_operands {
            parser.operand(word)?;
        } else if word == "--" {
            parser.settle()?;
            only_operands = true;
        } else if let Some(long) = word.strip_prefix("--") {
            parser.long(long)?;
        } else if word.len() > 1 && word.starts_with('-') {
            parser.short(&word[1..])?;
        } else if let Some(Pending { value: value @ None, .. }) = &mut parser.pending {
            *value = Some(word);
        } else {
            parser.operand(word)?;
        }
    }
    parser.settle()?;
    Ok(parser.options)
}

impl Parser<'_> {
    fn long(&mut self, text: &str) -> Result<(), Stop> {
        let (name, attached) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        if let Some((short, long, _)) = FLAGS.iter().find(|flag| flag.1 == name) {
            self.settle()?;
            return Err(match attached {
                None => self.flag(*short),
                Some(value) => self.misuse(
                    &format!("unexpected value '{value}' for '--{long}' found; no more were expected"),
                    &[],
                    Some(self.used_usage(Some(format!("--{long}")))),
                ),
            });
        }
        match SPECS.iter().find(|spec| spec.long == name) {
            Some(spec) => self.option(spec.opt, attached.map(str::to_string)),
            None => Err(self.unknown_long(name)),
        }
    }

    fn short(&mut self, text: &str) -> Result<(), Stop> {
        let mut rest = text.chars();
        let letter = rest.next().unwrap_or('-');
        if FLAGS.iter().any(|flag| flag.0 == letter) {
            self.settle()?;
            return Err(self.flag(letter));
        }
        let Some(spec) = SPECS.iter().find(|spec| spec.short == letter) else {
            let shown = format!("-{letter}");
            return Err(self.unexpected(&shown, Some(dash_tip(&shown)), self.plain_usage()));
        };
        let rest = rest.as_str();
        let attached = (!rest.is_empty()).then(|| rest.strip_prefix('=').unwrap_or(rest).to_string());
        self.option(spec.opt, attached)
    }

    fn option(&mut self, opt: Opt, attached: Option<String>) -> Result<(), Stop> {
        self.settle()?;
        match attached {
            Some(value) => self.store(opt, value),
            None => {
                self.pending = Some(Pending { opt, value: None });
                Ok(())
            }
        }
    }

    fn operand(&mut self, word: String) -> Result<(), Stop> {
        self.settle()?;
        if self.options.input.is_some() {
            return Err(self.unexpected(&word, None, self.plain_usage()));
        }
        self.options.input = Some(word);
        Ok(())
    }

    /// Stores the pending option, now that no value for it can follow.
    fn settle(&mut self) -> Result<(), Stop> {
        match self.pending.take() {
            None => Ok(()),
            Some(Pending { opt, value: Some(value) }) => self.store(opt, value),
            Some(Pending { opt, value: None }) => Err(self.missing_value(opt)),
        }
    }

    fn store(&mut self, opt: Opt, value: String) -> Result<(), Stop> {
        let spec = opt.spec();
        if self.options.get(opt).is_some() {
            let text = format!("the argument '{}' cannot be used multiple times", spec.usage());
            return Err(self.misuse(&text, &[], Some(self.plain_usage())));
        }
        if !spec.choices.is_empty() && !spec.choices.contains(&value.as_str()) {
            if value.is_empty() {
                return Err(self.missing_value(opt));
            }
            let text = format!("invalid value '{value}' for '{}'\n  {}", spec.usage(), spec.choices_text());
            let tip = suggest::closest(&value, spec.choices.iter().copied())
                .map(|near| format!("a similar value exists: '{near}'"));
            return Err(self.misuse(&text, tip.as_slice(), None));
        }
        self.options.values.push((opt, value));
        Ok(())
    }

    fn flag(&self, letter: char) -> Stop {
        Stop::Info(if letter == 'V' { "hx 0.7.0\n".to_string() } else { help(self.program) })
    }

    fn missing_value(&self, opt: Opt) -> Stop {
        let spec = opt.spec();
        let mut text = format!("a value is required for '{}' but none was supplied", spec.usage());
        if !spec.choices.is_empty() {
            text += &format!("\n  {}", spec.choices_text());
        }
        self.misuse(&text, &[], None)
    }

    fn unknown_long(&mut self, name: &str) -> Stop {
        // The pending option counts as used even if its value is bad.
        if let Some(Pending { opt, value: Some(value) }) = self.pending.take() {
            self.options.values.push((opt, value));
        }
        let shown = format!("--{name}");
        let names = SPECS.iter().map(|spec| spec.long).chain(FLAGS.iter().map(|flag| flag.1));
        match suggest::closest(name, names) {
            Some(near) => {
                let usage = match SPECS.iter().find(|spec| spec.long == near) {
                    Some(spec) => spec.usage(),
                    None => format!("--{near}"),
                };
                let tip = format!("a similar argument exists: '--{near}'");
                self.unexpected(&shown, Some(tip), self.used_usage(Some(usage)))
            }
            None => self.unexpected(&shown, Some(dash_tip(&shown)), self.used_usage(None)),
        }
    }

    fn unexpected(&self, shown: &str, tip: Option<String>, usage: String) -> Stop {
        self.misuse(&format!("unexpected argument '{shown}' found"), tip.as_slice(), Some(usage))
    }

    fn misuse(&self, text: &str, tips: &[String], usage: Option<String>) -> Stop {
        let mut message = format!("error: {text}\n\n");
        for tip in tips {
            message += &format!("  tip: {tip}\n\n");
        }
        if let Some(usage) = usage {
            message += &format!("Usage: {usage}\n\n");
        }
        message += "For more information, try '--help'.\n";
        Stop::Misuse(message)
    }

    fn plain_usage(&self) -> String {
        format!("{} [OPTIONS] [INPUTFILE]", self.program)
    }

    /// Usage naming the options seen so far, and perhaps one more.
    fn used_usage(&self, extra: Option<String>) -> String {
        let mut parts: Vec<String> = self.options.values.iter().map(|(opt, _)| opt.spec().usage()).collect();
        parts.extend(extra.filter(|extra| !parts.contains(extra)));
        match (&self.options.input, parts.is_empty()) {
            (None, true) => return self.plain_usage(),
            (None, false) => parts.push("[INPUTFILE]".to_string()),
            (Some(_), _) => parts.push("<INPUTFILE>".to_string()),
        }
        format!("{} {}", self.program, parts.join(" "))
    }
}

fn dash_tip(shown: &str) -> String {
    format!("to pass '{shown}' as a value, use '-- {shown}'")
}

fn help(program: &str) -> String {
    let mut text = format!(
        "Futuristic take on hexdump, made in Rust.\n\n\n\
         Usage: {program} [OPTIONS] [INPUTFILE]\n\n\
         Arguments:\n  [INPUTFILE]  Pass file path as an argument, or input data may be passed via stdin\n\n\
         Options:\n"
    );
    for spec in &SPECS {
        let left = format!("-{}, {}", spec.short, spec.usage());
        text += &format!("  {left:<26}  {}", spec.about);
        if !spec.choices.is_empty() {
            text += &format!(" {}", spec.choices_text());
        }
        text.push('\n');
    }
    for (short, long, about) in FLAGS {
        text += &format!("  {:<26}  {about}\n", format!("-{short}, --{long}"));
    }
    text
}
