from __future__ import annotations

import copy
import json
import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simdetect import model
from simdetect.errors import InputError, OptionsError
from simdetect.model import (
    AlsoIn,
    Control,
    ElsewhereMatch,
    Evidence,
    Excerpt,
    Exclusion,
    FalsePositiveRate,
    FileFinding,
    InputSummary,
    LineSpan,
    ObservedSummary,
    OriginalMatch,
    Review,
    ScanReport,
    SharedText,
    SkippedEntry,
    Summary,
)
from simdetect.report import load_report, render
from simdetect.report.json import dump_report, report_json_schema
from tests import ROOT, builders

DOCS = ROOT / "docs" / "report.md"

# --- random reports ------------------------------------------------------------------------------------------------

# Undecodable bytes of a path arrive as the surrogates U+DC80..U+DCFF; others do not occur.
chars = st.one_of(st.characters(), st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF, categories=("Cs",)))
text = st.text(chars, max_size=8)
count = st.integers(0, 10**12)
number = st.floats(-1e6, 1e6).map(lambda x: round(x, 6) + 0.0)
share = st.floats(0, 1).map(lambda x: round(x, 6) + 0.0)
layers = st.sampled_from(model.Layer)
scalar = st.one_of(st.none(), st.booleans(), count, number, text)
free = st.dictionaries(
    text, st.recursive(scalar, lambda s: st.lists(s, max_size=2).map(tuple), max_leaves=3), max_size=2
)


def few(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=2).map(tuple)


