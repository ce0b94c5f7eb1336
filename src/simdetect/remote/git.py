"""Commits of strangers' repositories, into bare repositories on this machine: no checkout, no hooks, no programs.

Everything is done with dulwich, whose requests go through the gate: an address like `ext::sh` or one of ssh has no
meaning here. What is fetched is one commit with its files, not its history. A ref `refs/simdetect/<commit>` is written
when everything is there and was verified, so who finds it need not ask again.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Final

from dulwich.client import AbstractHttpGitClient
from dulwich.object_store import ObjectStoreGraphWalker
from dulwich.objects import ObjectID
from dulwich.repo import Repo

from simdetect.errors import InputError
from simdetect.remote.gate import Gate
from simdetect.remote.http import Limits, PassingError, Request, asked, with_retries
from simdetect.remote.packs import PackLimits, add_pack, check_pack, commit_of, objects_of, write_pack

__all__ = [
    "Remote",
    "bare_repository",
    "fetch_commit",
    "fetch_tags",
    "has_commit",
    "is_commit",
    "is_ref_name",
    "newest",
]

_COMMIT: Final = re.compile("[0-9a-f]{40}")
# As `git check-ref-format` has it, and a little stricter: plain characters only.
_REF_NAME: Final = re.compile(r"(?!.*(?:\.\.|//|\.lock(?:/|$)|@\{))[A-Za-z0-9_][A-Za-z0-9_./@+-]{0,199}(?<![./])")
_NUMBER: Final = re.compile(r"\d{1,9}")
_UNFINISHED: Final = re.compile(r"alpha|beta|rc\d*|pre|dev|nightly|snapshot|test", re.IGNORECASE)
_MARK: Final = b"refs/simdetect/"

Refs = Mapping[bytes, ObjectID]
Choose = Callable[[Refs], list[ObjectID]]


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a repository is, and how it may be asked. address: https, or a mirror on this machine."""

    address: str | Path
    gate: Gate = field(default_factory=Gate)
    limits: Limits = field(default_factory=Limits)
    pack_limits: PackLimits = field(default_factory=PackLimits)


def is_commit(text: str) -> bool:
    """Whether a text is the full name of a commit."""
    return _COMMIT.fullmatch(text) is not None


def is_ref_name(text: str) -> bool:
    """Whether a text is a name that a branch or tag may have, of plain characters."""
    parts = text.split("/")
    return _REF_NAME.fullmatch(text) is not None and not any(part.startswith((".", "-")) for part in parts)


def bare_repository(folder: Path) -> None:
    """Make an empty bare repository, unless there is one: whole or not at all."""
    if (folder / "HEAD").is_file():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        Repo.init_bare(str(work)).close()
        with contextlib.suppress(OSError):  # another process was first
            work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def has_commit(folder: Path, commit: str) -> bool:
    """Whether a repository has all of a commit."""
    return (folder / _MARK.decode() / commit).is_file()


def fetch_commit(remote: Remote, ref: str, folder: Path) -> str:
    """Fetch the commit that a full hash, a branch or a tag names, unless it is there. Returns its hash.

    Raises InputError: the gate, the limits, no such commit, or something that is damaged.
    """
    if is_commit(ref) and has_commit(folder, ref):
        return ref
    if not is_commit(ref) and not is_ref_name(ref):
        raise InputError(f"not fetched: {ascii(ref)[:80]} is no commit and no name of a branch or tag")
    chosen: list[ObjectID] = []

    def choose(refs: Refs) -> list[ObjectID]:
        chosen[:] = [_named(refs, ref)]
        return chosen

    prefixes = [b"HEAD"] if is_commit(ref) else [kind + ref.encode() for kind in (b"refs/heads/", b"refs/tags/")]
    with_retries(lambda: _fetch(remote, folder, choose, prefixes), remote.limits)
    with closing(Repo(str(folder))) as repository:
        return _finished(repository, chosen[0])


def fetch_tags(remote: Remote, n: int, folder: Path) -> dict[str, str]:
    """Fetch the commits of the newest n tags that are not there. Returns their commits by name, newest first."""
    chosen: dict[str, ObjectID] = {}

    def choose(refs: Refs) -> list[ObjectID]:
        names = [name.removeprefix(b"refs/tags/").decode() for name in refs if name.startswith(b"refs/tags/")]
        chosen.clear()
        chosen.update({name: refs[b"refs/tags/" + name.encode()] for name in newest(names, n)})
        return list(dict.fromkeys(chosen.values()))

    with_retries(lambda: _fetch(remote, folder, choose, [b"refs/tags/"]), remote.limits)
    with closing(Repo(str(folder))) as repository:
        found = {name: _finished(repository, tag) for name, tag in chosen.items()}
        for name, tag in chosen.items():
            repository.refs[b"refs/tags/" + name.encode()] = tag
    return found


def newest(names: Sequence[str], n: int) -> list[str]:
    """The n newest of the names of tags, newest first: finished versions before others, by the numbers in them."""

    def key(name: str) -> tuple[bool, bool, list[int], str]:
        numbers = [int(number) for number in _NUMBER.findall(name)]
        return bool(numbers), not _UNFINISHED.search(name), numbers, name

    return sorted(filter(is_ref_name, names), key=key, reverse=True)[:n]


