// Finds unused bindings in Nix files.

mod syntax;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::exit;
use syntax::{tokenize, Entry, Kind, Name, Node, Parser, Role, Token};

#[derive(Default)]
struct Options { flags: Vec<&'static str>, json: bool, excludes: Vec<PathBuf>, paths: Vec<String> }

struct Finding { name: Name, role: Role, used: bool }

impl Finding {
    fn style(&self) -> (&'static str, &'static str) {
        match self.role {
            Role::Binding | Role::Inherit => ("let binding", "31"),
            Role::Argument => ("lambda argument", "36"),
            _ => ("lambda pattern", "35"),
        }
    }

    fn message(&self) -> String {
        format!("{} {}: {}", if self.used { "Used" } else { "Unused" }, self.style().0, self.name.text)
    }
}

fn mentions(node: &Node, name: &str) -> bool {
    if let Kind::Variable(text) = &node.kind { return text == name; }
    let mut declaring = node.entries.iter().filter(|e| e.names.iter().any(|n| n.text == name)).peekable();
    let hidden = node.kind != Kind::Set && declaring.peek().is_some();
    declaring.any(|e| e.role == Role::Inherit && e.exprs.is_empty())
        || (!hidden && children(node).any(|n| mentions(n, name)))
}

fn children(node: &Node) -> impl Iterator<Item = &Node> {
    node.entries.iter().flat_map(|e| &e.exprs).chain(&node.parts)
}

struct Checker<'a> { src: &'a str, tokens: &'a [Token], options: &'a Options, findings: Vec<Finding> }

impl Checker<'_> {
    fn has_skip_comment(&self, at: usize) -> bool {
        let mut breaks = 0;
        for token in self.tokens.iter().rev().skip_while(|t| t.start >= at) {
            let text = &self.src[token.start..token.end];
            if token.kind != "COMMENT" {
                breaks += text.matches('\n').count();
            } else if text.contains("deadnix: skip") {
                return true;
            }
            if breaks > 1 { return false; }
        }
        false
    }

    fn exempt(&self, name: &Name, role: Role) -> bool {
        let o = self.options;
        (name.text.starts_with('_') && (o.has("no-underscore") || role == Role::Argument))
            || (o.has("no-lambda-arg") && role == Role::Argument)
            || (o.has("no-lambda-pattern-names") && role == Role::PatternName)
            || name.text.starts_with(['"', '$'])
            || self.has_skip_comment(name.start)
    }

    fn check(&mut self, node: &Node) {
        if node.kind == Kind::Let || node.kind == Kind::Lambda {
            let names: Vec<_> = node.entries.iter().flat_map(|e| e.names.iter().map(move |n| (n, e))).collect();
            let exempt: Vec<bool> = names.iter().map(|(n, e)| self.exempt(n, e.role)).collect();
            let mut dead = vec![false; names.len()];
            while let Some(i) = (0..names.len()).find(|&i| {
                let name = &names[i].0.text;
                let lives_by = |j: usize| j != i && !dead[j] && names[j].1.exprs.iter().any(|n| mentions(n, name));
                !dead[i] && !exempt[i] && !mentions(&node.parts[0], name) && !(0..names.len()).any(lives_by)
            }) {
                dead[i] = true;
            }
            for (i, (name, entry)) in names.into_iter().enumerate() {
                let warn = self.options.has("warn-used-underscore") && name.text.starts_with('_') && !exempt[i];
                if dead[i] || warn {
                    self.findings.push(Finding { name: name.clone(), role: entry.role, used: !dead[i] });
                }
            }
        }
        children(node).for_each(|n| self.check(n));
    }
}

