//! The command line. The help texts are the specification: options and operands are read from them.
use std::ffi::OsString;

const MAIN_HELP: &str = include_str!("help/main.txt");
const COMMANDS: [(&str, &str); 3] = [
    ("regex", include_str!("help/regex.txt")),
    ("from-file", include_str!("help/from-file.txt")),
    ("to-ascii", include_str!("help/to-ascii.txt")),
];
const RIVALS: [(&str, &str); 2] = [("--dry-run", "--force"), ("--dump", "--no-dump")];

/// An option as the help describes it, names with their dashes; `value` is empty for a flag.
#[derive(Clone)]
struct Opt { short: &'static str, long: &'static str, value: &'static str, choices: Vec<&'static str> }

impl Opt {
    fn shown(&self) -> String { format!("{} {}", self.long, self.value).trim_end().to_string() }
    fn choice_list(&self) -> String {
        if self.choices.is_empty() { String::new() } else { format!("\n  [possible values: {}]", self.choices.join(", ")) }
    }
    fn check_value(&self, value: &str) -> Result<(), Stop> {
        let what = format!("invalid value '{value}' for '{}'", self.shown());
        if !self.choices.is_empty() && !self.choices.contains(&value) { return Err(complain(what + &self.choice_list(), None)) }
        match value.parse::<usize>() {
            Err(cause) if ["<LIMIT>", "<LEVEL>"].contains(&self.value) => Err(complain(format!("{what}: {cause}"), None)),
            _ => Ok(()),
        }
    }
}

