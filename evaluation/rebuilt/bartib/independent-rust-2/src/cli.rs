//! Argument parsing. Which switches a command has is taken from its page in `help.txt`.

use crate::Failure;
use std::env::var;

/// Switches that choose a range of days; except for the first two they exclude each other.
const RANGE_NAMES: [&str; 7] = ["from", "to", "date", "today", "yesterday", "current_week", "last_week"];

/// A flag or option of a command.
struct Switch {
    short: String,
    /// The long name, or the short one if there is no other.
    name: String,
    /// As in `--date <DATE>`.
    shown: String,
    takes_value: bool,
}

/// What was given on the command line to one command.
pub struct Given {
    /// The help page of the command.
    page: String,
    switches: Vec<(Switch, String)>,
    pub positional: Option<String>,
}

/// The result of reading the command line.
pub enum Request {
    /// Print a help or version text; the flag tells whether that was asked for.
    Show(String, bool),
    /// Run the named subcommand on the file of the option `-f`.
    Run(Option<String>, String, Given),
}

/// The help page of a command; that of the program itself has no name.
fn find_page(program: &str, name: &str) -> Option<String> {
    let title = if name.is_empty() { "bartib 1".to_string() } else { format!("{{program}}-{name} ") };
    let page = include_str!("help.txt").split("%%\n").find(|page| page.starts_with(&title))?;
    let filled = ["BARTIB_FILE", "EDITOR"].iter().fold(page.to_string(), |page, variable| {
        page.replace(&format!("{variable}=]"), &format!("{variable}={}]", var(variable).unwrap_or_default()))
    });
    Some(filled.replace("{program}", program))
}

fn switches(page: &str) -> impl Iterator<Item = Switch> + '_ {
    page.lines().map(str::trim_start).filter(|row| row.starts_with('-')).map(|row| {
        let names = row.split("  ").next().unwrap_or_default();
        let shown = names.split(", ").last().unwrap_or_default().to_string();
        let name = shown.trim_start_matches('-').split(' ').next().unwrap_or_default().to_string();
        let short = if names.starts_with("--") { String::new() } else { names[1..2].to_string() };
        Switch { short, name, takes_value: shown.contains('<'), shown }
    })
}

