"""Reading the command line into a dictionary of settings."""
from .errors import UsageError


class Option:
    def __init__(self, long, short="", value="", choices=(), default=None):
        self.long = long
        self.short = short
        self.shown = f"--{long} <{value}>" if value else f"--{long}"
        self.value = value
        self.choices = choices
        self.default = default

    def choice_list(self):
        return f"\n  [possible values: {', '.join(self.choices)}]" if self.choices else ""


OPTIONS = [
    Option("length", "ncl", "N"),
    Option("skip", "s", "N"),
    Option("block-size", "", "SIZE", default="512"),
    Option("no-squeezing", "v"),
    Option("color", "", "WHEN", ("always", "auto", "never", "force")),
    Option("border", "", "STYLE", ("unicode", "ascii", "none")),
    Option("plain", "p"),
    Option("no-characters"),
    Option("characters", "C"),
    Option("character-table", "", "FORMAT", ("default", "ascii", "codepage-437"), "default"),
    Option("color-scheme", "", "FORMAT", ("default",), "default"),
    Option("no-position", "P"),
    Option("display-offset", "o", "N", default="0"),
    Option("panels", "", "N"),
    Option("group-size", "g", "N", ("1", "2", "4", "8"), "1"),
    Option("endianness", "", "FORMAT", ("little", "big")),
    Option("little", "e"),
    Option("base", "b", "B", default="hexadecimal"),
    Option("terminal-width", "", "N"),
    Option("print-color-table"),
    Option("include", "i"),
    Option("help", "h"),
    Option("version", "V"),
]
BY_SHORT = {letter: option for option in OPTIONS for letter in option.short}
BY_LONG = {option.long: option for option in OPTIONS if option.long != "little"}
BY_LONG.update(bytes=BY_LONG["length"], groupsize=BY_LONG["group-size"])
BY_SHORT["e"].shown = "-e"


class EarlyExit(Exception):
    """Help or version was asked for; carries the name of the wanted text."""


class Reader:
    """Walks over the words of one command line."""

    def __init__(self, program, words):
        self.usage = f"\n\nUsage: {program} [OPTIONS] [FILE]"
        self.words = list(words)
        self.given = {}
        self.file = None

    def read(self):
        only_files = False
        while self.words:
            word = self.words.pop(0)
            if only_files or word == "-" or not word.startswith("-"):
                self.take_file(word)
            elif word == "--":
                only_files = True
            elif word.startswith("--"):
                self.take_long(word)
            else:
                self.take_short_group(word[1:])
        return {o.long: self.given.get(o.long, o.default) for o in OPTIONS}, self.file

    def take_file(self, word):
        if self.file is not None:
            raise UsageError(f"unexpected argument '{word}' found", self.usage)
        self.file = word

    def take_long(self, word):
        name, equals, value = word[2:].partition("=")
        option = BY_LONG.get(name)
        if option is None:
            raise self.unknown("--" + name)
        if not option.value and equals:
            raise UsageError(f"unexpected value '{value}' for '--{name}' found; no more were expected",
                             self.usage)
        if not option.value:
            return self.take_flag(option, "long")
        self.store(option, value if equals else self.next_value(option))

    def take_short_group(self, letters):
        while letters:
            letter, letters = letters[0], letters[1:]
            option = BY_SHORT.get(letter)
            if option is None:
                raise self.unknown("-" + letter)
            if option.value:
                value = letters.removeprefix("=") if letters else self.next_value(option)
                return self.store(option, value)
            self.take_flag(option, "short")

    def take_flag(self, option, style):
        if option.long == "help":
            raise EarlyExit("help_" + style)
        if option.long == "version":
            raise EarlyExit("version")
        self.store(option, True)

    def next_value(self, option):
        following = self.words[0] if self.words else "--"
        if following == "-" or not following.startswith("-"):
            return self.words.pop(0)
        if following[1] != "-" and following[1] not in BY_SHORT:
            raise self.unknown(following[:2])
        raise UsageError(f"a value is required for '{option.shown}' but none was supplied",
                         option.choice_list())

    def store(self, option, value):
        if option.choices and value not in option.choices:
            raise UsageError(f"invalid value '{value}' for '{option.shown}'", option.choice_list())
        if option.long in self.given:
            raise UsageError(f"the argument '{option.shown}' cannot be used multiple times",
                             self.usage)
        self.given[option.long] = value

    def unknown(self, name):
        return UsageError(f"unexpected argument '{name}' found",
                          f"\n\n  tip: to pass '{name}' as a value, use '-- {name}'", self.usage)
