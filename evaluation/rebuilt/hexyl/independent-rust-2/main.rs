mod options;

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Read, Seek, SeekFrom, Write};
use std::process::exit;

type Chain = Vec<String>;

fn fail(chain: Chain) -> ! {
    eprintln!("Error: {}", chain[0]);
    match &chain[1..] {
        [] => {}
        [cause] => eprintln!("\nCaused by:\n    {}", cause),
        [first, second, ..] => eprintln!("\nCaused by:\n    0: {}\n    1: {}", first, second),
    }
    exit(1)
}

fn one(message: &str) -> Chain {
    vec![message.to_string()]
}

// the flag tells that the count is in blocks
fn parse_unsigned(text: &str) -> Result<(i64, bool), Chain> {
    let bad_digits = |e: std::num::ParseIntError| vec!["failed to parse integer part".to_string(), e.to_string()];
    if let Some(hex) = text.strip_prefix("0x") {
        if hex.starts_with(['+', '-']) {
            let sign = &hex[..1];
            return Err(vec![format!("found '{}' sign after hex prefix (\"0x\"); signs should go before it", sign)]);
        }
        return Ok((i64::from_str_radix(hex, 16).map_err(bad_digits)?, false));
    }
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if end == 0 {
        return Err(vec![format!("{:?} is not of the expected form <pos-integer>[<unit>]", text)]);
    }
    let number: i64 = text[..end].parse().map_err(bad_digits)?;
    let unit = &text[end..];
    let lower = unit.to_lowercase();
    let blocks = lower == "block" || lower == "blocks";
    let units = ["kb", "mb", "gb", "tb", "kib", "mib", "gib", "tib"];
    let factor = match units.iter().position(|u| *u == lower) {
        Some(n) if n < 4 => 1000i64.pow(n as u32 + 1),
        Some(n) => 1024i64.pow(n as u32 - 3),
        None if blocks || unit.is_empty() => 1,
        None => return Err(vec![format!("invalid unit {:?}", unit)]),
    };
    Ok((multiply(number, factor)?, blocks))
}

fn multiply(a: i64, b: i64) -> Result<i64, Chain> {
    let message = "count multiplied by the unit overflowed a signed 64-bit integer; are you sure it should be that big?";
    a.checked_mul(b).ok_or_else(|| one(message))
}

fn parse_signed(text: &str, block: i64) -> Result<i64, Chain> {
    if text.is_empty() {
        return Err(one("no character data found, did you forget to write it?"));
    }
    let negative = text.starts_with('-');
    let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest.is_empty() {
        return Err(one("no digits found after sign, did you forget to write them?"));
    }
    let (number, blocks) = parse_unsigned(rest)?;
    let count = if blocks { multiply(number, block)? } else { number };
    Ok(if negative { -count } else { count })
}

fn amount_option(args: &options::Args, key: &str, block: i64, signed: bool) -> Option<i64> {
    let text = args.get(key)?;
    let causes = match parse_signed(text, block) {
        Ok(n) if n >= 0 || signed => return Some(n),
        Ok(_) => one("negative offset specified, but only positive offsets (counts) are accepted in this context"),
        Err(causes) => causes,
    };
    let mut chain = vec![format!("failed to parse `--{}` arg {:?} as byte count", key, text)];
    chain.extend(causes);
    fail(chain)
}

fn block_size(args: &options::Args) -> i64 {
    let Some(text) = args.get("block-size") else { return 512 };
    match parse_unsigned(text) {
        Err(chain) => fail(chain),
        Ok((_, true)) => fail(one("can not use 'block(s)' as a unit to specify block size")),
        Ok((0, _)) => fail(one("block size argument must be positive")),
        Ok(_) if text.starts_with("0x") => exit(0),
        Ok((count, _)) => count,
    }
}

