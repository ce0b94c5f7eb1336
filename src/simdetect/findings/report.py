"""Arrays -> ScanReport: the last step of the pipeline. Objects are made here and nowhere earlier."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

import numpy as np

from simdetect import __version__
from simdetect.findings.evidence import EvidenceSource, tokens_of
from simdetect.findings.listing import Listing
from simdetect.judging import hidden_code as disguise
from simdetect.judging.calibration import Calibration, Judgement
from simdetect.judging.closest import closest
from simdetect.judging.matches import Matches
from simdetect.judging.resemblance import Portrait, portrait, score
from simdetect.judging.verdict import file_verdict, scan_verdict
from simdetect.languages import LANGUAGES
from simdetect.languages.detect import detect_language
from simdetect.languages.grammar import grammar_version
from simdetect.model import (
    BYTES_IN_ARCHIVE,
    U64,
    AnalysedFile,
    AnalysedTree,
    FileFinding,
    InputSummary,
    Layer,
    OriginalMatch,
    ScanReport,
    Side,
    SkippedEntry,
    SkippedFile,
    SkipReason,
    SourceTree,
    Summary,
    Verdict,
)
from simdetect.model.arrays import sorted_distinct
from simdetect.options import ScanOptions
from simdetect.weighing.background import POOL, Background, load_background
from simdetect.weighing.selection import Pairs, containment_and_jaccard
from simdetect.weighing.wording import load_wording

__all__ = ["assemble"]

_NO_GRAMMAR = "no-grammar"  # a file of a language without one; nothing went wrong
_WITH_EXCERPT = 3  # pieces of evidence of a file that carry an excerpt
_FINDINGS_WITH_EXCERPT = 20
_KEYS_HELD = 4_000_000  # of portraits of originals, 16 bytes each
# Skipped files that may have held code of the candidate: they count against the analysed share.
_LOST_CODE = frozenset(
    {SkipReason.TOO_LARGE, SkipReason.UNREADABLE, SkipReason.LIMIT, SkipReason.ANALYSIS_FAILED, SkipReason.ARCHIVE}
)
# Code that is not read as code, as a share of what is, from which nothing found means nothing: docs/security.md.
_ENOUGH_HIDDEN = 0.2
# Skipped because of a limit or a failure, on either side: whatever was not found may have been there.
_CUT_SHORT = frozenset({SkipReason.LIMIT, SkipReason.UNREADABLE, SkipReason.ANALYSIS_FAILED})


class _Originals:
    """The files of all originals in one list, with what the report says about them."""

    def __init__(self, trees: Sequence[AnalysedTree]) -> None:
        self.files = [file for tree in trees for file in tree.files]
        self.sources = [source for source, tree in enumerate(trees) for _ in tree.files]
        self._texts = [file for tree in trees for file in tree.tree.files]  # read where shown: a stored one is on disk
        self._distinct: dict[int, U64] = {}
        self._portraits: OrderedDict[int, Portrait] = OrderedDict()
        self._keys_held = 0

    def portrait(self, file: int, background: Callable[[str], Background]) -> Portrait:
        """What one file is compared by: many candidate files list the same ones."""
        found = self._portraits.pop(file, None)
        if found is None:
            found = portrait(self.files[file], background)
            self._keys_held += len(found)
        self._portraits[file] = found
        while self._keys_held > _KEYS_HELD:
            self._keys_held -= len(self._portraits.popitem(last=False)[1])
        return found

    def distinct(self, file: int) -> U64:
        """Distinct fingerprints of a file, sorted."""
        if file not in self._distinct:
            self._distinct[file] = sorted_distinct(self.files[file].fingerprints.hash)
        return self._distinct[file]

    def side(self, file: int) -> EvidenceSource:
        """One file as a side of evidence."""
        own = self.files[file]
        return EvidenceSource(own, self._texts[file].content, self.sources[file], tokens_of(own))

    @cached_property
    def n_tokens(self) -> int:
        """Tokens of all originals."""
        return sum(file.n_tokens for file in self.files)


@dataclass(frozen=True, slots=True, eq=False)
class _Scan:
    """Everything that the report is made of. unread: bytes of code that were not read as code, by candidate file."""

    own: AnalysedTree
    trees: Sequence[AnalysedTree]
    originals: _Originals
    matches: Matches
    options: ScanOptions
    calibration: Calibration
    unread: Mapping[str, int]

    def needs_tests(self, index: int) -> bool:
        """Whether a candidate file would not be flagged without the original's test files."""
        without = self._judge(self.matches.untested[index].tolist(), index)
        return self.verdict(without, index) is not Verdict.EVIDENCE

    def side(self, index: int) -> EvidenceSource:
        """One candidate file as a side of evidence."""
        file = self.own.files[index]
        return EvidenceSource(file, self.own.tree.files[index].content, 0, tokens_of(file))

    def background(self, family: str) -> Background:
        """The background model that a language family was weighed by."""
        return load_background(family, self.options.background)

    def portrait(self, index: int) -> Portrait:
        """What one candidate file is compared with originals by."""
        return portrait(self.own.files[index], self.background)

    def judged(self, index: int) -> Judgement:
        """How one candidate file is judged."""
        return self._judge(self.matches.features[index].tolist(), index)

    def verdict(self, judged: Judgement, index: int) -> Verdict:
        """Verdict on one candidate file."""
        return file_verdict(len(self.own.files[index].tokens), judged.probability, judged.threshold, self.options)

    def probability_of_pair(self, pair: int, index: int) -> float:
        """Probability that a candidate file derives from one original file; never above that of the file."""
        own = self._judge(self.matches.ranked.features[pair].tolist(), index).probability
        return min(own, self.judged(index).probability)

    def _judge(self, bits: Sequence[float], index: int) -> Judgement:
        file = self.own.files[index]
        has_background = self.background(file.family).family == file.family
        return self.calibration.judge(
            bits,
            len(file.tokens),
            file.family,
            has_background=has_background,
            is_foreign=bool(self.matches.is_foreign[index]),
        )

    def layer_bits(self, index: int) -> dict[Layer, float]:
        """Bits of one candidate file by layer."""
        return {layer: float(bits[index]) for layer, bits in self.matches.layer_bits.items()}


