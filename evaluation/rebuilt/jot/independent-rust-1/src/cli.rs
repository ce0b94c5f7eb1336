//! Command line parsing, help texts and usage errors.

use std::process::exit;

#[derive(Clone, Copy, PartialEq)]
enum ArgType { Text, Path, Item, VaultItem, Config }
use ArgType::*;

type Arg = (&'static str, ArgType, &'static str);

/// Usage is made from the arguments when no fixed lines are given.
struct Command {
    name: &'static str,
    alias: &'static str,
    about: &'static str,
    usage: &'static [&'static str],
    required: usize,
    args: &'static [Arg],
}

pub struct Parsed {
    pub command: &'static str,
    pub values: Vec<String>,
    pub list_flag: bool,
}

const fn command(
    name: &'static str, alias: &'static str, about: &'static str,
    usage: &'static [&'static str], required: usize, args: &'static [Arg],
) -> Command {
    Command { name, alias, about, usage, required, args }
}

const NEW_LOCATION: &str = "path to new location of item (current folder as root in case of note or
                      folder)";

const COMMANDS: &[Command] = &[
    command("vault", "vl", "create a vault or list vaults",
        &["jt vault", "jt vault -l", "jt vault <vault name> <vault location>"], 0, &[
        ("vault name", Text, "name for new vault"),
        ("vault location", Path, "absolute path to location of new vault")]),
    command("note", "nt", "create a note", &["jt note", "jt note [note name]"], 1, &[
        ("note name", Text, "name for new note (to be created in the current folder)")]),
    command("folder", "fd", "create a folder", &["jt folder", "jt folder [folder name]"], 1, &[
        ("folder name", Text, "name for new folder (to be created in the current folder)")]),
    command("enter", "en", "enter a vault", &[], 1, &[("vault name", Text, "name of the vault to enter")]),
    command("open", "op", "open a note (from the current folder)", &[], 1, &[
        ("note name", Text, "name of note to be opened")]),
    command("opdir", "od", "open current folder in file explorer", &[], 0, &[]),
    command("chdir", "cd", "change folder within current vault", &[], 1, &[
        ("folder path", Path, "path to folder to switch to (from current folder)")]),
    command("list", "ls", "list items in current folder", &[], 0, &[("item type", VaultItem, "")]),
    command("remove", "rm", "remove an item", &[], 2, &[
        ("item type", Item, "remove a vault (or vl) | note (or nt) | folder (or fd)"),
        ("name", Text, "name of item to be removed")]),
    command("rename", "rn", "rename an item", &[], 3, &[
        ("item type", Item, "rename a vault (or vl) | note (or nt) | folder (or fd)"),
        ("name", Text, "name of item to be renamed"),
        ("new name", Text, "new name of item")]),
    command("move", "mv", "move an item", &[], 3, &[
        ("item type", Item, "move a vault (or vl) | note (or nt) | folder (or fd)"),
        ("name", Text, "name of item to be moved"),
        ("new location", Path, NEW_LOCATION)]),
    command("vmove", "vm", "move notes and folders to a different vault", &[], 3, &[
        ("item type", VaultItem, "move a note (or nt) | folder (or fd)"),
        ("name", Text, "name of item to be moved"),
        ("vault name", Text, "name of vault to move the item to")]),
    command("config", "cf", "display, set or open config",
        &["jt config <config type>", "jt config <config type> [config value]"], 0, &[
        ("config type", Config, "name of config item to display or set"),
        ("config value", Text, "pass a value if config needs to be updated")]),
    command("help", "", "🆘 show this help message or help for given command", &[], 0, &[]),
];

const BANNER: &str = r"________      _____ 
______(_)_______  /_
_____  /_  __ \  __/
____  / / /_/ / /_  
___  /  \____/\__/  
/___/         ᵥ₀.₁.₂  
";

const OVERVIEW: &str = "
create items
    {vault}, {vl}       create a vault or list vaults
    create items in current folder
        {note}, {nt}        create a note 
        {folder}, {fd}      create a folder

interact with items
    {enter}, {en}       enter a vault
    {open}, {op}        open a note from current folder
    {opdir}, {od}       open current folder in file explorer
    {chdir}, {cd}       change folder within current vault
    {list}, {ls}        list items in current folder

perform fs operations on items
    {remove}, {rm}      remove an item 
    {rename}, {rn}      rename an item 
    {move}, {mv}        move an item to a new location
    {vmove}, {vm}       move an item to a different vault

config
    {config}, {cf}      display, set or open config

get help 
    use {help} or {-h} and {--help} flags along with a command to get corresponding help
";

fn overview() -> String {
    let top = format!("{{{BANNER}}}         \n\nusage: jt <command>\n\n{{commands:}}\n{OVERVIEW}");
    top.replace('{', "\x1b[0;34m").replace('}', "\x1b[0m")
}

fn usage_of(cmd: Option<&Command>, bin: &str) -> String {
    let Some(cmd) = cmd else { return format!("    {bin} <SUBCOMMAND>") };
    if !cmd.usage.is_empty() {
        return cmd.usage.iter().map(|l| format!("    {l}")).collect::<Vec<_>>().join("\n");
    }
    let mut line = format!("    {bin} {}", cmd.name);
    for (i, (name, ..)) in cmd.args.iter().enumerate() {
        line += &if i < cmd.required { format!(" <{name}>") } else { format!(" [{name}]") };
    }
    line
}