const DEFAULT_COLUMNS: u64 = 80;
fn named_color(name: &str) -> Option<String> {
    if let Some(hex) = name.strip_prefix('#') {
        let v = u32::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 6)?;
        return Some(format!("\x1b[38;2;{};{};{}m", v >> 16, v >> 8 & 255, v & 255));
    }
    let (base, plain) = name.strip_prefix("bright ").map_or((30, name), |rest| (90, rest));
    let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
    let index = names.iter().position(|n| *n == plain)?;
    Some(format!("\x1b[{}m", base + index))
}

const COLOR_END: &str = "\x1b[39m";

const COLORED_THINGS: [(&str, &str, &str); 6] = [
    ("NULL", "bright black", "⋄ NULL bytes (0x00)"),
    ("ASCII_PRINTABLE", "cyan", "a ASCII printable characters (0x20 - 0x7E)"),
    ("ASCII_WHITESPACE", "green", "_ ASCII whitespace (0x09 - 0x0D, 0x20)"),
    ("ASCII_OTHER", "green", "• ASCII control characters (except NULL and whitespace)"),
    ("NONASCII", "yellow", "× Non-ASCII bytes (0x80 - 0xFF)"),
    ("OFFSET", "bright black", ""),
];

fn load_palette() -> Vec<String> {
    let pick = |&(name, default, _): &(&str, &str, &str)| {
        let chosen = std::env::var(format!("HEXYL_COLOR_{}", name)).ok();
        chosen.and_then(|c| named_color(&c)).unwrap_or_else(|| named_color(default).unwrap())
    };
    COLORED_THINGS.iter().map(pick).collect()
}

fn print_color_table(palette: &[String]) {
    println!("hexyl color reference:\n");
    for n in 0..5 {
        print!("{}{}\n{}", palette[n], COLORED_THINGS[n].2, COLOR_END);
    }
}

fn plain_color(palette: &[String], byte: u8) -> String {
    let index = match byte {
        0 => 0,
        b' ' | 9 | 10 | 12 | 13 => 2,
        0x21..=0x7e => 1,
        0x80..=0xff => 4,
        _ => 3,
    };
    palette[index].clone()
}

fn gradient_color(byte: u8) -> String {
    let blend = |from: u32, to: u32, step: u32, steps: u32| (from * (steps - step) + to * step) / steps;
    let b = byte as u32;
    let (red, green, blue) = match byte {
        0 => (100, 100, 100),
        1..=0x1f => (blend(255, 128, b - 1, 31), 0, 255),
        0x20..=0x7e => (0, blend(128, 255, b - 0x20, 95), blend(255, 128, b - 0x20, 95)),
        0x7f => (64, 128, 0),
        _ => {
            let heat = (b - 0x80) as f64 / 128.0;
            if heat < 0.66 {
                (255, (255.0 * heat / 0.66) as u32, 0)
            } else {
                (255, 255, (255.0 * (heat - 0.66) / 0.34) as u32)
            }
        }
    };
    format!("\x1b[38;2;{:03};{:03};{:03}m", red, green, blue)
}

const CP437_LOW: &str = "⋄☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼⌂";
const CP437_HIGH: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ﬀ";
const EBCDIC: &str = " .........$.<(+|&.........!$*);.-/.........,%_>?..........:#@'=.\
.abcdefghi.{.(+..jklmnopqr.}.)...~stuvwxyz................[]...-\
{ABCDEFGHI......}JKLMNOPQR........STUVWXYZ......0123456789......";
fn glyph(byte: u8, table: &str) -> char {
    let code = byte as usize;
    if table == "codepage-1047" {
        return if code < 0x40 { '.' } else { EBCDIC.as_bytes()[code - 0x40] as char };
    }
    match (table, byte) {
        (_, 0x20..=0x7e) => byte as char,
        ("ascii", _) => '.',
        (_, 0) => '⋄',
        ("codepage-437", 1..=0x7f) => CP437_LOW.chars().nth(code.min(32)).unwrap(),
        ("codepage-437", _) => CP437_HIGH.chars().nth(code - 0x80).unwrap(),
        ("braille", b'\t') => '→',
        ("braille", b'\n') => '↵',
        ("braille", b'\r') => '←',
        ("braille", _) => {
            let dots = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];
            let pattern: u32 = (0..8).filter(|n| byte >> n & 1 == 1).map(|n| dots[n as usize]).sum();
            char::from_u32(0x2800 + pattern).unwrap()
        }
        (_, 9 | 10 | 12 | 13) => '_',
        (_, 0x80..) => '×',
        _ => '•',
    }
}

