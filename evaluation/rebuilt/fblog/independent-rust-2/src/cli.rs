//! The command line: the table of options, parsing and help.
use std::collections::BTreeMap;

/// One option; `value` names its argument (empty for a switch), `many` lets it be repeated.
struct Flag {
    short: char,
    name: &'static str,
    value: &'static str,
    many: bool,
    help: &'static str,
}

const fn flag(short: char, name: &'static str, value: &'static str, many: bool, help: &'static str) -> Flag {
    Flag { short, name, value, many, help }
}

const FLAGS: [Flag; 19] = [
    flag('a', "additional-value", "additional-value", true, "adds additional values"),
    flag(' ', "config-file", "config-file", false, "configuration file to load"),
    flag('m', "message-key", "message-key", true, "Adds an additional key to detect the message in the log entry. The first matching key will be assigned to `fblog_message`."),
    flag(' ', "print-lua", "", false, "Prints lua init expressions. Used for fblog debugging."),
    flag('t', "time-key", "time-key", true, "Adds an additional key to detect the time in the log entry. The first matching key will be assigned to `fblog_timestamp`."),
    flag('l', "level-key", "level-key", true, "Adds an additional key to detect the level in the log entry. The first matching key will be assigned to `fblog_level`."),
    flag(' ', "map-level", "from=to", true, "Rewrite the log level from one value to another."),
    flag('d', "dump-all", "", false, "dumps all values"),
    flag('x', "excluded-value", "excluded-value", true, "Excludes values (--dump-all is enabled implicitly)"),
    flag('p', "with-prefix", "", false, "consider all text before opening curly brace as prefix"),
    flag('f', "filter", "filter", false, "lua expression to filter log entries. `message ~= nil and string.find(message, \"text.*\") ~= nil`"),
    flag(' ', "no-implicit-filter-return-statement", "", false, "if you pass a filter expression 'return' is automatically prepended. Pass this switch to disable the implicit return."),
    flag(' ', "main-line-format", "main-line-format", false, "Formats the main fblog output. All log values can be used. fblog provides sanitized variables starting with `fblog_`."),
    flag(' ', "additional-value-format", "additional-value-format", false, "Formats the additional value fblog output."),
    flag('s', "substitute", "", false, "Enable substitution of placeholders in the log messages with their corresponding values from the context."),
    flag('c', "context-key", "context-key", false, "Use this key as the source of substitutions for the message. Value can either be an array ({1}) or an object ({key})."),
    flag('F', "placeholder-format", "placeholder-format", false, "The format that should be used for substituting values in the message, where the key is the literal word `key`. Example: [[key]] or ${key}."),
    flag('h', "help", "", false, "Print help"),
    flag('V', "version", "", false, "Print version"),
];

/// Options as given: values by option name (an empty text for a switch), and the input file.
#[derive(Default)]
pub struct Options {
    given: BTreeMap<&'static str, Vec<String>>,
    pub input: Option<String>,
}

impl Options {
    pub fn all(&self, name: &str) -> Vec<String> {
        self.given.get(name).cloned().unwrap_or_default()
    }

    pub fn one(&self, name: &str) -> Option<String> {
        self.all(name).pop()
    }
}

fn help(program: &str) -> String {
    let mut text = format!("json log viewer\n\nUsage: {program} [OPTIONS] [INPUT]\n\nArguments:\n  [INPUT]  Sets the input file to use, otherwise assumes stdin [default: -]\n\nOptions:\n");
    for flag in &FLAGS {
        let short = if flag.short == ' ' { "    ".to_string() } else { format!("-{}, ", flag.short) };
        let value = if flag.value.is_empty() { String::new() } else { format!(" <{}>", flag.value) };
        text += &format!("  {short}--{}{value}\n          {}\n", flag.name, flag.help);
    }
    text
}

/// Parses the arguments, or returns the text and exit code to stop with.
pub fn parse(mut args: impl Iterator<Item = String>) -> Result<Options, (String, i32)> {
    let path = args.next().unwrap_or_default();
    let program = path.rsplit('/').next().unwrap_or_default();
    let refuse = |what: String| (format!("error: {what}\n\nFor more information, try '--help'.\n"), 2);
    let usage = format!("\n\nUsage: {program} [OPTIONS] [INPUT]");
    let mut options = Options::default();
    let mut args = args.peekable();
    while let Some(arg) = args.next() {
        if arg == "-" || !arg.starts_with('-') {
            if options.input.replace(arg.clone()).is_some() {
                return Err(refuse(format!("unexpected argument '{arg}' found{usage}")));
            }
            continue;
        }
        let mut letters = arg[1..].chars();
        while !letters.as_str().is_empty() {
            let (shown, found, attached) = match arg.strip_prefix("--") {
                Some(long) => {
                    letters = "".chars();
                    let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
                    (format!("--{name}"), FLAGS.iter().find(|f| f.name == name), value)
                }
                None => {
                    let letter = letters.next().unwrap_or(' ');
                    let rest = letters.as_str();
                    let value = if rest.is_empty() { None } else { Some(rest.strip_prefix('=').unwrap_or(rest)) };
                    (format!("-{letter}"), FLAGS.iter().find(|f| f.short == letter), value)
                }
            };
            let Some(flag) = found else {
                let tip = format!("\n\n  tip: to pass '{shown}' as a value, use '-- {shown}'");
                return Err(refuse(format!("unexpected argument '{shown}' found{tip}{usage}")));
            };
            let mut value = String::new();
            let display = format!("--{}{}", flag.name, if flag.value.is_empty() { String::new() } else { format!(" <{}>", flag.value) });
            if !flag.value.is_empty() {
                let next = || args.next_if(|next| next == "-" || !next.starts_with('-'));
                let missing = format!("a value is required for '{display}' but none was supplied");
                value = attached.map(String::from).or_else(next).ok_or_else(|| refuse(missing))?;
                letters = "".chars();
            }
            match flag.name {
                "help" => return Err((help(program), 0)),
                "version" => return Err(("fblog 4.17.0\n".to_string(), 0)),
                "map-level" if !value.contains('=') => {
                    return Err(refuse(format!("invalid value '{value}' for '{display}': missing '='")));
                }
                name if !flag.many && options.given.contains_key(name) => {
                    return Err(refuse(format!("the argument '{display}' cannot be used multiple times{usage}")));
                }
                name => options.given.entry(name).or_default().push(value),
            }
        }
    }
    if options.given.contains_key("excluded-value") && options.given.contains_key("additional-value") {
        let [x, a] = ["excluded-value", "additional-value"].map(|name| format!("--{name} <{name}>"));
        let input = if options.input.is_some() { "<INPUT>" } else { "[INPUT]" };
        return Err(refuse(format!("the argument '{x}' cannot be used with '{a}'\n\nUsage: {program} {x} {input}")));
    }
    Ok(options)
}
