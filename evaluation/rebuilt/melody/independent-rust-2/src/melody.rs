use std::collections::HashMap;

type Mismatch = (usize, Vec<&'static str>);
type Parsed<T> = Result<T, Mismatch>;

const ITEM: [&str; 9] = [
    "literal", "raw", "not", "range", "quantifier_quantity", "group_declaration", "assertion_declaration",
    "variable_declaration", "variable_invocation",
];

const SYMBOLS: [(&str, &str, &str); 17] = [
    ("start", "^", ""), ("end", "$", ""), ("char", ".", ""), ("space", " ", "[^ ]"), ("newline", "\\n", "[^\\n]"),
    ("vertical", "\\v", "[^\\v]"), ("word", "\\w", "\\W"), ("digit", "\\d", "\\D"), ("whitespace", "\\s", "\\S"),
    ("boundary", "\\b", "\\B"), ("alphabetic", "[a-zA-Z]", "[^a-zA-Z]"),
    ("alphanumeric", "[a-zA-Z0-9]", "[^a-zA-Z0-9]"), ("return", "\\r", "[^\\r]"), ("tab", "\\t", "[^\\t]"),
    ("null", "\\0", "[^\\0]"), ("feed", "\\f", "[^\\f]"), ("backspace", "[\\b]", "[^\\b]"),
];

const CATEGORIES: &str = "letter=L lowercase_letter=Ll uppercase_letter=Lu titlecase_letter=Lt cased_letter=L& \
    modifier_letter=Lm other_letter=Lo mark=M non_spacing_mark=Mn spacing_combining_mark=Mc enclosing_mark=Me \
    separator=Z space_separator=Zs line_separator=Zl paragraph_separator=Zp symbol=S math_symbol=Sm \
    currency_symbol=Sc modifier_symbol=Sk other_symbol=So number=N decimal_digit_number=Nd letter_number=Nl \
    other_number=No punctuation=P dash_punctuation=Pd open_punctuation=Ps close_punctuation=Pe \
    initial_punctuation=Pi final_punctuation=Pf connector_punctuation=Pc other_punctuation=Po other=C control=Cc \
    format=Cf private_use=Co surrogate=Cs unassigned=Cn";

// wrap: needs a group when repeated; refused: what it is, if it cannot be repeated
struct Piece {
    text: String,
    wrap: bool,
    refused: &'static str,
}

fn piece(text: String) -> Piece {
    Piece { text, wrap: false, refused: "" }
}

struct Translator {
    text: Vec<char>,
    at: usize,
    variables: HashMap<String, String>,
    problem: Option<String>,
}

fn symbol_text(name: &str, negative: bool) -> Result<String, String> {
    if let Some((space, category)) = name.split_once("::") {
        if space != "category" {
            return Err("usage of an unrecognized symbol namespace".to_string());
        }
        let mut entries = CATEGORIES.split_whitespace().filter_map(|e| e.split_once('='));
        let found = entries.find(|(long, _)| *long == category);
        let (_, short) = found.ok_or("usage of an unrecognized unicode category")?;
        return Ok(format!("\\{}{{{}}}", if negative { 'P' } else { 'p' }, short));
    }
    let found = SYMBOLS.iter().find(|s| s.0 == name).ok_or("usage of an unrecognized symbol")?;
    match (negative, found.2) {
        (true, "") => Err(format!("negative {} not allowed", name)),
        (true, text) => Ok(text.to_string()),
        _ => Ok(found.1.to_string()),
    }
}

impl Translator {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn next_is(&self, accept: impl Fn(&char) -> bool) -> bool {
        self.text.get(self.at).map_or(false, accept)
    }

    fn looking_at(&self, s: &str) -> bool {
        let mut rest = self.text[self.at..].iter();
        s.chars().all(|c| rest.next() == Some(&c))
    }

    fn skip_blank(&mut self) {
        loop {
            if self.next_is(|c| " \t\r\n".contains(*c)) {
                self.at += 1;
            } else if self.looking_at("/*") {
                let body = &self.text[self.at + 2..];
                match body.windows(2).position(|w| w == ['*', '/']) {
                    Some(length) => self.at += length + 4,
                    None => return,
                }
            } else if self.looking_at("//") {
                let mut before = self.text[..self.at].iter().rev().take_while(|c| **c != '\n');
                if !before.all(|c| c.is_whitespace()) {
                    return;
                }
                self.take(|c| *c != '\n');
            } else {
                return;
            }
        }
    }

    fn take(&mut self, accept: fn(&char) -> bool) -> String {
        let from = self.at;
        while self.next_is(accept) {
            self.at += 1;
        }
        let taken = self.text[from..self.at].iter().collect();
        self.skip_blank();
        taken
    }

    fn word(&mut self, s: &str) -> bool {
        if self.looking_at(s) {
            self.at += s.len();
            self.skip_blank();
            return true;
        }
        false
    }

    fn name(&mut self) -> String {
        self.take(|c| c.is_ascii_alphabetic() || *c == '_')
    }

    fn note(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }

    fn expected<T>(&self, kinds: &[&'static str]) -> Parsed<T> {
        Err((self.at, kinds.to_vec()))
    }

    fn no_item<T>(&self, at: usize, without: &[&str]) -> Parsed<T> {
        Err((at, ITEM.iter().filter(|kind| !without.contains(kind)).copied().collect()))
    }

    fn end(&mut self, start: usize, without: &[&str], piece: Piece) -> Parsed<Piece> {
        if self.word(";") {
            return Ok(piece);
        }
        self.no_item(start, without)
    }

    fn top(&mut self) -> Parsed<String> {
        self.skip_blank();
        let mut out = String::new();
        while self.at < self.text.len() {
            let start = self.at;
            match self.statement() {
                Ok(piece) => out += &piece.text,
                Err((at, mut kinds)) => {
                    if at == start && kinds.len() > 1 {
                        kinds.insert(0, "EOI");
                    }
                    return Err((at, kinds));
                }
            }
        }
        Ok(out)
    }

    fn block(&mut self, separator: &str, otherwise: &[&'static str]) -> Parsed<String> {
        if !self.word("{") {
            return self.expected(otherwise);
        }
        let mut parts = vec![self.statement()?.text];
        while !self.word("}") {
            parts.push(self.statement()?.text);
        }
        Ok(parts.join(separator))
    }

    fn statement(&mut self) -> Parsed<Piece> {
        let start = self.at;
        let lazy = self.word("lazy");
        let quantity = self.at;
        let first = self.take(char::is_ascii_digit);
        let mut mark = String::new();
        if !first.is_empty() {
            mark = format!("{{{}}}", first);
            if self.word("to") {
                let second = self.take(char::is_ascii_digit);
                mark = format!("{{{},{}}}", first, second);
                if !second.is_empty() && self.looking_at("of") {
                    match (first.parse::<u64>(), second.parse::<u64>()) {
                        (Ok(low), Ok(high)) if low <= high => {}
                        _ => self.note("usage of an invalid quantifier range".to_string()),
                    }
                } else if second.is_empty() && (lazy || first.len() > 1) {
                    return self.expected(&["amount"]);
                } else {
                    mark.clear();
                }
            } else if !self.looking_at("of") {
                let (at, mut kinds) = self.no_item::<()>(start, &["quantifier_quantity"]).unwrap_err();
                kinds[3] = "quantifier_range";
                return Err((at, kinds));
            }
        } else if self.word("over") {
            let digits = self.take(char::is_ascii_digit);
            if digits.is_empty() {
                return self.expected(&["amount"]);
            }
            mark = format!("{{{},}}", digits.parse::<u64>().map_or(0, |n| n.wrapping_add(1)));
            if mark == "{0,}" {
                self.note("could not parse an amount".to_string());
            }
        } else if let Some((_, m)) = [("some", "+"), ("any", "*"), ("option", "?")].iter().find(|w| self.word(w.0)) {
            mark = m.to_string();
        } else if lazy {
            return self.expected(&["amount", "some", "any", "option", "over"]);
        }
        if mark.is_empty() || !self.word("of") {
            if lazy {
                return Err((quantity, vec!["amount"]));
            }
            self.at = start;
            return self.single();
        }
        let operand = self.at;
        let item = self.single().map_err(|(at, mut kinds)| {
            kinds.retain(|kind| at != operand || *kind != "quantifier_quantity");
            (at, kinds)
        })?;
        if !item.refused.is_empty() {
            self.note(format!("unexpected {} in quantifier", item.refused));
        }
        let text = if item.wrap { format!("(?:{})", item.text) } else { item.text };
        Ok(piece(format!("{}{}{}", text, mark, if lazy { "?" } else { "" })))
    }

    fn single(&mut self) -> Parsed<Piece> {
        let start = self.at;
        if self.next_is(|c| "\"'`".contains(*c)) {
            return self.quoted();
        }
        if self.looking_at("<") {
            let symbol = self.symbol(false)?;
            return self.end(start, &["raw", "variable_invocation"], symbol);
        }
        if self.word(".") {
            let name = self.name();
            if name.is_empty() {
                return self.expected(&["identifier"]);
            }
            let value = self.variables.get(&name).cloned();
            if value.is_none() {
                self.note("usage of an uninitialized variable".to_string());
            }
            let piece = Piece { text: value.unwrap_or_default(), wrap: false, refused: "variable invocation" };
            return self.end(start, &["variable_invocation"], piece);
        }
        if self.word("capture") {
            let name = self.name();
            let kinds: &[&'static str] = if name.is_empty() { &["block", "identifier"] } else { &["block"] };
            let body = self.block("", kinds)?;
            let label = if name.is_empty() { name } else { format!("?<{}>", name) };
            return Ok(piece(format!("({}{})", label, body)));
        }
        for (word, separator) in [("match", ""), ("either", "|")] {
            if self.word(word) {
                return Ok(piece(format!("(?:{})", self.block(separator, &["block"])?)));
            }
        }
        if let Some(assertion) = self.assertion('=')? {
            return Ok(assertion);
        }
        if self.word("let") {
            if !self.word(".") {
                return self.no_item(start, &[]);
            }
            let name = self.name();
            if name.is_empty() {
                return self.expected(&["identifier"]);
            }
            if !self.word("=") {
                return self.no_item(start, &[]);
            }
            let body = self.block("", &["block"])?;
            self.variables.insert(name, body);
            return Ok(Piece { text: String::new(), wrap: false, refused: "skipped node" });
        }
        if self.word("not") {
            return self.negated();
        }
        match self.range("")? {
            Some(range) => self.end(start, &["raw", "range", "variable_invocation"], range),
            None => self.no_item(start, if self.next_is(char::is_ascii_digit) { &["range"] } else { &[] }),
        }
    }

    fn quoted(&mut self) -> Parsed<Piece> {
        let start = self.at;
        let quote = self.text[start];
        let raw = quote == '`';
        let (mut text, mut length) = (String::new(), 0);
        self.at += 1;
        loop {
            let Some(c) = self.peek() else { return self.no_item(start, &[]) };
            self.at += 1;
            if c == quote {
                break;
            }
            length += 1;
            if c == '\\' {
                match self.peek() {
                    Some(e) if e == quote => text.push(e),
                    Some(e) if e == '\\' || !raw && "nrtfb/".contains(e) => text.extend([c, e]),
                    _ => return self.no_item(start, &[]),
                }
                self.at += 1;
                continue;
            }
            if !raw && "[](){}*+?|^$.".contains(c) {
                text.push('\\');
            }
            text.push(c);
        }
        self.skip_blank();
        let without: &[&str] =
            if raw { &["raw", "variable_invocation"] } else { &["literal", "raw", "not", "range", "variable_invocation"] };
        self.end(start, without, Piece { text, wrap: length != 1, refused: "" })
    }

    fn symbol(&mut self, negative: bool) -> Parsed<Piece> {
        let start = self.at;
        self.word("<");
        if !self.next_is(char::is_ascii_alphabetic) {
            return self.expected(&["symbol_identifier"]);
        }
        let name = self.take(|c| c.is_ascii_alphabetic() || "_: ".contains(*c));
        if !self.word(">") {
            return self.no_item(start, &[]);
        }
        let text = symbol_text(name.trim(), negative).unwrap_or_else(|problem| {
            self.note(problem);
            String::new()
        });
        let refused = if text == "^" || text == "$" { "special symbol" } else { "" };
        Ok(Piece { text, wrap: false, refused })
    }

    fn assertion(&mut self, sign: char) -> Parsed<Option<Piece>> {
        for (word, open) in [("ahead", "?"), ("behind", "?<")] {
            if self.word(word) {
                let text = format!("({}{}{})", open, sign, self.block("", &["block"])?);
                return Ok(Some(Piece { text, wrap: false, refused: "assertion" }));
            }
        }
        Ok(None)
    }

    fn negated(&mut self) -> Parsed<Piece> {
        if let Some(assertion) = self.assertion('!')? {
            return Ok(assertion);
        }
        let start = self.at;
        let found = if self.looking_at("<") { Some(self.symbol(true)?) } else { self.range("^")? };
        if found.is_none() && !self.next_is(char::is_ascii_alphabetic) {
            return self.expected(&["amount", "class_content", "assertion_type"]);
        }
        match found {
            Some(piece) if self.word(";") => Ok(piece),
            _ => Err((start, vec!["amount", "assertion_type"])),
        }
    }

    fn range(&mut self, sign: &str) -> Parsed<Option<Piece>> {
        let start = self.at;
        let Some(low) = self.peek().filter(char::is_ascii_alphanumeric) else { return Ok(None) };
        if self.take(char::is_ascii_digit).is_empty() {
            self.at += 1;
            self.skip_blank();
        }
        if !self.word("to") {
            self.at = start;
            return Ok(None);
        }
        let Some(high) = self.peek().filter(char::is_ascii_alphanumeric) else {
            return self.expected(if low.is_ascii_digit() { &["amount", "ascii_range_end"] } else { &["ascii_range_end"] });
        };
        if !low.is_ascii_digit() || self.take(char::is_ascii_digit).is_empty() {
            self.at += 1;
            self.skip_blank();
        }
        Ok(Some(piece(format!("[{}{}-{}]", sign, low, high))))
    }
}

fn describe((at, mut kinds): Mismatch, text: &[char]) -> String {
    if at == 0 {
        kinds = vec!["root"];
    }
    let line = text[..at].iter().filter(|c| **c == '\n').count() + 1;
    let from = text[..at].iter().rposition(|c| *c == '\n').map_or(0, |i| i + 1);
    let content: String = text[from..].iter().take_while(|c| **c != '\n').collect();
    let pad = " ".repeat(line.to_string().len());
    let column = at - from + 1;
    let indent: String = text[from..at].iter().map(|c| if *c == '\t' { '\t' } else { ' ' }).collect();
    let expected = match kinds.split_last() {
        Some((last, rest)) if rest.len() > 1 => format!("{}, or {}", rest.join(", "), last),
        _ => kinds.join(" or "),
    };
    format!("{pad}--> {line}:{column}\n{pad} |\n{line} | {content}\n{pad} | {indent}^---\n{pad} |\n{pad} = expected {expected}")
}

pub fn translate(source: &str) -> Result<String, String> {
    let text: Vec<char> = source.trim_end().chars().collect();
    let mut translator = Translator { text, at: 0, variables: HashMap::new(), problem: None };
    let out = translator.top().map_err(|mismatch| describe(mismatch, &translator.text))?;
    translator.problem.map_or(Ok(out), Err)
}