fn number(byte: u8, base: u32) -> String {
    match base {
        2 => format!("{:08b}", byte),
        8 => format!("{:03o}", byte),
        10 => format!("{:03}", byte),
        _ => format!("{:02x}", byte),
    }
}

struct Frame {
    left: &'static str,
    middle: &'static str,
    dash: &'static str,
    corners: [&'static str; 6],
}

fn frame(style: &str) -> Frame {
    match style {
        "ascii" => Frame { left: "|", middle: "|", dash: "-", corners: ["+"; 6] },
        "none" => Frame { left: " ", middle: " ", dash: "", corners: [""; 6] },
        _ => Frame { left: "│", middle: "┊", dash: "─", corners: ["┌", "┬", "┐", "└", "┴", "┘"] },
    }
}

struct Dump<W: Write> {
    out: W,
    frame: Frame,
    squeeze: bool,
    position: bool,
    characters: bool,
    panels: usize,
    group: usize,
    little: bool,
    digits: usize,
    offset_color: String,
    color_end: &'static str,
    colors: Vec<String>,
    glyphs: Vec<char>,
    numbers: Vec<String>,
}

fn cell_width(digits: usize, group: usize) -> usize {
    8 / group * (digits * group + 1) + 1
}

impl<W: Write> Dump<W> {
    fn switch_color(&mut self, last: &mut Option<u8>, byte: u8) -> io::Result<()> {
        let color = &self.colors[byte as usize];
        if last.map_or(true, |l| self.colors[l as usize] != *color) {
            write!(self.out, "{}", color)?;
        }
        *last = Some(byte);
        Ok(())
    }

    fn edge(&self, panel: usize) -> &'static str {
        if panel + 1 < self.panels { self.frame.middle } else { self.frame.left }
    }

    fn rule(&mut self, first: usize) -> io::Result<()> {
        if self.frame.dash.is_empty() {
            return Ok(());
        }
        let wide = self.frame.dash.repeat(cell_width(self.digits, self.group));
        let narrow = self.frame.dash.repeat(8);
        let mut cells = vec![narrow.clone(); self.position as usize];
        cells.extend(vec![wide; self.panels]);
        if self.characters {
            cells.extend(vec![narrow; self.panels]);
        }
        let c = &self.frame.corners[first..first + 3];
        writeln!(self.out, "{}{}{}", c[0], cells.join(c[1]), c[2])
    }

    fn row(&mut self, address: Option<u64>, bytes: &[u8]) -> io::Result<()> {
        write!(self.out, "{}{}", self.frame.left, self.offset_color)?;
        let star_in_cell = !self.position && address.is_none();
        if self.position {
            let text = address.map_or("*".to_string(), |at| format!("{:08x}", at));
            let zero = if text.len() > 8 && text.len() % 2 == 1 { "0" } else { "" };
            let padding = " ".repeat(8usize.saturating_sub(text.len()));
            write!(self.out, "{}{}{}{}{}", zero, text, self.color_end, padding, self.frame.left)?;
        } else if star_in_cell {
            write!(self.out, "{}*{}", self.offset_color, self.color_end)?;
        }
        self.numbers_part(bytes, star_in_cell)?;
        if self.characters {
            self.characters_part(bytes)?;
        }
        writeln!(self.out)
    }

    fn numbers_part(&mut self, bytes: &[u8], star_in_cell: bool) -> io::Result<()> {
        for panel in 0..self.panels {
            let mut last = None;
            for start in (panel * 8..panel * 8 + 8).step_by(self.group) {
                let space = if start == 0 && star_in_cell { "" } else { " " };
                write!(self.out, "{}", space)?;
                let mut group: Vec<u8> = bytes.iter().skip(start).take(self.group).copied().collect();
                if self.little {
                    group.reverse();
                }
                for byte in &group {
                    self.switch_color(&mut last, *byte)?;
                    write!(self.out, "{}", self.numbers[*byte as usize])?;
                }
                write!(self.out, "{}", " ".repeat((self.group - group.len()) * self.digits))?;
            }
            write!(self.out, "{} {}", self.color_end, self.edge(panel))?;
        }
        Ok(())
    }

