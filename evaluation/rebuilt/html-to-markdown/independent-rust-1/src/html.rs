//! A forgiving HTML parser.
use crate::entities::decode;
use std::collections::HashMap;

#[derive(Clone, Debug)]
pub enum Node {
    Text(String),
    Element(Element),
}

#[derive(Clone, Debug, Default)]
pub struct Element {
    pub tag: String,
    pub attrs: HashMap<String, String>,
    pub children: Vec<Node>,
}

impl Element {
    pub fn attr(&self, name: &str) -> &str {
        self.attrs.get(name).map_or("", String::as_str)
    }

    /// All the text inside; line breaks become newlines.
    pub fn raw_text(&self) -> String {
        let texts = self.children.iter().map(|child| match child {
            Node::Text(text) => text.clone(),
            Node::Element(e) if e.tag == "br" => "\n".to_string(),
            Node::Element(e) => e.raw_text(),
        });
        texts.collect()
    }
}

const HIDDEN: [&str; 6] = ["script", "style", "title", "textarea", "noscript", "iframe"];

pub fn is_heading(tag: &str) -> bool {
    matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

pub fn is_block(tag: &str) -> bool {
    is_heading(tag)
        || matches!(tag, "address" | "article" | "aside" | "blockquote" | "dd" | "details" | "dialog" | "div" | "dl" | "dt" | "fieldset")
        || matches!(tag, "figcaption" | "figure" | "footer" | "form" | "header" | "hr" | "li" | "main" | "nav" | "ol" | "p" | "pre")
        || matches!(tag, "section" | "table" | "ul")
}

fn is_void(tag: &str) -> bool {
    matches!(tag, "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "source" | "track" | "wbr")
}

fn is_formatting(tag: &str) -> bool {
    matches!(tag, "a" | "b" | "code" | "em" | "font" | "i" | "s" | "small" | "strike" | "strong" | "tt" | "u")
}

/// What an opening tag closes, and the elements that limit the search.
fn implied(tag: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match tag {
        "li" => (&["li"], &["ul", "ol", "table", "blockquote", "div"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl"]),
        "option" => (&["option"], &["select"]),
        "a" => (&["a"], &["td", "th"]),
        "td" | "th" => (&["td", "th"], &["tr", "table"]),
        "tr" => (&["tr"], &["table"]),
        _ => (&[], &[]),
    }
}

pub fn parse(source: &str) -> Vec<Node> {
    let source = source.replace("\r\n", "\n");
    let mut builder = Builder { stack: vec![Element::default()] };
    let mut rest = source.as_str();
    while !rest.is_empty() {
        rest = builder.step(rest);
    }
    builder.close_from(1, false);
    builder.stack.remove(0).children
}

/// Holds the open elements; the first is the nameless root.
struct Builder {
    stack: Vec<Element>,
}

fn skip_past<'a>(rest: &'a str, end: &str) -> &'a str {
    rest.find(end).map_or("", |at| &rest[at + end.len()..])
}

fn starts_markup(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    rest.starts_with('<') && chars.next().is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
}

impl Builder {
    /// Consumes one piece of markup or text and returns what follows.
    fn step<'a>(&mut self, rest: &'a str) -> &'a str {
        if rest.starts_with("<!--") {
            return skip_past(rest, "-->");
        } else if !starts_markup(rest) {
            let end = rest.char_indices().skip(1).map(|(at, _)| at).find(|&at| starts_markup(&rest[at..]));
            let end = end.unwrap_or(rest.len());
            self.text(&rest[..end]);
            return &rest[end..];
        }
        let closing = rest.starts_with("</");
        let body = &rest[1 + usize::from(closing)..];
        if !body.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return skip_past(rest, ">");
        }
        let end = body.find(|c: char| c.is_whitespace() || c == '/' || c == '>').unwrap_or(body.len());
        let tag = body[..end].to_ascii_lowercase();
        let (attrs, after) = attributes(&body[end..]);
        if closing {
            self.close(&tag);
        } else if HIDDEN.contains(&tag.as_str()) {
            let end_tag = format!("</{tag}");
            let at = after.to_ascii_lowercase().find(&end_tag).unwrap_or(after.len());
            return skip_past(&after[at..], ">");
        } else if !matches!(tag.as_str(), "html" | "head" | "body") {
            self.open(tag, attrs);
        }
        after
    }

    fn top(&mut self) -> &mut Element {
        self.stack.last_mut().expect("the root is never closed")
    }

    fn text(&mut self, raw: &str) {
        let mut text = decode(raw);
        let top = self.top();
        if top.tag == "pre" && top.children.is_empty() && text.starts_with('\n') {
            text.remove(0);
        }
        top.children.push(Node::Text(text));
    }

    fn find(&self, wanted: &[&str], limits: &[&str]) -> Option<usize> {
        for (at, element) in self.stack.iter().enumerate().skip(1).rev() {
            if wanted.contains(&element.tag.as_str()) {
                return Some(at);
            } else if limits.contains(&element.tag.as_str()) {
                break;
            }
        }
        None
    }

    fn open(&mut self, tag: String, attrs: HashMap<String, String>) {
        if is_block(&tag) {
            if let Some(at) = self.find(&["p"], &["td", "th", "table", "button"]) {
                self.close_from(at, true);
            }
        }
        let (closes, limits) = implied(&tag);
        if let Some(at) = self.find(closes, limits) {
            self.close_from(at, true);
        }
        if is_heading(&tag) && is_heading(&self.top().tag) {
            self.close_from(self.stack.len() - 1, true);
        }
        let void = is_void(&tag);
        let element = Element { tag, attrs, children: Vec::new() };
        if void {
            self.top().children.push(Node::Element(element));
        } else {
            self.stack.push(element);
        }
    }

    /// Closes the elements from a position on; formatting may continue after them.
    fn close_from(&mut self, at: usize, reopen: bool) {
        let mut again = Vec::new();
        while self.stack.len() > at {
            let element = self.stack.pop().expect("checked by the loop");
            if reopen && self.stack.len() > at && is_formatting(&element.tag) {
                again.push(Element { children: Vec::new(), ..element.clone() });
            }
            self.top().children.push(Node::Element(element));
        }
        self.stack.extend(again.into_iter().rev());
    }

    fn close(&mut self, tag: &str) {
        match self.find(&[tag], if matches!(tag, "table" | "tr" | "td" | "th") { &[] } else { &["td", "th", "table"] }) {
            Some(at) => self.close_from(at, !matches!(tag, "table" | "tr" | "td" | "th")),
            None if tag == "p" || tag == "br" => {
                let empty = Element { tag: tag.to_string(), ..Element::default() };
                self.top().children.push(Node::Element(empty));
            }
            None => {}
        }
    }
}

/// Reads attributes up to the end of the tag; returns what follows it.
fn attributes(mut rest: &str) -> (HashMap<String, String>, &str) {
    let mut attrs = HashMap::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return (attrs, rest);
        } else if let Some(after) = rest.strip_prefix('>') {
            return (attrs, after);
        }
        let stop = |c: char| c.is_whitespace() || matches!(c, '/' | '>' | '=');
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..].find(stop).map_or(rest.len(), |at| first + at);
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            (value, rest) = attribute_value(after.trim_start());
        }
        attrs.entry(name).or_insert_with(|| decode(value));
    }
}

fn attribute_value(rest: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(quoted) = rest.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    let end = rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len());
    rest.split_at(end)
}
