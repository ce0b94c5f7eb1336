mod color;

use color::{named_colors, number, parse_color, Color};
use std::{collections::hash_map::RandomState, hash::{BuildHasher, Hasher}};
use std::io::{self, BufRead, IsTerminal, Read, Write};

#[derive(Clone, Copy, PartialEq)]
enum Mode { Off, Ansi8, Ansi24 }

fn random_unit() -> f64 {
    let bits = RandomState::new().build_hasher().finish();
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

fn emit(text: &str) {
    if io::stdout().write_all(text.as_bytes()).and_then(|_| io::stdout().flush()).is_err() { std::process::exit(0); }
}

fn color_code(c: &Color, mode: Mode, layer: u8) -> String {
    let [r, g, b] = c.to_bytes();
    match mode {
        Mode::Off => String::new(),
        Mode::Ansi8 => format!("{layer};5;{}", c.palette_index()),
        Mode::Ansi24 => format!("{layer};2;{r};{g};{b}"),
    }
}

fn paint(text: &str, mode: Mode, fg: Option<Color>, bg: Option<Color>, extra: &[&str]) -> String {
    let mut codes: Vec<String> = Vec::new();
    codes.extend(fg.map(|c| color_code(&c, mode, 38)));
    codes.extend(bg.map(|c| color_code(&c, mode, 48)));
    codes.extend(extra.iter().map(|s| s.to_string()));
    if mode == Mode::Off || codes.is_empty() { return text.to_string(); }
    format!("\x1b[{}m{text}\x1b[0m", codes.join(";"))
}

fn show(c: &Color, mode: Mode, terminal: bool) {
    let text = c.hsl_text(",");
    let (fg, bg) = (Some(c.readable_text()), Some(*c));
    emit(&if terminal { paint(&format!(" {text:<28}\n"), mode, fg, bg, &[]) } else { text + "\n" });
}

fn fail(message: &str) -> ! {
    eprintln!("[pastel error]: {message}");
    std::process::exit(1)
}

fn need_color(text: &str) -> Color {
    parse_color(text).unwrap_or_else(|| fail(&format!("Could not parse color '{text}'")))
}

fn need_number(text: &str) -> f64 {
    number(text).unwrap_or_else(|| fail(&format!("Could not parse number '{text}'")))
}

fn need_count(text: &str) -> usize {
    text.parse().unwrap_or_else(|_| fail(&format!("Could not parse number '{text}'")))
}

fn read_color(text: &str) -> Color {
    if text != "-" { return need_color(text); }
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(n) if n > 0 => need_color(line.trim_end_matches(['\n', '\r'])),
        _ => fail("Could not read color from standard input"),
    }
}

fn each_color(args: &[String], mut action: impl FnMut(Color)) {
    if !args.is_empty() { return args.iter().for_each(|a| action(read_color(a))); }
    for line in io::stdin().lock().lines() {
        let Ok(text) = line else { fail("Standard input is not valid text") };
        action(need_color(&text));
    }
}

fn index_in(names: &str, property: &str) -> usize {
    let last = property.rsplit('-').next().unwrap_or("");
    names.split(' ').position(|n| n == last).unwrap_or(0)
}

