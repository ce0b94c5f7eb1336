"""Figures of an evaluation: labelled files with their probabilities to Markdown and a reliability diagram."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from simdetect.judging.calibration import OTHERS, WITHOUT_BACKGROUND, Calibration, FileFacts
from simdetect.training.fit import limited, thresholds_at
from simdetect.training.labelled import Row

RATES = (0.01, 0.005, 0.002, 0.001)
ENOUGH = 200  # independent files from which a language has a recall at a rate of its own
SIZES = (100, 200, 500, 1000)
N_FOLDS = 5
N_WORST = 40


def summary(
    rows: Sequence[Row], probability: np.ndarray, calibration: Calibration, same_project: frozenset[str] = frozenset()
) -> str:
    """The figures, as Markdown. probability: of each row. same_project: pairs of two versions of one project."""
    derived = np.array([row.file.is_derived for row in rows])
    flagged = probability >= np.array([_threshold(calibration.thresholds, row) for row in rows])
    return "\n".join(
        [
            *_by_language(rows, derived, flagged, probability),
            "",
            *_by_group(rows, derived, flagged, same_project),
            "",
            *_pairs_flagged(rows, derived, flagged),
            *_elsewhere(rows, derived, probability, calibration.target_rate),
            *_overall(derived, probability),
        ]
    )


def by_pair(rows: Sequence[Row], calibration: Calibration) -> Iterator[str]:
    """Pairs that no calibration is fitted on, one by one: ports to another language, and code that a model wrote."""
    if not rows:
        return
    yield "\n| pair | relation | files | flagged | top-1 |\n| --- | --- | ---: | ---: | ---: |"
    for pair in sorted({row.file.pair for row in rows}, key=lambda pair: [row.file.pair for row in rows].index(pair)):
        own = [row for row in rows if row.file.pair == pair]
        flagged = sum(_is_flagged(row, calibration) for row in own)
        top1 = [row.is_top1 for row in own if row.is_top1 is not None]
        first = f"{sum(top1)} of {len(top1)}" if top1 else "-"
        yield f"| {pair} | {own[0].relation} | {len(own)} | {flagged} | {first} |"


def _is_flagged(row: Row, calibration: Calibration) -> bool:
    file = row.file
    judged = calibration.judge(file.bits, FileFacts(file.n_tokens, file.language, file.has_background, file.is_foreign))
    return judged.probability >= judged.threshold


def across(
    rows: Sequence[Row], probability: np.ndarray, same_language: Sequence[Row], calibration: Calibration
) -> Iterator[str]:
    """Files in another language than the original's: known ports against independent programs for the same job."""
    derived = np.array([row.file.is_derived for row in rows])
    flagged = probability >= calibration.across.threshold
    low, high = clopper_pearson(int(flagged[~derived].sum()), int((~derived).sum()))
    top1 = [row.is_top1 for row in rows if row.is_top1 is not None]
    ported = [row for row in rows if row.file.is_derived]
    pairs = sorted({row.file.pair for row in ported})
    by_pairs = [np.mean(flagged[[row.file.pair == pair for row in rows]]) for pair in pairs]
    also = [row for row in same_language if not row.file.is_derived]
    n_also = sum(
        _is_flagged(row, calibration)
        and calibration.probability(row.file.bits, row.file.n_tokens) < _threshold(calibration.thresholds, row)
        for row in also
    )
    yield "\nIn another language than the original:\n"
    yield (
        f"- independent files for the same job: {int((~derived).sum())}, flagged "
        f"{100 * flagged[~derived].mean():.2f} % (95 % interval {100 * low:.2f}-{100 * high:.2f} %)"
    )
    yield (
        f"- ported files: {len(ported)} of {len(pairs)} pairs, flagged {flagged[derived].mean():.3f}, "
        f"mean of pairs {np.mean(by_pairs):.3f}; top-1 {np.mean(top1):.3f}"
    )
    for rate in RATES:
        yield f"- recall at {100 * rate:g} % of independent files flagged: {recall_at(derived, probability, rate):.3f}"
    yield f"- expected calibration error {calibration_error(derived, probability):.3f}"
    yield (
        f"- of the {len(also)} independent files of the pairs in one language, those in a language that the original "
        f"hardly has, which this model flags: {n_also}"
    )


