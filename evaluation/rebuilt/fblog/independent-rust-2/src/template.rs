//! A small handlebars dialect: paths, helpers, subexpressions and if/else blocks.
use crate::json::{parse, Fields, Json};

/// A compiled format string; `name` appears in render errors.
pub struct Template {
    name: &'static str,
    nodes: Vec<Node>,
}

enum Node {
    Literal(String),
    /// A tag with its line and column (from 1).
    Output(Expr, (usize, usize)),
    Choice { test: Expr, then: Vec<Node>, otherwise: Vec<Node> },
}

enum Expr {
    Constant(Json),
    Path(String),
    Call(String, Vec<Expr>),
}

const HELPERS: [&str; 12] = ["bold", "yellow", "red", "blue", "purple", "cyan", "green", "color_rgb", "uppercase",
    "level_style", "fixed_size", "min_size"];

/// Terminal styles of log levels.
const LEVELS: [(&str, &str); 5] =
    [("trace", "1;36"), ("debug", "1;34"), ("info", "1;32"), ("warn", "1;33"), ("error", "1;31")];

/// Wraps text in a terminal style.
pub fn paint(code: &str, text: &str) -> String {
    format!("\x1b[{code}m{text}\x1b[0m")
}

/// Builds nodes from position `at` up to the tag that ends the block; returns them and that tag.
fn build(source: &str, at: &mut usize) -> Result<(Vec<Node>, String), String> {
    let mut nodes = Vec::new();
    while let Some(open) = source[*at..].find("{{").map(|i| i + *at) {
        let before = &source[..open];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let place = (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1);
        nodes.push(Node::Literal(source[*at..open].to_string()));
        // Nothing is escaped, so `{{{a}}}` and `{{&a}}` mean `{{a}}`.
        let (skip, end) = if source[open..].starts_with("{{{") { (3, "}}}") } else { (2, "}}") };
        let body = &source[open + skip..];
        let close = body.find(end).ok_or(format!("tag at line {}, column {} is not closed", place.0, place.1))?;
        *at = open + skip + close + end.len();
        let tag = body[..close].trim_start_matches('&').trim();
        if tag == "else" || tag.starts_with('/') {
            return Ok((nodes, tag.to_string()));
        } else if let Some(test) = tag.strip_prefix("#if ") {
            let (then, mut ended_by) = build(source, at)?;
            let mut otherwise = Vec::new();
            if ended_by == "else" {
                (otherwise, ended_by) = build(source, at)?;
            }
            if ended_by != "/if" {
                return Err(format!("the block '{tag}' is not closed"));
            }
            nodes.push(Node::Choice { test: parse_expr(test, &mut 0)?, then, otherwise });
        } else if !tag.starts_with('!') {
            nodes.push(Node::Output(parse_expr(tag, &mut 0)?, place));
        }
    }
    nodes.push(Node::Literal(source[*at..].to_string()));
    *at = source.len();
    Ok((nodes, String::new()))
}

/// Parses `name arg arg …` up to a closing parenthesis or the end.
fn parse_expr(text: &str, at: &mut usize) -> Result<Expr, String> {
    let (mut parts, mut head) = (Vec::new(), String::new());
    while let Some(c) = text[*at..].chars().next().filter(|c| *c != ')') {
        let rest = &text[*at..];
        if c.is_whitespace() {
            *at += c.len_utf8();
        } else if c == '(' {
            *at += 1;
            parts.push(parse_expr(text, at)?);
            *at += 1;
            text.get(..*at).ok_or(format!("a ')' is missing in '{text}'"))?;
        } else if c == '"' || c == '\'' {
            let length = rest[1..].find(c).ok_or(format!("unfinished string in '{text}'"))?;
            parts.push(Expr::Constant(Json::Text(rest[1..=length].to_string())));
            *at += length + 2;
        } else {
            let length = rest.find(|c: char| c.is_whitespace() || "()\"'".contains(c)).unwrap_or(rest.len());
            if parts.is_empty() {
                head = rest[..length].to_string();
            }
            parts.push(parse(&rest[..length]).map_or(Expr::Path(rest[..length].to_string()), Expr::Constant));
            *at += length;
        }
    }
    match parts.len() {
        0 => Err("an empty expression".to_string()),
        1 if !HELPERS.contains(&head.as_str()) => Ok(parts.remove(0)),
        _ => Ok(Expr::Call(head, parts.split_off(1))),
    }
}

