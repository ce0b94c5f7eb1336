"""Rewrite the parts of README.md that come from the program: the sample report and the languages.

usage: python scripts/update_readme.py [--check]
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from simdetect.languages import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ("scan", "fixtures/demo/submission", "fixtures/demo/original")


def main() -> int:
    path = ROOT / "README.md"
    old = path.read_text()
    new = updated(old)
    if old != new and "--check" not in sys.argv[1:]:
        path.write_text(new)
    print("README.md differs" if old != new else "README.md is up to date")
    return int(old != new and "--check" in sys.argv[1:])


def updated(text: str) -> str:
    """The README with both parts as the program makes them now."""
    return _replace(_replace(text, "sample", sample()), "languages", languages())


def sample() -> str:
    """The report on the demo down to the first finding's list of further agreements."""
    command = [sys.executable, "-m", "simdetect", *SAMPLE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 1:
        raise SystemExit(f"expected exit code 1, got {done.returncode}: {done.stderr}")
    lines = done.stdout.splitlines()
    last = next(i for i, line in enumerate(lines) if line.startswith("    and ") and "agreement" in line)
    return "\n".join(["```text", *lines[: last + 1], "...", "```"])


def languages() -> str:
    """The languages with a grammar, as a table."""
    rows = sorted((spec for spec in LANGUAGES.values() if spec.module), key=lambda spec: spec.label.lower())
    cells = [f"| {row.label} | {' '.join(f'`{ext}`' for ext in row.extensions)} | {row.distribution} |" for row in rows]
    return "\n".join(["| language | extensions | grammar |", "| --- | --- | --- |", *cells])


def _replace(text: str, name: str, part: str) -> str:
    start, end = f"<!-- {name}: written by scripts/update_readme.py -->\n", f"<!-- end of {name} -->"
    before, rest = text.split(start)
    return f"{before}{start}\n{part}\n\n{end}{rest.split(end, 1)[1]}"


if __name__ == "__main__":
    sys.exit(main())
