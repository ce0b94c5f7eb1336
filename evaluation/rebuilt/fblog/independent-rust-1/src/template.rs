//! A Handlebars subset: expressions, sub-expressions, `if`/`unless` blocks and fblog's style helpers.
use crate::json::{self, Json, Object};

enum Param {
    Path(String),
    Literal(Json),
    Sub(Call),
}

/// `name param...`; without parameters and with an unknown name it is a variable.
struct Call {
    name: String,
    params: Vec<Param>,
}

/// A piece of a template; tags know their byte position for error messages.
enum Node {
    Text(String),
    Expr(usize, Call),
    Block { at: usize, call: Call, body: Vec<Node>, inverse: Vec<Node> },
}

pub struct Template {
    name: &'static str,
    nodes: Vec<Node>,
}

impl Template {
    pub fn parse(name: &'static str, source: &str) -> Result<Template, String> {
        match (Parser { source, pos: 0 }).nodes()? {
            (nodes, None) => Ok(Template { name, nodes }),
            (_, Some(tag)) => Err(format!("unexpected tag `{tag}`")),
        }
    }

    pub fn render(&self, data: &Object) -> Result<String, String> {
        let mut out = String::new();
        let failed = |(at, e): (usize, String)| format!("Error rendering \"{}\" line 1, col {}: {e}", self.name, at + 1);
        render_nodes(&self.nodes, data, &mut out).map_err(failed).map(|()| out)
    }
}

struct Parser<'a> {
    source: &'a str,
    pos: usize,
}

impl Parser<'_> {
    /// Reads nodes up to the end or up to an `else` or closing tag, which is returned too.
    fn nodes(&mut self) -> Result<(Vec<Node>, Option<String>), String> {
        let mut nodes = Vec::new();
        loop {
            let rest = &self.source[self.pos..];
            let open = rest.find("{{").unwrap_or(rest.len());
            nodes.push(Node::Text(rest[..open].to_string()));
            self.pos += open;
            if open == rest.len() {
                return Ok((nodes, None));
            }
            let at = self.pos;
            let tag = self.tag()?;
            if let Some(head) = tag.strip_prefix('#') {
                nodes.push(self.block(head, at)?);
            } else if tag.starts_with('/') || tag == "else" {
                return Ok((nodes, Some(tag)));
            } else if !tag.starts_with('!') {
                nodes.push(Node::Expr(at, parse_call(&tag)?));
            }
        }
    }

    /// Reads one `{{...}}` or `{{{...}}}` and returns its trimmed content.
    fn tag(&mut self) -> Result<String, String> {
        let rest = &self.source[self.pos..];
        let (open, close) = if rest.starts_with("{{{") { (3, "}}}") } else { (2, "}}") };
        let len = rest[open..].find(close).ok_or("a tag is not closed")?;
        self.pos += open + len + close.len();
        Ok(rest[open..open + len].trim().to_string())
    }

    fn block(&mut self, head: &str, at: usize) -> Result<Node, String> {
        let call = parse_call(head)?;
        let (body, mut end) = self.nodes()?;
        let mut inverse = Vec::new();
        if end.as_deref() == Some("else") {
            (inverse, end) = self.nodes()?;
        }
        if end != Some(format!("/{}", call.name)) {
            return Err(format!("block `{}` is not closed", call.name));
        }
        Ok(Node::Block { at, call, body, inverse })
    }
}

fn parse_call(text: &str) -> Result<Call, String> {
    let mut rest = text;
    let call = read_call(&mut rest)?;
    if rest.is_empty() { Ok(call) } else { Err(format!("unexpected `{rest}`")) }
}

fn read_call(rest: &mut &str) -> Result<Call, String> {
    let mut call = Call { name: word(rest), params: Vec::new() };
    if call.name.is_empty() {
        return Err("expected identifier".to_string());
    }
    loop {
        *rest = rest.trim_start();
        call.params.push(match rest.chars().next() {
            None | Some(')') => return Ok(call),
            Some('(') => {
                *rest = rest[1..].trim_start();
                let sub = read_call(rest)?;
                *rest = rest.strip_prefix(')').ok_or("expected `)`")?;
                Param::Sub(sub)
            }
            Some('"') => {
                let (text, tail) = rest[1..].split_once('"').ok_or("unfinished string")?;
                *rest = tail;
                Param::Literal(Json::Str(text.to_string()))
            }
            Some(_) => {
                let text = word(rest);
                json::parse(&text).map_or_else(|| Param::Path(text), Param::Literal)
            }
        });
    }
}

/// Takes the characters up to white space or a parenthesis.
fn word(rest: &mut &str) -> String {
    let (head, tail) = rest.split_at(rest.find(|c: char| c.is_whitespace() || "()".contains(c)).unwrap_or(rest.len()));
    *rest = tail;
    head.to_string()
}

