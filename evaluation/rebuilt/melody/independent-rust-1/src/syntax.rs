//! Melody source text -> syntax tree, with "furthest failure" syntax errors.

/// Rule names as they appear in an "expected ..." list, in reporting order.
const RULES: [&str; 24] = [
    "EOI", "root", "block", "literal", "raw", "symbol_identifier", "not", "range", "quantifier_quantity",
    "quantifier_range", "amount",
    "class_content", "ascii_range_start", "ascii_range_end", "some", "any", "option", "over", "group_declaration",
    "assertion_type", "assertion_declaration", "identifier", "variable_declaration", "variable_invocation",
];

/// How often a quantified expression repeats; numbers stay as written.
pub enum Amount { Exactly(String), Between(String, String), Over(String), Some, Any, Option }

#[derive(Clone, Copy, PartialEq)]
pub enum GroupKind { Capture, Match, Either }

/// One Melody statement or expression.
pub enum Node {
    /// Content between quotes, quote escapes already resolved.
    Literal(String),
    /// Content between backticks, backtick escapes already resolved.
    Raw(String),
    Symbol { negative: bool, name: String },
    Range { negative: bool, from: char, to: char },
    /// `not abc`: any character but these.
    NegativeClass(String),
    Invocation(String),
    Quantified { lazy: bool, amount: Amount, body: Box<Node> },
    Group { kind: GroupKind, name: Option<String>, body: Vec<Node> },
    Assertion { negative: bool, ahead: bool, body: Vec<Node> },
    Let { name: String, body: Vec<Node> },
}

/// Parses a whole source text; the error is a printable, multi-line report.
pub fn parse(source: &str) -> Result<Vec<Node>, String> {
    let text = normalize_comments(source);
    let mut parser = Parser { chars: text.chars().collect(), pos: 0, furthest: 0, expected: Vec::new() };
    parser.root().ok_or_else(|| parser.report())
}

/// Turns whole-line `//` comments into block comments and drops line ends at the end of the text.
fn normalize_comments(source: &str) -> String {
    let block = |line: &str| line.trim_start().strip_prefix("//").map(|comment| format!("/*{comment}*/"));
    source.lines().map(|line| block(line).unwrap_or(line.to_string())).collect::<Vec<_>>().join("\n")
}

/// A backtracking parser that remembers which rules failed at the furthest position.
struct Parser { chars: Vec<char>, pos: usize, furthest: usize, expected: Vec<&'static str> }

impl Parser {
    fn attempts_at(&self, pos: usize) -> usize {
        if pos == self.furthest { self.expected.len() } else { 0 }
    }

    /// Runs `body` as a named rule: on failure the position is restored and the
    /// failure noted, unless a single nested rule already explains it.
    fn rule<T>(&mut self, rule: &'static str, body: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let start = self.pos;
        let before = self.attempts_at(start);
        let result = body(self);
        if result.is_none() {
            self.pos = start;
            if self.attempts_at(start) != before + 1 {
                if start > self.furthest {
                    self.expected.clear();
                    self.furthest = start;
                }
                if start == self.furthest {
                    self.expected.truncate(before);
                    self.expected.push(rule);
                }
            }
        }
        result
    }

    /// Runs `body`; restores the position when it fails.
    fn attempt<T>(&mut self, body: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let start = self.pos;
        let result = body(self);
        if result.is_none() { self.pos = start; }
        result
    }

    /// Skips white space and block comments.
    fn skip(&mut self) {
        loop {
            while matches!(self.peek(), Some(' ' | '\t' | '\r' | '\n')) { self.pos += 1; }
            if !self.chars[self.pos..].starts_with(&['/', '*']) { return; }
            let inner = self.pos + 2;
            match self.chars[inner..].windows(2).position(|w| w == ['*', '/']) {
                Some(length) => self.pos = inner + length + 2,
                None => return,
            }
        }
    }

    fn peek(&self) -> Option<char> { self.chars.get(self.pos).copied() }

    /// Consumes `text` exactly here.
    fn text(&mut self, text: &str) -> Option<()> {
        let wanted: Vec<char> = text.chars().collect();
        self.chars[self.pos..].starts_with(&wanted).then(|| self.pos += wanted.len())
    }

