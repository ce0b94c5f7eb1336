//! The command line: a table of commands, and the parser and help texts driven by it.

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Vault,
    Note,
    Folder,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Kind::Vault => "vault",
            Kind::Note => "note",
            Kind::Folder => "folder",
        }
    }

    /// The kind named by an already validated word or alias.
    pub fn from_word(word: &str) -> Kind {
        match word {
            "vault" | "vl" => Kind::Vault,
            "note" | "nt" => Kind::Note,
            _ => Kind::Folder,
        }
    }
}

/// One positional argument: its label, its description, and its possible values (none: any).
struct Slot(&'static str, &'static str, &'static [&'static str]);

/// One command: name and alias, description, usage lines that replace the generated one,
/// arguments, and how many of them are required.
struct Command((&'static str, &'static str), &'static str, &'static [&'static str], &'static [Slot], usize);

const ALL_KINDS: &[&str] = &["vault", "vl", "note", "nt", "folder", "fd"];
const INNER_KINDS: &[&str] = &["note", "nt", "folder", "fd"];

static COMMANDS: &[Command] = &[
    Command(("vault", "vl"), "create a vault or list vaults",
        &["jt vault", "jt vault -l", "jt vault <vault name> <vault location>"],
        &[Slot("vault name", "name for new vault", &[]), Slot("vault location", "absolute path to location of new vault", &[])], 0),
    Command(("note", "nt"), "create a note", &["jt note", "jt note [note name]"],
        &[Slot("note name", "name for new note (to be created in the current folder)", &[])], 1),
    Command(("folder", "fd"), "create a folder", &["jt folder", "jt folder [folder name]"],
        &[Slot("folder name", "name for new folder (to be created in the current folder)", &[])], 1),
    Command(("enter", "en"), "enter a vault", &[], &[Slot("vault name", "name of the vault to enter", &[])], 1),
    Command(("open", "op"), "open a note (from the current folder)", &[], &[Slot("note name", "name of note to be opened", &[])], 1),
    Command(("opdir", "od"), "open current folder in file explorer", &[], &[], 0),
    Command(("chdir", "cd"), "change folder within current vault", &[],
        &[Slot("folder path", "path to folder to switch to (from current folder)", &[])], 1),
    Command(("list", "ls"), "list items in current folder", &[], &[Slot("item type", "", INNER_KINDS)], 0),
    Command(("remove", "rm"), "remove an item", &[],
        &[Slot("item type", "remove a vault (or vl) | note (or nt) | folder (or fd)", ALL_KINDS), Slot("name", "name of item to be removed", &[])], 2),
    Command(("rename", "rn"), "rename an item", &[],
        &[Slot("item type", "rename a vault (or vl) | note (or nt) | folder (or fd)", ALL_KINDS), Slot("name", "name of item to be renamed", &[]), Slot("new name", "new name of item", &[])], 3),
    Command(("move", "mv"), "move an item", &[],
        &[Slot("item type", "move a vault (or vl) | note (or nt) | folder (or fd)", ALL_KINDS), Slot("name", "name of item to be moved", &[]), Slot("new location", "path to new location of item (current folder as root in case of note or\nfolder)", &[])], 3),
    Command(("vmove", "vm"), "move notes and folders to a different vault", &[],
        &[Slot("item type", "move a note (or nt) | folder (or fd)", INNER_KINDS), Slot("name", "name of item to be moved", &[]), Slot("vault name", "name of vault to move the item to", &[])], 3),
    Command(("config", "cf"), "display, set or open config", &["jt config <config type>", "jt config <config type> [config value]"],
        &[Slot("config type", "name of config item to display or set", &["editor", "conflict"]), Slot("config value", "pass a value if config needs to be updated", &[])], 0),
    Command(("help", ""), "🆘 show this help message or help for given command", &[], &[], 0),
];

/// A valid command line.
pub struct Invocation {
    pub command: &'static str,
    pub values: Vec<String>,
    pub long_listing: bool,
}

/// A command line that leads to no command.
pub enum Stop {
    /// Text asked for, to be printed with success.
    Help(String),
    /// Text for stderr, with the usage exit code.
    Misuse(String),
}

const FOOTER: &str = "For more information try --help\n";

impl Command {
    fn has_long_listing(&self) -> bool {
        self.0.0 == "vault"
    }

    fn usage_lines(&self, binary: &str) -> String {
        if !self.2.is_empty() {
            return self.2.iter().map(|l| format!("    {l}\n")).collect();
        }
        let slots = self.3.iter().enumerate().map(|(at, s)| {
            if at < self.4 { format!(" <{}>", s.0) } else { format!(" [{}]", s.0) }
        });
        format!("    {binary} {}{}\n", self.0.0, slots.collect::<String>())
    }

    fn help(&self, binary: &str) -> String {
        let mut out = format!("{binary}-{} \n{}\n\nUSAGE:\n{}\n", self.0.0, self.1, self.usage_lines(binary));
        let width = self.3.iter().map(|s| s.0.len() + 2).max().unwrap_or(0);
        if !self.3.is_empty() {
            out += "ARGS:\n";
            for slot in self.3 {
                let about = slot.1.replace('\n', &format!("\n{}", " ".repeat(width + 8)));
                out += &format!("    {:width$}    {about}\n", format!("<{}>", slot.0));
            }
            out.push('\n');
        }
        out += "OPTIONS:\n";
        if self.has_long_listing() {
            out += "    -l            show vaults' location\n";
        }
        out + "    -h, --help    Print help information\n"
    }

    /// Check the value read last; done once the next word is known to be in place.
    fn check_last(&self, values: &[String]) -> Result<(), Stop> {
        let Some(value) = values.last() else { return Ok(()) };
        let Slot(label, _, choices) = &self.3[values.len() - 1];
        if choices.is_empty() || choices.contains(&value.as_str()) {
            return Ok(());
        }
        let choices = choices.join(", ");
        misuse(format!("error: \"{value}\" isn't a valid value for '<{label}>'\n\t[possible values: {choices}]\n\n{FOOTER}"))
    }

    fn parse(&'static self, binary: &str, words: &[String]) -> Result<Invocation, Stop> {
        let usage = self.usage_lines(binary);
        let (mut values, mut long_listing, mut only_values) = (Vec::<String>::new(), false, false);
        for word in words {
            if only_values || !word.starts_with('-') || word == "-" {
                if values.len() == self.3.len() {
                    return misuse(unexpected(word, false, &usage));
                }
                self.check_last(&values)?;
                values.push(word.clone());
            } else if word == "--" {
                only_values = true;
            } else if word.starts_with("--") && word != "--help" {
                return misuse(unexpected(word, true, &usage));
            } else {
                self.check_last(&values)?;
                for letter in word[1..].chars() {
                    match letter {
                        'h' | '-' => return Err(Stop::Help(self.help(binary))),
                        'l' if self.has_long_listing() => long_listing = true,
                        _ => return misuse(unexpected(&format!("-{letter}"), true, &usage)),
                    }
                }
            }
        }
        self.check_last(&values)?;
        // A vault's name is useless without its location.
        let needed = if self.has_long_listing() && values.len() == 1 { 2 } else { self.4 };
        if values.len() < needed {
            let missing: String = self.3[values.len()..needed].iter().map(|s| format!("    <{}>\n", s.0)).collect();
            return misuse(format!("error: The following required arguments were not provided:\n{missing}\nUSAGE:\n{usage}\n{FOOTER}"));
        }
        Ok(Invocation { command: self.0.0, values, long_listing })
    }
}

fn misuse<T>(text: String) -> Result<T, Stop> {
    Err(Stop::Misuse(text))
}

fn unexpected(word: &str, is_flag: bool, usage: &str) -> String {
    let hint = if is_flag { format!("\tIf you tried to supply `{word}` as a value rather than a flag, use `-- {word}`\n\n") } else { String::new() };
    format!("error: Found argument '{word}' which wasn't expected, or isn't valid in this context\n\n{hint}USAGE:\n{usage}\n{FOOTER}")
}

fn lookup(word: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|c| !word.is_empty() && (c.0.0 == word || c.0.1 == word))
}

