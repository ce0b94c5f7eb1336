//! Resolves identifiers to bindings and finds the bindings nothing alive refers to.
use crate::lexer::Span;
use crate::parser::{Entry, Expr, Name, Node, Param};
use std::collections::HashSet;

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    LambdaArg,
    LambdaPattern,
    LetBinding,
}

impl Kind {
    fn describe(self) -> &'static str {
        match self {
            Kind::LambdaArg => "lambda argument",
            Kind::LambdaPattern => "lambda pattern",
            Kind::LetBinding => "let binding",
        }
    }
}

pub struct Finding {
    pub span: Span,
    pub kind: Kind,
    pub unused: bool,
    pub message: String,
}

#[derive(Default)]
pub struct Checks {
    pub no_lambda_arg: bool,
    pub no_pattern_names: bool,
    pub no_underscore: bool,
    pub warn_used_underscore: bool,
}

struct Binding {
    name: Name,
    kind: Kind,
    checked: bool,
    /// Number of the scope it is declared in.
    level: usize,
    /// For each reference, the bindings whose value holds it.
    uses: Vec<Vec<usize>>,
}

struct Resolver<'a> {
    checks: &'a Checks,
    skipped: &'a dyn Fn(usize) -> bool,
    bindings: Vec<Binding>,
    /// Names in scope; no binding for those of recursive attribute sets.
    scope: Vec<(String, Option<usize>)>,
    owners: Vec<usize>,
    level: usize,
}

pub fn find(expr: &Expr, checks: &Checks, skipped: &dyn Fn(usize) -> bool) -> Vec<Finding> {
    let mut resolver = Resolver { checks, skipped, bindings: Vec::new(), scope: Vec::new(), owners: Vec::new(), level: 0 };
    resolver.visit(expr);
    let dead = dead_bindings(&resolver.bindings);
    let mut findings: Vec<Finding> = Vec::new();
    for (id, binding) in resolver.bindings.iter().enumerate().filter(|(_, b)| b.checked) {
        let unused = dead.contains(&id);
        let warn = checks.warn_used_underscore && binding.name.text.starts_with('_');
        if unused || warn {
            findings.push(finding(binding, unused));
        }
    }
    findings.sort_by_key(|f| f.span.start);
    findings.dedup_by_key(|f| f.span.start);
    findings
}

fn finding(binding: &Binding, unused: bool) -> Finding {
    let state = if unused { "Unused" } else { "Used" };
    let message = format!("{state} {}: {}", binding.kind.describe(), binding.name.text);
    Finding { span: binding.name.span, kind: binding.kind, unused, message }
}

/// Grows the set of dead bindings until nothing more falls out of use.
fn dead_bindings(bindings: &[Binding]) -> HashSet<usize> {
    let mut dead = HashSet::new();
    loop {
        let before = dead.len();
        for (id, binding) in bindings.iter().enumerate() {
            let idle = |owners: &Vec<usize>| owners.iter().any(|o| *o == id || dead.contains(o));
            if binding.checked && binding.uses.iter().all(idle) {
                dead.insert(id);
            }
        }
        if dead.len() == before {
            return dead;
        }
    }
}

