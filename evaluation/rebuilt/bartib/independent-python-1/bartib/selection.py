"""Choosing which activities to show."""

import re
from dataclasses import dataclass
from datetime import date, timedelta


def wildcard(pattern, *, ignore_case=False):
    """A predicate for texts that match a pattern with `?` and `*`."""
    wild = {"*": ".*", "?": "."}
    regex = "".join(wild.get(c) or re.escape(c) for c in pattern)
    compiled = re.compile(regex, re.DOTALL | (re.IGNORECASE if ignore_case else 0))
    return lambda text: compiled.fullmatch(text) is not None


def week(day):
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


@dataclass
class Selection:
    first: date | None = None
    last: date | None = None
    project: str | None = None
    number: int | None = None
    step: timedelta | None = None

    @property
    def single_day(self):
        return self.first is not None and self.first is self.last

    def apply(self, activities):
        if self.step:
            activities = [a.rounded(self.step) for a in activities]
        chosen = [a for a in activities if self._accepts(a)]
        return chosen if self.number is None else chosen[max(len(chosen) - self.number, 0):]

    def _accepts(self, activity):
        day = activity.start.date()
        return (
            (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
            and (self.project is None or wildcard(self.project)(activity.project))
        )
