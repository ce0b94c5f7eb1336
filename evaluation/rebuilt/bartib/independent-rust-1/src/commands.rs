//! The subcommands.

use crate::activity::Activity;
use crate::cli::{Invocation, Matches};
use crate::clock::{format_duration, parse_clock, parse_step, Date, Moment};
use crate::filter::{wildcard_match, Filter};
use crate::log::{Entry, Log};
use crate::views;
use std::collections::BTreeSet;

type Outcome = Result<(), String>;

pub fn run(invocation: &Invocation) -> Outcome {
    let file = invocation.file.clone().or_else(|| std::env::var("BARTIB_FILE").ok());
    let file = file.ok_or(
        "Please specify a file with your activity log either as -f option or as BARTIB_FILE environment variable",
    )?;
    let m = &invocation.matches;
    match invocation.command.as_str() {
        "start" => start(&file, m),
        "stop" => stop(&file, m),
        "change" => change(&file, m),
        "cancel" => cancel(&file),
        "continue" => resume(&file, m),
        "edit" => edit(&file, m),
        "check" => check(&file),
        "list" => list(&file, m),
        "report" => report(&file, m),
        "last" => last(&file, m),
        "current" => current(&file),
        "projects" => projects(&file, m),
        "search" => search(&file, m.positional.as_deref().unwrap_or("''")),
        name => Err(format!("the command '{name}' is not available")),
    }
}

/// Reads an argument's value; an unreadable one is reported and left out.
fn read<T, E: ToString>(
    text: Option<&str>,
    (kind, arg): (&str, &str),
    parse: impl Fn(&str) -> Result<T, E>,
) -> Option<T> {
    let complain = |e: E| {
        let text = text.unwrap_or_default();
        println!("Can not parse \"{text}\" as {kind}. Argument for {arg} is ignored{}", e.to_string());
    };
    parse(text?).map_err(complain).ok()
}

fn number(text: Option<&str>) -> Option<usize> {
    read(text, ("number", "-n/--number"), |t| t.parse().map_err(|_| ""))
}

fn date(m: &Matches, name: &str, arg: &str) -> Option<Date> {
    read(m.get(name), ("date", arg), |t| Date::parse(t).map_err(|e| format!(" ({e})")))
}

/// Today at the time given by `-t`, if it is given and readable.
fn time(m: &Matches) -> Option<Moment> {
    let clock = read(m.get("time"), ("time", "-t/--time"), |t| parse_clock(t).map_err(|e| format!(" ({e})")));
    clock.map(|seconds| Moment::now().date().at(seconds))
}

fn time_or_now(m: &Matches) -> Moment {
    time(m).unwrap_or_else(|| Moment::now().to_minute())
}

fn filter(m: &Matches) -> Filter {
    let today = Moment::now().date();
    let mut filter = Filter {
        number: number(m.get("number")),
        from: date(m, "from", "--from"),
        to: date(m, "to", "--to"),
        day: date(m, "date", "-d/--date"),
        project: m.get("project").map(String::from),
        round: read(m.get("round"), ("duration", "--round"), |t| parse_step(t).ok_or("")),
    };
    if m.has("today") {
        filter.day = Some(today);
    } else if m.has("yesterday") {
        filter.day = Some(Date(today.0 - 1));
    } else if m.has("current_week") || m.has("last_week") {
        let monday = Date(today.monday().0 - if m.has("last_week") { 7 } else { 0 });
        filter.from = Some(monday);
        filter.to = Some(Date(monday.0 + 6));
    }
    filter
}

fn stop_running(log: &mut Log, end: Moment) {
    for entry in log.running() {
        entry.update(|a| {
            a.end = Some(end);
            let duration = format_duration(a.seconds(end));
            println!("Stopped activity: {} ({duration})", a.title("started at"));
        });
    }
}

fn begin(mut log: Log, activity: Activity) -> Outcome {
    stop_running(&mut log, activity.start);
    println!("Started activity: {}", activity.title("at"));
    log.push(activity);
    log.save()
}

fn start(file: &str, m: &Matches) -> Outcome {
    let (project, description) = (m.get("project").unwrap_or(""), m.get("description").unwrap_or(""));
    let activity = Activity::started(time_or_now(m), project, description);
    begin(Log::read_or_new(file)?, activity)
}

