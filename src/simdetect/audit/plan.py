"""Where the parts of a benchmark run lie: submissions, originals, tasks and what each author was given.

    RUN/<instance>/submission.tar.gz       or another archive of that name, or a folder `submission`, or the files
                                           themselves
    RUN/<instance>/<instance>.traj.json    the recorded session, beside the submission and never inside it
    ORIGINALS/<instance>                   a folder, an archive or an index; or a git repository
    ORIGINALS/<owner>__<name>              (also <owner>+<name>, <owner>/<name>, <name>; bare as <name>.git), read at
                                           the commit that task.yaml or the instance names
    TASKS/<instance>/task.yaml             or TASKS/<instance>.yaml: repository, commit, language, documents
    GIVEN/<instance>                       a folder, a file or an archive

An instance is called `<owner>__<name>.<commit>`; other names work where nothing is to be read from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simdetect.errors import InputError

__all__ = [
    "Task",
    "find_given",
    "find_instances",
    "find_original",
    "find_session",
    "find_submission",
    "matching",
    "read_task",
]

_SUFFIXES: Final = (".tar.gz", ".tgz", ".tar.zst", ".tar.xz", ".tar.bz2", ".tar", ".zip")
_INSTANCE: Final = re.compile(r"(?P<owner>.+?)__(?P<name>.+)\.(?P<commit>[0-9a-f]{4,40})")
_REPOSITORY: Final = re.compile(r"(?:.*[/:])?(?P<owner>[^/:]+)/(?P<name>[^/:]+?)(?:\.git)?/?")
_SHA256: Final = re.compile("[0-9a-f]{64}")
_MAX_TASK_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Task:
    """What is known of an instance beside its submission: None where nothing says so. documents: SHA-256 of those that
    the author was handed, as the original has them."""

    repository: str | None = None
    commit: str | None = None
    language: str | None = None
    documents: tuple[str, ...] = ()


def find_instances(run: Path) -> list[str]:
    """The instances of a run, sorted: its folders, but for those whose names begin with "_" or ".". Raises InputError
    when there is none."""
    try:
        found = [path.name for path in run.iterdir() if path.is_dir() and path.name[0] not in "_."]
    except OSError as error:
        raise InputError(f"cannot read run {run}: {error.strerror}") from error
    if not found:
        raise InputError(f"no instance in {run}: expected folders named like owner__name.commit")
    return sorted(found)


def find_submission(run: Path, instance: str) -> Path:
    """The submission of an instance. Raises InputError when there is none."""
    folder = run / instance
    for name in ("submission", *(f"submission{suffix}" for suffix in _SUFFIXES)):
        if (folder / name).exists():
            return folder / name
    archives = [path.name for path in folder.iterdir() if path.name.startswith("submission.")]
    if archives:
        raise InputError(f"{folder}: cannot read {sorted(archives)[0]}: expected one of {', '.join(_SUFFIXES)}")
    if not any(not path.name.startswith(f"{instance}.") for path in folder.iterdir()):
        raise InputError(f"no submission in {folder}")
    return folder


def find_original(originals: Path, instance: str, task: Task) -> str:
    """The location of an instance's original: a path, or `repository@commit`. Raises InputError when there is none."""
    for name in (instance, *(f"{instance}{suffix}" for suffix in (".sdx", *_SUFFIXES))):
        if (originals / name).exists():
            return _at_commit(originals / name, instance, task)
    for name in _repository_names(instance, task):
        for path in (originals / name, originals / f"{name}.git", originals / name / "repo"):
            if _is_repository(path):
                return _at_commit(path, instance, task)
    raise InputError(f"no original for {instance} in {originals}: expected a folder, archive or git repository")


def _at_commit(path: Path, instance: str, task: Task) -> str:
    """A repository is read at the instance's commit; but what has a work tree and the instance's name is taken as it
    lies."""
    named = _INSTANCE.fullmatch(instance)
    commit = task.commit or (named["commit"] if named else None)
    if not _is_repository(path) or (path.name == instance and not _is_bare(path)):
        return str(path)
    if commit is None:
        raise InputError(f"{instance} names no commit of {path}: expected owner__name.commit, or commit in task.yaml")
    return f"{path}@{commit}"


def _repository_names(instance: str, task: Task) -> Iterator[str]:
    names = [_REPOSITORY.fullmatch(task.repository) if task.repository else None, _INSTANCE.fullmatch(instance)]
    for match in names:
        if match is not None and not {match["owner"], match["name"]} & {"..", "."}:
            yield from (f"{match['owner']}{joint}{match['name']}" for joint in ("__", "+", "/"))
            yield match["name"]


def _is_repository(path: Path) -> bool:
    return (path / ".git").exists() or _is_bare(path)


def _is_bare(path: Path) -> bool:
    return (path / "HEAD").is_file() and (path / "objects").is_dir()


def find_given(given: Path | None, instance: str) -> tuple[str, ...]:
    """What the author of an instance was given: one location, or nothing."""
    if given is None:
        return ()
    names = [instance, *(f"{instance}{suffix}" for suffix in (*_SUFFIXES, ".md", ".txt"))]
    return tuple(str(given / name) for name in names if (given / name).exists())[:1]


def read_task(tasks: Path | None, instance: str) -> Task:
    """What a task file says of repository, commit and language. Raises InputError when the file cannot be read."""
    if tasks is None:
        return Task()
    for path in (tasks / instance / "task.yaml", tasks / f"{instance}.yaml"):
        if path.is_file():
            return _parse_task(path, _read_text(path))
    return Task()


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_TASK_BYTES).decode("utf-8", "replace")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error


def _parse_task(path: Path, text: str) -> Task:
    """Scalars stay text (the commit 1234567 is no number), and nothing but text, lists and mappings is made."""
    import yaml

    try:
        found = yaml.load(text, Loader=yaml.BaseLoader)  # BaseLoader makes no objects
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(f"cannot read {path}: no valid YAML ({str(error).splitlines()[0]})") from error
    known = found if isinstance(found, dict) else {}
    values = (known.get(name) for name in ("repository", "commit", "language"))
    repository, commit, language = (value if isinstance(value, str) and value else None for value in values)
    return Task(repository, commit, language, _digests(known))


def _digests(task: Mapping[Any, Any]) -> tuple[str, ...]:
    """Digests of `documents`, a list of objects with `path` and `sha256`."""
    listed = task.get("documents")
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    found = [row["sha256"].lower() for row in rows if isinstance(row.get("sha256"), str)]
    return tuple(digest for digest in found if _SHA256.fullmatch(digest))


def find_session(submission: Path, instance: str) -> tuple[str, ...]:
    """The recorded session of an instance: beside its submission, where that is an archive or a folder of its own. Of
    what lies among the candidate's files nothing is believed."""
    path = submission.parent / f"{instance}.traj.json"
    is_apart = submission.name.startswith("submission")
    return (str(path),) if is_apart and path.is_file() and not path.is_symlink() else ()


def matching(instances: Sequence[str], pattern: str | None) -> list[str]:
    """The instances in which a regular expression is found. Raises InputError when it is none."""
    if pattern is None:
        return list(instances)
    try:
        wanted = re.compile(pattern)
    except re.error as error:
        raise InputError(f"not a regular expression: {pattern!r} ({error})") from None
    return [instance for instance in instances if wanted.search(instance)]