/// Understand the words after the program's name.
pub fn parse(binary: &str, words: &[String]) -> Result<Invocation, Stop> {
    let usage = format!("    {binary} <SUBCOMMAND>\n");
    let unknown = |word: &str, usage: &str| misuse(format!("error: The subcommand '{word}' wasn't recognized\n\nUSAGE:\n{usage}\n{FOOTER}"));
    let Some(first) = words.first() else { return misuse(overview()) };
    if first == "--help" || first.starts_with("-h") {
        return Err(Stop::Help(overview()));
    }
    if first == "help" {
        let Some(topic) = words.get(1) else { return Err(Stop::Help(overview())) };
        let Some(command) = lookup(topic) else { return unknown(topic, &usage) };
        let usage = command.usage_lines(binary);
        return words.get(2).map_or_else(|| Err(Stop::Help(command.help(binary))), |extra| unknown(extra, &usage));
    }
    if let Some(command) = lookup(first) {
        return command.parse(binary, &words[1..]);
    }
    let shown = if first.starts_with('-') && !first.starts_with("--") { first.chars().take(2).collect() } else { first.clone() };
    misuse(unexpected(&shown, first.starts_with('-'), &usage))
}

/// The main help message; text between asterisks is shown in blue.
fn overview() -> String {
    let parts = include_str!("overview.txt").split('*').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { format!("\x1b[0;34m{part}\x1b[0m") } else { part.into() }).collect()
}
