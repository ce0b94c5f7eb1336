mod args;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{exit, Command};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

const BAD_FILE: &str = "fatal I/O error with output file";
const BAD_CONFIG: &str = "Failed to parse TOML configuration file";
const BAD_VERSION: &str = "Failed to parse version into valid SemVer. Ensure the version is in the X.Y.Z format.";

enum Value {
    Text(String),
    Flag(bool),
    Number,
    List(Vec<Value>),
}

type Table = Vec<(String, Value)>;

struct TomlReader<'a> {
    chars: std::iter::Peekable<std::str::Chars<'a>>,
}

impl TomlReader<'_> {
    fn skip(&mut self, newlines: bool) {
        while let Some(&c) = self.chars.peek() {
            if c == '#' {
                while self.chars.peek().map_or(false, |c| *c != '\n') {
                    self.chars.next();
                }
            } else if c == ' ' || c == '\t' || c == '\r' || (newlines && c == '\n') {
                self.chars.next();
            } else {
                break;
            }
        }
    }

    fn take(&mut self, wanted: char) -> Option<()> {
        (self.chars.next()? == wanted).then_some(())
    }

    fn bare(&mut self) -> Option<String> {
        let mut word = String::new();
        while let Some(&c) = self.chars.peek() {
            if !(c.is_ascii_alphanumeric() || "-_+.:".contains(c)) {
                break;
            }
            word.push(c);
            self.chars.next();
        }
        (!word.is_empty()).then_some(word)
    }

    fn key(&mut self) -> Option<String> {
        match self.chars.peek()? {
            '"' | '\'' => self.quoted(),
            _ => self.bare(),
        }
    }

    fn value(&mut self) -> Option<Value> {
        match self.chars.peek()? {
            '"' | '\'' => self.quoted().map(Value::Text),
            '[' => {
                self.chars.next();
                let mut items = Vec::new();
                loop {
                    self.skip(true);
                    if *self.chars.peek()? == ']' {
                        self.chars.next();
                        return Some(Value::List(items));
                    }
                    items.push(self.value()?);
                    self.skip(true);
                    if *self.chars.peek()? != ']' {
                        self.take(',')?;
                    }
                }
            }
            _ => match self.bare()?.as_str() {
                "true" => Some(Value::Flag(true)),
                "false" => Some(Value::Flag(false)),
                word => word.replace('_', "").parse::<f64>().ok().map(|_| Value::Number),
            },
        }
    }

    fn document(&mut self) -> Option<Vec<(String, Table)>> {
        let mut tables: Vec<(String, Table)> = vec![(String::new(), Vec::new())];
        loop {
            self.skip(true);
            match self.chars.peek() {
                None => return Some(tables),
                Some('[') => {
                    self.chars.next();
                    self.skip(false);
                    let name = self.key()?;
                    self.skip(false);
                    self.take(']')?;
                    if tables.iter().any(|(n, _)| *n == name) {
                        return None;
                    }
                    tables.push((name, Vec::new()));
                }
                Some(_) => {
                    let key = self.key()?;
                    self.skip(false);
                    self.take('=')?;
                    self.skip(false);
                    let value = self.value()?;
                    let table = &mut tables.last_mut()?.1;
                    if table.iter().any(|(k, _)| *k == key) {
                        return None;
                    }
                    table.push((key, value));
                }
            }
            self.skip(false);
            if let Some(c) = self.chars.next() {
                if c != '\n' {
                    return None;
                }
            }
        }
    }
}

#[derive(Default)]
struct Config {
    changelog: Option<String>,
    infile: Option<String>,
    outfile: Option<String>,
    from_latest_tag: bool,
    sections: Vec<(String, Vec<String>)>,
    components: Vec<(String, Vec<String>)>,
}

struct Git {
    dir: PathBuf,
    tree: PathBuf,
}

impl Git {
    fn run(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .arg(format!("--git-dir={}", self.dir.display()))
            .arg(format!("--work-tree={}", self.tree.display()))
            .args(arguments)
            .output();
        match output {
            Ok(o) => String::from_utf8_lossy(&o.stdout).into_owned(),
            Err(e) => stop(&format!("could not run git: {}", e)),
        }
    }
}

struct Entry {
    hash: String,
    kind: String,
    component: String,
    subject: String,
    closes: Vec<String>,
    breaks: Vec<String>,
}

