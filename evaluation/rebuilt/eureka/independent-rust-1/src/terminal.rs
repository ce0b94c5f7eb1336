//! Questions and messages to the user. These are coloured whatever the output is.

use crate::error::Result;
use crate::style::{BOLD, GREEN, RED, RESET, YELLOW};
use std::io::{self, Write};

const BANNER: &str = "\
############################################################
####                  First Time Setup                  ####
############################################################

This tool requires you to have a repository with a README.md
in the root folder. The markdown file is where your ideas
will be stored.

Once first time setup has completed, simply run Eureka again
to begin writing down ideas.
        
";

pub struct Terminal {
    out: io::Stdout,
}

impl Terminal {
    pub fn new() -> Self {
        Terminal { out: io::stdout() }
    }

    pub fn banner(&mut self) -> Result<()> {
        self.coloured(&[YELLOW], BANNER)
    }

    pub fn complaint(&mut self, text: &str) -> Result<()> {
        self.coloured(&[RED], &format!("{text}\n"))
    }

    pub fn line(&mut self, text: &str) -> Result<()> {
        Ok(writeln!(self.out, "{text}")?)
    }

    /// Asks until there is an answer that is not blank.
    pub fn ask(&mut self, question: &str) -> Result<String> {
        loop {
            self.coloured(&[BOLD, GREEN], &format!("{question}\n"))?;
            write!(self.out, "> ")?;
            self.out.flush()?;
            let mut answer = String::new();
            io::stdin().read_line(&mut answer)?;
            let answer = answer.trim();
            if !answer.is_empty() {
                return Ok(answer.to_string());
            }
        }
    }

    fn coloured(&mut self, codes: &[&str], text: &str) -> Result<()> {
        write!(self.out, "{RESET}{}{text}{RESET}", codes.concat())?;
        Ok(self.out.flush()?)
    }
}
