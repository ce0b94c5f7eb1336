"""How much of an original a model writes from memory: by diff against its releases, not by simdetect.

usage: python scripts/rebuilt_memory.py TEXTS REPOSITORIES [--rebuilt evaluation/rebuilt] [--task T]

TEXTS holds what was written from memory, a folder a task with the original's file names, and `<task>.note`: a line that
begins with how well the writer believed to know it, 0 to 10. REPOSITORIES holds git directories, `<owner>+<name>` or
`<owner>+<name>/repo`. Up to 12 tags spread over time, HEAD and the commit of the task are looked at. The figures go
into `task.yaml` under `memory`. No text of an original or from memory is kept in the project.

Lines are compared without their white space at either end and with single spaces, those of ten and more characters with
a letter among them. A line agrees when a diff with one file of one release has it: for each text, the file and the
release that have most. A function agrees when 70 % of its lines, in order, stand in one file of one release.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import yaml
from rapidfuzz.distance import LCSseq

sys.path.insert(0, str(Path(__file__).parent))

from plant import functions, outermost, sources_of
from rebuilt_tasks import Task, read_tasks

RELEASES = 12
LEAST_CHARACTERS = 10
LEAST_LINES = 3  # of a function: fewer agree by chance
ENOUGH = 0.7  # of the lines of a function
MOST_BYTES = 2_000_000  # of a file of a release: what is larger is data
_LETTER = re.compile(r"[^\W\d_]")

Lines = tuple[str, ...]


def normalised(text: str) -> Lines:
    """The lines that are compared."""
    found = (" ".join(line.split()) for line in text.splitlines())
    return tuple(line for line in found if len(line) >= LEAST_CHARACTERS and _LETTER.search(line))


# --- releases ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Release:
    """One release of an original: its code files. files: lines, each file once."""

    name: str
    files: tuple[Lines, ...]


def git(repository: Path, *arguments: str, put: bytes = b"") -> bytes:
    """What git says of a repository, without asking anybody for objects that are not there."""
    environment = {**os.environ, "GIT_NO_LAZY_FETCH": "1"}
    command = ["git", "--git-dir", str(repository), *arguments]
    return subprocess.run(command, input=put, capture_output=True, check=True, env=environment).stdout


def revisions(repository: Path, commit: str) -> dict[str, str]:
    """Revisions to look at, by name: tags spread over time, HEAD, the commit of the task."""
    listed = git(repository, "for-each-ref", "--sort=creatordate", "--format=%(refname)", "refs/tags").decode().split()
    chosen = {name.removeprefix("refs/tags/"): name for name in spread(listed, RELEASES)}
    return {**chosen, "HEAD": "HEAD", commit[:7]: commit}


def spread(names: Sequence[str], n: int) -> list[str]:
    """Up to n of them, the first and the last among these."""
    if len(names) <= n:
        return list(names)
    return [names[round(step * (len(names) - 1) / (n - 1))] for step in range(n)]


def releases(repository: Path, commit: str, suffixes: frozenset[str]) -> Iterator[Release]:
    """The files with these suffixes in each revision that the repository has."""
    known: dict[str, Lines] = {}
    for name, revision in revisions(repository, commit).items():
        try:
            listed = git(repository, "ls-tree", "-r", "-z", f"{revision}^{{tree}}").decode("utf-8", "replace")
        except subprocess.CalledProcessError:
            continue
        rows = [row.partition("\t") for row in listed.split("\0") if row]
        blobs = {facts.split()[2] for facts, _, path in rows if Path(path).suffix in suffixes}
        known |= _contents(repository, sorted(blobs - set(known)))
        yield Release(name, tuple(known[blob] for blob in sorted(blobs) if known.get(blob)))


def _contents(repository: Path, blobs: Sequence[str]) -> dict[str, Lines]:
    """The lines of blobs; none of those that are absent or large."""
    output = git(repository, "cat-file", "--batch", put="".join(f"{blob}\n" for blob in blobs).encode())
    found: dict[str, Lines] = {}
    position = 0
    for blob in blobs:
        end = output.index(b"\n", position)
        header = output[position:end].split()
        position = end + 1
        if header[1:2] == [b"blob"]:
            size = int(header[2])
            text = output[position : position + size] if size <= MOST_BYTES else b""
            found[blob] = normalised(text.decode("utf-8", "replace"))
            position += size + 1
    return found


# --- agreement -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Memory:
    """What agrees, of how much: by release for lines, over all for functions."""

    n_lines: int
    agreeing_by_release: Mapping[str, int]
    n_functions: int
    n_agreeing_functions: int

    def figures(self, commit: str, belief: int | None) -> dict[str, Any]:
        """What task.yaml says."""
        best = max(self.agreeing_by_release, key=lambda name: self.agreeing_by_release[name], default=None)
        lines = {name: _share(n, self.n_lines) for name, n in self.agreeing_by_release.items()}
        return {
            "lines": self.n_lines,
            "lines_share": lines.get(best or "", 0.0),
            "lines_share_at_commit": lines.get(commit[:7]),
            "functions": self.n_functions,
            "functions_share": _share(self.n_agreeing_functions, self.n_functions),
            "closest_release": best,
            "releases": list(self.agreeing_by_release),
            "belief": belief,
        }


def _share(hits: int, of: int) -> float | None:
    return round(hits / of, 3) if of else None


def measured(texts: Sequence[Lines], bodies: Sequence[Lines], found: Sequence[Release]) -> Memory:
    """How much of some texts, and of the functions in them, agrees with releases."""
    by_release = {release.name: sum(max_agreeing(text, release.files) for text in texts) for release in found}
    files = list(dict.fromkeys(file for release in found for file in release.files))
    n_functions = sum(max_agreeing(body, files, ENOUGH) >= ENOUGH * len(body) for body in bodies)
    return Memory(sum(map(len, texts)), by_release, len(bodies), n_functions)


def max_agreeing(text: Lines, files: Sequence[Lines], least: float = 0.0) -> int:
    """Most lines of a text that stand in one of the files, in order. least: share of the lines; less is not looked
    for."""
    counts, best = Counter(text), 0
    for file in files:
        possible = sum(min(n, held) for line, n in counts.items() if (held := _counted(file)[line]))
        if possible > best and possible >= least * len(text):
            best = max(best, int(LCSseq.similarity(text, file)))
    return best


_COUNTS: dict[Lines, Counter[str]] = {}


def _counted(file: Lines) -> Counter[str]:
    if file not in _COUNTS:
        _COUNTS[file] = Counter(file)
    return _COUNTS[file]


def of_folder(folder: Path, language: str) -> tuple[list[Lines], list[Lines], frozenset[str]]:
    """The texts written from memory, the functions in them, and the suffixes of the files."""
    files = sources_of(folder, language)
    texts = [normalised(file.content.decode("utf-8", "replace")) for file in files]
    bodies = [
        normalised(own.text.decode("utf-8", "replace"))
        for own in outermost(functions(files, range(LEAST_LINES, 100_000)))
    ]
    suffixes = frozenset(Path(file.path).suffix for file in files)
    return texts, [body for body in bodies if len(body) >= LEAST_LINES], suffixes


def figures_of(task: Task, texts: Path, repository: Path) -> dict[str, Any]:
    """What task.yaml says of one task."""
    lines, bodies, suffixes = of_folder(texts / task.name, task.language)
    _COUNTS.clear()
    found = list(releases(repository, task.commit, suffixes))
    note = texts / f"{task.name}.note"
    belief = re.match(r"\s*(\d+)", note.read_text(encoding="utf-8")) if note.is_file() else None
    return measured(lines, bodies, found).figures(task.commit, int(belief[1]) if belief else None)


def repository_of(task: Task, repositories: Path) -> Path | None:
    """The git directory of a task's original, None where there is none."""
    place = repositories / task.repository.replace("/", "+")
    return next((folder for folder in (place / "repo", place / ".git", place) if (folder / "HEAD").is_file()), None)


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
REBUILT = Path(__file__).resolve().parent.parent / "evaluation" / "rebuilt"


