"""Reading, rounding and showing dates, times and durations."""

import re
from datetime import date, datetime, time, timedelta

EPOCH = datetime(1970, 1, 1)
MINUTE = timedelta(minutes=1)


def _numbers(text, layout):
    """The numbers in `text`, which `layout` describes with a '#' for each."""
    found, position = [], 0
    for token in layout:
        pattern = r"\s*(\d{1,4})" if token == "#" else f"({re.escape(token)})"
        match = re.compile(pattern, re.ASCII).match(text, position)
        if not match:
            ended = not text[position:].strip()
            raise ValueError("premature end of input" if ended else "input contains invalid characters")
        if token == "#":
            found.append(int(match[1]))
        position = match.end()
    if position < len(text):
        raise ValueError("trailing input")
    return found


def _build(kind, numbers):
    try:
        return kind(*numbers)
    except ValueError:
        raise ValueError("input is out of range") from None


def parse_date(text):
    return _build(date, _numbers(text, "#-#-#"))


def parse_time(text):
    return _build(time, _numbers(text, "#:#"))


def parse_moment(text):
    return _build(datetime, _numbers(text, "#-#-# #:#"))


def parse_step(text):
    """A rounding step such as 15m or 4h."""
    match = re.fullmatch(r"(\d+)([mh])", text, re.ASCII)
    if not match:
        raise ValueError
    return int(match[1]) * (MINUTE if match[2] == "m" else 60 * MINUTE)


def round_to(moment, step):
    return EPOCH + (moment - EPOCH + step / 2) // step * step


def show_moment(moment):
    return f"{moment:%Y-%m-%d %H:%M}"


def show_duration(duration):
    hours, minutes = divmod(max(duration, timedelta()) // MINUTE, 60)
    if hours:
        return f"{hours}h {minutes:02}m"
    return f"{minutes:02}m" if minutes else "<1m"
