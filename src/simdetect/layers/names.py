"""Names that files of one language family share, wherever they stand."""

from __future__ import annotations

from simdetect.layers.texts import finder

__all__ = ["find"]

find = finder("names", floor=6.0, least_together=30.0)
