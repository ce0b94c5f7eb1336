mod regex;

use regex::{Cache, Options, Regex};
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

const SHORT_HELP: &str = "\
sd v1.0.0
An intuitive find & replace CLI

Usage: {bin} [OPTIONS] <FIND> <REPLACE_WITH> [FILES]...

Arguments:
  <FIND>          The regexp or string (if using `-F`) to search for
  <REPLACE_WITH>  What to replace each match with. Unless in string mode, you may use captured
                  values like $1, $2, etc
  [FILES]...      The path to file(s). This is optional - sd can also read from STDIN

Options:
  -p, --preview                   Display changes in a human reviewable format (the specifics of the
                                  format are likely to change in the future)
  -F, --fixed-strings             Treat FIND and REPLACE_WITH args as literal strings
  -n, --max-replacements <LIMIT>  Limit the number of replacements that can occur per file. 0
                                  indicates unlimited replacements [default: 0]
  -f, --flags <FLAGS>             Regex flags. May be combined (like `-f mc`).
  -h, --help                      Print help (see more with '--help')
  -V, --version                   Print version
";

const LONG_HELP: &str = "\
sd v1.0.0
An intuitive find & replace CLI

Usage: {bin} [OPTIONS] <FIND> <REPLACE_WITH> [FILES]...

Arguments:
  <FIND>
          The regexp or string (if using `-F`) to search for

  <REPLACE_WITH>
          What to replace each match with. Unless in string mode, you may use captured values like
          $1, $2, etc

  [FILES]...
          The path to file(s). This is optional - sd can also read from STDIN.
          {blank}
          Note: sd modifies files in-place by default. See documentation for examples.

Options:
  -p, --preview
          Display changes in a human reviewable format (the specifics of the format are likely to
          change in the future)

  -F, --fixed-strings
          Treat FIND and REPLACE_WITH args as literal strings

  -n, --max-replacements <LIMIT>
          Limit the number of replacements that can occur per file. 0 indicates unlimited
          replacements
          {blank}
          [default: 0]

  -f, --flags <FLAGS>
          Regex flags. May be combined (like `-f mc`).
          {blank}
          c - case-sensitive
          {blank}
          e - disable multi-line matching
          {blank}
          i - case-insensitive
          {blank}
          m - multi-line matching
          {blank}
          s - make `.` match newlines
          {blank}
          w - match full words only

  -h, --help
          Print help (see a summary with '-h')

  -V, --version
          Print version
";

const ALL_ARGS: &str =
    "<--preview|--fixed-strings|--max-replacements <LIMIT>|--flags <FLAGS>|FIND|REPLACE_WITH|FILES>";
const POSITIONALS: &str = "<FIND> <REPLACE_WITH> [FILES]...";

#[derive(Clone, Copy, PartialEq)]
enum Arg {
    Preview,
    Fixed,
    Limit,
    Flags,
    Find,
    Replace,
    Files,
    Help,
    Version,
}

impl Arg {
    fn long(self) -> &'static str {
        match self {
            Arg::Preview => "--preview",
            Arg::Fixed => "--fixed-strings",
            Arg::Limit => "--max-replacements",
            Arg::Flags => "--flags",
            Arg::Help => "--help",
            Arg::Version => "--version",
            _ => "",
        }
    }

    fn shown(self) -> &'static str {
        match self {
            Arg::Limit => "--max-replacements <LIMIT>",
            Arg::Flags => "--flags <FLAGS>",
            Arg::Find => "<FIND>",
            Arg::Replace => "<REPLACE_WITH>",
            Arg::Files => "[FILES]...",
            _ => self.long(),
        }
    }

    fn takes_value(self) -> bool {
        self == Arg::Limit || self == Arg::Flags
    }
}

const LONGS: [(&str, Arg); 7] = [
    ("preview", Arg::Preview),
    ("fixed-strings", Arg::Fixed),
    ("string-mode", Arg::Fixed),
    ("max-replacements", Arg::Limit),
    ("flags", Arg::Flags),
    ("help", Arg::Help),
    ("version", Arg::Version),
];

