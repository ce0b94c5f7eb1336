#!/usr/bin/env python3
"""List the files of one folder whose text derives from files of another folder.

Labels for calibration must not come from the method that they calibrate. So this script knows nothing of tokens,
trees, k-grams or bits: it counts distinct whole lines that two files have in common, after the white space is
normalised. That is blind to renaming and to moved words, hence it misses derived files; what it lists is derived beyond
doubt when the two folders are known relatives (a fork and its source, two versions of one project). On unrelated
folders the same count, with long lines only, finds the copies that a label "independent" hides.

    derive_known_pairs.py FORK SOURCE --suffixes .c,.h                       known pairs of two relatives, JSON
    derive_known_pairs.py ONE OTHER --suffixes .go --min-length 40 --show    lines that two strangers share

A line counts when it is long enough, not a comment, not an import, and not in any folder given with --common.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MIN_LENGTH = 8
"""Characters below which a line is punctuation, a keyword or `return 0;`, which every project has."""
MIN_SHARE = 0.25
MIN_SHARED = 10
"""Distinct shared lines below which a share is chance: a quarter of 40 lines is 10."""
MIN_CODE_LINES = 40
MAX_BYTES = 1_000_000
MAX_MEAN_LENGTH = 200
"""Mean characters of a line above which a file is minified or data."""

_COMMENT = re.compile(
    r"""//|/\*|\*(?:\s|/|\*|$)                                                  # C family, also inside a block
    |\#(?!\s*(?:include|define|undef|if|ifdef|ifndef|elif|else|endif|pragma|error)\b|!?\[)  # no directive or attribute
    |--(?:\s|\[|-|$)|\{-|\(\*|!\s|<!--|\"\"\"|'''""",
    re.VERBOSE,
)
_IMPORT = re.compile(
    r"(?:import|from|use|using|pub use|package|require|require_relative|require_once|include|extern crate|open|alias)\b"
    r"|\#\s*include\b|export\b.*\bfrom\b|(?:const|let|var|local|my)\b.*\brequire\b|[\"'][\w./@-]+[\"'][,;)]*$"
)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class SourceLines:
    """A file as lines.

    lines: distinct normalised lines that count. n_code: lines that are neither blank nor comment. text: the whole file.
    """

    path: str
    lines: frozenset[str]
    n_code: int
    text: bytes


@dataclass(frozen=True)
class DerivedFile:
    """A candidate file and the original file that it shares most lines with.

    share: shared lines over the distinct lines of the smaller side that holds them, in [0, 1]: of the candidate, or of
    the original where the candidate took all of it and grew.
    """

    candidate: str
    original: str
    n_shared: int
    share: float
    is_identical: bool


def is_comment(line: str) -> bool:
    """Say whether a stripped line starts as a comment in any of the supported languages."""
    return _COMMENT.match(line) is not None


def significant_lines(lines: Iterable[str], min_length: int = MIN_LENGTH) -> Iterator[str]:
    """Yield the normalised lines that could tell one author from another: no comments, imports or short lines."""
    for raw in lines:
        line = _SPACE.sub(" ", raw.strip())
        if len(line) >= min_length and not is_comment(line) and not _IMPORT.match(line):
            yield line


def read_lines(path: str, text: bytes, min_length: int = MIN_LENGTH) -> SourceLines | None:
    """Read one file as lines; None when it is binary, too big, or not written by hand (minified, data)."""
    if not text or len(text) > MAX_BYTES or b"\0" in text:
        return None
    raw = text.decode("utf-8", "replace").splitlines()
    if len(text) / max(len(raw), 1) > MAX_MEAN_LENGTH:
        return None
    n_code = sum(1 for line in raw if line.strip() and not is_comment(line.strip()))
    return SourceLines(path, frozenset(significant_lines(raw, min_length)), n_code, text)


def read_folder(folder: Path, suffixes: Collection[str], min_length: int = MIN_LENGTH) -> list[SourceLines]:
    """Read the files under `folder` with one of `suffixes` (all files when empty), sorted by path."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and (not suffixes or p.suffix in suffixes))
    files = (read_lines(p.relative_to(folder).as_posix(), p.read_bytes(), min_length) for p in paths)
    return [file for file in files if file is not None]


def derived_files(
    candidates: Sequence[SourceLines],
    originals: Sequence[SourceLines],
    common: Collection[str] = frozenset(),
    min_share: float = MIN_SHARE,
    min_shared: int = MIN_SHARED,
    min_code_lines: int = MIN_CODE_LINES,
) -> list[DerivedFile]:
    """Pair each candidate file with the original file that it shares most lines with, where that is enough.

    common: lines that say nothing because unrelated projects have them too. Returns in the order of `candidates`.
    """
    long_originals = [o for o in originals if o.n_code >= min_code_lines]
    originals_by_line: dict[str, list[int]] = defaultdict(list)
    for i, original in enumerate(long_originals):
        for line in original.lines:
            originals_by_line[line].append(i)
    found = []
    for candidate in candidates:
        if candidate.n_code >= min_code_lines:
            best = _best_original(candidate, long_originals, originals_by_line, common)
            if best is not None and best.n_shared >= min_shared and best.share >= min_share:
                found.append(best)
    return found


def _best_original(
    candidate: SourceLines,
    originals: Sequence[SourceLines],
    originals_by_line: Mapping[str, list[int]],
    common: Collection[str],
) -> DerivedFile | None:
    """Find the original with most shared lines; ties go to the same file name, then to the smaller original."""
    lines = [line for line in candidate.lines if line not in common]
    n_shared_by_original = Counter(i for line in lines for i in originals_by_line.get(line, ()))
    if not n_shared_by_original:
        return None
    name = Path(candidate.path).name
    index = max(
        n_shared_by_original,
        key=lambda i: (
            originals[i].text == candidate.text,
            n_shared_by_original[i],
            Path(originals[i].path).name == name,
            -len(originals[i].lines),
            -i,
        ),
    )
    original, n_shared = originals[index], n_shared_by_original[index]
    n_original = sum(1 for line in original.lines if line not in common)
    share = n_shared / min(len(lines), n_original)
    return DerivedFile(candidate.path, original.path, n_shared, share, original.text == candidate.text)


def all_originals(
    candidate: SourceLines,
    originals: Sequence[SourceLines],
    common: Collection[str] = frozenset(),
    min_share: float = MIN_SHARE,
    min_shared: int = MIN_SHARED,
) -> list[str]:
    """Paths of every original file that shares enough lines with a candidate file, most first: where several do, text
    derives from each, and a detector that names any of them is right."""
    lines = {line for line in candidate.lines if line not in common}
    found = []
    for original in originals:
        theirs = {line for line in original.lines if line not in common}
        n_shared = len(lines & theirs)
        if n_shared >= min_shared and n_shared >= min_share * min(len(lines), len(theirs)):
            found.append((-n_shared, original.path))
    return [path for _, path in sorted(found)]


def shared_lines(candidates: Iterable[SourceLines], originals: Iterable[SourceLines]) -> dict[str, tuple[str, str]]:
    """Map each line that both sides hold to the first candidate and the first original file that hold it."""
    original_by_line: dict[str, str] = {}
    for original in originals:
        for line in original.lines:
            original_by_line.setdefault(line, original.path)
    found: dict[str, tuple[str, str]] = {}
    for candidate in candidates:
        for line in candidate.lines & original_by_line.keys():
            found.setdefault(line, (candidate.path, original_by_line[line]))
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("candidate", type=Path, help="folder of the later or copying project")
    parser.add_argument("original", type=Path, help="folder of the earlier project")
    parser.add_argument("--suffixes", default="", help="file suffixes to read, such as .c,.h (default: all)")
    parser.add_argument("--min-share", type=float, default=MIN_SHARE, help="least share of lines [%(default)s]")
    parser.add_argument("--min-length", type=int, default=MIN_LENGTH, help="least length of a line [%(default)s]")
    parser.add_argument("--min-code-lines", type=int, default=MIN_CODE_LINES, help="on both sides [%(default)s]")
    parser.add_argument("--common", type=Path, action="append", default=[], help="unrelated folder; can be repeated")
    parser.add_argument("--show", action="store_true", help="print the shared lines themselves, to be read")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the derived files as JSON, or with --show the shared lines as text."""
    args = _parser().parse_args(arguments)
    suffixes = frozenset(s for s in args.suffixes.split(",") if s)
    candidates = read_folder(args.candidate, suffixes, args.min_length)
    originals = read_folder(args.original, suffixes, args.min_length)
    common = {
        line for folder in args.common for f in read_folder(folder, suffixes, args.min_length) for line in f.lines
    }
    if args.show:
        for line, (candidate, original) in sorted(
            shared_lines(candidates, originals).items(), key=lambda x: (x[1], x[0])
        ):
            if line not in common:
                print(f"{candidate}\t{original}\t{line}")
        return 0
    found = derived_files(candidates, originals, common, args.min_share, min_code_lines=args.min_code_lines)
    by_path = {candidate.path: candidate for candidate in candidates}
    result = {
        "known_pairs": [
            [f.candidate, original]
            for f in found
            for original in dict.fromkeys((f.original, *all_originals(by_path[f.candidate], originals, common)))
        ],
        "identical": [f.candidate for f in found if f.is_identical],
        "shares": {f.candidate: round(f.share, 3) for f in found},
    }
    print(json.dumps(result, indent=1, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
