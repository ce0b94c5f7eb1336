"""Canonical forms of the files whose functions are aligned, made where the per-file stages did not make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from simdetect.matching.comparison import Program
from simdetect.model import TokenStream

__all__ = ["Formed", "formed"]


class Formed:
    """Tokens of the files of a program, with canonical forms. missing: how many could not be made."""

    def __init__(self, program: Program, made: Mapping[int, TokenStream], missing: frozenset[int]) -> None:
        self._program, self._made, self._missing = program, made, missing

    def __len__(self) -> int:
        return len(self._made)

    @property
    def is_whole(self) -> bool:
        """Whether all forms are there that were asked for."""
        return not self._missing

    def tokens(self, file: int) -> TokenStream | None:
        """The tokens of a file, None where it has no form."""
        if file in self._missing:
            return None
        return self._made[file] if file in self._made else self._program.files[file].tokens


def formed(program: Program, wanted: Sequence[int], deadline: float) -> Formed:
    """The tokens of some files of a program with their canonical forms. deadline: as of `FormMaker.make`."""
    made: dict[int, TokenStream] = {}
    missing: set[int] = set()
    first = accumulate((len(tree.files) for tree in program.trees), initial=0)
    for tree, start in zip(program.trees, first, strict=False):
        if tree.forms is None:  # nor are files of an index decoded to see that they have one
            continue
        number = {
            tree.files[i - start].path: i
            for i in wanted
            if start <= i < start + len(tree.files) and not program.files[i].tokens.has_form
        }
        found = tree.forms.make(list(number), deadline) if number else {}
        made |= {number[path]: tokens for path, tokens in found.items()}
        missing |= {i for path, i in number.items() if path not in found}
    return Formed(program, made, frozenset(missing))