#[derive(Default)]
struct Cli {
    bin: String,
    preview: bool,
    fixed: bool,
    limit: usize,
    flags: Option<String>,
    find: Option<String>,
    replace: Option<String>,
    files: Vec<PathBuf>,
    used: Vec<Arg>,
    pending: Option<(Arg, Vec<OsString>)>,
}

impl Cli {
    fn die(&self, msg: String, usage: Option<String>) -> ! {
        let mut text = format!("error: {}\n\n", msg);
        if let Some(u) = usage {
            text += &format!("Usage: {} {}\n\n", self.bin, u);
        }
        eprint!("{}For more information, try '--help'.\n", text);
        std::process::exit(2)
    }

    fn default_usage(&self) -> Option<String> {
        Some(format!("[OPTIONS] {}", POSITIONALS))
    }

    fn print_and_exit(&self, text: &str) -> ! {
        print!("{}", text.replace("{bin}", &self.bin).replace("{blank}", ""));
        std::process::exit(0)
    }

    fn flush(&mut self) {
        let Some((arg, values)) = self.pending.take() else { return };
        if arg.takes_value() {
            if values.is_empty() {
                self.die(format!("a value is required for '{}' but none was supplied", arg.shown()), None);
            }
            self.mark_used(arg);
        }
        for value in values {
            if arg == Arg::Files {
                if value.is_empty() {
                    self.die("a value is required for '[FILES]...' but none was supplied".into(), None);
                }
                self.files.push(PathBuf::from(value));
                continue;
            }
            let Ok(text) = value.into_string() else {
                self.die("invalid UTF-8 was detected in one or more arguments".into(), self.default_usage());
            };
            match arg {
                Arg::Limit => match text.parse() {
                    Ok(n) => self.limit = n,
                    Err(e) => self.die(format!("invalid value '{}' for '{}': {}", text, arg.shown(), e), None),
                },
                Arg::Flags => self.flags = Some(text),
                Arg::Find => self.find = Some(text),
                _ => self.replace = Some(text),
            }
        }
    }

    fn mark_used(&mut self, arg: Arg) {
        if self.used.contains(&arg) {
            self.die(format!("the argument '{}' cannot be used multiple times", arg.shown()), self.default_usage());
        }
        self.used.push(arg);
    }

    fn set_flag(&mut self, arg: Arg, long: bool) {
        self.flush();
        match arg {
            Arg::Help if long => self.print_and_exit(LONG_HELP),
            Arg::Help => self.print_and_exit(SHORT_HELP),
            Arg::Version => self.print_and_exit("sd 1.0.0\n"),
            Arg::Preview => self.preview = true,
            _ => self.fixed = true,
        }
        self.mark_used(arg);
    }

    fn option(&mut self, arg: Arg, value: Option<OsString>) {
        self.flush();
        let done = value.is_some();
        self.pending = Some((arg, value.into_iter().collect()));
        if done {
            self.flush();
        }
    }

    fn positional(&mut self, value: OsString) {
        if let Some((arg, values)) = &mut self.pending {
            if arg.takes_value() && values.is_empty() || *arg == Arg::Files {
                values.push(value);
                return;
            }
        }
        self.flush();
        let arg = match (&self.find, &self.replace) {
            (None, _) => Arg::Find,
            (_, None) => Arg::Replace,
            _ => Arg::Files,
        };
        self.pending = Some((arg, vec![value]));
    }

    fn unexpected(&self, shown: &str, usage: Option<String>) -> ! {
        let tip = format!("unexpected argument '{0}' found\n\n  tip: to pass '{0}' as a value, use '-- {0}'", shown);
        self.die(tip, usage)
    }

