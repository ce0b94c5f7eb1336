//! The commands that only show something.

use crate::clock::{self, Day, Moment, DAY_SECONDS};
use crate::journal::{Activity, Journal};
use crate::{cli::Given, number_or, tolerant, Failure};
use std::collections::{BTreeMap, BTreeSet};

/// Which activities to show, and how to round them.
struct Selection {
    first: Option<Day>,
    last: Option<Day>,
    project: Option<String>,
    step: Option<i64>,
}

impl Selection {
    fn new(given: &Given, today: Day) -> Selection {
        let date = |key: &str, argument: &str| tolerant(given.value(key), "date", argument, clock::parse_date);
        let (from, to, day) = (date("from", "--from"), date("to", "--to"), date("date", "-d/--date"));
        let monday = today - (today + 3).rem_euclid(7); // day 0 was a Thursday
        let ranges = [("today", today, today), ("yesterday", today - 1, today - 1),
            ("current_week", monday, monday + 6), ("last_week", monday - 7, monday - 1)];
        let named = ranges.iter().find(|(key, _, _)| given.has(key));
        Selection {
            first: day.or(named.map(|r| r.1)).or(from),
            last: day.or(named.map(|r| r.2)).or(to),
            project: given.value("project").map(str::to_string),
            step: tolerant(given.value("round"), "duration", "--round", clock::parse_step).flatten(),
        }
    }

    fn has_project(&self, activity: &Activity) -> bool {
        self.project.as_ref().map_or(true, |pattern| matches(pattern, &activity.project))
    }

    /// The rounded activities of the selection, by start.
    fn pick(&self, journal: &Journal) -> Vec<Activity> {
        let round = |moment| self.step.map_or(moment, |step| clock::round(moment, step));
        let mut picked: Vec<Activity> = journal.activities().filter(|a| self.has_project(a))
            .map(|a| Activity { start: round(a.start), end: a.end.map(round), ..a.clone() })
            .filter(|a| self.first.map_or(true, |first| day_of(a) >= first) && self.last.map_or(true, |last| day_of(a) <= last))
            .collect();
        picked.sort_by_key(|a| a.start);
        picked
    }
}

fn day_of(activity: &Activity) -> Day {
    activity.start.div_euclid(DAY_SECONDS)
}

/// Compares with a pattern in which `?` stands for one and `*` for any number of characters.
fn matches(pattern: &str, text: &str) -> bool {
    let rest = |s: &str| s.chars().next().map_or(0, char::len_utf8);
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => text.char_indices().map(|(i, _)| i).chain([text.len()]).any(|i| matches(&pattern[1..], &text[i..])),
        Some(c) => (c == '?' && !text.is_empty() || text.starts_with(c)) && matches(&pattern[c.len_utf8()..], &text[rest(text)..]),
    }
}

/// Opens the journal and warns of lines that are not understood.
pub fn open(path: &str) -> Result<Journal, Failure> {
    let journal = Journal::load(path, false)?;
    for (i, _) in journal.lines.iter().enumerate().filter(|(_, line)| line.content.is_err()) {
        println!("Warning: Ignoring line {}. Please see `bartib check` for further information", i + 1);
    }
    Ok(journal)
}

/// A table's line: the terminal code of its colour, and its cells.
type Row = (Option<u8>, Vec<String>);

/// Prints groups of rows, with their titles, in columns of common width; or a message if there are no rows.
fn print_table(if_none: &str, headers: &[&str], groups: &[(Option<String>, Vec<Row>)]) {
    if groups.iter().all(|(_, rows)| rows.is_empty()) {
        return println!("{if_none}");
    }
    let width = |column: usize| {
        let cells = groups.iter().flat_map(|(_, rows)| rows).map(|(_, cells)| cells[column].chars().count());
        cells.chain([headers[column].len()]).max().unwrap_or(0)
    };
    let print_row = |(colour, cells): &Row| {
        let (before, after) = colour.map_or((String::new(), ""), |code| (format!("\x1b[{code}m"), "\x1b[0m"));
        for (column, cell) in cells.iter().enumerate() {
            print!("{before}{cell}{}{after} ", "\u{a0}".repeat(width(column) - cell.chars().count()));
        }
        println!();
    };
    println!();
    print_row(&(Some(4), headers.iter().map(|h| h.to_string()).collect()));
    for (title, rows) in groups {
        if let Some(title) = title {
            println!("\n\x1b[1m{title}\x1b[0m");
        }
        rows.iter().for_each(print_row);
    }
    println!();
}

