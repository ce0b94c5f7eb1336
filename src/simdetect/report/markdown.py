"""The report as GitHub-flavoured Markdown, short enough for a pull-request comment.

What counts stands open, the rest folds away. Paths and code stand in code spans and fences that are longer than any run
of backticks inside; other text has its punctuation escaped and its mentions broken, so that nothing from the report
becomes markup, a link or a ping. The folds are the only markup, and hold words of our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from simdetect.model import Evidence, FileFinding, ScanReport, Verdict
from simdetect.report import words
from simdetect.report.safe import code_lines

__all__ = ["MAX_CHARS", "prose", "render_markdown"]

MAX_CHARS = 60_000  # a comment on GitHub holds 65,536
MAX_FINDINGS = 20
MAX_EXCERPTS = 3
MAX_SKIPPED_EXAMPLES = 3
_EXCERPT_LINES = 20
_MAX_CODE_CHARS = 200
_MAX_TEXTS = 6


def render_markdown(report: ScanReport) -> str:
    """Verdict, findings, the strongest excerpts and what was not seen: at most `MAX_CHARS`, or without excerpts."""
    head = [_verdict(report), _findings(report)]
    tail = [
        _section("Other submissions", [prose(line) for line in words.control_words(report)]),
        _section("Review", [prose(line) for line in words.review_words(report)]),
        _folded(
            "What was compared, excluded and not seen",
            [
                _compared(report),
                _section("Excluded", [prose(line) for line in words.exclusion_words(report)]),
                _section("Not analysed", _not_analysed(report)),
                _section("Warnings", [prose(words.message(warning)) for warning in report.warnings[:MAX_FINDINGS]]),
                _section("What this can tell", [prose(line) for line in words.reach_words(report)]),
            ],
        ),
    ]
    text = _joined([*head, *_excerpts(report), *tail])
    return text if len(text) <= MAX_CHARS else _joined([*head, *tail])


def _joined(blocks: Sequence[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"


def _folded(summary: str, blocks: Sequence[str]) -> str:
    """Blocks that unfold on a click. summary: words of our own."""
    inside = "\n\n".join(block for block in blocks if block)
    return f"<details>\n<summary>{summary}</summary>\n\n{inside}\n\n</details>"


def _section(name: str, items: Sequence[str]) -> str:
    return f"### {name}\n\n" + "\n".join(f"- {item}" for item in items) if items else ""


def _verdict(report: ScanReport) -> str:
    cry, sentence = words.headline(report)
    reason = prose(words.message(report.summary.reason))
    lines = [*(prose(line) for line in words.agreement_lines(report)), prose(words.probability_words(report))]
    body = "\n".join(f"- {line}" for line in lines)
    return "\n\n".join(part for part in (f"## {cry}", f"**{prose(sentence)}** {reason}".rstrip(), body) if part)


def _compared(report: ScanReport) -> str:
    rows = [
        f"| {role} | {_code(words.path(item.label), in_table=True)} | {item.n_files:,} of {item.n_discovered:,} "
        f"| {item.n_tokens:,} | {prose(words.languages_words(item))} |"
        for role, item in words.inputs(report)
    ]
    head = "| side | input | files analysed | tokens | files by language |\n| --- | --- | ---: | ---: | --- |"
    known = [*words.revision_words(report), words.setting_words(report), *words.observed_words(report)]
    known = [line for line in known if line]
    return "\n".join([head, *rows, *(["", *(f"- {prose(line)}" for line in known)] if known else [])])


def _findings(report: ScanReport) -> str:
    """The files with evidence; where there are none, those that agree most."""
    agreeing = words.agreeing(report)
    chosen = [finding for finding in agreeing if finding.verdict is Verdict.EVIDENCE] or agreeing
    if not agreeing:
        return ""
    rows = [_finding_row(report, finding) for finding in chosen[:MAX_FINDINGS]]
    more, weaker = len(chosen) - MAX_FINDINGS, len(agreeing) - len(chosen)
    tail = [f"and {words.n(more, 'further finding')}."] if more > 0 else []
    tail += [f"{words.n(weaker, 'further file')} with agreement that is no evidence."] if weaker else []
    head = "| candidate file | verdict | probability | bits | score | agrees | strongest place |\n"
    head += "| --- | --- | ---: | ---: | ---: | --- | --- |"
    return "\n".join(["### Findings\n", head, *rows, *(["", " ".join(tail)] if tail else [])])


def _finding_row(report: ScanReport, finding: FileFinding) -> str:
    place = _places(report, finding, finding.evidence[0], in_table=True) if finding.evidence else ""
    candidate = _code(words.path(finding.candidate), in_table=True)
    cells = (
        candidate,
        words.verdict_words(finding.verdict),
        "" if finding.probability is None else prose(words.percent(finding.probability)),
        "" if finding.bits is None else f"{finding.bits:,.0f}",
        words.score_of(finding),
        words.coverage_words(finding),
        place,
    )
    return f"| {' | '.join(cells)} |"


def _places(report: ScanReport, finding: FileFinding, evidence: Evidence, in_table: bool = False) -> str:
    candidate, original = words.candidate_place(finding, evidence), words.original_place(report, evidence)
    excluded = f" (does not count: {evidence.excluded.reason})" if evidence.excluded else ""
    reviewed = f" ({prose(words.review_of(evidence))})" if evidence.review else ""
    others = f" ({said})" if (said := words.also_in_of(evidence)) else ""
    texts = words.items_words(evidence, _MAX_TEXTS)
    shared = f": {_code(texts, in_table)}" if texts else ""
    units = words.units_of(evidence)
    between = f" in {_code(units, in_table)}" if units else ""
    return f"{_code(candidate, in_table)} ↔ {_code(original, in_table)}{between}{shared}{excluded}{others}{reviewed}"


def _excerpts(report: ScanReport) -> Iterator[str]:
    """The strongest piece with an excerpt of each of the first findings, folded."""
    agreeing = words.agreeing(report)
    chosen = [finding for finding in agreeing if finding.verdict is Verdict.EVIDENCE] or agreeing
    pieces = (
        next(((finding, piece) for piece in finding.evidence if piece.excerpt and not piece.excluded), None)
        for finding in chosen[:MAX_FINDINGS]
    )
    for finding, evidence in [piece for piece in pieces if piece][:MAX_EXCERPTS]:
        assert evidence.excerpt is not None
        place = _places(report, finding, evidence)
        candidate = _fenced(evidence.excerpt.candidate, finding.language)
        original = _fenced(evidence.excerpt.original, finding.language)
        summary = f"Excerpt: {evidence.layer}, {words.evidence_words(evidence)}"
        yield _folded(summary, [place, "Candidate:", candidate, "Original:", original])


def _not_analysed(report: ScanReport) -> list[str]:
    items = []
    for group in words.skip_groups(report):
        examples = ", ".join(_code(words.path(entry.path)) for entry in group.entries[:MAX_SKIPPED_EXAMPLES])
        more = len(group.entries) - MAX_SKIPPED_EXAMPLES
        tail = f" and {more:,} more" if more > 0 else ""
        files = words.n(len(group.entries), "file")
        items.append(f"{group.side}: {files} {group.reason} ({group.meaning}): {examples}{tail}")
    for finding in words.degraded_files(report):
        reason = prose(words.message(finding.degraded or ""))
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


def _fenced(lines: tuple[str, ...], language: str) -> str:
    known = language if re.fullmatch("[a-z][a-z0-9-]{0,20}", language) else ""
    code = "\n".join(code_lines(lines, _EXCERPT_LINES, _MAX_CODE_CHARS))
    fence = "`" * max(3, _longest_ticks(code) + 1)
    return f"{fence}{known}\n{code}\n{fence}"


def prose(text: str) -> str:
    """Plain text: Markdown's punctuation escaped, mentions and bare links broken by an empty comment."""
    escaped = re.sub(r"([\\`*_{}\[\]<>#|~&])", r"\\\1", text.strip())
    escaped = re.sub(r"^(\d*)([-+=.)])(?=\s|$)", r"\1\\\2", escaped)  # would begin a list or a heading
    return escaped.replace("@", "@<!-- -->").replace("://", ":<!-- -->//").replace("www.", "www<!-- -->.")
