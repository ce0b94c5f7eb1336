//! The two kinds of failure a run can end with.

use std::fmt;
use std::io;

pub enum Error {
    /// A malformed command line: printed as is, exit code 2.
    Usage(String),
    /// A failure while running: outermost message first, exit code 1.
    Failure(Vec<String>),
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn failure(message: impl Into<String>) -> Self {
        Error::Failure(vec![message.into()])
    }

    /// Puts a more general message in front of the chain of causes.
    pub fn context(self, message: String) -> Self {
        match self {
            Error::Failure(mut chain) => {
                chain.insert(0, message);
                Error::Failure(chain)
            }
            usage => usage,
        }
    }

    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Usage(_) => 2,
            Error::Failure(_) => 1,
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Error::failure(error.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Usage(text) => write!(f, "error: {text}\n\nFor more information, try '--help'."),
            Error::Failure(chain) => write_chain(f, chain),
        }
    }
}

fn write_chain(f: &mut fmt::Formatter<'_>, chain: &[String]) -> fmt::Result {
    let (first, causes) = chain.split_first().expect("a failure has a message");
    write!(f, "Error: {first}")?;
    match causes {
        [] => Ok(()),
        [only] => write!(f, "\n\nCaused by:\n    {only}"),
        many => {
            write!(f, "\n\nCaused by:")?;
            many.iter().enumerate().try_for_each(|(i, cause)| write!(f, "\n    {i}: {cause}"))
        }
    }
}
