"""The command: read modules, filter, print, and tell by the exit status."""
import sys
from datetime import datetime

from . import flags
from .modules import InputError
from .stream import read_modules
from .table import render

HEADER = ("MODULE", "VERSION", "NEW VERSION", "DIRECT", "VALID TIMESTAMPS")


def main(argv, stdin, stdout):
    program, *arguments = argv
    try:
        options = flags.parse(arguments)
    except flags.HelpWanted:
        sys.stderr.write(flags.usage(program))
        return 0
    except flags.FlagError as error:
        sys.stderr.write(f"{error}\n{flags.usage(program)}")
        return 2
    try:
        modules = list(read_modules(stdin.read().decode("utf-8", "replace")))
    except InputError as error:
        # Bad input is reported but does not fail the command.
        print(f"{datetime.now():%Y/%m/%d %H:%M:%S} {error}", file=sys.stderr)
        return 0
    return report(modules, options, stdout)


def report(modules, options, stdout):
    chosen = [module for module in modules if is_wanted(module, options)]
    if chosen:
        rows = [cells(module) for module in chosen]
        table = render(HEADER, rows, markdown=options["style"] == "markdown")
        stdout.write(table.encode("utf-8", "replace"))
    return int(options["ci"] and any(module.is_outdated for module in chosen))


def is_wanted(module, options):
    """The -update flag looks at the required module, not its replacement."""
    return not (
        module.main
        or (options["update"] and module.update is None)
        or (options["direct"] and module.indirect)
    )


def cells(module):
    return (
        module.path,
        module.effective.version,
        module.new_version,
        str(module.is_direct).lower(),
        str(module.has_valid_timestamps).lower(),
    )
