//! A time tracker that keeps its activities in a plain text file.

mod cli;
mod clock;
mod journal;
mod views;

use cli::{Given, Request};
use clock::{Moment, Parsed};
use journal::{Activity, Journal};
use std::{env, process};

/// The complete text of an error that ends the program.
pub struct Failure(pub String);

const NO_FILE: &str = "Error: Please specify a file with your activity log either as -f option or as BARTIB_FILE environment variable";

fn main() {
    let mut args = env::args();
    let program = args.next().unwrap_or_default().rsplit('/').next().unwrap_or_default().to_string();
    let outcome = cli::parse(&program, args).and_then(|request| match request {
        Request::Show(text, true) => Ok(print!("{text}")),
        Request::Show(text, false) => Err(Failure(text.trim_end().to_string())),
        Request::Run(file, name, given) => match file.or_else(|| env::var("BARTIB_FILE").ok()) {
            Some(path) => run(&path, &name, &given),
            None => Err(Failure(NO_FILE.to_string())),
        },
    });
    if let Err(Failure(text)) = outcome {
        eprintln!("{text}");
        process::exit(1);
    }
}

/// Reads an argument; if that fails, says so and goes on without it.
pub fn tolerant<T>(text: Option<&str>, kind: &str, argument: &str, read: impl Fn(&str) -> Parsed<T>) -> Option<T> {
    let text = text?;
    let complain = |reason: &str| {
        let reason = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
        println!("Can not parse \"{text}\" as {kind}. Argument for {argument} is ignored{reason}");
    };
    read(text).map_err(complain).ok()
}

/// The number given as text, or else the default.
pub fn number_or(text: Option<&str>, default: usize) -> usize {
    tolerant(text, "number", "-n/--number", |text| text.parse().map_err(|_| "")).unwrap_or(default)
}

/// Runs the commands that change the journal; leaves the others to `views`.
fn run(path: &str, name: &str, given: &Given) -> Result<(), Failure> {
    let now = clock::now();
    let time = tolerant(given.value("time"), "time", "-t/--time", clock::parse_time);
    let given_moment = time.map(|time| now - now.rem_euclid(clock::DAY_SECONDS) + time);
    let moment = given_moment.unwrap_or(now - now.rem_euclid(60));
    let text = |key: &str, default: &str| given.value(key).unwrap_or(default).to_string();
    let names = |project: &str, description: &str| (text("project", project), text("description", description));
    match name {
        "start" => begin(Journal::load(path, true)?, moment, names("", "")),
        "continue" => {
            let index = number_or(given.positional.as_deref(), 0);
            let journal = views::open(path)?;
            let recent = journal.recent();
            // the number after the last one still stands for the last one
            let chosen = recent.get(index).or(recent.last().filter(|_| index == recent.len()));
            let chosen = chosen.map(|(description, project)| names(project, description));
            let problem = if recent.is_empty() { "No activity has been started before.".to_string() } else {
                format!("Less than {index} distinct activities have been logged yet")
            };
            begin(journal, moment, chosen.ok_or(Failure(format!("Error: {problem}")))?)
        }
        "stop" => {
            let mut journal = Journal::load(path, false)?;
            end_running(&mut journal, moment);
            journal.save()
        }
        "change" => {
            let mut journal = Journal::load(path, false)?;
            if given_moment.is_some() || given.has("description") || given.has("project") {
                journal.update_running(|a| {
                    a.start = given_moment.unwrap_or(a.start);
                    (a.project, a.description) = names(&a.project, &a.description);
                    println!("Changed activity: {} started at {}", a.label(), clock::show_moment(a.start));
                });
            }
            journal.save()
        }
        "cancel" => {
            let mut journal = Journal::load(path, false)?;
            journal.update_running(|a| println!("Canceled activity: {} started at {}", a.label(), clock::show_moment(a.start)));
            journal.lines.retain(|line| !matches!(&line.content, Ok(activity) if activity.end.is_none()));
            journal.save()
        }
        "edit" => {
            let editor = given.value("e").map(str::to_string).or_else(|| env::var("EDITOR").ok());
            let editor = editor.ok_or_else(|| Failure("Error: editor command is missing".into()))?;
            process::Command::new(editor).arg(path).status().map(|_| ()).map_err(|e| Failure(format!("Error: {e}")))
        }
        _ => views::show(name, path, given, now),
    }
}

/// Ends what is running, starts an activity of the given project and description, and saves.
fn begin(mut journal: Journal, start: Moment, (project, description): (String, String)) -> Result<(), Failure> {
    end_running(&mut journal, start);
    let activity = Activity { start, end: None, project, description };
    println!("Started activity: {} at {}", activity.label(), clock::show_moment(start));
    journal.append(activity);
    journal.save()
}

fn end_running(journal: &mut Journal, end: Moment) {
    journal.update_running(|a| {
        a.end = Some(end);
        let length = clock::show_duration(a.seconds(end));
        println!("Stopped activity: {} started at {} ({length})", a.label(), clock::show_moment(a.start));
    });
}
