"""Where the parts of a benchmark run lie: its instances, what each author was given, and what was recorded.

    RUN/<instance>/submission*             see `submissions`
    RUN/<instance>/<instance>.traj.json    the recorded session, beside the submission and never inside it
    ORIGINALS/...                          see `originals`
    TASKS/<instance>/task.yaml             see `tasks`
    GIVEN/<instance>                       a folder, a file or an archive

An instance is called `<owner>__<name>.<commit>`; other names work where nothing is to be read from them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from simdetect.audit.submissions import ARCHIVE_SUFFIXES, Submission
from simdetect.errors import InputError

__all__ = ["find_given", "find_instances", "find_session", "matching"]


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


def find_given(given: Path | None, instance: str) -> tuple[str, ...]:
    """What the author of an instance was given: one location, or nothing."""
    if given is None:
        return ()
    names = [instance, *(f"{instance}{suffix}" for suffix in (*ARCHIVE_SUFFIXES, ".md", ".txt"))]
    return tuple(str(given / name) for name in names if (given / name).exists())[:1]


def find_session(submission: Submission, instance: str) -> tuple[str, ...]:
    """The recorded session of an instance: beside its submission, where that is an archive or a folder of its own. Of
    what lies among the candidate's files nothing is believed."""
    path = submission.path.parent / f"{instance}.traj.json"
    return (str(path),) if submission.is_apart and path.is_file() and not path.is_symlink() else ()


def matching(instances: Sequence[str], pattern: str | None) -> list[str]:
    """The instances in which a regular expression is found. Raises InputError when it is none."""
    if pattern is None:
        return list(instances)
    try:
        wanted = re.compile(pattern)
    except re.error as error:
        raise InputError(f"not a regular expression: {pattern!r} ({error})") from None
    return [instance for instance in instances if wanted.search(instance)]
