"""What the author was handed -> what agreement with the original proves nothing.

A *handout* is a file the author had: a document, help text, a specification, code to build on. Two things follow:

- *text*: a name, number or string literal of the candidate that a handout says has no bits of its own. A literal is
  said when most of its words stand in runs of three words (all its words, when fewer) that occur in one handout:
  white space, case, punctuation, escapes and placeholders do not matter, nor into how many literals a side splits.
  What stands between two such literals of one table or help text, at most _BETWEEN tokens, has no structure bits.
- *code*: where the candidate agrees with code in a handout, tokens have no structure bits, and names no bits unless the
  candidate has another name there.

A region that loses most of its bits that way is excluded and says which handout it agrees with. What is left of a
region can be remarkable all the same (recalled code around a given interface): then that counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from simdetect.model import I64, U64, AnalysedFile, ExclusionReason, TokenRole
from simdetect.weighing.text_runs import names_in, runs, unfolded, words_in

__all__ = ["AS_DOCUMENT", "Handout", "HandoutIndex", "as_code", "index_handouts"]

AS_DOCUMENT = "document"  # why the tokens of a document are lexical
_FENCE = re.compile(rb"^[ \t]*(?:```|~~~)[^\n]*", re.MULTILINE)


@dataclass(frozen=True, slots=True, eq=False)
class Handout:
    """One file that was handed out. reason: given or base. code: the file, or a document in each language it may hold
    code of. is_named: whether it was named as handed out; one that the candidate merely holds takes no bits from the
    structure of code that it quotes. runs: what it says as runs of words, where that is less than its content does."""

    path: str
    reason: ExclusionReason
    content: bytes
    code: tuple[AnalysedFile, ...]
    is_named: bool = True
    runs: U64 | None = None


@dataclass(frozen=True, slots=True, eq=False)
class HandoutIndex:
    """Names and runs of words of all handouts. name: (n,) uint64 symbols, ascending; name_file: (n,) int64 the first
    handout that has each. run: (m,) uint64 hashes of one to three words, ascending; run_file likewise."""

    name: U64
    name_file: I64
    run: U64
    run_file: I64


def index_handouts(handouts: Sequence[Handout]) -> HandoutIndex:
    """What the handouts say: their texts, and of code also the literals end to end, as the program would print them."""
    names = [names_in([handout.content])[0] for handout in handouts]
    return HandoutIndex(*_first_file(names), *_first_file([_said(handout) for handout in handouts]))


def _said(handout: Handout) -> U64:
    if handout.runs is not None:
        return handout.runs
    texts = (unfolded(handout.content), *_literals(handout))
    return np.concatenate([part for text in texts for part in runs(words_in(text))])


def _literals(handout: Handout) -> Iterator[bytes]:
    for file in handout.code:
        if file.tokens.degraded != AS_DOCUMENT:
            at = np.flatnonzero(file.tokens.role == TokenRole.STRING)
            spans = zip(file.tokens.start[at].tolist(), file.tokens.end[at].tolist(), strict=True)
            yield b" ".join(handout.content[start:end] for start, end in spans)


def _first_file(parts: Sequence[U64]) -> tuple[U64, I64]:
    values = np.concatenate([np.zeros(0, np.uint64), *parts])
    files = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    distinct, first = np.unique(values, return_index=True)
    return distinct, files[first].astype(np.int64)


def as_code(document: bytes) -> bytes:
    """A document to be tokenised as code: without the fences around its code blocks, which would open literals."""
    return _FENCE.sub(b"", document)
