//! Backslashes in front of characters that would act as Markdown.

// Private characters that stand for decisions taken later.
pub const MARK: char = '\u{e000}'; // the next character may need a backslash
pub const BREAK: char = '\u{e001}'; // a hard line break
pub const CODE_LINE: char = '\u{e002}'; // a newline inside a code block
pub const LIST_OPEN: char = '\u{e003}';
pub const LIST_CLOSE: char = '\u{e004}';

pub fn is_line_end(c: char) -> bool {
    c == '\n' || c == BREAK
}

/// Prepares page text: certain escapes now, possible ones marked.
pub fn mark(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '*' | '_' | '+' | '#' | '.' | ')' | '`' | '~' | '[' | ']' | '=' | '-' => out.extend([MARK, c]),
            _ => out.push(c),
        }
    }
    out
}

/// Replaces the marks by backslashes where they are needed.
pub fn resolve(text: &str, strikethrough: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_text = false;
    for line in text.split_inclusive(is_line_end) {
        let content = line.trim_end_matches(is_line_end);
        resolve_line(content, after_text, strikethrough, &mut out);
        out.push_str(&line[content.len()..]);
        after_text = !content.is_empty();
    }
    out
}

fn resolve_line(line: &str, after_text: bool, strikethrough: bool, out: &mut String) {
    let visible = |c: &char| !matches!(*c, MARK | LIST_OPEN | LIST_CLOSE);
    let plain: String = line.chars().filter(visible).collect();
    let mut at = 0;
    for c in line.chars() {
        if c == MARK {
            let place = Place { before: &plain[..at], rest: &plain[at..], after_text };
            if place.needs_escape(strikethrough) {
                out.push('\\');
            }
            continue;
        }
        if visible(&c) {
            at += c.len_utf8();
        }
        out.push(c);
    }
}

/// A character that might need an escape: the first of `rest`.
struct Place<'a> {
    before: &'a str,
    rest: &'a str,
    after_text: bool,
}

impl Place<'_> {
    fn needs_escape(&self, strikethrough: bool) -> bool {
        if self.before.trim().is_empty() && (self.starts_block() || self.after_text && self.underlines()) {
            return true;
        }
        let mut chars = self.rest.chars();
        let this = chars.next();
        let next = chars.next();
        match this {
            Some('*' | '_') => next.is_some_and(|c| !c.is_whitespace()),
            Some('~') => strikethrough && next.is_some_and(|c| !c.is_whitespace()),
            // the rest of an escaped fence is harmless
            Some('`') => !self.before.trim_matches(['`', ' ']).is_empty() || !format!("{}{}", self.before, self.rest).contains("```"),
            Some('.' | ')') => self.follows_number() && next.is_none_or(|c| c == ' '),
            Some('[') => self.rest.contains(']'),
            _ => false,
        }
    }

    fn starts_block(&self) -> bool {
        let ends = |tail: &str| tail.chars().next().is_none_or(|c| c == ' ');
        let only = |c: char| self.rest.matches(c).count() >= 3 && self.rest.chars().all(|x| x == c || x == ' ');
        let tail = self.rest.trim_start_matches('#');
        match self.rest.as_bytes().first() {
            Some(b'-') => ends(&self.rest[1..]) || only('-'),
            Some(b'*') => ends(&self.rest[1..]) || only('*'),
            Some(b'_') => only('_'),
            Some(b'+') => ends(&self.rest[1..]),
            Some(b'#') => self.rest.len() - tail.len() <= 6 && ends(tail),
            _ => self.rest.starts_with("```") || self.rest.starts_with("~~~"),
        }
    }

    fn underlines(&self) -> bool {
        let line = self.rest.trim_end();
        line.chars().all(|c| c == '=') || line.chars().all(|c| c == '-')
    }

    fn follows_number(&self) -> bool {
        let digits = self.before.trim_start();
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    }
}
