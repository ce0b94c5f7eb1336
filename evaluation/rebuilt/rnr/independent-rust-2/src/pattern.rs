//! Regular expressions: a parser that emits a small instruction list with relative jumps, and a
//! backtracking matcher that visits every (instruction, position) pair at most once.
use std::{collections::HashSet, rc::Rc};

/// A set of characters.
type Set = Rc<dyn Fn(char) -> bool>;

/// One instruction; jumps are relative to the instruction itself, `Fork` prefers its first branch.
#[derive(Clone)]
enum Step { One(Set), TextStart, TextEnd, WordEdge, Save(usize), Fork(isize, isize), Jump(isize), Accept }

/// A result, or the explanation why the pattern cannot be used.
type Parsed<T> = Result<T, String>;

/// The pattern being read, the reading position, and the names of the groups met so far.
struct Parser { text: Vec<char>, at: usize, names: Vec<Option<String>> }

fn word(c: char) -> bool { c.is_alphanumeric() || c == '_' }

impl Parser {
    fn fail<T>(&self, start: usize, end: usize, what: &'static str) -> Parsed<T> {
        let (pattern, indent, line) = (self.text.iter().collect::<String>(), " ".repeat(start), "^".repeat(end - start));
        Err(format!("regex parse error:\n    {pattern}\n    {indent}{line}\nerror: {what}"))
    }
    fn eat(&mut self, wanted: &str) -> bool {
        let yes = wanted.chars().enumerate().all(|(i, c)| self.text.get(self.at + i) == Some(&c));
        self.at += if yes { wanted.len() } else { 0 };
        yes
    }
    /// Takes text up to and including `stop`; the text before it is returned.
    fn until(&mut self, stop: char) -> Option<String> {
        let end = (self.at..self.text.len()).find(|&i| self.text[i] == stop)?;
        let taken = self.text[self.at..end].iter().collect();
        self.at = end + 1;
        Some(taken)
    }
    /// Alternatives separated by `|`, up to a closing parenthesis or the end.
    fn choice(&mut self) -> Parsed<Vec<Step>> {
        let mut first = self.sequence()?;
        if self.eat("|") {
            let rest = self.choice()?;
            first.insert(0, Step::Fork(1, first.len() as isize + 2));
            first.push(Step::Jump(rest.len() as isize + 1));
            first.extend(rest);
        }
        Ok(first)
    }
    fn sequence(&mut self) -> Parsed<Vec<Step>> {
        let (mut steps, mut last): (Vec<Step>, Option<Vec<Step>>) = (Vec::new(), None);
        while let Some(&c) = self.text.get(self.at) {
            let start = self.at;
            match c {
                '|' | ')' => break,
                '*' | '+' | '?' | '{' => {
                    let Some(body) = last.take() else { return self.fail(start, start + 1, "repetition operator missing expression") };
                    let (min, max) = self.repeat_range()?;
                    last = Some(repeat(&body, min, max, !self.eat("?")));
                    if last.as_ref().is_some_and(|body| body.len() > 50_000) { return self.fail(start, self.at, "the repetition is too large") }
                }
                _ => {
                    steps.extend(last.take().unwrap_or_default());
                    last = Some(if c == '(' { self.group()? } else { vec![self.atom(c)?] });
                }
            }
        }
        steps.extend(last.unwrap_or_default());
        Ok(steps)
    }
    fn repeat_range(&mut self) -> Parsed<(usize, Option<usize>)> {
        let simple = [("*", (0, None)), ("+", (1, None)), ("?", (0, Some(1)))];
        if let Some((_, range)) = simple.into_iter().find(|(sign, _)| self.eat(sign)) { return Ok(range) }
        let start = self.at;
        self.at += 1;
        let Some(inner) = self.until('}') else { return self.fail(start, self.text.len(), "unclosed counted repetition") };
        let (low, high) = inner.split_once(',').unwrap_or((&inner, &inner));
        match (low.parse(), high.parse()) {
            (Ok(low), Ok(high)) if low > high => self.fail(start, self.at, "invalid repetition count range, the start must be <= the end"),
            (Ok(low), Ok(high)) if high <= 1000 => Ok((low, Some(high))),
            (Ok(low), Err(_)) if high.is_empty() && low <= 1000 => Ok((low, None)),
            _ => self.fail(start, self.at, "the repetition count is not usable"),
        }
    }
    /// A group, the opening parenthesis being next.
    fn group(&mut self) -> Parsed<Vec<Step>> {
        let (start, slot) = (self.at, self.names.len());
        self.at += 1;
        if ["?=", "?!", "?<=", "?<!"].iter().any(|look| self.eat(look)) {
            return self.fail(start, self.at, "look-around, including look-ahead and look-behind, is not supported");
        }
        let captures = !self.eat("?:");
        if self.eat("?P<") || self.eat("?<") {
            let (name_at, end) = (self.at, self.text.len());
            let Some(name) = self.until('>') else { return self.fail(end, end + 1, "unclosed capture group name") };
            if !name.chars().all(word) { return self.fail(name_at, self.at - 1, "the capture group name is not usable") }
            if self.names.contains(&Some(name.clone())) { return self.fail(name_at, self.at - 1, "duplicate capture group name") }
            self.names.push(Some(name));
        } else if self.eat("?") {
            return self.fail(self.at, self.at + 1, "unrecognized flag");
        } else if captures {
            self.names.push(None);
        }
        let body = self.choice()?;
        if !self.eat(")") { return self.fail(start, start + 1, "unclosed group") }
        Ok(if captures { save(slot, body) } else { body })
    }
    fn atom(&mut self, c: char) -> Parsed<Step> {
        if self.eat("^") { return Ok(Step::TextStart) }
        if self.eat("$") { return Ok(Step::TextEnd) }
        if self.eat("\\b") { return Ok(Step::WordEdge) }
        if self.eat(".") { return Ok(Step::One(Rc::new(|c| c != '\n'))) }
        Ok(Step::One(if c == '[' { self.class()? } else { self.letter(c)?.0 }))
    }
    /// A plain character or an escape: its set, and the character if it stands for just one.
    fn letter(&mut self, c: char) -> Parsed<(Set, Option<char>)> {
        let start = self.at;
        self.at += 1;
        let mut plain = c;
        if c == '\\' {
            let Some(&c) = self.text.get(self.at) else { return self.fail(start, start + 1, "incomplete escape sequence, reached end of pattern prematurely") };
            self.at += 1;
            let wanted = c.is_ascii_lowercase();
            plain = match c {
                'n' => '\n', 't' => '\t',
                'd' | 'D' => return Ok((Rc::new(move |c| c.is_numeric() == wanted), None)),
                'w' | 'W' => return Ok((Rc::new(move |c| word(c) == wanted), None)),
                's' | 'S' => return Ok((Rc::new(move |c| c.is_whitespace() == wanted), None)),
                c if c.is_ascii_punctuation() => c,
                _ => return self.fail(start, self.at, "unrecognized escape sequence"),
            };
        }
        Ok((Rc::new(move |c| c == plain), Some(plain)))
    }
    /// A bracketed class, the opening bracket being next.
    fn class(&mut self) -> Parsed<Set> {
        let start = self.at;
        self.at += 1;
        let negated = self.eat("^");
        let mut items: Vec<Set> = Vec::new();
        loop {
            let item_at = self.at;
            let Some(&c) = self.text.get(item_at) else { return self.fail(start, start + 1, "unclosed character class") };
            if !items.is_empty() && self.eat("]") { return Ok(Rc::new(move |c| items.iter().any(|item| item(c)) != negated)) }
            if c == '[' { items.push(self.class()?); continue }
            let (mut set, low) = self.letter(c)?;
            let ranged = self.text.get(self.at) == Some(&'-') && self.text.get(self.at + 1).is_some_and(|&c| c != ']');
            if let (Some(low), true) = (low, ranged) {
                self.at += 1;
                set = match self.letter(self.text[self.at])?.1 {
                    Some(high) if low <= high => Rc::new(move |c| low <= c && c <= high),
                    _ => return self.fail(item_at, self.at, "invalid character class range, the start must be <= the end"),
                };
            }
            items.push(set);
        }
    }
}

