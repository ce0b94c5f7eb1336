"""Submissions that lie elsewhere, fetched when the user allows it and kept in the cache folder by what they are.

Archives are kept by their digest, which is checked each time, and repositories by their address. A submission that is
there is used without asking a network. Where a branch is named, the server is asked what it is now.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from simdetect.audit.submissions import Address, Reference, Submission
from simdetect.errors import InputError
from simdetect.options import ScanOptions
from simdetect.remote.gate import Gate
from simdetect.remote.git import Remote, fetch_commit, has_commit, is_commit
from simdetect.remote.http import Limits, download
from simdetect.remote.urls import home

__all__ = ["Fetched", "Fetcher"]

_FOLDER: Final = "submissions"
_THREADS: Final = 4  # at once: enough to wait for, few enough to be polite


@dataclass(frozen=True, slots=True)
class Fetched:
    """A submission's place on this machine, which need not be there yet.

    location: as a scan reads it. identity: what it is, wherever it lies. label: what a report calls it, None for the
    last name of its place.
    """

    location: str
    identity: tuple[str, str]
    label: str | None


@dataclass(slots=True)
class Fetcher:
    """Knows where submissions lie that are elsewhere, and gets them. gate: None when no network may be asked."""

    gate: Gate | None
    options: ScanOptions
    used: set[Path] = field(default_factory=set)

    @property
    def folder(self) -> Path:
        """Where they are kept."""
        return home(self.options.cache, _FOLDER)

    @property
    def _limits(self) -> Limits:
        return Limits(n_bytes=self.options.max_archive_bytes)

    def placed(self, submission: Submission) -> Fetched:
        """Where a submission will lie. Asks a server what a branch or tag is. Raises InputError."""
        match submission.elsewhere:
            case Address() as address:
                path = self.folder / address.sha256 / submission.path.name
                return Fetched(str(path), (submission.path.name, address.sha256), None)
            case Reference() as reference:
                commit = self._commit(reference)
                place = f"{commit}:{reference.subpath}" if reference.subpath else commit
                location = f"{self._repository(reference)}@{place}"
                return Fetched(location, (submission.path.name, place), f"{reference.repository}@{place}")
            case _:
                raise InputError(f"{submission.path} is no submission that lies elsewhere")

    def get(self, submission: Submission) -> None:
        """Have a submission at its place. Raises InputError: why it is not there, or what to type."""
        match submission.elsewhere:
            case Address() as address:
                self._get_archive(address, Path(self.placed(submission).location))
            case Reference() as reference:
                self._commit(reference)

    def get_all(self, submissions: Sequence[Submission], told: Callable[[int], None]) -> list[InputError | None]:
        """Have several, some at once; for each, what went wrong. told: called with how many are done."""

        def attempt(submission: Submission) -> InputError | None:
            try:
                self.get(submission)
            except InputError as error:
                return error
            return None

        results: list[InputError | None] = []
        with ThreadPoolExecutor(_THREADS, "fetch") as threads:
            for result in threads.map(attempt, submissions):
                results.append(result)
                told(len(results))
        self._shrink()
        return results

    def _get_archive(self, address: Address, path: Path) -> None:
        self.used.add(path.parent)
        if path.is_file():
            with path.open("rb") as file:
                is_whole = hashlib.file_digest(file, "sha256").hexdigest() == address.sha256
            if is_whole:
                os.utime(path.parent)
                return
        if self.gate is None:
            raise InputError(f"{path.name} lies at {address.url[:200]}: add --fetch to download it")
        path.parent.mkdir(parents=True, exist_ok=True)
        download(address.url, address.sha256, path, self.gate, self._limits)

    def _repository(self, reference: Reference) -> Path:
        name = hashlib.blake2b(reference.repository.encode(), digest_size=16).hexdigest()
        return self.folder / f"{name}.git"

    def _commit(self, reference: Reference) -> str:
        folder = self._repository(reference)
        self.used.add(folder)
        if is_commit(reference.ref) and has_commit(folder, reference.ref):
            os.utime(folder)
            return reference.ref
        if self.gate is None:
            raise InputError(
                f"the submission is {ascii(reference.ref)[:80]} of {reference.repository[:200]}: add --fetch to get it"
            )
        return fetch_commit(Remote(reference.repository, self.gate, self._limits), reference.ref, folder)

    def _shrink(self) -> None:
        """Remove what was not used for longest when there is too much; what this audit uses stays."""
        with contextlib.suppress(OSError):
            entries = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime)
            size = {path: sum(file.lstat().st_size for file in path.rglob("*") if file.is_file()) for path in entries}
            excess = sum(size.values()) - self.options.max_cache_bytes
            for path in entries:
                if excess > 0 and path not in self.used:
                    shutil.rmtree(path, ignore_errors=True)
                    excess -= size[path]
