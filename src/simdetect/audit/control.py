"""Other submissions as control: what most of them share with the original is forced or commonplace, what one alone
has is telling.

Submissions for one instance that are near copies of each other are one *voice*: they say a thing once. Evidence is
*also in* another voice when some member agrees with at least half of the same lines of the original. With n of m other
voices it keeps the share 1 - n / m of its bits. With fewer than two other voices nothing is said.

What is said of a submission stands in short in its report, and in full in a file beside it. It is the last phase of an
audit, since it needs the reports of all submissions for an instance.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from simdetect.audit.instance import scanner_of, write_report
from simdetect.audit.jobs import Job
from simdetect.judging.resemblance import containment_and_jaccard
from simdetect.model import CONTROL_SCHEMA, U64, AlsoIn, Control, Evidence, ScanReport, Side, nested
from simdetect.model.arrays import sorted_distinct
from simdetect.report import load_report, render
from simdetect.scanning.inputs import read_input
from simdetect.store import write_text

__all__ = ["NEAR_IDENTICAL", "Submission", "control", "control_instance"]

NEAR_IDENTICAL: Final = 0.8  # Jaccard of fingerprints; submissions of different models for one task have 0.0 to 0.2
_LEAST_VOICES: Final = 2
_ENOUGH: Final = 0.5  # of the lines of the original
_WITHOUT_CONTROL: Final = '\n "control": null'  # in a report as `render` writes it

Lines = set[tuple[str, int, int]]  # original file, which original, line


@dataclass(frozen=True, slots=True, eq=False)
class Submission:
    """One run's submission. report: its scan, as JSON. fingerprints: (f,) uint64, distinct, ascending."""

    run: str
    report: Mapping[str, Any]
    fingerprints: U64


def control(submissions: Sequence[Submission]) -> dict[str, dict[str, Any]]:
    """What the submissions say of each other, by run.

    Returns for each run: near_identical, [run, Jaccard] of near copies; n_voices, m above; share_left, of the bits of
    its listed evidence, None when nothing is said; evidence: each listed piece that counts, with also_in and bits_left.
    """
    similar = _similarities(submissions)
    voice = _voices(len(submissions), similar)
    lines = [_lines_of(submission.report) for submission in submissions]
    return {
        submission.run: {
            "near_identical": [[submissions[j].run, value] for j, value in sorted(similar[i].items())],
            **_weigh(submission, lines, voice, i),
        }
        for i, submission in enumerate(submissions)
    }


def _similarities(submissions: Sequence[Submission]) -> list[dict[int, float]]:
    """For each submission the others that are near copies of it, and how near."""
    found: list[dict[int, float]] = [{} for _ in submissions]
    for i, one in enumerate(submissions):
        for j in range(i + 1, len(submissions)):
            _, jaccard = containment_and_jaccard(one.fingerprints, submissions[j].fingerprints)
            if jaccard >= NEAR_IDENTICAL:
                found[i][j] = found[j][i] = round(jaccard, 4)
    return found


def _voices(n: int, similar: Sequence[Mapping[int, float]]) -> list[int]:
    """Number the groups of submissions that are linked by nearness."""
    voice = list(range(n))
    for i in range(n):
        for j in similar[i]:
            low, high = sorted((voice[i], voice[j]))
            voice = [low if number == high else number for number in voice]
    return voice


def _lines_of(report: Mapping[str, Any]) -> Lines:
    """Lines of the originals that a submission agrees with, whether that counts or not."""
    found: Lines = set()
    for finding in report["findings"]:
        for evidence in finding["evidence"]:
            found |= _original_lines(evidence)
    return found


def _original_lines(evidence: Mapping[str, Any]) -> Lines:
    span = evidence["original_span"]
    numbers = range(span["start_line"], span["end_line"] + 1)
    return {(evidence["original"], evidence["source"], number) for number in numbers}


