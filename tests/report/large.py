"""Reports as large as they get, for tests that count and for scripts/measure_report.py, which takes the time."""

from __future__ import annotations

from dataclasses import replace

from simdetect.model import (
    Excerpt,
    Exclusion,
    ExclusionReason,
    FalsePositiveRate,
    Layer,
    Review,
    ReviewStatus,
    ScanReport,
    Side,
    SkippedEntry,
    SkipReason,
    Verdict,
)
from simdetect.report.source_texts import SourceTexts
from tests import builders


def several(n_files: int = 6) -> tuple[ScanReport, SourceTexts]:
    """Files that differ in all that can be sorted and filtered, with code on both sides, one piece of each layer."""
    findings, candidate, originals = [], {}, {}
    for i in range(n_files):
        path, original = f"src/{chr(ord('a') + i % 26)}{i}.c", f"lib/{i % 3}.c"
        pieces = [
            builders.evidence(layer, 10 * k + 3, 12 * k + 5 + i, original=original, bits=200.0 - 20 * k)
            for k, layer in enumerate(Layer, 1)
        ]
        pieces[-1] = replace(pieces[-1], excluded=Exclusion(ExclusionReason.GIVEN, "docs/spec.md"))
        if i == 1:
            pieces[0] = replace(pieces[0], review=Review(ReviewStatus.ACCEPTED, "same author", "A. Reviewer"))
        findings.append(
            builders.finding(
                path,
                verdict=Verdict.EVIDENCE if i % 2 == 0 else Verdict.NO_EVIDENCE,
                probability=0.99 - 0.1 * i,
                bits=500.0 - 50 * i,
                score=((i * 3) % 7) / 10,
                n_tokens=400 + 17 * ((i * 5) % 7),
                evidence=tuple(pieces),
                n_evidence=len(pieces),
                originals=(builders.original_match(original=original),),
            )
        )
        candidate[path] = "".join(f"int own{i}_{n} = {n};\n" for n in range(1, 121)).encode()
        originals[original] = "".join(f"int their{i % 3}_{n} = {n};\n" for n in range(1, 151)).encode()
    rate = FalsePositiveRate(0, 4, 0.5, (0.001, 0.02, 0.2, 0.5))
    report = builders.report(
        findings=(*findings, builders.silent_finding("quiet/main.c")),
        summary=builders.summary(
            probability=0.99,
            log10_likelihood_ratio=1.996,
            likelihood_grade="moderate",
            bits=900.0,
            false_positive_rate=rate,
            n_flagged_files=n_files // 2,
        ),
    )
    return report, SourceTexts(candidate, (originals,))


def many_files(n_files: int = 10_000) -> tuple[ScanReport, SourceTexts]:
    """Candidate files, a tenth of them with evidence, each of those of 300 lines that no other has."""
    report, _ = several()
    template = report.findings[0]
    n_found = n_files // 10
    findings, candidate, originals = [], {}, {}
    for i in range(n_found):
        path, original = f"src/part{i % 37}/module_{i}.c", f"lib/unit{i % 41}/part_{i}.c"
        pieces = tuple(replace(piece, original=original) for piece in template.evidence) * 5
        findings.append(
            replace(template, candidate=path, bits=3000.0 - i, evidence=pieces, n_evidence=len(pieces), n_lines=300)
        )
        code = "".join(f"    value_{i * n % 9973} = call_{n}(&state->field_{i}, {n * i});\n" for n in range(300))
        candidate[path], originals[original] = code.encode(), code.replace("value_", "result_").encode()
    silent = [builders.silent_finding(f"quiet/{i % 90}/file_{i}.c") for i in range(n_files - n_found)]
    return replace(report, findings=(*findings, *silent)), SourceTexts(candidate, (originals,))


def many_pieces(n_files: int = 10_000) -> ScanReport:
    """Candidate files, a tenth of them with 50 pieces of evidence, three with long excerpts; half as many skipped."""
    code = Excerpt(("x = 1;",) * 500, ("y = 1;",) * 500, 1, 1)
    pieces = tuple(builders.evidence(start=i + 1, excerpt=code if i < 3 else None) for i in range(50))
    n_found = n_files // 10
    findings = [builders.finding(f"src/f{i}.c", evidence=pieces, n_evidence=80) for i in range(n_found)]
    silent = [builders.silent_finding(f"quiet/f{i}.c") for i in range(n_files - n_found)]
    skipped = [SkippedEntry(Side.CANDIDATE, 0, f"d/{i}", SkipReason.NOT_CODE, "") for i in range(n_files // 2)]
    return builders.report(findings=(*findings, *silent), skipped=tuple(skipped))
