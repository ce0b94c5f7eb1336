"""Where the originals of instances lie: in a folder, under one of several plain names, and read at their commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from simdetect.audit.submissions import ARCHIVE_SUFFIXES
from simdetect.audit.tasks import Task, parse_instance, parse_repository
from simdetect.errors import InputError

__all__ = ["commit_of_instance", "find_original", "find_releases", "is_repository", "names_of", "repositories_of"]

_FILES: Final = (".sdx", *ARCHIVE_SUFFIXES)
_FOLDERS: Final = ("", ".git", "/repo")


def find_original(originals: Path, instance: str, task: Task) -> str:
    """The location of an instance's original: a path, or `repository@commit`. Raises InputError, with every path that
    was tried, when there is none."""
    names = list(dict.fromkeys((instance, *_repository_names(instance, task))))
    for name in names:
        for end in (*_FOLDERS, *_FILES):
            path = originals / f"{name}{end}"
            is_own = name == instance and not end
            if path.exists() if is_own else path.is_file() if end in _FILES else _is_original(path):
                return _at_commit(path, instance, task)
    tried = ", ".join(f"{name}{end}" for name in names for end in _FOLDERS)
    also = f"{', '.join(names)} with each of {' '.join(_FILES)}"
    raise InputError(f"no original for {instance} in {originals}: tried {tried}, and {also}")


def find_releases(original: str, n: int) -> list[tuple[str, str]]:
    """Locations of the newest n other tags of the repository that an original lies in, newest first, each with its
    commit. Of what is no repository there are none."""
    folder, _, commit = original.rpartition("@")
    if not n or not folder or not is_repository(Path(folder)):
        return []
    from dulwich.objects import ObjectID
    from dulwich.repo import Repo

    from simdetect.remote.git import newest
    from simdetect.remote.packs import commit_of

    found: list[tuple[str, str]] = []
    with closing(Repo(folder)) as repository:
        tags = {name.decode("utf-8", "replace"): ref for name, ref in repository.refs.as_dict(b"refs/tags").items()}
        for name in newest(list(tags), n + 1):
            try:
                tagged = commit_of(repository, ObjectID(tags[name])).id.decode()
            except InputError:
                continue  # not fetched, or damaged: said by who fetches it
            if not tagged.startswith(commit):
                found.append((f"{folder}@{name}", tagged))
    return found[:n]


def repositories_of(mirrors: Path, instance: str, task: Task) -> Iterator[Path]:
    """Git repositories in a folder that are called like the one that an instance is about."""
    for name in dict.fromkeys((instance, *_repository_names(instance, task))):
        for end in _FOLDERS:
            if is_repository(mirrors / f"{name}{end}"):
                yield mirrors / f"{name}{end}"


def commit_of_instance(instance: str, task: Task) -> str | None:
    """The commit that an instance is about."""
    named = parse_instance(instance)
    return task.commit or (named[2] if named else None)


def names_of(instance: str, task: Task) -> tuple[str, ...]:
    """What the original is called in words: owner/name, and name."""
    named = parse_instance(instance)
    pairs = [parse_repository(task.repository) if task.repository else None, named[:2] if named else None]
    known = [pair for pair in pairs if pair is not None]
    return tuple(dict.fromkeys(name for owner, last in known for name in (f"{owner}/{last}", last)))


def is_repository(path: Path) -> bool:
    """Whether a folder is a git repository, with a work tree or bare."""
    return (path / ".git").exists() or _is_bare(path)


def _is_bare(path: Path) -> bool:
    return (path / "HEAD").is_file() and (path / "objects").is_dir()


def _is_original(path: Path) -> bool:
    """Whether an original may lie at a path: a repository, or a folder with files of its own. One of repositories, by
    the name of their owner, is none."""
    return is_repository(path) or (path.is_dir() and any(child.is_file() for child in path.iterdir()))


def _at_commit(path: Path, instance: str, task: Task) -> str:
    """A repository is read at the instance's commit; but what has a work tree and the instance's name is taken as it
    lies."""
    commit = commit_of_instance(instance, task)
    if not is_repository(path) or (path.name == instance and not _is_bare(path)):
        return str(path)
    if commit is None:
        raise InputError(f"{instance} names no commit of {path}: expected owner__name.commit, or commit in task.yaml")
    return f"{path}@{commit}"


def _repository_names(instance: str, task: Task) -> Iterator[str]:
    named = parse_instance(instance)
    pairs = [parse_repository(task.repository) if task.repository else None, named[:2] if named else None]
    for pair in pairs:
        if pair is not None:
            owner, name = pair
            yield from (f"{owner}{joint}{name}" for joint in ("__", "+", "/"))
            yield name
