"""What was compared: inputs by their labels, originals by their paths."""

from __future__ import annotations

from collections.abc import Sequence

from simdetect.model import FileFinding, InputSummary, ObservedSummary, Revision, ScanReport
from simdetect.report.safe import clip
from simdetect.report.words.numbers import n, path

__all__ = [
    "inputs",
    "is_compared",
    "languages_words",
    "observed_words",
    "original_name",
    "other_originals",
    "revision_words",
    "setting_words",
    "title",
]

_MOST_REVISIONS = 6  # that are named beside the best
_MOST_LANGUAGES = 6  # of an input; the rest is counted


def title(report: ScanReport) -> str:
    """What was compared with what, in one line."""
    others = f" and {len(report.originals) - 1} more" if len(report.originals) > 1 else ""
    original = path(report.originals[0].label) if report.originals else "nothing"
    return f"{path(report.candidate.label)} compared with {original}{others}"


def is_compared(report: ScanReport) -> bool:
    """Whether both sides had code at all."""
    return report.summary.candidate_tokens > 0 and any(original.n_tokens for original in report.originals)


def inputs(report: ScanReport) -> list[tuple[str, InputSummary]]:
    """Every input with its role, candidate first."""
    originals = [("original", summary) for summary in report.originals]
    handed = [*(("given", summary) for summary in report.given), *(("base", summary) for summary in report.base)]
    third = [("elsewhere", summary) for summary in report.elsewhere]
    return [("candidate", report.candidate), *originals, *handed, *third]


def setting_words(report: ScanReport) -> str:
    """What the author is taken to have had."""
    if report.settings.get("setting") != "black-box":
        return ""
    return (
        "Setting: black-box. The author had the executable and its documentation, so texts that the program can print "
        "prove nothing."
    )


def observed_words(report: ScanReport) -> list[str]:
    """Everything that holds what the author saw, a sentence each."""
    return [_observed(item) for item in report.observed]


def _observed(item: ObservedSummary) -> str:
    parts = [n(item.n_texts, "text")] if item.n_texts else []
    if item.n_sessions:
        parts.append(
            f"{n(item.n_sessions, 'recorded session')}, {n(item.n_clean, 'output')} of the executable alone, "
            f"{item.n_mixed:,} of it beside something else"
        )
    return f"observed: {path(item.label)} ({'; '.join(parts) or 'nothing'}), sha256 {item.digest[:16]}"


def revision_words(report: ScanReport) -> list[str]:
    """What the revisions of each original come to that was given in several, a sentence each."""
    families: dict[int, list[Revision]] = {}
    for own in report.revisions:
        families.setdefault(own.source, []).append(own)
    return [_family_words(family) for family in families.values()]


def _family_words(family: Sequence[Revision]) -> str:
    best = ", ".join(path(own.label) for own in family if own.is_best)
    others = [own for own in family if not own.is_best]
    shown = "; ".join(map(_revision, others[:_MOST_REVISIONS]))
    more = f" and {len(others) - _MOST_REVISIONS} more" if len(others) > _MOST_REVISIONS else ""
    return f"{n(len(family), 'revision')} of one original, of which only the best counts: {best}. Others: {shown}{more}"


def _revision(own: Revision) -> str:
    verdict = own.verdict.value.replace("-", " ")
    bits = "" if own.bits is None else f", {own.bits:,.0f} bits"
    return f"{path(own.label)} ({verdict}{bits})"


def languages_words(summary: InputSummary) -> str:
    """The languages of an input with their files, most files first: "c 8, python 4"."""
    ranked = sorted(summary.languages.items(), key=lambda item: (-item[1], item[0]))
    shown = ", ".join(f"{clip(name, 40)} {n_files:,}" for name, n_files in ranked[:_MOST_LANGUAGES])
    n_more = len(ranked) - _MOST_LANGUAGES
    return shown + (f" and {n_more} more" if n_more > 0 else "")


def original_name(report: ScanReport, source: int, original: str) -> str:
    """The path of an original file, with the label of its input when there are several."""
    if len(report.originals) == 1:
        return path(original)
    return f"[{path(report.originals[source].label)}] {path(original)}"


def other_originals(report: ScanReport, finding: FileFinding) -> str:
    """How many originals besides the first have counted agreement; "at least", when the list may have been cut."""
    n_others = sum(match.matched_tokens > 0 for match in finding.originals[1:])
    is_cut = n_others + 1 == report.settings.get("max_originals")
    at_least = "at least " if is_cut else ""
    return f"; also agrees with {at_least}{n(n_others, 'other original file')}" if n_others else ""
