mod cli;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{exit, Command};

type Res<T = ()> = Result<T, String>;

const NO_PATH: &str = "couldn't find the path specified";
const NO_FILE: &str = "no such file or directory (os error 2)";
const SAME_LOCATION: &str = "new location is same as old location";

fn blue(text: &str) -> String {
    format!("\x1b[0;34m{text}\x1b[0m")
}

fn fatal(message: &str) -> ! {
    eprintln!("{message}");
    exit(101)
}

fn undefined(e: Error) -> String {
    format!("undefined error: {e}")
}

// ---- data files, in the small part of TOML they need ----

fn quote(s: &str) -> String {
    if s.chars().any(char::is_control) || s.ends_with('\'') || s.contains("'''") {
        format!("{s:?}")
    } else if s.contains('\'') {
        format!("'''{s}'''")
    } else {
        format!("'{s}'")
    }
}

fn quote_key(key: &str) -> String {
    let bare = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if bare && !key.is_empty() { key.to_string() } else { format!("{key:?}") }
}

fn unquote(s: &str) -> String {
    for mark in ["'''", "'"] {
        if let Some(inner) = s.strip_prefix(mark).and_then(|r| r.strip_suffix(mark)) {
            return inner.to_string();
        }
    }
    match s.strip_prefix('"').and_then(|r| r.strip_suffix('"')) {
        Some(inner) => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => s.to_string(),
    }
}

/// Reads a file into a map; keys inside a table are stored as "table.key".
fn load(file: &Path) -> Option<BTreeMap<String, String>> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(e) if e.kind() == ErrorKind::NotFound => return None,
        Err(_) => fatal("couldn't load file"),
    };
    let mut table = String::new();
    let mut map = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            table = format!("{name}.");
            map.insert(table.clone(), String::new());
        } else if let Some((key, value)) = line.split_once(" = ") {
            map.insert(format!("{table}{}", unquote(key)), unquote(value));
        } else {
            fatal("couldn't parse data");
        }
    }
    Some(map)
}

fn store(file: &Path, text: &str) {
    let made = file.parent().map_or(Ok(()), fs::create_dir_all);
    if let Err(e) = made.and_then(|_| fs::write(file, text)) {
        fatal(&format!("couldn't write {}: {e}", file.display()));
    }
}

fn app_file(variable: &str, default: &str, name: &str) -> PathBuf {
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or("/".into())).join(default);
    let base = std::env::var_os(variable).map(PathBuf::from).filter(|p| p.is_absolute());
    base.unwrap_or_else(home).join("jot").join(name)
}

struct Config {
    file: PathBuf,
    editor: String,
    conflict: bool,
}

impl Config {
    fn load() -> Config {
        let file = app_file("XDG_CONFIG_HOME", ".config", "config");
        let Some(map) = load(&file) else {
            let config = Config { file, editor: "nvim".into(), conflict: true };
            config.save();
            return config;
        };
        match (map.get("editor"), map.get("conflict").and_then(|c| c.parse().ok())) {
            (Some(editor), Some(conflict)) => Config { file, editor: editor.clone(), conflict },
            _ => fatal("couldn't parse data"),
        }
    }

    fn save(&self) {
        store(&self.file, &format!("editor = {}\nconflict = {}\n", quote(&self.editor), self.conflict));
    }

    /// Waits for editors that need the terminal, only starts the others.
    fn edit(&self, target: &Path) -> Res {
        let mut child = Command::new(&self.editor).arg(target).spawn().map_err(|e| match e.kind() {
            ErrorKind::NotFound => "editor not found".to_string(),
            _ => undefined(e),
        })?;
        if self.conflict {
            child.wait().map_err(undefined)?;
        }
        Ok(())
    }

    fn run(&mut self, args: &[String]) -> Res {
        match args {
            [] => self.edit(&self.file)?,
            [field] if field == "editor" => println!("editor: {}", blue(&self.editor)),
            [field] => println!("{field}: {}", blue(&self.conflict.to_string())),
            [field, value, ..] => {
                if field == "editor" {
                    self.editor = value.clone();
                } else {
                    self.conflict = value.parse().unwrap_or_else(|_| fatal("conflict must be true or false"));
                }
                self.save();
                println!("set {} to {}", blue(field), blue(value));
            }
        }
        Ok(())
    }
}

// ---- items ----

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Vault,
    Note,
    Folder,
}

