"""What reviewers decided about evidence, and what an earlier report held: marks on a report, never removals.

A decision names a piece of evidence by its fingerprint and how many occurrences of it were looked at; one more is new.
A baseline is an earlier report; what counted there in files with evidence is known. The verdict stays what was
measured. Whether anything is still open is asked file by file, because that is how files become evidence: by adding up.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simdetect.errors import InputError
from simdetect.model import Evidence, FileFinding, Review, ReviewStatus, ScanReport, Verdict
from simdetect.weighing.limits import FLOOR_BITS

__all__ = [
    "REOPENS_BITS",
    "Baseline",
    "Decision",
    "Decisions",
    "apply_review",
    "is_settled",
    "open_findings",
    "parse_decisions",
]

# New evidence reopens a settled file from here on. Chance regions of up to FLOOR_BITS count nothing; some 170 bits make
# a file evidence, so what stays below this could not by itself, by a wide margin.
REOPENS_BITS = 100.0
_KEYS = {"fingerprint", "decision", "reason", "by", "date", "occurrences"}
_CHOICES = tuple(status.value for status in ReviewStatus if status is not ReviewStatus.KNOWN)
_MOST_PROBLEMS = 5
_MOST_OCCURRENCES = 1_000_000
_MOST_UNMATCHED = 20  # decisions that are named because they match nothing
_DEEP_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){64}""")


@dataclass(frozen=True, slots=True)
class Decision:
    """A reviewer's word on a piece of evidence. occurrences: how many of its kind it covers, at least 1."""

    fingerprint: str
    status: ReviewStatus
    reason: str
    by: str
    occurrences: int


@dataclass(frozen=True, slots=True)
class Decisions:
    """A file of decisions. name: for reports. sha256: of its text."""

    name: str
    sha256: str
    entries: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    """An earlier report. name: for reports. sha256: of its text."""

    name: str
    sha256: str
    report: ScanReport


# --- reading -------------------------------------------------------------------------------------------------------


