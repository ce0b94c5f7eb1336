"""The summary of an audit as Markdown: names from outside stand in code spans that nothing inside can end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from simdetect.model import AuditReport, InstanceResult
from simdetect.report.audit.counts import (
    N_BINS,
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
    outcome_words,
    percent_words,
    place_words,
    quoted,
    title_of,
)
from simdetect.report.safe import clip
from simdetect.report.words import n

__all__ = ["render_markdown"]

_MAX_CELL_CHARS = 300


def render_markdown(report: AuditReport, link: Link | None = None) -> str:
    """Counts, the instances to look at first with links, and tables by probability, run and language."""
    outcomes = outcome_words(counted(report.instances)).capitalize()
    blocks = [
        f"# Audit of {n(len(report.instances), 'instance')}",
        f"{outcomes}. An instance with evidence is one whose code should be read.",
        false_flag_words(report),
        "## Look at first",
        _table(
            ("instance", "verdict", "probability", "bits", "where", "decided"),
            [_row(report, result, link) for result in first(report.instances)],
        ),
        "## Probability\n\n" + _table(("from", "instances"), _histogram_rows(report)),
    ]
    for title, groups in (
        ("By run", by_run(report)),
        ("By language", by_language(report)),
        ("By difficulty", by_difficulty(report)),
        ("By size", by_size(report)),
    ):
        rows = [(_code(name), *group_cells(counts)) for name, counts in groups.items()]
        blocks += [f"## {title}", _table(("", *GROUP_HEADS), rows)]
    if power := power_words(report):
        blocks += ["## What the scans would have found", "\n".join(f"- {line}" for line in power)]
    failed = [result for result in report.instances if result.error is not None]
    if failed:
        errors = [(_code(title_of(report, r)), _code(clip(r.error or "", _MAX_CELL_CHARS))) for r in failed]
        blocks += ["## Not scanned", _table(("instance", "why"), errors)]
    return "\n\n".join(blocks) + "\n"


def _row(report: AuditReport, result: InstanceResult, link: Link | None) -> tuple[str, ...]:
    address = address_of(result, link)
    name = _code(title_of(report, result))
    named = f"[{name}](<{quoted(address)}>)" if address else name
    numbers = percent_words(result.probability), bits_words(result.bits)
    said = decision_words(result)
    return named, outcome_of(result), *numbers, _code(place_words(result)), _code(said) if said else ""


def _histogram_rows(report: AuditReport) -> list[tuple[str, str]]:
    return [(f"{i / N_BINS:.0%}", f"{count:,}") for i, count in enumerate(histogram(report.instances))]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _code(text: str) -> str:
    """A code span that nothing inside can end, in a table cell that nothing inside can end."""
    shown = clip(text, _MAX_CELL_CHARS).replace("|", "¦")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    pad = " " if shown[:1] == "`" or shown[-1:] == "`" else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