impl Kind {
    fn from(word: &str) -> Kind {
        match word {
            "vault" | "vl" => Kind::Vault,
            "note" | "nt" => Kind::Note,
            _ => Kind::Folder,
        }
    }

    fn word(self) -> &'static str {
        ["vault", "note", "folder"][self as usize]
    }

    /// The path of an item called `name` in `folder`.
    fn path(self, folder: &Path, name: &str) -> Res<PathBuf> {
        if name.contains(|c| "/\\:*?\"<>|%".contains(c)) {
            return Err("invalid name".into());
        }
        let mut path = folder.join(name);
        if self == Kind::Note {
            path.set_extension("md");
        }
        Ok(path)
    }

    fn exists_here(self, name: &str) -> String {
        let word = if self == Kind::Note { "note" } else { "folder" };
        format!("a {word} named {name} already exists in this location")
    }

    fn missing(self, name: &str, e: Error) -> String {
        match e.kind() {
            ErrorKind::NotFound => format!("{} {name} not found", self.word()),
            _ => undefined(e),
        }
    }

    fn create(self, folder: &Path, name: &str) -> Res {
        let path = self.path(folder, name)?;
        let made = match self {
            Kind::Note => fs::File::create_new(&path).map(|_| ()),
            _ => fs::create_dir(&path),
        };
        made.map_err(|e| match e.kind() {
            ErrorKind::NotFound => NO_PATH.into(),
            ErrorKind::AlreadyExists => self.exists_here(name),
            _ => undefined(e),
        })
    }

    fn remove(self, folder: &Path, name: &str) -> Res {
        let path = self.path(folder, name)?;
        let gone = if self == Kind::Note { fs::remove_file(&path) } else { fs::remove_dir_all(&path) };
        gone.map_err(|e| self.missing(name, e))
    }

    fn rename(self, folder: &Path, name: &str, new_name: &str) -> Res {
        if name == new_name {
            return Err("new name is same as old name".into());
        }
        fs::rename(self.path(folder, name)?, self.path(folder, new_name)?).map_err(|e| self.missing(name, e))
    }

    fn relocate(self, name: &str, from_folder: &Path, to_folder: &Path) -> Res {
        let from = self.path(from_folder, name)?;
        let to = self.path(to_folder, name)?;
        if from == to {
            return Err(SAME_LOCATION.into());
        } else if !from.exists() {
            return Err(NO_FILE.into());
        } else if to.exists() {
            return Err(self.exists_here(name));
        }
        fs::rename(&from, &to).map_err(undefined)
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    match fs::read_dir(folder) {
        Ok(dir) => dir.flatten().map(|e| e.path()).collect(),
        Err(e) => fatal(&format!("couldn't read {}: {e}", folder.display())),
    }
}

fn is_note(path: &Path) -> bool {
    path.is_file() && path.extension().map_or(true, |e| e == "md")
}

fn print_item(path: &Path, indent: &str, last: bool) {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let branch = if last { "└──" } else { "├──" };
    println!("{indent}{branch} {}", if path.is_dir() { stem.into_owned() } else { blue(&stem) });
}

/// The last branch is the last directory entry, even when that one is not shown.
fn print_tree(folder: &Path, indent: &str) {
    let items = entries(folder);
    for (i, item) in items.iter().enumerate() {
        let last = i + 1 == items.len();
        if item.is_dir() && !item.ends_with(".jot") {
            print_item(item, indent, last);
            print_tree(item, &format!("{indent}{}", if last { "    " } else { "│   " }));
        } else if is_note(item) {
            print_item(item, indent, last);
        }
    }
}

// ---- vaults ----

/// The data kept in a vault's `.jot` folder.
struct Vault {
    name: String,
    location: PathBuf,
    folder: PathBuf,
}

impl Vault {
    fn load(root: &Path) -> Vault {
        let map = load(&root.join(".jot/data")).unwrap_or_else(|| fatal("couldn't load vault data"));
        let field = |key: &str| map.get(key).cloned().unwrap_or_else(|| fatal("couldn't parse data"));
        Vault { name: field("name"), location: field("location").into(), folder: field("folder").into() }
    }

    fn save(&self) {
        let text = format!(
            "name = {}\nlocation = {}\nfolder = {}\nhistory = []\n",
            quote(&self.name),
            quote(&self.location.to_string_lossy()),
            quote(&self.folder.to_string_lossy())
        );
        store(&self.root().join(".jot/data"), &text);
    }