/// A command with what it accepts.
struct Spec { program: String, name: &'static str, help: &'static str, opts: Vec<Opt>, operands: Vec<&'static str> }

/// The understood command line.
pub struct Request { pub command: &'static str, given: Vec<(Opt, String)>, pub operands: Vec<String> }

impl Request {
    pub fn has(&self, long: &str) -> bool { self.value(long).is_some() }
    pub fn value(&self, long: &str) -> Option<&str> {
        self.given.iter().find(|(opt, _)| opt.long[2..] == *long).map(|(_, value)| value.as_str())
    }
}

/// A text to print instead of running, and the exit code that goes with it.
pub struct Stop { pub text: String, pub code: u8 }

fn complain(message: String, usage: Option<String>) -> Stop {
    let usage = usage.map_or(String::new(), |usage| format!("\nUsage: {usage}\n"));
    Stop { text: format!("error: {message}\n{usage}\nFor more information, try '--help'.\n"), code: 2 }
}

impl Spec {
    fn new(program: &str, name: &'static str, help: &'static str) -> Spec {
        let (mut opts, mut operands): (Vec<Opt>, Vec<&str>) = Default::default();
        for line in help.lines().map(str::trim_start) {
            if line.starts_with('<') { operands.push(line.split("  ").next().unwrap_or_default()) }
            if let Some(at) = line.find("--").filter(|_| line.starts_with('-')) {
                let (long, rest) = line[at..].split_once(' ').unwrap_or((&line[at..], ""));
                let value = if rest.starts_with('<') { rest.split("  ").next().unwrap_or_default() } else { "" };
                opts.push(Opt { short: line[..at].trim_end_matches(", "), long, value, choices: Vec::new() });
            }
            if let (Some((_, listed)), Some(opt)) = (line.split_once("[possible values: "), opts.last_mut()) {
                opt.choices = listed.trim_end_matches(']').split(", ").collect();
            }
        }
        Spec { program: program.to_string(), name, help, opts, operands }
    }
    fn help(&self, code: u8) -> Stop { Stop { text: self.help.replace("{program}", &self.program), code } }
    /// The usage line that names the `used` options, or all of them in general.
    fn usage(&self, used: &[&Opt]) -> Option<String> {
        let options = used.iter().map(|opt| opt.shown()).collect::<Vec<_>>().join(" ");
        let options = if used.is_empty() { "[OPTIONS]" } else { &options };
        Some(format!("{} {} {options} {}", self.program, self.name, self.operands.join(" ")))
    }
    fn unexpected(&self, arg: &str) -> Stop {
        let tip = if arg.starts_with('-') { format!("\n\n  tip: to pass '{arg}' as a value, use '-- {arg}'") } else { String::new() };
        complain(format!("unexpected argument '{arg}' found{tip}"), self.usage(&[]))
    }
    /// Splits the arguments into options and operands.
    fn parse(&self, args: Vec<String>) -> Result<Request, Stop> {
        if args.is_empty() { return Err(self.help(2)) }
        let mut request = Request { command: self.name, given: Vec::new(), operands: Vec::new() };
        let (mut args, mut only_operands) = (args.into_iter().peekable(), false);
        while let Some(arg) = args.next() {
            if only_operands || !arg.starts_with('-') || arg == "-" {
                if request.operands.len() == self.operands.len() && !self.operands.join(" ").ends_with("...") {
                    return Err(self.unexpected(&arg));
                }
                request.operands.push(arg);
                continue;
            }
            if arg == "--" { only_operands = true; continue }
            let (names, mut inline): (Vec<String>, Option<String>) = match arg.split_once('=') {
                _ if !arg.starts_with("--") => (arg.chars().skip(1).map(|c| format!("-{c}")).collect(), None),
                Some((name, value)) => (vec![name.to_string()], Some(value.to_string())),
                None => (vec![arg], None),
            };
            let mut names = names.into_iter();
            while let Some(name) = names.next() {
                let found = self.opts.iter().find(|opt| opt.short == name || opt.long == name);
                let opt = found.ok_or_else(|| self.unexpected(&name))?;
                if opt.long == "--help" { return Err(self.help(0)) }
                let mut value = String::new();
                if !opt.value.is_empty() {
                    let cluster = Some(names.by_ref().map(|name| name[1..].to_string()).collect::<String>()).filter(|rest| !rest.is_empty());
                    let given = inline.take().or(cluster).or_else(|| args.next_if(|next| !next.starts_with('-') || next == "-"));
                    let missing = || complain(format!("a value is required for '{}' but none was supplied{}", opt.shown(), opt.choice_list()), None);
                    value = given.ok_or_else(missing)?;
                }
                if let Some(extra) = inline.take() {
                    let message = format!("unexpected value '{extra}' for '{}' found; no more were expected", opt.shown());
                    return Err(complain(message, self.usage(&[opt])));
                }
                opt.check_value(&value)?;
                let repeated = || complain(format!("the argument '{}' cannot be used multiple times", opt.shown()), self.usage(&[]));
                if request.has(&opt.long[2..]) { return Err(repeated()) }
                request.given.push((opt.clone(), value));
            }
        }
        self.check(request)
    }
    /// Refuses options that exclude each other, and reports what is missing.
    fn check(&self, request: Request) -> Result<Request, Stop> {
        let mut used: Vec<&Opt> = request.given.iter().map(|(opt, _)| opt).collect();
        for (i, first) in used.iter().enumerate() {
            let rival = |other: &&&Opt| RIVALS.contains(&(first.long, other.long)) || RIVALS.contains(&(other.long, first.long));
            let Some(other) = used[i..].iter().find(rival) else { continue };
            return Err(complain(format!("the argument '{}' cannot be used with '{}'", first.shown(), other.shown()), self.usage(&[first])));
        }
        let mut missing = Vec::new();
        if request.has("max-depth") && !request.has("recursive") {
            let recursive = self.opts.iter().find(|opt| opt.long == "--recursive");
            used.splice(0..0, recursive);
            missing.push("--recursive");
        }
        missing.extend(self.operands.iter().skip(request.operands.len()));
        if missing.is_empty() { return Ok(request) }
        let usage = self.usage(&used).map(|usage| usage.replace("[OPTIONS] ", ""));
        Err(complain(format!("the following required arguments were not provided:\n  {}", missing.join("\n  ")), usage))
    }
}

/// Reads the whole command line, the program's own name being first.
pub fn read(args: Vec<OsString>) -> Result<Request, Stop> {
    let mut args = args.into_iter();
    let path = args.next().unwrap_or_default();
    let program = std::path::Path::new(&path).file_name().unwrap_or_default().to_string_lossy();
    let main_help = |code| Stop { text: MAIN_HELP.replace("{program}", &program), code };
    let usage = Some(format!("{program} <COMMAND>"));
    let first = args.next().map(|first| first.to_string_lossy().into_owned());
    let find = |wanted: &str| {
        if let Some((name, help)) = COMMANDS.iter().find(|(name, _)| *name == wanted) { return Ok(Spec::new(&program, name, help)) }
        Err(complain(format!("unrecognized subcommand '{wanted}'"), usage.clone()))
    };
    match first.as_deref() {
        None => Err(main_help(2)),
        Some("-h" | "--help") => Err(main_help(0)),
        Some("-V" | "--version") => Err(Stop { text: "rnr 0.5.1\n".to_string(), code: 0 }),
        Some("help") => Err(match args.next() { Some(topic) => find(&topic.to_string_lossy())?.help(0), None => main_help(0) }),
        Some(flag) if flag.starts_with('-') => Err(complain(format!("unexpected argument '{flag}' found"), usage)),
        Some(name) => {
            let spec = find(name)?;
            let args: Result<Vec<String>, OsString> = args.map(OsString::into_string).collect();
            spec.parse(args.map_err(|_| complain("invalid UTF-8 was detected in one or more arguments".to_string(), spec.usage(&[])))?)
        }
    }
}