    /// Skips, then consumes `text`.
    fn token(&mut self, text: &str) -> Option<()> { self.skip(); self.text(text) }

    /// Consumes one or more characters of a kind.
    fn run(&mut self, accept: impl Fn(char) -> bool) -> Option<String> {
        let start = self.pos;
        while self.peek().is_some_and(&accept) { self.pos += 1; }
        (self.pos > start).then(|| self.chars[start..self.pos].iter().collect())
    }

    fn root(&mut self) -> Option<Vec<Node>> {
        self.rule("root", |p| {
            let statements = p.statements();
            p.skip();
            p.rule("EOI", |p| p.peek().is_none().then_some(()))?;
            Some(statements)
        })
    }

    fn statements(&mut self) -> Vec<Node> {
        let mut nodes = Vec::new();
        while let Some(node) = self.attempt(|p| { p.skip(); p.statement(true) }) { nodes.push(node); }
        nodes
    }

    /// A statement; inside a quantifier another quantifier is not allowed.
    fn statement(&mut self, quantifiers: bool) -> Option<Node> {
        if let Some(node) = self.attempt(|p| { let node = p.simple()?; p.token(";")?; Some(node) }) {
            return Some(node);
        }
        let quantified = if quantifiers { self.attempt(Self::quantified) } else { None };
        quantified.or_else(|| self.group()).or_else(|| self.assertion()).or_else(|| self.declaration())
    }

    /// An expression that must be closed by `;`.
    fn simple(&mut self) -> Option<Node> {
        self.rule("literal", |p| p.quoted('"', "/bfnrt\\").or_else(|| p.quoted('\'', "/bfnrt\\")).map(Node::Literal))
            .or_else(|| self.rule("raw", |p| p.quoted('`', "\\").map(Node::Raw)))
            .or_else(|| self.attempt(Self::symbol))
            .or_else(|| self.rule("range", Self::range))
            .or_else(|| self.attempt(Self::negative_class))
            .or_else(|| self.rule("variable_invocation", |p| p.variable_name().map(Node::Invocation)))
    }

    /// Text between `quote`s. An escaped quote loses its backslash; other allowed escapes stay as they are.
    fn quoted(&mut self, quote: char, escapes: &str) -> Option<String> {
        self.attempt(|p| {
            p.text(&quote.to_string())?;
            let mut content = String::new();
            loop {
                let c = p.peek()?;
                p.pos += 1;
                if c == quote { return Some(content); }
                if c != '\\' { content.push(c); continue; }
                let escaped = p.peek()?;
                p.pos += 1;
                if escaped == quote {
                    content.push(quote);
                } else if escapes.contains(escaped) {
                    content.extend(['\\', escaped]);
                } else {
                    return None;
                }
            }
        })
    }

    /// An optional leading `not`.
    fn negation(&mut self) -> bool {
        let negative = self.rule("not", |p| p.text("not")).is_some();
        self.skip();
        negative
    }

    fn symbol(&mut self) -> Option<Node> {
        let negative = self.negation();
        self.text("<")?;
        self.skip();
        let name = self.rule("symbol_identifier", |p| p.run(|c| c.is_ascii_alphabetic() || c == '_' || c == ':'))?;
        self.token(">")?;
        Some(Node::Symbol { negative, name })
    }

    fn range(&mut self) -> Option<Node> {
        let negative = self.negation();
        let first = |digits: String| digits.chars().next();
        let (from, to) = match self.amount_pair() {
            Some((from, to)) => (first(from)?, first(to)?),
            None => {
                let from = self.range_end("ascii_range_start")?;
                self.token("to")?;
                self.skip();
                (from, self.range_end("ascii_range_end")?)
            }
        };
        Some(Node::Range { negative, from, to })
    }

    fn range_end(&mut self, rule: &'static str) -> Option<char> {
        self.rule(rule, |p| { let c = p.peek().filter(|c| c.is_ascii_graphic())?; p.pos += 1; Some(c) })
    }

    fn negative_class(&mut self) -> Option<Node> {
        self.rule("not", |p| p.text("not"))?;
        self.skip();
        let content = self.rule("class_content", |p| p.run(|c| c.is_ascii_alphanumeric() || " !#$%&*@\\^_".contains(c)))?;
        Some(Node::NegativeClass(content.trim_end().to_string()))
    }

