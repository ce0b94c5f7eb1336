use std::process::exit;

pub struct Opt {
    short: char,
    long: &'static str,
    value: &'static str,
    choices: &'static [&'static str],
}

const fn opt(short: char, long: &'static str, value: &'static str, choices: &'static [&'static str]) -> Opt {
    Opt { short, long, value, choices }
}

const OPTIONS: [Opt; 19] = [
    opt('r', "repository", "URL", &[]),
    opt('f', "from", "COMMIT", &[]),
    opt('T', "format", "STR", &["markdown", "json"]),
    opt('M', "major", "", &[]),
    opt('g', "git-dir", "PATH", &[]),
    opt('w', "work-tree", "PATH", &[]),
    opt('m', "minor", "", &[]),
    opt('p', "patch", "", &[]),
    opt('s', "subtitle", "STR", &[]),
    opt('t', "to", "COMMIT", &[]),
    opt('o', "outfile", "PATH", &[]),
    opt('c', "config", "COMMIT", &[]),
    opt('i', "infile", "PATH", &[]),
    opt('\0', "setversion", "VER", &[]),
    opt('F', "from-latest-tag", "", &[]),
    opt('l', "link-style", "STR", &["github", "gitlab", "stash", "cgit"]),
    opt('C', "changelog", "PATH", &[]),
    opt('h', "help", "", &[]),
    opt('V', "version", "", &[]),
];

const EXCLUSIVE: [(&str, &str); 3] = [("from", "from-latest-tag"), ("changelog", "infile"), ("changelog", "outfile")];

pub struct Given {
    program: String,
    seen: Vec<(&'static Opt, String)>,
}

impl Opt {
    fn display(&self) -> String {
        if self.value.is_empty() {
            return format!("--{}", self.long);
        }
        format!("--{} <{}>", self.long, self.value)
    }

    fn choice_note(&self) -> String {
        if self.choices.is_empty() {
            return String::new();
        }
        format!("\n  [possible values: {}]", self.choices.join(", "))
    }

    fn excludes(&self, other: &Opt) -> bool {
        EXCLUSIVE.contains(&(self.long, other.long)) || EXCLUSIVE.contains(&(other.long, self.long))
    }
}

impl Given {
    pub fn has(&self, long: &str) -> bool {
        self.get(long).is_some()
    }

    pub fn get(&self, long: &str) -> Option<&str> {
        self.seen.iter().find(|(o, _)| o.long == long).map(|(_, v)| v.as_str())
    }

    fn fail(&self, message: &str, usage: &str) -> ! {
        eprintln!("error: {}\n", message);
        if !usage.is_empty() {
            eprintln!("Usage: {} {}\n", self.program, usage);
        }
        eprintln!("For more information, try '--help'.");
        exit(2)
    }

    fn unexpected(&self, arg: &str) -> ! {
        self.fail(&format!("unexpected argument '{}' found", arg), "[OPTIONS]")
    }

    fn missing_value(&self, o: &Opt) -> ! {
        self.fail(&format!("a value is required for '{}' but none was supplied{}", o.display(), o.choice_note()), "")
    }

    fn add(&mut self, o: &'static Opt, value: &str) {
        if o.long == "help" {
            print!("{}", include_str!("help.txt").replace("{program}", &self.program));
            exit(0);
        }
        if o.long == "version" {
            println!("clog 0.10.0");
            exit(0);
        }
        if !o.choices.is_empty() && value.is_empty() {
            self.missing_value(o);
        }
        if !o.choices.is_empty() && !o.choices.contains(&value) {
            self.fail(&format!("invalid value '{}' for '{}'{}", value, o.display(), o.choice_note()), "");
        }
        if self.has(o.long) {
            self.fail(&format!("the argument '{}' cannot be used multiple times", o.display()), "[OPTIONS]");
        }
        self.seen.push((o, value.to_string()));
    }

    fn check_exclusive(&self) {
        for (o, _) in &self.seen {
            let (rivals, kept): (Vec<_>, Vec<_>) = self.seen.iter().map(|(s, _)| *s).partition(|s| o.excludes(s));
            if rivals.is_empty() {
                continue;
            }
            let kept: Vec<String> = kept.iter().map(|s| s.display()).collect();
            let with = if rivals.len() == 1 {
                format!(" '{}'", rivals[0].display())
            } else {
                format!(":{}", rivals.iter().map(|r| format!("\n  {}", r.display())).collect::<String>())
            };
            self.fail(&format!("the argument '{}' cannot be used with{}", o.display(), with), &kept.join(" "));
        }
    }
}

pub fn parse(argv: Vec<String>) -> Given {
    let mut rest = argv.into_iter().peekable();
    let path = rest.next().unwrap_or_default();
    let program = path.rsplit('/').next().unwrap_or("clog").to_string();
    let mut given = Given { program, seen: Vec::new() };

    while let Some(arg) = rest.next() {
        let mut needs_value = None;
        if arg == "--" {
            if let Some(extra) = rest.next() {
                given.unexpected(&extra);
            }
        } else if let Some(body) = arg.strip_prefix("--") {
            let (name, value) = body.split_once('=').map_or((body, None), |(n, v)| (n, Some(v)));
            let Some(o) = OPTIONS.iter().find(|o| o.long == name) else {
                given.unexpected(&format!("--{}", name));
            };
            match value {
                Some(v) if o.value.is_empty() => {
                    let message = format!("unexpected value '{}' for '--{}' found; no more were expected", v, name);
                    given.fail(&message, &o.display())
                }
                Some(v) => given.add(o, v),
                None if o.value.is_empty() => given.add(o, ""),
                None => needs_value = Some(o),
            }
        } else if arg.len() > 1 && arg.starts_with('-') {
            for (at, c) in arg.char_indices().skip(1) {
                let Some(o) = OPTIONS.iter().find(|o| o.short == c) else {
                    given.unexpected(&format!("-{}", c));
                };
                if o.value.is_empty() {
                    given.add(o, "");
                    continue;
                }
                let attached = &arg[at + 1..];
                if attached.is_empty() {
                    needs_value = Some(o);
                } else {
                    given.add(o, attached.strip_prefix('=').unwrap_or(attached));
                }
                break;
            }
        } else {
            given.unexpected(&arg);
        }
        if let Some(o) = needs_value {
            match rest.next_if(|next| next == "-" || !next.starts_with('-')) {
                Some(v) => given.add(o, &v),
                None => given.missing_value(o),
            }
        }
    }
    given.check_exclusive();
    given
}
