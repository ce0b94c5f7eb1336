//! Turning an automaton into an expression by eliminating state after state.

use crate::automaton::Automaton;
use crate::expr::{either, Expr, Item};

/// What leads from each state to each other one. The last column, which has
/// no state of its own, stands for the end of the text.
type Links = Vec<Vec<Option<Expr>>>;

pub fn to_expression(automaton: &Automaton) -> Expr {
    let mut links = links_of(automaton);
    let end = links.len();
    for gone in (1..end).rev() {
        let onward = std::mem::take(&mut links[gone]);
        for row in &mut links[..gone] {
            let Some(label) = row[gone].take() else {
                continue;
            };
            for (target, next) in onward.iter().enumerate() {
                if let Some(next) = next {
                    add(&mut row[target], [&label[..], next].concat());
                }
            }
        }
    }
    links[0][end].take().unwrap_or_default()
}

fn links_of(automaton: &Automaton) -> Links {
    let order = automaton.visiting_order();
    let position = |state: usize| order.iter().position(|other| *other == state);
    let mut links: Links = vec![vec![None; order.len() + 1]; order.len()];
    for (row, state) in links.iter_mut().zip(&order) {
        let state = &automaton.states[*state];
        row[order.len()] = state.accepting.then(Vec::new);
        for (token, target) in &state.edges {
            if let Some(column) = position(*target) {
                add(&mut row[column], vec![Item::One(token.clone())]);
            }
        }
    }
    links
}

fn add(slot: &mut Option<Expr>, addition: Expr) {
    *slot = Some(match slot.take() {
        Some(existing) => either(&existing, &addition),
        None => addition,
    });
}
