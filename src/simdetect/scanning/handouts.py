"""What was handed to the author of a candidate, read as text and as code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from simdetect.findings.report import Inputs
from simdetect.model import AnalysedTree, ExclusionReason, SourceFile, TextFile
from simdetect.scanning.analyser import Analyser
from simdetect.scanning.inputs import comparable_languages
from simdetect.scanning.observed import handouts_of
from simdetect.weighing.handouts import AS_DOCUMENT, Handout, as_code

__all__ = ["Handouts", "make_handouts"]


@dataclass(frozen=True, slots=True)
class Handouts:
    """What the author had, by how that is known. named: as given or base code. assumed: documents that the candidate
    merely holds. seen: what was observed."""

    named: Sequence[Handout]
    assumed: Sequence[Handout]
    seen: Sequence[Handout]

    def all(self) -> list[Handout]:
        """Everything, in this order: of two that say the same, the first is blamed."""
        return [*self.named, *self.assumed, *self.seen]


def make_handouts(inputs: Inputs, analyser: Analyser, deadline: float) -> Handouts:
    """Every file that was handed out, as text and as code. Code in documents may be in the languages that both sides
    have."""
    languages = comparable_languages(inputs.candidate, inputs.originals)
    reader = _Reader(languages, analyser, deadline)
    found: list[Handout] = []
    for reason, trees in ((ExclusionReason.GIVEN, inputs.given), (ExclusionReason.BASE, inputs.base)):
        for tree in trees:
            found += _files(tree, reason)
            found += [reader.document(document, reason) for document in tree.tree.documents]
    found += [reader.document(document, ExclusionReason.GIVEN) for document in inputs.documents]
    unnamed = [reader.document(document, ExclusionReason.GIVEN) for document in inputs.assumed]
    assumed = [replace(handout, is_named=False) for handout in unnamed]
    return Handouts(found, assumed, handouts_of(inputs.observed))


def _files(tree: AnalysedTree, reason: ExclusionReason) -> Iterator[Handout]:
    for file, source in zip(tree.files, tree.tree.files, strict=True):
        yield Handout(file.path, reason, source.content, (file,))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads documents as code: code blocks need no marks to be found."""

    languages: Sequence[str]
    analyser: Analyser
    deadline: float

    def document(self, document: TextFile, reason: ExclusionReason) -> Handout:
        """A document, and its tokens in each of the languages."""
        text = as_code(document.content)
        sources = [SourceFile(document.path, language, text, document.sha256) for language in self.languages]
        read = (self.analyser.single(source, AS_DOCUMENT, self.deadline) for source in sources)
        return Handout(document.path, reason, document.content, tuple(file for file in read if file is not None))
