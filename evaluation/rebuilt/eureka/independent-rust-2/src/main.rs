mod settings;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{exit, Command, Stdio};

const ABOUT: &str = "Input and store your ideas without leaving the terminal";
const OPTION_LIST: &str = "      --clear-config  Clear your stored configuration
  -v, --view          View ideas with your $PAGER env variable. If unset use less
  -h, --help          Print help
  -V, --version       Print version";
const BRANCH: &str = "main";
const NOT_FAST_FORWARD: &str = "cannot push because a reference that you are trying to update on the remote \
    contains commits that are not present locally.; class=Reference (4); code=NotFastForward (-11)";
const RESET: &str = "\x1b[0m";
const BOLD: &str = "\x1b[1m";
const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";

const BANNER: &str = "\
############################################################
####                  First Time Setup                  ####
############################################################

This tool requires you to have a repository with a README.md
in the root folder. The markdown file is where your ideas
will be stored.

Once first time setup has completed, simply run Eureka again
to begin writing down ideas.
        
";

#[derive(Default)]
struct Flags {
    clear_config: bool,
    view: bool,
}

impl Flags {
    // The usage words after some flags have been read and another one is meant.
    fn usage_with(&self, extra: &str) -> String {
        let mut words = Vec::new();
        for (given, name) in [(self.clear_config, "--clear-config"), (self.view, "--view")] {
            if given && extra != name {
                words.push(name);
            }
        }
        words.push(if words.is_empty() && extra.is_empty() { "[OPTIONS]" } else { extra });
        words.join(" ").trim_end().to_string()
    }
}

fn main() {
    let flags = parse_args();
    let result = if flags.clear_config {
        settings::delete()
    } else if flags.view {
        view_ideas()
    } else {
        match settings::load_repo() {
            Ok(repo) => capture_idea(&repo),
            Err(_) => first_time_setup(),
        }
    };
    if let Err(message) = result {
        let _ = io::stdout().flush();
        eprintln!(" ERROR eureka > {}", message);
    }
}

fn program_name() -> String {
    let arg0 = PathBuf::from(env::args_os().next().unwrap_or_default());
    arg0.file_name().map_or("eureka".to_string(), |name| name.to_string_lossy().into_owned())
}

fn print_help() -> ! {
    println!("{}\n\nUsage: {} [OPTIONS]\n\nOptions:", ABOUT, program_name());
    println!("{}", OPTION_LIST);
    exit(0)
}

fn usage_error(message: &str, tip: Option<&str>, usage: &str) -> ! {
    eprintln!("error: {}\n", message);
    if let Some(similar) = tip {
        eprintln!("  tip: a similar argument exists: '{}'\n", similar);
    }
    eprintln!("Usage: {} {}\n\nFor more information, try '--help'.", program_name(), usage);
    exit(2)
}

fn unexpected(arg: &str) -> ! {
    usage_error(&format!("unexpected argument '{}' found", arg), None, "[OPTIONS]")
}

fn parse_args() -> Flags {
    let mut flags = Flags::default();
    let mut only_values = false;
    for arg in env::args_os().skip(1) {
        let arg = arg.to_string_lossy().into_owned();
        if only_values || arg == "-" || !arg.starts_with('-') {
            unexpected(&arg);
        }
        if arg == "--" {
            only_values = true;
        } else if arg.starts_with("--") {
            let (name, value) = match arg.split_once('=') {
                Some((n, v)) => (n, Some(v)),
                None => (arg.as_str(), None),
            };
            set_flag(&mut flags, name, value);
        } else {
            for c in arg.chars().skip(1) {
                let name = match c {
                    'v' => "--view",
                    'h' => "--help",
                    'V' => "--version",
                    _ => unexpected(&format!("-{}", c)),
                };
                set_flag(&mut flags, name, None);
            }
        }
    }
    flags
}

