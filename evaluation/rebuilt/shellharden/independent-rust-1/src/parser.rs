//! Recursive descent over shell text: bytes in, annotated spans out.
use crate::span::{Edit, Span, Style};

/// Why parsing stopped early.
pub enum Fault {
    /// The text ended inside an open construct.
    UnexpectedEnd,
    /// `$10`: byte range of the offending text.
    Pitfall(usize, usize),
}

type Parsed<T = ()> = Result<T, Fault>;

/// What encloses a list of commands, and hence what ends it.
#[derive(Clone, Copy, PartialEq)]
enum Scope {
    File,
    Paren,
    Backtick,
    CaseArm,
}

/// The quoting an expansion stands in.
#[derive(Clone, Copy, PartialEq)]
enum Quoting {
    /// Needs no quotes (assignment, arithmetic, case): leave it alone.
    Exempt,
    /// In the script's own double quotes, whose content starts at this position.
    Original(usize),
    /// In double quotes that we added.
    Added,
}

/// How plain words are to be treated.
#[derive(Clone, Copy)]
struct WordMode {
    harden: bool,
    base: Style,
}

const ARGUMENT: WordMode = WordMode { harden: true, base: Style::Plain };
const COMMAND: WordMode = WordMode { harden: true, base: Style::Command };
const EXEMPT: WordMode = WordMode { harden: false, base: Style::Plain };
const CASE_WORD: WordMode = WordMode { harden: false, base: Style::Keyword };
const MATH: WordMode = WordMode { harden: false, base: Style::Math };

const KEYWORDS: &[&str] = &[
    "if", "then", "elif", "else", "fi", "while", "until", "do", "done", "{", "}", "!",
    "function", "local", "export", "declare", "readonly",
];

fn is_ident(c: u8) -> bool { c.is_ascii_alphanumeric() || c == b'_' }

fn is_ident_start(c: u8) -> bool { c.is_ascii_alphabetic() || c == b'_' }

/// Characters that end a word (0 stands for the end of the text).
fn ends_word(c: u8) -> bool {
    matches!(c, 0 | b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')')
}

/// Characters that end the literal run that may join added quotes.
fn ends_literal(c: u8) -> bool {
    ends_word(c) || matches!(c, b'`' | b'\'' | b'"' | b'\\' | b'*' | b'?' | b'[' | b'$')
}

/// The parser: text, position, and the spans made so far.
pub struct Parser<'a> {
    src: &'a [u8],
    pos: usize,
    pub spans: Vec<Span>,
}

