//! Calendar arithmetic on local dates and times.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

const DAY: i64 = 86_400;
const MAX_DIGITS: usize = 4;
const OUT_OF_RANGE: &str = "input is out of range";

type Parsed<T> = Result<T, &'static str>;

/// A calendar day, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub i64);

impl Date {
    fn from_ymd(y: i64, m: i64, d: i64) -> Option<Date> {
        // Years start in March so that the leap day comes last.
        let year = if m <= 2 { y - 1 } else { y };
        let day_of_year = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
        let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        let date = Date(365 * year + leaps + day_of_year - 719_468);
        (date.ymd() == (y, m, d)).then_some(date)
    }

    fn ymd(self) -> (i64, i64, i64) {
        let z = self.0 + 719_468;
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + z.div_euclid(146_097) * 400 + i64::from(month <= 2);
        (year, month, doy - (153 * mp + 2) / 5 + 1)
    }

    pub fn parse(text: &str) -> Parsed<Date> {
        let [y, m, d] = scan(text, "--")?;
        Date::from_ymd(y, m, d).ok_or(OUT_OF_RANGE)
    }

    pub fn monday(self) -> Date {
        Date(self.0 - (self.0 + 3).rem_euclid(7))
    }

    pub fn at(self, seconds: i64) -> Moment {
        Moment(self.0 * DAY + seconds)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (y, m, d) = self.ymd();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

/// A point in local time, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

impl Moment {
    pub fn now() -> Moment {
        let secs = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64);
        Moment(secs + utc_offset(secs))
    }

    /// Reads `YYYY-MM-DD HH:MM`.
    pub fn parse(text: &str) -> Parsed<Moment> {
        let [y, m, d, hour, minute] = scan(text, "-- :")?;
        Ok(Date::from_ymd(y, m, d).ok_or(OUT_OF_RANGE)?.at(seconds_of_day(hour, minute)?))
    }

    pub fn date(self) -> Date {
        Date(self.0.div_euclid(DAY))
    }

    pub fn time(self) -> String {
        let minutes = self.0.rem_euclid(DAY) / 60;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }

    pub fn to_minute(self) -> Moment {
        Moment(self.0 - self.0.rem_euclid(60))
    }

    /// The nearest multiple of `step` seconds; ties go up.
    pub fn rounded(self, step: i64) -> Moment {
        Moment((self.0 + step / 2).div_euclid(step) * step)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}", self.date(), self.time())
    }
}

/// Reads a clock time `HH:MM` as seconds since midnight.
pub fn parse_clock(text: &str) -> Parsed<i64> {
    let [hour, minute] = scan(text, ":")?;
    seconds_of_day(hour, minute)
}

fn seconds_of_day(hour: i64, minute: i64) -> Parsed<i64> {
    if hour > 23 || minute > 59 { Err(OUT_OF_RANGE) } else { Ok(hour * 3600 + minute * 60) }
}

/// Reads a rounding step such as `15m` or `4h`, in seconds.
pub fn parse_step(text: &str) -> Option<i64> {
    let (digits, unit) = match (text.strip_suffix('m'), text.strip_suffix('h')) {
        (Some(digits), _) => (digits, 60),
        (_, Some(digits)) => (digits, 3600),
        _ => return None,
    };
    digits.parse::<u32>().ok().map(|n| i64::from(n) * unit)
}

pub fn format_duration(seconds: i64) -> String {
    let minutes = seconds / 60;
    match (minutes / 60, minutes % 60) {
        (h, m) if h > 0 => format!("{h}h {m:02}m"),
        (_, m) if m > 0 => format!("{m:02}m"),
        _ => "<1m".to_string(),
    }
}

/// Reads numbers of at most `MAX_DIGITS` digits with the given separators between them.
fn scan<const N: usize>(text: &str, separators: &str) -> Parsed<[i64; N]> {
    let unexpected = |rest: &str| if rest.is_empty() { "premature end of input" } else { "input contains invalid characters" };
    let mut rest = text;
    let mut separators = separators.chars();
    let mut numbers = [0; N];
    for (i, number) in numbers.iter_mut().enumerate() {
        if i > 0 {
            rest = separators.next().and_then(|s| rest.strip_prefix(s)).ok_or(unexpected(rest))?;
        }
        rest = rest.trim_start();
        let len = rest.bytes().take(MAX_DIGITS).take_while(u8::is_ascii_digit).count();
        *number = rest[..len].parse().map_err(|_| unexpected(rest))?;
        rest = &rest[len..];
    }
    if rest.is_empty() { Ok(numbers) } else { Err("trailing input") }
}

/// The C library's `struct tm`, as Linux systems define it.
#[repr(C)]
struct Tm {
    fields: [i32; 9],
    gmtoff: i64,
    zone: *const u8,
}

extern "C" {
    fn localtime_r(time: *const i64, out: *mut Tm) -> *mut Tm;
}

fn utc_offset(secs: i64) -> i64 {
    let mut tm = Tm { fields: [0; 9], gmtoff: 0, zone: std::ptr::null() };
    // SAFETY: both pointers refer to live values; `tm` covers the whole C struct.
    unsafe { localtime_r(&secs, &mut tm) };
    tm.gmtoff
}
