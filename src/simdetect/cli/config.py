"""Options from a file that `--config FILE` names, and what `-v` says through the standard `logging`.

A file of options is never looked for: in continuous integration the current folder is often the candidate, which must
not set its own threshold. What stands on the command line wins.
"""

from __future__ import annotations

import logging
import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from simdetect.report.safe import visible

__all__ = ["config_option", "set_up_logging", "verbose_option"]

_MOST_BYTES: Final = 1 << 20
_DEEP_KEY: Final = re.compile(r"(?:[\w-]+\.){16}")  # the parser needs memory with the square of their number
_ALWAYS: Final = "options"  # the table for every command


def config_option() -> click.Option:
    """`--config FILE`, for every command."""
    return click.Option(
        ["--config"],
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        is_eager=True,
        expose_value=False,
        callback=_configure,
        metavar="FILE",
        help="Options from a TOML file: a table for each command. None is looked for.",
    )


def _configure(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    if path is not None:
        table = _table(context, _read(path))
        context.default_map = {**(context.default_map or {}), **_named(context, path, table)}


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES + 1).decode()
        if len(text) > _MOST_BYTES or _DEEP_KEY.search(text):
            raise click.UsageError(f"--config {path}: too large for a file of options")
        return tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise click.UsageError(f"--config {path}: {str(error)[:200]}") from None


def _table(context: click.Context, found: Mapping[str, Any]) -> dict[str, Any]:
    """What the file says for this command: `[options]`, then the table of the command's own name."""
    words = context.command_path.split()[1:]
    tables = [found.get(_ALWAYS, {}), found.get("-".join(words) or "", {})]
    known = _options(context)
    shared, own = (table if isinstance(table, dict) else {} for table in tables)
    return {**{name: value for name, value in shared.items() if name in known}, **own}


def _named(context: click.Context, path: Path, table: Mapping[str, Any]) -> dict[str, Any]:
    """Values by the names of parameters. Raises UsageError: no such option."""
    known = _options(context)
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise click.UsageError(f"--config {path}: no option {', '.join(ascii(name)[:40] for name in unknown)}")
    return {str(known[name].name): _value(known[name], value) for name, value in table.items()}


def _value(parameter: click.Parameter, value: Any) -> Any:
    """A value as click converts it: numbers as they would be typed."""
    if isinstance(value, list):
        return [str(item) for item in value] if parameter.multiple else value
    if parameter.multiple:
        return [str(value)]
    return value if isinstance(value, bool) else str(value)


def _options(context: click.Context) -> dict[str, click.Option]:
    """The command's options by their long names, without dashes."""
    options = [item for item in context.command.params if isinstance(item, click.Option)]
    return {
        name.removeprefix("--"): item
        for item in options
        for name in item.opts
        if name.startswith("--") and name not in ("--config", "--help")
    }


# --- logging ---------------------------------------------------------------------------------------------------------


class _Visible(logging.Formatter):
    """Names come from outside: whatever would steer a terminal is shown instead."""

    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record))


def set_up_logging(level: int) -> None:
    """Say on standard error what simdetect logs: 1 what happens, 2 everything. Nothing is said for other libraries."""
    logger = logging.getLogger("simdetect")
    for handler in [handler for handler in logger.handlers if isinstance(handler.formatter, _Visible)]:
        logger.removeHandler(handler)
    if level:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_Visible("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO if level == 1 else logging.DEBUG)


def _heard(_: click.Context, __: click.Parameter, level: int) -> None:
    if level:  # otherwise what the program itself was told holds
        set_up_logging(level)


def verbose_option() -> click.Option:
    """`-v` of the program itself and of commands that have no other use for it."""
    return click.Option(
        ["-v", "--verbose"], count=True, expose_value=False, callback=_heard, help="Log what happens; -vv all of it."
    )
