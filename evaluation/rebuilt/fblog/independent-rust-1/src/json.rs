//! A small JSON model: numbers are kept as their canonical text, objects are sorted by key.
use std::collections::BTreeMap;

pub type Object = BTreeMap<String, Json>;

#[derive(Clone, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    /// Canonical number text, e.g. `3`, `1.5`, `1e+30`.
    Num(String),
    Str(String),
    Arr(Vec<Json>),
    Obj(Object),
}

/// Parses a complete JSON document; `None` on any syntax error or trailing text.
pub fn parse(text: &str) -> Option<Json> {
    let mut parser = Parser { rest: text };
    let value = parser.value(0)?;
    parser.rest.trim_start_matches(SPACE).is_empty().then_some(value)
}

/// Formats a float the shortest way that reads back, switching to exponents for extreme values.
fn format_float(value: f64) -> String {
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>().unwrap_or(0) {
        -5..=15 if value.fract() == 0.0 => format!("{value:.1}"),
        -5..=15 => value.to_string(),
        e => format!("{digits}e{e:+}"),
    }
}

const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    /// Consumes `token` (after white space) if it comes next.
    fn eat(&mut self, token: &str) -> Option<()> {
        self.rest = self.rest.trim_start_matches(SPACE).strip_prefix(token)?;
        Some(())
    }

    fn take(&mut self, len: usize) -> Option<&str> {
        let (head, tail) = (self.rest.get(..len)?, &self.rest[len..]);
        self.rest = tail;
        Some(head)
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.rest = self.rest.trim_start_matches(SPACE);
        match self.rest.bytes().next().filter(|_| depth < 128)? {
            b'{' => {
                let mut object = Object::new();
                self.sequence("{", "}", |parser| {
                    parser.eat("\"")?;
                    let key = parser.string()?;
                    parser.eat(":")?;
                    object.insert(key, parser.value(depth + 1)?);
                    Some(())
                })?;
                Some(Json::Obj(object))
            }
            b'[' => {
                let mut items = Vec::new();
                self.sequence("[", "]", |parser| Some(items.push(parser.value(depth + 1)?)))?;
                Some(Json::Arr(items))
            }
            b'"' => self.eat("\"").and_then(|()| self.string()).map(Json::Str),
            b't' => self.eat("true").map(|()| Json::Bool(true)),
            b'f' => self.eat("false").map(|()| Json::Bool(false)),
            b'n' => self.eat("null").map(|()| Json::Null),
            _ => self.number(),
        }
    }

    /// Reads comma separated items between two brackets.
    fn sequence(&mut self, open: &str, close: &str, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.eat(open)?;
        if self.eat(close).is_some() {
            return Some(());
        }
        loop {
            item(self)?;
            if self.eat(",").is_none() {
                return self.eat(close);
            }
        }
    }

    /// Reads a string whose opening quote has been consumed.
    fn string(&mut self) -> Option<String> {
        let mut out = String::new();
        loop {
            let c = self.rest.chars().next()?;
            self.take(c.len_utf8());
            match c {
                '"' => return Some(out),
                '\\' => out.push(self.escape()?),
                c if (c as u32) < 0x20 => return None,
                c => out.push(c),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        match self.take(1)? {
            "u" => match self.hex()? {
                high @ 0xd800..0xdc00 => {
                    self.rest = self.rest.strip_prefix("\\u")?;
                    char::from_u32(0x10000 + ((high - 0xd800) << 10) + self.hex()?.checked_sub(0xdc00)?)
                }
                code => char::from_u32(code),
            },
            kind => "\"\\/\u{8}\u{c}\n\r\t".chars().nth("\"\\/bfnrt".find(kind)?),
        }
    }

    fn hex(&mut self) -> Option<u32> {
        u32::from_str_radix(self.take(4)?, 16).ok()
    }

    fn number(&mut self) -> Option<Json> {
        let len = self.rest.find(|c: char| !c.is_ascii_digit() && !"+-.eE".contains(c)).unwrap_or(self.rest.len());
        let text = self.take(len)?;
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let whole = unsigned.split(['.', 'e', 'E']).next()?;
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        if whole.is_empty() || leading_zero || whole.contains('+') || unsigned.split(['e', 'E']).next()?.ends_with('.') {
            return None;
        }
        if text != "-0" && (text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok()) {
            return Some(Json::Num(text.to_string()));
        }
        text.parse::<f64>().ok().filter(|v| v.is_finite()).map(|v| Json::Num(format_float(v)))
    }
}
