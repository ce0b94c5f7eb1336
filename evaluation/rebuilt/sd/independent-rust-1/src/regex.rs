// A small backtracking regex engine with memoisation, working on bytes.

pub type Ranges = Vec<(u32, u32)>;

pub struct Failure {
    pub msg: String,
    pub span: Option<((usize, usize), Option<(usize, usize)>)>,
}

#[derive(Clone, Copy)]
pub struct Options {
    pub ignore_case: bool,
    pub multi_line: bool,
    pub dot_all: bool,
}

#[derive(Clone, Copy)]
struct Flags {
    i: bool,
    m: bool,
    s: bool,
    swap: bool,
    u: bool,
    x: bool,
    crlf: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Look {
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    LineStartCrlf,
    LineEndCrlf,
    Word(WordLook, bool),
}

#[derive(Clone, Copy, PartialEq)]
enum WordLook {
    Boundary,
    NotBoundary,
    Start,
    End,
    StartHalf,
    EndHalf,
}

enum Node {
    Lit(char),
    Byte(u8),
    Class(usize),
    Look(Look),
    Group(Box<Node>, usize),
    Cat(Vec<Node>),
    Alt(Vec<Node>),
    Repeat { node: Box<Node>, min: u32, max: Option<u32>, greedy: bool },
}

struct Class {
    ascii: u128,
    ranges: Ranges,
    bytes: bool,
}

impl Class {
    fn new(ranges: Ranges, bytes: bool) -> Class {
        let mut ascii = 0u128;
        for &(a, b) in &ranges {
            for c in a..=b.min(127) {
                ascii |= 1 << c;
            }
        }
        Class { ascii, ranges, bytes }
    }

    fn has(&self, c: u32) -> bool {
        if c < 128 {
            return self.ascii >> c & 1 == 1;
        }
        let i = self.ranges.partition_point(|r| r.1 < c);
        i < self.ranges.len() && self.ranges[i].0 <= c
    }

    fn cost(&self) -> usize {
        if self.ranges.iter().any(|r| r.1 > 127) { 80 + self.ranges.len() * 65 } else { 32 }
    }
}

fn normalize(mut r: Ranges) -> Ranges {
    r.sort();
    let mut out: Ranges = Vec::new();
    for (a, b) in r {
        match out.last_mut() {
            Some(last) if a <= last.1.saturating_add(1) => last.1 = last.1.max(b),
            _ => out.push((a, b)),
        }
    }
    out
}

fn negate(r: &Ranges, max: u32) -> Ranges {
    let mut out = Vec::new();
    let mut next = 0;
    for &(a, b) in r {
        if a > next {
            out.push((next, a - 1));
        }
        next = b + 1;
    }
    if next <= max {
        out.push((next, max));
    }
    out
}

fn union(a: &Ranges, b: &Ranges) -> Ranges {
    normalize(a.iter().chain(b).copied().collect())
}

fn intersect(a: &Ranges, b: &Ranges) -> Ranges {
    let mut out = Vec::new();
    for &(x, y) in a {
        for &(z, w) in b {
            if x.max(z) <= y.min(w) {
                out.push((x.max(z), y.min(w)));
            }
        }
    }
    normalize(out)
}

fn fold_variants(c: char, unicode: bool) -> Vec<char> {
    if !unicode {
        return vec![c.to_ascii_lowercase(), c.to_ascii_uppercase()];
    }
    fn single(mut it: impl Iterator<Item = char>, c: char) -> char {
        match (it.next(), it.next()) {
            (Some(x), None) => x,
            _ => c,
        }
    }
    let lower = single(c.to_lowercase(), c);
    let upper = single(c.to_uppercase(), c);
    let mut v = vec![c, lower, upper, single(upper.to_lowercase(), c), single(lower.to_uppercase(), c)];
    let groups = ["kK\u{212A}", "sS\u{17F}", "åÅ\u{212B}", "ωΩ\u{2126}", "σςΣ", "ßẞ", "µμΜ", "θΘϑϴ", "βΒϐ", "εΕϵ",
        "κΚϰ", "πΠϖ", "ρΡϱ", "φΦϕ", "ǆǅǄ", "ǉǈǇ", "ǌǋǊ", "ǳǲǱ", "ṡẛṠ"];
    for g in groups {
        if g.contains(c) {
            v.extend(g.chars());
        }
    }
    v.sort();
    v.dedup();
    v
}

fn fold_ranges(r: &Ranges, unicode: bool) -> Ranges {
    let mut out = r.clone();
    for &(a, b) in r {
        let end = if unicode { b.min(0x1E943) } else { b.min(127) };
        for c in a..=end {
            if let Some(c) = char::from_u32(c) {
                out.extend(fold_variants(c, unicode).into_iter().map(|v| (v as u32, v as u32)));
            }
        }
    }
    normalize(out)
}

fn scan(pred: impl Fn(char) -> bool) -> Ranges {
    let mut out: Ranges = Vec::new();
    for c in (0..0x323B0u32).chain(0xE0000..0xE01F0) {
        if char::from_u32(c).is_some_and(&pred) {
            match out.last_mut() {
                Some(last) if last.1 + 1 == c => last.1 = c,
                _ => out.push((c, c)),
            }
        }
    }
    out
}

const DIGIT_STARTS: [u32; 68] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0,
    0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620,
    0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0,
    0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x11F50,
    0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950,
    0x1FBF0,
];

const MARKS: [(u32, u32); 32] = [
    (0x300, 0x36F), (0x483, 0x489), (0x591, 0x5BD), (0x5BF, 0x5BF), (0x5C1, 0x5C2), (0x5C4, 0x5C5), (0x5C7, 0x5C7),
    (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670), (0x6D6, 0x6DC), (0x6DF, 0x6E4), (0x6E7, 0x6E8), (0x6EA, 0x6ED),
    (0x900, 0x903), (0x93A, 0x93C), (0x93E, 0x94F), (0x951, 0x957), (0x962, 0x963), (0x9BC, 0x9BC), (0xA3C, 0xA3C),
    (0xA4D, 0xA4D), (0xE31, 0xE31), (0xE34, 0xE3A), (0xE47, 0xE4E), (0x1AB0, 0x1ACE), (0x1DC0, 0x1DFF),
    (0x20D0, 0x20F0), (0x302A, 0x302F), (0x3099, 0x309A), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F),
];

