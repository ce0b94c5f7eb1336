//! The configuration file.
use crate::json::{self, Json};
use std::collections::BTreeMap;

/// The settings; a plain string is a list of one.
#[derive(Default)]
pub struct Config {
    pub lists: BTreeMap<String, Vec<String>>,
    pub level_map: BTreeMap<String, String>,
}

impl Config {
    /// Adds settings written in the TOML subset of `key = "text"`, `key = ["list"]` and `[level_map]`.
    fn add(&mut self, text: &str) -> Result<(), String> {
        let mut table = "";
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if line.starts_with('[') {
                table = line;
                continue;
            }
            let invalid = format!("Could not parse config file: invalid line: {line}");
            let (key, value) = line.split_once('=').ok_or(invalid.clone())?;
            let key = key.trim().trim_matches('"').to_string();
            match (json::parse(value), table) {
                (Some(Json::Str(text)), "[level_map]") => drop(self.level_map.insert(key, text)),
                (Some(Json::Str(text)), "") => drop(self.lists.insert(key, vec![text])),
                (Some(Json::Arr(items)), "") => {
                    let texts = items.into_iter().filter_map(|item| if let Json::Str(text) = item { Some(text) } else { None });
                    self.lists.insert(key, texts.collect());
                }
                (Some(_), _) if !self.lists.contains_key(&key) => {}
                _ => return Err(invalid),
            }
        }
        Ok(())
    }

    /// Reads the built-in defaults and then the user's file.
    pub fn load(path: Option<&str>) -> Result<Config, String> {
        let mut config = Config::default();
        config.add(include_str!("default_config.toml"))?;
        let directory = std::env::var("XDG_CONFIG_HOME").or_else(|_| std::env::var("HOME").map(|home| home + "/.config"));
        config.add(&match path {
            Some(path) => std::fs::read_to_string(path).map_err(|_| "Could not load config file.")?,
            None => std::fs::read_to_string(directory.unwrap_or_default() + "/fblog.toml").unwrap_or_default(),
        })?;
        Ok(config)
    }
}