impl Resolver<'_> {
    fn declare(&mut self, name: &Name, kind: Kind, field: bool) -> usize {
        let underscore = name.text.starts_with('_');
        let ignored = match kind {
            Kind::LambdaArg => self.checks.no_lambda_arg || underscore,
            Kind::LambdaPattern => field && self.checks.no_pattern_names,
            Kind::LetBinding => false,
        };
        let checked = !(ignored || (self.checks.no_underscore && underscore) || (self.skipped)(name.span.start));
        let id = self.bindings.len();
        self.bindings.push(Binding { name: name.clone(), kind, checked, level: self.level, uses: Vec::new() });
        self.scope.push((name.text.clone(), Some(id)));
        id
    }

    /// Notes a reference to the innermost binding of this name.
    fn refer(&mut self, name: &str) {
        let Some(found) = self.scope.iter().rev().find(|(n, _)| n == name) else { return };
        let Some(id) = found.1 else { return };
        // Only dead neighbours of the same scope make a reference idle.
        let level = self.bindings[id].level;
        let owners = self.owners.iter().copied().filter(|o| self.bindings[*o].level == level).collect();
        self.bindings[id].uses.push(owners);
    }

    fn owned(&mut self, owner: Option<usize>, expr: &Expr) {
        self.owners.extend(owner);
        self.visit(expr);
        self.owners.truncate(self.owners.len() - owner.is_some() as usize);
    }

    /// The source of an `inherit (…)` is in use while any of its names is.
    fn owned_by_each(&mut self, owners: &[usize], expr: &Expr) {
        if owners.is_empty() {
            self.visit(expr);
        }
        owners.iter().for_each(|id| self.owned(Some(*id), expr));
    }

    fn visit(&mut self, expr: &Expr) {
        let depth = self.scope.len();
        match &expr.node {
            Node::Ident(name) => self.refer(name),
            Node::Group(parts) => parts.iter().for_each(|p| self.visit(p)),
            Node::Lambda(param, body) => {
                self.param(param);
                self.visit(body);
            }
            Node::Let(entries, body) => {
                self.let_entries(entries);
                self.visit(body);
                self.share_uses(depth);
            }
            Node::Attrs { recursive, entries } => self.attrs(*recursive, entries),
        }
        self.scope.truncate(depth);
    }

    /// Several `a.x = …; a.y = …;` entries are all used when the name is.
    fn share_uses(&mut self, depth: usize) {
        let level: Vec<(String, Option<usize>)> = self.scope[depth..].to_vec();
        for (index, (name, last)) in level.iter().enumerate().rev() {
            for (_, earlier) in level[..index].iter().filter(|(n, _)| n == name) {
                if let (Some(from), Some(to)) = (*last, *earlier) {
                    let uses = self.bindings[from].uses.clone();
                    self.bindings[to].uses.extend(uses);
                }
            }
        }
    }

    fn param(&mut self, param: &Param) {
        self.level = self.bindings.len();
        match param {
            Param::Plain(name) => {
                self.declare(name, Kind::LambdaArg, false);
            }
            Param::Pattern { fields, bind, .. } => {
                if let Some(name) = bind {
                    self.declare(name, Kind::LambdaPattern, false);
                }
                let ids: Vec<usize> =
                    fields.iter().map(|f| self.declare(&f.name, Kind::LambdaPattern, true)).collect();
                for (field, id) in fields.iter().zip(ids) {
                    field.default.iter().for_each(|d| self.owned(Some(id), d));
                }
            }
        }
    }

    fn let_entries(&mut self, entries: &[Entry]) {
        self.level = self.bindings.len();
        self.plain_inherits(entries);
        let mut ids: Vec<Vec<usize>> = Vec::new();
        for entry in entries {
            match entry {
                Entry::Inherit { names, .. } => {
                    ids.push(names.iter().map(|n| self.declare(n, Kind::LetBinding, false)).collect());
                }
                Entry::Assign { key, .. } => ids.push(key.iter().map(|n| self.declare(n, Kind::LetBinding, false)).collect()),
            }
        }
        self.values(entries, &ids);
    }

    fn attrs(&mut self, recursive: bool, entries: &[Entry]) {
        self.plain_inherits(entries);
        if recursive {
            for entry in entries {
                match entry {
                    Entry::Inherit { names, .. } => self.scope.extend(names.iter().map(|n| (n.text.clone(), None))),
                    Entry::Assign { key, .. } => self.scope.extend(key.iter().map(|n| (n.text.clone(), None))),
                }
            }
        }
        self.values(entries, &vec![Vec::new(); entries.len()]);
    }

    /// `inherit a;` refers to the `a` outside of the entries' own scope.
    fn plain_inherits(&mut self, entries: &[Entry]) {
        for entry in entries {
            if let Entry::Inherit { from: None, names, .. } = entry {
                names.iter().for_each(|n| self.refer(&n.text));
            }
        }
    }

    fn values(&mut self, entries: &[Entry], owners: &[Vec<usize>]) {
        for (entry, ids) in entries.iter().zip(owners) {
            match entry {
                Entry::Inherit { from, .. } => from.iter().for_each(|e| self.owned_by_each(ids, e)),
                Entry::Assign { dynamic, value, .. } => {
                    dynamic.iter().for_each(|e| self.owned(ids.first().copied(), e));
                    self.owned(ids.first().copied(), value);
                }
            }
        }
    }
}
