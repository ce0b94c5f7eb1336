from __future__ import annotations

from typing import Any

import pytest

from simdetect.errors import InputError
from simdetect.model import Exclusion, ExclusionReason, FileFinding, ReviewStatus, ScanReport, Verdict
from simdetect.report import load_report, render
from simdetect.report.review import (
    REOPENS_BITS,
    Baseline,
    Decisions,
    apply_review,
    is_settled,
    open_findings,
    parse_decisions,
)
from tests import builders

A, B, C = "a" * 16, "b" * 16, "c" * 16


def decisions(*entries: tuple[str, str, int]) -> Decisions:
    """Decisions of (fingerprint, decision, occurrences)."""
    text = "".join(
        f'[[decision]]\nfingerprint = "{fingerprint}"\ndecision = "{decision}"\nreason = "ticket 7"\n'
        f'by = "A. Reviewer"\noccurrences = {n}\n'
        for fingerprint, decision, n in entries
    )
    return parse_decisions(text, "simdetect.toml")


def report(*fingerprints: str, bits: float | None = 300.0, **changes: Any) -> ScanReport:
    """One file with evidence of these fingerprints."""
    pieces = tuple(builders.evidence(start=10 * i + 1, fingerprint=f, bits=bits) for i, f in enumerate(fingerprints))
    return builders.report(findings=(builders.finding(evidence=pieces, n_evidence=len(pieces), **changes),))


def baseline(held: ScanReport) -> Baseline:
    return Baseline("old.json", "0" * 64, held)


def statuses(reviewed: ScanReport) -> list[ReviewStatus | None]:
    pieces = reviewed.findings[0].evidence
    return [piece.review.status if piece.review else None for piece in pieces]


# --- decisions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", ["accepted", "false-positive", "given"])
def test_a_decision_marks_its_evidence_and_leaves_everything_else(decision: str) -> None:
    before = report(A, B)
    after = apply_review(before, decisions((A, decision, 1)))
    assert statuses(after) == [ReviewStatus(decision), None]
    mark = after.findings[0].evidence[0].review
    assert mark is not None and (mark.reason, mark.by) == ("ticket 7", "A. Reviewer")
    assert after.summary == before.summary
    assert len(after.findings[0].evidence) == 2


def test_a_fresh_copy_of_a_decided_clone_is_new() -> None:
    after = apply_review(report(A, A, A), decisions((A, "accepted", 2)))
    assert statuses(after) == [ReviewStatus.ACCEPTED, ReviewStatus.ACCEPTED, None]
    assert f"evidence {A} occurs 3 times, 2 of them decided: the rest is new" in after.warnings


def test_decisions_on_one_fingerprint_add_up() -> None:
    after = apply_review(report(A, A), decisions((A, "accepted", 1), (A, "given", 1)))
    assert statuses(after) == [ReviewStatus.ACCEPTED, ReviewStatus.GIVEN]
    assert after.warnings == ()


def test_a_decision_that_matches_nothing_is_said_to() -> None:
    after = apply_review(report(A), decisions((B, "accepted", 1)))
    assert after.warnings == (f"decision on {B} (accepted: ticket 7) matches nothing in this scan",)


def test_the_report_names_the_files_that_had_a_say() -> None:
    decided = decisions((A, "accepted", 1))
    after = apply_review(report(A), decided, baseline(report(B)))
    assert after.settings["decisions"] == {"name": "simdetect.toml", "sha256": decided.sha256}
    assert after.settings["baseline"] == {"name": "old.json", "sha256": "0" * 64}


@pytest.mark.parametrize("format", ["text", "html", "markdown", "csv", "json", "sarif"])
def test_every_format_shows_decided_evidence_with_its_reason(format: str) -> None:
    after = apply_review(report(A, B), decisions((A, "false-positive", 1)))
    shown = render(after, format, detail="full")
    if format == "html":
        assert "1 agreement false positive" in shown
    else:
        assert "ticket 7" in shown or "1 agreement false positive" in shown
    assert load_report(render(after, "json")) == after


def test_a_file_without_decisions_is_no_error() -> None:
    assert parse_decisions("", "simdetect.toml").entries == ()


