"""Counters of work. What grows too fast is found by counting steps at two sizes: no busy machine can fail such a test.

`python_steps` counts lines of Python, `matches_in_progress` what a tree-sitter query keeps in mind, which is what makes
it slow, `regex_steps` what a matcher of regular expressions tries.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import lru_cache
from types import FrameType
from typing import Any, AnyStr

from tree_sitter import Node, Query, QueryCursor

from tests.backtracking import Backtracker

__all__ = ["CountingPattern", "assert_in_proportion", "matches_in_progress", "python_steps", "regex_steps"]


def assert_in_proportion(steps: Callable[[int], int], size: int, what: object = None) -> None:
    """Twice the size takes at most twice the steps, and a tenth more for what is uneven."""
    small, large = steps(size), steps(2 * size)
    assert large <= 2.2 * small + 10, f"{what}: {small} steps for {size}, {large} for {2 * size}"


def python_steps(run: Callable[[], object]) -> int:
    """Lines of Python that a call executes."""
    n = 0

    def trace(_frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal n
        n += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return n


def matches_in_progress(query: Query, node: Node, depth: int | None = None) -> int:
    """How many matches a query has begun and not ended at once, at most, when it goes through a tree.

    Its cost is that number for each node. depth: where matches may begin.
    """

    def is_enough(limit: int) -> bool:
        cursor = QueryCursor(query)
        cursor.match_limit = limit
        if depth is not None:
            cursor.set_max_start_depth(depth)
        cursor.matches(node)
        return not cursor.did_exceed_match_limit

    most = 1
    while not is_enough(most):
        most *= 2
    least = most // 2
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if is_enough(middle) else (middle, most)
    return most


_CAP = 8  # of repetitions: a bounded one is in proportion for any bound, but not before texts are longer than it


def regex_steps(pattern: re.Pattern[AnyStr], text: AnyStr, how: str = "findall") -> int:
    """Characters looked at, alternatives and repetitions tried by a method of a pattern: findall, search, fullmatch."""
    matcher = Backtracker(pattern, text, _CAP)
    if how == "fullmatch":
        matcher.match(0, is_whole=True)
        return matcher.n
    at, end = 0, len(text)
    while at <= end:
        stop = matcher.match(at)
        if stop >= 0 and how == "search":
            break
        at = max(at + 1, stop)
    return matcher.n


class CountingPattern:
    """Stands for a compiled pattern where code under test uses it, and tells the steps of what it is asked."""

    def __init__(self, pattern: re.Pattern[bytes], tell: Callable[[int], None]) -> None:
        self._pattern, self._tell = pattern, tell

    def search(self, text: bytes, start: int = 0, end: int = sys.maxsize) -> re.Match[bytes] | None:
        """As of the pattern."""
        self._tell(_counted(self._pattern, text[start:end], "search"))
        return self._pattern.search(text, start, end)

    def findall(self, text: bytes) -> list[Any]:
        """As of the pattern."""
        self._tell(_counted(self._pattern, text, "findall"))
        return self._pattern.findall(text)

    def sub(self, replacement: bytes, text: bytes) -> bytes:
        """As of the pattern."""
        self._tell(_counted(self._pattern, text, "findall"))
        return self._pattern.sub(replacement, text)


@lru_cache(maxsize=1 << 16)
def _counted(pattern: re.Pattern[bytes], text: bytes, how: str) -> int:
    return regex_steps(pattern, text, how)
