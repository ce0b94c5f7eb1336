//! Reading of CSV records.

use crate::Outcome;
use std::io::Read;

pub type Record = Vec<Vec<u8>>;

/// An input whose first record may serve as the header.
pub struct Source {
    pub header: Record,
    pub named: bool,
    replay: bool,
    data: Vec<u8>,
    at: usize,
    line: usize,
    records: usize,
    delimiter: u8,
}

fn load(path: Option<&str>) -> Outcome<Vec<u8>> {
    let Some(path) = path else {
        let mut data = Vec::new();
        return std::io::stdin().read_to_end(&mut data).map(|_| data).map_err(|e| e.to_string());
    };
    std::fs::read(path).map_err(|e| format!("failed to open {path}: {e}"))
}

impl Source {
    pub fn open(path: Option<&str>, delimiter: u8, named: bool) -> Outcome<Source> {
        let (data, header) = (load(path)?, Record::new());
        let mut source =
            Source { header, named, replay: false, data, at: 0, line: 1, records: 0, delimiter };
        if let Some(first) = source.parse_next()? {
            source.header = first;
            source.replay = !named;
        }
        Ok(source)
    }

    pub fn next(&mut self) -> Outcome<Option<Record>> {
        if std::mem::take(&mut self.replay) {
            return Ok(Some(self.header.clone()));
        }
        self.parse_next()
    }

    pub fn rest(&mut self) -> Outcome<Vec<Record>> {
        std::iter::from_fn(|| self.next().transpose()).collect()
    }

    pub fn each(&mut self, mut act: impl FnMut(Record) -> Outcome<()>) -> Outcome<()> {
        while let Some(record) = self.next()? {
            act(record)?;
        }
        Ok(())
    }

    fn parse_next(&mut self) -> Outcome<Option<Record>> {
        let (start, line) = (self.at, self.line);
        while matches!(self.peek(), Some(b'\r' | b'\n')) {
            self.advance();
        }
        if self.peek().is_none() {
            return Ok(None);
        }
        let record = self.parse_record();
        let (found, wanted) = (record.len(), self.header.len());
        if self.records > 0 && found != wanted {
            return Err(format!(
                "CSV error: record {} (line: {line}, byte: {start}): found record with {found} \
                 fields, but the previous record has {wanted} fields",
                self.records
            ));
        }
        self.records += 1;
        Ok(Some(record))
    }

    fn peek(&self) -> Option<u8> {
        self.data.get(self.at).copied()
    }

    fn advance(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        self.line += usize::from(byte == b'\n');
        Some(byte)
    }

    fn parse_record(&mut self) -> Record {
        let mut record = Record::new();
        loop {
            let mut field = Vec::new();
            if self.peek() == Some(b'"') {
                self.advance();
                self.parse_quoted(&mut field);
            }
            let more = self.parse_plain(&mut field);
            record.push(field);
            if !more {
                return record;
            }
        }
    }

    /// Reads up to the end of the field; tells whether another field follows.
    fn parse_plain(&mut self, field: &mut Vec<u8>) -> bool {
        while let Some(byte) = self.advance() {
            match byte {
                b'\r' | b'\n' => return false,
                _ if byte == self.delimiter => return true,
                _ => field.push(byte),
            }
        }
        false
    }

    fn parse_quoted(&mut self, field: &mut Vec<u8>) {
        while let Some(byte) = self.advance() {
            if byte == b'"' {
                if self.peek() != Some(b'"') {
                    return;
                }
                self.advance();
            }
            field.push(byte);
        }
    }
}
