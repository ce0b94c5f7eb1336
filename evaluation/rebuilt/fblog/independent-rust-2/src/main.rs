//! Shows JSON log lines in a readable form.
mod cli;
mod json;
mod template;

use json::{Fields, Json};
use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use template::{paint, Template};

/// Everything that steers the output, from the configuration file and the command line.
#[derive(Default)]
struct Settings {
    lists: BTreeMap<String, Vec<String>>,
    formats: BTreeMap<String, String>,
    level_map: BTreeMap<String, String>,
    additional: Vec<String>,
    dump_all: bool,
    with_prefix: bool,
}

/// Options that are accepted on the command line but not carried out.
const MISSING: [&str; 4] = ["filter", "substitute", "context-key", "placeholder-format"];

const DEFAULT_CONFIG: &str = r#"message_keys = ["short_message", "msg", "message"]
time_keys = ["timestamp", "time", "@timestamp"]
level_keys = ["level", "severity", "log.level", "loglevel"]
main_line_format = "{{bold(fixed_size 19 fblog_timestamp)}} {{level_style (uppercase (fixed_size 5 fblog_level))}}:{{#if fblog_prefix}} {{bold(cyan fblog_prefix)}}{{/if}} {{fblog_message}}"
additional_value_format = "{{bold (color_rgb 150 150 150 (min_size 25 key))}}: {{value}}"
"#;

impl Settings {
    /// Takes over the entries of a configuration text (one `key = value` a line).
    fn load(&mut self, config: &str) -> Result<(), String> {
        let mut section = String::new();
        for line in config.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('[')) else {
                section = line.to_string();
                continue;
            };
            let (key, value) = (key.trim().trim_matches('"').to_string(), value.trim());
            match (section.as_str(), json::parse(value).or_else(|| json::parse(&value.replace('\'', "\"")))) {
                ("[level_map]", Some(Json::Text(level))) => drop(self.level_map.insert(key, level)),
                (_, Some(Json::Text(format))) => drop(self.formats.insert(key, format)),
                (_, Some(Json::List(items))) => drop(self.lists.insert(key, items.iter().filter_map(Json::scalar).collect())),
                _ => return Err(format!("the configuration line '{line}' cannot be used")),
            }
        }
        Ok(())
    }

    fn list(&self, name: &str) -> &[String] {
        self.lists.get(name).map_or(&[], |list| list)
    }
}

/// A log line that was understood.
struct Entry {
    fields: Fields,
    flat: Vec<(String, String)>,
    prefix: String,
}

impl Entry {
    fn read(line: &str, with_prefix: bool) -> Option<Entry> {
        let (prefix, text) = line.split_at(if with_prefix { line.find('{')? } else { 0 });
        let value = json::parse(text)?;
        let mut flat = Vec::new();
        json::flatten("", &value, false, &mut flat);
        let Json::Record(fields) = value else { return None };
        Some(Entry { fields, flat, prefix: prefix.trim().to_string() })
    }

    /// The text of the first of these keys that the entry has.
    fn first_of(&self, keys: &[String]) -> Option<String> {
        keys.iter().find_map(|key| self.flat.iter().find(|(path, _)| path == key)).map(|(_, text)| text.clone())
    }
}

/// Turns Unix seconds or milliseconds, whichever is closer to now, into a date; other texts stay.
fn readable_time(text: String) -> String {
    let now = std::time::UNIX_EPOCH.elapsed().map_or(0, |passed| passed.as_millis() as i128);
    let Ok(number) = text.parse::<i64>().map(i128::from) else { return text };
    let millis = if (now - number * 1000).abs() < (now - number).abs() { number * 1000 } else { number };
    if millis.abs() > 8_210_266_876_799_999 {
        return text;
    }
    let (days, rest) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
    // Count from 1 March of the year 0, in cycles of 400 years.
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + (month <= 2) as i128;
    let year = if (0..=9999).contains(&year) { format!("{year:04}") } else { format!("{year:+05}") };
    let (h, m, s, ms) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000);
    format!("{year}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}.{ms:03}Z")
}

