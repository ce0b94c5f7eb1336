"""Files in batches for workers: which together, in which order, and what becomes of a batch that failed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from simdetect.model import SourceFile
from simdetect.options import ScanOptions
from simdetect.running import Failure

__all__ = ["LEXICAL_PATIENCE", "Batches", "again", "plan"]

Batches = Sequence[tuple[tuple[SourceFile, ...], str | None]]  # files of one language, why they must not be parsed

LEXICAL_PATIENCE = 4  # lexing is linear, 0.4 s a megabyte: what it needs beyond a limit of seconds is a busy machine
_BATCH_BYTES = 384 << 10  # enough for numpy to be cheap, little enough to stay in cache and to spread over workers
_BATCH_FILES = 2048  # of a few bytes each: what follows the parses takes 0.1 ms a file, within the time of one
_PIECES = 16  # of a batch that is late: file by file, 25,000 tiny files would be as many tasks


def again(files: tuple[SourceFile, ...], lexical: str | None, failure: Failure) -> Batches:
    """A batch that failed in smaller pieces. A file that was late by itself is not parsed again."""
    first, end = failure.part or (0, len(files))
    late, rest = files[first:end], files[:first] + files[end:]
    if len(late) == 1 and lexical is None:
        lexical_late = f"{failure.reason}: parse {failure.detail}"
        pieces: list[tuple[tuple[SourceFile, ...], str | None]] = [(late, lexical_late)]
    else:
        step = -(-len(late) // _PIECES)
        pieces = [(late[at : at + step], lexical) for at in range(0, len(late), step)]
    return [*pieces, (rest, lexical)] if rest else pieces


def plan(files: Sequence[SourceFile], options: ScanOptions) -> Batches:
    """Batches of one language each, the largest first, with why a batch must not be parsed (or None). Large files are
    what takes long: begun last, they would keep one worker busy while the others have nothing left to do."""
    batches: list[tuple[tuple[SourceFile, ...], str | None]] = []
    ordered = sorted(files, key=lambda file: (file.language, file.path))
    for _, group in groupby(ordered, key=lambda file: file.language):
        batch: list[SourceFile] = []
        n_bytes = 0
        for file in group:
            if len(file.content) > options.max_parse_bytes:
                batches.append(((file,), f"size: over {options.max_parse_bytes} bytes"))
                continue
            if batch and (n_bytes + len(file.content) > _BATCH_BYTES or len(batch) == _BATCH_FILES):
                batches.append((tuple(batch), None))
                batch, n_bytes = [], 0
            batch.append(file)
            n_bytes += len(file.content)
        if batch:
            batches.append((tuple(batch), None))
    return sorted(batches, key=lambda item: -sum(len(file.content) for file in item[0]))
