mod regex;

use regex::Regex;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

const TOGGLES: [(&str, &str, bool); 15] = [
    ("regex", "regular expression search", false),
    ("column", "column output", false),
    ("row", "row output", false),
    ("binary", "binary file search", false),
    ("statistics", "statistics output", false),
    ("skipped", "skipped file output", false),
    ("recursive", "recursive directory search", true),
    ("symlink", "symbolic link follow", true),
    ("color", "colored output", true),
    ("file", "filename output", true),
    ("skip-vcs", "vcs directory ( .hg/.git/.svn ) skip", true),
    ("skip-gitignore", ".gitignore skip", true),
    ("fixed-order", "output order guarantee", true),
    ("parent-ignore", ".*ignore file search at parent directories", true),
    ("line-by-match", "to show the line by each match", false),
];
const PLAIN_FLAGS: [&str; 6] = ["key-from-file", "verbose", "tbm", "sse", "help", "version"];
const VALUES: [(&str, &str, &str); 4] = [
    ("max-threads", "NUM", "Number of max threads"),
    ("size-per-thread", "BYTES", "File size per one thread"),
    ("bin-check-bytes", "BYTES", "Read size for checking binary"),
    ("mmap-bytes", "BYTES", "[Experimental] Minimum size for using mmap"),
];

struct Options {
    prog: String,
    toggles: Vec<bool>,
    seen: Vec<String>,
    values: Vec<usize>,
    keyword: String,
    paths: Vec<PathBuf>,
}

impl Options {
    fn on(&self, name: &str) -> bool {
        self.toggles[TOGGLES.iter().position(|t| t.0 == name).unwrap()]
    }

    fn has(&self, name: &str) -> bool {
        self.seen.iter().any(|s| s == name)
    }

    fn usage(&self, extra: &[&str]) -> String {
        let mut names: Vec<&str> = self.seen.iter().map(|s| s.as_str()).chain(extra.iter().copied()).collect();
        if names.is_empty() {
            return format!("{} [FLAGS] [OPTIONS] <KEYWORD> [PATHS]...", self.prog);
        }
        names.sort();
        names.dedup();
        let value = |name| VALUES.iter().find(|v| v.0 == name).map_or(String::new(), |v| format!(" <{}>", v.1));
        let parts: String = names.iter().map(|n| format!(" --{}{}", n, value(*n))).collect();
        format!("{} <KEYWORD>{}", self.prog, parts)
    }

    fn fail(&self, message: &str, usage: &[&str]) -> ! {
        eprintln!("error: {}\n\nUSAGE:\n    {}\n\nFor more information try --help", message, self.usage(usage));
        std::process::exit(1);
    }

    fn unknown(&self, arg: &str) -> ! {
        self.fail(&format!("Found argument '{}' which wasn't expected, or isn't valid in this context", arg), &[])
    }
}

fn load_config(toggles: &[bool]) -> Option<Vec<bool>> {
    let home = PathBuf::from(std::env::var_os("HOME")?);
    let places = [home.join(".ambs.toml"), home.join(".config/amber/ambs.toml"), "/etc/amber/ambs.toml".into()];
    let text = fs::read_to_string(places.iter().find(|p| p.exists())?).ok()?;
    let mut result = toggles.to_vec();
    for line in text.lines().map(|l| l.split('#').next().unwrap().trim()).filter(|l| !l.is_empty()) {
        if line.starts_with('[') {
            break;
        }
        let (key, value) = line.split_once('=').filter(|kv| !kv.1.trim().is_empty())?;
        if let Some(i) = TOGGLES.iter().position(|t| t.0 == key.trim().replace('_', "-")) {
            result[i] = value.trim().parse().ok()?;
        }
    }
    Some(result)
}