fn set_flag(flags: &mut Flags, name: &str, value: Option<&str>) {
    let names = ["--clear-config", "--view", "--help", "--version"];
    if !names.contains(&name) {
        let best = names
            .iter()
            .map(|n| (similarity(&n[2..], &name[2..]), *n))
            .filter(|(score, _)| *score > 0.7)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let message = format!("unexpected argument '{}' found", name);
        let tip = best.map(|(_, n)| n);
        usage_error(&message, tip, &flags.usage_with(tip.unwrap_or("")));
    }
    if let Some(v) = value {
        let message = format!("unexpected value '{}' for '{}' found; no more were expected", v, name);
        usage_error(&message, None, &flags.usage_with(name));
    }
    let slot = match name {
        "--help" => print_help(),
        "--version" => {
            println!("eureka 2.0.0");
            exit(0)
        }
        "--view" => &mut flags.view,
        _ => &mut flags.clear_config,
    };
    if *slot {
        let message = format!("the argument '{}' cannot be used multiple times", name);
        usage_error(&message, None, "[OPTIONS]");
    }
    *slot = true;
}

// Jaro similarity of two words, between 0 and 1.
fn similarity(a: &str, b: &str) -> f64 {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut used = vec![false; b.len()];
    let mut matched_a = Vec::new();
    for (i, c) in a.iter().enumerate() {
        for j in i.saturating_sub(reach)..(i + reach + 1).min(b.len()) {
            if !used[j] && b[j] == *c {
                used[j] = true;
                matched_a.push(*c);
                break;
            }
        }
    }
    if matched_a.is_empty() {
        return 0.0;
    }
    let matched_b = b.iter().zip(&used).filter(|(_, u)| **u).map(|(c, _)| c);
    let moved = matched_a.iter().zip(matched_b).filter(|(x, y)| x != y).count() as f64 / 2.0;
    let m = matched_a.len() as f64;
    (m / a.len() as f64 + m / b.len() as f64 + (m - moved) / m) / 3.0
}

fn ask(question: &str) -> Result<String, String> {
    loop {
        print!("{}{}{}{}\n{}> ", RESET, BOLD, GREEN, question, RESET);
        let _ = io::stdout().flush();
        let mut line = String::new();
        let count = io::stdin().read_line(&mut line).map_err(|e| e.to_string())?;
        if count == 0 {
            println!();
            return Err("input ended before an answer was given".to_string());
        }
        let answer = line.trim();
        if !answer.is_empty() {
            return Ok(answer.to_string());
        }
    }
}

fn first_time_setup() -> Result<(), String> {
    settings::make_folder()?;
    print!("{}{}{}{}", RESET, YELLOW, BANNER, RESET);
    loop {
        let answer = ask("Absolute path to your idea repo")?;
        if Path::new(&answer).is_absolute() {
            settings::save_repo(&answer)?;
            println!("First time setup complete. Happy ideation!");
            return Ok(());
        }
        print!("{}{}Path must be absolute\n{}", RESET, RED, RESET);
    }
}

fn open_with(variable: &str, fallback: &str, file: &Path) -> Result<(), String> {
    let program = env::var_os(variable).unwrap_or_else(|| OsString::from(fallback));
    fs::metadata(file).map_err(|e| e.to_string())?;
    let _ = io::stdout().flush();
    Command::new(program).arg(file).status().map(|_| ()).map_err(|e| e.to_string())
}

fn view_ideas() -> Result<(), String> {
    let repo = settings::load_repo()?;
    open_with("PAGER", "less", &repo.join("README.md"))
}

fn capture_idea(path: &Path) -> Result<(), String> {
    let summary = ask(">> Idea summary")?;
    let repo = Repo::open(path)?;
    let edited = open_with("EDITOR", "vi", &path.join("README.md"));
    // The idea is stored even when the editor could not be started.
    let stored = store_idea(&repo, &summary);
    edited.and(stored)
}

fn store_idea(repo: &Repo, summary: &str) -> Result<(), String> {
    println!("Adding and committing your new idea to {}..", BRANCH);
    repo.switch_branch()?;
    repo.commit_readme(summary)?;
    println!("Added and committed!");
    println!("Pushing your new idea..");
    repo.push()?;
    println!("Pushed!");
    Ok(())
}

struct Repo {
    path: PathBuf,
}

