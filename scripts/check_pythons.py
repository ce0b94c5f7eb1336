"""Scan the demo with every Python that is found, each in an environment of its own; all reports must be the same.

usage: python scripts/check_pythons.py [PYTHON ...]

Looks for python3.11 to python3.15 on the PATH and below ~/.pyenv/versions. Environments are made below build/pythons
and kept. Exit code 1 when reports differ or simdetect does not install.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ROOT / "build" / "pythons"
_INPUTS = ("fixtures/demo/submission", "fixtures/demo/original")
_MINORS = range(11, 16)


def main(named: Sequence[str]) -> int:
    pythons = {version: path for path in named or _candidates() if (version := _version(path))}
    reports = {}
    for version, python in sorted(pythons.items(), key=lambda item: [int(part) for part in item[0].split(".")]):
        reports[version] = digests(_environment(python, version))
        print(f"{version}: json {reports[version]['json'][:16]}, {len(reports[version])} formats", flush=True)
    if not reports:
        print("no Python from 3.11 on was found", file=sys.stderr)
        return 1
    first = next(iter(reports.values()))
    differing = {
        f"{name} of {version}" for version, own in reports.items() for name in first if own[name] != first[name]
    }
    print(f"differing: {', '.join(sorted(differing))}" if differing else f"{len(reports)} Pythons, the same bytes")
    return 1 if differing else 0


def _candidates() -> Iterator[str]:
    for minor in _MINORS:
        yield from (str(path / "bin" / "python") for path in Path.home().glob(f".pyenv/versions/3.{minor}.*"))
        if found := shutil.which(f"python3.{minor}"):
            yield found


def _version(python: str) -> str | None:
    """The version, such as "3.13"; None for what does not run or is too old. pyenv's shims may name no version."""
    code = "import sys; print('%d.%d' % sys.version_info[:2]) if sys.version_info >= (3, 11) else sys.exit(1)"
    try:
        return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def _environment(python: str, version: str) -> str:
    """The Python of an environment in which simdetect and what it needs are installed."""
    folder = ENVIRONMENTS / version
    own = folder / "bin" / "python"
    if not (folder / "complete").exists():
        subprocess.run([python, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([str(own), "-m", "pip", "install", "--quiet", "--editable", str(ROOT)], check=True)
        (folder / "complete").touch()
    return str(own)


def digests(python: str) -> dict[str, str]:
    """Digests of the demo's report by format, as this Python makes it."""
    command = [python, str(ROOT / "scripts" / "report_digests.py"), *_INPUTS]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
