"""How much of the candidate was analysed, and what was lost to limits, failures and disguise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simdetect.judging.verdict import some
from simdetect.languages.detect import detect_language
from simdetect.languages.noncode import may_hold_code
from simdetect.layers.all import LayerResults
from simdetect.model import BYTES_IN_ARCHIVE, AnalysedFile, AnalysedTree, SkippedFile, SkipReason
from simdetect.sources.roles import is_beside_code

__all__ = ["analysed_share", "is_degraded", "lost_words", "share", "uncompared_words"]

_NO_GRAMMAR = "no-grammar"  # a file of a language without one; nothing went wrong
# No tree, but the lexer read the file to its end, and strings that hold code with it: all of its text was compared. Of
# 31 programs read so, all are found: scripts/measure_wrapped.py.
_READ_WHOLLY = ("swallowed: ", "errors: ")
# Skipped files that may have held code of the candidate: they count against the analysed share.
_LOST_CODE = frozenset(
    {SkipReason.TOO_LARGE, SkipReason.UNREADABLE, SkipReason.LIMIT, SkipReason.ANALYSIS_FAILED, SkipReason.ARCHIVE}
)
# Code that is not read as code, as a share of what is, from which nothing found means nothing: docs/security.md.
_ENOUGH_HIDDEN = 0.2
# Skipped because of a limit or a failure, or not there, on either side: whatever was not found may have been there.
_CUT_SHORT = frozenset({SkipReason.LIMIT, SkipReason.UNREADABLE, SkipReason.ANALYSIS_FAILED, SkipReason.SUBMODULE})
# What a script of the candidate writes through another program may be anything; one of the original is its own affair.
_HIDES = _CUT_SHORT | {SkipReason.TRANSFORMED, SkipReason.UNSAFE_PATH, SkipReason.ARCHIVE}


def share(part: int, whole: int) -> float:
    """A part of a whole, 0 of nothing."""
    return part / whole if whole else 0.0


def is_degraded(file: AnalysedFile) -> bool:
    """Whether a file should have been parsed and was not."""
    return (file.tokens.degraded or _NO_GRAMMAR) != _NO_GRAMMAR


def analysed_share(candidate: AnalysedTree) -> float:
    """Share of the candidate's code bytes that were analysed; 0 when there was none."""
    analysed = sum(file.n_bytes for file in candidate.files)
    lost = sum(_bytes_lost(file) for file in candidate.tree.skipped if file.reason in _LOST_CODE)
    return share(analysed, analysed + lost)


def _bytes_lost(file: SkippedFile) -> int:
    return (file.n_bytes or 0) * (BYTES_IN_ARCHIVE if file.reason is SkipReason.ARCHIVE else 1)


def lost_words(candidate: AnalysedTree, originals: Sequence[AnalysedTree], hidden: Mapping[str, int]) -> str:
    """Which files a limit or a failure kept from being analysed, or fully analysed, in words; "" when none.

    A file of the candidate that is too large or binary counts when its name is that of code, an archive or one with an
    unsafe path always, a pointer unless its name says that there is no code behind it. Archives and pointers of the
    original count where their folders do not say that either. hidden: code that was not read as code, by file; it
    counts when there is much of it.
    """
    lost = [file.path for file in candidate.tree.skipped if _is_cut_short(file)]
    lost += [file.path for file in candidate.files if is_degraded(file) and not _is_read_wholly(file)]
    missing = [file.path for tree in originals for file in tree.tree.skipped if _is_missing(file)]
    sides = (("candidate", lost), ("original", missing))
    said = [f"{_n_files(len(paths))} of the {side} ({some(paths)})" for side, paths in sides if paths]
    n_hidden = sum(hidden.values())
    if n_hidden > _ENOUGH_HIDDEN * sum(file.n_bytes for file in candidate.files):
        where = some(sorted(hidden, key=lambda path: -hidden[path]))
        said.append(f"{n_hidden:,} bytes of code in strings, in documents or under other names ({where})")
    return "; ".join(said)


def uncompared_words(results: LayerResults) -> str:
    """What was left out of comparing because it would have taken too long, in words; "" when nothing was."""
    table = results.code.table
    said = []
    if n_cut := table.n_cut_runs + table.n_cut_hashes:
        said.append(f"{n_cut:,} agreeing places where everything repeats were not followed to their ends")
    if results.unfinished:
        said.append(f"comparing reached its time limit before {', '.join(results.unfinished)}")
    return "; ".join(said)


def _is_read_wholly(file: AnalysedFile) -> bool:
    return (file.tokens.degraded or "").startswith(_READ_WHOLLY)


def _is_cut_short(file: SkippedFile) -> bool:
    if file.reason in (SkipReason.TOO_LARGE, SkipReason.BINARY):
        return detect_language(file.path, b"") is not None
    if file.reason is SkipReason.LFS_POINTER:
        return may_hold_code(file.path)
    return file.reason in _HIDES


def _is_missing(file: SkippedFile) -> bool:
    """Whether a skipped file of an original may have held code that the candidate has."""
    if file.reason in (SkipReason.ARCHIVE, SkipReason.LFS_POINTER):
        return may_hold_code(file.path) and not is_beside_code(file.path)
    return file.reason in _CUT_SHORT


def _n_files(n: int) -> str:
    return "1 file" if n == 1 else f"{n} files"
