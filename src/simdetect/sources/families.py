"""Which originals are revisions of one program: those that come from one folder of one git repository."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

__all__ = ["family_of"]

_MOST_BYTES: Final = 4096  # of a file that names a folder
_POINTER: Final = "gitdir:"


def family_of(location: str) -> str:
    """16 hex digits that revisions of one program have in common, "" for what comes from no repository.

    A work tree, the bare repository and every `path@rev` of both are one family. `rev:folder` is a program of its own:
    a repository may hold several.
    """
    folder, inside = _folder_of(location)
    repository = None if folder is None else _repository_of(folder)
    if repository is None:
        return ""
    key = f"{os.fspath(repository)}\0{inside}"
    return hashlib.blake2b(key.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def _folder_of(location: str) -> tuple[Path | None, str]:
    """Where a location lies, and the folder of a revision that it names, "" for all of it."""
    if os.path.lexists(location):
        return Path(location), ""
    from simdetect.sources.revision import split_revision  # loads dulwich

    found = split_revision(location)
    return (None, "") if found is None else (found[0], found[1].partition(":")[2].strip("/"))


def _repository_of(folder: Path) -> Path | None:
    """Where the objects of a repository lie; work trees of one repository share them."""
    inner = folder / ".git"
    if inner.is_file():
        named = _line_of(inner)
        place = folder / named.removeprefix(_POINTER).strip()
        return (place / _line_of(place / "commondir")).resolve() if named.startswith(_POINTER) else None
    if inner.is_dir():
        return inner.resolve()
    is_bare = (folder / "HEAD").is_file() and (folder / "objects").is_dir()
    return folder.resolve() if is_bare else None


def _line_of(file: Path) -> str:
    """The one line of a small file, "" when there is none."""
    try:
        with file.open("rb") as opened:
            return os.fsdecode(opened.read(_MOST_BYTES)).strip().replace("\0", "")
    except OSError:
        return ""
