//! A command-line hex viewer.

mod charmap;
mod cli;
mod color;
mod count;
mod error;
mod include;
mod input;
mod layout;
mod printer;
mod settings;
mod spec;
mod suggest;
mod terminal;

use std::env;
use std::ffi::OsString;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use charmap::CharTable;
use cli::{Command, Matches, Parser};
use error::{Error, Result};
use input::Input;
use printer::Printer;
use spec::Opt;

const VERSION: &str = "0.16.0";
const SHORT_HELP: &str = include_str!("help_short.txt");
const LONG_HELP: &str = include_str!("help_long.txt");

fn main() -> ExitCode {
    let mut arguments = env::args_os();
    let program = program_name(arguments.next());
    match run(&program, arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn program_name(argument: Option<OsString>) -> String {
    let path = argument.unwrap_or_default();
    match Path::new(&path).file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => "hexyl".to_string(),
    }
}

fn run(program: &str, arguments: impl Iterator<Item = OsString>) -> Result<()> {
    let usage = format!("Usage: {program} ");
    let help = |text: &str| text.replace("Usage: executable ", &usage);
    match Parser::new(program.to_string()).parse(arguments)? {
        Command::Run(matches) => view(&matches),
        Command::ShortHelp => print_text(&help(SHORT_HELP)),
        Command::LongHelp => print_text(&help(LONG_HELP)),
        Command::Version => print_text(&format!("hexyl {VERSION}\n")),
    }
}

fn view(matches: &Matches) -> Result<()> {
    if matches.has(Opt::ColorTable) {
        return print_text(&color::color_table());
    }
    if matches.has(Opt::Completion) {
        return Err(Error::failure("shell completions are not available in this build"));
    }
    let mut input = Input::open(matches.file.as_deref())?;
    let block_size = settings::block_size(matches)?;
    let skipped = match settings::skip(matches, block_size)? {
        Some(offset) => input.skip(offset)?,
        None => 0,
    };
    let length = settings::length(matches, block_size)?;
    let start = skipped.wrapping_add(settings::display_offset(matches, block_size)?);
    let layout = settings::layout(matches)?;

    let mut reader = input.into_reader().take(length.unwrap_or(u64::MAX));
    let mut out = BufWriter::new(io::stdout().lock());
    let printed = if matches.has(Opt::Include) {
        include::print(&mut reader, matches.file.as_deref(), &mut out)
    } else {
        let table = CharTable::from_name(matches.value(Opt::CharacterTable).unwrap_or("default"));
        let squeeze = !matches.has(Opt::NoSqueezing);
        Printer::new(layout, settings::palette(matches), table.build(), squeeze)
            .print(&mut reader, start, &mut out)
    };
    finish_output(printed.and_then(|()| out.flush()))
}

fn print_text(text: &str) -> Result<()> {
    finish_output(io::stdout().write_all(text.as_bytes()))
}

/// A reader that has gone away is no error.
fn finish_output(result: io::Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Error::from),
    }
}