    fn long(&mut self, body: &[u8]) {
        let eq = body.iter().position(|&b| b == b'=');
        let name = String::from_utf8_lossy(&body[..eq.unwrap_or(body.len())]).into_owned();
        let value = eq.map(|k| OsString::from_vec(body[k + 1..].to_vec()));
        if let Some(&(_, arg)) = LONGS.iter().find(|l| l.0 == name) {
            if arg.takes_value() {
                return self.option(arg, value);
            }
            if let Some(v) = value {
                let usage = if self.preview || self.fixed {
                    ALL_ARGS.to_string()
                } else {
                    format!("{} {}", arg.long(), POSITIONALS)
                };
                let v = v.to_string_lossy().into_owned();
                self.die(format!("unexpected value '{}' for '{}' found; no more were expected", v, arg.long()), Some(usage));
            }
            return self.set_flag(arg, true);
        }
        let fresh = self.used.is_empty() && self.find.is_none() && self.pending.is_none();
        let mut best: Option<(f64, &str, Arg)> = None;
        for (long, arg) in LONGS {
            let score = jaro(&name, long);
            if score > 0.7 && best.map_or(true, |b| score > b.0) {
                best = Some((score, long, arg));
            }
        }
        let shown = format!("--{}", name);
        if let Some((_, long, arg)) = best {
            let rest = if fresh { POSITIONALS } else { ALL_ARGS };
            let usage = match arg {
                Arg::Help | Arg::Version => format!("{} {}", arg.long(), rest),
                _ => ALL_ARGS.to_string(),
            };
            let msg = format!("unexpected argument '{}' found\n\n  tip: a similar argument exists: '--{}'", shown, long);
            self.die(msg, Some(usage));
        }
        let usage = if fresh { self.default_usage() } else { Some(ALL_ARGS.to_string()) };
        self.unexpected(&shown, usage)
    }

    fn shorts(&mut self, body: &[u8]) {
        let text = String::from_utf8_lossy(body).into_owned();
        for (k, c) in text.char_indices() {
            let arg = match c {
                'p' => Arg::Preview,
                'F' | 's' => Arg::Fixed,
                'h' => Arg::Help,
                'V' => Arg::Version,
                'n' | 'f' => {
                    let arg = if c == 'n' { Arg::Limit } else { Arg::Flags };
                    let rest = &body[k + 1..];
                    let value = match rest {
                        [] => None,
                        [b'=', v @ ..] => Some(v),
                        v => Some(v),
                    };
                    return self.option(arg, value.map(|v| OsString::from_vec(v.to_vec())));
                }
                _ => self.unexpected(&format!("-{}", c), self.default_usage()),
            };
            self.set_flag(arg, false);
        }
    }

    fn parse() -> Cli {
        let mut args = std::env::args_os();
        let path = PathBuf::from(args.next().unwrap_or_default());
        let bin = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or("sd".into());
        let mut cli = Cli { bin, ..Default::default() };
        let mut only_values = false;
        for arg in args {
            let bytes = arg.as_bytes().to_vec();
            if only_values || bytes == b"-" || !bytes.starts_with(b"-") {
                cli.positional(arg);
            } else if bytes == b"--" {
                if matches!(&cli.pending, Some((a, v)) if a.takes_value() && v.is_empty()) {
                    cli.flush();
                }
                only_values = true;
            } else if bytes.starts_with(b"--") {
                cli.long(&bytes[2..]);
            } else {
                cli.shorts(&bytes[1..]);
            }
        }
        cli.flush();
        if cli.replace.is_none() {
            let mut msg = String::from("the following required arguments were not provided:");
            if cli.find.is_none() {
                msg += "\n  <FIND>";
            }
            msg += "\n  <REPLACE_WITH>";
            let used: String = cli.used.iter().map(|a| format!("{} ", a.shown())).collect();
            cli.die(msg, Some(format!("{}{}", used, POSITIONALS)));
        }
        cli
    }
}

fn jaro(a: &str, b: &str) -> f64 {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let range = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; b.len()];
    let mut from_a = Vec::new();
    for (i, c) in a.iter().enumerate() {
        for j in i.saturating_sub(range)..(i + range + 1).min(b.len()) {
            if !taken[j] && b[j] == *c {
                taken[j] = true;
                from_a.push(*c);
                break;
            }
        }
    }
    if from_a.is_empty() {
        return 0.0;
    }
    let from_b = b.iter().zip(&taken).filter(|p| *p.1).map(|p| *p.0);
    let moved = from_a.iter().zip(from_b).filter(|(x, y)| *x != y).count() / 2;
    let m = from_a.len() as f64;
    (m / a.len() as f64 + m / b.len() as f64 + (m - moved as f64) / m) / 3.0
}

