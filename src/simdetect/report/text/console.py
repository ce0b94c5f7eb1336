"""Lines for a terminal, with or without colours.

Nothing from a report reaches the terminal as markup or control sequence: every string goes through `safe.visible` and
is printed as `rich.text.Text`, never as rich markup.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

__all__ = ["EVERYTHING", "Amount", "columns_of", "fitting_path", "item", "printed", "section"]

_DEFAULT_WIDTH = 100
_MIN_WIDTH = 32
EVERYTHING = 1 << 30


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is shown of what is listed."""

    findings: int
    evidence: int
    excerpts: int
    excerpt_lines: int
    others: int
    examples: int


def columns_of(width: int | None) -> int:
    """How many columns to fill when asked for `width`."""
    return max(_MIN_WIDTH, width or _DEFAULT_WIDTH)


def printed(blocks: Iterable[RenderableType], width: int, color: bool) -> str:
    """Blocks as lines of at most `width` columns, without spaces at their ends where there are no colours."""
    console = _console(width, color)
    for block in blocks:
        console.print(block)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return text if color else "".join(line.rstrip(" ") + "\n" for line in text.split("\n")[:-1])


def _console(width: int, color: bool) -> Console:
    """A console that writes to a string and does not look at the environment, so that equal reports print equal."""
    return Console(
        file=io.StringIO(),
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )


def section(name: str, blocks: Iterable[RenderableType]) -> Iterator[RenderableType]:
    """A heading over its blocks, indented; nothing at all when there are no blocks."""
    held = list(blocks)
    if held:
        yield Text(f"\n{name}", style="bold")
        yield from (Padding(block, (0, 0, 0, 2)) for block in held)


def item(text: str, style: str = "") -> RenderableType:
    """A sentence that wraps under itself."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(Text("-", style="dim"), Text(text, style=style, overflow="fold"))
    return grid


def fitting_path(path: str, width: int) -> str:
    """The path, without its beginning when it is wider than `width` columns."""
    if cell_len(path) <= width:
        return path
    tail = path[-width:]
    while cell_len(tail) > width - 1:
        tail = tail[1:]
    return "…" + tail