impl Given {
    pub fn value(&self, name: &str) -> Option<&str> {
        self.switches.iter().find(|(switch, _)| switch.name == name).map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    fn usage(&self) -> &str {
        self.page.split("USAGE:\n    ").nth(1).and_then(|rest| rest.lines().next()).unwrap_or_default()
    }

    /// The switches that the command demands.
    fn required(&self) -> Vec<String> {
        switches(&self.page).map(|s| s.shown).filter(|shown| self.usage().contains(shown.as_str())).collect()
    }

    /// An error message with a usage that names the switches in use, if these tell anything new.
    fn error(&self, problem: String) -> Failure {
        let mut shown = self.required();
        shown.extend(self.switches.iter().map(|(s, _)| s.shown.clone()).filter(|s| !self.usage().contains(s.as_str())));
        let command = self.usage().split(" [").next().unwrap_or_default();
        let usage = if shown.len() == self.required().len() { self.usage().to_string() } else {
            shown.sort();
            format!("{command} {}", shown.join(" "))
        };
        Failure(format!("error: {problem}\n\nUSAGE:\n    {usage}\n\nFor more information try --help"))
    }

    fn unexpected(&self, arg: &str) -> Failure {
        self.error(format!("Found argument '{arg}' which wasn't expected, or isn't valid in this context"))
    }

    /// Reads switches and positional arguments; the program's own ones end with the subcommand.
    fn read(page: String, args: &mut impl Iterator<Item = String>) -> Result<Given, Failure> {
        let mut given = Given { page, switches: Vec::new(), positional: None };
        let is_program = given.page.contains("SUBCOMMANDS:");
        let is_switch = |arg: &str| arg.len() > 1 && arg.starts_with('-');
        while let Some(arg) = args.next() {
            if !is_switch(&arg) {
                if given.positional.is_some() || !is_program && !given.page.contains("ARGS:") {
                    return Err(given.unexpected(&arg));
                }
                given.positional = Some(arg);
                if is_program {
                    break;
                }
                continue;
            }
            let (name, attached) = match arg.strip_prefix("--") {
                Some(_) => arg.split_once('=').map_or((arg.as_str(), None), |(name, value)| (name, Some(value))),
                None => {
                    let (name, value) = arg.split_at(arg.char_indices().nth(2).map_or(arg.len(), |(i, _)| i));
                    (name, Some(value.trim_start_matches('=')).filter(|value| !value.is_empty()))
                }
            };
            let is_named = |s: &Switch| s.shown.split(' ').next() == Some(name) || name[1..] == s.short;
            let Some(switch) = switches(&given.page).find(is_named) else { return Err(given.unexpected(name)) };
            let (shown, takes_value) = (switch.shown.clone(), switch.takes_value);
            if given.has(&switch.name) {
                return Err(given.error(format!("The argument '{shown}' was provided more than once, but cannot be used multiple times")));
            }
            given.switches.push((switch, attached.unwrap_or_default().to_string()));
            if takes_value && attached.is_none() {
                match args.next() {
                    Some(value) if !is_switch(&value) => given.switches.last_mut().unwrap().1 = value,
                    Some(other) => return Err(given.unexpected(&other.chars().take(2).collect::<String>())),
                    None => return Err(given.error(format!("The argument '{shown}' requires a value but none was supplied"))),
                }
            }
            if given.has("help") || given.has("version") {
                break;
            }
        }
        Ok(given)
    }

    /// Refuses switches that exclude each other and the lack of required ones.
    fn check(&self) -> Result<(), Failure> {
        let rank = |name: &str| RANGE_NAMES.iter().position(|n| *n == name);
        let mut ranges: Vec<(usize, &str)> = self.switches.iter().filter_map(|(s, _)| Some((rank(&s.name)?, s.shown.as_str()))).collect();
        let in_given_order = ranges.clone();
        ranges.sort();
        for (rank, shown) in ranges {
            if let Some((_, other)) = in_given_order.iter().rev().find(|(r, _)| *r != rank && rank.max(*r) > 1) {
                return Err(self.error(format!("The argument '{shown}' cannot be used with '{other}'")));
            }
        }
        let given: Vec<&str> = self.switches.iter().map(|(s, _)| s.shown.as_str()).collect();
        let missing: Vec<String> = self.required().into_iter().filter(|shown| !given.contains(&shown.as_str())).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(self.error(format!("The following required arguments were not provided:\n    {}", missing.join("\n    "))))
    }
}

/// Reads the whole command line (without the program's name).
pub fn parse(program: &str, mut args: impl Iterator<Item = String>) -> Result<Request, Failure> {
    let main_page = find_page(program, "").unwrap_or_default();
    let top = Given::read(main_page.clone(), &mut args)?;
    if top.has("version") {
        return Ok(Request::Show("bartib 1.1.0\n".into(), true));
    }
    let Some(name) = top.positional.clone().filter(|_| !top.has("help")) else {
        return Ok(Request::Show(main_page, top.has("help")));
    };
    if name == "help" {
        let Some(topic) = args.next() else { return Ok(Request::Show(main_page, true)) };
        return find_page(program, &topic).map(|page| Request::Show(page, true)).ok_or_else(|| Failure(format!(
            "error: The subcommand '{topic}' wasn't recognized\n\nUSAGE:\n\t{program} help <subcommands>...\n\nFor more information try --help")));
    }
    let given = Given::read(find_page(program, &name).ok_or_else(|| top.unexpected(&name))?, &mut args)?;
    if given.has("help") {
        return Ok(Request::Show(given.page, true));
    }
    given.check()?;
    Ok(Request::Run(top.value("f").map(str::to_string), name, given))
}