struct Editor<'a> { tokens: &'a [Token], dead: Vec<usize>, changes: Vec<(usize, usize, &'static str)> }

impl Editor<'_> {
    fn is_dead(&self, name: &Name) -> bool { self.dead.contains(&name.start) }
    fn goes_away(&self, entry: &Entry) -> bool {
        (entry.role == Role::Inherit || !entry.names.is_empty()) && entry.names.iter().all(|n| self.is_dead(n))
    }

    fn token_before(&self, at: usize, kind: &str) -> Option<usize> {
        self.tokens.iter().find(|t| t.end == at && t.kind == kind).map(|t| t.start)
    }

    fn cut(&mut self, start: usize, end: usize) {
        self.changes.push((self.token_before(start, "SPACE").unwrap_or(start), end, ""));
    }

    fn cut_pattern_name(&mut self, start: usize, end: usize) {
        let start = self.token_before(start, "SPACE").unwrap_or(start);
        let change = match self.tokens.iter().find(|t| t.start >= end && t.kind != "SPACE") {
            Some(t) if t.kind == "COMMA" => (start, t.end, ""),
            _ => (self.token_before(start, "COMMA").unwrap_or(start), end, ""),
        };
        self.changes.push(change);
    }

    fn edit(&mut self, node: &Node) {
        let vanishes = node.kind == Kind::Let && node.entries.iter().all(|e| self.goes_away(e));
        if vanishes { self.changes.push((node.start, node.parts[0].start, "")); }
        for entry in node.entries.iter().filter(|_| !vanishes) {
            if !self.goes_away(entry) {
                for name in entry.names.iter().filter(|_| entry.role == Role::Inherit) {
                    if self.is_dead(name) { self.cut(name.start, name.end); }
                }
                entry.exprs.iter().for_each(|n| self.edit(n));
                continue;
            }
            match entry.role {
                Role::Argument => self.changes.push((entry.start, entry.start, "_")),
                Role::PatternName => self.cut_pattern_name(entry.start, entry.end),
                Role::PatternWhole => self.changes.push((entry.start, entry.end, "")),
                _ => self.cut(entry.start, entry.end),
            }
        }
        node.parts.iter().for_each(|n| self.edit(n));
    }

    fn apply(mut self, src: &str) -> String {
        self.changes.sort();
        let (mut out, mut done) = (String::new(), 0);
        for (start, end, text) in self.changes {
            if start >= done { out = out + &src[done..start] + text; }
            done = done.max(end);
        }
        out + &src[done..]
    }
}

fn paint(color: &str, text: &str) -> String {
    let plain = std::env::var_os("NO_COLOR").is_some();
    if plain { text.to_string() } else { format!("\x1b[{}m{}\x1b[0m", color, text) }
}

fn paint_each(color: &str, text: &str) -> String { text.chars().map(|c| paint(color, &c.to_string())).collect() }

fn line_start(src: &str, at: usize) -> usize { src[..at].rfind('\n').map_or(0, |n| n + 1) }
fn line_number(src: &str, at: usize) -> usize { src[..at].matches('\n').count() + 1 }
fn report_text(file: &str, src: &str, findings: &[Finding]) {
    let first = findings[0].name.start;
    let margin = line_number(src, findings[findings.len() - 1].name.start).to_string().len();
    let column = src[line_start(src, first)..first].chars().count() + 1;
    let (corner, bracket) = (paint_each("38;5;246", "╭─["), paint("38;5;246", "]"));
    println!("{} Unused declarations were found.", paint("33", "Warning:"));
    println!("{:2$}{}{3}:{4}:{5}{6}", "", corner, margin + 2, file, line_number(src, first), column, bracket);
    findings
        .chunk_by(|a, b| line_start(src, a.name.start) == line_start(src, b.name.start))
        .for_each(|group| report_line(src, group, margin));
}

fn report_line(src: &str, group: &[Finding], margin: usize) {
    let begin = line_start(src, group[0].name.start);
    let line = src[begin..].lines().next().unwrap_or("").trim_end();
    let mut shown = String::new();
    let mut columns = vec![0];
    for (i, (offset, c)) in line.char_indices().enumerate() {
        let width = match c as u32 {
            9 => 4 - i % 4,
            0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xff00..=0xff60 | 0x1f300..=0x1faff => 2,
            _ => 1,
        };
        let text = if c == '\t' { " ".repeat(width) } else { c.to_string() };
        let owner = group.iter().find(|f| (f.name.start..f.name.end).contains(&(begin + offset)));
        shown += &paint_each(owner.map_or("38;5;249", |f| f.style().1), &text);
        columns.push(columns[i] + width);
    }
    columns.push(columns[columns.len() - 1] + 1);
    println!(" {}{}", paint("38;5;246", &format!("{:>margin$} │", line_number(src, begin))), shown);
    let chars_to = |at: usize| src[begin..at].chars().count();
    let anchor = |f: &Finding| columns[(chars_to(f.name.start) + chars_to(f.name.end)) / 2];
    let reach = columns[chars_to(group[group.len() - 1].name.end) + 1];
    for (i, finding) in group.iter().enumerate().rev() {
        let (mut row, mut at) = (String::new(), 0);
        for other in &group[..i] {
            row = row + &" ".repeat(anchor(other) - at) + &paint(other.style().1, "│");
            at = anchor(other) + 1;
        }
        let hook = format!("╰{}", "─".repeat(reach - anchor(finding) - 1));
        row = row + &" ".repeat(anchor(finding) - at) + &paint_each(finding.style().1, &hook);
        println!(" {}{} {}", paint("38;5;240", &format!("{:margin$} │", "")), row, finding.message());
    }
}

fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t"))
}

fn report_json(file: &str, results: Vec<String>) {
    println!("{{\"file\":{},\"results\":[{}]}}", quote(file), results.join(","));
}
fn json_finding(src: &str, f: &Finding) -> String {
    let before = line_start(src, f.name.start);
    let (column, end) = (f.name.start - before + 1, f.name.end - before + 1);
    let (line, message) = (line_number(src, before), quote(&f.message()));
    format!("{{\"column\":{column},\"endColumn\":{end},\"line\":{line},\"message\":{message}}}")
}

fn report_errors(file: &str, doing: &str, messages: &[String], options: &Options) {
    if options.json {
        report_json(file, messages.iter().map(|m| format!("{{\"message\":{}}}", quote(m))).collect());
    } else {
        messages.iter().for_each(|m| eprintln!("Error {} file {}: {}", doing, file, m));
    }
}

fn process(file: &str, options: &Options) -> std::io::Result<bool> {
    let src = fs::read_to_string(file)?;
    let tokens = tokenize(&src);
    let mut parser = Parser::new(&src, &tokens);
    let tree = parser.parse();
    if !parser.errors.is_empty() {
        report_errors(file, "parsing", &parser.errors, options);
        return Ok(false);
    }
    let mut checker = Checker { src: &src, tokens: &tokens, options, findings: Vec::new() };
    checker.check(&tree);
    let mut findings = checker.findings;
    findings.sort_by_key(|f| f.name.start);
    if !options.has("quiet") && !findings.is_empty() {
        if options.json {
            report_json(file, findings.iter().map(|f| json_finding(&src, f)).collect());
        } else {
            report_text(file, &src, &findings);
        }
    }
    if options.has("edit") {
        let dead = findings.iter().map(|f| f.name.start).collect();
        let mut editor = Editor { tokens: &tokens, dead, changes: Vec::new() };
        editor.edit(&tree);
        fs::write(file, editor.apply(&src))?;
    }
    Ok(!findings.is_empty())
}

fn visit(path: &str, explicit: bool, options: &Options) -> bool {
    let failed = |doing: &str, e: std::io::Error| {
        report_errors(path, doing, &[e.to_string()], options);
        false
    };
    let info = match fs::metadata(path) { Ok(info) => info, Err(e) => return failed("stating", e) };
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    let hidden = last.starts_with('.') && path != "." && path != ".." && !options.has("hidden");
    let excluded = fs::canonicalize(path).is_ok_and(|p| options.excludes.contains(&p));
    let wanted = !hidden && !excluded && (info.is_dir() || last.ends_with(".nix"));
    if !wanted && (info.is_dir() || !explicit) { return false; }
    let outcome = if info.is_dir() {
        fs::read_dir(path).map(|listing| {
            let children = listing.flatten().map(|c| Path::new(path).join(c.file_name()));
            children.fold(false, |found, c| visit(&c.to_string_lossy(), false, options) || found)
        })
    } else {
        process(path, options)
    };
    outcome.unwrap_or_else(|e| failed("processing", e))
}

const HELP: &str = "[OPTIONS] [FILE_PATHS]...

Arguments:
  [FILE_PATHS]...  .nix files, or directories with .nix files inside [default: .]

Options:
  -l, --no-lambda-arg                  Don't check lambda parameter arguments
  -L, --no-lambda-pattern-names        Don't check lambda attrset pattern names (don't break nixpkgs callPackage)
  -_, --no-underscore                  Don't check any bindings that start with a _
                                       (Lambda arguments starting with _ are not checked anyway.)
  -W, --warn-used-underscore           Warn if bindings are referenced that start with '_'
  -q, --quiet                          Don't print dead code report
  -e, --edit                           Remove unused code and write to source file
  -h, --hidden                         Recurse into hidden subdirectories and process hidden .*.nix files
      --help                           
  -f, --fail                           Exit with 1 if unused code has been found
  -o, --output-format <OUTPUT_FORMAT>  Output format to use [default: human-readable] [possible values: human-readable, json]
      --exclude <EXCLUDES>...          Files to exclude from analysis
  -V, --version                        Print version";
const FLAGS: [(&str, &str); 12] = [
    ("l", "no-lambda-arg"), ("L", "no-lambda-pattern-names"), ("_", "no-underscore"), ("W", "warn-used-underscore"),
    ("q", "quiet"), ("e", "edit"), ("h", "hidden"), ("", "help"), ("f", "fail"), ("o", "output-format"),
    ("", "exclude"), ("V", "version"),
];
const FORMATS: &str = "\n  [possible values: human-readable, json]";

