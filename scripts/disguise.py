"""Disguise a source tree: the same program, harder to recognise. Every transformation at a chosen strength.

usage: python scripts/disguise.py SOURCE -o OUT [--rename S] [--strip-comments S] [--rewrite S] [--split S] [--swap S]
    [--reorder S] [--insert N] [--reformat S] [--merge [--group N]] [--seed K]

Transformations work on syntax trees and are applied in the order of this line; S is a share, 0 to 1, N counts lines.
Files of languages without a grammar are left out. OUT/mapping.json says where each function of the original went.
Same input, options and seed: same bytes. See docs/disguise.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import click

sys.path.insert(0, str(Path(__file__).parent))

from disguises.dead import inserted
from disguises.merging import merged
from disguises.order import reordered, swapped
from disguises.splits import SPLITS

from simdetect.languages.grammar import load_grammar
from simdetect.model import Side, SourceFile
from simdetect.options import ScanOptions
from simdetect.planting.disguise.apply import Change, Text, Unit, changed, followed, text_of
from simdetect.planting.disguise.comments import stripped
from simdetect.planting.disguise.layout import reformatted
from simdetect.planting.disguise.names import new_names, renamed
from simdetect.planting.disguise.pieces import rendered
from simdetect.planting.disguise.rules import EXPRESSIONS, STATEMENTS
from simdetect.planting.disguise.syntax import View
from simdetect.planting.disguise.writing import rewritten
from simdetect.scanning.inputs import read_input

MAPPING_SCHEMA = "simdetect.disguise/1"


@dataclass(frozen=True)
class Strengths:
    """How much of everything. Shares are 0 to 1; insert: a statement every so many lines, 0 for none; group: files in
    a merged file at most, 0 for all."""

    rename: float = 0.0
    strip_comments: float = 0.0
    rewrite: float = 0.0
    split: float = 0.0
    swap: float = 0.0
    reorder: float = 0.0
    insert: int = 0
    reformat: float = 0.0
    merge: bool = False
    group: int = 0
    seed: int = 1


def disguised(
    files: Sequence[SourceFile], strengths: Strengths, known: Sequence[SourceFile] | None = None
) -> list[Text]:
    """Apply everything. files: of any languages; those without a grammar are left out. known: files that define the
    names to rename, where they are more than these."""
    sys.setrecursionlimit(100_000)  # deep trees: a ladder of a thousand `else if`
    texts = [text_of(file) for file in files if load_grammar(file.language) is not None]
    defining = files if known is None else known
    views = (View.of(file.content, file.language) for file in defining if load_grammar(file.language) is not None)
    for name, change in _changes(views, strengths):
        texts = [changed(text, name, change, strengths.seed) for text in texts]
    return list(_merged(texts, strengths)) if strengths.merge else texts


def _changes(defining: Iterable[View], s: Strengths) -> Iterator[tuple[str, Change]]:
    """The transformations that are asked for, in order. defining: what defines the names to rename."""
    if s.rename:
        names = new_names(defining, s.rename, Random(f"{s.seed}:names"))
        yield "rename", lambda view, _: renamed(view, names)
    if s.strip_comments:
        yield "strip-comments", lambda view, rng: stripped(view, s.strip_comments, rng)
    if s.rewrite:
        yield "rewrite-statements", lambda view, rng: rewritten(view, STATEMENTS, s.rewrite, rng)
        yield "rewrite-expressions", lambda view, rng: rewritten(view, EXPRESSIONS, s.rewrite, rng)
    if s.split:
        yield "split", lambda view, rng: rewritten(view, SPLITS, s.split, rng)
    if s.swap:
        yield "swap", lambda view, rng: swapped(view, s.swap, rng)
    if s.reorder:
        yield "reorder", lambda view, rng: reordered(view, s.reorder, rng)
    if s.insert:
        yield "insert", lambda view, rng: inserted(view, s.insert, rng)
    if s.reformat:
        yield "reformat", lambda view, rng: reformatted(view, s.reformat, rng)


def _merged(texts: Sequence[Text], s: Strengths) -> Iterator[Text]:
    """Groups of files of one language as one file each."""
    by_language = sorted(texts, key=lambda text: (text.language, text.path))
    for language, group in groupby(by_language, key=lambda text: text.language):
        members = list(group)
        Random(f"{s.seed}:merge:{language}").shuffle(members)
        n_files = max(1, round(len(members) / s.group)) if s.group else 1
        for number in range(n_files):
            yield _one(members[number::n_files], number)


def _one(texts: Sequence[Text], number: int) -> Text:
    suffix = Path(texts[0].path).suffix
    head, bodies = merged([View.of(text.content, text.language) for text in texts])
    content = b"".join(line + b"\n" for line in head) + b"\n"
    units: list[Unit] = []
    for text, pieces in zip(texts, bodies, strict=True):
        units += followed(text.units, pieces, len(content))
        content += rendered(text.content, pieces)
    kept = tuple(sorted({name for text in texts for name in text.kept}))
    return Text(
        f"merged{number}{suffix}", texts[0].language, content, tuple(text.path for text in texts), tuple(units), kept
    )


def mapping(texts: Sequence[Text], originals: Sequence[SourceFile], strengths: Strengths) -> dict[str, Any]:
    """Where everything went, with 1-based lines, both ends included."""
    content = {file.path: file.content for file in originals}
    return {
        "schema": MAPPING_SCHEMA,
        "settings": asdict(strengths),
        "files": [
            {
                "candidate": text.path,
                "language": text.language,
                "originals": list(text.originals),
                "not_applied": list(text.kept),
                "units": [
                    {
                        "kind": unit.kind,
                        "name": unit.name,
                        "candidate": _lines(text.content, unit.span),
                        "original": {"path": unit.path, **_lines(content[unit.path], unit.original)},
                    }
                    for unit in sorted(text.units, key=lambda unit: (unit.path, unit.original))
                    if unit.span is not None
                ],
            }
            for text in texts
        ],
    }


def _lines(content: bytes, span: tuple[int, int]) -> dict[str, int]:
    start = content.count(b"\n", 0, span[0]) + 1
    return {"start_line": start, "end_line": start + content.count(b"\n", span[0], max(span[0], span[1] - 1))}


def write(texts: Sequence[Text], originals: Sequence[SourceFile], strengths: Strengths, out: Path) -> None:
    """The tree, and its mapping beside it."""
    for text in texts:
        file = out / "tree" / text.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.content)
    (out / "mapping.json").write_text(json.dumps(mapping(texts, originals, strengths), indent=1) + "\n")


SHARE = click.FloatRange(0, 1)


@click.command()
@click.argument("source", type=click.Path(exists=True))
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--rename", type=SHARE, default=0, help="Share of the names that the tree defines.")
@click.option("--strip-comments", type=SHARE, default=0, help="Share of the comments and documentation strings.")
@click.option("--rewrite", type=SHARE, default=0, help="Share of loops, conditions, assignments written otherwise.")
@click.option("--split", type=SHARE, default=0, help="Share of declarations split in two.")
@click.option("--swap", type=SHARE, default=0, help="Share of neighbouring independent statements exchanged.")
@click.option("--reorder", type=SHARE, default=0, help="Share of the functions of each scope shuffled.")
@click.option("--insert", type=click.IntRange(0), default=0, help="A dead statement every so many lines; 0: none.")
@click.option("--reformat", type=SHARE, default=0, help="Share of the white space between tokens.")
@click.option("--merge", is_flag=True, help="Files of one language in one file.")
@click.option("--group", type=click.IntRange(0), default=0, help="Files in a merged file at most; 0: all.")
@click.option("--seed", type=int, default=1)
def main(source: str, output: Path, **values: Any) -> None:
    """Write OUTPUT/tree, SOURCE disguised, and OUTPUT/mapping.json."""
    strengths = Strengths(**values)
    files = read_input(source, Side.CANDIDATE, ScanOptions()).files
    texts = disguised(files, strengths)
    write(texts, files, strengths, output)
    kept = sum(len(text.kept) for text in texts)
    click.echo(
        f"{len(texts)} files written to {output / 'tree'}; {kept} transformations of files did not apply", err=True
    )


if __name__ == "__main__":
    main()
