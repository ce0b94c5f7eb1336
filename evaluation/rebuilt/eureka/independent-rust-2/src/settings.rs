// Reading and writing the small JSON settings file.
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn not_found() -> io::Error {
    io::Error::from_raw_os_error(2)
}

pub fn file_path() -> io::Result<PathBuf> {
    let xdg = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|p| p.is_absolute());
    let base = match xdg {
        Some(p) => p,
        None => {
            let home = env::var_os("HOME").filter(|h| !h.is_empty()).ok_or_else(not_found)?;
            PathBuf::from(home).join(".config")
        }
    };
    Ok(base.join("eureka").join("config.json"))
}

pub fn load_repo() -> Result<PathBuf, String> {
    let file = file_path().map_err(|e| e.to_string())?;
    let text = fs::read_to_string(file).map_err(|e| e.to_string())?;
    if text.is_empty() {
        return Err(not_found().to_string());
    }
    let mut reader = Reader { text: &text, pos: 0 };
    reader.document().map(PathBuf::from)
}

pub fn make_folder() -> Result<(), String> {
    let file = file_path().map_err(|e| e.to_string())?;
    fs::create_dir_all(file.parent().unwrap_or(Path::new("/"))).map_err(|e| e.to_string())
}

pub fn save_repo(repo: &str) -> Result<(), String> {
    let file = file_path().map_err(|e| e.to_string())?;
    fs::write(&file, format!("{{\"repo\":{}}}", quote(repo))).map_err(|e| e.to_string())
}

pub fn delete() -> Result<(), String> {
    let file = file_path().map_err(|e| e.to_string())?;
    fs::remove_file(file).map_err(|e| e.to_string())
}

fn quote(s: &str) -> String {
    format!("\"{}\"", s.replace('\\', "\\\\").replace('"', "\\\""))
}

struct Reader<'a> {
    text: &'a str,
    pos: usize,
}

enum Value {
    Text(String),
    Other(String),
}

impl Reader<'_> {
    fn fail<T>(&self, message: &str, at: usize) -> Result<T, String> {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        Err(format!("{} at line {} column {}", message, line, before.len() - start))
    }

    fn fail_here<T>(&self, message: &str) -> Result<T, String> {
        self.fail(message, self.pos + 1)
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.pos).copied()
    }

    fn peek(&mut self) -> Option<u8> {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.pos += 1;
        }
        self.byte()
    }

    fn document(&mut self) -> Result<String, String> {
        let mut repo = None;
        match self.peek() {
            Some(b'{') => {
                self.pos += 1;
                let mut first = true;
                while let Some(key) = self.next_key(first)? {
                    first = false;
                    if key == "repo" && repo.is_some() {
                        return self.fail("duplicate field `repo`", self.pos);
                    }
                    self.colon()?;
                    if key == "repo" {
                        repo = Some(self.path_value()?);
                    } else {
                        self.skip_value()?;
                    }
                }
            }
            _ => {
                let kind = match self.scalar()? {
                    Value::Text(s) => format!("string {:?}", s),
                    Value::Other(kind) => kind,
                };
                return self.fail(&format!("invalid type: {}, expected struct Config", kind), self.pos);
            }
        }
        let repo = match repo {
            Some(r) => r,
            None => return self.fail("missing field `repo`", self.pos),
        };
        if self.peek().is_some() {
            return self.fail_here("trailing characters");
        }
        Ok(repo)
    }

    fn next_key(&mut self, first: bool) -> Result<Option<String>, String> {
        match self.peek() {
            None => return self.fail_here("EOF while parsing an object"),
            Some(b'}') => {
                self.pos += 1;
                return Ok(None);
            }
            Some(b',') if !first => {
                self.pos += 1;
                if self.peek() == Some(b'}') {
                    return self.fail_here("trailing comma");
                }
            }
            Some(_) if !first => return self.fail_here("expected a comma or the end of the object"),
            Some(_) => {}
        }
        match self.peek() {
            None => return self.fail_here("EOF while parsing an object"),
            Some(b'"') => {}
            Some(_) => return self.fail_here("key must be a string"),
        }
        self.string().map(Some)
    }

    fn colon(&mut self) -> Result<(), String> {
        match self.peek() {
            Some(b':') => {
                self.pos += 1;
                Ok(())
            }
            None => self.fail_here("EOF while parsing an object"),
            Some(_) => self.fail_here("expected `:`"),
        }
    }

    fn path_value(&mut self) -> Result<String, String> {
        let kind = match self.peek() {
            Some(b'{') => "map".to_string(),
            Some(b'[') => "sequence".to_string(),
            _ => match self.scalar()? {
                Value::Text(s) => return Ok(s),
                Value::Other(kind) => kind,
            },
        };
        self.fail(&format!("invalid type: {}, expected path string", kind), self.pos)
    }

    // Steps over a value of a field that is not used, nested lists and objects included.
    fn skip_value(&mut self) -> Result<(), String> {
        let mut depth = 0;
        loop {
            match self.peek() {
                Some(b'{' | b'[') => depth += 1,
                Some(b'}' | b']') if depth > 0 => depth -= 1,
                Some(b',' | b':') if depth > 0 => {}
                _ => {
                    self.scalar()?;
                    self.pos -= 1;
                }
            }
            self.pos += 1;
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn scalar(&mut self) -> Result<Value, String> {
        match self.peek() {
            Some(b'"') => return self.string().map(Value::Text),
            Some(b'-' | b'0'..=b'9') => return self.number(),
            _ => {}
        }
        for (word, kind) in [("null", "null"), ("true", "boolean `true`"), ("false", "boolean `false`")] {
            if self.text[self.pos..].starts_with(word) {
                self.pos += word.len();
                return Ok(Value::Other(kind.to_string()));
            }
        }
        self.fail_here("expected value")
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.pos;
        while matches!(self.byte(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.pos += 1;
        }
        let word = &self.text[start..self.pos];
        let kind = if word.contains(['.', 'e', 'E']) { "floating point" } else { "integer" };
        match word.parse::<f64>() {
            Ok(_) => Ok(Value::Other(format!("{} `{}`", kind, word))),
            Err(_) => self.fail("malformed number", self.pos),
        }
    }

    fn string(&mut self) -> Result<String, String> {
        let mut out = String::new();
        let mut escaped = false;
        self.pos += 1;
        while let Some(c) = self.text[self.pos..].chars().next() {
            self.pos += c.len_utf8();
            if escaped {
                out.push(match c {
                    '"' | '\\' | '/' => c,
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    _ => return self.fail("invalid escape", self.pos),
                });
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == '"' {
                return Ok(out);
            } else {
                out.push(c);
            }
        }
        self.fail("EOF while parsing a string", self.pos)
    }
}