impl Repo {
    fn open(path: &Path) -> Result<Repo, String> {
        let shown = path.display();
        if !path.exists() {
            let reason = "No such file or directory; class=Os (2); code=NotFound (-3)";
            return Err(format!("failed to resolve path '{}': {}", shown, reason));
        }
        let bare = path.join("HEAD").is_file() && path.join("objects").is_dir();
        if !path.join(".git").exists() && !bare {
            let reason = "class=Repository (6); code=NotFound (-3)";
            return Err(format!("could not find repository from '{}'; {}", shown, reason));
        }
        Ok(Repo { path: path.to_path_buf() })
    }

    fn git(&self, args: &[&str], input: &str, vars: &[(&str, &str)]) -> Result<String, String> {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.path).args(["-c", "core.hooksPath=/dev/null"]).args(args);
        command.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0").envs(vars.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|e| format!("cannot run git: {}", e))?;
        if let Some(mut pipe) = child.stdin.take() {
            let _ = pipe.write_all(input.as_bytes());
        }
        let output = child.wait_with_output().map_err(|e| e.to_string())?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_string())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).trim_end().to_string())
        }
    }

    fn run(&self, args: &[&str]) -> Result<String, String> {
        self.git(args, "", &[])
    }

    fn switch_branch(&self) -> Result<(), String> {
        if self.run(&["rev-parse", "--verify", "-q", "HEAD"]).is_err() {
            let current = self.run(&["symbolic-ref", "-q", "HEAD"])?;
            return Err(format!("reference '{}' not found; class=Reference (4); code=UnbornBranch (-9)", current));
        }
        let full = format!("refs/heads/{}", BRANCH);
        if self.run(&["rev-parse", "--verify", "-q", &full]).is_err() {
            self.run(&["branch", "--no-track", BRANCH, "HEAD"])?;
        }
        if self.run(&["symbolic-ref", "-q", "HEAD"]) == Ok(full) {
            return Ok(());
        }
        self.run(&["checkout", "-q", BRANCH, "--"]).map(|_| ()).map_err(|message| {
            match message.lines().filter(|l| l.starts_with('\t')).count() {
                0 => message,
                1 => "1 conflict prevents checkout; class=Checkout (20); code=Conflict (-13)".to_string(),
                n => format!("{} conflicts prevent checkout; class=Checkout (20); code=Conflict (-13)", n),
            }
        })
    }

    fn config(&self, key: &str) -> Result<String, String> {
        let reason = "class=Config (7); code=NotFound (-3)";
        self.run(&["config", key]).map_err(|_| format!("config value '{}' was not found; {}", key, reason))
    }

    fn commit_readme(&self, summary: &str) -> Result<(), String> {
        fs::metadata(self.path.join("README.md")).map_err(|e| e.to_string())?;
        self.run(&["add", "--", "README.md"])?;
        let name = self.config("user.name")?;
        let email = self.config("user.email")?;
        let tree = self.run(&["write-tree"])?;
        let identity = [
            ("GIT_AUTHOR_NAME", name.as_str()),
            ("GIT_AUTHOR_EMAIL", email.as_str()),
            ("GIT_COMMITTER_NAME", name.as_str()),
            ("GIT_COMMITTER_EMAIL", email.as_str()),
        ];
        let commit = self.git(&["commit-tree", &tree, "-p", "HEAD"], summary, &identity)?;
        let note = format!("commit: {}", summary);
        self.git(&["update-ref", "-m", &note, "HEAD", &commit], "", &identity)?;
        Ok(())
    }

    fn push(&self) -> Result<(), String> {
        let missing = "remote 'origin' does not exist; class=Config (7); code=NotFound (-3)";
        let url = self.run(&["config", "remote.origin.url"]).map_err(|_| missing.to_string())?;
        if url.starts_with('/') && !Path::new(&url).exists() {
            return Err("unsupported URL protocol; class=Net (12)".to_string());
        }
        let refspec = format!("refs/heads/{0}:refs/heads/{0}", BRANCH);
        self.run(&["push", "-q", "origin", &refspec]).map(|_| ()).map_err(|message| {
            if message.contains("[rejected]") {
                NOT_FAST_FORWARD.to_string()
            } else if message.contains("does not appear to be a git repository") {
                format!("could not find repository from '{}'; class=Repository (6)", url)
            } else {
                message.lines().next().unwrap_or("git push failed").to_string()
            }
        })
    }
}
