// A toolkit of CSV commands.
mod base;

use base::*;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::Write;

fn main() {
    let argv: Vec<String> = std::env::args().skip(1).collect();
    if let Err(message) = run(&argv) {
        if message.contains("Broken pipe") {
            return;
        }
        eprintln!("{}", message);
        std::process::exit(1);
    }
}

fn put(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn command_list() -> &'static str {
    let usage = usage_of("main");
    &usage[usage.find("Commands:\n").unwrap() + 10..]
}

fn run(argv: &[String]) -> Res<()> {
    let first = match argv.first() {
        Some(f) => f.as_str(),
        None => {
            let list = command_list();
            eprintln!(
                "xsv is a suite of CSV command line utilities.\n\nPlease choose one of the following commands:\n{}",
                list
            );
            return Ok(());
        }
    };
    if first.starts_with('-') {
        match Args::parse("main", argv)? {
            Some(a) if a.has("--version") => put("0.13.0\n"),
            Some(a) if a.has("--list") => put(&format!("Installed commands:\n{}\n", command_list())),
            _ => put(usage_of("main")),
        }
        return Ok(());
    }
    let mut names: Vec<&str> = command_list().lines().filter_map(|l| l.split_whitespace().next()).collect();
    names.sort();
    if !names.contains(&first) {
        return Err(format!("Could not match '{}' with any of the allowed variants: {:?}", first, names));
    }
    if first == "help" {
        put(&format!("\n{}\n", usage_of("main")));
        return Ok(());
    }
    let args = match Args::parse(first, &argv[1..])? {
        Some(a) => a,
        None => {
            put(usage_of(first));
            return Ok(());
        }
    };
    match first {
        "cat" => cat(&args),
        "count" => count(&args),
        "fixlengths" => fixlengths(&args),
        "flatten" => flatten(&args),
        "fmt" => fmt(&args),
        "frequency" => frequency(&args),
        "headers" => headers(&args),
        "index" => index(&args),
        "input" => input(&args),
        "join" => join(&args),
        "partition" => partition(&args),
        "sample" => sample(&args),
        "reverse" | "sort" => sort(&args, first == "reverse"),
        "search" => search(&args),
        "select" => select_columns(&args),
        "slice" => slice(&args),
        "split" => split(&args),
        "stats" => stats(&args),
        _ => table(&args),
    }
}

fn pick(row: &Row, columns: &[usize]) -> Row {
    columns.iter().map(|&c| row[c].clone()).collect()
}

/// Opens the input, and writes its header row unless there is none.
fn begin(a: &Args, path: Option<&String>, w: &mut Writer) -> Res<(Reader, Row)> {
    let mut r = a.open(path)?;
    let header = r.peek_header(a.no_headers())?;
    if !a.no_headers() && !header.is_empty() {
        w.row(&header)?;
    }
    Ok((r, header))
}

fn copy(r: &mut Reader, w: &mut Writer) -> Res<()> {
    while let Some(row) = r.next()? {
        w.row(&row)?;
    }
    Ok(())
}

fn cat(a: &Args) -> Res<()> {
    let mut readers = vec![];
    for p in &a.pos[1..] {
        readers.push(a.open(Some(p))?);
    }
    if readers.is_empty() {
        readers.push(a.open(None)?);
    }
    let mut w = a.writer()?;
    if a.pos[0] == "rows" {
        for (i, r) in readers.iter_mut().enumerate() {
            if i > 0 && !a.no_headers() {
                r.next()?;
            }
            copy(r, &mut w)?;
        }
        return Ok(());
    }
    let mut widths = vec![];
    for r in readers.iter_mut() {
        widths.push(r.peek_header(true)?.len());
    }
    loop {
        let mut out: Row = vec![];
        let mut any = false;
        for (i, r) in readers.iter_mut().enumerate() {
            match r.next()? {
                Some(row) => {
                    any = true;
                    out.extend(row);
                }
                None if !a.has("--pad") => return Ok(()),
                None => out.extend(vec![vec![]; widths[i]]),
            }
        }
        if !any {
            return Ok(());
        }
        w.row(&out)?;
    }
}

