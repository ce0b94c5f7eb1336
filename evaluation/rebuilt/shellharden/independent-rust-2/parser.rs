#[derive(Clone, Copy, PartialEq)]
pub enum Mode { Suggest, Syntax, SyntaxSuggest, Transform }

pub enum Fail { Eof, Pitfall(usize, usize) }

type Res<T> = Result<T, Fail>;
type Color = &'static str;

const PLAIN: Color = "\x1b[m";
const KEYWORD: Color = "\x1b[0;1m";
const COMMAND: Color = "\x1b[0;38;2;192;0;128m";
const VARIABLE: Color = "\x1b[0;38;2;63;127;207m";
const DOUBLE: Color = "\x1b[0;38;2;255;0;0m";
const SINGLE: Color = "\x1b[0;38;2;255;204;85m";
const ANSI: Color = "\x1b[0;38;2;255;128;0m";
const ESCAPE: Color = "\x1b[0;1;38;2;255;0;128m";
const ASSIGNED: Color = "\x1b[0;38;2;0;127;255m";
const COMMENT: Color = "\x1b[0;1;3;38;2;120;144;96m";
const HEREDOC: Color = "\x1b[0;38;2;128;32;0m";
const MATH: Color = "\x1b[0;38;2;192;0;192m";
const ADDED: Color = "\x1b[0;42m";
const REMOVED: Color = "\x1b[0;41m";

const KEYWORDS: &[&str] = &[
    "if", "then", "elif", "else", "fi", "while", "until", "do", "done", "{", "}", "!", "function", "export", "local",
    "declare", "readonly",
];

#[derive(Clone, Copy, PartialEq)]
enum Scope { File, Paren, Backtick, Arm }
#[derive(Clone, Copy, PartialEq)]
enum Stop { End, Arm, Esac }
#[derive(Clone, Copy, PartialEq)]
enum Kind { Name, BracedName, Braced, Param, Number, Math, Subst, Pwd, Backtick }
#[derive(Clone, Copy, PartialEq)]
enum Place { Raw, Quoted(usize), Wrapped }

#[derive(Default)]
struct TestRewrite {
    comparison: Option<(usize, &'static str)>,
    second_x: Option<usize>,
}

struct Parser<'a> {
    src: &'a [u8],
    pos: usize,
    mode: Mode,
    bytes: Vec<u8>,
    color: Color,
    changed: bool,
    in_backtick: bool,
}

fn is_blank(c: u8) -> bool { c == b' ' || c == b'\t' || c == b'\r' }
fn is_space(c: u8) -> bool { is_blank(c) || c == b'\n' }
fn is_name(c: u8) -> bool { c == b'_' || c.is_ascii_alphanumeric() }
fn is_name_start(c: u8) -> bool { is_name(c) && !c.is_ascii_digit() }

pub fn harden(src: &[u8], mode: Mode) -> (Vec<u8>, bool, Res<()>) {
    let mut p = Parser { src, pos: 0, mode, bytes: vec![], color: PLAIN, changed: false, in_backtick: false };
    let result = p.commands(Scope::File).map(|_| ());
    p.switch(PLAIN);
    (p.bytes, p.changed, result)
}

