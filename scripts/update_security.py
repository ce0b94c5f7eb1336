"""Rewrite the parts of docs/security.md that come from the program: limits with defaults, outcomes of hostile fixtures.

usage: python scripts/update_security.py [--check]
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import fields
from pathlib import Path

from simdetect.cli.scan import scan
from simdetect.options import ScanOptions

ROOT = Path(__file__).resolve().parent.parent
# Options that bound what a report lists or what counts as a match, not what a scan may use up.
_NO_RESOURCES = ("max_gap_tokens", "max_postings", "max_evidence", "max_originals")


def main() -> int:
    path = ROOT / "docs" / "security.md"
    old = path.read_text()
    new = updated(old)
    if old != new and "--check" not in sys.argv[1:]:
        path.write_text(new)
    print("docs/security.md differs" if old != new else "docs/security.md is up to date")
    return int(old != new and "--check" in sys.argv[1:])


def updated(text: str) -> str:
    """The document with both tables as they are now."""
    return _replace(_replace(text, "limits", limits()), "outcomes", outcomes())


def limits() -> str:
    """Every limit on what a scan may use up."""
    help_by_option = {option: getattr(row, "help", "") for row in scan.params for option in row.opts}
    lines = ["| `ScanOptions` | `simdetect scan` | default | |", "| --- | --- | ---: | --- |"]
    for field in fields(ScanOptions):
        if field.name.startswith(("max_", "limit_")) and field.name not in _NO_RESOURCES:
            option = f"--{field.name.replace('_', '-')}"
            what, _, default = help_by_option[option].partition(" [default: ")
            lines.append(f"| `{field.name}` | `{option}` | {default.rstrip(']')} | {what} |")
    return "\n".join(lines)


def outcomes() -> str:
    """What becomes of each fixture of the hostile corpus."""
    rows = tomllib.loads((ROOT / "fixtures" / "hostile" / "outcomes.toml").read_text())["fixture"]
    lines = ["| fixture | what it is | what becomes of it | exit |", "| --- | --- | --- | ---: |"]
    for row in rows:
        cells = "; ".join(f"{_path(path)}: {result}" for path, result in row["outcome"].items())
        code = "" if row["input"] == "live" else str(row.get("exit", 3))
        lines.append(f"| `{row['id']}` | {row['what']} | {cells or 'cannot be read: one line'} | {code} |")
    return "\n".join(lines)


def _path(path: str) -> str:
    return f"`{path}`" if path.strip(".") else {"": "everything", ".": "the rest"}[path]


def _replace(text: str, name: str, part: str) -> str:
    start, end = f"<!-- {name}: written by scripts/update_security.py -->\n", f"<!-- end of {name} -->"
    before, rest = text.split(start)
    return f"{before}{start}\n{part}\n\n{end}{rest.split(end, 1)[1]}"


if __name__ == "__main__":
    sys.exit(main())
