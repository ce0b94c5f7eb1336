//! Output: coloured text on the two streams, and the layout of matched lines.

use crate::cli::Settings;
use crate::regex::Span;
use std::io::{BufWriter, Write};
use std::path::Path;

/// What a piece of text is, which decides its colour.
#[derive(Clone, Copy, PartialEq)]
pub enum Ink {
    File,
    Position,
    Match,
    Text,
    Info,
    Error,
}

/// What resets the terminal, for a few well-known ones; others cannot be coloured.
fn terminal_reset() -> Option<&'static str> {
    match std::env::var("TERM").ok()?.split('-').next()? {
        "xterm" => Some("\x1b(B\x1b[m"),
        "ansi" => Some("\x1b[0;10m"),
        "linux" | "screen" | "tmux" | "rxvt" => Some("\x1b[m\x0f"),
        _ => None,
    }
}

/// Writes to both streams and remembers the colour in force.
pub struct Screen {
    out: BufWriter<std::io::Stdout>,
    reset: Option<&'static str>,
    coloured: bool,
    current: Option<Ink>,
}

impl Screen {
    pub fn new(coloured: bool) -> Screen {
        Screen { out: BufWriter::new(std::io::stdout()), reset: terminal_reset(), coloured, current: None }
    }

    /// The escape sequence to switch to `ink`, empty if nothing changes.
    fn switch(&mut self, ink: Ink) -> String {
        if !self.coloured || self.current == Some(ink) {
            return String::new();
        }
        if self.reset.is_none() {
            self.close(1);
        }
        let bright = ink != Ink::Text && std::env::var("TERM").map_or(false, |name| name.ends_with("-256color"));
        self.current = Some(ink);
        let hue = match ink {
            Ink::Error => 1,
            Ink::File => 2,
            Ink::Match => 3,
            Ink::Position | Ink::Info => 6,
            Ink::Text => 7,
        };
        format!("\x1b[{}m", if bright { 90 + hue } else { 30 + hue })
    }

    /// Text for standard output; a stream that is gone is not an error.
    pub fn say(&mut self, ink: Ink, text: &[u8]) {
        let code = self.switch(ink);
        let _ = write!(self.out, "{code}{}", String::from_utf8_lossy(text));
    }

    /// A line for standard error.
    pub fn report(&mut self, ink: Ink, line: &str) {
        let code = self.switch(ink);
        let _ = self.out.flush();
        eprintln!("{code}{line}");
    }

    /// A line about coming work: always coloured, apart from the rest.
    pub fn announce(&mut self, line: &str) {
        let _ = self.out.flush();
        eprintln!("\x1b[36m{line}");
    }

    /// Resets both streams and ends the program.
    pub fn close(&mut self, status: i32) -> ! {
        let code = self.reset.unwrap_or("");
        let _ = write!(self.out, "{code}").and_then(|_| self.out.flush());
        eprint!("{code}");
        std::process::exit(if self.reset.is_none() { 1 } else { status })
    }
}

fn is_break(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Where the line that is running at `from` ends.
fn line_end(data: &[u8], from: usize) -> usize {
    let from = from.min(data.len());
    data[from..].iter().position(is_break).map_or(data.len(), |i| from + i)
}

/// Prints the lines that hold matches; matches of one line share it unless asked otherwise.
pub fn show_matches(screen: &mut Screen, settings: &Settings, path: &Path, data: &[u8], spans: &[Span]) {
    let (mut line, mut last_feed, mut counted) = (1, 0, 0);
    let mut left = spans;
    while let Some(first) = left.first() {
        let on_line = left.windows(2).take_while(|pair| pair[1].start < line_end(data, pair[0].start + 1)).count() + 1;
        let (group, rest) = left.split_at(if settings.on("line-by-match") { 1 } else { on_line });
        left = rest;
        for i in counted..first.start {
            if data[i] == b'\n' {
                (line, last_feed) = (line + 1, i);
            }
        }
        counted = first.start;
        let column = (first.start - last_feed).to_string();
        let heads = [("file", Ink::File, path.display().to_string()), ("column", Ink::Position, line.to_string()), ("row", Ink::Position, column)];
        for (_, ink, head) in heads.iter().filter(|head| settings.on(head.0)) {
            screen.say(*ink, format!("{head}:").as_bytes());
        }
        let at_break = data.get(first.start).map_or(false, is_break);
        let before = data[..first.start].iter().rposition(|byte| is_break(byte));
        let mut cursor = if at_break { first.start } else { before.map_or(0, |i| i + 1) };
        for span in group {
            if cursor < span.start {
                screen.say(Ink::Text, &data[cursor..span.start]);
            }
            screen.say(Ink::Match, &data[span.start..span.end]);
            cursor = span.end;
        }
        let end = group.last().map_or(cursor, |last| line_end(data, cursor.max(last.start + 1)));
        screen.say(Ink::Text, &data[cursor..end]);
        screen.say(Ink::Text, b"\n");
    }
}
