// Tokens, tree and parser for the Nix language.

#[derive(Clone, Copy)]
pub struct Token { pub kind: &'static str, pub start: usize, pub end: usize }

enum Mode { Code(usize), Text { indented: bool } }

const KEYWORDS: [(&str, &str); 10] = [
    ("let", "LET"), ("in", "IN"), ("rec", "REC"), ("with", "WITH"), ("inherit", "INHERIT"),
    ("assert", "ASSERT"), ("if", "IF"), ("then", "THEN"), ("else", "ELSE"), ("or", "OR"),
];
const OPERATORS: [&str; 16] =
    ["==", "!=", "<=", ">=", "&&", "||", "->", "++", "//", "<", ">", "+", "-", "*", "/", "!"];
const SYMBOLS: [(&str, &str); 13] = [
    ("...", "ELLIPSIS"), ("(", "L_PAREN"), (")", "R_PAREN"), ("[", "L_BRACK"), ("]", "R_BRACK"), ("{", "L_BRACE"),
    ("}", "R_BRACE"), (";", "SEMICOLON"), (":", "COLON"), (",", "COMMA"), (".", "DOT"), ("@", "AT"), ("?", "QUESTION"),
];

fn run(text: &str, from: usize, extra: &str) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or(&[]);
    rest.iter().take_while(|c| c.is_ascii_alphanumeric() || extra.as_bytes().contains(c)).count()
}

fn path_length(text: &str) -> usize {
    if text.starts_with('<') {
        let n = 1 + run(text, 1, "._-+/");
        return if n > 1 && text[n..].starts_with('>') { n + 1 } else { 0 };
    }
    let head = if text.starts_with('~') { 1 } else { run(text, 0, "._-+") };
    let mut n = head;
    while text[n..].starts_with('/') && (run(text, n + 1, "._-+") > 0 || text[n + 1..].starts_with("${")) {
        n += 1 + run(text, n + 1, "._-+");
    }
    if n > head { n } else { 0 }
}

fn uri_length(text: &str) -> usize {
    let head = run(text, 0, "+.-");
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) || !text[head..].starts_with(':') { return 0; }
    let tail = run(text, head + 1, "%/?:@&=+$,-_.!~*'");
    if tail == 0 { 0 } else { head + 1 + tail }
}

fn number_length(text: &str) -> usize {
    let n = text.bytes().take_while(|c| c.is_ascii_digit() || *c == b'.').count();
    if text[..n].contains(|c: char| c != '.') { n } else { 0 }
}

fn code_token(text: &str) -> (&'static str, usize) {
    let space = text.bytes().take_while(|c| c.is_ascii_whitespace()).count();
    if space > 0 { return ("SPACE", space); }
    if text.starts_with('#') { return ("COMMENT", text.find('\n').unwrap_or(text.len())); }
    if text.starts_with("/*") { return text[2..].find("*/").map_or(("ERROR", text.len()), |n| ("COMMENT", n + 4)); }
    for found in [("URI", uri_length(text)), ("PATH", path_length(text)), ("INTEGER", number_length(text))] {
        if found.1 > 0 { return found; }
    }
    if text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        let n = run(text, 0, "_-'");
        return (KEYWORDS.iter().find(|k| k.0 == &text[..n]).map_or("IDENT", |k| k.1), n);
    }
    if let Some(operator) = OPERATORS.iter().find(|o| text.starts_with(**o)) { return ("OPERATOR", operator.len()); }
    match SYMBOLS.iter().find(|s| text.starts_with(s.0)) {
        Some(s) => (s.1, s.0.len()),
        None if text.starts_with('=') => ("ASSIGN", 1),
        None => ("ERROR", text.chars().next().map_or(1, |c| c.len_utf8())),
    }
}

// End of the literal text from `i` on, and whether anything follows it.
fn text_end(b: &[u8], mut i: usize, indented: bool) -> (usize, bool) {
    while i < b.len() {
        let rest = &b[i..];
        if rest.starts_with(b"${") || (!indented && b[i] == b'"') { return (i, true); }
        i += match rest {
            [b'\'', b'\'', b'$' | b'\'', ..] if indented => 3,
            [b'\'', b'\'', b'\\', ..] if indented => 4,
            [b'\'', b'\'', ..] if indented => return (i, true),
            [b'\\', ..] if !indented => 2,
            [b'$', b'$', ..] => 2,
            _ => 1,
        };
    }
    (b.len(), false)
}