fn split_subject(subject: &str) -> Option<(String, String, String)> {
    let end = subject.find([':', '('])?;
    let (kind, rest) = subject.split_at(end);
    if kind.is_empty() {
        return None;
    }
    let (component, text) = match rest.strip_prefix('(') {
        Some(inner) => {
            let (component, after) = inner.split_once(')')?;
            (component, after.strip_prefix(':')?)
        }
        None => ("", &rest[1..]),
    };
    Some((kind.to_string(), component.to_string(), text.to_string()))
}

fn read_commits(log: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    for block in log.split("\n==END==\n") {
        let mut lines = block.lines();
        let (Some(hash), Some(subject)) = (lines.next(), lines.next()) else { continue };
        let Some((kind, component, subject)) = split_subject(subject) else { continue };
        let mut entry = Entry { hash: hash.to_string(), kind, component, subject, closes: vec![], breaks: vec![] };
        for line in lines {
            entry.closes.extend(linked_issue(line, &["Closes", "Fixes", "Resolves"]));
            if let Some(number) = linked_issue(line, &["Breaks", "Broke"]) {
                entry.breaks.push(number);
            } else if line.to_lowercase().contains("breaking") {
                entry.breaks.push(String::new());
            }
        }
        entries.push(entry);
    }
    entries
}

struct Links<'a> {
    style: &'a str,
    repository: &'a str,
}

impl Links<'_> {
    fn issue(&self, number: &str) -> String {
        if !self.repository.is_empty() && (self.style == "github" || self.style == "gitlab") {
            return format!("{}/issues/{}", self.repository, number);
        }
        number.to_string()
    }

    fn commit(&self, hash: &str) -> String {
        if self.repository.is_empty() {
            return short(hash).to_string();
        }
        let middle = match self.style {
            "stash" => "/commits/",
            "cgit" => "/commit/?id=",
            _ => "/commit/",
        };
        format!("{}{}{}", self.repository, middle, hash)
    }

}

fn short(hash: &str) -> &str {
    &hash[..hash.len().min(8)]
}

struct Header {
    version: Option<String>,
    is_patch: bool,
    subtitle: Option<String>,
    date: String,
}

type Grouped<'a> = Vec<(&'a str, BTreeMap<String, Vec<&'a Entry>>)>;

fn group<'a>(config: &'a Config, entries: &'a [Entry]) -> Grouped<'a> {
    let mut sections: Grouped = config.sections.iter().map(|(n, _)| (n.as_str(), BTreeMap::new())).collect();
    for entry in entries {
        let Some(index) = config.sections.iter().position(|(_, a)| a.contains(&entry.kind)) else { continue };
        let named = config.components.iter().find(|(_, a)| a.contains(&entry.component));
        let component = named.map_or(&entry.component, |(n, _)| n);
        sections[index].1.entry(component.clone()).or_default().push(entry);
    }
    sections.retain(|(_, components)| !components.is_empty());
    sections
}

fn markdown(header: &Header, sections: &Grouped, links: &Links) -> String {
    let version = header.version.as_deref().unwrap_or("");
    let subtitle = header.subtitle.as_deref().unwrap_or("");
    let marks = if header.is_patch { "###" } else { "##" };
    let mut out = format!("<a name=\"{v}\"></a>\n{} {v} {} ({})\n\n", marks, subtitle, header.date, v = version);
    for (title, components) in sections {
        out.push_str(&format!("\n#### {}\n\n", title));
        for (component, entries) in components {
            let label = if component.is_empty() { String::new() } else { format!("**{}:**", component) };
            let nested = entries.len() > 1 && !component.is_empty();
            if nested {
                out.push_str(&format!("* {}\n", label));
            }
            for e in entries {
                let start = if nested { "  *".to_string() } else { format!("* {}", label) };
                out.push_str(&format!(
                    "{} {} ([{}]({}){}{})\n",
                    start,
                    e.subject,
                    short(&e.hash),
                    links.commit(&e.hash),
                    links.issue_list("closes", &e.closes),
                    links.issue_list("breaks", &e.breaks)
                ));
            }
        }
    }
    out
}

