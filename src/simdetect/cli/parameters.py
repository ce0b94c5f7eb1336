"""Options that commands share: their types, groups of them, and how they become `ScanOptions`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from simdetect.cli.commands import option
from simdetect.cli.output import Target
from simdetect.options import BLACK_BOX, MOST_JOBS, OPEN, SETTINGS, ScanOptions
from simdetect.report import FORMATS, Detail

__all__ = [
    "DECISIONS",
    "FILE",
    "FOLDER",
    "FOLDER_OR_URL",
    "ReportOptions",
    "background_option",
    "gate_options",
    "jobs_option",
    "network_options",
    "reading_options",
    "report_options",
    "scan_options",
    "scan_settings",
    "setting_option",
    "text_or_json_option",
]

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

DECISIONS = "simdetect.toml"
_DEFAULTS = ScanOptions()
_LONGEST_LIMIT_S = 86_400
_USEFUL_JOBS = 8  # comparing is the work of one process: more would wait for it


# --- types ---------------------------------------------------------------------------------------------------------


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SECONDS = click.FloatRange(min=0, min_open=True, max=_LONGEST_LIMIT_S)
_SHARE = click.FloatRange(min=0, min_open=True, max=1)


class _FolderOrUrl(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A folder that exists, or a URL, which is looked at later."""

    name = "folder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        text = os.fspath(value)
        return text if "://" in text or "::" in text else Path(FOLDER.convert(value, param, ctx))


FOLDER_OR_URL = _FolderOrUrl()
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,9})?) ?([KMGT]?)(?:i?B)?", re.IGNORECASE | re.ASCII)


class _Size(click.ParamType):  # type: ignore[type-arg]  # generic only in newer releases of click
    """A number of bytes: 1048576, 512K, 16M, 1.5G; with or without "iB" or "B" behind the letter."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = _SIZE.fullmatch(value.strip())
        n_bytes = int(float(found[1]) * _UNITS[found[2].upper()]) if found else 0
        if n_bytes < 1:
            self.fail(f"{value!r} is no size, such as 500000, 64M or 1.5G.", param, ctx)
        return n_bytes


def _size_words(n_bytes: int) -> str:
    """The shortest exact way to write a default: "16M"."""
    for letter in "GMK":
        if n_bytes % _UNITS[letter] == 0:
            return f"{n_bytes // _UNITS[letter]}{letter}"
    return str(n_bytes)


# --- options that commands share -------------------------------------------------------------------------------------


def _together(*decorators: Decorator) -> Decorator:
    """Several options at once, in this order."""

    def decorate(callback: Callable[..., Any]) -> Callable[..., Any]:
        for decorator in reversed(decorators):
            callback = decorator(callback)
        return callback

    return decorate


def _n_cpus() -> int:
    """Processors that this process may use, as far as more of them help."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(_USEFUL_JOBS, usable)


def _size_option(name: str, what: str) -> Decorator:
    help = f"{what} [default: {_size_words(getattr(_DEFAULTS, name))}]"
    return option(f"--{name.replace('_', '-')}", type=_Size(), metavar="SIZE", help=help)


def _count_option(name: str, what: str) -> Decorator:
    help = f"{what} [default: {getattr(_DEFAULTS, name)}]"
    return option(f"--{name.replace('_', '-')}", type=click.IntRange(min=1), metavar="N", help=help)


def _seconds_option(name: str, what: str) -> Decorator:
    help = f"{what} [default: {getattr(_DEFAULTS, name):g}]"
    return option(f"--{name.replace('_', '-')}", type=_SECONDS, metavar="S", help=help)


jobs_option = option(
    "--jobs",
    type=click.IntRange(1, MOST_JOBS),
    default=_n_cpus,
    metavar="N",
    help=f"Worker processes. [default: one for each processor, at most {_USEFUL_JOBS}]",
)
text_or_json_option = option("--format", type=click.Choice(("text", "json")), default="text", help="Default: text.")
background_option = option("--background", type=FOLDER, metavar="DIR", help="Background models of your own.")