pub fn tokenize(src: &str) -> Vec<Token> {
    let b = src.as_bytes();
    let mut modes = vec![Mode::Code(0)];
    let (mut out, mut i) = (Vec::new(), 0);
    while i < b.len() {
        let nested = modes.len() > 1;
        let quotes = if b[i..].starts_with(b"''") { 2 } else { (b[i] == b'"') as usize };
        let (kind, end) = match modes.last_mut().unwrap() {
            _ if b[i..].starts_with(b"${") => {
                modes.push(Mode::Code(0));
                ("INTERPOL_START", i + 2)
            }
            Mode::Text { indented } => match text_end(b, i, *indented) {
                (end, true) if end == i => {
                    modes.pop();
                    ("STRING_END", i + quotes)
                }
                (end, closed) => (if closed { "STRING_CONTENT" } else { "ERROR" }, end),
            },
            Mode::Code(_) if quotes > 0 => {
                modes.push(Mode::Text { indented: quotes == 2 });
                ("STRING_START", i + quotes)
            }
            Mode::Code(0) if b[i] == b'}' && nested => {
                modes.pop();
                ("INTERPOL_END", i + 1)
            }
            Mode::Code(braces) => {
                let (kind, n) = code_token(&src[i..]);
                *braces = (*braces + (kind == "L_BRACE") as usize).saturating_sub((kind == "R_BRACE") as usize);
                (kind, i + n)
            }
        };
        out.push(Token { kind, start: i, end });
        i = end;
    }
    out
}

#[derive(Clone)]
pub struct Name { pub text: String, pub start: usize, pub end: usize }

#[derive(Clone, Copy, PartialEq)]
pub enum Role { Binding, Inherit, PatternName, PatternWhole, Argument }

// A binding, an inherit or a lambda parameter, with the text range it occupies.
pub struct Entry { pub start: usize, pub end: usize, pub role: Role, pub names: Vec<Name>, pub exprs: Vec<Node> }

#[derive(PartialEq)]
pub enum Kind { Variable(String), Group, Let, Set, RecSet, Lambda }

pub struct Node { pub start: usize, pub kind: Kind, pub entries: Vec<Entry>, pub parts: Vec<Node> }

fn group(start: usize, mut parts: Vec<Node>) -> Node {
    if parts.len() == 1 { return parts.remove(0); }
    Node { start, kind: Kind::Group, entries: vec![], parts }
}

const VALUE_START: [&str; 6] = ["L_PAREN", "REC", "L_BRACE", "L_BRACK", "STRING_START", "IDENT"];

fn wanted(kinds: &[&str]) -> String { format!("wanted any of [TOKEN_{}]", kinds.join(", TOKEN_")) }

pub struct Parser<'a> { src: &'a str, tokens: Vec<Token>, pos: usize, pub errors: Vec<String> }

impl<'a> Parser<'a> {
    pub fn new(src: &'a str, all: &[Token]) -> Self {
        let tokens = all.iter().filter(|t| t.kind != "SPACE" && t.kind != "COMMENT").copied().collect();
        Parser { src, tokens, pos: 0, errors: Vec::new() }
    }

    pub fn parse(&mut self) -> Node {
        let tree = self.expr();
        if self.pos < self.tokens.len() {
            let end = self.tokens[self.tokens.len() - 1].end;
            self.errors.push(format!("unexpected token at {}..{}", self.here(), end));
        }
        tree
    }

    fn kind(&self, ahead: usize) -> &'static str { self.tokens.get(self.pos + ahead).map_or("", |t| t.kind) }
    fn here(&self) -> usize { self.tokens.get(self.pos).map_or(self.src.len(), |t| t.start) }
    fn text(&self) -> &'a str { self.tokens.get(self.pos).map_or("", |t| &self.src[t.start..t.end]) }
    fn previous_end(&self) -> usize { self.pos.checked_sub(1).map_or(0, |n| self.tokens[n].end) }
    fn advance(&mut self) {
        if self.pos < self.tokens.len() { self.pos += 1 } else { self.errors.push("unexpected end of file".into()) }
    }

    fn take(&mut self, kind: &str) -> bool {
        let found = self.kind(0) == kind;
        self.pos += found as usize;
        found
    }

