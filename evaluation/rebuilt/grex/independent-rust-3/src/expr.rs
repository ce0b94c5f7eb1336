//! Expressions as sequences of items, and the two ways to combine them.

use crate::token::Token;
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    One(Token),
    Set(BTreeSet<char>),
    Choice(Vec<Expr>),
    Optional(Expr),
}

/// A sequence of items; the empty sequence matches the empty string.
pub type Expr = Vec<Item>;

pub fn width(expr: &[Item]) -> usize {
    expr.iter()
        .map(|item| match item {
            Item::One(token) => token.width(),
            Item::Set(_) => 1,
            Item::Choice(options) => width(&options[0]),
            Item::Optional(inner) => width(inner),
        })
        .sum()
}

/// An expression that matches whatever either side matches.
pub fn either(left: &Expr, right: &Expr) -> Expr {
    if left == right {
        return left.clone();
    }
    let prefix = shared(left.iter(), right.iter());
    let (left_rest, right_rest) = (&left[prefix..], &right[prefix..]);
    let suffix = shared(left_rest.iter().rev(), right_rest.iter().rev());
    if prefix + suffix == 0 {
        return unfactored(left, right);
    }
    let left_middle = &left_rest[..left_rest.len() - suffix];
    let right_middle = &right_rest[..right_rest.len() - suffix];
    let middle = if left_middle.is_empty() || right_middle.is_empty() {
        unfactored(left_middle, right_middle)
    } else if let Some(set) = merge_single(left_middle, right_middle) {
        vec![set]
    } else {
        choice(vec![left_middle.to_vec(), right_middle.to_vec()])
    };
    let tail = &left_rest[left_rest.len() - suffix..];
    [&left[..prefix], &middle, tail].concat()
}

/// How many leading items of both sides are the same plain tokens.
fn shared<'a>(
    left: impl Iterator<Item = &'a Item>,
    right: impl Iterator<Item = &'a Item>,
) -> usize {
    left.zip(right)
        .take_while(|(a, b)| a == b && matches!(a, Item::One(_)))
        .count()
}

fn unfactored(left: &[Item], right: &[Item]) -> Expr {
    match (left, right) {
        ([], [Item::Optional(_)]) => right.to_vec(),
        ([Item::Optional(_)], []) => left.to_vec(),
        ([], other) | (other, []) => vec![Item::Optional(other.to_vec())],
        ([Item::Optional(inner)], _) => vec![Item::Optional(either(inner, &right.to_vec()))],
        (_, [Item::Optional(inner)]) => vec![Item::Optional(either(&left.to_vec(), inner))],
        _ => match merge_single(left, right) {
            Some(set) => vec![set],
            None => choice([options_of(left), options_of(right)].concat()),
        },
    }
}

fn options_of(expr: &[Item]) -> Vec<Expr> {
    match expr {
        [Item::Choice(options)] => options.clone(),
        _ => vec![expr.to_vec()],
    }
}

fn choice(mut options: Vec<Expr>) -> Expr {
    options.sort_by_key(|option| std::cmp::Reverse(width(option)));
    vec![Item::Choice(options)]
}

/// Two items that stand for single characters become a set.
fn merge_single(left: &[Item], right: &[Item]) -> Option<Item> {
    let ([a], [b]) = (left, right) else {
        return None;
    };
    let mut chars = chars_of(a)?;
    chars.extend(chars_of(b)?);
    Some(Item::Set(chars))
}

fn chars_of(item: &Item) -> Option<BTreeSet<char>> {
    match item {
        Item::Set(chars) => Some(chars.clone()),
        Item::One(token) => token.single_char().map(|c| BTreeSet::from([c])),
        _ => None,
    }
}
