//! The `.clog.toml` settings.

use crate::cli::{FORMATS, STYLES};
use crate::error::{self, Error};
use crate::toml::{self, Value};
use std::path::{Path, PathBuf};

pub const DEFAULT_FILE: &str = ".clog.toml";

/// A section or component name with the aliases used for it in commits.
type Aliases = (String, Vec<String>);

/// Repository, subtitle, link style and format are validated but the command line
/// defaults always replace them, so they are not kept.
#[derive(Default)]
pub struct Config {
    pub changelog: Option<String>,
    pub outfile: Option<String>,
    pub infile: Option<String>,
    pub from_latest_tag: bool,
    pub sections: Vec<Aliases>,
    pub components: Vec<Aliases>,
}

impl Config {
    pub fn section_of(&self, alias: &str) -> Option<&str> {
        find(&self.sections, alias)
    }

    pub fn component_of<'a>(&'a self, name: &'a str) -> &'a str {
        find(&self.components, name).unwrap_or(name)
    }

    fn set(&mut self, key: &str, value: Value) -> Option<()> {
        match (key, value) {
            ("changelog", Value::Text(path)) => self.changelog = Some(path),
            ("outfile", Value::Text(path)) => self.outfile = Some(path),
            ("infile", Value::Text(path)) => self.infile = Some(path),
            ("from-latest-tag", Value::Bool(on)) => self.from_latest_tag = on,
            ("repository" | "subtitle", Value::Text(_)) => {}
            ("link-style", Value::Text(s)) if STYLES.contains(&s.as_str()) => {}
            ("output-format", Value::Text(s)) if FORMATS.contains(&s.as_str()) => {}
            ("changelog" | "outfile" | "infile" | "from-latest-tag", _) => return None,
            ("repository" | "subtitle" | "link-style" | "output-format", _) => return None,
            _ => {}
        }
        Some(())
    }
}

fn find<'a>(list: &'a [Aliases], alias: &str) -> Option<&'a str> {
    list.iter().find(|(_, aliases)| aliases.iter().any(|a| a == alias)).map(|(n, _)| n.as_str())
}

pub fn locate(file: &str) -> Result<PathBuf, Error> {
    Ok(std::env::current_dir().map_err(|_| error::IO)?.join(file))
}

pub fn load(path: &Path) -> Result<Config, Error> {
    let text = std::fs::read_to_string(path).map_err(|_| error::IO)?;
    interpret(&text).ok_or(error::CONFIG)
}

fn interpret(text: &str) -> Option<Config> {
    let mut config = Config::default();
    let mut has_clog = false;
    for (table, entry) in toml::parse(text)? {
        has_clog |= table == "clog";
        match (table.as_str(), entry) {
            ("clog", Some((key, value))) => config.set(&key, value)?,
            ("sections", Some((name, Value::List(list)))) => config.sections.push((name, list)),
            ("components", Some((name, Value::List(list)))) => config.components.push((name, list)),
            ("sections" | "components", Some(_)) => return None,
            _ => {}
        }
    }
    has_clog.then_some(config)
}