fn format_color(c: &Color, kind: &str) -> String {
    let fixed = |v: [f64; 3], p: usize| v.map(|x| format!("{x:.p$}"));
    let pick = |v: [f64; 3], letters: &str, p: usize| format!("{:.p$}", v[index_in(letters, kind)]);
    match kind {
        "rgb" => c.rgb_text(),
        "rgb-float" => c.notation("rgb", "a", fixed(c.to_bytes().map(|x| x as f64 / 255.0), 3), ", "),
        "rgb-r" | "rgb-g" | "rgb-b" => pick(c.to_bytes().map(f64::from), "r g b", 0),
        "hex" => c.hex(),
        "hsl" => c.hsl_text(", "),
        "hsl-hue" | "hsv-hue" => format!("{:.0}", c.h),
        "hsl-saturation" | "hsl-lightness" => pick([c.h, c.s, c.l], "hue saturation lightness", 4),
        "hsv" => {
            let [h, s, v] = c.to_hsv();
            let parts = [format!("{h:.0}"), format!("{:.1}%", 100.0 * s), format!("{:.1}%", 100.0 * v)];
            c.notation("hsv", "a", parts, ", ")
        }
        "hsv-saturation" | "hsv-value" => pick(c.to_hsv(), "hue saturation value", 4),
        "lch" => c.notation("LCh", "", fixed(c.to_lch(), 0), ", "),
        "lab" => c.notation("Lab", "", fixed(c.to_lab(), 0), ", "),
        "oklab" => c.notation("OkLab", "", fixed(c.to_oklab(), 4), ", "),
        "oklch" => c.notation("OkLCh", "", fixed(c.to_oklch(), 4), ", "),
        "luminance" => format!("{:.3}", c.luminance()),
        "brightness" => format!("{:.3}", c.brightness()),
        "ansi-8bit" => format!("\\x1b[{}m", color_code(c, Mode::Ansi8, 38)),
        "ansi-24bit" => format!("\\x1b[{}m", color_code(c, Mode::Ansi24, 38)),
        "ansi-8bit-value" => c.palette_index().to_string(),
        "ansi-8bit-escapecode" => format!("\x1b[{}m", color_code(c, Mode::Ansi8, 38)),
        "ansi-24bit-escapecode" => format!("\x1b[{}m", color_code(c, Mode::Ansi24, 38)),
        "name" => c.nearest_name().to_string(),
        "cmyk" => {
            let v = c.to_bytes().map(|x| x as f64 / 255.0);
            let white = v[0].max(v[1]).max(v[2]);
            let ink = v.map(|x| if white == 0.0 { 0.0 } else { 100.0 * (white - x) / white });
            format!("cmyk({:.0}, {:.0}, {:.0}, {:.0})", ink[0], ink[1], ink[2], 100.0 * (1.0 - white))
        }
        _ if kind.starts_with("oklch") => pick(c.to_oklch(), "lightness chroma hue", 4),
        _ if kind.starts_with("oklab") => pick(c.to_oklab(), "l a b", 4),
        _ if kind.starts_with("lch") => pick(c.to_lch(), "lightness chroma hue", 2),
        _ => pick(c.to_lab(), "l a b", 2),
    }
}

fn set_property(c: &Color, property: &str, v: f64) -> Color {
    let with = |mut t: [f64; 3], letters: &str| {
        t[index_in(letters, property)] = v;
        t
    };
    match property {
        "lightness" | "chroma" | "hue" => Color::lch(with(c.to_lch(), "lightness chroma hue"), c.a),
        "lab-a" | "lab-b" => Color::lab(with(c.to_lab(), "l a b"), c.a),
        "oklab-l" | "oklab-a" | "oklab-b" => Color::oklab(with(c.to_oklab(), "l a b"), c.a),
        "hsl-hue" => Color::hsl(v, c.s, c.l, c.a),
        "hsl-saturation" => Color::hsl(c.h, v, c.l, c.a),
        "hsl-lightness" => Color::hsl(c.h, c.s, v, c.a),
        "alpha" => Color::hsl(c.h, c.s, c.l, v),
        _ => {
            let [r, g, b] = with(c.to_bytes().map(f64::from), "red green blue");
            Color::bytes(r as u8, g as u8, b as u8, c.a)
        }
    }
}

fn sort_colors<T>(items: &mut [T], order: &str, get: impl Fn(&T) -> Color) {
    items.sort_by_cached_key(|item| {
        let c = get(item);
        let key = match order {
            "brightness" => c.brightness(),
            "luminance" => c.luminance(),
            "hue" => c.to_lch()[2],
            "chroma" => c.to_lch()[1],
            _ => random_unit(),
        };
        (key * 1000.0) as i64
    });
}

fn random_color(strategy: &str) -> Color {
    match strategy {
        "vivid" => Color::hsl(360.0 * random_unit(), 0.2 + 0.6 * random_unit(), 0.3 + 0.4 * random_unit(), 1.0),
        "rgb" => Color::rgb(255.0 * random_unit(), 255.0 * random_unit(), 255.0 * random_unit(), 1.0),
        "gray" => Color::gray(random_unit()),
        _ => Color::lch([70.0, 35.0, 360.0 * random_unit()], 1.0),
    }
}

