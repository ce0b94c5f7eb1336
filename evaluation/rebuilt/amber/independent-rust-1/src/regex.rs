use std::collections::HashSet;

#[derive(Clone)]
enum Item {
    Range(char, char),
    Kind(char, bool),
}

// Jumps are relative, so that pieces of program can be joined and repeated freely.
#[derive(Clone)]
enum Inst {
    Set(Vec<Item>, bool, bool),
    Look(char),
    Split(isize, isize),
    Match,
}

pub struct Regex {
    prog: Vec<Inst>,
}

struct Parser {
    src: Vec<char>,
    pos: usize,
    icase: bool,
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn set_matches(items: &[Item], negated: bool, icase: bool, c: char) -> bool {
    let contains = |c: char| {
        items.iter().any(|item| match item {
            Item::Range(a, b) => *a <= c && c <= *b,
            Item::Kind('d', inverse) => c.is_numeric() != *inverse,
            Item::Kind('w', inverse) => is_word(c) != *inverse,
            Item::Kind(_, inverse) => c.is_whitespace() != *inverse,
        })
    };
    (contains(c) || (icase && c.to_lowercase().chain(c.to_uppercase()).any(contains))) != negated
}

fn split(greedy: bool, end: usize) -> Inst {
    if greedy { Inst::Split(1, end as isize) } else { Inst::Split(end as isize, 1) }
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.src.get(self.pos).copied()
    }

    fn next(&mut self) -> Option<char> {
        self.pos += 1;
        self.src.get(self.pos - 1).copied()
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = text.chars().enumerate().all(|(i, c)| self.src.get(self.pos + i) == Some(&c));
        self.pos += if found { text.len() } else { 0 };
        found
    }

    fn until(&mut self, end: char) -> Option<String> {
        let len = self.src.get(self.pos..)?.iter().position(|c| *c == end)?;
        self.pos += len + 1;
        Some(self.src[self.pos - len - 1..self.pos - 1].iter().collect())
    }

    fn alternation(&mut self) -> Option<Vec<Inst>> {
        let mut left = Vec::new();
        while self.peek().map_or(false, |c| c != '|' && c != ')') {
            let atom = self.atom()?;
            left.extend(self.repeat(atom)?);
        }
        if !self.eat("|") {
            return Some(left);
        }
        let right = self.alternation()?;
        let jump = right.len() as isize + 1;
        let mut prog = vec![split(true, left.len() + 2)];
        prog.extend(left);
        prog.push(Inst::Split(jump, jump));
        prog.extend(right);
        Some(prog)
    }

