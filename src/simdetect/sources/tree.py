"""Entries -> `SourceTree`: exclusion, limits, what each file is, duplicates, digest.

Limits apply in the order of paths, so the result does not depend on how the input is stored. `max_files` and
`max_total_bytes` count every file that is read, whatever it turns out to be; once one is reached, all later files are
recorded as `limit`.

Documents are skipped like all that is not code, but some are kept as text: of the originals what their paths call
documentation, of all other inputs every text. At most _MAX_DOCUMENT_BYTES each and
_MAX_DOCUMENTS_BYTES an input.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final

from simdetect.languages.detect import detect_language
from simdetect.model import FileRole, Side, SkippedFile, SkipReason, SourceFile, SourceTree, TextFile
from simdetect.options import ScanOptions
from simdetect.sources.absent import GITMODULES, absent_submodules, is_unread_notebook, pointer_detail
from simdetect.sources.embedded.unfold import Document, Found, as_patch, unfold, unfold_document
from simdetect.sources.entry import Entry, TooLargeError
from simdetect.sources.patterns import compile_globs
from simdetect.sources.roles import role_of_code, role_of_other
from simdetect.sources.text import is_archive, to_utf8
from simdetect.sources.vendored import is_licence, mark_vendored

__all__ = ["assemble"]

# Which of several identical files is analysed: the one whose evidence counts most.
_PREFERENCE: Final = (
    FileRole.SOURCE,
    FileRole.TEST,
    FileRole.DOCUMENTATION,
    FileRole.GENERATED,
    FileRole.VENDORED,
    FileRole.DATA,
    FileRole.PATCH,
)

_MAX_DOCUMENT_BYTES: Final = 4 << 20
_MAX_DOCUMENTS_BYTES: Final = 32 << 20
_HANDED: Final = (Side.GIVEN, Side.BASE)


@dataclass(slots=True)
class _Budget:
    """What may still be read. It never refills: after the first file too many, all are."""

    n_files: int
    n_bytes: int
    n_code_bytes: int
    deadline: float | None

    @classmethod
    def of(cls, options: ScanOptions, deadline: float | None) -> _Budget:
        return cls(options.max_files, options.max_total_bytes, options.max_code_bytes, deadline)

    def spent(self, options: ScanOptions) -> str:
        """Which limit is reached, in words; "" when none is."""
        if self.n_files <= 0:
            return f"beyond {options.max_files} files (max_files)"
        if self.n_bytes < 0:
            return f"beyond {options.max_total_bytes} bytes (max_total_bytes)"
        if self.deadline is not None and time.monotonic() >= self.deadline:
            return f"not read within {options.limit_total_seconds:g} seconds (limit_total_seconds)"
        return ""

    def has_room_for_code(self, n_bytes: int) -> bool:
        """Whether code of that size may still be kept. Once some is not, no later code is."""
        self.n_code_bytes -= n_bytes
        return self.n_code_bytes >= 0

    def charge(self, n_bytes: int) -> None:
        self.n_files -= 1
        self.n_bytes -= n_bytes


def assemble(
    label: str, side: Side, entries: Iterable[Entry], options: ScanOptions, deadline: float | None = None
) -> SourceTree:
    """Read and judge every entry. entries: sorted by path. deadline: what comes later is not read."""
    files: list[SourceFile] = []
    skipped: list[SkippedFile] = []
    documents: list[TextFile] = []
    licences: list[TextFile] = []
    modules: list[tuple[str, bytes]] = []
    n_bytes_left = _MAX_DOCUMENTS_BYTES
    for item in _settle_all(entries, side, options, _Budget.of(options, deadline)):
        if isinstance(item, Document) and is_licence(item.text.path):
            licences.append(item.text)
        if isinstance(item, Document) and item.text.path.rpartition("/")[2] == GITMODULES:
            modules.append((item.text.path, item.text.content))
        if isinstance(item, SourceFile):
            files.append(item)
        elif isinstance(item, SkippedFile):
            skipped.append(item)
        elif not _is_wanted(item.skipped, side):
            skipped.append(item.skipped)
        elif len(item.text.content) > min(n_bytes_left, _MAX_DOCUMENT_BYTES):
            detail = "too large to be compared as text" if side in _HANDED else ""
            skipped.append(replace(item.skipped, detail=detail))
        else:
            skipped.append(item.skipped)
            documents.append(item.text)
            n_bytes_left -= len(item.text.content)
    skipped += _absent(modules, files, skipped, options)
    # What the candidate says of its own files excludes nothing, so it is not asked.
    kept, duplicates = _without_duplicates(mark_vendored(files, licences) if side is Side.ORIGINAL else files)
    kept.sort(key=attrgetter("path"))
    skipped = sorted([*skipped, *duplicates], key=lambda item: (item.path, item.reason, item.detail))
    return SourceTree(label, side, tuple(kept), tuple(skipped), _digest(kept, skipped), tuple(documents))


def _absent(
    modules: Sequence[tuple[str, bytes]],
    files: Sequence[SourceFile],
    skipped: Sequence[SkippedFile],
    options: ScanOptions,
) -> list[SkippedFile]:
    """Submodules that are named and are not there."""
    if not modules:
        return []
    is_excluded = compile_globs(options.exclude)
    paths = [file.path for file in files]
    paths += [file.path for file in skipped if file.reason is not SkipReason.VERSION_CONTROL]
    return [_skip(entry) for entry in absent_submodules(modules, paths) if not is_excluded(entry.path)]


def _is_wanted(file: SkippedFile, side: Side) -> bool:
    """Whether the text of a document is kept."""
    return side is not Side.ORIGINAL or file.role is FileRole.DOCUMENTATION


def _settle_all(entries: Iterable[Entry], side: Side, options: ScanOptions, budget: _Budget) -> Iterator[Found]:
    is_excluded = compile_globs(options.exclude)
    for entry in entries:
        if entry.reason is not SkipReason.VERSION_CONTROL and is_excluded(entry.path):
            yield _skip(Entry(entry.path, None, SkipReason.EXCLUDED, "matches an exclude pattern"))
        elif entry.read is None and entry.sha256 is None:
            yield _skip(entry)
        else:
            for item in _unfolded(_settle(entry, options, budget), side):
                yield _within(item, options, budget)


def _settle(entry: Entry, options: ScanOptions, budget: _Budget) -> Found:
    """Judge an entry that has bytes."""
    if over := budget.spent(options):
        return _skip(_limit(entry, over))
    try:
        data = entry.read(options.max_file_bytes) if entry.read else None
    except TooLargeError as error:
        detail = f"over {options.max_file_bytes} bytes"
        return _skip(Entry(entry.path, None, SkipReason.TOO_LARGE, detail, n_bytes=error.n_bytes))
    except OSError as error:
        return _skip(Entry(entry.path, None, SkipReason.UNREADABLE, error.strerror or str(error)))
    budget.charge((entry.n_bytes or 0) if data is None else len(data))
    if budget.n_bytes < 0:
        return _skip(_limit(entry, budget.spent(options)))
    return _skip(entry) if data is None else _judge(entry.path, data, options.encoding)


def _within(item: Found, options: ScanOptions, budget: _Budget) -> Found:
    """The same, unless it is code beyond what may be kept."""
    if not isinstance(item, SourceFile) or budget.has_room_for_code(len(item.content)):
        return item
    detail = f"beyond {options.max_code_bytes} bytes of code (max_code_bytes)"
    return _skip(Entry(item.path, None, SkipReason.LIMIT, detail, len(item.content), item.sha256))


def _unfolded(item: Found, side: Side) -> Iterator[Found]:
    """What was found, and code of other languages in it as files of their own. What a patch adds is asked of candidates
    only: in an original patches are of other programs."""
    if isinstance(item, SkippedFile):
        yield item
    elif side is Side.CANDIDATE and (patch := as_patch(item)) is not None:
        yield from patch
    elif isinstance(item, SourceFile):
        yield from unfold(item)
    else:
        yield from unfold_document(item)
        if is_unread_notebook(item.text.path, item.text.content):
            detail = "a damaged notebook: cells may be missing"
            yield replace(item.skipped, path=f"{item.text.path}!damaged", reason=SkipReason.UNREADABLE, detail=detail)


def _limit(entry: Entry, over: str) -> Entry:
    return Entry(entry.path, None, SkipReason.LIMIT, over, entry.n_bytes)


def _judge(path: str, data: bytes, encoding: str | None) -> Found:
    """Decide by the bytes whether a file is code, and what kind."""
    sha256 = hashlib.sha256(data).hexdigest()

    def skip(reason: SkipReason, detail: str = "") -> SkippedFile:
        return _skip(Entry(path, None, reason, detail, len(data), sha256))

    if not data.strip():
        return skip(SkipReason.EMPTY)
    if is_archive(data):
        return skip(SkipReason.ARCHIVE, "archives inside an input are not opened")
    if elsewhere := pointer_detail(data):
        return skip(SkipReason.LFS_POINTER, elsewhere)
    decoded = to_utf8(data, encoding)
    if decoded is None:
        return skip(SkipReason.BINARY)
    content, encoding = decoded
    if not content.strip():
        return skip(SkipReason.EMPTY)
    language = detect_language(path, content)
    if language is None:
        return Document(skip(SkipReason.NOT_CODE), TextFile(path, content, sha256))
    return SourceFile(path, language, content, sha256, role_of_code(path, content, language), encoding)


def _skip(entry: Entry) -> SkippedFile:
    assert entry.reason is not None
    role = role_of_other(entry.path)
    return SkippedFile(entry.path, entry.reason, entry.detail, role, entry.n_bytes, entry.sha256)


def _without_duplicates(files: list[SourceFile]) -> tuple[list[SourceFile], list[SkippedFile]]:
    """One file of each content, and the records of the others."""
    best_first = sorted(files, key=lambda file: (_PREFERENCE.index(file.role), len(file.path), file.path))
    kept: dict[str, SourceFile] = {}
    duplicates = []
    for file in best_first:
        first = kept.setdefault(file.sha256, file)
        if first is not file:
            duplicates.append(_duplicate(file, first.path))
    return list(kept.values()), duplicates


def _duplicate(file: SourceFile, kept_path: str) -> SkippedFile:
    entry = Entry(file.path, None, SkipReason.DUPLICATE_OF, kept_path, len(file.content), file.sha256)
    return replace(_skip(entry), role=file.role)


def _digest(files: Iterable[SourceFile], skipped: Iterable[SkippedFile]) -> str:
    """sha256 over path, reason ("" when analysed) and the file's own sha256 ("" when not read), sorted.

    Independent of where the tree lies, of times, owners and modes, and of whether it is a folder, an archive or a
    revision.
    """
    rows = [(file.path, "", file.sha256) for file in files]
    rows += [(item.path, item.reason.value, item.sha256 or "") for item in skipped]
    digest = hashlib.sha256()
    for row in sorted(rows):
        digest.update("\0".join(row).encode() + b"\n")
    return digest.hexdigest()
