//! Help pages and usage lines.

use crate::spec::{Arg, Command, Kind, COMMANDS};

const WIDTH: usize = 100;

/// Wraps text, joining the lines with the given indentation.
fn wrap(text: &str, indent: usize) -> String {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let mut current = String::new();
        for (i, word) in line.split(' ').enumerate() {
            let length = current.chars().count() + 1 + word.chars().count();
            if i > 0 && length > WIDTH - indent {
                lines.push(std::mem::take(&mut current));
            } else if i > 0 {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(current);
    }
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

pub fn label(arg: &Arg) -> String {
    match arg.kind {
        Kind::Required => format!("<{}>", arg.name),
        Kind::Optional => format!("[{}]", arg.name),
        Kind::Many => format!("[{}]...", arg.name),
        Kind::ManyRequired => format!("<{}>...", arg.name),
        Kind::Flag => format!("--{}", arg.long),
        Kind::Value => format!("--{} <{}>", arg.long, arg.name),
    }
}

pub fn is_option(arg: &Arg) -> bool {
    matches!(arg.kind, Kind::Flag | Kind::Value)
}

pub fn usage(command: &Command, with_options: bool) -> String {
    let mut parts = vec![format!("Usage: executable {}", command.name)];
    if with_options && command.args.iter().any(is_option) {
        parts.push("[OPTIONS]".to_string());
    }
    parts.extend(command.args.iter().filter(|a| !is_option(a)).map(label));
    parts.join(" ")
}

fn notes(arg: &Arg) -> Vec<String> {
    let mut out = Vec::new();
    if !arg.default.is_empty() && arg.long != "strategy" {
        out.push(format!("[default: {}]", arg.default));
    }
    if !arg.values.is_empty() && arg.long != "strategy" {
        out.push(format!("[possible values: {}]", arg.values.join(", ")));
    }
    out
}

/// One section as (left column, help text, notes) rows.
fn section(title: &str, rows: &[(String, String, Vec<String>)], long: bool) -> String {
    let width = rows.iter().map(|r| r.0.chars().count()).max().unwrap_or(0) + 4;
    let render = |(left, help, notes): &(String, String, Vec<String>)| {
        if !long {
            let text = std::iter::once(help.clone()).chain(notes.iter().cloned()).collect::<Vec<_>>().join(" ");
            let gap = " ".repeat(width - 2 - left.chars().count());
            return format!("  {}{}{}\n", left, gap, wrap(&text, width));
        }
        let mut text = help.clone();
        if !notes.is_empty() {
            text += &format!("\n\n{}", notes.join("\n"));
        }
        format!("  {}\n          {}\n", left, wrap(&text, 10))
    };
    let separator = if long { "\n" } else { "" };
    format!("\n{}:\n{}", title, rows.iter().map(render).collect::<Vec<_>>().join(separator))
}

pub fn page(command: &Command, long: bool) -> String {
    let long_page = long && !command.long.is_empty();
    let about = if long_page { command.long } else { command.about };
    let mut out = format!("{}\n\n{}\n", wrap(about, 0), usage(command, true));
    let row = |arg: &Arg, left: String| (left, arg.help.to_string(), notes(arg));
    let args: Vec<_> = command.args.iter().filter(|a| !is_option(a)).map(|a| row(a, label(a))).collect();
    if !args.is_empty() {
        out += &section("Arguments", &args, long_page);
    }
    let options = command.args.iter().filter(|a| is_option(a));
    let mut rows: Vec<_> = options.map(|a| row(a, format!("-{}, {}", a.short, label(a)))).collect();
    let hint = match (command.long.is_empty(), long) {
        (true, _) => "Print help",
        (_, true) => "Print help (see a summary with '-h')",
        (_, false) => "Print help (see more with '--help')",
    };
    rows.push(("-h, --help".to_string(), hint.to_string(), Vec::new()));
    out + &section("Options", &rows, long_page)
}

pub const OVERVIEW_USAGE: &str = "Usage: executable [OPTIONS] <COMMAND>";

pub fn overview() -> String {
    let about = "A command-line tool to generate, analyze, convert and manipulate colors";
    let mut rows: Vec<_> = COMMANDS.iter().map(|c| (c.name, c.about)).collect();
    rows.push(("help", "Print this message or the help of the given subcommand(s)"));
    rows.sort();
    let table: String = rows.iter().map(|(n, a)| format!("  {:<10}  {}\n", n, a)).collect();
    let picker = "Use a specific tool to pick the colors [possible values: gpick, xcolor, wcolor, grabc, colorpicker, chameleon, kcolorchooser, zenity, yad, hyprpicker, gdbus]";
    let options = [
        ("    --color-picker <color-picker>", picker),
        ("-f, --force-color", "Alias for --mode=24bit"),
        ("-h, --help", "Print help"),
        ("-m, --color-mode <mode>", "Specify the terminal color mode: 24bit, 8bit, off, *auto*"),
        ("-V, --version", "Print version"),
    ]
    .map(|(left, help)| (left.to_string(), help.to_string(), Vec::new()));
    format!("{about}\n\n{OVERVIEW_USAGE}\n\nCommands:\n{table}{}", section("Options", &options, false))
}