    fn root(&self) -> PathBuf {
        self.location.join(&self.name)
    }

    fn current(&self) -> PathBuf {
        self.root().join(&self.folder)
    }

    /// Resolves a path relative to the current folder into one relative to the vault's root.
    fn resolve(&self, path: &str) -> Res<PathBuf> {
        let full = fs::canonicalize(self.current().join(path)).map_err(|_| NO_PATH)?;
        let root = fs::canonicalize(self.root()).map_err(|_| NO_PATH)?;
        let inside = full.strip_prefix(&root).map_err(|_| "path crosses the bounds of vault")?;
        Ok(inside.to_path_buf())
    }

    fn list(&self, filter: Option<Kind>) {
        let folder = self.folder.to_string_lossy();
        println!("{}{}{folder}", self.name, if folder.is_empty() { "" } else { " > " });
        let Some(kind) = filter else { return print_tree(&self.current(), "") };
        let mut shown = entries(&self.current());
        shown.retain(|p| if kind == Kind::Note { is_note(p) } else { p.is_dir() });
        for (i, item) in shown.iter().enumerate() {
            print_item(item, "", i + 1 == shown.len());
        }
    }
}

/// All known vaults and the one that is entered.
struct Vaults {
    file: PathBuf,
    current: Option<String>,
    vaults: BTreeMap<String, PathBuf>,
}

impl Vaults {
    fn load() -> Vaults {
        let file = app_file("XDG_DATA_HOME", ".local/share", "vaults");
        let mut all = Vaults { file, current: None, vaults: BTreeMap::new() };
        let Some(mut map) = load(&all.file) else {
            all.save();
            return all;
        };
        if map.remove("vaults.").is_none() {
            fatal("couldn't parse data");
        }
        all.current = map.remove("current");
        for (key, value) in map {
            all.vaults.insert(key.trim_start_matches("vaults.").to_string(), value.into());
        }
        all
    }

    fn save(&self) {
        let mut text = String::new();
        if let Some(current) = &self.current {
            text += &format!("current = {}\n\n", quote(current));
        }
        text += "[vaults]\n";
        for (name, location) in &self.vaults {
            text += &format!("{} = {}\n", quote_key(name), quote(&location.to_string_lossy()));
        }
        store(&self.file, &text);
    }

    fn is_current(&self, name: &str) -> bool {
        self.current.as_deref() == Some(name)
    }

    fn location(&self, name: &str) -> Res<PathBuf> {
        self.vaults.get(name).cloned().ok_or_else(|| format!("vault {name} doesn't exist"))
    }

    fn current(&self) -> Res<Vault> {
        let name = self.current.as_ref().ok_or("not inside a vault")?;
        Ok(Vault::load(&self.location(name)?.join(name)))
    }

    fn list(&self, with_location: bool) {
        for (name, location) in &self.vaults {
            let shown = if self.is_current(name) { format!("👉 {}", blue(name)) } else { format!("   {name}") };
            let location = if with_location { format!(" \t {}", location.display()) } else { String::new() };
            println!("{shown}{location}");
        }
    }

    fn create(&mut self, name: &str, location: &str) -> Res {
        if self.vaults.contains_key(name) {
            return Err(format!("vault {name} already exists"));
        }
        let location = absolute(location, NO_PATH)?;
        Kind::Vault.create(&location, name)?;
        Vault { name: name.into(), location: location.clone(), folder: PathBuf::new() }.save();
        self.vaults.insert(name.into(), location);
        self.save();
        Ok(())
    }

    fn enter(&mut self, name: &str) -> Res {
        self.location(name)?;
        if self.is_current(name) {
            return Err(format!("already in vault {name}"));
        }
        self.current = Some(name.into());
        self.save();
        Ok(())
    }

    fn remove(&mut self, name: &str) -> Res {
        match fs::remove_dir_all(self.location(name)?.join(name)) {
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(undefined(e)),
            _ => self.vaults.remove(name),
        };
        self.current.take_if(|c| c == name);
        self.save();
        Ok(())
    }

    fn rename(&mut self, name: &str, new_name: &str) -> Res {
        let location = self.location(name)?;
        if self.vaults.contains_key(new_name) {
            return Err(format!("vault {new_name} already exists"));
        }
        Kind::Vault.rename(&location, name, new_name)?;
        let vault = Vault::load(&location.join(new_name));
        Vault { name: new_name.into(), ..vault }.save();
        self.vaults.remove(name);
        self.vaults.insert(new_name.into(), location);
        if self.is_current(name) {
            self.current = Some(new_name.into());
        }
        self.save();
        Ok(())
    }