fn digit_ranges() -> Ranges {
    normalize(DIGIT_STARTS.iter().map(|&s| (s, s + 9)).collect())
}

fn word_ranges() -> Ranges {
    let mut r = scan(char::is_alphabetic);
    r.extend(MARKS);
    r.extend(digit_ranges());
    r.extend([(0x5F, 0x5F), (0x200C, 0x200D), (0x203F, 0x2040), (0x2054, 0x2054), (0xFE33, 0xFE34), (0xFE4D, 0xFE4F),
        (0xFF3F, 0xFF3F), (0xE0100, 0xE01EF)]);
    normalize(r)
}

fn perl_class(c: char, unicode: bool) -> Ranges {
    match (c.to_ascii_lowercase(), unicode) {
        ('d', true) => digit_ranges(),
        ('d', false) => vec![(48, 57)],
        ('s', true) => scan(char::is_whitespace),
        ('s', false) => vec![(9, 13), (32, 32)],
        (_, true) => word_ranges(),
        (_, false) => vec![(48, 57), (65, 90), (95, 95), (97, 122)],
    }
}

fn posix_class(name: &str) -> Option<Ranges> {
    let pred: fn(&char) -> bool = match name {
        "alnum" => |c| c.is_ascii_alphanumeric(),
        "alpha" => |c| c.is_ascii_alphabetic(),
        "ascii" => |_| true,
        "blank" => |c| *c == ' ' || *c == '\t',
        "cntrl" => |c| c.is_ascii_control(),
        "digit" => |c| c.is_ascii_digit(),
        "graph" => |c| c.is_ascii_graphic(),
        "lower" => |c| c.is_ascii_lowercase(),
        "print" => |c| c.is_ascii_graphic() || *c == ' ',
        "punct" => |c| c.is_ascii_punctuation(),
        "space" => |c| c.is_ascii_whitespace() || *c == '\x0b',
        "upper" => |c| c.is_ascii_uppercase(),
        "word" => |c| c.is_ascii_alphanumeric() || *c == '_',
        "xdigit" => |c| c.is_ascii_hexdigit(),
        _ => return None,
    };
    Some(normalize((0..128u8).filter(|&b| pred(&(b as char))).map(|b| (b as u32, b as u32)).collect()))
}

fn set_of(s: &str) -> Ranges {
    s.chars().map(|c| (c as u32, c as u32)).collect()
}

fn property(name: &str) -> Option<Ranges> {
    let n: String = name.chars().filter(|c| !" _-".contains(*c)).collect::<String>().to_lowercase();
    let n = n.strip_prefix("is").filter(|r| !r.is_empty()).unwrap_or(&n);
    let r = match n {
        "any" => vec![(0, 0x10FFFF)],
        "ascii" => vec![(0, 127)],
        "l" | "letter" | "alphabetic" | "alpha" => scan(char::is_alphabetic),
        "lu" | "uppercaseletter" | "uppercase" | "upper" => scan(char::is_uppercase),
        "ll" | "lowercaseletter" | "lowercase" | "lower" => scan(char::is_lowercase),
        "m" | "mark" | "mn" | "nonspacingmark" => MARKS.to_vec(),
        "n" | "number" => union(&scan(char::is_numeric), &digit_ranges()),
        "nd" | "decimalnumber" | "digit" => digit_ranges(),
        "z" | "separator" | "zs" | "spaceseparator" => {
            scan(|c| c.is_whitespace() && !c.is_control() && (n.starts_with("z") && n.len() == 1 || n == "separator" || !"\u{2028}\u{2029}".contains(c)))
        }
        "whitespace" | "space" => scan(char::is_whitespace),
        "cc" | "control" => scan(char::is_control),
        "p" | "punctuation" | "punct" => {
            let mut r = set_of("!\"#%&'()*,-./:;?@[\\]_{}¡§«¶·»¿");
            r.extend([(0x2010, 0x2027), (0x2030, 0x2043), (0x2045, 0x2051), (0x2053, 0x205E), (0x3001, 0x3003),
                (0x3008, 0x3011), (0x3014, 0x301F), (0xFF01, 0xFF03), (0xFF05, 0xFF0A), (0xFF0C, 0xFF0F),
                (0xFF1A, 0xFF1B), (0xFF1F, 0xFF20)]);
            r
        }
        "s" | "symbol" => {
            let mut r = set_of("$+<=>^`|~¢£¤¥¦¨©¬®¯°±´¸×÷\u{2044}\u{2052}");
            r.extend([(0x20A0, 0x20C0), (0x2190, 0x2307), (0x230C, 0x2328), (0x232B, 0x2426), (0x2500, 0x2767),
                (0x2794, 0x27C4), (0x2900, 0x2982), (0x1F300, 0x1FAFF)]);
            r
        }
        "latin" | "latn" => {
            vec![(65, 90), (97, 122), (0xAA, 0xAA), (0xBA, 0xBA), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2B8),
                (0x2E0, 0x2E4), (0x1D00, 0x1D25), (0x1E00, 0x1EFF), (0x212A, 0x212B), (0x2C60, 0x2C7F),
                (0xA722, 0xA787), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)]
        }
        "greek" | "grek" => {
            vec![(0x370, 0x373), (0x375, 0x377), (0x37A, 0x37D), (0x37F, 0x37F), (0x384, 0x384), (0x386, 0x386),
                (0x388, 0x3E1), (0x3F0, 0x3FF), (0x1F00, 0x1FFE)]
        }
        "cyrillic" | "cyrl" => vec![(0x400, 0x484), (0x487, 0x52F), (0x1C80, 0x1C88), (0x2DE0, 0x2DFF), (0xA640, 0xA69F)],
        "han" | "hani" => {
            vec![(0x2E80, 0x2FD5), (0x3005, 0x3005), (0x3007, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B),
                (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAD9), (0x20000, 0x323AF)]
        }
        "hiragana" | "hira" => vec![(0x3041, 0x3096), (0x309D, 0x309F)],
        "katakana" | "kana" => vec![(0x30A1, 0x30FA), (0x30FD, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF6F), (0xFF71, 0xFF9D)],
        "hangul" | "hang" => vec![(0x1100, 0x11FF), (0x3131, 0x318E), (0xA960, 0xA97C), (0xAC00, 0xD7A3)],
        "arabic" | "arab" => vec![(0x600, 0x604), (0x606, 0x60B), (0x60D, 0x61A), (0x61C, 0x61E), (0x620, 0x63F), (0x641, 0x64A), (0x656, 0x66F), (0x671, 0x6DC), (0x6DE, 0x6FF), (0x750, 0x77F)],
        "hebrew" | "hebr" => vec![(0x591, 0x5C7), (0x5D0, 0x5EA), (0x5EF, 0x5F4), (0xFB1D, 0xFB4F)],
        "thai" => vec![(0xE01, 0xE3A), (0xE40, 0xE5B)],
        "devanagari" | "deva" => vec![(0x900, 0x950), (0x955, 0x963), (0x966, 0x97F)],
        _ => return None,
    };
    Some(normalize(r))
}

