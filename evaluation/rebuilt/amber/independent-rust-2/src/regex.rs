//! A small regular expression engine: pattern text -> syntax tree -> match spans.

/// Half-open byte range of a match.
pub struct Span {
    pub start: usize,
    pub end: usize,
}

/// A set of characters, possibly inverted and possibly case-blind.
struct CharSet {
    ranges: Vec<(char, char)>,
    kinds: Vec<fn(char) -> bool>,
    inverted: bool,
    any_case: bool,
}

/// A zero-width condition on the characters before and after a position.
type Condition = fn(Option<char>, Option<char>) -> bool;

/// Syntax tree of a pattern.
enum Node {
    Set(CharSet),
    Anchor(Condition),
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    Repeat { inner: Box<Node>, min: usize, max: usize, greedy: bool },
}

/// A parsed regular expression.
pub struct Regex {
    tree: Node,
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn at_word_edge(before: Option<char>, after: Option<char>) -> bool {
    before.map_or(false, is_word) != after.map_or(false, is_word)
}

impl CharSet {
    fn holds(&self, c: char) -> bool {
        let direct = |c: char| self.ranges.iter().any(|r| r.0 <= c && c <= r.1) || self.kinds.iter().any(|kind| kind(c));
        let folded = || self.any_case && (c.to_lowercase().any(direct) || c.to_uppercase().any(direct));
        (direct(c) || folded()) != self.inverted
    }
}

type Parsed<T> = Result<T, &'static str>;

/// Reads a pattern; the two flags are what `(?i)` and `(?s)` switch.
struct Parser {
    chars: Vec<char>,
    at: usize,
    any_case: bool,
    dot_all: bool,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn accept(&mut self, c: char) -> bool {
        let hit = self.peek() == Some(c);
        self.at += hit as usize;
        hit
    }

    fn take(&mut self) -> Parsed<char> {
        self.at += 1;
        self.chars.get(self.at - 1).copied().ok_or("pattern ends too early")
    }

    fn empty_set(&self, inverted: bool) -> CharSet {
        CharSet { ranges: vec![], kinds: vec![], inverted, any_case: self.any_case }
    }

    /// Alternatives up to the end of the group.
    fn choice(&mut self) -> Parsed<Node> {
        let mut branches = Vec::new();
        loop {
            let mut parts = Vec::new();
            while !matches!(self.peek(), None | Some('|' | ')')) {
                let atom = self.atom()?;
                parts.push(self.repeats(atom)?);
            }
            branches.push(Node::Sequence(parts));
            if !self.accept('|') {
                return Ok(Node::Choice(branches));
            }
        }
    }

    /// Wraps an atom in the repetition operators that follow it.
    fn repeats(&mut self, mut atom: Node) -> Parsed<Node> {
        loop {
            let (min, max) = match self.peek() {
                Some('*') => (0, usize::MAX),
                Some('+') => (1, usize::MAX),
                Some('?') => (0, 1),
                Some('{') => {
                    let counts: String = self.chars[self.at + 1..].iter().take_while(|c| **c != '}').collect();
                    self.at += counts.chars().count() + 1;
                    let number = |s: &str| s.trim().parse::<usize>().map_err(|_| "bad repetition count");
                    let (low, high) = counts.split_once(',').unwrap_or((&counts, &counts));
                    (number(low)?, if high.is_empty() { usize::MAX } else { number(high)? })
                }
                _ => return Ok(atom),
            };
            self.take()?;
            let greedy = !self.accept('?');
            atom = Node::Repeat { inner: Box::new(atom), min, max, greedy };
        }
    }

    fn atom(&mut self) -> Parsed<Node> {
        let mut set = self.empty_set(false);
        match self.take()? {
            '(' => return self.group(),
            '[' => return self.bracket(),
            '.' => {
                set.inverted = true;
                set.ranges.extend(if self.dot_all { None } else { Some(('\n', '\n')) });
            }
            '^' => return Ok(Node::Anchor(|before, _| before.map_or(true, |c| c == '\n'))),
            '$' => return Ok(Node::Anchor(|_, after| after.map_or(true, |c| c == '\n'))),
            '*' | '+' | '?' | '{' => return Err("nothing to repeat"),
            '\\' if self.accept('b') => return Ok(Node::Anchor(at_word_edge)),
            '\\' => self.escape(&mut set)?,
            c => set.ranges.push((c, c)),
        }
        Ok(Node::Set(set))
    }

    /// The rest of a group after `(`; all groups are alike, as nothing asks for captures.
    fn group(&mut self) -> Parsed<Node> {
        let (any_case, dot_all) = (self.any_case, self.dot_all);
        if self.accept('?') {
            if self.accept('P') || self.peek() == Some('<') {
                while self.take()? != '>' {}
            } else {
                while !self.accept(':') {
                    match self.take()? {
                        'i' => self.any_case = true,
                        's' => self.dot_all = true,
                        'm' => {}
                        ')' => return Ok(Node::Sequence(vec![])),
                        _ => return Err("unknown group flag"),
                    }
                }
            }
        }
        let inner = self.choice()?;
        (self.any_case, self.dot_all) = (any_case, dot_all);
        if self.accept(')') { Ok(inner) } else { Err("group is not closed") }
    }

