"""The summary of an audit as one HTML file that loads nothing: the style sheet of the scan report, and one script that
sorts, filters and searches.

No library draws the plots: a heat map is a table, and a histogram ten rectangles, so both can be read without a script,
in print and by a screen reader. All instances are data of the page, of which a hundred rows at a time are made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from markupsafe import Markup

from simdetect.judging.calibration import load_calibration
from simdetect.judging.likelihood import population_of
from simdetect.model import AuditReport, InstanceResult
from simdetect.options import BLACK_BOX
from simdetect.report.audit.counts import (
    N_BINS,
    OUTCOMES,
    by_difficulty,
    by_language,
    by_run,
    by_size,
    counted,
    first,
    histogram,
    outcome_of,
)
from simdetect.report.audit.power import power_words
from simdetect.report.audit.words import (
    GROUP_HEADS,
    Link,
    address_of,
    bits_words,
    decision_words,
    false_flag_words,
    group_cells,
    name_words,
    percent_words,
    place_words,
    quoted,
    session_words,
)
from simdetect.report.page import asset, rendered, source_of
from simdetect.report.safe import clip, visible
from simdetect.report.words import n

__all__ = ["render_html"]

_MAX_PLACE_CHARS: Final = 300
_ROWS_AT_FIRST: Final = 100
_MAX_NEAR: Final = 200
_COLUMNS: Final = ("instance", "run", "verdict", "language", "difficulty", "tokens", "probability", "surprise",
                   "reason and heaviest evidence")  # fmt: skip
_CELLS: Final = ("name", "run", "outcome", "language", "difficulty", "size", "probability", "bits", "place")
_SIGNS: Final = {"evidence": ("e", "E"), "no-evidence": ("n", "n"), "inconclusive": ("i", "?"), "error": ("x", "!")}


def render_html(report: AuditReport, link: Link | None = None) -> str:
    """Counts, a heat map, histograms, the instances to look at first, and all of them with links to their reports."""
    css, js = asset("report.css") + asset("audit.css"), asset("audit.js")
    sources = f"style-src {source_of(css)}; script-src {source_of(js)}"
    policy = f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"
    rows = [_row(result, link) for result in report.instances]
    values = {"view": _view(report, rows, link), "css": Markup(css), "js": Markup(js), "data": _data(report, rows)}
    return rendered("audit.html.j2", policy=policy, **values)


def _view(report: AuditReport, rows: Sequence[dict[str, Any]], link: Link | None) -> dict[str, Any]:
    total = dict(counted(report.instances))
    groups = (
        ("By run", by_run(report)),
        ("By language", by_language(report)),
        ("By difficulty", by_difficulty(report)),
        ("By size", by_size(report)),
    )
    independent = _independent(report)
    return {
        "title": f"Audit of {n(len(report.instances), 'instance')}",
        "outcomes": [(outcome, total[outcome]) for outcome in OUTCOMES],
        "n_decided": sum(result.decision is not None and result.decision.is_final for result in report.instances),
        "runs": ", ".join(map(name_words, report.runs)),
        "run_names": [name_words(run) for run in report.runs],
        "false_flags": false_flag_words(report),
        "groups": [
            (title, [(name_words(name), group_cells(counts)) for name, counts in group.items()])
            for title, group in groups
        ],
        "heads": GROUP_HEADS,
        "columns": _COLUMNS,
        "first": [_row(result, link) for result in first(report.instances)],
        "all": rows[:_ROWS_AT_FIRST],
        "n_left": max(0, len(rows) - _ROWS_AT_FIRST),
        "heat": _heat(report) if len(report.runs) > 1 else None,
        "spreads": [_spread(report, run) for run in report.runs],
        "independent": f"{len(independent):,}" if independent else "",
        "line": _line(independent) if independent else "",
        "near": _near(report),
        "power": power_words(report),
        "version": str(report.tool.get("version", "")),
    }


def _independent(report: AuditReport) -> Sequence[float]:
    """Probabilities of independent submissions of the audit's setting; none where another calibration judged."""
    if report.settings.get("calibration"):
        return ()
    population = population_of(str(report.settings.get("setting", BLACK_BOX)), is_across=False)
    return load_calibration().submissions[population].rate(0.0).scores


def _row(result: InstanceResult, link: Link | None) -> dict[str, Any]:
    """An instance in words; those of the reason are there for every one, judged or not."""
    address = address_of(result, link)
    place = place_words(result) if result.lead else ""
    words = (decision_words(result), result.error or result.reason or "", place, session_words(result))
    return {
        "name": name_words(result.instance),
        "run": name_words(result.run),
        "address": quoted(address) if address else "",
        "outcome": outcome_of(result),
        "language": result.language or "",
        "difficulty": result.difficulty or "",
        "size": f"{result.n_tokens:,}" if result.n_tokens is not None else "",
        "probability": percent_words(result.probability),
        "bits": bits_words(result.bits),
        "place": " · ".join(clip(text, _MAX_PLACE_CHARS) for text in words if text),
    }


def _data(report: AuditReport, rows: Sequence[dict[str, Any]]) -> Markup:
    """All rows for the script, as JSON in which nothing ends the element that holds it. keys: what columns sort by."""
    found = []
    for row, result in zip(rows, report.instances, strict=True):
        cells = [visible(str(row[name])) for name in _CELLS]
        keys = [*cells[:5], result.n_tokens, result.probability, result.bits, cells[8]]
        found.append({"cells": cells, "keys": keys, "outcome": row["outcome"], "address": row["address"]})
    text = json.dumps(found, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _heat(report: AuditReport) -> dict[str, Any]:
    """A row for each instance, a cell for each run: how it ended there."""
    outcome = {(result.run, result.instance): outcome_of(result) for result in report.instances}
    names = sorted({result.instance for result in report.instances})
    rows = [
        (name_words(name), [_SIGNS.get(outcome.get((run, name), ""), ("", "")) for run in report.runs])
        for name in names
    ]
    return {"runs": [name_words(run) for run in report.runs], "rows": rows}


def _spread(report: AuditReport, run: str) -> dict[str, Any]:
    """How a run's instances spread over probabilities, in a box of 100 by 100."""
    results = [result for result in report.instances if result.run == run]
    counts = histogram(results)
    total = max(1, sum(counts))
    bars = [
        {"x": 10 * i, "y": 100 - 100 * count / total, "height": 100 * count / total} for i, count in enumerate(counts)
    ]
    words = "; ".join(f"from {10 * i} %: {count}" for i, count in enumerate(counts))
    return {"name": name_words(run), "bars": bars, "words": f"{name_words(run)}: {words}"}


def _line(probabilities: Sequence[float]) -> str:
    """The same of independent programs, as points of a line."""
    counts = [0] * N_BINS
    for value in probabilities:
        counts[min(N_BINS - 1, int(value * N_BINS))] += 1
    return " ".join(f"{10 * i + 5},{100 - 100 * count / len(probabilities):.1f}" for i, count in enumerate(counts))


def _near(report: AuditReport) -> list[str]:
    """Submissions that are near copies of each other, each pair once."""
    pairs = {
        (result.instance, *sorted((result.run, other)))
        for result in report.instances
        if result.control
        for other in result.control.near_identical
    }
    return [f"{name_words(name)}: {name_words(one)} and {name_words(other)}" for name, one, other in sorted(pairs)][
        :_MAX_NEAR
    ]
