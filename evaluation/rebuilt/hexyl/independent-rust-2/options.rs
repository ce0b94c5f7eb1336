use std::process::exit;

pub struct Opt {
    pub short: &'static str,
    pub long: &'static str,
    pub value: &'static str,
    pub choices: &'static [&'static str],
}

const fn opt(short: &'static str, long: &'static str, value: &'static str, choices: &'static [&'static str]) -> Opt {
    Opt { short, long, value, choices }
}

static OPTIONS: [Opt; 24] = [
    opt("n", "length", "N", &[]),
    opt("s", "skip", "N", &[]),
    opt("", "block-size", "SIZE", &[]),
    opt("v", "no-squeezing", "", &[]),
    opt("", "color", "WHEN", &["always", "auto", "never", "force"]),
    opt("", "border", "STYLE", &["unicode", "ascii", "none"]),
    opt("p", "plain", "", &[]),
    opt("", "no-characters", "", &[]),
    opt("C", "characters", "", &[]),
    opt("", "character-table", "FORMAT", &["default", "ascii", "codepage-1047", "codepage-437", "braille"]),
    opt("", "color-scheme", "FORMAT", &["default", "gradient"]),
    opt("P", "no-position", "", &[]),
    opt("o", "display-offset", "N", &[]),
    opt("", "panels", "N", &[]),
    opt("g", "group-size", "N", &["1", "2", "4", "8"]),
    opt("", "endianness", "FORMAT", &["little", "big"]),
    opt("e", "", "", &[]),
    opt("b", "base", "B", &[]),
    opt("", "terminal-width", "N", &[]),
    opt("", "print-color-table", "", &[]),
    opt("i", "include", "", &[]),
    opt("", "completion", "SHELL", &["bash", "elvish", "fish", "powershell", "zsh"]),
    opt("h", "help", "", &[]),
    opt("V", "version", "", &[]),
];

impl Opt {
    fn label(&self) -> String {
        let name = if self.long.is_empty() { format!("-{}", self.short) } else { format!("--{}", self.long) };
        if self.value.is_empty() { name } else { format!("{} <{}>", name, self.value) }
    }

    fn key(&self) -> &'static str {
        if self.long.is_empty() { self.short } else { self.long }
    }

    fn choice_list(&self) -> String {
        format!("\n  [possible values: {}]", self.choices.join(", "))
    }
}

#[derive(Default)]
pub struct Args {
    given: Vec<(&'static Opt, String)>,
    pub file: Option<String>,
}

impl Args {
    pub fn has(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.position(key).map(|n| self.given[n].1.as_str())
    }

    pub fn position(&self, key: &str) -> Option<usize> {
        self.given.iter().position(|(o, _)| o.key() == key)
    }
}

fn program_name() -> String {
    let path = std::env::args().next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or("hexyl").to_string()
}

fn reject(message: &str, usage: Option<&str>) -> ! {
    eprintln!("error: {}\n", message);
    if let Some(usage) = usage {
        eprintln!("Usage: {} {}\n", program_name(), usage);
    }
    eprintln!("For more information, try '--help'.");
    exit(2)
}

const USAGE: Option<&str> = Some("[OPTIONS] [FILE]");

fn find_long(name: &str) -> Option<&'static Opt> {
    let name = if name == "bytes" { "length" } else { name };
    let name = if name == "groupsize" { "group-size" } else { name };
    OPTIONS.iter().find(|o| !o.long.is_empty() && o.long == name)
}

fn find_short(letter: char) -> Option<&'static Opt> {
    let letter = if letter == 'c' || letter == 'l' { 'n' } else { letter };
    OPTIONS.iter().find(|o| o.short.starts_with(letter))
}

fn unknown(arg: &str) -> ! {
    reject(&format!("unexpected argument '{0}' found\n\n  tip: to pass '{0}' as a value, use '-- {0}'", arg), USAGE)
}

