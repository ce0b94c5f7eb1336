"""Jupyter notebooks: the code of their cells, so that code is not out of sight because JSON is around it."""

from __future__ import annotations

from typing import Any, Final

from simdetect.languages.detect import detect_language, language_of_kernel
from simdetect.model import nested

__all__ = ["code_of_notebook"]

_SUFFIX: Final = ".ipynb"


def code_of_notebook(path: str, content: bytes) -> tuple[bytes, str] | None:
    """The code cells of a notebook one below the other, and their language; None when it is none or has no code.

    Lines that only a notebook understands (`%magic`, `!command`) become empty.
    """
    if not path.lower().endswith(_SUFFIX):
        return None
    try:
        notebook = nested.loads(content)
        cells = [_text(cell["source"]) for cell in _cells(notebook) if cell["cell_type"] == "code"]
        language = _language(notebook.get("metadata", {}))
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None
    code = "\n\n".join(_plain(cell) for cell in cells).encode("utf-8", "replace")
    return (code, language) if code.strip() and language is not None else None


def _cells(notebook: Any) -> list[Any]:
    """Cells of format 4, or of the worksheets of format 3, where code was `input`."""
    if "cells" in notebook:
        return list(notebook["cells"])
    old = [cell for sheet in notebook["worksheets"] for cell in sheet["cells"]]
    return [{**cell, "source": cell.get("input", cell.get("source", ""))} for cell in old]


def _text(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)


def _plain(cell: str) -> str:
    if cell.startswith("%%"):
        cell = cell.partition("\n")[2]
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in cell.splitlines())


def _language(metadata: Any) -> str | None:
    """The language that the notebook names; Python when it names none."""
    info = metadata.get("language_info", {})
    name = str(info.get("name") or metadata.get("kernelspec", {}).get("language") or "python")
    extension = info.get("file_extension")
    if not extension and (language := language_of_kernel(name)) is not None:
        return language
    extension = extension or f".{name.lower()}"
    return detect_language(f"cell{extension}", b"") or detect_language(f"cell.{name}", b"") or _by_name(name)


def _by_name(name: str) -> str | None:
    from simdetect.languages import LANGUAGES

    return name.lower() if name.lower() in LANGUAGES else None