fn print_help(opts: &Options) -> ! {
    let mut flags = vec![
        ("    --key-from-file".to_string(), "Use file contents of KEYWORD as keyword for search".to_string()),
        ("    --verbose".to_string(), "Verbose message".to_string()),
    ];
    let state = || TOGGLES.iter().zip(&opts.toggles);
    for (t, _) in state().filter(|x| !*x.1) {
        let short = if t.0 == "regex" { "-r, " } else { "    " };
        flags.push((format!("{}--{}", short, t.0), format!("Enable {}", t.1)));
    }
    for (t, _) in state().filter(|x| *x.1) {
        flags.push((format!("    --no-{}", t.0), format!("Disable {}", t.1)));
    }
    flags.push(("    --tbm".into(), "[Experimental] Enable TBM matcher".into()));
    flags.push(("    --sse".into(), "[Experimental] Enable SSE 4.2".into()));
    flags.push(("-h, --help".into(), "Prints help information".into()));
    flags.push(("-V, --version".into(), "Prints version information".into()));
    println!("ambs 0.6.0\n\nUSAGE:\n    {} [FLAGS] [OPTIONS] <KEYWORD> [PATHS]...\n\nFLAGS:", opts.prog);
    let width = flags.iter().map(|f| f.0.len()).max().unwrap() + 4;
    for (name, text) in flags {
        println!("    {:width$}{}", name, text);
    }
    println!("\nOPTIONS:");
    for (v, default) in VALUES.iter().zip(&opts.values) {
        println!("        {:29}{} [default: {}]", format!("--{} <{}>", v.0, v.1), v.2, default);
    }
    println!("\nARGS:\n    <KEYWORD>     Keyword for search\n    <PATHS>...    Search paths");
    std::process::exit(0);
}

fn print_version() -> ! {
    println!("ambs 0.6.0");
    std::process::exit(0);
}

fn parse_args() -> Options {
    let args: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    let cpus = std::thread::available_parallelism().map_or(1, |n| n.get());
    let mut opts = Options {
        prog: args[0].rsplit('/').next().unwrap().to_string(),
        toggles: TOGGLES.iter().map(|t| t.2).collect(),
        seen: Vec::new(),
        values: vec![cpus, 1048576, 256, 1048576],
        keyword: String::new(),
        paths: Vec::new(),
    };
    opts.toggles = load_config(&opts.toggles).unwrap_or(opts.toggles);
    let mut names: Vec<String> = PLAIN_FLAGS.iter().chain(VALUES.iter().map(|v| &v.0)).map(|s| s.to_string()).collect();
    names.extend(TOGGLES.iter().flat_map(|t| [t.0.to_string(), format!("no-{}", t.0)]));
    let mut raw: Vec<Option<String>> = vec![None; VALUES.len()];
    let mut positional = Vec::new();
    let mut i = 1;
    while i < args.len() {
        let arg = &args[i];
        i += 1;
        if !arg.starts_with('-') || arg == "-" {
            positional.push(arg.clone());
            continue;
        } else if arg == "--" {
            positional.extend(args[i..].iter().cloned());
            break;
        }
        let (mut found, mut value) = (Vec::new(), None);
        if let Some(long) = arg.strip_prefix("--") {
            let (name, text) = long.split_once('=').unwrap_or((long, ""));
            if !names.iter().any(|n| n == name) {
                opts.unknown(&format!("--{}", name));
            }
            value = if long.contains('=') { Some(text.to_string()) } else { None };
            found.push(name.to_string());
        } else {
            found.extend(arg[1..].chars().map(|c| match c {
                'r' => "regex".to_string(),
                'h' => "help".to_string(),
                'V' => "version".to_string(),
                c => format!("-{}", c),
            }));
        }
        for name in found {
            match name.as_str() {
                "help" => print_help(&opts),
                "version" => print_version(),
                short if short.starts_with('-') => opts.unknown(short),
                _ => {}
            }
            if let Some(v) = VALUES.iter().position(|v| v.0 == name) {
                if value.is_none() && args.get(i).map_or(false, |a| !a.starts_with('-')) {
                    value = Some(args[i].clone());
                    i += 1;
                }
                raw[v] = value.take();
            }
            opts.seen.push(name);
        }
    }
    let defaults: Vec<&str> = VALUES.iter().map(|v| v.0).collect();
    if let Some((_, name)) = opts.seen.iter().enumerate().find(|(i, name)| opts.seen[..*i].contains(name)) {
        let value = VALUES.iter().find(|v| v.0 == name).map_or(String::new(), |v| format!(" <{}>", v.1));
        let text = "was provided more than once, but cannot be used multiple times";
        opts.fail(&format!("The argument '--{}{}' {}", name, value, text), &defaults);
    }
    if positional.is_empty() {
        opts.fail("The following required arguments were not provided:\n    <KEYWORD>", &defaults);
    }
    for (i, text) in raw.iter().enumerate().filter_map(|(i, r)| Some((i, r.as_ref()?))) {
        opts.values[i] = text.parse().unwrap_or_else(|e| {
            eprintln!("error: Invalid value for '--{} <{}>': {}", VALUES[i].0, VALUES[i].1, e);
            std::process::exit(1);
        });
    }
    for (i, t) in TOGGLES.iter().enumerate() {
        opts.toggles[i] = if opts.toggles[i] { !opts.has(&format!("no-{}", t.0)) } else { opts.has(t.0) };
    }
    opts.keyword = positional.remove(0);
    opts.paths = positional.iter().map(PathBuf::from).collect();
    if opts.paths.is_empty() {
        opts.paths.push(PathBuf::from("."));
    }
    opts
}

