// Argument parsing, CSV reading and writing, column selection, regex matching.
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};

pub type Res<T> = Result<T, String>;
pub type Row = Vec<Vec<u8>>;

const USAGE: &str = include_str!("usage.txt");

pub fn usage_of(command: &str) -> &'static str {
    let mark = format!("%% {}\n", command);
    let start = USAGE.find(&mark).map_or(0, |i| i + mark.len());
    let end = USAGE[start..].find("%% ").map_or(USAGE.len(), |i| start + i);
    &USAGE[start..end]
}

fn usage_lines(usage: &str) -> Vec<&str> {
    usage.lines().skip_while(|l| *l != "Usage:").skip(1).take_while(|l| !l.is_empty()).collect()
}

struct OptSpec {
    long: String,
    short: Option<char>,
    takes_arg: bool,
    default: Option<String>,
}

fn option_specs(usage: &str) -> Vec<OptSpec> {
    let mut specs: Vec<OptSpec> = vec![];
    let options = usage.lines().skip_while(|l| *l != "Usage:").skip_while(|l| !l.is_empty());
    for line in options {
        let text = line.trim();
        if text.starts_with('-') {
            let head = text.split("  ").next().unwrap();
            let mut spec = OptSpec { long: String::new(), short: None, takes_arg: false, default: None };
            for word in head.split(&[' ', ','][..]).filter(|w| !w.is_empty()) {
                if word.starts_with("--") {
                    spec.long = word.to_string();
                } else if word.starts_with('-') {
                    spec.short = word.chars().nth(1);
                } else if word.starts_with('<') {
                    spec.takes_arg = true;
                }
            }
            specs.push(spec);
        }
        if let Some(i) = text.find("[default: ") {
            let value = text[i + 10..].trim_end_matches(']');
            if let Some(spec) = specs.last_mut() {
                spec.default = Some(value.to_string());
            }
        }
    }
    specs
}

pub struct Args {
    opts: HashMap<String, String>,
    pub pos: Vec<String>,
}

const NUMERIC: [&str; 13] = [
    "--limit", "--jobs", "--start", "--end", "--len", "--index", "--size", "--condense", "--width",
    "--pad", "--length", "--prefix-length", "--seed",
];

fn positionals_fit(pattern: &str, pos: &[String]) -> bool {
    let mut i = 0;
    for word in pattern.split_whitespace().skip(2) {
        if word == "[options]" || word == "[--]" {
            continue;
        } else if word == "--help" {
            return false;
        } else if word.ends_with("...]") {
            i = pos.len();
        } else if word.starts_with('[') {
            i = (i + 1).min(pos.len());
        } else if i < pos.len() && (word.starts_with('<') || word == pos[i]) {
            i += 1;
        } else {
            return false;
        }
    }
    i == pos.len()
}

