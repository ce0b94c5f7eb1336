"""`simdetect scan`: a candidate and its originals in, a report in one or more places out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simdetect.cli.commands import argument, command, option, take
from simdetect.cli.output import EXIT_EVIDENCE, EXIT_INCONCLUSIVE, EXIT_OK, Target, complain, emit
from simdetect.cli.parameters import (
    ReportOptions,
    jobs_option,
    report_options,
    scan_options,
    scan_settings,
    setting_option,
)
from simdetect.cli.reviews import decisions_here, read_reviews
from simdetect.options import OPEN

if TYPE_CHECKING:
    from simdetect.model import ScanReport, SourceTree
    from simdetect.options import ScanOptions
    from simdetect.report.source_texts import SourceTexts
    from simdetect.scanning.inputs import Original

__all__ = ["scan"]

_EXIT_BY_VERDICT = {"no-evidence": EXIT_OK, "evidence": EXIT_EVIDENCE, "inconclusive": EXIT_INCONCLUSIVE}
# Which of these codes --fail-on lets through.
_FAIL_ON = {"inconclusive": (EXIT_EVIDENCE, EXIT_INCONCLUSIVE), "evidence": (EXIT_EVIDENCE,), "never": ()}


@dataclass(frozen=True)
class _Inputs:
    candidate: str
    originals: tuple[str, ...]
    given: tuple[str, ...]
    base: tuple[str, ...]
    observed: tuple[str, ...]
    elsewhere: tuple[str, ...]
    same_family: bool


@dataclass(frozen=True)
class _Copies:
    """Files that a report is written to beside its target, each in its own format."""

    html: str | None
    json_file: str | None
    sarif: str | None

    def targets(self, prefix: str) -> list[Target]:
        """Those that were asked for. prefix: see `Target`."""
        named = (("html", self.html), ("json", self.json_file), ("sarif", self.sarif))
        return [Target(format, output, prefix=prefix) for format, output in named if output]


@command(
    "simdetect scan submission/ upstream/",
    "simdetect scan submission/ upstream/ --given docs/ --html report.html --json report.json",
)
@argument("candidate")
@argument("originals", metavar="ORIGINAL...", nargs=-1, required=True)
@option("--given", multiple=True, metavar="PATH", help="Material the author was given; agreement with it is excluded.")
@option("--base", multiple=True, metavar="PATH", help="Code handed out to build on; agreement with it is excluded.")
@option(
    "--observed",
    multiple=True,
    metavar="PATH",
    help="What the author saw the executable print: texts, or the recorded session of an agent (*.traj.json, ATIF).",
)
@option(
    "--elsewhere", multiple=True, metavar="PATH", help="Third programs or a corpus: say which evidence is there too."
)
@option(
    "--same-family",
    is_flag=True,
    help="All ORIGINALs are revisions of one program; only the best counts. Revisions of one repository always are.",
)
@setting_option(OPEN)
@option("--html", metavar="FILE", help="Also write an HTML report.")
@option("--json", "json_file", metavar="FILE", help="Also write a JSON report.")
@option("--sarif", metavar="FILE", help="Also write a SARIF report.")
@scan_options
@jobs_option
@option("--strict", is_flag=True, help="Exit 3 instead of 0 when a file could not be read or fully parsed.")
@option(
    "--fail-on",
    type=click.Choice(tuple(_FAIL_ON)),
    default="inconclusive",
    help="What ends with another code than 0: evidence and what is inconclusive, evidence only, or nothing."
    " [default: inconclusive]",
)
@report_options
def scan(strict: bool, fail_on: str, **options: Any) -> int:
    """Compare CANDIDATE with one or more ORIGINALs and report what agrees.

    Each is a directory, a file, an archive (.tar, .tar.gz, .tar.zst, .zip) or a git revision written PATH@REVISION.
    An ORIGINAL may also be an index, made by 'simdetect index'.
    """
    inputs, copies, shown = take(_Inputs, options), take(_Copies, options), take(ReportOptions, options)
    settings = scan_settings(options)
    reviews = read_reviews(shown.decisions or decisions_here(inputs.candidate), shown.baseline)
    report, texts = _scanned(inputs, settings, shown.quiet)
    report = reviews.applied(report, shown.no_source)
    for target in (*copies.targets(shown.path_prefix), shown.target()):
        emit(report, target, None if shown.no_source else texts)
    return _exit_code(report, strict, fail_on)


def _scanned(inputs: _Inputs, settings: ScanOptions, is_quiet: bool) -> tuple[ScanReport, SourceTexts | None]:
    """The report, and the code of both sides, which the report itself holds only in excerpts."""
    from simdetect.report.progress import ScanProgress
    from simdetect.report.source_texts import SourceTexts
    from simdetect.scanning import scanner

    collected: list[SourceTexts] = []

    def collect(candidate: SourceTree, originals: Sequence[SourceTree]) -> None:
        collected.append(SourceTexts.of(candidate, originals))

    with ScanProgress(is_shown=not is_quiet) as progress:
        report = scanner.scan(
            inputs.candidate,
            *inputs.originals,
            given=inputs.given,
            base=inputs.base,
            observed=inputs.observed,
            elsewhere=_third_programs(inputs, settings),
            same_family=inputs.same_family,
            options=settings,
            progress=progress,
            on_sources=collect,
        )
    return report, collected[0] if collected else None


def _third_programs(inputs: _Inputs, settings: ScanOptions) -> list[Original]:
    """The programs that --elsewhere names: of a corpus, the members that share most with the candidate."""
    from simdetect.corpus import search as corpus
    from simdetect.corpus.folder import has_members

    found: list[Original] = []
    for place in inputs.elsewhere:
        folder = Path(place)
        found += corpus.nearest(inputs.candidate, folder, settings) if has_members(folder) else [place]
    return found


def _exit_code(report: ScanReport, is_strict: bool, fail_on: str) -> int:
    """What the verdict says, as far as evidence is open and --fail-on lets it through."""
    from simdetect.report.review import open_findings

    code = _EXIT_BY_VERDICT[report.summary.verdict]
    if code == EXIT_EVIDENCE and not open_findings(report):
        complain("no open evidence: what was found is decided, or known from the baseline")
        code = EXIT_OK
    if is_strict and code == EXIT_OK:
        code = _strict_code(report)
    return code if code in _FAIL_ON[fail_on] else EXIT_OK


def _strict_code(report: ScanReport) -> int:
    from simdetect.report.words import incomplete_words

    problem = incomplete_words(report)
    if problem is None:
        return EXIT_OK
    complain(f"inconclusive because of --strict: {problem}")
    return EXIT_INCONCLUSIVE
