//! Searching: a syntax tree run over bytes, trying alternatives in order.

use crate::pattern::{is_word, Anchor, Node};

/// Start and end of group `i` stand in `slots[2 * i]` and `slots[2 * i + 1]`.
pub type Slots = Vec<Option<usize>>;

/// What is to be matched after a node: given its end, whether the rest fits too.
type Rest<'a> = &'a mut dyn FnMut(usize, &mut Slots) -> bool;

/// The first match at or after `from` of a pattern with so many groups.
pub fn find(root: &Node, groups: usize, text: &[u8], from: usize) -> Option<Slots> {
    let mut slots = vec![None; 2 * groups];
    (from..=text.len()).find_map(|start| {
        let mut end = None;
        let matched = fits(root, text, start, &mut slots, &mut |at, _| {
            end = Some(at);
            true
        });
        (slots[0], slots[1]) = (Some(start), end);
        matched.then(|| slots.clone())
    })
}

/// Whether `node` matches at `at` with `rest` behind it; the slots are set if so.
fn fits(node: &Node, text: &[u8], at: usize, slots: &mut Slots, rest: Rest) -> bool {
    match node {
        Node::Set(_) => step_over(node, text, at).is_some_and(|next| rest(next, slots)),
        Node::At(anchor) => holds(*anchor, text, at) && rest(at, slots),
        Node::Capture(index, body) => fits(body, text, at, slots, &mut |end, slots| {
            let old = (slots[2 * index], slots[2 * index + 1]);
            (slots[2 * index], slots[2 * index + 1]) = (Some(at), Some(end));
            let fitting = rest(end, slots);
            if !fitting {
                (slots[2 * index], slots[2 * index + 1]) = old;
            }
            fitting
        }),
        Node::Sequence(items) => all_fit(items, text, at, slots, rest),
        Node::Choice(branches) => branches.iter().any(|branch| fits(branch, text, at, slots, rest)),
        Node::Repeat { body, min, max, greedy } if matches!(**body, Node::Set(_)) => {
            let limit = max.unwrap_or(usize::MAX);
            let mut ends = std::iter::successors(Some(at), |&at| step_over(body, text, at));
            if !greedy {
                return ends.take(limit.saturating_add(1)).skip(*min).any(|end| rest(end, slots));
            }
            let all: Vec<usize> = ends.by_ref().take(limit.saturating_add(1)).skip(*min).collect();
            all.into_iter().rev().any(|end| rest(end, slots))
        }
        Node::Repeat { .. } => repeats(node, 0, text, at, slots, rest),
    }
}

fn all_fit(items: &[Node], text: &[u8], at: usize, slots: &mut Slots, rest: Rest) -> bool {
    match items.split_first() {
        None => rest(at, slots),
        Some((first, others)) => {
            fits(first, text, at, slots, &mut |end, slots| all_fit(others, text, end, slots, rest))
        }
    }
}

/// A repetition of which `count` rounds are already matched.
fn repeats(node: &Node, count: usize, text: &[u8], at: usize, slots: &mut Slots, rest: Rest) -> bool {
    let Node::Repeat { body, min, max, greedy } = node else { return false };
    let enough = count >= *min;
    if enough && !greedy && rest(at, slots) {
        return true;
    }
    let another = max.is_none_or(|max| count < max)
        && fits(body, text, at, slots, &mut |end, slots| {
            (end > at || !enough) && repeats(node, count + 1, text, end, slots, rest)
        });
    another || enough && *greedy && rest(at, slots)
}

/// The position behind the character at `at`, if the set accepts it.
fn step_over(node: &Node, text: &[u8], at: usize) -> Option<usize> {
    let Node::Set(set) = node else { return None };
    decode(text, at).filter(|&c| set.contains(c)).map(|c| at + c.len_utf8())
}

/// The character starting at `at`, if there is a valid one.
fn decode(text: &[u8], at: usize) -> Option<char> {
    let chunk = &text[at..text.len().min(at + 4)];
    chunk.utf8_chunks().next()?.valid().chars().next()
}

fn holds(anchor: Anchor, text: &[u8], at: usize) -> bool {
    let start = (at.saturating_sub(4)..at).rev().find(|&i| text[i] & 0xC0 != 0x80);
    let word_before = || start.and_then(|start| decode(text, start)).is_some_and(is_word);
    let word_after = || decode(text, at).is_some_and(is_word);
    match anchor {
        Anchor::TextStart => at == 0,
        Anchor::TextEnd => at == text.len(),
        Anchor::LineStart => at == 0 || text[at - 1] == b'\n',
        Anchor::LineEnd => at == text.len() || text[at] == b'\n',
        Anchor::WordEdge => word_before() != word_after(),
        Anchor::NotWordEdge => word_before() == word_after(),
    }
}