enum Piece {
    Text(String),
    Group(String),
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Splits a replacement text into literal text and group references.
fn pieces(text: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut lit = String::new();
    let mut rest = text;
    while let Some(k) = rest.find('$') {
        lit += &rest[..k];
        let tail = &rest[k + 1..];
        if let Some(after) = tail.strip_prefix('$') {
            lit.push('$');
            rest = after;
            continue;
        }
        let braced = tail.strip_prefix('{').and_then(|t| t.split_once('}'));
        let (name, after) = match braced {
            Some(pair) => pair,
            None => tail.split_at(tail.find(|c| !is_name_char(c)).unwrap_or(tail.len())),
        };
        if name.is_empty() && braced.is_none() {
            lit.push('$');
            rest = tail;
            continue;
        }
        out.push(Piece::Text(std::mem::take(&mut lit)));
        out.push(Piece::Group(name.to_string()));
        rest = after;
    }
    lit += rest;
    out.push(Piece::Text(lit));
    out
}

fn check_replacement(text: &str) -> Result<(), String> {
    let chars: Vec<char> = text.chars().collect();
    let mut i = 0;
    while i < chars.len() {
        if chars[i] != '$' {
            i += 1;
            continue;
        }
        i += 1;
        match chars.get(i) {
            Some('$') => i += 1,
            Some('{') => {
                if let Some(k) = chars[i..].iter().position(|c| *c == '}') {
                    i += k + 1;
                }
            }
            _ => {
                let start = i;
                while i < chars.len() && is_name_char(chars[i]) {
                    i += 1;
                }
                let name: String = chars[start..i].iter().collect();
                let number = name.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
                if number > 0 {
                    let shown: String = chars
                        .iter()
                        .map(|c| match c {
                            '\n' => '␊',
                            '\r' => '␍',
                            '\t' => '␉',
                            c => *c,
                        })
                        .collect();
                    let (digits, tail) = name.split_at(number);
                    return Err(format!(
                        "The numbered capture group `${digits}` in the replacement text is ambiguous.\n\
                         hint: Use curly braces to disambiguate it `${{{digits}}}{tail}`.\n\
                         {shown}\n{}{}",
                        " ".repeat(start),
                        "^".repeat(i - start)
                    ));
                }
            }
        }
    }
    Ok(())
}

/// Handles backslash escapes in the replacement. A hex escape also swallows
/// the character after it, as the original does.
fn unescape(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        i += 1;
        if c != '\\' || i == chars.len() {
            out.push(c);
            continue;
        }
        let e = chars[i];
        i += 1;
        match e {
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            '\\' | '\'' | '"' => out.push(e),
            'x' | 'u' => {
                let len = if e == 'x' { 2 } else { 4 };
                let code = chars.get(i..i + len).and_then(|d| {
                    let digits: String = d.iter().collect();
                    u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)
                });
                match code {
                    Some(ch) => {
                        out.push(ch);
                        i += len + 1;
                    }
                    None => out.extend(['\\', e]),
                }
            }
            _ => out.extend(['\\', e]),
        }
    }
    out
}

struct Replacer {
    regex: Regex,
    pieces: Vec<Piece>,
    limit: usize,
}