fn json(header: &Header, sections: &Grouped, links: &Links) -> String {
    let issues = |present: bool, numbers: &[String]| {
        if !present {
            return "null".to_string();
        }
        let items: Vec<String> = numbers
            .iter()
            .map(|n| format!("{{\"issue\":{},\"issue_link\":{:?}}}", n, links.issue(n)))
            .collect();
        format!("[{}]", items.join(","))
    };
    let mut parts = Vec::new();
    for (title, components) in sections {
        let mut commits = Vec::new();
        for (component, entries) in components {
            let name = if component.is_empty() { "null".to_string() } else { format!("{:?}", component) };
            for e in entries {
                commits.push(format!(
                    "{{\"component\":{},\"subject\":{:?},\"commit_link\":{:?},\"closes\":{},\"breaks\":{}}}",
                    name,
                    e.subject,
                    links.commit(&e.hash),
                    issues(!e.closes.is_empty(), &e.closes),
                    issues(!e.breaks.is_empty(), &e.closes)
                ));
            }
        }
        parts.push(format!("{{\"title\":{:?},\"commits\":[{}]}}", title, commits.join(",")));
    }
    let list = if parts.is_empty() { "null".to_string() } else { format!("[{}]", parts.join(",")) };
    format!(
        "{{\"header\":{{\"version\":{:?},\"patch_version\":{},\"subtitle\":{},\"date\":{:?}}},\"sections\":{}}}",
        header.version,
        header.is_patch,
        header.subtitle.as_deref().unwrap_or("null"),
        header.date,
        list
    )
}

fn stop(message: &str) -> ! {
    eprintln!("\x1b[1;31merror:\x1b[0m {}", message);
    exit(1)
}

fn main() {
    let started = Instant::now();
    let given = args::parse(std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect());

    let cwd = std::env::current_dir().unwrap_or_else(|_| stop("the current directory cannot be determined"));
    let config_path = cwd.join(given.get("config").unwrap_or(".clog.toml"));
    let text = fs::read_to_string(&config_path).unwrap_or_else(|_| stop(BAD_FILE));
    let config = read_config(&text).unwrap_or_else(|| stop(BAD_CONFIG));

    let base = config_path.parent().map_or(cwd.clone(), |p| p.to_path_buf());
    let git = Git {
        dir: given.get("git-dir").map_or(base.join(".git"), PathBuf::from),
        tree: given.get("work-tree").map_or(base.clone(), PathBuf::from),
    };

    let mut header = Header {
        version: given.get("setversion").map(String::from),
        is_patch: false,
        subtitle: given.get("subtitle").map(String::from),
        date: today(),
    };
    let part = ["major", "minor", "patch"].iter().position(|p| given.has(p));
    if let (None, Some(part)) = (&header.version, part) {
        // The tag is checked as git prints it, line end included, and so it is refused.
        let tag = git.run(&["describe", "--tags", "--abbrev=0"]);
        header.version = Some(bump(&tag, part).unwrap_or_else(|| stop(BAD_VERSION)));
        header.is_patch = part == 2;
    }

    let from = if given.has("from-latest-tag") {
        Some(git.run(&["rev-list", "--tags", "--max-count=1"]).trim().to_string())
    } else {
        let unset = if config.from_latest_tag { Some(String::new()) } else { None };
        given.get("from").map(String::from).or(unset)
    };
    let range = match from {
        Some(f) => format!("{}..{}", f, given.get("to").unwrap_or("HEAD")),
        None => "HEAD".to_string(),
    };

    let chosen = |name: &str, configured: &Option<String>| {
        let single = given.get("changelog").or(config.changelog.as_deref());
        given.get(name).or(single).or(configured.as_deref()).map(String::from)
    };
    let infile = chosen("infile", &config.infile);
    let outfile = chosen("outfile", &config.outfile);

    let old_source = infile.as_ref().or(outfile.as_ref());
    let old = old_source.map(|p| fs::read_to_string(p).unwrap_or_default());
    let mut target: Box<dyn Write> = match &outfile {
        Some(p) => Box::new(fs::File::create(p).unwrap_or_else(|_| stop(BAD_FILE))),
        None => Box::new(std::io::stdout()),
    };

    let entries = read_commits(&git.run(&["log", "--format=%H%n%s%n%b%n==END==", &range]));
    let sections = group(&config, &entries);
    let links = Links {
        style: given.get("link-style").unwrap_or("github"),
        repository: given.get("repository").unwrap_or(""),
    };
    let mut text = match given.get("format") {
        Some("json") => json(&header, &sections, &links),
        _ => markdown(&header, &sections, &links),
    };
    if let Some(old) = old {
        text.push_str("\n\n\n");
        text.push_str(&old);
    }
    if target.write_all(text.as_bytes()).and_then(|_| target.flush()).is_err() {
        stop(BAD_FILE);
    }
    println!("changelog written. (took {} ms)", started.elapsed().as_millis());
}

