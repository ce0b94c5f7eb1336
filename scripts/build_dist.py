"""Build the sdist and the wheel twice, from copies that differ in all that must not matter, and compare their bytes.

usage: python scripts/build_dist.py [--test] [OUT]

The copies have other paths, file times, modes and creation orders; the builds another umask, time zone, locale and hash
seed. File times in the archives are SOURCE_DATE_EPOCH, by default that of the last commit. --test: unpack the sdist and
run its own tests. Exit code 1 when a build differs or a test fails.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_WAYS = (
    {"umask": 0o022, "TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"umask": 0o077, "TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"},
)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", nargs="?", type=Path, default=ROOT / "dist")
    parser.add_argument("--test", action="store_true", help="run the tests of the sdist")
    args = parser.parse_args()
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct").strip() or "1700000000"
    with tempfile.TemporaryDirectory(prefix="dist") as folder:
        builds = [_build(Path(folder) / f"way{'x' * 9 * n}{n}", way, epoch, n) for n, way in enumerate(_WAYS)]
        if builds[0] != builds[1]:
            print(f"builds differ:\n{builds[0]}\n{builds[1]}", file=sys.stderr)
            return 1
        args.out.mkdir(parents=True, exist_ok=True)
        for name, digest in builds[0].items():
            shutil.copy(Path(folder) / "way0" / "out" / name, args.out / name)
            print(f"{digest}  {name}")
        print(f"two builds of the same bytes, SOURCE_DATE_EPOCH={epoch}")
        sdist = next(name for name in builds[0] if name.endswith(".tar.gz"))
        return _test(args.out / sdist, Path(folder)) if args.test else 0


def _git(*arguments: str) -> str:
    """What git says, nothing where this is no repository (an sdist, though it may lie in somebody's repository)."""
    if not (ROOT / ".git").exists():
        return ""
    try:
        return subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def _build(folder: Path, way: dict[str, object], epoch: str, number: int) -> dict[str, str]:
    """Digests of what one build makes, by name."""
    _copy(folder / "source", backwards=bool(number))
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch, **{k: str(v) for k, v in way.items() if k != "umask"}}
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "out"), str(folder / "source")]
    made = subprocess.run(command, env=environment, umask=int(str(way["umask"])), capture_output=True, text=True)
    if made.returncode:
        sys.exit(f"the build failed:\n{made.stdout}{made.stderr}")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((folder / "out").iterdir())}


def _copy(folder: Path, *, backwards: bool) -> None:
    """The files that are in version control, or of an sdist all."""
    listed = _git("ls-files", "-z").split("\0")
    names = [name for name in listed if name] or [str(path.relative_to(ROOT)) for path in _all_files()]
    for name in sorted(names, reverse=backwards):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
        target.chmod(((ROOT / name).stat().st_mode & 0o100) | (0o600 if backwards else 0o644))
        os.utime(target, (10**9 + backwards, 10**9 + backwards))


def _all_files() -> list[Path]:
    # PKG-INFO is what a build adds.
    own = {
        "PKG-INFO",
        ".venv",
        "build",
        "dist",
        ".pytest_cache",
        ".mypy_cache",
        ".ruff_cache",
        ".hypothesis",
        "__pycache__",
    }
    return [path for path in ROOT.rglob("*") if path.is_file() and not own & set(path.relative_to(ROOT).parts)]


def _test(sdist: Path, folder: Path) -> int:
    """Run the tests of an unpacked sdist; its own source comes first on the path."""
    with tarfile.open(sdist) as tar:
        tar.extractall(folder / "unpacked", filter="data")
    (root,) = (folder / "unpacked").iterdir()
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    return subprocess.run([sys.executable, "-m", "pytest", "-n", "2"], cwd=root, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
