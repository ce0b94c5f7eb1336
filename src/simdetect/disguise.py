"""What makes code look like something else, said in the report's warnings: the reader must know where to look.

- Words that mix Latin letters with look-alikes of other scripts. Structure is compared without names, so such code is
  still found, but as renamed.
- Characters that nobody sees between those that count. `sources` drops them before anything is compared.
- Code inside a string or a heredoc. It is compared as one token: what it says is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from simdetect.languages.hidden import hidden_language
from simdetect.model import INVISIBLE, AnalysedFile, SourceFile

__all__ = ["disguises"]

_LEAST_BYTES: Final = 800  # of a string that is looked at: some 25 lines
# Cyrillic, and the Greek letters that look Latin. The others (Δt, μs, λ) are ordinary in code.
_FOREIGN: Final = (
    "\u0400-\u052f\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf"
)
_MIXED: Final = re.compile(f"[A-Za-z][{_FOREIGN}]|[{_FOREIGN}][A-Za-z]")


def disguises(sources: Sequence[SourceFile], files: Sequence[AnalysedFile]) -> Iterator[str]:
    """Warnings about files of the candidate. sources, files: the same files in the same order."""
    yield from _warning(
        "hold words that mix Latin letters with look-alikes of other scripts; names in them match nothing",
        [source.path for source in sources if _is_mixed(source.content)],
    )
    yield from _warning(
        "hold invisible characters inside words or between lines; they were dropped before comparing",
        [source.path for source in sources if source.encoding.endswith(INVISIBLE)],
    )
    yield from _warning(
        "hold code inside a string; it was not compared as code",
        [file.path for source, file in zip(sources, files, strict=True) if _has_code_in_string(source.content, file)],
    )


def _warning(what: str, paths: Sequence[str]) -> Iterator[str]:
    if paths:
        more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
        yield f"{len(paths)} candidate file(s) {what}: {', '.join(paths[:3])}{more}"


def _is_mixed(content: bytes) -> bool:
    return not content.isascii() and _MIXED.search(content.decode("utf-8", "replace")) is not None


def _has_code_in_string(content: bytes, file: AnalysedFile) -> bool:
    tokens = file.tokens
    long = np.flatnonzero(tokens.end - tokens.start >= _LEAST_BYTES)
    texts = (content[tokens.start[index] : tokens.end[index]] for index in long[:100].tolist())
    return any(hidden_language(text, is_strict=False) for text in texts)
