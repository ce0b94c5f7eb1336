"""Arrays -> ScanReport: the last step of the pipeline. Objects are made here and nowhere earlier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

import numpy as np

import simdetect
from simdetect.evidence import EvidenceSource, region_evidence
from simdetect.languages import LANGUAGES
from simdetect.languages.grammar import grammar_version
from simdetect.model import (
    F64,
    U64,
    AnalysedFile,
    AnalysedTree,
    Corpus,
    FileFinding,
    InputSummary,
    Layer,
    MatchTable,
    OriginalMatch,
    ScanReport,
    Side,
    SkippedEntry,
    SkipReason,
    SourceTree,
    Summary,
    Verdict,
)
from simdetect.options import ScanOptions
from simdetect.score import Pairs, Selection, containment_and_jaccard
from simdetect.verdict import file_verdict, scan_verdict

__all__ = ["Matches", "assemble"]

_WITH_EXCERPT = 3  # pieces of evidence of a file that carry an excerpt
_FINDINGS_WITH_EXCERPT = 20
# Skipped files that may have held code of the candidate: they count against the analysed share.
_LOST_CODE = frozenset(
    {SkipReason.TOO_LARGE, SkipReason.UNREADABLE, SkipReason.LIMIT, SkipReason.ANALYSIS_FAILED, SkipReason.ARCHIVE}
)


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """What matching found. resembling: (candidate file, original file, estimated Jaccard) by sketches."""

    candidate: Corpus
    original: Corpus
    table: MatchTable
    weight: F64
    pairs: Pairs
    selection: Selection
    resembling: Sequence[tuple[int, int, float]]


class _Originals:
    """The files of all originals in one list, with what the report says about them."""

    def __init__(self, trees: Sequence[AnalysedTree]) -> None:
        self.files = [file for tree in trees for file in tree.files]
        self.sources = [source for source, tree in enumerate(trees) for _ in tree.files]
        self.contents = [file.content for tree in trees for file in tree.tree.files]
        self._distinct: dict[int, U64] = {}

    def distinct(self, file: int) -> U64:
        """Distinct fingerprints of a file, sorted."""
        if file not in self._distinct:
            self._distinct[file] = np.unique(self.files[file].fingerprints.hash)
        return self._distinct[file]

    def side(self, file: int) -> EvidenceSource:
        """One file as a side of evidence."""
        return EvidenceSource(self.files[file], self.contents[file], self.sources[file])

    @cached_property
    def n_tokens(self) -> int:
        """Tokens of all originals."""
        return sum(len(file.tokens) for file in self.files)


def assemble(
    own: AnalysedTree,
    theirs: Sequence[AnalysedTree],
    given: Sequence[SourceTree],
    matches: Matches,
    options: ScanOptions,
) -> ScanReport:
    """Build the report."""
    originals = _Originals(theirs)
    findings = _findings(own, originals, matches, options)
    return ScanReport(
        tool=_tool([*own.files, *originals.files]),
        candidate=_input(own.tree, own.files),
        originals=tuple(_input(tree.tree, tree.files) for tree in theirs),
        given=tuple(_input(tree, ()) for tree in given),
        settings=options.settings(),
        summary=_summary(own, originals, matches, findings, options),
        findings=findings,
        skipped=tuple(_skipped(own, theirs, given)),
        warnings=tuple(_warnings(own, originals, matches, options)),
    )


def _tool(files: Sequence[AnalysedFile]) -> Mapping[str, object]:
    used = sorted({file.language for file in files} & LANGUAGES.keys())
    grammars = {name: version for name in used if (version := grammar_version(LANGUAGES[name])) is not None}
    return {"name": "simdetect", "version": simdetect.__version__, "grammars": grammars, "models": {}}


def _input(tree: SourceTree, files: Sequence[AnalysedFile]) -> InputSummary:
    return InputSummary(
        label=PurePath(tree.label).name or tree.label,
        digest=tree.digest,
        n_files=len(tree.files),
        n_discovered=tree.n_discovered,
        n_tokens=sum(len(file.tokens) for file in files),
        languages=dict(sorted(Counter(file.language for file in tree.files).items())),
    )


def _findings(
    own: AnalysedTree, originals: _Originals, matches: Matches, options: ScanOptions
) -> tuple[FileFinding, ...]:
    """One finding for every analysed candidate file, strongest first."""
    weight = np.zeros(len(own.files))
    rows = matches.selection.rows
    np.add.at(weight, matches.table.candidate_file[rows], matches.weight[rows])
    order = np.lexsort((np.arange(len(weight)), -weight)).tolist()
    return tuple(
        _finding(own, file, originals, matches, options, with_excerpt=rank < _FINDINGS_WITH_EXCERPT)
        for rank, file in enumerate(order)
    )


def _finding(
    own: AnalysedTree, index: int, originals: _Originals, matches: Matches, options: ScanOptions, *, with_excerpt: bool
) -> FileFinding:
    file, selection = own.files[index], matches.selection
    n_tokens = len(file.tokens)
    matched = {Layer.VERBATIM: int(selection.verbatim[index]), Layer.RENAMED: int(selection.renamed[index])}
    rows = selection.rows[matches.table.candidate_file[selection.rows] == index].tolist()
    side = EvidenceSource(file, own.tree.files[index].content, 0)
    longest = int(selection.longest[index])
    return FileFinding(
        candidate=file.path,
        language=file.language,
        role=file.role,
        n_tokens=n_tokens,
        n_lines=file.n_lines,
        verdict=file_verdict(n_tokens, sum(matched.values()), longest, options),
        probability=None,
        bits=None,
        matched_tokens=matched,
        coverage={layer: _share(n, n_tokens) for layer, n in matched.items()},
        longest_match=longest,
        error_share=file.tokens.error_share,
        degraded=file.tokens.degraded,
        originals=tuple(_original_matches(file, index, originals, matches, options)),
        evidence=tuple(
            region_evidence(
                matches.table,
                row,
                side,
                originals.side(int(matches.table.original_file[row])),
                with_excerpt=with_excerpt and rank < _WITH_EXCERPT,
            )
            for rank, row in enumerate(rows[: options.max_evidence])
        ),
        n_evidence=len(rows),
    )


def _original_matches(
    file: AnalysedFile, index: int, originals: _Originals, matches: Matches, options: ScanOptions
) -> Iterator[OriginalMatch]:
    """Originals by weight of their regions, then those that only the sketches found."""
    pairs = matches.pairs
    low, high = np.searchsorted(pairs.candidate_file, [index, index + 1]).tolist()
    own = np.unique(file.fingerprints.hash)
    listed = set()
    for pair in range(low, min(high, low + options.max_originals)):
        original = int(pairs.original_file[pair])
        listed.add(original)
        matched = int(pairs.matched[pair]), int(pairs.original_matched[pair]), int(pairs.longest[pair])
        yield _original_match(file, own, originals, original, *matched)
    for _, original, _ in [pair for pair in matches.resembling if pair[0] == index]:
        if original not in listed and len(listed) < options.max_originals:
            listed.add(original)
            yield _original_match(file, own, originals, original, 0, 0, 0)


def _original_match(
    file: AnalysedFile,
    own: U64,
    originals: _Originals,
    original: int,
    matched: int,
    original_matched: int,
    longest: int,
) -> OriginalMatch:
    containment, jaccard = containment_and_jaccard(own, originals.distinct(original))
    return OriginalMatch(
        original=originals.files[original].path,
        source=originals.sources[original],
        probability=None,
        bits=None,
        matched_tokens=matched,
        coverage=_share(matched, len(file.tokens)),
        original_coverage=_share(original_matched, len(originals.files[original].tokens)),
        longest_match=longest,
        containment=containment,
        jaccard=jaccard,
    )


def _summary(
    own: AnalysedTree, originals: _Originals, matches: Matches, findings: Sequence[FileFinding], options: ScanOptions
) -> Summary:
    selection = matches.selection
    n_tokens = sum(len(file.tokens) for file in own.files)
    matched = {Layer.VERBATIM: int(selection.verbatim.sum()), Layer.RENAMED: int(selection.renamed.sum())}
    analysed_share = _analysed_share(own)
    families = {file.family for file in own.files} & {file.family for file in originals.files}
    flagged = [finding for finding in findings if finding.verdict is Verdict.EVIDENCE]
    verdict, reason = scan_verdict(flagged, n_tokens, originals.n_tokens, analysed_share, has_family=bool(families))
    return Summary(
        verdict=verdict,
        reason=reason,
        probability=None,
        bits=None,
        false_positive_rate=None,
        n_flagged_files=len(flagged),
        candidate_tokens=n_tokens,
        matched_tokens=matched,
        candidate_coverage=_share(sum(matched.values()), n_tokens),
        original_coverage=_share(int(selection.original_matched.sum()), originals.n_tokens),
        longest_match=int(selection.longest.max(initial=0)),
        analysed_share=analysed_share,
        minimum_detectable_tokens=options.minimum_detectable_tokens,
        n_common_hashes=matches.table.n_common_hashes,
    )


def _analysed_share(own: AnalysedTree) -> float:
    """Share of the candidate's code bytes that were analysed; 0 when there was none."""
    analysed = sum(file.n_bytes for file in own.files)
    lost = sum(file.n_bytes or 0 for file in own.tree.skipped if file.reason in _LOST_CODE)
    return _share(analysed, analysed + lost)


