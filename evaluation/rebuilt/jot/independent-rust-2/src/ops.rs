//! What each command does to the state and the file system; each returns the text to print.

use crate::cli::{Invocation, Kind};
use crate::store::{Config, Registry, Vault};
use crate::{if_absent, refuse, tree, Fault};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

type Outcome = Result<String, Fault>;

const ABSENT: &str = "couldn't find the path specified";
const NO_SOURCE: &str = "no such file or directory (os error 2)";
const SAME_PLACE: &str = "new location is same as old location";

fn blue(text: &str) -> String {
    format!("\x1b[0;34m{text}\x1b[0m")
}

/// Run a command; the state files come into being with the first one.
pub fn run(invocation: &Invocation) -> Outcome {
    let config = Config::load()?;
    let mut registry = Registry::load()?;
    let values: Vec<&str> = invocation.values.iter().map(String::as_str).collect();
    match (invocation.command, values.as_slice()) {
        ("vault", [name, location]) => create_vault(registry, name, location),
        ("vault", _) => Ok(list_vaults(&registry, invocation.long_listing)),
        ("config", []) => launch(&config, &Config::path()),
        ("config", [field, value @ ..]) => configure(config, field, value.first().copied()),
        ("enter", [name]) => {
            registry.location(name)?;
            if registry.is_current(name) {
                return refuse(format!("already in vault {name}"));
            }
            registry.current = Some(name.to_string());
            registry.save()?;
            Ok(format!("entered {}\n", blue(name)))
        }
        ("remove", ["vault" | "vl", name]) => remove_vault(registry, name),
        ("rename", ["vault" | "vl", name, new]) => rename_vault(registry, name, new),
        ("move", ["vault" | "vl", name, to]) => move_vault(registry, name, to),
        (command, values) => inside(&config, &registry, registry.entered()?, command, values),
    }
}

/// Run a command that works in the current folder of the entered vault.
fn inside(config: &Config, registry: &Registry, mut vault: Vault, command: &str, values: &[&str]) -> Outcome {
    let kind = values.first().map(|word| Kind::from_word(word));
    match (command, values) {
        ("note", [name]) => create_item(&vault, Kind::Note, name),
        ("folder", [name]) => create_item(&vault, Kind::Folder, name),
        ("open", [name]) => {
            let path = item_path(&vault.here(), Kind::Note, name)?;
            if path.exists() { launch(config, &path) } else { refuse(missing(Kind::Note, name)) }
        }
        ("chdir", [path]) => {
            vault.folder = resolve(&vault, path)?;
            vault.save()?;
            Ok("folder changed\n".into())
        }
        ("list", _) => tree::listing(&vault, kind).map_err(|e| Fault::Fatal(format!("can't list the folder: {e}"))),
        (_, [_, rest @ ..]) if kind.is_some() => change_item(registry, &vault, command, kind.unwrap(), rest),
        _ => {
            Command::new("xdg-open").arg(vault.here()).spawn().map_err(Fault::Io)?;
            Ok(String::new())
        }
    }
}

/// Where an item lies inside `dir`; refuses names that some file system can't hold.
fn item_path(dir: &Path, kind: Kind, name: &str) -> Result<PathBuf, Fault> {
    if name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']) {
        return refuse("invalid name");
    }
    let path = dir.join(name);
    Ok(if kind == Kind::Note { path.with_extension("md") } else { path })
}

/// Like `item_path`, for an item about to appear there.
fn free_path(dir: &Path, kind: Kind, name: &str) -> Result<PathBuf, Fault> {
    let path = item_path(dir, kind, name)?;
    if path.exists() {
        return refuse(format!("a {} named {name} already exists in this location", kind.word()));
    }
    Ok(path)
}

fn missing(kind: Kind, name: &str) -> String {
    format!("{} {name} not found", kind.word())
}

fn create_item(vault: &Vault, kind: Kind, name: &str) -> Outcome {
    let path = free_path(&vault.here(), kind, name)?;
    let made = if kind == Kind::Note { fs::write(&path, "") } else { fs::create_dir(&path) };
    made.map_err(if_absent(ABSENT))?;
    Ok(format!("{} {} created\n", kind.word(), blue(name)))
}

/// Remove, rename or move a note or folder.
fn change_item(registry: &Registry, vault: &Vault, command: &str, kind: Kind, values: &[&str]) -> Outcome {
    let (name, argument) = (values[0], values.get(1).copied().unwrap_or_default());
    let source = item_path(&vault.here(), kind, name);
    let done = match command {
        "remove" => {
            let source = source?;
            if ["", ".", ".."].contains(&name) {
                return refuse("invalid name");
            }
            let gone = if kind == Kind::Note { fs::remove_file(source) } else { fs::remove_dir_all(source) };
            gone.map_err(if_absent(missing(kind, name)))?;
            "removed".to_string()
        }
        "rename" => {
            let (source, target) = (source?, item_path(&vault.here(), kind, argument)?);
            if source == target {
                return refuse("new name is same as old name");
            }
            fs::rename(source, target).map_err(if_absent(missing(kind, name)))?;
            format!("renamed to {}", blue(argument))
        }
        "move" => {
            let source = source?;
            let folder = vault.root().join(resolve(vault, argument)?);
            if kind == Kind::Folder && folder.starts_with(&source) {
                return refuse("a folder can't be moved into itself");
            }
            fs::rename(source, free_path(&folder, kind, name)?).map_err(if_absent(NO_SOURCE))?;
            "moved".to_string()
        }
        _ => {
            let Ok(location) = registry.location(argument) else {
                return refuse(format!("vault {name} doesn't exist"));
            };
            if registry.is_current(argument) {
                print!("{} {name} already exists in vault {argument}", kind.word());
                return refuse(SAME_PLACE);
            }
            let target = free_path(&location.join(argument), kind, name)?;
            fs::rename(source?, target).map_err(if_absent(NO_SOURCE))?;
            format!("moved to vault {}", blue(argument))
        }
    };
    Ok(format!("{} {} {done}\n", kind.word(), blue(name)))
}

