//! Searches a keyword in files and directories.

mod cli;
mod ignore;
mod regex;
mod view;

use cli::{Request, Settings};
use ignore::RuleSet;
use regex::{Regex, Span};
use std::path::{Path, PathBuf};
use std::time::Instant;
use view::{Screen, Ink};

/// Messages kept until the search is over.
#[derive(Default)]
struct Notices {
    remarks: Vec<String>,
    failures: Vec<String>,
}

/// Collects the files to search and what is worth telling about the way.
struct Collector<'a> {
    settings: &'a Settings,
    files: Vec<PathBuf>,
    notices: Notices,
}

impl Collector<'_> {
    /// Takes one path of the command line.
    fn start(&mut self, path: &Path) {
        match std::fs::metadata(path) {
            // said once for the path and once for the search in it
            Err(reason) => self.notices.failures.extend(vec![format!("Error: {reason} @ {}", path.display()); 2]),
            Ok(info) => {
                let rules = self.parent_rules(path, info.is_dir());
                let shown = path.to_string_lossy();
                let trimmed = shown.trim_end_matches('/');
                let prefix = if trimmed == "." { "" } else { trimmed.strip_prefix("./").unwrap_or(trimmed) };
                if info.is_dir() {
                    self.visit(path, prefix, rules.as_ref());
                } else if rules.map_or(false, |rules| rules.excludes(prefix, false)) {
                    self.skip(".gitignore", path);
                } else {
                    self.files.push(path.to_path_buf());
                }
            }
        }
    }

    /// The nearest ignore file above a path of the command line.
    fn parent_rules(&mut self, path: &Path, is_dir: bool) -> Option<RuleSet> {
        if !self.settings.on("skip-gitignore") || !self.settings.on("parent-ignore") {
            return None;
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut dir = if is_dir { path.join("..") } else { folder?.to_path_buf() };
        loop {
            if let Some(rules) = RuleSet::in_dir(&dir) {
                self.notices.remarks.push(format!("Found .gitignore at the parent directory: {dir:?}\n"));
                return Some(rules);
            }
            if dir.canonicalize().ok()?.parent().is_none() {
                return None;
            }
            dir.push("..");
        }
    }

    /// Walks a directory; `prefix` is its path as the rules see it. Rules of its own replace inherited ones.
    fn visit(&mut self, dir: &Path, prefix: &str, inherited: Option<&RuleSet>) {
        let entries = match std::fs::read_dir(dir) {
            Ok(entries) => entries.flatten(),
            Err(reason) => return self.notices.failures.push(format!("Error: {reason} @ {}", dir.display())),
        };
        let own = if self.settings.on("skip-gitignore") { RuleSet::in_dir(dir) } else { None };
        let (rules, prefix) = if own.is_some() { (own.as_ref(), "") } else { (inherited, prefix) };
        for entry in entries {
            let path = entry.path();
            let follows = self.settings.on("symlink") && self.settings.on("recursive");
            let Ok(info) = std::fs::metadata(&path) else { continue };
            if (path.is_symlink() && !follows) || (info.is_dir() && !self.settings.on("recursive")) {
                continue;
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            let seen_as = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            if self.settings.on("skip-vcs") && [".git", ".hg", ".svn", ".bzr"].contains(&name.as_str()) {
                self.skip("vcs file", &path);
            } else if rules.map_or(false, |rules| rules.excludes(&seen_as, info.is_dir())) {
                self.skip(".gitignore", &path);
            } else if info.is_dir() {
                self.visit(&path, &seen_as, rules);
            } else if info.is_file() {
                self.files.push(path);
            }
        }
    }

    fn skip(&mut self, why: &str, path: &Path) {
        if self.settings.on("skipped") {
            self.notices.remarks.push(skip_line(why, path));
        }
    }
}

fn skip_line(why: &str, path: &Path) -> String {
    format!("Skip {:<12}: {path:?}", format!("({why})"))
}

/// What is looked for.
enum Pattern {
    Literal(Vec<u8>),
    Regex(Regex),
}

impl Pattern {
    fn find_all(&self, data: &[u8]) -> Vec<Span> {
        match self {
            Pattern::Regex(regex) => std::str::from_utf8(data).map_or(vec![], |text| regex.find_all(text)),
            Pattern::Literal(word) if word.is_empty() => vec![],
            Pattern::Literal(word) => {
                let mut spans: Vec<Span> = Vec::new();
                for (start, _) in data.windows(word.len()).enumerate().filter(|(_, part)| *part == &word[..]) {
                    if spans.last().map_or(true, |last| last.end <= start) {
                        spans.push(Span { start, end: start + word.len() });
                    }
                }
                spans
            }
        }
    }
}

/// What became of one file.
enum Outcome {
    Searched { data: Vec<u8>, spans: Vec<Span> },
    Binary,
    Failed(String),
}

fn search_file(path: &Path, pattern: Option<&Pattern>, settings: &Settings) -> Outcome {
    match std::fs::read(path) {
        Err(reason) => Outcome::Failed(format!("Error: {} @ {path:?}\n", reason.kind())),
        Ok(data) if !settings.on("binary") && data.iter().take(settings.binary_probe).any(|byte| *byte == 0) => Outcome::Binary,
        Ok(data) => Outcome::Searched { spans: pattern.map_or(vec![], |pattern| pattern.find_all(&data)), data },
    }
}

/// Searches the files a batch at a time, one thread each, and shows the results in order.
fn search_all<'f>(files: &'f [PathBuf], pattern: Option<&Pattern>, settings: &Settings, screen: &mut Screen, notices: &mut Notices) {
    for batch in files.chunks(settings.threads) {
        std::thread::scope(|scope| {
            let start = |path: &'f PathBuf| scope.spawn(move || search_file(path, pattern, settings));
            let workers: Vec<_> = batch.iter().map(start).collect();
            for (path, worker) in batch.iter().zip(workers) {
                let outcome = worker.join().unwrap_or(Outcome::Failed(format!("Error: search stopped @ {path:?}\n")));
                show_outcome(path, outcome, settings, screen, notices);
            }
        });
    }
}

