"""Inputs and outputs that are fsspec URLs, such as s3://bucket/run: copied to this machine, and results back.

Indexes are mapped into memory and archives are read at random, which object stores are slow at: so what a URL names is
copied into the cache folder once, and again when it has changed there. What `file:` names is used where it lies.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import Any, Final

from simdetect.errors import InputError, StoreError
from simdetect.model import nested
from simdetect.store.atomic import write_whole

__all__ = ["fetch", "home", "is_remote", "located", "push"]

Location = str | os.PathLike[str]

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(?:://|::)")
_LOCAL: Final = re.compile(r"(?:file|local)://(?=/)")
# A repository, not one file of it: owner and name, perhaps a place in it; or an address that git alone reads.
_REPOSITORY: Final = re.compile(
    r"(?:https?://)?(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitee\.com|git\.sr\.ht)"
    r"/[\w.~-]+/[\w.-]+?(?:\.git)?/?(?:(?:/-)?/(?:tree|blob|src|commit)/.*)?"
    r"|(?:https?|ssh|git)://[^\s?#]+\.git/?|ssh://\S+|git://\S+|[\w.-]+@[\w.-]+:[^\s@]+\.git/?"
)
_PLACE: Final = re.compile(r"(?:/-)?/(?:tree|blob|src|commit)/.*")
_FOLDER: Final = "remote"
_MANIFEST: Final = "fetched.json"


def is_remote(location: Location) -> bool:
    """Whether a location is a URL, and not one of a local file."""
    name = os.fspath(location)
    return _URL.match(name) is not None and _LOCAL.match(name) is None


def located(location: Location, cache_folder: Path | None) -> Location:
    """Where a location lies on this machine: itself, the path of a file URL, or a copy. Raises InputError; that
    of a repository on the web says how to get it."""
    name = os.fspath(location)
    if _REPOSITORY.fullmatch(name) and not os.path.lexists(name):
        address = _PLACE.sub("", name)
        raise InputError(f"{name} is the address of a repository: run 'git clone {address} FOLDER' and compare FOLDER")
    if _LOCAL.match(name):
        return _LOCAL.sub("", name)
    return fetch(name, cache_folder) if is_remote(name) else location


def fetch(url: str, cache_folder: Path | None, *, may_be_missing: bool = False) -> Path:
    """Copy what a URL names, a file or a folder, unless the copy is as it is there. Returns where it lies.

    A folder keeps what was written into its copy. may_be_missing: an empty folder stands for what is not there. Raises
    InputError: no such file or folder, or no fsspec for such URLs.
    """
    files, path = _open(url)
    place = home(cache_folder) / hashlib.blake2b(url.encode(), digest_size=16).hexdigest()
    target = place / (PurePosixPath(path).name or "root")
    try:
        if files.isfile(path):
            found = {"": path}
        elif files.isdir(path):
            found = {_within(file, path): file for file in files.find(path)}
        elif may_be_missing:
            found = {}
        else:
            raise InputError(f"cannot read {url}: no such file or folder")
        _copy(files, found, target, place / _MANIFEST)
    except InputError:
        raise
    except Exception as error:  # every backend has errors of its own
        raise InputError(f"cannot read {url}: {type(error).__name__}: {_line(error)}") from error
    if "" not in found:
        target.mkdir(parents=True, exist_ok=True)
    return target


def push(folder: Path, url: str) -> int:
    """Copy what is new or changed in the copy of a folder to where it came from; returns how many files.

    Summaries go last, so that who finds one finds the reports. Raises StoreError.
    """
    files, path = _open(url)
    manifest = folder.parent / _MANIFEST
    known = _manifest(manifest)
    names = sorted(
        (str(file.relative_to(folder).as_posix()) for file in folder.rglob("*") if file.is_file()),
        key=lambda name: ("/" not in name or "_stats/" in name or "_simdetect/" in name, name),
    )
    n_pushed = 0
    try:
        for name in names:
            stamp = _digest(folder / name)
            if name.endswith(".tmp") or known.get(name, [None, None])[1] == stamp:
                continue
            there = f"{path.rstrip('/')}/{name}"
            files.makedirs(there.rpartition("/")[0], exist_ok=True)
            files.put_file(str(folder / name), there)
            files.invalidate_cache()
            known[name] = [files.ukey(there), stamp]
            n_pushed += 1
    except Exception as error:
        raise StoreError(f"cannot write {url}: {type(error).__name__}: {_line(error)}") from error
    finally:
        _note(manifest, known)
    return n_pushed


def _open(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise InputError(f"{url} needs fsspec: pip install 'simdetect[remote]'") from None
    try:
        files, path = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise InputError(f"cannot read {url}: {_line(error)}") from None
    files.invalidate_cache()
    return files, str(path)


def _within(file: str, folder: str) -> str:
    name = file[len(folder) :].lstrip("/") if file.startswith(folder) else file
    if not name or name.startswith("/") or ".." in PurePosixPath(name).parts or "\\" in name:
        raise InputError(f"cannot read {folder}: it has a file of the name {ascii(name)[:80]}")
    return name


def _copy(files: Any, found: Mapping[str, str], target: Path, manifest: Path) -> None:
    """Fetch what is missing or has changed, and remove what was fetched once and is gone."""
    known = _manifest(manifest)
    for name in known.keys() - found.keys():
        with contextlib.suppress(OSError):
            (target / name).unlink(missing_ok=True)
        del known[name]
    for name, path in sorted(found.items()):
        own = target / name if name else target
        ukey = str(files.ukey(path))
        if own.is_file() and known.get(name, [None])[0] == ukey:
            continue
        if own.is_dir():
            shutil.rmtree(own)
        own.parent.mkdir(parents=True, exist_ok=True)
        with files.open(path, "rb") as source:
            write_whole(own, partial(shutil.copyfileobj, source))
        known[name] = [ukey, _digest(own)]
        _note(manifest, known)
    _note(manifest, known)


def _manifest(path: Path) -> dict[str, list[Any]]:
    try:
        found = nested.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _note(manifest: Path, known: Mapping[str, Any]) -> None:
    manifest.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(known, indent=1, sort_keys=True).encode()
    write_whole(manifest, lambda file: file.write(text))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]


def home(cache_folder: Path | None, name: str = _FOLDER) -> Path:
    """Where copies of what lies elsewhere are kept: below the cache folder, or until this process ends."""
    return (_temporary() if cache_folder is None else cache_folder) / name


@cache
def _temporary() -> Path:
    """Where copies lie when nothing is cached: gone when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="simdetect-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
