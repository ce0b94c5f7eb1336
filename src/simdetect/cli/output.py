"""Where output goes: what a target may be, formats by suffix, files written whole, terminals, exit codes.

Reports go to standard output or a file, and only words about the run go to standard error.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simdetect.errors import InputError
from simdetect.report import Detail, format_of, render
from simdetect.report.safe import clip, visible

if TYPE_CHECKING:
    from simdetect.model import ScanReport
    from simdetect.report.source_texts import SourceTexts

__all__ = [
    "EXIT_BAD_INPUT",
    "EXIT_EVIDENCE",
    "EXIT_INCONCLUSIVE",
    "EXIT_INTERRUPTED",
    "EXIT_OK",
    "STDOUT",
    "Target",
    "all_target_problems",
    "complain",
    "emit",
    "json_text",
    "say",
    "target_problems",
    "terminal",
    "write",
    "write_stdout",
]

EXIT_OK = 0
EXIT_EVIDENCE = 1
EXIT_BAD_INPUT = 2
EXIT_INCONCLUSIVE = 3
EXIT_INTERRUPTED = 130  # as shells say it: 128 + SIGINT

STDOUT = "-"  # also names standard input where a file is read

# The options that name a target, and the parameters that hold them. Their problems are told in this order.
_TARGETS = (("-o", "output"), ("--html", "html"), ("--json", "json_file"), ("--sarif", "sarif"))
# For terminals that cannot show what the text report draws with.
_PLAIN = str.maketrans({"│": "|", "↔": "<->", "…": "...", "“": '"', "”": '"', "≠": "#"})


@dataclass(frozen=True)
class Target:
    """One place that a report is written to, and its shape there.

    format: one of `simdetect.report.FORMATS`; None for what the suffix of output says. output: a file; None or "-" for
    standard output. detail: how much the text format shows. prefix: folder of the candidate in its repository, for
    SARIF.
    """

    format: str | None
    output: str | None
    detail: Detail = "normal"
    prefix: str = ""


# --- targets -------------------------------------------------------------------------------------------------------


def all_target_problems(params: dict[str, Any]) -> list[str]:
    """What is wrong with where a command shall write: better known before a long scan than after it."""
    targets = [(flag, params[name]) for flag, name in _TARGETS if params.get(name)]
    problems = [problem for flag, target in targets for problem in target_problems(flag, target)]
    seen: dict[str, str] = {} if params.get("output") else {STDOUT: "the report"}
    for flag, target in targets:
        key = target if target == STDOUT else str(Path(target).resolve())
        if key in seen:
            problems.append(f"{seen[key]} and {flag} write to the same place.")
        seen[key] = flag
    return problems


def target_problems(flag: str, target: str) -> Iterator[str]:
    """What is wrong with one target. flag: the option that names it."""
    path = Path(target)
    if target == STDOUT or "://" in target:
        return
    if path.is_dir():
        yield f"Invalid value for '{flag}': {clip(target, 200)} is a directory."
    elif not path.absolute().parent.is_dir():
        yield f"Invalid value for '{flag}': there is no directory {clip(str(path.parent), 200)}."


# --- writing -------------------------------------------------------------------------------------------------------


def emit(report: ScanReport, target: Target, texts: SourceTexts | None = None) -> None:
    """Render a report and write it: to the terminal at its width and with its colours, elsewhere plain."""
    chosen = target.format or format_of(target.output or "")
    width, has_color = terminal(target.output)
    text = render(report, chosen, width=width, color=has_color, detail=target.detail, texts=texts, prefix=target.prefix)
    write(text, target.output, is_data=chosen != "text")


def terminal(output: str | None) -> tuple[int | None, bool]:
    """Columns of the terminal that is written to, and whether it has colours; None and False elsewhere."""
    if output not in (None, STDOUT) or not sys.stdout.isatty():
        return None, False
    from shutil import get_terminal_size

    return get_terminal_size().columns, not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def write(text: str, output: str | None, is_data: bool) -> None:
    """Write a report to a file, whole or not at all, or to standard output."""
    if not output or output == STDOUT:
        write_stdout(text, is_data)
    elif Path(output).exists() and not Path(output).is_file():
        Path(output).write_bytes(text.encode())  # a device or pipe cannot be replaced
    else:
        _write_file(text.encode(), Path(output).resolve())


def _write_file(content: bytes, path: Path) -> None:
    """A file that was there keeps its permissions: they may hide what the report quotes."""
    from simdetect.store.atomic import replacing

    with replacing(path, keeps_mode=True) as file:
        file.write(content)


def write_stdout(text: str, is_data: bool) -> None:
    """Data goes out as UTF-8, text in the terminal's encoding. A reader who has seen enough is no error."""
    try:
        click.echo(text.encode() if is_data else _encodable(text), nl=False)
    except OSError as error:
        with contextlib.suppress(OSError, ValueError):  # otherwise the exit flushes, and fails, once more
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise InputError(f"cannot write to standard output: {error.strerror}") from None


def json_text(value: Any) -> str:
    """What a command shows as JSON, for `write_stdout`."""
    import json

    return json.dumps(value, indent=1) + "\n"


def _encodable(text: str) -> str:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)
    return text


# --- standard error ------------------------------------------------------------------------------------------------


def say(line: str) -> None:
    """One line about the run on standard error."""
    click.echo(visible(line), err=True)


def complain(message: str) -> None:
    """What went wrong, as one line on standard error that begins with the name of the program."""
    line = visible(" ".join(message.split()))
    with contextlib.suppress(OSError):
        click.echo(f"simdetect: {line.encode('utf-8', 'backslashreplace').decode()}", err=True)
