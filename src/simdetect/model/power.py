"""What a scan would have found of functions that were planted into its candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simdetect.model.report import InputSummary
from simdetect.model.vocabulary import Verdict

POWER_SCHEMA = "simdetect.power/1"


class PlantSize(StrEnum):
    """How much of the original is planted: one function of so many lines, functions in the place of the candidate's
    own until they are a tenth of its lines, or one more file."""

    SMALL = "10-24 lines"
    MEDIUM = "25-40 lines"
    LARGE = "41-90 lines"
    TENTH = "a tenth"
    FILE = "a file"


class Disguise(StrEnum):
    """How what is planted was changed. Renamed: all names of its own, comments gone. Rewritten: statements and
    expressions too, and white space."""

    VERBATIM = "verbatim"
    RENAMED = "renamed"
    REWRITTEN = "renamed and rewritten"


@dataclass(frozen=True, slots=True)
class TrialRate:
    """In how many of so many trials something happened. lower_95, upper_95: the exact 95 % interval of the rate."""

    hits: int
    out_of: int
    lower_95: float
    upper_95: float


@dataclass(frozen=True, slots=True)
class PowerRow:
    """Trials of one size and disguise.

    n_choices: functions or files of the original that one is drawn from. n_lines: lines planted in the median trial.
    found: at least half of the planted lines lie in counted evidence of code that names the right file. flagged: the
    verdict is evidence.
    """

    size: PlantSize
    disguise: Disguise
    n_choices: int
    n_lines: int
    found: TrialRate
    flagged: TrialRate


@dataclass(frozen=True, slots=True)
class PowerReport:
    """What a scan of this candidate against these originals would have found.

    verdict: of the scan as it is, with nothing planted. n_trials, seed: as asked for. rows: by size and disguise; those
    for which nothing could be planted are missing. reason: why nothing at all could be, "" when something was. run: of
    an audit, the stamp of everything that decided it.
    """

    tool: Mapping[str, Any]
    candidate: InputSummary
    originals: tuple[InputSummary, ...]
    settings: Mapping[str, Any]
    n_trials: int
    seed: int
    verdict: Verdict
    rows: tuple[PowerRow, ...]
    reason: str
    warnings: tuple[str, ...]
    run: Mapping[str, Any] = field(default_factory=dict)
    schema: str = POWER_SCHEMA
