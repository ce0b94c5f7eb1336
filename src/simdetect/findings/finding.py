"""Everything about one candidate file."""

from __future__ import annotations

from simdetect.findings.listing import Listing
from simdetect.findings.originals import Originals
from simdetect.judging.coverage import share
from simdetect.judging.judged import Judged
from simdetect.layers.code import matched_tokens
from simdetect.model import FileFinding

__all__ = ["findings"]

_WITH_EXCERPT = 3  # pieces of evidence of a file that carry an excerpt
_FINDINGS_WITH_EXCERPT = 20


def findings(judged: Judged, listing: Listing) -> tuple[FileFinding, ...]:
    """One finding for every analysed candidate file, strongest first."""
    originals = Originals(judged)
    return tuple(
        _finding(judged, listing, originals, index, _WITH_EXCERPT if rank < _FINDINGS_WITH_EXCERPT else 0)
        for rank, index in enumerate(judged.order)
    )


def _finding(judged: Judged, listing: Listing, originals: Originals, index: int, with_excerpt: int) -> FileFinding:
    program = judged.results.comparison.candidate
    file, source = program.files[index], program.sources[index]
    selection = judged.results.code.selection
    n_tokens = len(file.tokens)
    matched = {layer: int(n[index]) for layer, n in matched_tokens(judged.results.code).items()}
    bits, judgement = judged.bits(index), judged.judgements[index]
    evidence, n_evidence = listing.of(index, judged.options.max_evidence, with_excerpt)
    matches = tuple(originals.of(index))
    return FileFinding(
        candidate=file.path,
        language=file.language,
        role=file.role,
        n_tokens=n_tokens,
        n_lines=file.n_lines,
        verdict=judged.final_verdict(index),
        probability=judgement.probability,
        bits=sum(bits.values()),
        score=max((match.score for match in matches), default=0.0),
        layer_bits=bits,
        matched_tokens=matched,
        coverage={layer: share(n, n_tokens) for layer, n in matched.items()},
        longest_match=int(selection.longest[index]),
        error_share=file.tokens.error_share,
        degraded=file.tokens.degraded,
        originals=matches,
        evidence=evidence,
        n_evidence=n_evidence,
        holder=source.holder,
        places=source.places,
    )