    fn amount(&mut self) -> Option<String> { self.rule("amount", |p| p.run(|c| c.is_ascii_digit())) }

    /// Two numbers joined by `to`.
    fn amount_pair(&mut self) -> Option<(String, String)> {
        self.attempt(|p| {
            let low = p.amount()?;
            p.token("to")?;
            p.skip();
            Some((low, p.amount()?))
        })
    }

    fn identifier(&mut self) -> Option<String> {
        self.rule("identifier", |p| p.run(|c| c.is_ascii_alphabetic() || c == '_'))
    }

    fn variable_name(&mut self) -> Option<String> { self.text(".")?; self.skip(); self.identifier() }

    fn quantified(&mut self) -> Option<Node> {
        let (lazy, amount) = self.rule("quantifier_quantity", |p| {
            let lazy = p.text("lazy").is_some();
            p.skip();
            Some((lazy, p.quantity()?))
        })?;
        self.token("of")?;
        self.skip();
        Some(Node::Quantified { lazy, amount, body: Box::new(self.statement(false)?) })
    }

    fn quantity(&mut self) -> Option<Amount> {
        self.rule("quantifier_range", Self::amount_pair)
            .map(|(low, high)| Amount::Between(low, high))
            .or_else(|| self.amount().map(Amount::Exactly))
            .or_else(|| self.rule("some", |p| p.text("some").map(|_| Amount::Some)))
            .or_else(|| self.rule("any", |p| p.text("any").map(|_| Amount::Any)))
            .or_else(|| self.rule("option", |p| p.text("option").map(|_| Amount::Option)))
            .or_else(|| self.rule("over", |p| { p.text("over")?; p.skip(); p.amount().map(Amount::Over) }))
    }

    fn group(&mut self) -> Option<Node> {
        self.rule("group_declaration", |p| {
            let kinds = [("capture", GroupKind::Capture), ("match", GroupKind::Match), ("either", GroupKind::Either)];
            let kind = kinds.into_iter().find(|kind| p.text(kind.0).is_some())?.1;
            p.skip();
            let name = if kind == GroupKind::Capture { p.identifier() } else { None };
            p.skip();
            Some(Node::Group { kind, name, body: p.block()? })
        })
    }

    fn assertion(&mut self) -> Option<Node> {
        self.rule("assertion_declaration", |p| {
            let negative = p.negation();
            let ahead = p.rule("assertion_type", |p| {
                p.text("ahead").map(|_| true).or_else(|| p.text("behind").map(|_| false))
            })?;
            p.skip();
            Some(Node::Assertion { negative, ahead, body: p.block()? })
        })
    }

    fn declaration(&mut self) -> Option<Node> {
        self.rule("variable_declaration", |p| {
            p.text("let")?;
            p.skip();
            let name = p.variable_name()?;
            p.token("=")?;
            p.skip();
            Some(Node::Let { name, body: p.block()? })
        })
    }

    fn block(&mut self) -> Option<Vec<Node>> {
        self.rule("block", |p| {
            p.text("{")?;
            let body = p.statements();
            p.token("}")?;
            (!body.is_empty()).then_some(body)
        })
    }

    /// Describes the furthest failure with its source line.
    fn report(&self) -> String {
        let before = &self.chars[..self.furthest];
        let number = before.iter().filter(|&&c| c == '\n').count() + 1;
        let start = before.iter().rposition(|&c| c == '\n').map_or(0, |i| i + 1);
        let line: String = self.chars[start..].iter().take_while(|&&c| c != '\n').collect();
        let marker: String = before[start..].iter().map(|&c| if c == '\t' { '\t' } else { ' ' }).collect();
        let names: Vec<&str> = RULES.into_iter().filter(|name| self.expected.contains(name)).collect();
        let list = match names.as_slice() {
            [one] => one.to_string(),
            [one, two] => format!("{one} or {two}"),
            [most @ .., last] => format!("{}, or {last}", most.join(", ")),
            [] => "nothing".into(),
        };
        let pad = " ".repeat(number.to_string().len());
        let column = self.furthest - start + 1;
        format!("{pad}--> {number}:{column}\n{pad} |\n{number} | {line}\n{pad} | {marker}^---\n{pad} |\n{pad} = expected {list}")
    }
}