fn show_outcome(path: &Path, outcome: Outcome, settings: &Settings, screen: &mut Screen, notices: &mut Notices) {
    if settings.on("verbose") {
        screen.announce(&format!("Search Start     : {path:?}"));
        screen.report(Ink::Info, &format!("Search Finish    : {path:?}"));
    }
    match outcome {
        Outcome::Searched { data, spans } => view::show_matches(screen, settings, path, &data, &spans),
        Outcome::Binary if settings.on("skipped") => notices.remarks.push(skip_line("binary", path)),
        Outcome::Binary => {}
        Outcome::Failed(message) => notices.failures.push(message),
    }
}

/// Runs a search from the settings to the exit.
fn run(settings: Settings) -> ! {
    let began = Instant::now();
    let mut screen = Screen::new(settings.on("color"));
    let mut word = settings.keyword.clone().into_bytes();
    if settings.on("key-from-file") {
        word = std::fs::read(&settings.keyword).unwrap_or_else(|_| {
            screen.report(Ink::Error, &format!("Error: file not found @ {:?}", settings.keyword));
            screen.close(1)
        });
    }
    let pattern = match Regex::new(&String::from_utf8_lossy(&word)) {
        _ if !settings.on("regex") => Some(Pattern::Literal(word)),
        parsed => parsed.ok().map(Pattern::Regex),
    };
    let mut collector = Collector { settings: &settings, files: vec![], notices: Notices::default() };
    settings.paths.iter().for_each(|path| collector.start(path));
    let Collector { files, mut notices, .. } = collector;
    let found = began.elapsed();
    search_all(&files, pattern.as_ref(), &settings, &mut screen, &mut notices);
    notices.remarks.iter().for_each(|line| screen.report(Ink::Info, line));
    notices.failures.iter().for_each(|line| screen.report(Ink::Error, line));
    if settings.on("statistics") {
        let rest = (began.elapsed() - found).as_secs_f64();
        let mut table = format!("\nStatistics\n  Max threads: {}\n\n  Consumed time ( busy / total )\n", settings.threads);
        let matchers = (0..settings.threads).map(|i| (format!("Match{i:02}"), rest));
        let before = std::iter::once(("Find".into(), found.as_secs_f64()));
        for (stage, seconds) in before.chain(matchers).chain([("Sort".into(), rest), ("Display".into(), rest)]) {
            table += &format!("    {stage:<9}: 0s / {seconds:.9}s\n");
        }
        screen.report(Ink::Info, &table);
    }
    screen.close(0)
}

fn main() {
    let arguments: Vec<String> = std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    match cli::parse(&arguments) {
        Ok(Request::Help) => println!("{}", include_str!("help.txt").trim_end().replace("@", &cli::program_name())),
        Ok(Request::Version) => println!("ambs 0.6.0"),
        Ok(Request::Search(settings)) => run(settings),
        Err(message) => {
            eprintln!("{message}");
            std::process::exit(1);
        }
    }
}