fn print_help(cmd: Option<&Command>, bin: &str) -> ! {
    let Some(cmd) = cmd else {
        print!("{}", overview());
        exit(0)
    };
    println!("{bin}-{} \n{}\n\nUSAGE:\n{}\n", cmd.name, cmd.about, usage_of(Some(cmd), bin));
    if !cmd.args.is_empty() {
        let width = cmd.args.iter().map(|a| a.0.len() + 2).max().unwrap_or(0);
        println!("ARGS:");
        for (name, _, help) in cmd.args {
            println!("    {:width$}    {help}", format!("<{name}>"));
        }
        println!();
    }
    println!("OPTIONS:");
    if cmd.name == "vault" {
        println!("    -l            show vaults' location");
    }
    println!("    -h, --help    Print help information");
    exit(0)
}

fn fail(message: &str) -> ! {
    eprintln!("error: {message}\n\nFor more information try --help");
    exit(2)
}

fn fail_usage(message: &str, usage: &str) -> ! {
    fail(&format!("{message}\n\nUSAGE:\n{usage}"))
}

fn find_command(word: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|c| c.name == word || (!c.alias.is_empty() && c.alias == word))
}

fn unexpected(word: &str, cmd: Option<&Command>, bin: &str) -> ! {
    fail_usage(
        &format!("Found argument '{word}' which wasn't expected, or isn't valid in this context"),
        &usage_of(cmd, bin),
    )
}

fn unexpected_flag(flag: &str, cmd: Option<&Command>, bin: &str) -> ! {
    let hint = format!("If you tried to supply `{flag}` as a value rather than a flag, use `-- {flag}`");
    fail_usage(
        &format!("Found argument '{flag}' which wasn't expected, or isn't valid in this context\n\n\t{hint}"),
        &usage_of(cmd, bin),
    )
}

/// Handles one word starting with a dash; sets `list_flag` or exits.
fn parse_flag(word: &str, cmd: Option<&Command>, bin: &str, list_flag: &mut bool) {
    if let Some(long) = word.strip_prefix("--") {
        if long != "help" {
            let name = long.split('=').next().unwrap_or(long);
            unexpected_flag(&format!("--{name}"), cmd, bin);
        }
        print_help(cmd, bin);
    }
    for ch in word.chars().skip(1) {
        match ch {
            'h' => print_help(cmd, bin),
            'l' if cmd.is_some_and(|c| c.name == "vault") => *list_flag = true,
            _ => unexpected_flag(&format!("-{ch}"), cmd, bin),
        }
    }
}

fn help_command(words: &[String], bin: &str) -> ! {
    let mut current: Option<&'static Command> = None;
    for word in words {
        let next = if current.is_none() { find_command(word) } else { None };
        if next.is_none() {
            fail_usage(&format!("The subcommand '{word}' wasn't recognized"), &usage_of(current, bin));
        }
        current = next;
    }
    print_help(current, bin)
}

fn check_value((name, kind, _): &Arg, value: &str) {
    let allowed: &[&str] = match kind {
        Path if value.is_empty() => {
            fail(&format!("The argument '<{name}>' requires a value but none was supplied"))
        }
        Text | Path => return,
        Item => &["vault", "vl", "note", "nt", "folder", "fd"],
        VaultItem => &["note", "nt", "folder", "fd"],
        Config => &["editor", "conflict"],
    };
    if allowed.contains(&value) {
        return;
    }
    let allowed = allowed.join(", ");
    fail(&format!("\"{value}\" isn't a valid value for '<{name}>'\n\t[possible values: {allowed}]"))
}

fn check_values(cmd: &Command, values: &[String]) {
    for (arg, value) in cmd.args.iter().zip(values) {
        check_value(arg, value);
    }
}

pub fn parse(bin: &str, words: &[String]) -> Parsed {
    let Some(first) = words.iter().find(|w| *w != "--") else {
        eprint!("{}", overview());
        exit(2)
    };
    let mut list_flag = false;
    if first.len() > 1 && first.starts_with('-') {
        parse_flag(first, None, bin, &mut list_flag);
    }
    let Some(cmd) = find_command(first) else { unexpected(first, None, bin) };
    if cmd.name == "help" {
        help_command(&words[1..], bin);
    }

    let mut values: Vec<String> = Vec::new();
    let mut only_values = false;
    for word in &words[1..] {
        if !only_values && word == "--" {
            only_values = true;
        } else if !only_values && word.len() > 1 && word.starts_with('-') {
            if word == "-h" || word == "--help" {
                check_values(cmd, &values);
            }
            parse_flag(word, Some(cmd), bin, &mut list_flag);
        } else if values.len() == cmd.args.len() {
            unexpected(word, Some(cmd), bin);
        } else {
            values.push(word.clone());
        }
    }

    check_values(cmd, &values);
    let required = if cmd.name == "vault" && values.len() == 1 { 2 } else { cmd.required };
    let missing: Vec<String> =
        cmd.args[..required].iter().skip(values.len()).map(|a| format!("    <{}>", a.0)).collect();
    if !missing.is_empty() {
        fail_usage(
            &format!("The following required arguments were not provided:\n{}", missing.join("\n")),
            &usage_of(Some(cmd), bin),
        );
    }
    Parsed { command: cmd.name, values, list_flag }
}
