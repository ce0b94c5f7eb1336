//! The commands themselves.

use crate::ansi::{paint, Mode, Style};
use crate::cli::Parsed;
use crate::color::Color;
use crate::display::Output;
use crate::names::NAMED;
use crate::random::{distinct, Rng};
use crate::{format, mix, parse};
use std::io::{BufRead, IsTerminal, Read};

type Outcome<T = ()> = Result<T, String>;

const NO_PICKER: &str =
    "Could not find any external color picker tool. See 'pastel pick --help' for more information.";

fn number(text: &str) -> Outcome<f64> {
    parse::number(text).ok_or_else(|| format!("Could not parse number '{text}'"))
}

fn count(text: &str) -> Outcome<usize> {
    text.parse().map_err(|_| format!("Could not parse number '{text}'"))
}

fn color_from(text: &str) -> Outcome<Color> {
    let parse = |t: &str| parse::color(t).ok_or_else(|| format!("Could not parse color '{t}'"));
    match text {
        "-" => {
            let mut line = String::new();
            match std::io::stdin().lock().read_line(&mut line) {
                Ok(n) if n > 0 => parse(line.trim()),
                _ => Err("Could not read color from standard input".to_string()),
            }
        }
        "pick" => Err(NO_PICKER.to_string()),
        _ => parse(text),
    }
}

/// Calls `f` for each color of the arguments, or else of standard input.
fn each_color(args: &[String], mut f: impl FnMut(Color) -> Outcome) -> Outcome {
    if !args.is_empty() {
        return args.iter().try_for_each(|a| f(color_from(a)?));
    }
    if std::io::stdin().is_terminal() {
        return Err("A color argument needs to be provided on the command line or via a pipe. Call this command again with '-h' or '--help' to get more information.".to_string());
    }
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|_| "Color input contains invalid UTF8".to_string())?;
        let text = line.trim();
        f(parse::color(text).ok_or_else(|| format!("Could not parse color '{text}'"))?)?;
    }
    Ok(())
}

fn all_colors(args: &[String]) -> Outcome<Vec<Color>> {
    let mut all = Vec::new();
    each_color(args, |c| {
        all.push(c);
        Ok(())
    })?;
    Ok(all)
}

fn map(p: &Parsed, out: &mut Output, f: impl Fn(Color) -> Color) -> Outcome {
    each_color(&p.many, |c| {
        out.color(f(c));
        Ok(())
    })
}

fn set_property(property: &str, value: f64, c: Color) -> Color {
    let (mut lab, mut lch, mut ok) = (c.to_lab(), c.to_lch(), c.to_oklab());
    let mut rgb = c.to_rgb8().map(|v| v as f64 / 255.0);
    let set = |v: &mut [f64; 3], i: usize, x: f64| v[i] = x;
    match property {
        "lightness" => set(&mut lch, 0, value),
        "chroma" => set(&mut lch, 1, value),
        "hue" => set(&mut lch, 2, value),
        "lab-a" => set(&mut lab, 1, value),
        "lab-b" => set(&mut lab, 2, value),
        "oklab-l" => set(&mut ok, 0, value),
        "oklab-a" => set(&mut ok, 1, value),
        "oklab-b" => set(&mut ok, 2, value),
        "red" => set(&mut rgb, 0, value.trunc() / 255.0),
        "green" => set(&mut rgb, 1, value.trunc() / 255.0),
        "blue" => set(&mut rgb, 2, value.trunc() / 255.0),
        "hsl-hue" => return Color::hsl(value, c.s, c.l, c.a),
        "hsl-saturation" => return Color::hsl(c.h, value, c.l, c.a),
        "hsl-lightness" => return Color::hsl(c.h, c.s, value, c.a),
        _ => return Color::hsl(c.h, c.s, c.l, value),
    }
    match property {
        "lightness" | "chroma" | "hue" => Color::lch(lch, c.a),
        "lab-a" | "lab-b" => Color::lab(lab, c.a),
        "red" | "green" | "blue" => Color::rgb(rgb, c.a),
        _ => Color::oklab(ok, c.a),
    }
}

fn colorblind(kind: &str, c: Color) -> Color {
    let [l, m, s] = c.to_lms();
    let seen = match kind {
        "prot" => [1.05118294 * m - 0.05116099 * s, m, s],
        "deuter" => [l, 0.9513092 * l + 0.04866992 * s, s],
        _ => [l, m, -0.86744736 * l + 1.86727089 * m],
    };
    Color::from_lms(seen, c.a)
}

fn sort_key(order: &str, c: Color) -> i64 {
    let value = match order {
        "brightness" => c.brightness(),
        "luminance" => c.luminance(),
        "chroma" => c.to_lch()[1],
        _ => c.to_lch()[2],
    };
    (value * 1000.0) as i64
}

fn sort<T>(order: &str, items: &mut [T], color: impl Fn(&T) -> Color) {
    if order == "random" {
        let mut rng = Rng::new();
        items.sort_by_cached_key(|_| (rng.next() * 1e9) as i64);
    } else {
        items.sort_by_key(|i| sort_key(order, color(i)));
    }
}

fn list(p: &Parsed, out: &Output) -> Outcome {
    let mut names = NAMED.to_vec();
    sort(p.get("sort"), &mut names, |n| Color::hex(n.1));
    for (name, rgb) in names {
        let line = if out.tty { out.on_color(&format!(" {name:<24}"), Color::hex(rgb)) } else { name.to_string() };
        println!("{line}");
    }
    Ok(())
}