fn paint_command(p: &Parsed, mode: Mode) {
    let get = |s: &str| if s == "default" { None } else { Some(read_color(s)) };
    let fg = get(&p.args[0]);
    let bg = p.value("on").and_then(|s| get(s));
    let mut text = p.args[1..].join(" ");
    if p.args.len() == 1 && io::stdin().read_to_string(&mut text).is_err() {
        fail("Standard input is not valid text");
    }
    let styles = [("bold", "1"), ("italic", "3"), ("underline", "4")];
    let extra: Vec<&str> = styles.iter().filter(|(n, _)| p.has(n)).map(|(_, c)| *c).collect();
    emit(&paint(&text, mode, fg, bg, &extra));
    emit(if p.has("no-newline") { "" } else { "\n" });
}

fn run(p: &Parsed, mode: Mode, terminal: bool) {
    let show = |c: &Color| show(c, mode, terminal);
    let first = p.args.first().map_or("", |s| s);
    let rest = p.args.get(1..).unwrap_or(&[]);
    let amount = || need_number(first) * if p.command.starts_with('d') { -1.0 } else { 1.0 };
    let option = |name: &str, default: &str| p.value(name).map_or(default.to_string(), |s| s.clone());
    let space = option("colorspace", "Lab");
    match p.command.as_str() {
        "color" => each_color(&p.args, |c| show(&c)),
        "complement" => each_color(&p.args, |c| show(&Color::hsl(c.h + 180.0, c.s, c.l, c.a))),
        "textcolor" => each_color(&p.args, |c| show(&c.readable_text())),
        "to-gray" => each_color(&p.args, |c| show(&c.without_saturation())),
        "colorblind" => each_color(rest, |c| show(&c.simulate(first))),
        "lighten" | "darken" | "saturate" | "desaturate" | "rotate" => {
            let d = amount();
            each_color(rest, |c| {
                show(&match p.command.as_str() {
                    "lighten" | "darken" => Color::hsl(c.h, c.s, c.l + d, c.a),
                    "rotate" => Color::hsl(c.h + d, c.s, c.l, c.a),
                    _ => Color::hsl(c.h, c.s + d, c.l, c.a),
                })
            })
        }
        "gray" => show(&Color::gray(amount())),
        "set" => {
            let v = need_number(&rest[0]);
            each_color(&rest[1..], |c| show(&set_property(&c, first, v)))
        }
        "mix" => {
            let t = need_number(&option("fraction", "0.5"));
            let base = read_color(first);
            each_color(rest, |c| show(&c.mix(&base, t, &space)))
        }
        "gradient" => {
            let count = need_count(&option("number", "10"));
            if count < 2 { fail("The specified color count must be larger than one"); }
            let stops: Vec<Color> = p.args.iter().map(|a| read_color(a)).collect();
            if stops.len() < 2 { fail("The number of color arguments must be larger than one"); }
            for i in 0..count {
                let place = i as f64 * (stops.len() - 1) as f64 / (count - 1) as f64;
                let k = (place as usize).min(stops.len() - 2);
                show(&stops[k].mix(&stops[k + 1], place - k as f64, &space));
            }
        }
        "format" => {
            let kind = if p.args.is_empty() { "hex" } else { first };
            each_color(rest, |c| {
                let text = format_color(&c, kind);
                if kind.ends_with("escapecode") { return emit(&text); }
                emit(&format!("{}\n", paint(&text, mode, Some(c.readable_text()), Some(c), &[])));
            })
        }
        "list" => {
            let mut colors = named_colors();
            sort_colors(&mut colors, &option("sort", "hue"), |(_, c)| *c);
            for (name, c) in colors {
                let line = paint(&format!(" {name:<24}"), mode, Some(c.readable_text()), Some(c), &[]);
                emit(&format!("{}\n", if terminal { &line } else { name }));
            }
        }
        "sort-by" => {
            let mut colors = Vec::new();
            each_color(rest, |c| colors.push(c));
            let mut seen = std::collections::HashSet::new();
            colors.retain(|c| seen.insert(c.to_bytes()) || !p.has("unique"));
            sort_colors(&mut colors, if p.args.is_empty() { "hue" } else { first }, |c| *c);
            if p.has("reverse") { colors.reverse(); }
            colors.iter().for_each(show);
        }
        "random" => {
            let strategy = option("strategy", "vivid");
            (0..need_count(&option("number", "10"))).for_each(|_| show(&random_color(&strategy)));
        }
        _ => paint_command(p, mode),
    }
}

