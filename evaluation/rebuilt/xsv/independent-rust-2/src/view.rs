//! Commands that show or reformat whole inputs.

use crate::align::{condense, layout};
use crate::cli::Args;
use crate::csv_in::Record;
use crate::csv_out::Writer;
use crate::Outcome;

pub fn count(args: &Args) -> Outcome<()> {
    println!("{}", args.source(0)?.rest()?.len());
    Ok(())
}

pub fn table(args: &Args) -> Outcome<()> {
    let min_width = args.number("width")?.unwrap_or(2);
    let gap = args.number("pad")?.unwrap_or(2);
    let limit = args.number("condense")?;
    let mut source = args.source_as(0, false)?;
    let mut writer = args.writer()?;
    writer.delimiter = b'\t';
    let cells = |record: &Record| -> Record {
        let cell = |field: &Vec<u8>| writer.cell(&condense(field, limit), record.len() == 1);
        record.iter().map(cell).collect()
    };
    // A broken record ends the table, but what came before it is still shown.
    let mut rows = Vec::new();
    let ending = source.each(|record| Ok(rows.push(cells(&record))));
    writer.raw(&layout(&rows, min_width, gap))?;
    writer.finish().and(ending)
}

pub fn flatten(args: &Args) -> Outcome<()> {
    let limit = args.number("condense")?;
    let separator = args.text("separator").unwrap_or("#");
    let mut source = args.source(0)?;
    let mut writer = Writer::to(None)?;
    let mut labels = source.header.clone();
    if !source.named {
        labels = (0..labels.len()).map(|index| index.to_string().into_bytes()).collect();
    }
    let mut first = true;
    while let Some(record) = source.next()? {
        if !std::mem::take(&mut first) && !separator.is_empty() {
            writer.raw(format!("{separator}\n").as_bytes())?;
        }
        let pairs = labels.iter().zip(&record);
        let lines: Vec<Record> =
            pairs.map(|(label, field)| vec![label.clone(), condense(field, limit)]).collect();
        writer.raw(&layout(&lines, 2, 2))?;
    }
    writer.finish()
}

pub fn headers(args: &Args) -> Outcome<()> {
    let mut names = Record::new();
    for position in 0..args.words.len().max(1) {
        for name in args.source(position)?.header {
            if !(args.has("intersect") && names.contains(&name)) {
                names.push(name);
            }
        }
    }
    let bare = args.has("just-names") || args.words.len() > 1;
    let line = |(index, name): (usize, Vec<u8>)| match bare {
        true => vec![name],
        false => vec![(index + 1).to_string().into_bytes(), name],
    };
    let lines: Vec<Record> = names.into_iter().enumerate().map(line).collect();
    let mut writer = Writer::to(None)?;
    writer.raw(&layout(&lines, 2, 2))?;
    writer.finish()
}

pub fn reformat(args: &Args) -> Outcome<()> {
    let delimiter = args.letter("out-delimiter", b',')?;
    let quote = args.letter("quote", b'"')?;
    let escape = args.letter("escape", quote)?;
    let mut source = args.source_as(0, false)?;
    let mut writer = args.writer()?;
    writer.delimiter = delimiter;
    (writer.quote, writer.escape) = (quote, escape);
    writer.always_quote = args.has("quote-always");
    if args.has("crlf") {
        writer.terminator = b"\r\n";
    }
    if args.has("ascii") {
        writer.delimiter = 0x1f;
        writer.terminator = b"\x1e";
    }
    source.each(|record| writer.record(&record))?;
    writer.finish()
}
