//! A minimal acyclic automaton over tokens.

use crate::token::Token;
use std::collections::HashMap;

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct State {
    pub accepting: bool,
    pub edges: Vec<(Token, usize)>,
}

pub struct Automaton {
    pub states: Vec<State>,
    pub start: usize,
}

impl Automaton {
    pub fn from_words(words: &[Vec<Token>]) -> Automaton {
        let mut tree = vec![State::default()];
        for word in words {
            insert(&mut tree, word);
        }
        minimize(&tree)
    }

    /// All states in depth-first order, following the youngest edges first.
    pub fn visiting_order(&self) -> Vec<usize> {
        let mut order = Vec::new();
        let mut pending = vec![self.start];
        while let Some(state) = pending.pop() {
            if order.contains(&state) {
                continue;
            }
            order.push(state);
            pending.extend(self.states[state].edges.iter().map(|(_, target)| *target));
        }
        order
    }
}

fn insert(tree: &mut Vec<State>, word: &[Token]) {
    let mut current = 0;
    for token in word {
        let next = tree.len();
        let edges = &mut tree[current].edges;
        current = match edges.iter_mut().rev().find_map(|edge| share(edge, token)) {
            Some(target) => target,
            None => {
                edges.push((token.clone(), next));
                tree.push(State::default());
                next
            }
        };
    }
    tree[current].accepting = true;
}

/// Uses an edge once more, allowing one more repetition if that is needed.
fn share((label, target): &mut (Token, usize), token: &Token) -> Option<usize> {
    *label = label.extended_by(token)?;
    Some(*target)
}

/// Merges equal subtrees. Children always have higher numbers than their
/// parents, so a single pass from the back suffices.
fn minimize(tree: &[State]) -> Automaton {
    let mut merged: Vec<usize> = vec![0; tree.len()];
    let mut states: Vec<State> = Vec::new();
    let mut known: HashMap<State, usize> = HashMap::new();
    for index in (0..tree.len()).rev() {
        let mut state = tree[index].clone();
        for edge in &mut state.edges {
            edge.1 = merged[edge.1];
        }
        let mut signature = state.clone();
        signature.edges.sort_by_cached_key(|edge| format!("{edge:?}"));
        merged[index] = *known.entry(signature).or_insert(states.len());
        states.resize_with(known.len(), State::default);
        states[merged[index]] = state;
    }
    Automaton { states, start: merged[0] }
}