fn main() {
    let p = parse_arguments(&std::env::args().skip(1).collect::<Vec<_>>());
    let terminal = io::stdout().is_terminal();
    let env = |n: &str| std::env::var(n).unwrap_or_default();
    let fallback = if terminal { env("PASTEL_COLOR_MODE") } else { "off".to_string() };
    let wanted = p.value("color-mode").filter(|m| *m != "auto").cloned().unwrap_or(fallback);
    let mode = match wanted.as_str() {
        _ if p.has("force-color") => Mode::Ansi24,
        "off" => Mode::Off,
        "8bit" => Mode::Ansi8,
        "24bit" => Mode::Ansi24,
        _ => if ["truecolor", "24bit"].contains(&env("COLORTERM").as_str()) { Mode::Ansi24 } else { Mode::Ansi8 },
    };
    run(&p, mode, terminal);
}
#[derive(Default)]
struct Item {
    left: String,
    short: Option<char>,
    long: String,
    help: String,
    default: String,
    values: Vec<String>,
    hidden: bool,
}
#[derive(Default)]
struct Command { name: String, about: String, long: String, args: Vec<Item>, opts: Vec<Item> }
#[derive(Default)]
struct Parsed { command: String, args: Vec<String>, opts: Vec<(String, String)> }

impl Parsed {
    fn value(&self, name: &str) -> Option<&String> { self.opts.iter().find(|(n, _)| n == name).map(|(_, v)| v) }
    fn has(&self, name: &str) -> bool { self.value(name).is_some() }
}

fn load_commands() -> Vec<Command> {
    let mut all: Vec<Command> = Vec::new();
    let mut color_help = String::new();
    for line in include_str!("commands.txt").lines() {
        let f: Vec<String> = line.split('|').map(|s| s.replace("\\n", "\n").replace('¦', "|")).collect();
        if f[0] == "@" {
            color_help = f[1].clone();
        } else if f[0] == "cmd" {
            all.push(Command { name: f[1].clone(), about: f[2].clone(), long: f[3].clone(), ..Command::default() });
        } else if let Some(cmd) = all.last_mut() {
            let long = f[2].trim_start_matches('-').split(' ').next().unwrap_or("").to_string();
            let values = f[5].trim_start_matches('!').split(", ").filter(|v| !v.is_empty()).map(String::from).collect();
            let (short, help) = (f[1].chars().next(), f[3].replace('@', &color_help));
            let (default, hidden) = (f[4].clone(), f[5].starts_with('!'));
            let item = Item { left: f[2].clone(), short, long, help, default, values, hidden };
            if f[0] == "arg" { cmd.args.push(item) } else { cmd.opts.push(item) }
        }
    }
    all
}

