"""What the author of a candidate saw: plain texts, or recorded sessions of agents, named with `--observed`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from simdetect.errors import InputError
from simdetect.model import Observed, Session, Side, TextFile
from simdetect.options import BLACK_BOX, ScanOptions
from simdetect.remote.urls import located
from simdetect.scanning.inputs import Location, read_input
from simdetect.session.trajectory import is_trajectory, read_trajectory
from simdetect.session.trust import judged_texts
from simdetect.weighing.handouts import Handout, index_handouts
from simdetect.weighing.observable import Observable
from simdetect.weighing.observed import as_handouts, from_session, printed_beside

__all__ = ["handouts_of", "literals_of", "read_observed"]

_MOST_BYTES: Final = 256 << 20  # of a session


def read_observed(location: Location, options: ScanOptions, deadline: float | None) -> Observed:
    """A session, or a folder or archive of sessions and texts. Raises InputError when it cannot be read."""
    place = Path(located(location, options.cache))
    sessions = list(_sessions(place))
    known = {session.sha256 for session in sessions}
    if place.is_file() and known:
        return Observed(place.name, sessions[0].sha256, tuple(sessions), (), ())
    tree = read_input(location, Side.OBSERVED, options, deadline)
    every = [*tree.documents, *(TextFile(file.path, file.content, file.sha256) for file in tree.files)]
    texts = sorted((text for text in every if text.sha256 not in known), key=lambda text: text.path)
    inner = [
        session for text in texts for session in _session_in(text.content, text.path)
    ]  # in archives, or other names
    sessions += inner
    known |= {session.sha256 for session in inner} | {text.sha256 for text in texts if is_trajectory(text.content)}
    plain = [text for text in texts if text.sha256 not in known]
    unread = tuple(file for file in tree.skipped if file.sha256 not in {*known, *(text.sha256 for text in plain)})
    return Observed(Path(tree.label).name or tree.label, tree.digest, tuple(sessions), tuple(plain), unread)


def handouts_of(inputs: Sequence[Observed]) -> list[Handout]:
    """Everything that was observed, as what was handed out."""
    found: list[Handout] = []
    for observed in inputs:
        found += as_handouts(observed.texts)
        for session in observed.sessions:
            found += from_session(session)
    return found


def literals_of(inputs: Sequence[Observed], options: ScanOptions) -> Observable | None:
    """What the author may have seen of the original's literals beside that; None where that plays no part.

    A session is accepted when some output is clean. Then only what its other outputs may hold is set aside.
    """
    if options.setting != BLACK_BOX:
        return None
    if not any(observed.is_accepted for observed in inputs):
        return Observable(None)
    beside = [handout for item in inputs for session in item.sessions for handout in printed_beside(session)]
    return Observable(index_handouts(beside)) if beside else None


def _sessions(place: Path) -> Iterator[Session]:
    """The sessions that a file is, or that lie in a folder; links are not followed."""
    if place.is_dir():
        for folder, names, files in os.walk(place):
            names.sort()
            for name in sorted(files):
                path = Path(folder, name)
                if path.suffix == ".json" and not path.is_symlink():
                    yield from _session(path, path.relative_to(place).as_posix())
    elif place.is_file() and not place.name.endswith((".tar", ".zip", ".gz", ".zst", ".xz", ".bz2", ".tgz")):
        yield from _session(place, place.name)


def _session(path: Path, name: str) -> Iterator[Session]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(f"cannot read the trajectory {path}: over {_MOST_BYTES >> 20} MB")
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    yield from _session_in(content, name, str(path))


def _session_in(content: bytes, name: str, path: str = "") -> Iterator[Session]:
    """The session that a file holds, whatever it is called. Raises InputError when it cannot be read."""
    if is_trajectory(content) or name.endswith(".traj.json"):
        texts = judged_texts(read_trajectory(content, path or name))
        yield Session(name, hashlib.sha256(content).hexdigest(), tuple(texts))
