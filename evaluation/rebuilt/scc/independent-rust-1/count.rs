//! Language table and line counting.
use std::collections::HashMap;
use std::ops::AddAssign;

const TABLE: &str = include_str!("languages.txt");

#[derive(Clone, Copy)]
struct Quote {
    open: &'static str,
    close: &'static str,
    raw: bool,
    doc: bool,
}

pub struct Language {
    pub name: &'static str,
    pub exts: Vec<&'static str>,
    line_comments: Vec<&'static str>,
    blocks: Vec<(&'static str, &'static str)>,
    nested: bool,
    quotes: Vec<Quote>,
    keywords: Vec<String>,
}

#[derive(Default)]
pub struct Registry {
    pub languages: Vec<Language>,
    by_ext: HashMap<&'static str, usize>,
    by_shebang: HashMap<&'static str, usize>,
}

#[derive(Clone, Copy, Default)]
pub struct Tally {
    pub lines: usize,
    pub code: usize,
    pub comment: usize,
    pub blank: usize,
    pub complexity: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, o: Tally) {
        self.lines += o.lines;
        self.code += o.code;
        self.comment += o.comment;
        self.blank += o.blank;
        self.complexity += o.complexity;
    }
}

fn parse_quote(spec: &'static str) -> Quote {
    let (spec, raw) = spec.strip_prefix("raw:").map_or((spec, false), |s| (s, true));
    let (open, doc) = spec.strip_prefix("doc:").map_or((spec, false), |s| (s, true));
    Quote { open, close: open.trim_start_matches('@'), raw, doc }
}

impl Registry {
    pub fn load() -> Registry {
        let mut reg = Registry::default();
        let mut profiles: HashMap<&str, Vec<String>> = HashMap::new();
        for row in TABLE.lines() {
            if let Some((name, words)) = row.strip_prefix('@').and_then(|r| r.split_once('|')) {
                profiles.insert(name, words.split_whitespace().map(|w| w.replace('_', " ")).collect());
                continue;
            }
            let mut fields = row.split('|');
            let mut next = || fields.next().unwrap_or("");
            let (name, exts, line, block, quotes, profile, shebangs) = (next(), next(), next(), next(), next(), next(), next());
            let marks: Vec<&str> = block.split_whitespace().collect();
            let index = reg.languages.len();
            reg.languages.push(Language {
                name,
                exts: exts.split(',').collect(),
                line_comments: line.split_whitespace().collect(),
                blocks: marks.chunks_exact(2).map(|p| (p[0].trim_end_matches('+'), p[1])).collect(),
                nested: marks.iter().any(|m| m.ends_with('+')),
                quotes: quotes.split_whitespace().map(parse_quote).collect(),
                keywords: profiles.get(profile).cloned().unwrap_or_default(),
            });
            for ext in exts.split(',') {
                if !profile.is_empty() || !reg.by_ext.contains_key(ext) {
                    reg.by_ext.insert(ext, index);
                }
            }
            reg.by_shebang.extend(shebangs.split_whitespace().map(|s| (s, index)));
        }
        reg
    }

    /// Finds the language by "#!" line for names without a dot, else by name and extension.
    pub fn detect(&self, name: &str, data: &[u8]) -> Option<(&Language, String)> {
        let lower = name.to_lowercase();
        let last = lower.rsplit('.').next().unwrap_or("").to_string();
        if last == lower && data.starts_with(b"#!") {
            let line = data[2..].split(|&c| c == b'\n').next().unwrap_or(&[]);
            let line = String::from_utf8_lossy(line);
            let hit = line.split_whitespace().find_map(|w| self.by_shebang.get(w.rsplit('/').next()?));
            if let Some(&i) = hit {
                return Some((&self.languages[i], lower));
            }
        }
        let long = lower.split_once('.').map_or("", |(_, rest)| rest).to_string();
        [lower, long, last]
            .into_iter()
            .find_map(|ext| self.by_ext.get(ext.as_str()).map(|&i| (&self.languages[i], ext)))
    }
}

enum Mode {
    Code,
    LineComment,
    Block { open: &'static str, close: &'static str, depth: usize },
    Text { quote: Quote, doc: bool },
}

#[derive(Default)]
struct LineState {
    code: bool,
    comment: bool,
}

pub fn count(data: &[u8], lang: &Language, with_complexity: bool) -> Tally {
    let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    let mut tally = Tally::default();
    let mut mode = Mode::Code;
    let mut line = LineState::default();
    let mut i = 0;
    while i < data.len() {
        let rest = &data[i..];
        if rest[0] == b'\n' {
            finish_line(&mut tally, &mut line, &mut mode);
            i += 1;
            continue;
        }
        let at = |s: &str| rest.starts_with(s.as_bytes());
        let mut step = 1;
        match &mut mode {
            Mode::LineComment => {}
            Mode::Block { open, close, depth } => {
                line.comment = true;
                if at(close) {
                    step = close.len();
                    *depth -= 1;
                    if *depth == 0 {
                        mode = Mode::Code;
                    }
                } else if lang.nested && at(open) {
                    step = open.len();
                    *depth += 1;
                }
            }
            Mode::Text { quote, doc } => {
                if *doc { line.comment = true } else { line.code = true }
                if rest[0] == b'\\' && !quote.raw && rest.len() > 1 && rest[1] != b'\n' {
                    step = 2;
                } else if at(quote.close) {
                    step = quote.close.len();
                    mode = Mode::Code;
                }
            }
            Mode::Code if rest[0].is_ascii_whitespace() => {}
            Mode::Code => {
                let fresh = i == 0 || data[i - 1].is_ascii_whitespace();
                if let Some(&(open, close)) = lang.blocks.iter().find(|b| at(b.0)) {
                    line.comment = true;
                    step = open.len();
                    mode = Mode::Block { open, close, depth: 1 };
                } else if lang.line_comments.iter().any(|s| at(s) && (fresh || !s.starts_with('R'))) {
                    line.comment = true;
                    mode = Mode::LineComment;
                } else if let Some(&quote) = lang.quotes.iter().find(|q| at(q.open)) {
                    let doc = quote.doc && !line.code;
                    if doc { line.comment = true } else { line.code = true }
                    step = quote.open.len();
                    mode = Mode::Text { quote, doc };
                } else {
                    line.code = true;
                    if fresh && with_complexity {
                        if let Some(k) = lang.keywords.iter().find(|k| at(k)) {
                            tally.complexity += 1;
                            step = k.trim_end().len();
                        }
                    }
                }
            }
        }
        i += step;
    }
    if data.last().is_some_and(|&c| c != b'\n') {
        finish_line(&mut tally, &mut line, &mut mode);
    }
    tally
}

fn finish_line(tally: &mut Tally, line: &mut LineState, mode: &mut Mode) {
    tally.lines += 1;
    let inside_text = matches!(mode, Mode::Text { doc: false, .. });
    if line.code || inside_text {
        tally.code += 1;
    } else if line.comment || !matches!(mode, Mode::Code) {
        tally.comment += 1;
    } else {
        tally.blank += 1;
    }
    *line = LineState::default();
    if matches!(mode, Mode::LineComment) {
        *mode = Mode::Code;
    }
}
