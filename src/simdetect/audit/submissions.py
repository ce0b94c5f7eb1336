"""What an instance's folder says of its submission, in the three forms in which runs are published.

    submission.tar.gz                     the archive (or another kind), a folder `submission`, or the files themselves
    submission.tar.gz.url + .sha256       an https address, and the digest of what lies there
    submission.ref.yaml                   `repo`, `ref`, `subpath`: a folder in a commit of a git repository

All of it was written by a stranger. Nothing here asks a network: `fetching` does, when the user allows it. A digest
proves that the bytes are those that were published, not who made them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from simdetect.errors import InputError

__all__ = ["ARCHIVE_SUFFIXES", "Address", "Reference", "Submission", "find_submission", "read_limited", "read_yaml"]

ARCHIVE_SUFFIXES: Final = (".tar.gz", ".tgz", ".tar.zst", ".tar.xz", ".tar.bz2", ".tar", ".zip")
_NAMES: Final = ("submission", *(f"submission{suffix}" for suffix in ARCHIVE_SUFFIXES))
_REFERENCE: Final = "submission.ref.yaml"
_DIGEST: Final = re.compile(r"([0-9a-fA-F]{64})(?:[ \t]+[ *]?\S.*)?")
_MAX_LINE: Final = 8192
_MAX_YAML: Final = 1 << 20
_MAX_SUBPATH: Final = 1024


@dataclass(frozen=True, slots=True)
class Address:
    """An archive that lies elsewhere."""

    url: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A folder in a commit of a repository that lies elsewhere. subpath: "" for all of it."""

    repository: str
    ref: str
    subpath: str


@dataclass(frozen=True, slots=True)
class Submission:
    """Where a submission is. path: of its files, or where its archive would lie. elsewhere: None when it is there."""

    path: Path
    elsewhere: Address | Reference | None = None

    @property
    def is_apart(self) -> bool:
        """Whether it lies beside what else the instance's folder holds, not among it."""
        return self.path.name.startswith("submission")


def find_submission(run: Path, instance: str) -> Submission:
    """The submission of an instance. Raises InputError when there is none, or one that says nothing clear of itself."""
    folder = run / instance
    for name in _NAMES:
        if (folder / name).exists():
            _check_digest(folder / name)
            return Submission(folder / name)
    for name in _NAMES[1:]:
        if (folder / f"{name}.url").exists():
            return Submission(folder / name, _address(folder / name))
    if (folder / _REFERENCE).exists():
        return Submission(folder / _REFERENCE, _reference(folder / _REFERENCE))
    others = sorted(path.name for path in folder.iterdir() if path.name.startswith("submission."))
    if others:
        expected = f"{', '.join(ARCHIVE_SUFFIXES)}, one of them with .url and .sha256, or .ref.yaml"
        raise InputError(f"{folder}: cannot read {others[0]}: expected one of {expected}")
    if not any(not path.name.startswith(f"{instance}.") for path in folder.iterdir()):
        raise InputError(f"no submission in {folder}")
    return Submission(folder)


def _check_digest(path: Path) -> None:
    """Raises InputError when an archive is not what a digest beside it says."""
    beside = path.with_name(f"{path.name}.sha256")
    if not beside.exists() or not path.is_file():
        return
    expected = _digest(beside)
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise InputError(f"{path} is not what was published: SHA-256 {found}, expected {expected}")


def _address(path: Path) -> Address:
    url = read_limited(path.with_name(f"{path.name}.url"), _MAX_LINE).strip()
    beside = path.with_name(f"{path.name}.sha256")
    if not beside.exists():
        raise InputError(f"{beside} is missing: nothing is fetched without the digest of what is to be there")
    if len(url.split()) != 1:
        raise InputError(f"{path}.url holds no address on one line")
    return Address(url, _digest(beside))


def _digest(path: Path) -> str:
    found = _DIGEST.fullmatch(read_limited(path, _MAX_LINE).strip())
    if found is None:
        raise InputError(f"{path} holds no SHA-256: expected 64 hex digits")
    return found[1].lower()


def _reference(path: Path) -> Reference:
    said = read_yaml(path)
    repository, ref, subpath = (said.get(name) for name in ("repo", "ref", "subpath"))
    if not isinstance(repository, str) or not isinstance(ref, str) or not repository or not ref:
        raise InputError(f"{path}: expected repo, an https address, and ref, a commit, branch or tag")
    if not repository.startswith("https://") and not repository.startswith("http://"):
        raise InputError(f"{path}: repo {ascii(repository)[:120]} is no https address")
    return Reference(repository, ref, _subpath(path, subpath))


def _subpath(path: Path, said: object) -> str:
    """A folder inside of a repository, without detours. Raises InputError."""
    if said in (None, "", ".", "./", "null", "~"):
        return ""
    text = said if isinstance(said, str) else "\0"
    parts = text.removeprefix("./").rstrip("/").split("/")
    is_inside = not {"", ".", "..", ".git"} & set(parts) and len(text) <= _MAX_SUBPATH
    if not is_inside or not text.isprintable() or "\\" in text or PurePosixPath(text).is_absolute():
        raise InputError(f"{path}: subpath {ascii(said)[:120]} is no folder inside the repository")
    return "/".join(parts)


def read_limited(path: Path, n_bytes: int) -> str:
    """The text of a small file that a stranger wrote. Raises InputError: it is a link, too long, or cannot be read."""
    try:
        if path.is_symlink():
            raise InputError(f"{path} is a link: it is not followed")
        with path.open("rb") as file:
            content = file.read(n_bytes + 1)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    if len(content) > n_bytes:
        raise InputError(f"{path} is longer than {n_bytes:,} bytes")
    return content.decode("utf-8", "replace")


def read_yaml(path: Path) -> dict[str, object]:
    """The mapping in a YAML file. Scalars stay text (the commit 1234567 is no number), and nothing but text, lists and
    mappings is made. Raises InputError."""
    import yaml

    try:
        found = yaml.load(read_limited(path, _MAX_YAML), Loader=yaml.BaseLoader)  # BaseLoader makes no objects
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(f"cannot read {path}: no valid YAML ({str(error).splitlines()[0]})") from error
    return found if isinstance(found, dict) else {}
