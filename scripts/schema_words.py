"""What the types of reports cannot say: what each field means, and ranges of its numbers. Read by update_schema.py.

docs/report.md and docs/audit.md hold the same sentences; the tests compare them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Field:
    """What a field means. limits: keywords of JSON Schema for its innermost values."""

    text: str
    limits: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class About:
    """What a type means, and its fields by name; a plain string is a field without limits."""

    text: str
    fields: Mapping[str, Field | str] = field(default_factory=dict)


def share(text: str) -> Field:
    """A number from 0 to 1."""
    return Field(text, (("minimum", 0), ("maximum", 1)))


def line(text: str) -> Field:
    """A line number, counted from 1."""
    return Field(text, (("minimum", 1),))


# The first of each is the whole document. Types and fields stand in the schema in this order.
REPORT: Mapping[str, About] = {
    "ScanReport": About(
        "The result of a scan. Identical for identical inputs and settings, but for `run`.",
        {
            "schema": "Name and version of this format.",
            "tool": (
                "What made the report: name and version of simdetect, versions of the grammars, ids and digests "
                "of the models."
            ),
            "candidate": "The code under examination.",
            "originals": "What it was compared with, in the order given. `source` fields are indices into this list.",
            "given": "Material the author was given; agreement with it is excluded.",
            "base": "Code that was handed out to build on; agreement with it is excluded.",
            "observed": "What the author saw: recorded sessions and texts that the executable printed.",
            "elsewhere": "Third programs in which evidence was looked for too; they change no number.",
            "settings": "Every option that affects the result. Equal settings and equal inputs give equal reports.",
            "summary": "The scan in one place.",
            "findings": "One entry for every analysed candidate file, strongest first.",
            "skipped": "Every file that was found but not analysed; found = analysed + skipped on every side.",
            "warnings": "Sentences about what the reader should know before relying on the result.",
            "control": "What other submissions for the same task say; null outside of an audit of several runs.",
            "revisions": (
                "Of originals that were given in several revisions: what each of them comes to alone. Only the best of "
                "a family stands in `originals` and counts."
            ),
            "run": (
                "When and how the scan ran: start, seconds by stage, workers and what isolated them. The only "
                "part that differs between equal scans."
            ),
        },
    ),
    "InputSummary": About(
        "One input of the scan.",
        {
            "label": "How the input was named on the command line.",
            "digest": "Digest of everything found in the input, paths and contents.",
            "n_files": "Files analysed.",
            "n_discovered": "Files found: analysed and skipped.",
            "n_tokens": "Tokens in the analysed files.",
            "languages": "Number of analysed files by language.",
        },
    ),
    "Summary": About(
        "The scan in one place.",
        {
            "verdict": 'What the scan comes to. `no-evidence` is never "not memorised".',
            "reason": "Sentences that explain the verdict.",
            "without_session": "The verdict if the recorded sessions were not believed; null without any.",
            "probability": share(
                "Probability that the candidate derives from an original, at even prior odds; null when inconclusive."
            ),
            "bits": "Surprise of the agreement in bits, all layers of all files together; null when not weighed.",
            "layer_bits": "What each layer adds to `bits`; a text that a region of code holds counts there.",
            "false_positive_rate": "How often independent code scores as high; null when not known.",
            "n_flagged_files": "Candidate files whose verdict is `evidence`.",
            "candidate_tokens": "Tokens in the analysed candidate files.",
            "matched_tokens": "Candidate tokens in a counted match, by layer; each token counts once.",
            "candidate_coverage": share("Share of `candidate_tokens` that lie in a counted match."),
            "original_coverage": share(
                "Share of the tokens of all analysed original files that lie in a counted match."
            ),
            "longest_match": "Candidate tokens in the longest counted match.",
            "analysed_share": share("Share of the candidate's code bytes that were analysed."),
            "minimum_detectable_tokens": "The shortest identical run, in tokens, that is guaranteed to be found.",
            "n_common_hashes": "Distinct fingerprints left out because they occur too often in the originals.",
            "log10_likelihood_ratio": (
                "How much more often submissions that derive from an original agree so much than independent ones do, "
                "as log10, no further from 0 than the submissions that were looked at support; null without code on "
                "both sides."
            ),
            "likelihood_grade": (
                "The word for that ratio on the scale of ENFSI (weak, moderate, moderately strong, strong, very "
                "strong, extremely strong); empty where it supports independence."
            ),
            "population": (
                "Which independent programs the candidate is judged by: `people` or `rebuilt`, `-across` in another "
                "language than the originals."
            ),
            "threshold": "The log10 likelihood ratio from which the verdict is evidence; null when not known.",
            "threshold_rate": "How many independent programs reach the threshold; null when not known.",
        },
    ),
    "FalsePositiveRate": About(
        "How often programs written independently agree as much.",
        {
            "scored_as_high": "Independent programs that agree with their original as much.",
            "out_of": "Independent programs that were looked at.",
            "upper_95": share("Upper 95% bound of the rate."),
            "scores": share("The probability of each of these programs, ascending: what a histogram is drawn of."),
        },
    ),
    "FileFinding": About(
        "Everything about one analysed candidate file.",
        {
            "candidate": "Path inside the candidate. Undecodable bytes are lone surrogates, escaped as JSON does.",
            "language": "Language by name, as `simdetect languages` lists it.",
            "role": "What the file is for, judged by its path and first lines.",
            "n_tokens": "Tokens of the file.",
            "n_lines": "Lines of the file.",
            "verdict": "What the file comes to.",
            "probability": share(
                "Calibrated probability that the file derives from an original; null when not calibrated."
            ),
            "bits": "Surprise of the agreement in bits, all layers together; null when not weighed.",
            "score": share(
                "How much the file resembles the original most like it, names and runs of tokens weighed by "
                "surprise: the highest of `originals`, 0 without any. Neither a probability nor what flags."
            ),
            "layer_bits": "What each layer adds to `bits`; a text that a region of code holds counts there.",
            "matched_tokens": "Tokens of the file in a counted match, by layer; each token counts once.",
            "coverage": share("Share of the file's tokens in a counted match, by layer; the layers are disjoint."),
            "longest_match": "Tokens in the longest counted match.",
            "error_share": share("Share of the file's bytes under syntax errors."),
            "degraded": "Why the file was compared by lexical tokens instead of a syntax tree; null when it was not.",
            "originals": (
                "The original files that agree with this file, best first; at most `settings.max_originals`."
            ),
            "evidence": "The strongest agreements, counted and excluded; at most `settings.max_evidence`.",
            "n_evidence": "Agreements found, listed or not.",
            "holder": (
                "The file on disk that holds this one, such as the script that writes it; empty for a file on disk."
            ),
            "places": (
                "Where its lines stand in the file on disk, from the first on; empty when they have the same numbers "
                "there."
            ),
        },
    ),
    "Place": About(
        "Where lines of a file stand in the file on disk that holds it.",
        {
            "line": line("The first of the lines."),
            "holder_line": line("Where it stands in the file on disk."),
            "step": Field("1 when the lines stand below each other, 0 when all stand on that line.", (("maximum", 1),)),
            "cell": "The cell of a notebook, from 1; 0 elsewhere.",
        },
    ),
    "OriginalMatch": About(
        "How much of one candidate file agrees with one original file.",
        {
            "original": "Path inside the original.",
            "source": "Index into `originals` of the report.",
            "probability": share(
                "Calibrated probability of derivation from this original file; null when not calibrated."
            ),
            "bits": "Surprise of the agreement in bits; null when not weighed.",
            "matched_tokens": "Candidate tokens in a counted match with this original file.",
            "coverage": share("Share of the candidate file's tokens in a counted match with this original file."),
            "original_coverage": share(
                "Share of the original file's tokens in a counted match with this candidate file."
            ),
            "longest_match": "Candidate tokens in the longest counted match with this original file.",
            "containment": share("Share of the candidate file's distinct fingerprints that the original file has."),
            "jaccard": share("Jaccard similarity of the two sets of fingerprints."),
            "score": share(
                "How much the two files resemble each other, names and runs of tokens weighed by surprise. "
                "Neither a probability nor what flags."
            ),
        },
    ),
    "Evidence": About(
        "One agreement between a candidate file and an original file.",
        {
            "layer": "The kind of agreement.",
            "original": "Path inside the original.",
            "source": "Index into `originals` of the report.",
            "candidate": "Where it stands in the candidate file.",
            "original_span": "Where it stands in the original file.",
            "n_tokens": "Candidate tokens covered; words of comments; texts, where there are `items`.",
            "n_verbatim": "Those of them whose text is the same on both sides.",
            "bits": "Surprise in bits; null when not weighed.",
            "excluded": "Why it does not count; null when it counts.",
            "fingerprint": Field(
                "16 hexadecimal digits, stable across runs and unrelated edits.", (("pattern", "^[0-9a-f]{16}$"),)
            ),
            "excerpt": "The most telling lines of both sides, for the strongest evidence; null otherwise.",
            "items": (
                "The texts of a name, constant, misspelling, order or translation, most telling first; at most 40."
            ),
            "candidate_unit": "The candidate's function, of a translation, or list, of an order; empty elsewhere.",
            "original_unit": "The same of the original.",
            "review": "What a reviewer or a baseline says about it; null when nobody did.",
            "also_in": (
                "How many other submissions for the same task have it too; null when nothing is known, or when it "
                "does not count."
            ),
            "elsewhere": "Third programs that have at least half of its lines too, strongest first; at most three.",
        },
    ),
    "ElsewhereMatch": About(
        "Where a piece of evidence stands in a third program too.",
        {
            "source": "Index into `elsewhere` of the report.",
            "label": "How that program was named.",
            "path": "Path inside it.",
            "span": "Where it stands there.",
            "bits": "Surprise in bits of the agreement with it.",
        },
    ),
    "AlsoIn": About(
        "How many independent submissions of others for the same task have a piece of evidence too.",
        {
            "n": "Those that agree with at least half of the same lines of the original.",
            "out_of": "How many there are; near copies of each other are one.",
            "bits_left": "What it keeps of its bits: the share of those that do not have it; null when not weighed.",
        },
    ),
    "Control": About(
        "What other submissions for the same task say of this one.",
        {
            "n_voices": (
                "Independent submissions of others; near copies of each other are one, those of this one none."
            ),
            "bits_left": "The bits of the summary without what they have too; null when there are fewer than two.",
            "n_alone": "Listed pieces of evidence that none of them has; null likewise.",
            "lead_also_in": "How many of them have the heaviest piece; null likewise.",
            "near_identical": "Runs whose submissions are near copies of this one.",
        },
    ),
    "SharedText": About(
        "One text that both files have. Untrusted: escape it before showing it.",
        {
            "text": "The name, literal or word, at most 120 characters.",
            "bits": "What it is worth, in bits.",
            "candidate_line": line("Line of the candidate where it first stands."),
            "original_line": line("Line of the original where it first stands."),
            "original_text": "What the original has in its place; empty where it is the same text, or not known.",
            "kind": (
                "What it is, in evidence between two languages; null elsewhere. All but names and constants have "
                "no bits."
            ),
        },
    ),
    "LineSpan": About(
        "Lines of a file, counted from 1, both ends included.",
        {
            "start_line": line("First line."),
            "end_line": line("Last line, not before the first."),
            "start_column": line("Column of its first character, counted from 1; null where only lines are known."),
            "end_column": line("Column behind its last character; null where only lines are known."),
        },
    ),
    "Exclusion": About(
        "Why evidence does not count.",
        {
            "reason": "The kind of exclusion.",
            "by": "What says so: a path, a model or a rule.",
        },
    ),
    "Review": About(
        "Why a piece of evidence is not new. It is shown all the same.",
        {
            "status": "What was decided.",
            "reason": "Why, in the reviewer's words; empty when a baseline holds it.",
            "by": "Who says so: a reviewer, or the baseline's name; may be empty.",
        },
    ),
    "Excerpt": About(
        "Code of both sides. Untrusted text: escape it before showing it.",
        {
            "candidate": "Lines of the candidate, long ones cut; `…` before one that is shown from its match on.",
            "original": "Lines of the original, from the token on that agrees with the candidate's first.",
            "candidate_line": line("Number of the first of the candidate's lines."),
            "original_line": line("Number of the first of the original's lines."),
        },
    ),
    "Revision": About(
        "One of several revisions of one original, compared alone.",
        {
            "source": "Index into `originals` of the best revision of its family.",
            "label": "How the revision was named.",
            "digest": "Digest of everything found in it.",
            "is_best": "Whether it is the one that stands in `originals`.",
            "verdict": "Verdict on the candidate with this revision alone.",
            "probability": share("Probability with this revision alone; null when none is stated."),
            "bits": "Total evidence in bits with this revision alone; null when it was not weighed.",
        },
    ),
    "ObservedSummary": About(
        "One input that holds what the author saw.",
        {
            "label": "How the input was named on the command line.",
            "digest": "SHA-256 of a session; of a folder, digest of everything found in it.",
            "n_sessions": "Recorded sessions in it.",
            "n_texts": "Plain texts in it.",
            "n_clean": "Outputs of commands that ran nothing but the executable.",
            "n_mixed": "Outputs of commands that ran it beside something else, or one that may not be the original.",
        },
    ),
    "SkippedEntry": About(
        "One file that was found and not analysed.",
        {
            "side": "The side it belongs to.",
            "source": "Index of the input on that side.",
            "path": "Path inside the input.",
            "reason": "Why it was not analysed; the list is closed.",
            "detail": "More about the reason: a size, an error, the file it duplicates; may be empty.",
        },
    ),
    "Verdict": About("What a file or a scan comes to."),
    "Layer": About("A kind of agreement, strongest first."),
    "FileRole": About("What a file is for."),
    "Side": About("Where an input stands in the comparison."),
    "SkipReason": About("Why a file that was found is not analysed."),
    "ExclusionReason": About("Why evidence does not count."),
    "TextKind": About("What two functions in two languages share."),
    "ReviewStatus": About("What a review says about a piece of evidence that is not new."),
}
POWER: Mapping[str, About] = {
    "PowerReport": About(
        "What a scan of a candidate would have found of functions that were planted into it.",
        {
            "schema": "Name and version of this format.",
            "tool": "What made the report: name and version of simdetect, ids and digests of the models.",
            "candidate": "The code under examination.",
            "originals": "What it was compared with, and what was planted is from.",
            "settings": "Every option of the scan that affects the result.",
            "n_trials": "Trials of each size and disguise, as asked for.",
            "seed": "Decides what is planted where.",
            "verdict": "Of the scan as it is, with nothing planted.",
            "rows": "What came of the trials, by size and disguise. A row is missing where nothing could be planted.",
            "reason": "Why nothing at all could be planted; empty when something was.",
            "warnings": "Sentences about what the reader should know before relying on the result.",
            "run": "Of an audit, the stamp of everything that decided it; empty elsewhere.",
        },
    ),
    "PowerRow": About(
        "Trials of one size and disguise.",
        {
            "size": "How much is planted.",
            "disguise": "How it was changed before.",
            "n_choices": "Functions or files of the originals that one is drawn from.",
            "n_lines": "Lines planted in the median trial.",
            "found": "Trials in which half of the planted lines lie in counted evidence of code from the right file.",
            "flagged": "Trials in which the verdict is evidence.",
        },
    ),
    "TrialRate": About(
        "In how many trials something happened.",
        {
            "hits": "Trials in which it did.",
            "out_of": "Trials that were made.",
            "lower_95": share("Lower end of the exact 95 % interval of the rate (Clopper and Pearson)."),
            "upper_95": share("Upper end of it."),
        },
    ),
    "InputSummary": REPORT["InputSummary"],
    "Verdict": REPORT["Verdict"],
    "PlantSize": About(
        "How much is planted: one function of so many lines, functions in the place of the candidate's own until they "
        "are a tenth of its lines, or one more file."
    ),
    "Disguise": About(
        "As it stands; with all names of the original's own changed and comments gone; or with statements, expressions "
        "and white space written otherwise too."
    ),
}
AUDIT: Mapping[str, About] = {
    "AuditSummary": About(
        "The summary of an audit: what is counted, then every instance of every run.",
        {
            "schema": "Name and version of this format.",
            "tool": "What made the summary: name and version of simdetect.",
            "settings": "Every option that affects the result.",
            "runs": "Names of the runs, in the order given.",
            "summary": "All instances together.",
            "histogram": (
                "Instances by probability, in ten bins of equal width from 0 to 1; those without a probability "
                "are in none."
            ),
            "by_run": "The same counts for each run, by its name.",
            "by_language": "The same counts for each language; `unknown` where no language is known.",
            "by_difficulty": "The same counts for each difficulty that tasks name.",
            "by_size": "The same counts by tokens of the submission.",
            "false_flags": "How many flags to expect if nobody recalled anything; null when no rate was measured.",
            "first": (
                "Run and name of the instances to look at first, at most 25: those with evidence, then by "
                "probability and bits."
            ),
            "power": (
                "What the scans would have found of planted functions, by size and disguise; empty where that was not "
                "measured."
            ),
            "instances": "Every instance, by run and name.",
        },
    ),
    "PowerCounts": About(
        "The middle of all instances without evidence, for one size and disguise.",
        {
            "size": "How much was planted.",
            "disguise": "How it was changed before.",
            "n_instances": "Instances in which it could be.",
            "median_found": share("Share of the trials in which it was found, in the middle instance."),
            "median_flagged": share("Share of the trials that were flagged, in the middle instance."),
        },
    ),
    "Counts": About(
        "How many instances came to what.",
        {
            "n_instances": "Instances, scanned or not.",
            "evidence": "Those with evidence.",
            "no-evidence": "Those without.",
            "inconclusive": "Those that could not be judged.",
            "error": "Those that were not scanned.",
            "median_bits": "The middle one of their bits, the higher of two; null when none were weighed.",
            "mean_probability": share("Mean of their probabilities; null when none were judged."),
        },
    ),
    "InstanceResult": About(
        "One instance of a benchmark run, after its scan.",
        {
            "run": "Name of its run.",
            "instance": "Its name. Undecodable bytes are lone surrogates, escaped as JSON does.",
            "language": "Language of the task, or of most of the original's files; null when not known.",
            "verdict": "What its scan comes to; null when there was none.",
            "reason": "One sentence that explains the verdict.",
            "probability": share(
                "Calibrated probability that the submission derives from the original; null when not judged."
            ),
            "bits": "Surprise of the agreement in bits; null when not weighed.",
            "n_flagged_files": "Candidate files whose verdict is `evidence`.",
            "candidate_coverage": share("Share of the candidate's tokens that lie in a counted match."),
            "lead": "The heaviest evidence that counts; null when there is none.",
            "report": "Address of its JSON report as seen from the summary; null when there is none.",
            "error": "Why it was not scanned; then all above but run, name and language is null. Null when it was.",
            "control": "What other submissions for the same task say; null without any.",
            "difficulty": "Difficulty of the task; null when it names none.",
            "n_tokens": "Tokens of the submission; null when it was not scanned.",
            "session": "What its recorded session says; null without one that was used.",
            "power": (
                "What its scan would have found of planted functions; null where that was not measured, empty where "
                "none could be planted."
            ),
            "flag_rate": "How often independent submissions that are judged alike are flagged; null when not measured.",
            "decision": "What people decided about it; null when nobody said anything.",
        },
    ),
    "FlagRate": About(
        "How often independent submissions are flagged that are judged by one population.",
        {
            "population": "Which independent submissions.",
            "flagged": "Those that are flagged.",
            "out_of": "Of how many.",
            "upper_95": "Upper bound (95 %) of the rate.",
        },
    ),
    "InstanceDecision": About(
        "What people decided about a suspected instance.",
        {
            "status": (
                "`recalled`, `not-recalled` or `given`; `open` where evidence is left that nobody decided, `waiting` "
                "for a second person, `disputed`."
            ),
            "reason": "Why, in their words.",
            "by": "Who, each with the date.",
            "n_files": "Files with evidence.",
            "n_open": "Those that are not decided.",
        },
    ),
    "SessionCounts": About(
        "Facts of a recorded session in numbers; the file `<instance>.session.json` has them in full.",
        {
            "n_steps": "Turns of the model.",
            "n_fetches": "Commands that got something from elsewhere, or looked for it; at most 50.",
            "n_fetches_of_original": "Those that name the original.",
            "n_remarks": "Remarks that name the original's source, or say that the model knows it; at most 50.",
            "n_regions": "Pieces of evidence in files with evidence.",
            "n_printed_before": "Those whose lines were printed before they were written.",
            "first_written_step": "The first turn by which half of such a piece had been written; null when none was.",
        },
    ),
    "FalseFlags": About(
        "How many submissions an audit would flag if nobody had recalled anything.",
        {
            "flagged": "Independent submissions that were flagged when the rate was measured.",
            "out_of": "Of how many.",
            "n_judged": "Instances of this audit with a verdict either way.",
            "expected": "How many of those to expect at that rate.",
            "upper_95": "The same at the upper bound (95 %) of the rate.",
        },
    ),
    "Lead": About(
        "Where to look first in one instance.",
        {
            "candidate": "Path inside the submission.",
            "original": "Path inside the original.",
            "candidate_lines": "Where it stands in the candidate file.",
            "original_lines": "Where it stands in the original file.",
            "layer": "The kind of agreement.",
            "n_tokens": "As `n_tokens` of Evidence: candidate tokens covered; words of comments; texts.",
            "bits": "Surprise in bits; null when not weighed.",
        },
    ),
    # What both have.
    **{name: REPORT[name] for name in ("Control", "LineSpan", "Verdict", "Layer")},
    **{name: POWER[name] for name in ("PowerRow", "TrialRate", "PlantSize", "Disguise")},
}