enum Item {
    Lit(char),
    Byte(u8),
    Set(Ranges),
    Look(Look),
}

struct Parser {
    p: Vec<char>,
    i: usize,
    f: Flags,
    opens: Vec<usize>,
    names: Vec<(String, usize, (usize, usize))>,
    groups: usize,
    classes: Vec<Class>,
    late: Option<Failure>,
}

type Res<T> = Result<T, Failure>;

fn fail<T>(msg: &str, a: usize, b: usize) -> Res<T> {
    Err(Failure { msg: msg.to_string(), span: Some(((a, b), None)) })
}

fn fail2<T>(msg: &str, a: (usize, usize), aux: (usize, usize)) -> Res<T> {
    Err(Failure { msg: msg.to_string(), span: Some((a, Some(aux))) })
}

const ESC_EOF: &str = "incomplete escape sequence, reached end of pattern prematurely";
const CLASS_EOF: &str = "unclosed character class";
const NO_EXPR: &str = "repetition operator missing expression";
const BAD_COUNT: &str = "unclosed counted repetition";

impl Parser {
    fn peek(&self) -> Option<char> {
        self.p.get(self.i).copied()
    }

    fn starts(&self, s: &str) -> bool {
        s.chars().enumerate().all(|(k, c)| self.p.get(self.i + k) == Some(&c))
    }

