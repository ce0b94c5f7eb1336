"""The JSON report, schema `simdetect.report/2`: text that is the same for the same report, byte for byte.

ASCII only: whatever a path holds (control characters, lone surrogates of undecodable names) is escaped, so the text can
be written anywhere and read back without loss.

History of the schema: /1 first version. /2 what was observed (`observed`, `summary.without_session`, exclusion
reasons), third programs (`elsewhere`), `revisions`. Reports of /1 are read as /2 in which nothing was observed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from importlib import resources
from typing import Any, Final, NoReturn, cast, get_args, get_type_hints

from simdetect.errors import InputError
from simdetect.model import (
    REPORT_SCHEMA,
    Evidence,
    FileFinding,
    LineSpan,
    OriginalMatch,
    Revision,
    ScanReport,
    Side,
    Summary,
    nested,
)
from simdetect.report.to_dict import MalformedError, from_dict, to_dict

__all__ = ["dump_report", "load_report", "report_json_schema"]

_FAMILY, _VERSION = REPORT_SCHEMA.split("/")
_FIRST = f"{_FAMILY}/1"


def dump_report(report: ScanReport) -> str:
    """The report as JSON text, one line break at the end. Raises ValueError for NaN and infinity."""
    text = json.dumps(to_dict(report), ensure_ascii=True, allow_nan=False, indent=1)
    return text.replace("\x7f", "\\u007f") + "\n"  # the one ASCII control character that json leaves as it is


def load_report(text: str) -> ScanReport:
    """The report that a JSON text holds.

    Raises:
        InputError: not JSON, not a simdetect report, a newer schema, or a malformed value; one line that says which.
    """
    data = _parse(text)
    _check_schema(data)
    try:
        report = from_dict(_as_newest(data))
    except MalformedError as error:
        raise InputError(f"malformed simdetect report: {error}") from None
    for problem in _inconsistencies(report):
        raise InputError(f"malformed simdetect report: {problem}")
    return report


def report_json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the report, as shipped in the package."""
    text = resources.files("simdetect.report").joinpath("schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _parse(text: str) -> Any:
    try:
        return nested.loads(text, parse_constant=_reject_constant)
    except RecursionError:
        raise InputError("not a simdetect report: nested too deeply") from None
    except ValueError as error:
        raise InputError(f"not a simdetect report: not valid JSON ({error})") from None


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


# What /2 has and /1 had not, by type: what is said in its place.
_SINCE_2: Final[Mapping[type, Mapping[str, Any]]] = {
    ScanReport: {"observed": [], "elsewhere": [], "revisions": []},
    Summary: {
        "without_session": None,
        "log10_likelihood_ratio": None,
        "likelihood_grade": "",
        "population": "",
        "threshold": None,
        "threshold_rate": None,
    },
    FileFinding: {"holder": "", "places": []},
    Evidence: {"elsewhere": []},
    LineSpan: {"start_column": None, "end_column": None},
}


def _as_newest(data: dict[str, Any]) -> Any:
    """A report of /1 as one of today: what it could not hold is empty. What is malformed stays so."""
    return _filled(ScanReport, data | {"schema": REPORT_SCHEMA})


def _filled(hint: Any, value: Any) -> Any:
    """A plain value of a type of the model, with what `_SINCE_2` says where it has nothing."""
    inner = next((arg for arg in get_args(hint) if arg not in (type(None), ...)), None)
    if isinstance(value, list) and inner is not None:
        return [_filled(inner, item) for item in value]
    if inner is not None and not isinstance(hint, type):
        hint = inner
    if not isinstance(value, dict) or not is_dataclass(hint):
        return value
    hints = get_type_hints(hint)
    whole = {**_SINCE_2.get(cast(type, hint), {}), **value}
    return {name: _filled(hints.get(name), item) for name, item in whole.items()}


def _check_schema(data: Any) -> None:
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema in (REPORT_SCHEMA, _FIRST):
        return
    if not isinstance(schema, str):
        raise InputError(f'not a simdetect report: it has no "schema": "{REPORT_SCHEMA}"')
    version = re.fullmatch(re.escape(_FAMILY) + r"/([0-9]{1,6})", schema)
    if version is None:
        raise InputError(f"not a simdetect report: its schema is {ascii(schema)[:80]}, not {REPORT_SCHEMA}")
    is_newer = int(version[1]) > int(_VERSION)
    advice = "a newer simdetect wrote it, upgrade to read it" if is_newer else "no version of simdetect wrote that"
    raise InputError(f"cannot read report schema {schema} (this version reads {REPORT_SCHEMA}): {advice}")


# --- what types cannot say -----------------------------------------------------------------------------------------


def _inconsistencies(report: ScanReport) -> Iterator[str]:
    """What is wrong although the types are right: indices and spans that renderers rely on, impossible shares."""
    yield from _summary_problems(report)
    for index, finding in enumerate(report.findings):
        for problem in _finding_problems(finding, len(report.originals)):
            yield f"findings[{index}].{problem}"
    n_by_side = {
        Side.CANDIDATE: 1,
        Side.ORIGINAL: len(report.originals),
        Side.GIVEN: len(report.given),
        Side.BASE: len(report.base),
        Side.OBSERVED: len(report.observed),
    }
    for index, own in enumerate(report.revisions):
        yield from (f"revisions[{index}].{problem}" for problem in _revision_problems(own, len(report.originals)))
    for index, entry in enumerate(report.skipped):
        if entry.source >= n_by_side.get(entry.side, entry.source + 1):
            yield f"skipped[{index}].source: there is no {entry.side} number {entry.source}"


def _summary_problems(report: ScanReport) -> Iterator[str]:
    summary = report.summary
    rate = summary.false_positive_rate
    shares = {
        "probability": summary.probability,
        "candidate_coverage": summary.candidate_coverage,
        "original_coverage": summary.original_coverage,
        "analysed_share": summary.analysed_share,
        "false_positive_rate.upper_95": rate.upper_95 if rate else None,
    }
    shares |= {f"false_positive_rate.scores[{i}]": score for i, score in enumerate(rate.scores if rate else ())}
    yield from (f"summary.{problem}" for problem in _share_problems(shares))


def _finding_problems(finding: FileFinding, n_originals: int) -> Iterator[str]:
    shares = {"probability": finding.probability, "score": finding.score, "error_share": finding.error_share}
    yield from _share_problems(shares | {f"coverage.{layer}": share for layer, share in finding.coverage.items()})
    for index, match in enumerate(finding.originals):
        for problem in _match_problems(match, n_originals):
            yield f"originals[{index}].{problem}"
    for index, evidence in enumerate(finding.evidence):
        for problem in _evidence_problems(evidence, n_originals):
            yield f"evidence[{index}].{problem}"


def _revision_problems(own: Revision, n_originals: int) -> Iterator[str]:
    yield from _share_problems({"probability": own.probability})
    yield from _source_problems(own.source, n_originals)


def _match_problems(match: OriginalMatch, n_originals: int) -> Iterator[str]:
    names = ("probability", "coverage", "original_coverage", "containment", "jaccard", "score")
    yield from _share_problems({name: getattr(match, name) for name in names})
    yield from _source_problems(match.source, n_originals)


def _evidence_problems(evidence: Evidence, n_originals: int) -> Iterator[str]:
    yield from _source_problems(evidence.source, n_originals)
    for name, span in (("candidate", evidence.candidate), ("original_span", evidence.original_span)):
        if not 1 <= span.start_line <= span.end_line:
            yield f"{name}: lines {span.start_line} to {span.end_line} are not a span"
        if min(span.start_column or 1, span.end_column or 1) < 1:
            yield f"{name}: columns are counted from 1"
    if any(min(item.candidate_line, item.original_line) < 1 for item in evidence.items):
        yield "items: lines are counted from 1"
    if re.fullmatch("[0-9a-f]{16}", evidence.fingerprint) is None:
        yield f"fingerprint: expected 16 hexadecimal digits, found {ascii(evidence.fingerprint)[:40]}"


def _source_problems(source: int, n_originals: int) -> Iterator[str]:
    if source >= n_originals:
        yield f"source: there is no original number {source}"


def _share_problems(shares: dict[str, float | None]) -> Iterator[str]:
    for name, share in shares.items():
        if share is not None and not 0 <= share <= 1:
            yield f"{name}: {share} is not between 0 and 1"
