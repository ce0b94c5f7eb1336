//! Renders an ELF file as an annotated HTML hex dump.

mod elf;
mod markup;
mod names;
mod report;

use std::path::Path;
use std::process::ExitCode;

pub const VERSION: &str = "0.1.10";

fn usage() {
    println!("Usage: elfcat <filename>\nWrites <filename>.html to CWD.");
}

fn convert(path: &str) -> Result<(), String> {
    let data =
        std::fs::read(path).map_err(|e| format!("Failed to read file \"{}\": {}", path, e))?;
    let file = elf::Elf::parse(&data).map_err(|e| format!("Failed to parse ELF: {}", e))?;

    let base = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
    let page = report::render(path, &base, &file)
        .map_err(|e| format!("Failed to parse ELF: {}", e))?;
    std::fs::write(format!("{}.html", base), page)
        .map_err(|e| format!("Failed to write report: {}", e))
}

fn main() -> ExitCode {
    let args: Vec<String> =
        std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();

    let [arg] = args.as_slice() else {
        usage();
        return ExitCode::FAILURE;
    };
    let result = match arg.as_str() {
        "-h" | "--help" => Ok(usage()),
        "-v" | "--version" => Ok(println!("elfcat {}", VERSION)),
        path => convert(path),
    };
    if let Err(message) = result {
        eprintln!("{}", message);
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