def parse_decisions(text: str, name: str) -> Decisions:
    """The decisions that a TOML text holds, as docs/review.md describes it.

    Raises:
        InputError: not TOML, or entries that say too little or what is not understood; one line that names them.
    """
    if _DEEP_KEY.search(text):  # the parser needs memory with the square of their number
        raise InputError("not a file of decisions: a key of many parts")
    try:
        stored = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits are a ValueError
        raise InputError(f"not TOML: {str(error)[:200]}") from None
    entries = stored.get("decision", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError("decision: expected tables that begin with [[decision]]")
    unknown = sorted(stored.keys() - {"decision"})
    problems = [f"unknown key {ascii(key)[:40]}" for key in unknown]
    for number, entry in enumerate(entries, 1):
        problems += [f"decision {number}: {problem}" for problem in _problems(entry)]
    if problems:
        more = f"; and {len(problems) - _MOST_PROBLEMS} more" if len(problems) > _MOST_PROBLEMS else ""
        raise InputError("; ".join(problems[:_MOST_PROBLEMS]) + more)
    return Decisions(name, hashlib.sha256(text.encode()).hexdigest(), tuple(map(_decision, entries)))


def _problems(entry: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"unknown key {ascii(key)[:40]}" for key in sorted(entry.keys() - _KEYS))
    fingerprint, reason, occurrences = entry.get("fingerprint"), entry.get("reason"), entry.get("occurrences", 1)
    if not isinstance(fingerprint, str) or re.fullmatch("[0-9a-f]{16}", fingerprint) is None:
        yield f"fingerprint: expected 16 hexadecimal digits, found {ascii(fingerprint)[:40]}"
    if entry.get("decision") not in _CHOICES:
        yield f"decision: expected one of {', '.join(_CHOICES)}; found {ascii(entry.get('decision'))[:40]}"
    if not isinstance(reason, str) or not reason.strip():
        yield "reason: say why, a decision without a reason convinces nobody"
    if not isinstance(entry.get("by", ""), str):
        yield "by: expected a name"
    if not isinstance(occurrences, int) or isinstance(occurrences, bool) or occurrences < 1:
        yield f"occurrences: expected a whole number of at least 1, found {ascii(occurrences)[:40]}"
    elif occurrences > _MOST_OCCURRENCES:
        yield f"occurrences: more than {_MOST_OCCURRENCES:,}"


def _decision(entry: Mapping[str, Any]) -> Decision:
    by = ", ".join(str(part) for part in (entry.get("by"), entry.get("date")) if part)
    return Decision(
        fingerprint=entry["fingerprint"],
        status=ReviewStatus(entry["decision"]),
        reason=entry["reason"].strip(),
        by=by,
        occurrences=entry.get("occurrences", 1),
    )


# --- marking -------------------------------------------------------------------------------------------------------


def apply_review(report: ScanReport, decisions: Decisions | None, baseline: Baseline | None = None) -> ScanReport:
    """The report with a `Review` on every piece of evidence that was decided or is known, and nothing left out.

    Decisions come first. Those that match nothing, and evidence that occurs more often than was decided, become
    warnings. `settings` name the files that had a say, with their digests.
    """
    entries = decisions.entries if decisions else ()
    left = _Left(entries, baseline)
    findings = tuple(_marked(finding, left) for finding in report.findings)
    sources = {"decisions": decisions, "baseline": baseline}
    named = {key: {"name": file.name, "sha256": file.sha256} for key, file in sources.items() if file}
    return replace(
        report,
        findings=findings,
        settings={**report.settings, **named},
        warnings=(*report.warnings, *_warnings(entries, findings)),
    )


class _Left:
    """Reviews that are not used up yet, by fingerprint."""

    def __init__(self, entries: Sequence[Decision], baseline: Baseline | None) -> None:
        self._reviews: dict[str, deque[tuple[Review, int]]] = {}  # each with how many of it are left
        for entry in entries:
            self._add(entry.fingerprint, Review(entry.status, entry.reason, entry.by), entry.occurrences)
        if baseline is not None:
            for fingerprint, n in _known(baseline.report).items():
                self._add(fingerprint, Review(ReviewStatus.KNOWN, "", baseline.name), n)

    def _add(self, fingerprint: str, review: Review, n: int) -> None:
        self._reviews.setdefault(fingerprint, deque()).append((review, n))

    def take(self, fingerprint: str) -> Review | None:
        """The next review of a piece of evidence, None when it is new."""
        reviews = self._reviews.get(fingerprint)
        if not reviews:
            return None
        review, n = reviews.popleft()
        if n > 1:
            reviews.appendleft((review, n - 1))
        return review


def _known(report: ScanReport) -> Counter[str]:
    """What counted in the files that were evidence."""
    flagged = [finding for finding in report.findings if finding.verdict is Verdict.EVIDENCE]
    return Counter(piece.fingerprint for finding in flagged for piece in finding.evidence if piece.excluded is None)


def _marked(finding: FileFinding, left: _Left) -> FileFinding:
    evidence = tuple(replace(piece, review=left.take(piece.fingerprint)) for piece in finding.evidence)
    return replace(finding, evidence=evidence)


def _warnings(entries: Sequence[Decision], findings: Sequence[FileFinding]) -> Iterator[str]:
    found = Counter(piece.fingerprint for finding in findings for piece in finding.evidence)
    decided: Counter[str] = Counter()
    unmatched = [entry for entry in entries if not found[entry.fingerprint]]
    for entry in unmatched[:_MOST_UNMATCHED]:
        yield f"decision on {entry.fingerprint} ({entry.status}: {entry.reason}) matches nothing in this scan"
    if len(unmatched) > _MOST_UNMATCHED:
        yield f"{len(unmatched) - _MOST_UNMATCHED:,} more decisions match nothing in this scan"
    for entry in entries:
        decided[entry.fingerprint] += entry.occurrences
    for fingerprint, n in decided.items():
        if found[fingerprint] > n:
            yield f"evidence {fingerprint} occurs {found[fingerprint]} times, {n} of them decided: the rest is new"


# --- what is open --------------------------------------------------------------------------------------------------


def open_findings(report: ScanReport) -> list[FileFinding]:
    """The files with evidence that no decision or baseline settles, in the order of the report."""
    return [finding for finding in report.findings if finding.verdict is Verdict.EVIDENCE and not is_settled(finding)]


def is_settled(finding: FileFinding) -> bool:
    """Whether some evidence of a file was reviewed and what else is listed adds up to less than `REOPENS_BITS`."""
    counted = [piece for piece in finding.evidence if piece.excluded is None]
    is_reviewed = any(piece.review for piece in counted)
    return is_reviewed and sum(map(_open_bits, counted)) < REOPENS_BITS


def _open_bits(piece: Evidence) -> float:
    if piece.review is not None:
        return 0.0
    return REOPENS_BITS if piece.bits is None else max(0.0, piece.bits - FLOOR_BITS)
