//! Counts lines of code, comments and blanks and estimates complexity and cost.
mod count;
mod options;

use count::{count, Registry, Tally};
use options::{usage, Options};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

const VERSION: &str = "3.7.0";

struct FileStat {
    language: &'static str,
    name: String,
    ext: String,
    location: String,
    bytes: usize,
    tally: Tally,
}

impl FileStat {
    fn weighted(&self) -> f64 {
        if self.tally.code == 0 { 0.0 } else { self.tally.complexity as f64 / self.tally.code as f64 * 100.0 }
    }
}

#[derive(Default)]
struct Summary<'a> {
    name: &'a str,
    bytes: usize,
    tally: Tally,
    weighted: f64,
    files: Vec<&'a FileStat>,
}

impl<'a> Summary<'a> {
    fn add(&mut self, f: &'a FileStat) {
        self.bytes += f.bytes;
        self.tally += f.tally;
        self.weighted += f.weighted();
        self.files.push(f);
    }
}

#[derive(Clone, Copy)]
struct IgnoreRule<'a> {
    base: &'a Path,
    pattern: &'a str,
}

impl IgnoreRule<'_> {
    /// Some(true) ignores the path, Some(false) brings it back, None does not concern it.
    fn verdict(&self, path: &Path, is_dir: bool) -> Option<bool> {
        let negated = self.pattern.starts_with('!');
        let pattern = self.pattern.trim_start_matches('!');
        let bare = pattern.trim_end_matches('/');
        if bare.len() < pattern.len() && !is_dir {
            return None;
        }
        let text = if bare.contains('/') {
            path.strip_prefix(self.base).ok()?.to_str()?
        } else {
            path.file_name()?.to_str()?
        };
        glob(bare.trim_start_matches('/').as_bytes(), text.as_bytes()).then_some(!negated)
    }
}

fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], _) => text.is_empty(),
        ([b'*', b'*', b'/', rest @ ..], _) => glob(rest, text) || (0..text.len()).any(|i| text[i] == b'/' && glob(rest, &text[i + 1..])),
        ([b'*', b'*', rest @ ..], _) => (0..=text.len()).any(|i| glob(rest, &text[i..])),
        ([b'*', rest @ ..], _) => {
            let segment = text.iter().position(|&c| c == b'/').unwrap_or(text.len());
            (0..=segment).any(|i| glob(rest, &text[i..]))
        }
        ([b'?', rest @ ..], [c, tail @ ..]) => *c != b'/' && glob(rest, tail),
        ([p, rest @ ..], [c, tail @ ..]) => p == c && glob(rest, tail),
        _ => false,
    }
}

struct Walker<'a> {
    opts: &'a Options,
    registry: &'static Registry,
    seen: HashSet<PathBuf>,
    contents: HashSet<Vec<u8>>,
    files: Vec<FileStat>,
}

impl Walker<'_> {
    fn walk(&mut self, dir: &Path, inherited: &[IgnoreRule]) {
        let source = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
        let Ok(entries) = fs::read_dir(source) else { return };
        let ignore_text: String = [(".gitignore", "no-gitignore"), (".ignore", "no-ignore"), (".sccignore", "no-scc-ignore")]
            .iter()
            .filter(|(_, off)| !self.opts.on(off))
            .filter_map(|(name, _)| fs::read_to_string(dir.join(name)).ok())
            .map(|text| text + "\n")
            .collect();
        let own = ignore_text.lines().map(str::trim_end).filter(|l| !l.is_empty() && !l.starts_with('#'));
        let rules: Vec<IgnoreRule> = inherited.iter().copied().chain(own.map(|pattern| IgnoreRule { base: dir, pattern })).collect();
        let mut entries: Vec<_> = entries.flatten().collect();
        entries.sort_by_key(|e| e.file_name());
        for entry in entries {
            let path = dir.join(entry.file_name());
            let Ok(kind) = entry.file_type() else { continue };
            if rules.iter().filter_map(|r| r.verdict(&path, kind.is_dir())).last() == Some(true) {
                continue;
            }
            if kind.is_file() {
                self.file(&path);
            } else if kind.is_dir() && !self.opts.list("exclude-dir").iter().any(|x| path.ends_with(x)) {
                self.walk(&path, &rules);
            }
        }
    }

    fn file(&mut self, path: &Path) {
        let opts = self.opts;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if opts.list("exclude-file").contains(&name) || !self.seen.insert(path.to_path_buf()) {
            return;
        }
        let Ok(data) = fs::read(path) else { return };
        let Some((language, ext)) = self.registry.detect(&name, &data) else { return };
        let ignore_file = ext == ".gitignore" || ext == ".ignore";
        let wanted = opts.list("include-ext");
        if ignore_file && !opts.on("count-ignore")
            || opts.list("exclude-ext").contains(&ext)
            || !wanted.is_empty() && !wanted.contains(&ext)
            || !opts.on("binary") && data.iter().take(10_000).any(|&c| c == 0)
        {
            return;
        }
        let tally = count(&data, language, !opts.on("no-complexity"));
        let bytes = data.len();
        if opts.on("no-duplicates") && !self.contents.insert(data) {
            return;
        }
        self.files.push(FileStat { language: language.name, name, ext, location: path.display().to_string(), bytes, tally });
    }
}