#[derive(Clone, Copy, PartialEq)]
enum Color {
    Red = 1,
    Green = 2,
    Yellow = 3,
    Cyan = 6,
    White = 7,
}

struct Console {
    enabled: bool,
    bright: bool,
    reset: &'static str,
    current: Option<Color>,
    out: std::io::BufWriter<std::io::Stdout>,
}

impl Console {
    fn new(enabled: bool) -> Option<Console> {
        let term = std::env::var("TERM").ok()?;
        let reset = match term.split('-').next()? {
            "xterm" => "\x1b(B\x1b[m",
            "linux" | "screen" | "tmux" | "rxvt" => "\x1b[m\x0f",
            _ => return None,
        };
        let out = std::io::BufWriter::new(std::io::stdout());
        Some(Console { enabled, bright: term.ends_with("-256color"), reset, current: None, out })
    }

    fn code(&mut self, color: Color, force: bool) -> String {
        if !(self.enabled || force) || self.current == Some(color) {
            return String::new();
        }
        self.current = Some(color);
        format!("\x1b[{}{}m", if self.bright && color != Color::White { 9 } else { 3 }, color as u8)
    }

    fn write(&mut self, color: Color, text: &[u8]) {
        if !text.is_empty() {
            let code = self.code(color, false);
            let _ = write!(self.out, "{}{}", code, String::from_utf8_lossy(text));
        }
    }

    fn message(&mut self, color: Color, text: &str, force: bool) {
        let code = self.code(color, force);
        let _ = self.out.flush();
        eprintln!("{}{}", code, text);
    }

    fn finish(&mut self, status: i32) -> ! {
        let _ = write!(self.out, "{}", self.reset);
        let _ = self.out.flush();
        eprint!("{}", self.reset);
        std::process::exit(status);
    }
}

// A rule is its glob, whether it is negated and whether it is for directories only.
struct Ignore {
    root: PathBuf,
    rules: Vec<(String, bool, bool)>,
}

impl Ignore {
    fn load(dir: &Path) -> Option<Ignore> {
        let text = fs::read_to_string(dir.join(".gitignore")).ok()?;
        let mut rules = Vec::new();
        for line in text.lines().map(|l| l.trim_end()).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let body = line.strip_prefix('!').unwrap_or(line);
            let name = body.trim_end_matches('/');
            let glob = match name.strip_prefix('/') {
                Some(rest) => rest.to_string(),
                None if name.contains('/') => name.to_string(),
                None => format!("**/{}", name),
            };
            rules.push((glob, line.starts_with('!'), body.ends_with('/')));
        }
        Some(Ignore { root: dir.to_path_buf(), rules })
    }

    fn ignores(&self, path: &Path, is_dir: bool) -> bool {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        let text = relative.strip_prefix(".").unwrap_or(relative).to_string_lossy();
        let hit = |r: &&(String, bool, bool)| (is_dir || !r.2) && glob_match(r.0.as_bytes(), text.as_bytes());
        self.rules.iter().rev().find(hit).map_or(false, |r| !r.1)
    }
}

fn glob_match(glob: &[u8], text: &[u8]) -> bool {
    if let Some(rest) = glob.strip_prefix(b"**/") {
        return (0..text.len()).any(|i| (i == 0 || text[i - 1] == b'/') && glob_match(rest, &text[i..]));
    }
    let Some(&g) = glob.first() else { return text.is_empty() };
    if g == b'*' {
        let slash = if glob == b"**" { None } else { text.iter().position(|b| *b == b'/') };
        return (0..=slash.unwrap_or(text.len())).any(|i| glob_match(&glob[1..], &text[i..]));
    }
    let Some(&c) = text.first() else { return false };
    let (hit, used) = match (g, glob.iter().skip(2).position(|b| *b == b']')) {
        (b'?', _) => (c != b'/', 1),
        (b'[', Some(len)) => {
            let set = &glob[1..len + 2];
            (set.contains(&c) || set.windows(3).any(|w| w[1] == b'-' && w[0] <= c && c <= w[2]), len + 3)
        }
        (b'\\', _) => (glob.get(1) == Some(&c), 2),
        _ => (g == c, 1),
    };
    hit && glob_match(&glob[used..], &text[1..])
}