/// Runs the command of the given name.
pub fn show(name: &str, path: &str, given: &Given, now: Moment) -> Result<(), Failure> {
    let today = now.div_euclid(DAY_SECONDS);
    match name {
        "list" => {
            let count = number_or(given.value("number"), usize::MAX);
            let selection = Selection::new(given, today);
            let picked = selection.pick(&open(path)?);
            let one_day = selection.first.is_some() && selection.first == selection.last && !given.has("from");
            list(&picked[picked.len().saturating_sub(count)..], one_day, given.has("no_grouping"), now);
        }
        "report" => {
            let selection = Selection::new(given, today);
            report(&selection.pick(&open(path)?), now);
        }
        "last" => {
            let count = number_or(given.value("number"), 10);
            recent(&open(path)?, "No activities have been tracked yet", |index, _| index < count);
        }
        "search" => {
            let pattern = format!("*{}*", given.positional.as_deref().unwrap_or("''").to_lowercase());
            recent(&open(path)?, "No matching activities found", |_, names| names.iter().any(|n| matches(&pattern, &n.to_lowercase())));
        }
        "projects" => {
            let journal = open(path)?;
            let wanted = journal.activities().filter(|a| !given.has("current") || a.end.is_none());
            let quote = if given.has("no-quotes") { "" } else { "\"" };
            wanted.map(|a| &a.project).collect::<BTreeSet<_>>().iter().for_each(|name| println!("{quote}{name}{quote}"));
        }
        "current" => current(&open(path)?, now),
        "check" => check(&Journal::load(path, false)?),
        _ => return Err(Failure(format!("Error: the command {name} is not available in this version"))),
    }
    Ok(())
}

fn list(activities: &[Activity], one_day: bool, no_grouping: bool, now: Moment) {
    let with_date = no_grouping && !one_day;
    let mut days: BTreeMap<Day, (i64, Vec<Row>)> = BTreeMap::new();
    for a in activities {
        let long = a.end.filter(|end| end.div_euclid(DAY_SECONDS) != day_of(a));
        let colour = if a.end.is_none() { Some(32) } else { long.map(|_| 33) };
        let start = if with_date { clock::show_moment(a.start) } else { clock::show_time(a.start) };
        let end = long.map(clock::show_moment).or(a.end.map(clock::show_time)).unwrap_or("-".into());
        let (total, rows) = days.entry(day_of(a)).or_default();
        *total += a.seconds(now);
        let cells = vec![start, end, a.description.clone(), a.project.clone(), clock::show_duration(a.seconds(now))];
        rows.push((colour, cells));
    }
    let title = |day, total| format!("{}\t{}", clock::show_day(day), clock::show_duration(total));
    let groups: Vec<_> = days.into_iter()
        .map(|(day, (total, rows))| ((!one_day && !no_grouping).then(|| title(day, total)), rows)).collect();
    print_table("No activity to display", &["Started", "Stopped", "Description", "Project", "Duration"], &groups);
}

fn report(activities: &[Activity], now: Moment) {
    let mut projects: BTreeMap<&str, BTreeMap<&str, i64>> = BTreeMap::new();
    for a in activities {
        *projects.entry(&a.project).or_default().entry(&a.description).or_default() += a.seconds(now);
    }
    // every paragraph is a headline followed by its details, each a name and a duration
    let total: i64 = activities.iter().map(|a| a.seconds(now)).sum();
    let line = |name: String, seconds: i64| (name, clock::show_duration(seconds));
    let mut paragraphs: Vec<Vec<(String, String)>> = projects.iter().map(|(project, tasks)| {
        let details = tasks.iter().map(|(task, seconds)| line(format!("    {task}"), *seconds));
        [line(project.to_string(), tasks.values().sum())].into_iter().chain(details).collect()
    }).collect();
    paragraphs.push(vec![line("Total".into(), total)]);
    let longest = |length: fn(&(String, String)) -> usize| paragraphs.iter().flatten().map(length).max().unwrap_or(0);
    let (names, durations) = (longest(|l| l.0.chars().count()), longest(|l| l.1.len()));
    for paragraph in &paragraphs {
        for (i, (name, duration)) in paragraph.iter().enumerate() {
            let text = format!("{name:.<names$} {duration:>durations$}");
            println!("{}", if i == 0 { format!("\n\x1b[1m{text}\x1b[0m") } else { text });
        }
    }
    println!();
}

/// Shows the recent descriptions and projects that are wanted, with their numbers.
fn recent(journal: &Journal, if_none: &str, wanted: impl Fn(usize, [&str; 2]) -> bool) {
    let rows: Vec<Row> = journal.recent().iter().enumerate().rev().filter(|(i, (d, p))| wanted(*i, [d, p]))
        .map(|(i, (d, p))| (None, vec![format!("[{i}]"), d.to_string(), p.to_string()])).collect();
    print_table(if_none, &[" #", "Description", "Project"], &[(None, rows)]);
}

fn current(journal: &Journal, now: Moment) {
    let rows: Vec<Row> = journal.activities().filter(|a| a.end.is_none()).map(|a| {
        let length = clock::show_duration(a.seconds(now));
        (None, vec![clock::show_moment(a.start), a.description.clone(), a.project.clone(), length])
    }).collect();
    print_table("No Activity is currently running", &["Started At", "Description", "Project", "Duration"], &[(None, rows)]);
}

fn check(journal: &Journal) {
    let faults: Vec<_> = journal.lines.iter().enumerate()
        .filter_map(|(i, line)| Some((i + 1, &line.text, line.content.as_ref().err()?))).collect();
    if faults.is_empty() {
        return println!("All lines in the file have been successfully parsed as activities.");
    }
    println!("Found {} line(s) with parsing errors", faults.len());
    for (number, text, fault) in faults {
        println!("\n{text}\n  -> {fault} (Line: {number})");
    }
}
