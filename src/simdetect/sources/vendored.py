"""Third-party code by what licences say, where no folder is called `vendor`.

Two signs count, both against the licence of the tree itself, the one nearest to its root:

- a folder below with a licence of its own, whose copyright holders are all others: a bundled library. Others who own
  several folders are taken for authors of the project;
- a file whose name is that of a library which is handed around as one file (`jquery.js`), and whose first lines name
  copyright holders who are all others; or one in the public domain (`sqlite3.c`, `stb_image.h`). Not at the root: there
  the library itself would be.

A copyright line in any other file is no sign: in long-lived projects every author has some.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from simdetect.model import FileRole, SourceFile, TextFile

__all__ = ["holders", "is_licence", "mark_vendored"]

_LICENCE_NAME: Final = re.compile(r"(?i)(un)?licen[cs]e([-_.].*)?|copying([-_.].*)?|copyright([-_.].*)?")
_TEMPLATE_NAME: Final = re.compile(r"(?i)header|template")  # what build tools put before files
# With a sign or a year: licences speak of "the copyright notice" too.
_COPYRIGHT: Final = re.compile(
    rb"(?i)copyright\s*(?:(?:\(c\)|\xc2\xa9|&copy;)|(?=[^\n]{0,30}[12][0-9]{3}))([^\n]{0,200})"
)
_WORD: Final = re.compile(rb"[a-z\x80-\xff]{3,}")
# Words of copyright lines, and of licence texts themselves, that name nobody.
_NOBODY: Final = frozenset(
    b"all and any are author authors by code contributors copyright corporation corp covered each file for free "
    b"foundation from group held holder holders https http www com org net github git inc its law laws llc ltd "
    b"license licence licenses name notice notices not original owner owners permission permitted present project "
    b"reserved rights software such team that the their this under which with without work yyyy year years you "
    b"your".split()
)
# Libraries that travel as single files.
_SINGLE_FILES: Final = re.compile(
    r"sqlite3(ext)?\.[ch]|stb_\w+\.h|miniz\w*\.[ch]|linenoise\.[ch]|xxhash\.[ch]|uthash\.h|ut(list|array|string)\.h"
    r"|khash\.h|kvec\.h|jsmn\.h|tinyxml2\.(cpp|h)|pugi(xml|config)\.(cpp|hpp)|(pico)?http_?parser\.[ch]|utf8proc\w*\.[ch]"
    r"|catch(_amalgamated)?\.[hc]pp|doctest\.h|greatest\.h|cJSON(_Utils)?\.[ch]|parson\.[ch]|inih?\.[ch]"
    r"|jquery([-.]\d[\d.]*)?(\.slim)?(\.min)?\.js|lodash(\.core)?(\.min)?\.js|underscore(-umd)?(\.min)?\.js"
)
_PUBLIC_DOMAIN: Final = re.compile(r"sqlite3(ext)?\.[ch]|stb_\w+\.h")
_HEAD_BYTES: Final = 4096
_SEVERAL: Final = 3  # folders


def is_licence(path: str) -> bool:
    """Whether a file is a licence by its name."""
    name = path.rsplit("/", 1)[-1]
    return _LICENCE_NAME.fullmatch(name) is not None and _TEMPLATE_NAME.search(name) is None


def holders(text: bytes) -> frozenset[bytes]:
    """Words, in lower case, that name copyright holders in a text."""
    return frozenset(_words(text)) - _NOBODY


def _words(text: bytes) -> Iterator[bytes]:
    for line in _COPYRIGHT.findall(text):
        yield from _WORD.findall(line.lower())


def mark_vendored(files: Iterable[SourceFile], licences: Sequence[TextFile]) -> list[SourceFile]:
    """The files, third-party ones with the role of vendored code. licences: every licence file of the tree."""
    if not licences:
        return list(files)
    folders = [_folder(licence.path) for licence in licences]
    root = min(folders, key=lambda folder: (folder.count("/"), len(folder), folder))
    own = frozenset().union(*(holders(licence.content) for licence in licences if _folder(licence.path) == root))
    if not own:
        return list(files)
    bundled = tuple(sorted(_bundled(licences, root, own)))
    return [_marked(file, root, own, bundled) for file in files]


def _folder(path: str) -> str:
    """The folder of a file with a slash at its end, "" for the root."""
    return path[: path.rfind("/") + 1]


def _bundled(licences: Sequence[TextFile], root: str, own: frozenset[bytes]) -> Iterator[str]:
    """Folders below the root that hold a licence of others."""
    by_folder: dict[str, set[bytes]] = {}
    for licence in licences:
        if _folder(licence.path) != root:
            by_folder.setdefault(_folder(licence.path), set()).update(holders(licence.content))
    owned = Counter(name for names in by_folder.values() for name in names)
    authors = own | {name for name, n in owned.items() if n >= _SEVERAL}
    yield from (folder for folder, theirs in by_folder.items() if theirs and not theirs & authors)


def _marked(file: SourceFile, root: str, own: frozenset[bytes], bundled: tuple[str, ...]) -> SourceFile:
    folder, name = _folder(file.path), file.path.rsplit("/", 1)[-1]
    is_single = folder != root and _SINGLE_FILES.fullmatch(name) is not None and _is_of_others(file, name, own)
    if is_single or (bundled and file.path.startswith(bundled)):
        return replace(file, role=FileRole.VENDORED)
    return file


def _is_of_others(file: SourceFile, name: str, own: frozenset[bytes]) -> bool:
    """Whether the head of a file names copyright holders, all of them others, or nobody because it is everybody's."""
    theirs = holders(file.content[:_HEAD_BYTES])
    return not theirs & own if theirs else _PUBLIC_DOMAIN.fullmatch(name) is not None
