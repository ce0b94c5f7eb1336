"""What stands in an input for something that is elsewhere: pointers of Git LFS and git-annex, submodules.

Nobody can say that what they stand for was not copied, so they are listed with reasons of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from simdetect.model import SkipReason, nested
from simdetect.sources.entry import Entry

__all__ = ["GITMODULES", "absent_submodules", "is_unread_notebook", "pointer_detail"]

GITMODULES: Final = ".gitmodules"
_MOST_MODULES: Final = 1000
_MOST_POINTER_BYTES: Final = 1024
_LFS: Final = re.compile(
    rb"version https://(?:git-lfs|hawser)\.github\.com/spec/v\d+\r?\n(?:[a-z0-9.-]+ [^\n]{1,200}\n){0,20}?"
    rb"oid sha256:[0-9a-f]{64}\r?\n(?:[a-z0-9.-]+ [^\n]{1,200}\n){0,20}?size (\d{1,15})\s*"
)
_ANNEX: Final = re.compile(rb"(?:\.git|\.\./){0,20}/?annex/objects/[^\n]{1,500}\s*")
_PATH: Final = re.compile(rb"^[ \t]*path[ \t]*=[ \t]*\"?([^\"\r\n]{1,500}?)\"?[ \t]*$", re.MULTILINE)
_CODE_CELL: Final = re.compile(rb'"cell_type"\s{0,20}:\s{0,20}"code"')
_SOURCE: Final = re.compile(rb'"(?:source|input)"\s{0,20}:\s{0,20}(?:\[\s{0,200})?"[^"]')


def pointer_detail(data: bytes) -> str | None:
    """What a pointer of Git LFS or git-annex stands for, in words; None when the bytes are something else."""
    if len(data) > _MOST_POINTER_BYTES:
        return None
    if found := _LFS.fullmatch(data):
        return f"Git LFS holds its {int(found[1])} bytes elsewhere"
    return "git-annex holds it elsewhere" if _ANNEX.fullmatch(data) else None


def is_unread_notebook(path: str, content: bytes) -> bool:
    """Whether a file is a notebook with cells of code that is damaged: what was read of it may not be all."""
    if not (path.lower().endswith(".ipynb") and _CODE_CELL.search(content) and _SOURCE.search(content)):
        return False
    try:
        nested.loads(content)
    except (ValueError, RecursionError):
        return True
    return False


def absent_submodules(modules: Sequence[tuple[str, bytes]], found: Iterable[str]) -> Iterator[Entry]:
    """An entry for each submodule that is named and has nothing in it.

    modules: path and content of each `.gitmodules`. found: paths of all that was found, but for version control.
    """
    named = dict.fromkeys(path for file, content in modules for path in _paths(file, content))
    missing = set(list(named)[:_MOST_MODULES])
    for path in found:
        while path and missing:
            missing.discard(path)
            path = path.rpartition("/")[0]
    yield from (
        Entry(path, None, SkipReason.SUBMODULE, f"named by {GITMODULES}; nothing of it is here")
        for path in named
        if path in missing
    )


def _paths(file: str, content: bytes) -> Iterator[str]:
    folder = file.rpartition("/")[0]
    for found in _PATH.findall(content):
        parts = [part for part in found.decode("utf-8", "replace").split("/") if part not in ("", ".")]
        if parts and ".." not in parts and all(part.isprintable() for part in parts):
            yield "/".join(filter(None, [folder, *parts]))
