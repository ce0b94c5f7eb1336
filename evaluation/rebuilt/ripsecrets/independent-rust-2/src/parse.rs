//! Translates a regular expression into matching steps with relative jumps.

#[derive(Clone)]
pub struct Class {
    ranges: Vec<(char, char)>,
    negated: bool,
    any_case: bool,
}

impl Class {
    pub fn contains(&self, c: char) -> bool {
        let listed = |c: char| self.ranges.iter().any(|(low, high)| *low <= c && c <= *high);
        let found = listed(c) || self.any_case && (listed(c.to_ascii_lowercase()) || listed(c.to_ascii_uppercase()));
        found != self.negated
    }
}

#[derive(Clone)]
pub enum Step {
    Set(Class),
    Fork(isize, isize),
    Jump(isize),
    Save(usize),
    LineStart,
    LineEnd,
    WordEdge,
}

pub struct Parser {
    pub chars: Vec<char>,
    pub at: usize,
    pub groups: usize,
    pub any_case: bool,
}

impl Parser {
    pub fn parse(&mut self) -> Result<Vec<Step>, String> {
        let steps = self.choice()?;
        if self.peek().is_some() {
            return self.error(self.at, 1, "unopened group");
        }
        Ok(steps)
    }

    fn error<T>(&self, at: usize, width: usize, reason: &str) -> Result<T, String> {
        let pattern: String = self.chars.iter().collect();
        let marks = " ".repeat(at) + &"^".repeat(width);
        Err(format!("regex parse error:\n    {}\n    {}\nerror: {}", pattern, marks, reason))
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, text: &str) -> bool {
        let wanted: Vec<char> = text.chars().collect();
        let found = self.chars[self.at..].starts_with(&wanted);
        self.at += if found { wanted.len() } else { 0 };
        found
    }

    fn choice(&mut self) -> Result<Vec<Step>, String> {
        let first = self.sequence()?;
        if !self.take("|") {
            return Ok(first);
        }
        let second = self.choice()?;
        let fork = Step::Fork(1, first.len() as isize + 2);
        let jump = Step::Jump(second.len() as isize + 1);
        Ok([vec![fork], first, vec![jump], second].concat())
    }

    fn sequence(&mut self) -> Result<Vec<Step>, String> {
        let mut steps = Vec::new();
        while let Some(c) = self.peek().filter(|c| !"|)".contains(*c)) {
            if "*+?".contains(c) {
                return self.error(self.at, 1, "repetition operator missing expression");
            }
            self.at += 1;
            let mut item = self.atom(c)?;
            while let Some((min, max)) = self.bounds()? {
                item = repeat(&item, min, max, !self.take("?"));
            }
            steps.extend(item);
        }
        Ok(steps)
    }

    fn bounds(&mut self) -> Result<Option<(usize, Option<usize>)>, String> {
        for (sign, min, max) in [("*", 0, None), ("+", 1, None), ("?", 0, Some(1))] {
            if self.take(sign) {
                return Ok(Some((min, max)));
            }
        }
        let start = self.at;
        if !self.take("{") {
            return Ok(None);
        }
        let inside: String = self.chars[self.at..].iter().take_while(|c| **c != '}').collect();
        self.at += inside.chars().count() + 1;
        let (low, high) = inside.split_once(',').unwrap_or((&inside, &inside));
        match (low.parse(), high.parse()) {
            (Ok(min), Ok(max)) if min <= max && max <= 1000 => Ok(Some((min, Some(max)))),
            (Ok(min), Err(_)) if high.is_empty() && min <= 1000 => Ok(Some((min, None))),
            _ => self.error(start, 1, "this is not a repetition count"),
        }
    }

    fn atom(&mut self, c: char) -> Result<Vec<Step>, String> {
        let step = match c {
            '(' => return self.group(),
            '[' => self.class()?,
            '.' => self.set(Vec::new(), true),
            '^' => Step::LineStart,
            '$' => Step::LineEnd,
            '\\' if self.take("b") => Step::WordEdge,
            '\\' => {
                let ranges = self.escape()?;
                self.set(ranges, false)
            }
            _ => self.set(vec![(c, c)], false),
        };
        Ok(vec![step])
    }

    fn set(&self, ranges: Vec<(char, char)>, negated: bool) -> Step {
        Step::Set(Class { ranges, negated, any_case: self.any_case })
    }

    fn group(&mut self) -> Result<Vec<Step>, String> {
        let (start, outer_case) = (self.at - 1, self.any_case);
        self.any_case |= self.chars[self.at..].starts_with(&['?', 'i']);
        let captures = !self.take("?i:") && !self.take("?:");
        if captures && self.peek() == Some('?') {
            return self.error(start, 2, "this kind of group is not supported");
        }
        self.groups += captures as usize;
        let index = self.groups;
        let steps = self.choice()?;
        if !self.take(")") {
            return self.error(start, 1, "unclosed group");
        }
        self.any_case = outer_case;
        if !captures {
            return Ok(steps);
        }
        Ok([vec![Step::Save(2 * index)], steps, vec![Step::Save(2 * index + 1)]].concat())
    }

    fn escape(&mut self) -> Result<Vec<(char, char)>, String> {
        let c = self.peek().unwrap_or('x');
        self.at += 1;
        let bounds = match c {
            'd' => "09",
            'D' => "\0/:\u{10FFFF}",
            'W' => "\0/:@[^``{\u{a9}",
            's' => "\t\r  ",
            'S' => "\0\u{8}\u{e}\u{1f}!\u{10FFFF}",
            'w' => "09AZ__az\u{aa}\u{10FFFF}",
            't' => "\t\t",
            'n' => "\n\n",
            _ if c.is_ascii_alphanumeric() => {
                return self.error(self.at - 2, 2, "unrecognized escape sequence");
            }
            _ => return Ok(vec![(c, c)]),
        };
        let bounds: Vec<char> = bounds.chars().collect();
        Ok(bounds.chunks(2).map(|pair| (pair[0], pair[1])).collect())
    }

    fn class(&mut self) -> Result<Step, String> {
        let start = self.at - 1;
        let negated = self.take("^");
        let mut ranges = Vec::new();
        while ranges.is_empty() || !self.take("]") {
            let Some(c) = self.peek() else { return self.error(start, 1, "unclosed character class") };
            self.at += 1;
            match (c, &self.chars[self.at..]) {
                ('\\', _) => ranges.extend(self.escape()?),
                (_, ['-', end, ..]) if *end != ']' => {
                    ranges.push((c, *end));
                    self.at += 2;
                }
                _ => ranges.push((c, c)),
            }
        }
        Ok(self.set(ranges, negated))
    }
}

fn repeat(item: &[Step], min: usize, max: Option<usize>, greedy: bool) -> Vec<Step> {
    let length = item.len() as isize;
    let beyond = length + 1 + max.is_none() as isize;
    let mut part = vec![if greedy { Step::Fork(1, beyond) } else { Step::Fork(beyond, 1) }];
    part.extend_from_slice(item);
    if max.is_none() {
        part.push(Step::Jump(-length - 1));
    }
    [vec![item.to_vec(); min].concat(), vec![part; max.map_or(1, |m| m - min)].concat()].concat()
}
