//! The pattern syntax: from text to a syntax tree.

/// A condition on a position.
#[derive(Clone, Copy, Debug)]
pub enum Anchor { TextStart, TextEnd, LineStart, LineEnd, WordEdge, NotWordEdge }

/// A set of characters: the union of its members, or everything else.
#[derive(Clone, Debug)]
pub struct CharSet {
    members: Vec<Member>,
    negated: bool,
    ignore_case: bool,
}

#[derive(Clone, Debug)]
enum Member {
    Range(char, char),
    Kind(fn(char) -> bool),
}

impl CharSet {
    pub fn contains(&self, c: char) -> bool {
        let listed = |c: char| {
            self.members.iter().any(|member| match member {
                Member::Range(low, high) => (*low..=*high).contains(&c),
                Member::Kind(test) => test(c),
            })
        };
        let other_case = || c.to_lowercase().any(listed) || c.to_uppercase().any(listed);
        (listed(c) || self.ignore_case && other_case()) != self.negated
    }
}

/// Whether `\w` accepts this character.
pub fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// One node of a parsed pattern.
#[derive(Clone, Debug)]
pub enum Node {
    Set(CharSet),
    At(Anchor),
    Capture(usize, Box<Node>),
    Repeat { body: Box<Node>, min: usize, max: Option<usize>, greedy: bool },
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
}

/// How a pattern is to be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Modes {
    pub ignore_case: bool,
    pub multi_line: bool,
    pub dot_all: bool,
}

