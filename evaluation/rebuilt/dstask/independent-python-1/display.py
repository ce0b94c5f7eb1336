"""What people see: coloured tables, or JSON when the output is not a terminal."""

import datetime as dt
import json
import os
import sys

from tasks import ZERO_TIME, Status, Task, UserError

COLUMNS, MAX_ROWS, GAP = 80, 15, "  "
DIM = "\x01"  # precedes a note to be dimmed within a cell


def is_tty() -> bool:
    return bool(os.environ.get("DSTASK_FAKE_PTY")) or sys.stdout.isatty()


def print_json(value) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    print(text, end="")


def fit(text: str, width: int, fg: int) -> str:
    text = text[:max(width - 1, 0)] + " " if len(text) > width else text.ljust(width)
    head, mark, note = text.partition(DIM)
    return f"{head}\x1b[38;5;240m{note} \x1b[38;5;{fg}m" if mark else text


def print_table(header, rows) -> None:
    """Print rows of (style, cells); a style is (foreground, background)."""
    widths = [max(map(len, column)) for column in zip(*(cells for _, cells in rows))]
    widths[-1] = max(0, min(widths[-1], COLUMNS - sum(w + len(GAP) for w in widths[:-1])))
    for mode, ((fg, bg), cells) in enumerate([((250, 232), header), *rows]):
        line = GAP.join(fit(cell, width, fg) for cell, width in zip(cells, widths))
        print(f"\x1b[{0 if mode else 4};38;5;{fg};48;5;{bg}m{line}\x1b[0m")


def row_style(priority, status, urgent, row):
    if priority == "P0":
        usual, active = 160, 124
    elif priority == "P1" or urgent:
        usual, active = 166, 130
    else:
        usual, active = (245, 238) if priority == "P3" else (250, 233)
    if status is Status.ACTIVE:
        return active, 250
    return usual, 236 if status is Status.PAUSED else 233 - row % 2


def format_due(due, today) -> str:
    if due is None:
        return ""
    days = (due - today).days
    if -1 <= days <= 1:
        return ("today", "tomorrow", "yesterday")[days]
    if 1 < days < 7:
        return f"{due:%a} {due.day:2}"
    return f"{due.day:2} {due:%b}" + (f" {due.year}" if due.year != today.year else "")


def print_tasks(tasks, everything, truncate) -> None:
    if not tasks:
        raise UserError("No matching tasks in given context or filter.")
    if len(tasks) == 1:
        print_detail(tasks[0])
    else:
        print_list(tasks, tasks[:MAX_ROWS] if truncate else tasks)
    critical = lambda ts: sum(t.priority == "P0" and t.status is not Status.TEMPLATE for t in ts)
    if (outside := critical(everything) - critical(tasks)) > 0:
        print(f"\x1b[38;5;160m{outside} critical task(s) outside this context! Use `dstask -- P0` to see them.\x1b[0m")


def print_list(tasks, shown) -> None:
    today, rows = dt.date.today(), []
    for i, t in enumerate(shown):
        summary = t.summary.split("\n")[0]
        if notes := t.notes.strip():
            summary += f"{DIM} {notes.splitlines()[-1]} "
        rows.append((row_style(t.priority, t.status, t.due and t.due <= today, i),
                     [f"{t.id:<2}", t.priority, " ".join(t.tags), format_due(t.due, today), t.project, summary]))
    print_table(["ID", "P", "Tags", "Due", "Project", "Summary"], rows)
    print(f"\n{len(tasks)} tasks." if len(shown) == len(tasks) else f"\n{len(shown)}/{len(tasks)} tasks shown.")


def print_detail(t: Task) -> None:
    spell = lambda stamp: stamp.replace("T", " ").replace("Z", " +0000 UTC")
    attributes = [("ID", str(t.id)), ("Priority", t.priority), ("Summary", t.summary), ("Status", t.status.value),
                  ("Project", t.project), ("Tags", ", ".join(t.tags)), ("UUID", t.uuid), ("Created", spell(t.created))]
    if t.due:
        attributes.append(("Due", spell(t.due_stamp)))
    print_table(["Name", "Value"], [((250, 233 - i % 2), pair) for i, pair in enumerate(attributes)])
    print_notes(t)


def print_notes(t: Task) -> None:
    if t.notes:
        print(f"\nNotes on task {t.id}:\n\x1b[38;5;245m{t.notes}\x1b[0m\n")


def summarise(tasks) -> list[dict]:
    """The projects that still have open tasks, by name."""
    groups: dict[str, list[Task]] = {}
    for t in tasks:
        if t.project and t.status is not Status.TEMPLATE:
            groups.setdefault(t.project, []).append(t)
    projects = []
    for name, members in sorted(groups.items()):
        pending = [t for t in members if t.status is not Status.RESOLVED]
        if pending:
            projects.append({
                "name": name, "taskCount": len(members), "resolvedCount": len(members) - len(pending),
                "active": any(t.status is Status.ACTIVE for t in pending),
                "created": min(t.created for t in members), "resolved": max([ZERO_TIME] + [
                    t.resolved for t in members]), "priority": min(t.priority for t in pending)})
    return projects


def print_projects(projects) -> None:
    rows = []
    for i, p in enumerate(projects):
        created = dt.date.fromisoformat(p["created"][:10])
        rows.append((row_style(p["priority"], Status.ACTIVE if p["active"] else None, False, i),
                     [p["name"], f"{p['resolvedCount']}/{p['taskCount']}", f"{created:%a} {created.day} {created:%b %Y}"]))
    if rows:
        print_table(["Name", "Progress", "Created"], rows)
