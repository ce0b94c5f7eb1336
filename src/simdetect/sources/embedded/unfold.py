"""A file -> what is left of it, and the files in it: `compile.sh` -> `compile.sh`, `compile.sh!src/x.go`.

Files in files in files are read to a depth of three. The holding file keeps its bytes' digest, a file in it has that of
what would be written, so that the same code on the disk and in a script is one duplicate of the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from simdetect.languages import spec_of
from simdetect.model import HELD_IN, INVISIBLE, SkippedFile, SkipReason, SourceFile
from simdetect.sources.embedded.part import Lost, Part, Unfolded
from simdetect.sources.embedded.shell import unfold_shell
from simdetect.sources.entry import escape_path
from simdetect.sources.roles import role_of_code

__all__ = ["unfold"]

_MOST_DEEP: Final = 3

_READERS: Final[dict[str, Callable[[bytes], Unfolded | None]]] = {
    "heredocs": unfold_shell,
    "recipes": lambda content: unfold_shell(content, is_makefile=True),
}


def unfold(file: SourceFile, depth: int = 0) -> Iterator[SourceFile | SkippedFile]:
    """A file without the files in it, and these. Most files hold none and come back as they are."""
    reader = _READERS.get(spec_of(file.language).holds)
    found = reader(file.content) if reader is not None and depth < _MOST_DEEP else None
    if found is None:
        yield file
        return
    yield _rest(file, found.rest)
    names: set[str] = set()
    for part in found.parts:
        yield from unfold(_file(file, part, _path(file, part.name, names)), depth + 1)
    for lost in found.lost:
        yield _lost(file, lost, _path(file, lost.name or "more", names))


def _rest(file: SourceFile, content: bytes) -> SourceFile:
    """The holding file: with other text than its bytes say."""
    return replace(file, content=content, encoding=_encoding(file, "rest", content))


def _encoding(file: SourceFile, what: str, content: bytes) -> str:
    """Says which text it is: the key of the cache has the digest of the bytes, which stand on other lines elsewhere."""
    text = hashlib.sha256(content).hexdigest()[:16]
    return f"{what} {text}" + (INVISIBLE if file.encoding.endswith(INVISIBLE) else "")


def _file(holder: SourceFile, part: Part, path: str) -> SourceFile:
    assert part.language is not None
    return SourceFile(
        path=path,
        language=part.language,
        content=part.content,
        sha256=hashlib.sha256(part.body).hexdigest(),
        role=role_of_code(path.replace(HELD_IN, "/"), part.body, part.language),
        encoding=_encoding(holder, "part", part.content),
        holder=holder.holder or holder.path,
        places=part.places,
    )


def _lost(holder: SourceFile, lost: Lost, path: str) -> SkippedFile:
    return SkippedFile(path, SkipReason.TRANSFORMED, lost.why, holder.role, lost.n_bytes)


def _path(holder: SourceFile, name: str, taken: set[str]) -> str:
    """A path of its own below the holding file."""
    shown = escape_path(name.strip()) or "part"
    number = 1
    while (path := shown if number == 1 else f"{shown} ({number})") in taken:
        number += 1
    taken.add(path)
    return f"{holder.path}{HELD_IN}{path}"