/// Resolve a path given from the current folder; it must exist inside the vault and be elsewhere.
fn resolve(vault: &Vault, text: &str) -> Result<PathBuf, Fault> {
    let resolved = vault.here().join(text).canonicalize().map_err(if_absent(ABSENT))?;
    let root = vault.root().canonicalize().map_err(if_absent(ABSENT))?;
    match resolved.strip_prefix(&root) {
        Ok(relative) if relative == vault.folder => refuse(SAME_PLACE),
        Ok(relative) => Ok(relative.to_path_buf()),
        Err(_) => refuse("path crosses the bounds of vault"),
    }
}

/// Start the editor; wait for it only if it needs the terminal.
fn launch(config: &Config, file: &Path) -> Outcome {
    let mut child = Command::new(&config.editor).arg(file).spawn().map_err(if_absent("editor not found"))?;
    if config.conflict {
        child.wait().map_err(Fault::Io)?;
    }
    Ok(String::new())
}

/// Show a setting, or change it if a value is given.
fn configure(mut config: Config, field: &str, value: Option<&str>) -> Outcome {
    let Some(value) = value else {
        let shown = if field == "editor" { config.editor } else { config.conflict.to_string() };
        return Ok(format!("{field}: {}\n", blue(&shown)));
    };
    if field == "editor" {
        config.editor = value.into();
    } else {
        config.conflict = value.parse().map_err(|_| Fault::Fatal(format!("{field} can't be {value}")))?;
    }
    config.save()?;
    Ok(format!("set {} to {}\n", blue(field), blue(value)))
}

fn list_vaults(registry: &Registry, with_location: bool) -> String {
    let mut out = String::new();
    for (name, location) in &registry.vaults {
        out += &if registry.is_current(name) { format!("👉 {}", blue(name)) } else { format!("   {name}") };
        out += &if with_location { format!(" \t {}\n", location.display()) } else { "\n".into() };
    }
    out
}

fn absolute(text: &str, absent: &str) -> Result<PathBuf, Fault> {
    if !Path::new(text).is_absolute() {
        return refuse("specified path isn't absolute");
    }
    Path::new(text).canonicalize().map_err(if_absent(absent))
}

fn ensure_unknown(registry: &Registry, name: &str) -> Result<(), Fault> {
    if registry.vaults.contains_key(name) { refuse(format!("vault {name} already exists")) } else { Ok(()) }
}

fn create_vault(mut registry: Registry, name: &str, location: &str) -> Outcome {
    ensure_unknown(&registry, name)?;
    let location = absolute(location, ABSENT)?;
    fs::create_dir(free_path(&location, Kind::Folder, name)?).map_err(Fault::Io)?;
    Vault { name: name.into(), location: location.clone(), folder: PathBuf::new() }.save()?;
    registry.vaults.insert(name.into(), location);
    registry.save()?;
    Ok(format!("vault {} created\n", blue(name)))
}

fn remove_vault(mut registry: Registry, name: &str) -> Outcome {
    let root = registry.location(name)?.join(name);
    if root.exists() {
        fs::remove_dir_all(root).map_err(Fault::Io)?;
    }
    registry.vaults.remove(name);
    registry.current = registry.current.filter(|current| current != name);
    registry.save()?;
    Ok(format!("vault {} removed\n", blue(name)))
}

fn rename_vault(mut registry: Registry, name: &str, new: &str) -> Outcome {
    let location = registry.location(name)?;
    ensure_unknown(&registry, new)?;
    let target = item_path(&location, Kind::Vault, new)?;
    fs::rename(location.join(name), &target).map_err(if_absent(missing(Kind::Vault, name)))?;
    Vault { name: new.into(), ..Vault::load(&target)? }.save()?;
    registry.vaults.remove(name);
    registry.vaults.insert(new.into(), location);
    registry.current = registry.current.map(|current| if current == name { new.into() } else { current });
    registry.save()?;
    Ok(format!("vault {} renamed to {}\n", blue(name), blue(new)))
}

fn move_vault(mut registry: Registry, name: &str, to: &str) -> Outcome {
    let old = registry.location(name)?;
    let new = absolute(to, NO_SOURCE)?;
    if new == old {
        return refuse(SAME_PLACE);
    }
    let target = free_path(&new, Kind::Folder, name)?;
    fs::rename(old.join(name), &target).map_err(if_absent(NO_SOURCE))?;
    Vault { location: new.clone(), ..Vault::load(&target)? }.save()?;
    registry.vaults.insert(name.into(), new);
    registry.save()?;
    Ok(format!("vault {} moved\n", blue(name)))
}