    fn relocate(&mut self, name: &str, new_location: &str) -> Res {
        let old = self.location(name)?;
        let new = absolute(new_location, NO_FILE)?;
        Kind::Vault.relocate(name, &old, &new)?;
        let vault = Vault::load(&new.join(name));
        Vault { location: new.clone(), ..vault }.save();
        self.vaults.insert(name.into(), new);
        self.save();
        Ok(())
    }

    fn move_to_vault(&self, kind: Kind, name: &str, target: &str) -> Res {
        let vault = self.current()?;
        // The original names the item here, not the vault.
        let location = self.location(target).map_err(|_| format!("vault {name} doesn't exist"))?;
        if vault.name == target {
            print!("{} {name} already exists in vault {target}", kind.word());
            return Err(SAME_LOCATION.into());
        }
        kind.relocate(name, &vault.current(), &location.join(target))
    }
}

fn absolute(path: &str, missing: &str) -> Res<PathBuf> {
    if !Path::new(path).is_absolute() {
        return Err("specified path isn't absolute".into());
    }
    fs::canonicalize(path).map_err(|_| missing.into())
}

fn run(parsed: &cli::Parsed) -> Res {
    let args: Vec<&str> = parsed.values.iter().map(String::as_str).collect();
    let mut config = Config::load();
    let mut vaults = Vaults::load();
    let kind = Kind::from(args.first().unwrap_or(&""));
    match (parsed.command, &args[..]) {
        ("vault", [name, location]) => {
            vaults.create(name, location)?;
            println!("vault {} created", blue(name));
        }
        ("vault", _) => vaults.list(parsed.list_flag),
        ("enter", [name]) => {
            vaults.enter(name)?;
            println!("entered {}", blue(name));
        }
        (word @ ("note" | "folder"), [name]) => {
            Kind::from(word).create(&vaults.current()?.current(), name)?;
            println!("{word} {} created", blue(name));
        }
        ("open", [name]) => {
            let note = Kind::Note.path(&vaults.current()?.current(), name)?;
            if !note.is_file() {
                return Err(format!("note {name} not found"));
            }
            config.edit(&note)?;
        }
        ("opdir", _) => {
            let folder = vaults.current()?.current();
            Command::new("xdg-open").arg(folder).spawn().map_err(undefined)?;
        }
        ("chdir", [path]) => {
            let vault = vaults.current()?;
            Vault { folder: vault.resolve(path)?, ..vault }.save();
            println!("folder changed");
        }
        ("list", _) => vaults.current()?.list(args.first().map(|word| Kind::from(word))),
        ("remove", [_, name]) => {
            match kind {
                Kind::Vault => vaults.remove(name)?,
                _ => kind.remove(&vaults.current()?.current(), name)?,
            }
            println!("{} {} removed", kind.word(), blue(name));
        }
        ("rename", [_, name, new_name]) => {
            match kind {
                Kind::Vault => vaults.rename(name, new_name)?,
                _ => kind.rename(&vaults.current()?.current(), name, new_name)?,
            }
            println!("{} {} renamed to {}", kind.word(), blue(name), blue(new_name));
        }
        ("move", [_, name, location]) => {
            if kind == Kind::Vault {
                vaults.relocate(name, location)?;
            } else {
                let vault = vaults.current()?;
                kind.relocate(name, &vault.current(), &vault.root().join(vault.resolve(location)?))?;
            }
            println!("{} {} moved", kind.word(), blue(name));
        }
        ("vmove", [_, name, target]) => {
            vaults.move_to_vault(kind, name, target)?;
            println!("{} {} moved to vault {}", kind.word(), blue(name), blue(target));
        }
        _ => config.run(&parsed.values)?,
    }
    Ok(())
}

fn main() {
    let mut words = std::env::args_os().map(|a| a.to_string_lossy().into_owned());
    let program = words.next().unwrap_or_default();
    let bin = Path::new(&program).file_name().map_or("jt".into(), |n| n.to_string_lossy().into_owned());
    let words: Vec<String> = words.collect();
    if let Err(message) = run(&cli::parse(&bin, &words)) {
        println!("\x1b[0;31merror\x1b[0m: {message}");
    }
}