fn sort_by(p: &Parsed, out: &mut Output) -> Outcome {
    let mut colors = all_colors(&p.many)?;
    if p.has("unique") {
        colors.sort_by_key(|c| c.to_u32());
        colors.dedup_by_key(|c| c.to_u32());
    }
    sort(p.get("sort-order"), &mut colors, |c| *c);
    if p.has("reverse") {
        colors.reverse();
    }
    colors.into_iter().for_each(|c| out.color(c));
    Ok(())
}

fn format_colors(p: &Parsed, out: &Output) -> Outcome {
    let kind = p.get("type");
    each_color(&p.many, |c| {
        let text = format::format(kind, c);
        if kind.ends_with("escapecode") {
            print!("{text}");
        } else {
            println!("{}", if out.tty { out.on_color(&text, c) } else { text });
        }
        Ok(())
    })
}

fn gradient(p: &Parsed, out: &mut Output) -> Outcome {
    let n = count(p.get("number"))?;
    if n < 2 {
        return Err("The specified color count must be larger than one".to_string());
    }
    let stops = p.many.iter().map(|t| color_from(t)).collect::<Outcome<Vec<_>>>()?;
    if stops.len() < 2 {
        return Err("The number of color arguments must be larger than one".to_string());
    }
    for i in 0..n {
        out.color(mix::sample(p.get("colorspace"), &stops, i as f64 / (n - 1) as f64));
    }
    Ok(())
}

fn mix_colors(p: &Parsed, out: &mut Output) -> Outcome {
    let base = color_from(p.get("color"))?;
    let fraction = number(p.get("fraction"))?;
    map(p, out, |c| mix::mix(p.get("colorspace"), c, base, fraction))
}

fn paint_text(p: &Parsed, out: &Output) -> Outcome {
    let fg = p.get("color").trim();
    let style = Style {
        fg: if fg == "default" { None } else { Some(color_from(fg)?) },
        bg: if p.has("on") { Some(color_from(p.get("on"))?) } else { None },
        bold: p.has("bold"),
        italic: p.has("italic"),
        underline: p.has("underline"),
    };
    let mut text = p.many.join(" ");
    if p.many.is_empty() {
        std::io::stdin().read_to_string(&mut text).map_err(|e| e.to_string())?;
    }
    let end = if p.has("no-newline") { "" } else { "\n" };
    print!("{}{}", paint(&text, &style, out.mode), end);
    Ok(())
}

fn distinct_colors(p: &Parsed, out: &mut Output) -> Outcome {
    let n = count(p.get("count"))?;
    if n < 2 {
        return Err("The number of colors must be larger than one".to_string());
    }
    let fixed = p.many.iter().map(|t| color_from(t)).collect::<Outcome<Vec<_>>>()?;
    distinct(n, &fixed, p.get("metric"), p.has("verbose")).into_iter().for_each(|c| out.color(c));
    Ok(())
}

fn random(p: &Parsed, out: &mut Output) -> Outcome {
    let mut rng = Rng::new();
    (0..count(p.get("number"))?).for_each(|_| out.color(rng.color(p.get("strategy"))));
    Ok(())
}

fn colorcheck() -> Outcome {
    for (title, mode) in [("8-bit mode", Mode::Ansi8), ("24-bit mode", Mode::TrueColor)] {
        let cells = [0x492732, 0x10331e, 0x1d365a].map(|rgb| {
            let c = Some(Color::hex(rgb));
            paint(" ", &Style { fg: c, bg: c, ..Style::default() }, mode).repeat(8)
        });
        println!("\n{title}:\n{:30}", "");
        (0..4).for_each(|_| println!("  {}", cells.join(" ")));
    }
    Ok(())
}

pub fn run(name: &str, p: &Parsed, out: &mut Output) -> Outcome {
    match name {
        "list" => list(p, out),
        "sort-by" => sort_by(p, out),
        "format" => format_colors(p, out),
        "gradient" => gradient(p, out),
        "mix" => mix_colors(p, out),
        "paint" => paint_text(p, out),
        "distinct" => distinct_colors(p, out),
        "random" => random(p, out),
        "pick" => count(p.get("count")).and(Err(NO_PICKER.to_string())),
        "colorcheck" => colorcheck(),
        "gray" => {
            out.color(Color::gray(number(p.get("lightness"))?));
            Ok(())
        }
        "colorblind" => map(p, out, |c| colorblind(p.get("type"), c)),
        "complement" => map(p, out, |c| c.rotate(180.0)),
        "to-gray" => map(p, out, Color::to_gray),
        "textcolor" => map(p, out, Color::text_color),
        "set" => {
            let value = number(p.get("value"))?;
            map(p, out, |c| set_property(p.get("property"), value, c))
        }
        "rotate" => {
            let degrees = number(p.get("degrees"))?;
            map(p, out, |c| c.rotate(degrees))
        }
        "lighten" | "darken" | "saturate" | "desaturate" => {
            let amount = number(p.get("amount"))?;
            map(p, out, |c| match name {
                "lighten" => c.lighten(amount),
                "darken" => c.lighten(-amount),
                "saturate" => c.saturate(amount),
                _ => c.saturate(-amount),
            })
        }
        _ => map(p, out, |c| c),
    }
}