impl<'a> Parser<'a> {
    pub fn new(src: &'a [u8]) -> Self { Parser { src, pos: 0, spans: Vec::new() } }

    /// Parse the whole text. On a fault, `spans` holds what came before.
    pub fn parse(&mut self) -> Parsed {
        while self.pos < self.src.len() {
            self.commands(Scope::File)?;
        }
        Ok(())
    }

    fn at(&self, pos: usize) -> u8 { self.src.get(pos).copied().unwrap_or(0) }
    fn peek(&self) -> u8 { self.at(self.pos) }
    fn sees(&self, text: &str) -> bool { self.src[self.pos..].starts_with(text.as_bytes()) }

    fn check_end(&self) -> Parsed {
        if self.pos >= self.src.len() { Err(Fault::UnexpectedEnd) } else { Ok(()) }
    }

    fn push(&mut self, edit: Edit, style: Style, text: &[u8]) {
        self.spans.push(Span { edit, style, text: text.to_vec() });
    }

    /// Consume n bytes with the given fate.
    fn take(&mut self, edit: Edit, style: Style, n: usize) {
        let end = (self.pos + n).min(self.src.len());
        let src = self.src;
        self.push(edit, style, &src[self.pos..end]);
        self.pos = end;
    }

    fn keep(&mut self, style: Style, n: usize) { self.take(Edit::Keep, style, n); }
    fn delete(&mut self, style: Style, n: usize) { self.take(Edit::Delete, style, n); }
    fn insert(&mut self, text: &str) { self.push(Edit::Insert, Style::Plain, text.as_bytes()); }

    /// First position from `from` on where the predicate holds, or the end.
    fn find(&self, from: usize, stop: impl Fn(u8) -> bool) -> usize {
        (from..self.src.len()).find(|&i| stop(self.src[i])).unwrap_or(self.src.len())
    }

    /// Parse commands until the scope's end (consumed, except a backtick).
    fn commands(&mut self, scope: Scope) -> Parsed {
        loop {
            if self.pos >= self.src.len() {
                return if scope == Scope::File { Ok(()) } else { Err(Fault::UnexpectedEnd) };
            }
            match self.peek() {
                b';' if scope == Scope::CaseArm && self.at(self.pos + 1) == b';' => {
                    self.keep(Style::Plain, 2);
                    return Ok(());
                }
                b'<' if self.heredoc()? => {}
                b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b'<' | b'>' => self.keep(Style::Plain, 1),
                b'(' if self.at(self.pos + 1) == b'(' => self.arithmetic(2)?,
                b'(' => { self.keep(Style::Plain, 1); self.commands(Scope::Paren)?; }
                b')' if scope == Scope::Paren => { self.keep(Style::Plain, 1); return Ok(()); }
                b'`' if scope == Scope::Backtick => return Ok(()),
                b'#' => self.comment(),
                b'\\' if self.at(self.pos + 1) == b'\n' => self.keep(Style::Escape, 2),
                _ => {
                    if scope == Scope::CaseArm && self.keyword_at(self.pos) == "esac" { return Ok(()); }
                    self.command(scope)?;
                }
            }
        }
    }

    fn comment(&mut self) {
        let end = self.find(self.pos, |c| c == b'\n');
        self.keep(Style::Comment, end - self.pos);
    }

    /// The bare word at a position, empty if it has other than plain letters.
    fn keyword_at(&self, pos: usize) -> &'a str {
        let end = self.find(pos, |c| ends_word(c) || matches!(c, b'`' | b'"' | b'\'' | b'$' | b'\\'));
        if end < self.src.len() && !ends_word(self.src[end]) && self.src[end] != b'`' { return ""; }
        std::str::from_utf8(&self.src[pos..end]).unwrap_or("")
    }

    /// Parse one assignment, keyword construct or command with its arguments.
    fn command(&mut self, scope: Scope) -> Parsed {
        if let Some(end) = self.lvalue_end() {
            self.keep(Style::Lvalue, end - self.pos);
            self.keep(Style::Plain, 1);
            return self.assigned_value(scope);
        }
        let word = self.keyword_at(self.pos);
        let next = self.at(self.pos + word.len());
        match word {
            "for" | "select" if next == b' ' => self.for_head(scope),
            "case" if next == b' ' => self.case(),
            "[[" if next == b' ' || next == b'\n' => self.double_bracket(),
            "[" | "test" if next == b' ' => {
                self.keep(Style::Command, word.len() + 1);
                self.test_condition()?;
                self.arguments(scope)
            }
            _ if KEYWORDS.contains(&word) => { self.keep(Style::Keyword, word.len()); Ok(()) }
            _ => {
                // A stray parenthesis outside of its scope counts as part of the word.
                if self.peek() == b')' { self.keep(Style::Command, 1); }
                self.word(COMMAND, scope)?;
                if self.peek() == b')' && scope != Scope::Paren { self.keep(Style::Command, 1); }
                self.arguments(scope)
            }
        }
    }

    /// If an assignment starts here, the position of its equals sign.
    fn lvalue_end(&self) -> Option<usize> {
        if !is_ident_start(self.peek()) { return None; }
        let mut end = self.find(self.pos, |c| !is_ident(c));
        if self.at(end) == b'[' { end = self.find(end, |c| c == b']' || c == b'\n') + 1; }
        if self.at(end) == b'+' { end += 1; }
        (self.at(end) == b'=').then_some(end)
    }

