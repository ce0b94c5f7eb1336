"""JSON from strangers: what is nested deeper than anything honest is refused before the parser sees it.

The parser of the standard library recurses in C. It stops at the interpreter's recursion limit, which a program that
uses this library may have raised beyond what its stack holds: then the process dies.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

import numpy as np

__all__ = ["MOST_DEEP", "depth", "loads"]

MOST_DEEP: Final = 256  # brackets inside each other; reports and notebooks have a dozen
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)


def loads(text: bytes | str, **options: Any) -> Any:
    """As `json.loads`. Raises ValueError where that does, and for what is nested too deep."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if depth(raw) > MOST_DEEP and depth(_STRING.sub(b"", raw)) > MOST_DEEP:
        raise ValueError(f"nested too deeply: more than {MOST_DEEP} brackets")
    return json.loads(text, **options)


def depth(text: bytes) -> int:
    """How deep brackets lie in each other, those in strings included."""
    data = np.frombuffer(text, np.uint8)
    step = ((data == ord("[")) | (data == ord("{"))).astype(np.int8) - ((data == ord("]")) | (data == ord("}")))
    return int(np.cumsum(step, dtype=np.int64).max(initial=0))
