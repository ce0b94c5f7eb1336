//! Just enough JSON: reads the configuration with exact error positions, and writes it.

type Parsed<T> = Result<T, String>;

const WANT_PATH: &str = "path string";
const WANT_CONFIG: &str = "struct Config";

pub fn config_text(repo: &str) -> String {
    format!("{{\"repo\":\"{}\"}}", escape(repo))
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for ch in text.chars() {
        match ch {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ch if (ch as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", ch as u32)),
            ch => out.push(ch),
        }
    }
    out
}

/// The value of `repo`, from an object or a one-element list.
pub fn parse_config(text: &str) -> Parsed<String> {
    let mut reader = Reader { bytes: text.as_bytes(), index: 0 };
    let repo = reader.config()?;
    match reader.peek_token() {
        Some(_) => Err(reader.at_next("trailing characters")),
        None => Ok(repo),
    }
}

/// In values that are skipped, a trailing comma is seen as a missing key.
fn no_trailing_comma(message: String) -> String {
    message.replacen("trailing comma at", "key must be a string at", 1)
}

struct Reader<'a> {
    bytes: &'a [u8],
    index: usize,
}

impl Reader<'_> {
    fn config(&mut self) -> Parsed<String> {
        match self.peek_token() {
            Some(b'{') => self.config_object(),
            Some(b'[') => self.config_list(),
            _ => self.wrong_type(WANT_CONFIG),
        }
    }

    fn config_object(&mut self) -> Parsed<String> {
        self.index += 1;
        let mut repo = None;
        let mut first = true;
        while let Some(key) = self.next_key(&mut first)? {
            if key != "repo" {
                self.colon()?;
                self.skip_value()?;
                continue;
            }
            if repo.is_some() {
                return Err(self.here("duplicate field `repo`"));
            }
            self.colon()?;
            repo = Some(self.path()?);
        }
        repo.ok_or_else(|| self.here("missing field `repo`"))
    }

    fn config_list(&mut self) -> Parsed<String> {
        self.index += 1;
        match self.peek_token() {
            None => return Err(self.here("EOF while parsing a list")),
            Some(b']') => {
                self.index += 1;
                return Err(self.here("invalid length 0, expected struct Config with 1 element"));
            }
            Some(_) => {}
        }
        let repo = self.path()?;
        self.end_of_list()?;
        Ok(repo)
    }

    fn end_of_list(&mut self) -> Parsed<()> {
        match self.peek_token() {
            Some(b']') => {
                self.index += 1;
                Ok(())
            }
            Some(b',') => {
                self.index += 1;
                match self.peek_token() {
                    Some(b']') => Err(self.at_next("trailing comma")),
                    _ => Err(self.at_next("trailing characters")),
                }
            }
            Some(_) => Err(self.at_next("trailing characters")),
            None => Err(self.here("EOF while parsing a list")),
        }
    }

    /// The next key of an object, or none after eating its closing brace.
    fn next_key(&mut self, first: &mut bool) -> Parsed<Option<String>> {
        let mut token = self.peek_token();
        if token == Some(b'}') {
            self.index += 1;
            return Ok(None);
        }
        if !*first && token.is_some() {
            if token != Some(b',') {
                return Err(self.at_next("expected `,` or `}`"));
            }
            self.index += 1;
            token = self.peek_token();
        }
        let after_comma = !std::mem::replace(first, false);
        match token {
            Some(b'"') => self.string().map(Some),
            Some(b'}') if after_comma => Err(self.at_next("trailing comma")),
            Some(_) => Err(self.at_next("key must be a string")),
            None if after_comma && self.bytes[..self.index].ends_with(b",") => {
                Err(self.here("EOF while parsing a value"))
            }
            None => Err(self.here("EOF while parsing an object")),
        }
    }

    fn colon(&mut self) -> Parsed<()> {
        match self.peek_token() {
            Some(b':') => {
                self.index += 1;
                Ok(())
            }
            Some(_) => Err(self.at_next("expected `:`")),
            None => Err(self.here("EOF while parsing an object")),
        }
    }

    fn path(&mut self) -> Parsed<String> {
        match self.peek_token() {
            Some(b'"') => self.string(),
            _ => self.wrong_type(WANT_PATH),
        }
    }

    /// Reads a value that is not of the wanted type and says so.
    fn wrong_type(&mut self, wanted: &str) -> Parsed<String> {
        let found = match self.peek_token() {
            Some(b'[') => "sequence".to_string(),
            Some(b'{') => "map".to_string(),
            Some(b'"') => format!("string {:?}", self.string()?),
            _ => self.scalar()?,
        };
        Err(self.here(&format!("invalid type: {found}, expected {wanted}")))
    }

    /// A number, boolean or null, described as error messages name it.
    fn scalar(&mut self) -> Parsed<String> {
        match self.peek_token() {
            None => Err(self.here("EOF while parsing a value")),
            Some(b'n') => self.word("null").map(|_| "null".to_string()),
            Some(b't') => self.word("true").map(|_| "boolean `true`".to_string()),
            Some(b'f') => self.word("false").map(|_| "boolean `false`".to_string()),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => Err(self.at_next("expected value")),
        }
    }

    fn word(&mut self, word: &str) -> Parsed<()> {
        for expected in word.bytes() {
            match self.take() {
                None => return Err(self.here("EOF while parsing a value")),
                Some(byte) if byte != expected => return Err(self.here("expected ident")),
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn number(&mut self) -> Parsed<String> {
        let start = self.index;
        if self.peek() == Some(b'-') {
            self.index += 1;
        }
        self.integer_digits()?;
        let mut float = false;
        if self.peek() == Some(b'.') {
            float = true;
            self.index += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            float = true;
            self.index += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.index += 1;
            }
            self.digits()?;
        }
        let text = String::from_utf8_lossy(&self.bytes[start..self.index]).into_owned();
        let integral = !float && text != "-0" && (text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok());
        if integral {
            return Ok(format!("integer `{text}`"));
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(format!("floating point `{value}`")),
            _ => Err(self.here("number out of range")),
        }
    }

    fn integer_digits(&mut self) -> Parsed<()> {
        if self.peek() != Some(b'0') {
            return self.digits();
        }
        self.index += 1;
        match self.peek() {
            Some(b'0'..=b'9') => Err(self.at_next("invalid number")),
            _ => Ok(()),
        }
    }

    fn digits(&mut self) -> Parsed<()> {
        match self.peek() {
            None => return Err(self.here("EOF while parsing a value")),
            Some(b'0'..=b'9') => {}
            Some(_) => return Err(self.at_next("invalid number")),
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.index += 1;
        }
        Ok(())
    }

    fn skip_value(&mut self) -> Parsed<()> {
        match self.peek_token() {
            Some(b'"') => self.string().map(|_| ()),
            Some(b'[') => self.skip_list(),
            Some(b'{') => self.skip_object(),
            _ => self.scalar().map(|_| ()),
        }
    }

    fn skip_list(&mut self) -> Parsed<()> {
        self.index += 1;
        if self.peek_token() == Some(b']') {
            self.index += 1;
            return Ok(());
        }
        if self.peek_token().is_none() {
            return Err(self.here("EOF while parsing a list"));
        }
        loop {
            self.skip_value()?;
            match self.peek_token() {
                Some(b',') => self.index += 1,
                Some(b']') => {
                    self.index += 1;
                    return Ok(());
                }
                Some(_) => return Err(self.at_next("expected `,` or `]`")),
                None => return Err(self.here("EOF while parsing a list")),
            }
        }
    }

    fn skip_object(&mut self) -> Parsed<()> {
        self.index += 1;
        let mut first = true;
        while self.next_key(&mut first).map_err(no_trailing_comma)?.is_some() {
            self.colon()?;
            self.skip_value()?;
        }
        Ok(())
    }

    fn string(&mut self) -> Parsed<String> {
        self.index += 1;
        let mut out = Vec::new();
        loop {
            match self.take() {
                None => return Err(self.here("EOF while parsing a string")),
                Some(b'"') => return Ok(String::from_utf8_lossy(&out).into_owned()),
                Some(b'\\') => {
                    let ch = self.escaped()?;
                    out.extend_from_slice(ch.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Some(byte) if byte < 0x20 => {
                    return Err(self.here(
                        "control character (\\u0000-\\u001F) found while parsing a string",
                    ))
                }
                Some(byte) => out.push(byte),
            }
        }
    }

    fn escaped(&mut self) -> Parsed<char> {
        match self.take() {
            None => Err(self.here("EOF while parsing a string")),
            Some(b'b') => Ok('\u{8}'),
            Some(b'f') => Ok('\u{c}'),
            Some(b'n') => Ok('\n'),
            Some(b'r') => Ok('\r'),
            Some(b't') => Ok('\t'),
            Some(b'u') => self.unicode_escape(),
            Some(byte @ (b'"' | b'\\' | b'/')) => Ok(byte as char),
            Some(_) => Err(self.here("invalid escape")),
        }
    }

    fn unicode_escape(&mut self) -> Parsed<char> {
        let high = self.four_hex_digits()?;
        if let Some(ch) = char::from_u32(high) {
            return Ok(ch);
        }
        if high >= 0xdc00 {
            return Err(self.here("lone leading surrogate in hex escape"));
        }
        if self.take() != Some(b'\\') || self.take() != Some(b'u') {
            return Err(self.here("unexpected end of hex escape"));
        }
        let low = self.four_hex_digits()?;
        let code = 0x10000 + ((high - 0xd800) << 10) + low.wrapping_sub(0xdc00);
        match (0xdc00..0xe000).contains(&low) {
            true => Ok(char::from_u32(code).unwrap_or('\u{fffd}')),
            false => Err(self.here("lone leading surrogate in hex escape")),
        }
    }

    fn four_hex_digits(&mut self) -> Parsed<u32> {
        if self.index + 4 > self.bytes.len() {
            self.index = self.bytes.len();
            return Err(self.here("EOF while parsing a string"));
        }
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.take().and_then(|byte| (byte as char).to_digit(16));
            value = value * 16 + digit.ok_or_else(|| self.here("invalid escape"))?;
        }
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.index).copied()
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.index += 1;
        Some(byte)
    }

    /// The next byte that is not white space, left in place.
    fn peek_token(&mut self) -> Option<u8> {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.index += 1;
        }
        self.peek()
    }

    /// An error just after what has been read.
    fn here(&self, message: &str) -> String {
        self.placed(message, self.index)
    }

    /// An error at the byte that would be read next.
    fn at_next(&self, message: &str) -> String {
        self.placed(message, (self.index + 1).min(self.bytes.len()))
    }

    fn placed(&self, message: &str, end: usize) -> String {
        let before = &self.bytes[..end];
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        let column = before.iter().rev().take_while(|&&byte| byte != b'\n').count();
        format!("{message} at line {line} column {column}")
    }
}