fn sort_value(key: &str, t: &Tally) -> usize {
    match key.trim_end_matches('s') {
        "line" => t.lines,
        "blank" => t.blank,
        "code" => t.code,
        "comment" => t.comment,
        "complexity" => t.complexity,
        _ => 0,
    }
}

fn summarise<'a>(files: &'a [FileStat], key: &str) -> Vec<Summary<'a>> {
    let mut table: BTreeMap<&str, Summary> = BTreeMap::new();
    for f in files {
        table.entry(f.language).or_insert_with(|| Summary { name: f.language, ..Default::default() }).add(f);
    }
    let mut langs: Vec<Summary> = table.into_values().collect();
    let by_count = !key.starts_with("name");
    langs.sort_by_key(|l| match sort_value(key, &l.tally) {
        0 if by_count && !is_column(key) => Reverse(l.files.len()),
        n => Reverse(n),
    });
    langs
}

fn is_column(key: &str) -> bool {
    ["line", "blank", "code", "comment", "complexity"].contains(&key.trim_end_matches('s'))
}

fn sort_files(files: &mut [&FileStat], key: &str) {
    files.sort_by(|a, b| {
        let by_name = if key.starts_with("name") { a.location.cmp(&b.location) } else { a.name.cmp(&b.name) };
        sort_value(key, &b.tally).cmp(&sort_value(key, &a.tally)).then(by_name).then(a.location.cmp(&b.location))
    });
}

fn commas(n: usize) -> String {
    let digits = n.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap_or("")).collect();
    groups.join(",")
}

fn cocomo(code: usize, opts: &Options) -> String {
    let (model, [a, b, c, d]) = match opts.get("cocomo-project-type") {
        "semi-detached" => ("semi-detached", [3.0, 1.12, 2.5, 0.35]),
        "embedded" => ("embedded", [3.6, 1.2, 2.5, 0.32]),
        _ => ("organic", [2.4, 1.05, 2.5, 0.38]),
    };
    let effort = a * (code as f64 / 1000.0).powf(b) * opts.num("eaf");
    let cost = effort * (opts.num("avg-wage") / 12.0).floor() * opts.num("overhead");
    let months: f64 = c * effort.powf(d);
    let people = if months > 0.0 { effort / months } else { 0.0 };
    format!(
        "Estimated Cost to Develop ({model}) {}{}\nEstimated Schedule Effort ({model}) {months:.2} months\nEstimated People Required ({model}) {people:.2}\n",
        opts.get("currency-symbol"),
        commas(cost as usize)
    )
}

struct Table<'a> {
    opts: &'a Options,
    out: String,
    widths: &'static [usize],
    path_width: usize,
    name_max: usize,
    wide: bool,
}