    fn skip_space(&mut self) {
        if !self.f.x {
            return;
        }
        while let Some(c) = self.peek() {
            if c.is_whitespace() {
                self.i += 1;
            } else if c == '#' {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.i += 1;
                }
            } else {
                break;
            }
        }
    }

    fn late_fail(&mut self, msg: &str, a: usize, b: usize) {
        if self.late.is_none() {
            self.late = fail::<()>(msg, a, b).err();
        }
    }

    fn class(&mut self, r: Ranges) -> Node {
        self.classes.push(Class::new(r, !self.f.u));
        Node::Class(self.classes.len() - 1)
    }

    fn max(&self) -> u32 {
        if self.f.u { 0x10FFFF } else { 255 }
    }

    fn literal(&mut self, c: char) -> Node {
        if self.f.i {
            let v = fold_variants(c, self.f.u);
            if v.iter().any(|&x| x != c) {
                return self.class(normalize(v.into_iter().map(|x| (x as u32, x as u32)).collect()));
            }
        }
        Node::Lit(c)
    }

    fn alternation(&mut self, depth: usize) -> Res<Node> {
        let mut alts = Vec::new();
        let mut cat: Vec<Node> = Vec::new();
        let mut repeatable = false;
        loop {
            self.skip_space();
            let Some(c) = self.peek() else {
                if depth > 0 {
                    let open = *self.opens.last().unwrap();
                    return fail("unclosed group", open, open + 1);
                }
                break;
            };
            match c {
                ')' => {
                    if depth == 0 {
                        return fail("unopened group", self.i, self.i + 1);
                    }
                    break;
                }
                '|' => {
                    self.i += 1;
                    alts.push(Node::Cat(std::mem::take(&mut cat)));
                    repeatable = false;
                }
                '*' | '+' | '?' | '{' => {
                    if !repeatable {
                        return fail(NO_EXPR, self.i, self.i + 1);
                    }
                    let (min, max) = match c {
                        '*' => (0, None),
                        '+' => (1, None),
                        '?' => (0, Some(1)),
                        _ => self.counted()?,
                    };
                    if c != '{' {
                        self.i += 1;
                    }
                    let mut greedy = true;
                    if self.peek() == Some('?') {
                        self.i += 1;
                        greedy = false;
                    }
                    let node = Box::new(cat.pop().unwrap());
                    cat.push(Node::Repeat { node, min, max, greedy: greedy != self.f.swap });
                }
                '(' => {
                    let node = self.group(depth)?;
                    repeatable = node.is_some();
                    cat.extend(node);
                }
                _ => {
                    repeatable = true;
                    let node = self.atom(c)?;
                    cat.push(node);
                }
            }
        }
        alts.push(Node::Cat(cat));
        Ok(if alts.len() == 1 { alts.pop().unwrap() } else { Node::Alt(alts) })
    }

    fn atom(&mut self, c: char) -> Res<Node> {
        let f = self.f;
        Ok(match c {
            '.' => {
                self.i += 1;
                let not: Ranges = match (f.s, f.crlf) {
                    (true, _) => vec![],
                    (_, true) => vec![(10, 10), (13, 13)],
                    _ => vec![(10, 10)],
                };
                self.class(negate(&not, self.max()))
            }
            '^' | '$' => {
                self.i += 1;
                Node::Look(match (c == '^', f.m, f.crlf) {
                    (true, false, _) => Look::TextStart,
                    (false, false, _) => Look::TextEnd,
                    (true, true, false) => Look::LineStart,
                    (false, true, false) => Look::LineEnd,
                    (true, true, true) => Look::LineStartCrlf,
                    (false, true, true) => Look::LineEndCrlf,
                })
            }
            '[' => {
                let r = self.bracket()?;
                self.class(r)
            }
            '\\' => match self.escape(false)? {
                Item::Lit(c) => self.literal(c),
                Item::Byte(b) => Node::Byte(b),
                Item::Set(r) => self.class(r),
                Item::Look(l) => Node::Look(l),
            },
            _ => {
                self.i += 1;
                self.literal(c)
            }
        })
    }

    fn number(&mut self, open: usize) -> Res<u32> {
        while self.peek().is_some_and(|c| c.is_whitespace()) {
            self.i += 1;
        }
        let start = self.i;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.i += 1;
        }
        let end = self.i;
        while self.peek().is_some_and(|c| c.is_whitespace()) {
            self.i += 1;
        }
        if start == end {
            if self.peek().is_none() {
                return fail(BAD_COUNT, open, self.i);
            }
            return fail("repetition quantifier expects a valid decimal", start, start);
        }
        let text: String = self.p[start..end].iter().collect();
        text.parse().or_else(|_| fail("decimal literal invalid", start, end))
    }

    fn counted(&mut self) -> Res<(u32, Option<u32>)> {
        let open = self.i;
        self.i += 1;
        if self.peek().is_none() {
            return fail(BAD_COUNT, open, self.i);
        }
        let min = self.number(open)?;
        let mut max = Some(min);
        if self.peek() == Some(',') {
            self.i += 1;
            max = match self.peek() {
                None => return fail(BAD_COUNT, open, self.i),
                Some('}') => None,
                _ => Some(self.number(open)?),
            };
        }
        if self.peek() != Some('}') {
            return fail(BAD_COUNT, open, self.i);
        }
        self.i += 1;
        if max.is_some_and(|m| m < min) {
            return fail("invalid repetition count range, the start must be <= the end", open, self.i);
        }
        Ok((min, max))
    }

    fn group(&mut self, depth: usize) -> Res<Option<Node>> {
        let open = self.i;
        self.i += 1;
        self.skip_space();
        let saved = self.f;
        let mut index = None;
        for look in ["?=", "?!", "?<=", "?<!"] {
            if self.starts(look) {
                let end = self.i + look.len();
                return fail("look-around, including look-ahead and look-behind, is not supported", open, end);
            }
        }
        if self.starts("?P<") || self.starts("?<") {
            self.i += if self.starts("?<") { 2 } else { 3 };
            self.groups += 1;
            index = Some(self.groups);
            self.group_name(self.groups)?;
        } else if self.peek() == Some('?') {
            let mark = self.i;
            self.i += 1;
            if self.peek().is_none() {
                return fail("unclosed group", open, open + 1);
            }
            if self.flags()? == ')' {
                if self.i == mark + 2 {
                    return fail(NO_EXPR, mark, mark + 1);
                }
                return Ok(None);
            }
        } else {
            self.groups += 1;
            index = Some(self.groups);
        }
        self.opens.push(open);
        let node = self.alternation(depth + 1)?;
        self.opens.pop();
        self.i += 1;
        self.f = saved;
        Ok(Some(match index {
            Some(k) => Node::Group(Box::new(node), k),
            None => node,
        }))
    }

    fn group_name(&mut self, index: usize) -> Res<()> {
        let start = self.i;
        loop {
            match self.peek() {
                None => return fail("unclosed capture group name", self.i, self.i),
                Some('>') => break,
                Some(c) => {
                    let ok = c == '_' || c.is_alphabetic()
                        || self.i > start && (c.is_alphanumeric() || ".[]".contains(c));
                    if !ok {
                        return fail("invalid capture group character", self.i, self.i + 1);
                    }
                }
            }
            self.i += 1;
        }
        let end = self.i;
        if start == end {
            return fail("empty capture group name", start, start);
        }
        let name: String = self.p[start..end].iter().collect();
        if let Some(old) = self.names.iter().find(|n| n.0 == name) {
            return fail2("duplicate capture group name", (start, end), old.2);
        }
        self.names.push((name, index, (start, end)));
        self.i += 1;
        Ok(())
    }

    fn flags(&mut self) -> Res<char> {
        let mut seen: Vec<(char, usize)> = Vec::new();
        let mut minus: Option<usize> = None;
        let mut new = self.f;
        loop {
            let at = self.i;
            let Some(c) = self.peek() else {
                return fail("expected flag but got end of regex", at, at);
            };
            match c {
                ':' | ')' => {
                    if minus.is_some_and(|m| m + 1 == at) {
                        return fail("dangling flag negation operator", at - 1, at);
                    }
                    self.i += 1;
                    self.f = new;
                    return Ok(c);
                }
                '-' => {
                    if let Some(m) = minus {
                        return fail2("flag negation operator repeated", (at, at + 1), (m, m + 1));
                    }
                    minus = Some(at);
                }
                _ => {
                    let slot = match c {
                        'i' => &mut new.i,
                        'm' => &mut new.m,
                        's' => &mut new.s,
                        'U' => &mut new.swap,
                        'u' => &mut new.u,
                        'x' => &mut new.x,
                        'R' => &mut new.crlf,
                        _ => return fail("unrecognized flag", at, at + 1),
                    };
                    *slot = minus.is_none();
                    if let Some(old) = seen.iter().find(|s| s.0 == c) {
                        return fail2("duplicate flag", (at, at + 1), (old.1, old.1 + 1));
                    }
                    seen.push((c, at));
                }
            }
            self.i += 1;
        }
    }

    fn escape(&mut self, in_class: bool) -> Res<Item> {
        let start = self.i;
        self.i += 1;
        let Some(c) = self.peek() else {
            return fail(ESC_EOF, start, self.i);
        };
        self.i += 1;
        let word = |w| Item::Look(Look::Word(w, self.f.u));
        let item = match c {
            '0'..='9' => return fail("backreferences are not supported", start, self.i),
            'x' | 'u' | 'U' => return self.hex(c),
            'p' | 'P' => return self.property_escape(start, c == 'P'),
            'd' | 's' | 'w' => Item::Set(perl_class(c, self.f.u)),
            'D' | 'S' | 'W' => Item::Set(negate(&perl_class(c, self.f.u), self.max())),
            'a' => Item::Lit('\x07'),
            'f' => Item::Lit('\x0c'),
            't' => Item::Lit('\t'),
            'n' => Item::Lit('\n'),
            'r' => Item::Lit('\r'),
            'v' => Item::Lit('\x0b'),
            'A' => Item::Look(Look::TextStart),
            'z' => Item::Look(Look::TextEnd),
            'B' => word(WordLook::NotBoundary),
            '<' => word(WordLook::Start),
            '>' => word(WordLook::End),
            'b' if in_class => word(WordLook::Boundary),
            'b' => {
                let kind = self.special_boundary(start)?;
                Item::Look(Look::Word(kind, self.f.u))
            }
            _ if c.is_ascii() && !c.is_ascii_alphanumeric() => Item::Lit(c),
            _ => return fail("unrecognized escape sequence", start, self.i),
        };
        if in_class && matches!(item, Item::Look(_)) {
            return fail("invalid escape sequence found in character class", start, self.i);
        }
        Ok(item)
    }

    fn special_boundary(&mut self, start: usize) -> Res<WordLook> {
        if self.peek() != Some('{') {
            return Ok(WordLook::Boundary);
        }
        let brace = self.i;
        let valid = |c: char| c.is_ascii_alphabetic() || c == '-';
        self.i += 1;
        match self.peek() {
            None => return fail("found either the beginning of a special word boundary or a bounded repetition on a \\b with an opening brace, but no closing brace", start, self.i),
            Some(c) if !valid(c) => {
                self.i = brace;
                return Ok(WordLook::Boundary);
            }
            _ => {}
        }
        while self.peek().is_some_and(valid) {
            self.i += 1;
        }
        if self.peek() != Some('}') {
            return fail("special word boundary assertion is either unclosed or contains an invalid character", brace, self.i);
        }
        let name: String = self.p[brace + 1..self.i].iter().collect();
        self.i += 1;
        match name.as_str() {
            "start" => Ok(WordLook::Start),
            "end" => Ok(WordLook::End),
            "start-half" => Ok(WordLook::StartHalf),
            "end-half" => Ok(WordLook::EndHalf),
            _ => fail("unrecognized special word boundary assertion, valid choices are: start, end, start-half or end-half", brace + 1, self.i - 1),
        }
    }

    fn hex(&mut self, kind: char) -> Res<Item> {
        let brace = self.i;
        let braced = self.peek() == Some('{');
        let digits = if braced {
            self.i += 1;
            usize::MAX
        } else {
            match kind {
                'x' => 2,
                'u' => 4,
                _ => 8,
            }
        };
        let start = self.i;
        while self.i - start < digits {
            match self.peek() {
                None if braced => return fail(ESC_EOF, brace, self.i),
                None => return fail(ESC_EOF, self.i, self.i),
                Some('}') if braced => break,
                Some(c) if !c.is_ascii_hexdigit() => return fail("invalid hexadecimal digit", self.i, self.i + 1),
                _ => self.i += 1,
            }
        }
        let end = self.i;
        if braced {
            self.i += 1;
            if start == end {
                return fail("hexadecimal literal empty", brace, self.i);
            }
        }
        let text: String = self.p[start..end].iter().collect();
        let Ok(n) = u32::from_str_radix(&text, 16) else {
            return fail("hexadecimal literal invalid", start, end);
        };
        match char::from_u32(n) {
            None => fail("hexadecimal literal is not a Unicode scalar value", start, end),
            Some(_) if !self.f.u && kind == 'x' && !braced && n > 127 => Ok(Item::Byte(n as u8)),
            Some(c) => Ok(Item::Lit(c)),
        }
    }

    fn property_escape(&mut self, start: usize, negated: bool) -> Res<Item> {
        let Some(c) = self.peek() else {
            return fail(ESC_EOF, self.i, self.i);
        };
        self.i += 1;
        let mut name = c.to_string();
        if c == '{' {
            let from = self.i;
            while self.peek() != Some('}') {
                if self.peek().is_none() {
                    return fail(ESC_EOF, self.i, self.i);
                }
                self.i += 1;
            }
            name = self.p[from..self.i].iter().collect();
            self.i += 1;
        }
        let mut missing = "Unicode property not found";
        if let Some((key, value)) = name.clone().split_once(['=', ':']) {
            let known = ["script", "sc", "scx", "scriptextensions", "gc", "generalcategory", "age"];
            let key = key.trim_end_matches('!').replace(['_', ' ', '-'], "").to_lowercase();
            if !known.contains(&key.as_str()) {
                self.late_fail(missing, start, self.i);
            }
            missing = "Unicode property value not found";
            name = value.to_string();
        }
        if !self.f.u {
            self.late_fail("Unicode not allowed here", start, self.i);
        }
        match property(&name) {
            None => {
                self.late_fail(missing, start, self.i);
                Ok(Item::Set(vec![]))
            }
            Some(r) => {
                let r = if self.f.i { fold_ranges(&r, true) } else { r };
                Ok(Item::Set(if negated { negate(&r, 0x10FFFF) } else { r }))
            }
        }
    }

    fn bracket(&mut self) -> Res<Ranges> {
        let open = self.i;
        self.i += 1;
        self.skip_space();
        let mut cur: Ranges = Vec::new();
        let mut negated = false;
        if self.peek() == Some('^') {
            negated = true;
            self.i += 1;
            self.skip_space();
        }
        let first = self.i;
        while self.peek() == Some('-') {
            cur.push((45, 45));
            self.i += 1;
        }
        if self.i == first && self.peek() == Some(']') {
            cur.push((93, 93));
            self.i += 1;
        }
        if self.peek().is_none() && self.p[self.i - 1] != '-' {
            return fail(CLASS_EOF, open, self.i);
        }
        let head = if self.peek().is_none() { open + 1 } else { self.i };
        let mut left: Option<(Ranges, char)> = None;
        loop {
            self.skip_space();
            let Some(c) = self.peek() else {
                return fail(CLASS_EOF, open, head);
            };
            if c == ']' {
                self.i += 1;
                break;
            }
            if "&-~".contains(c) && self.p.get(self.i + 1) == Some(&c) {
                self.i += 2;
                let done = self.combine(left.take(), std::mem::take(&mut cur));
                left = Some((done, c));
                continue;
            }
            if c == '[' {
                let r = match self.posix() {
                    Some(r) => r,
                    None => self.bracket()?,
                };
                cur.extend(r);
                continue;
            }
            self.range((open, head), &mut cur)?;
        }
        let r = self.combine(left, cur);
        Ok(if negated { negate(&r, self.max()) } else { r })
    }

    fn combine(&self, left: Option<(Ranges, char)>, right: Ranges) -> Ranges {
        let mut right = normalize(right);
        if self.f.i {
            right = fold_ranges(&right, self.f.u);
        }
        match left {
            None => right,
            Some((l, '&')) => intersect(&l, &right),
            Some((l, '-')) => intersect(&l, &negate(&right, self.max())),
            Some((l, _)) => intersect(&union(&l, &right), &negate(&intersect(&l, &right), self.max())),
        }
    }

    fn posix(&mut self) -> Option<Ranges> {
        if !self.starts("[:") {
            return None;
        }
        let mut j = self.i + 2;
        let negated = self.p.get(j) == Some(&'^');
        if negated {
            j += 1;
        }
        let from = j;
        while self.p.get(j).is_some_and(|c| c.is_ascii_alphabetic()) {
            j += 1;
        }
        let name: String = self.p[from..j].iter().collect();
        if self.p.get(j) != Some(&':') || self.p.get(j + 1) != Some(&']') {
            return None;
        }
        let r = posix_class(&name)?;
        self.i = j + 2;
        Some(if negated { negate(&r, self.max()) } else { r })
    }

    fn class_item(&mut self) -> Res<Item> {
        if self.peek() == Some('\\') {
            return self.escape(true);
        }
        self.i += 1;
        Ok(Item::Lit(self.p[self.i - 1]))
    }

    fn range(&mut self, open: (usize, usize), cur: &mut Ranges) -> Res<()> {
        let start = self.i;
        let low = self.class_item()?;
        let low_end = self.i;
        self.skip_space();
        let next = self.p.get(self.i + 1).copied();
        if self.peek() != Some('-') || next == Some(']') || next == Some('-') {
            match low {
                Item::Lit(c) => cur.push((c as u32, c as u32)),
                Item::Byte(b) => cur.push((b as u32, b as u32)),
                Item::Set(r) => cur.extend(r),
                Item::Look(_) => {}
            }
            return Ok(());
        }
        self.i += 1;
        self.skip_space();
        if self.peek().is_none() {
            return fail(CLASS_EOF, open.0, open.1);
        }
        let mid = self.i;
        let high = self.class_item()?;
        let value = |item: &Item, a: usize, b: usize| match item {
            Item::Lit(c) => Ok(*c as u32),
            Item::Byte(b) => Ok(*b as u32),
            _ => fail("invalid range boundary, must be a literal", a, b),
        };
        let a = value(&low, start, low_end)?;
        let b = value(&high, mid, self.i)?;
        if a > b {
            return fail("invalid character class range, the start must be <= the end", start, self.i);
        }
        cur.push((a, b));
        Ok(())
    }
}

