"""The report for a terminal: what a reader must know first comes first, at any width, with or without colours.

Nothing from the report reaches the terminal as markup or control sequence: every string goes through `safe.visible`
and is printed as `rich.text.Text`, never as rich markup.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from simdetect.model import Evidence, Excerpt, FileFinding, Layer, ScanReport, SkippedEntry, Verdict
from simdetect.report import Detail, words
from simdetect.report.safe import code_lines
from simdetect.report.side_by_side import Line, Row, aligned, grid_of

__all__ = ["DEFAULT_WIDTH", "MIN_WIDTH", "evidence_line", "finding_lines", "printed", "render_text"]

DEFAULT_WIDTH = 100
MIN_WIDTH = 32
SIDE_BY_SIDE_WIDTH = 90  # narrower than this, two columns of code are unreadable: stack them
_MAX_CODE_CHARS = 240
_ITEMS = 8  # texts of a piece of evidence that are shown

_VERDICT_STYLE = {Verdict.EVIDENCE: "bold red", Verdict.NO_EVIDENCE: "bold green", Verdict.INCONCLUSIVE: "bold yellow"}
_LAYER_STYLE = {Layer.VERBATIM: "red", Layer.RENAMED: "blue", Layer.STRUCTURAL: "green", Layer.TRANSLATED: "magenta"}


@dataclass(frozen=True, slots=True)
class _Amount:
    """How much is shown of what is listed."""

    findings: int
    evidence: int
    excerpts: int
    excerpt_lines: int
    others: int
    examples: int


_EVERYTHING = 1 << 30
_AMOUNTS = {
    "normal": _Amount(findings=5, evidence=3, excerpts=1, excerpt_lines=10, others=5, examples=3),
    "full": _Amount(_EVERYTHING, _EVERYTHING, _EVERYTHING, _EVERYTHING, _EVERYTHING, _EVERYTHING),
}


def render_text(report: ScanReport, *, width: int | None = None, color: bool = False, detail: Detail = "normal") -> str:
    """The report as lines of at most `width` columns, with colour escapes only if `color`."""
    columns = max(MIN_WIDTH, width or DEFAULT_WIDTH)
    return printed(_blocks(report, columns, detail), columns, color)


def printed(blocks: Iterable[RenderableType], width: int, color: bool) -> str:
    """Blocks as lines of at most `width` columns, without spaces at their ends where there are no colours."""
    console = _console(width, color)
    for block in blocks:
        console.print(block)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return text if color else "".join(line.rstrip(" ") + "\n" for line in text.split("\n")[:-1])


def _console(width: int, color: bool) -> Console:
    """A console that writes to a string and does not look at the environment, so that equal reports print equal."""
    return Console(
        file=io.StringIO(),
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )


def _blocks(report: ScanReport, width: int, detail: Detail) -> Iterator[RenderableType]:
    yield from _verdict(report)
    if detail == "short":
        return
    amount = _AMOUNTS[detail]
    yield from _section("Compared", [_compared(report, width)])
    yield from _section("Agreement", _agreement(report))
    yield from _findings(report, width, amount)
    yield from _section("Other submissions", [_item(line) for line in words.control_words(report)])
    yield from _section("Review", [_item(line) for line in words.review_words(report)])
    yield from _section("Excluded: agrees, but does not count", _excluded(report))
    yield from _section("Not analysed", _skipped(report, amount))
    yield from _section("Parsed with difficulty", _degraded(report, amount))
    yield from _section("Warnings", [_item(words.message(warning), "yellow") for warning in report.warnings])
    yield from _section("What this can tell", [_item(line) for line in words.reach_words(report)])


def _section(name: str, blocks: Iterable[RenderableType]) -> Iterator[RenderableType]:
    """A heading over its blocks, indented; nothing at all when there are no blocks."""
    held = list(blocks)
    if held:
        yield Text(f"\n{name}", style="bold")
        yield from (Padding(block, (0, 0, 0, 2)) for block in held)


def _item(text: str, style: str = "") -> RenderableType:
    """A sentence that wraps under itself."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(Text("-", style="dim"), Text(text, style=style, overflow="fold"))
    return grid


def _verdict(report: ScanReport) -> Iterator[RenderableType]:
    cry, sentence = words.headline(report)
    line = Text.assemble((cry, _VERDICT_STYLE[report.summary.verdict]), "  ", sentence)
    line.overflow = "fold"
    yield line
    if report.summary.reason:
        yield Text(words.message(report.summary.reason), overflow="fold")


# --- what was compared ---------------------------------------------------------------------------------------------