impl Table<'_> {
    fn new(opts: &Options) -> Table<'_> {
        let wide = opts.on("wide") || opts.get("format") == "wide";
        let widths: &[usize] = match (wide, opts.on("no-complexity")) {
            (true, _) => &[37, 6, 10, 9, 10, 9, 11, 17],
            (false, true) => &[27, 6, 12, 11, 12, 11],
            (false, false) => &[19, 6, 12, 10, 10, 11, 11],
        };
        let (path_width, name_max) = if wide { (43, 22) } else { (27, 15) };
        Table { opts, out: String::new(), widths, path_width, name_max, wide }
    }

    fn row(&mut self, first: &str, first_width: usize, skip: usize, cells: &[String]) {
        let _ = write!(self.out, "{first:<first_width$}");
        for (cell, &width) in cells.iter().zip(&self.widths[skip..]) {
            let _ = write!(self.out, "{cell:>width$}");
        }
        self.out.push('\n');
    }

    fn border(&mut self) {
        if !self.opts.on("no-hborder") {
            let line = if self.opts.on("ci") { "-" } else { "─" };
            self.out += &line.repeat(self.widths.iter().sum());
            self.out.push('\n');
        }
    }

    fn cells(&self, t: &Tally, weighted: f64) -> Vec<String> {
        let number = |n: usize| if self.wide { n.to_string() } else { commas(n) };
        let mut cells: Vec<String> = [t.lines, t.blank, t.comment, t.code, t.complexity].map(number).to_vec();
        cells.push(format!("{weighted:.2}"));
        cells
    }

    fn summary(&mut self, name: &str, s: &Summary) {
        let mut cells = self.cells(&s.tally, s.weighted);
        cells.insert(0, if self.wide { s.files.len().to_string() } else { commas(s.files.len()) });
        let mut name = name.to_string();
        if name.chars().count() > self.name_max {
            name = name.chars().take(self.name_max - 1).chain(['…']).collect();
        }
        self.row(&name, self.widths[0], 1, &cells);
    }

    fn file(&mut self, f: &FileStat) {
        let length = f.location.chars().count();
        let mut path = f.location.clone();
        if length > self.path_width {
            path = format!("~{}", path.chars().skip(length + 1 - self.path_width).collect::<String>());
        }
        let mut cells = self.cells(&f.tally, f.weighted());
        let lines = cells.remove(0);
        let width = self.widths[..3].iter().sum::<usize>() - self.path_width;
        let first = format!("{path:<0$}{lines:>width$}", self.path_width);
        self.row(&first, 0, 3, &cells);
    }

    fn render(mut self, langs: &[Summary], total: &Summary) -> String {
        let opts = self.opts;
        let titles = ["Files", "Lines", "Blanks", "Comments", "Code", "Complexity", "Complexity/Lines"].map(String::from);
        self.border();
        self.row("Language", self.widths[0], 1, &titles);
        self.border();
        for (i, lang) in langs.iter().enumerate() {
            if i > 0 && opts.on("by-file") {
                self.border();
            } else if i > 0 && opts.on("percent") {
                self.out += &"-".repeat(self.widths.iter().sum());
                self.out.push('\n');
            }
            self.summary(lang.name, lang);
            if opts.on("percent") {
                let part = |x: usize, y: usize| format!("{:.1}%", x as f64 / y.max(1) as f64 * 100.0);
                let (l, t) = (&lang.tally, &total.tally);
                let cells = [
                    part(lang.files.len(), total.files.len()),
                    part(l.lines, t.lines),
                    part(l.blank, t.blank),
                    part(l.comment, t.comment),
                    part(l.code, t.code),
                    part(l.complexity, t.complexity),
                ];
                self.row("Percentage", self.widths[0], 1, &cells);
            }
            if opts.on("by-file") {
                self.border();
                lang.files.iter().for_each(|f| self.file(f));
            }
        }
        self.border();
        self.summary("Total", total);
        self.border();
        if !opts.on("no-cocomo") {
            self.out += &cocomo(total.tally.code, opts);
            if !self.wide {
                self.border();
            }
        }
        if !opts.on("no-size") {
            let (unit, size) = match opts.get("size-unit") {
                "binary" => ("BINARY", 1_048_576.0),
                "mixed" => ("MIXED", 1_024_000.0),
                _ => ("SI", 1e6),
            };
            let _ = writeln!(self.out, "Processed {} bytes, {:.3} megabytes ({unit})", total.bytes, total.bytes as f64 / size);
            self.border();
        }
        self.out
    }
}

fn csv(langs: &[Summary], total: &mut Summary, opts: &Options) -> String {
    if !opts.on("by-file") {
        let rows = langs.iter().map(|l| {
            let t = &l.tally;
            format!("{},{},{},{},{},{},{},{},0\n", l.name, t.lines, t.code, t.comment, t.blank, t.complexity, l.bytes, l.files.len())
        });
        return "Language,Lines,Code,Comments,Blanks,Complexity,Bytes,Files,ULOC\n".to_string() + &rows.collect::<String>();
    }
    sort_files(&mut total.files, opts.get("sort"));
    let rows = total.files.iter().map(|f| {
        let t = &f.tally;
        format!("{},{},{},{},{},{},{},{},{},0\n", f.language, f.location, f.name, t.lines, t.code, t.comment, t.blank, t.complexity, f.bytes)
    });
    "Language,Provider,Filename,Lines,Code,Comments,Blanks,Complexity,Bytes,ULOC\n".to_string() + &rows.collect::<String>()
}

