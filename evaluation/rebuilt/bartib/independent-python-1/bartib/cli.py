"""The command line interface."""

import argparse
import os
import sys
from pathlib import Path

from . import commands
from .log import BartibError

VERSION = "bartib 1.1.0"
HELP = Path(__file__).parent / "help"
FLAG = {"action": "store_true"}

NEW = {("-d", "--description"): {}, ("-p", "--project"): {}, ("-t", "--time"): {}}
DATES = {
    ("--from",): {"dest": "from_"}, ("--to",): {}, ("-d", "--date"): {}, ("--today",): FLAG,
    ("--yesterday",): FLAG, ("--current_week",): FLAG, ("--last_week",): FLAG,
}
SELECT = {**DATES, ("-p", "--project"): {}, ("--round",): {}}
NUMBER = {("-n", "--number"): {}}

ARGUMENTS = {
    "cancel": {},
    "change": NEW,
    "check": {},
    "continue": {**NEW, ("number",): {"nargs": "?"}},
    "current": {},
    "edit": {("-e",): {"dest": "editor", "default": os.environ.get("EDITOR")}},
    "last": NUMBER,
    "list": {**SELECT, **NUMBER, ("--no_grouping",): FLAG},
    "projects": {("-c", "--current"): FLAG, ("-n", "--no-quotes"): FLAG},
    "report": SELECT,
    "sanity": {},
    "search": {("term",): {"nargs": "?", "default": "''"}},
    "start": NEW,
    "status": {("-p", "--project"): {}},
    "stop": {("-t", "--time"): {}},
}


class UsageError(Exception):
    """A command line that makes no sense."""


def help_text(program, name="bartib"):
    text = (HELP / f"{name}.txt").read_text(encoding="utf-8").replace("{program}", program)
    for variable in ("BARTIB_FILE", "EDITOR"):
        text = text.replace(f"{variable}=]", f"{variable}={os.environ.get(variable, '')}]")
    return text


def label(program, name, option):
    """How messages name an option: as its help line does, without the short form."""
    for line in help_text(program, name).splitlines():
        shown = line.strip().split("  ")[0].split(", ")[-1]
        if shown.split(" ")[0] == option:
            return shown
    return option


def unexpected(argument):
    return UsageError(f"Found argument '{argument}' which wasn't expected, or isn't valid in this context")


def parse_command(program, name, argv):
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for flags, options in ARGUMENTS[name].items():
        parser.add_argument(*flags, **options)
    try:
        args, extra = parser.parse_known_args(argv)
    except argparse.ArgumentError as error:
        option = label(program, name, error.argument_name.split("/")[-1])
        raise UsageError(f"The argument '{option}' requires a value but none was supplied") from None
    if extra:
        raise unexpected(extra[0])
    if name in ("list", "report"):
        check_dates(program, name, args)
    if name == "start":
        missing = [o for o in ("description", "project") if getattr(args, o) is None]
        if missing:
            lines = "".join(f"\n    {label(program, name, f'--{o}')}" for o in missing)
            raise UsageError(f"The following required arguments were not provided:{lines}")
    return args


def check_dates(program, name, args):
    """At most one way of choosing dates may be used; `--from` goes with `--to`."""
    options = [flags[-1] for flags, options in DATES.items() if getattr(args, options.get("dest", flags[-1][2:]))]
    rivals = [o for o in options[1:] if o != "--to"]
    if rivals:
        first, second = (label(program, name, o) for o in (options[0], rivals[0]))
        used = " ".join(sorted({first, second}, key=lambda o: ("<" not in o, o)))
        raise UsageError(f"The argument '{first}' cannot be used with '{second}'", f"{program} {name} {used}")


def run(program, argv):
    path, rest = os.environ.get("BARTIB_FILE"), list(argv)
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option in ("-h", "--help"):
            return show_help(program)
        if option in ("-V", "--version"):
            print(VERSION)
            return 0
        if not option.startswith("-f"):
            raise unexpected(option)
        path = option[2:].removeprefix("=") or (rest.pop(0) if rest else None)
    if not rest:
        sys.stderr.write(help_text(program))
        return 1
    name, *rest = rest
    if name == "help":
        return show_help(program, *rest[:1])
    if name not in ARGUMENTS:
        raise unexpected(name)
    if {"-h", "--help"} & set(rest):
        return show_help(program, name)
    try:
        args = parse_command(program, name, rest)
    except UsageError as error:
        usage = help_text(program, name).partition("USAGE:\n    ")[2].partition("\n")[0]
        raise UsageError(error.args[0], *(error.args[1:] or [usage])) from None
    if path is None:
        raise BartibError(
            "Please specify a file with your activity log either as -f option or as BARTIB_FILE environment variable"
        )
    handler = getattr(commands, name, None) or getattr(commands, f"{name}_")
    handler(path, args)
    return 0


def show_help(program, name="bartib"):
    if name not in (*ARGUMENTS, "bartib"):
        raise UsageError(f"The subcommand '{name}' wasn't recognized", f"{program} help <subcommands>...")
    sys.stdout.write(help_text(program, name))
    return 0


def main(argv):
    sys.stdout.reconfigure(encoding="utf-8")
    program = Path(argv[0]).name
    try:
        return run(program, argv[1:])
    except BartibError as error:
        print(f"Error: {error}", file=sys.stderr)
    except UsageError as error:
        message, usage = (*error.args, f"{program} [OPTIONS] <SUBCOMMAND>")[:2]
        print(f"error: {message}\n\nUSAGE:\n    {usage}\n\nFor more information try --help", file=sys.stderr)
    return 1