impl Args {
    /// Parses a command line by the command's own usage text; Ok(None) asks for help.
    pub fn parse(command: &str, argv: &[String]) -> Res<Option<Args>> {
        let usage = usage_of(command);
        let specs = option_specs(usage);
        let fail = |m: String| format!("{}\n\nUsage:\n{}", m, usage_lines(usage).join("\n"));
        let mut args = Args { opts: HashMap::new(), pos: vec![] };
        let mut repeated = false;
        let mut it = argv.iter();
        let mut only_pos = false;
        while let Some(arg) = it.next() {
            if only_pos || arg == "-" || !arg.starts_with('-') {
                args.pos.push(arg.clone());
            } else if arg == "--" {
                only_pos = true;
            } else if arg.starts_with("--") {
                let (name, inline) = match arg.find('=') {
                    Some(i) => (&arg[..i], Some(arg[i + 1..].to_string())),
                    None => (&arg[..], None),
                };
                let spec = match specs.iter().find(|s| s.long == name) {
                    Some(s) => s,
                    None => {
                        let hint = specs.iter().find(|s| name.len() > 3 && s.long.starts_with(name));
                        let hint = hint.map_or(String::new(), |s| format!(". Did you mean '{}'?", s.long));
                        return Err(fail(format!("Unknown flag: '{}'{}", name, hint)));
                    }
                };
                let value = if spec.takes_arg {
                    inline.or_else(|| it.next().cloned()).ok_or_else(|| {
                        fail(format!("Expected argument for flag '{}' but reached end of arguments.", name))
                    })?
                } else if let Some(v) = inline {
                    return Err(fail(format!("Flag '{}' cannot have an argument, but found '{}'.", name, v)));
                } else {
                    String::new()
                };
                repeated |= args.opts.insert(spec.long.clone(), value).is_some();
            } else {
                let letters: Vec<char> = arg.chars().collect();
                let mut k = 1;
                while k < letters.len() {
                    let spec = specs
                        .iter()
                        .find(|s| s.short == Some(letters[k]))
                        .ok_or_else(|| fail(format!("Unknown flag: '-{}'", letters[k])))?;
                    k += 1;
                    let mut value = String::new();
                    if spec.takes_arg {
                        value = letters[k..].iter().collect();
                        k = letters.len();
                        if value.is_empty() {
                            value = it.next().cloned().ok_or_else(|| {
                                let name = &spec.long;
                                fail(format!("Expected argument for flag '{}' but reached end of arguments.", name))
                            })?;
                        }
                    }
                    repeated |= args.opts.insert(spec.long.clone(), value).is_some();
                }
            }
        }
        if args.has("--help") {
            return Ok(None);
        }
        let fits = usage_lines(usage).iter().any(|l| positionals_fit(l, &args.pos));
        if command != "main" && (repeated || !fits) {
            return Err(fail("Invalid arguments.".to_string()));
        }
        for spec in specs {
            if let Some(d) = spec.default {
                args.opts.entry(spec.long.clone()).or_insert(d);
            }
            if spec.takes_arg && NUMERIC.contains(&spec.long.as_str()) {
                args.num(&spec.long)?;
            }
        }
        for name in ["--delimiter", "--out-delimiter", "--quote", "--escape"] {
            args.byte(name)?;
        }
        Ok(Some(args))
    }

    pub fn has(&self, name: &str) -> bool {
        self.opts.contains_key(name)
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.opts.get(name).map(|s| s.as_str())
    }

    pub fn num(&self, name: &str) -> Res<Option<usize>> {
        match self.get(name) {
            None => Ok(None),
            Some(v) => {
                v.parse().map(Some).map_err(|_| format!("Could not deserialize '{}' to u64 for '{}'.", v, name))
            }
        }
    }

    pub fn byte(&self, name: &str) -> Res<Option<u8>> {
        match self.get(name) {
            None => Ok(None),
            Some("\\t") => Ok(Some(b'\t')),
            Some(v) if v.len() == 1 => Ok(Some(v.as_bytes()[0])),
            Some(v) => Err(format!("Could not convert '{}' to a single ASCII character.", v)),
        }
    }

    pub fn no_headers(&self) -> bool {
        self.has("--no-headers")
    }

    pub fn open(&self, path: Option<&String>) -> Res<Reader> {
        let mut data = vec![];
        let mut delim = b',';
        match path {
            Some(p) if p != "-" => {
                let failed = |e: io::Error| format!("failed to open {}: {}", p, e);
                File::open(p).map_err(failed)?.read_to_end(&mut data).map_err(|e| e.to_string())?;
                if p.ends_with(".tsv") || p.ends_with(".tab") {
                    delim = b'\t';
                }
            }
            _ => {
                io::stdin().read_to_end(&mut data).map_err(|e| e.to_string())?;
            }
        }
        let delim = self.byte("--delimiter")?.unwrap_or(delim);
        Ok(Reader::new(data, delim))
    }

    pub fn output(&self) -> Res<Box<dyn Write>> {
        Ok(match self.get("--output") {
            Some(p) => Box::new(BufWriter::new(File::create(p).map_err(|e| e.to_string())?)),
            None => Box::new(BufWriter::new(io::stdout())),
        })
    }

    pub fn writer(&self) -> Res<Writer> {
        Ok(Writer::new(self.output()?))
    }
}

pub struct Reader {
    data: Vec<u8>,
    pub at: usize,
    line: usize,
    records: usize,
    width: Option<usize>,
    pub delim: u8,
    pub quote: Option<u8>,
    pub escape: Option<u8>,
    pub flexible: bool,
}

