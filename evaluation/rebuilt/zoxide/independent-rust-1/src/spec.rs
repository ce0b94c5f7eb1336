//! What a command accepts, read from its help text in `help/`.

use std::path::Path;

pub struct Opt {
    pub short: Option<char>,
    pub long: String,
    /// As in the help, for instance `--score <SCORE>`.
    pub shown: String,
    pub takes_value: bool,
    pub required: bool,
    pub choices: Vec<String>,
}

pub struct Spec {
    pub name: &'static str,
    body: String,
    pub usage: String,
    pub opts: Vec<Opt>,
    /// `<PATHS>...`, `[KEYWORDS]...` and the like, or nothing.
    pub positional: String,
    pub choices: Vec<String>,
}

pub fn load(wanted: &str) -> Option<Spec> {
    let (name, body) = match wanted {
        "" => ("", include_str!("../help/home/user.txt")),
        "add" => ("add", include_str!("../help/add.txt")),
        "import" => ("import", include_str!("../help/import.txt")),
        "init" => ("init", include_str!("../help/init.txt")),
        "query" => ("query", include_str!("../help/query.txt")),
        "remove" => ("remove", include_str!("../help/remove.txt")),
        _ => return None,
    };
    let arg = std::env::args_os().next().unwrap_or_default();
    let program = Path::new(&arg).file_name().unwrap_or_default().to_string_lossy();
    Some(Spec::read(name, body.replace("{bin}", &program)))
}

impl Spec {
    fn read(name: &'static str, body: String) -> Spec {
        let after = |title| body.lines().skip_while(move |l| *l != title).skip(1);
        let usage = after("Usage:").next().unwrap_or("").trim().to_string();
        let opts = after("Options:").filter_map(|line| Opt::read(line, &usage)).collect();
        let positional = usage.rsplit(' ').next().filter(|_| !name.is_empty()).unwrap_or("").to_string();
        let choices = after("Arguments:").next().map_or(Vec::new(), choices);
        Spec { name, usage, opts, positional, choices, body }
    }

    pub fn version(&self) -> String {
        format!("zoxide-{}", self.name).trim_end_matches('-').to_string() + " 0.9.9\n"
    }

    pub fn help(&self) -> String {
        let authors = "Ajeet D'Souza <someone@example.org>\nhttps://github.com/ajeetdsouza/zoxide\n\n";
        self.version() + authors + &self.body + include_str!("../help/environment.txt")
    }
}

impl Opt {
    fn read(line: &str, usage: &str) -> Option<Opt> {
        let (left, help) = line.trim().split_once("  ")?;
        let shown = left.split(", ").last()?.to_string();
        let long = shown.split(' ').next()?.trim_start_matches('-').to_string();
        let short = left.chars().nth(1).filter(|c| *c != '-');
        let (takes_value, required) = (shown.contains(' '), usage.contains(&shown));
        Some(Opt { short, long, takes_value, required, choices: choices(help), shown })
    }
}

fn choices(help: &str) -> Vec<String> {
    let list = help.split("[possible values: ").nth(1).unwrap_or("").trim_end_matches(']');
    list.split(", ").filter(|c| !c.is_empty()).map(String::from).collect()
}