enum Inst {
    Byte(u8),
    Class(usize),
    Split(usize, usize, usize),
    Jmp(usize),
    Save(usize),
    Look(Look),
    Match,
}

struct Compiler<'a> {
    prog: Vec<Inst>,
    splits: usize,
    size: usize,
    classes: &'a [Class],
}

const SIZE_LIMIT: usize = 10485760;

impl Compiler<'_> {
    fn emit(&mut self, inst: Inst) -> Res<usize> {
        self.size += match inst {
            Inst::Class(k) => self.classes[k].cost(),
            _ => 24,
        };
        if self.size > SIZE_LIMIT {
            let msg = format!("Compiled regex exceeds size limit of {} bytes.", SIZE_LIMIT);
            return Err(Failure { msg, span: None });
        }
        self.prog.push(inst);
        Ok(self.prog.len() - 1)
    }

    fn split(&mut self) -> Res<usize> {
        self.splits += 1;
        self.emit(Inst::Split(0, 0, self.splits - 1))
    }

    fn patch(&mut self, at: usize, first: usize, second: usize, greedy: bool) {
        if let Inst::Split(a, b, _) = &mut self.prog[at] {
            (*a, *b) = if greedy { (first, second) } else { (second, first) };
        }
    }

    fn node(&mut self, node: &Node) -> Res<()> {
        match node {
            Node::Lit(c) => {
                for &b in c.encode_utf8(&mut [0; 4]).as_bytes() {
                    self.emit(Inst::Byte(b))?;
                }
            }
            Node::Byte(b) => {
                self.emit(Inst::Byte(*b))?;
            }
            Node::Class(k) => {
                self.emit(Inst::Class(*k))?;
            }
            Node::Look(l) => {
                self.emit(Inst::Look(*l))?;
            }
            Node::Group(n, k) => {
                self.emit(Inst::Save(2 * k))?;
                self.node(n)?;
                self.emit(Inst::Save(2 * k + 1))?;
            }
            Node::Cat(v) => {
                for n in v {
                    self.node(n)?;
                }
            }
            Node::Alt(v) => {
                let mut jumps = Vec::new();
                for (k, n) in v.iter().enumerate() {
                    if k + 1 == v.len() {
                        self.node(n)?;
                        break;
                    }
                    let s = self.split()?;
                    self.node(n)?;
                    jumps.push(self.emit(Inst::Jmp(0))?);
                    let next = self.prog.len();
                    self.patch(s, s + 1, next, true);
                }
                let end = self.prog.len();
                for j in jumps {
                    self.prog[j] = Inst::Jmp(end);
                }
            }
            Node::Repeat { node, min, max, greedy } => self.repeat(node, *min, *max, *greedy)?,
        }
        Ok(())
    }

    fn repeat(&mut self, node: &Node, min: u32, max: Option<u32>, greedy: bool) -> Res<()> {
        let plus = |c: &mut Self| -> Res<()> {
            let start = c.prog.len();
            c.node(node)?;
            let s = c.split()?;
            c.patch(s, start, s + 1, greedy);
            Ok(())
        };
        match max {
            None if min == 0 => {
                let s = self.split()?;
                if can_be_empty(node) {
                    plus(self)?;
                } else {
                    self.node(node)?;
                    self.emit(Inst::Jmp(s))?;
                }
                let end = self.prog.len();
                self.patch(s, s + 1, end, greedy);
            }
            None => {
                for _ in 1..min {
                    self.node(node)?;
                }
                plus(self)?;
            }
            Some(max) => {
                for _ in 0..min {
                    self.node(node)?;
                    self.size += 1;
                }
                let mut splits = Vec::new();
                for _ in min..max {
                    splits.push(self.split()?);
                    self.node(node)?;
                }
                let end = self.prog.len();
                for s in splits {
                    self.patch(s, s + 1, end, greedy);
                }
            }
        }
        Ok(())
    }
}

