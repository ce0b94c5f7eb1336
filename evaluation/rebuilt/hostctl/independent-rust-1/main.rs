mod hosts;

use hosts::{normal_ip, Hosts, Row, Status, NO_IP};
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fmt, fs, io, process};

const HELP: &str = r#"
hostctl is a CLI tool to manage your hosts file with ease.
You can have multiple profiles, enable/disable exactly what
you need each time with a simple interface.

Usage:
  hostctl [command]

Available Commands:
  add         Add content to a profile in your hosts file.
  backup      Creates a backup copy of your hosts file
  disable     Disable a profile from your hosts file.
  enable      Enable a profile on your hosts file.
  help        Help about any command
  list        Shows a detailed list of profiles on your hosts file.
  remove      Remove a profile from your hosts file.
  replace     Replace content to a profile in your hosts file.
  restore     Restore hosts file content from a backup file.
  status      Shows a list of profile names and statuses on your hosts file.
  sync        Sync some system IPs with a profile.
  toggle      Change status of a profile on your hosts file.

Flags:
  -c, --column strings     Column names to show on lists. comma separated
  -h, --help               help for hostctl
      --host-file string   Hosts file path (default "/etc/hosts")
      --no-color           force colorless output
  -o, --out string         Output type (table|raw|markdown|json) (default "table")
  -q, --quiet              Run command without output
      --raw                Output without borders (same as -o raw)
  -v, --version            version for hostctl

Use "hostctl [command] --help" for more information about a command.
"#;

enum Failure {
    Message(String),
    Open(String, io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Failure::Message(text) => f.write_str(text),
            Failure::Open(path, error) => match error.kind() {
                io::ErrorKind::NotFound => write!(f, "open {path}: no such file or directory"),
                io::ErrorKind::PermissionDenied => write!(f, "open {path}: permission denied"),
                _ => write!(f, "open {path}: {error}"),
            },
        }
    }
}

type Outcome<T> = Result<T, Failure>;

fn fail<T>(text: impl Into<String>) -> Outcome<T> {
    Err(Failure::Message(text.into()))
}