fn json(langs: &[Summary], by_file: bool) -> String {
    let numbers = |t: &Tally| {
        let Tally { lines, code, comment, blank, complexity } = t;
        format!("\"Lines\":{lines},\"Code\":{code},\"Comment\":{comment},\"Blank\":{blank},\"Complexity\":{complexity}")
    };
    let file = |f: &&FileStat| {
        format!(
            "{{\"Language\":{0:?},\"PossibleLanguages\":[{0:?}],\"Filename\":{1:?},\"Extension\":{2:?},\"Location\":{3:?},\"Symlocation\":\"\",\"Bytes\":{4},{5},\"WeightedComplexity\":0,\"Hash\":null,\"Binary\":false,\"Minified\":false,\"Generated\":false,\"EndPoint\":0,\"Uloc\":0}}",
            f.language, f.name, f.ext, f.location, f.bytes, numbers(&f.tally)
        )
    };
    let language = |l: &Summary| {
        let files: Vec<String> = if by_file { l.files.iter().map(file).collect() } else { vec![] };
        format!(
            "{{\"Name\":{:?},\"Bytes\":{},\"CodeBytes\":0,{},\"Count\":{},\"WeightedComplexity\":0,\"Files\":[{}],\"LineLength\":null,\"ULOC\":0}}",
            l.name, l.bytes, numbers(&l.tally), l.files.len(), files.join(",")
        )
    };
    format!("[{}]", langs.iter().map(language).collect::<Vec<_>>().join(","))
}

fn clean(path: &str) -> PathBuf {
    Path::new(path).components().fold(PathBuf::new(), |mut out, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().last(), Some(Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other),
        }
        out
    })
}

fn main() -> ExitCode {
    let mut opts = match Options::parse(std::env::args().skip(1)) {
        Ok(opts) => opts,
        Err((message, _)) => {
            eprintln!("Error: {message}\n{}", usage());
            return ExitCode::FAILURE;
        }
    };
    let registry: &'static Registry = Box::leak(Box::new(Registry::load()));
    if opts.on("help") {
        print!("Sloc, Cloc and Code. Count lines of code in a directory with complexity estimation.\nVersion {VERSION}\nBen Boyter <someone@example.org> + Contributors\n\n{}", usage());
        return ExitCode::SUCCESS;
    } else if opts.on("version") {
        println!("scc version {VERSION}");
        return ExitCode::SUCCESS;
    } else if opts.on("languages") {
        registry.languages.iter().for_each(|l| println!("{} ({})", l.name, l.exts.join(",")));
        return ExitCode::SUCCESS;
    }
    if opts.paths.is_empty() {
        opts.paths.push(".".to_string());
    }
    if let Some(missing) = opts.paths.iter().find(|p| !Path::new(p).exists()) {
        println!("file or directory could not be read: {missing}");
        return ExitCode::FAILURE;
    }
    let mut walker = Walker { opts: &opts, registry, seen: HashSet::new(), contents: HashSet::new(), files: vec![] };
    for path in &opts.paths {
        if Path::new(path).is_dir() {
            walker.walk(&clean(path), &[]);
        } else {
            walker.file(&clean(path));
        }
    }
    let files = walker.files;
    let mut total = Summary::default();
    files.iter().for_each(|f| total.add(f));
    let key = opts.get("sort");
    let mut langs = summarise(&files, key);
    let format = if opts.on("wide") { "wide" } else { opts.get("format") };
    let file_key = if !is_column(key) && key != "name" && format != "json" { "lines" } else { key };
    langs.iter_mut().for_each(|l| sort_files(&mut l.files, file_key));
    print!("{}", match format {
        "csv" => csv(&langs, &mut total, &opts),
        "json" => json(&langs, opts.on("by-file")),
        _ => Table::new(&opts).render(&langs, &total),
    });
    ExitCode::SUCCESS
}
