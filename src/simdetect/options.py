"""`ScanOptions`: every setting of a scan, validated together, with a digest of those that affect the result."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePath
from typing import Any

from simdetect.errors import OptionsError

__all__ = ["BLACK_BOX", "MOST_JOBS", "OPEN", "SETTINGS", "ScanOptions"]

MOST_JOBS = 1024  # each has a thread and a process
OPEN, BLACK_BOX = "open", "black-box"
SETTINGS = (OPEN, BLACK_BOX)
_MIB = 1 << 20

# Options that change how a scan runs but never what it reports.
_WITHOUT_EFFECT = frozenset({"jobs", "cache", "max_cache_bytes"})
_CHECKED_APART = frozenset(
    {"setting", "exclude", "max_gap_tokens", "threshold", "background", "calibration", "cache", "encoding"}
)
_PATHS = ("background", "calibration", "cache")
_OF_READING = (
    "k",
    "window",
    "max_file_bytes",
    "max_parse_bytes",
    "max_files",
    "max_total_bytes",
    "max_code_bytes",
    "max_archive_bytes",
    "max_archive_members",
    "max_path_bytes",
    "exclude",
    "encoding",
)


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """Settings of a scan; every default is stated here and nowhere else.

    setting: what the author of the candidate had. "open": nothing but what is named as handed out. "black-box": the
    executable too, so that texts which it can print prove nothing; see `weighing.observable`.
    k: normalised tokens in a k-gram. window: k-grams in a winnowing window; identical runs of at least
    k + window - 1 tokens are always found. min_region_tokens: shorter regions are not reported.
    max_gap_tokens: neighbouring regions at most this far apart on both sides merge into one.
    max_postings: a fingerprint that occurs more often than this in the originals is left out as common.
    jobs: worker processes. limit_seconds: wall-clock limit for one file's parse.
    limit_total_seconds: wall clock for reading, analysing and comparing all inputs of a scan; the rest is left out.
    limit_memory_bytes: address space of one worker. max_file_bytes: larger files are skipped.
    max_parse_bytes: larger files are tokenised lexically instead of parsed.
    max_files, max_total_bytes, max_code_bytes: per input, the last of what turned out to be code and is kept in memory
    (a scan needs some 15 bytes for each); what lies beyond is skipped with reason `limit`.
    max_archive_bytes, max_archive_members: extracted bytes and members of one archive.
    max_path_bytes: a folder with a longer path is not descended into; it bounds the depth too.
    exclude: glob patterns of paths to leave out.
    encoding: of files that are not UTF-8 and have no byte-order mark; None guesses.
    sketch_threshold: estimated Jaccard from which an original file is listed although no region of it matches.
    threshold: probability from which a file counts as evidence; None takes the calibrated one.
    background: folder of a user's own background models, calibration: a file of `simdetect calibrate`; None takes
    the shipped ones. Settings hold their last names; `tool.models` of a report has ids and digests of what they held.
    cache: folder of the results of earlier scans, None for none. max_cache_bytes: what it may hold.
    max_evidence: pieces of evidence listed per file. max_originals: originals listed per file.
    """

    setting: str = OPEN
    k: int = 12
    window: int = 6
    min_region_tokens: int = 12
    max_gap_tokens: int = 8
    max_postings: int = 64
    jobs: int = 1
    limit_seconds: float = 20.0
    limit_total_seconds: float = 3600.0
    limit_memory_bytes: int = 4096 * _MIB
    max_file_bytes: int = 16 * _MIB
    max_parse_bytes: int = 8 * _MIB
    max_files: int = 200_000
    max_total_bytes: int = 4096 * _MIB
    max_code_bytes: int = 256 * _MIB
    max_archive_bytes: int = 1024 * _MIB
    max_archive_members: int = 200_000
    max_path_bytes: int = 16_384
    sketch_threshold: float = 0.5
    threshold: float | None = None
    background: Path | None = None
    calibration: Path | None = None
    cache: Path | None = None
    max_cache_bytes: int = 2048 * _MIB
    exclude: tuple[str, ...] = ()
    encoding: str | None = None
    max_evidence: int = 50
    max_originals: int = 20

    def __post_init__(self) -> None:
        problems = [
            f"{field.name} must be a positive number (got {getattr(self, field.name)!r})"
            for field in fields(self)
            if field.name not in _CHECKED_APART and not _is_positive(getattr(self, field.name))
        ]
        if _is_positive(self.jobs) and self.jobs > MOST_JOBS:
            problems.append(f"jobs must be at most {MOST_JOBS}")
        if not isinstance(self.max_gap_tokens, int) or self.max_gap_tokens < 0:
            problems.append(f"max_gap_tokens must be 0 or more (got {self.max_gap_tokens!r})")
        if self.threshold is not None and not (_is_positive(self.threshold) and self.threshold <= 1):
            problems.append(f"threshold must be a probability, more than 0 and at most 1 (got {self.threshold!r})")
        if self.setting not in SETTINGS:
            problems.append(f"setting must be one of {', '.join(SETTINGS)} (got {self.setting!r})")
        if not isinstance(self.exclude, tuple) or not all(isinstance(glob, str) and glob for glob in self.exclude):
            problems.append(f"exclude must be a tuple of glob patterns (got {self.exclude!r})")
        if self.encoding is not None and not _is_encoding(self.encoding):
            problems.append(f"encoding must be one that Python knows, such as cp932 (got {self.encoding!r})")
        problems += [
            f"{name} must be a path (got {getattr(self, name)!r})"
            for name in _PATHS
            if not isinstance(getattr(self, name), Path | None)
        ]
        if problems:
            raise OptionsError("; ".join(problems))

    @property
    def minimum_detectable_tokens(self) -> int:
        """The shortest identical run that is guaranteed to share a fingerprint (winnowing's guarantee)."""
        return max(self.k + self.window - 1, self.min_region_tokens)

    def settings(self) -> dict[str, Any]:
        """Every option that affects the result, for the report."""
        found = {name: value for name, value in asdict(self).items() if name not in _WITHOUT_EFFECT}
        return {name: value.name if isinstance(value, PurePath) else value for name, value in found.items()}

    def reading(self) -> dict[str, Any]:
        """Every option that decides which files of an input are read and what becomes of each."""
        import json  # here and below: `simdetect --help` must not wait for it

        settings = json.loads(json.dumps(self.settings()))
        return {name: settings[name] for name in _OF_READING}

    def digest(self) -> str:
        """16 hex digits over `settings()`: equal digests, equal results, if models of one's own are equal too."""
        import hashlib
        import json

        text = json.dumps(self.settings(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _is_encoding(value: object) -> bool:
    """Whether a value names an encoding of text that holds ASCII."""
    try:
        return isinstance(value, str) and b"a = 1;\n".decode(value) == "a = 1;\n"
    except (LookupError, ValueError):
        return False


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
