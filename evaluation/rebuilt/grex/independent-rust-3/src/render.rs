//! Writing an expression as text: plain, coloured or on several lines.

use crate::expr::{Expr, Item};
use crate::settings::Settings;
use crate::token::Token;
use std::collections::BTreeSet;

const FLAGS: &str = "40;93";
const ANCHOR: &str = "1;33";
const GROUP: &str = "1;32";
const BAR: &str = "1;31";
const OPTIONAL: &str = "1;35";
const BRACKET: &str = "1;36";
const SHORTHAND: &str = "103;30";
const QUANTIFIER: &str = "104;37";
const SPECIAL: &str = "(){}[]|*+?^$-.\\";
const CONTROLS: [(char, char); 5] =
    [('\n', 'n'), ('\r', 'r'), ('\t', 't'), ('\u{b}', 'v'), ('\u{c}', 'f')];
const SPECIAL_IN_SET: &str = "[]\\-^";

struct Writer<'a> {
    settings: &'a Settings,
    lines: Vec<String>,
    current: String,
    depth: usize,
}

pub fn render(expr: &Expr, settings: &Settings) -> String {
    let mut writer = Writer { settings, lines: Vec::new(), current: String::new(), depth: 0 };
    writer.write_pattern(expr);
    writer.lines.join(if settings.has("verbose") { "\n" } else { "" })
}

impl Writer<'_> {
    fn write_pattern(&mut self, expr: &Expr) {
        let ignore_case = if self.settings.has("ignore-case") { "i" } else { "" };
        let verbose = if self.settings.has("verbose") { "x" } else { "" };
        if !(ignore_case.is_empty() && verbose.is_empty()) {
            self.put_line(FLAGS, &format!("(?{ignore_case}{verbose})"));
        }
        let anchored = !self.settings.has("no-anchors");
        if anchored && !self.settings.has("no-start-anchor") {
            self.put_line(ANCHOR, "^");
        }
        self.depth = 1;
        self.write_sequence(expr);
        self.end_line();
        self.depth = 0;
        if anchored && !self.settings.has("no-end-anchor") {
            self.put_line(ANCHOR, "$");
        }
    }

    fn put(&mut self, color: &str, text: &str) {
        if self.settings.has("colorize") {
            self.current += &format!("\x1b[{color}m{text}\x1b[0m");
        } else {
            self.current += text;
        }
    }

    fn put_line(&mut self, color: &str, text: &str) {
        self.end_line();
        self.put(color, text);
        self.end_line();
    }

    fn end_line(&mut self) {
        if self.current.is_empty() {
            return;
        }
        let indent = if self.settings.has("verbose") { 2 * self.depth } else { 0 };
        self.lines.push(" ".repeat(indent) + &self.current);
        self.current.clear();
    }

    fn write_group(&mut self, options: &[Expr]) {
        let capturing = self.settings.has("capture-groups");
        self.put_line(GROUP, if capturing { "(" } else { "(?:" });
        self.depth += 1;
        for (index, option) in options.iter().enumerate() {
            if index > 0 {
                self.put_line(BAR, "|");
            }
            self.write_sequence(option);
        }
        self.end_line();
        self.depth -= 1;
        self.put(GROUP, ")");
    }

    fn write_sequence(&mut self, expr: &[Item]) {
        for item in expr {
            match item {
                Item::One(token) => self.write_token(token),
                Item::Set(chars) => self.write_set(chars),
                Item::Choice(options) => {
                    self.write_group(options);
                    self.end_line();
                }
                Item::Optional(inner) => self.write_optional(inner),
            }
        }
    }

    fn write_optional(&mut self, inner: &Expr) {
        match inner.as_slice() {
            [Item::Choice(options)] => self.write_group(options),
            [Item::One(token)] if self.is_one_symbol(token) => self.write_token(token),
            _ => self.write_group(std::slice::from_ref(inner)),
        }
        self.put(OPTIONAL, "?");
        self.end_line();
    }

    /// Whether a token is written as one character, without any backslash.
    fn is_one_symbol(&self, token: &Token) -> bool {
        let plain = |c: char| c == ' ' || self.escaped(c, SPECIAL).len() == c.len_utf8();
        token.single_char().is_some_and(plain)
    }

    fn write_token(&mut self, token: &Token) {
        match token {
            Token::Literal(text) => {
                let escaped: String = text.chars().map(|c| self.escaped(c, SPECIAL)).collect();
                self.current += &escaped;
            }
            Token::Coded(text) => {
                for code in self.codes(text) {
                    self.current += &format!("\\u{{{code:x}}}");
                }
            }
            Token::Shorthand(letter) => self.put(SHORTHAND, &format!("\\{letter}")),
            Token::Repeat { body, min, max } => self.write_repeat(body, *min, *max),
        }
    }

    fn write_repeat(&mut self, body: &[Token], min: usize, max: usize) {
        let range = if min == max { format!("{min}") } else { format!("{min},{max}") };
        let quantifier = format!("{{{range}}}");
        if body.len() == 1 && self.takes_quantifier(&body[0]) {
            self.write_token(&body[0]);
            return self.put(QUANTIFIER, &quantifier);
        }
        self.write_group(&[body.iter().cloned().map(Item::One).collect()]);
        self.put(QUANTIFIER, &quantifier);
        self.end_line();
    }

    fn takes_quantifier(&self, token: &Token) -> bool {
        match token {
            Token::Literal(_) => token.single_char().is_some(),
            Token::Coded(text) => self.codes(text).len() == 1,
            Token::Shorthand(_) => true,
            Token::Repeat { .. } => false,
        }
    }

    fn codes(&self, text: &str) -> Vec<u32> {
        if self.settings.has("with-surrogates") {
            return text.encode_utf16().map(u32::from).collect();
        }
        text.chars().map(u32::from).collect()
    }

    fn write_set(&mut self, chars: &BTreeSet<char>) {
        self.put(BRACKET, "[");
        for (first, last) in ranges(chars) {
            self.current += &self.escaped(first, SPECIAL_IN_SET);
            if last as u32 > first as u32 + 1 {
                self.put(BRACKET, "-");
            }
            if last != first {
                self.current += &self.escaped(last, SPECIAL_IN_SET);
            }
        }
        self.put(BRACKET, "]");
    }

    fn escaped(&self, c: char, special: &str) -> String {
        let verbose = self.settings.has("verbose");
        if let Some((_, letter)) = CONTROLS.iter().find(|(control, _)| *control == c) {
            return format!("\\{letter}");
        }
        match c {
            ' ' | '#' if verbose => format!("\\{c}"),
            _ if verbose && c.is_whitespace() => "\\s".to_string(),
            _ if special.contains(c) => format!("\\{c}"),
            _ => c.to_string(),
        }
    }
}

/// Groups characters into runs of neighbouring code points.
fn ranges(chars: &BTreeSet<char>) -> Vec<(char, char)> {
    let mut found: Vec<(char, char)> = Vec::new();
    for &c in chars {
        match found.last_mut() {
            Some((_, last)) if *last as u32 + 1 == c as u32 => *last = c,
            _ => found.push((c, c)),
        }
    }
    found
}
