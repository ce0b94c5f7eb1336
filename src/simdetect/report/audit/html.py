"""The summary of an audit as one HTML file that loads nothing and has no script."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from simdetect.model import AuditReport, InstanceResult
from simdetect.report.audit.counts import OUTCOMES, by_language, by_run, counted, first, histogram, outcome_of
from simdetect.report.audit.power import power_words
from simdetect.report.audit.words import (
    GROUP_HEADS,
    Link,
    address_of,
    bits_words,
    group_cells,
    name_words,
    percent_words,
    place_words,
    quoted,
    title_of,
)
from simdetect.report.page import asset, rendered, source_of
from simdetect.report.safe import clip
from simdetect.report.words import n

__all__ = ["render_html"]

_MAX_PLACE_CHARS = 300


def render_html(report: AuditReport, link: Link | None = None) -> str:
    """Counts, a histogram, the instances to look at first, and all of them with links to their reports."""
    css = asset("audit.css")
    policy = f"default-src 'none'; style-src {source_of(css)}; base-uri 'none'; form-action 'none'"
    return rendered("audit.html.j2", view=_view(report, link), css=Markup(css), policy=policy)


def _view(report: AuditReport, link: Link | None) -> dict[str, Any]:
    total = dict(counted(report.instances))
    groups = (("By run", by_run(report)), ("By language", by_language(report)))
    return {
        "title": f"Audit of {n(len(report.instances), 'instance')}",
        "outcomes": [(outcome, total[outcome]) for outcome in OUTCOMES],
        "runs": ", ".join(map(name_words, report.runs)),
        "bins": _bins(report),
        "groups": [
            (title, [(name_words(name), group_cells(counts)) for name, counts in group.items()])
            for title, group in groups
        ],
        "heads": GROUP_HEADS,
        "first": [_row(report, result, link) for result in first(report.instances)],
        "all": [_row(report, result, link) for result in report.instances],
        "power": power_words(report),
        "version": str(report.tool.get("version", "")),
    }


def _bins(report: AuditReport) -> list[dict[str, Any]]:
    """The bars of the histogram, in a box of 100 by 100."""
    counts = histogram(report.instances)
    highest = max(*counts, 1)
    return [
        {
            "from": f"{10 * i} %",
            "n": count,
            "x": 10 * i,
            "y": 100 - 100 * count / highest,
            "height": 100 * count / highest,
        }
        for i, count in enumerate(counts)
    ]


def _row(report: AuditReport, result: InstanceResult, link: Link | None) -> dict[str, Any]:
    address = address_of(result, link)
    return {
        "name": name_words(title_of(report, result)),
        "address": quoted(address) if address else "",
        "outcome": outcome_of(result),
        "language": result.language or "",
        "probability": percent_words(result.probability),
        "bits": bits_words(result.bits),
        "place": clip(place_words(result) if result.error is None else result.error, _MAX_PLACE_CHARS),
    }