def build(cls: type, **known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A strategy for a report type: fields by name, or by the simple type they have."""
    simple = {
        "bool": st.booleans(),
        "str": text,
        "int": count,
        "float": share,
        "float | None": st.none() | share,
        "str | None": st.none() | text,
        "int | None": st.none() | count,
    }
    simple |= {"Mapping[Layer, int]": st.dictionaries(layers, count, max_size=2), "tuple[str, ...]": few(text)}
    simple |= {"tuple[float, ...]": few(share)}
    simple |= {"Mapping[Layer, float]": st.dictionaries(layers, share, max_size=2), "Mapping[str, Any]": free}
    simple |= {"Verdict | None": st.none() | st.sampled_from(model.Verdict)}
    simple |= {"TextKind | None": st.none() | st.sampled_from(model.TextKind)}
    simple |= {"Mapping[str, int]": st.dictionaries(text, count, max_size=2)}
    enums = (model.Layer, model.Verdict, model.FileRole, model.Side, model.SkipReason, model.ExclusionReason)
    enums += (model.ReviewStatus,)
    simple |= {enum.__name__: st.sampled_from(enum) for enum in enums}
    chosen = {f.name: known[f.name] if f.name in known else simple[str(f.type)] for f in fields(cls)}
    return st.builds(cls, **chosen)


source = st.just(0)
spans = st.tuples(st.integers(1, 10**6), st.integers(0, 50)).map(lambda p: LineSpan(p[0], p[0] + p[1]))
bits = st.none() | number
line = st.integers(1, 10**6)
pieces = build(
    Evidence,
    source=source,
    candidate=spans,
    original_span=spans,
    bits=bits,
    excluded=st.none() | build(Exclusion),
    review=st.none() | build(Review),
    also_in=st.none() | build(AlsoIn, bits_left=bits),
    fingerprint=st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
    elsewhere=few(build(ElsewhereMatch, source=source, span=spans)),
    excerpt=st.none() | build(Excerpt, candidate_line=line, original_line=line),
    items=few(build(SharedText, candidate_line=line, original_line=line)),
)
findings = build(
    FileFinding,
    bits=bits,
    originals=few(build(OriginalMatch, source=source, bits=bits)),
    evidence=few(pieces),
    places=few(st.builds(model.Place, line, line, st.integers(0, 1), count)),
)
reports = build(
    ScanReport,
    candidate=build(InputSummary),
    originals=st.tuples(build(InputSummary)),
    given=st.tuples(build(InputSummary)),
    base=st.tuples(build(InputSummary)),
    observed=st.tuples(build(ObservedSummary)),
    elsewhere=st.tuples(build(InputSummary)),
    summary=build(
        Summary,
        bits=bits,
        false_positive_rate=st.none() | build(FalsePositiveRate),
        log10_likelihood_ratio=st.none() | number,
        threshold=st.none() | number,
        threshold_rate=st.none() | build(FalsePositiveRate),
    ),
    findings=few(findings),
    control=st.none() | build(Control, bits_left=bits),
    revisions=few(build(model.Revision, source=source, bits=bits)),
    skipped=few(build(SkippedEntry, source=source)),
    schema=st.just(model.REPORT_SCHEMA),
)
relaxed = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@relaxed
@given(reports)
def test_a_report_survives_json_and_validates(report: ScanReport) -> None:
    dumped = dump_report(report)
    assert load_report(dumped) == report
    assert dump_report(load_report(dumped)) == dumped
    validator().validate(json.loads(dumped))


@relaxed
@given(reports)
def test_every_format_renders_any_report(report: ScanReport) -> None:
    for format in ("text", "html", "sarif", "csv", "markdown"):
        render(report, format).encode()


def test_a_report_of_the_first_schema_is_read_as_one_in_which_nothing_was_observed() -> None:
    """What simdetect wrote before /2, kept as it was."""
    text = (ROOT / "fixtures" / "reports" / "report-1.json").read_text()
    report = load_report(text)
    assert (report.schema, report.observed, report.elsewhere) == (model.REPORT_SCHEMA, (), ())
    assert report.revisions == ()
    assert report.summary.without_session is None
    old = json.loads(text)
    assert [finding.candidate for finding in report.findings] == [finding["candidate"] for finding in old["findings"]]
    validator().validate(json.loads(dump_report(report)))


def test_what_is_malformed_in_a_report_of_the_first_schema_is_still_refused() -> None:
    data = json.loads((ROOT / "fixtures" / "reports" / "report-1.json").read_text())
    data["findings"][0]["evidence"][0]["bits"] = "many"
    with pytest.raises(InputError, match="malformed"):
        load_report(json.dumps(data))


# --- the schema ----------------------------------------------------------------------------------------------------


def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(report_json_schema())


def schema_objects() -> dict[str, dict[str, Any]]:
    schema = report_json_schema()
    typed = {name: part for name, part in schema["$defs"].items() if part.get("type") == "object"}
    return {"ScanReport": schema, **typed}


def test_the_schema_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(report_json_schema())


def test_the_schema_has_the_fields_of_the_model_in_its_order() -> None:
    for name, part in schema_objects().items():
        cls = getattr(model, name)
        expected = [field.name for field in fields(cls)]
        if name == "ScanReport":
            expected = ["schema", *(field for field in expected if field != "schema")]
        assert list(part["properties"]) == expected == part["required"], name
        assert part["additionalProperties"] is False


def test_the_schema_lists_every_value_of_each_closed_list() -> None:
    for name, part in report_json_schema()["$defs"].items():
        if "enum" in part:
            assert part["enum"] == [member.value for member in getattr(model, name)]


def test_every_field_and_type_is_described_in_schema_and_docs() -> None:
    docs = DOCS.read_text(encoding="utf-8")
    for name, part in schema_objects().items():
        section = docs.split(f"### {'Report' if name == 'ScanReport' else name}\n")[1].split("\n### ")[0]
        assert part["description"] in section
        for field, sub in part["properties"].items():
            assert f"| `{field}` |" in section and sub["description"] in section, f"{name}.{field}"
    for name, part in report_json_schema()["$defs"].items():
        if "enum" in part:
            assert all(f"`{value}`" in docs.split(f"### {name}\n")[1] for value in part["enum"])


@pytest.mark.parametrize("name", ["report", "rich_report"])
def test_hand_built_reports_validate(name: str) -> None:
    validator().validate(json.loads(dump_report(getattr(builders, name)())))


# --- determinism ---------------------------------------------------------------------------------------------------


def test_equal_reports_give_equal_bytes_whatever_the_order_of_their_mappings() -> None:
    report = builders.rich_report()
    shuffled = replace(
        report,
        tool=dict(reversed(report.tool.items())),
        settings=dict(reversed(report.settings.items())),
        candidate=replace(report.candidate, languages=dict(reversed(report.candidate.languages.items()))),
        summary=replace(report.summary, matched_tokens=dict(reversed(report.summary.matched_tokens.items()))),
    )
    assert dump_report(shuffled) == dump_report(report)


def test_layers_come_strongest_first_and_schema_before_everything() -> None:
    data = json.loads(dump_report(builders.report()))
    assert next(iter(data)) == "schema"
    assert list(data["summary"]["matched_tokens"]) == ["verbatim", "renamed"]


def test_floats_are_rounded_and_whole_shares_stay_floats() -> None:
    report = builders.report(
        summary=builders.summary(candidate_coverage=1 / 3, original_coverage=1, analysed_share=-0.0)
    )
    dumped = dump_report(report)
    assert '"candidate_coverage": 0.333333' in dumped
    assert '"original_coverage": 1.0' in dumped
    assert '"analysed_share": 0.0' in dumped


def test_text_is_ascii_with_one_final_line_break_and_no_control_characters() -> None:
    for hostile in builders.HOSTILE.values():
        dumped = dump_report(builders.hostile_report(hostile))
        assert dumped.isascii() and dumped.endswith("}\n")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", dumped)
        assert load_report(dumped) == builders.hostile_report(hostile)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_cannot_hold_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="cannot hold the number"):
        dump_report(builders.report(summary=builders.summary(bits=value)))


# --- bad input -----------------------------------------------------------------------------------------------------

BAD_TEXTS = {
    "": "not valid JSON",
    "{": "not valid JSON",
    "\x00\x01": "not valid JSON",
    "[]": 'no "schema"',
    "null": 'no "schema"',
    '{"schema": 1}': 'no "schema"',
    '{"version": "2.1.0", "runs": []}': 'no "schema"',
    '{"schema": "sarif/1"}': "its schema is 'sarif/1'",
    '{"schema": "simdetect.report/3"}': "newer simdetect",
    '{"schema": "simdetect.report/0"}': "no version of simdetect",
    '{"schema": "simdetect.report/1"}': "missing tool, candidate",
    '{"schema": NaN}': "NaN is not a JSON number",
    "[" * 100_000: "nested too deeply",
    "1" * 10_000: "not",
}


@pytest.mark.parametrize(("text", "problem"), BAD_TEXTS.items(), ids=[text[:30] for text in BAD_TEXTS])
def test_what_is_not_a_report_is_refused_with_one_line(text: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        load_report(text)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def spoil(path: str, value: Any) -> str:
    """A report with one value replaced (or, for ..., removed)."""
    data = copy.deepcopy(json.loads(dump_report(builders.report())))
    *parents, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    place: Any = data
    for key in parents:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return json.dumps(data)


BAD_VALUES = [
    ("summary.verdict", "guilty", "summary.verdict: expected one of evidence, no-evidence, inconclusive; found"),
    ("summary.verdict", ["evidence"], "summary.verdict: expected one of"),
    ("summary.bits", "many", "summary.bits: expected a number, found a string 'many'"),
    ("summary.longest_match", -1, "summary.longest_match: expected a whole number of at least 0, found a number -1"),
    ("summary.longest_match", 1.5, "summary.longest_match"),
    ("summary.longest_match", True, "summary.longest_match: expected a whole number of at least 0, found a boolean"),
    ("summary.candidate_coverage", 1.5, "summary.candidate_coverage: 1.5 is not between 0 and 1"),
    ("summary.matched_tokens", {"\x1b[31m": 1}, "summary.matched_tokens.\\x1b[31m: expected one of"),
    ("summary", None, "summary: expected an object, found null"),
    ("findings", {}, "findings: expected an array, found an object"),
    ("findings.0.evidence.1.layer", ..., "findings[0].evidence[1]: missing layer"),
    ("findings.0.evidence.1.colour", "red", "findings[0].evidence[1]: unknown field 'colour'"),
    ("findings.0.evidence.0.source", 7, "findings[0].evidence[0].source: there is no original number 7"),
    ("findings.0.originals.0.source", 1, "findings[0].originals[0].source: there is no original number 1"),
    ("findings.0.evidence.0.candidate.start_line", 99, "findings[0].evidence[0].candidate: lines 99 to 20"),
    ("findings.0.evidence.0.original_span.start_line", 0, "findings[0].evidence[0].original_span: lines 0 to"),
    ("findings.0.evidence.0.fingerprint", "<b>", "findings[0].evidence[0].fingerprint: expected 16"),
    ("findings.0.coverage.verbatim", 10**400, "findings[0].coverage.verbatim: expected a finite number"),
    ("skipped.0.source", 3, "skipped[0].source: there is no candidate number 3"),
    ("warnings", [1], "warnings[0]: expected a string, found a number 1"),
    ("extra", 1, "unknown field 'extra'"),
]


@pytest.mark.parametrize(
    ("path", "value", "problem"), BAD_VALUES, ids=[f"{row[0]}={str(row[1])[:20]}" for row in BAD_VALUES]
)
def test_a_wrong_value_is_named_with_its_place(path: str, value: Any, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        load_report(spoil(path, value))
    message = str(caught.value)
    assert message.startswith("malformed simdetect report: ") and problem in message
    assert message.isprintable() and len(message) < 400


@pytest.mark.parametrize("depth", [40, 200])
def test_free_form_parts_are_not_nested_without_end(depth: int) -> None:
    with pytest.raises(InputError, match=r"tool\.x: nested too deeply"):
        load_report(spoil("tool.x", json.loads("[" * depth + "]" * depth)))


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(OptionsError, match="unknown report format 'pdf'; known: text, json"):
        render(builders.report(), "pdf")


def test_all_report_types_are_covered_by_the_schema() -> None:
    marker = model.__dict__["ScanReport"]
    assert is_dataclass(marker)
    assert {"Evidence", "LineSpan", "Excerpt", "Exclusion", "SkippedEntry"} <= schema_objects().keys()
