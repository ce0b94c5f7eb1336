//! A small regular expression engine: a pattern is parsed to a tree, which is
//! then matched by backtracking, with what must follow passed as a closure.

/// Tells whether a character is one of a set.
type Test = Box<dyn Fn(char) -> bool>;

enum Node {
    One(Test),
    Start,
    End,
    WordBoundary,
    /// Alternatives, with the group number if they are captured.
    Group(Option<usize>, Vec<Vec<Node>>),
    /// A node repeated: least count, greatest count, and whether it is greedy.
    Repeat(Box<Node>, usize, usize, bool),
}

pub struct Regex {
    tree: Node,
    /// The name of each group, empty if it has none.
    names: Vec<String>,
}

/// The span of each group that took part in a match.
type Spans = Vec<Option<(usize, usize)>>;

/// What must match after a node: it gets the position and the spans so far.
type Then<'a> = &'a mut dyn FnMut(usize, &mut Spans) -> bool;

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    names: Vec<String>,
}

impl Parser {
    /// Words an error about the pattern from `start` up to `end`.
    fn error<T>(&self, start: usize, end: usize, message: &str) -> Result<T, String> {
        let pattern: String = self.chars.iter().collect();
        let marks = " ".repeat(start) + &"^".repeat((end - start).max(1));
        Err(format!("regex parse error:\n    {pattern}\n    {marks}\nerror: {message}"))
    }

    fn take(&mut self, text: &str) -> bool {
        let found = text.chars().enumerate().all(|(i, c)| self.chars.get(self.at + i) == Some(&c));
        self.at += if found { text.len() } else { 0 };
        found
    }

    /// Takes what stands before the character `end`, and that as well.
    fn take_until(&mut self, end: char) -> Option<String> {
        let length = self.chars[self.at..].iter().position(|&c| c == end)?;
        let text = self.chars[self.at..self.at + length].iter().collect();
        self.at += length + 1;
        Some(text)
    }

    fn alternatives(&mut self) -> Result<Vec<Vec<Node>>, String> {
        let mut branches = vec![];
        let mut branch = vec![];
        while let Some(&c) = self.chars.get(self.at).filter(|c| **c != ')') {
            let start = self.at;
            self.at += 1;
            if c == '|' {
                branches.push(std::mem::take(&mut branch));
            } else if !"*+?{".contains(c) {
                branch.push(self.atom(c)?);
            } else if let Some(node) = branch.pop() {
                let (min, max) = self.counts(c)?;
                branch.push(Node::Repeat(Box::new(node), min, max, !self.take("?")));
            } else {
                return self.error(start, self.at, "repetition operator missing expression");
            }
        }
        branches.push(branch);
        Ok(branches)
    }

    fn counts(&mut self, operator: char) -> Result<(usize, usize), String> {
        let start = self.at - 1;
        let Some(text) = (if operator == '{' { self.take_until('}') } else { Some(String::new()) }) else {
            return self.error(start, self.chars.len(), "unclosed counted repetition");
        };
        let (low, high) = text.split_once(',').unwrap_or((&text, &text));
        let (min, max) = match operator {
            '*' => (0, usize::MAX),
            '+' => (1, usize::MAX),
            '?' => (0, 1),
            _ => (low.parse().unwrap_or(0), high.parse().unwrap_or(usize::MAX)),
        };
        if max < min {
            let message = "invalid repetition count range, the start must be <= the end";
            return self.error(start, self.at, message);
        }
        Ok((min, max))
    }

    /// Parses what the character `c`, just taken, begins.
    fn atom(&mut self, c: char) -> Result<Node, String> {
        Ok(match c {
            '(' => return self.group(),
            '^' => Node::Start,
            '$' => Node::End,
            '.' => Node::One(Box::new(|c| c != '\n')),
            '[' => Node::One(self.class()?),
            '\\' if self.take("b") => Node::WordBoundary,
            '\\' => Node::One(self.escape()?),
            c => Node::One(Box::new(move |other| other == c)),
        })
    }

    fn group(&mut self) -> Result<Node, String> {
        let open = self.at - 1;
        let index = if self.take("?:") { None } else { Some(self.names.len()) };
        if self.take("?P<") || self.take("?<") {
            let Some(name) = self.take_until('>') else {
                return self.error(self.chars.len(), self.chars.len(), "unclosed capture group name");
            };
            self.names.push(name);
        } else if self.take("?") {
            return self.error(self.at, self.at + 1, "unrecognized flag");
        } else if index.is_some() {
            self.names.push(String::new());
        }
        let branches = self.alternatives()?;
        if self.take(")") { Ok(Node::Group(index, branches)) } else { self.error(open, open + 1, "unclosed group") }
    }

    /// Parses the rest of an escape.
    fn escape(&mut self) -> Result<Test, String> {
        let start = self.at - 1;
        let Some(&c) = self.chars.get(self.at) else {
            let message = "incomplete escape sequence, reached end of pattern prematurely";
            return self.error(start, start + 1, message);
        };
        self.at += 1;
        let test = match c.to_ascii_lowercase() {
            'd' => |c: char| c.is_ascii_digit(),
            'w' => is_word,
            's' => char::is_whitespace,
            c if c.is_ascii_punctuation() => return Ok(Box::new(move |other| other == c)),
            _ => return self.error(start, self.at, "unrecognized escape sequence"),
        };
        Ok(Box::new(move |other| test(other) != c.is_uppercase()))
    }