    fn repeat(&mut self, atom: Vec<Inst>) -> Option<Vec<Inst>> {
        let (min, max) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.pos += 1;
                let text = self.until('}')?;
                self.pos -= 1;
                let (low, high) = text.split_once(',').unwrap_or((&text, &text));
                (low.parse().ok()?, if high.is_empty() { None } else { Some(high.parse::<usize>().ok()?) })
            }
            _ => return Some(atom),
        };
        self.pos += 1;
        let greedy = !self.eat("?");
        if max.map_or(false, |m| m < min) || min.max(max.unwrap_or(0)) * atom.len() > 100_000 {
            return None;
        }
        let mut prog: Vec<Inst> = atom.iter().cycle().take(atom.len() * min).cloned().collect();
        let optional = max.map_or(1, |m| m - min);
        for left in (1..=optional).rev() {
            prog.push(split(greedy, left * (atom.len() + 1) + max.is_none() as usize));
            prog.extend(atom.clone());
        }
        if max.is_none() {
            let back = -(atom.len() as isize) - 1;
            prog.push(Inst::Split(back, back));
        }
        Some(prog)
    }

    fn atom(&mut self) -> Option<Vec<Inst>> {
        let item = match self.next()? {
            '(' => return self.group(),
            '[' => return self.class(),
            '.' => return Some(vec![Inst::Set(vec![Item::Range('\n', '\n')], true, false)]),
            c @ ('^' | '$') => return Some(vec![Inst::Look(c)]),
            '*' | '+' | '?' | '{' => return None,
            '\\' if self.eat("b") => return Some(vec![Inst::Look('b')]),
            '\\' if self.eat("B") => return Some(vec![Inst::Look('B')]),
            '\\' => self.escape()?,
            c => Item::Range(c, c),
        };
        Some(vec![Inst::Set(vec![item], false, self.icase)])
    }

    fn group(&mut self) -> Option<Vec<Inst>> {
        let saved = self.icase;
        if self.eat("?P<") || self.eat("?<") {
            if !self.until('>')?.chars().all(is_word) {
                return None;
            }
        } else if self.eat("?") {
            loop {
                match self.next()? {
                    'i' => self.icase = true,
                    'm' => {}
                    ')' => return Some(Vec::new()),
                    ':' => break,
                    _ => return None,
                }
            }
        }
        let prog = self.alternation()?;
        self.icase = saved;
        if self.eat(")") { Some(prog) } else { None }
    }

    fn escape(&mut self) -> Option<Item> {
        let c = match self.next()? {
            c @ ('d' | 'w' | 's') => return Some(Item::Kind(c, false)),
            c @ ('D' | 'W' | 'S') => return Some(Item::Kind(c.to_ascii_lowercase(), true)),
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            c if c.is_ascii_alphanumeric() => return None,
            c => c,
        };
        Some(Item::Range(c, c))
    }

    fn class(&mut self) -> Option<Vec<Inst>> {
        let negated = self.eat("^");
        let mut items = Vec::new();
        loop {
            let low = match self.next()? {
                ']' if !items.is_empty() => return Some(vec![Inst::Set(items, negated, self.icase)]),
                '[' => return None,
                '\\' => self.escape()?,
                c => Item::Range(c, c),
            };
            let range = self.peek() == Some('-') && self.src.get(self.pos + 1) != Some(&']');
            match low {
                Item::Range(a, _) if range => {
                    self.pos += 1;
                    let b = self.next().filter(|b| a <= *b)?;
                    items.push(Item::Range(a, b));
                }
                low => items.push(low),
            }
        }
    }
}

fn look_matches(look: char, text: &str, pos: usize) -> bool {
    let before = text[..pos].chars().next_back();
    let after = text[pos..].chars().next();
    match look {
        '^' => before.map_or(true, |c| c == '\n'),
        '$' => after.map_or(true, |c| c == '\n'),
        _ => (before.map_or(false, is_word) != after.map_or(false, is_word)) == (look == 'b'),
    }
}

impl Regex {
    pub fn new(pattern: &str) -> Option<Regex> {
        let mut parser = Parser { src: pattern.chars().collect(), pos: 0, icase: false };
        let mut prog = parser.alternation()?;
        prog.push(Inst::Match);
        if parser.pos < parser.src.len() { None } else { Some(Regex { prog }) }
    }

    // Backtracks with an explicit stack; a state that was tried once is not tried again.
    fn match_at(&self, text: &str, start: usize) -> Option<usize> {
        let mut seen = HashSet::new();
        let mut stack = vec![(0, start)];
        while let Some((pc, pos)) = stack.pop() {
            match &self.prog[pc] {
                Inst::Match => return Some(pos),
                Inst::Look(look) if look_matches(*look, text, pos) => stack.push((pc + 1, pos)),
                Inst::Look(_) => {}
                Inst::Split(a, b) => {
                    if seen.insert((pc, pos)) {
                        stack.extend([*b, *a].map(|offset| ((pc as isize + offset) as usize, pos)));
                    }
                }
                Inst::Set(items, negated, icase) => {
                    let c = text[pos..].chars().next().filter(|c| set_matches(items, *negated, *icase, *c));
                    stack.extend(c.map(|c| (pc + 1, pos + c.len_utf8())));
                }
            }
        }
        None
    }

    pub fn find_all(&self, text: &str) -> Vec<(usize, usize)> {
        let mut result: Vec<(usize, usize)> = Vec::new();
        let mut pos = 0;
        while pos <= text.len() {
            let step = text[pos..].chars().next().map_or(1, |c| c.len_utf8());
            match self.match_at(text, pos) {
                Some(end) if end > pos => {
                    result.push((pos, end));
                    pos = end;
                    continue;
                }
                Some(end) if result.last().map_or(true, |m| m.1 != end) => result.push((pos, end)),
                _ => {}
            }
            pos += step;
        }
        result
    }
}