    fn assigned_value(&mut self, scope: Scope) -> Parsed {
        if self.peek() != b'(' { return self.word(EXEMPT, scope); }
        self.keep(Style::Plain, 1);
        loop {
            self.check_end()?;
            match self.peek() {
                b')' => break,
                b'#' if ends_word(self.at(self.pos - 1)) => self.comment(),
                c if ends_word(c) => self.keep(Style::Plain, 1),
                _ => self.word(ARGUMENT, Scope::Paren)?,
            }
        }
        self.keep(Style::Plain, 1);
        Ok(())
    }

    /// `for` or `select` up to the semicolon or newline.
    fn for_head(&mut self, scope: Scope) -> Parsed {
        let word = self.keyword_at(self.pos);
        self.keep(Style::Keyword, word.len() + 1);
        if self.peek() == b'(' { return Ok(()); }
        let end = self.find(self.pos, |c| !is_ident(c));
        self.keep(Style::Lvalue, end - self.pos);
        let blank = self.find(self.pos, |c| c != b' ' && c != b'\t');
        if self.keyword_at(blank) != "in" { return Ok(()); }
        self.keep(Style::Keyword, blank - self.pos);
        self.keep(Style::Plain, 2);
        let list = self.find(self.pos, |c| c != b' ' && c != b'\t');
        self.keep(Style::Plain, list - self.pos);
        // A lone `$name` was meant to be split: suggest an array.
        if self.peek() == b'$' && is_ident_start(self.at(self.pos + 1)) {
            let end = self.find(self.pos + 1, |c| !is_ident(c));
            let after = self.find(end, |c| c != b' ' && c != b'\t');
            if matches!(self.at(after), b';' | b'\n') {
                self.insert("\"");
                self.keep(Style::Expansion, 1);
                self.insert("{");
                self.keep(Style::Expansion, end - self.pos);
                self.insert("[@]}\"");
            }
        }
        self.arguments(scope)?;
        self.check_end()
    }

    /// `case … esac`, keyword to keyword.
    fn case(&mut self) -> Parsed {
        self.keep(Style::Keyword, 5);
        loop {
            self.check_end()?;
            let blank = self.find(self.pos, |c| !c.is_ascii_whitespace());
            if blank > self.pos && self.keyword_at(blank) == "in" {
                self.keep(Style::Keyword, blank + 2 - self.pos);
                break;
            }
            self.piece(CASE_WORD)?;
        }
        loop {
            // Pattern position.
            let blank = self.find(self.pos, |c| !c.is_ascii_whitespace());
            self.keep(Style::Plain, blank - self.pos);
            self.check_end()?;
            if self.keyword_at(self.pos) == "esac" { self.keep(Style::Keyword, 4); return Ok(()); }
            if self.peek() == b'#' { self.comment(); continue; }
            while self.peek() != b')' {
                self.check_end()?;
                self.piece(EXEMPT)?;
            }
            self.keep(Style::Plain, 1);
            self.commands(Scope::CaseArm)?;
        }
    }

    fn double_bracket(&mut self) -> Parsed {
        self.keep(Style::Math, 2);
        loop {
            self.check_end()?;
            if self.sees("]]") && self.at(self.pos - 1).is_ascii_whitespace() {
                self.keep(Style::Math, 2);
                return Ok(());
            }
            self.piece(MATH)?;
        }
    }

    /// `((…))` or `$((…))`; `open` is the length of the opening.
    fn arithmetic(&mut self, open: usize) -> Parsed {
        self.keep(Style::Math, open);
        let mut depth = 0;
        loop {
            self.check_end()?;
            match self.peek() {
                b'(' => depth += 1,
                b')' if depth == 0 && self.sees("))") => { self.keep(Style::Math, 2); return Ok(()); }
                b')' => depth -= 1,
                _ => {}
            }
            self.piece(MATH)?;
        }
    }

