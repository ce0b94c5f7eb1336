"""The summary of an audit: counts, what to look at first, by language and by run; as text, JSON, Markdown and HTML.

Names of runs, instances and files are untrusted: escaped in HTML, in code spans in Markdown, made visible in both.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from simdetect.errors import OptionsError
from simdetect.model import AuditReport, InstanceResult, Verdict
from simdetect.report.safe import clip, visible

__all__ = ["render_audit"]

Link = Callable[[InstanceResult], str]

_N_FIRST: Final = 25
_N_BINS: Final = 10
_OUTCOMES: Final = (*(verdict.value for verdict in Verdict), "error")
_MAX_NAME: Final = 120


def render_audit(report: AuditReport, format: str, link: Link | None = None) -> str:
    """See `simdetect.report.render_audit`."""
    if format == "json":
        return json.dumps(_data(report, link), indent=1, allow_nan=False) + "\n"
    if format == "markdown":
        return _markdown(report, link)
    if format == "html":
        return _html(report, link)
    if format == "text":
        return _text(report)
    raise OptionsError(f"unknown format of an audit {format!a}; known: text, json, markdown, html")


# --- numbers -------------------------------------------------------------------------------------------------------


def _data(report: AuditReport, link: Link | None) -> dict[str, Any]:
    """The JSON form: what is counted, then every instance."""
    return {
        "schema": report.schema,
        "tool": dict(report.tool),
        "settings": dict(report.settings),
        "runs": list(report.runs),
        "summary": _counts(report.instances),
        "histogram": _histogram(report.instances),
        "by_run": _grouped(report.instances, lambda result: result.run),
        "by_language": _grouped(report.instances, lambda result: result.language or "unknown"),
        "first": [[result.run, result.instance] for result in _first(report.instances)],
        "instances": [{**asdict(r), "report": _address(r, link)} for r in report.instances],
    }


def _counts(results: Sequence[InstanceResult]) -> dict[str, Any]:
    outcomes = [_outcome(result) for result in results]
    bits = sorted(result.bits for result in results if result.bits is not None)
    return {
        "n_instances": len(results),
        **{outcome: outcomes.count(outcome) for outcome in _OUTCOMES},
        "median_bits": bits[len(bits) // 2] if bits else None,
        "mean_probability": _mean([result.probability for result in results if result.probability is not None]),
    }


def _outcome(result: InstanceResult) -> str:
    return "error" if result.verdict is None else result.verdict.value


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _histogram(results: Iterable[InstanceResult]) -> list[int]:
    """Instances by probability, in ten bins from 0 to 1."""
    bins = [0] * _N_BINS
    for result in results:
        if result.probability is not None:
            bins[min(_N_BINS - 1, int(result.probability * _N_BINS))] += 1
    return bins


def _grouped(results: Sequence[InstanceResult], key: Callable[[InstanceResult], str]) -> dict[str, dict[str, Any]]:
    names = sorted({key(result) for result in results})
    return {name: _counts([result for result in results if key(result) == name]) for name in names}


def _first(results: Iterable[InstanceResult]) -> list[InstanceResult]:
    """The instances to look at first: flagged ones, then by probability and bits."""
    known = [result for result in results if result.verdict is not None]
    known.sort(key=lambda r: (r.verdict is not Verdict.EVIDENCE, -(r.probability or 0), -(r.bits or 0)))
    return known[:_N_FIRST]


def _address(result: InstanceResult, link: Link | None) -> str | None:
    return None if result.report is None or link is None else link(result)


def _quoted(address: str) -> str:
    """A relative reference that is the bytes of a path, whatever they are."""
    return quote(address, errors="surrogateescape")


# --- text ----------------------------------------------------------------------------------------------------------


def _text(report: AuditReport) -> str:
    total = _counts(report.instances)
    lines = [f"{_number(total['n_instances'], 'instance')}: {_outcome_words(total)}"]
    if len(report.runs) > 1:
        lines += ["", "By run"]
        lines += [f"  {_name(name)}: {_outcome_words(counts)}" for name, counts in _data_by_run(report).items()]
    flagged = [result for result in _first(report.instances) if result.verdict is Verdict.EVIDENCE]
    if flagged:
        lines += ["", "Look at first"]
        lines += [f"  {_name(_title(report, r))}  {_percent(r.probability)}, {_bits(r.bits)}" for r in flagged[:10]]
    failed = [result for result in report.instances if result.error is not None]
    if failed:
        lines += ["", "Not scanned"]
        lines += [f"  {_name(_title(report, r))}: {visible(clip(r.error or '', 300))}" for r in failed]
    return "\n".join(lines) + "\n"


def _data_by_run(report: AuditReport) -> dict[str, dict[str, Any]]:
    return _grouped(report.instances, lambda result: result.run)


def _outcome_words(counts: Mapping[str, Any]) -> str:
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in _OUTCOMES if counts[outcome] or outcome != "error")


def _title(report: AuditReport, result: InstanceResult) -> str:
    return result.instance if len(report.runs) == 1 else f"{result.run}/{result.instance}"


def _number(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _name(text: str) -> str:
    return visible(clip(text, _MAX_NAME))


def _percent(value: float | None) -> str:
    return "not judged" if value is None else f"{100 * value:.1f}%"


def _bits(value: float | None) -> str:
    return "not weighed" if value is None else f"{value:,.0f} bits"


# --- Markdown ------------------------------------------------------------------------------------------------------


def _markdown(report: AuditReport, link: Link | None) -> str:
    total = _counts(report.instances)
    blocks = [
        f"# Audit of {_number(total['n_instances'], 'instance')}",
        f"{_outcome_words(total).capitalize()}. An instance with evidence is one whose code should be read.",
        "## Look at first",
        _table(
            ("instance", "verdict", "probability", "bits", "where"),
            [_markdown_row(report, result, link) for result in _first(report.instances)],
        ),
        "## Probability\n\n" + _table(("from", "instances"), _histogram_rows(report)),
    ]
    for title, key in (("By run", "by_run"), ("By language", "by_language")):
        groups = _data(report, None)[key]
        rows = [(_code(name), *_group_cells(counts)) for name, counts in groups.items()]
        blocks += [f"## {title}", _table(("", *_GROUP_HEADS), rows)]
    failed = [result for result in report.instances if result.error is not None]
    if failed:
        rows = [(_code(_title(report, result)), _code(clip(result.error or "", 300))) for result in failed]
        blocks += ["## Not scanned", _table(("instance", "why"), rows)]
    return "\n\n".join(blocks) + "\n"


_GROUP_HEADS: Final = ("instances", *_OUTCOMES, "mean probability", "median bits")


def _group_cells(counts: Mapping[str, Any]) -> tuple[str, ...]:
    numbers = (counts[name] for name in ("n_instances", *_OUTCOMES))
    return (*(f"{number:,}" for number in numbers), _percent(counts["mean_probability"]), _bits(counts["median_bits"]))


def _markdown_row(report: AuditReport, result: InstanceResult, link: Link | None) -> tuple[str, ...]:
    address = _address(result, link)
    name = _code(_title(report, result))
    named = f"[{name}](<{_quoted(address)}>)" if address else name
    return named, _outcome(result), _percent(result.probability), _bits(result.bits), _code(_place(result))


def _place(result: InstanceResult) -> str:
    lead = result.lead
    if lead is None:
        return "-"
    own, theirs = lead.candidate_lines, lead.original_lines
    return (
        f"{lead.candidate}:{own.start_line}-{own.end_line} <-> "
        f"{lead.original}:{theirs.start_line}-{theirs.end_line} ({lead.layer}, {lead.n_tokens} tokens)"
        f"{_control_words(result)}"
    )


def _control_words(result: InstanceResult) -> str:
    """What other submissions say of this one, to be appended."""
    said, words = result.control, ""
    if said is not None and said.lead_also_in is not None:
        words += f"; also in {said.lead_also_in} of {_number(said.n_voices, 'other submission')}"
    if said is not None and said.bits_left is not None:
        words += f"; {_bits(said.bits_left)} without what others have too"
    if said is not None and said.near_identical:
        words += f"; nearly identical with the submission of {', '.join(said.near_identical)}"
    return words


def _histogram_rows(report: AuditReport) -> list[tuple[str, str]]:
    return [(f"{i / _N_BINS:.0%}", f"{n:,}") for i, n in enumerate(_histogram(report.instances))]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _code(text: str) -> str:
    """A code span that nothing inside can end, in a table cell that nothing inside can end."""
    shown = visible(clip(text, 300)).replace("|", "¦")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    pad = " " if shown[:1] == "`" or shown[-1:] == "`" else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


# --- HTML ----------------------------------------------------------------------------------------------------------


def _html(report: AuditReport, link: Link | None) -> str:
    environment = Environment(
        loader=PackageLoader("simdetect.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    assert environment.loader is not None
    css = environment.loader.get_source(environment, "audit.css")[0]
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    page = environment.get_template("audit.html.j2")
    return page.render(view=_view(report, link), css=Markup(css), policy=policy) + "\n"


def _view(report: AuditReport, link: Link | None) -> dict[str, Any]:
    total, bins = _counts(report.instances), _histogram(report.instances)
    highest = max(max(bins), 1)
    return {
        "title": f"Audit of {_number(total['n_instances'], 'instance')}",
        "outcomes": [(outcome, total[outcome]) for outcome in _OUTCOMES],
        "runs": ", ".join(map(_name, report.runs)),
        "bins": [
            {"from": f"{10 * i} %", "n": n, "y": 100 - 100 * n / highest, "height": 100 * n / highest, "x": 10 * i}
            for i, n in enumerate(bins)
        ],
        "groups": [
            (title, [(_name(name), _group_cells(counts)) for name, counts in _data(report, None)[key].items()])
            for title, key in (("By run", "by_run"), ("By language", "by_language"))
        ],
        "heads": _GROUP_HEADS,
        "first": [_row(report, result, link) for result in _first(report.instances)],
        "all": [_row(report, result, link) for result in report.instances],
        "version": str(report.tool.get("version", "")),
    }


def _row(report: AuditReport, result: InstanceResult, link: Link | None) -> dict[str, Any]:
    address = _address(result, link)
    return {
        "name": _name(_title(report, result)),
        "address": _quoted(address) if address else "",
        "outcome": _outcome(result),
        "language": result.language or "",
        "probability": _percent(result.probability),
        "bits": _bits(result.bits),
        "place": clip(_place(result) if result.error is None else result.error, 300),
    }
