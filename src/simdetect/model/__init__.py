"""Frozen values that flow between the stages, and their invariants. No input or output, no algorithms.

Spans are half-open. Source spans are byte offsets into `SourceFile.content`; token spans index a `TokenStream`. Lines
are 1-based and inclusive, and occur only in `report` and `audit`. Array fields state their shape and dtype;
constructors check both and make the arrays read-only.

    arrays       types of arrays, `freeze`, ranges          nested      JSON from strangers
    vocabulary   closed lists of words                      layers      one row a kind of evidence
    source       files and trees as they are read           tokens      what the per-file stages make of them
    lookup       how an original is asked for its tokens    agreement   what matching finds
    report       the types of a scan's report               audit       those of an audit
"""

from __future__ import annotations

from simdetect.model.agreement import Aligned, Corpus, MatchTable, Postings, RegionBits, Seeds, TokenBits
from simdetect.model.arrays import F64, I64, U8, U16, U32, U64, Bool, freeze, ranges, sorted_distinct
from simdetect.model.audit import AUDIT_SCHEMA, AuditReport, InstanceResult, Lead
from simdetect.model.layers import LAYERS, ROLES_OF_LAYER, FoundIn, Layer, LayerRow, is_of_layer
from simdetect.model.lookup import MOST_FILES, StoredTokens
from simdetect.model.report import (
    CONTROL_SCHEMA,
    REPORT_SCHEMA,
    AlsoIn,
    Control,
    Evidence,
    Excerpt,
    Exclusion,
    FalsePositiveRate,
    FileFinding,
    InputSummary,
    LineSpan,
    OriginalMatch,
    Review,
    ScanReport,
    SharedText,
    SkippedEntry,
    Summary,
)
from simdetect.model.source import BYTES_IN_ARCHIVE, SkippedFile, SourceFile, SourceTree, TextFile
from simdetect.model.tokens import (
    AnalysedFile,
    AnalysedTree,
    Fingerprints,
    Lists,
    Prose,
    Rewrites,
    SyntaxNodes,
    TokenStream,
    Units,
)
from simdetect.model.vocabulary import (
    INVISIBLE,
    LEAST_ENTRIES,
    LIST_KINDS,
    ExclusionReason,
    FileRole,
    ReviewStatus,
    Side,
    SkipReason,
    TextKind,
    TokenRole,
    Verdict,
)

__all__ = [
    "AUDIT_SCHEMA",
    "BYTES_IN_ARCHIVE",
    "CONTROL_SCHEMA",
    "F64",
    "I64",
    "INVISIBLE",
    "LAYERS",
    "LEAST_ENTRIES",
    "LIST_KINDS",
    "MOST_FILES",
    "REPORT_SCHEMA",
    "ROLES_OF_LAYER",
    "U8",
    "U16",
    "U32",
    "U64",
    "Aligned",
    "AlsoIn",
    "AnalysedFile",
    "AnalysedTree",
    "AuditReport",
    "Bool",
    "Control",
    "Corpus",
    "Evidence",
    "Excerpt",
    "Exclusion",
    "ExclusionReason",
    "FalsePositiveRate",
    "FileFinding",
    "FileRole",
    "Fingerprints",
    "FoundIn",
    "InputSummary",
    "InstanceResult",
    "Layer",
    "LayerRow",
    "Lead",
    "LineSpan",
    "Lists",
    "MatchTable",
    "OriginalMatch",
    "Postings",
    "Prose",
    "RegionBits",
    "Review",
    "ReviewStatus",
    "Rewrites",
    "ScanReport",
    "Seeds",
    "SharedText",
    "Side",
    "SkipReason",
    "SkippedEntry",
    "SkippedFile",
    "SourceFile",
    "SourceTree",
    "StoredTokens",
    "Summary",
    "SyntaxNodes",
    "TextFile",
    "TextKind",
    "TokenBits",
    "TokenRole",
    "TokenStream",
    "Units",
    "Verdict",
    "freeze",
    "is_of_layer",
    "ranges",
    "sorted_distinct",
]
