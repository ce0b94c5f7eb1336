//! The idea repository, worked on through git's plumbing commands. No hooks are run.

use crate::error::{self, os_text, Class, Code, Error, Result};
use std::collections::HashSet;
use std::env;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const MAIN: &str = "refs/heads/main";
const README: &str = "README.md";

pub struct Repository {
    path: String,
}

/// A git command for the directory, deaf to hooks and to GIT_* variables.
pub fn command(dir: &str, args: &[&str]) -> Command {
    let mut command = Command::new("git");
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    command.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0");
    command.args(["-c", "core.hooksPath=/dev/null", "-C", dir]).args(args);
    command
}

/// Whether the directory is a repository itself or has one in `.git`.
pub fn is_repository(dir: &Path) -> bool {
    let inner = dir.join(".git");
    inner.is_file() || is_git_dir(&inner) || is_git_dir(dir)
}

fn is_git_dir(dir: &Path) -> bool {
    dir.join("HEAD").exists() && dir.join("objects").is_dir() && dir.join("refs").is_dir()
}

/// A `.git` file must lead to a directory that exists.
fn check_git_file(path: &str) -> Result<()> {
    let path = path.trim_end_matches('/');
    let text = fs::read_to_string(format!("{path}/.git")).unwrap_or_default();
    let Some(target) = text.strip_prefix("gitdir:").map(str::trim) else {
        return Ok(());
    };
    let target = if target.starts_with('/') { target.to_string() } else { format!("{path}/{target}") };
    fs::metadata(&target).map(|_| ()).map_err(|err| {
        let message = format!("failed to resolve path '{target}': {}", os_text(&err));
        error::git(message, Class::Os, Some(Code::NotFound))
    })
}

fn stdout_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim_end().to_string()
}

