//! Find and replace in files or standard input.

mod cli;
mod matcher;
mod pattern;
mod replacement;

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

/// A replacement ready to be applied to texts.
struct Substitution {
    root: pattern::Node,
    names: Vec<Option<String>>,
    pieces: Vec<replacement::Piece>,
    limit: usize,
}

impl Substitution {
    fn new(job: &cli::Job) -> Result<Self, String> {
        let pieces = if job.literal {
            vec![replacement::Piece::Text(job.replace_with.clone())]
        } else {
            replacement::check(&job.replace_with)?;
            replacement::parse(&replacement::resolve_escapes(&job.replace_with))
        };
        let (mut modes, mut source) = (pattern::Modes { multi_line: true, ..Default::default() }, job.find.clone());
        if job.literal {
            let escape = |c: char| if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() };
            source = source.chars().map(escape).collect();
        }
        for flag in job.flags.chars() {
            match flag {
                'c' => modes.ignore_case = false,
                'i' => modes.ignore_case = true,
                'e' => modes.multi_line = false,
                's' => (modes.dot_all, modes.multi_line) = (true, modes.multi_line && job.flags.contains('m')),
                'w' => source = format!("\\b{source}\\b"),
                _ => {}
            }
        }
        let (root, names) =
            pattern::parse(&source, modes).map_err(|error| format!("invalid regex {}", error.render(&source)))?;
        Ok(Substitution { root, names, pieces, limit: job.limit })
    }

    fn apply(&self, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let (mut copied, mut from, mut count) = (0, 0, 0);
        while from <= text.len() && (self.limit == 0 || count < self.limit) {
            let Some(slots) = matcher::find(&self.root, self.names.len(), text, from) else { break };
            let (start, end) = (slots[0].unwrap_or(from), slots[1].unwrap_or(from));
            from = end + (start == end) as usize;
            // An empty match right behind the previous match does not count.
            if start == end && count > 0 && start == copied {
                continue;
            }
            out.extend(&text[copied..start]);
            replacement::expand(&self.pieces, &self.names, text, &slots, &mut out);
            (copied, count) = (end, count + 1);
        }
        out.extend(&text[copied..]);
        out
    }
}

fn read_file(path: &str) -> io::Result<Vec<u8>> {
    match fs::metadata(path)?.is_dir() {
        true => Err(io::Error::from_raw_os_error(19)),
        false => fs::read(path),
    }
}

/// Put a new file in the place of the old one, keeping its permissions.
fn replace_file(path: &str, content: &[u8]) -> io::Result<()> {
    let target = fs::canonicalize(path)?;
    let draft = target.with_extension(format!("new{}", std::process::id()));
    fs::write(&draft, content)?;
    fs::set_permissions(&draft, fs::metadata(&target)?.permissions())?;
    fs::rename(&draft, &target)
}

fn run(job: &cli::Job) -> Result<(), Box<dyn std::error::Error>> {
    let substitution = Substitution::new(job)?;
    if let Some(missing) = job.files.iter().find(|file| !Path::new(file).exists()) {
        return Err(format!("invalid path: {missing}").into());
    }
    let mut out = io::stdout().lock();
    if job.files.is_empty() {
        let mut text = Vec::new();
        io::stdin().read_to_end(&mut text)?;
        return Ok(out.write_all(&substitution.apply(&text))?);
    }
    let texts: Vec<Vec<u8>> = job.files.iter().map(|file| read_file(file)).collect::<Result<_, _>>()?;
    for (file, text) in job.files.iter().zip(&texts) {
        let replaced = substitution.apply(text);
        if !job.preview {
            replace_file(file, &replaced)?;
            continue;
        }
        if job.files.len() > 1 {
            writeln!(out, "----- FILE {file} -----")?;
        }
        out.write_all(&replaced)?;
    }
    Ok(())
}

fn main() {
    let args = std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned());
    let job = match cli::parse(args) {
        Ok(job) => job,
        Err((0, text)) => return print!("{text}"),
        Err((code, text)) => {
            eprint!("{text}");
            std::process::exit(code);
        }
    };
    // Matching recurses with the length of a match, so it gets a generous stack.
    let worker = std::thread::Builder::new().stack_size(1 << 29);
    let outcome = worker.spawn(move || run(&job).map_err(|error| error.to_string())).map(|thread| thread.join());
    let Ok(Ok(outcome)) = outcome else { std::process::exit(1) };
    if let Err(message) = outcome {
        eprintln!("error: {message}");
        std::process::exit(1);
    }
}
