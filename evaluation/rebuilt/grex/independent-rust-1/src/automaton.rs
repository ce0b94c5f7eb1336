//! A deterministic acyclic automaton that accepts the samples.

use crate::symbols::Symbol;
use std::collections::HashMap;

#[derive(Default, Clone, PartialEq, Eq, Hash)]
pub struct State {
    pub accepting: bool,
    pub edges: Vec<(Symbol, usize)>,
}

/// State 0 is the start.
pub struct Automaton {
    pub states: Vec<State>,
}

impl Automaton {
    pub fn from_words(words: &[Vec<Symbol>]) -> Self {
        let mut trie = Automaton { states: vec![State::default()] };
        words.iter().for_each(|word| trie.insert(word));
        trie.minimized()
    }

    /// Follows or adds edges; a repetition just one longer than a known one widens that.
    fn insert(&mut self, word: &[Symbol]) {
        let mut current = 0;
        for symbol in word {
            let fresh = self.states.len();
            let edges = &mut self.states[current].edges;
            if let Some((label, target)) = edges.iter_mut().rev().find(|(label, _)| label.reaches(symbol)) {
                label.max = symbol.max;
                current = *target;
            } else {
                edges.push((symbol.clone(), fresh));
                self.states.push(State::default());
                current = fresh;
            }
        }
        self.states[current].accepting = true;
    }

    /// Merges equivalent states. Children always have higher numbers than their parents.
    fn minimized(&self) -> Self {
        let mut class_of = vec![0; self.states.len()];
        let mut known: HashMap<State, usize> = HashMap::new();
        let mut merged = Vec::new();
        for index in (0..self.states.len()).rev() {
            let state = self.redirect(index, &class_of);
            let mut key = state.clone();
            key.edges.sort();
            class_of[index] = *known.entry(key).or_insert_with(|| {
                merged.push(state);
                merged.len() - 1
            });
        }
        Automaton { states: merged }.numbered_from(class_of[0])
    }

    fn redirect(&self, index: usize, new_number: &[usize]) -> State {
        let state = &self.states[index];
        let edges = state.edges.iter().map(|(label, target)| (label.clone(), new_number[*target]));
        State { accepting: state.accepting, edges: edges.collect() }
    }

    /// Renumbers the states in depth-first order, the latest edges first.
    fn numbered_from(&self, start: usize) -> Self {
        let mut number = vec![usize::MAX; self.states.len()];
        let mut order = Vec::new();
        let mut stack = vec![start];
        while let Some(index) = stack.pop() {
            if number[index] == usize::MAX {
                number[index] = order.len();
                order.push(index);
                stack.extend(self.states[index].edges.iter().map(|(_, target)| *target));
            }
        }
        Automaton { states: order.iter().map(|index| self.redirect(*index, &number)).collect() }
    }
}
