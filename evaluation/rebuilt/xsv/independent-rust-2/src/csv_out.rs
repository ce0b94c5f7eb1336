//! Writing of CSV records.

use crate::csv_in::Source;
use crate::Outcome;
use std::io::{BufWriter, Error, ErrorKind, Write};

pub struct Writer {
    sink: BufWriter<Box<dyn Write>>,
    pub delimiter: u8,
    pub terminator: &'static [u8],
    pub quote: u8,
    pub escape: u8,
    pub always_quote: bool,
    width: Option<usize>,
}

fn write_failure(error: Error) -> String {
    if error.kind() == ErrorKind::BrokenPipe {
        std::process::exit(0);
    }
    error.to_string()
}

impl Writer {
    pub fn to(path: Option<&str>) -> Outcome<Writer> {
        let sink: Box<dyn Write> = match path.map(std::fs::File::create) {
            None => Box::new(std::io::stdout()),
            Some(file) => Box::new(file.map_err(write_failure)?),
        };
        Ok(Writer {
            sink: BufWriter::new(sink),
            delimiter: b',',
            terminator: b"\n",
            quote: b'"',
            escape: b'"',
            always_quote: false,
            width: None,
        })
    }

    pub fn raw(&mut self, bytes: &[u8]) -> Outcome<()> {
        self.sink.write_all(bytes).map_err(write_failure)
    }

    /// Writes one record; all of them need the same number of fields.
    pub fn record<F: AsRef<[u8]>>(&mut self, fields: &[F]) -> Outcome<()> {
        let lonely = fields.len() == 1;
        let cells: Vec<Vec<u8>> = fields.iter().map(|f| self.cell(f.as_ref(), lonely)).collect();
        self.raw(&cells.join(&self.delimiter))?;
        let (found, wanted) = (fields.len(), *self.width.get_or_insert(fields.len()));
        if found != wanted {
            return Err(format!(
                "CSV error: found record with {found} fields, \
                 but the previous record has {wanted} fields"
            ));
        }
        self.raw(self.terminator)
    }

    /// Repeats the header of a source, if it has one.
    pub fn header(&mut self, source: &Source) -> Outcome<()> {
        if source.named && !source.header.is_empty() {
            self.record(&source.header)?;
        }
        Ok(())
    }

    /// One field as it stands in the output, quoted where that is needed.
    pub fn cell(&self, text: &[u8], lonely: bool) -> Vec<u8> {
        let special = [self.delimiter, self.quote, b'\r', b'\n', self.terminator[0]];
        let forced = self.always_quote || (lonely && text.is_empty());
        if !forced && !text.iter().any(|byte| special.contains(byte)) {
            return text.to_vec();
        }
        let mark = |byte: u8| (byte == self.quote).then_some(self.escape);
        let body: Vec<u8> = text.iter().flat_map(|&byte| mark(byte).into_iter().chain([byte])).collect();
        [&[self.quote][..], &body, &[self.quote]].concat()
    }

    pub fn finish(mut self) -> Outcome<()> {
        self.sink.flush().map_err(write_failure)
    }
}
