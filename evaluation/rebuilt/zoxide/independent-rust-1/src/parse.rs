//! Turns the arguments into a command with its options.

use crate::failure::{Failure, Outcome};
use crate::spec::{load, Opt, Spec};

pub struct Parsed {
    pub command: &'static str,
    options: Vec<(String, String)>,
    pub positionals: Vec<String>,
}

impl Parsed {
    pub fn flag(&self, long: &str) -> bool {
        self.value(long).is_some()
    }

    pub fn value(&self, long: &str) -> Option<&str> {
        self.options.iter().find(|(name, _)| name == long).map(|(_, v)| v.as_str())
    }
}

pub fn parse(args: &[String]) -> Outcome<Parsed> {
    let root = load("").expect("the root help is always there");
    let Some(first) = args.first() else {
        return Err(Failure { text: root.help(), code: 2 });
    };
    if first.starts_with('-') {
        return Reader::new(&root, args).read();
    }
    match load(first).filter(|_| !first.is_empty()) {
        Some(spec) => Reader::new(&spec, &args[1..]).read(),
        None => complain(format!("unrecognized subcommand '{first}'"), None, Some(root.usage)),
    }
}

fn complain<T>(message: String, tip: Option<String>, usage: Option<String>) -> Outcome<T> {
    let tip = tip.map_or(String::new(), |t| format!("  tip: {t}\n\n"));
    let usage = usage.map_or(String::new(), |u| format!("Usage: {u}\n\n"));
    let text = format!("error: {message}\n\n{tip}{usage}For more information, try '--help'.\n");
    Err(Failure { text, code: 2 })
}

struct Reader<'a> {
    spec: &'a Spec,
    rest: std::iter::Peekable<std::slice::Iter<'a, String>>,
    parsed: Parsed,
}

impl<'a> Reader<'a> {
    fn new(spec: &'a Spec, args: &'a [String]) -> Self {
        let parsed = Parsed { command: spec.name, options: Vec::new(), positionals: Vec::new() };
        Reader { spec, rest: args.iter().peekable(), parsed }
    }

    fn read(mut self) -> Outcome<Parsed> {
        let mut only_positionals = false;
        while let Some(arg) = self.rest.next() {
            if only_positionals {
                self.positional(arg)?;
            } else if arg == "--" {
                only_positionals = true;
            } else {
                self.argument(arg)?;
            }
        }
        self.check_conflict()?;
        self.check_required()?;
        Ok(self.parsed)
    }

