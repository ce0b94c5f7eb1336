//! Regular expression trees and the algebra to combine them.

use crate::symbols::Symbol;
use std::collections::BTreeSet;

#[derive(Clone, PartialEq, Debug)]
pub enum Expression {
    Literal(Vec<Symbol>),
    Class(BTreeSet<char>),
    Choice(Vec<Expression>),
    Sequence(Box<Expression>, Box<Expression>),
    Optional(Box<Expression>),
}

use Expression::*;

impl Expression {
    pub fn empty() -> Self {
        Literal(Vec::new())
    }

    fn is_empty(&self) -> bool {
        matches!(self, Literal(symbols) if symbols.is_empty())
    }

    /// Rough number of characters matched, which decides the order of alternatives.
    pub fn length(&self) -> usize {
        match self {
            Literal(symbols) => symbols.len(),
            Class(_) => 1,
            Choice(options) => options.first().map_or(0, Expression::length),
            Sequence(left, right) => left.length() + right.length(),
            Optional(inner) => inner.length(),
        }
    }

    /// Concatenation; neighbouring literals melt into one.
    pub fn then(self, next: Expression) -> Self {
        match (self, next) {
            (left, right) if left.is_empty() => right,
            (left, right) if right.is_empty() => left,
            (Literal(left), Literal(right)) => Literal([left, right].concat()),
            (Literal(left), Sequence(first, rest)) if first.is_literal() => {
                Sequence(Box::new(Literal(left).then(*first)), rest)
            }
            (Sequence(rest, last), Literal(right)) if last.is_literal() => {
                Sequence(rest, Box::new(last.then(Literal(right))))
            }
            (left, right) => Sequence(Box::new(left), Box::new(right)),
        }
    }

    /// Alternation.
    pub fn or(self, other: Expression) -> Self {
        if self == other {
            return self;
        }
        match (self, other) {
            (Optional(left), right) if !right.is_empty() => optional(choice(*left, right)),
            (left, Optional(right)) if !left.is_empty() => optional(choice(left, *right)),
            (left, right) => factor_out(left, right),
        }
    }

    fn is_literal(&self) -> bool {
        matches!(self, Literal(_))
    }

    /// The literal this begins with.
    fn first_literal(&mut self) -> Option<&mut Vec<Symbol>> {
        match self {
            Literal(symbols) => Some(symbols),
            Sequence(first, _) if first.is_literal() => first.first_literal(),
            _ => None,
        }
    }

    /// The literal this ends with.
    fn last_literal(&mut self) -> Option<&mut Vec<Symbol>> {
        match self {
            Literal(symbols) => Some(symbols),
            Sequence(_, last) if last.is_literal() => last.last_literal(),
            _ => None,
        }
    }

    /// The characters matched, if this matches exactly one literal character.
    fn characters(&self) -> Option<BTreeSet<char>> {
        match self {
            Class(set) => Some(set.clone()),
            Literal(symbols) if symbols.len() == 1 => symbols[0].as_char().map(|c| BTreeSet::from([c])),
            _ => None,
        }
    }
}

/// Alternation with the literal symbols at both ends which the two sides share moved outside.
/// What remains of a sequence stays a sequence, so that its choices keep their own groups.
fn factor_out(mut left: Expression, mut right: Expression) -> Expression {
    let prefix = take_common_prefix(&mut left, &mut right);
    let suffix = take_common_suffix(&mut left, &mut right);
    Literal(prefix).then(alternate(left, right)).then(Literal(suffix))
}

/// Alternation of expressions without common ends.
fn alternate(left: Expression, right: Expression) -> Expression {
    match (left.characters(), right.characters()) {
        _ if left.is_empty() => optional(right),
        _ if right.is_empty() => optional(left),
        (Some(a), Some(b)) => Class(a.union(&b).copied().collect()),
        _ => choice(left, right),
    }
}

fn optional(inner: Expression) -> Expression {
    if inner.is_empty() || matches!(inner, Optional(_)) { inner } else { Optional(Box::new(inner)) }
}

/// Alternatives, the longest ones first.
fn choice(left: Expression, right: Expression) -> Expression {
    let mut options = flatten(left);
    for option in flatten(right) {
        if !options.contains(&option) {
            options.push(option);
        }
    }
    options.sort_by_key(|option| std::cmp::Reverse(option.length()));
    if options.len() == 1 { options.remove(0) } else { Choice(options) }
}

fn flatten(expression: Expression) -> Vec<Expression> {
    match expression {
        Choice(options) => options,
        other => vec![other],
    }
}

fn take_common_prefix(left: &mut Expression, right: &mut Expression) -> Vec<Symbol> {
    let (Some(a), Some(b)) = (left.first_literal(), right.first_literal()) else { return Vec::new() };
    let count = a.iter().zip(b.iter()).take_while(|(x, y)| x == y).count();
    b.drain(..count);
    a.drain(..count).collect()
}

fn take_common_suffix(left: &mut Expression, right: &mut Expression) -> Vec<Symbol> {
    let (Some(a), Some(b)) = (left.last_literal(), right.last_literal()) else { return Vec::new() };
    let count = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    b.truncate(b.len() - count);
    a.split_off(a.len() - count)
}