@click.command()
@click.argument("texts", type=FOLDER)
@click.argument("repositories", type=FOLDER)
@click.option("--rebuilt", type=FOLDER, default=REBUILT, help="The tasks.")
@click.option("--task", "names", multiple=True, help="Only these.")
def main(texts: Path, repositories: Path, rebuilt: Path, names: tuple[str, ...]) -> None:
    """Measure what was written from memory, and say so in task.yaml."""
    for task in read_tasks(rebuilt):
        if not (texts / task.name).is_dir() or (names and task.name not in names):
            continue
        repository = repository_of(task, repositories)
        if repository is None:
            click.echo(f"{task.name}: {task.repository} is not in {repositories}", err=True)
            continue
        figures = figures_of(task, texts, repository)
        file = rebuilt / task.name / "task.yaml"
        facts = {**yaml.safe_load(file.read_text(encoding="utf-8")), "memory": figures}
        file.write_text(yaml.safe_dump(facts, sort_keys=False, allow_unicode=True, width=120), encoding="utf-8")
        click.echo(
            f"{task.name}: lines {figures['lines_share']} of {figures['lines']} in {figures['closest_release']}, "
            f"functions {figures['functions_share']} of {figures['functions']}, believed {figures['belief']}"
        )


if __name__ == "__main__":
    main()
