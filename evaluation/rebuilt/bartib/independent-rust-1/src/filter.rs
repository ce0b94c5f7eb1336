//! Selecting activities by date and project.

use crate::activity::Activity;
use crate::clock::Date;

/// Matches `text` against a pattern with `?` and `*` wildcards.
pub fn wildcard_match(pattern: &str, text: &str) -> bool {
    let mut rest = text.chars();
    let tail = || pattern.chars().next().map_or("", |c| &pattern[c.len_utf8()..]);
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => {
            wildcard_match(tail(), text) || rest.next().is_some() && wildcard_match(pattern, rest.as_str())
        }
        Some(c) => rest.next().is_some_and(|t| c == '?' || c == t) && wildcard_match(tail(), rest.as_str()),
    }
}

#[derive(Default)]
pub struct Filter {
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub day: Option<Date>,
    pub project: Option<String>,
    pub number: Option<usize>,
    pub round: Option<i64>,
}

impl Filter {
    fn accepts(&self, activity: &Activity) -> bool {
        let date = activity.start.date();
        self.from.is_none_or(|from| date >= from)
            && self.to.is_none_or(|to| date <= to)
            && self.day.is_none_or(|day| date == day)
            && self.project.as_ref().is_none_or(|p| wildcard_match(p, &activity.project))
    }

    /// The accepted activities, rounded as wished, at most `number` of the last.
    pub fn select(&self, activities: &[&Activity]) -> Vec<Activity> {
        let round = |a: &&Activity| self.round.filter(|&s| s > 0).map_or((*a).clone(), |s| a.rounded(s));
        let mut chosen: Vec<_> = activities.iter().map(round).filter(|a| self.accepts(a)).collect();
        let surplus = chosen.len().saturating_sub(self.number.unwrap_or(usize::MAX));
        chosen.drain(..surplus);
        chosen
    }
}
