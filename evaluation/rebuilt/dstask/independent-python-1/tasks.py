"""The model: tasks, queries over them, and the git repository they live in."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import time
import uuid
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

ZERO_TIME = "0001-01-01T00:00:00Z"
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class UserError(Exception):
    """A mistake to be reported in red, ending the program."""


class Status(str, Enum):
    """Life-cycle state of a task; the value names its directory."""
    ACTIVE = "active"
    PAUSED = "paused"
    PENDING = "pending"
    TEMPLATE = "template"
    RESOLVED = "resolved"


UNRESOLVED = [s for s in Status if s is not Status.RESOLVED]
TRANSITIONS = {
    Status.PENDING: {Status.ACTIVE, Status.RESOLVED, Status.TEMPLATE},
    Status.ACTIVE: {Status.PAUSED, Status.RESOLVED, Status.PENDING},
    Status.PAUSED: {Status.ACTIVE, Status.RESOLVED, Status.PENDING},
}


def timestamp() -> str:
    """The present moment in RFC 3339 with nanoseconds, less trailing zeros."""
    seconds, nanos = divmod(time.time_ns(), 10**9)
    fraction = f".{nanos:09d}".rstrip("0").rstrip(".")
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + fraction + "Z"


def parse_due(text: str, today: dt.date) -> dt.date:
    """Turn a relative or absolute due date into a date."""
    days = {"yesterday": -1, "today": 0, "tomorrow": 1}
    if text in days:
        return today + dt.timedelta(days[text])
    if m := re.fullmatch(r"(this-|next-)?([a-z]{3,})", text):
        for index, name in enumerate(WEEKDAYS):
            if name.startswith(m[2]):
                if m[1] == "next-":  # weeks start on Sunday here
                    return today + dt.timedelta((index + 1) % 7 - today.isoweekday() % 7 + 7)
                return today + dt.timedelta((index - today.weekday()) % 7)
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return dt.date.fromisoformat(text)
        if re.fullmatch(r"\d\d-\d\d", text):
            return dt.date.fromisoformat(f"{today.year}-{text}")
        if re.fullmatch(r"\d\d?", text) and 1 <= int(text) <= 31:
            return today.replace(day=1) + dt.timedelta(int(text) - 1)
    except ValueError:
        pass
    raise UserError(f"Invalid due date format: {text}\nExpected format: YYYY-MM-DD, MM-DD or DD, "
                    "relative date like 'next-monday', 'today', etc.")


@dataclass
class Query:
    """A parsed command line: filter, attributes of a new task, or modification."""
    cmd: str = ""
    ids: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    anti_tags: list[str] = field(default_factory=list)
    project: str = ""
    anti_projects: list[str] = field(default_factory=list)
    priority: str = ""
    due: dt.date | None = None
    due_filter: str = ""
    template: int = 0
    text: str = ""
    note: str = ""
    ignore_context: bool = False

    @classmethod
    def parse(cls, args: list[str], commands=()) -> Query:
        q, words, ids_over = cls(), [], False
        for i, arg in enumerate(args):
            low = arg.lower()
            if not q.cmd and not words and low in commands:
                q.cmd = low
                if low == "git":
                    break
                continue
            if arg.isdigit() and not ids_over:
                q.ids.append(int(arg))
                continue
            ids_over = True
            key, colon, value = low.partition(":")
            if arg == "--":
                q.ignore_context = True
            elif arg == "/":
                q.note = " ".join(args[i + 1:])
                break
            elif colon and key == "project" and not q.project:
                q.project = value
            elif colon and key == "-project":
                q.anti_projects.append(value)
            elif colon and key == "template":
                q.template = int(value) if value.isdigit() else 0
            elif colon and key.partition(".")[0] == "due":
                q.set_due(key.partition(".")[2], value)
            elif arg[0:1] == "+" and len(arg) > 1:
                q.tags.append(low[1:])
            elif arg[0:1] == "-" and len(arg) > 1:
                q.anti_tags.append(low[1:])
            elif re.fullmatch("P[0-3]", arg) and not q.priority:
                q.priority = arg
            else:
                words.append(arg)
        q.text = " ".join(words)
        return q

    def set_due(self, kind: str, value: str) -> None:
        if self.due:
            raise UserError("Query should only have one due date")
        if kind not in ("", "after", "before", "on", "in"):
            raise UserError(f"Invalid date filter format: {kind}\nValid filters are: after, before, on, in")
        if value == "overdue" and not kind:
            kind, value = "before", "today"
        self.due_filter, self.due = kind, parse_due(value, dt.date.today())

    def __str__(self) -> str:
        """The operators in canonical form; empty if there are none."""
        parts = [f"+{t}" for t in self.tags] + [f"-{t}" for t in self.anti_tags]
        parts += [f"project:{self.project}"] if self.project else []
        parts += [f"-project:{p}" for p in self.anti_projects]
        if self.due:
            parts.append(f"due{'.' if self.due_filter else ''}{self.due_filter}:{self.due}")
        return " ".join(parts + ([self.priority] if self.priority else []))

    def merged(self, context: Query) -> Query:
        """This query narrowed by a context."""
        for name in ("project", "priority"):
            mine, theirs = getattr(self, name), getattr(context, name)
            if mine and theirs and mine != theirs:
                raise UserError(f"Could not apply q2, {name} conflict")
        return replace(
            self, tags=self.tags + context.tags, anti_tags=self.anti_tags + context.anti_tags,
            anti_projects=self.anti_projects + context.anti_projects,
            project=self.project or context.project, priority=self.priority or context.priority,
            due=self.due or context.due, due_filter=self.due_filter if self.due else context.due_filter)


@dataclass
class Task:
    """A single record, stored as one YAML file named after its UUID."""
    summary: str
    notes: str = ""
    tags: list[str] = field(default_factory=list)
    project: str = ""
    priority: str = "P2"
    created: str = ZERO_TIME
    resolved: str = ZERO_TIME
    due: dt.date | None = None
    status: Status = Status.PENDING
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    id: int = 0

    @classmethod
    def create(cls, q: Query, status: Status, base: Task | None = None) -> Task:
        """A new task from a query, possibly copying a template."""
        task = replace(base) if base else cls(summary="")
        task.uuid, task.id, task.status, task.created = str(uuid.uuid4()), 0, status, timestamp()
        task.modify(q)
        task.summary = q.text or task.summary
        if status is Status.RESOLVED:
            task.resolved = task.created
        return task

    def __str__(self) -> str:
        return f"{self.id}: {self.summary}" if self.id else self.summary

    @property
    def urgency(self):
        return self.priority, self.created.rstrip("Z")

    def modify(self, q: Query) -> None:
        self.tags = sorted((set(self.tags) | set(q.tags)) - set(q.anti_tags))
        self.project = q.project or ("" if self.project in q.anti_projects else self.project)
        self.priority = q.priority or self.priority
        self.due = q.due or self.due
        self.notes = f"{self.notes}\n{q.note}" if self.notes else q.note

    def move_to(self, status: Status) -> None:
        if status is not self.status and status not in TRANSITIONS.get(self.status, ()):
            raise UserError(f"invalid state transition: {self.status.value} -> {status.value}")
        self.status = status
        if status is Status.RESOLVED:
            self.resolved = timestamp()

    def matches(self, q: Query) -> bool:
        return ((not q.ids or self.id in q.ids)
                and set(q.tags) <= set(self.tags) and not set(q.anti_tags) & set(self.tags)
                and q.project in ("", self.project) and self.project not in q.anti_projects
                and q.priority in ("", self.priority)
                and (q.due is None or self.due is not None and self._due_matches(q))
                and q.text.lower() in (self.summary + self.notes).lower())

    def _due_matches(self, q: Query) -> bool:
        if q.due_filter == "before":
            return self.due <= q.due
        return self.due >= q.due if q.due_filter == "after" else self.due == q.due

    @property
    def due_stamp(self) -> str:
        return f"{self.due}T00:00:00Z" if self.due else ZERO_TIME

    def as_json(self) -> dict:
        names = ("uuid", "status", "id", "summary", "notes", "tags", "project", "priority", "created", "resolved")
        return {name: getattr(self, name) for name in names} | {"due": self.due_stamp}

    def to_yaml(self) -> str:
        tags = "".join(f"\n- {scalar(t)}" for t in self.tags) or " []"
        return (f"summary: {scalar(self.summary)}\nnotes: {scalar(self.notes)}\ntags:{tags}\n"
                f"project: {scalar(self.project)}\npriority: {self.priority}\ndelegatedto: \"\"\n"
                f"subtasks: []\ndependencies: []\ncreated: {self.created}\nresolved: {self.resolved}\n"
                f"due: {self.due_stamp}\n")

    @classmethod
    def from_yaml(cls, text: str, **known) -> Task:
        """Read the YAML subset that to_yaml writes."""
        values = {}
        for m in re.finditer(r"^(\w+): *(.*)\n((?:(?:[ -].*)?\n)*)", text, re.MULTILINE):
            values[m[1]] = unscalar(m[2], m[3])
            if m[1] == "tags":
                values["tags"] = [unscalar(t, "") for t in re.findall(r"^- (.*)", m[3], re.MULTILINE)]
        due = values.pop("due", ZERO_TIME)
        for unused in ("delegatedto", "subtasks", "dependencies"):
            values.pop(unused, None)
        return cls(**values, **known, due=None if due == ZERO_TIME else dt.date.fromisoformat(due[:10]))


def scalar(text: str) -> str:
    """Write a YAML string: plain, quoted, or as a block if it has many lines."""
    if "\n" in text:
        body = text.rstrip("\n")
        trailing = len(text) - len(body)
        head = "|" + ("2" if text[0] in " \n" else "") + ("-", "", "+")[min(trailing, 2)]
        return "\n".join([head] + [f"  {line}" if line else "" for line in text[:-1 if trailing else None].split("\n")])
    if re.fullmatch(r"(?i)|true|false|yes|no|on|off|null|[\d.+-]+", text):
        return json.dumps(text)
    if re.fullmatch(r"[^\W\d_](?:(?!: | #).)*(?<![: ])", text):
        return text
    return "'" + text.replace("'", "''") + "'"


def unscalar(first: str, rest: str) -> str:
    """Read a YAML string from its first line and the indented rest."""
    if first.startswith("|"):
        body = "".join(re.sub("^  ", "", line) for line in rest.splitlines(keepends=True))
        return body if first.endswith("+") else body.rstrip("\n") + ("" if first.endswith("-") else "\n")
    if first.startswith('"'):
        return json.loads(first)
    return first[1:-1].replace("''", "'") if first.startswith("'") else first


class Store:
    """The git repository of tasks plus the machine-local state inside .git."""

    def __init__(self) -> None:
        self.dir = Path(os.environ.get("DSTASK_GIT_REPO") or Path.home() / ".dstask")
        if not self.dir.exists():
            self.dir.mkdir(parents=True)
            self.git("init")
            print("\nAdd a remote repository with:\n\n\tdstask git remote add origin <repo>\n")
        self.open = [task for status in UNRESOLVED for task in self.load(status)]
        self.assign_ids()

    def load(self, status: Status) -> list[Task]:
        return [Task.from_yaml(path.read_text(), uuid=path.stem, status=status)
                for path in sorted((self.dir / status.value).glob("*.yml"))]

    def local(self, name: str, default=None, new=None):
        """Read a piece of local state, or write it if new is given."""
        path = self.dir / ".git" / "dstask" / f"{name}.json"
        if new is not None:
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(new))
            return new
        return json.loads(path.read_text()) if path.exists() else default

    def assign_ids(self) -> None:
        """Keep remembered IDs; others get the lowest free one."""
        known = self.local("ids", {})
        live = [t for t in self.open if t.status is not Status.RESOLVED]
        used = {known[t.uuid] for t in live if t.uuid in known}
        for task in live:
            task.id = known.get(task.uuid) or next(n for n in range(1, len(live) + len(used) + 2) if n not in used)
            used.add(task.id)
        self.local("ids", new={t.uuid: t.id for t in live})

    def by_id(self, wanted: int) -> Task:
        for task in self.open:
            if task.id == wanted:
                return task
        raise UserError(f"no open task with ID {wanted} exists")

    def add(self, task: Task) -> None:
        self.open.append(task)
        self.assign_ids()
        self.save(task)

    def path(self, task: Task, status: Status) -> Path:
        return self.dir / status.value / f"{task.uuid}.yml"

    def save(self, task: Task) -> None:
        self.delete(task)
        path = self.path(task, task.status)
        path.parent.mkdir(exist_ok=True)
        path.write_text(task.to_yaml())

    def delete(self, task: Task) -> None:
        for status in UNRESOLVED:
            self.path(task, status).unlink(missing_ok=True)

    def commit(self, message: str) -> None:
        print(f"\n{message}\n\x1b[38;5;245m", end="")
        self.git("add", ".")
        if subprocess.run(["git", "-C", self.dir, "diff", "--cached", "--quiet"]).returncode:
            self.git("commit", "--no-gpg-sign", "-m", message)
        else:
            print("No changes detected")
        print("\x1b[0m", end="")

    def git(self, *args: str) -> None:
        print(end="", flush=True)
        if subprocess.run(["git", "-C", self.dir, *args]).returncode:
            raise UserError("Failed to run git cmd.")