fn program_name() -> String { std::env::args().next().unwrap_or_default().rsplit('/').next().unwrap_or("").into() }

fn display(long: &str) -> String {
    match long {
        "output-format" => "--output-format <OUTPUT_FORMAT>".into(),
        "exclude" => "--exclude <EXCLUDES>...".into(),
        _ => format!("--{}", long),
    }
}

fn inform(text: &str) -> ! {
    println!("{}", text);
    exit(0)
}

fn complain(message: String, usage: &str) -> ! {
    let usage = if usage.is_empty() { String::new() } else { format!("Usage: {} {}\n\n", program_name(), usage) };
    eprintln!("error: {}\n\n{}For more information, try '--help'.", message, usage);
    exit(2)
}

impl Options {
    fn has(&self, flag: &str) -> bool { self.flags.contains(&flag) }
    fn unknown(&self, arg: &str) -> ! {
        let shown: Vec<String> = self.flags.iter().map(|f| display(f)).collect();
        let flags = if shown.is_empty() { "[OPTIONS]".into() } else { shown.join(" ") };
        let paths = if self.paths.is_empty() { "[FILE_PATHS]..." } else { "<FILE_PATHS>..." };
        let tip = format!("to pass '{0}' as a value, use '-- {0}'", arg);
        complain(format!("unexpected argument '{}' found\n\n  tip: {}", arg, tip), &format!("{} {}", flags, paths))
    }

    fn set(&mut self, long: &'static str, attached: Option<&str>, rest: &mut &[String]) {
        let shown = display(long);
        if self.has(long) {
            complain(format!("the argument '{}' cannot be used multiple times", shown), "[OPTIONS] [FILE_PATHS]...");
        }
        self.flags.push(long);
        let missing = format!("a value is required for '{}' but none was supplied", shown);
        let most = if attached.is_some() { 0 } else if long == "exclude" { rest.len() } else { (long == "output-format") as usize };
        let count = rest.iter().take(most).take_while(|v| !v.starts_with('-')).count();
        let values: Vec<&str> = attached.into_iter().chain(rest[..count].iter().map(|v| v.as_str())).collect();
        *rest = &rest[count..];
        match (long, values.first().copied()) {
            ("exclude", Some(_)) => self.excludes.extend(values.iter().flat_map(fs::canonicalize)),
            ("exclude", None) => complain(missing, ""),
            ("output-format", Some("json")) => self.json = true,
            ("output-format", Some("human-readable")) => {}
            ("output-format", None | Some("")) => complain(missing + FORMATS, ""),
            ("output-format", Some(value)) => complain(format!("invalid value '{}' for '{}'{}", value, shown, FORMATS), ""),
            (_, Some(value)) => complain(
                format!("unexpected value '{}' for '{}' found; no more were expected", value, shown),
                &format!("{} [FILE_PATHS]...", shown),
            ),
            ("help", _) => inform(&format!("Find dead code in .nix files\n\nUsage: {} {}", program_name(), HELP)),
            ("version", _) => inform("deadnix 1.3.1"),
            _ => {}
        }
    }

    fn read(&mut self, mut rest: &[String]) {
        while let Some((arg, others)) = rest.split_first() {
            rest = others;
            if arg == "--" {
                self.paths.extend_from_slice(rest);
                return;
            } else if let Some(word) = arg.strip_prefix("--") {
                let (word, value) = word.split_once('=').map_or((word, None), |(w, v)| (w, Some(v)));
                match FLAGS.iter().find(|f| f.1 == word) {
                    Some(flag) => self.set(flag.1, value, &mut rest),
                    None => self.unknown(&format!("--{}", word)),
                }
            } else if arg.len() > 1 && arg.starts_with('-') {
                let before = self.flags.len();
                for (i, c) in arg.char_indices().skip(1) {
                    let tail = &arg[i + c.len_utf8()..];
                    let Some(flag) = FLAGS.iter().find(|f| f.0 == c.to_string()) else {
                        self.flags.truncate(before);
                        self.unknown(&format!("-{}", c));
                    };
                    if flag.0 == "o" && !tail.is_empty() {
                        self.set(flag.1, Some(tail.strip_prefix('=').unwrap_or(tail)), &mut rest);
                        break;
                    }
                    self.set(flag.1, None, &mut rest);
                }
            } else {
                self.paths.push(arg.clone());
            }
        }
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut options = Options::default();
    options.read(&args);
    if options.paths.is_empty() { options.paths.push(".".into()); }
    let found = options.paths.iter().fold(false, |found, path| visit(path, true, &options) || found);
    if found && options.has("fail") { exit(1); }
}
