"""Transformations applied to a file, with every function of it followed to where it then is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from simdetect.model import SourceFile
from simdetect.planting.disguise import comments, layout
from simdetect.planting.disguise.names import renamed
from simdetect.planting.disguise.pieces import Piece, moved, rendered
from simdetect.planting.disguise.rules import EXPRESSIONS, STATEMENTS
from simdetect.planting.disguise.syntax import View, errors
from simdetect.planting.disguise.writing import rewritten
from simdetect.tokens.parse import parse

__all__ = ["Change", "Text", "Unit", "changed", "followed", "full_changes", "text_of"]

Change = Callable[[View, Random], list[Piece]]


@dataclass(frozen=True, slots=True)
class Unit:
    """A function, type or other named item of an original file, and where it is now. Spans are bytes."""

    path: str
    kind: str
    name: str
    original: tuple[int, int]
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Text:
    """One file on its way. originals: files it is made of. units: of all of them. kept: transformations left out."""

    path: str
    language: str
    content: bytes
    originals: tuple[str, ...]
    units: tuple[Unit, ...]
    kept: tuple[str, ...] = ()


def text_of(file: SourceFile) -> Text:
    """A file of a language that has a grammar, before anything is done to it."""
    nodes = parse(file.content, file.language)
    spans = list(zip(nodes.unit_start.tolist(), nodes.unit_end.tolist(), strict=True))
    units = tuple(
        Unit(file.path, kind, name, span, span)
        for kind, name, span in zip(nodes.unit_kind, nodes.unit_name, spans, strict=True)
    )
    return Text(file.path, file.language, file.content, (file.path,), units)


def changed(text: Text, name: str, change: Change, seed: object) -> Text:
    """The text after one transformation; as it was where the result parses worse."""
    view = View.of(text.content, text.language)
    pieces = change(view, Random(f"{seed}:{name}:{text.path}"))
    content = rendered(text.content, pieces)
    if content == text.content:
        return text
    if errors(View.of(content, text.language)).is_worse_than(errors(view)):
        return replace(text, kept=(*text.kept, name))
    return replace(text, content=content, units=followed(text.units, pieces))


def followed(units: Sequence[Unit], pieces: Sequence[Piece], shift: int = 0) -> tuple[Unit, ...]:
    """Where units are when a text is written anew. shift: bytes that then stand before it."""
    there = [unit for unit in units if unit.span is not None]
    spans = moved(pieces, [unit.span for unit in there if unit.span is not None])
    return tuple(
        replace(unit, span=None if span is None else (span[0] + shift, span[1] + shift))
        for unit, span in zip(there, spans, strict=True)
    ) + tuple(unit for unit in units if unit.span is None)


def full_changes(names: Mapping[bytes, bytes], *, rewrites: bool) -> Iterator[tuple[str, Change]]:
    """Everything that hides where a function comes from, as much as there is of it. names: what each becomes.
    rewrites: whether statements and expressions are written otherwise too."""
    yield "rename", lambda view, _: renamed(view, names)
    yield "strip-comments", lambda view, rng: comments.stripped(view, 1.0, rng)
    if rewrites:
        yield "rewrite-statements", lambda view, rng: rewritten(view, STATEMENTS, 1.0, rng)
        yield "rewrite-expressions", lambda view, rng: rewritten(view, EXPRESSIONS, 1.0, rng)
        yield "reformat", lambda view, rng: layout.reformatted(view, 1.0, rng)
