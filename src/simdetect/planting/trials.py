"""Many planted candidates, each analysed as far as it is new, compared with the originals, and counted."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from statistics import median_low

from simdetect.findings.report import Inputs
from simdetect.model import (
    LAYERS,
    AnalysedFile,
    AnalysedTree,
    Disguise,
    FormMaker,
    FoundIn,
    PlantSize,
    PowerRow,
    ScanReport,
    SourceFile,
    TokenStream,
    Verdict,
)
from simdetect.planting.bounds import rate_of
from simdetect.planting.choosing import Plant
from simdetect.planting.plants import Planted
from simdetect.scanning.analyser import Begun, Progress
from simdetect.scanning.compare import Terms, compared, handouts_for
from simdetect.scanning.handouts import Handouts

__all__ = ["Outcome", "Trial", "is_found", "outcomes", "row_of"]

_AHEAD = 4  # planted candidates whose files are being analysed while one is compared


@dataclass(frozen=True, slots=True)
class Trial:
    """One planted candidate."""

    size: PlantSize
    disguise: Disguise
    plant: Plant


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scan makes of it."""

    trial: Trial
    is_found: bool
    is_flagged: bool


def outcomes(
    terms: Terms, inputs: Inputs, trials: Sequence[Trial], progress: Progress | None = None
) -> Iterator[Outcome]:
    """What a scan makes of each planted candidate, until the time is over. inputs: with the candidate as it is."""
    handouts = handouts_for(terms, inputs)
    known: dict[PlantKey, tuple[bool, bool]] = {}
    for n_done, (trial, begun) in enumerate(_begun(terms, inputs.candidate, trials), 1):
        key = _key_of(trial.plant)
        if key not in known:
            found = _outcome(terms, inputs, handouts, trial.plant, begun)
            if time.monotonic() > terms.deadline:
                return
            if found is not None:
                known[key] = found
        if key in known:
            yield Outcome(trial, *known[key])
        if progress is not None:
            progress("trials", n_done, len(trials))


PlantKey = tuple[tuple[str, str], ...]


def _key_of(plant: Plant) -> PlantKey:
    """What two plants have in common that are the same."""
    return tuple(sorted((path, file.sha256) for path, file in plant.files.items()))


def _begun(terms: Terms, candidate: AnalysedTree, trials: Iterable[Trial]) -> Iterator[tuple[Trial, Begun]]:
    """Each trial with its new files on their way through the workers, a few ahead of the one that is wanted."""

    def begin(trial: Trial) -> tuple[Trial, Begun]:
        files = tuple(file for _, file in sorted(trial.plant.files.items()))
        tree = replace(candidate.tree, files=files, skipped=(), documents=())
        return trial, terms.analyser.begin(tree, terms.deadline, keep=False)

    waiting = iter(trials)
    ahead = deque(map(begin, islice(waiting, _AHEAD)))
    while ahead:
        yield ahead.popleft()
        ahead.extend(map(begin, islice(waiting, 1)))


def _outcome(terms: Terms, inputs: Inputs, handouts: Handouts, plant: Plant, begun: Begun) -> tuple[bool, bool] | None:
    """Whether what was planted is found, and flagged; None where a new file could not be analysed."""
    new = terms.analyser.finish(begun, None)
    if len(new.files) < len(plant.files):
        return None
    report = compared(terms, replace(inputs, candidate=_with(inputs.candidate, new)), handouts)
    return is_found(plant.planted, report), report.summary.verdict is Verdict.EVIDENCE


def _with(candidate: AnalysedTree, new: AnalysedTree) -> AnalysedTree:
    """A candidate with files that are new, or in the place of others."""
    pairs: dict[str, tuple[SourceFile, AnalysedFile]] = {}
    for tree in (candidate, new):
        pairs |= {source.path: (source, file) for source, file in zip(tree.tree.files, tree.files, strict=True)}
    ordered = [pairs[path] for path in sorted(pairs)]
    sources = tuple(source for source, _ in ordered)
    files = tuple(file for _, file in ordered)
    forms = _Forms(candidate.forms, new.forms, frozenset(file.path for file in new.files))
    return replace(candidate, tree=replace(candidate.tree, files=sources), files=files, forms=forms)


@dataclass(frozen=True, slots=True, eq=False)
class _Forms:
    """The canonical forms of a candidate with new files: see `model.FormMaker`. replaced: paths of the new ones."""

    old: FormMaker | None
    new: FormMaker | None
    replaced: frozenset[str]

    def make(self, paths: Sequence[str], deadline: float) -> Mapping[str, TokenStream]:
        """As `FormMaker.make`."""
        found: dict[str, TokenStream] = {}
        for maker, is_new in ((self.old, False), (self.new, True)):
            own = [path for path in paths if (path in self.replaced) is is_new]
            found |= maker.make(own, deadline) if maker is not None and own else {}
        return found


def is_found(planted: Sequence[Planted], report: ScanReport) -> bool:
    """Whether evidence of code that counts holds at least half of the planted lines, each from the right file."""
    findings = {finding.candidate: finding.evidence for finding in report.findings}
    n_lines = n_shown = 0
    for piece in planted:
        code = [own for own in findings.get(piece.path, ()) if LAYERS[own.layer].found_in is FoundIn.CODE]
        n_lines += piece.end_line - piece.start_line + 1
        n_shown += len({line for own in code for line in piece.shown_by(own)})
    return 2 * n_shown >= n_lines > 0


def row_of(size: PlantSize, disguise: Disguise, n_choices: int, results: Sequence[Outcome]) -> PowerRow:
    """Trials of one size and disguise, counted."""
    n = len(results)
    return PowerRow(
        size=size,
        disguise=disguise,
        n_choices=n_choices,
        n_lines=median_low([own.trial.plant.n_lines for own in results]) if results else 0,
        found=rate_of(sum(own.is_found for own in results), n),
        flagged=rate_of(sum(own.is_flagged for own in results), n),
    )
