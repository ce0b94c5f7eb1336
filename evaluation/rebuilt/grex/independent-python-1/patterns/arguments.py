"""Command line options."""
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

USAGE = "\n\nUsage: grex [OPTIONS] {INPUT...|--file <FILE>}"
HINT = "\n\nFor more information, try '--help'."

SHORT_FLAGS = {
    "d": "digits", "D": "non-digits", "s": "spaces", "S": "non-spaces", "w": "words", "W": "non-words",
    "e": "escape", "r": "repetitions", "x": "verbose", "c": "colorize", "i": "ignore-case",
    "g": "capture-groups", "h": "help", "v": "version",
}
FLAGS = {*SHORT_FLAGS.values(), "with-surrogates", "no-start-anchor", "no-end-anchor", "no-anchors"}
VALUED = {"file": "FILE", "min-repetitions": "QUANTITY", "min-substring-length": "LENGTH"}


class UsageError(Exception):
    code = 2

    def __init__(self, message, usage=True):
        super().__init__(f"error: {message}{USAGE if usage else ''}{HINT}")


@dataclass
class Options:
    inputs: list = field(default_factory=list)
    flags: set = field(default_factory=set)
    values: dict = field(default_factory=dict)
    output: str = ""

    @property
    def file(self):
        return self.values.get("file")

    @property
    def min_repetitions(self):
        return self.values.get("min-repetitions", 1)

    @property
    def min_substring_length(self):
        return self.values.get("min-substring-length", 1)

    def add_flag(self, name):
        if name in self.flags:
            raise UsageError(f"the argument '--{name}' cannot be used multiple times")
        self.flags.add(name)

    def add_value(self, name, queue):
        label = f"--{name} <{VALUED[name]}>"
        if not queue:
            raise UsageError(f"a value is required for '{label}' but none was supplied", usage=False)
        value = queue.popleft()
        if name != "file":
            value = positive(label, value)
        if name in self.values:
            raise UsageError(f"the argument '{label}' cannot be used multiple times")
        self.values[name] = value


def positive(label, text):
    if not (text.isascii() and text.removeprefix("+").isdigit()):
        reason = "Value is not a valid unsigned integer"
    elif int(text) == 0:
        reason = "Value must not be zero"
    else:
        return int(text)
    raise UsageError(f"invalid value '{text}' for '{label}': {reason}", usage=False)


def parse(argv):
    options, queue = Options(), deque(argv)
    while queue and not options.output:
        arg = queue.popleft()
        if arg == "--":
            options.inputs.extend(queue)
            break
        if not (parse_long(options, arg, queue) or parse_short(options, arg, queue)):
            options.inputs = [arg, *queue]
            break
        options.output = information(options, arg)
    if not options.output:
        check(options)
    return options


def parse_long(options, arg, queue):
    name, equals, value = arg.removeprefix("--").partition("=")
    if not arg.startswith("--") or name not in FLAGS | VALUED.keys():
        return False
    if name in VALUED:
        if equals:
            queue.appendleft(value)
        options.add_value(name, queue)
    elif equals:
        raise UsageError(f"unexpected value '{value}' for '--{name}' found; no more were expected")
    else:
        options.add_flag(name)
    return True


def parse_short(options, arg, queue):
    letters = arg[1:].removesuffix("f")
    if len(arg) < 2 or arg[0] != "-" or not SHORT_FLAGS.keys() >= set(letters):
        return False
    for letter in letters:
        options.add_flag(SHORT_FLAGS[letter])
    if arg.endswith("f"):
        options.add_value("file", queue)
    return True


def information(options, arg):
    if "help" in options.flags:
        name = "help.txt" if arg == "--help" else "short_help.txt"
        return Path(__file__).with_name(name).read_text(encoding="utf-8").rstrip("\n")
    return "grex 1.4.6" if "version" in options.flags else ""


def check(options):
    if options.file is not None and options.inputs:
        raise UsageError("the argument '--file <FILE>' cannot be used with '[INPUT]...'")
    missing = []
    if "with-surrogates" in options.flags and "escape" not in options.flags:
        missing.append("--escape")
    if options.file is None and not options.inputs:
        missing += ["--file <FILE>", "<INPUT>..."]
    if missing:
        listing = "".join(f"\n  {name}" for name in missing)
        raise UsageError(f"the following required arguments were not provided:{listing}")
