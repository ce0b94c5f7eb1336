//! How a command ends without success: a finished text and an exit code.

use std::fmt::Display;

pub struct Failure {
    pub text: String,
    pub code: i32,
}

pub type Outcome<T> = Result<T, Failure>;

pub fn fail<T>(message: impl Display) -> Outcome<T> {
    Err(Failure { text: format!("zoxide: {message}\n"), code: 1 })
}

/// Puts a description in front of whatever went wrong.
pub trait Describe<T> {
    fn describe(self, text: impl FnOnce() -> String) -> Outcome<T>;
}

impl<T, E: Display> Describe<T> for Result<T, E> {
    fn describe(self, text: impl FnOnce() -> String) -> Outcome<T> {
        self.or_else(|e| fail(format!("{}\n\nCaused by:\n    {e}", text())))
    }
}
