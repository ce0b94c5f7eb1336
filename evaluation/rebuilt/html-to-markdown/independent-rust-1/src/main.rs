//! A converter from HTML to Markdown.
mod entities;
mod escape;
mod html;
mod links;
mod options;
mod render;
mod selector;
mod tidy;

use options::{Failure, Options, Request};
use std::io::Read;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::{env, fs, io, process};

const USAGE: &str = include_str!("usage.txt");
const VERSION: &str = "html2markdown\n\nGitVersion:  2.5.0\nGitCommit:   3006818b20a61b0a36eb86321aef57d3d017c27e\nBuildDate:   2025-11-30T18:10:45Z\n";
pub const PIPE_ADVICE: &str =
    "Here is how you can use the CLI:\n\n    echo \"<strong>important</strong>\" | html2markdown";
const GLOB_ADVICE: &str =
    "Here is how you can use a glob to match multiple files:\n\n    html2markdown --input \"src/*.html\" --output \"dist/\"";

fn main() {
    if let Err(failure) = run() {
        eprint!("\nerror: {}\n\n", failure.message);
        if let Some(advice) = failure.advice {
            eprint!("{advice}\n\n");
        }
        process::exit(1);
    }
}

fn run() -> Result<(), Failure> {
    match options::parse(env::args().skip(1))? {
        Request::Help => print!("{USAGE}"),
        Request::Version => print!("{VERSION}"),
        Request::Convert(options) => {
            let markdown = convert(&read_input(&options)?, &options);
            match &options.output {
                Some(output) => write_output(output, &markdown, &options)?,
                None => println!("{markdown}"),
            }
        }
    }
    Ok(())
}

fn convert(source: &str, options: &Options) -> String {
    let mut nodes = html::parse(source);
    if let Some(exclude) = &options.exclude {
        exclude.remove_from(&mut nodes);
    }
    if let Some(include) = &options.include {
        nodes = include.pick(nodes);
    }
    render::document(&tidy::tidy(nodes), options)
}

fn read_input(options: &Options) -> Result<String, Failure> {
    let bytes = match &options.input {
        None => read_stdin()?,
        Some(path) => match fs::metadata(path) {
            Err(_) => return Err(Failure::advised(format!("no files found matching pattern {path:?}"), GLOB_ADVICE)),
            Ok(info) if info.is_dir() => {
                return Err(Failure::advised(format!("input path {path:?} is a directory, not a file"), GLOB_ADVICE))
            }
            Ok(_) => fs::read(path)?,
        },
    };
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn read_stdin() -> Result<Vec<u8>, Failure> {
    let piped = fs::metadata("/dev/stdin").map_or(true, |info| !info.file_type().is_char_device());
    if !piped {
        return Err(Failure::advised("the html input should be piped into the cli".into(), PIPE_ADVICE));
    }
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn write_output(output: &str, markdown: &str, options: &Options) -> Result<(), Failure> {
    let path = if output.ends_with('/') {
        let stem = options.input.as_deref().and_then(|input| Path::new(input).file_stem());
        let stem = stem.map_or("output".into(), |s| s.to_string_lossy());
        Path::new(output).join(format!("{stem}.md"))
    } else {
        PathBuf::from(output)
    };
    if path.is_dir() {
        return Err(Failure::advised(
            format!("path {output:?} exists and is a directory, did you mean \"{output}/\"?"),
            "The --output must end with \"/\" to indicate a directory",
        ));
    }
    if path.exists() && !options.overwrite {
        return Err(format!("output path {path:?} already exists. Use --output-overwrite to replace existing files").into());
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    Ok(fs::write(path, markdown)?)
}