# What may be used up. Every limit of ScanOptions is here, with --limit-seconds; docs/security.md explains them.
_limit_options = _together(
    _seconds_option(
        "limit_total_seconds", "Longest reading, analysing and comparing of all inputs; the rest is left out."
    ),
    _size_option("limit_memory_bytes", "Address space of a worker process."),
    _size_option("max_file_bytes", "Larger files are skipped."),
    _size_option("max_parse_bytes", "Of larger files plain tokens are compared."),
    _count_option("max_files", "Files read of an input."),
    _size_option("max_total_bytes", "Bytes read of an input."),
    _size_option("max_code_bytes", "Bytes of code kept of an input; memory is some 15 times as much."),
    _size_option("max_archive_bytes", "Extracted bytes of an archive."),
    _count_option("max_archive_members", "Members read of an archive."),
    _count_option("max_path_bytes", "Longer paths of folders are not descended into."),
    _size_option("max_cache_bytes", "What the cache may hold on disk."),
)
reading_options = _together(
    option("--exclude", multiple=True, metavar="GLOB", help="Leave out files whose path matches, on every side."),
    option(
        "--encoding",
        metavar="NAME",
        help="Of files that are neither UTF-8 nor marked, such as cp932 or gb18030. [default: guessed file by file]",
    ),
    _seconds_option("limit_seconds", "Longest parse of one file; then its plain tokens are compared."),
    option("--no-cache", is_flag=True, help="Neither use nor keep results of earlier runs."),
    _limit_options,
)
scan_options = _together(
    reading_options,
    option(
        "--threshold",
        type=_SHARE,
        metavar="P",
        help="Probability from which a file counts as evidence. [default: calibrated by language]",
    ),
    background_option,
    option("--calibration", type=FILE, metavar="FILE", help="A calibration made by 'simdetect calibrate'."),
)


gate_options = _together(
    option(
        "--fetch-from",
        multiple=True,
        metavar="HOST[:PORT]",
        help="A host that may be asked wherever it is, also in the own network and by plain http.",
    ),
    option(
        "--fetch-token",
        multiple=True,
        metavar="HOST=ENV_NAME",
        help="Send this host, and no other, the token that an environment variable holds.",
    ),
)
network_options = _together(
    option("--fetch", is_flag=True, help="Download what runs name by address. Without it no network is asked."),
    gate_options,
)


def setting_option(default: str) -> Decorator:
    """What the author of a candidate is taken to have had."""
    help = (
        f"'{OPEN}': the author had nothing but what is named as given. '{BLACK_BOX}': also the executable and its "
        f"documentation, so texts that it can print prove nothing. [default: {default}]"
    )
    return option("--setting", type=click.Choice(SETTINGS), default=default, help=help)


def scan_settings(options: dict[str, Any]) -> ScanOptions:
    """The options that were given; the rest are the defaults, and the cache is the user's. Raises OptionsError."""
    from simdetect.store import default_cache_folder

    cache = None if options.pop("no_cache") else default_cache_folder()
    return ScanOptions(cache=cache, **{name: value for name, value in options.items() if value is not None})


# --- options of commands that write a report -------------------------------------------------------------------------


@dataclass(frozen=True)
class ReportOptions:
    """What a report holds, and where it goes: the same for a command that makes one and for one that shows one."""

    no_source: bool
    path_prefix: str
    decisions: Path | None
    baseline: Path | None
    format: str | None
    output: str | None
    quiet: bool
    verbose: bool

    def target(self) -> Target:
        """Where the report itself goes, beside the copies of it that further options ask for."""
        detail: Detail = "short" if self.quiet else "full" if self.verbose else "normal"
        return Target(self.format, self.output, detail, self.path_prefix)


report_options = _together(
    option("--no-source", is_flag=True, help="No code in any report: lines and digests only."),
    option("--path-prefix", default="", metavar="DIR", help="In SARIF: where the candidate lies in the repository."),
    option(
        "--decisions",
        type=FILE,
        metavar="FILE",
        help=f"What reviewers decided, see docs/review.md. [default: {DECISIONS} here, for scans]",
    ),
    option("--baseline", type=FILE, metavar="REPORT.json", help="An earlier report; what it holds is not new."),
    option("--format", type=click.Choice(FORMATS), help="Default: by the suffix of -o, otherwise text."),
    option("-o", "--output", metavar="FILE", help="Write the report here instead of to standard output."),
    option("-q", "--quiet", is_flag=True, help="No progress bars; of the text report only the verdict."),
    option("-v", "--verbose", is_flag=True, help="Everything listed, not only the strongest findings."),
)
