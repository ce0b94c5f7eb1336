//! hx: a colourful hex dump that can also print source code arrays and sine tables.

mod array;
mod cli;
mod dump;
mod suggest;
mod wave;

use std::fs::File;
use std::io::{self, BufReader, BufWriter, IsTerminal, Read, Write};
use std::num::ParseIntError;
use std::path::Path;
use std::process::exit;

use cli::{Opt, Options, Stop};

const DEFAULT_COLUMNS: usize = 10;
const DEFAULT_PLACES: usize = 4;

/// Everything that can end a run early once the command line is accepted.
enum Failure {
    /// A numeric option did not hold a number.
    Number(Opt, ParseIntError),
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Io(error)
    }
}

fn number(options: &Options, opt: Opt, default: usize) -> Result<usize, Failure> {
    match options.get(opt) {
        None => Ok(default),
        Some(text) => text.parse().map_err(|error| Failure::Number(opt, error)),
    }
}

/// Colour is on when asked for, or by default on a terminal without NO_COLOR.
fn wants_color(options: &Options) -> bool {
    match options.get(Opt::Color) {
        Some(value) => value == "1",
        None => std::env::var_os("NO_COLOR").is_none() && io::stdout().is_terminal(),
    }
}

fn execute(options: &Options) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());

    if options.get(Opt::Func).is_some() {
        let places = number(options, Opt::Places, DEFAULT_PLACES)?;
        let length = number(options, Opt::Func, 0)?;
        if places > usize::from(u16::MAX) {
            return Err(io::Error::other("too many decimal places").into());
        }
        wave::write(&mut out, length, places)?;
        out.flush()?;
        return Ok(());
    }

    let source: Box<dyn Read> = match &options.input {
        Some(path) => Box::new(File::open(path)?),
        None => Box::new(io::stdin()),
    };
    let columns = number(options, Opt::Cols, DEFAULT_COLUMNS)?;
    let limit = match number(options, Opt::Len, 0)? {
        0 => u64::MAX,
        n => n as u64,
    };
    let mut source = BufReader::new(source).take(limit);

    if let Some(language) = options.get(Opt::Array).and_then(array::Language::from_key) {
        let mut bytes = Vec::new();
        source.read_to_end(&mut bytes)?;
        language.write(&mut out, &bytes, columns)?;
    } else {
        let style = dump::Style {
            radix: options.get(Opt::Format).map_or(dump::Radix::LowerHex, dump::Radix::from_key),
            prefix: options.get(Opt::Prefix) != Some("0"),
            color: wants_color(options),
            columns,
        };
        dump::write(&mut out, &mut source, &style)?;
    }
    out.flush()?;
    Ok(())
}

fn main() {
    let mut argv = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned());
    let program = argv
        .next()
        .and_then(|first| Path::new(&first).file_name().map(|name| name.to_string_lossy().into_owned()))
        .unwrap_or_else(|| "hx".to_string());

    let options = match cli::parse(&program, argv) {
        Ok(options) => options,
        Err(Stop::Info(text)) => {
            let _ = io::stdout().write_all(text.as_bytes());
            exit(0);
        }
        Err(Stop::Misuse(text)) => {
            eprint!("{text}");
            exit(2);
        }
    };

    match execute(&options) {
        Ok(()) => {}
        Err(Failure::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(Failure::Io(error)) => {
            eprintln!("error: {error}");
            exit(1);
        }
        Err(Failure::Number(opt, error)) => {
            let spec = opt.spec();
            eprintln!("-{}, --{} <integer> expected. {error:?}", spec.short, spec.long);
            eprintln!("error: {error}");
            exit(1);
        }
    }
}