impl TomlReader<'_> {
    fn quoted(&mut self) -> Option<String> {
        let quote = self.chars.next()?;
        let mut text = String::new();
        loop {
            match self.chars.next()? {
                c if c == quote => return Some(text),
                '\n' => return None,
                '\\' if quote == '"' => text.push(match self.chars.next()? {
                    'n' => '\n',
                    't' => '\t',
                    c @ ('"' | '\\') => c,
                    _ => return None,
                }),
                c => text.push(c),
            }
        }
    }
}

impl Links<'_> {
    fn issue_list(&self, label: &str, numbers: &[String]) -> String {
        if numbers.iter().all(|n| self.issue(n).is_empty()) {
            return String::new();
        }
        let shown: Vec<String> = numbers.iter().map(|n| format!("[#{}]({})", n, self.issue(n))).collect();
        format!(", {} {}", label, shown.join(", "))
    }
}

fn names_with_aliases(table: Table) -> Option<Vec<(String, Vec<String>)>> {
    let text = |v| if let Value::Text(t) = v { Some(t) } else { None };
    let list = |(name, value)| match value {
        Value::List(items) => Some((name, items.into_iter().map(text).collect::<Option<Vec<_>>>()?)),
        _ => None,
    };
    table.into_iter().map(list).collect()
}

fn read_config(text: &str) -> Option<Config> {
    let mut config = Config::default();
    let mut tables = TomlReader { chars: text.chars().peekable() }.document()?;
    let mut take = |name: &str| tables.iter().position(|(n, _)| n == name).map(|i| tables.swap_remove(i).1);
    config.sections = names_with_aliases(take("sections").unwrap_or_default())?;
    config.components = names_with_aliases(take("components").unwrap_or_default())?;
    for (key, value) in take("clog")? {
        match (key.as_str(), value) {
            ("changelog", Value::Text(t)) => config.changelog = Some(t),
            ("infile", Value::Text(t)) => config.infile = Some(t),
            ("outfile", Value::Text(t)) => config.outfile = Some(t),
            ("from-latest-tag", Value::Flag(b)) => config.from_latest_tag = b,
            ("repository" | "subtitle", Value::Text(_)) => {}
            ("link-style", Value::Text(t)) if ["github", "gitlab", "stash", "cgit"].contains(&&*t.to_lowercase()) => {}
            ("output-format", Value::Text(t)) if ["json", "markdown"].contains(&&*t.to_lowercase()) => {}
            ("changelog" | "infile" | "outfile" | "from-latest-tag", _) => return None,
            ("repository" | "subtitle" | "link-style" | "output-format", _) => return None,
            _ => {}
        }
    }
    Some(config)
}

fn linked_issue(line: &str, words: &[&str]) -> Option<String> {
    let mut best: Option<(usize, &str)> = None;
    for (at, word) in words.iter().flat_map(|w| line.match_indices(w)) {
        let Some(mut rest) = line[at + word.len()..].strip_prefix([' ', '\t']) else { continue };
        while let Some(r) = rest.strip_prefix('#') {
            let digits = r.find(|c: char| !c.is_ascii_digit()).unwrap_or(r.len());
            if digits == 0 || best.map_or(false, |(b, _)| b < at) {
                break;
            }
            best = Some((at, &r[..digits]));
            rest = r[digits..].strip_prefix(", ").unwrap_or(&r[digits..]);
        }
    }
    best.map(|(_, number)| number.to_string())
}

fn bump(tag: &str, part: usize) -> Option<String> {
    let rest = tag.strip_prefix('v').unwrap_or(tag);
    let prefix = &tag[..tag.len() - rest.len()];
    let (core, tail) = rest.split_at(rest.find(['-', '+']).unwrap_or(rest.len()));
    if tail.contains(char::is_whitespace) {
        return None;
    }
    let mut numbers: Vec<u64> = core.split('.').map(|p| p.parse().ok()).collect::<Option<_>>()?;
    if numbers.len() != 3 {
        return None;
    }
    numbers[part] += 1;
    numbers[part + 1..].fill(0);
    Some(format!("{}{}.{}.{}{}", prefix, numbers[0], numbers[1], numbers[2], tail))
}

fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let days = seconds / 86400 + 719468;
    let (era, day_of_era) = (days / 146097, days % 146097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + (month <= 2) as u64;
    format!("{:04}-{:02}-{:02}", year, month, day)
}
