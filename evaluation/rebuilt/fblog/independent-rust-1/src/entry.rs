//! What fblog derives from a log entry: flat fields, readable times and substituted messages.
use crate::json::{Json, Object};
use crate::template::paint;
use std::time::{SystemTime, UNIX_EPOCH};

/// Paths such as `a > b[0]` with their texts, in the order of the entry.
pub type Fields = Vec<(String, String)>;

pub fn flatten(entry: &Object) -> Fields {
    let mut fields = Fields::new();
    for (key, value) in entry {
        add_field(key.clone(), value, &mut fields);
    }
    fields
}

fn add_field(path: String, value: &Json, fields: &mut Fields) {
    match value {
        Json::Null => {}
        Json::Bool(b) => fields.push((path, b.to_string())),
        Json::Num(text) | Json::Str(text) => fields.push((path, text.clone())),
        Json::Arr(items) => items.iter().enumerate().for_each(|(i, item)| add_item(format!("{path}[{i}]"), item, fields)),
        Json::Obj(object) => object.iter().for_each(|(key, value)| add_field(format!("{path} > {key}"), value, fields)),
    }
}

/// Array items are shown as JSON; arrays in arrays count from one.
fn add_item(path: String, item: &Json, fields: &mut Fields) {
    match item {
        Json::Null => fields.push((path, "null".to_string())),
        Json::Str(text) => fields.push((path, quote(text))),
        Json::Arr(items) => items.iter().enumerate().for_each(|(i, item)| add_item(format!("{path}[{}]", i + 1), item, fields)),
        other => add_field(path, other, fields),
    }
}

fn quote(text: &str) -> String {
    let escape = |c: char| match c {
        '\u{8}' => "\\b".to_string(),
        '\u{c}' => "\\f".to_string(),
        '"' | '\\' | '\n' | '\r' | '\t' => c.escape_default().to_string(),
        c if c < ' ' => format!("\\u{:04x}", c as u32),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

/// Turns a Unix time into ISO 8601; other texts stay as they are. It is taken for seconds or for
/// milliseconds, whichever lies closer to the present.
pub fn readable_time(text: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis() as i64);
    let millis = match text.parse::<i64>() {
        Ok(number) if number.unsigned_abs() >= 8_210_266_876_800_000 => return text.to_string(),
        Ok(number) if (number * 1000 - now).abs() < (number - now).abs() => number * 1000,
        Ok(number) => number,
        Err(_) => return text.to_string(),
    };
    let (days, millis) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
    // Civil date from days, with years beginning in March and eras of 400 years.
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let sign = if year > 9999 { "+" } else { "" };
    let (h, m, s, ms) = (millis / 3_600_000, millis / 60_000 % 60, millis / 1000 % 60, millis % 1000);
    format!("{sign}{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}.{ms:03}Z")
}

/// Replaces placeholders such as `{key}` in messages by values of a context field.
pub struct Substitution {
    pub context_key: String,
    prefix: String,
    suffix: String,
}

impl Substitution {
    /// `format` is a placeholder for the key `key`.
    pub fn new(context_key: &str, format: &str) -> Option<Substitution> {
        let (prefix, suffix) = format.split_once("key")?;
        Some(Substitution { context_key: context_key.to_string(), prefix: prefix.to_string(), suffix: suffix.to_string() })
    }

    pub fn apply(&self, message: &str, context: &Json) -> String {
        let mut out = String::new();
        let mut rest = message;
        while let Some(c) = rest.chars().next() {
            if let Some((key, tail)) = self.placeholder(rest) {
                out += &self.value(key, context);
                rest = tail;
            } else {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        out
    }

    /// Splits a placeholder off the beginning of a text.
    fn placeholder<'a>(&self, text: &'a str) -> Option<(&'a str, &'a str)> {
        let text = text.strip_prefix(&self.prefix)?;
        let longest = text.find(|c: char| !c.is_ascii_alphanumeric() && !"_-|".contains(c)).unwrap_or(text.len());
        (1..=longest).rev().find_map(|len| Some((&text[..len], text[len..].strip_prefix(&self.suffix)?)))
    }

    fn value(&self, key: &str, context: &Json) -> String {
        let value = match context {
            Json::Obj(object) => object.get(key),
            Json::Arr(items) => key.parse::<usize>().ok().and_then(|i| items.get(i)),
            _ => None,
        };
        let missing = || format!("{}{}{}", paint("2", &self.prefix), paint("1;31", key), paint("2", &self.suffix));
        value.map_or_else(missing, colorize)
    }
}

fn colorize(value: &Json) -> String {
    let list = |open, items: Vec<String>, close| format!("{}{}{}", paint("2", open), items.join(&paint("2", ", ")), paint("2", close));
    match value {
        Json::Null => paint("1", "null"),
        Json::Bool(true) => paint("1;32", "true"),
        Json::Bool(false) => paint("1;31", "false"),
        Json::Num(number) => paint("1;36", number),
        Json::Str(text) => paint("1;33", text),
        Json::Arr(items) => list("[", items.iter().map(colorize).collect(), "]"),
        Json::Obj(object) => {
            let pair = |(key, value): (&String, &Json)| paint("35", key) + &paint("2", ": ") + &colorize(value);
            list("{", object.iter().map(pair).collect(), "}")
        }
    }
}
