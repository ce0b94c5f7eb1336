//! Brings the tree into the shape the renderer expects.
use crate::html::{is_block, is_heading, Element, Node};

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Bold,
    Italic,
    Code,
    Strike,
}

pub fn kind(tag: &str) -> Option<Kind> {
    match tag {
        "b" | "strong" => Some(Kind::Bold),
        "i" | "em" => Some(Kind::Italic),
        "code" | "tt" | "samp" | "var" | "kbd" => Some(Kind::Code),
        "s" | "del" | "strike" => Some(Kind::Strike),
        _ => None,
    }
}

pub fn tidy(mut nodes: Vec<Node>) -> Vec<Node> {
    squash(&mut nodes);
    trim_lines(&mut nodes, Side::Start, &mut true);
    trim_lines(&mut nodes, Side::End, &mut true);
    merge(nodes, &mut Vec::new())
}

fn squash(nodes: &mut [Node]) {
    for node in nodes {
        match node {
            Node::Element(e) if e.tag == "pre" => {}
            Node::Element(e) => squash(&mut e.children),
            Node::Text(text) => *text = fold_blanks(text),
        }
    }
}

/// Turns every run of white space into one space.
pub fn fold_blanks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | '\t' | '\n' | '\r' | '\x0c' if out.ends_with(' ') => {}
            ' ' | '\t' | '\n' | '\r' | '\x0c' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Start,
    End,
}

/// Drops spaces at one side of each line. Going forward, a space that follows
/// another goes as well.
fn trim_lines(nodes: &mut [Node], side: Side, edge: &mut bool) {
    let mut visit = |node: &mut Node| match node {
        Node::Text(text) => {
            if *edge && side == Side::Start && text.starts_with(' ') {
                text.remove(0);
            } else if *edge && side == Side::End && text.ends_with(' ') {
                text.pop();
            }
            if !text.is_empty() {
                *edge = side == Side::Start && text.ends_with(' ');
            }
        }
        Node::Element(e) => match e.tag.as_str() {
            "br" | "pre" => *edge = true,
            "img" => *edge = false,
            tag => {
                let block = is_block(tag);
                *edge |= block;
                trim_lines(&mut e.children, side, edge);
                *edge |= block;
            }
        },
    };
    match side {
        Side::Start => nodes.iter_mut().for_each(&mut visit),
        Side::End => nodes.iter_mut().rev().for_each(&mut visit),
    }
}

/// Joins neighbours such as two bold parts and unwraps bold inside bold.
fn merge(nodes: Vec<Node>, open: &mut Vec<Kind>) -> Vec<Node> {
    let mut merged: Vec<Node> = Vec::new();
    for node in nodes {
        let element = match node {
            Node::Text(text) => {
                if !text.is_empty() {
                    merged.push(Node::Text(text));
                }
                continue;
            }
            Node::Element(element) => element,
        };
        let this = kind(&element.tag);
        if this.is_some_and(|k| open.contains(&k)) {
            merged.extend(merge(element.children, open));
            continue;
        }
        match merged.last_mut() {
            Some(Node::Element(last)) if this.is_some() && alike(kind(&last.tag), this) => last.children.extend(element.children),
            _ => merged.push(Node::Element(element)),
        }
    }
    for node in &mut merged {
        if let Node::Element(element) = node {
            let this = kind(&element.tag);
            open.extend(this);
            element.children = merge(std::mem::take(&mut element.children), open);
            open.truncate(open.len() - usize::from(this.is_some()));
            swap_with_only_child(element);
        }
    }
    merged
}

fn alike(a: Option<Kind>, b: Option<Kind>) -> bool {
    let emphasis = |k| matches!(k, Some(Kind::Bold | Kind::Italic));
    a == b || emphasis(a) && emphasis(b)
}

/// Bold around a link goes inside it, as does a link around a heading.
fn swap_with_only_child(outer: &mut Element) {
    let [Node::Element(inner)] = outer.children.as_mut_slice() else { return };
    let bold_link = matches!(kind(&outer.tag), Some(Kind::Bold | Kind::Italic)) && inner.tag == "a";
    if bold_link || outer.tag == "a" && is_heading(&inner.tag) {
        std::mem::swap(&mut outer.tag, &mut inner.tag);
        std::mem::swap(&mut outer.attrs, &mut inner.attrs);
    }
}