    fn class(&mut self) -> Result<Test, String> {
        let open = self.at - 1;
        let negated = self.take("^");
        let mut tests: Vec<Test> = Vec::new();
        while let Some(&c) = self.chars.get(self.at) {
            let start = self.at;
            self.at += 1;
            if c == ']' && !tests.is_empty() {
                return Ok(Box::new(move |c| tests.iter().any(|test| test(c)) != negated));
            }
            let high = self.chars.get(start + 2).copied().filter(|high| *high != ']');
            tests.push(match high {
                _ if c == '\\' => self.escape()?,
                Some(high) if self.take("-") => {
                    self.at += 1;
                    if high < c {
                        let message = "invalid character class range, the start must be <= the end";
                        return self.error(start, self.at, message);
                    }
                    Box::new(move |other| (c..=high).contains(&other))
                }
                _ => Box::new(move |other| other == c),
            });
        }
        self.error(open, open + 1, "unclosed character class")
    }
}

/// Matches the nodes one after the other from `at`, then what `then` wants.
fn walk(nodes: &[Node], text: &[char], at: usize, spans: &mut Spans, then: Then) -> bool {
    let Some((node, rest)) = nodes.split_first() else { return then(at, spans) };
    let mut go_on = |at: usize, spans: &mut Spans| walk(rest, text, at, spans, then);
    let word = |c: Option<&char>| c.is_some_and(|c| is_word(*c));
    match node {
        Node::One(test) => text.get(at).is_some_and(|c| test(*c)) && go_on(at + 1, spans),
        Node::Start => at == 0 && go_on(at, spans),
        Node::End => at == text.len() && go_on(at, spans),
        Node::WordBoundary => word(text[..at].last()) != word(text.get(at)) && go_on(at, spans),
        Node::Group(index, branches) => branches.iter().any(|branch| {
            walk(branch, text, at, spans, &mut |end, spans| {
                let Some(index) = *index else { return go_on(end, spans) };
                let before = spans[index].replace((at, end));
                let matched = go_on(end, spans);
                if !matched {
                    spans[index] = before;
                }
                matched
            })
        }),
        Node::Repeat(node, min, max, greedy) => repeat(node, (*min, *max, *greedy), text, at, spans, &mut go_on),
    }
}

fn repeat(node: &Node, counts: (usize, usize, bool), text: &[char], at: usize, spans: &mut Spans, then: Then) -> bool {
    let (min, max, greedy) = counts;
    let left = (min.saturating_sub(1), max.saturating_sub(1), greedy);
    if !greedy && min == 0 && then(at, spans) {
        return true;
    }
    // An empty round must not be repeated for ever.
    let mut next = |end: usize, spans: &mut Spans| {
        (end > at || min > 0) && repeat(node, left, text, end, spans, then)
    };
    max > 0 && walk(std::slice::from_ref(node), text, at, spans, &mut next) || greedy && min == 0 && then(at, spans)
}

impl Regex {
    /// Compiles a pattern, or words what is wrong with it.
    pub fn new(pattern: &str) -> Result<Regex, String> {
        let mut parser = Parser { chars: pattern.chars().collect(), at: 0, names: vec![String::new()] };
        let branches = parser.alternatives()?;
        if parser.at < parser.chars.len() {
            return parser.error(parser.at, parser.at + 1, "unopened group");
        }
        Ok(Regex { tree: Node::Group(Some(0), branches), names: parser.names })
    }

    /// Replaces the first `limit` matches, or all of them if it is 0, by the
    /// filled-in template after `transform`.
    pub fn replace(&self, text: &str, template: &str, limit: usize, transform: impl Fn(String) -> String) -> String {
        let text: Vec<char> = text.chars().collect();
        let mut replaced = String::new();
        let (mut copied, mut at, mut count) = (0, 0, 0);
        while at <= text.len() && (limit == 0 || count < limit) {
            let mut spans = vec![None; self.names.len()];
            walk(std::slice::from_ref(&self.tree), &text, at, &mut spans, &mut |_, _| true);
            match spans[0] {
                // An empty match right after another match does not count.
                Some((start, end)) if start < end || count == 0 || start > copied => {
                    replaced.extend(&text[copied..start]);
                    replaced += &transform(self.expand(template, &text, &spans));
                    (copied, at, count) = (end, end, count + 1);
                }
                _ => at += 1,
            }
        }
        replaced.extend(&text[copied..]);
        replaced
    }

    /// Fills `$1`, `$name`, `${name}` and `$$` of a template from a match.
    fn expand(&self, template: &str, text: &[char], spans: &Spans) -> String {
        let group = |name: &str| -> String {
            let index = name.parse().ok().or_else(|| self.names.iter().position(|other| other == name));
            let span = index.and_then(|index: usize| *spans.get(index)?);
            span.map_or(String::new(), |(start, end)| text[start..end].iter().collect())
        };
        let mut pieces = template.split('$');
        let mut expanded = pieces.next().unwrap_or_default().to_string();
        while let Some(piece) = pieces.next() {
            let plain = piece.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(piece.len());
            let braced = piece.strip_prefix('{').and_then(|piece| piece.split_once('}'));
            let (filled, rest) = match braced {
                Some((name, rest)) => (group(name), rest),
                None if plain > 0 => (group(&piece[..plain]), &piece[plain..]),
                None if piece.is_empty() => ("$".to_string(), pieces.next().unwrap_or_default()),
                None => ("$".to_string(), piece),
            };
            expanded = expanded + &filled + rest;
        }
        expanded
    }
}
