"""The laws that every score obeys, whatever the code: identity, bounds, growth, order."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simdetect import Scanner, Verdict
from simdetect.judging.verdict import ENOUGH_TOKENS
from simdetect.model import ExclusionReason, FileFinding, ScanReport
from tests import FIXTURES

DEMO = FIXTURES / "demo"
# The files alone: golden token lists beside them hold every name, and a shared document is taken as handed out.
LANGUAGES = sorted((FIXTURES / "languages").glob("*/sample.*"))
# Bits of names and shapes that many share are few: identical text alone is no evidence when anybody would write it.
ENOUGH_BITS = 600


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with Scanner() as scanner:
        yield scanner


def by_path(report: ScanReport) -> dict[str, FileFinding]:
    return {finding.candidate: finding for finding in report.findings}


# --- identity ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tree", [DEMO / "original", DEMO / "independent", *LANGUAGES], ids=lambda tree: f"{tree.parent.name}/{tree.name}"
)
def test_code_against_itself_is_certain_and_whole(tree: Path, scanner: Scanner) -> None:
    report = scanner.scan(tree, tree)
    for finding in report.findings:
        if finding.n_tokens < ENOUGH_TOKENS or any(_is_someone_elses(finding)):
            continue
        assert sum(finding.coverage.values()) == pytest.approx(1), finding.candidate
        if (finding.bits or 0) >= ENOUGH_BITS:
            assert (finding.probability or 0) > 0.98, finding.candidate
            assert finding.verdict is Verdict.EVIDENCE, finding.candidate


def _is_someone_elses(finding: FileFinding) -> Iterator[bool]:
    reasons = (ExclusionReason.VENDORED, ExclusionReason.GENERATED)
    yield from (evidence.excluded is not None and evidence.excluded.reason in reasons for evidence in finding.evidence)


def test_the_demo_against_itself_is_certain(scanner: Scanner) -> None:
    report = scanner.scan(DEMO / "original", DEMO / "original")
    assert report.summary.probability == pytest.approx(1, abs=0.01)  # no more than the null supports
    assert report.summary.false_positive_rate is not None
    assert report.summary.false_positive_rate.scored_as_high == 0


# --- bounds --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tree", LANGUAGES, ids=lambda tree: f"{tree.parent.name}/{tree.name}")
def test_scores_are_shares_and_bits_are_not_negative(tree: Path, scanner: Scanner) -> None:
    report = scanner.scan(tree, tree, DEMO / "original")
    assert 0 <= (report.summary.probability or 0) <= 1
    for scored in (*report.findings, *(match for finding in report.findings for match in finding.originals)):
        assert scored.probability is None or 0 <= scored.probability <= 1
        assert scored.bits is None or scored.bits >= 0
    for finding in report.findings:
        assert all(0 <= share <= 1 for share in finding.coverage.values())
        assert sum(finding.coverage.values()) <= 1 + 1e-9
        assert all(evidence.bits is None or evidence.bits >= 0 for evidence in finding.evidence)


# --- growth --------------------------------------------------------------------------------------------------------

MAIN = (DEMO / "submission" / "main.c").read_text()
BLOCKS = [
    (DEMO / "independent" / "furlong.c").read_text(),
    *(f.read_text() for f in FIXTURES.glob("languages/c/*.c")),
]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=st.lists(
        st.tuples(st.sampled_from(BLOCKS), st.integers(0, 400), st.integers(1, 200)), min_size=1, max_size=4
    )
)
def test_appending_code_never_lowers_the_bits_of_what_was_found(
    pieces: list[tuple[str, int, int]], scanner: Scanner, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Lines cut out of unrelated programs, so that the end may be in the middle of anything."""
    added = "\n".join("\n".join(text.split("\n")[start : start + n]) for text, start, n in pieces)
    folder = tmp_path_factory.mktemp("grown")
    (folder / "main.c").write_text(f"{MAIN}\n{added}\n")
    before = by_path(scanner.scan(DEMO / "submission" / "main.c", DEMO / "original"))["main.c"]
    after = by_path(scanner.scan(folder, DEMO / "original"))["main.c"]
    assert (after.bits or 0) >= (before.bits or 0) - 1e-6
    found = {evidence.fingerprint: evidence.bits or 0 for evidence in after.evidence}
    regions = [evidence for evidence in before.evidence if evidence.excluded is None and not evidence.items]
    assert not [e for e in regions if found.get(e.fingerprint, -1) < (e.bits or 0) - 1e-6]


def test_more_originals_never_lower_the_strongest_evidence(scanner: Scanner) -> None:
    one = scanner.scan(DEMO / "submission", DEMO / "original")
    two = scanner.scan(DEMO / "submission", DEMO / "original", DEMO / "independent")
    strongest = [max(e.bits or 0 for e in by_path(report)["main.c"].evidence) for report in (one, two)]
    assert strongest[1] >= strongest[0] - 1e-6


# --- order ---------------------------------------------------------------------------------------------------------


def test_names_that_sort_the_other_way_round_change_no_score(scanner: Scanner, tmp_path: Path) -> None:
    """Files are compared in the order of their paths; what is found must not depend on it."""
    sources = sorted((DEMO / "original" / "src").glob("*.c"))
    scores = []
    for name, order in (("forth", sources), ("back", sources[::-1])):
        folder = tmp_path / name
        folder.mkdir()
        for i, source in enumerate(order):
            shutil.copy(source, folder / f"f{i}.c")
        stem = {f"f{i}.c": source.name for i, source in enumerate(order)}
        report = scanner.scan(folder, DEMO / "original" / "src")
        scores.append(
            {stem[f.candidate]: (f.bits, f.probability, f.matched_tokens, f.verdict) for f in report.findings}
        )
    assert scores[0] == scores[1]