fn read(path: &str) -> Outcome<String> {
    let bytes = fs::read(path).map_err(|e| Failure::Open(path.to_string(), e))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn write(path: &str, text: &str) -> Outcome<()> {
    fs::write(path, text).map_err(|e| Failure::Open(path.to_string(), e))
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Format {
    #[default]
    Table,
    Markdown,
    Raw,
    Json,
}

#[derive(Default)]
struct Options {
    columns: Vec<String>,
    host_file: String,
    format: Format,
    raw: bool,
    quiet: bool,
    from: String,
    ip: String,
    path: Option<String>,
    all: bool,
    only: bool,
    help: bool,
    version: bool,
    words: Vec<String>,
}

impl Options {
    fn parse(mut args: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut o = Options { host_file: "/etc/hosts".into(), ip: "127.0.0.1".into(), ..Options::default() };
        while let Some(arg) = args.next() {
            if arg == "--" {
                o.words.extend(args.by_ref());
            } else if let Some(long) = arg.strip_prefix("--") {
                let (name, inline) = match long.split_once('=') {
                    Some((name, value)) => (name, Some(value.to_string())),
                    None => (long, None),
                };
                let state = inline.as_deref().map_or(Some(true), parse_bool);
                if !o.switch(name, state.unwrap_or(true)) {
                    let missing = format!("flag needs an argument: --{name}");
                    if !o.assign(name, || inline.or_else(|| args.next()))?.ok_or_else(|| Failure::Message(missing))? {
                        return fail(format!("unknown flag: --{name}"));
                    }
                } else if state.is_none() {
                    let value = inline.unwrap_or_default();
                    let cause = format!("strconv.ParseBool: parsing {value:?}: invalid syntax");
                    return fail(format!("invalid argument {value:?} for \"--{name}\" flag: {cause}"));
                }
            } else if arg.len() > 1 && arg.starts_with('-') {
                o.cluster(&arg[1..], &mut args)?;
            } else {
                o.words.push(arg);
            }
        }
        Ok(o)
    }

    fn cluster(&mut self, letters: &str, args: &mut impl Iterator<Item = String>) -> Outcome<()> {
        for (at, letter) in letters.char_indices() {
            let name = match letter {
                'c' => "column",
                'h' => "help",
                'o' => "out",
                'q' => "quiet",
                'v' => "version",
                'f' => "from",
                _ => return fail(format!("unknown shorthand flag: '{letter}' in -{}", &letters[at..])),
            };
            if self.switch(name, true) {
                continue;
            }
            let rest = &letters[at + 1..];
            let value = if rest.is_empty() { args.next() } else { Some(rest.trim_start_matches('=').to_string()) };
            return match self.assign(name, || value)? {
                Some(_) => Ok(()),
                None => fail(format!("flag needs an argument: '{letter}' in -{letter}")),
            };
        }
        Ok(())
    }

    fn switch(&mut self, name: &str, state: bool) -> bool {
        let target = match name {
            "raw" => &mut self.raw,
            "quiet" => &mut self.quiet,
            "all" => &mut self.all,
            "only" => &mut self.only,
            "help" => &mut self.help,
            "version" => &mut self.version,
            "no-color" => return true,
            _ => return false,
        };
        *target = state;
        true
    }

    /// Ok(Some(false)) means the flag is unknown, Ok(None) that its value is missing.
    fn assign(&mut self, name: &str, value: impl FnOnce() -> Option<String>) -> Outcome<Option<bool>> {
        if !["column", "host-file", "out", "from", "ip", "path"].contains(&name) {
            return Ok(Some(false));
        }
        let Some(value) = value() else { return Ok(None) };
        match name {
            "column" => self.columns.extend(value.split(',').map(String::from)),
            "host-file" => self.host_file = value,
            "from" => self.from = value,
            "ip" => self.ip = value,
            "path" => self.path = Some(value),
            _ => {
                self.format = match value.as_str() {
                    "json" => Format::Json,
                    "raw" => Format::Raw,
                    "markdown" => Format::Markdown,
                    _ => Format::Table,
                }
            }
        }
        Ok(Some(true))
    }
}

fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

enum Action {
    List(Option<Status>),
    Status,
    Add { replace: bool },
    AddDomains,
    Remove,
    RemoveDomains,
    Switch(fn(Status) -> Status),
    Backup,
    Restore,
}

/// Takes the command words off the front of the positional words.
fn pick_action(words: &mut Vec<String>) -> Outcome<Action> {
    let first = words.remove(0);
    let second = words.first().cloned().unwrap_or_default();
    let (action, used) = match (first.as_str(), second.as_str()) {
        ("list", "enabled" | "on") => (Action::List(Some(Status::On)), 1),
        ("list", "disabled" | "off") => (Action::List(Some(Status::Off)), 1),
        ("list", _) => (Action::List(None), 0),
        ("status", _) => (Action::Status, 0),
        ("add", "domains") => (Action::AddDomains, 1),
        ("add", _) => (Action::Add { replace: false }, 0),
        ("replace", _) => (Action::Add { replace: true }, 0),
        ("remove", "domains") => (Action::RemoveDomains, 1),
        ("remove", _) => (Action::Remove, 0),
        ("enable", _) => (Action::Switch(|_| Status::On), 0),
        ("disable", _) => (Action::Switch(|_| Status::Off), 0),
        ("toggle", _) => (Action::Switch(Status::flipped), 0),
        ("backup", _) => (Action::Backup, 0),
        ("restore", _) => (Action::Restore, 0),
        _ => return fail(format!("unknown command \"{first}\" for \"hostctl\"")),
    };
    words.drain(..used);
    Ok(action)
}

fn check(action: &Action, o: &Options) -> Outcome<()> {
    match action {
        Action::List(_) | Action::Status | Action::Backup | Action::Restore => return Ok(()),
        Action::Add { .. } if o.words.len() > 1 => return fail("specify only one profile"),
        Action::Remove | Action::Switch(_) if o.all => {
            return if o.words.is_empty() { Ok(()) } else { fail("args must be empty with --all flag") };
        }
        _ => {}
    }
    if o.words.is_empty() {
        fail("missing profile name")
    } else if o.words.iter().any(|w| w == "default") {
        fail("'default' profile should not be handled by hostctl")
    } else {
        Ok(())
    }
}

fn render(rows: &[Row], columns: &[String], format: Format) -> String {
    if format == Format::Json {
        let object = |r: &Row| {
            format!(
                r#"{{"Profile":"{}","Status":"{}","IP":"{}","Host":"{}"}}"#,
                r.profile, r.status, r.ip, r.host
            )
        };
        let objects: Vec<String> = rows.iter().map(object).collect();
        return if objects.is_empty() { "null\n".into() } else { format!("[{}]\n", objects.join(",")) };
    }
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|r| {
            let cell = |c: &String| match c.as_str() {
                "profile" => Some(r.profile.clone()),
                "status" => Some(r.status.to_string()),
                "ip" => Some(r.ip.clone()),
                "domain" => Some(r.host.clone()),
                _ => None,
            };
            columns.iter().filter_map(cell).collect()
        })
        .collect();
    if cells.first().map_or(true, Vec::is_empty) {
        return String::new();
    }
    let mut widths: Vec<usize> = columns.iter().map(|c| c.chars().count()).collect();
    for row in &cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let titles = columns.iter().map(|c| c.to_uppercase()).zip(&widths);
    if format == Format::Raw {
        let heads: Vec<String> = titles.map(|(t, &w)| format!("{t:w$}")).collect();
        let line = |row: &Vec<String>| row.iter().zip(&widths).map(|(c, &w)| format!("{c:w$}\t")).collect::<String>() + "\n";
        return heads.join("\t") + " \n" + &cells.iter().map(line).collect::<String>();
    }
    let corner = if format == Format::Markdown { "|" } else { "+" };
    let rule = widths.iter().fold(corner.to_string(), |line, w| line + &"-".repeat(w + 2) + corner) + "\n";
    let head: String = titles.map(|(t, &w)| format!(" {t:^w$} |")).collect();
    let mut text = format!("|{head}\n{rule}");
    for (n, row) in cells.iter().enumerate() {
        if n > 0 && rows[n - 1].profile != rows[n].profile && !rows[n].ip.is_empty() {
            text += &rule;
        }
        let line: String = row.iter().zip(&widths).map(|(c, &w)| format!(" {c:w$} |")).collect();
        text += &format!("|{line}\n");
    }
    if format == Format::Markdown { text } else { format!("{rule}{text}{rule}") }
}

fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let leap = |y: u64| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    let (mut days, mut year, mut month) = (seconds / 86400, 1970, 0);
    while days >= 365 + leap(year) as u64 {
        days -= 365 + leap(year) as u64;
        year += 1;
    }
    let lengths = [31, 28 + leap(year) as u64, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    format!("{year:04}{:02}{:02}", month + 1, days + 1)
}

fn input(from: &str) -> Outcome<String> {
    let piped = fs::metadata("/dev/stdin").map_or(false, |m| !m.file_type().is_char_device());
    if from.is_empty() && piped {
        io::read_to_string(io::stdin()).map_err(|e| Failure::Message(e.to_string()))
    } else {
        read(from)
    }
}

struct Session {
    options: Options,
    hosts: Hosts,
}

impl Session {
    fn say(&self, text: &str) {
        if !self.options.quiet {
            print!("{text}");
        }
    }

    /// Saves the changed hosts, then prints a message and the rows of the named profiles.
    fn commit(&self, message: &str, names: &[String], ending: &str) -> Outcome<()> {
        write(&self.options.host_file, &self.hosts.to_string())?;
        self.say(message);
        self.show(names);
        self.say(ending);
        Ok(())
    }

    fn show(&self, names: &[String]) {
        self.say(&render(&self.hosts.rows(names, None), &self.options.columns, self.options.format));
    }

    fn run(&mut self, action: Action) -> Outcome<()> {
        let words = self.options.words.clone();
        let unknown = || Failure::Message("unknown profile name".into());
        match action {
            Action::List(only) => {
                print!("{}", render(&self.hosts.rows(&words, only), &self.options.columns, self.options.format));
            }
            Action::Status => {
                let listed = self.hosts.profiles.iter().filter(|p| words.is_empty() || words.contains(&p.name));
                let rows: Vec<Row> = listed
                    .map(|p| Row { profile: p.name.clone(), status: p.status, ip: String::new(), host: String::new() })
                    .collect();
                print!("{}", render(&rows, &["profile".into(), "status".into()], self.options.format));
            }
            Action::Add { replace } => {
                let text = input(&self.options.from)?;
                if replace {
                    self.hosts.remove(&words[0]);
                }
                self.hosts.entry(&words[0]).add_text(&text);
                self.commit("", &words, if replace { "" } else { "\n" })?;
            }
            Action::AddDomains => {
                let ip = normal_ip(&self.options.ip).unwrap_or_else(|| NO_IP.into());
                self.hosts.entry(&words[0]).add(&ip, words[1..].iter().map(String::as_str));
                self.commit(&format!("[✔] Domains '{}' added.\n\n", words[1..].join(", ")), &words[..1], "\n")?;
            }
            Action::Remove => {
                let names: Vec<String> = match self.options.all {
                    true => self.hosts.profiles.iter().map(|p| p.name.clone()).collect(),
                    false => words,
                };
                if !self.hosts.has_all(&names) {
                    return Err(unknown());
                }
                names.iter().for_each(|n| self.hosts.remove(n));
                write(&self.options.host_file, &self.hosts.to_string())?;
                self.say(&format!("[✔] Profile(s) '{}' removed.\n\n\n", names.join(", ")));
            }
            Action::RemoveDomains => {
                let profile = self.hosts.get_mut(&words[0]).ok_or_else(unknown)?;
                profile.drop_hosts(&words[1..]);
                let message = if profile.routes.is_empty() {
                    self.hosts.remove(&words[0]);
                    format!("[✔] Profile '{}' removed.\n\n", words[0])
                } else {
                    format!("[✔] Domains '{}' removed.\n\n", words[1..].join(", "))
                };
                self.commit(&message, &words[..1], "")?;
            }
            Action::Switch(change) => {
                if !self.hosts.has_all(&words) {
                    return Err(unknown());
                }
                for p in &mut self.hosts.profiles {
                    match words.contains(&p.name) {
                        false if self.options.only => p.status = change(p.status).flipped(),
                        named if named || self.options.all => p.status = change(p.status),
                        _ => {}
                    }
                }
                self.commit("", &words, "\n")?;
            }
            Action::Backup => {
                let text = read(&self.options.host_file)?;
                let folder = match &self.options.path {
                    Some(path) => Path::new(path).to_path_buf(),
                    None => env::current_dir().unwrap_or_default(),
                };
                let base = Path::new(&self.options.host_file).file_name().unwrap_or_default().to_string_lossy();
                let target = folder.join(format!("{base}.{}", today())).display().to_string();
                write(&target, &text)?;
                self.say(&format!("[✔] Backup '{target}' created.\n\n"));
                self.show(&[]);
            }
            Action::Restore => {
                let text = read(&self.options.from)?;
                write(&self.options.host_file, &text)?;
                self.hosts = Hosts::parse(&text);
                self.say(&format!("[✔] File '{}' restored.\n\n", self.options.from));
                self.show(&[]);
            }
        }
        Ok(())
    }
}

fn start() -> Outcome<()> {
    let mut options = Options::parse(env::args().skip(1))?;
    if options.version {
        println!("hostctl version 1.1.4");
        return Ok(());
    }
    if options.help || options.words.is_empty() {
        print!("{HELP}");
        return Ok(());
    }
    let action = pick_action(&mut options.words)?;
    check(&action, &options)?;
    if options.columns.is_empty() {
        options.columns = ["profile", "status", "ip", "domain"].map(String::from).to_vec();
    }
    if options.format != Format::Json && !options.quiet && options.host_file != "/etc/hosts" {
        println!("[ℹ] Using hosts file: {}\n", options.host_file);
    }
    if options.raw {
        options.format = Format::Raw;
    }
    let hosts = Hosts::parse(&read(&options.host_file)?);
    Session { options, hosts }.run(action)
}

fn main() {
    if let Err(failure) = start() {
        println!("[✖] error: {failure}");
        process::exit(1);
    }
}