fn count(a: &Args) -> Res<()> {
    let mut r = a.open(a.pos.first())?;
    r.peek_header(a.no_headers())?;
    let mut n = 0;
    while r.next()?.is_some() {
        n += 1;
    }
    put(&format!("{}\n", n));
    Ok(())
}

fn fixlengths(a: &Args) -> Res<()> {
    let given = a.num("--length")?;
    if given == Some(0) {
        return Err("Length must be greater than 0.".to_string());
    }
    if given.is_none() && a.pos.first().map_or(true, |p| p == "-") {
        return Err("<stdin> cannot be used in this command. Please specify a file path.".to_string());
    }
    let mut r = a.open(a.pos.first())?;
    r.flexible = true;
    let rows = r.rest()?;
    let real_len = |row: &Row| row.iter().rposition(|f| !f.is_empty()).map_or(1, |i| i + 1);
    let len = given.unwrap_or_else(|| rows.iter().map(real_len).max().unwrap_or(1));
    let mut w = a.writer()?;
    for mut row in rows {
        row.resize(len, vec![]);
        w.row(&row)?;
    }
    Ok(())
}

fn condense(field: &[u8], limit: Option<usize>) -> Vec<u8> {
    let n = match limit {
        Some(n) => n,
        None => return field.to_vec(),
    };
    let mut short: Vec<u8> = match std::str::from_utf8(field) {
        Ok(s) if s.chars().count() > n => s.chars().take(n).collect::<String>().into_bytes(),
        Err(_) if field.len() > n => field[..n].to_vec(),
        _ => return field.to_vec(),
    };
    short.extend_from_slice(b"...");
    short
}

/// Aligns tab separated cells; a column is as wide as its widest cell in neighbouring lines.
fn align(text: &[u8], min_width: usize, pad: usize) -> Vec<u8> {
    let lines: Vec<Vec<&[u8]>> =
        text.split(|c| *c == b'\n').map(|l| l.split(|c| *c == b'\t').collect()).collect();
    let width = |cell: &[u8]| String::from_utf8_lossy(cell).chars().count();
    let mut widths: Vec<Vec<usize>> = lines.iter().map(|l| vec![0; l.len() - 1]).collect();
    let columns = widths.iter().map(|w| w.len()).max().unwrap_or(0);
    for col in 0..columns {
        let mut i = 0;
        while i < lines.len() {
            let start = i;
            let mut best = min_width;
            while i < lines.len() && widths[i].len() > col {
                best = best.max(width(lines[i][col]));
                i += 1;
            }
            for w in &mut widths[start..i] {
                w[col] = best + pad;
            }
            i = i.max(start + 1);
        }
    }
    let mut out = vec![];
    for (i, line) in lines.iter().enumerate() {
        if i > 0 {
            out.push(b'\n');
        }
        for (j, cell) in line.iter().enumerate() {
            out.extend_from_slice(cell);
            if let Some(w) = widths[i].get(j) {
                out.extend(vec![b' '; w - width(cell)]);
            }
        }
    }
    out
}

fn flatten(a: &Args) -> Res<()> {
    let limit = a.num("--condense")?;
    let mut r = a.open(a.pos.first())?;
    let header = r.peek_header(a.no_headers())?;
    let separator = a.get("--separator").unwrap_or("#");
    let mut text = vec![];
    let mut first = true;
    let mut result = Ok(());
    loop {
        let row = match r.next() {
            Ok(Some(row)) => row,
            Ok(None) => break,
            Err(e) => {
                result = Err(e);
                break;
            }
        };
        if !first && !separator.is_empty() {
            text.extend_from_slice(format!("{}\n", separator).as_bytes());
        }
        first = false;
        for (i, f) in row.iter().enumerate() {
            if a.no_headers() {
                text.extend_from_slice(i.to_string().as_bytes());
            } else {
                text.extend_from_slice(&header[i]);
            }
            text.push(b'\t');
            text.extend(condense(f, limit));
            text.push(b'\n');
        }
    }
    let mut out = a.output()?;
    out.write_all(&align(&text, 2, 2)).map_err(|e| e.to_string())?;
    result
}

