"""What was handed to the author of a candidate, read as text and as code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from simdetect.model import AnalysedTree, ExclusionReason, SourceFile, TextFile
from simdetect.scanning.analyser import Analyser
from simdetect.weighing.handouts import AS_DOCUMENT, Handout, as_code

__all__ = ["Handed", "make_handouts"]


@dataclass(frozen=True, slots=True, eq=False)
class Handed:
    """What was handed out. given: documents, help text and the like; base: code to build on; assumed: documents of the
    originals that the candidate holds byte for byte, which nobody named."""

    given: Sequence[AnalysedTree]
    base: Sequence[AnalysedTree]
    assumed: Sequence[TextFile]


def make_handouts(handed: Handed, languages: Sequence[str], analyser: Analyser, deadline: float) -> list[Handout]:
    """Every file that was handed out, as text and as code. languages: those that code in documents may be in."""
    reader = _Reader(languages, analyser, deadline)
    found: list[Handout] = []
    for reason, trees in ((ExclusionReason.GIVEN, handed.given), (ExclusionReason.BASE, handed.base)):
        for tree in trees:
            found += _files(tree, reason)
            found += [reader.document(document, reason) for document in tree.tree.documents]
    unnamed = [reader.document(document, ExclusionReason.GIVEN) for document in handed.assumed]
    return found + [replace(handout, is_named=False) for handout in unnamed]


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
