//! Where old entries are read from and new ones are written to.

use crate::cli::Args;
use crate::config::Config;
use crate::error::{self, Error};
use std::fs;

pub struct Target {
    infile: Option<String>,
    outfile: Option<String>,
}

impl Target {
    /// The command line goes before the configuration; `changelog` serves as both files.
    pub fn choose(args: &Args, config: &Config) -> Target {
        let given = |name: &str| args.get(name).map(str::to_string);
        let pick = |name: &str, configured: &Option<String>| {
            let fallback = config.changelog.as_ref().or(configured.as_ref()).cloned();
            given(name).or(given("changelog")).or(fallback)
        };
        Target {
            infile: pick("infile", &config.infile),
            outfile: pick("outfile", &config.outfile),
        }
    }

    /// Writes the new entry followed by the old text.
    pub fn write(&self, entry: &str) -> Result<(), Error> {
        let mut text = entry.to_string();
        if let Some(file) = self.infile.as_ref().or(self.outfile.as_ref()) {
            text += "\n\n\n";
            text += &fs::read_to_string(file).unwrap_or_default();
        }
        match &self.outfile {
            Some(file) => fs::write(file, text).map_err(|_| error::IO),
            None => Ok(print!("{text}")),
        }
    }
}
