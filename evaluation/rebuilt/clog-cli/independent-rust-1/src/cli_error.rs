//! Messages for command lines that cannot be understood.

use crate::cli::Opt;

pub enum Problem {
    Unexpected(String),
    UnexpectedValue(&'static Opt, String),
    MissingValue(&'static Opt),
    InvalidValue(&'static Opt, String),
    Repeated(&'static Opt),
    Conflict { option: &'static Opt, clashing: Vec<&'static Opt>, used: Vec<&'static Opt> },
}

impl Problem {
    pub fn render(&self, program: &str) -> String {
        let usage = match self {
            Problem::Unexpected(_) | Problem::Repeated(_) => "[OPTIONS]".to_string(),
            Problem::UnexpectedValue(option, _) => display(option),
            Problem::Conflict { used, .. } => {
                used.iter().map(|o| display(o)).collect::<Vec<_>>().join(" ")
            }
            _ => String::new(),
        };
        let usage = match usage.as_str() {
            "" => String::new(),
            usage => format!("\nUsage: {program} {usage}\n"),
        };
        format!("error: {}\n{usage}\nFor more information, try '--help'.\n", self.message())
    }

    fn message(&self) -> String {
        match self {
            Problem::Unexpected(word) => format!("unexpected argument '{word}' found"),
            Problem::UnexpectedValue(o, value) => {
                format!("unexpected value '{value}' for '--{}' found; no more were expected", o.long)
            }
            Problem::MissingValue(o) => {
                format!("a value is required for '{}' but none was supplied{}", display(o), choices(o))
            }
            Problem::InvalidValue(o, value) => {
                format!("invalid value '{value}' for '{}'{}", display(o), choices(o))
            }
            Problem::Repeated(o) => format!("the argument '{}' cannot be used multiple times", display(o)),
            Problem::Conflict { option, clashing, .. } => {
                let start = format!("the argument '{}' cannot be used with", display(option));
                match clashing.as_slice() {
                    [one] => format!("{start} '{}'", display(one)),
                    many => many.iter().fold(start + ":", |text, o| text + "\n  " + &display(o)),
                }
            }
        }
    }
}

/// How an option is named in messages, e.g. `--from <COMMIT>`.
fn display(option: &Opt) -> String {
    match option.value {
        "" => format!("--{}", option.long),
        value => format!("--{} <{value}>", option.long),
    }
}

fn choices(option: &Opt) -> String {
    match option.choices {
        [] => String::new(),
        list => format!("\n  [possible values: {}]", list.join(", ")),
    }
}