fn fmt(a: &Args) -> Res<()> {
    let mut r = a.open(a.pos.first())?;
    let mut w = a.writer()?;
    w.delim = a.byte("--out-delimiter")?.unwrap_or(b',');
    w.quote = a.byte("--quote")?.unwrap_or(b'"');
    w.escape = a.byte("--escape")?;
    w.always = a.has("--quote-always");
    if a.has("--crlf") {
        w.terminator = b"\r\n";
    }
    if a.has("--ascii") {
        w.delim = 0x1f;
        w.terminator = b"\x1e";
    }
    copy(&mut r, &mut w)
}

fn selection(a: &Args, header: &Row) -> Res<Vec<usize>> {
    select(a.get("--select").unwrap_or(""), header, a.no_headers())
}

fn tally(values: impl Iterator<Item = Vec<u8>>) -> Vec<(Vec<u8>, usize)> {
    let mut place: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut counts: Vec<(Vec<u8>, usize)> = vec![];
    for v in values {
        let next = counts.len();
        let i = *place.entry(v.clone()).or_insert(next);
        if i == next {
            counts.push((v, 0));
        }
        counts[i].1 += 1;
    }
    counts
}

fn frequency(a: &Args) -> Res<()> {
    let mut r = a.open(a.pos.first())?;
    let header = r.peek_header(a.no_headers())?;
    let columns = selection(a, &header)?;
    let rows = r.rest()?;
    let mut w = a.writer()?;
    w.row(&["field", "value", "count"])?;
    let limit = a.num("--limit")?.filter(|n| *n > 0).unwrap_or(usize::MAX);
    for (i, &c) in columns.iter().enumerate() {
        let mut counts = tally(rows.iter().map(|row| row[c].clone()));
        counts.retain(|(v, _)| !v.is_empty() || !a.has("--no-nulls"));
        if a.has("--asc") {
            counts.sort_by_key(|(_, n)| *n);
        } else {
            counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        }
        let name = if a.no_headers() { (i + 1).to_string().into_bytes() } else { header[c].clone() };
        for (value, n) in counts.into_iter().take(limit) {
            let value = if value.is_empty() { b"(NULL)".to_vec() } else { value };
            w.row(&[name.clone(), value, n.to_string().into_bytes()])?;
        }
    }
    Ok(())
}

fn headers(a: &Args) -> Res<()> {
    let mut names: Row = vec![];
    let paths: Vec<Option<&String>> = if a.pos.is_empty() { vec![None] } else { a.pos.iter().map(Some).collect() };
    for p in &paths {
        for h in a.open(*p)?.header()? {
            if !a.has("--intersect") || !names.contains(&h) {
                names.push(h);
            }
        }
    }
    let mut text = vec![];
    for (i, name) in names.iter().enumerate() {
        if paths.len() == 1 && !a.has("--just-names") {
            text.extend_from_slice(format!("{}\t", i + 1).as_bytes());
        }
        text.extend_from_slice(name);
        text.push(b'\n');
    }
    a.output()?.write_all(&align(&text, 2, 2)).map_err(|e| e.to_string())
}

fn index(a: &Args) -> Res<()> {
    let mut r = a.open(a.pos.first())?;
    let mut data = vec![];
    let mut n = 0u64;
    loop {
        let start = r.at as u64;
        if r.next()?.is_none() {
            break;
        }
        data.extend_from_slice(&start.to_be_bytes());
        n += 1;
    }
    data.extend_from_slice(&n.to_be_bytes());
    let path = a.get("--output").map_or(format!("{}.idx", a.pos[0]), |s| s.to_string());
    fs::write(path, data).map_err(|e| e.to_string())
}

