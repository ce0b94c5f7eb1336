"""Insert dead statements: the attack of MOSSAD (Devore-McDonald and Berger, OOPSLA 2020), without its search."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tree_sitter import Node

from disguises.blocks import statements
from disguises.places import PLACES
from simdetect.planting.disguise.pieces import Piece, edited
from simdetect.planting.disguise.rows import words
from simdetect.planting.disguise.syntax import View, indentation

__all__ = ["inserted"]

_WORDS = tuple(
    sorted(
        words(
            "tmp aux chk probe pad spare guard stub mock noop idle rest fill mask salt tick lap hint note sum",
        )
    )
)


def inserted(view: View, every: int, rng: Random) -> list[Piece]:
    """A dead statement before the first statement that starts `every` lines or more after the one before it."""
    places = PLACES.get(view.language)
    if places is None or every < 1:
        return edited(view.content, [])
    starts = sorted({(node.start_byte, node.start_point[0]) for node in _places(view)})
    edits = []
    last = None
    n_made = 0
    for start, line in starts:
        if last is not None and line - last < every:
            continue
        last = line
        text = _statement(places.dead, n_made, rng).encode()
        n_made += 1
        margin = indentation(view.content, start)
        # On one line, Go needs a semicolon, and nothing else minds.
        edits.append((start, start, text + (b"; " if margin is None else b"\n" + margin)))
    return edited(view.content, edits)


def _places(view: View) -> Iterator[Node]:
    row = view.row
    assert row is not None
    for block in statements(view):
        for node in block:
            if not row.layout or _starts_line(view, node):
                yield node


def _starts_line(view: View, node: Node) -> bool:
    return indentation(view.content, node.start_byte) is not None


def _statement(templates: tuple[str, ...], number: int, rng: Random) -> str:
    """One of the templates, with names that no other insertion has."""
    name = f"{rng.choice(_WORDS)}_{rng.choice(_WORDS)}{number}"
    values = {
        "n": name,
        "m": f"{rng.choice(_WORDS)}_{rng.choice(_WORDS)}",
        "i": rng.randint(1, 99),
        "j": rng.randint(1, 9),
    }
    return rng.choice(templates).format(**values)
