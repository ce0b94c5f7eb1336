//! A small TOML reader: tables of strings, booleans, numbers and lists of strings.

pub enum Value {
    Text(String),
    Bool(bool),
    List(Vec<String>),
    /// A number: valid, but never meaningful to this program.
    Number,
}

/// Returns (table, key, value) in file order, with an entry without key for each table
/// header, or `None` when the text is malformed.
pub fn parse(text: &str) -> Option<Vec<(String, Option<(String, Value)>)>> {
    let mut entries = Vec::new();
    let mut table = String::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(header) = line.strip_prefix('[') {
            let (name, rest) = header.split_once(']')?;
            end(rest)?;
            table = name.trim().to_string();
            entries.push((table.clone(), None));
            continue;
        }
        let (key, rest) = parse_key(line)?;
        let mut value = rest.trim_start().strip_prefix('=')?.trim_start().to_string();
        while value.starts_with('[') && !value.contains(']') {
            value = value + " " + lines.next()?;
        }
        entries.push((table.clone(), Some((key, parse_value(&value)?))));
    }
    Some(entries)
}

/// Only a comment may follow a complete header or value.
fn end(rest: &str) -> Option<()> {
    let rest = rest.trim_start();
    (rest.is_empty() || rest.starts_with('#')).then_some(())
}

fn parse_key(line: &str) -> Option<(String, &str)> {
    if line.starts_with(['"', '\'']) {
        return parse_string(line);
    }
    let length = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')?;
    (length > 0).then(|| (line[..length].to_string(), &line[length..]))
}

fn parse_value(text: &str) -> Option<Value> {
    if let Some(items) = text.strip_prefix('[') {
        return parse_list(items);
    }
    if text.starts_with(['"', '\'']) {
        let (string, rest) = parse_string(text)?;
        return end(rest).map(|()| Value::Text(string));
    }
    match text.split('#').next()?.trim() {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        word => word.parse::<f64>().ok().map(|_| Value::Number),
    }
}

fn parse_list(mut text: &str) -> Option<Value> {
    let mut items = Vec::new();
    loop {
        text = text.trim_start();
        if let Some(rest) = text.strip_prefix(']') {
            return end(rest).map(|()| Value::List(items));
        }
        let (item, rest) = parse_string(text)?;
        items.push(item);
        let rest = rest.trim_start();
        text = rest.strip_prefix(',').or(rest.starts_with(']').then_some(rest))?;
    }
}

/// Reads a quoted string and returns it with the text behind it.
fn parse_string(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    let mut string = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == quote => return Some((string, &text[at + 1..])),
            '\\' if quote == '"' => string.push(chars.next().map(|(_, c)| c)?),
            c => string.push(c),
        }
    }
    None
}