struct Finder<'a> {
    opts: &'a Options,
    files: Vec<PathBuf>,
    infos: Vec<(bool, String)>,
    errors: Vec<String>,
}

impl Finder<'_> {
    fn find(&mut self, path: &Path) {
        let parents = self.opts.on("skip-gitignore") && self.opts.on("parent-ignore");
        let meta = match fs::metadata(path) {
            Ok(meta) => meta,
            Err(e) => {
                let text = format!("Error: {} @ {}", e, path.display());
                return self.errors.extend(vec![text; 1 + parents as usize]);
            }
        };
        let ignore = if parents { self.find_parent(path, meta.is_dir()) } else { None };
        if meta.is_dir() {
            self.walk(path, ignore.as_ref());
        } else if !self.skipped(path, false, ignore.as_ref()) {
            self.files.push(path.to_path_buf());
        }
    }

    fn find_parent(&mut self, path: &Path, is_dir: bool) -> Option<Ignore> {
        let mut dir = if is_dir { path.join("..") } else { path.parent()?.to_path_buf() };
        loop {
            if dir.as_os_str().is_empty() {
                dir.push("..");
            }
            if let Some(ignore) = Ignore::load(&dir) {
                self.infos.push((true, format!("Found .gitignore at the parent directory: {:?}\n", dir)));
                return Some(ignore);
            }
            fs::canonicalize(&dir).ok()?.parent()?;
            dir.push("..");
        }
    }

    fn skipped(&mut self, path: &Path, is_dir: bool, ignore: Option<&Ignore>) -> bool {
        let name = path.file_name().unwrap_or_default();
        if self.opts.on("skip-vcs") && [".git", ".hg", ".svn", ".bzr"].iter().any(|v| name == *v) {
            self.infos.push((false, format!("Skip (vcs file)  : {:?}", path)));
            return true;
        }
        let ignored = ignore.map_or(false, |i| i.ignores(path, is_dir));
        if ignored {
            self.infos.push((false, format!("Skip (.gitignore): {:?}", path)));
        }
        ignored
    }

    fn walk(&mut self, dir: &Path, inherited: Option<&Ignore>) {
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(e) => return self.errors.push(format!("Error: {} @ {}", e, dir.display())),
        };
        let own = if self.opts.on("skip-gitignore") { Ignore::load(dir) } else { None };
        let ignore = own.as_ref().or(inherited);
        let recursive = self.opts.on("recursive");
        for entry in entries.flatten() {
            let path = entry.path();
            let is_link = entry.file_type().map_or(false, |t| t.is_symlink());
            let Ok(meta) = fs::metadata(&path) else { continue };
            let unwanted = (is_link && !(self.opts.on("symlink") && recursive)) || (meta.is_dir() && !recursive);
            if unwanted || self.skipped(&path, meta.is_dir(), ignore) {
                continue;
            } else if meta.is_dir() {
                self.walk(&path, ignore);
            } else if meta.is_file() {
                self.files.push(path);
            }
        }
    }
}

fn find_literal(key: &[u8], text: &[u8]) -> Vec<(usize, usize)> {
    let mut result = Vec::new();
    let mut pos = 0;
    while !key.is_empty() && pos + key.len() <= text.len() {
        let found = text[pos] == key[0] && text[pos..].starts_with(key);
        if found {
            result.push((pos, pos + key.len()));
        }
        pos += if found { key.len() } else { 1 };
    }
    result
}

// The contents of a file, its matches, and why it was left out (with true if that is an error).
type Outcome = (Vec<u8>, Vec<(usize, usize)>, Option<(bool, String)>);

fn search_file(path: &Path, key: &[u8], regex: Option<&Regex>, opts: &Options) -> Outcome {
    let left_out = |is_error, text| (Vec::new(), Vec::new(), Some((is_error, text)));
    let Ok(data) = fs::read(path) else { return left_out(true, format!("Error: permission denied @ {:?}\n", path)) };
    if !opts.on("binary") && data.iter().take(opts.values[2]).any(|b| *b <= 8) {
        return left_out(false, format!("Skip (binary)    : {:?}", path));
    }
    let matches = match (opts.on("regex"), regex, std::str::from_utf8(&data)) {
        (false, _, _) => find_literal(key, &data),
        (true, Some(regex), Ok(text)) => regex.find_all(text),
        _ => Vec::new(),
    };
    (data, matches, None)
}

