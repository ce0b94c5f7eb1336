"""The language table, assembled from `rows`. docs/adding-a-language.md says how to add a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from simdetect.languages.rows import ROWS, SHARED
from simdetect.languages.spec import Ambiguity, LanguageSpec

__all__ = ["AMBIGUOUS", "LANGUAGES", "LEXICAL_LANGUAGES", "spec_of"]

LANGUAGES: Final[dict[str, LanguageSpec]] = {row.name: row for row in ROWS if row.module}
LEXICAL_LANGUAGES: Final[dict[str, LanguageSpec]] = {row.name: row for row in ROWS if not row.module}
AMBIGUOUS: Final[Mapping[str, Ambiguity]] = SHARED


def spec_of(name: str) -> LanguageSpec:
    """The row of a language, with a grammar or lexical. Raises KeyError for a name that the table does not have."""
    return LANGUAGES.get(name) or LEXICAL_LANGUAGES[name]
