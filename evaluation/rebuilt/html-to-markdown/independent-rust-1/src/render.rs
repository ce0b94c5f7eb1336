//! Writes the tree as Markdown.
use crate::escape::{self, is_line_end, BREAK, CODE_LINE, LIST_CLOSE, LIST_OPEN, MARK};
use crate::html::{is_block, is_heading, Element, Node};
use crate::links;
use crate::options::Options;
use crate::tidy::{fold_blanks, kind, Kind};

pub fn document(nodes: &[Node], options: &Options) -> String {
    let renderer = Renderer { options };
    let text = renderer.finish(&renderer.nodes(nodes, Flow::Block));
    text.replace(BREAK, "  \n").replace(CODE_LINE, "\n").replace([LIST_OPEN, LIST_CLOSE], "")
}

/// Whether blocks are possible at a place, as they are not within a link.
#[derive(Clone, Copy, PartialEq)]
enum Flow {
    Block,
    Inline,
}

struct Renderer<'a> {
    options: &'a Options,
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == BREAK)
}

fn paragraph(text: &str) -> String {
    match trim(text) {
        "" => "\n\n".to_string(),
        text => format!("\n\n{text}\n\n"),
    }
}

/// Turns every run of line ends into a single paragraph break.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_line_end) {
        out.push_str(&rest[..at]);
        let after = rest[at..].trim_start_matches(is_line_end);
        let run = &rest[at..rest.len() - after.len()];
        out.push_str(if run.chars().count() == 1 { run } else { "\n\n" });
        rest = after;
    }
    out + rest
}

/// Rewrites the text within its outer white space, unless there is none.
fn inside(text: &str, change: impl Fn(&str) -> String) -> String {
    let core = trim(text);
    match text.split_once(core) {
        Some((before, after)) if !core.is_empty() => format!("{before}{}{after}", change(core)),
        _ => text.to_string(),
    }
}

/// Puts the delimiter around every line.
fn wrap_lines(text: &str, delimiter: &str) -> String {
    let wrap = |line: &str| match line.trim_end_matches(is_line_end) {
        "" => line.to_string(),
        content => format!("{delimiter}{content}{delimiter}{}", &line[content.len()..]),
    };
    inside(&squeeze(text), |core| core.split_inclusive(is_line_end).map(wrap).collect())
}

fn fence_for(text: &str, least: usize) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(least.max(longest + 1))
}

fn inline_code(element: &Element) -> String {
    let folded = fold_blanks(&element.raw_text());
    let text = folded.trim();
    if text.is_empty() {
        return String::new();
    }
    let fence = fence_for(text, 1);
    let pad = |needed: bool| if needed { " " } else { "" };
    format!("{fence}{}{text}{}{fence}", pad(text.starts_with('`')), pad(text.ends_with('`')))
}

fn fenced_code(element: &Element) -> String {
    let mut classes = element.attr("class").to_string();
    if let Some(Node::Element(code)) = element.children.first().filter(|n| matches!(n, Node::Element(e) if e.tag == "code")) {
        classes = format!("{classes} {}", code.attr("class"));
    }
    let language = classes.split_whitespace().find_map(|c| c.strip_prefix("language-").or(c.strip_prefix("lang-")));
    let text = element.raw_text();
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let fence = fence_for(text, 3);
    format!("{fence}{}\n{}\n{fence}", language.unwrap_or_default(), text.replace('\n', &CODE_LINE.to_string()))
}

/// Starts every further line with a prefix.
fn indent(text: &str, prefix: &str, line_ends: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        out.push(c);
        if line_ends.contains(&c) {
            out.push_str(prefix);
        }
    }
    out
}

