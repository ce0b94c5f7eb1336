"""What is known of an instance: `task.yaml` files, by default those of the installed benchmark."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from simdetect.audit.submissions import read_yaml
from simdetect.languages.detect import detect_language

__all__ = ["Task", "installed_tasks", "parse_instance", "parse_repository", "read_task"]

_INSTANCE: Final = re.compile(r"(?P<owner>.+?)__(?P<name>.+)\.(?P<commit>[0-9a-f]{4,40})")
_REPOSITORY: Final = re.compile(r"(?:.*[/:])?(?P<owner>[^/:]+)/(?P<name>[^/:]+?)(?:\.git)?/?")
_SHA256: Final = re.compile("[0-9a-f]{64}")
_PACKAGE: Final = "programbench"


@dataclass(frozen=True, slots=True)
class Task:
    """What a task says, None where it says nothing. language: by the name that reports use. documents: SHA-256 of those
    that the author was handed, as the original has them."""

    repository: str | None = None
    commit: str | None = None
    language: str | None = None
    documents: tuple[str, ...] = ()
    difficulty: str | None = None


def installed_tasks() -> Path | None:
    """The tasks of the benchmark's package, when it is installed. Nothing of it is imported."""
    try:
        found = Path(str(metadata.distribution(_PACKAGE).locate_file(f"{_PACKAGE}/data/tasks")))
    except (metadata.PackageNotFoundError, OSError, ValueError):
        return None
    return found if found.is_dir() else None


def read_task(tasks: Path | None, instance: str) -> Task:
    """What a task file says. Raises InputError when the file cannot be read."""
    if tasks is None:
        return Task()
    for path in (tasks / instance / "task.yaml", tasks / f"{instance}.yaml"):
        if path.is_file():
            return _parse_task(path)
    return Task()


def parse_instance(instance: str) -> tuple[str, str, str] | None:
    """Owner, name and commit of an instance that is called by them; "." and ".." are no names."""
    found = _INSTANCE.fullmatch(instance)
    return None if found is None or _leads_up(found) else (found["owner"], found["name"], found["commit"])


def parse_repository(repository: str) -> tuple[str, str] | None:
    """Owner and name of a repository, of its address or of what GitHub calls it."""
    found = _REPOSITORY.fullmatch(repository)
    return None if found is None or _leads_up(found) else (found["owner"], found["name"])


def _leads_up(found: re.Match[str]) -> bool:
    return bool({found["owner"], found["name"]} & {"..", "."}) or "\0" in found[0]


def _parse_task(path: Path) -> Task:
    known = read_yaml(path)
    values = (known.get(name) for name in ("repository", "commit", "language", "difficulty"))
    repository, commit, language, difficulty = (v if isinstance(v, str) and v else None for v in values)
    if language is not None:  # tasks call languages by the suffixes of their files: rs, hs
        language = detect_language(f"x.{language}", b"") or language
    return Task(repository, commit, language, _digests(known), difficulty)


def _digests(task: Mapping[Any, Any]) -> tuple[str, ...]:
    """Digests of `documents`, a list of objects with `path` and `sha256`."""
    listed = task.get("documents")
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    found = [row["sha256"].lower() for row in rows if isinstance(row.get("sha256"), str)]
    return tuple(digest for digest in found if _SHA256.fullmatch(digest))