fn save(group: usize, mut body: Vec<Step>) -> Vec<Step> {
    body.insert(0, Step::Save(2 * group));
    body.push(Step::Save(2 * group + 1));
    body
}

/// `body` at least `min` and at most `max` times.
fn repeat(body: &[Step], min: usize, max: Option<usize>, greedy: bool) -> Vec<Step> {
    let mut steps: Vec<Step> = (0..min).flat_map(|_| body.iter().cloned()).collect();
    let (optional, tail) = (max.map_or(1, |max| max - min), if max.is_some() { 0 } else { 1 });
    for left in (1..=optional).rev() {
        let exit = (left * (body.len() + 1) + tail) as isize;
        steps.push(if greedy { Step::Fork(1, exit) } else { Step::Fork(exit, 1) });
        steps.extend_from_slice(body);
    }
    if max.is_none() { steps.push(Step::Jump(-(body.len() as isize) - 1)) }
    steps
}

/// A compiled pattern with the names of its groups (group 0 is the whole match).
pub struct Pattern { steps: Vec<Step>, names: Vec<Option<String>>, any_case: bool }

/// Bounds, in characters, of every group of a match: start and end of group n at 2n and 2n+1.
type Slots = Vec<Option<usize>>;

impl Pattern {
    pub fn new(source: &str) -> Parsed<Pattern> {
        let plain = source.strip_prefix("(?i)");
        let mut parser = Parser { text: plain.unwrap_or(source).chars().collect(), at: 0, names: vec![None] };
        let mut steps = save(0, parser.choice()?);
        if parser.at < parser.text.len() { return parser.fail(parser.at, parser.at + 1, "unopened group") }
        steps.push(Step::Accept);
        Ok(Pattern { steps, names: parser.names, any_case: plain.is_some() })
    }

