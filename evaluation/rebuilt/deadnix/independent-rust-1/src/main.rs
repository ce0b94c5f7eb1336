//! Finds, reports and removes unused bindings in Nix files.
mod analysis;
mod cli;
mod edit;
mod lexer;
mod parser;
mod report;

use cli::{Options, Outcome};
use std::io::Write;
use std::path::Path;

fn main() {
    let mut args: Vec<String> = std::env::args().collect();
    let first = args.remove(0);
    let program = Path::new(&first).file_name().map_or(first.clone(), |n| n.to_string_lossy().into_owned());
    match cli::parse(&program, args) {
        Outcome::Help => print(&cli::HELP.replace("{program}", &program)),
        Outcome::Version => print("deadnix 1.3.1\n"),
        Outcome::Error(text) => {
            eprint!("{text}");
            std::process::exit(2);
        }
        Outcome::Run(options) => run(&options),
    }
}

fn run(options: &Options) {
    let mut files = Vec::new();
    for path in &options.paths {
        collect(path, options, true, &mut files);
    }
    let mut found = false;
    for file in &files {
        found |= process(file, options);
    }
    if options.fail && found {
        std::process::exit(1);
    }
}

fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Adds a file, or the .nix files below a directory.
fn collect(path: &str, options: &Options, named: bool, files: &mut Vec<String>) {
    if options.excludes.iter().any(|e| same_file(path, e)) {
        return;
    }
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return eprintln!("Error stating file {path}: {error}"),
    };
    if !metadata.is_dir() {
        if named || path.ends_with(".nix") {
            files.push(path.to_string());
        }
        return;
    }
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => return eprintln!("Error reading directory {path}: {error}"),
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if options.hidden || !name.starts_with('.') {
            let child = Path::new(path).join(name);
            collect(&child.to_string_lossy(), options, false, files);
        }
    }
}

/// Handles one file; true when something was found in it.
fn process(file: &str, options: &Options) -> bool {
    let src = match std::fs::read_to_string(file) {
        Ok(src) => src,
        Err(error) => {
            eprintln!("Error reading file {file}: {error}");
            return false;
        }
    };
    let lexed = lexer::lex(&src);
    let expr = match parser::parse(&src, lexed.tokens) {
        Ok(expr) => expr,
        Err(errors) => {
            report_errors(file, &errors, options);
            return false;
        }
    };
    let skips = skip_lines(&src, &lexed.comments);
    let skipped = |at: usize| skips.contains(&line_of(&src, at));
    let findings = analysis::find(&expr, &options.checks, &skipped);
    if !findings.is_empty() && !options.quiet {
        report_findings(file, &src, &findings, options);
    }
    if options.edit {
        save(file, &src, edit::rewrite(&src, &expr, &findings));
    }
    !findings.is_empty()
}

fn report_errors(file: &str, errors: &[String], options: &Options) {
    if options.json {
        return print(&report::json_errors(file, errors));
    }
    for error in errors {
        eprintln!("Error parsing file {file}: {error}");
    }
}

fn report_findings(file: &str, src: &str, findings: &[analysis::Finding], options: &Options) {
    let color = std::env::var_os("NO_COLOR").is_none();
    print(&match options.json {
        true => report::json_findings(file, src, findings),
        false => report::human(file, src, findings, color),
    });
}

fn save(file: &str, old: &str, new: String) {
    if new != old {
        if let Err(error) = std::fs::write(file, new) {
            eprintln!("Error writing file {file}: {error}");
        }
    }
}

fn line_of(src: &str, at: usize) -> usize {
    src[..at].matches('\n').count()
}

/// The lines that follow a `deadnix: skip` comment.
fn skip_lines(src: &str, comments: &[lexer::Span]) -> Vec<usize> {
    let pragma = |c: &&lexer::Span| src[c.start..c.end].contains("deadnix: skip");
    comments.iter().filter(pragma).map(|c| line_of(src, c.end) + 1).collect()
}

fn same_file(a: &str, b: &str) -> bool {
    let real = |path: &str| std::fs::canonicalize(path).ok();
    real(a).is_some() && real(a) == real(b)
}
