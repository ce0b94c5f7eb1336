"""The first screen: the verdict, its numbers, what was left out, and the evidence that convinces most.

Everything said here leads to lines of code by one click or two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simdetect.model import FileFinding, ScanReport, Verdict
from simdetect.report import words
from simdetect.report.html.pieces import piece

__all__ = ["N_STRONGEST", "asides", "cards", "degraded_title", "flagged", "most_probable", "strongest", "verdict_lines"]

N_STRONGEST = 3


def verdict_lines(report: ScanReport) -> list[str]:
    """A short cry and sentences. Where there are cards, they say how many files and how probable."""
    cry, sentence = words.headline(report)
    reason = words.message(report.summary.reason)
    said = words.probability_words(report)
    if report.summary.verdict is Verdict.EVIDENCE and reason:
        return [cry, reason, said]
    return [cry, sentence[:1].upper() + sentence[1:], *([reason] if reason else []), said]


def cards(report: ScanReport, agreeing: Sequence[FileFinding]) -> list[dict[str, str]]:
    """The numbers of the first screen. Each leads to the code it rests on, by one click or two."""
    if not words.is_compared(report) or not agreeing:
        return []
    summary = report.summary
    original_tokens = words.n(sum(original.n_tokens for original in report.originals), "token")
    of_originals = "original's" if len(report.originals) == 1 else "originals'"
    files = words.n(report.candidate.n_files, "analysed candidate file")
    cards = [
        ("Files with evidence", f"{summary.n_flagged_files:,}", f"of {files}", "#findings"),
        (
            "Candidate that agrees",
            words.percent(summary.candidate_coverage),
            f"of its {words.n(summary.candidate_tokens, 'token')}",
            "#map",
        ),
        (
            "Original that reappears",
            words.percent(summary.original_coverage),
            f"of the {of_originals} {original_tokens}",
            "#sources",
        ),
        ("Longest agreeing stretch", f"{summary.longest_match:,}", "candidate tokens", _longest(agreeing)),
    ]
    if summary.probability is not None:
        cards.insert(0, _probability_card(report, agreeing))
    return [dict(zip(("name", "value", "of", "href"), card, strict=True)) for card in cards]


def _probability_card(report: ScanReport, agreeing: Sequence[FileFinding]) -> tuple[str, str, str, str]:
    assert report.summary.probability is not None
    value, best = words.percent(report.summary.probability), most_probable(agreeing)
    return "Probability of derivation", value, "at even prior odds", f"#file-{best + 1}"


def most_probable(agreeing: Sequence[FileFinding]) -> int:
    return max(range(len(agreeing)), key=lambda index: agreeing[index].probability or 0.0)


def _longest(agreeing: Sequence[FileFinding]) -> str:
    """The piece of evidence with most tokens that counts."""
    pieces = [
        (evidence.n_tokens, -number, -index)
        for number, finding in enumerate(agreeing, 1)
        for index, evidence in enumerate(finding.evidence, 1)
        if evidence.excluded is None and words.is_code(evidence)
    ]
    if not pieces:
        return "#findings"
    _, number, index = max(pieces)
    return f"#file-{-number}-{-index}"


def asides(report: ScanReport) -> list[dict[str, str]]:
    """What the first screen says in small print, with where it is shown."""
    asides = []
    rate = report.summary.false_positive_rate
    if rate is not None and rate.scores:
        asides.append(("Independent programs", words.false_positive_words(report), "#independent"))
    excluded = words.exclusion_words(report)
    if excluded:
        asides.append(("Excluded", "; ".join(excluded), "#excluded"))
    skipped = [
        f"{words.n(len(group.entries), 'file')} {group.reason} ({group.side})"
        for group in words.skip_groups(report)
        if group.is_important
    ]
    n_routine = sum(len(group.entries) for group in words.skip_groups(report) if not group.is_important)
    routine = [f"{words.n(n_routine, 'other file')} without code to compare"] if n_routine else []
    if skipped or routine:
        asides.append(("Not analysed", "; ".join([*skipped, *routine]), "#skipped"))
    if words.degraded_files(report):
        asides.append(("Parsed with difficulty", degraded_title(report), "#skipped"))
    return [dict(zip(("name", "text", "href"), aside, strict=True)) for aside in asides]


def strongest(report: ScanReport, numbers: Mapping[int, int]) -> list[dict[str, Any]]:
    """The pieces that convince most: counted, with an excerpt, highest bits, then most tokens.

    From files whose verdict is evidence; only when there are none, from the others.
    """
    found = [
        (finding, index, evidence)
        for finding in flagged(report) or report.findings
        for index, evidence in enumerate(finding.evidence, 1)
        if evidence.excerpt and not evidence.excluded
    ]
    found.sort(key=lambda piece: (-(piece[2].bits or 0), -piece[2].n_tokens))
    return [
        piece(report, finding, evidence, f"#file-{numbers[id(finding)]}-{index}")
        for finding, index, evidence in found[:N_STRONGEST]
    ]


def flagged(report: ScanReport) -> list[FileFinding]:
    return [finding for finding in report.findings if finding.verdict is Verdict.EVIDENCE]


def degraded_title(report: ScanReport) -> str:
    files = words.n(len(words.degraded_files(report)), "candidate file")
    return f"{files} compared as plain tokens instead of from a syntax tree"