fn print_matches(console: &mut Console, path: &Path, outcome: &Outcome, opts: &Options) {
    let is_eol = |b: &u8| *b == b'\n' || *b == b'\r';
    let (data, matches, _) = outcome;
    let (mut row, mut scanned, mut last_lf) = (1, 0, 0);
    let mut rest = &matches[..];
    while let Some(&(beg, _)) = rest.first() {
        let same_line = |m: &&(usize, usize)| !data[beg..m.0].iter().any(is_eol);
        let count = if opts.on("line-by-match") { 1 } else { rest.iter().take_while(same_line).count() };
        for pos in (scanned..beg).filter(|p| data[*p] == b'\n') {
            row += 1;
            last_lf = pos;
        }
        scanned = beg;
        let file = format!("{}:", path.display());
        let (row_text, col_text) = (format!("{}:", row), format!("{}:", beg - last_lf));
        for (name, color, text) in [("file", Color::Green, file), ("column", Color::Cyan, row_text), ("row", Color::Cyan, col_text)] {
            console.write(color, if opts.on(name) { text.as_bytes() } else { b"" });
        }
        let mut pos = data[..beg].iter().rposition(is_eol).map_or(0, |p| p + 1);
        for (b, e) in &rest[..count] {
            console.write(Color::White, &data[pos..*b]);
            console.write(Color::Yellow, &data[*b..*e]);
            pos = *e;
        }
        let line_end = data[pos..].iter().position(is_eol).map_or(data.len(), |p| pos + p);
        console.write(Color::White, &data[pos..line_end]);
        console.write(Color::White, b"\n");
        rest = &rest[count..];
    }
}

fn main() {
    let opts = parse_args();
    let Some(mut console) = Console::new(opts.on("color")) else { std::process::exit(1) };
    let mut key = opts.keyword.clone().into_bytes();
    if opts.has("key-from-file") {
        let data = fs::read(&opts.keyword);
        let problem = if data.is_err() { "file not found" } else { "file is empty" };
        key = data.unwrap_or_default();
        if key.is_empty() {
            console.message(Color::Red, &format!("Error: {} @ {:?}", problem, opts.keyword), true);
            console.finish(1);
        }
    }
    let regex = if opts.on("regex") { std::str::from_utf8(&key).ok().and_then(Regex::new) } else { None };

    let mut finder = Finder { opts: &opts, files: Vec::new(), infos: Vec::new(), errors: Vec::new() };
    for path in &opts.paths {
        finder.find(path);
    }
    let verbose = opts.has("verbose");
    let threads = opts.values[0].max(1);
    let mut notes: Vec<Vec<(bool, String)>> = vec![Vec::new(); threads];
    for chunk in finder.files.chunks(threads) {
        let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
            let search = |path| search_file(path, &key, regex.as_ref(), &opts);
            let handles: Vec<_> = chunk.iter().map(|path| scope.spawn(move || search(path))).collect();
            handles.into_iter().map(|h| h.join().unwrap_or_default()).collect()
        });
        for path in chunk.iter().filter(|_| verbose) {
            console.message(Color::Cyan, &format!("Search Start     : {:?}", path), true);
        }
        for (i, (path, outcome)) in chunk.iter().zip(&outcomes).enumerate() {
            notes[i].extend(outcome.2.clone());
            print_matches(&mut console, path, outcome, &opts);
        }
        for path in chunk.iter().filter(|_| verbose) {
            console.message(Color::Cyan, &format!("Search Finish    : {:?}", path), true);
        }
    }

    console.current = None;
    let shown = |n: &&(bool, String)| n.0 || opts.on("skipped") || verbose;
    for (_, text) in finder.infos.iter().filter(shown) {
        console.message(Color::Cyan, text, false);
    }
    for text in &finder.errors {
        console.message(Color::Red, text, false);
    }
    for (is_error, text) in notes.iter().flatten().filter(shown) {
        console.message(if *is_error { Color::Red } else { Color::Cyan }, text, false);
    }
    console.finish(0);
}
