"""What a report says in words, shared by the formats that people read. Import it whole: `words.percent(0.5)`.

numbers    counts, shares, paths, places        inputs     what was compared
headline   the verdict and its numbers          evidence   files and pieces of evidence
review     what was decided                     control    what other submissions say
skips      what was not analysed                reach      what a scan cannot see
"""

from __future__ import annotations

from simdetect.report.words.control import also_in_of, control_words
from simdetect.report.words.evidence import (
    agreeing,
    agreeing_share,
    candidate_place,
    coverage_words,
    evidence_words,
    exclusion_of,
    exclusion_words,
    is_code,
    item_words,
    items_words,
    layer_bits_words,
    layer_shares,
    original_place,
    score_of,
    units_of,
)
from simdetect.report.words.headline import (
    agreement_lines,
    false_positive_words,
    headline,
    layers_line,
    probability_words,
    ratio_words,
    verdict_words,
)
from simdetect.report.words.held import candidate_location, span_in_holder
from simdetect.report.words.inputs import (
    inputs,
    is_compared,
    languages_words,
    observed_words,
    original_name,
    other_originals,
    revision_words,
    setting_words,
    title,
)
from simdetect.report.words.numbers import location, message, n, path, percent
from simdetect.report.words.reach import reach_words
from simdetect.report.words.review import review_of, review_state, review_words
from simdetect.report.words.skips import SkipGroup, degraded_files, incomplete_words, skip_groups

__all__ = [
    "SkipGroup",
    "agreeing",
    "agreeing_share",
    "agreement_lines",
    "also_in_of",
    "candidate_location",
    "candidate_place",
    "control_words",
    "coverage_words",
    "degraded_files",
    "evidence_words",
    "exclusion_of",
    "exclusion_words",
    "false_positive_words",
    "headline",
    "incomplete_words",
    "inputs",
    "is_code",
    "is_compared",
    "item_words",
    "items_words",
    "languages_words",
    "layer_bits_words",
    "layer_shares",
    "layers_line",
    "location",
    "message",
    "n",
    "observed_words",
    "original_name",
    "original_place",
    "other_originals",
    "path",
    "percent",
    "probability_words",
    "ratio_words",
    "reach_words",
    "review_of",
    "review_state",
    "review_words",
    "revision_words",
    "score_of",
    "setting_words",
    "skip_groups",
    "span_in_holder",
    "title",
    "units_of",
    "verdict_words",
]
