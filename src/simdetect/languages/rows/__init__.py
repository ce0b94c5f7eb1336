"""The languages, one file a group: rows, canonical rewrites, typical lines and ambiguities side by side.

ROWS: all rows. Where several claim a file name, an extension or an interpreter, the first has it.
SHARED: the extensions that languages share, and what tells these apart.
"""

from __future__ import annotations

from typing import Final

from simdetect.languages.rows import (
    apps,
    building,
    c_family,
    classic,
    data,
    dotnet,
    functional,
    hardware,
    javascript,
    jvm,
    markup,
    python,
    rust_go,
    scientific,
    scripting,
    shell,
)
from simdetect.languages.spec import Ambiguity, LanguageSpec

__all__ = ["ROWS", "SHARED"]

ROWS: Final[tuple[LanguageSpec, ...]] = (
    *c_family.ROWS,
    *javascript.ROWS,
    *rust_go.ROWS,
    *jvm.ROWS,
    *dotnet.ROWS,
    *apps.ROWS,
    *python.ROWS,
    *scripting.ROWS,
    *shell.ROWS,
    *functional.ROWS,
    *scientific.ROWS,
    *classic.ROWS,
    *data.ROWS,
    *building.ROWS,
    *hardware.ROWS,
    *markup.ROWS,
)
SHARED: Final[dict[str, Ambiguity]] = {
    **c_family.SHARED,
    **javascript.SHARED,
    **rust_go.SHARED,
    **jvm.SHARED,
    **dotnet.SHARED,
    **python.SHARED,
    **scripting.SHARED,
    **functional.SHARED,
    **scientific.SHARED,
    **classic.SHARED,
    **data.SHARED,
    **hardware.SHARED,
    **markup.SHARED,
}
