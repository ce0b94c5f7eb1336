//! Commands that choose or order rows and columns.

use crate::cli::Args;
use crate::columns::{pick, resolve};
use crate::Outcome;
use std::cmp::Ordering;

pub fn select(args: &Args) -> Outcome<()> {
    let mut source = args.source(1)?;
    let columns = resolve(Some(&args.words[0]), &source)?;
    let mut writer = args.writer()?;
    if source.named {
        writer.record(&pick(&source.header, &columns))?;
    }
    source.each(|record| writer.record(&pick(&record, &columns)))?;
    writer.finish()
}

/// The half-open row range asked for by the flags of `slice`.
fn slice_range(numbers: [Option<usize>; 4]) -> Outcome<(usize, usize)> {
    let from = numbers[0].unwrap_or(0);
    Err(match numbers {
        [None, None, None, Some(index)] => return Ok((index, index.saturating_add(1))),
        [_, _, _, Some(_)] => "--index cannot be used with --start, --end or --len".to_string(),
        [_, Some(_), Some(_), _] => "--end and --len cannot be used at the same time.".to_string(),
        [_, Some(end), None, _] if end < from => format!(
            "The end of the range ({end}) must be greater than or\n\
             equal to the start of the range ({from})."
        ),
        [_, Some(end), None, _] => return Ok((from, end)),
        [_, None, len, _] => return Ok((from, from.saturating_add(len.unwrap_or(usize::MAX)))),
    })
}

pub fn slice(args: &Args) -> Outcome<()> {
    let numbers =
        [args.number("start")?, args.number("end")?, args.number("len")?, args.number("index")?];
    let mut source = args.source(0)?;
    let mut writer = args.writer()?;
    writer.header(&source)?;
    let (from, to) = slice_range(numbers)?;
    for position in 0..to {
        let Some(record) = source.next()? else { break };
        if position >= from {
            writer.record(&record)?;
        }
    }
    writer.finish()
}

fn compare(a: &[&[u8]], b: &[&[u8]], numeric: bool) -> Ordering {
    if !numeric {
        return a.cmp(b);
    }
    let value = |field: &[u8]| std::str::from_utf8(field).ok()?.parse::<f64>().ok();
    let order = |(x, y): (&&[u8], &&[u8])| value(x).partial_cmp(&value(y));
    a.iter().zip(b).filter_map(order).fold(Ordering::Equal, Ordering::then)
}

pub fn sort(args: &Args) -> Outcome<()> {
    let mut source = args.source(0)?;
    let columns = resolve(args.text("select"), &source)?;
    let mut records = source.rest()?;
    records.sort_by(|a, b| {
        let order = compare(&pick(a, &columns), &pick(b, &columns), args.has("numeric"));
        if args.has("reverse") { order.reverse() } else { order }
    });
    let mut writer = args.writer()?;
    writer.header(&source)?;
    records.iter().try_for_each(|record| writer.record(record))?;
    writer.finish()
}
