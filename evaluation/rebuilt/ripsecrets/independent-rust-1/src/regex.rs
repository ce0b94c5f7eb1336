// A small backtracking regex engine over decoded lines.
#[derive(Clone, Copy)]
enum Item {
    Range(u32, u32),
    Class(char),
}

struct Set {
    items: Vec<Item>,
    neg: bool,
    nocase: bool,
}

fn class_has(kind: char, ch: char) -> bool {
    match kind {
        'd' => ch.is_numeric(),
        's' => ch.is_whitespace(),
        'w' => ch.is_alphanumeric() || ch == '_',
        upper => !class_has(upper.to_ascii_lowercase(), ch),
    }
}

impl Set {
    fn has(&self, c: u32) -> bool {
        let listed = |ch: char| self.items.iter().any(|it| match *it {
            Item::Range(a, b) => a <= ch as u32 && ch as u32 <= b,
            Item::Class(k) => class_has(k, ch),
        });
        char::from_u32(c).map_or(false, |ch| {
            let hit = listed(ch) || self.nocase && ch.to_lowercase().chain(ch.to_uppercase()).any(listed);
            hit != self.neg
        })
    }
}

enum Node {
    Empty,
    Set(Set),
    Assert(char),
    Cat(Vec<Node>),
    Alt(Vec<Node>),
    Group(usize, Box<Node>),
    Repeat(Box<Node>, usize, usize, bool),
}

pub type Parsed<T> = Result<T, (usize, usize, &'static str)>;

struct Parser {
    c: Vec<char>,
    i: usize,
    groups: usize,
    nocase: bool,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.c.get(self.i).copied()
    }

    fn eat(&mut self, ch: char) -> bool {
        let hit = self.peek() == Some(ch);
        self.i += hit as usize;
        hit
    }

    fn alternation(&mut self) -> Parsed<Node> {
        let mut branches = vec![self.sequence()?];
        while self.eat('|') {
            branches.push(self.sequence()?);
        }
        Ok(if branches.len() == 1 { branches.pop().unwrap() } else { Node::Alt(branches) })
    }

    fn sequence(&mut self) -> Parsed<Node> {
        let mut out = Vec::new();
        while let Some(ch) = self.peek().filter(|&ch| ch != '|' && ch != ')') {
            if !"*+?{".contains(ch) {
                out.push(self.atom()?);
                continue;
            }
            let node = match out.pop() {
                None | Some(Node::Empty) => return Err((self.i, self.i + 1, "repetition operator missing expression")),
                Some(node) => node,
            };
            let (min, max) = self.quantifier()?;
            let greedy = !self.eat('?');
            out.push(Node::Repeat(Box::new(node), min, max, greedy));
        }
        Ok(Node::Cat(out))
    }

    fn quantifier(&mut self) -> Parsed<(usize, usize)> {
        let start = self.i;
        self.i += 1;
        match self.c[start] {
            '*' => return Ok((0, usize::MAX)),
            '+' => return Ok((1, usize::MAX)),
            '?' => return Ok((0, 1)),
            _ => {}
        }
        let text: String = self.c[self.i..].iter().take_while(|&&c| c != '}').collect();
        let (low, high) = text.split_once(',').unwrap_or((&text, &text));
        let Ok(min) = low.parse() else {
            return Err((self.i, self.i, "repetition quantifier expects a valid decimal"));
        };
        let max = high.parse().unwrap_or(usize::MAX);
        self.i += text.chars().count() + 1;
        if max < min {
            return Err((start, self.i, "invalid repetition count range, the start must be <= the end"));
        }
        Ok((min, max))
    }

    fn atom(&mut self) -> Parsed<Node> {
        let ch = self.c[self.i];
        self.i += 1;
        let items = match ch {
            '(' => return self.group(),
            '[' => return self.class(),
            '.' => return Ok(Node::Set(Set { items: vec![], neg: true, nocase: false })),
            '^' | '$' => return Ok(Node::Assert(ch)),
            '\\' if self.peek().map_or(false, |b| "bBAz".contains(b)) => {
                self.i += 1;
                return Ok(Node::Assert(self.c[self.i - 1]));
            }
            '\\' => vec![self.escape()?],
            _ => vec![Item::Range(ch as u32, ch as u32)],
        };
        Ok(Node::Set(Set { items, neg: false, nocase: self.nocase }))
    }

    fn escape(&mut self) -> Parsed<Item> {
        let start = self.i - 1;
        let Some(ch) = self.peek() else {
            return Err((start, start + 1, "incomplete escape sequence, reached end of pattern prematurely"));
        };
        self.i += 1;
        let lit = match ch {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => return Ok(Item::Class(ch)),
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            c if c.is_ascii_alphanumeric() => return Err((start, self.i, "unrecognized escape sequence")),
            c => c,
        };
        Ok(Item::Range(lit as u32, lit as u32))
    }

    fn class(&mut self) -> Parsed<Node> {
        let open = self.i - 1;
        let neg = self.eat('^');
        let mut items = Vec::new();
        loop {
            let at = self.i;
            let Some(ch) = self.peek() else {
                return Err((open, open + 1, "unclosed character class"));
            };
            self.i += 1;
            if ch == ']' && !items.is_empty() {
                return Ok(Node::Set(Set { items, neg, nocase: self.nocase }));
            }
            let item = if ch == '\\' { self.escape()? } else { Item::Range(ch as u32, ch as u32) };
            let next = self.c.get(self.i + 1).copied().filter(|&x| x != ']');
            if let (Item::Range(lo, _), Some('-'), Some(hi)) = (item, self.peek(), next) {
                self.i += 2;
                if (hi as u32) < lo {
                    return Err((at, self.i, "invalid character class range, the start must be <= the end"));
                }
                items.push(Item::Range(lo, hi as u32));
            } else {
                items.push(item);
            }
        }
    }

    fn group(&mut self) -> Parsed<Node> {
        let open = self.i - 1;
        let saved = self.nocase;
        let named = self.c[self.i..].starts_with(&['?', 'P', '<']) || self.c[self.i..].starts_with(&['?', '<']);
        let capture = named || self.peek() != Some('?');
        while named && !self.eat('>') && self.i < self.c.len() {
            self.i += 1;
        }
        while !capture && !self.eat(':') {
            self.i += 1;
            match self.peek() {
                Some('i') => self.nocase = true,
                Some(')') => {
                    self.i += 1;
                    return Ok(Node::Empty);
                }
                Some('m' | 's' | 'u' | 'x' | ':') => {}
                Some(_) => return Err((self.i, self.i + 1, "unrecognized flag")),
                None => return Err((open, open + 1, "unclosed group")),
            }
        }
        let index = self.groups;
        self.groups += capture as usize;
        let inner = self.alternation()?;
        if !self.eat(')') {
            return Err((open, open + 1, "unclosed group"));
        }
        self.nocase = saved;
        Ok(if capture { Node::Group(index, Box::new(inner)) } else { inner })
    }
}

