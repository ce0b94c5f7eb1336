use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::exit;

mod regex;
use regex::Regex;

const PATTERNS: &str = r##"[A-Za-z]+://\S{3,50}:(\S{8,50})@[\dA-Za-z#%&+./:=?_~-]+|\beyJ[\dA-Za-z=_-]+(?:\.[\dA-Za-z=_-]{3,}){1,4}|(?:gh[oprsu]|github_pat)_[\dA-Za-z_]{36}|glpat-[\dA-Za-z_=-]{20,22}|[rs]k_live_[\dA-Za-z]{24,247}|sq0i[a-z]{2}-[\dA-Za-z_-]{22,43}|sq0c[a-z]{2}-[\dA-Za-z_-]{40,50}|EAAA[\dA-Za-z+=-]{60}|AccountKey=[\d+/=A-Za-z]{88}|AIzaSy[\dA-Za-z_-]{33}|npm_[\dA-Za-z]{36}|//.+/:_authToken=[\dA-Za-z_-]+|xox[aboprs]-(?:\d+-)+[\da-z]+|<master>\{[\dA-Za-z]+\\}</master>|https://hooks\.slack\.com/services/T[\dA-Za-z_]+/B[\dA-Za-z_]+/[\dA-Za-z_]+|SG\.[\dA-Za-z_-]{22}\.[\dA-Za-z_-]{43}|(?:AC|SK)[\da-z]{32}|[\da-f]{32}-us\d{1,2}|s-s4t2(?:af|ud)-[\da-f]{64}|PuTTY-User-Key-File-2|AGE-SECRET-KEY-1[\dA-Z]{58}|-{5}BEGIN DSA PRIVATE KEY-{5}(?:$|[^-]{63,}-{5}END)|-{5}BEGIN EC PRIVATE KEY-{5}(?:$|[^-]{63,}-{5}END)|-{5}BEGIN OPENSSH PRIVATE KEY-{5}(?:$|[^-]{63,}-{5}END)|-{5}BEGIN PGP PRIVATE KEY BLOCK-{5}(?:$|[^-]{63,}-{5}END)|-{5}BEGIN PRIVATE KEY-{5}(?:$|[^-]{63,}-{5}END)|-{5}BEGIN RSA PRIVATE KEY-{5}(?:$|[^-]{63,}-{5}END)|-{5}BEGIN SSH2 ENCRYPTED PRIVATE KEY-{5}(?:$|[^-]{63,}-{5}END)|(?i:key|token|secret|password)\w*["']?]?\s*(?:[:=]|:=|=>|<-|>)\s*[\t "'`]?([\w+./=~\-\\`^]{15,90})(?:[\t\n "'`]|</|$)"##;
const HOOK: &str = "ripsecrets --strict-ignore `git diff --cached --name-only --diff-filter=ACM`\n";
const BIGRAMS: &str = "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le";
const PLAIN_USAGE: &str = "[OPTIONS] [Source files]...";
const LONGS: [&str; 6] = ["install-pre-commit", "strict-ignore", "only-matching", "additional-pattern", "help", "version"];

// ---- randomness ----

fn binomial_at_most(n: usize, k: usize, p: f64) -> f64 {
    let mut term = (1.0 - p).powi(n as i32);
    let mut sum = term;
    for i in 0..k.min(n) {
        term *= (n - i) as f64 / (i + 1) as f64 * p / (1.0 - p);
        sum += term;
    }
    sum
}

fn distinct_at_most(n: usize, k: usize, base: usize) -> f64 {
    let mut p = vec![0.0; base + 1];
    p[0] = 1.0;
    for _ in 0..n {
        for j in (0..=base).rev() {
            let fresh = if j > 0 { p[j - 1] * (base - j + 1) as f64 / base as f64 } else { 0.0 };
            p[j] = p[j] * j as f64 / base as f64 + fresh;
        }
    }
    p.iter().take(k + 1).sum()
}

