//! The errors a run can end with.

use std::fmt;
use std::io;

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug)]
pub enum Error {
    Io(io::Error),
    /// The configuration file is not what it should be.
    Config(String),
    /// A fallback program is not on the PATH.
    ProgramNotFound,
    Git(GitError),
}

/// A failed git operation: message, area, and the kind of failure where it has one.
#[derive(Debug)]
pub struct GitError {
    pub message: String,
    pub class: Class,
    pub code: Option<Code>,
}

#[derive(Debug, Clone, Copy)]
pub enum Class {
    Os = 2,
    Invalid = 3,
    Reference = 4,
    Repository = 6,
    Config = 7,
    Odb = 9,
    Index = 10,
    Net = 12,
    Checkout = 20,
}

#[derive(Debug, Clone, Copy)]
pub enum Code {
    NotFound = -3,
    BareRepo = -8,
    UnbornBranch = -9,
    NotFastForward = -11,
    InvalidSpec = -12,
    Conflict = -13,
    Locked = -14,
    Invalid = -21,
}

pub fn git(message: impl Into<String>, class: Class, code: Option<Code>) -> Error {
    Error::Git(GitError { message: message.into(), class, code })
}

/// The system's words for an I/O error, without Rust's "(os error N)".
pub fn os_text(err: &io::Error) -> String {
    let text = err.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    text.strip_prefix("failed to lookup address information: ").unwrap_or(text).to_string()
}

impl From<io::Error> for Error {
    fn from(err: io::Error) -> Self {
        Error::Io(err)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io(err) => err.fmt(f),
            Error::Config(message) => f.write_str(message),
            Error::ProgramNotFound => f.write_str("cannot find binary path"),
            Error::Git(err) => err.fmt(f),
        }
    }
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; class={:?} ({})", self.message, self.class, self.class as i32)?;
        match self.code {
            Some(code) => write!(f, "; code={:?} ({})", code, code as i32),
            None => Ok(()),
        }
    }
}
