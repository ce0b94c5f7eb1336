//! Everything the user sees: operations, notices and failures, in colour or not.

use crate::plan::Operation;
use std::path::Path;

/// What stops a run: what went wrong, and with which thing.
pub struct Failure {
    pub text: &'static str,
    pub detail: String,
}

/// The one failure that silent mode does not hide.
pub const BAD_EXPRESSION: &str = "Bad expression provided\n\n";

const BOLD: &str = "1";
const BOLD_RED: &str = "1;31";
const GRAY: &str = "38;5;8";
const GREEN: &str = "32";
const RED: &str = "31";

/// Writes messages in one style for the whole run.
pub struct Printer {
    pub colored: bool,
    pub silent: bool,
}

impl Printer {
    fn paint(&self, style: &str, text: &str) -> String {
        if self.colored { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_string() }
    }

    fn say(&self, text: &str) {
        if !self.silent {
            println!("{text}");
        }
    }

    pub fn dry_run(&self) {
        self.say(&self.paint(BOLD, "This is a DRY-RUN"));
    }

    pub fn backup(&self, copy: &Operation) {
        let files = self.paint(GRAY, &copy.to_string());
        self.say(&format!("{} Backup created - {files}", self.paint(BOLD, "Info: ")));
    }

    /// Prints one renaming; what is new between the common start and end of
    /// the two names stands out.
    pub fn operation(&self, operation: &Operation) {
        let (old_dir, old_name) = split(&operation.source);
        let (new_dir, new_name) = split(&operation.target);
        let part = |style, text: &str| if text.is_empty() { String::new() } else { self.paint(style, text) };
        let (old, new): (Vec<char>, Vec<char>) = (old_name.chars().collect(), new_name.chars().collect());
        let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let ends = old[start..].iter().rev().zip(new[start..].iter().rev());
        let end = new.len() - ends.take_while(|(a, b)| a == b).count();
        let text = |range: &[char]| range.iter().collect::<String>();
        let old = part(GRAY, &old_dir) + &part(GRAY, &old_name);
        let kept = part(GREEN, &new_dir) + &part(GREEN, &text(&new[..start]));
        let changed = part(BOLD_RED, &text(&new[start..end])) + &part(GREEN, &text(&new[end..]));
        self.say(&format!("{old} -> {kept}{changed}"));
    }

    /// Reports a failure and gives the exit code it means.
    pub fn failure(&self, failure: &Failure) -> i32 {
        let detail = self.paint(RED, &failure.detail);
        if !self.silent || failure.text == BAD_EXPRESSION {
            eprintln!("{}{}{detail}", self.paint(RED, "Error: "), failure.text);
        }
        1
    }
}

/// Splits a path into its directory part (with a separator) and its name.
fn split(path: &Path) -> (String, String) {
    let dir = path.parent().map(|dir| dir.display().to_string()).filter(|dir| !dir.is_empty());
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    (dir.map(|dir| dir + "/").unwrap_or_default(), name.unwrap_or_default())
}
