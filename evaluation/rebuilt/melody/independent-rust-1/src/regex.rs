//! Tests text against the regular expressions Melody produces. Only whether there is
//! a match matters, so matching works on whole sets of positions and never backtracks.

use std::collections::{BTreeSet, HashSet};

/// Inclusive ranges of characters.
type Ranges = Vec<(char, char)>;
type Positions = BTreeSet<usize>;

const SPACES: [(char, char); 8] = [('\t', '\r'), (' ', ' '), ('\u{a0}', '\u{a0}'), ('\u{2000}', '\u{200a}'),
    ('\u{2028}', '\u{2029}'), ('\u{202f}', '\u{202f}'), ('\u{3000}', '\u{3000}'), ('\u{feff}', '\u{feff}')];

enum Re {
    Class(Ranges),
    Seq(Vec<Re>),
    Alt(Vec<Re>),
    Look { ahead: bool, negative: bool, body: Box<Re> },
    Start,
    End,
    Boundary(bool),
    Repeat { body: Box<Re>, min: usize, max: usize },
}

/// Says whether `pattern` matches anywhere in `text`; the error is the cause of a bad pattern.
pub fn is_match(pattern: &str, text: &str) -> Result<bool, String> {
    let mut parser = Parser { chars: pattern.chars().collect(), pos: 0, names: HashSet::new() };
    let re = parser.alternatives()?;
    if parser.pos < parser.chars.len() { return Err("unbalanced parenthesis".into()); }
    let text: Vec<char> = text.chars().collect();
    Ok(!ends(&re, &text, &(0..=text.len()).collect()).is_empty())
}

fn is_word(c: char) -> bool { c.is_ascii_alphanumeric() || c == '_' }

/// Every character outside `ranges`.
fn complement(mut ranges: Ranges) -> Ranges {
    ranges.sort();
    let mut next = Some('\0');
    let mut result = Vec::new();
    for (low, high) in ranges {
        let Some(start) = next else { break };
        if start < low { result.extend(('\0'..low).next_back().map(|end| (start, end))); }
        if high >= start { next = (high..=char::MAX).nth(1); }
    }
    result.extend(next.map(|start| (start, char::MAX)));
    result
}

/// All positions a match of `re` starting at one of `starts` can end at.
fn ends(re: &Re, text: &[char], starts: &Positions) -> Positions {
    let keep = |wanted: &dyn Fn(usize) -> bool| starts.iter().copied().filter(|&at| wanted(at)).collect();
    match re {
        Re::Class(ranges) => {
            let hit = |c: &char| ranges.iter().any(|(low, high)| low <= c && c <= high);
            starts.iter().filter(|&&at| text.get(at).is_some_and(hit)).map(|at| at + 1).collect()
        }
        Re::Seq(items) => items.iter().fold(starts.clone(), |at, item| ends(item, text, &at)),
        Re::Alt(branches) => branches.iter().flat_map(|branch| ends(branch, text, starts)).collect(),
        Re::Look { ahead: true, negative, body } => {
            keep(&|at| ends(body, text, &Positions::from([at])).is_empty() == *negative)
        }
        Re::Look { ahead: false, negative, body } => {
            let found = ends(body, text, &(0..=text.len()).collect());
            keep(&|at| found.contains(&at) != *negative)
        }
        Re::Start => keep(&|at| at == 0),
        Re::End => keep(&|at| at == text.len()),
        Re::Boundary(wanted) => keep(&|at| {
            let before = at > 0 && is_word(text[at - 1]);
            (before != text.get(at).is_some_and(|&c| is_word(c))) == *wanted
        }),
        Re::Repeat { body, min, max } => {
            let mut frontier = starts.clone();
            for _ in 0..*min {
                let next = ends(body, text, &frontier);
                // A round that changes nothing will not change anything later either.
                if next == std::mem::replace(&mut frontier, next.clone()) { break; }
            }
            let mut seen = frontier.clone();
            for _ in *min..*max {
                frontier = &ends(body, text, &frontier) - &seen;
                if frontier.is_empty() { break; }
                seen.extend(&frontier);
            }
            seen
        }
    }
}

/// Reads a pattern; `names` are the capture group names seen.
struct Parser { chars: Vec<char>, pos: usize, names: HashSet<String> }

impl Parser {
    fn peek(&self) -> Option<char> { self.chars.get(self.pos).copied() }

    fn eat(&mut self, text: &str) -> bool {
        let wanted: Vec<char> = text.chars().collect();
        let found = self.chars[self.pos..].starts_with(&wanted);
        if found { self.pos += wanted.len(); }
        found
    }

    fn alternatives(&mut self) -> Result<Re, String> {
        let mut branches = vec![self.sequence()?];
        while self.eat("|") { branches.push(self.sequence()?); }
        Ok(Re::Alt(branches))
    }

