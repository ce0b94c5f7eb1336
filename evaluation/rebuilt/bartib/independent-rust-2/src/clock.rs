//! Calendar arithmetic and the parsing of dates, times and durations.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds of local time since 1970-01-01 00:00.
pub type Moment = i64;
/// Days since 1970-01-01.
pub type Day = i64;
/// A parsed value, or a few words on why there is none.
pub type Parsed<T> = Result<T, &'static str>;

pub const DAY_SECONDS: i64 = 86_400;

/// A number in a date or time: the separator in front of it, its digits at most, its least and greatest value.
type Field = (&'static str, usize, i64, i64);
const YEAR: Field = ("", 4, 0, 9999);
const MONTH: Field = ("-", 2, 1, 12);
const DAY: Field = ("-", 2, 1, 31);
const MINUTE: Field = (":", 2, 0, 59);

/// Reads the numbers of the given fields, each after optional blanks.
fn scan<const N: usize>(mut text: &str, fields: [Field; N]) -> Parsed<[i64; N]> {
    let mut values = [0; N];
    for (value, (separator, digits, low, high)) in values.iter_mut().zip(fields) {
        if text.is_empty() || text == separator { return Err("premature end of input") }
        let rest = text.strip_prefix(separator).ok_or("input contains invalid characters")?;
        let rest = rest.trim_start();
        let length = rest.bytes().take(digits).take_while(u8::is_ascii_digit).count();
        *value = rest[..length].parse().map_err(|_| "input contains invalid characters")?;
        if *value < low || *value > high { return Err("input is out of range") }
        text = &rest[length..];
    }
    if text.is_empty() { Ok(values) } else { Err("trailing input") }
}

/// Reads a date such as `2021-09-03`.
pub fn parse_date(text: &str) -> Parsed<Day> {
    existing_day(scan(text, [YEAR, MONTH, DAY])?)
}

/// Reads a time of day such as `8:15`; the result is in seconds since midnight.
pub fn parse_time(text: &str) -> Parsed<i64> {
    scan(text, [("", 2, 0, 23), MINUTE]).map(|[hour, minute]| hour * 3600 + minute * 60)
}

/// Reads a moment such as `2021-09-03 08:15`.
pub fn parse_moment(text: &str) -> Parsed<Moment> {
    let [year, month, day, hour, minute] = scan(text, [YEAR, MONTH, DAY, (" ", 2, 0, 23), MINUTE])?;
    Ok(existing_day([year, month, day])? * DAY_SECONDS + hour * 3600 + minute * 60)
}

/// Reads a duration such as `15m` or `4h`; an unusable number means no rounding.
pub fn parse_step(text: &str) -> Parsed<Option<i64>> {
    let unit_start = text.char_indices().last().map_or(0, |(i, _)| i);
    let Ok(count) = text[..unit_start].parse::<u32>() else { return Ok(None) };
    let unit = [("m", 60), ("h", 3600)].into_iter().find(|(name, _)| *name == &text[unit_start..]).ok_or("")?.1;
    Ok(Some(i64::from(count) * unit))
}

/// Rounds to the nearest multiple of `step`, halves upwards.
pub fn round(moment: Moment, step: i64) -> Moment {
    if step == 0 { 0 } else { (moment + step / 2).div_euclid(step) * step }
}

fn existing_day([year, month, day]: [i64; 3]) -> Parsed<Day> {
    let number = day_number(year, month, day);
    if civil(number) == (year, month, day) { Ok(number) } else { Err("input is out of range") }
}

/// Counts with years that begin in March, so that the leap day is the last one.
fn day_number(year: i64, month: i64, day: i64) -> Day {
    let (y, m) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400);
    365 * y + leap_days + (153 * m + 2) / 5 + day - 1 - 719_468
}

/// Year, month and day of month.
fn civil(day: Day) -> (i64, i64, i64) {
    let estimate = 1970 + day.div_euclid(365) + 1;
    let year = (estimate - 30..=estimate).rev().find(|y| day_number(*y, 1, 1) <= day).unwrap_or(estimate);
    let month = (1..=12).rev().find(|m| day_number(year, *m, 1) <= day).unwrap_or(1);
    (year, month, day - day_number(year, month, 1) + 1)
}

pub fn show_day(day: Day) -> String {
    let (y, m, d) = civil(day);
    format!("{y:04}-{m:02}-{d:02}")
}

pub fn show_time(moment: Moment) -> String {
    let minutes = moment.rem_euclid(DAY_SECONDS) / 60;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

pub fn show_moment(moment: Moment) -> String {
    format!("{} {}", show_day(moment.div_euclid(DAY_SECONDS)), show_time(moment))
}

/// `1h 05m`, `05m`, or `<1m` for everything shorter.
pub fn show_duration(seconds: i64) -> String {
    match seconds / 60 {
        minutes if minutes < 1 => "<1m".to_string(),
        minutes if minutes < 60 => format!("{minutes:02}m"),
        minutes => format!("{}h {:02}m", minutes / 60, minutes % 60),
    }
}

/// The present local time. The offset from UTC is asked from `date`; without it UTC is used.
pub fn now() -> Moment {
    let utc = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64);
    let offset = std::process::Command::new("date").arg("+%z").output().ok().and_then(|out| {
        let hhmm: i64 = String::from_utf8(out.stdout).ok()?.trim().parse().ok()?;
        Some(hhmm / 100 * 3600 + hhmm % 100 * 60)
    });
    utc + offset.unwrap_or(0)
}
