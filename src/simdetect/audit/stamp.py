"""The stamp of a report: everything that decides what it says. A report whose stamp agrees is not made again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from simdetect.errors import InputError
from simdetect.options import ScanOptions

__all__ = ["package_digest", "stamp_of"]

_DECIDING: Final = (".py", ".npz", ".json")  # of the package: code, background models, calibration


def stamp_of(
    instance: str, locations: Sequence[str | tuple[str, str]], options: ScanOptions, documents: Sequence[str] = ()
) -> str:
    """32 hex digits over everything that decides a report: settings, code, models, and the inputs.

    locations: of the submission, the original, and what the author was given or saw; of what need not be there, its
    name and digest. documents: digests of those that the author was handed. Raises InputError.
    """
    inputs = [_content_of(location) for location in locations]
    return _digest([instance, package_digest(), options.digest(), _models(options), inputs, sorted(documents)])


@cache
def package_digest(package: Path = Path(__file__).parent.parent) -> str:
    """A digest of this package and its models: reports of other code are not taken for those of this.

    package: the folder of simdetect.
    """
    digest = hashlib.sha256()
    for path in sorted(path for path in package.rglob("*") if path.suffix in _DECIDING):
        digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _models(options: ScanOptions) -> list[list[str]]:
    """What the models in use are: those that are shipped belong to the code."""
    folders = [options.background] if options.background else []
    files = [options.calibration] if options.calibration else []
    return [_content_of(str(path)) for path in (*folders, *files)]


def _content_of(location: str | tuple[str, str]) -> list[str]:
    """What stands for an input: the digest of a file, names and sizes of a folder's files, the name of a revision."""
    if isinstance(location, tuple):
        return list(location)
    path = Path(location)
    if path.is_file():
        return [path.name, _file_digest(path)]
    if not path.is_dir():
        return [path.name]
    files = (file for file in sorted(path.rglob("*")) if ".git" not in file.parts and file.is_file())
    return [path.name, _digest([[str(file.relative_to(path)), file.lstat().st_size] for file in files])]


def _file_digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error


def _digest(parts: Any) -> str:
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()
