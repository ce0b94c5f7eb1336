"""The report as SARIF 2.1.0, for code scanning services and editors.

One rule for each layer, one result for each piece of evidence listed, strongest first. What does not count and what a
review has settled is there too, suppressed with its reason. The original's side is a related location: its files are
not in the repository that the service shows.

Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01, OASIS Standard, 2023.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from simdetect.model import LAYERS, Evidence, FileFinding, LayerRow, LineSpan, ReviewStatus, ScanReport, Verdict
from simdetect.report import words
from simdetect.report.safe import clip

__all__ = ["MAX_RESULTS", "SCHEMA", "render_sarif"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_RESULTS = 20_000  # GitHub refuses a run with more than 25,000
_MAX_CODE_CHARS = 240
_MAX_TEXTS = 8
_FINGERPRINT = "simdetect/v1"
_GITHUB_FINGERPRINT = "primaryLocationLineHash"  # what GitHub follows an alert by
_CANDIDATE_ROOT = "%SRCROOT%"


def render_sarif(report: ScanReport, prefix: str = "") -> str:
    """The report as SARIF text, ASCII, one line break at the end.

    prefix: folder of the repository in which the candidate lies; paths of the results begin with it.
    """
    pieces = _ranked(report)
    results = list(_results(report, pieces[:MAX_RESULTS], _folder(prefix)))
    run = {
        "tool": {"driver": _driver(report)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": _bases(report),
        "invocations": [_invocation(report, len(pieces) - len(results))],
        "automationDetails": {"id": "simdetect/"},
        "results": results,
        "properties": _summary(report),
    }
    text = json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=True, indent=1)
    return text.replace("\x7f", "\\u007f") + "\n"


def _ranked(report: ScanReport) -> list[tuple[FileFinding, Evidence]]:
    """All evidence listed: what counts in files with evidence first, then by the order of the report."""
    pieces = [(finding, evidence) for finding in report.findings for evidence in finding.evidence]
    return sorted(pieces, key=lambda piece: (piece[1].excluded is not None, piece[0].verdict is not Verdict.EVIDENCE))


# --- the tool and its rules ----------------------------------------------------------------------------------------

_ADVICE = (
    "Compare both sides and judge by the code. The bits say how surprising so much agreement would be between programs "
    "that were written independently. To settle a piece of evidence, put its fingerprint into simdetect.toml with a "
    "decision and a reason. That it was found does not mean copying in a legal sense."
)


def _driver(report: ScanReport) -> dict[str, Any]:
    version = clip(str(report.tool.get("version", "")), 40)
    return {
        "name": "simdetect",
        **({"version": version} if version else {}),
        "rules": [_rule(row) for row in LAYERS.values()],
    }


def _rule(row: LayerRow) -> dict[str, Any]:
    help_text = f"{row.help}\n\n{_ADVICE}"
    return {
        "id": f"simdetect/{row.layer}",
        "name": f"{row.layer.capitalize()}Agreement",
        "shortDescription": {"text": f"Agreement with the original: {row.meaning}"},
        "fullDescription": {"text": row.help},
        "help": {"text": help_text, "markdown": help_text},
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": ["provenance", "recall"], "precision": "high"},
    }


def _bases(report: ScanReport) -> dict[str, Any]:
    """What the paths are relative to. The machine's folders are nobody's business, so none has a URI."""
    bases = {_CANDIDATE_ROOT: {"description": {"text": f"candidate: {words.path(report.candidate.label)}"}}}
    for source, summary in enumerate(report.originals):
        bases[_original_base(source)] = {"description": {"text": f"original: {words.path(summary.label)}"}}
    return bases


def _original_base(source: int) -> str:
    return f"ORIGINAL{source + 1}"


def _invocation(report: ScanReport, n_left_out: int) -> dict[str, Any]:
    notes = [words.message(warning) for warning in report.warnings]
    if n_left_out:
        notes.append(f"{n_left_out:,} weaker pieces of evidence are left out here; the JSON report has them")
    for group in words.skip_groups(report):
        if group.is_important:
            files = words.n(len(group.entries), "file")
            notes.append(f"{group.side}: {files} not analysed: {group.reason} ({group.meaning})")
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [{"level": "note", "message": {"text": note}} for note in notes],
    }


def _summary(report: ScanReport) -> dict[str, Any]:
    summary = report.summary
    cry, sentence = words.headline(report)
    return {
        "verdict": str(summary.verdict),
        "summary": f"{cry}: {sentence} {words.message(summary.reason)}".strip(),
        "probability": summary.probability,
        "candidateDigest": clip(report.candidate.digest, 80),
        "originalDigests": [clip(original.digest, 80) for original in report.originals],
    }


# --- results -------------------------------------------------------------------------------------------------------


def _results(report: ScanReport, pieces: list[tuple[FileFinding, Evidence]], prefix: str) -> Iterator[dict[str, Any]]:
    rules = list(LAYERS)
    seen: dict[str, int] = {}
    for finding, evidence in pieces:
        occurrence = seen[evidence.fingerprint] = seen.get(evidence.fingerprint, 0) + 1
        suppressions = list(_suppressions(evidence))
        yield {
            "ruleId": f"simdetect/{evidence.layer}",
            "ruleIndex": rules.index(evidence.layer),
            "level": _level(finding, evidence),
            "message": {"text": _message(report, finding, evidence)},
            **_places(report, finding, evidence, prefix),
            "partialFingerprints": {
                _FINGERPRINT: f"{evidence.fingerprint}:{occurrence}",
                _GITHUB_FINGERPRINT: f"{evidence.fingerprint}:{occurrence}",
            },
            "rank": _rank(finding),
            **_baseline_state(report, evidence),
            **({"suppressions": suppressions} if suppressions else {}),
            "properties": {
                "bits": evidence.bits,
                "tokens": evidence.n_tokens,
                "sameText": evidence.n_verbatim,
                "fileScore": finding.score,
            },
        }


def _baseline_state(report: ScanReport, evidence: Evidence) -> dict[str, str]:
    if "baseline" not in report.settings:
        return {}
    is_known = evidence.review is not None and evidence.review.status is ReviewStatus.KNOWN
    return {"baselineState": "unchanged" if is_known else "new"}


def _level(finding: FileFinding, evidence: Evidence) -> str:
    return "warning" if finding.verdict is Verdict.EVIDENCE and not evidence.excluded else "note"


def _rank(finding: FileFinding) -> float:
    """Priority from 0 to 100: the probability of the file; -1 where there is none."""
    return -1.0 if finding.probability is None else round(100 * finding.probability, 4)


def _message(report: ScanReport, finding: FileFinding, evidence: Evidence) -> str:
    """Plain text, but for one link to the related location: brackets are escaped."""
    original = words.original_place(report, evidence)
    bits = "" if evidence.bits is None else f", {evidence.bits:,.0f} bits"
    probability = (
        "" if finding.probability is None else f"; probability of the file {words.percent(finding.probability)}"
    )
    texts = words.items_words(evidence, _MAX_TEXTS)
    state = [words.units_of(evidence), texts and f"texts: {texts}"]
    state += [words.exclusion_of(evidence) and f"does not count: {words.exclusion_of(evidence)}"]
    state.append(words.also_in_of(evidence))
    state.append(words.review_of(evidence) and f"review: {words.review_of(evidence)}")
    said = "".join(f"; {_escaped(part)}" for part in state if part)
    agreement = f"{evidence.layer}: {words.evidence_words(evidence)}{bits} agree with"
    return f"{agreement} [{_escaped(original)}](1){probability}{said}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _suppressions(evidence: Evidence) -> Iterator[dict[str, Any]]:
    if evidence.excluded:
        yield {
            "kind": "external",
            "status": "accepted",
            "justification": f"does not count: {words.exclusion_of(evidence)}",
        }
    if evidence.review and evidence.review.status is not ReviewStatus.KNOWN:
        yield {"kind": "external", "status": "accepted", "justification": words.review_of(evidence)}


def _places(report: ScanReport, finding: FileFinding, evidence: Evidence, prefix: str) -> dict[str, Any]:
    """Where the agreement stands in the candidate; beside it the original's side and the most telling lines of both."""
    candidate = _artifact(prefix + (finding.holder or finding.candidate), _CANDIDATE_ROOT)
    original = _artifact(evidence.original, _original_base(evidence.source))
    name = f"original: {words.original_place(report, evidence)}"
    related = [_place(original, evidence.original_span, name)]
    if evidence.excerpt:
        excerpt = evidence.excerpt
        own = words.span_in_holder(finding, _lines(excerpt.candidate, excerpt.candidate_line))
        for artifact, lines, span in (
            (candidate, excerpt.candidate, own),
            (original, excerpt.original, _lines(excerpt.original, excerpt.original_line)),
        ):
            if lines:
                related.append(_place(artifact, span, "most telling lines", lines))
    place = _place(candidate, words.span_in_holder(finding, evidence.candidate))
    held = {"logicalLocations": [{"fullyQualifiedName": words.path(finding.candidate)}]} if finding.holder else {}
    return {
        "locations": [place | held],
        "relatedLocations": [{"id": number, **place} for number, place in enumerate(related, 1)],
    }


def _lines(lines: tuple[str, ...], first: int) -> LineSpan:
    return LineSpan(first, first + max(1, len(lines)) - 1)


def _place(artifact: dict[str, str], span: LineSpan, message: str = "", lines: tuple[str, ...] = ()) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": span.start_line, "endLine": span.end_line}
    if span.start_column is not None and span.end_column is not None:
        region |= {"startColumn": span.start_column, "endColumn": span.end_column}
    if lines:
        region["snippet"] = {"text": "\n".join(clip(line, _MAX_CODE_CHARS) for line in lines)}
    place: dict[str, Any] = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    return place | {"message": {"text": message}} if message else place


def _artifact(path: str, base: str) -> dict[str, str]:
    return {"uri": _uri(path), "uriBaseId": base}


def _uri(path: str) -> str:
    """A relative reference: what a path means in a URI is escaped, a first segment with a colon is no scheme."""
    try:
        content = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a stored report may hold surrogates that no path has: "\ud800"
        content = path.encode("utf-8", "surrogatepass")
    return quote(content, safe="/") or "."


def _folder(prefix: str) -> str:
    folder = prefix.strip("/").removeprefix("./")
    return f"{folder}/" if folder not in ("", ".") else ""
