"""The subcommands; each takes the log's path and the parsed arguments."""

import subprocess
from dataclasses import replace
from datetime import datetime, timedelta

from . import render
from .log import Activity, BartibError, Log, describe
from .selection import Selection, week, wildcard
from .times import parse_date, parse_step, parse_time, show_duration, show_moment


def lenient(text, parse, kind, argument):
    """The parsed argument, or None after a complaint."""
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        reason = f" ({error})" if str(error) and parse is not int else ""
        print(f'Can not parse "{text}" as {kind}. Argument for {argument} is ignored{reason}')


def number(text):
    return lenient(text, int, "number", "-n/--number")


def given_time(args):
    clock = lenient(args.time, parse_time, "time", "-t/--time")
    return clock and datetime.combine(datetime.now(), clock)


def time_or_now(args):
    return given_time(args) or datetime.now().replace(second=0, microsecond=0)


def selection(args):
    chosen = Selection(project=args.project, number=number(getattr(args, "number", None)))
    chosen.first = lenient(args.from_, parse_date, "date", "--from")
    chosen.last = lenient(args.to, parse_date, "date", "--to")
    day = lenient(args.date, parse_date, "date", "-d/--date")
    today = datetime.now().date()
    if args.today or args.yesterday:
        day = today - timedelta(days=args.yesterday)
    if day:
        chosen.first = chosen.last = day
    elif args.current_week or args.last_week:
        chosen.first, chosen.last = week(today - timedelta(weeks=args.last_week))
    chosen.step = lenient(args.round, parse_step, "duration", "--round")
    return chosen


def stop_running(log, end):
    for line in log.running:
        line.set(replace(line.activity, end=end))
        a = line.activity
        print(f"Stopped activity: {a.title} started at {show_moment(a.start)} ({show_duration(a.duration)})")


def begin(log, activity):
    stop_running(log, activity.start)
    print(f"Started activity: {activity.title} at {show_moment(activity.start)}")
    log.append(activity)
    log.save()


def start(path, args):
    activity = Activity(time_or_now(args), args.project, args.description)
    begin(Log.read(path, create=True), activity)


def continue_(path, args):
    index, at = number(args.number) or 0, time_or_now(args)
    log = Log.read(path, warn=True)
    recent = log.recent()
    if not recent:
        raise BartibError("No activity has been started before.")
    if index > len(recent):
        raise BartibError(f"Less than {index} distinct activities have been logged yet")
    old = recent[min(index, len(recent) - 1)]
    project = old.project if args.project is None else args.project
    begin(log, Activity(at, project, old.description if args.description is None else args.description))


def stop(path, args):
    end = time_or_now(args)
    log = Log.read(path)
    stop_running(log, end)
    log.save()


def change(path, args):
    wanted = {"start": given_time(args), "project": args.project, "description": args.description}
    wanted = {name: value for name, value in wanted.items() if value is not None}
    log = Log.read(path)
    for line in log.running:
        before, changed = line.activity, replace(line.activity, **wanted)
        line.set(changed)
        if changed != before:
            print(f"Changed activity: {changed.title} started at {show_moment(changed.start)}")
    log.save()


def cancel(path, args):
    log = Log.read(path)
    for line in log.running:
        print(f"Canceled activity: {line.activity.title} started at {show_moment(line.activity.start)}")
        log.lines.remove(line)
    log.save()


def edit(path, args):
    if args.editor is None:
        raise BartibError("editor command is missing")
    try:
        subprocess.run([args.editor, path], check=False)
    except OSError as error:
        raise BartibError(describe(error)) from None


def check(path, args):
    bad = [line for line in Log.read(path).lines if line.error]
    if not bad:
        print("All lines in the file have been successfully parsed as activities.")
        return
    print(f"Found {len(bad)} line(s) with parsing errors")
    for line in bad:
        print(f"\n{line.text}\n  -> {line.error} (Line: {line.number})")


def sanity(path, args):
    lines = sorted((line for line in Log.read(path).lines if line.activity), key=lambda line: line.activity.start)
    latest, sane = datetime.min, True
    for line in lines:
        a, problems = line.activity, []
        if a.duration < timedelta():
            problems.append("Activity has negative duration")
        if a.start < latest:
            problems.append("Activity started before another activity ended")
        if problems:
            sane = False
            end = show_moment(a.end) if a.end else "--"
            print(*problems, sep="\n")
            print(f"{a.description} (Started: {show_moment(a.start)}, Ended: {end}, Line: {line.number})\n")
        latest = max(latest, a.end or latest)
    if sane:
        print("No unusual activities.")


def list_(path, args):
    chosen = selection(args)
    activities = chosen.apply(Log.read(path, warn=True).by_start())
    render.activity_list(activities, by_day=not args.no_grouping, single_day=chosen.single_day)


def report(path, args):
    chosen = selection(args)
    render.report(chosen.apply(Log.read(path, warn=True).by_start()))


def status(path, args):
    activities = Log.read(path, warn=True).by_start()
    render.status(args.project, Selection(project=args.project).apply(activities))


def current(path, args):
    render.current([line.activity for line in Log.read(path, warn=True).running])


def projects(path, args):
    quote = "" if args.no_quotes else '"'
    names = {a.project for a in Log.read(path, warn=True).activities if a.running or not args.current}
    for name in sorted(names):
        print(f"{quote}{name}{quote}")


def last(path, args):
    limit = number(args.number)
    pairs = list(enumerate(Log.read(path, warn=True).recent()))[: 10 if limit is None else limit]
    if pairs:
        render.numbered(pairs)
    else:
        print("No activities have been tracked yet")


def search(path, args):
    matches = wildcard(f"*{args.term}*", ignore_case=True)
    recent = enumerate(Log.read(path, warn=True).recent())
    pairs = [(index, a) for index, a in recent if any(map(matches, a.key))]
    if pairs:
        render.numbered(pairs)
    else:
        print("No matching activities found")