    fn sequence(&mut self) -> Result<Re, String> {
        let mut items = Vec::new();
        while let Some(c) = self.peek().filter(|c| !"|)".contains(*c)) {
            let atom = self.atom(c)?;
            let Some((min, max)) = self.quantifier() else { items.push(atom); continue };
            if matches!(atom, Re::Start | Re::End | Re::Look { ahead: false, .. }) {
                return Err("quantifier not allowed here".into());
            }
            if min > max { return Err("invalid quantifier".into()); }
            self.eat("?"); // Lazy or greedy, the same texts match.
            items.push(Re::Repeat { body: Box::new(atom), min, max });
        }
        Ok(Re::Seq(items))
    }

    /// The bounds of a quantifier, if there is one here.
    fn quantifier(&mut self) -> Option<(usize, usize)> {
        if self.eat("*") { return Some((0, usize::MAX)); }
        if self.eat("+") { return Some((1, usize::MAX)); }
        if self.eat("?") { return Some((0, 1)); }
        self.peek().filter(|&c| c == '{')?;
        let length = self.chars[self.pos..].iter().position(|&c| c == '}')?;
        let inner: String = self.chars[self.pos + 1..self.pos + length].iter().collect();
        let number = |s: &str| (!s.is_empty() && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().unwrap_or(usize::MAX));
        let bounds = match inner.split_once(',') {
            None => (number(&inner)?, number(&inner)?),
            Some((min, "")) => (number(min)?, usize::MAX),
            Some((min, max)) => (number(min)?, number(max)?),
        };
        self.pos += length + 1;
        Some(bounds)
    }

    fn atom(&mut self, c: char) -> Result<Re, String> {
        if c == '{' && self.quantifier().is_some() { return Err("invalid braced quantifier".into()); }
        self.pos += 1;
        Ok(match c {
            '*' | '+' | '?' => return Err("invalid atom character".into()),
            '.' => Re::Class(complement(['\n', '\r', '\u{2028}', '\u{2029}'].map(|c| (c, c)).to_vec())),
            '^' => Re::Start,
            '$' => Re::End,
            '(' => return self.group(),
            '[' => {
                let negative = self.eat("^");
                let ranges = self.class()?;
                Re::Class(if negative { complement(ranges) } else { ranges })
            }
            '\\' if self.eat("b") => Re::Boundary(true),
            '\\' if self.eat("B") => Re::Boundary(false),
            '\\' => Re::Class(self.escape()?),
            c => Re::Class(vec![(c, c)]),
        })
    }

    fn group(&mut self) -> Result<Re, String> {
        let looks = [("?=", true, false), ("?!", true, true), ("?<=", false, false), ("?<!", false, true)];
        let look = looks.into_iter().find(|look| self.eat(look.0));
        if look.is_none() && !self.eat("?:") && self.eat("?") {
            let rest: String = self.chars[self.pos..].iter().collect();
            let name = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')).map(|(name, _)| name);
            let valid = |n: &&str| !n.is_empty() && !n.starts_with(|c: char| c.is_ascii_digit()) && n.chars().all(is_word);
            let name = name.filter(valid).ok_or("invalid token at named capture group identifier")?;
            self.pos += name.len() + 2;
            if !self.names.insert(name.to_string()) { return Err("duplicate capture group name".into()); }
        }
        let body = self.alternatives()?;
        if !self.eat(")") { return Err("unbalanced parenthesis".into()); }
        Ok(match look {
            Some((_, ahead, negative)) => Re::Look { ahead, negative, body: Box::new(body) },
            None => body,
        })
    }

    /// The rest of a class, after the opening bracket.
    fn class(&mut self) -> Result<Ranges, String> {
        let mut ranges = Vec::new();
        while !self.eat("]") {
            let first = self.class_item()?;
            if self.peek() != Some('-') || self.chars.get(self.pos + 1) == Some(&']') { ranges.extend(first); continue; }
            self.pos += 1;
            let last = self.class_item()?;
            match (&first[..], &last[..]) {
                (&[(low, _)], &[(_, high)]) if low <= high => ranges.push((low, high)),
                _ => return Err("range values reversed, start char code is greater than end char code.".into()),
            }
        }
        Ok(ranges)
    }

    fn class_item(&mut self) -> Result<Ranges, String> {
        let c = self.peek().ok_or("unbalanced bracket")?;
        self.pos += 1;
        if c != '\\' { return Ok(vec![(c, c)]); }
        if self.eat("b") { Ok(vec![('\u{8}', '\u{8}')]) } else { self.escape() }
    }

    /// The characters meant by what follows a backslash.
    fn escape(&mut self) -> Result<Ranges, String> {
        let c = self.peek().ok_or("incomplete escape")?;
        self.pos += 1;
        let plain = match c {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' => {
                let ranges = match c.to_ascii_lowercase() {
                    'd' => vec![('0', '9')],
                    'w' => vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
                    _ => SPACES.to_vec(),
                };
                return Ok(if c.is_uppercase() { complement(ranges) } else { ranges });
            }
            'n' => '\n', 't' => '\t', 'r' => '\r', 'f' => '\u{c}', 'v' => '\u{b}', '0' => '\0',
            other => other,
        };
        Ok(vec![(plain, plain)])
    }
}