    /// Looks for a match that begins exactly at `start`.
    fn match_at(&self, text: &[char], start: usize) -> Option<Slots> {
        let mut seen = HashSet::new();
        let mut waiting = vec![(0, start, vec![None; 2 * self.names.len()])];
        while let Some((mut step, mut at, mut slots)) = waiting.pop() {
            while seen.insert((step, at)) {
                let mut jump = 1;
                match &self.steps[step] {
                    Step::Accept => return Some(slots),
                    Step::Save(slot) => slots[*slot] = Some(at),
                    Step::Jump(by) => jump = *by,
                    Step::Fork(first, second) => {
                        waiting.push((step.wrapping_add_signed(*second), at, slots.clone()));
                        jump = *first;
                    }
                    Step::TextStart => if at > 0 { break },
                    Step::TextEnd => if at < text.len() { break },
                    Step::WordEdge => if (at > 0 && word(text[at - 1])) == text.get(at).is_some_and(|&c| word(c)) { break },
                    Step::One(set) => {
                        let Some(&c) = text.get(at) else { break };
                        let folded = self.any_case && c.to_lowercase().chain(c.to_uppercase()).any(|c| set(c));
                        if !folded && !set(c) { break }
                        at += 1;
                    }
                }
                step = step.wrapping_add_signed(jump);
            }
        }
        None
    }

    /// Replaces up to `limit` matches (all if 0) by the `template` filled in and passed through `finish`.
    pub fn replace(&self, text: &str, limit: usize, template: &str, finish: impl Fn(String) -> String) -> String {
        let text: Vec<char> = text.chars().collect();
        let (mut out, mut copied, mut from, mut count, mut last_end) = (String::new(), 0, 0, 0, None);
        while limit == 0 || count < limit {
            let Some(slots) = (from..=text.len()).find_map(|start| self.match_at(&text, start)) else { break };
            let (start, end) = (slots[0].unwrap_or(0), slots[1].unwrap_or(0));
            from = end + usize::from(start == end);
            if start == end && last_end == Some(start) { continue }
            out.extend(&text[copied..start]);
            out += &finish(self.fill(template, &text, &slots));
            (copied, last_end, count) = (end, Some(end), count + 1);
        }
        out.extend(&text[copied..]);
        out
    }

    /// Writes `template` with its `$1`, `$name`, `${name}` and `$$` filled in.
    fn fill(&self, template: &str, text: &[char], slots: &Slots) -> String {
        let (mut out, mut rest) = (String::new(), template);
        while let Some((before, after)) = rest.split_once('$') {
            out += before;
            let bare = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
            let (name, after) = match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
                Some(braced) => braced,
                None if bare > 0 => after.split_at(bare),
                None => { out.push('$'); rest = after.strip_prefix('$').unwrap_or(after); continue }
            };
            rest = after;
            let named = || self.names.iter().position(|n| n.as_deref() == Some(name));
            let group = name.parse::<usize>().ok().or_else(named).filter(|&group| group < self.names.len());
            if let Some((Some(start), Some(end))) = group.map(|group| (slots[2 * group], slots[2 * group + 1])) {
                out.extend(&text[start..end]);
            }
        }
        out + rest
    }
}
