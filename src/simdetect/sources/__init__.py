"""Where code comes from: a folder, a file, an archive or a git revision -> `SourceTree`.

Nothing is written, nothing is executed, and no symlink below the root is followed. Everything that is found is in
`files` or, with a reason, in `skipped`; only an input that cannot be read at all raises.

    entry      what readers yield, path escaping        folder, archive (tar, zip, streams), revision: the readers
    text       text or binary; encodings names what is not UTF-8
    roles, patterns: judgements by path                 families: which originals are revisions of one program
    tree       entries -> SourceTree: limits, duplicates, digest
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from simdetect.errors import InputError
from simdetect.model import Side, SourceTree
from simdetect.options import ScanOptions
from simdetect.sources.archive import archive_entries, looks_like_archive
from simdetect.sources.entry import Entry, escape_path
from simdetect.sources.families import family_of
from simdetect.sources.folder import folder_entries, single_file_entry
from simdetect.sources.text import BUNDLES
from simdetect.sources.tree import assemble

__all__ = ["read_tree"]


def read_tree(
    location: str | os.PathLike[str], side: Side, options: ScanOptions, deadline: float | None = None
) -> SourceTree:
    """Read everything at a location.

    Args:
        location: a folder, a file, a .tar[.gz|.bz2|.xz|.zst] or .zip archive, or a git revision `path@rev`. A path that
            exists wins over a revision. A location that is a symlink is followed.
        side: where the tree stands in the comparison.
        options: exclude and everything called max_ but max_parse_bytes and max_cache_bytes apply.
        deadline: on the clock of `time.monotonic`; files that are not read by then are skipped. None for no deadline.

    Returns:
        The tree; files and skipped sorted by path, every path root-relative, printable and valid text.

    Raises:
        InputError: the location does not exist, is neither file nor folder, or cannot be read at all.
    """
    name = os.fspath(location)
    if "\0" in name or not name:
        raise InputError(f"not a path: {name!r}")
    tree = assemble(escape_path(_label(name)), side, _entries(name, options), options, deadline)
    return replace(tree, family=family_of(name)) if side is Side.ORIGINAL else tree


def _label(name: str) -> str:
    """The location as given; of "." and "..", which name nothing, the folder they stand for."""
    return name if Path(name).name not in ("", "..") else str(Path(name).resolve())


def _entries(name: str, options: ScanOptions) -> Iterable[Entry]:
    path = Path(name)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        from simdetect.sources.revision import revision_entries, split_revision  # loads dulwich

        found = None if os.path.lexists(name) else split_revision(name)
        if found is None:
            raise InputError(f"cannot read {name}: {error.strerror}") from error
        return revision_entries(*found, options.max_files, options.max_file_bytes)
    if stat.S_ISDIR(mode):
        _refuse_repository(path, name)
        return folder_entries(path, options.max_files, options.max_path_bytes)
    if not stat.S_ISREG(mode):
        raise InputError(f"cannot read {name}: neither a file nor a folder")
    return _file_entries(path, options)


def _refuse_repository(path: Path, name: str) -> None:
    """A repository without its files holds nothing to compare: its revisions do. Raises InputError."""
    if (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir():
        place = os.fspath(path.parent) if path.name == ".git" else name.rstrip("/")
        raise InputError(f"{name} is a git repository without files: write {place}@HEAD to compare those of a revision")


def _file_entries(path: Path, options: ScanOptions) -> list[Entry]:
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    if head.startswith(BUNDLES):
        raise InputError(f"{path} is a git bundle: clone it ('git clone {path} FOLDER') and compare FOLDER")
    return archive_entries(path, options) if looks_like_archive(path, head) else [single_file_entry(path)]