/// What is wrong with a pattern, and the span of characters concerned.
#[derive(Debug)]
pub struct SyntaxError(usize, usize, &'static str);

impl SyntaxError {
    /// The error as the user sees it: the pattern, the span underlined, the message.
    pub fn render(&self, source: &str) -> String {
        let &SyntaxError(from, to, message) = self;
        let (blank, marks) = (" ".repeat(from), "^".repeat(to.saturating_sub(from).max(1)));
        format!("regex parse error:\n    {source}\n    {blank}{marks}\nerror: {message}")
    }
}

type Parsed<T> = Result<T, SyntaxError>;

fn fail<T>(from: usize, to: usize, message: &'static str) -> Parsed<T> {
    Err(SyntaxError(from, to, message))
}

struct Parser {
    text: Vec<char>,
    at: usize,
    modes: Modes,
    names: Vec<Option<String>>,
}

/// Parse a pattern under the given modes into its tree and the names of its groups, of which
/// group 0 is the whole match.
pub fn parse(source: &str, modes: Modes) -> Parsed<(Node, Vec<Option<String>>)> {
    let mut parser = Parser { text: source.chars().collect(), at: 0, modes, names: vec![None] };
    let root = parser.choice()?;
    match parser.peek() {
        Some(_) => fail(parser.at, parser.at + 1, "unopened group"),
        None => Ok((root, parser.names)),
    }
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += c.is_some() as usize;
        c
    }

    /// Step over `word` if it comes next.
    fn accept(&mut self, word: &str) -> bool {
        let found = self.text[self.at..].iter().copied().take(word.len()).eq(word.chars());
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn set(&self, members: Vec<Member>, negated: bool) -> Node {
        Node::Set(CharSet { members, negated, ignore_case: self.modes.ignore_case })
    }

    /// Alternatives up to a closing parenthesis or the end.
    fn choice(&mut self) -> Parsed<Node> {
        let mut branches = vec![self.sequence()?];
        while self.accept("|") {
            branches.push(self.sequence()?);
        }
        Ok(Node::Choice(branches))
    }

    fn sequence(&mut self) -> Parsed<Node> {
        let mut items: Vec<Node> = Vec::new();
        while let Some(c) = self.peek().filter(|&c| c != '|' && c != ')') {
            let multi_line = self.modes.multi_line;
            self.at += 1;
            let node = match c {
                '(' => self.group()?,
                '[' => self.class()?,
                '\\' => self.escape()?,
                '*' | '+' | '?' | '{' => match items.pop() {
                    Some(body) => self.repeat(body, c)?,
                    None => return fail(self.at - 1, self.at, "repetition operator missing expression"),
                },
                '.' if self.modes.dot_all => self.set(vec![Member::Kind(|_| true)], false),
                '.' => self.set(vec![Member::Kind(|c| c != '\n')], false),
                '^' => Node::At(if multi_line { Anchor::LineStart } else { Anchor::TextStart }),
                '$' => Node::At(if multi_line { Anchor::LineEnd } else { Anchor::TextEnd }),
                _ => self.set(vec![Member::Range(c, c)], false),
            };
            items.push(node);
        }
        Ok(Node::Sequence(items))
    }

    fn repeat(&mut self, body: Node, operator: char) -> Parsed<Node> {
        let (min, max) = match operator {
            '*' => (0, None),
            '+' => (1, None),
            '?' => (0, Some(1)),
            _ => self.counts(self.at - 1)?,
        };
        let greedy = !self.accept("?");
        Ok(Node::Repeat { body: Box::new(body), min, max, greedy })
    }

    /// The inside of `{m,n}`, whose brace stands at `start`.
    fn counts(&mut self, start: usize) -> Parsed<(usize, Option<usize>)> {
        let inside: String = self.text[self.at..].iter().take_while(|&&c| c != '}').collect();
        let from = self.at;
        self.at = (from + inside.chars().count() + 1).min(self.text.len());
        if !self.text[from..].contains(&'}') {
            return fail(start, self.at, "unclosed counted repetition");
        }
        let (low, high) = inside.split_once(',').unwrap_or((&inside, &inside));
        let max = if high.is_empty() { Ok(usize::MAX) } else { high.parse() };
        match (low.parse(), max) {
            (Ok(min), Ok(max)) if min <= max => Ok((min, Some(max).filter(|&max| max < usize::MAX))),
            (Ok(_), Ok(_)) => fail(start, self.at, "invalid repetition count range, the start must be <= the end"),
            _ => fail(from, from, "repetition quantifier expects a valid decimal"),
        }
    }

    /// A group, the opening parenthesis being read.
    fn group(&mut self) -> Parsed<Node> {
        let start = self.at - 1;
        let mut index = Some(self.names.len());
        if ["?=", "?!", "?<=", "?<!"].iter().any(|mark| self.accept(mark)) {
            return fail(start, self.at, "look-around, including look-ahead and look-behind, is not supported");
        } else if self.accept("?P<") || self.accept("?<") {
            let name = self.group_name()?;
            self.names.push(Some(name));
        } else if self.accept("?:") {
            index = None;
        } else if self.accept("?") && self.peek().is_some() {
            return fail(self.at, self.at + 1, "unrecognized flag");
        } else {
            self.names.push(None);
        }
        let body = self.choice()?;
        if !self.accept(")") {
            return fail(start, start + 1, "unclosed group");
        }
        Ok(index.map_or(body.clone(), |index| Node::Capture(index, Box::new(body))))
    }

    fn group_name(&mut self) -> Parsed<String> {
        let from = self.at;
        while self.peek().is_some_and(is_word) {
            self.at += 1;
        }
        match self.take() {
            None => fail(self.at, self.at, "unclosed capture group name"),
            Some('>') if self.at == from + 1 => fail(from, from, "empty capture group name"),
            Some('>') => Ok(self.text[from..self.at - 1].iter().collect()),
            Some(_) => fail(self.at - 1, self.at, "this character cannot be part of a group name"),
        }
    }

    /// An escape outside a class, the backslash being read.
    fn escape(&mut self) -> Parsed<Node> {
        let anchor = match self.peek() {
            Some('b') => Anchor::WordEdge,
            Some('B') => Anchor::NotWordEdge,
            Some('A') => Anchor::TextStart,
            Some('z') => Anchor::TextEnd,
            _ => return self.escaped_member().map(|member| self.set(vec![member], false)),
        };
        self.at += 1;
        Ok(Node::At(anchor))
    }

    /// An escape that stands for one character or a kind of them.
    fn escaped_member(&mut self) -> Parsed<Member> {
        let start = self.at - 1;
        let literal = match self.take() {
            None => return fail(start, self.at, "incomplete escape sequence, reached end of pattern prematurely"),
            Some('d') => return Ok(Member::Kind(|c| c.is_ascii_digit())),
            Some('D') => return Ok(Member::Kind(|c| !c.is_ascii_digit())),
            Some('w') => return Ok(Member::Kind(is_word)),
            Some('W') => return Ok(Member::Kind(|c| !is_word(c))),
            Some('s') => return Ok(Member::Kind(char::is_whitespace)),
            Some('S') => return Ok(Member::Kind(|c| !c.is_whitespace())),
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('0'..='9') => return fail(start, self.at, "backreferences are not supported"),
            Some(c) if c.is_ascii() && !c.is_ascii_alphanumeric() => c,
            Some(_) => return fail(start, self.at, "unrecognized escape sequence"),
        };
        Ok(Member::Range(literal, literal))
    }

    /// A bracketed class, the opening bracket being read.
    fn class(&mut self) -> Parsed<Node> {
        let start = self.at - 1;
        let negated = self.accept("^");
        let mut members = Vec::new();
        while members.is_empty() || self.peek() != Some(']') {
            if self.peek().is_none() {
                let end = if self.text[self.at - 1] == ']' { self.at } else { start + 1 };
                return fail(start, end, "unclosed character class");
            }
            members.push(self.class_item()?);
        }
        self.at += 1;
        Ok(self.set(members, negated))
    }

    /// One character, range or escape inside a class.
    fn class_item(&mut self) -> Parsed<Member> {
        let start = self.at;
        let first = self.class_end()?;
        let Member::Range(low, _) = first else { return Ok(first) };
        if self.peek() != Some('-') || matches!(self.text.get(self.at + 1), None | Some(']')) {
            return Ok(first);
        }
        self.at += 1;
        let bound = self.at;
        match self.class_end()? {
            Member::Range(high, _) if low <= high => Ok(Member::Range(low, high)),
            Member::Range(..) => fail(start, self.at, "invalid character class range, the start must be <= the end"),
            _ => fail(bound, self.at, "invalid range boundary, must be a literal"),
        }
    }

    /// A character or escape, standing alone or as one end of a range.
    fn class_end(&mut self) -> Parsed<Member> {
        match self.take() {
            Some('\\') => self.escaped_member(),
            c => Ok(Member::Range(c.unwrap_or(']'), c.unwrap_or(']'))),
        }
    }
}
