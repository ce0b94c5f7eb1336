//! Renames many files and directories at once, safely: by regular expression, into ASCII, or from a dump file.
mod ascii; mod cli; mod dump; mod pattern; mod plan; mod report;

use cli::{Request, Stop};
use plan::{Reach, Rename};
use report::{Failure, Painter};
use std::{io::IsTerminal, process::ExitCode};

/// How a run behaves, whatever the command.
struct Settings { force: bool, backup: bool, silent: bool, dump: Option<String>, painter: Painter }

impl Settings {
    fn new(request: &Request) -> Settings {
        let colored = match request.value("color") {
            Some("always") => true,
            Some("never") => false,
            _ => std::io::stdout().is_terminal(),
        };
        let force = request.has("force");
        let dump = (force || request.has("dump")) && !request.has("no-dump");
        let prefix = request.value("dump-prefix").unwrap_or("rnr-").to_string();
        let (backup, silent, dump) = (request.has("backup"), request.has("silent"), dump.then_some(prefix));
        Settings { force, backup, silent, dump, painter: Painter { colored } }
    }
    fn say(&self, line: String) { if !self.silent { println!("{line}") } }
}

/// Turns the command and its operands into the renames it asks for.
fn renames(request: &Request, pattern: Option<pattern::Pattern>) -> Result<Vec<Rename>, Failure> {
    let number = |long| request.value(long).and_then(|value| value.parse::<usize>().ok());
    let reach = Reach {
        recursive: request.has("recursive"),
        max_depth: number("max-depth").unwrap_or(usize::MAX),
        hidden: request.has("hidden"),
        dirs: request.has("include-dirs"),
    };
    let finish = |text: String| match request.value("replace-transform") {
        Some("upper") => text.to_uppercase(),
        Some("lower") => text.to_lowercase(),
        Some("ascii") => ascii::spell(&text),
        _ => text,
    };
    match (request.command, pattern) {
        (_, Some(pattern)) => {
            let limit = number("replace-limit").unwrap_or(1);
            plan::plan(&request.operands[2..], &reach, |name| pattern.replace(name, limit, &request.operands[1], finish))
        }
        ("to-ascii", _) => plan::plan(&request.operands, &reach, ascii::spell),
        _ => {
            let read = dump::read(&request.operands[0])?;
            let undo = |r: Rename| Rename { source: r.target, target: r.source };
            Ok(if request.has("undo") { read.into_iter().rev().map(undo).collect() } else { read })
        }
    }
}

fn execute(request: &Request, settings: &Settings, pattern: Option<pattern::Pattern>) -> Result<(), Failure> {
    let renames = renames(request, pattern)?;
    if let Some(prefix) = &settings.dump { dump::write(prefix, &renames)? }
    for rename in &renames {
        if settings.force { plan::carry_out(rename, settings.backup, &settings.painter, |line| settings.say(line))?; } else {
            settings.say(settings.painter.rename(rename));
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    let request = match cli::read(std::env::args_os().collect()) {
        Ok(request) => request,
        Err(Stop { text, code }) => {
            if code == 0 { print!("{text}") } else { eprint!("{text}") }
            return ExitCode::from(code);
        }
    };
    let settings = Settings::new(&request);
    let source = (request.command == "regex").then(|| request.operands[0].as_str());
    let pattern = match source.map(pattern::Pattern::new).transpose() {
        Ok(pattern) => pattern,
        Err(error) => {
            eprintln!("{}", settings.painter.failure(&Failure::new("Bad expression provided\n\n", error)));
            return ExitCode::FAILURE;
        }
    };
    if !settings.force { settings.say(settings.painter.paint("1", "This is a DRY-RUN")) }
    match execute(&request, &settings, pattern) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !settings.silent { eprintln!("{}", settings.painter.failure(&failure)) }
            ExitCode::FAILURE
        }
    }
}