def assemble(
    own: AnalysedTree,
    theirs: Sequence[AnalysedTree],
    given: Sequence[AnalysedTree],
    base: Sequence[AnalysedTree],
    known: Sequence[str],
    matches: Matches,
    options: ScanOptions,
    calibration: Calibration,
) -> ScanReport:
    """Build the report. known: paths of the original's documents that the candidate has byte for byte."""
    known_texts = {text.sha256 for tree in theirs for text in tree.tree.documents}
    documents = [text for text in own.tree.documents if text.sha256 not in known_texts]
    hidden = disguise.unread(own.tree.files, own.files, documents)
    scan = _Scan(own, theirs, _Originals(theirs), matches, options, calibration, hidden)
    findings = _findings(scan)
    return ScanReport(
        tool=_tool(scan),
        candidate=_input(own.tree, own.files),
        originals=tuple(_input(tree.tree, tree.files) for tree in theirs),
        given=tuple(_input(tree.tree, tree.files) for tree in given),
        base=tuple(_input(tree.tree, tree.files) for tree in base),
        settings=options.settings(),
        summary=_summary(scan, findings, known),
        findings=findings,
        skipped=tuple(_skipped(own, theirs, given, base)),
        warnings=(*_warnings(scan), *(note for tree in theirs for note in tree.notes)),
    )


def _tool(scan: _Scan) -> Mapping[str, object]:
    files = [*scan.own.files, *scan.originals.files]
    used = sorted({file.language for file in files} & LANGUAGES.keys())
    grammars = {name: version for name in used if (version := grammar_version(LANGUAGES[name])) is not None}
    backgrounds = {family: scan.background(family) for family in sorted({file.family for file in scan.own.files})}
    models = {
        "background": {family: {"id": model.id, "sha256": model.sha256} for family, model in backgrounds.items()},
        "calibration": {"id": scan.calibration.id, "sha256": scan.calibration.sha256},
    }
    return {"name": "simdetect", "version": __version__, "grammars": grammars, "models": models}


def _input(tree: SourceTree, files: Sequence[AnalysedFile]) -> InputSummary:
    return InputSummary(
        label=PurePath(tree.label).name or tree.label,
        digest=tree.digest,
        n_files=len(tree.files),
        n_discovered=tree.n_discovered,
        n_tokens=sum(file.n_tokens for file in files),
        languages=dict(sorted(Counter(file.language for file in tree.files).items())),
    )


