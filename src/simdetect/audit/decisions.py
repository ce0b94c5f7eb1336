"""Adjudication: what people decided about suspected instances, in a file beside the run.

    RUN.decisions.json    beside the run's folder, never in it: a run is published by whoever submits it

A decision is about an instance, a file of its submission, or a file of its original, and holds the fingerprints of the
evidence that was looked at. Later audits carry it over: it stands as long as what is new adds up to little, as for the
pieces that `report.review` knows. Each person has one vote on each matter; two that differ are a dispute, and a run may
ask for two that agree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from simdetect.errors import InputError
from simdetect.model import InstanceDecision, nested
from simdetect.report.review import REOPENS_BITS
from simdetect.store import write_text
from simdetect.weighing.limits import FLOOR_BITS

__all__ = [
    "CHOICES",
    "Decisions",
    "Matter",
    "Vote",
    "decided",
    "decisions_file",
    "read_decisions",
    "with_vote",
    "write_decisions",
]

CHOICES: Final = ("recalled", "not-recalled", "given")
_SCHEMA: Final = "simdetect.decisions/1"
_MAX_BYTES: Final = 64 << 20

Report = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Matter:
    """What is decided about: an instance; of it, one file of the submission, or one of the original."""

    instance: str
    candidate: str | None = None
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person says. fingerprints: of the evidence that was looked at, sorted."""

    by: str
    date: str
    decision: str
    reason: str
    fingerprints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """All votes on a run, by matter. sign_offs: how many people must agree, 1 or 2."""

    votes: Mapping[Matter, tuple[Vote, ...]]
    sign_offs: int = 1

    def of(self, instance: str) -> dict[Matter, tuple[Vote, ...]]:
        """What is said of an instance."""
        return {matter: votes for matter, votes in self.votes.items() if matter.instance == instance}


def decisions_file(run: Path) -> Path:
    """Where the decisions on a run are kept."""
    place = run.resolve()
    return place.with_name(f"{place.name}.decisions.json")


# --- the file --------------------------------------------------------------------------------------------------------


def read_decisions(path: Path) -> Decisions:
    """The decisions that a file holds; none when there is no such file. Raises InputError."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{path} is too large for a file of decisions")
        found = nested.loads(path.read_bytes())
    except FileNotFoundError:
        return Decisions({})
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"cannot read {path}: {str(error)[:200]}") from error
    try:
        if found["schema"] != _SCHEMA or found["sign_offs"] not in (1, 2):
            raise ValueError
        votes = {Matter(**entry["matter"]): tuple(map(_vote, entry["votes"])) for entry in found["decisions"]}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{path} is no file of decisions ({_SCHEMA})") from error
    return Decisions(votes, found["sign_offs"])


def _vote(said: Mapping[str, Any]) -> Vote:
    vote = Vote(**{**said, "fingerprints": tuple(said["fingerprints"])})
    texts = vote.by, vote.date, vote.decision, vote.reason, *vote.fingerprints
    if vote.decision not in CHOICES or not all(isinstance(text, str) for text in texts):
        raise ValueError(vote.decision)
    return vote


def write_decisions(path: Path, decisions: Decisions) -> None:
    """Write all decisions, whole or not at all."""
    entries = [{"matter": asdict(matter), "votes": list(map(asdict, votes))} for matter, votes in _sorted(decisions)]
    whole = {"schema": _SCHEMA, "sign_offs": decisions.sign_offs, "decisions": entries}
    write_text(path, json.dumps(whole, indent=1) + "\n")


def _sorted(decisions: Decisions) -> list[tuple[Matter, tuple[Vote, ...]]]:
    def key(item: tuple[Matter, object]) -> tuple[str, str, str]:
        return item[0].instance, item[0].candidate or "", item[0].original or ""

    return sorted(decisions.votes.items(), key=key)


def with_vote(decisions: Decisions, matter: Matter, vote: Vote, report: Report) -> Decisions:
    """The decisions with a vote, which replaces an earlier one of the same person.

    report: of the instance, as JSON; the vote gets the fingerprints of its evidence. Raises InputError: there is no
    evidence of that kind in it.
    """
    pieces = [piece for piece in _pieces(report) if _is_about(matter, piece)]
    if (matter.candidate or matter.original) and not pieces:
        raise InputError(f"{matter.instance} has no evidence in {matter.candidate or matter.original}")
    looked_at = replace(vote, fingerprints=tuple(sorted({piece["fingerprint"] for _, piece in pieces})))
    others = [one for one in decisions.votes.get(matter, ()) if one.by != vote.by]
    return replace(decisions, votes={**decisions.votes, matter: (*others, looked_at)})


# --- what they come to -----------------------------------------------------------------------------------------------

Piece = tuple[str, Mapping[str, Any]]  # candidate file, evidence


def decided(decisions: Decisions, instance: str, report: Report) -> InstanceDecision | None:
    """What the votes on an instance come to; None when nobody said anything. report: as JSON."""
    said = decisions.of(instance)
    if not said:
        return None
    if any(len({vote.decision for vote in votes}) > 1 for votes in said.values()):
        return _summed_up("disputed", said, report, open_files=_flagged(report))
    valid = {matter: votes for matter, votes in said.items() if len(votes) >= decisions.sign_offs}
    if not valid:
        return _summed_up("waiting", said, report, open_files=_flagged(report))
    open_files = [path for path in _flagged(report) if _open_bits(path, valid, report) >= REOPENS_BITS]
    if open_files:
        return _summed_up("open", valid, report, open_files)
    found = {votes[0].decision for votes in valid.values()}
    return _summed_up(next(choice for choice in CHOICES if choice in found), valid, report, [])


def _summed_up(
    status: str, said: Mapping[Matter, Sequence[Vote]], report: Report, open_files: Sequence[str]
) -> InstanceDecision:
    votes = [vote for of_matter in said.values() for vote in of_matter]
    by = tuple(dict.fromkeys(f"{vote.by}, {vote.date}" for vote in votes))
    reason = "; ".join(dict.fromkeys(vote.reason for vote in votes))
    return InstanceDecision(status, reason, by, len(_flagged(report)), len(open_files))


def _flagged(report: Report) -> list[str]:
    return [finding["candidate"] for finding in report["findings"] if finding["verdict"] == "evidence"]


def _open_bits(path: str, valid: Mapping[Matter, Sequence[Vote]], report: Report) -> float:
    """Bits of a file's evidence that no decision covers."""
    left = 0.0
    for piece in _pieces(report):
        if piece[0] == path and not any(_covers(matter, votes, piece) for matter, votes in valid.items()):
            bits = piece[1]["bits"]
            left += REOPENS_BITS if bits is None else max(0.0, bits - FLOOR_BITS)
    return left


def _covers(matter: Matter, votes: Sequence[Vote], piece: Piece) -> bool:
    return _is_about(matter, piece) and all(piece[1]["fingerprint"] in vote.fingerprints for vote in votes)


def _is_about(matter: Matter, piece: Piece) -> bool:
    path, evidence = piece
    return matter.candidate in (None, path) and matter.original in (None, evidence["original"])


def _pieces(report: Report) -> Iterator[Piece]:
    """Evidence that counts, in files with evidence."""
    for finding in report["findings"]:
        if finding["verdict"] == "evidence":
            yield from ((finding["candidate"], piece) for piece in finding["evidence"] if piece["excluded"] is None)