fn input(a: &Args) -> Res<()> {
    let mut r = a.open(a.pos.first())?;
    r.quote = if a.has("--no-quoting") { None } else { a.byte("--quote")? };
    r.escape = a.byte("--escape")?;
    copy(&mut r, &mut a.writer()?)
}

fn join(a: &Args) -> Res<()> {
    let kinds = ["--left", "--right", "--full", "--cross"];
    let picked: Vec<&str> = kinds.iter().copied().filter(|k| a.has(k)).collect();
    if picked.len() > 1 {
        return Err("Please pick exactly one join operation.".to_string());
    }
    let kind = picked.first().copied().unwrap_or("");
    let mut r1 = a.open(Some(&a.pos[1]))?;
    let mut r2 = a.open(Some(&a.pos[3]))?;
    let h1 = r1.peek_header(a.no_headers())?;
    let h2 = r2.peek_header(a.no_headers())?;
    let s1 = select(&a.pos[0], &h1, a.no_headers())?;
    let s2 = select(&a.pos[2], &h2, a.no_headers())?;
    if s1.len() != s2.len() {
        return Err(format!(
            "Column selections must have the same number of columns, but found column selections with {} and {} columns.",
            s1.len(), s2.len()
        ));
    }
    let mut w = a.writer()?;
    if !a.no_headers() {
        w.row(&[h1.clone(), h2.clone()].concat())?;
    }
    let key = |row: &Row, columns: &[usize]| -> Row {
        let clean = |f: &Vec<u8>| {
            let text = String::from_utf8_lossy(f);
            let text = text.trim();
            if a.has("--no-case") { text.to_lowercase().into_bytes() } else { text.as_bytes().to_vec() }
        };
        columns.iter().map(|&c| clean(&row[c])).collect()
    };
    let usable = |k: &Row| a.has("--nulls") || k.iter().all(|f| !f.is_empty());
    let rows2 = r2.rest()?;
    let rows1 = r1.rest()?;
    let (blank1, blank2) = (vec![vec![]; h1.len()], vec![vec![]; h2.len()]);
    if kind == "--cross" {
        for x in &rows1 {
            for y in &rows2 {
                w.row(&[x.clone(), y.clone()].concat())?;
            }
        }
        return Ok(());
    }
    let swap = kind == "--right";
    let (outer, so, inner, si) = if swap { (&rows2, &s2, &rows1, &s1) } else { (&rows1, &s1, &rows2, &s2) };
    let mut lookup: HashMap<Row, Vec<usize>> = HashMap::new();
    for (i, row) in inner.iter().enumerate() {
        let k = key(row, si);
        if usable(&k) {
            lookup.entry(k).or_default().push(i);
        }
    }
    let mut used = HashSet::new();
    for row in outer {
        let matches = lookup.get(&key(row, so)).map_or(&[][..], |v| &v[..]);
        for &i in matches {
            used.insert(i);
            let pair = if swap { [inner[i].clone(), row.clone()] } else { [row.clone(), inner[i].clone()] };
            w.row(&pair.concat())?;
        }
        if matches.is_empty() && kind != "" {
            let pair = if swap { [blank1.clone(), row.clone()] } else { [row.clone(), blank2.clone()] };
            w.row(&pair.concat())?;
        }
    }
    if kind == "--full" {
        for (_, row) in rows2.iter().enumerate().filter(|(i, _)| !used.contains(i)) {
            w.row(&[blank1.clone(), row.clone()].concat())?;
        }
    }
    Ok(())
}

fn file_writer(dir: &str, name: &str) -> Res<Writer> {
    let path = format!("{}/{}", dir, name);
    let file = fs::File::create(&path).map_err(|e| e.to_string())?;
    Ok(Writer::new(Box::new(std::io::BufWriter::new(file))))
}

fn template(a: &Args) -> Res<(&str, &str)> {
    let parts: Vec<&str> = a.get("--filename").unwrap_or("{}.csv").split("{}").collect();
    match parts[..] {
        [before, after] => Ok((before, after)),
        _ => Err("The --filename argument must contain one '{}'.".to_string()),
    }
}

