//! What the listing commands print.

use crate::activity::Activity;
use crate::clock::{format_duration, Moment};
use crate::table::{self, styled, Group, Row, BOLD, GREEN, YELLOW};
use std::collections::BTreeMap;

fn total(activities: &[Activity], now: Moment) -> i64 {
    activities.iter().map(|a| a.seconds(now)).sum()
}

pub fn list(activities: &[Activity], grouped: bool, one_day: bool, now: Moment) {
    if activities.is_empty() {
        println!("No activity to display");
        return;
    }
    let columns = ["Started", "Stopped", "Description", "Project", "Duration"];
    let rows = |chunk: &[Activity], dated| chunk.iter().map(|a| list_row(a, dated, now)).collect();
    let groups: Vec<Group> = if grouped && !one_day {
        let days = activities.chunk_by(|a, b| a.start.date() == b.start.date());
        days.map(|day| (Some(day_title(day, now)), rows(day, false))).collect()
    } else {
        vec![(None, rows(activities, !one_day))]
    };
    table::print(&columns, &groups);
}

fn day_title(day: &[Activity], now: Moment) -> String {
    let sum = total(day, now);
    format!("{}\t{}", day[0].start.date(), format_duration(sum))
}

fn list_row(a: &Activity, dated: bool, now: Moment) -> Row {
    let style = match a.end {
        None => GREEN,
        Some(_) if a.spans_days() => YELLOW,
        Some(_) => "",
    };
    let stopped = match a.end {
        None => "-".to_string(),
        Some(end) if a.spans_days() => end.to_string(),
        Some(end) => end.time(),
    };
    let started = if dated { a.start.to_string() } else { a.start.time() };
    let duration = format_duration(a.seconds(now));
    (style, vec![started, stopped, a.description.clone(), a.project.clone(), duration])
}

pub fn current(running: &[&Activity], now: Moment) {
    if running.is_empty() {
        println!("No Activity is currently running");
        return;
    }
    let row = |a: &&Activity| {
        vec![a.start.to_string(), a.description.clone(), a.project.clone(), format_duration(a.seconds(now))]
    };
    print_plain(&["Started At", "Description", "Project", "Duration"], running.iter().map(row));
}

/// Numbered descriptions and projects; the smallest number comes last.
pub fn numbered(recent: &[(usize, &Activity)]) {
    let row = |(index, a): &(usize, &Activity)| vec![format!("[{index}]"), a.description.clone(), a.project.clone()];
    print_plain(&[" #", "Description", "Project"], recent.iter().rev().map(row));
}

fn print_plain(columns: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let rows = rows.map(|cells| ("", cells)).collect();
    table::print(columns, &[(None, rows)]);
}

/// One line of a report: style, indented name, seconds.
type ReportLine = (&'static str, String, i64);

pub fn report(activities: &[Activity], now: Moment) {
    let blocks = report_blocks(activities, now);
    let sum = total(activities, now);
    let lines = || blocks.iter().flatten();
    let name_width = lines().map(|l| l.1.chars().count()).max().unwrap_or(0).max("Total".len());
    let time_width = lines().map(|l| format_duration(l.2).len()).max().unwrap_or(0);
    let time_width = time_width.max(format_duration(sum).len());
    println!();
    for block in &blocks {
        for (style, name, seconds) in block {
            let time = format_duration(*seconds);
            println!("{}", styled(style, &format!("{name:.<name_width$} {time:>time_width$}")));
        }
        println!();
    }
    let total = format!("{:.<name_width$} {}", "Total", format_duration(sum));
    println!("{}\n", styled(BOLD, &total));
}

/// One block for each project: its sum, then its descriptions.
fn report_blocks(activities: &[Activity], now: Moment) -> Vec<Vec<ReportLine>> {
    let mut sums: BTreeMap<&str, BTreeMap<&str, i64>> = BTreeMap::new();
    for a in activities {
        let project = sums.entry(&a.project).or_default();
        *project.entry(&a.description).or_default() += a.seconds(now);
    }
    let block = |(project, tasks): (&&str, &BTreeMap<&str, i64>)| {
        let mut lines: Vec<ReportLine> = vec![(BOLD, project.to_string(), tasks.values().sum())];
        lines.extend(tasks.iter().map(|(task, secs)| ("", format!("    {task}"), *secs)));
        lines
    };
    sums.iter().map(block).collect()
}
