//! Command line reading, help and usage errors.

const POINTER: &str = "For more information, try '--help'.";
const USAGE: &str = "[OPTIONS] [Source files]...";
const SHORT_INTRO: &str = "A command-line tool to prevent committing secret keys into your source code";
const LONG_INTRO: &str = "ripsecrets searches files and directories recursively for secret API keys.
It's primarily designed to be used as a pre-commit to prevent committing
secrets into version control.";
const SOURCES_HELP: &str = "Source files. Can be files or directories. Defaults to '.'";
const OPTION_HELP: [(&str, &str); 4] = [
    ("--install-pre-commit", "Install `ripsecrets` as a pre-commit hook automatically in git directory provided"),
    ("--strict-ignore", "If you pass a path as an argument that's ignored by .secretsignore it will be scanned by default. --strict-ignore will override this behavior and not search the paths passed as arguments that are excluded by the .secretsignore file. This is useful when invoking secrets as a pre-commit"),
    ("--only-matching", "Print only the matched (non-empty) parts of a matching line, with each such part on a separate output line"),
    ("--additional-pattern <ADDITIONAL_PATTERNS>", "Additional regex patterns used to find secrets. If there is a matching group in the regex the matched group will be tested for randomness before being reported as a secret"),
];

#[derive(Default)]
pub struct Options {
    pub install_hook: bool,
    pub strict_ignore: bool,
    pub only_matching: bool,
    pub extra_patterns: Vec<String>,
    pub sources: Vec<String>,
    pub answer: Option<String>,
}

pub fn read(program: &str, args: &[String]) -> Result<Options, String> {
    let mut options = Options::default();
    let mut rest = args.iter();
    while let (None, Some(arg)) = (&options.answer, rest.next()) {
        match arg.as_str() {
            "-h" => options.answer = Some(help(program, false)),
            "--help" => options.answer = Some(help(program, true)),
            "-V" | "--version" => options.answer = Some("ripsecrets 0.1.11\n".to_string()),
            "--" => options.sources.extend(rest.by_ref().cloned()),
            "--install-pre-commit" => options.install_hook = true,
            "--strict-ignore" => options.strict_ignore = true,
            "--only-matching" => options.only_matching = true,
            "--additional-pattern" => options.extra_patterns.push(pattern_value(rest.next(), program)?),
            _ if arg.starts_with("--additional-pattern=") => options.extra_patterns.push(arg[21..].to_string()),
            _ if arg.len() > 1 && arg.starts_with('-') => return Err(unexpected(arg, program)),
            _ => options.sources.push(arg.clone()),
        }
    }
    if options.sources.is_empty() {
        options.sources.push(".".to_string());
    }
    Ok(options)
}

fn pattern_value(value: Option<&String>, program: &str) -> Result<String, String> {
    match value {
        Some(v) if !v.starts_with('-') => Ok(v.clone()),
        Some(v) if !OPTION_HELP.iter().any(|(name, _)| name.starts_with(v.as_str())) => Err(unexpected(v, program)),
        _ => Err(format!("error: a value is required for '{}' but none was supplied\n\n{}", OPTION_HELP[3].0, POINTER)),
    }
}

fn unexpected(arg: &str, program: &str) -> String {
    let name = arg.split('=').next().unwrap_or(arg);
        format!("error: unexpected argument '{name}' found\n\n  tip: to pass '{name}' as a value, use '-- {name}'\n\nUsage: {program} {USAGE}\n\n{POINTER}")
}

fn help(program: &str, long: bool) -> String {
    let (intro, gap) = if long { (LONG_INTRO, "\n          ") } else { (SHORT_INTRO, "  ") };
    let mut text = format!("{intro}\n\nUsage: {program} {USAGE}\n\nArguments:\n  [Source files]...{gap}{SOURCES_HELP}\n\nOptions:\n");
    for (name, about) in OPTION_HELP {
        text += &format!("      {}\n          {}\n{}", name, about, if long { "\n" } else { "" });
    }
    let tail = if long { "Print help (see a summary with '-h')\n" } else { "Print help (see more with '--help')" };
    text + &format!("  -h, --help\n          {}\n  -V, --version\n          Print version\n", tail)
}
