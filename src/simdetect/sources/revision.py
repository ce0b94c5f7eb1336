"""A git revision -> entries, read from the object store with dulwich: no checkout, no hooks, no filters, no programs.

`path@rev`: path is a work tree or a bare repository; rev is what git calls a tree-ish: a branch, a tag (annotated or
not), a commit id (abbreviated from 4 digits), HEAD~2, main:src. The "@" is the last one whose left side is a folder,
so both `a@b/repo@main` and `repo@HEAD@{1}` mean what they say. Blobs come as they are stored: line ends are not
converted and Git LFS pointers stay pointers. Submodules are recorded, not fetched.

On forged or damaged objects dulwich raises whatever the parsing runs into (format, checksum and delta errors without a
common base, and plain ones like IndexError), hence `except Exception` around every call that parses an object.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tag, Tree
from dulwich.objectspec import parse_commit, parse_object
from dulwich.repo import Repo

from simdetect.errors import InputError
from simdetect.model import SkipReason
from simdetect.sources.entry import (
    ONLY_CODE,
    UNLISTED_SLACK,
    VERSION_CONTROL_NAMES,
    Entry,
    TooLargeError,
    escape_path,
    has_name_of_code,
)

__all__ = ["revision_entries", "split_revision"]

_GITLINK: Final = 0o160000
_MAX_TAG_DEPTH: Final = 16
_MAX_TREE_DEPTH: Final = 4096
_MIN_OBJECT_BYTES: Final = 64 << 20  # folders and commits are objects too and must fit


def split_revision(location: str) -> tuple[Path, str] | None:
    """Folder and revision of `path@rev`; None when it is not one."""
    at = location.rfind("@")
    while at > 0:
        if Path(location[:at]).is_dir() and location[at + 1 :]:
            return Path(location[:at]), location[at + 1 :]
        at = location.rfind("@", 0, at)
    return None


def revision_entries(folder: Path, revision: str, max_files: int, max_file_bytes: int) -> Iterator[Entry]:
    """Everything in a revision, sorted by path. Raises InputError when there is no such repository or revision."""
    try:
        repository = Repo(os.fspath(folder))
    except Exception as error:
        raise InputError(f"{folder} is not a git repository (needed for revision {revision!r})") from error
    with closing(repository):
        # Loose objects are refused beyond this size while they inflate; the repository's own setting may be hostile.
        repository.object_store.loose_object_size_limit = max(max_file_bytes, _MIN_OBJECT_BYTES)
        tree = _tree_of(repository, folder, revision)
        yield from sorted(_walk(repository, tree, max_files + UNLISTED_SLACK), key=lambda entry: entry.path)


def _tree_of(repository: Repo, folder: Path, revision: str) -> Tree:
    try:
        found = _lookup(repository, revision)
        for _ in range(_MAX_TAG_DEPTH):
            if isinstance(found, Tree):
                return found
            if isinstance(found, Commit):
                found = repository[found.tree]
            elif isinstance(found, Tag):
                found = repository[found.object[1]]
    except Exception as error:
        raise InputError(f"{folder} has no readable revision {revision!r}") from error
    raise InputError(f"revision {revision!r} of {folder} is not a commit, tag or folder")


def _lookup(repository: Repo, revision: str) -> ShaFile:
    try:
        return parse_commit(repository, os.fsencode(revision))
    except Exception:
        if revision.startswith(":"):  # the index is not a revision
            raise
        return parse_object(repository, os.fsencode(revision))


def _walk(repository: Repo, root: Tree, max_entries: int) -> Iterator[Entry]:
    pending: list[tuple[bytes, ObjectID | None, int, bool]] = [(b"", None, 0, False)]
    n_entries = 0
    while pending:
        folder, sha, depth, is_inside = pending.pop()
        try:
            tree = root if sha is None else repository[sha]
            items = list(tree.iteritems()) if isinstance(tree, Tree) and depth < _MAX_TREE_DEPTH else None
        except Exception:
            items = None
        if items is None:
            yield _skipped(folder, SkipReason.UNREADABLE, "folder object is missing, damaged or too deep")
            continue
        for name, mode, item in items:
            path = folder + b"/" + name if folder else name
            is_version_control = os.fsdecode(name) in VERSION_CONTROL_NAMES
            if stat.S_ISDIR(mode) and not _is_no_name(name):
                pending.append((path, item, depth + 1, is_inside or is_version_control))
                if not is_version_control:
                    continue
            entry = _entry(repository, path, name, mode, item)
            if is_inside and (entry.read is None or not has_name_of_code(entry.path)):
                continue
            if n_entries >= max_entries:
                yield _skipped(b".", SkipReason.LIMIT, f"more than {max_entries} files: the rest is not listed")
                return
            n_entries += 1
            yield entry


def _entry(repository: Repo, path: bytes, name: bytes, mode: int, sha: ObjectID) -> Entry:
    if _is_no_name(name):  # git never writes these; a forged tree may
        return _skipped(path, SkipReason.UNSAFE_PATH, "not a file name")
    if stat.S_ISLNK(mode):
        return _skipped(path, SkipReason.SYMLINK, "links are not followed")
    if os.fsdecode(name) in VERSION_CONTROL_NAMES:
        return _skipped(path, SkipReason.VERSION_CONTROL, ONLY_CODE)
    if mode & 0o170000 == _GITLINK:
        return _skipped(
            path, SkipReason.SUBMODULE, f"at {sha.decode('ascii', 'replace')}, which is not in this repository"
        )
    if not stat.S_ISREG(mode):
        return _skipped(path, SkipReason.SPECIAL_FILE, f"mode {mode:o}")
    return Entry(escape_path(os.fsdecode(path)), lambda limit: _read(repository, sha, limit))


def _is_no_name(name: bytes) -> bool:
    return name in (b".", b"..", b"") or b"/" in name


def _read(repository: Repo, sha: ObjectID, limit: int) -> bytes:
    """The bytes of a blob. Raises OSError when the object is missing or damaged."""
    try:
        blob = repository[sha]
    except Exception as error:
        raise OSError("object is missing or damaged") from error
    if not isinstance(blob, Blob):
        raise OSError("object is not a file")
    data: bytes = blob.data
    if len(data) > limit:
        raise TooLargeError(len(data))
    return data


def _skipped(path: bytes, reason: SkipReason, detail: str) -> Entry:
    return Entry(escape_path(os.fsdecode(path)), None, reason, detail)
