"""Tables, reports and the status display."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import groupby

from .selection import week
from .times import show_duration, show_moment

NBSP = "\N{NO-BREAK SPACE}"
BOLD, UNDERLINE, GREEN, YELLOW = "1", "4", "32", "33"


def styled(style, text):
    return f"\x1b[{style}m{text}\x1b[0m" if style else text


def total(activities):
    return sum((a.duration for a in activities), timedelta())


def table(columns, groups):
    """Prints groups of a title (or None) and rows of a style and cells."""
    rows = [cells for _, group in groups for _, cells in group]
    widths = [max(map(len, column)) for column in zip(columns, *rows)]

    def show(style, cells):
        print("".join(styled(style, cell.ljust(width, NBSP)) + " " for cell, width in zip(cells, widths)))

    print()
    show(UNDERLINE, columns)
    for title, group in groups:
        if title:
            print(f"\n{styled(BOLD, title)}")
        for style, cells in group:
            show(style, cells)
    print()


def _list_row(activity, dated):
    style, stopped = "", f"{activity.end:%H:%M}" if activity.end else "-"
    if activity.running:
        style = GREEN
    elif activity.several_days:
        style, stopped = YELLOW, show_moment(activity.end)
    started = show_moment(activity.start) if dated else f"{activity.start:%H:%M}"
    return style, (started, stopped, *activity.key, show_duration(activity.duration))


def activity_list(activities, *, by_day, single_day):
    if not activities:
        print("No activity to display")
        return
    if by_day and not single_day:
        groups = []
        for day, members in groupby(activities, key=lambda a: a.start.date()):
            members = list(members)
            title = f"{day}\t{show_duration(total(members))}"
            groups.append((title, [_list_row(a, dated=False) for a in members]))
    else:
        groups = [(None, [_list_row(a, dated=not single_day) for a in activities])]
    table(("Started", "Stopped", "Description", "Project", "Duration"), groups)


def current(activities):
    if not activities:
        print("No Activity is currently running")
        return
    rows = [("", (show_moment(a.start), *a.key, show_duration(a.duration))) for a in activities]
    table(("Started At", "Description", "Project", "Duration"), [(None, rows)])


def numbered(pairs):
    rows = [("", (f"[{number}]", *activity.key)) for number, activity in reversed(pairs)]
    table((" #", "Description", "Project"), [(None, rows)])


def report(activities):
    projects = defaultdict(lambda: defaultdict(timedelta))
    for activity in activities:
        projects[activity.project][activity.description] += activity.duration
    blocks = [
        [(BOLD, project, show_duration(sum(tasks.values(), timedelta())))]
        + [("", f"    {task}", show_duration(spent)) for task, spent in sorted(tasks.items())]
        for project, tasks in sorted(projects.items())
    ]
    everything = show_duration(total(activities))
    lines = [line for block in blocks for line in block]
    name_width = max(len(name) for _, name, _ in [*lines, ("", "Total", "")])
    time_width = max(len(spent) for _, _, spent in [*lines, ("", "", everything)])
    print()
    for block in blocks:
        for style, name, spent in block:
            print(styled(style, f"{name:.<{name_width}} {spent:>{time_width}}"))
        print()
    print(styled(BOLD, f"{'Total':.<{name_width}} {everything}"), end="\n\n")


def status(project, activities):
    today = datetime.now().date()
    parts = [("2", "\n =======")]
    if project is None:
        parts += [("3", " Status for "), (BOLD, "ALL"), ("3", " projects ")]
    else:
        parts += [("3", " Status for project: "), (BOLD, project)]
    parts += [("2", " ======= \n"), ("2;3", "\n  NOW: ")]
    running = next((a for a in activities if a.running), None)
    if running:
        parts.append(("1;32", running.description))
        if project is None:
            parts += [("2;3", " on "), ("3", running.project)]
        parts += [("2", " ...... "), (BOLD, show_duration(running.duration)), ("2", "\n\n")]
    else:
        parts.append((BOLD, " NO Activity\n\n"))
    spans = {"Today": today, "Current week": week(today)[0], "Current month": today.replace(day=1)}
    for label, since in spans.items():
        spent = total(a for a in activities if since <= a.start.date() <= today)
        parts += [("3", " "), ("2;3", f" {label:.<30} "), (BOLD, show_duration(spent)), ("3", "\n")]
    print("".join(styled(style, text) for style, text in parts))
