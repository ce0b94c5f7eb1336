//! Command line flags, learned from the usage text.
use std::collections::{HashMap, HashSet};

const USAGE: &str = include_str!("usage.txt");

struct Flag {
    short: Option<char>,
    name: &'static str,
    kind: &'static str,
}

pub struct Options {
    flags: Vec<Flag>,
    values: HashMap<&'static str, String>,
    lists: HashMap<&'static str, Vec<String>>,
    pub paths: Vec<String>,
}

pub fn usage() -> String {
    let cpus = std::thread::available_parallelism().map_or(1, |n| n.get());
    USAGE.replace("{cpus}", &cpus.to_string())
}

impl Options {
    pub fn on(&self, name: &str) -> bool {
        self.get(name) == "true"
    }

    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    pub fn num(&self, name: &str) -> f64 {
        self.get(name).parse().unwrap_or(0.0)
    }

    pub fn list(&self, name: &str) -> &[String] {
        self.lists.get(name).map_or(&[], Vec::as_slice)
    }

    fn defaults() -> Options {
        let mut opts = Options { flags: vec![], values: HashMap::new(), lists: HashMap::new(), paths: vec![] };
        for line in USAGE.lines().filter(|l| l.trim_start().starts_with('-')) {
            let Some((left, right)) = line.split_once("--") else { continue };
            let (name, tail) = right.split_once(' ').unwrap_or((right, ""));
            let kind = if tail.starts_with(' ') { "" } else { tail.split(' ').next().unwrap_or("") };
            let default = tail.rsplit_once("(default ").map_or("", |(_, d)| d.trim_end_matches(')'));
            opts.flags.push(Flag { short: left.trim_start().chars().nth(1), name, kind });
            if kind == "strings" && !default.is_empty() {
                let items = default.trim_matches(|c| c == '[' || c == ']').split(',');
                opts.lists.insert(name, items.map(String::from).collect());
            } else {
                opts.values.insert(name, default.trim_matches('"').to_string());
            }
        }
        opts
    }

    fn set(&mut self, index: usize, value: &str, seen: &mut HashSet<&'static str>) -> Result<(), String> {
        let Flag { short, name, kind } = self.flags[index];
        let problem = match kind {
            "" if !["true", "false", "1", "0", "t", "f"].contains(&value) => "Bool",
            "int" if value.parse::<i64>().is_err() => "Int",
            "float" if value.parse::<f64>().is_err() => "Float",
            _ => "",
        };
        if !problem.is_empty() {
            let short = short.map(|c| format!("-{c}, ")).unwrap_or_default();
            return Err(format!(
                "invalid argument {value:?} for \"{short}--{name}\" flag: strconv.Parse{problem}: parsing {value:?}: invalid syntax"
            ));
        }
        if kind.starts_with("string") && kind != "string" {
            let list = self.lists.entry(name).or_default();
            if seen.insert(name) {
                list.clear();
            }
            list.extend(value.split(',').map(String::from));
            return Ok(());
        }
        let value = match (kind, value) {
            ("", "1" | "t") => "true",
            ("", "0" | "f") => "false",
            _ => value,
        };
        self.values.insert(name, value.to_string());
        Ok(())
    }

    pub fn parse(args: impl Iterator<Item = String>) -> Result<Options, (String, bool)> {
        let mut opts = Options::defaults();
        opts.read(args).map_err(|message| (message, opts.on("help")))?;
        Ok(opts)
    }

    fn read(&mut self, mut args: impl Iterator<Item = String>) -> Result<(), String> {
        let mut seen = HashSet::new();
        while let Some(arg) = args.next() {
            if arg == "--" {
                self.paths.extend(args);
                return Ok(());
            } else if let Some(long) = arg.strip_prefix("--") {
                let (name, given) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v.to_string())));
                let index = self.flags.iter().position(|f| f.name == name).ok_or(format!("unknown flag: --{name}"))?;
                let value = match given {
                    Some(v) => v,
                    None if self.flags[index].kind.is_empty() => "true".to_string(),
                    None => args.next().ok_or(format!("flag needs an argument: --{name}"))?,
                };
                self.set(index, &value, &mut seen)?;
            } else if arg.len() > 1 && arg.starts_with('-') {
                let mut rest = &arg[1..];
                while let Some(letter) = rest.chars().next() {
                    let index = self
                        .flags
                        .iter()
                        .position(|f| f.short == Some(letter))
                        .ok_or(format!("unknown shorthand flag: '{letter}' in -{rest}"))?;
                    rest = &rest[letter.len_utf8()..];
                    let value = if let Some(v) = rest.strip_prefix('=') {
                        std::mem::take(&mut rest);
                        v.to_string()
                    } else if self.flags[index].kind.is_empty() {
                        "true".to_string()
                    } else if !rest.is_empty() {
                        std::mem::take(&mut rest).to_string()
                    } else {
                        args.next().ok_or(format!("flag needs an argument: '{letter}' in {arg}"))?
                    };
                    self.set(index, &value, &mut seen)?;
                }
            } else {
                self.paths.push(arg);
            }
        }
        Ok(())
    }
}
