"""The tasks of evaluation/rebuilt as values: rebuilt programs, and documents that were handed out.

A task is a folder with `task.yaml` (see evaluation/README.md). Originals lie elsewhere, one folder a repository,
`<owner>+<name>@<commit7>`: nothing of them is kept in the project.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from simdetect.languages import LANGUAGES, spec_of

__all__ = ["Rebuild", "Task", "documents_of", "original_of", "read_tasks"]


@dataclass(frozen=True)
class Rebuild:
    """One program that was rebuilt. session: the trajectory in which it was written. is_leak: labelled so by readers
    who had not seen a result of this tool."""

    task: str
    folder: Path
    language: str
    session: Path | None
    is_leak: bool

    @property
    def name(self) -> str:
        return f"{self.task}/{self.folder.name}"


@dataclass(frozen=True)
class Task:
    """An original by repository and commit, and what was rebuilt from it. documents: (path in the original, SHA-256).
    memory: how much of the original the model writes from memory, as `rebuilt_memory.py` measured it."""

    name: str
    repository: str
    commit: str
    language: str
    documents: tuple[tuple[str, str], ...]
    rebuilds: tuple[Rebuild, ...]
    memory: Mapping[str, Any] = field(default_factory=dict)

    def is_same_language(self, rebuild: Rebuild) -> bool:
        """Whether a rebuild is in the original's language, or in one that is matched with it token by token."""
        return family(rebuild.language) == family(self.language)


def family(language: str) -> str:
    """Languages of one family are matched token by token: C with C++."""
    return spec_of(language).family if language in LANGUAGES else language


def read_tasks(folder: Path) -> list[Task]:
    """All tasks below a folder, by name."""
    return [_task(file) for file in sorted(folder.glob("*/task.yaml"))]


def _task(file: Path) -> Task:
    facts = yaml.safe_load(file.read_text(encoding="utf-8"))
    leaks = {label["folder"] for label in facts.get("labels") or () if label.get("leak")}
    return Task(
        file.parent.name,
        facts["repository"],
        facts["commit"],
        facts["language"],
        tuple((document["path"], document["sha256"]) for document in facts["documents"]),
        tuple(_rebuild(file.parent, row, leaks) for row in facts["rebuilds"]),
        facts.get("memory") or {},
    )


def _rebuild(place: Path, row: Mapping[str, Any], leaks: set[str]) -> Rebuild:
    session = place / row["session"] if row.get("session") else None
    kept = session if session is not None and session.is_file() else None
    return Rebuild(place.name, place / row["folder"], row["language"], kept, row["folder"] in leaks)


def original_of(task: Task, originals: Path) -> Path | None:
    """Where the original of a task is checked out, None where it is not."""
    place = originals / f"{task.repository.replace('/', '+')}@{task.commit[:7]}"
    return place if place.is_dir() else None


def documents_of(task: Task, original: Path) -> tuple[list[Path], list[str]]:
    """The documents that were handed out, from the original's checkout, and the paths of those that are not there or
    differ: those are not given."""
    found, missing = [], []
    for path, digest in task.documents:
        file = original / path
        if file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == digest:
            found.append(file)
        else:
            missing.append(path)
    return found, missing