def _threshold(thresholds: Mapping[str, float], row: Row) -> float:
    """The threshold of a row's language, or of those like it."""
    others = OTHERS if row.file.has_background else WITHOUT_BACKGROUND
    return thresholds.get(row.file.language, thresholds.get(others, 1.0))


def _by_language(
    rows: Sequence[Row], derived: np.ndarray, flagged: np.ndarray, probability: np.ndarray
) -> Iterator[str]:
    yield "| language | independent files | flagged | 95 % interval | derived files | recall | at 0.5 % | top-1 |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for language in ["all", *sorted({row.language for row in rows})]:
        own = np.array([language in ("all", row.language) for row in rows])
        top1 = [row.is_top1 for row, mine in zip(rows, own, strict=True) if mine and row.is_top1 is not None]
        first = f"{np.mean(top1):.3f}" if top1 else "-"
        at = "-"
        if (own & derived).any() and (own & ~derived).sum() >= ENOUGH:
            at = f"{recall_at(derived[own], probability[own], 0.005):.3f}"
        yield f"| {language} | {_counts(own, derived, flagged)} | {at} | {first} |"


def _counts(own: np.ndarray, derived: np.ndarray, flagged: np.ndarray) -> str:
    """Cells: independent files, share flagged, its interval, derived files, recall."""
    n, hits = int((own & ~derived).sum()), int((own & ~derived & flagged).sum())
    n_derived = int((own & derived).sum())
    low, high = clopper_pearson(hits, n)
    rate = f"{100 * hits / n:.2f} %" if n else "-"
    interval = f"{100 * low:.2f}-{100 * high:.2f} %" if n else "-"
    recall = f"{flagged[own & derived].mean():.3f}" if n_derived else "-"
    return f"{n} | {rate} | {interval} | {n_derived} | {recall}"