    fn characters_part(&mut self, bytes: &[u8]) -> io::Result<()> {
        for panel in 0..self.panels {
            let mut last = None;
            let own: &[u8] = bytes.chunks(8).nth(panel).unwrap_or(&[]);
            for byte in own {
                self.switch_color(&mut last, *byte)?;
                write!(self.out, "{}", self.glyphs[*byte as usize])?;
            }
            write!(self.out, "{}{}{}", " ".repeat(8 - own.len()), self.color_end, self.edge(panel))?;
        }
        Ok(())
    }

    fn empty_row(&mut self) -> io::Result<()> {
        let width = cell_width(2, self.group);
        let position = if self.position { "│        " } else { "" };
        let characters = if self.characters { "        │        │" } else { "" };
        writeln!(self.out, "{}│{:<width$}│{:width$}│{}", position, " No content", "", characters)
    }

    fn run(&mut self, input: &mut dyn Read, mut address: u64) -> io::Result<()> {
        let size = self.panels.saturating_mul(8);
        let mut previous: Vec<u8> = Vec::new();
        let mut in_star = false;
        let begin = address;
        self.rule(0)?;
        loop {
            let mut bytes = Vec::new();
            (&mut *input).take(size as u64).read_to_end(&mut bytes)?;
            if bytes.is_empty() {
                break;
            }
            if self.squeeze && bytes.len() == size && bytes == previous {
                if !in_star {
                    self.row(None, &[])?;
                }
                in_star = true;
            } else {
                in_star = false;
                self.row(Some(address), &bytes)?;
            }
            address = address.wrapping_add(bytes.len() as u64);
            previous = bytes;
        }
        if address == begin {
            self.empty_row()?;
        } else if in_star {
            self.row(Some(address).filter(|_| self.position), &[])?;
        }
        self.rule(3)?;
        self.out.flush()
    }
}

fn include_style(input: &mut dyn Read, file: Option<&str>) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let item = |b: &u8| format!("0x{:02x}", b);
    let line = |c: &[u8]| format!("  {}", c.iter().map(item).collect::<Vec<_>>().join(", "));
    let body = bytes.chunks(12).map(line).collect::<Vec<_>>().join(",\n");
    match file {
        None => writeln!(out, "{}", body)?,
        Some(path) => {
            let base = path.rsplit('/').next().unwrap_or(path);
            let name: String = base.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
            writeln!(out, "unsigned char {}[] = {{\n{}\n}};", name, body)?;
            writeln!(out, "unsigned int {}_len = {};", name, bytes.len())?;
        }
    }
    out.flush()
}

fn check(result: io::Result<()>) {
    match result {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => exit(0),
        Err(e) => fail(one(&e.to_string())),
        Ok(()) => {}
    }
}

fn skip_input(source: &mut dyn Read, file: Option<&mut File>, skip: i64) -> u64 {
    const SEEK_FAILED: &str = "Failed to jump to the desired input position. This could be caused by a negative offset that is too large or by an input that is not seek-able (e.g. if the input comes from a pipe).";
    let target = if skip < 0 { SeekFrom::End(skip) } else { SeekFrom::Start(skip as u64) };
    match file.map(|f| f.seek(target)) {
        _ if skip == 0 => {}
        Some(Ok(at)) => return at,
        _ if skip < 0 => fail(one(SEEK_FAILED)),
        _ => check(io::copy(&mut source.take(skip as u64), &mut io::sink()).map(|_| ())),
    }
    skip as u64
}

