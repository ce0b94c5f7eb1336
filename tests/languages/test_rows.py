"""The files of rows: each is assembled, and none hides what another says."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pkgutil import iter_modules

import pytest

from simdetect.languages import LANGUAGES, LEXICAL_LANGUAGES, rows
from simdetect.languages.hidden import _PREFERRED
from simdetect.languages.table import AMBIGUOUS

GROUPS = [import_module(f"simdetect.languages.rows.{found.name}") for found in iter_modules(rows.__path__)]


def test_every_file_is_part_of_the_table() -> None:
    assert len(GROUPS) > 10
    assert {row.name for group in GROUPS for row in group.ROWS} == {*LANGUAGES, *LEXICAL_LANGUAGES}
    assert {key for group in GROUPS for key in getattr(group, "SHARED", ())} == AMBIGUOUS.keys()


def test_no_name_stands_twice() -> None:
    assert max(Counter(row.name for group in GROUPS for row in group.ROWS).values()) == 1
    assert max(Counter(key for group in GROUPS for key in getattr(group, "SHARED", ())).values()) == 1


@pytest.mark.parametrize("kind", ["extensions", "filenames", "interpreters", "tags", "kernels"])
def test_what_several_rows_claim_is_decided_by_content(kind: str) -> None:
    claims = Counter(claim for row in rows.ROWS for claim in getattr(row, kind))
    several = {claim for claim, n in claims.items() if n > 1}
    assert several <= (AMBIGUOUS.keys() if kind == "extensions" else set())


def test_preferred_languages_have_typical_lines() -> None:
    assert all(LANGUAGES[name].typical for name in _PREFERRED)
