//! The file or standard input, and how to skip in it.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use crate::count::Offset;
use crate::error::{Error, Result};

pub enum Input {
    File(File),
    Stdin,
}

impl Input {
    pub fn open(file: Option<&OsStr>) -> Result<Self> {
        let Some(name) = file else {
            return Ok(Input::Stdin);
        };
        if Path::new(name).is_dir() {
            let name = name.to_string_lossy();
            return Err(Error::failure(format!("'{name}' is a directory.")));
        }
        Ok(Input::File(File::open(name)?))
    }

    /// Moves to the offset and returns the position reached.
    pub fn skip(&mut self, offset: Offset) -> Result<u64> {
        self.try_skip(offset).map_err(|_| {
            Error::failure(
                "Failed to jump to the desired input position. This could be caused by a negative \
                 offset that is too large or by an input that is not seek-able (e.g. if the input \
                 comes from a pipe).",
            )
        })
    }

    fn try_skip(&mut self, offset: Offset) -> io::Result<u64> {
        match (self, offset) {
            (Input::File(file), Offset::FromStart(count)) => file.seek(SeekFrom::Start(count)),
            (Input::File(file), Offset::FromEnd(count)) => file.seek(SeekFrom::End(-(count as i64))),
            (Input::Stdin, Offset::FromStart(count)) => {
                io::copy(&mut io::stdin().lock().take(count), &mut io::sink())?;
                Ok(count)
            }
            (Input::Stdin, Offset::FromEnd(_)) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    pub fn into_reader(self) -> Box<dyn Read> {
        match self {
            Input::File(file) => Box::new(BufReader::with_capacity(1 << 16, file)),
            Input::Stdin => Box::new(io::stdin().lock()),
        }
    }
}
