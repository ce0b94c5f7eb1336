//! `hx`: show the bytes of a file or of standard input as a table, as a source
//! code array, or print a sampled quarter sine wave.
//!
//! The data flows through four steps:
//! command line -> [`cli::Settings`] -> [`Job`] -> bytes read -> text written.

mod cli;
mod render;

use cli::{Parsed, Settings, Switch};
use render::{ArraySyntax, Radix, TableStyle};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Read, Write};
use std::num::ParseIntError;
use std::process::ExitCode;
use std::str::FromStr;

/// Columns in a row when the user names no number.
const DEFAULT_COLUMNS: u64 = 10;
/// Decimal places of wave samples when the user names no number.
const DEFAULT_PLACES: usize = 4;
/// The largest number of decimal places the formatter can handle; more are cut to it.
const MAX_PLACES: usize = u16::MAX as usize;

/// What the program has to do, with every setting resolved.
enum Job {
    /// Print `length` samples of a quarter sine wave.
    Wave { length: u64, places: usize },
    /// Print bytes as a table of octets with their characters beside them.
    Table { bytes: Vec<u8>, columns: u64, style: TableStyle },
    /// Print bytes as an array literal.
    Array { bytes: Vec<u8>, columns: u64, syntax: &'static ArraySyntax },
}

/// Why a well-formed command line could not be carried out.
enum Failure {
    /// The option should have carried a number.
    Number { option: Switch, cause: ParseIntError },
    /// Reading or writing failed.
    Io(io::Error),
}

impl Failure {
    /// Prints the failure on standard error.
    fn report(&self) {
        match self {
            Failure::Number { option, cause } => {
                let spec = option.spec();
                eprintln!("-{}, --{} <integer> expected. {:?}", spec.short, spec.long, cause);
                eprintln!("error: {}", cause);
            }
            Failure::Io(error) => eprintln!("error: {}", error),
        }
    }
}

/// The number given with `option`, or `None` when the option is absent.
fn number<T: FromStr<Err = ParseIntError>>(settings: &Settings, option: Switch) -> Result<Option<T>, Failure> {
    settings
        .value(option)
        .map(|text| text.parse().map_err(|cause| Failure::Number { option, cause }))
        .transpose()
}

/// Opens the named file, or standard input when no file is named.
fn open_input(path: Option<&OsString>) -> io::Result<Box<dyn Read>> {
    Ok(match path {
        Some(path) => Box::new(File::open(path)?),
        None => Box::new(io::stdin().lock()),
    })
}

/// Reads at most `limit` bytes; a limit of zero means everything.
fn read_bytes(input: Box<dyn Read>, limit: u64) -> io::Result<Vec<u8>> {
    let limit = if limit == 0 { u64::MAX } else { limit };
    let mut bytes = Vec::new();
    input.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Colour when the user asks for it; otherwise only on a terminal and when
/// `NO_COLOR` is not set.
fn wants_color(settings: &Settings) -> bool {
    match settings.value(Switch::Color) {
        Some(choice) => choice == "1",
        None => io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
    }
}

/// Resolves the settings into a job, reading the input if the job needs any.
fn plan(settings: &Settings) -> Result<Job, Failure> {
    if let Some(length) = number(settings, Switch::Wave)? {
        let places = number(settings, Switch::Places)?.unwrap_or(DEFAULT_PLACES);
        return Ok(Job::Wave { length, places: places.min(MAX_PLACES) });
    }
    let input = open_input(settings.input.as_ref()).map_err(Failure::Io)?;
    let columns = number(settings, Switch::Columns)?.unwrap_or(DEFAULT_COLUMNS);
    let limit = number(settings, Switch::Length)?.unwrap_or(0);
    let bytes = read_bytes(input, limit).map_err(Failure::Io)?;
    if let Some(syntax) = settings.value(Switch::Array).and_then(ArraySyntax::by_letter) {
        return Ok(Job::Array { bytes, columns, syntax });
    }
    let radix = settings.value(Switch::Format).and_then(Radix::by_letter);
    let style = TableStyle {
        radix: radix.unwrap_or(Radix::LowerHex),
        prefix: settings.value(Switch::Prefix) != Some("0"),
        color: wants_color(settings),
    };
    Ok(Job::Table { bytes, columns, style })
}

/// Carries out the job; a reader that goes away early is not an error.
fn perform(job: &Job) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let written = match job {
        Job::Wave { length, places } => render::wave(&mut out, *length, *places),
        Job::Table { bytes, columns, style } => render::table(&mut out, bytes, *columns, style),
        Job::Array { bytes, columns, syntax } => render::array(&mut out, bytes, *columns, syntax),
    };
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Io(error)),
        _ => Ok(()),
    }
}

fn main() -> ExitCode {
    let mut words = std::env::args_os();
    let program = cli::program_name(words.next());
    match cli::parse(words) {
        Ok(Parsed::Help) => print!("{}", cli::help_text(&program)),
        Ok(Parsed::Version) => println!("{}", cli::VERSION_LINE),
        Ok(Parsed::Run(settings)) => {
            if let Err(failure) = plan(&settings).and_then(|job| perform(&job)) {
                failure.report();
                return ExitCode::from(1);
            }
        }
        Err(mistake) => {
            eprint!("{}", mistake.describe(&program));
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