/// Renders one entry: the main line, then the additional values.
fn show(entry: Entry, settings: &Settings, main_line: &Template, value_line: &Template) -> Result<String, String> {
    let mut vars = entry.fields.clone();
    let level = entry.first_of(settings.list("level_keys")).unwrap_or("unknown".to_string());
    let mut set = |name: &str, text: String| vars.insert(name.to_string(), Json::Text(text));
    set("fblog_level", settings.level_map.get(&level).cloned().unwrap_or(level));
    set("fblog_message", entry.first_of(settings.list("message_keys")).unwrap_or_default());
    set("fblog_timestamp", entry.first_of(settings.list("time_keys")).map(readable_time).unwrap_or_default());
    set("fblog_prefix", entry.prefix.clone());
    let mut out = main_line.render(&vars)? + "\n";
    let chosen: Vec<&(String, String)> = if settings.dump_all {
        entry.flat.iter().filter(|(path, _)| !settings.list("dump_all_exclude").contains(path)).collect()
    } else {
        let inside = |path: &str, key: &str| path.strip_prefix(key).is_some_and(|r| r.is_empty() || r.starts_with(" > ") || r.starts_with('['));
        let keys = settings.list("always_print_fields").iter().chain(&settings.additional);
        keys.flat_map(|key| entry.flat.iter().filter(move |(path, _)| inside(path, key))).collect()
    };
    for (path, text) in chosen {
        let pair = [("key", path), ("value", text)].map(|(name, text)| (name.to_string(), Json::Text(text.clone())));
        let line = value_line.render(&Fields::from(pair));
        out += &line.unwrap_or_else(|e| format!("{} Failed to process additional value: {e}", paint("1;31", "   ??? >")));
        out += "\n";
    }
    Ok(out)
}

/// Reads the input to its end and prints it; an error is a reason not to start.
fn run(options: cli::Options) -> Result<(), String> {
    if let Some(name) = MISSING.iter().find(|name| options.one(name).is_some()) {
        return Err(format!("--{name} is not available in this program"));
    }
    let mut settings = Settings {
        additional: options.all("additional-value"),
        dump_all: options.one("dump-all").or(options.one("excluded-value")).is_some(),
        with_prefix: options.one("with-prefix").is_some(),
        ..Settings::default()
    };
    settings.load(DEFAULT_CONFIG)?;
    if let Some(path) = options.one("config-file") {
        settings.load(&std::fs::read_to_string(&path).map_err(|e| format!("cannot read {path}: {e}"))?)?;
    } else {
        let home = || std::env::var("HOME").map(|home| home + "/.config");
        let folder = std::env::var("XDG_CONFIG_HOME").or_else(|_| home()).unwrap_or_default();
        settings.load(&std::fs::read_to_string(folder + "/fblog.toml").unwrap_or_default())?;
    }
    for (list, option) in [("message_keys", "message-key"), ("time_keys", "time-key"), ("level_keys", "level-key"), ("dump_all_exclude", "excluded-value")] {
        settings.lists.entry(list.to_string()).or_default().splice(0..0, options.all(option));
    }
    let pairs = options.all("map-level");
    settings.level_map.extend(pairs.iter().filter_map(|pair| pair.split_once('=')).map(|(a, b)| (a.to_string(), b.to_string())));
    let compile = |name: &'static str| {
        let given = options.one(&format!("{}-format", name.replace('_', "-")));
        let source = given.unwrap_or_else(|| settings.formats[&format!("{name}_format")].clone());
        Template::compile(name, &source).map_err(|reason| format!("cannot use the format '{source}': {reason}"))
    };
    let (main_line, value_line) = (compile("main_line")?, compile("additional_value")?);
    let input: Box<dyn BufRead> = match options.input.as_deref() {
        None | Some("-") => Box::new(std::io::stdin().lock()),
        Some(path) => Box::new(std::io::BufReader::new(std::fs::File::open(path).map_err(|_| format!("Can't open file: {path}"))?)),
    };
    let mut out = std::io::stdout().lock();
    for line in input.lines() {
        let text = match line {
            Ok(line) => match Entry::read(&line, settings.with_prefix) {
                Some(entry) => show(entry, &settings, &main_line, &value_line)
                    .unwrap_or_else(|e| format!("{} Failed to process line: {e}\n", paint("1;31", "??? >"))),
                None => format!("{} {line}\n", paint("1;38;2;255;135;22", "??? >")),
            },
            Err(e) => format!("{} Could not read line: {e}\n", paint("1;31", "??? >")),
        };
        if out.write_all(text.as_bytes()).and_then(|_| out.flush()).is_err() {
            break;
        }
    }
    Ok(())
}

fn main() {
    let stop = match cli::parse(std::env::args()) {
        Ok(options) => run(options).err().map(|reason| (reason + "\n", 101)),
        Err(stop) => Some(stop),
    };
    if let Some((text, code)) = stop {
        if code == 0 { print!("{text}") } else { eprint!("{text}") }
        std::process::exit(code);
    }
}
