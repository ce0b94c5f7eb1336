//! A backtracking matcher that tries each step at a position only once.

use crate::parse::{Parser, Step};

pub struct Regex {
    steps: Vec<Step>,
    groups: usize,
}

struct Attempt<'a> {
    steps: &'a [Step],
    line: &'a [char],
    tried: Vec<u64>,
    slots: Vec<usize>,
}

impl Regex {
    pub fn new(text: &str) -> Result<Self, String> {
        let mut parser = Parser { chars: text.chars().collect(), at: 0, groups: 0, any_case: false };
        Ok(Regex { steps: parser.parse()?, groups: parser.groups })
    }

    /// All matches in the line from left to right, each with its groups.
    pub fn find_all(&self, line: &[char]) -> Vec<Vec<Option<(usize, usize)>>> {
        let slots = vec![usize::MAX; 2 * self.groups + 2];
        let tried = vec![0; self.steps.len() * (line.len() + 1) / 64 + 1];
        let mut attempt = Attempt { steps: &self.steps, line, tried, slots: slots.clone() };
        let (mut found, mut start) = (Vec::new(), 0);
        while start <= line.len() {
            if !attempt.matches_from(0, start) {
                start += 1;
                continue;
            }
            attempt.slots[0] = start;
            found.push(attempt.slots.chunks(2).map(|s| (s[1] != usize::MAX).then_some((s[0], s[1]))).collect());
            start = attempt.slots[1].max(start + 1);
            attempt.slots.clone_from(&slots);
            attempt.tried.fill(0);
        }
        found
    }
}

impl Attempt<'_> {
    fn matches_from(&mut self, mut step: usize, mut at: usize) -> bool {
        while step < self.steps.len() {
            let next = self.line.get(at);
            match &self.steps[step] {
                Step::Set(class) if next.is_some_and(|c| class.contains(*c)) => at += 1,
                Step::LineStart if at == 0 => (),
                Step::LineEnd if next.is_none() => (),
                Step::WordEdge if self.is_word(at) != (at > 0 && self.is_word(at - 1)) => (),
                Step::Jump(distance) => step = step.wrapping_add_signed(distance - 1),
                Step::Save(slot) => {
                    let old = std::mem::replace(&mut self.slots[*slot], at);
                    let matched = self.matches_from(step + 1, at);
                    self.slots[*slot] = if matched { self.slots[*slot] } else { old };
                    return matched;
                }
                Step::Fork(first, second) => {
                    let bit = step * (self.line.len() + 1) + at;
                    let fresh = self.tried[bit / 64] >> (bit % 64) & 1 == 0;
                    self.tried[bit / 64] |= 1 << (bit % 64);
                    if !fresh || self.matches_from(step.wrapping_add_signed(*first), at) {
                        return fresh;
                    }
                    step = step.wrapping_add_signed(second - 1);
                }
                _ => return false,
            }
            step += 1;
        }
        self.slots[1] = at;
        true
    }

    fn is_word(&self, at: usize) -> bool {
        self.line.get(at).is_some_and(|c| c.is_alphanumeric() || *c == '_')
    }
}
