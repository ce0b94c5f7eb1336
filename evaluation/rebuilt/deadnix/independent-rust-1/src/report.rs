//! Prints findings as an annotated listing or as JSON.
use crate::analysis::{Finding, Kind};

fn paint(color: bool, code: &str, text: impl std::fmt::Display) -> String {
    if color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
}

fn code(kind: Kind) -> &'static str {
    match kind {
        Kind::LambdaArg => "36",
        Kind::LambdaPattern => "35",
        Kind::LetBinding => "31",
    }
}

struct Line<'a> {
    number: usize,
    start: usize,
    text: &'a str,
}

fn lines(src: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let mut out = Vec::new();
    for (index, raw) in src.split_inclusive('\n').enumerate() {
        out.push(Line { number: index + 1, start, text: raw.trim_end() });
        start += raw.len();
    }
    out
}

/// A finding placed on its line, in display columns.
struct Label<'a> {
    finding: &'a Finding,
    middle: usize,
    end: usize,
}

pub fn human(file: &str, src: &str, findings: &[Finding], color: bool) -> String {
    let lines: Vec<(Line, Vec<&Finding>)> = lines(src)
        .into_iter()
        .map(|line| {
            let inside = |f: &&Finding| f.span.start >= line.start && f.span.end <= line.start + line.text.len();
            let found = findings.iter().filter(inside).collect();
            (line, found)
        })
        .filter(|(_, found): &(Line, Vec<&Finding>)| !found.is_empty())
        .collect();
    let width = lines.last().map_or(1, |(line, _)| line.number.to_string().len());
    let (first, found) = &lines[0];
    let column = first.text[..found[0].span.start - first.start].chars().count() + 1;
    let mut out = format!("{} Unused declarations were found.\n", paint(color, "33", "Warning:"));
    let grey = |text: &str| paint(color, "38;5;246", text);
    out += &format!("{}{}{}{}", " ".repeat(width + 2), grey("╭"), grey("─"), grey("["));
    out += &format!("{file}:{}:{column}{}\n", first.number, grey("]"));
    for (line, found) in &lines {
        out += &annotated(line, found, width, color);
    }
    out
}

fn annotated(line: &Line, found: &[&Finding], width: usize, color: bool) -> String {
    let margin = paint(color, "38;5;246", format!("{:>w$} │", line.number, w = width));
    let margin = format!(" {margin}");
    let (text, columns) = source_row(line, found, color);
    let labels: Vec<Label> = found.iter().map(|f| place(line, f, &columns)).collect();
    let furthest = labels.iter().map(|l| l.end).max().unwrap_or(0);
    let mut out = format!("{margin}{text}\n");
    for index in (0..labels.len()).rev() {
        let blank = format!("{} │", " ".repeat(width));
        out += &format!(" {}", paint(color, "38;5;240", blank));
        out += &arrow_row(&labels[..=index], furthest, color);
    }
    out
}

/// The source text with tabs widened, and the display column of each character.
fn source_row(line: &Line, found: &[&Finding], color: bool) -> (String, Vec<usize>) {
    let (mut text, mut columns, mut column) = (String::new(), Vec::new(), 0);
    for (offset, c) in line.text.char_indices() {
        columns.push(column);
        let at = line.start + offset;
        let label = found.iter().find(|f| f.span.start <= at && at < f.span.end);
        let (shown, count) = match c {
            '\t' => (' ', 4 - column % 4),
            c if c.is_whitespace() => (' ', 1),
            c => (c, 1),
        };
        for _ in 0..count {
            text += &paint(color, label.map_or("38;5;249", |f| code(f.kind)), shown);
        }
        column += count;
    }
    columns.push(column);
    (text, columns)
}

fn place<'a>(line: &Line, finding: &'a Finding, columns: &[usize]) -> Label<'a> {
    let index = |at: usize| line.text[..at - line.start].chars().count();
    let (start, end) = (index(finding.span.start), index(finding.span.end));
    Label { finding, middle: columns[(start + end) / 2], end: columns[end] }
}

/// One message row: bars for the labels still to come, then the arrow of the last.
fn arrow_row(labels: &[Label], furthest: usize, color: bool) -> String {
    let (mut row, mut column) = (String::new(), 0);
    let last = labels.len() - 1;
    for (index, label) in labels.iter().enumerate() {
        row += &" ".repeat(label.middle - column);
        row += &paint(color, code(label.finding.kind), if index == last { "╰" } else { "│" });
        column = label.middle + 1;
    }
    let label = &labels[last];
    for _ in column..=furthest {
        row += &paint(color, code(label.finding.kind), "─");
    }
    format!("{row} {}\n", label.finding.message)
}

fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out += "\\n",
            '\t' => out += "\\t",
            c if c < ' ' => out += &format!("\\u{:04x}", c as u32),
            c => out.push(c),
        }
    }
    out + "\""
}

fn json(file: &str, results: Vec<String>) -> String {
    format!("{{\"file\":{},\"results\":[{}]}}\n", quote(file), results.join(","))
}

pub fn json_findings(file: &str, src: &str, findings: &[Finding]) -> String {
    let result = |f: &Finding| {
        let before = &src[..f.span.start];
        let line = before.matches('\n').count() + 1;
        let column = f.span.start - before.rfind('\n').map_or(0, |i| i + 1) + 1;
        let end = column + f.span.end - f.span.start;
        format!("{{\"column\":{column},\"endColumn\":{end},\"line\":{line},\"message\":{}}}", quote(&f.message))
    };
    json(file, findings.iter().map(result).collect())
}

pub fn json_errors(file: &str, errors: &[String]) -> String {
    json(file, errors.iter().map(|e| format!("{{\"message\":{}}}", quote(e))).collect())
}