    // Skips to one of the kinds, complaining about what it skips.
    fn seek(&mut self, kinds: &[&str]) -> bool {
        let first = self.pos;
        while self.pos < self.tokens.len() && !kinds.contains(&self.kind(0)) { self.pos += 1; }
        if self.pos > first {
            let t = self.tokens[first];
            let end = self.previous_end();
            self.errors.push(format!("unexpected TOKEN_{} at {}..{}, {}", t.kind, t.start, end, wanted(kinds)));
        }
        if self.pos >= self.tokens.len() { self.errors.push(format!("unexpected end of file, {}", wanted(kinds))); }
        self.pos < self.tokens.len()
    }

    fn expect(&mut self, kind: &str) { if self.seek(&[kind]) { self.pos += 1; } }

    fn name(&mut self) -> Option<Name> {
        if !self.seek(&["IDENT", "OR"]) { return None; }
        let name = Name { text: self.text().into(), start: self.here(), end: self.tokens[self.pos].end };
        self.pos += 1;
        Some(name)
    }

    fn expr_then(&mut self, kind: &str) -> Node {
        let node = self.expr();
        self.expect(kind);
        node
    }

    fn expr(&mut self) -> Node {
        let start = self.here();
        let mut parts = Vec::new();
        if self.take("LET") {
            if self.kind(0) == "L_BRACE" { return self.set(start, Kind::RecSet); }
            let entries = self.entries("IN");
            return Node { start, kind: Kind::Let, entries, parts: vec![self.expr()] };
        } else if self.take("WITH") || self.take("ASSERT") {
            parts.push(self.expr_then("SEMICOLON"));
        } else if self.take("IF") {
            parts.push(self.expr_then("THEN"));
            parts.push(self.expr_then("ELSE"));
        } else {
            return self.operation();
        }
        parts.push(self.expr());
        group(start, parts)
    }

    fn operation(&mut self) -> Node {
        let start = self.here();
        let mut parts = Vec::new();
        loop {
            while self.text() == "!" || self.text() == "-" { self.pos += 1; }
            parts.push(self.application());
            while self.take("QUESTION") { self.attr_path(&mut parts); }
            if self.text() == "!" || !self.take("OPERATOR") { return group(start, parts); }
        }
    }

    fn application(&mut self) -> Node {
        let start = self.here();
        let mut parts = vec![self.selection()];
        while VALUE_START.contains(&self.kind(0)) || matches!(self.kind(0), "INTEGER" | "PATH" | "URI") {
            parts.push(self.selection());
        }
        group(start, parts)
    }

    fn selection(&mut self) -> Node {
        let start = self.here();
        let mut parts = vec![self.value()];
        if self.take("DOT") {
            self.attr_path(&mut parts);
            if self.take("OR") { parts.push(self.selection()); }
        }
        group(start, parts)
    }

    fn attr_path(&mut self, exprs: &mut Vec<Node>) -> Option<Name> {
        let first = self.attribute(exprs);
        while self.take("DOT") { self.attribute(exprs); }
        first
    }

    fn attribute(&mut self, exprs: &mut Vec<Node>) -> Option<Name> {
        match self.kind(0) {
            "INTERPOL_START" => self.interpolation(exprs),
            "STRING_START" => self.string(exprs),
            _ => return self.name(),
        }
        None
    }

    fn interpolation(&mut self, exprs: &mut Vec<Node>) {
        self.pos += 1;
        exprs.push(self.expr_then("INTERPOL_END"));
    }

    fn string(&mut self, exprs: &mut Vec<Node>) {
        self.pos += 1;
        while self.seek(&["STRING_END", "STRING_CONTENT", "INTERPOL_START"]) {
            match self.kind(0) {
                "STRING_CONTENT" => self.pos += 1,
                "INTERPOL_START" => self.interpolation(exprs),
                _ => break,
            }
        }
        self.expect("STRING_END");
    }