    /// Rewrite old-fashioned emptiness tests at the start of a test command.
    fn test_condition(&mut self) -> Parsed {
        let starts_string = |c| matches!(c, b'$' | b'`' | b'"' | b'\'');
        let comparison = if self.sees("-n ") { " != \"\"" } else { " = \"\"" };
        if (self.sees("-n ") || self.sees("-z ")) && starts_string(self.at(self.pos + 3)) {
            self.delete(Style::Plain, 3);
            self.piece(ARGUMENT)?;
            self.insert(comparison);
        } else if self.peek() == b'x' && starts_string(self.at(self.pos + 1)) {
            let (pos, count) = (self.pos, self.spans.len());
            self.delete(Style::Plain, 1);
            self.piece(ARGUMENT)?;
            match [" = x", " == x", " != x"].iter().find(|op| self.sees(op)) {
                Some(op) => {
                    self.keep(Style::Plain, op.len() - 1);
                    self.delete(Style::Plain, 1);
                    if ends_word(self.peek()) { self.insert("\"\""); }
                }
                None => { self.pos = pos; self.spans.truncate(count); }
            }
        }
        Ok(())
    }

    /// Arguments and redirections, up to the command's end (not consumed).
    fn arguments(&mut self, scope: Scope) -> Parsed {
        while self.pos < self.src.len() {
            let next = self.at(self.pos + 1);
            match self.peek() {
                b';' | b'&' | b'|' | b'\n' => return Ok(()),
                b')' if scope == Scope::Paren => return Ok(()),
                b'`' if scope == Scope::Backtick => return Ok(()),
                b'#' if ends_word(self.at(self.pos - 1)) => self.comment(),
                b'<' if self.heredoc()? => {}
                b'<' | b'>' if next == b'&' => self.keep(Style::Plain, 2),
                b'(' if next == b')' && !ends_word(self.at(self.pos - 1)) => { self.keep(Style::Plain, 2); return Ok(()); }
                b'(' => {
                    self.keep(Style::Plain, 1);
                    self.arguments(Scope::Paren)?;
                    self.commands(Scope::Paren)?;
                }
                _ => self.piece(ARGUMENT)?,
            }
        }
        Ok(())
    }

    /// A here document, from `<<` to its delimiter line. False if there is none.
    fn heredoc(&mut self) -> Parsed<bool> {
        if self.sees("<<<") { self.keep(Style::Plain, 3); return Ok(true); }
        if !self.sees("<<") { return Ok(false); }
        let strip_tabs = self.at(self.pos + 2) == b'-';
        let start = self.find(self.pos + 2 + strip_tabs as usize, |c| c != b' ' && c != b'\t');
        let quote = self.at(start);
        let end = match quote {
            b'\'' | b'"' => self.find(start + 1, |c| c == quote),
            _ => self.find(start, ends_word),
        };
        let delimiter: Vec<u8> =
            self.src[start..end].iter().copied().filter(|c| !matches!(c, b'\'' | b'"' | b'\\')).collect();
        if delimiter.is_empty() { return Ok(false); }
        let mut line = self.find(end, |c| c == b'\n') + 1;
        while line < self.src.len() {
            let eol = self.find(line, |c| c == b'\n');
            let text_start = if strip_tabs { self.find(line, |c| c != b'\t').min(eol) } else { line };
            if self.src[text_start..eol] == delimiter[..] {
                self.keep(Style::Heredoc, eol - self.pos);
                return Ok(true);
            }
            line = eol + 1;
        }
        self.keep(Style::Heredoc, self.src.len() - self.pos);
        Err(Fault::UnexpectedEnd)
    }