fn resume(file: &str, m: &Matches) -> Outcome {
    let index = number(m.positional.as_deref()).unwrap_or(0);
    let at = time_or_now(m);
    let log = Log::read_with_warnings(file)?;
    let activity = {
        let recent = log.recent();
        if recent.is_empty() {
            return Err("No activity has been started before.".into());
        }
        if index > recent.len() {
            return Err(format!("Less than {index} distinct activities have been logged yet"));
        }
        let template = recent[index.min(recent.len() - 1)];
        let project = m.get("project").unwrap_or(&template.project);
        Activity::started(at, project, m.get("description").unwrap_or(&template.description))
    };
    begin(log, activity)
}

fn stop(file: &str, m: &Matches) -> Outcome {
    let end = time_or_now(m);
    let mut log = Log::read(file)?;
    stop_running(&mut log, end);
    log.save()
}

fn change(file: &str, m: &Matches) -> Outcome {
    let start = time(m);
    let mut log = Log::read(file)?;
    for entry in log.running() {
        let before = entry.running().cloned();
        entry.update(|a| {
            a.start = start.unwrap_or(a.start);
            a.project = m.get("project").unwrap_or(&a.project).to_string();
            a.description = m.get("description").unwrap_or(&a.description).to_string();
        });
        if let Some(a) = entry.running().filter(|a| before.as_ref() != Some(a)) {
            println!("Changed activity: {}", a.title("started at"));
        }
    }
    log.save()
}

fn cancel(file: &str) -> Outcome {
    let mut log = Log::read(file)?;
    for a in log.activities().filter(|a| a.is_running()) {
        println!("Canceled activity: {}", a.title("started at"));
    }
    log.entries.retain(|e| e.running().is_none());
    log.save()
}

fn edit(file: &str, m: &Matches) -> Outcome {
    let editor = m.get("e").map(String::from).or_else(|| std::env::var("EDITOR").ok());
    let editor = editor.ok_or("editor command is missing")?;
    std::process::Command::new(editor).arg(file).status().map(|_| ()).map_err(|e| e.to_string())
}

fn check(file: &str) -> Outcome {
    let log = Log::read(file)?;
    let bad: Vec<&Entry> = log.entries.iter().filter(|e| e.activity.is_err()).collect();
    if bad.is_empty() {
        println!("All lines in the file have been successfully parsed as activities.");
        return Ok(());
    }
    println!("Found {} line(s) with parsing errors", bad.len());
    for entry in bad {
        if let Err(error) = &entry.activity {
            println!("\n{}\n  -> {error} (Line: {})", entry.text, entry.line);
        }
    }
    Ok(())
}

fn current(file: &str) -> Outcome {
    let log = Log::read_with_warnings(file)?;
    views::current(&log.activities().filter(|a| a.is_running()).collect::<Vec<_>>(), Moment::now());
    Ok(())
}

fn projects(file: &str, m: &Matches) -> Outcome {
    let log = Log::read_with_warnings(file)?;
    let wanted = log.activities().filter(|a| !m.has("current") || a.is_running());
    let names: BTreeSet<&str> = wanted.map(|a| a.project.as_str()).collect();
    for name in names {
        let quote = if m.has("no-quotes") { "" } else { "\"" };
        println!("{quote}{name}{quote}");
    }
    Ok(())
}

fn list(file: &str, m: &Matches) -> Outcome {
    let filter = filter(m);
    let chosen = filter.select(&Log::read_with_warnings(file)?.sorted());
    views::list(&chosen, !m.has("no_grouping"), filter.day.is_some(), Moment::now());
    Ok(())
}

fn report(file: &str, m: &Matches) -> Outcome {
    let filter = filter(m);
    views::report(&filter.select(&Log::read_with_warnings(file)?.sorted()), Moment::now());
    Ok(())
}

fn last(file: &str, m: &Matches) -> Outcome {
    let number = number(m.get("number")).unwrap_or(10);
    let log = Log::read_with_warnings(file)?;
    let recent: Vec<_> = log.recent().into_iter().enumerate().take(number).collect();
    if recent.is_empty() {
        println!("No activities have been tracked yet");
    } else {
        views::numbered(&recent);
    }
    Ok(())
}

fn search(file: &str, term: &str) -> Outcome {
    let log = Log::read_with_warnings(file)?;
    let pattern = format!("*{}*", term.to_lowercase());
    let hit = |text: &str| wildcard_match(&pattern, &text.to_lowercase());
    let found = log.recent().into_iter().enumerate();
    let found: Vec<_> = found.filter(|(_, a)| hit(&a.description) || hit(&a.project)).collect();
    if found.is_empty() {
        println!("No matching activities found");
    } else {
        views::numbered(&found);
    }
    Ok(())
}