impl Reader {
    pub fn new(data: Vec<u8>, delim: u8) -> Reader {
        let at = if data.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Reader { data, at, line: 1, records: 0, width: None, delim, quote: Some(b'"'), escape: None, flexible: false }
    }

    pub fn next(&mut self) -> Res<Option<Row>> {
        while self.at < self.data.len() && (self.data[self.at] == b'\n' || self.data[self.at] == b'\r') {
            self.line += (self.data[self.at] == b'\n') as usize;
            self.at += 1;
        }
        if self.at >= self.data.len() {
            return Ok(None);
        }
        let (start, start_line) = (self.at, self.line);
        let mut row: Row = vec![];
        let mut field = vec![];
        let mut quoted = false;
        let mut fresh = true;
        loop {
            let c = match self.data.get(self.at) {
                Some(c) => *c,
                None => break,
            };
            self.at += 1;
            self.line += (c == b'\n') as usize;
            if quoted {
                if self.escape == Some(c) && self.at < self.data.len() {
                    field.push(self.data[self.at]);
                    self.at += 1;
                } else if self.quote == Some(c) {
                    if self.escape.is_none() && self.data.get(self.at) == Some(&c) {
                        field.push(c);
                        self.at += 1;
                    } else {
                        quoted = false;
                    }
                } else {
                    field.push(c);
                }
            } else if fresh && self.quote == Some(c) {
                quoted = true;
                fresh = false;
            } else if c == self.delim {
                row.push(std::mem::take(&mut field));
                fresh = true;
            } else if c == b'\n' || c == b'\r' {
                if c == b'\r' && self.data.get(self.at) == Some(&b'\n') {
                    self.at += 1;
                    self.line += 1;
                }
                break;
            } else {
                fresh = false;
                field.push(c);
            }
        }
        row.push(field);
        let width = *self.width.get_or_insert(row.len());
        if width != row.len() && !self.flexible {
            return Err(format!(
                "CSV error: record {} (line: {}, byte: {}): found record with {} fields, but the previous record has {} fields",
                self.records, start_line, start, row.len(), width
            ));
        }
        self.records += 1;
        Ok(Some(row))
    }

    pub fn header(&mut self) -> Res<Row> {
        Ok(self.next()?.unwrap_or_default())
    }

    /// The header row, leaving it in place as data when there are no headers.
    pub fn peek_header(&mut self, no_headers: bool) -> Res<Row> {
        let saved = (self.at, self.line);
        let row = self.header()?;
        if no_headers {
            self.at = saved.0;
            self.line = saved.1;
            self.records = 0;
        }
        Ok(row)
    }

    pub fn rest(&mut self) -> Res<Vec<Row>> {
        let mut rows = vec![];
        while let Some(r) = self.next()? {
            rows.push(r);
        }
        Ok(rows)
    }
}

pub struct Writer {
    out: Box<dyn Write>,
    width: Option<usize>,
    pub delim: u8,
    pub quote: u8,
    pub escape: Option<u8>,
    pub always: bool,
    pub terminator: &'static [u8],
}

impl Writer {
    pub fn new(out: Box<dyn Write>) -> Writer {
        Writer { out, width: None, delim: b',', quote: b'"', escape: None, always: false, terminator: b"\n" }
    }

    pub fn row<T: AsRef<[u8]>>(&mut self, row: &[T]) -> Res<()> {
        let mut buf = vec![];
        for (i, f) in row.iter().enumerate() {
            if i > 0 {
                buf.push(self.delim);
            }
            let f = f.as_ref();
            let special = |c: &u8| {
                *c == self.delim || *c == self.quote || *c == b'\n' || *c == b'\r' || self.terminator.contains(c)
            };
            if self.always || f.iter().any(special) || (row.len() == 1 && f.is_empty()) {
                buf.push(self.quote);
                for &c in f {
                    match self.escape {
                        Some(e) if c == self.quote || c == e => buf.push(e),
                        None if c == self.quote => buf.push(c),
                        _ => {}
                    }
                    buf.push(c);
                }
                buf.push(self.quote);
            } else {
                buf.extend_from_slice(f);
            }
        }
        if row.is_empty() {
            buf.extend_from_slice(&[self.quote, self.quote]);
        }
        let width = *self.width.get_or_insert(row.len());
        if width == row.len() {
            buf.extend_from_slice(self.terminator);
        }
        self.out.write_all(&buf).map_err(|e| e.to_string())?;
        if width != row.len() {
            let n = row.len();
            return Err(format!("CSV error: found record with {} fields, but the previous record has {} fields", n, width));
        }
        Ok(())
    }
}

