//! Recursive descent parser that keeps only what binding analysis needs.
use crate::lexer::{Span, Token};

#[derive(Clone, Debug)]
pub struct Name {
    pub text: String,
    pub span: Span,
}

pub struct Expr {
    pub start: usize,
    pub node: Node,
}

pub enum Node {
    Ident(String),
    Lambda(Param, Box<Expr>),
    Let(Vec<Entry>, Box<Expr>),
    Attrs { recursive: bool, entries: Vec<Entry> },
    Group(Vec<Expr>),
}

pub enum Param {
    Plain(Name),
    Pattern { fields: Vec<Field>, bind: Option<Name>, braces: Span },
}

pub struct Field {
    pub name: Name,
    pub default: Option<Expr>,
    /// Position of the comma in front of and behind the field.
    pub comma_before: Option<usize>,
    pub comma_after: Option<usize>,
    pub end: usize,
}

pub enum Entry {
    Inherit { from: Option<Expr>, names: Vec<Name>, span: Span },
    Assign { key: Option<Name>, dynamic: Vec<Expr>, value: Expr, span: Span },
}

const VALUE: &str =
    "TOKEN_L_PAREN, TOKEN_REC, TOKEN_L_BRACE, TOKEN_L_BRACK, TOKEN_STRING_START, TOKEN_IDENT";

const BINARY: &[&str] = &[
    "TOKEN_EQUAL", "TOKEN_NOT_EQUAL", "TOKEN_LESS_OR_EQ", "TOKEN_MORE_OR_EQ", "TOKEN_AND_AND", "TOKEN_OR_OR",
    "TOKEN_IMPLICATION", "TOKEN_UPDATE", "TOKEN_CONCAT", "TOKEN_ADD", "TOKEN_SUB", "TOKEN_MUL", "TOKEN_DIV",
    "TOKEN_LESS", "TOKEN_MORE",
];

struct Parser<'a> {
    src: &'a str,
    tokens: Vec<Token>,
    at: usize,
    errors: Vec<String>,
}

pub fn parse(src: &str, tokens: Vec<Token>) -> Result<Expr, Vec<String>> {
    let mut parser = Parser { src, tokens, at: 0, errors: Vec::new() };
    let expr = parser.expr();
    if parser.at < parser.tokens.len() {
        let start = parser.tokens[parser.at].span.start;
        let end = parser.tokens.last().map_or(0, |t| t.span.end);
        parser.errors.push(format!("unexpected token at {start}..{end}"));
    }
    if parser.errors.is_empty() { Ok(expr) } else { Err(parser.errors) }
}