def _compared(report: ScanReport, width: int) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    name_width = max(12, width // 3)
    for role, summary in words.inputs(report):
        files = words.n(summary.n_files, "file")
        found = "" if summary.n_files == summary.n_discovered else f" of {summary.n_discovered:,} found"
        facts = f"{files}{found}, {words.n(summary.n_tokens, 'token')}"
        languages = words.languages_words(summary)
        name = Text(_fit_path(words.path(summary.label), name_width), style="bold", overflow="fold")
        grid.add_row(Text(role, style="dim"), name, Text(f"{facts} ({languages})" if languages else facts))
    return grid


def _fit_path(path: str, width: int) -> str:
    """The path, without its beginning when it is wider than `width` columns."""
    if cell_len(path) <= width:
        return path
    tail = path[-width:]
    while cell_len(tail) > width - 1:
        tail = tail[1:]
    return "…" + tail


def _agreement(report: ScanReport) -> Iterator[RenderableType]:
    first, *others = words.agreement_lines(report)
    yield _item(first)
    layers = [(layer, report.summary.matched_tokens.get(layer, 0)) for layer in Layer]
    if any(n_tokens for _, n_tokens in layers):
        parts = [f"{words.n(t, 'token')} {layer} ({words.LAYER_MEANING[layer]})" for layer, t in layers if t]
        yield _item("by kind: " + "; ".join(parts))
    yield from (_item(line) for line in others)
    yield _item(words.probability_words(report))


# --- findings ------------------------------------------------------------------------------------------------------


def _findings(report: ScanReport, width: int, amount: _Amount) -> Iterator[RenderableType]:
    agreeing = words.agreeing(report)
    n_silent = len(report.findings) - len(agreeing)
    shown, others = agreeing[: amount.findings], agreeing[amount.findings :]
    heading = "Findings" if len(shown) == len(agreeing) else f"Strongest {len(shown)} of {len(agreeing):,} findings"
    if shown:
        yield Text(f"\n{heading}", style="bold")
    for number, finding in enumerate(shown, 1):
        if number > 1:
            yield Text("")
        yield from _finding(report, number, finding, width, amount)
    if others:
        yield from _section(f"Further findings ({len(others):,})", _others(others, amount))
    if n_silent and agreeing:
        yield Text("")
        yield Padding(_item(f"{words.n(n_silent, 'further candidate file')} without any agreement"), (0, 0, 0, 2))


def _others(findings: Sequence[FileFinding], amount: _Amount) -> Iterator[RenderableType]:
    for finding in findings[: amount.others]:
        yield _item(f"{words.path(finding.candidate)}: {_finding_words(finding)}")
    if len(findings) > amount.others:
        yield _item(f"and {len(findings) - amount.others:,} more; every file is in the JSON report")


def _finding(
    report: ScanReport, number: int, finding: FileFinding, width: int, amount: _Amount
) -> Iterator[RenderableType]:
    yield Text.assemble((f"{number:>2}. ", "dim"), (words.path(finding.candidate), "bold"), overflow="fold")
    body: list[RenderableType] = [Text(line, overflow="fold") for line in finding_lines(report, finding)]
    shown = finding.evidence[: amount.evidence]
    for index, evidence in enumerate(shown):
        body.append(evidence_line(report, finding, evidence))
        if evidence.excerpt and index < amount.excerpts:
            body.append(Padding(_excerpt(evidence, evidence.excerpt, width - 6, amount), (0, 0, 0, 2)))
    if finding.n_evidence > len(shown):
        body.append(Text(f"and {words.n(finding.n_evidence - len(shown), 'further agreement')}", style="dim"))
    yield from (Padding(block, (0, 0, 0, 4)) for block in body)


def finding_lines(report: ScanReport, finding: FileFinding) -> list[str]:
    """How much of a file agrees, how sure that is, and with which original most."""
    return [_finding_words(finding), *([_best_original(report, finding)] if finding.originals else [])]


def _finding_words(finding: FileFinding) -> str:
    parts = [words.coverage_words(finding)]
    if finding.probability is not None:
        parts.append(f"probability {words.percent(finding.probability)}")
    if finding.bits is not None:
        layers = words.layer_bits_words(finding.layer_bits)
        parts.append(f"{finding.bits:,.0f} bits" + (f" ({layers})" if layers else ""))
    if finding.originals:
        parts.append(f"score {words.score_of(finding)}")
    if finding.verdict is not Verdict.EVIDENCE:
        parts.append("not counted as evidence" if finding.verdict is Verdict.NO_EVIDENCE else "inconclusive")
    return "; ".join(parts)


def _best_original(report: ScanReport, finding: FileFinding) -> str:
    best = finding.originals[0]
    name = words.original_name(report, best.source, best.original)
    if not best.matched_tokens:
        if best.bits:
            return f"best original: {name} (no code in common, but {best.bits:,.0f} bits)"
        return f"closest original: {name} (nothing in common that counts)"
    of_candidate, of_original = words.percent(best.coverage), words.percent(best.original_coverage)
    shares = f"{of_candidate} of the candidate file, {of_original} of the original file"
    return f"best original: {name} ({shares}){words.other_originals(report, finding)}"


def evidence_line(report: ScanReport, finding: FileFinding, evidence: Evidence) -> Text:
    """One piece of evidence in a line: its layer, length and places, and whether it counts."""
    candidate = words.location(words.path(finding.candidate), evidence.candidate)
    name = words.original_name(report, evidence.source, evidence.original)
    original = words.location(name, evidence.original_span)
    kind = (f"{evidence.layer:<8}", _LAYER_STYLE.get(evidence.layer, "cyan"))
    line = Text.assemble(kind, f"  {words.evidence_words(evidence)}  {candidate}  ↔  {original}")
    if units := words.units_of(evidence):
        line.append(f"; {units}")
    if evidence.items:
        line.append(f": {words.items_words(evidence, _ITEMS)}", style="dim")
    if evidence.excluded:
        line.append(f"; does not count: {words.exclusion_of(evidence)}", style="yellow")
    if evidence.also_in:
        line.append(f"; {words.also_in_of(evidence)}", style="cyan")
    if evidence.review:
        line.append(f"; review: {words.review_of(evidence)}", style="green")
    line.overflow = "fold"
    return line


# --- excerpts ------------------------------------------------------------------------------------------------------


def _excerpt(evidence: Evidence, excerpt: Excerpt, width: int, amount: _Amount) -> RenderableType:
    sides = (
        (excerpt.candidate, excerpt.candidate_line, evidence.candidate),
        (excerpt.original, excerpt.original_line, evidence.original_span),
    )
    numbered = [_numbered(lines, first) for lines, first, _ in sides]
    n_lines = [span.end_line - span.start_line + 1 for _, _, span in sides]
    if width < SIDE_BY_SIDE_WIDTH - 6:
        return _stacked([side[: amount.excerpt_lines] for side in numbered], n_lines, width)
    return _side_by_side(numbered, n_lines, amount.excerpt_lines, width)


def _numbered(lines: tuple[str, ...], first: int) -> list[Line]:
    shown = code_lines(lines, _EVERYTHING, _MAX_CODE_CHARS)
    return [(str(first + index), line) for index, line in enumerate(shown)]


def _more(n_lines: int, n_shown: int) -> list[Line]:
    """How many lines of a span are not shown."""
    return [("", f"… {words.n(n_lines - n_shown, 'more line')}")] if n_lines > n_shown else []


def _side_by_side(sides: list[list[Line]], n_lines: list[int], n_rows: int, width: int) -> RenderableType:
    """Both sides under their names, the rows that end with a pair; how many lines are not shown stands last."""
    everything = aligned(*sides)
    rows = everything[:n_rows]
    while len(rows) < len(everything) and rows and None in rows[-1]:
        rows.pop()
    n_shown = [sum(row[side] is not None for row in rows) for side in (0, 2)]
    own, theirs = (next(iter(_more(n, shown)), None) for n, shown in zip(n_lines, n_shown, strict=True))
    head: Row = (("", "candidate"), "│", ("", "original"))
    tail: list[Row] = [(own, "│", theirs)] if own or theirs else []
    return grid_of([head, *rows, *tail], width)


def _stacked(sides: list[list[Line]], n_lines: list[int], width: int) -> RenderableType:
    n_digits = max((len(number) for side in sides for number, _ in side), default=0)
    grid = Table.grid(padding=0)
    grid.add_column(width=n_digits + 1, no_wrap=True)
    grid.add_column(width=width - n_digits - 1, no_wrap=True, overflow="ellipsis")
    for name, side, n in zip(("candidate", "original"), sides, n_lines, strict=True):
        grid.add_row(Text(""), Text(name, style="dim"))
        for number, code in [*side, *_more(n, len(side))]:
            grid.add_row(Text(f"{number:>{n_digits}} ", style="dim"), Text(code, style="" if number else "dim"))
    return grid


# --- what was left out ---------------------------------------------------------------------------------------------


def _excluded(report: ScanReport) -> Iterator[RenderableType]:
    yield from (_item(line) for line in words.exclusion_words(report))


def _skipped(report: ScanReport, amount: _Amount) -> Iterator[RenderableType]:
    for group in words.skip_groups(report):
        shown = group.entries[: amount.examples]
        examples = _skip_examples(shown)
        more = f" and {len(group.entries) - len(shown):,} more" if len(group.entries) > len(shown) else ""
        files = words.n(len(group.entries), "file")
        line = f"{group.side}: {files} {group.reason} ({group.meaning}): {examples}{more}"
        yield _item(line, "yellow" if group.is_important else "")


def _skip_examples(entries: Sequence[SkippedEntry]) -> str:
    """Paths with their details; a detail that all of them share only once."""
    if len({entry.detail for entry in entries}) == 1:
        return _with_detail(", ".join(words.path(entry.path) for entry in entries), entries[0].detail)
    return ", ".join(_with_detail(words.path(entry.path), entry.detail) for entry in entries)


def _with_detail(text: str, detail: str) -> str:
    return f"{text} ({words.message(detail)})" if detail else text


def _degraded(report: ScanReport, amount: _Amount) -> Iterator[RenderableType]:
    degraded = words.degraded_files(report)
    for finding in degraded[: amount.examples]:
        reason = words.message(finding.degraded or "")
        yield _item(f"{words.path(finding.candidate)}: compared as plain tokens ({reason})", "yellow")
    if len(degraded) > amount.examples:
        yield _item(f"and {len(degraded) - amount.examples:,} more", "yellow")