enum End {
    Open,
    Index(usize),
    Name(String, usize),
}

fn selector_end(s: &[char], i: &mut usize) -> Res<End> {
    let mut name = String::new();
    let quoted = s.get(*i) == Some(&'"');
    if quoted {
        *i += 1;
        loop {
            match s.get(*i) {
                None => return Err("Unclosed quote, missing closing \".".to_string()),
                Some('"') if s.get(*i + 1) == Some(&'"') => *i += 1,
                Some('"') => break,
                _ => {}
            }
            name.push(s[*i]);
            *i += 1;
        }
        *i += 1;
    } else {
        while *i < s.len() && !",-[".contains(s[*i]) {
            name.push(s[*i]);
            *i += 1;
        }
        if let Ok(n) = name.parse() {
            return Ok(End::Index(n));
        }
    }
    let mut nth = 0;
    if s.get(*i) == Some(&'[') {
        let close = s[*i..].iter().position(|c| *c == ']');
        let close = *i + close.ok_or("Unclosed index bracket, missing closing ].")?;
        let inner: String = s[*i + 1..close].iter().collect();
        nth = inner.parse().map_err(|e| format!("Could not convert '{}' to an integer: {}", inner, e))?;
        *i = close + 1;
    }
    Ok(End::Name(name, nth))
}

fn resolve(end: &End, header: &Row, no_headers: bool, open: usize) -> Res<usize> {
    match end {
        End::Open => Ok(open),
        End::Index(n) if *n >= 1 && *n <= header.len() => Ok(n - 1),
        End::Index(n) => {
            Err(format!("Selector index {} is out of bounds. Index must be >= 1 and <= {}.", n, header.len()))
        }
        End::Name(name, _) if no_headers => {
            Err(format!("Cannot use names ('{}') in selection with --no-headers set.", name))
        }
        End::Name(name, nth) => {
            let found: Vec<usize> = (0..header.len()).filter(|&i| header[i] == name.as_bytes()).collect();
            if found.is_empty() {
                return Err(format!("Selector name '{}' does not exist as a named header in the given CSV data.", name));
            }
            found.get(*nth).copied().ok_or_else(|| {
                let last = found.len() - 1;
                format!("Selector index '{}' for name '{}' is out of bounds. Must be >= 0 and <= {}.", nth, name, last)
            })
        }
    }
}

pub fn select(text: &str, header: &Row, no_headers: bool) -> Res<Vec<usize>> {
    let invert = text.starts_with('!');
    let s: Vec<char> = text.chars().skip(invert as usize).collect();
    let mut ranges = vec![];
    let mut i = 0;
    while i < s.len() {
        let from = if s[i] == '-' { End::Open } else { selector_end(&s, &mut i)? };
        let mut to = None;
        if s.get(i) == Some(&'-') {
            i += 1;
            to = Some(if i >= s.len() || s[i] == ',' { End::Open } else { selector_end(&s, &mut i)? });
        }
        if i < s.len() && s[i] != ',' {
            return Err(format!("Expected end of field but got '{}' instead.", s[i]));
        }
        i += 1;
        ranges.push((from, to));
    }
    if s.is_empty() {
        ranges.push((End::Open, Some(End::Open)));
    }
    let mut picked = vec![];
    for (from, to) in ranges {
        let a = resolve(&from, header, no_headers, 0)?;
        let b = match to {
            Some(t) => resolve(&t, header, no_headers, header.len().saturating_sub(1))?,
            None => a,
        };
        if header.is_empty() {
            continue;
        }
        if a <= b {
            picked.extend(a..=b);
        } else {
            picked.extend((b..=a).rev());
        }
    }
    if invert {
        return Ok((0..header.len()).filter(|i| !picked.contains(i)).collect());
    }
    Ok(picked)
}

