"""Command line flags in the manner of Go: -name, --name, -name=value."""
from dataclasses import dataclass

TRUE_WORDS = {"1", "t", "T", "true", "TRUE", "True"}
FALSE_WORDS = {"0", "f", "F", "false", "FALSE", "False"}


class FlagError(Exception):
    """The command line cannot be understood."""


class HelpWanted(Exception):
    """The user asked for the usage text."""


@dataclass(frozen=True)
class Flag:
    name: str
    help: str
    default: bool | str = False

    @property
    def is_switch(self):
        return isinstance(self.default, bool)

    def usage(self):
        if self.is_switch:
            return f"  -{self.name}\n    \t{self.help}\n"
        return f'  -{self.name} string\n    \t{self.help} (default "{self.default}")\n'

    def convert(self, text):
        if not self.is_switch:
            return text
        if text in TRUE_WORDS | FALSE_WORDS:
            return text in TRUE_WORDS
        raise FlagError(f'invalid boolean value "{text}" for -{self.name}: parse error')


FLAGS = {
    flag.name: flag
    for flag in (
        Flag("ci", "Non-zero exit code when at least one outdated dependency was found"),
        Flag("direct", "List only direct modules"),
        Flag("style", "Output style, pass 'markdown' for a Markdown table", "default"),
        Flag("update", "List only modules with updates"),
    )
}


def usage(program):
    return f"Usage of {program}:\n" + "".join(flag.usage() for flag in FLAGS.values())


def parse(arguments):
    """Return the flag values by name; stops at the first positional argument."""
    values = {flag.name: flag.default for flag in FLAGS.values()}
    rest = iter(arguments)
    for argument in rest:
        if not argument.startswith("-") or argument in ("-", "--"):
            break
        name, equals, text = split(argument)
        flag = lookup(name)
        if equals:
            values[name] = flag.convert(text)
        elif flag.is_switch:
            values[name] = True
        else:
            values[name] = flag.convert(following(rest, name))
    return values


def split(argument):
    body = argument[2:] if argument.startswith("--") else argument[1:]
    if not body or body[0] in "-=":
        raise FlagError(f"bad flag syntax: {argument}")
    return body.partition("=")


def lookup(name):
    if name in FLAGS:
        return FLAGS[name]
    if name in ("h", "help"):
        raise HelpWanted
    raise FlagError(f"flag provided but not defined: -{name}")


def following(rest, name):
    try:
        return next(rest)
    except StopIteration:
        raise FlagError(f"flag needs an argument: -{name}") from None
