//! The command line: what it asks for, and the messages about wrong ones.

/// One option: short letter, long name, value name.
struct Opt(Option<char>, &'static str, Option<&'static str>);

static OPTIONS: [Opt; 8] = [
    Opt(Some('o'), "output", Some("OUTPUT_FILE_PATH")), Opt(Some('n'), "no-color", None), Opt(Some('r'), "repl", None),
    Opt(None, "generate-completions", Some("completions")), Opt(Some('t'), "test", Some("test")),
    Opt(Some('f'), "test-file", Some("test-file")), Opt(Some('h'), "help", None), Opt(Some('V'), "version", None),
];

/// Pairs of arguments that exclude each other ("" is the input file).
const CONFLICTS: [(&str, &str); 10] = [
    ("generate-completions", "output"), ("generate-completions", "repl"), ("generate-completions", ""),
    ("test", "generate-completions"), ("test", "repl"), ("test", "output"),
    ("test-file", "generate-completions"), ("test-file", "repl"), ("test-file", "output"), ("test-file", "test"),
];

/// What `--help` prints after the usage line.
pub const HELP: &str = "
Arguments:
  [INPUT_FILE_PATH]  Read from a file
                     Use '-' and or pipe input to read from stdin

Options:
  -o, --output <OUTPUT_FILE_PATH>           Write to a file
  -n, --no-color                            Print output with no color
  -r, --repl                                Start the Melody REPL
      --generate-completions <completions>  Outputs completions for the selected shell
                                            To use, write the output to the appropriate location for your shell
  -t, --test <test>                         Test the compiled regex against a string
  -f, --test-file <test-file>               Test the compiled regex against the contents of a file
  -h, --help                                Print help
  -V, --version                             Print version
";

/// The arguments given, in order: long name ("" for the input file) and value.
pub struct Args { given: Vec<(&'static str, String)> }

/// What to do about a valid command line.
pub enum Request { Run(Args), Help, Version }

impl Args {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.given.iter().find(|(given, _)| *given == name).map(|(_, value)| value.as_str())
    }
    pub fn has(&self, name: &str) -> bool { self.get(name).is_some() }
}

/// An argument as messages show it.
fn shown(name: &str) -> String {
    match OPTIONS.iter().find(|option| option.1 == name) {
        Some(Opt(_, long, Some(value))) => format!("--{long} <{value}>"),
        Some(Opt(_, long, None)) => format!("--{long}"),
        None => "[INPUT_FILE_PATH]".into(),
    }
}

/// Reads the words of a command line for the program called `base`.
pub fn parse(base: &str, words: &[String]) -> Result<Request, String> {
    let usage = format!("Usage: {base} [OPTIONS] [INPUT_FILE_PATH]");
    let unknown = |word: &str| format!("unexpected argument '{word}' found\n\n  tip: to pass '{word}' as a value, use '-- {word}'\n\n{usage}");
    let mut args = Args { given: Vec::new() };
    let mut only_values = false;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if only_values || word == "-" || !word.starts_with('-') {
            if args.has("") { return Err(format!("unexpected argument '{word}' found\n\n{usage}")); }
            args.given.push(("", word.clone()));
            continue;
        }
        if word == "--" { only_values = true; continue; }
        // The options this word holds; text attached to the last one is its value.
        let mut found: Vec<(&Opt, Option<&str>)> = Vec::new();
        if let Some(long) = word.strip_prefix("--") {
            let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
            let option = OPTIONS.iter().find(|option| option.1 == name);
            found.push((option.ok_or_else(|| unknown(&format!("--{name}")))?, value));
        } else {
            for (at, letter) in word.char_indices().skip(1) {
                let option = OPTIONS.iter().find(|option| option.0 == Some(letter));
                let option = option.ok_or_else(|| unknown(&format!("-{letter}")))?;
                let rest = &word[at + letter.len_utf8()..];
                let value = (option.2.is_some() && !rest.is_empty()).then(|| rest.strip_prefix('=').unwrap_or(rest));
                found.push((option, value));
                if value.is_some() { break; }
            }
        }
        for (Opt(_, long, value_name), attached) in found {
            let shown = shown(long);
            if args.has(long) { return Err(format!("the argument '{shown}' cannot be used multiple times\n\n{usage}")); }
            let value = match (value_name, attached) {
                (None, Some(value)) => {
                    return Err(format!("unexpected value '{value}' for '{shown}' found; no more were expected\n\nUsage: {base} {shown} [INPUT_FILE_PATH]"));
                }
                (_, Some(value)) => value,
                (None, None) => "",
                (Some(_), None) => words.next().filter(|word| *word == "-" || !word.starts_with('-'))
                    .ok_or_else(|| format!("a value is required for '{shown}' but none was supplied"))?,
            };
            match *long {
                "help" => return Ok(Request::Help),
                "version" => return Ok(Request::Version),
                long => args.given.push((long, value.to_string())),
            }
        }
    }
    check_conflicts(base, &args)?;
    Ok(Request::Run(args))
}

fn check_conflicts(base: &str, args: &Args) -> Result<(), String> {
    let clash = |a: &str, b: &str| CONFLICTS.contains(&(a, b)) || CONFLICTS.contains(&(b, a));
    for (first, _) in &args.given {
        let Some((second, _)) = args.given.iter().find(|(other, _)| clash(first, other)) else { continue };
        let compatible = args.given.iter().filter(|(name, _)| !name.is_empty() && !clash(first, name));
        let options: String = compatible.map(|(name, _)| format!(" {}", shown(name))).collect();
        let input = if args.has("") && !clash(first, "") { "<INPUT_FILE_PATH>" } else { "[INPUT_FILE_PATH]" };
        return Err(format!("the argument '{}' cannot be used with '{}'\n\nUsage: {base}{options} {input}", shown(first), shown(second)));
    }
    Ok(())
}
