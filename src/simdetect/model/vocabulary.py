"""Closed lists of words that reports, caches and indexes rely on."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final

INVISIBLE = "+invisible"  # suffix of the encoding of a file from which invisible characters were dropped
HELD_IN = "!"  # in a path, between a file and the file in it: "compile.sh!src/x.go"


class Side(StrEnum):
    """Where a source tree stands in the comparison."""

    CANDIDATE = "candidate"
    ORIGINAL = "original"
    GIVEN = "given"
    BASE = "base"
    OBSERVED = "observed"


class FileRole(StrEnum):
    """What a file is for, judged by its path and first lines."""

    SOURCE = "source"
    TEST = "test"
    VENDORED = "vendored"
    GENERATED = "generated"
    DOCUMENTATION = "documentation"
    DATA = "data"
    PATCH = "patch"
    PAGE = "page"  # in the black-box setting: what the program puts out, script and style included


class SkipReason(StrEnum):
    """Why a file that was found is not analysed. The list is closed: reports rely on it."""

    BINARY = "binary"
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    NOT_CODE = "not-code"
    SYMLINK = "symlink"
    DUPLICATE_OF = "duplicate-of"
    EMPTY = "empty"
    SPECIAL_FILE = "special-file"
    EXCLUDED = "excluded"
    VERSION_CONTROL = "version-control"
    ARCHIVE = "archive"
    LFS_POINTER = "lfs-pointer"
    SUBMODULE = "submodule"
    UNSAFE_PATH = "unsafe-path"
    LIMIT = "limit"
    ANALYSIS_FAILED = "analysis-failed"
    TRANSFORMED = "transformed"


class TokenRole(IntEnum):
    """What a leaf of the syntax tree is, for normalisation."""

    SYNTAX = 0  # keywords, operators, punctuation: kept as they are
    NAME = 1  # identifiers of every sort: one symbol when normalised
    STRING = 2  # string and character literals: one symbol
    NUMBER = 3  # numbers and the constants true, false, null: one symbol
    COMMENT = 4  # kept apart from the token stream
    LAYOUT = 5  # newlines and other tokens that only reflect formatting: dropped


class ExclusionReason(StrEnum):
    """Why a piece of evidence does not count."""

    GIVEN = "given"
    LICENSE = "license"
    VENDORED = "vendored"
    GENERATED = "generated"
    COMMON = "common"
    BASE = "base"
    OBSERVED = "observed"
    OBSERVABLE = "observable"
    PUBLIC = "public"


class TextKind(StrEnum):
    """What two functions in two languages share. Only names and constants have bits, the rest is to be looked at."""

    NAME = "name"
    CONSTANT = "constant"
    STEM = "stem"
    WORD = "word"
    CALLS = "calls"
    CONTROL = "control"
    PARAMETERS = "parameters"


class Verdict(StrEnum):
    """What a file or a scan comes to. "No evidence" is never "not memorised"."""

    EVIDENCE = "evidence"
    NO_EVIDENCE = "no-evidence"
    INCONCLUSIVE = "inconclusive"


class ReviewStatus(StrEnum):
    """What a review says about a piece of evidence that is not new."""

    ACCEPTED = "accepted"
    FALSE_POSITIVE = "false-positive"
    GIVEN = "given"
    KNOWN = "known"


LIST_KINDS: Final = ("fields", "members", "rows", "cases")
LEAST_ENTRIES: Final = 7  # the order of fewer says less than the floor of `layers.order`: log2(6!) is 9.5 bits
