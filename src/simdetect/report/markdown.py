"""The report as GitHub-flavoured Markdown, short enough for a pull-request comment.

Paths and code stand in code spans and fences that are longer than any run of backticks inside; other text has its
punctuation escaped and its mentions broken, so that nothing from the report becomes markup, a link or a ping.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from simdetect.model import Evidence, FileFinding, ScanReport
from simdetect.report import words
from simdetect.report.safe import code_lines

__all__ = ["render_markdown"]

MAX_FINDINGS = 20
MAX_EXCERPTS = 3
MAX_SKIPPED_EXAMPLES = 3
_EXCERPT_LINES = 20
_MAX_CODE_CHARS = 200


def render_markdown(report: ScanReport) -> str:
    """Verdict, findings, the strongest excerpts and what was not seen."""
    blocks = [
        _verdict(report),
        _compared(report),
        _findings(report),
        *_excerpts(report),
        _section("Not analysed", _not_analysed(report)),
        _section("Warnings", [_prose(words.message(warning)) for warning in report.warnings]),
        _section("What this can tell", [_prose(line) for line in words.reach_words(report)]),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _section(name: str, items: Sequence[str]) -> str:
    return f"### {name}\n\n" + "\n".join(f"- {item}" for item in items) if items else ""


def _verdict(report: ScanReport) -> str:
    cry, sentence = words.headline(report)
    reason = _prose(words.message(report.summary.reason))
    lines = [*(_prose(line) for line in words.agreement_lines(report)), _prose(words.probability_words(report))]
    body = "\n".join(f"- {line}" for line in lines)
    return "\n\n".join(part for part in (f"## {cry}", f"**{_prose(sentence)}** {reason}".rstrip(), body) if part)


def _compared(report: ScanReport) -> str:
    rows = [
        f"| {role} | {_code(words.path(item.label), in_table=True)} | {item.n_files:,} of {item.n_discovered:,} "
        f"| {item.n_tokens:,} | {_prose(words.languages_words(item))} |"
        for role, item in words.inputs(report)
    ]
    head = "| side | input | files analysed | tokens | files by language |\n| --- | --- | ---: | ---: | --- |"
    return "\n".join([head, *rows])


def _findings(report: ScanReport) -> str:
    agreeing = words.agreeing(report)
    if not agreeing:
        return ""
    rows = [_finding_row(report, finding) for finding in agreeing[:MAX_FINDINGS]]
    more = len(agreeing) - MAX_FINDINGS
    tail = [f"\nand {words.n(more, 'further finding')}."] if more > 0 else []
    head = "| candidate file | verdict | agrees | best original | strongest place |\n| --- | --- | --- | --- | --- |"
    return "\n".join(["### Findings\n", head, *rows, *tail])


def _finding_row(report: ScanReport, finding: FileFinding) -> str:
    best = finding.originals[0] if finding.originals else None
    original = _code(words.original_name(report, best.source, best.original), in_table=True) if best else ""
    place = _places(report, finding, finding.evidence[0], in_table=True) if finding.evidence else ""
    candidate = _code(words.path(finding.candidate), in_table=True)
    verdict = finding.verdict.replace("-", " ")
    return f"| {candidate} | {verdict} | {words.coverage_words(finding)} | {original} | {place} |"


def _places(report: ScanReport, finding: FileFinding, evidence: Evidence, in_table: bool = False) -> str:
    candidate = words.location(words.path(finding.candidate), evidence.candidate)
    original = words.location(words.original_name(report, evidence.source, evidence.original), evidence.original_span)
    excluded = f" (does not count: {evidence.excluded.reason})" if evidence.excluded else ""
    return f"{_code(candidate, in_table)} ↔ {_code(original, in_table)}{excluded}"


def _excerpts(report: ScanReport) -> Iterator[str]:
    found = ((finding, evidence) for finding in report.findings for evidence in finding.evidence if evidence.excerpt)
    for (finding, evidence), _ in zip(found, range(MAX_EXCERPTS), strict=False):
        assert evidence.excerpt is not None
        place = _places(report, finding, evidence)
        sides = [_fenced(side) for side in (evidence.excerpt.candidate, evidence.excerpt.original)]
        summary = f"**{evidence.layer}, {words.evidence_words(evidence)}**: {place}"
        yield f"{summary}\n\nCandidate:\n\n{sides[0]}\n\nOriginal:\n\n{sides[1]}"


def _not_analysed(report: ScanReport) -> list[str]:
    items = []
    for group in words.skip_groups(report):
        examples = ", ".join(_code(words.path(entry.path)) for entry in group.entries[:MAX_SKIPPED_EXAMPLES])
        more = len(group.entries) - MAX_SKIPPED_EXAMPLES
        tail = f" and {more:,} more" if more > 0 else ""
        files = words.n(len(group.entries), "file")
        items.append(f"{group.side}: {files} {group.reason} ({group.meaning}): {examples}{tail}")
    for finding in words.degraded_files(report):
        reason = _prose(words.message(finding.degraded or ""))
        items.append(f"{_code(words.path(finding.candidate))}: compared as plain tokens ({reason})")
    return items


# --- escaping ------------------------------------------------------------------------------------------------------


def _longest_ticks(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _code(text: str, in_table: bool = False) -> str:
    """A code span; inside a table, GitHub reads even there a bar as the end of the cell."""
    ticks = "`" * (_longest_ticks(text) + 1)
    text = text.replace("|", "\\|") if in_table else text
    is_padded = text[:1] in ("`", " ", "") or text[-1:] in ("`", " ")
    return f"{ticks} {text} {ticks}" if is_padded else f"{ticks}{text}{ticks}"


def _fenced(lines: tuple[str, ...]) -> str:
    code = "\n".join(code_lines(lines, _EXCERPT_LINES, _MAX_CODE_CHARS))
    fence = "`" * max(3, _longest_ticks(code) + 1)
    return f"{fence}\n{code}\n{fence}"


def _prose(text: str) -> str:
    """Plain text: Markdown's punctuation escaped, mentions and bare links broken by an empty comment."""
    escaped = re.sub(r"([\\`*_{}\[\]<>#|~&])", r"\\\1", text.strip())
    escaped = re.sub(r"^(\d*)([-+=.)])(?=\s|$)", r"\1\\\2", escaped)  # would begin a list or a heading
    return escaped.replace("@", "@<!-- -->").replace("://", ":<!-- -->//").replace("www.", "www<!-- -->.")
