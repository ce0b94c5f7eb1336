//! Interactive selection through fzf.

use crate::config;
use crate::failure::{fail, Describe, Failure, Outcome};
use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

const LOOKS: &[&str] = &[
    "--exact", "--no-sort", "--bind=ctrl-z:ignore,btab:up,tab:down", "--cycle", "--keep-right",
    "--border=sharp", "--height=45%", "--info=inline", "--layout=reverse", "--tabstop=1", "--exit-0",
    r"--preview=\command -p ls -Cp --color=always --group-directories-first {2..}",
    "--preview-window=down,30%,sharp",
];

fn command() -> Command {
    let mut command = Command::new("fzf");
    command.args(["--delimiter=\t", "--nth=2", "--read0"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    match config::set("_ZO_FZF_OPTS") {
        Some(options) => command.env("FZF_DEFAULT_OPTS", options),
        None => command.args(LOOKS).env("SHELL", "sh").env_remove("FZF_DEFAULT_OPTS"),
    };
    command
}

/// Offers the items and gives back the chosen line, as fzf printed it.
pub fn choose(items: impl Iterator<Item = String>) -> Outcome<String> {
    let mut child = match command().spawn() {
        Err(e) if e.kind() == ErrorKind::NotFound => return fail("could not find fzf, is it installed?"),
        spawned => spawned.describe(|| "could not launch fzf".to_string())?,
    };
    if let Some(mut pipe) = child.stdin.take() {
        // fzf may leave before it has read everything; that is no failure.
        let _ = items.into_iter().try_for_each(|item| write!(pipe, "{item}\0"));
    }
    let output = child.wait_with_output().describe(|| "wait failed on fzf".to_string())?;
    match output.status.code() {
        Some(0) => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Some(1) => fail("no match found"),
        Some(2) => fail("fzf returned an error"),
        Some(130) => Err(Failure { text: String::new(), code: 130 }),
        Some(128..=254) | None => fail("fzf was terminated"),
        _ => fail("fzf returned an unknown error"),
    }
}