impl Renderer<'_> {
    fn nodes(&self, nodes: &[Node], flow: Flow) -> String {
        let render = |node: &Node| match node {
            Node::Text(text) => escape::mark(text),
            Node::Element(element) => self.element(element, flow),
        };
        nodes.iter().map(render).collect()
    }

    /// Completes the content of the document or of a list item.
    fn finish(&self, text: &str) -> String {
        let squeezed = squeeze(text);
        let between = format!("{LIST_CLOSE}\n\n{LIST_OPEN}");
        let separated = trim(&squeezed).replace(&between, "\n\n<!--THE END-->\n\n");
        escape::resolve(&separated, self.options.strikethrough)
    }

    fn element(&self, element: &Element, flow: Flow) -> String {
        let inline = || self.nodes(&element.children, Flow::Inline);
        match (kind(&element.tag), element.tag.as_str()) {
            (Some(Kind::Bold), _) => wrap_lines(&inline(), &self.options.strong),
            (Some(Kind::Italic), _) => wrap_lines(&inline(), "*"),
            (Some(Kind::Strike), _) if self.options.strikethrough => wrap_lines(&inline(), "~~"),
            (Some(Kind::Code), _) => inline_code(element),
            (_, "br") => BREAK.to_string(),
            (_, "a") => self.link(element),
            (_, "img") => self.image(element),
            (_, tag) if is_heading(tag) => self.heading(element, flow),
            _ if flow == Flow::Inline => self.flat(element),
            _ => self.block(element),
        }
    }

    fn block(&self, element: &Element) -> String {
        match element.tag.as_str() {
            "hr" => paragraph("* * *"),
            "pre" => paragraph(&fenced_code(element)),
            "blockquote" => self.quote(element),
            "ul" | "ol" => self.list(element),
            tag if is_block(tag) => paragraph(&self.nodes(&element.children, Flow::Block)),
            _ => self.nodes(&element.children, Flow::Block),
        }
    }

    /// Blocks where only inline content is possible.
    fn flat(&self, element: &Element) -> String {
        let text = self.nodes(&element.children, Flow::Inline);
        match element.tag.as_str() {
            "pre" => inline_code(element),
            "blockquote" => format!("\"{}\"", trim(&text)),
            "hr" | "ul" | "ol" | "li" | "table" => text,
            tag if is_block(tag) => paragraph(&text),
            _ => text,
        }
    }

    fn heading(&self, element: &Element, flow: Flow) -> String {
        let text = squeeze(&self.nodes(&element.children, Flow::Inline));
        let text = trim(&text).replace("\n\n", " ").replace(is_line_end, " ");
        if text.is_empty() {
            return "\n\n".to_string();
        } else if flow == Flow::Inline {
            return format!("{}{BREAK}", wrap_lines(&text, &self.options.strong));
        }
        let text = match text.strip_suffix(&format!("{MARK}#")) {
            Some(start) => format!("{start}\\#"),
            None => text,
        };
        let level = element.tag[1..].parse().unwrap_or(1);
        paragraph(&format!("{} {text}", "#".repeat(level)))
    }

    fn link(&self, element: &Element) -> String {
        let target = links::target(element.attr("href"), element.attr("title"), &self.options.domain);
        let text = squeeze(&self.nodes(&element.children, Flow::Inline));
        if trim(&text).is_empty() {
            return format!("[]({target})");
        }
        inside(&text, |core| {
            let core = core.replace("\n\n", &format!("{BREAK}\\\n"));
            let core = core.replace(&format!("{MARK}["), "\\[").replace(&format!("{MARK}]"), "\\]");
            format!("[{core}]({target})")
        })
    }

    fn image(&self, element: &Element) -> String {
        let source = element.attr("src").trim();
        if source.is_empty() {
            return String::new();
        }
        let alt = fold_blanks(element.attr("alt")).replace('[', "\\[").replace(']', "\\]");
        format!("![{alt}]({})", links::target(source, element.attr("title"), &self.options.domain))
    }

    fn quote(&self, element: &Element) -> String {
        let text = squeeze(&self.nodes(&element.children, Flow::Block));
        match trim(&text) {
            "" => "\n\n".to_string(),
            text => paragraph(&format!("> {}", indent(text, "> ", &['\n', BREAK]).replace([LIST_OPEN, LIST_CLOSE], ""))),
        }
    }

    fn list(&self, list: &Element) -> String {
        let texts: Vec<String> = self.items(list).iter().map(|text| self.finish(text)).filter(|text| !text.is_empty()).collect();
        if texts.is_empty() {
            return "\n\n".to_string();
        }
        let start: i64 = list.attr("start").parse().unwrap_or(1);
        let width = (start + texts.len() as i64 - 1).to_string().len();
        let lines: Vec<String> = (start..)
            .zip(&texts)
            .map(|(number, text)| {
                let prefix = if list.tag == "ol" { format!("{number:0width$}. ") } else { "- ".to_string() };
                let pad = " ".repeat(prefix.len());
                prefix + &indent(text, &pad, &['\n', BREAK, CODE_LINE])
            })
            .collect();
        format!("\n\n{LIST_OPEN}{}{LIST_CLOSE}\n\n", lines.join("\n"))
    }

    /// The rendered items; stray children belong to the item before them.
    fn items(&self, list: &Element) -> Vec<String> {
        let mut items: Vec<String> = Vec::new();
        for child in &list.children {
            match child {
                Node::Element(item) if item.tag == "li" => items.push(self.nodes(&item.children, Flow::Block)),
                stray => {
                    let text = self.nodes(std::slice::from_ref(stray), Flow::Block);
                    match items.last_mut() {
                        Some(last) => last.push_str(&text),
                        None => items.push(text),
                    }
                }
            }
        }
        items
    }
}
