"""Files of labelled pairs: which repositories, how they are related, where they lie, what the background knows.

docs/method.md describes the format, one JSON object a line.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from simdetect.errors import InputError
from simdetect.model import nested

__all__ = ["FOREIGN", "Pair", "Repository", "families_of", "folder_of", "foreign_pairs", "in_background", "read_pairs"]

RELATIONS = ("independent", "derived", "ported", "llm")  # of pairs in files
FOREIGN = "foreign"  # independent, in another language: such pairs are made of lists of repositories
_MOST_PROBLEMS = 5  # of a file of pairs that are told at once


@dataclass(frozen=True, slots=True)
class Repository:
    """One side of a pair. path: the folder inside the repository. family: stated, or None."""

    repository: str
    commit: str
    path: str
    language: str
    family: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """One labelled pair. known: candidate file -> original files that it derives from. shared: candidate files that
    are copies of a third, and so neither positives nor negatives."""

    id: str
    relation: str
    candidate: Repository
    original: Repository
    known: Mapping[str, frozenset[str]]
    shared: frozenset[str]
    note: str


def read_pairs(files: Sequence[Path]) -> list[Pair]:
    """Pairs of JSON-lines files. Raises InputError that names every bad line, up to a few."""
    pairs: list[Pair] = []
    problems: list[str] = []
    for file in files:
        for number, line in enumerate(_lines(file), 1):
            try:
                pairs.append(_pair(nested.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                problems.append(f"{file.name} line {number}: {_problem(error)}")
    if problems:
        more = f"; and {len(problems) - _MOST_PROBLEMS} more" if len(problems) > _MOST_PROBLEMS else ""
        raise InputError("; ".join(problems[:_MOST_PROBLEMS]) + more)
    return pairs


def foreign_pairs(rows: Sequence[Mapping[str, str]], seed: int = 7) -> Iterator[Pair]:
    """Independent pairs in two languages: of every job that several languages have, one repository of each language
    with one of another language and family, chosen by the seed.

    rows: repository, commit, language, job and family, as scripts/data/background.jsonl has them.
    """
    chance = random.Random(seed)
    by_job: dict[str, dict[str, list[Mapping[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(rows, key=lambda row: row["repository"]):
        by_job[row["job"]][row["language"]].append(row)
    for job in sorted(by_job):
        languages = sorted(by_job[job])
        for language in languages if len(languages) > 1 else ():
            other = chance.choice([name for name in languages if name != language])
            sides = [chance.choice(by_job[job][name]) for name in (language, other)]
            if sides[0]["family"] != sides[1]["family"]:
                candidate, original = (
                    Repository(r["repository"], r["commit"], ".", r["language"], r["family"]) for r in sides
                )
                name = f"{candidate.repository}~{original.repository}"
                yield Pair(name, FOREIGN, candidate, original, {}, frozenset(), f"both: {job}")


def _side_of(row: Mapping[str, str]) -> Repository:
    return Repository(row["repository"], row["commit"], ".", row["language"], row["family"])


def _lines(file: Path) -> list[str]:
    try:
        return [line for line in file.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"pairs {file} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _problem(error: Exception) -> str:
    return f"no field {error}" if isinstance(error, KeyError) else str(error)


def _pair(stored: dict[str, Any]) -> Pair:
    if stored["relation"] not in RELATIONS:
        raise ValueError(f"relation {stored['relation']!r} is none of {', '.join(RELATIONS)}")
    known: dict[str, set[str]] = {}
    for candidate, original in stored.get("known_pairs", ()):
        known.setdefault(candidate, set()).add(original)
    return Pair(
        id=str(stored["id"]),
        relation=stored["relation"],
        candidate=_repository(stored["candidate"]),
        original=_repository(stored["original"]),
        known={candidate: frozenset(originals) for candidate, originals in known.items()},
        shared=frozenset(stored.get("shared", ())),
        note=str(stored.get("note", "")),
    )


def _repository(stored: dict[str, Any]) -> Repository:
    return Repository(
        repository=str(stored["repository"]),
        commit=str(stored.get("commit", "")),
        path=str(stored.get("path", ".")),
        language=str(stored["language"]),
        family=stored.get("family"),
    )


def families_of(pairs: Sequence[Pair]) -> dict[str, str]:
    """Repository -> family: what pairs state, else what is linked by pairs that are not independent is one family."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for pair in pairs:
        sides = (pair.candidate, pair.original)
        for side in sides:
            if side.family is not None:
                _link(parent, root(side.repository), root(f"family {side.family}"))
        if pair.relation != "independent":
            _link(parent, *sorted(root(side.repository) for side in sides))
    return {side.repository: root(side.repository) for pair in pairs for side in (pair.candidate, pair.original)}


def _link(parent: dict[str, str], first: str, second: str) -> None:
    parent[max(first, second)] = min(first, second)


def folder_of(side: Repository, work: Sequence[Path]) -> Path | None:
    """Where a repository lies: in `<owner>+<name>@<commit>`, of 7 digits, if there is one, or in `<owner>+<name>`."""
    name = side.repository.removeprefix("github:").replace("/", "+")
    for known_as in (f"{name}@{side.commit[:7]}", name):
        for root in work:
            if (root / known_as).is_dir():
                return root / known_as
    return None


def in_background(folder: Path | None = None) -> frozenset[str]:
    """Repositories that went into the background models: the shipped ones, or those of a folder that says so."""
    root = resources.files("simdetect") / "data" / "background" if folder is None else folder
    file = root / "PROVENANCE.json"
    if not file.is_file():
        return frozenset()
    try:
        return frozenset(str(row["repository"]) for row in nested.loads(file.read_text("utf-8"))["repositories"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file} cannot be read: {error}") from error
