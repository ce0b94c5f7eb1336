mod options;

use options::{Options, Request};
use std::collections::HashMap;
use std::env;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt};
use std::path::{Component, Path, PathBuf};
use std::process;

const HELP: &str = "
Options:
    -d, --depth [DEPTH] show directories up to depth N (def 1)
    -a, --aggr [N[KMG]] aggregate smaller than N B/KiB/MiB/GiB (def 1M)
    -s, --summary       equivalent to -da, or -d1 -a1M
    -u, --usage         report real disk usage instead of file size
    -b, --bytes         print sizes in bytes
    -f, --files-only    skip directories for a fast local overview
    -x, --exclude NAME  exclude matching files or directories
    -H, --no-hidden     exclude hidden files
    -A, --ascii         ASCII characters only, no colors
    -h, --help          show help
    -v, --version       print version number";

const SHADES: [char; 5] = [' ', '░', '▒', '▓', '█'];

struct Node {
    name: String,
    color: Option<String>,
    size: u64,
    children: Vec<Node>,
}

#[derive(Default)]
struct Palette {
    types: HashMap<String, String>,
    extensions: HashMap<String, String>,
}

impl Palette {
    fn from_env() -> Palette {
        let mut palette = Palette::default();
        let spec = env::var("LS_COLORS").unwrap_or_default();
        for item in spec.split(':').take_while(|s| !s.is_empty()) {
            let mut parts = item.split('=');
            let (key, code) = match (parts.next(), parts.next()) {
                (Some(k), Some(c)) => (k, c.to_string()),
                _ => continue,
            };
            if key.starts_with('*') {
                let ext: String = key.chars().skip(2).collect();
                palette.extensions.insert(ext, code);
            } else {
                palette.types.insert(key.to_string(), code);
            }
        }
        palette
    }

    fn color_of(&self, path: &Path, meta: &fs::Metadata) -> Option<String> {
        let get = |key: &str| self.types.get(key).cloned();
        if meta.file_type().is_symlink() {
            let reachable = fs::read_link(path).map_or(false, |t| t.exists());
            if reachable && self.types.contains_key("ln") {
                return get("ln");
            }
            if self.types.contains_key("or") {
                return get("or");
            }
        }
        if path.is_dir() {
            let writable = if meta.mode() & 0o002 != 0 { get("ow") } else { None };
            if let Some(code) = writable.or_else(|| get("di")) {
                return Some(code);
            }
        }
        if meta.mode() & 0o111 != 0 && self.types.contains_key("ex") {
            return get("ex");
        }
        if let Some(ext) = path.extension() {
            if let Some(code) = self.extensions.get(&*ext.to_string_lossy()) {
                return Some(code.clone());
            }
        }
        if path.is_file() {
            get("fi")
        } else {
            get("bd")
        }
    }
}

fn display_name(path: &Path) -> String {
    let mut absolute = env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    for part in path.components() {
        match part {
            Component::RootDir => absolute = PathBuf::from("/"),
            Component::ParentDir => {
                absolute.pop();
            }
            Component::Normal(p) => absolute.push(p),
            _ => {}
        }
    }
    match absolute.file_name() {
        Some(n) => n.to_string_lossy().into_owned(),
        None => "/".to_string(),
    }
}

struct Scanner<'a> {
    opts: &'a Options,
    palette: Palette,
    levels: usize,
}

impl<'a> Scanner<'a> {
    fn skipped(&self, name: &str) -> bool {
        self.opts.exclude.iter().any(|x| x == name)
            || (self.opts.no_hidden && name.starts_with('.'))
    }

    fn scan(&self, path: &Path, name: String, depth: usize) -> Node {
        let mut node = Node { name, color: None, size: 0, children: Vec::new() };
        let meta = match fs::symlink_metadata(path) {
            Ok(m) => m,
            Err(e) => {
                eprintln!("Couldn't read {} ({:?})", node.name, e.kind());
                return node;
            }
        };
        let keep = depth < self.levels;
        if depth <= self.levels {
            node.color = self.palette.color_of(path, &meta);
        }
        node.size = if self.opts.usage { meta.blocks() * 512 } else { meta.len() };
        if !meta.is_dir() {
            return node;
        }
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(e) => {
                // an expanded directory is reported once for its size and once for its listing
                for _ in 0..if keep { 2 } else { 1 } {
                    eprintln!("Couldn't read {} ({:?})", node.name, e.kind());
                }
                return node;
            }
        };
        let mut aggregated = 0;
        for entry in entries.flatten() {
            let child_name = entry.file_name().to_string_lossy().into_owned();
            let child_path = entry.path();
            if self.skipped(&child_name) || (self.opts.files_only && child_path.is_dir()) {
                continue;
            }
            let child = self.scan(&child_path, child_name, depth + 1);
            node.size += child.size;
            if !keep {
                continue;
            }
            if child.size < self.opts.aggregate {
                aggregated += child.size;
            } else {
                node.children.push(child);
            }
        }
        sort_by_size(&mut node.children);
        if aggregated > 0 {
            node.children.push(Node {
                name: "<aggregated>".to_string(),
                color: None,
                size: aggregated,
                children: Vec::new(),
            });
        }
        node
    }
}

fn sort_by_size(nodes: &mut [Node]) {
    nodes.sort_unstable_by(|a, b| b.size.cmp(&a.size));
}

fn format_size(size: u64, bytes: bool) -> String {
    if bytes || size < 1024 {
        return format!("{} B", size);
    }
    let mut value = size as f64 / 1024.0;
    let mut unit = 0;
    let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    while value >= 1024.0 && unit + 1 < units.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{:.2} {}", value, units[unit])
}

