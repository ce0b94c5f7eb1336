//! Splits Nix source into tokens; strings and interpolated paths share one token form.

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: &'static str,
    pub span: Span,
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Code,
    Quoted,
    Indented,
    Path,
}

pub struct Lexed {
    pub tokens: Vec<Token>,
    pub comments: Vec<Span>,
}

struct Lexer<'a> {
    src: &'a str,
    pos: usize,
    /// Each mode with the depth of braces opened inside it.
    modes: Vec<(Mode, usize)>,
    out: Lexed,
}

const SYMBOLS: &[(&str, &str)] = &[
    ("...", "TOKEN_ELLIPSIS"), ("==", "TOKEN_EQUAL"), ("!=", "TOKEN_NOT_EQUAL"), ("<=", "TOKEN_LESS_OR_EQ"),
    (">=", "TOKEN_MORE_OR_EQ"), ("&&", "TOKEN_AND_AND"), ("||", "TOKEN_OR_OR"), ("->", "TOKEN_IMPLICATION"),
    ("//", "TOKEN_UPDATE"), ("++", "TOKEN_CONCAT"), ("${", "TOKEN_INTERPOL_START"), ("{", "TOKEN_L_BRACE"),
    ("}", "TOKEN_R_BRACE"), ("(", "TOKEN_L_PAREN"), (")", "TOKEN_R_PAREN"), ("[", "TOKEN_L_BRACK"),
    ("]", "TOKEN_R_BRACK"), ("=", "TOKEN_ASSIGN"), (";", "TOKEN_SEMICOLON"), (":", "TOKEN_COLON"),
    (",", "TOKEN_COMMA"), (".", "TOKEN_DOT"), ("@", "TOKEN_AT"), ("?", "TOKEN_QUESTION"), ("+", "TOKEN_ADD"),
    ("-", "TOKEN_SUB"), ("*", "TOKEN_MUL"), ("/", "TOKEN_DIV"), ("<", "TOKEN_LESS"), (">", "TOKEN_MORE"),
    ("!", "TOKEN_INVERT"),
];

pub fn lex(src: &str) -> Lexed {
    let out = Lexed { tokens: Vec::new(), comments: Vec::new() };
    let mut lexer = Lexer { src, pos: 0, modes: vec![(Mode::Code, 0)], out };
    while lexer.pos < src.len() || lexer.mode() == Mode::Path {
        match lexer.mode() {
            Mode::Code => lexer.code(),
            Mode::Path => lexer.path_part(),
            mode => lexer.string_part(mode),
        }
    }
    lexer.out
}

impl<'a> Lexer<'a> {
    fn mode(&self) -> Mode {
        self.modes.last().map_or(Mode::Code, |m| m.0)
    }