def _findings(scan: _Scan) -> tuple[FileFinding, ...]:
    """One finding for every analysed candidate file, strongest first."""
    n_files = len(scan.own.files)
    judged = [scan.judged(index) for index in range(n_files)]
    probability = np.array([one.probability for one in judged])
    bits = np.array([sum(scan.layer_bits(index).values()) for index in range(n_files)])
    order = np.lexsort((np.arange(n_files), -bits, -probability)).tolist()
    resembling = _resembling(scan)
    wording = load_wording(scan.options.background)
    listing = Listing(scan.matches, scan.side, scan.originals.side, scan.originals.files, wording)
    return tuple(
        _finding(
            scan, listing, file, judged[file], resembling.get(file, ()), with_excerpt=rank < _FINDINGS_WITH_EXCERPT
        )
        for rank, file in enumerate(order)
    )


def _resembling(scan: _Scan) -> dict[int, list[int]]:
    """Originals that resemble a candidate file by their sketches, or, of files with which nothing agrees, by names."""
    found: dict[int, list[int]] = {}
    for candidate, original, _ in scan.matches.resembling:
        found.setdefault(candidate, []).append(original)
    agreeing = {*scan.matches.ranked.candidate_file.tolist(), *found}
    silent = [index for index in range(len(scan.own.files)) if index not in agreeing]
    return found | closest(scan.own, scan.trees, silent, scan.background)


def _finding(
    scan: _Scan, listing: Listing, index: int, judged: Judgement, resembling: Sequence[int], *, with_excerpt: bool
) -> FileFinding:
    file, selection = scan.own.files[index], scan.matches.code.selection
    n_tokens = len(file.tokens)
    matched = {
        Layer.VERBATIM: int(selection.verbatim[index]),
        Layer.RENAMED: int(selection.renamed[index]),
        Layer.STRUCTURAL: int(selection.structural[index]),
    }
    bits = scan.layer_bits(index)
    evidence, n_evidence = listing.of(index, scan.options.max_evidence, _WITH_EXCERPT if with_excerpt else 0)
    originals = tuple(_original_matches(scan, index, resembling))
    return FileFinding(
        candidate=file.path,
        language=file.language,
        role=file.role,
        n_tokens=n_tokens,
        n_lines=file.n_lines,
        verdict=scan.verdict(judged, index),
        probability=judged.probability,
        bits=sum(bits.values()),
        score=max((match.score for match in originals), default=0.0),
        layer_bits=bits,
        matched_tokens=matched,
        coverage={layer: _share(n, n_tokens) for layer, n in matched.items()},
        longest_match=int(selection.longest[index]),
        error_share=file.tokens.error_share,
        degraded=file.tokens.degraded,
        originals=originals,
        evidence=evidence,
        n_evidence=n_evidence,
    )


def _original_matches(scan: _Scan, index: int, resembling: Sequence[int]) -> Iterator[OriginalMatch]:
    """Originals by bits of all layers, then those that only resemble the file."""
    ranked, limit = scan.matches.ranked, scan.options.max_originals
    low, high = np.searchsorted(ranked.candidate_file, [index, index + 1]).tolist()
    if low == high and not resembling:
        return
    own = _Portrayed(sorted_distinct(scan.own.files[index].fingerprints.hash), scan.portrait(index))
    listed = set()
    for pair in range(low, min(high, low + limit)):
        listed.add(int(ranked.original_file[pair]))
        yield _original_match(scan, index, own, pair)
    for original in resembling:
        if original not in listed and len(listed) < limit:
            listed.add(original)
            yield _resembling_original(scan, own, original)


@dataclass(frozen=True, slots=True, eq=False)
class _Portrayed:
    """What a candidate file is compared with originals by, beside the agreement that matching found."""

    distinct: U64
    portrait: Portrait


def _original_match(scan: _Scan, index: int, own: _Portrayed, pair: int) -> OriginalMatch:
    """One original file. Its bits and probability are never above those of the candidate file, whose parts may come
    from several originals."""
    ranked, originals = scan.matches.ranked, scan.originals
    original, row = int(ranked.original_file[pair]), int(ranked.code[pair])
    containment, jaccard = containment_and_jaccard(own.distinct, originals.distinct(original))
    matched, theirs, longest = _matched(scan.matches.code.pairs, row) if row >= 0 else (0, 0, 0)
    return OriginalMatch(
        original=originals.files[original].path,
        source=originals.sources[original],
        probability=scan.probability_of_pair(pair, index),
        bits=min(float(ranked.bits[pair]), sum(scan.layer_bits(index).values())),
        matched_tokens=matched,
        coverage=_share(matched, len(scan.own.files[index].tokens)),
        original_coverage=_share(theirs, originals.files[original].n_tokens),
        longest_match=longest,
        containment=containment,
        jaccard=jaccard,
        score=score(own.portrait, originals.portrait(original, scan.background)),
    )