def _weigh(submission: Submission, lines: Sequence[Lines], voice: Sequence[int], number: int) -> dict[str, Any]:
    """What the others say of the submission of a number. lines, voice: of every submission."""
    others = sorted(set(voice) - {voice[number]})
    members = [[lines[j] for j in range(len(lines)) if voice[j] == other] for other in others]
    pieces = []
    for finding in submission.report["findings"]:
        for evidence in finding["evidence"]:
            if evidence["excluded"] is None:
                wanted = _original_lines(evidence)
                n = sum(_has(wanted, of_voice) for of_voice in members)
                pieces.append(_piece(finding["candidate"], evidence, n, len(others)))
    is_said = len(others) >= _LEAST_VOICES
    full = float(np.sum([piece["bits"] or 0.0 for piece in pieces]))
    left = float(np.sum([piece["bits_left"] or 0.0 for piece in pieces]))
    return {
        "n_voices": len(others),
        "share_left": round(left / full, 6) if is_said and full else None,
        "evidence": pieces if is_said else [],
    }


def _has(wanted: Lines, members: Sequence[Lines]) -> bool:
    return any(len(wanted & lines) >= _ENOUGH * len(wanted) for lines in members)


def _piece(candidate: str, evidence: Mapping[str, Any], n: int, of: int) -> dict[str, Any]:
    bits = evidence["bits"]
    return {
        "candidate": candidate,
        "candidate_lines": evidence["candidate"],
        "original": evidence["original"],
        "original_lines": evidence["original_span"],
        "fingerprint": evidence["fingerprint"],
        "bits": bits,
        "also_in": n,
        "bits_left": None if bits is None else round(bits * (1 - n / of), 6) if of else bits,
    }


# --- in the reports of an instance ---------------------------------------------------------------------------------


def control_instance(jobs: Sequence[Job]) -> dict[str, Control | None]:
    """Compare the submissions of one instance, from their reports and fingerprints, and note in each report what the
    others say of it; what a worker runs. A report that says so already is left as it is."""
    texts = [job.json_file.read_text("utf-8") for job in jobs]
    said = control([_submission(job, text) for job, text in zip(jobs, texts, strict=True)]) if len(jobs) > 1 else {}
    return {job.run: _note(job, text, said.get(job.run)) for job, text in zip(jobs, texts, strict=True)}


def _submission(job: Job, text: str) -> Submission:
    tree = scanner_of(job.options).analyse(read_input(job.submission, Side.CANDIDATE, job.options))
    hashes = [np.zeros(0, np.uint64), *(file.fingerprints.hash for file in tree.files)]
    return Submission(job.run, nested.loads(text), sorted_distinct(np.concatenate(hashes)))


def _note(job: Job, text: str, said: Mapping[str, Any] | None) -> Control | None:
    """Write what was said of a submission into its report and, in full, beside it; or take away what is not said."""
    if said is None:
        job.control_file.unlink(missing_ok=True)
        if _WITHOUT_CONTROL in text:
            return None
    else:
        full = json.dumps({"schema": CONTROL_SCHEMA, "run": job.run, "instance": job.instance, **said}, indent=1)
        write_text(job.control_file, full + "\n")
    report = load_report(text)
    told = None if said is None else _summed_up(said, report.summary.bits)
    noted = render(_with_control(report, told, said["evidence"] if said else ()), "json")
    if noted != text:
        write_report(job, noted)
    return told


def _with_control(report: ScanReport, told: Control | None, pieces: Sequence[Mapping[str, Any]]) -> ScanReport:
    """The report with what was said of its counted evidence; pieces: in the order of the report, or none."""
    waiting = iter(pieces)

    def also_in(evidence: Evidence) -> AlsoIn | None:
        if told is None or not pieces or evidence.excluded is not None:
            return None
        piece = next(waiting)
        return AlsoIn(piece["also_in"], told.n_voices, piece["bits_left"])

    findings = tuple(
        replace(finding, evidence=tuple(replace(piece, also_in=also_in(piece)) for piece in finding.evidence))
        for finding in report.findings
    )
    return replace(report, findings=findings, control=told)


def _summed_up(said: Mapping[str, Any], bits: float | None) -> Control:
    pieces, share = said["evidence"], said["share_left"]
    lead = max(pieces, key=lambda piece: piece["bits"] or 0.0, default=None)
    return Control(
        n_voices=said["n_voices"],
        bits_left=None if share is None or bits is None else round(share * bits, 6),
        n_alone=sum(not piece["also_in"] for piece in pieces) if pieces else None,
        lead_also_in=lead["also_in"] if lead else None,
        near_identical=tuple(run for run, _ in said["near_identical"]),
    )