fn is_random(s: &str) -> bool {
    let n = s.chars().count();
    let count = |f: fn(&char) -> bool| s.chars().filter(f).count();
    let digits = count(char::is_ascii_digit);
    let (upper, lower) = (count(char::is_ascii_uppercase), count(char::is_ascii_lowercase));
    let hex = s.chars().all(|c| c.is_ascii_hexdigit());
    let base = match n {
        16.. if hex && (upper == 0 || lower == 0) => 16,
        16.. if upper + digits == n => 36,
        _ => 64,
    };
    let seen = s.char_indices().filter(|(i, c)| !s[..*i].contains(*c)).count();
    let b = base as f64;
    let mut p = distinct_at_most(n, seen, base);
    if base > 16 {
        p *= binomial_at_most(n, digits, 10.0 / b);
    }
    if base == 64 {
        p *= binomial_at_most(n, upper, 26.0 / b) * binomial_at_most(n, lower, 26.0 / b);
    }
    let pairs = s.as_bytes().windows(2).filter(|w| BIGRAMS.as_bytes().chunks(3).any(|c| c[..2] == **w)).count();
    let q = 1.28 / b;
    p *= binomial_at_most(n - 1, pairs, q) - if pairs > 0 { binomial_at_most(n - 1, pairs - 1, q) } else { 0.0 };
    p >= if digits > 0 { 3e-5 } else { 1e-4 }
}

// ---- ignore files ----

struct Rules {
    base: PathBuf,
    list: Vec<(String, bool, bool, bool)>, // glob, negated, directories only, anchored
}

impl Rules {
    fn parse(base: &Path, text: &str, loose: bool) -> Rules {
        let mut list = Vec::new();
        for line in text.lines() {
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let body = line.strip_prefix('!').unwrap_or(line);
            let glob = body.strip_suffix('/').unwrap_or(body);
            let path = glob.strip_prefix('/').unwrap_or(glob).to_string();
            let anchored = path.contains('/') || !loose && path != glob;
            list.push((path, body != line, glob != body, anchored));
        }
        Rules { base: base.to_path_buf(), list }
    }

    fn check(&self, path: &Path, is_dir: bool) -> Option<bool> {
        let rel = path.strip_prefix(&self.base).ok()?.to_string_lossy().into_owned();
        let name = rel.rsplit('/').next().unwrap();
        let hit = self.list.iter().rev().find(|(glob, _, dir_only, anchored)| {
            (is_dir || !dir_only) && glob_match(glob.as_bytes(), if *anchored { &rel } else { name }.as_bytes())
        });
        hit.map(|rule| !rule.1)
    }
}

fn glob_match(g: &[u8], s: &[u8]) -> bool {
    let Some(&c) = g.first() else { return s.is_empty() };
    if g == b"**" {
        return !s.is_empty();
    }
    if g.starts_with(b"**/") {
        return (0..=s.len()).any(|i| (i == 0 || s[i - 1] == b'/') && glob_match(&g[3..], &s[i..]));
    }
    if c == b'*' {
        let run = s.iter().take_while(|&&x| x != b'/').count();
        return (0..=run).any(|i| glob_match(&g[1..], &s[i..]));
    }
    let Some(&x) = s.first() else { return false };
    match c {
        b'?' => x != b'/' && glob_match(&g[1..], &s[1..]),
        b'\\' if g.len() > 1 => g[1] == x && glob_match(&g[2..], &s[1..]),
        _ => c == x && glob_match(&g[1..], &s[1..]),
    }
}

struct Level {
    plain: Rules,
    git: Rules,
    is_repo: bool,
}

impl Level {
    fn load(dir: &Path) -> Level {
        let read = |name: &str| fs::read_to_string(dir.join(name)).unwrap_or_default();
        let git = read(".git/info/exclude") + "\n" + &read(".gitignore");
        let (git, plain) = (Rules::parse(dir, &git, false), Rules::parse(dir, &read(".ignore"), false));
        Level { plain, git, is_repo: dir.join(".git").exists() }
    }
}

fn ignored(levels: &[Level], extra: &Rules, path: &Path, is_dir: bool) -> bool {
    let plain = levels.iter().rev().find_map(|l| l.plain.check(path, is_dir));
    let repo = levels.iter().rposition(|l| l.is_repo).unwrap_or(levels.len());
    let git = || levels[repo..].iter().rev().find_map(|l| l.git.check(path, is_dir));
    let hidden = || path.file_name().map_or(false, |n| n.to_string_lossy().starts_with('.'));
    plain.or_else(git).or_else(|| extra.check(path, is_dir)).unwrap_or_else(hidden)
}

fn absolute(path: &Path) -> PathBuf {
    fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_default()
}

// ---- scanning ----

struct Scanner {
    regex: Regex,
    allowed: Vec<String>,
    ignore: Rules,
    only_matching: bool,
    out: std::io::BufWriter<std::io::Stdout>,
    found: bool,
}