impl Parser<'_> {
    fn kind_at(&self, ahead: usize) -> &'static str {
        self.tokens.get(self.at + ahead).map_or("", |t| t.kind)
    }

    fn peek(&self) -> &'static str {
        self.kind_at(0)
    }

    fn start(&self) -> usize {
        self.tokens.get(self.at).map_or(self.src.len(), |t| t.span.start)
    }

    fn last_end(&self) -> usize {
        if self.at == 0 { 0 } else { self.tokens[self.at - 1].span.end }
    }

    fn eat(&mut self, kind: &str) -> bool {
        let found = self.peek() == kind;
        self.at += found as usize;
        found
    }

    fn eof_error(&mut self) {
        self.errors.push("unexpected end of file".to_string());
    }

    /// Skips to one of the wanted tokens, reporting what was in the way.
    fn seek(&mut self, wanted: &[&str]) -> bool {
        if self.peek().is_empty() {
            self.eof_error();
            return false;
        }
        if wanted.contains(&self.peek()) {
            return true;
        }
        let (first, start) = (self.peek(), self.start());
        while !self.peek().is_empty() && !wanted.contains(&self.peek()) {
            self.at += 1;
        }
        let (end, list) = (self.last_end(), wanted.join(", "));
        self.errors.push(format!("unexpected {first} at {start}..{end}, wanted any of [{list}]"));
        if self.peek().is_empty() {
            self.errors.push(format!("unexpected end of file, wanted any of [{list}]"));
        }
        !self.peek().is_empty()
    }

    fn expect(&mut self, kind: &str) {
        if self.seek(&[kind]) {
            self.at += 1;
        }
    }

    fn name(&mut self) -> Name {
        if !self.seek(&["TOKEN_IDENT", "TOKEN_OR"]) {
            let span = Span { start: self.src.len(), end: self.src.len() };
            return Name { text: String::new(), span };
        }
        let span = self.tokens[self.at].span;
        self.at += 1;
        Name { text: self.src[span.start..span.end].to_string(), span }
    }

    fn expr(&mut self) -> Expr {
        let start = self.start();
        let node = match self.peek() {
            "TOKEN_LET" if self.kind_at(1) != "TOKEN_L_BRACE" => self.let_in(),
            "TOKEN_WITH" | "TOKEN_ASSERT" => self.sequence(&["TOKEN_SEMICOLON"]),
            "TOKEN_IF" => self.sequence(&["TOKEN_THEN", "TOKEN_ELSE"]),
            "TOKEN_IDENT" if ["TOKEN_COLON", "TOKEN_AT"].contains(&self.kind_at(1)) => self.lambda(),
            "TOKEN_L_BRACE" if self.is_pattern() => self.lambda(),
            _ => return self.operation(),
        };
        Expr { start, node }
    }

    /// A keyword, then expressions parted by the given tokens.
    fn sequence(&mut self, separators: &[&str]) -> Node {
        self.at += 1;
        let mut parts = vec![self.expr()];
        for separator in separators {
            self.expect(separator);
            parts.push(self.expr());
        }
        Node::Group(parts)
    }

    fn let_in(&mut self) -> Node {
        self.at += 1;
        let entries = self.entries("TOKEN_IN");
        let body = self.expr();
        Node::Let(entries, Box::new(body))
    }

    fn is_pattern(&self) -> bool {
        let closes = |n| self.kind_at(n) == "TOKEN_R_BRACE" && ["TOKEN_COLON", "TOKEN_AT"].contains(&self.kind_at(n + 1));
        match self.kind_at(1) {
            "TOKEN_ELLIPSIS" => true,
            "TOKEN_IDENT" => ["TOKEN_COMMA", "TOKEN_QUESTION", "TOKEN_R_BRACE"].contains(&self.kind_at(2)),
            _ => closes(1),
        }
    }

    fn lambda(&mut self) -> Node {
        let param = if self.peek() == "TOKEN_L_BRACE" {
            self.pattern(None)
        } else {
            let name = self.name();
            if self.eat("TOKEN_AT") { self.pattern(Some(name)) } else { Param::Plain(name) }
        };
        self.expect("TOKEN_COLON");
        Node::Lambda(param, Box::new(self.expr()))
    }

    fn pattern(&mut self, mut bind: Option<Name>) -> Param {
        let start = self.start();
        self.expect("TOKEN_L_BRACE");
        let mut fields = Vec::new();
        let mut comma_before = None;
        while !["TOKEN_R_BRACE", ""].contains(&self.peek()) {
            if !self.eat("TOKEN_ELLIPSIS") {
                fields.push(self.field(comma_before));
            }
            comma_before = Some(self.start());
            if !self.eat("TOKEN_COMMA") {
                break;
            }
        }
        self.expect("TOKEN_R_BRACE");
        let braces = Span { start, end: self.last_end() };
        if bind.is_none() && self.eat("TOKEN_AT") {
            bind = Some(self.name());
        }
        Param::Pattern { fields, bind, braces }
    }

    fn field(&mut self, comma_before: Option<usize>) -> Field {
        let name = self.name();
        let default = if self.eat("TOKEN_QUESTION") { Some(self.expr()) } else { None };
        let end = self.last_end();
        let comma_after = (self.peek() == "TOKEN_COMMA").then(|| self.start());
        Field { name, default, comma_before, comma_after, end }
    }

    fn entries(&mut self, close: &str) -> Vec<Entry> {
        let mut entries = Vec::new();
        while self.peek() != close && !self.peek().is_empty() {
            let start = self.start();
            entries.push(if self.eat("TOKEN_INHERIT") { self.inherit(start) } else { self.assign(start) });
        }
        self.expect(close);
        entries
    }

    fn inherit(&mut self, start: usize) -> Entry {
        let mut from = None;
        if self.eat("TOKEN_L_PAREN") {
            from = Some(self.expr());
            self.expect("TOKEN_R_PAREN");
        }
        let mut names = Vec::new();
        while !["TOKEN_SEMICOLON", ""].contains(&self.peek()) {
            if self.peek() == "TOKEN_STRING_START" {
                self.string();
            } else {
                names.push(self.name());
            }
        }
        self.expect("TOKEN_SEMICOLON");
        Entry::Inherit { from, names, span: Span { start, end: self.last_end() } }
    }

    fn assign(&mut self, start: usize) -> Entry {
        let mut dynamic = Vec::new();
        let key = self.attr(&mut dynamic);
        while self.eat("TOKEN_DOT") {
            self.attr(&mut dynamic);
        }
        self.expect("TOKEN_ASSIGN");
        let value = self.expr();
        self.expect("TOKEN_SEMICOLON");
        Entry::Assign { key, dynamic, value, span: Span { start, end: self.last_end() } }
    }

    /// One part of an attribute path: a plain name, or expressions put into `dynamic`.
    fn attr(&mut self, dynamic: &mut Vec<Expr>) -> Option<Name> {
        match self.peek() {
            "TOKEN_STRING_START" => dynamic.extend(self.string()),
            "TOKEN_INTERPOL_START" => dynamic.push(self.interpolation()),
            _ => return Some(self.name()),
        }
        None
    }

    fn interpolation(&mut self) -> Expr {
        self.at += 1;
        let expr = self.expr();
        self.expect("TOKEN_INTERPOL_END");
        expr
    }

    fn string(&mut self) -> Vec<Expr> {
        let mut parts = Vec::new();
        self.at += 1;
        while self.peek() != "TOKEN_STRING_END" && !self.peek().is_empty() {
            if self.peek() == "TOKEN_INTERPOL_START" {
                parts.push(self.interpolation());
            } else {
                self.expect("TOKEN_STRING_CONTENT");
            }
        }
        self.expect("TOKEN_STRING_END");
        parts
    }

    fn operation(&mut self) -> Expr {
        let start = self.start();
        let mut parts = Vec::new();
        loop {
            while self.eat("TOKEN_SUB") || self.eat("TOKEN_INVERT") {}
            parts.push(self.select());
            while self.starts_value() {
                parts.push(self.select());
            }
            while self.eat("TOKEN_QUESTION") {
                self.attr_path(&mut parts);
            }
            if !BINARY.contains(&self.peek()) {
                break;
            }
            self.at += 1;
        }
        if parts.len() == 1 { parts.pop().unwrap() } else { Expr { start, node: Node::Group(parts) } }
    }

    fn starts_value(&self) -> bool {
        VALUE.split(", ").any(|k| k == self.peek())
            || ["TOKEN_INTEGER", "TOKEN_URI", "TOKEN_LET"].contains(&self.peek())
    }

    fn attr_path(&mut self, parts: &mut Vec<Expr>) {
        self.attr(parts);
        while self.eat("TOKEN_DOT") {
            self.attr(parts);
        }
    }

    fn select(&mut self) -> Expr {
        let start = self.start();
        let value = self.value();
        if self.peek() != "TOKEN_DOT" {
            return value;
        }
        let mut parts = vec![value];
        self.at += 1;
        self.attr_path(&mut parts);
        if self.eat("TOKEN_OR") {
            parts.push(self.select());
        }
        Expr { start, node: Node::Group(parts) }
    }

    fn value(&mut self) -> Expr {
        let start = self.start();
        let node = match self.peek() {
            "TOKEN_IDENT" => Node::Ident(self.name().text),
            "TOKEN_INTEGER" | "TOKEN_URI" => {
                self.at += 1;
                Node::Group(Vec::new())
            }
            "TOKEN_STRING_START" => Node::Group(self.string()),
            "TOKEN_L_PAREN" => {
                self.at += 1;
                let inner = self.expr();
                self.expect("TOKEN_R_PAREN");
                Node::Group(vec![inner])
            }
            "TOKEN_L_BRACK" => self.list(),
            "TOKEN_L_BRACE" | "TOKEN_REC" | "TOKEN_LET" => self.attrs(),
            _ => self.bad_value(),
        };
        Expr { start, node }
    }

    fn list(&mut self) -> Node {
        self.at += 1;
        let mut items = Vec::new();
        while self.peek() != "TOKEN_R_BRACK" && !self.peek().is_empty() {
            items.push(self.select());
        }
        self.expect("TOKEN_R_BRACK");
        Node::Group(items)
    }

    fn attrs(&mut self) -> Node {
        let recursive = self.eat("TOKEN_REC");
        let _legacy_let = self.eat("TOKEN_LET");
        self.expect("TOKEN_L_BRACE");
        Node::Attrs { recursive, entries: self.entries("TOKEN_R_BRACE") }
    }

    fn bad_value(&mut self) -> Node {
        match self.tokens.get(self.at).copied() {
            None => self.eof_error(),
            Some(Token { kind, span }) => {
                let Span { start, end } = span;
                self.errors.push(format!("unexpected {kind} at {start}..{end}, wanted any of [{VALUE}]"));
                self.at += 1;
            }
        }
        Node::Group(Vec::new())
    }
}
