"""Field by field the JSON report, schema `simdetect.report/2`; docs/report.md documents each. Lines are 1-based."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simdetect.model.layers import Layer
from simdetect.model.source import Place
from simdetect.model.summary import Summary
from simdetect.model.vocabulary import ExclusionReason, FileRole, ReviewStatus, Side, SkipReason, TextKind, Verdict

REPORT_SCHEMA = "simdetect.report/2"
CONTROL_SCHEMA = "simdetect.control/1"


@dataclass(frozen=True, slots=True)
class LineSpan:
    """1-based lines, both inclusive. start_column: 1-based, in characters, where it starts in its first line;
    end_column: behind its last character in its last line. None where only lines are known."""

    start_line: int
    end_line: int
    start_column: int | None = None
    end_column: int | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why evidence does not count, and what says so (a path, a model, a rule)."""

    reason: ExclusionReason
    by: str


@dataclass(frozen=True, slots=True)
class Review:
    """Why a piece of evidence is not new. reason, by: a reviewer's, or of `KNOWN` the baseline that holds it."""

    status: ReviewStatus
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The most telling lines of a piece of evidence, both sides from the same token on. Untrusted text: escape it.

    candidate, original: lines, long ones cut. candidate_line, original_line: number of the first of them.
    """

    candidate: tuple[str, ...]
    original: tuple[str, ...]
    candidate_line: int
    original_line: int


@dataclass(frozen=True, slots=True)
class SharedText:
    """One text that both files have, with the line where it first stands in each. Untrusted: escape it.

    original_text: as the original writes it, "" when that is the same. kind: what it is, in evidence that has texts of
    several kinds; None elsewhere.
    """

    text: str
    bits: float
    candidate_line: int
    original_line: int
    original_text: str = ""
    kind: TextKind | None = None


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """How many independent submissions of others for the same task have a piece of evidence too.

    n: those that agree with at least half of the same lines of the original, out_of: of how many. bits_left: what the
    evidence keeps of its bits; None when it was not weighed.
    """

    n: int
    out_of: int
    bits_left: float | None


@dataclass(frozen=True, slots=True)
class ElsewhereMatch:
    """Where a piece of evidence stands in a third program too. source: index into `ScanReport.elsewhere`. label: of
    that program; path: the file there. bits: of the agreement with it."""

    source: int
    label: str
    path: str
    span: LineSpan
    bits: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """One agreement between a candidate file and an original file.

    original: path. source: index into `ScanReport.originals`. n_tokens: candidate tokens covered; words of comments;
    texts, of layers that have items. n_verbatim: those whose text is the same on both sides. bits: surprise, None when
    not weighed. fingerprint: 16 hex digits, stable across runs and unrelated edits. excerpt: only for the strongest
    evidence. items: the texts of a name, constant, misspelling, order or translation, most telling first.
    candidate_unit, original_unit: what the two sides are called: of a translation the functions, of an order the lists;
    "" elsewhere.
    review: what a reviewer or a baseline says about it; it is never left out for that. also_in: what other submissions
    say about it, None when nothing is known or it does not count. elsewhere: third programs that have at least half of
    its lines too.
    """

    layer: Layer
    original: str
    source: int
    candidate: LineSpan
    original_span: LineSpan
    n_tokens: int
    n_verbatim: int
    bits: float | None
    excluded: Exclusion | None
    fingerprint: str
    excerpt: Excerpt | None = None
    items: tuple[SharedText, ...] = ()
    candidate_unit: str = ""
    original_unit: str = ""
    review: Review | None = None
    also_in: AlsoIn | None = None
    elsewhere: tuple[ElsewhereMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class OriginalMatch:
    """How much of one candidate file agrees with one original file.

    coverage: share of the candidate file's tokens. original_coverage: share of the original file's tokens.
    containment: share of the candidate's distinct fingerprints that the original has. jaccard: of the two sets.
    score: how much the two files resemble each other, each name and run of tokens weighed by its surprise, 0..1; see
    `resemblance`. No probability, and nothing is flagged by it.
    """

    original: str
    source: int
    probability: float | None
    bits: float | None
    matched_tokens: int
    coverage: float
    original_coverage: float
    longest_match: int
    containment: float
    jaccard: float
    score: float


@dataclass(frozen=True, slots=True)
class FileFinding:
    """Everything about one analysed candidate file.

    bits: of all layers together. layer_bits: what each adds. coverage: share of its tokens by layer, disjoint layers.
    score: the highest of its originals, 0 without any; see `OriginalMatch`. holder, places: the file on disk that holds
    it, "" when it is that itself, and where its lines stand there; see `SourceFile`.
    """

    candidate: str
    language: str
    role: FileRole
    n_tokens: int
    n_lines: int
    verdict: Verdict
    probability: float | None
    bits: float | None
    score: float
    layer_bits: Mapping[Layer, float]
    matched_tokens: Mapping[Layer, int]
    coverage: Mapping[Layer, float]
    longest_match: int
    error_share: float
    degraded: str | None
    originals: tuple[OriginalMatch, ...]
    evidence: tuple[Evidence, ...]
    n_evidence: int
    holder: str = ""
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class InputSummary:
    """One input of the scan. languages: number of analysed files by language."""

    label: str
    digest: str
    n_files: int
    n_discovered: int
    n_tokens: int
    languages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Revision:
    """One of several revisions of one original. source: index into `ScanReport.originals` of the best of them, which
    alone counts; is_best: whether this is it. verdict, probability, bits: what the scan comes to with it alone."""

    source: int
    label: str
    digest: str
    is_best: bool
    verdict: Verdict
    probability: float | None
    bits: float | None


@dataclass(frozen=True, slots=True)
class ObservedSummary:
    """One input that holds what the author saw. n_sessions, n_texts: recorded sessions and plain texts in it. Of the
    outputs of sessions, n_clean ran nothing but the executable, and n_mixed ran it beside something else."""

    label: str
    digest: str
    n_sessions: int
    n_texts: int
    n_clean: int
    n_mixed: int


@dataclass(frozen=True, slots=True)
class SkippedEntry:
    """One skipped file with the side and the index of the input it belongs to."""

    side: Side
    source: int
    path: str
    reason: SkipReason
    detail: str


@dataclass(frozen=True, slots=True)
class Control:
    """What the other submissions for the same instance say of one: see `control`.

    n_voices: others that are not near copies of it or of each other. bits_left: its bits without what they have too.
    n_alone: pieces of evidence that none of them has. lead_also_in: how many of them have the lead. near_identical:
    runs whose submissions are near copies of it.
    """

    n_voices: int
    bits_left: float | None
    n_alone: int | None
    lead_also_in: int | None
    near_identical: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScanReport:
    """The result of a scan. Identical for identical inputs and settings, but for `run`.

    control: what other submissions for the same task say of the candidate, None where there are none. revisions: of
    originals that were given in several, in the order of `originals` and then in the order given.
    """

    tool: Mapping[str, Any]
    candidate: InputSummary
    originals: tuple[InputSummary, ...]
    given: tuple[InputSummary, ...]
    base: tuple[InputSummary, ...]
    observed: tuple[ObservedSummary, ...]
    elsewhere: tuple[InputSummary, ...]
    settings: Mapping[str, Any]
    summary: Summary
    findings: tuple[FileFinding, ...]
    skipped: tuple[SkippedEntry, ...]
    warnings: tuple[str, ...]
    control: Control | None = None
    revisions: tuple[Revision, ...] = ()
    run: Mapping[str, Any] = field(default_factory=dict)
    schema: str = REPORT_SCHEMA