enum Node {
    Set(Vec<(char, char)>, bool),
    Start,
    End,
    Boundary(bool),
    Group(Vec<Vec<Node>>),
    Repeat(Box<Node>, usize, usize),
}

pub struct Regex {
    root: Node,
    fold: bool,
}

struct RegexParser {
    p: Vec<char>,
    i: usize,
    fold: bool,
}

fn class_of(c: char) -> Option<(Vec<(char, char)>, bool)> {
    let set = match c.to_ascii_lowercase() {
        'd' => vec![('0', '9')],
        'w' => vec![('0', '9'), ('a', 'z'), ('A', 'Z'), ('_', '_'), ('\u{c0}', '\u{2fff}')],
        's' => vec![(' ', ' '), ('\t', '\r'), ('\u{a0}', '\u{a0}')],
        _ => return None,
    };
    Some((set, c.is_ascii_uppercase()))
}

impl RegexParser {
    fn alternatives(&mut self, depth: usize) -> Result<Node, (usize, &'static str)> {
        let open = self.i;
        let mut alts = vec![vec![]];
        while self.i < self.p.len() {
            let (c, at) = (self.p[self.i], self.i);
            self.i += 1;
            let node = match c {
                '|' => {
                    alts.push(vec![]);
                    continue;
                }
                ')' if depth > 0 => return Ok(Node::Group(alts)),
                ')' => return Err((at, "unopened group")),
                '(' => {
                    if self.p.get(self.i) == Some(&'?') {
                        let stop = self.p[self.i..].iter().position(|c| ":>)".contains(*c));
                        let stop = self.i + stop.ok_or((at, "unclosed group"))?;
                        if self.p[self.i + 1] != 'P' && self.p[self.i..stop].contains(&'i') {
                            self.fold = true;
                        }
                        self.i = stop + 1;
                        if self.p[stop] == ')' {
                            continue;
                        }
                    }
                    self.alternatives(depth + 1).map_err(|e| if e.1 == "unclosed group" { (at, e.1) } else { e })?
                }
                '[' => self.class(at)?,
                '.' => Node::Set(vec![('\n', '\n')], true),
                '^' => Node::Start,
                '$' => Node::End,
                '*' | '+' | '?' | '{' => {
                    let (min, max) = match c {
                        '*' => (0, usize::MAX),
                        '+' => (1, usize::MAX),
                        '?' => (0, 1),
                        _ => self.counts(at)?,
                    };
                    if self.p.get(self.i) == Some(&'?') {
                        self.i += 1;
                    }
                    let last = alts.last_mut().unwrap().pop();
                    Node::Repeat(Box::new(last.ok_or((at, "repetition operator missing expression"))?), min, max)
                }
                '\\' => self.escape(at)?,
                _ => Node::Set(vec![(c, c)], false),
            };
            alts.last_mut().unwrap().push(node);
        }
        if depth > 0 {
            return Err((open, "unclosed group"));
        }
        Ok(Node::Group(alts))
    }

    fn escape(&mut self, at: usize) -> Result<Node, (usize, &'static str)> {
        let e = *self.p.get(self.i).ok_or((at, "incomplete escape sequence, reached end of pattern prematurely"))?;
        self.i += 1;
        if let Some((set, negated)) = class_of(e) {
            return Ok(Node::Set(set, negated));
        }
        Ok(match e {
            'b' | 'B' => Node::Boundary(e == 'b'),
            'A' => Node::Start,
            'z' => Node::End,
            'n' => Node::Set(vec![('\n', '\n')], false),
            't' => Node::Set(vec![('\t', '\t')], false),
            'r' => Node::Set(vec![('\r', '\r')], false),
            _ if e.is_ascii_punctuation() => Node::Set(vec![(e, e)], false),
            _ => return Err((at, "unrecognized escape sequence")),
        })
    }