fn partition(a: &Args) -> Res<()> {
    let (before, after) = template(a)?;
    let dir = &a.pos[1];
    fs::create_dir_all(dir).map_err(|e| e.to_string())?;
    let mut r = a.open(a.pos.get(2))?;
    let header = r.peek_header(a.no_headers())?;
    let columns = select(&a.pos[0], &header, a.no_headers())?;
    if columns.len() != 1 {
        return Err("can only partition on one column".to_string());
    }
    let column = columns[0];
    let prefix = a.num("--prefix-length")?.unwrap_or(usize::MAX);
    let mut writers: HashMap<Vec<u8>, Writer> = HashMap::new();
    let mut names: HashSet<String> = HashSet::new();
    let strip = |mut row: Row| {
        if a.has("--drop") {
            row.remove(column);
        }
        row
    };
    while let Some(row) = r.next()? {
        let key = row[column][..row[column].len().min(prefix)].to_vec();
        if !writers.contains_key(&key) {
            let text = String::from_utf8_lossy(&key);
            let mut base: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            if base.is_empty() {
                base = "empty".to_string();
            }
            let mut name = base.clone();
            let mut n = 1;
            while !names.insert(name.clone()) {
                name = format!("{}_{}", base, n);
                n += 1;
            }
            let mut w = file_writer(dir, &format!("{}{}{}", before, name, after))?;
            if !a.no_headers() {
                w.row(&strip(header.clone()))?;
            }
            writers.insert(key.clone(), w);
        }
        writers.get_mut(&key).unwrap().row(&strip(row))?;
    }
    Ok(())
}