impl Repository {
    pub fn open(path: &str) -> Result<Self> {
        if let Err(err) = fs::metadata(path) {
            let message = format!("failed to resolve path '{path}': {}", os_text(&err));
            return Err(error::git(message, Class::Os, Some(Code::NotFound)));
        }
        if !is_repository(Path::new(path)) {
            let message = format!("could not find repository from '{path}'");
            return Err(error::git(message, Class::Repository, Some(Code::NotFound)));
        }
        check_git_file(path)?;
        Ok(Repository { path: path.to_string() })
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    fn output(&self, args: &[&str]) -> Result<Output> {
        Ok(command(&self.path, args).stdin(Stdio::null()).output()?)
    }

    /// The output of a command that may fail only with an error for the user.
    fn text(&self, args: &[&str]) -> Result<String> {
        let output = self.output(args)?;
        match output.status.success() {
            true => Ok(stdout_of(&output)),
            false => Err(self.failure(&output)),
        }
    }

    /// The output of a command whose failure means "there is none".
    fn query(&self, args: &[&str]) -> Result<Option<String>> {
        let output = self.output(args)?;
        Ok(output.status.success().then(|| stdout_of(&output)))
    }

    /// Where pushes to origin go, once git has applied its URL rewriting.
    pub fn push_url(&self) -> Result<Option<String>> {
        self.query(&["remote", "get-url", "--push", "origin"])
    }

    pub fn config(&self, key: &str) -> Result<Option<String>> {
        self.query(&["config", "--get", key])
    }

    /// Turns what git said into the error we report.
    fn failure(&self, output: &Output) -> Error {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if said.contains("index.lock") && said.contains("File exists") {
            let message = "the index is locked; this might be due to a concurrent or crashed process";
            return error::git(message, Class::Index, Some(Code::Locked));
        }
        if said.contains("index.lock") && said.contains("Permission denied") {
            let dir = self.query(&["rev-parse", "--absolute-git-dir"]).ok().flatten().unwrap_or_default();
            let message = format!("failed to create locked file '{dir}/index.lock': Permission denied");
            return error::git(message, Class::Os, None);
        }
        let line = said.lines().next().unwrap_or_default();
        let line = line.trim_start_matches("fatal: ").trim_start_matches("error: ");
        error::git(line, Class::Repository, None)
    }

    /// Switches to main, making it from the current commit if there is none.
    pub fn checkout_main(&self) -> Result<()> {
        self.refuse_unmerged()?;
        let head = self.query(&["symbolic-ref", "-q", "HEAD"])?;
        if self.query(&["rev-parse", "--verify", "-q", "HEAD"])?.is_none() {
            let message = format!("reference '{}' not found", head.unwrap_or_default());
            return Err(error::git(message, Class::Reference, Some(Code::UnbornBranch)));
        }
        if head.as_deref() == Some(MAIN) {
            return Ok(());
        }
        if self.query(&["show-ref", "--verify", "-q", MAIN])?.is_none() {
            self.text(&["branch", "--no-track", "main", "HEAD"])?;
        }
        self.refuse_conflicts()?;
        self.refuse_linked_head()?;
        self.text(&["checkout", "-q", "main"]).map(|_| ())
    }

    /// A merge left half done must be finished by hand.
    fn refuse_unmerged(&self) -> Result<()> {
        if self.text(&["ls-files", "--unmerged"])?.is_empty() {
            return Ok(());
        }
        Err(error::git("unresolved conflicts exist in the index", Class::Checkout, Some(Code::Conflict)))
    }

    /// Local changes to files that differ between the current commit and main stand in the way.
    fn refuse_conflicts(&self) -> Result<()> {
        let differing = self.names(&["diff", "--name-only", "-z", "HEAD", MAIN])?;
        let mut local = self.names(&["diff", "--name-only", "-z", "HEAD"])?;
        local.extend(self.names(&["ls-files", "--others", "-z"])?);
        let count = differing.intersection(&local).count();
        let message = match count {
            0 => return Ok(()),
            1 => "1 conflict prevents checkout".to_string(),
            _ => format!("{count} conflicts prevent checkout"),
        };
        Err(error::git(message, Class::Checkout, Some(Code::Conflict)))
    }

    fn names(&self, args: &[&str]) -> Result<HashSet<String>> {
        let text = self.text(args)?;
        Ok(text.split('\0').filter(|name| !name.is_empty()).map(str::to_string).collect())
    }

    /// Another working tree may have main checked out.
    fn refuse_linked_head(&self) -> Result<()> {
        let trees = self.text(&["worktree", "list", "--porcelain"])?;
        if !trees.lines().any(|line| line.strip_prefix("branch ") == Some(MAIN)) {
            return Ok(());
        }
        let message =
            format!("cannot set HEAD to reference '{MAIN}' as it is the current HEAD of a linked repository.");
        Err(error::git(message, Class::Repository, None))
    }

    /// Stages README.md, ignored or not.
    pub fn add_readme(&self) -> Result<()> {
        let file = format!("{}/{README}", self.path.trim_end_matches('/'));
        let meta = fs::symlink_metadata(&file).map_err(|err| {
            let message = format!("could not find '{file}' to stat: {}", os_text(&err));
            error::git(message, Class::Os, Some(Code::NotFound))
        })?;
        if meta.is_dir() {
            let message = format!("cannot create blob from '{file}': it is a directory");
            return Err(error::git(message, Class::Odb, None));
        }
        if let (true, Err(err)) = (meta.is_file(), fs::File::open(&file)) {
            let message = format!("failed open - '{file}' is locked: {}", os_text(&err));
            return Err(error::git(message, Class::Os, None));
        }
        self.text(&["update-index", "--add", "--replace", "--", README]).map(|_| ())
    }

    /// Commits the index, the summary being the whole message, without a final newline.
    pub fn commit(&self, summary: &str) -> Result<()> {
        let (name, email) = self.signature()?;
        let tree = self.text(&["write-tree"])?;
        let mut child = command(&self.path, &["commit-tree", &tree, "-p", "HEAD"])
            .envs([("GIT_AUTHOR_NAME", &name), ("GIT_COMMITTER_NAME", &name)])
            .envs([("GIT_AUTHOR_EMAIL", &email), ("GIT_COMMITTER_EMAIL", &email)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        if let Some(mut pipe) = child.stdin.take() {
            pipe.write_all(summary.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            return Err(self.failure(&output));
        }
        let commit = stdout_of(&output);
        let reason = format!("commit: {summary}");
        self.text(&["update-ref", "-m", &reason, "HEAD", &commit]).map(|_| ())
    }

    /// Name and email of the committer: from the configuration alone.
    fn signature(&self) -> Result<(String, String)> {
        let name = self.required_config("user.name")?;
        let email = self.required_config("user.email")?;
        let reject = |why: &str| {
            let message = format!("failed to parse signature - {why}");
            Err(error::git(message, Class::Invalid, None))
        };
        if name.contains(['<', '>']) || email.contains(['<', '>']) {
            return reject("Neither `name` nor `email` should contain angle brackets chars.");
        }
        let (name, email) = (trim_crud(&name), trim_crud(&email));
        if name.is_empty() || email.is_empty() {
            return reject("Signature cannot have an empty name or email");
        }
        Ok((name, email))
    }

    fn required_config(&self, key: &str) -> Result<String> {
        let missing = || error::git(format!("config value '{key}' was not found"), Class::Config, Some(Code::NotFound));
        self.config(key)?.ok_or_else(missing)
    }
}

/// Without the punctuation and blanks that have no place at either end of a name.
fn trim_crud(text: &str) -> String {
    text.trim_matches(|ch: char| ch <= ' ' || ".,:;\"\\'".contains(ch)).to_string()
}
