//! Queries to the `git` command.

use std::path::Path;
use std::process::Command;

/// Line that closes each commit in the log output.
pub const END: &str = "==END==";

pub struct Repo {
    git_dir: String,
    work_tree: String,
}

impl Repo {
    /// Directories not given explicitly are those of the configuration file.
    pub fn new(config: &Path, git_dir: Option<&str>, work_tree: Option<&str>) -> Repo {
        let home = config.parent().unwrap_or(Path::new("."));
        let or_home = |given: Option<&str>, default: &Path| match given {
            Some(path) => path.to_string(),
            None => default.display().to_string(),
        };
        Repo {
            git_dir: or_home(git_dir, &home.join(".git")),
            work_tree: or_home(work_tree, home),
        }
    }

    /// Standard output of a git command; empty when git fails.
    fn query(&self, arguments: &[&str]) -> String {
        Command::new("git")
            .arg(format!("--git-dir={}", self.git_dir))
            .arg(format!("--work-tree={}", self.work_tree))
            .args(arguments)
            .output()
            .map(|out| String::from_utf8_lossy(&out.stdout).into_owned())
            .unwrap_or_default()
    }

    pub fn log(&self, range: &str) -> String {
        self.query(&["log", &format!("--format=%H%n%s%n%b%n{END}"), range])
    }

    /// Name of the latest tag exactly as git prints it.
    pub fn latest_tag_name(&self) -> String {
        self.query(&["describe", "--tags", "--abbrev=0"])
    }

    pub fn latest_tag_commit(&self) -> String {
        self.query(&["rev-list", "--tags", "--max-count=1"]).trim().to_string()
    }
}
