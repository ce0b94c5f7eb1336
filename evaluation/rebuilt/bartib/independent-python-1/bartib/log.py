"""Activities and the text file they are kept in."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from .times import parse_moment, round_to, show_moment


class BartibError(Exception):
    """A failure that ends the program with a message."""


@dataclass(frozen=True)
class Activity:
    start: datetime
    project: str
    description: str
    end: datetime | None = None

    @classmethod
    def parse(cls, line):
        fields = re.findall(r"((?:\\.|[^|\\])*)\\?(?:\||$)", line)
        # The pattern also matches the emptiness after the last field.
        fields = [re.sub(r"\\(.)", r"\1", f).strip() for f in fields[: len(fields) - (not line.endswith("|"))]]
        if len(fields) < 2:
            raise ValueError("could not parse activity")
        span, project, description = (*fields, "")[:3]
        start, dash, end = span.partition(" - ")
        try:
            return cls(
                parse_moment(start.strip()), project, description, parse_moment(end.strip()) if dash else None
            )
        except ValueError:
            raise ValueError("could not parse date or time of activity") from None

    def __str__(self):
        end = f" - {show_moment(self.end)}" if self.end else ""
        project, description = (re.sub(r"([\\|])", r"\\\1", t) for t in (self.project, self.description))
        return f"{show_moment(self.start)}{end} | {project} | {description}"

    @property
    def running(self):
        return self.end is None

    @property
    def duration(self):
        return (self.end or datetime.now()) - self.start

    @property
    def several_days(self):
        return bool(self.end) and self.end.date() != self.start.date()

    @property
    def key(self):
        return self.description, self.project

    @property
    def title(self):
        return f'"{self.description}" ({self.project})'

    def rounded(self, step):
        return replace(self, start=round_to(self.start, step), end=self.end and round_to(self.end, step))


@dataclass
class Line:
    number: int
    text: str
    activity: Activity | None = None
    error: str = ""

    @classmethod
    def parse(cls, number, text):
        try:
            return cls(number, text, Activity.parse(text))
        except ValueError as error:
            return cls(number, text, error=str(error))

    def set(self, activity):
        self.activity, self.text = activity, str(activity)


class Log:
    def __init__(self, path, lines=()):
        self.path = path
        self.lines = list(lines)

    @classmethod
    def read(cls, path, *, warn=False, create=False):
        try:
            with open(path, encoding="utf-8") as file:
                lines = [Line.parse(n, text.strip()) for n, text in enumerate(file, 1)]
        except FileNotFoundError as error:
            if not create:
                raise _failure("read from", path, error) from None
            lines = []
        except OSError as error:
            raise _failure("read from", path, error) from None
        for line in lines:
            if warn and line.error:
                print(f"Warning: Ignoring line {line.number}. Please see `bartib check` for further information")
        return cls(path, lines)

    def save(self):
        try:
            with open(self.path, "w", encoding="utf-8") as file:
                file.writelines(f"{line.text}\n" for line in self.lines)
        except OSError as error:
            raise _failure("write to", self.path, error) from None

    def append(self, activity):
        self.lines.append(Line(len(self.lines) + 1, str(activity), activity))

    @property
    def activities(self):
        return [line.activity for line in self.lines if line.activity]

    @property
    def running(self):
        """The lines of all running activities."""
        return [line for line in self.lines if line.activity and line.activity.running]

    def by_start(self):
        return sorted(self.activities, key=lambda a: a.start)

    def recent(self):
        """One activity for each description and project, the latest first."""
        latest = {}
        for activity in reversed(self.by_start()):
            latest.setdefault(activity.key, activity)
        return list(latest.values())


def describe(error):
    return f"{error.strerror} (os error {error.errno})"


def _failure(action, path, error):
    return BartibError(f"Could not {action} file: {path}\n\nCaused by:\n    {describe(error)}")