impl Replacer {
    fn new(cli: &Cli) -> Result<Replacer, String> {
        let find = cli.find.clone().unwrap_or_default();
        let with = cli.replace.clone().unwrap_or_default();
        let (pattern, pieces) = if cli.fixed {
            let mut escaped = String::new();
            for c in find.chars() {
                if "\\.+*?()|[]{}^$#&-~".contains(c) {
                    escaped.push('\\');
                }
                escaped.push(c);
            }
            (escaped, vec![Piece::Text(with)])
        } else {
            check_replacement(&with)?;
            (find, pieces(&unescape(&with)))
        };
        let mut o = Options { ignore_case: false, multi_line: true, dot_all: false };
        let mut source = pattern.clone();
        let flags = cli.flags.clone().unwrap_or_default();
        for f in flags.chars() {
            match f {
                'c' => o.ignore_case = false,
                'i' => o.ignore_case = true,
                'e' => o.multi_line = false,
                's' => {
                    if !flags.contains('m') {
                        o.multi_line = false;
                    }
                    o.dot_all = true;
                }
                'w' => {
                    o = Options { ignore_case: false, multi_line: false, dot_all: false };
                    source = format!("\\b{}\\b", pattern);
                }
                _ => {}
            }
        }
        let regex = Regex::new(&source, o).map_err(|e| format!("invalid regex {}", e.msg))?;
        Ok(Replacer { regex, pieces, limit: cli.limit })
    }

    fn replace(&self, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        let mut cache = Cache::default();
        let mut copied = 0;
        let mut at = 0;
        let mut last_end = None;
        let mut count = 0;
        while at <= text.len() {
            let Some(slots) = self.regex.find(text, at, &mut cache) else { break };
            let (Some(start), Some(end)) = (slots[0], slots[1]) else { break };
            if start == end && last_end == Some(end) {
                at = end + 1;
                continue;
            }
            out.extend_from_slice(&text[copied..start]);
            self.expand(text, &slots, &mut out);
            copied = end;
            at = end;
            last_end = Some(end);
            count += 1;
            if count == self.limit {
                break;
            }
        }
        out.extend_from_slice(&text[copied..]);
        out
    }

    fn expand(&self, text: &[u8], slots: &[Option<usize>], out: &mut Vec<u8>) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(t) => out.extend_from_slice(t.as_bytes()),
                Piece::Group(name) => {
                    let index = name.parse::<usize>().ok().or_else(|| self.regex.group_index(name));
                    let Some(k) = index.filter(|k| *k < slots.len() / 2) else { continue };
                    if let (Some(a), Some(b)) = (slots[2 * k], slots[2 * k + 1]) {
                        out.extend_from_slice(&text[a..b]);
                    }
                }
            }
        }
    }
}

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = fs::File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::from_raw_os_error(19));
    }
    let mut data = Vec::new();
    file.read_to_end(&mut data)?;
    Ok(data)
}

fn write_file(path: &Path, data: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let permissions = fs::metadata(&path)?.permissions();
    let dir = path.parent().unwrap_or(Path::new("/"));
    let temp = dir.join(format!(".sd-{}.tmp", std::process::id()));
    let result = fs::OpenOptions::new().write(true).create_new(true).open(&temp).and_then(|mut f| {
        f.write_all(data)?;
        fs::set_permissions(&temp, permissions)?;
        fs::rename(&temp, &path)
    });
    if result.is_err() {
        let _ = fs::remove_file(&temp);
    }
    result
}

fn run(cli: &Cli) -> Result<(), String> {
    let replacer = Replacer::new(cli)?;
    let text = |e: io::Error| e.to_string();
    let mut stdout = io::stdout().lock();
    if cli.files.is_empty() {
        let mut data = Vec::new();
        io::stdin().read_to_end(&mut data).map_err(text)?;
        stdout.write_all(&replacer.replace(&data)).map_err(text)?;
        return stdout.flush().map_err(text);
    }
    for path in &cli.files {
        if !path.exists() {
            return Err(format!("invalid path: {}", path.display()));
        }
    }
    let mut results = Vec::new();
    for path in &cli.files {
        results.push(replacer.replace(&read_file(path).map_err(text)?));
    }
    for (path, data) in cli.files.iter().zip(&results) {
        if !cli.preview {
            write_file(path, data).map_err(text)?;
            continue;
        }
        if cli.files.len() > 1 {
            writeln!(stdout, "----- FILE {} -----", path.display()).map_err(text)?;
        }
        stdout.write_all(data).map_err(text)?;
    }
    stdout.flush().map_err(text)
}

fn main() {
    let cli = Cli::parse();
    if let Err(e) = run(&cli) {
        eprintln!("error: {}", e);
        std::process::exit(1);
    }
}
