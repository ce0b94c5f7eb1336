"""Names that files of one language family share, wherever they stand."""

from __future__ import annotations

from simdetect.layers.result import Context, LayerResult
from simdetect.layers.texts import Kind, find_tokens
from simdetect.matching.comparison import Comparison
from simdetect.model import rows_of

__all__ = ["find"]

(_ROW,) = rows_of("names")
_KIND = Kind(_ROW, floor=6.0, least_together=30.0)


def find(comparison: Comparison, context: Context) -> LayerResult:
    """Rare names that both sides have."""
    return find_tokens(_KIND, comparison, context)