GOOD = f'[[decision]]\nfingerprint = "{A}"\ndecision = "accepted"\nreason = "x"\n'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[decision]", "not TOML"),
        ("decision = 3", "expected tables that begin with [[decision]]"),
        ("rules = 1\n" + GOOD, "unknown key 'rules'"),
        (GOOD.replace(A, "xyz"), "decision 1: fingerprint: expected 16 hexadecimal digits, found 'xyz'"),
        (GOOD.replace("accepted", "known"), "decision: expected one of accepted, false-positive, given; found 'known'"),
        (GOOD.replace('"x"', '" "'), "reason: say why"),
        (GOOD + "occurrences = 0\n", "occurrences: expected a whole number of at least 1, found 0"),
        (GOOD + "occurrences = true\n", "occurrences: expected a whole number"),
        (GOOD + "by = 3\n", "by: expected a name"),
        (GOOD + "\u0062oss = 3\n", "decision 1: unknown key 'boss'"),
        ("[[decision]]\n" * 3, "and 4 more"),
    ],
)
def test_what_cannot_be_a_decision_is_named_in_one_line(text: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_decisions(text, "simdetect.toml")
    assert problem in str(caught.value) and "\n" not in str(caught.value)


def test_a_date_stands_beside_the_name() -> None:
    parsed = parse_decisions(GOOD + 'by = "B"\ndate = 2026-01-02\n', "x")
    assert parsed.entries[0].by == "B, 2026-01-02"


# --- baseline ------------------------------------------------------------------------------------------------------


def test_what_the_baseline_holds_is_known_and_one_more_of_it_is_new() -> None:
    after = apply_review(report(A, A, B), None, baseline(report(A)))
    assert statuses(after) == [ReviewStatus.KNOWN, None, None]
    mark = after.findings[0].evidence[0].review
    assert mark is not None and mark.by == "old.json"


def test_a_decision_comes_before_the_baseline() -> None:
    assert statuses(apply_review(report(A), decisions((A, "given", 1)), baseline(report(A)))) == [ReviewStatus.GIVEN]


def test_what_did_not_count_in_the_baseline_is_not_known() -> None:
    weak = report(A, verdict=Verdict.NO_EVIDENCE)
    assert statuses(apply_review(report(A), None, baseline(weak))) == [None]
    excluded = builders.evidence(fingerprint=A, excluded=Exclusion(ExclusionReason.GIVEN, "x"))
    held = builders.report(findings=(builders.finding(evidence=(excluded,), n_evidence=1),))
    assert statuses(apply_review(report(A), None, baseline(held))) == [None]


# --- what is open --------------------------------------------------------------------------------------------------


def only(reviewed: ScanReport) -> FileFinding:
    [finding] = reviewed.findings
    return finding


def test_evidence_that_nobody_looked_at_is_open_however_weak() -> None:
    assert not is_settled(only(report(A, bits=25.0)))
    assert len(open_findings(report(A, bits=25.0))) == 1


def test_a_file_is_settled_when_all_that_counts_was_reviewed() -> None:
    after = apply_review(report(A, B), decisions((A, "accepted", 1)), baseline(report(B)))
    assert is_settled(only(after)) and open_findings(after) == []


def test_new_evidence_reopens_a_file_when_it_could_matter_and_not_before() -> None:
    for bits, is_open in ((REOPENS_BITS + 20.1, True), (REOPENS_BITS + 19.9, False), (None, True), (3.0, False)):
        pieces = (
            builders.evidence(fingerprint=A, bits=300.0),
            builders.evidence(start=50, fingerprint=B, bits=bits),
        )
        found = builders.report(findings=(builders.finding(evidence=pieces, n_evidence=2),))
        after = apply_review(found, decisions((A, "accepted", 1)))
        assert bool(open_findings(after)) is is_open, bits


def test_many_weak_new_pieces_add_up() -> None:
    after = apply_review(report(A, B, C, "d" * 16, bits=60.0), decisions((A, "accepted", 1)))
    assert len(open_findings(after)) == 1


def test_excluded_evidence_keeps_nothing_open() -> None:
    excluded = builders.evidence(start=50, fingerprint=B, bits=900.0, excluded=Exclusion(ExclusionReason.BASE, "x"))
    pieces = (builders.evidence(fingerprint=A, bits=300.0), excluded)
    found = builders.report(findings=(builders.finding(evidence=pieces, n_evidence=2),))
    assert open_findings(apply_review(found, decisions((A, "accepted", 1)))) == []


def test_files_that_are_no_evidence_are_never_open() -> None:
    assert open_findings(report(A, verdict=Verdict.NO_EVIDENCE)) == []


# --- hostile files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "occurrences = " + "9" * 5000,
        "occurrences = 0x" + "f" * 5000,
        ".".join(["a"] * 100_000) + " = 1",
        "[" + ".".join(["'a'"] * 100_000) + "]",
        "a = " + "[" * 100_000,
        "a = " + "{a=" * 100_000,
        'by = "\\uD800"',
    ],
    ids=["digits", "hexadecimal", "key", "quoted key", "arrays", "tables", "surrogate"],
)
def test_a_hostile_file_of_decisions_is_one_short_line(text: str) -> None:
    head = f'[[decision]]\nfingerprint = "{A}"\ndecision = "accepted"\nreason = "x"\n'
    with pytest.raises(InputError) as caught:
        parse_decisions(head + text, "simdetect.toml")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300


def test_a_hundred_thousand_decisions_are_a_few_warnings_and_little_memory() -> None:
    entry = '[[decision]]\nfingerprint = "{:016x}"\ndecision = "accepted"\nreason = "x"\noccurrences = 1000000\n'
    stored = parse_decisions("".join(map(entry.format, range(20_000))), "simdetect.toml")
    after = apply_review(report(A), Decisions("x", "", stored.entries * 5))
    assert len(after.warnings) == 21 and after.warnings[-1].startswith("99,980 more decisions match nothing")
