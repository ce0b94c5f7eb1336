//! Renames many files at once: by regular expression, by transliteration to
//! ASCII, or by replaying (and undoing) a dump of earlier operations.

mod cli;
mod dump;
mod output;
mod plan;
mod regex;

use cli::{Action, Options, Refusal};
use output::{Failure, Printer};
use plan::Renamer;

/// Runs one command to its end, reporting on the way.
fn run(options: &Options, printer: &Printer) -> Result<(), Failure> {
    // A bad pattern is reported before anything else is said.
    let renamer = Renamer::new(&options.action)?;
    if !options.force {
        printer.dry_run();
    }
    let operations = match &options.action {
        Action::Replay { file, undo: false } => dump::read(file)?,
        Action::Replay { file, undo: true } => plan::invert(dump::read(file)?),
        _ => plan::plan(options, &renamer)?,
    };
    if options.dump {
        dump::write(&options.dump_prefix, &operations)?;
    }
    for operation in &operations {
        if options.force {
            plan::execute(operation, options.backup, printer)?;
        }
        printer.operation(operation);
    }
    Ok(())
}

fn main() {
    let args: Vec<String> = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
    std::process::exit(match cli::parse(&args) {
        Ok(options) => {
            let printer = Printer { colored: options.colored, silent: options.silent };
            run(&options, &printer).map_or_else(|failure| printer.failure(&failure), |()| 0)
        }
        Err(Refusal::Help(text)) => {
            print!("{text}");
            0
        }
        Err(Refusal::Usage(text)) => {
            eprint!("{text}");
            2
        }
    });
}
