"""Command line: flags, help text and usage errors."""
import difflib

VERSION_TEXT = "eureka 2.0.0\n"
HELP_TEXT = """Input and store your ideas without leaving the terminal

Usage: {name} [OPTIONS]

Options:
      --clear-config  Clear your stored configuration
  -v, --view          View ideas with your $PAGER env variable. If unset use less
  -h, --help          Print help
  -V, --version       Print version
"""
LONG_FLAGS = ("--clear-config", "--view", "--help", "--version")
SHORT_FLAGS = {"v": "--view", "h": "--help", "V": "--version"}


class UsageError(Exception):
    """A command line that cannot be understood."""

    def __init__(self, message, usage="[OPTIONS]", tip=None):
        super().__init__(message)
        self.message = message
        self.usage = usage
        self.tip = tip

    def render(self, name):
        tip = f"  tip: {self.tip}\n\n" if self.tip else ""
        return (f"error: {self.message}\n\n{tip}Usage: {name} {self.usage}\n\n"
                "For more information, try '--help'.\n")


class EarlyText(Exception):
    """Help or version was asked for; carries the text to print."""


def parse(arguments, name):
    """Return the set of flags given, as their long names."""
    seen = []
    flags_over = False
    for argument in arguments:
        if argument == "--" and not flags_over:
            flags_over = True
            continue
        if flags_over or not argument.startswith("-") or argument == "-":
            raise unexpected(argument)
        for flag in flags_in(argument, seen):
            note_flag(flag, seen, name)
    return set(seen)


def flags_in(argument, seen):
    if argument.startswith("--"):
        yield long_flag(argument, seen)
        return
    for letter in argument[1:]:
        if letter not in SHORT_FLAGS:
            raise unexpected("-" + letter)
        yield SHORT_FLAGS[letter]


def long_flag(argument, seen):
    flag, equals, value = argument.partition("=")
    if flag not in LONG_FLAGS:
        raise unknown_long(flag, seen)
    if equals:
        raise UsageError(f"unexpected value '{value}' for '{flag}' found; "
                         "no more were expected", flag)
    return flag


def note_flag(flag, seen, name):
    if flag == "--help":
        raise EarlyText(HELP_TEXT.format(name=name))
    if flag == "--version":
        raise EarlyText(VERSION_TEXT)
    if flag in seen:
        raise UsageError(f"the argument '{flag}' cannot be used multiple times")
    seen.append(flag)


def unexpected(argument, usage="[OPTIONS]", tip=None):
    return UsageError(f"unexpected argument '{argument}' found", usage, tip)


def unknown_long(flag, seen):
    near = nearest_flag(flag)
    flags = seen + [near] if near else seen
    usage = " ".join(dict.fromkeys(flags)) or "[OPTIONS]"
    tip = f"a similar argument exists: '{near}'" if near else None
    return unexpected(flag, usage, tip)


def nearest_flag(flag):
    """The flag the user most likely meant: a completion, or a close spelling."""
    word = flag[2:]
    names = [known[2:] for known in LONG_FLAGS]
    likely = [known for known in names if word.strip("-") and known.startswith(word)]
    likely = sorted(likely, key=len) or difflib.get_close_matches(word, names, 1, 0.7)
    return "--" + likely[0] if likely else None
