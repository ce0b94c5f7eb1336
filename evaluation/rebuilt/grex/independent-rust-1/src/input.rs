//! Collects the sample strings from arguments, standard input or a file.

use crate::cli::Options;
use crate::Failure;
use std::io::{self, ErrorKind};

/// The exit code for conditions the user cannot be told much about.
const CRASH: i32 = 101;

pub fn read_samples(options: &Options) -> Result<Vec<String>, Failure> {
    let samples = match options.file() {
        Some(name) => split_lines(&read_file(name).map_err(|error| (describe(&error), 1))?),
        None if options.inputs == ["-"] => {
            split_lines(&io::read_to_string(io::stdin()).map_err(|error| (error.to_string(), CRASH))?)
        }
        None => options.inputs.clone(),
    };
    if samples.is_empty() {
        let message = "No test cases have been provided for regular expression generation";
        return Err((message.to_string(), CRASH));
    }
    Ok(samples)
}

fn read_file(name: &str) -> io::Result<String> {
    let mut path = name.to_string();
    if name == "-" {
        path.clear();
        io::stdin().read_line(&mut path)?;
    }
    std::fs::read_to_string(path.trim_end_matches(['\r', '\n']))
}

fn describe(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "error: the specified file could not be found".to_string(),
        ErrorKind::InvalidData => "error: the specified file's encoding is not valid UTF-8".to_string(),
        _ => format!("error: {error}"),
    }
}

fn split_lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_string).collect()
}