/// Follows a path such as `a.b.[1]`; whatever does not exist is null.
fn lookup(path: &str, data: &Object) -> Json {
    let mut keys = path.split('.').map(|key| key.trim_matches(['[', ']']));
    let first = keys.next().and_then(|key| data.get(key));
    let found = keys.fold(first, |value, key| match value? {
        Json::Obj(object) => object.get(key),
        Json::Arr(items) => key.parse::<usize>().ok().and_then(|i| items.get(i)),
        _ => None,
    });
    found.cloned().unwrap_or(Json::Null)
}

fn truthy(value: &Json) -> bool {
    match value {
        Json::Num(number) => number.parse() != Ok(0.0),
        Json::Str(text) => !text.is_empty(),
        Json::Arr(items) => !items.is_empty(),
        Json::Obj(object) => !object.is_empty(),
        other => *other == Json::Bool(true),
    }
}

fn to_text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(b) => b.to_string(),
        Json::Num(s) | Json::Str(s) => s.clone(),
        Json::Arr(items) => format!("[{}]", items.iter().map(to_text).collect::<Vec<_>>().join(", ")),
        Json::Obj(_) => "[object]".to_string(),
    }
}

fn render_nodes(nodes: &[Node], data: &Object, out: &mut String) -> Result<(), (usize, String)> {
    for node in nodes {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Expr(at, call) => out.push_str(&to_text(&evaluate(call, data).map_err(|e| (*at, e))?)),
            Node::Block { at, call, body, inverse } => {
                if call.name != "if" && call.name != "unless" {
                    return Err((*at, format!("Helper not found {}", call.name)));
                }
                let args = arguments(call, data).map_err(|e| (*at, e))?;
                let holds = args.first().is_some_and(truthy) == (call.name == "if");
                render_nodes(if holds { body } else { inverse }, data, out)?;
            }
        }
    }
    Ok(())
}

fn arguments(call: &Call, data: &Object) -> Result<Vec<Json>, String> {
    let argument = |param: &Param| match param {
        Param::Path(path) => Ok(lookup(path, data)),
        Param::Literal(value) => Ok(value.clone()),
        Param::Sub(call) => evaluate(call, data),
    };
    call.params.iter().map(argument).collect()
}

/// Wraps text into an ANSI style.
pub fn paint(code: &str, text: &str) -> String {
    format!("\x1b[{code}m{text}\x1b[0m")
}

fn level_code(level: &str) -> &'static str {
    match level.trim().to_lowercase().as_str() {
        "trace" => "1;36",
        "debug" => "1;34",
        "info" => "1;32",
        "warn" => "1;33",
        "error" => "1;31",
        _ => "1;35",
    }
}

const STYLES: [(&str, &str); 7] =
    [("bold", "1"), ("red", "31"), ("green", "32"), ("yellow", "33"), ("blue", "34"), ("purple", "35"), ("cyan", "36")];

/// Runs a helper, or reads a variable if no helper has that name.
fn evaluate(call: &Call, data: &Object) -> Result<Json, String> {
    let args = arguments(call, data)?;
    let helper = call.name.as_str();
    let error = |param: &str, problem: &str| format!("Helper/Decorator {helper} param with name {param} {problem}");
    let required = |i: usize, param: &str| args.get(i).ok_or(error(param, "required but not found"));
    let text = |i: usize, param: &str| match required(i, param)? {
        Json::Str(s) => Ok(s.as_str()),
        _ => Err(error(param, "type mismatch for str")),
    };
    let size = |i: usize, param: &str| to_text(required(i, param)?).parse::<usize>().map_err(|_| error(param, "type mismatch for u64"));
    // Widths are in bytes, as in the original.
    let padded = |text: &str, width: usize| " ".repeat(width.saturating_sub(text.len())) + text;
    if let Some((_, code)) = STYLES.iter().find(|(name, _)| *name == helper) {
        return Ok(Json::Str(paint(code, text(0, "t")?)));
    }
    Ok(Json::Str(match helper {
        "color_rgb" => paint(&format!("38;2;{};{};{}", size(0, "r")?, size(1, "g")?, size(2, "b")?), text(3, "t")?),
        "uppercase" => text(0, "t")?.to_uppercase(),
        "level_style" => paint(level_code(text(0, "level")?), text(0, "level")?),
        "fixed_size" => padded(&text(1, "t")?.chars().take(size(0, "isize")?).collect::<String>(), size(0, "isize")?),
        "min_size" => padded(text(1, "t")?, size(0, "isize")?),
        _ if args.is_empty() => return Ok(lookup(helper, data)),
        _ => return Err(format!("Helper not found {helper}")),
    }))
}
