mod cli;
mod glob;
mod hook;
mod known;
mod parse;
mod randomness;
mod regex;
mod scan;
mod walk;

use cli::Options;
use std::path::{Path, PathBuf};
use std::process::exit;

fn main() {
    let args: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    let program = args[0].rsplit('/').next().unwrap_or("ripsecrets");
    let options = cli::read(program, &args[1..]).unwrap_or_else(|message| fail(&message));
    if let Some(text) = options.answer {
        return print!("{}", text);
    }
    // Matching recurses, so long lines need a deep stack.
    let worker = std::thread::Builder::new().stack_size(1 << 30).spawn(move || run(&options));
    match worker.unwrap().join().unwrap() {
        Ok(found) => exit(found as i32),
        Err(message) => fail(&format!("Error: {}", message)),
    }
}

fn fail(message: &str) -> ! {
    eprintln!("{}", message);
    exit(2)
}

/// Runs the chosen action and tells whether a secret was found.
fn run(options: &Options) -> Result<bool, String> {
    let mut sources: Vec<PathBuf> = options.sources.iter().map(PathBuf::from).collect();
    if options.install_hook {
        return hook::install(&sources[0]).map(|_| false);
    }
    let pattern = regex::Regex::new(&known::combined(&options.extra_patterns))?;
    let (rules, secrets) = glob::load_exclusions(Path::new(".secretsignore"));
    let scanner = scan::Scanner { pattern, allowed: &secrets, only_matching: options.only_matching };
    let mut found = false;
    sources.retain(|s| !(options.strict_ignore && rules.covers_with_parents(s)));
    for file in sources.iter().flat_map(|s| walk::Walker::new(s, &rules).files) {
        found |= scanner.scan_file(&file);
    }
    Ok(found)
}
