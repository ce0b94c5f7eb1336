"""Rewrite the golden files under fixtures/golden and show what changed. Review the difference before committing.

usage: python scripts/update_golden.py [--check]
"""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "fixtures" / "golden"


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from tests.builders import golden_reports

    n_changed = sum(_update(GOLDEN / name, text, "--check" in sys.argv[1:]) for name, text in golden_reports().items())
    print(f"{n_changed} golden files differ" if n_changed else "golden files are up to date")
    return 1 if n_changed and "--check" in sys.argv[1:] else 0


def _update(path: Path, text: str, is_check: bool) -> bool:
    old = path.read_bytes().decode() if path.exists() else ""
    if old == text:
        return False
    diff = difflib.unified_diff(old.splitlines(True), text.splitlines(True), f"old/{path.name}", f"new/{path.name}")
    sys.stdout.writelines(diff)
    if not is_check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return True


if __name__ == "__main__":
    sys.exit(main())
