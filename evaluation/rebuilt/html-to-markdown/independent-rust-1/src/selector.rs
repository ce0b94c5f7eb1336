//! A small part of CSS selectors: lists of compounds such as `p.note#a`.
use crate::html::{Element, Node};
use std::str::FromStr;

enum Test {
    Tag(String),
    Class(String),
    Id(String),
}

pub struct Selector(Vec<Vec<Test>>);

impl FromStr for Selector {
    type Err = String;

    fn from_str(source: &str) -> Result<Self, String> {
        if source.is_empty() {
            return Err("invalid css selector: empty string".into());
        }
        source.split(',').map(|part| compound(part.trim())).collect::<Result<_, _>>().map(Selector)
    }
}

fn compound(mut rest: &str) -> Result<Vec<Test>, String> {
    let mut tests = Vec::new();
    if rest.is_empty() {
        return Err("invalid css selector: expected selector, found EOF instead".into());
    }
    while !rest.is_empty() {
        let name_start = usize::from(rest.starts_with(['.', '#']));
        let tail = &rest[name_start..];
        let length = tail.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(tail.len());
        let name = tail[..length].to_string();
        if name.is_empty() {
            return Err("invalid css selector: expected identifier, found EOF instead".into());
        }
        tests.push(match rest.as_bytes()[0] {
            b'.' => Test::Class(name),
            b'#' => Test::Id(name),
            _ => Test::Tag(name.to_ascii_lowercase()),
        });
        rest = &tail[length..];
    }
    Ok(tests)
}

impl Selector {
    fn matches(&self, element: &Element) -> bool {
        let passes = |test: &Test| match test {
            Test::Tag(tag) => element.tag == *tag,
            Test::Class(class) => element.attr("class").split_whitespace().any(|c| c == class),
            Test::Id(id) => element.attr("id") == id,
        };
        self.0.iter().any(|tests| tests.iter().all(passes))
    }

    pub fn remove_from(&self, nodes: &mut Vec<Node>) {
        nodes.retain(|node| !matches!(node, Node::Element(e) if self.matches(e)));
        for node in nodes {
            if let Node::Element(element) = node {
                self.remove_from(&mut element.children);
            }
        }
    }

    /// The outermost matching elements.
    pub fn pick(&self, nodes: Vec<Node>) -> Vec<Node> {
        let choose = |node| match node {
            Node::Text(_) => Vec::new(),
            Node::Element(e) if self.matches(&e) => vec![Node::Element(e)],
            Node::Element(e) => self.pick(e.children),
        };
        nodes.into_iter().flat_map(choose).collect()
    }
}
