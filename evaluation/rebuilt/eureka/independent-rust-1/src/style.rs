//! When to colour output, and the escape sequences for it.

use std::env;

pub const RESET: &str = "\x1b[0m";
pub const BOLD: &str = "\x1b[1m";
pub const UNDERLINE: &str = "\x1b[4m";
pub const RED: &str = "\x1b[31m";
pub const GREEN: &str = "\x1b[32m";
pub const YELLOW: &str = "\x1b[33m";
pub const BLUE: &str = "\x1b[34m";

/// Wraps text in escape sequences, or leaves it alone when colour is off.
#[derive(Clone, Copy)]
pub struct Painter {
    pub enabled: bool,
}

impl Painter {
    pub fn paint(&self, codes: &[&str], text: &str) -> String {
        if self.enabled {
            format!("{}{}{}", codes.concat(), text, RESET)
        } else {
            text.to_string()
        }
    }
}

/// Colour rules for help and usage errors: the usual environment variables, then the terminal.
pub fn usage_colour(is_terminal: bool) -> bool {
    let terminal_type = env::var("TERM").ok();
    let supported = terminal_type.map_or(false, |name| name != "dumb");
    let clicolor = env::var("CLICOLOR").ok();
    if env::var("CLICOLOR_FORCE").map_or(false, |value| value != "0") {
        return true;
    }
    if env::var_os("NO_COLOR").map_or(false, |value| !value.is_empty()) {
        return false;
    }
    if clicolor.as_deref() == Some("0") {
        return false;
    }
    is_terminal && (supported || clicolor.is_some() || env::var_os("CI").is_some())
}

/// Colour rules for log lines: only a capable terminal, never with NO_COLOR.
pub fn log_colour(is_terminal: bool) -> bool {
    let supported = env::var("TERM").map_or(false, |name| name != "dumb");
    is_terminal && supported && env::var_os("NO_COLOR").is_none()
}
