"""The rows that `measure_rebuilt.py` makes and `rebuilt_table.py` prints."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "BLIND",
    "DOCUMENTS",
    "NOTHING",
    "SESSION",
    "SETTINGS",
    "Flag",
    "Independent",
    "Recalled",
    "Rows",
    "Span",
    "Translated",
    "Written",
]

NOTHING, DOCUMENTS = "nothing known", "documents"
BLIND, SESSION = "black-box, documents", "black-box, documents and session"
SETTINGS = (NOTHING, DOCUMENTS, BLIND, SESSION)


@dataclass(frozen=True)
class Span:
    """A piece of evidence in a rebuilt program: 1-based lines, both ends included, and text of the rebuilt program."""

    layer: str
    bits: float
    start_line: int
    end_line: int
    text: str


@dataclass(frozen=True)
class Flag:
    """A flagged file with its heaviest spans."""

    path: str
    bits: float
    probability: float
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Independent:
    """What is said of one independent rebuild in one setting."""

    task: str
    rebuild: str
    is_same_language: bool
    is_leak: bool
    setting: str
    verdict: str
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class Recalled:
    """What is said of one submission with planted pieces in one setting.

    share, n_lines: of the original's code in it. is_flagged: a file that holds planted pieces is evidence. n_located:
    of n_pieces, those that counted evidence overlaps. host: whether such a file was flagged before anything was
    planted. rank, out_of: of the true original among decoys; 0 where that was not looked at.
    """

    way: str
    share: float
    n_lines: int
    n_pieces: int
    verdict: str
    is_flagged: bool
    n_located: int
    task: str = ""
    rebuild: str = ""
    setting: str = ""
    host: bool = False
    rank: int = 0
    out_of: int = 0


@dataclass(frozen=True)
class Translated:
    """What is said of one submission with a translated function in one setting.

    before: the verdict before anything was planted. is_flagged, host: whether the file that holds it is evidence, and
    was before. is_located: counted evidence overlaps it and names its file. place, n_pairs: of the right pair of
    functions among all that count as translated; 0 where none is right. rank, out_of: as for recalled submissions.
    """

    task: str
    rebuild: str
    setting: str
    language: str
    original: str
    n_lines: int
    verdict: str
    before: str
    is_flagged: bool
    host: bool
    is_located: bool
    place: int
    n_pairs: int
    rank: int = 0
    out_of: int = 0


@dataclass(frozen=True)
class Written:
    """What is said of one program written from memory. lines, functions: share that agrees with a release of the
    original. lines_here: with the commit that it is scanned against. None where it was not measured."""

    task: str
    setting: str
    lines: float | None
    lines_here: float | None
    functions: float | None
    verdict: str
    n_flagged: int
    n_files: int
    rank: int
    out_of: int


@dataclass(frozen=True)
class Rows:
    """Everything that was measured. notes: what was left out, and why. exchanged: the control of
    translated, with functions of other originals."""

    independent: tuple[Independent, ...]
    recalled: tuple[Recalled, ...]
    written: tuple[Written, ...]
    notes: tuple[str, ...] = ()
    translated: tuple[Translated, ...] = ()
    exchanged: tuple[Translated, ...] = ()
