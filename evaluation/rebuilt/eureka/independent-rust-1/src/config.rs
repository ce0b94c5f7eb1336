//! The stored configuration: one JSON file naming the idea repository.

use crate::error::{Error, Result};
use crate::json;
use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

const FILE_NAME: &str = "config.json";

/// The path of the idea repository. An empty file counts as an empty path.
pub fn read_repo() -> Result<String> {
    let text = fs::read_to_string(file())?;
    if text.is_empty() {
        return Ok(String::new());
    }
    json::parse_config(&text).map_err(Error::Config)
}

pub fn write_repo(repo: &str) -> Result<()> {
    Ok(fs::write(file(), json::config_text(repo))?)
}

pub fn create_dir() -> Result<()> {
    Ok(fs::create_dir_all(dir())?)
}

pub fn clear() -> Result<()> {
    Ok(fs::remove_file(file())?)
}

fn file() -> PathBuf {
    dir().join(FILE_NAME)
}

fn dir() -> PathBuf {
    let base = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    base.unwrap_or_else(|| home().join(".config")).join("eureka")
}

fn home() -> PathBuf {
    match env::var_os("HOME").filter(|home| !home.is_empty()) {
        Some(home) => PathBuf::from(home),
        None => home_in_passwd().unwrap_or_default(),
    }
}

/// The home directory the system has on file for the user running us.
fn home_in_passwd() -> Option<PathBuf> {
    let uid = fs::metadata("/proc/self").ok()?.uid().to_string();
    let passwd = fs::read_to_string("/etc/passwd").ok()?;
    let entry = passwd.lines().find(|line| line.split(':').nth(2) == Some(uid.as_str()))?;
    entry.split(':').nth(5).map(PathBuf::from)
}
