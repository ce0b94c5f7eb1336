//! fblog: shows logs of JSON lines in a readable form.
//!
//! Left out: the Lua filter (`-f`, `--print-lua`), although the help text still lists it.
mod cli;
mod config;
mod entry;
mod json;
mod template;

use cli::{Args, Stop};
use config::Config;
use entry::{Fields, Substitution};
use json::{Json, Object};
use std::io::{self, BufRead, Write};
use template::{paint, Template};

/// Everything that decides how a line is shown.
struct Viewer {
    message_keys: Vec<String>,
    time_keys: Vec<String>,
    level_keys: Vec<String>,
    level_map: std::collections::BTreeMap<String, String>,
    additional: Vec<String>,
    excluded: Vec<String>,
    dump_all: bool,
    with_prefix: bool,
    substitution: Option<Substitution>,
    main_line: Template,
    additional_value: Template,
}

impl Viewer {
    fn new(args: &Args, config: Config) -> Result<Viewer, String> {
        let configured = |name: &str| config.lists.get(name).cloned().unwrap_or_default();
        let joined = |option: &str, name: &str| [args.all(option), configured(name)].concat();
        let template = |name: &'static str, option: &str| {
            let text = args.one(option).map_or_else(|| configured(&option.replace('-', "_")).concat(), str::to_string);
            Template::parse(name, &text).map_err(|problem| format!("Template invalid: {problem} in {name}"))
        };
        let substitution = if ["substitute", "context-key", "placeholder-format"].iter().any(|name| args.has(name)) {
            let format = args.one("placeholder-format").unwrap_or("{key}");
            let invalid = "Invalid placeholder format: The identifier `key` is missing";
            Some(Substitution::new(args.one("context-key").unwrap_or("context"), format).ok_or(invalid)?)
        } else {
            None
        };
        let mut level_map = config.level_map.clone();
        level_map.extend(args.all("map-level").iter().filter_map(|m| m.split_once('=')).map(|(a, b)| (a.to_string(), b.to_string())));
        Ok(Viewer {
            message_keys: joined("message-key", "message_keys"),
            time_keys: joined("time-key", "time_keys"),
            level_keys: joined("level-key", "level_keys"),
            level_map,
            additional: [configured("always_print_fields"), args.all("additional-value")].concat(),
            excluded: joined("excluded-value", "dump_all_exclude"),
            dump_all: args.has("dump-all") || args.has("excluded-value"),
            with_prefix: args.has("with-prefix"),
            substitution,
            main_line: template("main_line", "main-line-format")?,
            additional_value: template("additional_value", "additional-value-format")?,
        })
    }

    fn show(&self, line: &str, out: &mut impl Write) -> io::Result<()> {
        let brace = if self.with_prefix { line.find('{').unwrap_or(0) } else { 0 };
        let (prefix, text) = line.split_at(brace);
        let Some(Json::Obj(entry)) = json::parse(text) else {
            return writeln!(out, "{} {line}", paint("1;38;2;255;135;22", "??? >"));
        };
        match self.render(prefix.trim(), entry) {
            Ok(lines) => write!(out, "{lines}"),
            Err(e) => writeln!(out, "{} Failed to process line: {e}", paint("1;31", "??? >")),
        }
    }

    fn render(&self, prefix: &str, mut entry: Object) -> Result<String, String> {
        let fields = entry::flatten(&entry);
        let first = |keys: &[String]| keys.iter().find_map(|key| fields.iter().find(|(path, _)| path == key)).map(|(_, text)| text.clone());
        let mut message = first(&self.message_keys).unwrap_or_default();
        if let Some(substitution) = &self.substitution {
            if let Some(context) = entry.get(&substitution.context_key) {
                message = substitution.apply(&message, context);
            }
        }
        let level = first(&self.level_keys).unwrap_or("unknown".to_string());
        let time = entry::readable_time(&first(&self.time_keys).unwrap_or_default());
        let level = self.level_map.get(&level).cloned().unwrap_or(level);
        for (name, text) in [("message", message), ("level", level), ("timestamp", time), ("prefix", prefix.to_string())] {
            entry.insert(format!("fblog_{name}"), Json::Str(text));
        }
        let mut lines = self.main_line.render(&entry)? + "\n";
        for (key, value) in self.selected(&fields) {
            let pair = [("key", key), ("value", value)].map(|(name, text)| (name.to_string(), Json::Str(text.clone())));
            lines += &(self.additional_value.render(&pair.into())? + "\n");
        }
        Ok(lines)
    }

    /// The fields to print below the main line.
    fn selected<'a>(&self, fields: &'a Fields) -> Vec<&'a (String, String)> {
        if self.dump_all {
            return fields.iter().filter(|(key, _)| !self.excluded.contains(key)).collect();
        }
        let below = |key: &str, wanted: &str| key.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with(" > ") || rest.starts_with('['));
        self.additional.iter().flat_map(|wanted| fields.iter().filter(move |(key, _)| below(key, wanted))).collect()
    }
}

fn run(args: &Args) -> Result<(), String> {
    let viewer = Viewer::new(args, Config::load(args.one("config-file"))?)?;
    let mut input: Box<dyn BufRead> = match args.input.as_deref() {
        None | Some("-") => Box::new(io::stdin().lock()),
        Some(path) => Box::new(io::BufReader::new(std::fs::File::open(path).map_err(|_| format!("Can't open file: {path}"))?)),
    };
    let mut out = io::stdout().lock();
    let mut buffer = Vec::new();
    while input.read_until(b'\n', &mut buffer).map_err(|e| e.to_string())? > 0 {
        let written = match std::str::from_utf8(&buffer) {
            Ok(text) => {
                let line = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
                viewer.show(line, &mut out)
            }
            Err(_) => writeln!(out, "{} Could not read line: stream did not contain valid UTF-8", paint("1;31", "??? >")),
        };
        if written.is_err() {
            return Ok(());
        }
        buffer.clear();
    }
    Ok(())
}

fn main() {
    let mut args = std::env::args();
    let program = args.next().unwrap_or_default();
    let named = |text: String| text.replace("Usage: executable", &format!("Usage: {}", program.rsplit('/').next().unwrap_or("fblog")));
    std::process::exit(match Args::parse(args) {
        Err(Stop::Info(text)) => {
            print!("{}", named(text));
            0
        }
        Err(Stop::Usage(text)) => {
            eprint!("{}", named(text));
            2
        }
        Ok(args) => run(&args).map_or_else(|message| {
            eprintln!("{message}");
            101
        }, |()| 0),
    });
}