impl Scanner {
    fn walk(&mut self, shown: &Path, levels: &mut Vec<Level>) -> std::io::Result<()> {
        let dir = absolute(shown);
        levels.push(Level::load(&dir));
        let mut entries: Vec<_> = fs::read_dir(shown)?.flatten().collect();
        entries.sort_by_key(|e| e.file_name());
        for entry in entries {
            let kind = entry.file_type()?;
            if kind.is_symlink() || ignored(levels, &self.ignore, &dir.join(entry.file_name()), kind.is_dir()) {
                continue;
            }
            let path = shown.join(entry.file_name());
            let result = if kind.is_dir() { self.walk(&path, levels) } else { self.scan(&path) };
            result.unwrap_or_else(|e| eprintln!("{}: {}", path.display(), e));
        }
        levels.pop();
        Ok(())
    }

    fn start(&mut self, root: &Path) -> std::io::Result<()> {
        if !fs::metadata(root)?.is_dir() {
            return self.scan(root);
        }
        let dir = absolute(root);
        let mut levels: Vec<Level> = dir.ancestors().skip(1).map(Level::load).collect();
        levels.reverse();
        self.walk(root, &mut levels)
    }

    fn scan(&mut self, path: &Path) -> std::io::Result<()> {
        let mut data = fs::read(path)?;
        if data.starts_with(b"\xff\xfe") {
            let units: Vec<u16> = data[2..].chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect();
            data = String::from_utf16_lossy(&units).into_bytes();
        }
        let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&data);
        let data = data.strip_suffix(b"\n").unwrap_or(data);
        for (number, line) in data.split(|&b| b == b'\n').enumerate() {
            let secrets = self.secrets(line);
            if secrets.is_empty() || line.windows(24).any(|w| w == b"pragma: allowlist secret") {
                continue;
            }
            self.found = true;
            let shown: Vec<&[u8]> = if self.only_matching { secrets.iter().map(|s| s.as_bytes()).collect() } else { vec![line] };
            for text in shown {
                write!(self.out, "{}:{}:", path.display(), number + 1)?;
                self.out.write_all(text)?;
                self.out.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    fn secrets(&self, line: &[u8]) -> Vec<String> {
        let mut chars = Vec::new();
        for chunk in line.utf8_chunks() {
            chars.extend(chunk.valid().chars().map(|c| c as u32));
            chars.extend(chunk.invalid().iter().map(|&b| 0xffff_ff00 + b as u32));
        }
        let text = |(a, b): (usize, usize)| chars[a..b].iter().filter_map(|&c| char::from_u32(c)).collect::<String>();
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some((start, end, groups)) = self.regex.find(&chars, at) {
            at = end.max(start + 1);
            let group = groups.into_iter().flatten().next();
            let secret = text(group.unwrap_or((start, end)));
            if (group.is_none() || is_random(&secret)) && !self.allowed.contains(&secret) {
                found.push(secret);
            }
        }
        found
    }
}

// ---- command line ----

fn usage_error(message: &str, tip: &str, usage: &str) -> ! {
    let part = |head: String, text: &str| if text.is_empty() { String::new() } else { format!("\n{}{}\n", head, text) };
    let (tip, usage) = (part("  tip: ".into(), tip), part(format!("Usage: {} ", name()), usage));
    eprint!("error: {}\n{}{}\nFor more information, try '--help'.\n", message, tip, usage);
    exit(2)
}

fn name() -> String {
    let arg0 = std::env::args().next().unwrap_or_default();
    arg0.rsplit('/').next().unwrap().to_string()
}

fn fatal(message: String) -> ! {
    eprintln!("Error: {}", message);
    exit(2)
}

fn unknown(arg: &str, flag: &str) -> ! {
    let message = format!("unexpected argument '{}' found", flag);
    let word = flag.trim_start_matches('-');
    let shared = |l: &str| l.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
    let near = LONGS.iter().max_by_key(|l| shared(l)).filter(|l| shared(l) >= 3 && arg.starts_with("--"));
    let Some(near) = near else {
        usage_error(&message, &format!("to pass '{0}' as a value, use '-- {0}'", flag), PLAIN_USAGE)
    };
    let usage = match *near {
        "help" | "version" => format!("--{} [Source files]...", near),
        _ => format!("<{}|--additional-pattern <ADDITIONAL_PATTERNS>|Source files>", "--install-pre-commit|--strict-ignore|--only-matching"),
    };
    usage_error(&message, &format!("a similar argument exists: '--{}'", near), &usage)
}

fn install_hook(dir: &Path) -> std::io::Result<()> {
    let git = dir.join(".git");
    if !git.is_dir() {
        fatal(".git directory not found".into());
    }
    let path = git.join("hooks/pre-commit");
    let text = fs::read_to_string(&path).unwrap_or_default();
    if text.contains(HOOK.trim_end()) {
        fatal("pre-commit hook has already been installed".into());
    }
    fs::write(&path, text.clone() + HOOK)?;
    if text.is_empty() {
        fs::set_permissions(&path, fs::Permissions::from_mode(0o744))?;
    }
    Ok(())
}

fn run() {
    let args: Vec<String> = std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    let mut flags: Vec<&str> = Vec::new();
    let (mut patterns, mut paths): (Vec<String>, Vec<PathBuf>) = (vec![PATTERNS.into()], vec![]);
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let (flag, value) = arg.split_once('=').map_or((arg.as_str(), None), |(f, v)| (f, Some(v)));
        match flag {
            "--" => paths.extend(rest.by_ref().map(PathBuf::from)),
            "--additional-pattern" => {
                let next = value.or_else(|| rest.next().map(|s| s.as_str()).filter(|s| !s.starts_with('-') || *s == "-"));
                let missing = "a value is required for '--additional-pattern <ADDITIONAL_PATTERNS>' but none was supplied";
                patterns.push(next.unwrap_or_else(|| usage_error(missing, "", "")).into());
            }
            "--install-pre-commit" | "--strict-ignore" | "--only-matching" | "--help" | "--version" => {
                if let Some(v) = value {
                    let message = format!("unexpected value '{}' for '{}' found; no more were expected", v, flag);
                    usage_error(&message, "", &format!("{} [Source files]...", flag));
                }
                match flag {
                    "--help" => say(include_str!("help_long.txt")),
                    "--version" => say("ripsecrets 0.1.11\n"),
                    _ if !flags.contains(&flag) => flags.push(flag),
                    _ => usage_error(&format!("the argument '{}' cannot be used multiple times", flag), "", PLAIN_USAGE),
                }
            }
            _ if arg.starts_with("-h") => say(include_str!("help_short.txt")),
            _ if arg.starts_with("-V") => say("ripsecrets 0.1.11\n"),
            _ if arg.starts_with("--") => unknown(arg, flag),
            _ if arg.starts_with('-') && arg.len() > 1 => unknown(arg, &arg.chars().take(2).collect::<String>()),
            "" if arg.is_empty() => usage_error("a value is required for '[Source files]...' but none was supplied", "", ""),
            _ => paths.push(PathBuf::from(arg)),
        }
    }
    let (strict, only_matching) = (flags.contains(&"--strict-ignore"), flags.contains(&"--only-matching"));
    if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    if flags.contains(&"--install-pre-commit") {
        for (set, flag) in [(strict, "--strict-ignore"), (only_matching, "--only-matching")] {
            if set {
                fatal(format!("{} is not a valid option when installing pre-commits. Use --install-pre-commit alone", flag));
            }
        }
        return install_hook(&paths[0]).unwrap_or_else(|e| fatal(e.to_string()));
    }
    let combined = format!("({})", patterns.join("|"));
    let regex = match Regex::new(&combined) {
        Ok(whole) => Regex::new(&combined[1..combined.len() - 1]).unwrap_or(whole),
        Err((start, end, msg)) => {
            let caret = " ".repeat(start) + &"^".repeat((end - start).max(1));
            fatal(format!("regex parse error:\n    {}\n    {}\nerror: {}", combined, caret, msg))
        }
    };
    let text = fs::read_to_string(".secretsignore").unwrap_or_default();
    let (globs, allowed) = text.split_once("[secrets]\n").unwrap_or((&text, ""));
    let allowed = allowed.lines().map(String::from).collect();
    let ignore = Rules::parse(&absolute(Path::new(".")), globs, true);
    if strict {
        paths.retain(|p| !absolute(p).ancestors().any(|a| ignore.check(a, a.is_dir()) == Some(true)));
    }
    let out = std::io::BufWriter::new(std::io::stdout());
    let mut scanner = Scanner { regex, allowed, ignore, only_matching, out, found: false };
    for path in &paths {
        scanner.start(path).unwrap_or_else(|e| eprintln!("{}: {}", path.display(), e));
    }
    let _ = scanner.out.flush();
    exit(scanner.found as i32)
}

fn say(text: &str) -> ! {
    print!("{}", text.replace("{name}", &name()));
    exit(0)
}

fn main() {
    let big_stack = std::thread::Builder::new().stack_size(1 << 29);
    big_stack.spawn(run).unwrap().join().unwrap();
}