fn wrap(text: &str, indent: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for source in text.split('\n') {
        let mut line = String::new();
        for (k, word) in source.split(' ').enumerate() {
            if !line.trim().is_empty() && indent + line.chars().count() + 1 + word.chars().count() > 100 {
                lines.push(std::mem::take(&mut line));
            } else if k > 0 {
                line.push(' ');
            }
            line += word;
        }
        lines.push(line);
    }
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

fn help_rows(rows: &[(String, String, &Item)], long: bool) -> String {
    let width = rows.iter().map(|r| r.0.chars().count()).max().unwrap_or(0);
    let mut out = Vec::new();
    for (left, help, item) in rows {
        let mut notes = Vec::new();
        if !item.default.is_empty() { notes.push(format!("[default: {}]", item.default)); }
        if !item.values.is_empty() && !item.hidden {
            notes.push(format!("[possible values: {}]", item.values.join(", ")));
        }
        if long {
            let gap = if notes.is_empty() { "" } else { "\n\n" };
            out.push(format!("  {left}\n          {}", wrap(&format!("{help}{gap}{}", notes.join("\n")), 10)));
        } else {
            let text = [vec![help.clone()], notes].concat().join(" ");
            out.push(format!("  {left:<width$}  {}", wrap(&text, width + 4)));
        }
    }
    out.join(if long { "\n\n" } else { "\n" }) + "\n"
}

fn program_name() -> String {
    let path = std::env::args().next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or("pastel").to_string()
}

fn usage(cmd: &Command, p: Option<&Parsed>, options: bool) -> String {
    let mut out = format!("Usage: {}", program_name());
    if cmd.name == "executable" { return out + " [OPTIONS] <COMMAND>"; }
    out += &format!(" {}", cmd.name);
    let given = |i: usize| p.is_some_and(|p| p.args.len() > i);
    let optional_given = cmd.args.iter().enumerate().any(|(i, a)| a.left.starts_with('[') && given(i));
    let used: Vec<_> = cmd.opts.iter().filter(|o| p.is_some_and(|p| p.has(&o.long))).collect();
    if used.is_empty() && !optional_given && options && !cmd.opts.is_empty() { out += " [OPTIONS]"; }
    used.iter().for_each(|o| out += &format!(" {}", o.left));
    for (i, a) in cmd.args.iter().enumerate() {
        let shown = if given(i) { a.left.replace('[', "<").replace(']', ">") } else { a.left.clone() };
        out += &format!(" {shown}");
    }
    out
}

fn help_text(cmd: &Command, all: &[Command], long: bool) -> String {
    let top = cmd.name == "executable";
    let has_long = !top && !cmd.long.is_empty();
    let long = long && has_long;
    let mut out = format!("{}\n\n{}\n", if long { &cmd.long } else { &cmd.about }, usage(cmd, None, true));
    let plain = Item::default();
    if top {
        let rows: Vec<_> = all[1..].iter().map(|c| (c.name.clone(), c.about.clone(), &plain)).collect();
        out += &format!("\nCommands:\n{}", help_rows(&rows, false));
    }
    if !cmd.args.is_empty() {
        let rows: Vec<_> = cmd.args.iter().map(|a| (a.left.clone(), a.help.clone(), a)).collect();
        out += &format!("\nArguments:\n{}", help_rows(&rows, long));
    }
    let short = |o: &Item| o.short.map_or("    ".to_string(), |c| format!("-{c}, "));
    let mut rows: Vec<_> = cmd.opts.iter().map(|o| (short(o) + &o.left, o.help.clone(), o)).collect();
    if !top {
        let hint = match (has_long, long) {
            (false, _) => "",
            (_, true) => " (see a summary with '-h')",
            _ => " (see more with '--help')",
        };
        rows.push(("-h, --help".to_string(), format!("Print help{hint}"), &plain));
    }
    out + &format!("\nOptions:\n{}", help_rows(&rows, long))
}

fn usage_error(message: &str, usage: Option<String>) -> ! {
    let usage = usage.map_or(String::new(), |u| format!("{u}\n\n"));
    eprint!("error: {message}\n\n{usage}For more information, try '--help'.\n");
    std::process::exit(2)
}

fn values_note(item: &Item) -> String {
    if item.values.is_empty() { String::new() } else { format!("\n  [possible values: {}]", item.values.join(", ")) }
}

fn checked(item: &Item, text: &str) -> String {
    if item.values.is_empty() { return text.to_string(); }
    let found = item.values.iter().find(|v| v.eq_ignore_ascii_case(text)).cloned();
    let message = format!("invalid value '{text}' for '{}'{}", item.left, values_note(item));
    found.unwrap_or_else(|| usage_error(&message, None))
}

fn scan(cmd: &Command, all: &[Command], words: &[String], p: &mut Parsed) -> usize {
    let top = cmd.name == "executable";
    let unexpected = |word: &str, p: &Parsed| -> ! {
        let dash = word.starts_with('-') && !cmd.args.is_empty();
        let tip = if dash { format!("\n\n  tip: to pass '{word}' as a value, use '-- {word}'") } else { String::new() };
        usage_error(&format!("unexpected argument '{word}' found{tip}"), Some(usage(cmd, Some(p), true)))
    };
    let (mut i, mut raw) = (0, false);
    while i < words.len() {
        let word = &words[i];
        i += 1;
        if raw || word == "-" || !word.starts_with('-') {
            if top { return i - 1; }
            let many = cmd.args.last().filter(|a| a.left.ends_with("..."));
            match cmd.args.get(p.args.len()).or(many) {
                Some(item) => p.args.push(checked(item, word)),
                None => unexpected(word, p),
            }
            continue;
        }
        if word == "--" { raw = true; continue; }
        let mut letters = word[1..].to_string();
        while !letters.is_empty() {
            let (name, mut inline) = if let Some(body) = word.strip_prefix("--") {
                letters.clear();
                let (n, v) = body.split_once('=').map_or((body, None), |(n, v)| (n, Some(v.to_string())));
                (format!("--{n}"), v)
            } else {
                (format!("-{}", letters.remove(0)), None)
            };
            if name == "--help" || name == "-h" { emit(&help_text(cmd, all, name == "--help")); std::process::exit(0); }
            let matches = |o: &&Item| name[2..] == o.long || (name.len() == 2 && name.chars().nth(1) == o.short);
            let Some(item) = cmd.opts.iter().find(matches) else { unexpected(&name, p) };
            if item.long == "version" { emit("pastel 0.11.0\n"); std::process::exit(0); }
            if p.has(&item.long) {
                let message = format!("the argument '{}' cannot be used multiple times", item.left);
                usage_error(&message, Some(usage(cmd, None, true)));
            }
            if !item.left.contains('<') {
                p.opts.push((item.long.clone(), String::new()));
                continue;
            }
            if !letters.is_empty() {
                inline = Some(std::mem::take(&mut letters).trim_start_matches('=').to_string());
            }
            if inline.is_none() && i < words.len() {
                if words[i].starts_with('-') && words[i].len() > 1 {
                    unexpected(&words[i].chars().take(2).collect::<String>(), p);
                }
                inline = Some(words[i].clone());
                i += 1;
            }
            let Some(v) = inline else {
                let message = format!("a value is required for '{}' but none was supplied", item.left);
                usage_error(&format!("{message}{}", values_note(item)), None)
            };
            p.opts.push((item.long.clone(), checked(item, &v)));
        }
    }
    i
}

fn find_command<'a>(all: &'a [Command], name: &str) -> &'a Command {
    let wanted = if name == "colour" { "color" } else { name };
    all[1..].iter().find(|c| c.name == wanted).unwrap_or_else(|| {
        usage_error(&format!("unrecognized subcommand '{name}'"), Some(usage(&all[0], None, true)))
    })
}

fn parse_arguments(words: &[String]) -> Parsed {
    let all = load_commands();
    let mut p = Parsed::default();
    let start = scan(&all[0], &all, words, &mut p);
    let Some(name) = words.get(start) else { eprint!("{}", help_text(&all[0], &all, false)); std::process::exit(2) };
    let mut cmd = find_command(&all, name);
    if cmd.name == "help" {
        cmd = words.get(start + 1).map_or(&all[0], |n| find_command(&all, n));
        emit(&help_text(cmd, &all, true));
        std::process::exit(0);
    }
    p.command = cmd.name.clone();
    scan(cmd, &all, &words[start + 1..], &mut p);
    let missing: Vec<_> = cmd.args.iter().skip(p.args.len()).filter(|a| a.left.starts_with('<')).collect();
    if !missing.is_empty() {
        let list: String = missing.iter().map(|a| format!("\n  {}", a.left)).collect();
        let message = format!("the following required arguments were not provided:{list}");
        usage_error(&message, Some(usage(cmd, Some(&p), false)));
    }
    p
}