    fn argument(&mut self, arg: &str) -> Outcome<()> {
        if let Some(long) = arg.strip_prefix("--") {
            let (name, value) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v)));
            match self.spec.opts.iter().find(|o| o.long == name) {
                Some(opt) => self.option(opt, value),
                None => self.unexpected(&format!("--{name}"), self.usage_so_far()),
            }
        } else if arg.len() > 1 && arg.starts_with('-') {
            self.cluster(&arg[1..])
        } else {
            self.positional(arg)
        }
    }

    fn unexpected(&self, arg: &str, usage: String) -> Outcome<()> {
        let takes_any = !self.spec.positional.is_empty();
        let tip = takes_any.then(|| format!("to pass '{arg}' as a value, use '-- {arg}'"));
        complain(format!("unexpected argument '{arg}' found"), tip, Some(usage))
    }

    /// The general usage, or once something was given, the one made of just that.
    fn usage_so_far(&self) -> String {
        let unused = self.parsed.options.is_empty() && self.parsed.positionals.is_empty();
        if unused { self.spec.usage.clone() } else { self.narrow_usage("") }
    }

    fn narrow_usage(&self, without: &str) -> String {
        let mut words: Vec<&str> = self.spec.usage.split(' ').take(2).collect();
        words.extend(self.spec.opts.iter().filter(|o| o.required).map(|o| o.shown.as_str()));
        let used = self.parsed.options.iter().filter(|(name, _)| name != without);
        let used = used.filter_map(|(name, _)| self.spec.opts.iter().find(|o| o.long == *name));
        words.extend(used.filter(|o| !o.required).map(|o| o.shown.as_str()));
        let given = self.spec.positional.replace('[', "<").replace(']', ">");
        let unused = self.parsed.positionals.is_empty();
        words.push(if unused { &self.spec.positional } else { &given });
        words.join(" ")
    }

    fn cluster(&mut self, letters: &str) -> Outcome<()> {
        for (i, c) in letters.char_indices() {
            let Some(opt) = self.spec.opts.iter().find(|o| o.short == Some(c)) else {
                return self.unexpected(&format!("-{c}"), self.spec.usage.clone());
            };
            let tail = &letters[i + 1..];
            if opt.takes_value && !tail.is_empty() {
                return self.option(opt, Some(tail.strip_prefix('=').unwrap_or(tail)));
            }
            self.option(opt, None)?;
        }
        Ok(())
    }

    fn option(&mut self, opt: &Opt, inline: Option<&str>) -> Outcome<()> {
        match opt.long.as_str() {
            "help" => return Err(Failure { text: self.spec.help(), code: 0 }),
            "version" => return Err(Failure { text: self.spec.version(), code: 0 }),
            _ => {}
        }
        let value = match inline {
            Some(value) => value.to_string(),
            None if opt.takes_value => self.next_value(opt)?,
            None => String::new(),
        };
        check_value(&opt.shown, &value, &opt.choices)?;
        if self.parsed.flag(&opt.long) {
            let message = format!("the argument '{}' cannot be used multiple times", opt.shown);
            return complain(message, None, Some(self.spec.usage.clone()));
        }
        self.parsed.options.push((opt.long.clone(), value));
        Ok(())
    }

    fn next_value(&mut self, opt: &Opt) -> Outcome<String> {
        if let Some(next) = self.rest.peek().copied() {
            if next.len() < 2 || !next.starts_with('-') {
                self.rest.next();
                return Ok(next.clone());
            }
            // An unknown option is worth a more precise complaint.
            self.argument(next)?;
        }
        let message = format!("a value is required for '{}' but none was supplied", opt.shown);
        complain(message + &possible(&opt.choices), None, None)
    }

    fn positional(&mut self, word: &str) -> Outcome<()> {
        let shown = &self.spec.positional;
        if shown.is_empty() || !shown.ends_with("...") && !self.parsed.positionals.is_empty() {
            return complain(format!("unexpected argument '{word}' found"), None, Some(self.spec.usage.clone()));
        }
        if word.is_empty() && self.spec.name != "query" {
            return complain(format!("a value is required for '{shown}' but none was supplied"), None, None);
        }
        check_value(shown, word, &self.spec.choices)?;
        self.parsed.positionals.push(word.to_string());
        Ok(())
    }

    fn check_conflict(&self) -> Outcome<()> {
        let place = |mode| self.parsed.options.iter().position(|(name, _)| name == mode);
        let (Some(i), Some(l)) = (place("interactive"), place("list")) else { return Ok(()) };
        let (first, second) = if i < l { ("interactive", "list") } else { ("list", "interactive") };
        let message = format!("the argument '--{first}' cannot be used with '--{second}'");
        complain(message, None, Some(self.narrow_usage(second)))
    }

    fn check_required(&self) -> Outcome<()> {
        let options = self.spec.opts.iter().filter(|o| o.required && !self.parsed.flag(&o.long));
        let mut missing: Vec<&str> = options.map(|o| o.shown.as_str()).collect();
        if self.spec.positional.starts_with('<') && self.parsed.positionals.is_empty() {
            missing.push(&self.spec.positional);
        }
        if missing.is_empty() {
            return Ok(());
        }
        let message = format!("the following required arguments were not provided:\n  {}", missing.join("\n  "));
        complain(message, None, Some(self.narrow_usage("")))
    }
}

fn possible(choices: &[String]) -> String {
    if choices.is_empty() { String::new() } else { format!("\n  [possible values: {}]", choices.join(", ")) }
}

fn check_value(shown: &str, value: &str, choices: &[String]) -> Outcome<()> {
    if !choices.is_empty() && !choices.iter().any(|c| c == value) {
        return complain(format!("invalid value '{value}' for '{shown}'{}", possible(choices)), None, None);
    }
    match value.parse::<f64>() {
        Err(e) if shown.ends_with("<SCORE>") => {
            complain(format!("invalid value '{value}' for '{shown}': {e}"), None, None)
        }
        _ => Ok(()),
    }
}
