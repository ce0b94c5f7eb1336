//! JSON values: parsing, text forms and flattening into "a > b[0]" paths.
use std::collections::BTreeMap;

pub type Fields = BTreeMap<String, Json>;

/// One JSON value; records are kept sorted by key.
#[derive(Clone, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(String),
    List(Vec<Json>),
    Record(Fields),
}

impl Json {
    /// Text of a scalar, strings unquoted; `None` for null and containers.
    pub fn scalar(&self) -> Option<String> {
        match self {
            Json::Bool(b) => Some(b.to_string()),
            Json::Int(n) => Some(n.to_string()),
            Json::Float(f) => Some(format!("{f:?}").replace('e', "e+").replace("+-", "-")),
            Json::Text(s) => Some(s.clone()),
            _ => None,
        }
    }
}

/// Writes a string with quotes and backslash escapes.
pub fn quote(s: &str) -> String {
    let escaped = s.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r"))
}

/// Parses one complete JSON text; `None` if it is malformed or has trailing text.
pub fn parse(text: &str) -> Option<Json> {
    let mut reader = Reader { rest: text };
    let value = reader.value()?;
    reader.accept("");
    reader.rest.is_empty().then_some(value)
}

/// The text still to be parsed.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// Skips space and the word, if the word comes next.
    fn accept(&mut self, word: &str) -> bool {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.rest.strip_prefix(word).map(|rest| self.rest = rest).is_some()
    }

    fn take(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn value(&mut self) -> Option<Json> {
        if self.accept("{") {
            let mut fields = Fields::new();
            self.sequence("}", |reader| {
                let key = reader.string()?;
                fields.insert(key, if reader.accept(":") { reader.value()? } else { return None });
                Some(())
            })?;
            return Some(Json::Record(fields));
        } else if self.accept("[") {
            let mut items = Vec::new();
            self.sequence("]", |reader| reader.value().map(|item| items.push(item)))?;
            return Some(Json::List(items));
        } else if self.rest.starts_with('"') {
            return self.string().map(Json::Text);
        }
        let words = [("true", Json::Bool(true)), ("false", Json::Bool(false)), ("null", Json::Null)];
        words.into_iter().find(|(word, _)| self.accept(word)).map(|(_, value)| value).or_else(|| self.number())
    }

    /// Comma separated elements up to the closing mark.
    fn sequence(&mut self, close: &str, mut element: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        let mut closed = self.accept(close);
        while !closed {
            element(self)?;
            closed = self.accept(close);
            (closed || self.accept(",")).then_some(())?;
        }
        Some(())
    }

    fn number(&mut self) -> Option<Json> {
        let end = self.rest.find(|c: char| !"0123456789+-.eE".contains(c)).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit()).then_some(())?;
        match text.parse::<i128>() {
            Ok(n) if n >= i64::MIN as i128 && n <= u64::MAX as i128 => Some(Json::Int(n)),
            _ => text.parse().ok().map(Json::Float),
        }
    }

    fn hex4(&mut self) -> Option<u32> {
        let digits = self.rest.get(..4)?;
        self.rest = &self.rest[4..];
        u32::from_str_radix(digits, 16).ok()
    }

    fn string(&mut self) -> Option<String> {
        let mut out = String::new();
        self.accept("\"").then_some(())?;
        loop {
            out.push(match self.take()? {
                '"' => return Some(out),
                '\\' => match self.take()? {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'u' => {
                        let mut code = self.hex4()?;
                        if (0xd800..0xdc00).contains(&code) && self.accept("\\u") {
                            code = 0x10000 + ((code - 0xd800) << 10) + self.hex4()?.checked_sub(0xdc00)?;
                        }
                        char::from_u32(code)?
                    }
                    c => "\"\\/".contains(c).then_some(c)?,
                },
                c if c < ' ' => return None,
                c => c,
            });
        }
    }
}

/// Appends (path, text) pairs: "a > b" for fields, "a[0]" for items (a list inside a list counts from 1).
pub fn flatten(path: &str, value: &Json, inside_list: bool, out: &mut Vec<(String, String)>) {
    match value {
        Json::Record(fields) => fields.iter().for_each(|(key, field)| {
            let path = if path.is_empty() { key.clone() } else { format!("{path} > {key}") };
            flatten(&path, field, false, out);
        }),
        Json::List(items) => items.iter().enumerate().for_each(|(i, item)| {
            flatten(&format!("{path}[{}]", i + inside_list as usize), item, true, out);
        }),
        Json::Text(s) if inside_list => out.push((path.to_string(), quote(s))),
        Json::Null if !inside_list => {}
        other => out.push((path.to_string(), other.scalar().unwrap_or("null".to_string()))),
    }
}
