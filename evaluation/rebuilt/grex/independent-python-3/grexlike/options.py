"""Command line parsing: options first, then nothing but test cases."""

from dataclasses import dataclass, field
from pathlib import Path

USAGE = "\n\nUsage: grex [OPTIONS] {INPUT...|--file <FILE>}"
HINT = "\n\nFor more information, try '--help'."

SHORT = {
    "f": "file", "d": "digits", "D": "non-digits", "s": "spaces", "S": "non-spaces",
    "w": "words", "W": "non-words", "e": "escape", "r": "repetitions", "x": "verbose",
    "c": "colorize", "i": "ignore-case", "g": "capture-groups", "h": "help", "v": "version",
}
VALUES = {"file": "FILE", "min-repetitions": "QUANTITY", "min-substring-length": "LENGTH"}
LONG = {*SHORT.values(), *VALUES, "with-surrogates", "no-anchors", "no-start-anchor", "no-end-anchor"}


class UsageError(Exception):
    """The command line makes no sense."""


class Printout(Exception):
    """The user asked for a text instead of an expression."""


@dataclass
class Options:
    given: dict[str, str] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)

    def __contains__(self, name):
        return name in self.given

    def number(self, name):
        return int(self.given.get(name, 1))


def label(name):
    return f"--{name} <{VALUES[name]}>" if name in VALUES else f"--{name}"


def help_text(kind):
    return (Path(__file__).parent / f"help_{kind}.txt").read_text(encoding="utf-8")


def switches_in(arg):
    """The (name, attached value) pairs of an argument, or None if it is no option."""
    if arg.startswith("--"):
        name, equals, value = arg[2:].partition("=")
        return [(name, value if equals else None)] if name in LONG else None
    letters = arg[1:]
    if not arg.startswith("-") or not letters or any(c not in SHORT for c in letters):
        return None
    pairs = []
    for index, letter in enumerate(letters):
        if SHORT[letter] in VALUES:
            return [*pairs, (SHORT[letter], letters[index + 1:] or None)]
        pairs.append((SHORT[letter], None))
    return pairs


def parse(args):
    options = Options()
    waiting = list(args)
    while waiting:
        if waiting[0] == "--":
            del waiting[0]
            break
        pairs = switches_in(waiting[0])
        if pairs is None:
            break
        kind = "long" if waiting.pop(0).startswith("--") else "short"
        for name, value in pairs:
            if name == "help":
                raise Printout(help_text(kind))
            if name == "version":
                raise Printout("grex 1.4.6\n")
            store(options, name, value, waiting)
    options.inputs = waiting
    check(options)
    return options


def store(options, name, value, waiting):
    if name not in VALUES and value is not None:
        raise UsageError(
            f"unexpected value '{value}' for '--{name}' found; no more were expected{USAGE}{HINT}"
        )
    if name in VALUES and value is None:
        if not waiting:
            raise UsageError(f"a value is required for '{label(name)}' but none was supplied{HINT}")
        value = waiting.pop(0)
    if name.startswith("min-") and (problem := number_problem(value)):
        raise UsageError(f"invalid value '{value}' for '{label(name)}': {problem}{HINT}")
    if name in options:
        raise UsageError(f"the argument '{label(name)}' cannot be used multiple times{USAGE}{HINT}")
    options.given[name] = value or ""


def number_problem(text):
    if not (text.isascii() and text.isdigit()) or int(text) >= 2**32:
        return "Value is not a valid unsigned integer"
    return None if int(text) else "Value must not be zero"


def check(options):
    if "file" in options and options.inputs:
        raise UsageError(
            f"the argument '--file <FILE>' cannot be used with '[INPUT]...'{USAGE}{HINT}"
        )
    missing = []
    if "with-surrogates" in options and "escape" not in options:
        missing.append("--escape")
    if "file" not in options and not options.inputs:
        missing += ["--file <FILE>", "<INPUT>..."]
    if missing:
        names = "".join(f"\n  {name}" for name in missing)
        raise UsageError(
            f"the following required arguments were not provided:{names}{USAGE}{HINT}"
        )