    fn rest(&self) -> &'a str {
        &self.src[self.pos..]
    }

    fn emit(&mut self, kind: &'static str, len: usize) {
        let span = Span { start: self.pos, end: self.pos + len };
        self.out.tokens.push(Token { kind, span });
        self.pos += len;
    }

    fn code(&mut self) {
        let rest = self.rest();
        let first = rest.chars().next().unwrap();
        if first.is_whitespace() {
            self.pos += first.len_utf8();
        } else if first == '#' {
            self.comment(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.comment(rest.find("*/").map_or(rest.len(), |i| i + 2));
        } else if first == '"' {
            self.open(Mode::Quoted, 1);
        } else if rest.starts_with("''") {
            self.open(Mode::Indented, 2);
        } else if let Some(len) = path_start(rest) {
            self.open(Mode::Path, len);
        } else if let Some(len) = uri_len(rest).or(search_path_len(rest)) {
            self.emit("TOKEN_URI", len);
        } else if first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            self.emit("TOKEN_INTEGER", number_len(rest));
        } else if first.is_ascii_alphabetic() || first == '_' {
            let len = span_of(rest, |c| c.is_ascii_alphanumeric() || "_'-".contains(c));
            self.emit(keyword(&rest[..len]), len);
        } else {
            self.symbol(first);
        }
    }

    fn comment(&mut self, len: usize) {
        self.out.comments.push(Span { start: self.pos, end: self.pos + len });
        self.pos += len;
    }

    fn open(&mut self, mode: Mode, len: usize) {
        self.emit("TOKEN_STRING_START", len);
        self.modes.push((mode, 0));
    }

    fn close(&mut self, len: usize) {
        self.modes.pop();
        self.emit("TOKEN_STRING_END", len);
    }

    fn interpolate(&mut self) {
        self.emit("TOKEN_INTERPOL_START", 2);
        self.modes.push((Mode::Code, 1));
    }

    fn symbol(&mut self, first: char) {
        let rest = self.rest();
        let Some(&(text, kind)) = SYMBOLS.iter().find(|(text, _)| rest.starts_with(text)) else {
            return self.emit("TOKEN_ERROR", first.len_utf8());
        };
        if kind == "TOKEN_INTERPOL_START" {
            return self.interpolate();
        }
        let nested = self.modes.len() > 1;
        let depth = &mut self.modes.last_mut().unwrap().1;
        match kind {
            "TOKEN_L_BRACE" => *depth += 1,
            "TOKEN_R_BRACE" if *depth == 1 && nested => {
                self.modes.pop();
                return self.emit("TOKEN_INTERPOL_END", 1);
            }
            "TOKEN_R_BRACE" => *depth = depth.saturating_sub(1),
            _ => {}
        }
        self.emit(kind, text.len());
    }

    fn path_part(&mut self) {
        let rest = self.rest();
        if rest.starts_with("${") {
            return self.interpolate();
        }
        match span_of(rest, |c| is_path_char(c) || c == '/') {
            0 => self.close(0),
            len => self.emit("TOKEN_STRING_CONTENT", len),
        }
    }

    fn string_part(&mut self, mode: Mode) {
        let rest = self.rest();
        let indented = mode == Mode::Indented;
        let mut len = 0;
        while len < rest.len() {
            let here = &rest[len..];
            let ends = if indented { here.starts_with("''") } else { here.starts_with('"') };
            let escape = escape_len(here, indented);
            if escape == 0 && (ends || here.starts_with("${")) {
                break;
            }
            len += escape.max(here.chars().next().unwrap().len_utf8());
        }
        if len > 0 {
            self.emit("TOKEN_STRING_CONTENT", len.min(rest.len()));
        } else if rest.starts_with("${") {
            self.interpolate();
        } else {
            self.close(if indented { 2 } else { 1 });
        }
    }
}

/// Length of an escape sequence at the start of `here`, or zero.
fn escape_len(here: &str, indented: bool) -> usize {
    let after = |n: usize| n + here[n..].chars().next().map_or(0, char::len_utf8);
    if here.starts_with("$$") {
        return 2;
    }
    match indented {
        false if here.starts_with('\\') => after(1),
        true if here.starts_with("'''") || here.starts_with("''$") => 3,
        true if here.starts_with("''\\") => after(3),
        _ => 0,
    }
}

fn span_of(text: &str, accept: impl Fn(char) -> bool) -> usize {
    text.find(|c| !accept(c)).unwrap_or(text.len())
}

fn is_path_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._+-".contains(c)
}

fn path_start(rest: &str) -> Option<usize> {
    let prefix = if rest.starts_with("~/") { 1 } else { span_of(rest, is_path_char) };
    let tail = rest[prefix..].strip_prefix('/')?;
    (tail.starts_with(is_path_char) || (prefix > 0 && tail.starts_with("${"))).then_some(prefix + 1)
}

fn uri_len(rest: &str) -> Option<usize> {
    let scheme = span_of(rest, |c| c.is_ascii_alphanumeric() || "+.-".contains(c));
    let tail = rest[scheme..].strip_prefix(':')?;
    let len = span_of(tail, |c| c.is_ascii_alphanumeric() || "%/?:@&=+$,_.!~*'-".contains(c));
    (rest.starts_with(|c: char| c.is_ascii_alphabetic()) && len > 0).then_some(scheme + 1 + len)
}

fn search_path_len(rest: &str) -> Option<usize> {
    let tail = rest.strip_prefix('<')?;
    let len = span_of(tail, |c| is_path_char(c) || c == '/');
    (len > 0 && tail[len..].starts_with('>')).then_some(len + 2)
}

fn number_len(rest: &str) -> usize {
    span_of(rest, |c| c.is_ascii_digit() || c == '.')
}

fn keyword(word: &str) -> &'static str {
    match word {
        "let" => "TOKEN_LET",
        "in" => "TOKEN_IN",
        "if" => "TOKEN_IF",
        "then" => "TOKEN_THEN",
        "else" => "TOKEN_ELSE",
        "with" => "TOKEN_WITH",
        "assert" => "TOKEN_ASSERT",
        "rec" => "TOKEN_REC",
        "inherit" => "TOKEN_INHERIT",
        "or" => "TOKEN_OR",
        _ => "TOKEN_IDENT",
    }
}
