//! Rewrites a source text without its unused bindings.
use crate::analysis::Finding;
use crate::lexer::Span;
use crate::parser::{Entry, Expr, Field, Name, Node, Param};
use std::collections::HashSet;

struct Change {
    start: usize,
    end: usize,
    text: &'static str,
}

struct Editor<'a> {
    src: &'a str,
    dead: HashSet<usize>,
    changes: Vec<Change>,
}

pub fn rewrite(src: &str, expr: &Expr, findings: &[Finding]) -> String {
    let dead = findings.iter().filter(|f| f.unused).map(|f| f.span.start).collect();
    let mut editor = Editor { src, dead, changes: Vec::new() };
    editor.visit(expr);
    let mut changes = editor.changes;
    changes.sort_by_key(|c| (c.start, std::cmp::Reverse(c.end)));
    let (mut out, mut pos) = (String::new(), 0);
    for change in changes {
        if change.end <= pos && change.start < pos {
            continue;
        }
        out.push_str(&src[pos..change.start.max(pos)]);
        out.push_str(change.text);
        pos = change.end;
    }
    out + &src[pos..]
}

impl Editor<'_> {
    fn is_dead(&self, name: &Name) -> bool {
        self.dead.contains(&name.span.start)
    }

    fn remove(&mut self, start: usize, end: usize) {
        self.changes.push(Change { start, end, text: "" });
    }

    fn remove_with_space(&mut self, span: Span) {
        self.remove(self.src[..span.start].trim_end().len(), span.end);
    }

    fn visit(&mut self, expr: &Expr) {
        match &expr.node {
            Node::Ident(_) => {}
            Node::Group(parts) => parts.iter().for_each(|p| self.visit(p)),
            Node::Lambda(param, body) => {
                self.param(param);
                self.visit(body);
            }
            Node::Let(entries, body) => {
                let kept = entries.iter().filter(|e| !self.let_entry(e)).count();
                if kept == 0 {
                    self.remove(expr.start, body.start);
                }
                entries.iter().for_each(|e| self.entry_parts(e));
                self.visit(body);
            }
            Node::Attrs { entries, .. } => entries.iter().for_each(|e| self.entry_parts(e)),
        }
    }

    fn entry_parts(&mut self, entry: &Entry) {
        match entry {
            Entry::Inherit { from, .. } => from.iter().for_each(|e| self.visit(e)),
            Entry::Assign { dynamic, value, .. } => {
                dynamic.iter().for_each(|e| self.visit(e));
                self.visit(value);
            }
        }
    }

    /// Removes what is dead in the entry; true when all of it went.
    fn let_entry(&mut self, entry: &Entry) -> bool {
        match entry {
            Entry::Assign { key, span, .. } => {
                let gone = key.as_ref().is_some_and(|n| self.is_dead(n));
                if gone {
                    self.remove_with_space(*span);
                }
                gone
            }
            Entry::Inherit { names, span, .. } => {
                let dead: Vec<&Name> = names.iter().filter(|n| self.is_dead(n)).collect();
                if !names.is_empty() && dead.len() == names.len() {
                    self.remove_with_space(*span);
                    return true;
                }
                dead.iter().for_each(|n| self.remove_with_space(n.span));
                false
            }
        }
    }

    fn param(&mut self, param: &Param) {
        match param {
            Param::Plain(name) if self.is_dead(name) => {
                self.changes.push(Change { start: name.span.start, end: name.span.start, text: "_" });
            }
            Param::Plain(_) => {}
            Param::Pattern { fields, bind, braces } => {
                if let Some(name) = bind.as_ref().filter(|n| self.is_dead(n)) {
                    if name.span.start < braces.start {
                        self.remove(name.span.start, braces.start);
                    } else {
                        self.remove(braces.end, name.span.end);
                    }
                }
                fields.iter().for_each(|f| self.field(f));
            }
        }
    }

    fn field(&mut self, field: &Field) {
        if !self.is_dead(&field.name) {
            field.default.iter().for_each(|d| self.visit(d));
        } else if let Some(comma) = field.comma_after {
            self.remove_with_space(Span { start: field.name.span.start, end: comma + 1 });
        } else {
            let start = field.comma_before.unwrap_or(field.name.span.start);
            self.remove_with_space(Span { start, end: field.end });
        }
    }
}
