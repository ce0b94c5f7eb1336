"""What an audit is about, and its folders on this machine: copies of what lies elsewhere, pushed when written to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simdetect.errors import InputError
from simdetect.remote.gate import Gate
from simdetect.remote.urls import fetch, is_remote, located, push

__all__ = ["STATS", "SUMMARY", "Audit", "LocalAudit", "check_folders", "check_place", "folder_of", "here"]

STATS: Final = "_stats"  # the folder of a run's numbers; all of it goes to the registry
SUMMARY: Final = "_simdetect"  # and of its summary


@dataclass(frozen=True, slots=True)
class Audit:
    """What to audit.

    runs: folders of instances; their names stand for the models. originals, tasks, given: see `plan`. output: folder
    for everything that is written, with one subfolder a run; without it, reports go beside their submissions and
    summaries into `_simdetect` of each run. pattern: regular expression that instances must contain. with_html: an HTML
    report for each instance. elsewhere: say which evidence stands in other originals of the audit too. gate: through
    which submissions that lie elsewhere are fetched; None asks no network. releases: how many other tags of an
    original's repository submissions are compared with too. with_session_text: whether words of recorded sessions may
    be quoted. Folders may be fsspec URLs: their copies lie in the cache folder, which workers elsewhere must see too.
    """

    runs: tuple[Path | str, ...]
    originals: Path | str
    tasks: Path | str | None = None
    given: Path | str | None = None
    output: Path | str | None = None
    pattern: str | None = None
    with_html: bool = False
    elsewhere: bool = False
    gate: Gate | None = None
    releases: int = 0
    with_session_text: bool = True


@dataclass(frozen=True, slots=True)
class LocalAudit:
    """An `Audit` whose folders are on this machine."""

    runs: tuple[Path, ...]
    originals: Path
    tasks: Path | None
    given: Path | None
    output: Path | None
    pattern: str | None
    with_html: bool
    elsewhere: bool
    gate: Gate | None
    releases: int
    with_session_text: bool = True


@contextmanager
def here(what: Audit, cache_folder: Path | None) -> Iterator[LocalAudit]:
    """The audit with copies of what lies elsewhere; what was written goes there in the end, also after an error."""

    def place(location: Path | str | None, *, is_output: bool = False) -> Path | None:
        if location is None:
            return None
        if is_remote(location):
            found = fetch(str(location), cache_folder, may_be_missing=is_output and location is what.output)
            if is_output:
                written.append((found, str(location)))
            return found
        return Path(located(location, cache_folder))

    written: list[tuple[Path, str]] = []
    runs = tuple(_named(Path(place(run, is_output=what.output is None) or run)) for run in what.runs)
    originals, tasks, given = (place(location) for location in (what.originals, what.tasks, what.given))
    output = place(what.output, is_output=True)
    try:
        rest = what.pattern, what.with_html, what.elsewhere, what.gate, what.releases, what.with_session_text
        yield LocalAudit(runs, originals or Path(), tasks, given, output, *rest)
    finally:
        for folder, url in written:
            push(folder, url)


def _named(run: Path) -> Path:
    """A run by a path that ends in its name: "." and ".." would name other folders of the output."""
    return run if run.name not in ("", "..") else run.resolve()


def folder_of(what: LocalAudit, run: Path) -> Path:
    """Where what belongs to a run is written."""
    return run if what.output is None else what.output / run.name


def check_folders(what: LocalAudit) -> None:
    """Raises InputError when numbers of a run would land outside of the folder for what is written."""
    for run in what.runs:
        if what.output is not None:
            check_place(what.output, run.name)
        for name in (STATS, SUMMARY):
            check_place(folder_of(what, run), name)


def check_place(folder: Path, name: str) -> None:
    """Raises InputError when what is to be written into a subfolder would land elsewhere, by a symbolic link."""
    if (folder / name).resolve() != folder.resolve() / name:
        raise InputError(f"{folder / name} leads elsewhere: reports are not written through symbolic links")