def _matched(pairs: Pairs, row: int) -> tuple[int, int, int]:
    """Tokens of a pair of files in counted regions, on both sides, and of the longest."""
    return int(pairs.matched[row]), int(pairs.original_matched[row]), int(pairs.longest[row])


def _resembling_original(scan: _Scan, own: _Portrayed, original: int) -> OriginalMatch:
    containment, jaccard = containment_and_jaccard(own.distinct, scan.originals.distinct(original))
    likeness = score(own.portrait, scan.originals.portrait(original, scan.background))
    path, source = scan.originals.files[original].path, scan.originals.sources[original]
    return OriginalMatch(path, source, None, 0.0, 0, 0.0, 0.0, 0, containment, jaccard, likeness)


def _summary(scan: _Scan, findings: Sequence[FileFinding], known: Sequence[str]) -> Summary:
    own, originals, selection = scan.own, scan.originals, scan.matches.code.selection
    n_tokens = sum(len(file.tokens) for file in own.files)
    matched = {
        Layer.VERBATIM: int(selection.verbatim.sum()),
        Layer.RENAMED: int(selection.renamed.sum()),
        Layer.STRUCTURAL: int(selection.structural.sum()),
    }
    analysed_share = _analysed_share(own)
    families = {file.family for file in own.files} & {file.family for file in originals.files}
    flagged = [finding for finding in findings if finding.verdict is Verdict.EVIDENCE]
    verdict, reason = scan_verdict(
        flagged,
        n_tokens,
        originals.n_tokens,
        analysed_share,
        has_family=bool(families),
        unread_share=_share(int(selection.unread.sum()), n_tokens),
        n_by_tests=_n_by_tests(scan, flagged),
        lost=_lost(own, scan.trees, scan.unread),
    )
    probability = max((finding.probability or 0.0 for finding in findings), default=None)
    layer_bits = {layer: float(bits.sum()) for layer, bits in scan.matches.layer_bits.items()}
    return Summary(
        verdict=verdict,
        reason=reason + _taken_as_given(known),
        probability=probability,
        bits=sum(layer_bits.values()),
        layer_bits=layer_bits,
        false_positive_rate=None if probability is None else scan.calibration.scan_rate(probability),
        n_flagged_files=len(flagged),
        candidate_tokens=n_tokens,
        matched_tokens=matched,
        candidate_coverage=_share(sum(matched.values()), n_tokens),
        original_coverage=_share(int(selection.original_matched.sum()), originals.n_tokens),
        longest_match=int(np.max(selection.longest, initial=0)),
        analysed_share=analysed_share,
        minimum_detectable_tokens=scan.options.minimum_detectable_tokens,
        n_common_hashes=scan.matches.code.table.n_common_hashes,
    )


def _n_by_tests(scan: _Scan, flagged: Sequence[FileFinding]) -> int:
    """How many flagged files agree with nothing but test files of the original."""
    index = {file.path: i for i, file in enumerate(scan.own.files)}
    return sum(scan.needs_tests(index[finding.candidate]) for finding in flagged)


def _analysed_share(own: AnalysedTree) -> float:
    """Share of the candidate's code bytes that were analysed; 0 when there was none."""
    analysed = sum(file.n_bytes for file in own.files)
    lost = sum(_bytes_lost(file) for file in own.tree.skipped if file.reason in _LOST_CODE)
    return _share(analysed, analysed + lost)


def _bytes_lost(file: SkippedFile) -> int:
    return (file.n_bytes or 0) * (BYTES_IN_ARCHIVE if file.reason is SkipReason.ARCHIVE else 1)


