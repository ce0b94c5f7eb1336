"""What the authors of submissions were handed: documents of the originals, collected by path and digest.

    OUTPUT/<instance>/<path>              the documents, as `audit --given-dir OUTPUT` reads them
    OUTPUT/<instance>.documents.json      their paths and SHA-256, and where they are from

Nothing is run: a program's help text is taken from its files here; an audit takes it from recorded sessions too.
Collected is what is written for users: documents at the top and in folders of documentation, not those for developers,
whose code examples nobody was handed.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from simdetect.audit.folders import check_place
from simdetect.audit.originals import find_original
from simdetect.audit.tasks import read_task
from simdetect.errors import InputError
from simdetect.model import FileRole, Side, TextFile
from simdetect.options import ScanOptions
from simdetect.scanning.inputs import read_input
from simdetect.scanning.scanner import Progress
from simdetect.store import write_text
from simdetect.store.atomic import write_whole

__all__ = ["Handed", "collect", "is_for_users"]

_SCHEMA: Final = "simdetect.given/1"
_FOLDERS: Final = {
    "doc",
    "docs",
    "documentation",
    "manual",
    "manuals",
    "man",
    "guide",
    "guides",
    "book",
    "wiki",
    "help",
}
_MANUAL: Final = re.compile(r".*\.[1-8](?:\.(?:in|md|adoc|scd|ronn|txt))?|man[1-8]")
_FOR_DEVELOPERS: Final = re.compile(
    r"(?i)(?:change|news|history|release|author|contribut|maintain|credit|thank|todo|bugs|hacking|design|architect|internal"
    r"|develop|security|code.of.conduct|licen[cs]e|copying|copyright|notice|governance|roadmap|support|agents|claude).*"
)


@dataclass(frozen=True, slots=True)
class Handed:
    """What was collected for an instance. error: why nothing was."""

    instance: str
    n_documents: int = 0
    error: str | None = None


def is_for_users(path: str) -> bool:
    """Whether a document is one that comes with a program."""
    *folders, name = PurePosixPath(path).parts
    if any(_FOR_DEVELOPERS.fullmatch(part) for part in (*folders, name)):
        return False
    return not folders or bool({part.lower() for part in folders} & _FOLDERS) or bool(_MANUAL.fullmatch(name))


def collect(
    instances: Sequence[str],
    originals: Path,
    output: Path,
    *,
    tasks: Path | None = None,
    options: ScanOptions | None = None,
    progress: Progress | None = None,
) -> list[Handed]:
    """Collect the documents of each instance's original. Whatever goes wrong with one is its result."""
    results = []
    output.mkdir(parents=True, exist_ok=True)
    for instance in instances:
        try:
            results.append(_collect(instance, originals, output, tasks, options or ScanOptions()))
        except InputError as error:
            results.append(Handed(instance, error=str(error)))
        if progress is not None:
            progress("given", len(results), len(instances))
    return results


def _collect(instance: str, originals: Path, output: Path, tasks: Path | None, options: ScanOptions) -> Handed:
    original = find_original(originals, instance, read_task(tasks, instance))
    tree = read_input(original, Side.ORIGINAL, options)
    named = {file.path for file in tree.skipped if file.role is FileRole.DOCUMENTATION}
    documents = [file for file in tree.documents if file.path in named and is_for_users(file.path)]
    check_place(output, instance)
    folder = output / instance
    if folder.is_dir():
        shutil.rmtree(folder)
    for document in documents:
        _write(folder, document)
    listed: list[dict[str, Any]] = [{"path": file.path, "sha256": file.sha256} for file in documents]
    facts = {"schema": _SCHEMA, "instance": instance, "original": Path(original).name, "documents": listed}
    write_text(output / f"{instance}.documents.json", json.dumps(facts, indent=1) + "\n")
    return Handed(instance, len(documents))


def _write(folder: Path, document: TextFile) -> None:
    path = folder.joinpath(*PurePosixPath(document.path).parts)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{document.path} leads out of the folder for documents")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, lambda file: file.write(document.content))
