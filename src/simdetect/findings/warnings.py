"""Sentences about what could not be compared as it should be, or looks like something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simdetect.judging.coverage import is_degraded
from simdetect.judging.hidden_code import disguises
from simdetect.judging.judged import Judged
from simdetect.judging.verdict import some
from simdetect.matching.comparison import Comparison
from simdetect.model import AnalysedFile
from simdetect.weighing.background import POOL

__all__ = ["warnings"]


def warnings(judged: Judged, unread: Mapping[str, int]) -> Iterator[str]:
    """Warnings about a scan. unread: bytes of code that were not read as code, by candidate file."""
    candidate = judged.results.comparison.candidate
    yield from _about_models(judged, candidate.files)
    yield from _about_parsing(candidate.files)
    yield from disguises(candidate.sources, candidate.files)
    if unread_files := [file.path for file in candidate.files if file.path in unread]:
        yield (
            f"{len(unread_files)} candidate file(s) hold much code that was not read as code (in strings, under the"
            f" name of another language, or names cut by backslashes): {some(unread_files)}"
        )
    if n_common := judged.results.code.table.n_common_hashes:
        yield (
            f"{n_common} fingerprints of the candidate occur more than {judged.options.max_postings}"
            " times on one side; they only seeded matches of identical text"
        )
    if n_cut := judged.results.code.table.n_cut_runs:
        yield (
            f"{n_cut} agreeing stretches were not followed to their ends: where everything repeats, as in generated"
            " tables, that would take time with the square of the size; such stretches are longer than they are listed"
        )
    if n_cut := judged.results.code.table.n_cut_hashes:
        yield (
            f"{n_cut} more fingerprints only seeded matches of identical text: so much repeats on both sides that all"
            " pairs would be many times their size"
        )
    if unfinished := judged.results.unfinished:
        yield f"comparing reached limit_total_seconds: not looked for were {', '.join(unfinished)}"
    yield from _about_languages(judged.results.comparison)


def _about_models(judged: Judged, files: Sequence[AnalysedFile]) -> Iterator[str]:
    pooled = sorted({file.family for file in files if judged.background(file.family).family == POOL})
    if pooled:
        yield f"no background model of its own for {', '.join(pooled)}: surprise is judged by all languages together"


def _about_parsing(files: Sequence[AnalysedFile]) -> Iterator[str]:
    degraded = [file.path for file in files if is_degraded(file)]
    if degraded:
        yield (
            f"{len(degraded)} candidate file(s) could not be parsed, or not wholly; lexical tokens were compared:"
            f" {some(degraded)}"
        )
    broken = [file.path for file in files if file.tokens.error_share > 0.2]
    if broken:
        yield (
            f"{len(broken)} candidate file(s) have what the grammar takes for syntax errors over more than 20 % of"
            " their bytes (macros, new syntax or damage). Their tokens were compared like all others; functions and"
            f" rewritten code may have been missed there: {some(broken)}"
        )


def _about_languages(comparison: Comparison) -> Iterator[str]:
    candidate, original = comparison.candidate.files, comparison.original.files
    families = {file.family for file in original}
    related = {file.language for file in candidate if file.family in families}
    foreign = sorted({file.language for file in candidate} - {file.language for file in original} - related)
    if foreign:
        yield (
            f"no original file is in a language related to {', '.join(foreign)}: of those files no code could be"
            " compared, only names, constants, comments and order"
        )