    /// Pieces up to the end of the word.
    fn word(&mut self, mode: WordMode, scope: Scope) -> Parsed {
        while !ends_word(self.peek()) && !(scope == Scope::Backtick && self.peek() == b'`') {
            self.piece(mode)?;
        }
        Ok(())
    }

    /// One piece: a string, an expansion, an escape or a single character.
    fn piece(&mut self, mode: WordMode) -> Parsed {
        match self.peek() {
            b'\'' => {
                let end = self.find(self.pos + 1, |c| c == b'\'');
                self.keep(Style::Single, end + 1 - self.pos);
                if end == self.src.len() { Err(Fault::UnexpectedEnd) } else { Ok(()) }
            }
            b'"' => { self.keep(Style::Double, 1); self.double_quoted() }
            b'$' if self.at(self.pos + 1) == b'\'' => self.ansi_string(),
            b'`' | b'$' if mode.harden && self.needs_quotes(self.pos) => self.add_quotes(),
            b'`' => self.backtick(Quoting::Exempt),
            b'$' => self.expansion(Quoting::Exempt, mode.base),
            b'\\' => { self.keep(Style::Escape, 2); Ok(()) }
            _ => { self.keep(mode.base, 1); Ok(()) }
        }
    }

    /// `$'…'`
    fn ansi_string(&mut self) -> Parsed {
        self.keep(Style::Ansi, 2);
        loop {
            self.check_end()?;
            match self.peek() {
                b'\\' => self.keep(Style::Escape, 2),
                b'\'' => break,
                _ => self.keep(Style::Ansi, 1),
            }
        }
        self.keep(Style::Ansi, 1);
        Ok(())
    }

    /// The rest of a double quoted string, closing quote included.
    fn double_quoted(&mut self) -> Parsed {
        let start = self.pos;
        loop {
            self.check_end()?;
            match self.peek() {
                b'"' => break,
                b'\\' => self.keep(Style::Escape, 2),
                b'`' => self.backtick(Quoting::Original(start))?,
                b'$' => self.expansion(Quoting::Original(start), Style::Double)?,
                _ => self.keep(Style::Double, 1),
            }
        }
        self.keep(Style::Double, 1);
        Ok(())
    }

    /// Whether the expansion at a position is subject to word splitting.
    fn needs_quotes(&self, pos: usize) -> bool {
        if self.at(pos) == b'`' { return true; }
        let (c, next) = (self.at(pos + 1), self.at(pos + 2));
        match c {
            b'(' => next != b'(',
            b'{' => !matches!(next, b'#' | b'!' | b'?' | b'$'),
            b'@' | b'*' | b'-' => true,
            // A fault; reported when it is expanded.
            _ if c.is_ascii_digit() && next.is_ascii_digit() => false,
            _ => is_ident(c),
        }
    }

    /// Quote an expansion, together with what follows if that saves quotes.
    fn add_quotes(&mut self) -> Parsed {
        self.insert("\"");
        loop {
            match self.peek() {
                b'`' => self.backtick(Quoting::Added)?,
                _ => self.expansion(Quoting::Added, Style::Double)?,
            }
            let end = self.find(self.pos, ends_literal);
            if self.at(end) == b'"' {
                self.keep(Style::Double, end - self.pos);
                self.delete(Style::Double, 1);
                return self.double_quoted();
            }
            if self.at(end) != b'$' || !self.needs_quotes(end) { self.insert("\""); return Ok(()); }
            self.keep(Style::Double, end - self.pos);
        }
    }

    /// Whether a name ending here would swallow the text that follows.
    fn name_continues(&self, end: usize, quoting: Quoting) -> bool {
        let joined = quoting == Quoting::Added && self.at(end) == b'"';
        is_ident(self.at(end + joined as usize))
    }