fn char_width(c: char) -> usize {
    match c as u32 {
        0x0300..=0x036f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

fn fit(text: &str, width: usize) -> (String, usize) {
    let mut used = 0;
    let mut out = String::new();
    for c in text.chars() {
        let w = char_width(c);
        if used + w > width {
            break;
        }
        used += w;
        out.push(c);
    }
    (out, width - used)
}

extern "C" {
    fn ioctl(fd: i32, request: u64, ...) -> i32;
}

fn terminal_width() -> usize {
    let mut winsize = [0u16; 4];
    let status = unsafe { ioctl(1, 0x5413, winsize.as_mut_ptr()) };
    let [rows, cols, ..] = winsize;
    if status == 0 && rows > 0 && cols > 0 {
        cols as usize
    } else {
        80
    }
}

struct Printer<'a, W: Write> {
    out: W,
    opts: &'a Options,
    name_width: usize,
    bar_width: usize,
}

impl<'a, W: Write> Printer<'a, W> {
    fn new(out: W, opts: &'a Options) -> Self {
        let cols = terminal_width();
        let name_width = (cols.saturating_sub(11) / 4).max(26);
        let bar_width = cols.saturating_sub(name_width + 21);
        Printer { out, opts, name_width, bar_width }
    }

    fn print(&mut self, root: &Node) -> io::Result<()> {
        let size = format_size(root.size, self.opts.bytes);
        writeln!(self.out, "[ {} {} ]", root.name, size)?;
        let largest = root.children.iter().map(|c| c.size).max().unwrap_or(0);
        self.level(root, largest, "", &[self.bar_width])?;
        self.out.flush()
    }

    fn level(&mut self, parent: &Node, whole: u64, prefix: &str, bars: &[usize]) -> io::Result<()> {
        let above = *bars.last().unwrap();
        for (i, child) in parent.children.iter().enumerate() {
            let last = i + 1 == parent.children.len();
            let length = if whole == 0 {
                0
            } else {
                (above as f64 * (child.size as f64 / whole as f64)) as usize
            };
            let mut lengths = bars.to_vec();
            lengths.push(length);
            if prefix.chars().count() + 4 > self.name_width - 1 {
                continue;
            }
            self.row(child, parent.size, prefix, last, &lengths)?;
            let next = format!("{}{}", prefix, if last { "   " } else { "│  " });
            self.level(child, child.size, &next, &lengths)?;
        }
        Ok(())
    }

    fn row(&mut self, node: &Node, total: u64, prefix: &str, last: bool, lengths: &[usize]) -> io::Result<()> {
        let lead = format!("{}{}", prefix, if last { "└─ " } else { "├─ " });
        let room = (self.name_width - 1).saturating_sub(lead.chars().count());
        let (name, padding) = fit(&node.name, room);
        let name = match &node.color {
            Some(code) => format!("\x1b[{}m{}\x1b[0m", code, name),
            None => name,
        };
        let percent = if total == 0 {
            0
        } else {
            (node.size as f64 / total as f64 * 100.0) as u64
        };
        writeln!(
            self.out,
            "{}{}{} │{}│ {:>3}% {:>13}",
            lead,
            name,
            " ".repeat(padding),
            self.bar(lengths),
            percent,
            format_size(node.size, self.opts.bytes)
        )
    }

    fn bar(&self, lengths: &[usize]) -> String {
        if self.bar_width == 0 {
            return String::new();
        }
        let width = self.bar_width - 1;
        let mut bar = String::from(" ");
        for position in 0..width {
            let from_right = width - position;
            let depth = lengths[1..]
                .iter()
                .take_while(|len| from_right <= len.saturating_sub(1))
                .count();
            let complete = depth + 1 == lengths.len();
            let shade = if complete { '█' } else { SHADES[depth.min(4)] };
            bar.push(if self.opts.ascii && shade != ' ' { '#' } else { shade });
        }
        bar
    }
}

fn run(opts: &Options) -> io::Result<()> {
    let single = opts.paths.len() == 1;
    let scanner = Scanner {
        opts,
        palette: if opts.ascii { Palette::default() } else { Palette::from_env() },
        levels: opts.depth.unwrap_or(usize::MAX),
    };
    let mut roots: Vec<Node> = opts
        .paths
        .iter()
        .map(|p| scanner.scan(p, display_name(p), 0))
        .collect();
    let root = if single {
        roots.remove(0)
    } else {
        sort_by_size(&mut roots);
        Node {
            name: "<collection>".to_string(),
            color: None,
            size: roots.iter().map(|r| r.size).sum(),
            children: roots,
        }
    };
    let stdout = io::stdout();
    Printer::new(io::BufWriter::new(stdout.lock()), opts).print(&root)
}

fn main() {
    let args: Vec<String> = env::args_os()
        .map(|a| a.to_string_lossy().into_owned())
        .collect();
    let usage = format!("Usage: {} [options] <path> [<path>..]\n{}", args[0], HELP);
    match options::parse(&args[1..]) {
        Request::Help => println!("{}", usage),
        Request::Version => println!("dutree version 0.2.18"),
        Request::UsageError(message) => {
            println!("{}", usage);
            eprintln!("{}", message);
            process::exit(1);
        }
        Request::Failure(message) => {
            eprintln!("{}", message);
            process::exit(1);
        }
        Request::Run(opts) => {
            if run(&opts).is_err() {
                process::exit(1);
            }
        }
    }
}