def _skipped(own: AnalysedTree, theirs: Sequence[AnalysedTree], given: Sequence[SourceTree]) -> Iterator[SkippedEntry]:
    sides = [(Side.CANDIDATE, [own.tree]), (Side.ORIGINAL, [tree.tree for tree in theirs]), (Side.GIVEN, list(given))]
    for side, trees in sides:
        for source, tree in enumerate(trees):
            for file in tree.skipped:
                yield SkippedEntry(side, source, file.path, file.reason, file.detail)


def _warnings(own: AnalysedTree, originals: _Originals, matches: Matches, options: ScanOptions) -> Iterator[str]:
    yield "Scores are not calibrated yet: verdicts rest on the length of matches, not on how surprising they are."
    degraded = [file.path for file in own.files if file.tokens.degraded and file.tokens.degraded != "no-grammar"]
    if degraded:
        yield f"{len(degraded)} candidate file(s) could not be parsed, so lexical tokens were compared: {_some(degraded)}"
    broken = [file.path for file in own.files if file.tokens.error_share > 0.2]
    if broken:
        yield f"{len(broken)} candidate file(s) have syntax errors over more than 20 % of their bytes: {_some(broken)}"
    if matches.table.n_common_hashes:
        yield (
            f"{matches.table.n_common_hashes} fingerprints of the candidate occur more than {options.max_postings} times"
            " on one side; they only seeded matches of identical text"
        )
    foreign = sorted({file.language for file in own.files} - {file.language for file in originals.files})
    families = {file.family for file in originals.files}
    foreign = [
        language for language in foreign if not any(f.language == language and f.family in families for f in own.files)
    ]
    if foreign and own.files:
        yield f"no original file is in a language related to {', '.join(foreign)}: those files matched nothing"


def _some(paths: Sequence[str], n: int = 3) -> str:
    return ", ".join(paths[:n]) + (f" and {len(paths) - n} more" if len(paths) > n else "")


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