def _named(refs: Refs, ref: str) -> ObjectID:
    if is_commit(ref):
        return ObjectID(ref.encode())
    for kind in (b"refs/heads/", b"refs/tags/"):
        if (found := refs.get(kind + ref.encode())) is not None:
            return found
    raise InputError(f"not fetched: there is no branch or tag {ref!r}")


def _finished(repository: Repo, name: ObjectID) -> str:
    """Verify that all of a commit is there, and mark it. Returns its hash."""
    commit = commit_of(repository, name)
    objects_of(repository, commit)
    repository.update_shallow({commit.id} if commit.parents else None, None)
    repository.refs[_MARK + commit.id] = commit.id
    return str(commit.id.decode())


def _fetch(remote: Remote, folder: Path, choose: Choose, prefixes: Sequence[bytes]) -> None:
    """Get a pack of what was chosen, check it, and put it into the repository."""
    bare_repository(folder)
    with closing(Repo(str(folder))) as repository, tempfile.TemporaryFile(dir=folder) as file:

        def missing(refs: Refs) -> list[ObjectID]:
            return [name for name in choose(refs) if not _is_whole(repository, name)]

        if isinstance(remote.address, Path):
            _from_mirror(remote.address, missing, file)
        else:
            _from_server(remote, missing, prefixes, file)
        if file.tell():
            file.seek(0)
            check_pack(file, remote.pack_limits)
            file.seek(0)
            add_pack(repository, file)


def _is_whole(repository: Repo, name: ObjectID) -> bool:
    try:
        return (_MARK + commit_of(repository, name).id) in repository.refs
    except InputError:
        return False


def _from_mirror(mirror: Path, choose: Choose, file: IO[bytes]) -> None:
    try:
        with closing(Repo(str(mirror))) as repository:
            refs = dict(repository.get_refs())
    except Exception as error:
        raise InputError(f"{mirror} is no git repository that can be read") from error
    names = choose(refs)
    if names:
        write_pack(mirror, names, file)


def _from_server(remote: Remote, choose: Choose, prefixes: Sequence[bytes], file: IO[bytes]) -> None:
    """Ask a server for a pack of what was chosen. Raises InputError."""
    with contextlib.ExitStack() as open_answers:
        client = _Client(remote, open_answers)
        walker = ObjectStoreGraphWalker([], lambda _: [], shallow=set())
        n_bytes = 0

        def write(data: bytes) -> int:
            nonlocal n_bytes
            n_bytes += len(data)
            if n_bytes > remote.limits.n_bytes:
                raise InputError(f"not fetched: {remote.address} sends more than {remote.limits.n_bytes:,} bytes")
            return file.write(data)

        def wants(refs: Refs, depth: int | None = None) -> list[ObjectID]:  # noqa: ARG001  # as dulwich calls it
            return choose(refs)

        try:
            client.fetch_pack("", wants, walker, write, depth=1, ref_prefix=list(prefixes))
        except InputError:
            raise
        except Exception as error:  # whatever a stranger's server says, dulwich may stumble over
            raise PassingError(f"cannot fetch {remote.address}: {type(error).__name__}: {_line(error)}") from error


def _line(error: Exception) -> str:
    return ascii(" ".join(str(error).split())[:200])[1:-1]


class _Client(AbstractHttpGitClient):  # type: ignore[misc]  # dulwich is not typed for us
    """dulwich's client for HTTP, whose requests go through the gate. A token is not sent after a redirect."""

    def __init__(self, remote: Remote, open_answers: contextlib.ExitStack) -> None:
        address = str(remote.address)
        super().__init__(address, quiet=True)
        self._remote = remote
        self._open_answers = open_answers

    def _get_url(self, path: str | bytes) -> str:  # noqa: ARG002
        return str(self._base_url)

    def _http_request(
        self,
        url: str,
        headers: dict[str, str] | None = None,
        data: bytes | Iterator[bytes] | None = None,
        raise_for_status: bool = True,  # noqa: ARG002
    ) -> tuple[Any, Callable[[int], bytes]]:
        body = data if data is None or isinstance(data, bytes) else b"".join(data)
        request = Request(url, body, {"Pragma": "no-cache", **(headers or {})}, is_git=True)
        answer = self._open_answers.enter_context(asked(request, self._remote.gate, self._remote.limits))
        if body is None and not answer.content_type.startswith("application/x-git-"):
            raise InputError(f"not fetched: {answer.url} is no git repository")
        is_redirected = answer.url != url
        if is_redirected:
            self._remote = replace(self._remote, gate=replace(self._remote.gate, tokens=()))
        return _Response(answer.content_type, answer.url if is_redirected else ""), _filled(answer.read)


@dataclass(frozen=True, slots=True)
class _Response:
    """What dulwich wants to know of an answer."""

    content_type: str
    redirect_location: str
    status: int = 200

    def close(self) -> None:
        """Closed with everything else."""


def _filled(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """Reads as many bytes as asked for, while there are any."""

    def read_all(n: int) -> bytes:
        parts: list[bytes] = []
        while n > 0 and (chunk := read(n)):
            parts.append(chunk)
            n -= len(chunk)
        return b"".join(parts)

    return read_all