    fn backtick(&mut self, quoting: Quoting) -> Parsed {
        if self.sees("`pwd`") {
            let long = self.name_continues(self.pos + 5, quoting);
            self.delete(Style::Expansion, 5);
            self.insert(if long { "${PWD}" } else { "$PWD" });
            return Ok(());
        }
        let rewrite = quoting != Quoting::Exempt;
        let edit = if rewrite { Edit::Delete } else { Edit::Keep };
        self.take(edit, Style::Plain, 1);
        if rewrite { self.insert("$("); }
        self.commands(Scope::Backtick)?;
        self.take(edit, Style::Plain, 1);
        if rewrite { self.insert(")"); }
        Ok(())
    }

    /// Any expansion that begins with a dollar sign (or just that sign).
    fn expansion(&mut self, quoting: Quoting, base: Style) -> Parsed {
        let c = self.at(self.pos + 1);
        if self.sees("$((") { return self.arithmetic(3); }
        if self.sees("$(pwd)") {
            let long = self.name_continues(self.pos + 6, quoting);
            self.keep(Style::Expansion, 1);
            self.delete(Style::Expansion, 5);
            self.insert(if long { "{PWD}" } else { "PWD" });
            return Ok(());
        }
        match c {
            b'(' => { self.keep(Style::Plain, 2); return self.commands(Scope::Paren); }
            b'{' => return self.parameter(quoting),
            b'*' if quoting == Quoting::Added => {
                self.keep(Style::Expansion, 1);
                self.delete(Style::Expansion, 1);
                self.insert("@");
            }
            b'0'..=b'9' => {
                let end = self.find(self.pos + 1, |c| !c.is_ascii_digit());
                if end > self.pos + 2 { return Err(Fault::Pitfall(self.pos, end)); }
                self.name(end, quoting);
            }
            _ if is_ident_start(c) => {
                let end = self.find(self.pos + 1, |c| !is_ident(c));
                self.name(end, quoting);
            }
            b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!' => self.keep(Style::Expansion, 2),
            _ => self.keep(base, 1),
        }
        Ok(())
    }

    /// `$name` up to `end`, with braces if joining the next string needs them.
    fn name(&mut self, end: usize, quoting: Quoting) {
        let brace = quoting == Quoting::Added && self.name_continues(end, quoting);
        self.keep(Style::Expansion, 1);
        if brace { self.insert("{"); }
        self.keep(Style::Expansion, end - self.pos);
        if brace { self.insert("}"); }
    }

    /// `${…}`, dropping braces that do nothing and turning `[*]` into `[@]`.
    fn parameter(&mut self, quoting: Quoting) -> Parsed {
        let start = self.pos;
        let mut end = start + 2;
        let mut depth = 1;
        while depth > 0 {
            match self.at(end) {
                _ if end >= self.src.len() => {
                    self.keep(Style::Expansion, end - start);
                    return Err(Fault::UnexpectedEnd);
                }
                b'\\' => end += 1,
                b'{' if self.at(end - 1) == b'$' => depth += 1,
                b'}' => depth -= 1,
                _ => {}
            }
            end += 1;
        }
        let name_end = self.find(start + 2, |c| !is_ident(c));
        let bare = is_ident_start(self.at(start + 2)) && name_end + 1 == end;
        let strip = bare
            && match quoting {
                Quoting::Exempt => false,
                Quoting::Original(open) => open == start && self.at(end) == b'"' && !is_ident(self.at(end + 1)),
                Quoting::Added => !self.name_continues(end, quoting),
            };
        if strip {
            self.keep(Style::Expansion, 1);
            self.delete(Style::Expansion, 1);
            self.keep(Style::Expansion, name_end - self.pos);
            self.delete(Style::Expansion, 1);
            return Ok(());
        }
        if quoting == Quoting::Added && self.src[name_end..end].starts_with(b"[*]") {
            self.keep(Style::Expansion, name_end + 1 - start);
            self.delete(Style::Expansion, 1);
            self.insert("@");
        }
        self.keep(Style::Expansion, end - self.pos);
        Ok(())
    }
}