    fn value(&mut self) -> Node {
        let start = self.here();
        let mut parts = Vec::new();
        let kind = self.kind(0);
        if !matches!(kind, "IDENT" | "STRING_START" | "L_BRACE" | "") { self.pos += 1; }
        match kind {
            "IDENT" => {
                let name = self.name().unwrap();
                if self.take("AT") { return self.pattern(start, Some(name)); }
                if !self.take("COLON") {
                    return Node { start, kind: Kind::Variable(name.text), entries: vec![], parts };
                }
                let entry = Entry { start, end: name.end, role: Role::Argument, names: vec![name], exprs: vec![] };
                return Node { start, kind: Kind::Lambda, entries: vec![entry], parts: vec![self.expr()] };
            }
            "STRING_START" => self.string(&mut parts),
            "INTEGER" | "URI" => {}
            "PATH" => {
                while self.kind(0) == "INTERPOL_START" {
                    self.interpolation(&mut parts);
                    let glued = ["PATH", "IDENT", "DOT", "INTEGER", "OPERATOR"];
                    while self.here() == self.previous_end() && glued.contains(&self.kind(0)) { self.pos += 1; }
                }
            }
            "L_PAREN" => {
                parts.push(self.expr());
                self.advance();
            }
            "L_BRACK" => {
                while !matches!(self.kind(0), "R_BRACK" | "") { parts.push(self.selection()); }
                self.advance();
            }
            "REC" => return self.set(start, Kind::RecSet),
            "L_BRACE" => return match (self.kind(1), self.kind(2)) {
                ("R_BRACE", "COLON" | "AT") | ("ELLIPSIS", "R_BRACE") => self.pattern(start, None),
                ("IDENT", "COMMA" | "QUESTION" | "R_BRACE") => self.pattern(start, None),
                _ => self.set(start, Kind::Set),
            },
            "" => self.advance(),
            _ => {
                let end = self.previous_end();
                self.errors.push(format!("unexpected TOKEN_{} at {}..{}, {}", kind, start, end, wanted(&VALUE_START)));
            }
        }
        Node { start, kind: Kind::Group, entries: vec![], parts }
    }

    fn pattern(&mut self, start: usize, mut whole: Option<Name>) -> Node {
        let mut cut = (start, self.here());
        let mut entries = Vec::new();
        self.expect("L_BRACE");
        while self.kind(0) != "R_BRACE" && !self.take("ELLIPSIS") && !self.kind(0).is_empty() {
            if self.kind(0) != "IDENT" {
                self.seek(&["R_BRACE", "ELLIPSIS", "IDENT"]);
                continue;
            }
            let name = self.name().unwrap();
            let start = name.start;
            let exprs = if self.take("QUESTION") { vec![self.expr()] } else { vec![] };
            entries.push(Entry { start, end: self.previous_end(), role: Role::PatternName, names: vec![name], exprs });
            if !self.take("COMMA") { break; }
        }
        if self.kind(0).is_empty() { self.advance() } else { self.expect("R_BRACE") }
        let close = self.previous_end();
        let at = self.here();
        if self.take("AT") {
            let second = self.name();
            if whole.is_some() {
                self.errors.push(format!("unexpected double bind at {}..{}", at, self.previous_end()));
            } else {
                whole = second;
                cut = (close, self.previous_end());
            }
        }
        self.expect("COLON");
        let names = whole.into_iter().collect();
        entries.push(Entry { start: cut.0, end: cut.1, role: Role::PatternWhole, names, exprs: vec![] });
        Node { start, kind: Kind::Lambda, entries, parts: vec![self.expr()] }
    }

    fn set(&mut self, start: usize, kind: Kind) -> Node {
        self.expect("L_BRACE");
        Node { start, kind, entries: self.entries("R_BRACE"), parts: vec![] }
    }

    fn entries(&mut self, closing: &str) -> Vec<Entry> {
        let mut out = Vec::new();
        while self.kind(0) != closing && !self.kind(0).is_empty() {
            let start = self.here();
            let (mut names, mut exprs) = (Vec::new(), Vec::new());
            let role = if self.take("INHERIT") { Role::Inherit } else { Role::Binding };
            if role == Role::Inherit {
                if self.take("L_PAREN") { exprs.push(self.expr_then("R_PAREN")); }
                while self.kind(0) != "SEMICOLON" && !self.kind(0).is_empty() {
                    let at = self.here();
                    let name = self.attribute(&mut Vec::new());
                    let end = self.previous_end();
                    names.push(name.unwrap_or_else(|| Name { text: self.src[at..end.max(at)].into(), start: at, end }));
                }
                if self.kind(0).is_empty() { self.advance(); }
            } else {
                names.extend(self.attr_path(&mut exprs));
                self.expect("ASSIGN");
                exprs.push(self.expr());
            }
            self.expect("SEMICOLON");
            out.push(Entry { start, end: self.previous_end(), role, names, exprs });
        }
        self.advance();
        out
    }
}