fn can_be_empty(node: &Node) -> bool {
    match node {
        Node::Look(_) => true,
        Node::Lit(_) | Node::Byte(_) | Node::Class(_) => false,
        Node::Group(n, _) => can_be_empty(n),
        Node::Cat(v) => v.iter().all(can_be_empty),
        Node::Alt(v) => v.iter().any(can_be_empty),
        Node::Repeat { node, min, .. } => *min == 0 || can_be_empty(node),
    }
}

pub struct Regex {
    prog: Vec<Inst>,
    classes: Vec<Class>,
    words: Vec<Class>,
    names: Vec<(String, usize)>,
    splits: usize,
    groups: usize,
    first: Option<Vec<bool>>,
}

#[derive(Default)]
pub struct Cache {
    visited: Vec<u64>,
    stack: Vec<Job>,
}

enum Job {
    Run(usize, usize),
    Restore(usize, Option<usize>),
}

fn decode(t: &[u8], at: usize) -> Option<(u32, usize)> {
    let b = *t.get(at)?;
    let len = match b {
        0..=0x7F => return Some((b as u32, 1)),
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let s = std::str::from_utf8(t.get(at..at + len)?).ok()?;
    s.chars().next().map(|c| (c as u32, len))
}

fn decode_before(t: &[u8], at: usize) -> Option<u32> {
    for k in 1..=at.min(4) {
        if t[at - k] & 0xC0 != 0x80 {
            return decode(t, at - k).filter(|d| d.1 == k).map(|d| d.0);
        }
    }
    None
}

impl Regex {
    pub fn new(pattern: &str, o: Options) -> Res<Regex> {
        let f = Flags { i: o.ignore_case, m: o.multi_line, s: o.dot_all, swap: false, u: true, x: false, crlf: false };
        let mut parser = Parser {
            p: pattern.chars().collect(),
            i: 0,
            f,
            opens: vec![],
            names: vec![],
            groups: 0,
            classes: vec![],
            late: None,
        };
        let result = parser.alternation(0).and_then(|n| match parser.late.take() {
            Some(e) => Err(e),
            None => Ok(n),
        });
        let node = result.map_err(|e| describe(e, pattern))?;
        let mut c = Compiler { prog: vec![], splits: 0, size: 0, classes: &parser.classes };
        c.node(&node)?;
        c.emit(Inst::Match)?;
        let (prog, splits) = (c.prog, c.splits);
        let uses_words = prog.iter().any(|i| matches!(i, Inst::Look(Look::Word(_, true))));
        let unicode = if uses_words { word_ranges() } else { vec![] };
        let mut re = Regex {
            prog,
            classes: parser.classes,
            words: vec![Class::new(perl_class('w', false), false), Class::new(unicode, false)],
            names: parser.names.into_iter().map(|n| (n.0, n.1)).collect(),
            splits,
            groups: parser.groups + 1,
            first: None,
        };
        re.first = re.first_bytes();
        Ok(re)
    }

    pub fn group_index(&self, name: &str) -> Option<usize> {
        self.names.iter().find(|n| n.0 == name).map(|n| n.1)
    }

    fn first_bytes(&self) -> Option<Vec<bool>> {
        let mut set = vec![false; 256];
        let mut seen = vec![false; self.prog.len()];
        let mut todo = vec![0];
        while let Some(pc) = todo.pop() {
            if std::mem::replace(&mut seen[pc], true) {
                continue;
            }
            match &self.prog[pc] {
                Inst::Byte(b) => set[*b as usize] = true,
                Inst::Class(k) => {
                    let c = &self.classes[*k];
                    for b in 0..256u32 {
                        if b >= 128 && !c.bytes && c.ranges.last().is_some_and(|r| r.1 > 127) || c.has(b) && (b < 128 || c.bytes) {
                            set[b as usize] = true;
                        }
                    }
                }
                Inst::Split(a, b, _) => todo.extend([*a, *b]),
                Inst::Jmp(a) => todo.push(*a),
                Inst::Save(_) | Inst::Look(_) => todo.push(pc + 1),
                Inst::Match => return None,
            }
        }
        Some(set)
    }

    /// Finds the leftmost match at or after `at`, giving the capture slots.
    pub fn find(&self, t: &[u8], at: usize, cache: &mut Cache) -> Option<Vec<Option<usize>>> {
        let mut slots = vec![None; self.groups * 2];
        let mut base = at;
        cache.visited.clear();
        let mut start = at;
        while start <= t.len() {
            if let Some(set) = &self.first {
                start += t[start..].iter().position(|&b| set[b as usize])?;
            }
            if self.splits > 0 && start - base >= cache.visited.len() * 64 / self.splits + 1 {
                cache.visited.clear();
                base = start;
            }
            if let Some(end) = self.run(t, start, base, &mut slots, cache) {
                slots[0] = Some(start);
                slots[1] = Some(end);
                return Some(slots);
            }
            start += 1;
        }
        None
    }

    fn run(&self, t: &[u8], start: usize, base: usize, slots: &mut [Option<usize>], cache: &mut Cache) -> Option<usize> {
        cache.stack.clear();
        cache.stack.push(Job::Run(0, start));
        while let Some(job) = cache.stack.pop() {
            let (mut pc, mut pos) = match job {
                Job::Run(pc, pos) => (pc, pos),
                Job::Restore(slot, old) => {
                    slots[slot] = old;
                    continue;
                }
            };
            loop {
                match &self.prog[pc] {
                    Inst::Byte(b) => {
                        if t.get(pos) != Some(b) {
                            break;
                        }
                        pos += 1;
                        pc += 1;
                    }
                    Inst::Class(k) => {
                        let c = &self.classes[*k];
                        let got = if c.bytes { t.get(pos).map(|&b| (b as u32, 1)) } else { decode(t, pos) };
                        match got {
                            Some((ch, len)) if c.has(ch) => pos += len,
                            _ => break,
                        }
                        pc += 1;
                    }
                    Inst::Split(a, b, id) => {
                        let bit = (pos - base) * self.splits + id;
                        if bit / 64 >= cache.visited.len() {
                            let want = ((pos - base + 1) * self.splits + 63) / 64;
                            cache.visited.resize(want, 0);
                        }
                        let word = &mut cache.visited[bit / 64];
                        if *word >> (bit % 64) & 1 == 1 {
                            break;
                        }
                        *word |= 1 << (bit % 64);
                        cache.stack.push(Job::Run(*b, pos));
                        pc = *a;
                    }
                    Inst::Jmp(a) => pc = *a,
                    Inst::Save(slot) => {
                        cache.stack.push(Job::Restore(*slot, slots[*slot]));
                        slots[*slot] = Some(pos);
                        pc += 1;
                    }
                    Inst::Look(l) => {
                        if !self.look(*l, t, pos) {
                            break;
                        }
                        pc += 1;
                    }
                    Inst::Match => return Some(pos),
                }
            }
        }
        None
    }

    fn look(&self, l: Look, t: &[u8], at: usize) -> bool {
        let prev = if at > 0 { Some(t[at - 1]) } else { None };
        let next = t.get(at).copied();
        match l {
            Look::TextStart => at == 0,
            Look::TextEnd => at == t.len(),
            Look::LineStart => at == 0 || prev == Some(b'\n'),
            Look::LineEnd => at == t.len() || next == Some(b'\n'),
            Look::LineStartCrlf => at == 0 || prev == Some(b'\n') || prev == Some(b'\r') && next != Some(b'\n'),
            Look::LineEndCrlf => at == t.len() || next == Some(b'\r') || next == Some(b'\n') && prev != Some(b'\r'),
            Look::Word(kind, unicode) => {
                let (before, after) = if unicode {
                    let w = &self.words[1];
                    (decode_before(t, at).is_some_and(|c| w.has(c)), decode(t, at).is_some_and(|c| w.has(c.0)))
                } else {
                    let w = &self.words[0];
                    (prev.is_some_and(|b| w.has(b as u32)), next.is_some_and(|b| w.has(b as u32)))
                };
                match kind {
                    WordLook::Boundary => before != after,
                    WordLook::NotBoundary => {
                        let split = unicode && next.is_some_and(|b| b & 0xC0 == 0x80) && prev.is_some_and(|b| b >= 0x80);
                        before == after && !split
                    }
                    WordLook::Start => !before && after,
                    WordLook::End => before && !after,
                    WordLook::StartHalf => !before,
                    WordLook::EndHalf => !after,
                }
            }
        }
    }
}

fn describe(e: Failure, pattern: &str) -> Failure {
    let Some((main, aux)) = e.span else { return e };
    let mut spans = vec![main];
    spans.extend(aux);
    spans.sort();
    let mut lines: Vec<&str> = pattern.split('\n').collect();
    let multi = lines.len() > 1;
    let mut starts = vec![0];
    for l in &lines {
        starts.push(starts.last().unwrap() + l.chars().count() + 1);
    }
    let line_of = |at: usize| starts.iter().rposition(|&s| s <= at).unwrap().min(starts.len() - 2);
    if multi && lines.last() == Some(&"") && spans.iter().all(|s| line_of(s.0) + 1 < lines.len()) {
        lines.pop();
    }
    let crosses = |s: &(usize, usize)| line_of(s.0) != line_of(s.1);
    let width = lines.len().to_string().len();
    let divider = "~".repeat(79) + "\n";
    let mut out = String::from("regex parse error:\n");
    if multi {
        out += &divider;
    }
    for (k, line) in lines.iter().enumerate() {
        let prefix = if multi { format!("{:>width$}: ", k + 1) } else { "    ".to_string() };
        out += &format!("{}{}\n", prefix, line);
        let mut marks = String::new();
        for &(a, b) in spans.iter().filter(|s| line_of(s.0) == k && !crosses(s)) {
            let col = a - starts[k];
            while marks.len() < col {
                marks.push(' ');
            }
            marks += &"^".repeat((b - a).max(1));
        }
        if !marks.is_empty() {
            out += &format!("{}{}\n", " ".repeat(prefix.len()), marks);
        }
    }
    if multi {
        out += &divider;
        for s in spans.iter().filter(|s| crosses(s)) {
            let (a, b) = (line_of(s.0), line_of(s.1));
            let (c, d) = (s.0 - starts[a] + 1, s.1 - starts[b]);
            out += &format!("on line {} (column {}) through line {} (column {})\n", a + 1, c, b + 1, d);
        }
    }
    out += &format!("error: {}", e.msg);
    Failure { msg: out, span: None }
}