    fn counts(&mut self, at: usize) -> Result<(usize, usize), (usize, &'static str)> {
        let close = self.p[self.i..].iter().position(|c| *c == '}').ok_or((at, "unclosed counted repetition"))?;
        let text: String = self.p[self.i..self.i + close].iter().collect();
        self.i += close + 1;
        let bad = |_| (at, "repetition quantifier expects a valid decimal");
        match text.split_once(',') {
            None => text.parse().map(|n| (n, n)).map_err(bad),
            Some((a, "")) => Ok((a.parse().map_err(bad)?, usize::MAX)),
            Some((a, b)) => Ok((a.parse().map_err(bad)?, b.parse().map_err(bad)?)),
        }
    }

    fn class(&mut self, at: usize) -> Result<Node, (usize, &'static str)> {
        let negated = self.p.get(self.i) == Some(&'^');
        self.i += negated as usize;
        let mut set = vec![];
        let mut first = true;
        loop {
            let mut c = *self.p.get(self.i).ok_or((at, "unclosed character class"))?;
            self.i += 1;
            if c == ']' && !first {
                return Ok(Node::Set(set, negated));
            }
            first = false;
            if c == '\\' {
                match self.escape(self.i - 1)? {
                    Node::Set(s, false) if s.len() == 1 && s[0].0 == s[0].1 => c = s[0].0,
                    Node::Set(s, _) => {
                        set.extend(s);
                        continue;
                    }
                    _ => return Err((at, "unrecognized escape sequence")),
                }
            }
            let mut hi = c;
            if self.p.get(self.i) == Some(&'-') && self.p.get(self.i + 1).map_or(false, |n| *n != ']') {
                hi = self.p[self.i + 1];
                self.i += 2;
            }
            set.push((c, hi));
        }
    }
}

impl Regex {
    pub fn new(pattern: &str, fold: bool) -> Res<Regex> {
        let mut parser = RegexParser { p: pattern.chars().collect(), i: 0, fold };
        match parser.alternatives(0) {
            Ok(root) => Ok(Regex { root, fold: parser.fold }),
            Err((at, message)) => {
                let bar = "~".repeat(79);
                let caret = format!("{}^", " ".repeat(at));
                Err(format!("Syntax(\n{bar}\nregex parse error:\n    {pattern}\n    {caret}\nerror: {message}\n{bar}\n)"))
            }
        }
    }

    pub fn is_match(&self, text: &[u8]) -> bool {
        let text: Vec<char> = String::from_utf8_lossy(text).chars().collect();
        !self.advance(&self.root, &text, &(0..=text.len()).collect()).is_empty()
    }

    /// All positions reachable by matching the node from any of the given ones.
    fn advance(&self, node: &Node, t: &[char], from: &BTreeSet<usize>) -> BTreeSet<usize> {
        let word = |i: usize| i < t.len() && (t[i].is_alphanumeric() || t[i] == '_');
        match node {
            Node::Set(set, negated) => {
                let has = |c: char| set.iter().any(|(a, b)| *a <= c && c <= *b);
                let hit = |c: char| {
                    has(c) || self.fold && (c.to_lowercase().any(has) || c.to_uppercase().any(has))
                };
                from.iter().filter(|&&i| i < t.len() && hit(t[i]) != *negated).map(|i| i + 1).collect()
            }
            Node::Start => from.iter().filter(|&&i| i == 0).copied().collect(),
            Node::End => from.iter().filter(|&&i| i == t.len()).copied().collect(),
            Node::Boundary(want) => {
                from.iter().filter(|&&i| ((i > 0 && word(i - 1)) != word(i)) == *want).copied().collect()
            }
            Node::Group(alts) => {
                let mut all = BTreeSet::new();
                for alt in alts {
                    let mut cur = from.clone();
                    for n in alt {
                        cur = self.advance(n, t, &cur);
                    }
                    all.extend(cur);
                }
                all
            }
            Node::Repeat(inner, min, max) => {
                let mut cur = from.clone();
                for _ in 0..*min {
                    cur = self.advance(inner, t, &cur);
                }
                let mut all = cur.clone();
                let mut n = *min;
                while n < *max && !cur.is_empty() {
                    let next = self.advance(inner, t, &cur);
                    cur = next.difference(&all).copied().collect();
                    all.extend(&cur);
                    n += 1;
                }
                all
            }
        }
    }
}
