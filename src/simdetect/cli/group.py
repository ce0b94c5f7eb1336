"""The command line: arguments in, one library function, a report out, an exit code.

Exit codes: 0 no evidence, or none that is open, 1 evidence, 2 bad usage or input, 3 inconclusive, 130 interrupted.
Errors are one line on standard error. A command's module is imported when the command is asked for, and what the
command needs inside it: `--help` must not wait for numpy.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections import UserDict
from typing import Any

import click

from simdetect import __version__
from simdetect.cli.commands import examples
from simdetect.cli.config import set_up_logging
from simdetect.cli.output import EXIT_BAD_INPUT, EXIT_INTERRUPTED, EXIT_OK, complain
from simdetect.errors import SimdetectError

__all__ = ["cli", "main"]

_DEBUG_VARIABLE = "SIMDETECT_DEBUG"
_GARBAGE_OBJECTS = 200_000  # made before Python looks for garbage: it looks through all of a report that is being made
# The module of each command.
_MODULES = {
    "audit": "simdetect.cli.audit",
    "cache": "simdetect.cli.info",
    "calibrate": "simdetect.cli.calibrate",
    "given": "simdetect.cli.originals",
    "index": "simdetect.cli.index",
    "languages": "simdetect.cli.info",
    "originals": "simdetect.cli.originals",
    "power": "simdetect.cli.power",
    "review": "simdetect.cli.review",
    "scan": "simdetect.cli.scan",
    "search": "simdetect.cli.search",
    "show": "simdetect.cli.show",
}


class _LazyCommands(UserDict[str, Any]):
    """Commands by name. Held as the names of their modules: one command must not wait for all others."""

    def __getitem__(self, name: str) -> Any:
        held = super().__getitem__(name)
        return getattr(importlib.import_module(held), name) if isinstance(held, str) else held


class _Group(click.Group):
    """Turns whatever goes wrong into one line and an exit code, also when run by a test."""

    def main(self, *args: Any, **extra: Any) -> Any:
        extra["standalone_mode"] = False
        try:
            code = super().main(*args, **extra)
        except (click.Abort, KeyboardInterrupt):
            code = EXIT_INTERRUPTED
        except Exception as error:
            if os.environ.get(_DEBUG_VARIABLE):
                raise
            complain(_explain(error))
            code = EXIT_BAD_INPUT
        sys.exit(code if isinstance(code, int) else EXIT_OK)


def _explain(error: Exception) -> str:
    """An error as one sentence for whoever typed the command."""
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "simdetect"
        return f"{error.format_message()} (see '{command} --help')"
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, SimdetectError):
        return str(error)
    if isinstance(error, OSError):
        return _os_problem(error)
    kind = f"{type(error).__name__}: {error}".rstrip(": ")
    return f"internal error, please report it ({kind}; {_DEBUG_VARIABLE}=1 shows where)"


def _os_problem(error: OSError) -> str:
    name = f"{os.fspath(error.filename)!s}: " if error.filename is not None else ""
    return f"{name}{error.strerror or error}"


@click.group(
    cls=_Group,
    commands=_LazyCommands(_MODULES),
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples("simdetect scan submission/ upstream/", "simdetect scan --help"),
)
@click.option("-v", "--verbose", count=True, help="Log what happens on standard error; -vv all of it.")
@click.version_option(__version__, prog_name="simdetect", message="%(prog)s %(version)s")
def cli(verbose: int) -> None:
    """Evidence of verbatim recall: compare a candidate with the original it may have been memorised from.

    Exit codes: 0 no evidence, 1 evidence, 2 bad usage or input, 3 inconclusive.
    """
    set_up_logging(verbose)


def main() -> None:
    """Run the command line and exit."""
    gc.set_threshold(_GARBAGE_OBJECTS, *gc.get_threshold()[1:])
    try:
        cli()
    finally:
        gc.freeze()  # the interpreter would look for garbage once more before it ends, 0.1 s
