"""A file -> what is left of it, and the files in it: `compile.sh` -> `compile.sh`, `compile.sh!src/x.go`.

Files in files in files are read to a depth of three. The holding file keeps its bytes' digest, a file in it has that of
what would be written, so that the same code on the disk and in a script is one duplicate of the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from simdetect.languages import spec_of
from simdetect.model import HELD_IN, INVISIBLE, FileRole, SkippedFile, SkipReason, SourceFile, TextFile
from simdetect.sources.embedded.notebook import unfold_notebook
from simdetect.sources.embedded.pages import unfold_page
from simdetect.sources.embedded.part import Lost, Part, Unfolded
from simdetect.sources.embedded.patches import is_patch, unfold_patch
from simdetect.sources.embedded.shell import unfold_shell
from simdetect.sources.entry import escape_path
from simdetect.sources.roles import role_of_code

__all__ = ["Document", "Found", "as_patch", "unfold", "unfold_document"]

_MOST_DEEP: Final = 3
_MARKUP: Final = "markup"
_NOTEBOOK: Final = ".ipynb"

_Reader = Callable[[str, bytes], Unfolded | None]
_READERS: Final[dict[str, _Reader]] = {
    "heredocs": lambda _, content: unfold_shell(content),
    "recipes": lambda _, content: unfold_shell(content, is_makefile=True),
    "scripts": lambda path, content: unfold_page(path, content, rest_name="", is_document=False),
    "components": lambda path, content: unfold_page(path, content, rest_name=_MARKUP, is_document=False),
    "pages": lambda path, content: unfold_page(path, content, rest_name=_MARKUP, is_document=True),
}
# Names of pages and of templates that are no code.
_PAGES: Final = (
    *(".html", ".htm", ".xhtml", ".shtml", ".gohtml", ".j2", ".jinja", ".jinja2", ".tpl", ".tmpl"),
    *(".mako", ".eex", ".leex", ".heex", ".gsp", ".rhtml", ".jspf", ".ascx"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """A text that is not code: how it is recorded, and what it says."""

    skipped: SkippedFile
    text: TextFile


Found = SourceFile | SkippedFile | Document


def unfold(file: SourceFile, depth: int = 0) -> Iterator[Found]:
    """A file without the files in it, and these. Most files hold none and come back as they are."""
    reader = _READERS.get(spec_of(file.language).holds)
    found = reader(file.path, file.content) if reader is not None and depth < _MOST_DEEP else None
    if found is None:
        yield file
        return
    yield from _rest(file, found)
    yield from _held(file, found, depth)


def unfold_document(document: Document) -> Iterator[Found]:
    """The same of a text that is no code."""
    text = document.text
    name = text.path.lower()
    if name.endswith(_NOTEBOOK):
        found = unfold_notebook(text.content)
    else:
        found = _READERS["pages"](text.path, text.content) if name.endswith(_PAGES) else None
    if found is None:
        yield document
        return
    skipped = document.skipped
    if not any(part.name == "" for part in found.parts):
        yield document
    elif found.rest_name:
        yield replace(document, skipped=replace(skipped, path=f"{text.path}{HELD_IN}{found.rest_name}"))
    yield from _held(SourceFile(text.path, "", text.content, text.sha256, skipped.role), found, 0)


def as_patch(item: SourceFile | Document) -> list[Found] | None:
    """A patch as a document, and what it adds; None of what is no patch, or adds no code."""
    path, content = (item.path, item.content) if isinstance(item, SourceFile) else (item.text.path, item.text.content)
    found = unfold_patch(path, content) if is_patch(path, content) else None
    if found is None:
        return None
    sha256 = item.sha256 if isinstance(item, SourceFile) else item.text.sha256
    skipped = SkippedFile(path, SkipReason.NOT_CODE, "", FileRole.PATCH, len(content), sha256)
    held = _held(SourceFile(path, "", content, sha256, FileRole.PATCH), found, _MOST_DEEP)
    parts = (replace(part, role=FileRole.PATCH) if isinstance(part, SourceFile) else part for part in held)
    return [Document(skipped, TextFile(path, content, sha256)), *parts]


def _rest(file: SourceFile, found: Unfolded) -> Iterator[Found]:
    """What is left of the holding file: it has another text than its bytes say."""
    path = f"{file.path}{HELD_IN}{found.rest_name}" if found.rest_name else file.path
    if found.is_document:
        skipped = SkippedFile(path, SkipReason.NOT_CODE, "", file.role, len(file.content), file.sha256)
        yield Document(skipped, TextFile(file.path, file.content, file.sha256))
    elif found.rest.strip():
        rest = replace(file, path=path, content=found.rest, encoding=_encoding(file, "rest", found.rest))
        digest = hashlib.sha256(found.rest).hexdigest()
        yield replace(rest, sha256=digest, holder=_holder(file)) if found.rest_name else rest


def _held(file: SourceFile, found: Unfolded, depth: int) -> Iterator[Found]:
    names: set[str] = set()
    for part in found.parts:
        if part.name:
            yield from unfold(_file(file, part, _path(file, part.name, names)), depth + 1)
        else:
            # The same script in a thousand pages is one file, unless the page itself is compared.
            digest = hashlib.sha256(part.body).hexdigest() if found.is_document else file.sha256
            yield replace(_file(file, part, file.path), sha256=digest, holder=file.holder)
    for lost in found.lost:
        yield _lost(file, lost, _path(file, lost.name or "more", names))


def _holder(file: SourceFile) -> str:
    """The file on the disk."""
    return file.holder or file.path


def _encoding(file: SourceFile, what: str, content: bytes) -> str:
    """Says which text it is: the key of the cache has the digest of the bytes, which stand on other lines elsewhere."""
    text = hashlib.sha256(content).hexdigest()[:16]
    return f"{what} {text}" + (INVISIBLE if file.encoding.endswith(INVISIBLE) else "")


def _file(holder: SourceFile, part: Part, path: str) -> SourceFile:
    return SourceFile(
        path=path,
        language=part.language,
        content=part.content,
        sha256=hashlib.sha256(part.body).hexdigest(),
        role=_role(holder, path, part),
        encoding=_encoding(holder, "part", part.content),
        holder=_holder(holder),
        places=part.places,
    )


def _role(holder: SourceFile, path: str, part: Part) -> FileRole:
    """What a generated script writes is generated; else by the path, the holding file a folder of it."""
    if holder.role is FileRole.GENERATED and part.name:
        return holder.role
    return role_of_code(path.replace(HELD_IN, "/"), part.body, part.language)


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
