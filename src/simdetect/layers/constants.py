"""Numbers and string literals that files of one language family share, wherever they stand."""

from __future__ import annotations

from simdetect.layers.texts import finder

__all__ = ["find"]

find = finder("constants", floor=3.0, least_together=16.0)
