"""Names of the numbers that a file is judged by, in the order in which layers were added to the calibration."""

from __future__ import annotations

from typing import Final

__all__ = ["ADDED", "FEATURES", "LAYERED", "feature_index"]

# Bits of a file: its strongest region of code; all regions of code, and each other layer; of its heaviest whole
# function; and no bits but a share, its agreement with an original from end to end.
ADDED: Final = ("total", "comment", "name", "constant", "misspelling", "order", "translated")
LAYERED: Final = ("strongest", *ADDED)
FEATURES: Final = (*LAYERED, "function", "agreement")


def feature_index(name: str) -> int:
    """The column of a feature."""
    return FEATURES.index(name)
