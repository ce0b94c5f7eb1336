"""`simdetect languages` and `simdetect cache`: what this installation can, and what it keeps."""

from __future__ import annotations

from typing import Any

import click

from simdetect.cli.commands import argument, command
from simdetect.cli.output import EXIT_OK, json_text, write_stdout
from simdetect.cli.parameters import text_or_json_option
from simdetect.options import ScanOptions

__all__ = ["cache", "languages"]


@command("simdetect cache info", "simdetect cache clear")
@argument("action", type=click.Choice(("info", "clear")))
def cache(action: str) -> int:
    """Show or clear the results that scans keep for later scans.

    SIMDETECT_CACHE_DIR names another folder than the platform's.
    """
    from simdetect.store import Cache, default_cache_folder

    kept = Cache(default_cache_folder(), ScanOptions().max_cache_bytes)
    found = kept.info() if action == "info" else kept.clear()
    state = "" if action == "info" else "cleared: "
    held = f"{found.n_entries:,} results of files, {found.n_indexes:,} indexes of originals"
    write_stdout(f"{state}{held}, {found.n_bytes / 1e6:,.1f} MB in {found.path}\n", is_data=False)
    return EXIT_OK


@command("simdetect languages", "simdetect languages --format json")
@text_or_json_option
def languages(format: str) -> int:
    """List the supported languages with the versions of their installed grammars.

    A language without a grammar is compared by lexical tokens.
    """
    rows = _language_rows()
    text = json_text(rows) if format == "json" else _language_table(rows)
    write_stdout(text, is_data=format == "json")
    return EXIT_OK


def _language_rows() -> list[dict[str, Any]]:
    """One row a language, by name; what JSON shows, with None for what is not there."""
    from simdetect.languages import LANGUAGES

    return [
        {
            "name": spec.name,
            "label": spec.label,
            "extensions": list(spec.extensions),
            "grammar": spec.distribution or None,
            "version": _installed_version(spec.distribution),
        }
        for spec in sorted(LANGUAGES.values(), key=lambda spec: spec.name)
    ]


def _installed_version(distribution: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(distribution) if distribution else None
    except PackageNotFoundError:
        return None


def _language_table(rows: list[dict[str, Any]]) -> str:
    cells = [("NAME", "LANGUAGE", "GRAMMAR", "EXTENSIONS")]
    for row in rows:
        version = row["version"] or "not installed: lexical"
        grammar = f"{row['grammar']} {version}" if row["grammar"] else "lexical"
        cells.append((row["name"], row["label"], grammar, " ".join(row["extensions"])))
    widths = [max(len(row[column]) for row in cells) for column in range(3)]
    return "".join(f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:<{widths[2]}}  {d}".rstrip() + "\n" for a, b, c, d in cells)