    /// Adds what follows a backslash to a set.
    fn escape(&mut self, set: &mut CharSet) -> Parsed<()> {
        match self.take()? {
            'd' => set.kinds.push(char::is_numeric),
            'w' => set.kinds.push(is_word),
            's' => set.kinds.push(char::is_whitespace),
            'D' => set.kinds.push(|c| !c.is_numeric()),
            'W' => set.kinds.push(|c| !is_word(c)),
            'S' => set.kinds.push(|c| !c.is_whitespace()),
            'n' => set.ranges.push(('\n', '\n')),
            't' => set.ranges.push(('\t', '\t')),
            'r' => set.ranges.push(('\r', '\r')),
            c if c.is_alphanumeric() => return Err("unknown escape"),
            c => set.ranges.push((c, c)),
        }
        Ok(())
    }

    /// The rest of a bracket expression after `[`.
    fn bracket(&mut self) -> Parsed<Node> {
        let inverted = self.accept('^');
        let mut set = self.empty_set(inverted);
        loop {
            match self.take()? {
                ']' if !set.ranges.is_empty() || !set.kinds.is_empty() => return Ok(Node::Set(set)),
                '[' => return Err("nested sets are not supported"),
                '\\' => self.escape(&mut set)?,
                low if self.peek() == Some('-') && self.chars.get(self.at + 1) != Some(&']') => {
                    self.at += 1;
                    set.ranges.push((low, self.take()?));
                }
                c => set.ranges.push((c, c)),
            }
        }
    }
}

impl Regex {
    /// Parses a pattern; `^` and `$` work on lines.
    pub fn new(pattern: &str) -> Parsed<Regex> {
        let mut parser = Parser { chars: pattern.chars().collect(), at: 0, any_case: false, dot_all: false };
        let tree = parser.choice()?;
        if parser.peek().is_some() { Err("unbalanced parenthesis") } else { Ok(Regex { tree }) }
    }

    /// All matches that do not overlap, from left to right, earlier alternatives preferred.
    pub fn find_all(&self, text: &str) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        let mut start = 0;
        while start <= text.len() {
            let mut end = None;
            fits(&self.tree, text, start, &mut |at| end.replace(at).is_none());
            let last_end = spans.last().map(|span| span.end);
            if let Some(end) = end.filter(|end| *end > start || last_end != Some(start)) {
                spans.push(Span { start, end });
            }
            let step = text[start..].chars().next().map_or(1, char::len_utf8);
            start = end.filter(|end| *end > start).unwrap_or(start + step);
        }
        spans
    }
}

/// Tries `node` at `at`, handing every possible end to `next` until that accepts one.
fn fits(node: &Node, text: &str, at: usize, next: &mut dyn FnMut(usize) -> bool) -> bool {
    match node {
        Node::Set(set) => text[at..].chars().next().map_or(false, |c| set.holds(c) && next(at + c.len_utf8())),
        Node::Anchor(holds) => holds(text[..at].chars().next_back(), text[at..].chars().next()) && next(at),
        Node::Sequence(parts) => sequence_fits(parts, text, at, next),
        Node::Choice(branches) => branches.iter().any(|branch| fits(branch, text, at, next)),
        Node::Repeat { inner, min, max, greedy } => match &**inner {
            // the common case, kept free of recursion
            Node::Set(set) => {
                let taken = text[at..].char_indices().take(*max).take_while(|(_, c)| set.holds(*c));
                let ends = std::iter::once(at).chain(taken.map(|(i, c)| at + i + c.len_utf8())).skip(*min);
                if *greedy { ends.collect::<Vec<_>>().into_iter().rev().any(next) } else { { ends }.any(next) }
            }
            _ => repeat_fits(inner, (*min, *max), *greedy, text, at, next),
        },
    }
}

fn sequence_fits(parts: &[Node], text: &str, at: usize, next: &mut dyn FnMut(usize) -> bool) -> bool {
    match parts {
        [] => next(at),
        [first, rest @ ..] => fits(first, text, at, &mut |end| sequence_fits(rest, text, end, next)),
    }
}

fn repeat_fits(inner: &Node, (min, max): (usize, usize), greedy: bool, text: &str, at: usize, next: &mut dyn FnMut(usize) -> bool) -> bool {
    if min == 0 && !greedy && next(at) {
        return true;
    }
    let mut once_more = |end| (end > at || min > 0) && repeat_fits(inner, (min.saturating_sub(1), max - 1), greedy, text, end, next);
    (max > 0 && fits(inner, text, at, &mut once_more)) || (min == 0 && greedy && next(at))
}