def _lost(own: AnalysedTree, theirs: Sequence[AnalysedTree], hidden: Mapping[str, int]) -> str:
    """Which files a limit or a failure kept from being analysed, or fully analysed, in words; "" when none.

    A file of the candidate that is too large, binary or an archive counts when its name is that of code, one with an
    unsafe path always. hidden: code that was not read as code, by file; it counts when there is much of it.
    """
    lost = [file.path for file in own.tree.skipped if _is_cut_short(file)]
    lost += [file.path for file in own.files if (file.tokens.degraded or _NO_GRAMMAR) != _NO_GRAMMAR]
    missing = [file.path for tree in theirs for file in tree.tree.skipped if file.reason in _CUT_SHORT]
    sides = (("candidate", lost), ("original", missing))
    said = [f"{_n_files(len(paths))} of the {side} ({_some(paths)})" for side, paths in sides if paths]
    n_hidden = sum(hidden.values())
    if n_hidden > _ENOUGH_HIDDEN * sum(file.n_bytes for file in own.files):
        where = _some(sorted(hidden, key=lambda path: -hidden[path]))
        said.append(f"{n_hidden:,} bytes of code in strings, in documents or under other names ({where})")
    return "; ".join(said)


def _is_cut_short(file: SkippedFile) -> bool:
    if file.reason in (SkipReason.TOO_LARGE, SkipReason.BINARY, SkipReason.ARCHIVE):
        return detect_language(file.path, b"") is not None
    return file.reason in _CUT_SHORT or file.reason is SkipReason.UNSAFE_PATH


def _n_files(n: int) -> str:
    return "1 file" if n == 1 else f"{n} files"


def _skipped(
    own: AnalysedTree, theirs: Sequence[AnalysedTree], given: Sequence[AnalysedTree], base: Sequence[AnalysedTree]
) -> Iterator[SkippedEntry]:
    sides = [(Side.CANDIDATE, [own]), (Side.ORIGINAL, theirs), (Side.GIVEN, given), (Side.BASE, base)]
    for side, trees in sides:
        for source, tree in enumerate(trees):
            for file in tree.tree.skipped:
                yield SkippedEntry(side, source, file.path, file.reason, file.detail)


def _taken_as_given(known: Sequence[str]) -> str:
    """For the reason of the verdict, which every format shows first: nobody said that the author had these."""
    if not known:
        return ""
    documents = "A document" if len(known) == 1 else f"{len(known)} documents"
    was = "is" if len(known) == 1 else "are"
    return (
        f" {documents} of the original that the candidate holds byte for byte {was} taken as given without being named:"
        f" {_some(known)}; names, texts and comments in {'it' if len(known) == 1 else 'them'} weigh nothing, code does."
    )


def _warnings(scan: _Scan) -> Iterator[str]:
    own, originals, matches, options = scan.own, scan.originals, scan.matches, scan.options
    pooled = sorted({file.family for file in own.files if scan.background(file.family).family == POOL})
    if pooled:
        yield f"no background model of its own for {', '.join(pooled)}: surprise is judged by all languages together"
    degraded = [file.path for file in own.files if (file.tokens.degraded or _NO_GRAMMAR) != _NO_GRAMMAR]
    if degraded:
        yield f"{len(degraded)} candidate file(s) could not be parsed; lexical tokens were compared: {_some(degraded)}"
    broken = [file.path for file in own.files if file.tokens.error_share > 0.2]
    if broken:
        yield f"{len(broken)} candidate file(s) have syntax errors over more than 20 % of their bytes: {_some(broken)}"
    yield from disguise.disguises(own.tree.files, own.files)
    if unread_files := [file.path for file in own.files if file.path in scan.unread]:
        yield (
            f"{len(unread_files)} candidate file(s) hold much code that was not read as code (in strings, under the"
            f" name of another language, or names cut by backslashes): {_some(unread_files)}"
        )
    if matches.code.table.n_common_hashes:
        yield (
            f"{matches.code.table.n_common_hashes} fingerprints of the candidate occur more than {options.max_postings}"
            " times on one side; they only seeded matches of identical text"
        )
    foreign = sorted({file.language for file in own.files} - {file.language for file in originals.files})
    families = {file.family for file in originals.files}
    foreign = [
        language for language in foreign if not any(f.language == language and f.family in families for f in own.files)
    ]
    if foreign and own.files:
        yield (
            f"no original file is in a language related to {', '.join(foreign)}: of those files no code could be"
            " compared, only names, constants, comments and order"
        )


def _some(paths: Sequence[str], n: int = 3) -> str:
    return ", ".join(paths[:n]) + (f" and {len(paths) - n} more" if len(paths) > n else "")


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