def clopper_pearson(hits: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Two-sided confidence interval of a rate."""
    if not trials:
        return 0.0, 1.0
    from scipy.stats import beta

    tail = (1 - level) / 2
    low = 0.0 if hits == 0 else float(beta.ppf(tail, hits, trials - hits + 1))
    return low, 1.0 if hits == trials else float(beta.ppf(1 - tail, hits + 1, trials - hits))


def _by_group(
    rows: Sequence[Row], derived: np.ndarray, flagged: np.ndarray, same_project: frozenset[str]
) -> Iterator[str]:
    yield "| files | independent files | flagged | 95 % interval | derived files | recall |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    groups: list[tuple[str, Callable[[Row], bool]]] = [
        ("language with a background model", lambda row: row.file.has_background),
        ("language without one", lambda row: not row.file.has_background),
        ("derived: versions of one project", lambda row: row.file.is_derived and row.file.pair in same_project),
        ("derived: forks and continuations", lambda row: row.file.is_derived and row.file.pair not in same_project),
    ]
    for low, high in zip(SIZES, (*SIZES[1:], None), strict=True):
        words = f"{low} to {high - 1} tokens" if high else f"{low} tokens and more"
        groups.append((words, lambda row, low=low, high=high: low <= row.file.n_tokens < (high or 1 << 60)))  # type: ignore[misc]
    for words, belongs in groups:
        yield f"| {words} | {_counts(np.array([belongs(row) for row in rows], np.bool_), derived, flagged)} |"


def _pairs_flagged(rows: Sequence[Row], derived: np.ndarray, flagged: np.ndarray) -> Iterator[str]:
    """Several files are several chances: how often a whole independent candidate is called evidence."""
    found: dict[str, bool] = {}
    for row, is_derived, is_flagged in zip(rows, derived, flagged, strict=True):
        if not is_derived:
            found[row.file.pair] = found.get(row.file.pair, False) or bool(is_flagged)
    if found:
        low, high = clopper_pearson(sum(found.values()), len(found))
        yield (
            f"independent pairs with at least one flagged file: {sum(found.values())} of {len(found)} "
            f"(95 % interval {100 * low:.1f}-{100 * high:.1f} %)"
        )


def _elsewhere(rows: Sequence[Row], derived: np.ndarray, probability: np.ndarray, rate: float) -> Iterator[str]:
    """What thresholds do on families that they were not set on."""
    names = sorted({row.file.group for row in rows})
    if len(names) < N_FOLDS or not derived.any():
        return
    fold = np.array([names.index(row.file.group) % N_FOLDS for row in rows])
    flagged = np.zeros(len(rows), np.bool_)
    for n in range(N_FOLDS):
        p_by_file = {rows[i].file: float(probability[i]) for i in np.flatnonzero(~derived & (fold != n))}
        thresholds = thresholds_at([(file, p_by_file[file]) for file in limited(list(p_by_file))], rate)
        for i in np.flatnonzero(fold == n):
            flagged[i] = probability[i] >= _threshold(thresholds, rows[i])
    yield (
        f"thresholds set on four fifths of the families, tried on the rest: {100 * flagged[~derived].mean():.2f} % of "
        f"independent files flagged, recall {flagged[derived].mean():.3f}"
    )


def _overall(derived: np.ndarray, probability: np.ndarray) -> Iterator[str]:
    from sklearn.metrics import average_precision_score, roc_auc_score

    if derived.all() or not derived.any():
        yield "no ROC-AUC, average precision, calibration error: they need files of both kinds"
        return
    yield (
        f"ROC-AUC {roc_auc_score(derived, probability):.4f}, average precision "
        f"{average_precision_score(derived, probability):.4f}, expected calibration error "
        f"{calibration_error(derived, probability):.3f} (at even odds)"
    )
    for rate in RATES:
        recall = recall_at(derived, probability, rate)
        yield f"recall at a file false-positive rate of {100 * rate:.1f} %: {recall:.3f}"


def recall_at(derived: np.ndarray, probability: np.ndarray, rate: float) -> float:
    """Share of derived files above the threshold that at most `rate` of the independent ones exceed."""
    independent = np.sort(probability[~derived])[::-1]
    return float(np.mean(probability[derived] > independent[int(rate * len(independent))]))


def calibration_error(derived: np.ndarray, probability: np.ndarray, n_bins: int = 10) -> float:
    """Expected calibration error with both classes weighted to even odds."""
    stated, observed, weight = reliability(derived, probability, n_bins)
    return float((weight * np.abs(stated - observed)).sum())


def reliability(
    derived: np.ndarray, probability: np.ndarray, n_bins: int = 10
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean stated probability, observed share of derived files and weight of each bin that holds any, at even odds."""
    weight = np.where(derived, 0.5 / derived.sum(), 0.5 / (~derived).sum())
    bins = np.minimum((probability * n_bins).astype(int), n_bins - 1)
    total = np.bincount(bins, weight, n_bins)
    held = total > 0
    stated = np.bincount(bins, weight * probability, n_bins)[held] / total[held]
    return stated, np.bincount(bins, weight * derived, n_bins)[held] / total[held], total[held]


def draw_reliability(derived: np.ndarray, probability: np.ndarray, file: Path) -> str:
    """Write the reliability diagram as PNG and say so, or why not."""
    if derived.all() or not derived.any():
        return "no reliability diagram: it needs files of both kinds"
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return "no reliability diagram: matplotlib is not installed (it is among the development tools)"
    stated, observed, weight = reliability(derived, probability)
    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.7", label="as stated")
    axes.plot(stated, observed, color="C0")
    axes.scatter(stated, observed, s=20 + 400 * weight, color="C0", label="observed; area: share of files")
    axes.set(xlabel="stated probability", ylabel="share of derived files, at even odds", xlim=(0, 1), ylim=(0, 1))
    axes.legend(loc="upper left")
    figure.savefig(file, dpi=120)
    return f"reliability diagram: {file.name}"


def worst(rows: Sequence[Row], probability: np.ndarray) -> Iterator[str]:
    """The highest independent and the lowest derived files, with their spans."""
    order = np.argsort(-probability, kind="stable").tolist()
    yield "\n## Highest independent files\n"
    highest = [i for i in order if not rows[i].file.is_derived]
    yield from (_described(rows[i], probability[i]) for i in highest[:N_WORST])
    yield "\n## Lowest derived files\n"
    lowest = [i for i in order[::-1] if rows[i].file.is_derived]
    yield from (_described(rows[i], probability[i]) for i in lowest[:N_WORST])


def _described(row: Row, probability: float) -> str:
    file = row.file
    spans = "; ".join(row.spans) or "nothing counted"
    return f"- {probability:.3f} {file.pair} `{file.path}` ({file.n_tokens} tokens, top-1 {row.is_top1}): {spans}"