fn text_of(value: &Json) -> String {
    match value {
        Json::List(items) => format!("[{}]", items.iter().map(text_of).collect::<Vec<_>>().join(", ")),
        Json::Record(_) => "[object]".to_string(),
        other => other.scalar().unwrap_or_default(),
    }
}

fn truthy(value: &Json) -> bool {
    !matches!(text_of(value).as_str(), "" | "0" | "0.0" | "false" | "[]") && *value != Json::Record(Fields::new())
}

impl Template {
    /// Compiles a format string, or says what is wrong with it.
    pub fn compile(name: &'static str, source: &str) -> Result<Template, String> {
        match build(source, &mut 0)? {
            (nodes, ended_by) if ended_by.is_empty() => Ok(Template { name, nodes }),
            (_, tag) => Err(format!("unexpected '{tag}'")),
        }
    }

    /// Fills the template with the given variables.
    pub fn render(&self, vars: &Fields) -> Result<String, String> {
        let mut out = String::new();
        self.render_nodes(&self.nodes, vars, &mut out).map(|_| out)
    }

    fn render_nodes(&self, nodes: &[Node], vars: &Fields, out: &mut String) -> Result<(), String> {
        for node in nodes {
            match node {
                Node::Literal(text) => out.push_str(text),
                Node::Output(expr, (line, col)) => out.push_str(&text_of(&evaluate(expr, vars).map_err(|reason| {
                    format!("Error rendering \"{}\" line {line}, col {col}: {reason}", self.name)
                })?)),
                Node::Choice { test, then, otherwise } => {
                    let branch = if truthy(&evaluate(test, vars)?) { then } else { otherwise };
                    self.render_nodes(branch, vars, out)?;
                }
            }
        }
        Ok(())
    }
}

fn evaluate(expr: &Expr, vars: &Fields) -> Result<Json, String> {
    match expr {
        Expr::Constant(value) => Ok(value.clone()),
        Expr::Call(helper, args) => {
            let args = args.iter().map(|a| evaluate(a, vars)).collect::<Result<Vec<_>, _>>()?;
            call_helper(helper, &args)
        }
        Expr::Path(path) => {
            let mut steps = path.split('.').filter(|step| *step != "this").map(|step| step.trim_matches(['[', ']']));
            let found = steps.next().and_then(|step| vars.get(step));
            let found = steps.fold(found, |value, step| match value {
                Some(Json::Record(fields)) => fields.get(step),
                Some(Json::List(items)) => items.get(step.parse::<usize>().ok()?),
                _ => None,
            });
            Ok(found.cloned().unwrap_or(Json::Null))
        }
    }
}

fn call_helper(helper: &str, args: &[Json]) -> Result<Json, String> {
    let fail = |param: &str, what: &str| Err(format!("Helper/Decorator {helper} param with name {param} {what}"));
    let text = |i: usize, param: &str| match args.get(i) {
        Some(Json::Text(s)) => Ok(s.clone()),
        Some(_) => fail(param, "type mismatch for str"),
        None => fail(param, "required but not found"),
    };
    let number = |i: usize, param: &str| match args.get(i) {
        Some(Json::Int(n)) if *n >= 0 => Ok(*n as usize),
        Some(_) => fail(param, "type mismatch for u64").map(|_: String| 0),
        None => fail(param, "required but not found").map(|_| 0),
    };
    let code = match helper {
        "bold" => "1".to_string(),
        "color_rgb" => format!("38;2;{};{};{}", number(0, "r")?, number(1, "g")?, number(2, "b")?),
        "uppercase" => return Ok(Json::Text(text(0, "t")?.to_uppercase())),
        "level_style" => {
            let level = text(0, "level")?;
            let code = LEVELS.iter().find(|(name, _)| *name == level.trim().to_lowercase()).map_or("1;35", |found| found.1);
            return Ok(Json::Text(paint(code, &level)));
        }
        "fixed_size" | "min_size" => {
            let (size, value) = (number(0, "isize")?, text(1, "t")?);
            // Sizes count bytes.
            let mut padded = " ".repeat(size.saturating_sub(value.len())) + &value;
            if helper == "fixed_size" {
                padded.truncate((0..=size).rev().find(|end| padded.is_char_boundary(*end)).unwrap_or(0));
            }
            return Ok(Json::Text(padded));
        }
        colour => match ["red", "green", "yellow", "blue", "purple", "cyan"].iter().position(|c| *c == colour) {
            Some(i) => (31 + i).to_string(),
            None => return Err(format!("Helper not found {helper}")),
        },
    };
    let subject = text(if helper == "color_rgb" { 3 } else { 0 }, "t")?;
    Ok(Json::Text(paint(&code, &subject)))
}
