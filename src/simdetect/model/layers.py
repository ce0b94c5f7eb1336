"""The kinds of evidence: the one list of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import numpy as np

from simdetect.model.arrays import U8, Bool
from simdetect.model.vocabulary import TokenRole


class Layer(StrEnum):
    """Kinds of agreement, strongest first."""

    VERBATIM = "verbatim"
    RENAMED = "renamed"
    STRUCTURAL = "structural"
    TRANSLATED = "translated"
    COMMENT = "comment"
    NAME = "name"
    CONSTANT = "constant"
    MISSPELLING = "misspelling"
    ORDER = "order"


# Of which tokens the texts of a layer are; those of misspellings are words of comments and literals.
ROLES_OF_LAYER: Final = {Layer.NAME: (TokenRole.NAME,), Layer.CONSTANT: (TokenRole.STRING, TokenRole.NUMBER)}
_IS_OF_LAYER: Final = {layer: np.isin(np.arange(256), roles) for layer, roles in ROLES_OF_LAYER.items()}


def is_of_layer(role: U8, layer: Layer) -> Bool:
    """Which tokens have the texts of a layer: (t,) bool. role: (t,) uint8 `TokenRole`."""
    found: Bool = _IS_OF_LAYER[layer][role]
    return found
