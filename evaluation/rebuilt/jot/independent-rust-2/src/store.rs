//! The three state files: app config, list of vaults, and each vault's own data.

use crate::{refuse, Fault};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The user's settings.
pub struct Config {
    pub editor: String,
    /// Whether the editor takes over the terminal, so that it must be waited for.
    pub conflict: bool,
}

/// All known vaults (name to the directory holding it) and the entered one.
pub struct Registry {
    pub current: Option<String>,
    pub vaults: BTreeMap<String, PathBuf>,
}

/// A vault's identity and the folder the user stands in, relative to the vault's root.
pub struct Vault {
    pub name: String,
    pub location: PathBuf,
    pub folder: PathBuf,
}

/// The part of TOML the files use: `(table, key)` to value, the top level being table "".
type Document = BTreeMap<(String, String), String>;

fn parse(text: &str) -> Option<Document> {
    let (mut document, mut table) = (Document::new(), String::new());
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[') {
            table = name.strip_suffix(']')?.to_string();
            continue;
        }
        let (key, value) = line.split_once('=').filter(|(_, value)| !value.is_empty())?;
        document.insert((table.clone(), unquoted(key)), unquoted(value));
    }
    Some(document)
}

fn unquoted(text: &str) -> String {
    let text = text.trim();
    let inner = |q| text.strip_prefix(q).and_then(|t| t.strip_suffix(q));
    ["'''", "'", "\""].into_iter().find_map(inner).unwrap_or(text).to_string()
}

fn quoted(text: impl AsRef<Path>) -> String {
    let text = text.as_ref().to_string_lossy();
    let quote = if text.contains('\'') { "'''" } else { "'" };
    format!("{quote}{text}{quote}")
}

/// `$variable/jot/file`, or `$HOME/fallback/jot/file` if the variable is no absolute path.
fn state_path(variable: &str, fallback: &str, file: &str) -> PathBuf {
    let base = std::env::var_os(variable).map(PathBuf::from).filter(|p| p.is_absolute());
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_else(|| "/".into()));
    base.unwrap_or_else(|| home().join(fallback)).join("jot").join(file)
}

fn damaged(path: &Path) -> Fault {
    Fault::Fatal(format!("{} is unusable", path.display()))
}

fn read(path: &Path) -> Result<Document, Fault> {
    fs::read_to_string(path).ok().and_then(|t| parse(&t)).ok_or_else(|| damaged(path))
}

fn field(document: &Document, path: &Path, key: &str) -> Result<String, Fault> {
    document.get(&(String::new(), key.into())).cloned().ok_or_else(|| damaged(path))
}

fn write(path: &Path, text: &str) -> Result<(), Fault> {
    fs::create_dir_all(path.parent().unwrap_or(path)).and_then(|_| fs::write(path, text)).map_err(Fault::Io)
}

impl Config {
    pub fn path() -> PathBuf {
        state_path("XDG_CONFIG_HOME", ".config", "config")
    }

    /// Load the settings, creating the file with defaults if there is none.
    pub fn load() -> Result<Config, Fault> {
        let path = Config::path();
        if !path.exists() {
            Config { editor: "nvim".into(), conflict: true }.save()?;
        }
        let document = read(&path)?;
        let conflict = field(&document, &path, "conflict")?.parse().map_err(|_| damaged(&path))?;
        Ok(Config { editor: field(&document, &path, "editor")?, conflict })
    }

    pub fn save(&self) -> Result<(), Fault> {
        write(&Config::path(), &format!("editor = {}\nconflict = {}\n", quoted(&self.editor), self.conflict))
    }
}

impl Registry {
    fn path() -> PathBuf {
        state_path("XDG_DATA_HOME", ".local/share", "vaults")
    }

    /// Load the list of vaults, creating an empty one if there is none.
    pub fn load() -> Result<Registry, Fault> {
        let mut registry = Registry { current: None, vaults: BTreeMap::new() };
        if !Registry::path().exists() {
            registry.save()?;
        }
        for ((table, key), value) in read(&Registry::path())? {
            if table == "vaults" {
                registry.vaults.insert(key, value.into());
            } else if key == "current" {
                registry.current = Some(value);
            }
        }
        Ok(registry)
    }

    pub fn save(&self) -> Result<(), Fault> {
        let current = self.current.as_ref().map(|name| format!("current = {}\n\n", quoted(name)));
        let mut text = current.unwrap_or_default() + "[vaults]\n";
        for (name, location) in &self.vaults {
            let bare = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
            let key = if bare && !name.is_empty() { name.clone() } else { format!("\"{name}\"") };
            text += &format!("{key} = {}\n", quoted(location));
        }
        write(&Registry::path(), &text)
    }

    pub fn location(&self, name: &str) -> Result<PathBuf, Fault> {
        self.vaults.get(name).map_or_else(|| refuse(format!("vault {name} doesn't exist")), |l| Ok(l.clone()))
    }

    pub fn is_current(&self, name: &str) -> bool {
        self.current.as_deref() == Some(name)
    }

    /// The vault the user has entered.
    pub fn entered(&self) -> Result<Vault, Fault> {
        match &self.current {
            Some(name) => Vault::load(&self.location(name)?.join(name)),
            None => refuse("not inside a vault"),
        }
    }
}

impl Vault {
    pub fn load(root: &Path) -> Result<Vault, Fault> {
        let path = root.join(".jot/data");
        let document = read(&path)?;
        let get = |key| field(&document, &path, key);
        Ok(Vault { name: get("name")?, location: get("location")?.into(), folder: get("folder")?.into() })
    }

    pub fn save(&self) -> Result<(), Fault> {
        let (name, location, folder) = (quoted(&self.name), quoted(&self.location), quoted(&self.folder));
        let text = format!("name = {name}\nlocation = {location}\nfolder = {folder}\nhistory = []\n");
        write(&self.root().join(".jot/data"), &text)
    }

    pub fn root(&self) -> PathBuf {
        self.location.join(&self.name)
    }

    /// The absolute path of the current folder.
    pub fn here(&self) -> PathBuf {
        self.root().join(&self.folder)
    }
}
