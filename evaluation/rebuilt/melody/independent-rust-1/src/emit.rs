//! Syntax tree -> ECMAScript regular expression text.

use crate::syntax::{self, Amount, GroupKind, Node};
use std::collections::HashMap;

/// How a piece of regex takes a quantifier.
enum Kind {
    /// As it stands.
    Atom,
    /// Only inside a group.
    Loose,
    /// Not at all; the words are for the error message.
    Forbidden(&'static str),
}

/// A piece of finished regex.
struct Piece { text: String, kind: Kind }

impl Piece {
    fn atom(text: impl Into<String>) -> Piece { Piece { text: text.into(), kind: Kind::Atom } }
}

/// Compiles Melody source to a regular expression, or says why not.
pub fn compile(source: &str) -> Result<String, String> {
    let nodes = syntax::parse(source)?;
    Ok(Emitter { variables: HashMap::new() }.all(&nodes)?.concat())
}

/// Holds the regex text of every variable declared so far.
struct Emitter { variables: HashMap<String, String> }

impl Emitter {
    fn all(&mut self, nodes: &[Node]) -> Result<Vec<String>, String> {
        nodes.iter().map(|node| Ok(self.piece(node)?.text)).collect()
    }

    fn piece(&mut self, node: &Node) -> Result<Piece, String> {
        Ok(match node {
            Node::Literal(content) => literal(content),
            Node::Raw(content) => raw(content),
            Node::Symbol { negative, name } => symbol(*negative, name)?,
            Node::Range { negative, from, to } => Piece::atom(format!("[{}{from}-{to}]", if *negative { "^" } else { "" })),
            Node::NegativeClass(content) => Piece::atom(format!("[^{content}]")),
            Node::Invocation(name) => Piece {
                text: self.variables.get(name).cloned().ok_or("usage of an uninitialized variable")?,
                kind: Kind::Forbidden("variable invocation"),
            },
            Node::Quantified { lazy, amount, body } => {
                let Piece { text, kind } = self.piece(body)?;
                let laziness = if *lazy { "?" } else { "" };
                let suffix = quantifier(amount)? + laziness;
                match kind {
                    Kind::Forbidden(what) => return Err(format!("unexpected {what} in quantifier")),
                    Kind::Atom => Piece::atom(text + &suffix),
                    Kind::Loose => Piece::atom(format!("(?:{text}){suffix}")),
                }
            }
            Node::Group { kind, name, body } => {
                let parts = self.all(body)?;
                Piece::atom(match (kind, name) {
                    (GroupKind::Either, _) => format!("(?:{})", parts.join("|")),
                    (GroupKind::Match, _) => format!("(?:{})", parts.concat()),
                    (GroupKind::Capture, Some(name)) => format!("(?<{name}>{})", parts.concat()),
                    (GroupKind::Capture, None) => format!("({})", parts.concat()),
                })
            }
            Node::Assertion { negative, ahead, body } => {
                let opening = format!("(?{}{}", if *ahead { "" } else { "<" }, if *negative { "!" } else { "=" });
                Piece { text: format!("{opening}{})", self.all(body)?.concat()), kind: Kind::Forbidden("assertion") }
            }
            Node::Let { name, body } => {
                let text = self.all(body)?.concat();
                self.variables.insert(name.clone(), text);
                Piece { text: String::new(), kind: Kind::Forbidden("skipped node") }
            }
        })
    }
}

/// Escapes a literal; escape sequences already in it are kept and count as one character.
fn literal(content: &str) -> Piece {
    let (mut text, mut count) = (String::new(), 0);
    let mut chars = content.chars();
    while let Some(c) = chars.next() {
        count += 1;
        if "$()*+.?[]^{|}".contains(c) { text.push('\\'); }
        text.push(c);
        if c == '\\' { text.extend(chars.next()); }
    }
    Piece { text, kind: if count == 1 { Kind::Atom } else { Kind::Loose } }
}

/// Unescaped regex text; a single class, group or character can be quantified.
fn raw(content: &str) -> Piece {
    let enclosed = |open, close| content.starts_with(open) && content.ends_with(close);
    let length = content.chars().count();
    let single = length == 1 || (length == 2 && content.starts_with('\\')) || enclosed('(', ')') || enclosed('[', ']');
    Piece { text: content.to_string(), kind: if single { Kind::Atom } else { Kind::Loose } }
}

fn quantifier(amount: &Amount) -> Result<String, String> {
    Ok(match amount {
        Amount::Some => "+".into(),
        Amount::Any => "*".into(),
        Amount::Option => "?".into(),
        Amount::Exactly(count) => format!("{{{count}}}"),
        Amount::Over(count) => {
            let next = count.parse::<u64>().ok().and_then(|n| n.checked_add(1)).ok_or("could not parse an amount")?;
            format!("{{{next},}}")
        }
        Amount::Between(low, high) => match (low.parse::<u64>(), high.parse::<u64>()) {
            (Ok(first), Ok(last)) if first <= last => format!("{{{low},{high}}}"),
            _ => return Err("usage of an invalid quantifier range".into()),
        },
    })
}

/// Symbol name, regex, and regex of its negation (empty: there is none).
const SYMBOLS: [(&str, &str, &str); 17] = [
    ("char", ".", ""), ("start", "^", ""), ("end", "$", ""), ("space", " ", "[^ ]"), ("whitespace", "\\s", "\\S"),
    ("newline", "\\n", "[^\\n]"), ("tab", "\\t", "[^\\t]"), ("return", "\\r", "[^\\r]"), ("feed", "\\f", "[^\\f]"),
    ("null", "\\0", "[^\\0]"), ("digit", "\\d", "\\D"), ("vertical", "\\v", "[^\\v]"), ("word", "\\w", "\\W"),
    ("alphabetic", "[a-zA-Z]", "[^a-zA-Z]"), ("alphanumeric", "[a-zA-Z0-9]", "[^a-zA-Z0-9]"),
    ("boundary", "\\b", "\\B"), ("backspace", "[\\b]", "[^\\b]"),
];

/// Unicode category names and their short forms.
const CATEGORIES: [(&str, &str); 38] = [
    ("letter", "L"), ("lowercase_letter", "Ll"), ("uppercase_letter", "Lu"), ("titlecase_letter", "Lt"),
    ("cased_letter", "L&"), ("modifier_letter", "Lm"), ("other_letter", "Lo"), ("mark", "M"),
    ("non_spacing_mark", "Mn"), ("spacing_combining_mark", "Mc"), ("enclosing_mark", "Me"), ("separator", "Z"),
    ("space_separator", "Zs"), ("line_separator", "Zl"), ("paragraph_separator", "Zp"), ("symbol", "S"),
    ("math_symbol", "Sm"), ("currency_symbol", "Sc"), ("modifier_symbol", "Sk"), ("other_symbol", "So"),
    ("number", "N"), ("decimal_digit_number", "Nd"), ("letter_number", "Nl"), ("other_number", "No"),
    ("punctuation", "P"), ("dash_punctuation", "Pd"), ("open_punctuation", "Ps"), ("close_punctuation", "Pe"),
    ("initial_punctuation", "Pi"), ("final_punctuation", "Pf"), ("connector_punctuation", "Pc"),
    ("other_punctuation", "Po"), ("other", "C"), ("control", "Cc"), ("format", "Cf"), ("private_use", "Co"),
    ("surrogate", "Cs"), ("unassigned", "Cn"),
];

fn symbol(negative: bool, name: &str) -> Result<Piece, String> {
    if let Some((namespace, category)) = name.split_once("::") {
        if namespace != "category" { return Err("usage of an unrecognized symbol namespace".into()); }
        let found = CATEGORIES.iter().find(|entry| entry.0 == category);
        let short = found.ok_or("usage of an unrecognized unicode category")?.1;
        return Ok(Piece::atom(format!("\\{}{{{short}}}", if negative { 'P' } else { 'p' })));
    }
    let entry = SYMBOLS.iter().find(|entry| entry.0 == name).ok_or("usage of an unrecognized symbol")?;
    if negative && entry.2.is_empty() { return Err(format!("negative {name} not allowed")); }
    let kind = if name == "start" || name == "end" { Kind::Forbidden("special symbol") } else { Kind::Atom };
    Ok(Piece { text: if negative { entry.2 } else { entry.1 }.to_string(), kind })
}
