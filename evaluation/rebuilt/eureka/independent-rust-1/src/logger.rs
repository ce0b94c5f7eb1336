//! Log lines on standard error, with levels chosen by RUST_LOG.

use crate::style::{self, Painter, BLUE, BOLD, RED, RESET};
use std::io::{IsTerminal, Write};

const TARGET: &str = "eureka";

#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Level {
    Off,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

pub struct Logger {
    level: Level,
    /// Only messages containing this text are logged.
    wanted: String,
    painter: Painter,
}

impl Logger {
    pub fn from_env() -> Self {
        let spec = std::env::var("RUST_LOG").unwrap_or_default();
        let enabled = style::log_colour(std::io::stderr().is_terminal());
        let (directives, wanted) = spec.split_once('/').unwrap_or((&spec, ""));
        Logger { level: level_for(directives), wanted: wanted.to_string(), painter: Painter { enabled } }
    }

    pub fn debug(&self, message: &str) {
        self.line(Level::Debug, "DEBUG", BLUE, message);
    }

    pub fn error(&self, message: &str) {
        self.line(Level::Error, "ERROR", RED, message);
    }

    fn line(&self, level: Level, name: &str, colour: &str, message: &str) {
        if self.level < level || !message.contains(&self.wanted) {
            return;
        }
        let name = self.painter.paint(&[RESET, colour], name);
        let target = self.painter.paint(&[RESET, BOLD], TARGET);
        let _ = writeln!(std::io::stderr(), " {name} {target} > {message}");
    }
}

fn level_named(name: &str) -> Option<Level> {
    match name.to_ascii_lowercase().as_str() {
        "off" => Some(Level::Off),
        "error" => Some(Level::Error),
        "warn" => Some(Level::Warn),
        "info" => Some(Level::Info),
        "debug" => Some(Level::Debug),
        "trace" => Some(Level::Trace),
        _ => None,
    }
}

/// The level for our own messages: the directive with the longest matching target decides.
fn level_for(spec: &str) -> Level {
    let directives: Vec<(&str, Level)> = spec.split(',').filter_map(directive).collect();
    if directives.is_empty() {
        return Level::Error;
    }
    directives
        .iter()
        .filter(|(target, _)| TARGET.starts_with(target))
        .max_by_key(|(target, _)| target.len())
        .map_or(Level::Off, |(_, level)| *level)
}

fn directive(text: &str) -> Option<(&str, Level)> {
    if text.is_empty() {
        return None;
    }
    let Some((target, name)) = text.split_once('=') else {
        return Some(level_named(text).map_or((text, Level::Trace), |level| ("", level)));
    };
    if name.is_empty() {
        return Some((target, Level::Trace));
    }
    let level = level_named(name);
    if level.is_none() {
        let wrong = if name.contains('=') { text } else { name };
        let _ = writeln!(std::io::stderr(), "warning: invalid logging spec '{wrong}', ignoring it");
    }
    level.map(|level| (target, level))
}
