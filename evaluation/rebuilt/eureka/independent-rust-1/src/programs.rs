//! The user's editor and pager.

use crate::error::{Error, Result};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

pub fn open_editor(file: &str) -> Result<()> {
    open("EDITOR", "vi", file)
}

pub fn open_pager(file: &str) -> Result<()> {
    open("PAGER", "less", file)
}

/// Runs the program with the file as its one argument; how it exits does not matter.
fn open(variable: &str, fallback: &str, file: &str) -> Result<()> {
    let program = choose(variable, fallback)?;
    fs::metadata(file)?;
    Command::new(program).arg(file).status()?;
    Ok(())
}

fn choose(variable: &str, fallback: &str) -> Result<OsString> {
    match env::var(variable) {
        Ok(program) => Ok(program.into()),
        Err(_) => find_on_path(fallback).map(PathBuf::into_os_string).ok_or(Error::ProgramNotFound),
    }
}

fn find_on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(name)).find(|file| is_executable(file))
}

fn is_executable(file: &Path) -> bool {
    fs::metadata(file).map_or(false, |meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