fn main() {
    let args = options::parse();
    if args.has("completion") {
        fail(one("shell completion scripts are not included in this build"));
    }
    let palette = load_palette();
    if args.has("print-color-table") {
        return print_color_table(&palette);
    }
    let mut file = args.file.as_ref().map(|path| {
        if std::path::Path::new(path).is_dir() {
            fail(vec![format!("'{}' is a directory.", path)]);
        }
        File::open(path).unwrap_or_else(|e| fail(one(&e.to_string())))
    });
    let block = block_size(&args);
    let skip = amount_option(&args, "skip", block, true).unwrap_or(0);
    let mut source: Box<dyn Read> = match &file {
        Some(f) => Box::new(io::BufReader::new(f.try_clone().expect("file handle"))),
        None => Box::new(io::stdin().lock()),
    };
    let start = skip_input(&mut *source, file.as_mut(), skip);
    if let Some(length) = amount_option(&args, "length", block, false) {
        source = Box::new(source.take(length as u64));
    }
    let shift = amount_option(&args, "display-offset", block, false).unwrap_or(0) as u64;
    let plain = args.has("plain");
    let base = match args.get("base").unwrap_or("hex") {
        "b" | "bin" | "binary" => 2,
        "o" | "oct" | "octal" => 8,
        "d" | "dec" | "decimal" => 10,
        "x" | "hex" | "hexadecimal" => 16,
        _ => fail(one("The base provided is not valid. Valid bases are \"b\", \"o\", \"d\", and \"x\".")),
    };
    let digits = number(0, base).len();
    let group: usize = args.get("group-size").unwrap_or("1").parse().unwrap();
    let position = !plain && !args.has("no-position");
    let characters = !plain && !args.has("no-characters");
    let fitting = |columns: u64| {
        let panel = cell_width(digits, group) as u64 + if characters { 9 } else { 1 };
        let used = if position { 10 } else { 1 };
        (columns.saturating_sub(used) / panel).max(1)
    };
    let panels = match (args.get("panels"), args.get("terminal-width")) {
        (Some("auto"), _) => fitting(DEFAULT_COLUMNS),
        (Some(text), _) => text.parse::<std::num::NonZeroU64>().map(|n| n.get()).unwrap_or_else(|e| {
            let what = format!("failed to parse `--panels` arg {:?} as unsigned nonzero integer", text);
            fail(vec![what, e.to_string()])
        }),
        (None, Some(width)) => fitting(width.parse().unwrap_or(80)),
        (None, None) => fitting(DEFAULT_COLUMNS).min(2),
    };
    if args.has("include") {
        return check(include_style(&mut *source, args.file.as_deref()));
    }
    let no_color = std::env::var_os("NO_COLOR").is_some();
    let default_color = if plain { "never" } else { "always" };
    let colored = match args.get("color").unwrap_or(default_color) {
        "always" => !no_color,
        "auto" => !no_color && io::stdout().is_terminal(),
        "force" => true,
        _ => false,
    };
    let border = args.get("border").unwrap_or(if plain { "none" } else { "unicode" });
    let little = match args.get("endianness") {
        Some(order) if args.position("endianness") > args.position("e") => order == "little",
        _ => args.has("e"),
    };
    let gradient = args.get("color-scheme") == Some("gradient");
    let table = args.get("character-table").unwrap_or("default");
    let color_of = |byte: u8| match (colored, gradient) {
        (false, _) => String::new(),
        (true, true) => gradient_color(byte),
        (true, false) => plain_color(&palette, byte),
    };
    let mut dump = Dump {
        out: BufWriter::new(io::stdout().lock()),
        frame: frame(border),
        squeeze: !args.has("no-squeezing"),
        position,
        characters,
        panels: panels as usize,
        group,
        little,
        digits,
        offset_color: if colored { palette[5].clone() } else { String::new() },
        color_end: if colored { COLOR_END } else { "" },
        colors: (0..=255).map(color_of).collect(),
        glyphs: (0..=255u8).map(|b| glyph(b, table)).collect(),
        numbers: (0..=255u8).map(|b| number(b, base)).collect(),
    };
    check(dump.run(&mut *source, start.wrapping_add(shift)));
}
