//! Reading the test cases from arguments, a file or standard input.

use std::fs;
use std::io::{self, ErrorKind};

pub fn read(file: Option<&String>, arguments: &[String]) -> Result<Vec<String>, String> {
    let text = match file {
        None if arguments != ["-"] => return Ok(arguments.to_vec()),
        None => read_stdin()?,
        Some(name) if name == "-" => read_file(read_stdin()?.trim())?,
        Some(name) => read_file(name)?,
    };
    let samples: Vec<String> = text.lines().map(str::to_string).collect();
    if samples.is_empty() {
        return Err("there are no test cases to work with".to_string());
    }
    Ok(samples)
}

fn read_stdin() -> Result<String, String> {
    io::read_to_string(io::stdin()).map_err(|e| format!("cannot read standard input: {e}"))
}

fn read_file(name: &str) -> Result<String, String> {
    fs::read_to_string(name).map_err(|e| match e.kind() {
        ErrorKind::NotFound => "the specified file could not be found".to_string(),
        ErrorKind::InvalidData => "the specified file's encoding is not valid UTF-8".to_string(),
        _ => e.to_string(),
    })
}