type Caps = Vec<Option<(usize, usize)>>;
type Next<'a> = &'a mut dyn FnMut(usize, &mut Caps) -> bool;

fn step(node: &Node, t: &[u32], i: usize, caps: &mut Caps, k: Next) -> bool {
    match node {
        Node::Empty => k(i, caps),
        Node::Set(s) => i < t.len() && s.has(t[i]) && k(i + 1, caps),
        Node::Assert(kind) => {
            let word = |j: usize| j < t.len() && char::from_u32(t[j]).map_or(false, |c| class_has('w', c));
            let holds = match kind {
                '^' | 'A' => i == 0,
                '$' | 'z' => i == t.len(),
                _ => ((i > 0 && word(i - 1)) != word(i)) == (*kind == 'b'),
            };
            holds && k(i, caps)
        }
        Node::Cat(list) => sequence(list, t, i, caps, k),
        Node::Alt(list) => list.iter().any(|n| step(n, t, i, caps, k)),
        Node::Group(g, inner) => step(inner, t, i, caps, &mut |j, caps| {
            let old = caps[*g].replace((i, j));
            k(j, caps) || {
                caps[*g] = old;
                false
            }
        }),
        Node::Repeat(inner, min, max, greedy) => match &**inner {
            Node::Set(s) => {
                let most = t[i..].iter().take(*max).take_while(|&&c| s.has(c)).count();
                let mut counts = *min..most + 1;
                if *greedy { counts.rev().any(|n| k(i + n, caps)) } else { counts.any(|n| k(i + n, caps)) }
            }
            _ => repeat(inner, *min, *max, *greedy, t, i, caps, k),
        },
    }
}

fn sequence(list: &[Node], t: &[u32], i: usize, caps: &mut Caps, k: Next) -> bool {
    match list.split_first() {
        None => k(i, caps),
        Some((head, rest)) => step(head, t, i, caps, &mut |j, caps| sequence(rest, t, j, caps, k)),
    }
}

fn repeat(n: &Node, min: usize, max: usize, greedy: bool, t: &[u32], i: usize, caps: &mut Caps, k: Next) -> bool {
    if min == 0 && !greedy && k(i, caps) {
        return true;
    }
    let less = if max == usize::MAX { max } else { max.saturating_sub(1) };
    let mut again = |j: usize, caps: &mut Caps| {
        (j > i || min > 0) && repeat(n, min.saturating_sub(1), less, greedy, t, j, caps, k)
    };
    (max > 0 && step(n, t, i, caps, &mut again)) || (min == 0 && greedy && k(i, caps))
}

pub struct Regex {
    branches: Vec<Node>,
    groups: usize,
}

impl Regex {
    pub fn new(pattern: &str) -> Parsed<Regex> {
        let mut p = Parser { c: pattern.chars().collect(), i: 0, groups: 0, nocase: false };
        let root = p.alternation()?;
        if p.i < p.c.len() {
            return Err((p.i, p.i + 1, "unopened group"));
        }
        let branches = if let Node::Alt(list) = root { list } else { vec![root] };
        Ok(Regex { branches, groups: p.groups })
    }

    // Leftmost match as (start, end, groups).
    pub fn find(&self, text: &[u32], from: usize) -> Option<(usize, usize, Caps)> {
        let mut caps = vec![None; self.groups];
        for start in from..=text.len() {
            let mut end = start;
            let mut done = |j, _: &mut Caps| { end = j; true };
            if self.branches.iter().any(|node| step(node, text, start, &mut caps, &mut done)) {
                return Some((start, end, caps));
            }
        }
        None
    }
}
