"""Getting the originals of runs: exactly the pinned commits, into bare repositories that an audit finds.

    OUTPUT/<owner>__<name>.git    the commit that each instance is about, without its history; with `releases` also tags

From mirrors on disk where they have the commit, otherwise from the host that tasks mean. What is there is not asked
for again, so a run of this that was killed goes on where it was. A commit's files are known by its name, and that all
of them are there is verified.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from simdetect.audit.originals import commit_of_instance, repositories_of
from simdetect.audit.plan import find_instances, matching
from simdetect.audit.tasks import Task, parse_instance, parse_repository, read_task
from simdetect.errors import InputError
from simdetect.remote.gate import Gate
from simdetect.remote.git import Remote, fetch_commit, fetch_tags, has_commit, is_commit
from simdetect.remote.http import Limits
from simdetect.scanning.scanner import Progress

__all__ = ["GITHUB", "Gathered", "Gathering", "gather"]

GITHUB: Final = "https://github.com"
_THREADS: Final = 4


@dataclass(frozen=True, slots=True)
class Gathering:
    """What to get. runs: folders whose instances count; without any, all tasks. output: where repositories go. mirrors:
    folders that are looked in first. host: what `owner/name` is below. releases: how many tags beside. pattern: regular
    expression that instances must contain."""

    runs: tuple[Path, ...]
    tasks: Path | None
    output: Path
    mirrors: tuple[Path, ...] = ()
    gate: Gate = field(default_factory=Gate)
    host: str = GITHUB
    releases: int = 0
    pattern: str | None = None
    limits: Limits = field(default_factory=lambda: Limits(n_bytes=4 << 30, seconds=3600))


@dataclass(frozen=True, slots=True)
class Gathered:
    """What became of one repository. new: commits that were fetched now; tags: newest first. error: why some of it is
    not there."""

    repository: str
    commits: tuple[str, ...]
    new: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An instance's original."""

    instance: str
    task: Task
    owner: str
    name: str
    commit: str


def gather(what: Gathering, progress: Progress | None = None) -> list[Gathered]:
    """Get the originals of the runs; one result for each repository, by name. Raises InputError when a run or a task
    cannot be read; what happens to one repository is its result."""
    groups: dict[str, list[_Wanted]] = {}
    unknown: list[Gathered] = []
    for instance in _instances(what):
        try:
            wanted = _wanted(what.tasks, instance)
        except InputError as error:
            unknown.append(Gathered(instance, (), error=str(error)))
            continue
        groups.setdefault(f"{wanted.owner}__{wanted.name}", []).append(wanted)
    results: list[Gathered] = []
    with ThreadPoolExecutor(_THREADS, "originals") as threads:
        for result in threads.map(lambda name: _get(what, name, groups[name]), sorted(groups)):
            results.append(result)
            if progress is not None:
                progress("originals", len(results), len(groups))
    return sorted([*results, *unknown], key=lambda result: result.repository)


def _instances(what: Gathering) -> list[str]:
    if what.runs:
        found = {instance for run in what.runs for instance in find_instances(run)}
    elif what.tasks is not None:
        found = {path.name.removesuffix(".yaml") for path in what.tasks.iterdir() if not path.name.startswith(".")}
    else:
        raise InputError("no RUN and no tasks: nothing says which originals to get")
    return matching(sorted(found), what.pattern)


def _wanted(tasks: Path | None, instance: str) -> _Wanted:
    task = read_task(tasks, instance)
    named = parse_instance(instance)
    pair = parse_repository(task.repository) if task.repository else None
    pair = pair or (named[:2] if named else None)
    commit = commit_of_instance(instance, task)
    if pair is None or commit is None:
        raise InputError(f"{instance}: no task says of which repository and commit it is")
    return _Wanted(instance, task, *pair, commit)


def _get(what: Gathering, name: str, group: Sequence[_Wanted]) -> Gathered:
    """Get everything that is wanted of one repository."""
    folder = what.output / f"{name}.git"
    commits, new, tags, errors = [], [], [], []
    for wanted in group:
        try:
            is_there = has_commit(folder, wanted.commit)
            commits.append(wanted.commit if is_there else _get_commit(what, wanted, folder))
            new += [] if is_there else commits[-1:]
        except InputError as error:
            errors.append(str(error))
    if what.releases and commits:
        try:
            tags = list(fetch_tags(_first(what, group[0]), what.releases, folder))
        except InputError as error:
            errors.append(str(error))
    return Gathered(name, tuple(commits), tuple(new), tuple(tags), "; ".join(errors) or None)


def _get_commit(what: Gathering, wanted: _Wanted, folder: Path) -> str:
    """Get a commit from the first place that has it. Raises InputError."""
    for mirror in _mirrors(what, wanted):
        with contextlib.suppress(InputError):
            return fetch_commit(Remote(mirror), _full(mirror, wanted.commit), folder)
    if not is_commit(wanted.commit):
        raise InputError(f"{wanted.instance}: {wanted.commit} is no full commit; --tasks names the folder that has it")
    return fetch_commit(_server(what, wanted), wanted.commit, folder)


def _first(what: Gathering, wanted: _Wanted) -> Remote:
    """Where to ask for tags: a mirror, or else the server."""
    mirror = next(_mirrors(what, wanted), None)
    return Remote(mirror) if mirror is not None else _server(what, wanted)


def _server(what: Gathering, wanted: _Wanted) -> Remote:
    said = wanted.task.repository or ""
    address = said if "://" in said else f"{what.host.rstrip('/')}/{wanted.owner}/{wanted.name}"
    return Remote(address, what.gate, what.limits)


def _mirrors(what: Gathering, wanted: _Wanted) -> Iterator[Path]:
    for folder in what.mirrors:
        yield from repositories_of(folder, wanted.instance, wanted.task)


def _full(mirror: Path, commit: str) -> str:
    """The full name of a commit in a repository on disk. Raises InputError."""
    from dulwich.objectspec import parse_commit
    from dulwich.repo import Repo

    try:
        with closing(Repo(str(mirror))) as repository:
            return str(parse_commit(repository, commit.encode()).id.decode())
    except Exception as error:  # what lies there may be damaged in any way
        raise InputError(f"{mirror} has no commit {commit}") from error
