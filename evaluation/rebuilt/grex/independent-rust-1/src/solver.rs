//! Solves the equations of an automaton by eliminating its states one by one.

use crate::automaton::Automaton;
use crate::expression::Expression;
use std::collections::BTreeMap;

/// One row per state: which expressions lead where, and which ones may end there.
#[derive(Default)]
struct Equation {
    paths: BTreeMap<usize, Expression>,
    ending: Option<Expression>,
}

pub fn solve(automaton: &Automaton) -> Expression {
    let mut equations = set_up(automaton);
    for eliminated in (1..equations.len()).rev() {
        let (rows, rest) = equations.split_at_mut(eliminated);
        rows.iter_mut().for_each(|row| row.substitute(eliminated, &rest[0]));
    }
    equations.remove(0).ending.unwrap_or_else(Expression::empty)
}

fn set_up(automaton: &Automaton) -> Vec<Equation> {
    let mut equations = Vec::new();
    for (index, state) in automaton.states.iter().enumerate() {
        // an empty sample is only honoured when there is no other
        let may_end = state.accepting && (index > 0 || automaton.states.len() == 1);
        let mut equation = Equation { ending: may_end.then(Expression::empty), ..Equation::default() };
        for (symbol, target) in &state.edges {
            equation.add_path(*target, Expression::Literal(vec![symbol.clone()]));
        }
        equations.push(equation);
    }
    equations
}

impl Equation {
    fn add_path(&mut self, target: usize, path: Expression) {
        let path = join(self.paths.remove(&target), path);
        self.paths.insert(target, path);
    }

    /// Replaces the path to a state by what that state's equation says.
    fn substitute(&mut self, state: usize, definition: &Equation) {
        let Some(prefix) = self.paths.remove(&state) else { return };
        if let Some(ending) = &definition.ending {
            self.ending = Some(join(self.ending.take(), prefix.clone().then(ending.clone())));
        }
        for (target, path) in &definition.paths {
            self.add_path(*target, prefix.clone().then(path.clone()));
        }
    }
}

fn join(previous: Option<Expression>, addition: Expression) -> Expression {
    match previous {
        Some(expression) => expression.or(addition),
        None => addition,
    }
}
