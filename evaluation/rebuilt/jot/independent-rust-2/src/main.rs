//! Note management in the terminal: vaults are directories, notes are markdown files.

mod cli;
mod ops;
mod store;
mod tree;

use std::io;

/// Everything that can go wrong once the command line has been understood.
pub enum Fault {
    /// The request can't be carried out; told to the user, not a failure of the program.
    User(String),
    /// The system refused in a way no message was prepared for.
    Io(io::Error),
    /// State that cannot be used: ends the program with a failure code.
    Fatal(String),
}

/// A user fault as the error of any result.
pub fn refuse<T>(message: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::User(message.into()))
}

/// Turn an I/O error into a user fault with this message when its cause is an absent path.
pub fn if_absent(message: impl Into<String>) -> impl FnOnce(io::Error) -> Fault {
    move |e| if e.kind() == io::ErrorKind::NotFound { Fault::User(message.into()) } else { Fault::Io(e) }
}

fn main() {
    let mut words = std::env::args();
    let called = std::path::PathBuf::from(words.next().unwrap_or_default());
    let binary = called.file_name().map_or("jt".into(), |n| n.to_string_lossy().into_owned());
    let invocation = match cli::parse(&binary, &words.collect::<Vec<_>>()) {
        Ok(invocation) => invocation,
        Err(cli::Stop::Help(text)) => return print!("{text}"),
        Err(cli::Stop::Misuse(text)) => {
            eprint!("{text}");
            std::process::exit(2);
        }
    };
    match ops::run(&invocation) {
        Ok(text) => print!("{text}"),
        Err(Fault::User(message)) => println!("\x1b[0;31merror\x1b[0m: {message}"),
        Err(Fault::Io(e)) => println!("\x1b[0;31merror\x1b[0m: undefined error: {e}"),
        Err(Fault::Fatal(message)) => {
            eprintln!("fatal: {message}");
            std::process::exit(101);
        }
    }
}
