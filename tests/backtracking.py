"""A matcher of regular expressions that counts its steps: like `re`, which does not tell, without its short cuts.

It goes through the tree that `re` parses a pattern to. Every node becomes a function of a place in the text and of what
is to follow, which returns where the whole match ends, or -1.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from re import _constants as ops  # type: ignore[attr-defined]  # not public, and the same for many versions
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

__all__ = ["Backtracker"]

_MOST_STEPS = 3_000_000  # a pattern that takes so many grows in no proportion

Continue = Callable[[int], int]  # from a place on: where the whole match ends, -1 for none
Matcher = Callable[[int, Continue], int]


class Backtracker:
    """Matches one pattern in one text. n: steps so far. cap: no repetition counts as bounded by more than this."""

    def __init__(self, pattern: re.Pattern[Any], text: Any, cap: int | None = None) -> None:
        self.n = 0
        self._text, self._cap, self._end = text, cap, len(text)
        self._is_bytes = isinstance(text, bytes)
        tree = parser.parse(pattern.pattern, pattern.flags)
        self._matcher = self._sequence(tree, pattern.flags)

    def match(self, at: int, *, is_whole: bool = False) -> int:
        """Where the match that begins at a place ends, -1 for none. is_whole: it must end where the text does."""
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(200_000)
        try:
            return self._matcher(at, lambda end: end if end == self._end or not is_whole else -1)
        finally:
            sys.setrecursionlimit(limit)

    def _step(self) -> None:
        self.n += 1
        if self.n > _MOST_STEPS:
            raise AssertionError(f"more than {_MOST_STEPS} steps")

    # --- one node a method: each makes a matcher ---------------------------------------------------------------------

    def _sequence(self, items: Any, flags: int) -> Matcher:
        found: Matcher = lambda at, then: then(at)  # noqa: E731  # the empty sequence
        for item in reversed(list(items)):
            found = _joined(self._node(*item, flags), found)
        return found

    def _node(self, op: Any, value: Any, flags: int) -> Matcher:
        if (test := _character(op, value, flags)) is not None:
            return self._one(test)
        if op is ops.AT:
            return self._place(value, flags)
        if op is ops.BRANCH:
            return self._branch([self._sequence(items, flags) for items in value[1]])
        if op is ops.SUBPATTERN:
            _, add, without, items = value
            return self._sequence(items, (flags | add) & ~without)
        if op is ops.ATOMIC_GROUP:
            return self._atomic(self._sequence(value, flags))
        if op in (ops.ASSERT, ops.ASSERT_NOT):
            return self._look(op, value, flags)
        assert op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT), op
        return self._repeat(op, value, flags)

    def _one(self, test: Callable[[int], bool]) -> Matcher:
        def match(at: int, then: Continue) -> int:
            self._step()
            return then(at + 1) if at < self._end and test(self._code(at)) else -1

        return match

    def _code(self, at: int) -> int:
        return self._text[at] if self._is_bytes else ord(self._text[at])

    def _branch(self, ways: Sequence[Matcher]) -> Matcher:
        def match(at: int, then: Continue) -> int:
            for way in ways:
                self._step()
                if (end := way(at, then)) >= 0:
                    return end
            return -1

        return match

    def _atomic(self, inner: Matcher) -> Matcher:
        def match(at: int, then: Continue) -> int:
            end = inner(at, lambda place: place)
            return then(end) if end >= 0 else -1

        return match

    def _look(self, op: Any, value: Any, flags: int) -> Matcher:
        direction, items = value
        inner, width = self._sequence(items, flags), items.getwidth()[0] if direction < 0 else 0

        def match(at: int, then: Continue) -> int:
            self._step()
            is_there = at >= width and inner(at - width, lambda place: place) >= 0
            return then(at) if is_there == (op is ops.ASSERT) else -1

        return match

    def _repeat(self, op: Any, value: Any, flags: int) -> Matcher:
        least, most, items = value
        least, most = (self._capped(int(bound)) for bound in (least, most))
        if len(items) == 1 and (test := _character(*items[0], flags)) is not None:
            return self._run(op, test, least, most)
        inner = self._sequence(items, flags)
        if op is ops.POSSESSIVE_REPEAT:
            return self._possessive(inner, least, most)
        return self._backtracking(inner, least, most, is_lazy=op is ops.MIN_REPEAT)

    def _capped(self, bound: int) -> int:
        return bound if self._cap is None or bound == int(ops.MAXREPEAT) else min(bound, self._cap)

    def _run(self, op: Any, test: Callable[[int], bool], least: int, most: int) -> Matcher:
        """A repeated character: no closure for each."""

        def match(at: int, then: Continue) -> int:
            end, last = at, min(self._end, at + most)
            if op is ops.MIN_REPEAT:
                return lazy(at, then)
            while end < last and test(self._code(end)):
                self._step()
                end += 1
            for stop in (end,) if op is ops.POSSESSIVE_REPEAT else range(end, at - 1, -1):
                self._step()
                if stop - at >= least and (found := then(stop)) >= 0:
                    return found
            return -1

        def lazy(at: int, then: Continue) -> int:
            end = at
            while True:
                self._step()
                if end - at >= least and (found := then(end)) >= 0:
                    return found
                if end - at >= most or end >= self._end or not test(self._code(end)):
                    return -1
                end += 1

        return match

    def _possessive(self, inner: Matcher, least: int, most: int) -> Matcher:
        def match(at: int, then: Continue) -> int:
            n = 0
            while n < most:
                self._step()
                end = inner(at, lambda place: place)
                if end < 0 or (end == at and n >= least):
                    break
                at, n = end, n + 1
            return then(at) if n >= least else -1

        return match

    def _backtracking(self, inner: Matcher, least: int, most: int, *, is_lazy: bool) -> Matcher:
        def match(at: int, then: Continue, n: int = 0) -> int:
            def once_more() -> int:
                if n >= most:
                    return -1
                self._step()
                return inner(at, lambda end: -1 if end == at and n >= least else match(end, then, n + 1))

            ways = (lambda: then(at) if n >= least else -1, once_more)
            for way in ways if is_lazy else reversed(ways):
                if (end := way()) >= 0:
                    return end
            return -1

        return match

    def _place(self, where: Any, flags: int) -> Matcher:
        text, end = self._text, self._end
        newline = b"\n" if self._is_bytes else "\n"

        def is_word(at: int) -> bool:
            return 0 <= at < end and _CATEGORIES[ops.CATEGORY_WORD](self._code(at), flags)

        def holds(at: int) -> bool:
            is_start, is_end = at == 0, at == end
            if flags & re.MULTILINE:
                is_start, is_end = is_start or text[at - 1 : at] == newline, is_end or text[at : at + 1] == newline
            return bool(
                {
                    ops.AT_BEGINNING: is_start,
                    ops.AT_BEGINNING_STRING: at == 0,
                    ops.AT_END: is_end or (at == end - 1 and text[at : at + 1] == newline),
                    ops.AT_END_STRING: at == end,
                    ops.AT_BOUNDARY: is_word(at - 1) != is_word(at),
                    ops.AT_NON_BOUNDARY: is_word(at - 1) == is_word(at),
                }[where]
            )

        def match(at: int, then: Continue) -> int:
            self._step()
            return then(at) if holds(at) else -1

        return match


def _joined(first: Matcher, rest: Matcher) -> Matcher:
    return lambda at, then: first(at, lambda end: rest(end, then))


_CATEGORIES: dict[Any, Callable[[int, int], bool]] = {
    ops.CATEGORY_DIGIT: lambda code, flags: _is(str.isdecimal, code, flags),
    ops.CATEGORY_NOT_DIGIT: lambda code, flags: not _is(str.isdecimal, code, flags),
    ops.CATEGORY_SPACE: lambda code, flags: code in b" \t\n\r\f\v" or (code > 127 and _is(str.isspace, code, flags)),
    ops.CATEGORY_NOT_SPACE: lambda code, flags: not _CATEGORIES[ops.CATEGORY_SPACE](code, flags),
    ops.CATEGORY_WORD: lambda code, flags: code == ord("_") or _is(str.isalnum, code, flags),
    ops.CATEGORY_NOT_WORD: lambda code, flags: not _CATEGORIES[ops.CATEGORY_WORD](code, flags),
}


def _is(test: Callable[[str], bool], code: int, flags: int) -> bool:
    """Bytes beyond ASCII are of no kind."""
    return (code < 128 or bool(flags & re.UNICODE)) and test(chr(code))


def _character(op: Any, value: Any, flags: int) -> Callable[[int], bool] | None:
    """The test that one character passes; None for what is not about one character."""
    if op is ops.ANY:
        return lambda code: bool(flags & re.DOTALL) or code != ord("\n")
    if op is ops.NOT_LITERAL:
        return lambda code: not _equals(code, value, flags)
    if op is ops.LITERAL:
        return lambda code: _equals(code, value, flags)
    if op is not ops.IN:
        return None
    is_negated = value[0][0] is ops.NEGATE
    tests = [_member(*item, flags) for item in (value[1:] if is_negated else value)]
    return lru_cache(maxsize=None)(lambda code: any(test(code) for test in tests) != is_negated)


def _member(op: Any, value: Any, flags: int) -> Callable[[int], bool]:
    if op is ops.RANGE:
        low, high = value
        return lambda code: any(low <= one <= high for one in _cases(code, flags))
    if op is ops.CATEGORY:
        return lambda code: _CATEGORIES[value](code, flags)
    assert op is ops.LITERAL, op
    return lambda code: _equals(code, value, flags)


def _equals(code: int, other: int, flags: int) -> bool:
    return other in _cases(code, flags)


def _cases(code: int, flags: int) -> tuple[int, ...]:
    """A character, and where case is ignored both of its cases; only of ASCII, which is all that is needed here."""
    if not flags & re.IGNORECASE or code > 127:
        return (code,)
    return code, ord(chr(code).swapcase())
