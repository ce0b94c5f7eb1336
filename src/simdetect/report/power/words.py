"""What a report on planted functions says in words, in every format that people read."""

from __future__ import annotations

from typing import Final

from simdetect.model import Disguise, PlantSize, PowerReport, PowerRow, TrialRate, Verdict
from simdetect.report.words import n, path

__all__ = ["HEADS", "caveats", "cells", "headline", "rate_words", "sentences", "title"]

HEADS: Final = ("planted", "disguise", "lines", "drawn from", "found", "flagged")
_WHAT: Final = {PlantSize.TENTH: "a tenth of the candidate", PlantSize.FILE: "a whole file"}
_DISGUISE: Final = {
    Disguise.VERBATIM: "verbatim",
    Disguise.RENAMED: "with all names changed",
    Disguise.REWRITTEN: "renamed and rewritten",
}
# What is said in a sentence: the rest stands in the table.
_SAID: Final = (
    (PlantSize.MEDIUM, Disguise.VERBATIM),
    (PlantSize.MEDIUM, Disguise.RENAMED),
    (PlantSize.TENTH, Disguise.VERBATIM),
    (PlantSize.FILE, Disguise.VERBATIM),
)


def title(report: PowerReport) -> str:
    """What was planted into what."""
    originals = ", ".join(path(own.label) for own in report.originals)
    return f"What a scan of {path(report.candidate.label)} against {originals} would have found"


def headline(report: PowerReport) -> str:
    """What the scan says as it is, and how it was tried."""
    verdict = report.verdict.value.replace("-", " ")
    if report.reason:
        return f"The scan itself: {verdict}. {report.reason}"
    return f"The scan itself: {verdict}. {n(report.n_trials, 'trial')} of each kind, seed {report.seed}."


def sentences(report: PowerReport) -> list[str]:
    """What silence of the scan means, for what people ask about first; what there is no such row for, for the first
    one."""
    said = [row for row in report.rows if (row.size, row.disguise) in _SAID] or list(report.rows[:1])
    return [_sentence(report, row) for row in said]


def _sentence(report: PowerReport, row: PowerRow) -> str:
    recalled = f"If {_what(row)} had been recalled {_DISGUISE[row.disguise]}, "
    found = f"this scan would have shown where in {_trials(row.found)}"
    if report.verdict is Verdict.EVIDENCE:
        return f"{recalled}{found}."
    return f"{recalled}this scan would have said so in {_trials(row.flagged)}, and shown where in {row.found.hits:,}."


def _trials(rate: TrialRate) -> str:
    return f"{rate.hits:,} of {n(rate.out_of, 'trial')} ({_interval(rate)})"


def _interval(rate: TrialRate) -> str:
    return f"95% interval {100 * rate.lower_95:.0f} to {100 * rate.upper_95:.0f}%"


def _what(row: PowerRow) -> str:
    return _WHAT.get(row.size, f"one function of {row.size.value}")


def cells(row: PowerRow) -> tuple[str, ...]:
    """A row of the table, under `HEADS`."""
    drawn = n(row.n_choices, "file" if row.size is PlantSize.FILE else "function")
    planted = _WHAT.get(row.size, f"a function of {row.size.value}")
    return planted, row.disguise.value, f"{row.n_lines:,}", drawn, rate_words(row.found), rate_words(row.flagged)


def rate_words(rate: TrialRate) -> str:
    """A rate with its interval, short."""
    return f"{rate.hits:,} of {rate.out_of:,} ({100 * rate.lower_95:.0f}-{100 * rate.upper_95:.0f}%)"


def caveats(report: PowerReport) -> list[str]:
    """What these numbers say and what they do not."""
    if not report.rows:
        return []
    return [
        "found: at least half of the planted lines lie in evidence that counts and names the right file; flagged: the"
        " verdict is evidence; in brackets the exact 95% interval.",
        "Trials draw functions of this original and places in this candidate at random. A model may recall other"
        " functions, and change them otherwise than these disguises do; translation cannot be planted.",
    ]