fn missing_value(opt: &Opt) -> ! {
    let list = if opt.choices.is_empty() { String::new() } else { opt.choice_list() };
    reject(&format!("a value is required for '{}' but none was supplied{}", opt.label(), list), None)
}

fn next_value(opt: &'static Opt, words: &mut std::iter::Peekable<std::vec::IntoIter<String>>) -> String {
    let Some(next) = words.peek() else { missing_value(opt) };
    if next.len() > 1 && next.starts_with('-') {
        let long = next.strip_prefix("--").map(|l| l.split('=').next().unwrap());
        let letter = next.chars().nth(1).unwrap();
        match long {
            None if find_short(letter).is_none() => unknown(&format!("-{}", letter)),
            Some(name) if !name.is_empty() && find_long(name).is_none() => unknown(&format!("--{}", name)),
            _ => missing_value(opt),
        }
    }
    words.next().unwrap()
}

fn store(args: &mut Args, opt: &'static Opt, value: String) {
    if opt.long == "version" {
        println!("hexyl 0.16.0");
        exit(0);
    }
    let width = value.parse::<std::num::NonZeroU64>();
    if let (Err(e), "terminal-width") = (width, opt.long) {
        reject(&format!("invalid value '{}' for '{}': {}", value, opt.label(), e), None);
    }
    if !opt.choices.is_empty() && !opt.choices.contains(&value.as_str()) {
        if value.is_empty() {
            missing_value(opt);
        }
        reject(&format!("invalid value '{}' for '{}'{}", value, opt.label(), opt.choice_list()), None);
    }
    if args.has(opt.key()) {
        reject(&format!("the argument '{}' cannot be used multiple times", opt.label()), USAGE);
    }
    args.given.push((opt, value));
}

fn print_help(text: &str) -> ! {
    print!("{}", text.replacen("{name}", &program_name(), 1));
    exit(0)
}

pub fn parse() -> Args {
    let mut args = Args::default();
    let all: Vec<String> = std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    let mut words = all.into_iter().peekable();
    let mut only_files = false;
    while let Some(word) = words.next() {
        if only_files || word == "-" || !word.starts_with('-') {
            if args.file.is_some() {
                reject(&format!("unexpected argument '{}' found", word), USAGE);
            }
            args.file = Some(word);
        } else if word == "--" {
            only_files = true;
        } else if let Some(long) = word.strip_prefix("--") {
            let (name, inline) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value.to_string())),
                None => (long, None),
            };
            let Some(opt) = find_long(name) else { unknown(&format!("--{}", name)) };
            if opt.long == "help" {
                print_help(include_str!("help_long.txt"));
            }
            let value = match inline {
                Some(extra) if opt.value.is_empty() => {
                    let message = format!("unexpected value '{}' for '--{}' found; no more were expected", extra, opt.long);
                    reject(&message, Some(&format!("--{} [FILE]", opt.long)))
                }
                Some(value) => value,
                None if opt.value.is_empty() => String::new(),
                None => next_value(opt, &mut words),
            };
            store(&mut args, opt, value);
        } else {
            let mut rest = word[1..].chars();
            while let Some(letter) = rest.next() {
                let Some(opt) = find_short(letter) else { unknown(&format!("-{}", letter)) };
                if opt.long == "help" {
                    print_help(include_str!("help_short.txt"));
                }
                if opt.value.is_empty() {
                    store(&mut args, opt, String::new());
                    continue;
                }
                let value = match rest.as_str() {
                    "" => next_value(opt, &mut words),
                    attached => attached.strip_prefix('=').unwrap_or(attached).to_string(),
                };
                store(&mut args, opt, value);
                break;
            }
        }
    }
    if let (Some(panels), Some(width)) = (args.position("panels"), args.position("terminal-width")) {
        let (first, second) = (args.given[panels.min(width)].0.label(), args.given[panels.max(width)].0.label());
        let usage = format!("{} {}", first, if args.file.is_some() { "<FILE>" } else { "[FILE]" });
        reject(&format!("the argument '{}' cannot be used with '{}'", first, second), Some(&usage));
    }
    args
}
