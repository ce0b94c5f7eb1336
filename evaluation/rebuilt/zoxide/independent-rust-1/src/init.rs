//! Shell start-up code, made from the files in `templates/`.
//!
//! In a template `{{name}}` is replaced, and lines between `@if name`, `@else` and `@end` are kept
//! if the condition holds. Conditions can be nested.

use crate::config;
use crate::failure::{fail, Outcome};
use crate::parse::Parsed;

const BASH: &str = include_str!("../templates/bash.sh");
const POSIX: &str = include_str!("../templates/posix.sh");

pub fn run(args: &Parsed) -> Outcome<()> {
    let template = match args.positionals[0].as_str() {
        "bash" => BASH,
        "posix" => POSIX,
        other => return fail(format!("no start-up code available for {other}")),
    };
    let hook = args.value("hook").unwrap_or("pwd");
    let holds = |condition: &str| match condition {
        "cmd" => !args.flag("no-cmd"),
        "hook" => hook != "none",
        other => other == hook,
    };
    let cmd = args.value("cmd").unwrap_or("z");
    print!("{}", fill(&select(template, holds), cmd));
    Ok(())
}

fn select(template: &str, holds: impl Fn(&str) -> bool) -> String {
    let mut open: Vec<bool> = Vec::new();
    let mut out = String::new();
    for line in template.lines() {
        if let Some(condition) = line.strip_prefix("@if ") {
            open.push(holds(condition));
        } else if line == "@else" {
            open.last_mut().map(|last| *last = !*last);
        } else if line == "@end" {
            open.pop();
        } else if open.iter().all(|kept| *kept) {
            out += line;
            out.push('\n');
        }
    }
    out
}

fn fill(text: &str, cmd: &str) -> String {
    let pwd = if config::enabled("_ZO_RESOLVE_SYMLINKS") { "-P" } else { "-L" };
    let echo = if config::enabled("_ZO_ECHO") { " && __zoxide_pwd" } else { "" };
    text.replace("{{pwd}}", pwd).replace("{{echo}}", echo).replace("{{cmd}}", cmd)
}