impl Parser<'_> {
    fn switch(&mut self, color: Color) {
        if self.mode != Mode::Transform && self.color != color {
            self.color = color;
            self.bytes.extend_from_slice(color.as_bytes());
        }
    }

    fn take(&mut self, color: Color, n: usize) {
        let end = (self.pos + n).min(self.src.len());
        if end > self.pos {
            self.switch(if self.mode == Mode::Suggest { PLAIN } else { color });
            self.bytes.extend_from_slice(&self.src[self.pos..end]);
            self.pos = end;
        }
    }

    fn add(&mut self, text: &str) {
        self.changed = true;
        if self.mode != Mode::Syntax {
            self.switch(ADDED);
            self.bytes.extend_from_slice(text.as_bytes());
        }
    }

    fn remove(&mut self, color: Color, n: usize) {
        self.changed = true;
        match self.mode {
            Mode::Transform => self.pos += n,
            Mode::Syntax => self.take(color, n),
            _ => {
                self.switch(REMOVED);
                self.bytes.extend_from_slice(&self.src[self.pos..self.pos + n]);
                self.pos += n;
            }
        }
    }

    fn at(&self, i: usize) -> u8 {
        self.src.get(i).copied().unwrap_or(0)
    }

    fn peek(&self) -> Res<u8> {
        self.src.get(self.pos).copied().ok_or(Fail::Eof)
    }

    fn starts(&self, i: usize, text: &str) -> bool {
        i <= self.src.len() && self.src[i..].starts_with(text.as_bytes())
    }

    fn find(&self, mut i: usize, wanted: impl Fn(u8) -> bool) -> usize {
        while i < self.src.len() && !wanted(self.src[i]) {
            i += 1;
        }
        i
    }

    // Index after the closing byte, or beyond the end of the source if there is none.
    fn skip(&self, mut i: usize, close: u8) -> usize {
        let expands = close != b'\'' && close != b'`';
        while i < self.src.len() {
            i = match self.src[i] {
                c if c == close => return i + 1,
                b'\\' if close != b'\'' => i + 2,
                b'$' | b'`' if expands => self.classify(i).map_or(i + 1, |(_, end)| end),
                b'"' if close == b')' => self.skip(i + 1, b'"'),
                b'\'' if close == b')' => self.skip(i + 1, b'\''),
                b'(' if close == b')' => self.skip(i + 1, b')'),
                _ => i + 1,
            };
        }
        self.src.len() + 1
    }

    fn classify(&self, i: usize) -> Option<(Kind, usize)> {
        match self.at(i) {
            b'`' if self.in_backtick => return None,
            b'`' if self.starts(i, "`pwd`") => return Some((Kind::Pwd, i + 5)),
            b'`' => return Some((Kind::Backtick, self.skip(i + 1, b'`'))),
            b'$' if self.starts(i, "$(pwd)") => return Some((Kind::Pwd, i + 6)),
            b'$' => {}
            _ => return None,
        }
        let name_end = self.find(i + 2, |c| !is_name(c));
        match self.at(i + 1) {
            b'(' if self.at(i + 2) == b'(' => Some((Kind::Math, self.skip(i + 2, b')'))),
            b'(' => Some((Kind::Subst, self.skip(i + 2, b')'))),
            b'{' if is_name_start(self.at(i + 2)) && self.at(name_end) == b'}' => {
                Some((Kind::BracedName, name_end + 1))
            }
            b'{' if b"#!?$".contains(&self.at(i + 2)) => Some((Kind::Number, self.skip(i + 2, b'}'))),
            b'{' => Some((Kind::Braced, self.skip(i + 2, b'}'))),
            b'#' | b'?' | b'$' | b'!' => Some((Kind::Number, i + 2)),
            b'@' | b'*' | b'-' => Some((Kind::Param, i + 2)),
            c if c.is_ascii_digit() => Some((Kind::Param, self.find(i + 2, |c| !c.is_ascii_digit()))),
            c if is_name_start(c) => Some((Kind::Name, name_end)),
            _ => None,
        }
    }

    // Where a quoted span that has just passed an expansion can be extended to, if at all.
    fn span_continues(&self, i: usize) -> Option<usize> {
        let j = self.find(i, |c| !is_name(c) && !b"/+]}{[-.:,@=^~".contains(&c));
        (self.at(j) == b'"' || self.classify(j).is_some()).then_some(j)
    }

    fn unit_end(&self, i: usize) -> Option<usize> {
        if self.at(i) == b'"' || self.at(i) == b'\'' {
            return Some(self.skip(i + 1, self.at(i)));
        }
        let (kind, mut end) = self.classify(i)?;
        if kind == Kind::Number || kind == Kind::Math {
            return Some(end);
        }
        while let Some(j) = self.span_continues(end) {
            match self.classify(j) {
                Some((_, next)) => end = next,
                None => return Some(self.skip(j + 1, b'"')),
            }
        }
        Some(end)
    }

    fn needs_braces(&self, i: usize) -> bool {
        let next = self.find(i, |c| c != b'"');
        next >= self.src.len() || is_name(self.src[next])
    }

    fn word_follows(&self, word: &str) -> bool {
        let before = self.at(self.pos - 1);
        (is_space(before) || b");".contains(&before))
            && self.starts(self.pos, word)
            && !is_name(self.at(self.pos + word.len()))
    }

    fn commands(&mut self, scope: Scope) -> Res<Stop> {
        while let Ok(c) = self.peek() {
            match c {
                b';' if scope == Scope::Arm && self.at(self.pos + 1) == b';' => return Ok(Stop::Arm),
                b')' if scope == Scope::Paren => {
                    self.take(PLAIN, 1);
                    return Ok(Stop::End);
                }
                b'`' if scope == Scope::Backtick => return Ok(Stop::End),
                b'`' if self.in_backtick => return Err(Fail::Eof),
                b'<' if self.at(self.pos + 1) == b'<' => self.heredoc()?,
                b'<' | b'>' if self.at(self.pos + 1) == b'(' => self.take(PLAIN, 1),
                b'(' if self.at(self.pos + 1) == b'(' => self.math(1)?,
                b'(' => {
                    self.take(PLAIN, 1);
                    self.commands(Scope::Paren)?;
                }
                b'#' => self.comment(),
                b'\\' => self.take(ESCAPE, 2),
                c if is_space(c) || b";&|<>".contains(&c) => self.take(PLAIN, 1),
                _ => {
                    if self.command(scope)? == Stop::Esac {
                        return Ok(Stop::Esac);
                    }
                }
            }
        }
        if scope == Scope::File { Ok(Stop::End) } else { Err(Fail::Eof) }
    }

    fn command(&mut self, scope: Scope) -> Res<Stop> {
        let start = self.pos;
        let end = self.find(start, |c| is_space(c) || b";&|<>()`".contains(&c));
        let word = String::from_utf8_lossy(&self.src[start..end]).into_owned();
        match word.as_str() {
            w if KEYWORDS.contains(&w) => self.take(KEYWORD, end - start),
            "for" | "select" => {
                self.take(KEYWORD, end - start);
                self.for_loop(scope)?;
            }
            "case" => self.case()?,
            "esac" if scope == Scope::Arm => {
                self.add(";; ");
                self.take(KEYWORD, 4);
                return Ok(Stop::Esac);
            }
            "[[" => {
                self.take(MATH, 2);
                self.pieces(MATH, false, |p, _| p.starts(p.pos, "]]") && is_space(p.at(p.pos - 1)))?;
                self.peek()?;
                self.take(MATH, 2);
            }
            "[" | "test" if self.at(end) == b' ' && !is_blank(self.at(end + 1)) => {
                self.take(COMMAND, end - start + 1);
                self.test_command(scope)?;
            }
            _ => match self.assignment_end(start) {
                Some(equals) => {
                    self.take(ASSIGNED, equals - start);
                    self.assigned_value(scope)?;
                }
                None => self.simple_command(scope)?,
            },
        }
        Ok(Stop::End)
    }

    fn simple_command(&mut self, scope: Scope) -> Res<()> {
        self.pieces(COMMAND, true, |p, c| {
            let redirected = c == b'&' && p.at(p.pos - 1) == b'>';
            is_space(c) || (b";&|(".contains(&c) && !redirected) || (c == b')' && scope == Scope::Paren)
        })?;
        if self.at(self.pos) == b'(' {
            self.take(PLAIN, 1);
            return self.commands(Scope::Paren).map(|_| ());
        }
        self.arguments(scope, TestRewrite::default())
    }

    fn assignment_end(&self, start: usize) -> Option<usize> {
        let mut i = self.find(start, |c| !is_name(c));
        if !is_name_start(self.at(start)) {
            return None;
        }
        if self.at(i) == b'[' {
            i = self.skip(i + 1, b']');
        }
        i += (self.at(i) == b'+') as usize;
        (self.at(i) == b'=').then_some(i)
    }

    fn assigned_value(&mut self, scope: Scope) -> Res<()> {
        self.take(PLAIN, 1);
        if self.at(self.pos) == b'(' {
            self.pieces(PLAIN, true, |_, c| c == b')')?;
            self.peek()?;
            self.take(PLAIN, 1);
            return Ok(());
        }
        self.pieces(PLAIN, false, |_, c| {
            is_space(c) || b";&|<>".contains(&c) || (c == b')' && scope == Scope::Paren)
        })
    }

    fn arguments(&mut self, scope: Scope, mut rewrite: TestRewrite) -> Res<()> {
        loop {
            if let Some((_, text)) = rewrite.comparison.filter(|(end, _)| self.pos >= *end) {
                self.add(text);
                rewrite.comparison = None;
            }
            if rewrite.second_x == Some(self.pos) {
                self.remove(PLAIN, 1);
                if self.peek().map_or(true, |c| is_space(c) || c == b';') {
                    self.add("\"\"");
                }
            }
            match self.peek() {
                Err(_) => return Ok(()),
                Ok(b'&') if self.at(self.pos - 1) == b'>' => self.take(PLAIN, 1),
                Ok(b'\n' | b';' | b'|' | b'&') => return Ok(()),
                Ok(b')') if scope == Scope::Paren => return Ok(()),
                Ok(b'`') if self.in_backtick => return Ok(()),
                Ok(_) => self.piece(PLAIN, true)?,
            }
        }
    }

    fn test_command(&mut self, scope: Scope) -> Res<()> {
        let mut rewrite = TestRewrite::default();
        let i = self.pos;
        let flag = [("-z ", " = \"\""), ("-n ", " != \"\"")].into_iter().find(|f| self.starts(i, f.0));
        if let Some((_, text)) = flag {
            rewrite.comparison = self.unit_end(i + 3).map(|end| (end, text));
            if rewrite.comparison.is_some() {
                self.remove(PLAIN, 3);
            }
        } else if self.at(i) == b'x' && self.at(i + 1) != b'\'' {
            if let Some(end) = self.unit_end(i + 1) {
                let op = [" = x", " == x", " != x"].into_iter().find(|op| self.starts(end, op));
                rewrite.second_x = op.map(|op| end + op.len() - 1);
                if op.is_some() {
                    self.remove(PLAIN, 1);
                }
            }
        }
        self.arguments(scope, rewrite)
    }

    fn for_loop(&mut self, scope: Scope) -> Res<()> {
        let mut named = false;
        loop {
            let c = self.peek()?;
            if is_blank(c) {
                self.take(KEYWORD, 1);
            } else if self.starts(self.pos, "((") {
                return self.math(1);
            } else if named && self.word_follows("in") && self.pos + 2 < self.src.len() {
                self.take(PLAIN, 2);
                self.loop_list();
                return self.arguments(scope, TestRewrite::default());
            } else if is_name_start(c) {
                named = true;
                self.take(ASSIGNED, self.find(self.pos, |c| !is_name(c)) - self.pos);
            } else {
                return Ok(());
            }
        }
    }

    fn loop_list(&mut self) {
        self.take(PLAIN, self.find(self.pos, |c| !is_blank(c)) - self.pos);
        if let Some((Kind::Name, end)) = self.classify(self.pos) {
            let next = self.find(end, |c| !is_blank(c));
            if self.at(next) == b';' || self.at(next) == b'\n' {
                self.add("\"");
                self.take(VARIABLE, 1);
                self.add("{");
                self.take(VARIABLE, end - self.pos);
                self.add("[@]}\"");
                self.take(KEYWORD, next - end);
            }
        }
    }

    fn case(&mut self) -> Res<()> {
        self.take(KEYWORD, 4);
        self.pieces(KEYWORD, false, |p, _| p.word_follows("in"))?;
        self.peek()?;
        self.take(KEYWORD, 2);
        loop {
            match self.peek()? {
                _ if self.word_follows("esac") => return Ok(self.take(KEYWORD, 4)),
                b'#' if self.word_follows("#") || is_space(self.at(self.pos - 1)) => self.comment(),
                b')' => {
                    self.take(PLAIN, 1);
                    if self.commands(Scope::Arm)? != Stop::Arm {
                        return Ok(());
                    }
                    self.take(PLAIN, 2);
                }
                _ => self.piece(PLAIN, false)?,
            }
        }
    }

    fn math(&mut self, opening: usize) -> Res<()> {
        self.take(MATH, opening);
        loop {
            match self.peek()? {
                b'(' => self.math(1)?,
                b')' => return Ok(self.take(MATH, 1)),
                _ => self.piece(MATH, false)?,
            }
        }
    }

    fn comment(&mut self) {
        self.take(COMMENT, self.find(self.pos, |c| c == b'\n') - self.pos);
    }

    fn heredoc(&mut self) -> Res<()> {
        if self.starts(self.pos, "<<<") { return Ok(self.take(PLAIN, 3)) }
        let dash = self.at(self.pos + 2) == b'-';
        let word = self.find(self.pos + 2 + dash as usize, |c| !is_blank(c));
        let quoted = self.at(word) == b'"' || self.at(word) == b'\'';
        let closing = if quoted { self.find(word + 1, |c| c == self.at(word)) } else { word };
        let word_end = self.find(closing, is_space);
        let delimiter: Vec<u8> =
            self.src[word..word_end].iter().copied().filter(|c| !b"'\"\\".contains(c)).collect();
        let mut end = self.find(word_end, |c| c == b'\n');
        if end == self.src.len() || delimiter.is_empty() { return Ok(self.take(PLAIN, word_end - self.pos)) }
        while end < self.src.len() {
            let line = self.find(end + 1, |c| !dash || c != b'\t');
            end = self.find(line, |c| c == b'\n');
            if self.src[line..end] == delimiter[..] { return Ok(self.take(HEREDOC, end - self.pos)) }
        }
        self.take(HEREDOC, self.src.len());
        Err(Fail::Eof)
    }

    fn pieces(&mut self, base: Color, quote: bool, stop: impl Fn(&Self, u8) -> bool) -> Res<()> {
        while self.peek().is_ok_and(|c| !stop(self, c) && (c != b'`' || !self.in_backtick)) {
            self.piece(base, quote)?;
        }
        Ok(())
    }

    // One quoted string, expansion, escape or literal byte.
    fn piece(&mut self, base: Color, quote: bool) -> Res<()> {
        match self.at(self.pos) {
            b'\\' => {
                let dangling = self.pos + 1 == self.src.len();
                self.take(ESCAPE, 2);
                return if dangling { Err(Fail::Eof) } else { Ok(()) };
            }
            b'\'' => {
                let end = self.skip(self.pos + 1, b'\'');
                self.take(SINGLE, end - self.pos);
                return if end > self.src.len() { Err(Fail::Eof) } else { Ok(()) };
            }
            b'"' => {
                self.take(DOUBLE, 1);
                return self.quoted_rest();
            }
            b'#' if quote && base == PLAIN => self.comment(),
            b'<' if self.at(self.pos + 1) == b'<' => return self.heredoc(),
            b'$' if self.at(self.pos + 1) == b'\'' => return self.ansi_string(),
            _ => match self.classify(self.pos) {
                Some((kind, _)) if quote && kind != Kind::Number && kind != Kind::Math => return self.wrap(),
                Some(_) => return self.expand(Place::Raw),
                None => self.take(base, 1),
            },
        }
        Ok(())
    }

    fn ansi_string(&mut self) -> Res<()> {
        self.take(ANSI, 2);
        loop {
            let c = self.peek()?;
            match c {
                b'\\' => self.take(ESCAPE, 2),
                _ => self.take(ANSI, 1),
            }
            if c == b'\'' {
                return Ok(());
            }
        }
    }

    fn quoted_rest(&mut self) -> Res<()> {
        let start = self.pos;
        loop {
            let c = self.peek()?;
            match c {
                b'\\' => self.take(ESCAPE, 2),
                _ if self.classify(self.pos).is_some() => self.expand(Place::Quoted(start))?,
                _ => self.take(DOUBLE, 1),
            }
            if c == b'"' {
                return Ok(());
            }
        }
    }

    fn wrap(&mut self) -> Res<()> {
        self.check_positional()?;
        self.add("\"");
        loop {
            self.expand(Place::Wrapped)?;
            match self.span_continues(self.pos) {
                None => return Ok(self.add("\"")),
                Some(next) => self.take(DOUBLE, next - self.pos),
            }
            if self.at(self.pos) == b'"' {
                self.remove(DOUBLE, 1);
                return self.quoted_rest();
            }
        }
    }

    fn check_positional(&self) -> Res<()> {
        match self.classify(self.pos) {
            Some((Kind::Param, end)) if end > self.pos + 2 => Err(Fail::Pitfall(self.pos, end - self.pos)),
            _ => Ok(()),
        }
    }

    fn expand(&mut self, place: Place) -> Res<()> {
        self.check_positional()?;
        let (kind, end) = self.classify(self.pos).ok_or(Fail::Eof)?;
        let wrapped = place == Place::Wrapped;
        let alone = place == Place::Quoted(self.pos) && self.at(end) == b'"';
        match kind {
            Kind::Name if wrapped && self.needs_braces(end) => {
                self.take(VARIABLE, 1);
                self.add("{");
                self.take(VARIABLE, end - self.pos);
                self.add("}");
            }
            Kind::BracedName if (wrapped || alone) && !self.needs_braces(end) => {
                self.take(VARIABLE, 1);
                self.remove(VARIABLE, 1);
                self.take(VARIABLE, end - 1 - self.pos);
                self.remove(VARIABLE, 1);
            }
            Kind::Param | Kind::Braced if wrapped => {
                let name_end = self.find(self.pos + 2, |c| !is_name(c));
                let star = if kind == Kind::Param { self.pos + 1 } else { name_end + 1 };
                if self.at(star) == b'*' && (kind == Kind::Param || self.starts(name_end, "[*]")) {
                    self.take(VARIABLE, star - self.pos);
                    self.remove(VARIABLE, 1);
                    self.add("@");
                }
                self.take(VARIABLE, end - self.pos);
            }
            Kind::Math => {
                self.take(MATH, 1);
                self.math(1)?;
            }
            Kind::Pwd => {
                let dollar = self.at(self.pos) == b'$';
                let text = if self.needs_braces(end) { "${PWD}" } else { "$PWD" };
                self.take(VARIABLE, dollar as usize);
                self.remove(VARIABLE, end - self.pos);
                self.add(&text[dollar as usize..]);
            }
            Kind::Subst => {
                self.take(PLAIN, 2);
                let outer = std::mem::replace(&mut self.in_backtick, false);
                self.commands(Scope::Paren)?;
                self.in_backtick = outer;
            }
            Kind::Backtick => {
                self.backtick(place == Place::Raw, "$(");
                self.in_backtick = true;
                self.commands(Scope::Backtick)?;
                self.in_backtick = false;
                self.backtick(place == Place::Raw, ")");
            }
            _ => self.take(VARIABLE, end - self.pos),
        }
        if matches!(kind, Kind::Braced | Kind::Number) && end > self.src.len() {
            return Err(Fail::Eof);
        }
        Ok(())
    }

    fn backtick(&mut self, keep: bool, replacement: &str) {
        if keep {
            self.take(PLAIN, 1);
        } else {
            self.remove(PLAIN, 1);
            self.add(replacement);
        }
    }
}