fn sample(a: &Args) -> Res<()> {
    let size: usize =
        a.pos[0].parse().map_err(|_| format!("Could not deserialize '{}' to u64 for '<sample-size>'.", a.pos[0]))?;
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let mut state = a.num("--seed")?.map_or(clock.map_or(1, |d| d.as_nanos() as u64), |s| s as u64);
    let mut random = |n: usize| {
        state = state.wrapping_add(0x9e3779b97f4a7c15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d049bb133111eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    };
    let mut w = a.writer()?;
    let (mut r, _) = begin(a, a.pos.get(1), &mut w)?;
    let mut kept = vec![];
    let mut seen = 0;
    while let Some(row) = r.next()? {
        seen += 1;
        if kept.len() < size {
            kept.push(row);
        } else {
            let i = random(seen);
            if i < size {
                kept[i] = row;
            }
        }
    }
    kept.iter().try_for_each(|row| w.row(row))
}

fn number(field: &[u8]) -> Option<f64> {
    std::str::from_utf8(field).ok().and_then(|s| s.parse().ok())
}

fn sort(a: &Args, reverse_only: bool) -> Res<()> {
    let mut r = a.open(a.pos.first())?;
    let header = r.peek_header(a.no_headers())?;
    let columns = selection(a, &header)?;
    let mut rows = r.rest()?;
    let compare = |x: &Row, y: &Row| -> Ordering {
        for &c in &columns {
            let order = if a.has("--numeric") {
                number(&x[c]).partial_cmp(&number(&y[c])).unwrap_or(Ordering::Equal)
            } else {
                x[c].cmp(&y[c])
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    };
    if reverse_only {
        rows.reverse();
    } else if a.has("--reverse") {
        rows.sort_by(|x, y| compare(y, x));
    } else {
        rows.sort_by(compare);
    }
    let mut w = a.writer()?;
    if !a.no_headers() && !header.is_empty() {
        w.row(&header)?;
    }
    rows.iter().try_for_each(|row| w.row(row))
}

fn search(a: &Args) -> Res<()> {
    let regex = Regex::new(&a.pos[0], a.has("--ignore-case"))?;
    let mut r = a.open(a.pos.get(1))?;
    let header = r.peek_header(a.no_headers())?;
    let columns = selection(a, &header)?;
    let mut w = a.writer()?;
    if !a.no_headers() && !header.is_empty() {
        w.row(&header)?;
    }
    while let Some(row) = r.next()? {
        let found = columns.iter().any(|&c| regex.is_match(&row[c]));
        if found != a.has("--invert-match") {
            w.row(&row)?;
        }
    }
    Ok(())
}

fn select_columns(a: &Args) -> Res<()> {
    let mut r = a.open(a.pos.get(1))?;
    let header = r.peek_header(a.no_headers())?;
    let columns = select(&a.pos[0], &header, a.no_headers())?;
    let mut w = a.writer()?;
    if !a.no_headers() {
        w.row(&pick(&header, &columns))?;
    }
    while let Some(row) = r.next()? {
        w.row(&pick(&row, &columns))?;
    }
    Ok(())
}

fn slice(a: &Args) -> Res<()> {
    let mut w = a.writer()?;
    let (mut r, _) = begin(a, a.pos.first(), &mut w)?;
    let (start, end, len) = (a.num("--start")?, a.num("--end")?, a.num("--len")?);
    let (from, to) = match (a.num("--index")?, end, len) {
        (Some(i), None, None) if start.is_none() => (i, i + 1),
        (Some(_), _, _) => return Err("--index cannot be used with --start, --end or --len".to_string()),
        (None, Some(_), Some(_)) => return Err("--end and --len cannot be used at the same time.".to_string()),
        (None, Some(e), None) => (start.unwrap_or(0), e),
        (None, None, Some(n)) => (start.unwrap_or(0), start.unwrap_or(0) + n),
        (None, None, None) => (start.unwrap_or(0), usize::MAX),
    };
    if from > to {
        return Err(format!(
            "The end of the range ({}) must be greater than or\nequal to the start of the range ({}).",
            to, from
        ));
    }
    for i in 0..to {
        match r.next()? {
            Some(row) if i >= from => w.row(&row)?,
            Some(_) => {}
            None => break,
        }
    }
    Ok(())
}

fn split(a: &Args) -> Res<()> {
    let size = a.num("--size")?.unwrap_or(500);
    if size == 0 {
        return Err("--size must be greater than 0.".to_string());
    }
    let (before, after) = template(a)?;
    fs::create_dir_all(&a.pos[0]).map_err(|e| e.to_string())?;
    let mut r = a.open(a.pos.get(1))?;
    let header = r.peek_header(a.no_headers())?;
    let mut i = 0;
    let mut current: Option<Writer> = None;
    while let Some(row) = r.next()? {
        if i % size == 0 {
            let mut w = file_writer(&a.pos[0], &format!("{}{}{}", before, i, after))?;
            if !a.no_headers() {
                w.row(&header)?;
            }
            current = Some(w);
        }
        current.as_mut().unwrap().row(&row)?;
        i += 1;
    }
    Ok(())
}

fn column_stats(a: &Args, values: &[&Vec<u8>]) -> Vec<String> {
    let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let filled: Vec<&Vec<u8>> = values.iter().copied().filter(|v| !v.is_empty()).collect();
    let ints: Option<Vec<i64>> = filled.iter().map(|v| show(v).parse().ok()).collect();
    let floats: Option<Vec<f64>> = filled.iter().map(|v| number(v)).collect();
    let kind = if filled.is_empty() {
        "NULL"
    } else if ints.is_some() {
        "Integer"
    } else if floats.is_some() {
        "Float"
    } else {
        "Unicode"
    };
    let mut out = vec![kind.to_string(), String::new(), String::new(), String::new()];
    if kind == "Unicode" {
        out[2] = show(filled.iter().min().unwrap());
        out[3] = show(filled.iter().max().unwrap());
    } else if let (Some(n), "Integer") = (&ints, kind) {
        out[1] = n.iter().fold(0i64, |s, x| s.wrapping_add(*x)).to_string();
        out[2] = n.iter().min().unwrap().to_string();
        out[3] = n.iter().max().unwrap().to_string();
    } else if let (Some(n), "Float") = (&floats, kind) {
        out[1] = n.iter().sum::<f64>().to_string();
        out[2] = n.iter().copied().fold(f64::INFINITY, f64::min).to_string();
        out[3] = n.iter().copied().fold(f64::NEG_INFINITY, f64::max).to_string();
    }
    out.push(values.iter().map(|v| v.len()).min().map_or(String::new(), |n| n.to_string()));
    out.push(values.iter().map(|v| v.len()).max().map_or(String::new(), |n| n.to_string()));
    let numeric = kind == "Integer" || kind == "Float";
    if numeric {
        let (mut n, mut mean, mut square) = (0.0, 0.0, 0.0);
        for v in values.iter().filter(|v| !v.is_empty() || a.has("--nulls")) {
            let x = number(v).unwrap_or(0.0);
            let before: f64 = mean;
            n += 1.0;
            mean += (x - before) / n;
            square += (x - before) * (x - mean);
        }
        out.push(mean.to_string());
        out.push(f64::sqrt(square / n).to_string());
    } else {
        out.extend([String::new(), String::new()]);
    }
    let all = a.has("--everything");
    if all || a.has("--median") {
        let mut sorted = filled.iter().map_while(|v| number(v)).collect::<Vec<f64>>();
        sorted.sort_by(|x, y| x.partial_cmp(y).unwrap_or(Ordering::Less));
        let mid = sorted.len() / 2;
        out.push(match sorted.len() {
            0 => String::new(),
            n if n % 2 == 1 => sorted[mid].to_string(),
            _ => ((sorted[mid - 1] + sorted[mid]) / 2.0).to_string(),
        });
    }
    let counts = tally(values.iter().map(|v| v.to_vec()));
    if all || a.has("--mode") {
        let top = counts.iter().map(|c| c.1).max().unwrap_or(0);
        let best: Vec<_> = counts.iter().filter(|c| c.1 == top).collect();
        out.push(if best.len() == 1 && top > 1 { show(&best[0].0) } else { "N/A".to_string() });
    }
    if all || a.has("--cardinality") {
        out.push(counts.len().to_string());
    }
    out
}

fn stats(a: &Args) -> Res<()> {
    let mut r = a.open(a.pos.first())?;
    let header = r.peek_header(a.no_headers())?;
    let columns = selection(a, &header)?;
    let rows = r.rest()?;
    let mut w = a.writer()?;
    let mut titles: Vec<&str> = "field,type,sum,min,max,min_length,max_length,mean,stddev".split(',').collect();
    for extra in ["median", "mode", "cardinality"] {
        if a.has("--everything") || a.has(&format!("--{}", extra)) {
            titles.push(extra);
        }
    }
    w.row(&titles)?;
    for (i, &c) in columns.iter().enumerate() {
        let values: Vec<&Vec<u8>> = rows.iter().map(|row| &row[c]).collect();
        let name = if a.no_headers() { i.to_string() } else { String::from_utf8_lossy(&header[c]).into_owned() };
        let mut line = vec![name];
        line.extend(column_stats(a, &values));
        w.row(&line)?;
    }
    Ok(())
}

#[derive(Clone)]
struct Shared(std::rc::Rc<std::cell::RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(data);
        Ok(data.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn table(a: &Args) -> Res<()> {
    let mut r = a.open(a.pos.first())?;
    let limit = a.num("--condense")?;
    let text = Shared(Default::default());
    let mut w = Writer::new(Box::new(text.clone()));
    w.delim = b'\t';
    let mut result = Ok(());
    while result.is_ok() {
        result = match r.next() {
            Ok(Some(row)) => w.row(&row.iter().map(|f| condense(f, limit)).collect::<Row>()),
            Ok(None) => break,
            Err(e) => Err(e),
        };
    }
    let aligned = align(&text.0.borrow(), a.num("--width")?.unwrap_or(2), a.num("--pad")?.unwrap_or(2));
    a.output()?.write_all(&aligned).map_err(|e| e.to_string())?;
    result
}
