"""The result of an audit of benchmark runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simdetect.model.layers import Layer
from simdetect.model.power import PowerRow
from simdetect.model.report import Control, LineSpan
from simdetect.model.session import SessionCounts
from simdetect.model.vocabulary import Verdict

AUDIT_SCHEMA = "simdetect.audit/2"


@dataclass(frozen=True, slots=True)
class Lead:
    """Where to look first in one instance of an audit: its heaviest counted evidence."""

    candidate: str
    original: str
    candidate_lines: LineSpan
    original_lines: LineSpan
    layer: Layer
    n_tokens: int
    bits: float | None


@dataclass(frozen=True, slots=True)
class InstanceDecision:
    """What people decided about a suspected instance.

    status: "recalled", "not-recalled" or "given"; "open" where evidence is left that nobody decided, "waiting" for a
    second person, "disputed". by: who, with the date. n_files: with evidence; n_open: of them not decided.
    """

    status: str
    reason: str
    by: tuple[str, ...]
    n_files: int
    n_open: int

    @property
    def is_final(self) -> bool:
        """Whether nothing is left to decide."""
        return self.status not in ("open", "waiting", "disputed")


@dataclass(frozen=True, slots=True)
class FlagRate:
    """How often independent submissions are flagged that are judged by one population: flagged of out_of. upper_95:
    bound of the rate."""

    population: str
    flagged: int
    out_of: int
    upper_95: float


@dataclass(frozen=True, slots=True)
class InstanceResult:
    """One instance of a benchmark run, after its scan.

    language: of the task, or most of the original's code. report: its JSON report, relative to the run's folder of
    reports. error: why there is none; then everything else but language and difficulty is None. difficulty: of the
    task. n_tokens: of the submission. session: what its recorded session says, in numbers.
    decision: what people decided about it. power: what its scan would have found of planted functions; None where that
    was not measured, nothing where none could be planted. flag_rate: of independent submissions that are judged alike.
    """

    run: str
    instance: str
    language: str | None = None
    verdict: Verdict | None = None
    reason: str | None = None
    probability: float | None = None
    bits: float | None = None
    n_flagged_files: int | None = None
    candidate_coverage: float | None = None
    lead: Lead | None = None
    report: str | None = None
    error: str | None = None
    control: Control | None = None
    difficulty: str | None = None
    n_tokens: int | None = None
    session: SessionCounts | None = None
    power: tuple[PowerRow, ...] | None = None
    flag_rate: FlagRate | None = None
    decision: InstanceDecision | None = None


@dataclass(frozen=True, slots=True)
class FalseFlags:
    """How many submissions an audit would flag if nobody had recalled anything.

    flagged, out_of: independently written submissions that were flagged when the rate was measured. n_judged: instances
    with a verdict either way; expected: of those, at that rate; upper_95: the same at the upper bound of the rate.
    """

    flagged: int
    out_of: int
    n_judged: int
    expected: float
    upper_95: float


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The result of an audit: one entry for every instance of every run, by run and instance. false_flags: None when no
    rate was measured for whole submissions."""

    tool: Mapping[str, Any]
    settings: Mapping[str, Any]
    runs: tuple[str, ...]
    instances: tuple[InstanceResult, ...]
    false_flags: FalseFlags | None = None
    schema: str = AUDIT_SCHEMA
