//! Turns an expression into styled pieces and lays these out as text.

use crate::cli::Options;
use crate::expression::Expression;
use crate::symbols::{Atom, Symbol};
use std::collections::BTreeSet;

#[derive(Clone, Copy, PartialEq)]
#[rustfmt::skip]
enum Kind { Flag, Anchor, Open, Close, Bar, QuestionMark, Quantifier, Bracket, Shorthand, Plain }

impl Kind {
    fn color(self) -> Option<&'static str> {
        Some(match self {
            Kind::Flag => "40;93",
            Kind::Anchor => "1;33",
            Kind::Open | Kind::Close => "1;32",
            Kind::Bar => "1;31",
            Kind::QuestionMark => "1;35",
            Kind::Quantifier => "104;37",
            Kind::Bracket => "1;36",
            Kind::Shorthand => "103;30",
            Kind::Plain => return None,
        })
    }

    fn is_inline(self) -> bool {
        matches!(self, Kind::Plain | Kind::Shorthand | Kind::Bracket | Kind::Quantifier)
    }
}

struct Renderer<'a> {
    options: &'a Options,
    pieces: Vec<(Kind, String)>,
}

pub fn render(expression: &Expression, options: &Options) -> String {
    let mut renderer = Renderer { options, pieces: Vec::new() };
    match (options.has("ignore-case"), options.has("verbose")) {
        (true, true) => renderer.put(Kind::Flag, "(?ix)"),
        (true, false) => renderer.put(Kind::Flag, "(?i)"),
        (false, true) => renderer.put(Kind::Flag, "(?x)"),
        (false, false) => {}
    }
    if !options.has("no-start-anchor") && !options.has("no-anchors") {
        renderer.put(Kind::Anchor, "^");
    }
    renderer.expression(expression);
    if !options.has("no-end-anchor") && !options.has("no-anchors") {
        renderer.put(Kind::Anchor, "$");
    }
    if options.has("verbose") { renderer.indented() } else { renderer.compact() }
}

impl Renderer<'_> {
    fn put(&mut self, kind: Kind, text: &str) {
        self.pieces.push((kind, text.to_string()));
    }

    fn expression(&mut self, expression: &Expression) {
        match expression {
            Expression::Literal(symbols) => symbols.iter().for_each(|symbol| self.symbol(symbol)),
            Expression::Class(set) => self.class(set),
            Expression::Choice(options) => self.group_if(true, |this| this.alternatives(options)),
            Expression::Sequence(left, right) => {
                self.expression(left);
                self.expression(right);
            }
            Expression::Optional(inner) => {
                self.group_if(!is_unit(inner), |this| this.expression(inner));
                self.put(Kind::QuestionMark, "?");
            }
        }
    }

    fn group_if(&mut self, grouped: bool, content: impl FnOnce(&mut Self)) {
        if grouped {
            let text = if self.options.has("capture-groups") { "(" } else { "(?:" };
            self.put(Kind::Open, text);
        }
        content(self);
        if grouped {
            self.put(Kind::Close, ")");
        }
    }

    fn alternatives(&mut self, options: &[Expression]) {
        for (index, option) in options.iter().enumerate() {
            if index > 0 {
                self.put(Kind::Bar, "|");
            }
            self.expression(option);
        }
    }

    fn symbol(&mut self, symbol: &Symbol) {
        let long = match &symbol.atom {
            Atom::Escaped(c) => self.code_point(*c).matches('\\').count() > 1,
            other => matches!(other, Atom::Group(_)),
        };
        self.group_if(long && !symbol.is_once(), |this| this.atom(&symbol.atom));
        if symbol.min < symbol.max {
            self.put(Kind::Quantifier, &format!("{{{},{}}}", symbol.min, symbol.max));
        } else if !symbol.is_once() {
            self.put(Kind::Quantifier, &format!("{{{}}}", symbol.min));
        }
    }

    fn atom(&mut self, atom: &Atom) {
        match atom {
            Atom::Char(c) => self.put(Kind::Plain, &self.escape(*c, "()[]{}+*-.?|^$\\")),
            Atom::Escaped(c) => self.put(Kind::Plain, &self.code_point(*c)),
            Atom::Shorthand(letter) => self.put(Kind::Shorthand, &format!("\\{letter}")),
            Atom::Group(symbols) => symbols.iter().for_each(|symbol| self.symbol(symbol)),
        }
    }

    fn class(&mut self, set: &BTreeSet<char>) {
        self.put(Kind::Bracket, "[");
        for (first, last) in ranges(set) {
            self.put(Kind::Plain, &self.escape(first, "[]-^\\"));
            if first != last {
                self.put(Kind::Bracket, "-");
                self.put(Kind::Plain, &self.escape(last, "[]-^\\"));
            }
        }
        self.put(Kind::Bracket, "]");
    }

    fn escape(&self, c: char, special: &str) -> String {
        match c {
            '\n' | '\r' | '\t' => c.escape_default().to_string(),
            '\u{b}' => "\\v".to_string(),
            '\u{c}' => "\\f".to_string(),
            ' ' | '#' if self.options.has("verbose") => format!("\\{c}"),
            _ if special.contains(c) => format!("\\{c}"),
            _ => c.to_string(),
        }
    }

    fn code_point(&self, c: char) -> String {
        if !self.options.has("with-surrogates") {
            return c.escape_unicode().to_string();
        }
        let mut buffer = [0; 2];
        c.encode_utf16(&mut buffer).iter().map(|unit| format!("\\u{{{unit:x}}}")).collect()
    }

    fn paint(&self, kind: Kind, text: &str) -> String {
        match kind.color() {
            Some(color) if self.options.has("colorize") => format!("\u{1b}[{color}m{text}\u{1b}[0m"),
            _ => text.to_string(),
        }
    }

    fn compact(&self) -> String {
        self.pieces.iter().map(|(kind, text)| self.paint(*kind, text)).collect()
    }

    /// One line for every group border, alternative and stretch of text.
    fn indented(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        let mut depth = 1;
        let mut previous = Kind::Flag;
        for (kind, text) in &self.pieces {
            depth -= usize::from(*kind == Kind::Close);
            let painted = self.paint(*kind, text);
            let quantifies = matches!(kind, Kind::QuestionMark | Kind::Quantifier);
            match lines.last_mut() {
                Some(line) if quantifies || previous.is_inline() && kind.is_inline() => line.push_str(&painted),
                _ if matches!(kind, Kind::Flag | Kind::Anchor) => lines.push(painted),
                _ => lines.push("  ".repeat(depth) + &painted),
            }
            depth += usize::from(*kind == Kind::Open);
            // a group is finished even if a quantifier follows
            previous = if quantifies && previous == Kind::Close { Kind::Close } else { *kind };
        }
        lines.join("\n")
    }
}

/// Whether a quantifier can follow directly.
fn is_unit(expression: &Expression) -> bool {
    match expression {
        Expression::Literal(symbols) => symbols.len() == 1 && symbols[0].as_char().is_some(),
        other => matches!(other, Expression::Class(_) | Expression::Choice(_)),
    }
}

/// Maximal ranges of three or more neighbours; everything else stands alone.
fn ranges(set: &BTreeSet<char>) -> Vec<(char, char)> {
    let chars: Vec<char> = set.iter().copied().collect();
    let runs = chars.chunk_by(|a, b| *a as u32 + 1 == *b as u32);
    let split = |run: &[char]| match run {
        [first, _, .., last] if run.len() > 2 => vec![(*first, *last)],
        _ => run.iter().map(|c| (*c, *c)).collect(),
    };
    runs.flat_map(split).collect()
}
