"""Which files of an original have text that many projects carry, and of which families it is the home.

The original that is a library itself (zlib, lodash) is compared with all it has. Its home is where many fingerprints of
the code are the library's (tests, examples and what else stands beside the code do not count) and the README begins
with the library's name; where three quarters are, and the README has it anywhere, or there is none. Of another version
there are fewer, but scattered everywhere, while a program that carries the library has it in a piece. An original is
read as it is: it has no reason to deceive.

The files of a build tool are most of many a small program, and its home is only what has the tool (`automake`, not
`install-sh`): the table has fingerprints of these as families of the kind "maker", and no text is known by them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from simdetect.model import AnalysedTree, FileRole
from simdetect.weighing.known_texts import LEAST_RUN, PREFIX, Holding, KnownTexts, role_of

__all__ = ["recognised"]

_JUDGED = (FileRole.SOURCE, FileRole.TEST)
_BESIDE = re.compile(
    r"(?i)(?:^|/)(?:examples?|demos?|samples?|contrib|bench\w{0,9}|fuzz\w{0,9}|tools?|scripts?|website)/"
)
_README = re.compile(r"(?i)readme(?:\.\w{1,9})?")
_TITLE_BYTES = 600
_HOME_SHARE = 0.75
_SOME_SHARE = 0.3
_MOST_SOLID = 0.4
_MAKER_SHARE = 0.3


def recognised(texts: KnownTexts, tree: AnalysedTree, own: Sequence[str]) -> AnalysedTree:
    """An original that knows its own families, and whose files of other families have the role that they have in it.
    own: families of names that it is; those of texts come with a prefix."""
    holdings = {i: texts.holding(file.fingerprints) for i, file in enumerate(tree.files) if file.role in _JUDGED}
    known = (*own, *(PREFIX + family for family in _homes(texts, tree, holdings)))
    files = list(tree.files)
    for i in holdings:
        if family := texts.family_of(texts.holding(files[i].fingerprints, known).counts):
            files[i] = replace(files[i], role=role_of(family))
    return replace(tree, files=tuple(files), own=known)


def _homes(texts: KnownTexts, tree: AnalysedTree, holdings: dict[int, Holding]) -> list[str]:
    """Families whose home the original is."""
    code = [own for i, own in holdings.items() if _is_code(tree, i)]
    counts = [holding.counts for holding in code]
    held = sum((own for own, _ in counts), np.zeros(len(texts.families), np.int64))
    total = sum(n for _, n in counts)
    found = []
    for number in np.flatnonzero((held >= LEAST_RUN) & texts.is_text).tolist():
        family, maker, share = texts.families[number], texts.maker_of(number), held[number] / total
        if maker is not None:
            is_home = held[maker] >= _MAKER_SHARE * np.count_nonzero(texts.family == maker)
        else:
            is_named = _is_named(tree, family, None if share >= _HOME_SHARE else _TITLE_BYTES)
            is_home = share >= _SOME_SHARE and (is_named or _solid(code, number) < _MOST_SOLID)
        found += [family] if is_home else []
    return found


def _is_code(tree: AnalysedTree, number: int) -> bool:
    file = tree.files[number]
    return file.role is FileRole.SOURCE and not _BESIDE.search(file.path)


def _is_named(tree: AnalysedTree, family: str, n_bytes: int | None) -> bool:
    """Whether a README at the root has a family's name in its first bytes, or there is none and all bytes would do."""
    name = re.sub(r"^lib|[^a-z0-9]", "", family.partition(":")[2].lower())
    readmes = [document for document in tree.tree.documents if _README.fullmatch(document.path)]
    for document in readmes:
        words = re.findall(r"[a-z0-9]+", document.content[:n_bytes].decode("utf-8", "replace").lower())
        if name in words or (len(name) > 3 and name in "".join(words)):
            return True
    return not readmes and n_bytes is None


def _solid(code: Sequence[Holding], number: int) -> float:
    """The share of a family's fingerprints that stand in stretches of its text."""
    runs = [holding.runs(number) for holding in code]
    n = sum(int((last - first + 1).sum()) for first, last, _ in runs)
    return sum(int((last - first + 1)[solid].sum()) for first, last, solid in runs) / max(1, n)
