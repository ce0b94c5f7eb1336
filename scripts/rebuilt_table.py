"""The tables of `make rebuilt`: rows to Markdown. Bounds are by bootstrap over tasks, one-sided, 95 %."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np
from rebuilt_rows import SETTINGS, Flag, Independent, Recalled, Rows, Translated, Written

__all__ = ["bound", "tables"]

DRAWS = 4000
BANDS = ((1, 10), (11, 40), (41, 90), (91, 300), (301, 10**9))  # lines of the original in a submission


def tables(rows: Rows) -> str:
    """Everything that was measured."""
    parts = [
        *(f"{note}." for note in rows.notes),
        _population_table("Independent rebuilds, leaks included", rows.independent),
        _population_table(
            "Independent rebuilds without labelled leaks", [r for r in rows.independent if not r.is_leak]
        ),
        _recall_tables(rows.recalled),
        _translated_table("Recalled submissions: function, translated", rows.translated),
        _translated_table("Control: a translated function of another original", rows.exchanged),
        _memory_table(rows.written),
        _flag_list(rows.independent),
    ]
    return "\n\n".join(part for part in parts if part)


def bound(hits_by_task: Sequence[tuple[int, int]], *, upper: bool) -> float:
    """One-sided 95 % bound of a rate. hits_by_task: (hits, of) of each task.

    Tasks are drawn with replacement, for rebuilds of one task are not independent. Where no task has a hit, or none
    lacks one, every draw is the same: the bound is then that of as many tasks as there are, 1 - 0.05 ** (1 / tasks).
    """
    if not hits_by_task:
        return float("nan")
    hits = np.array([hits for hits, _ in hits_by_task], float)
    of = np.array([of for _, of in hits_by_task], float)
    if hits.sum() in (0, of.sum()):
        room: float = 1 - 0.05 ** (1 / len(hits_by_task))
        if (hits.sum() == 0) == upper:
            return room if upper else 1 - room
        return float(hits.sum() / of.sum())
    drawn = np.random.default_rng(1).integers(0, len(hits), (DRAWS, len(hits)))
    rates = hits[drawn].sum(axis=1) / of[drawn].sum(axis=1)
    return float(np.quantile(rates, 0.95 if upper else 0.05))


def by_task(rows: Iterable[tuple[str, bool]]) -> list[tuple[int, int]]:
    """(hits, of) of each task, from (task, whether it hit)."""
    counts: dict[str, list[int]] = {}
    for task, is_hit in rows:
        own = counts.setdefault(task, [0, 0])
        own[0] += is_hit
        own[1] += 1
    return [(hits, of) for hits, of in counts.values()]


def percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def of_all(hits: int, n: int) -> str:
    """A count with what it is of."""
    return f"{hits} of {n} ({percent(hits / n)})" if n else "-"


# --- independent rebuilds ------------------------------------------------------------------------------------------


def _population_table(title: str, rows: Sequence[Independent]) -> str:
    if not rows:
        return ""
    text = [f"### {title}", ""]
    text += ["| population | setting | tasks | rebuilds | evidence | inconclusive | no evidence | evidence, at most |"]
    text += ["| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for label, is_same in (("same language", True), ("other language", False)):
        for setting in SETTINGS:
            own = [row for row in rows if row.is_same_language is is_same and row.setting == setting]
            if own:
                text.append(f"| {label} | {setting} | {_population_cells(own)} |")
    return "\n".join(text)


def _population_cells(rows: Sequence[Independent]) -> str:
    n = {verdict: sum(row.verdict == verdict for row in rows) for verdict in _VERDICTS}
    counts = by_task((row.task, row.verdict == "evidence") for row in rows)
    cells = [len(counts), len(rows), *n.values(), percent(bound(counts, upper=True))]
    return " | ".join(map(str, cells))


_VERDICTS = ("evidence", "inconclusive", "no-evidence")


def _flag_list(rows: Sequence[Independent]) -> str:
    """Every flagged file of an independent rebuild, with its spans in the setting that knows most of those in which it
    is flagged."""
    found = [(row, flag) for row in rows for flag in row.flags]
    if not found:
        return ""
    text = ["### False flags", ""]
    text += ["Spans are lines of the rebuilt program, the heaviest first, from the last of the settings named.", ""]
    for (name, path), group in groupby(sorted(found, key=_flag_key), key=lambda item: _flag_key(item)[:2]):
        own = list(group)
        row, flag = own[-1]
        labels = f"{', labelled a leak' if row.is_leak else ''}{'' if row.is_same_language else ', other language'}"
        settings = ", ".join(other.setting for other, _ in own)
        text += [f"- `{name}/{path}`{labels}: {settings}; {flag.bits:.0f} bits, probability {flag.probability:.2f}"]
        text += list(_span_lines(flag))
    return "\n".join(text)


def _flag_key(item: tuple[Independent, Flag]) -> tuple[str, str, int]:
    row, flag = item
    return f"{row.task}/{row.rebuild}", flag.path, SETTINGS.index(row.setting)


def _span_lines(flag: Flag) -> Iterator[str]:
    for span in flag.spans:
        text = "".join(c if c.isprintable() else " " for c in span.text).replace("`", "'")
        yield f"    - {span.layer}, {span.bits:.0f} bits, lines {span.start_line}-{span.end_line}: `{text or ' '}`"


# --- recalled ------------------------------------------------------------------------------------------------------


def _recall_tables(rows: Sequence[Recalled]) -> str:
    if not rows:
        return ""
    parts = []
    for setting in dict.fromkeys(row.setting for row in rows):
        own = [row for row in rows if row.setting == setting]
        parts.append(_recall_table(f"Recalled submissions, {setting}: by disguise", own, lambda row: row.way))
    for setting in dict.fromkeys(row.setting for row in rows):
        own = sorted((row for row in rows if row.setting == setting), key=lambda row: row.n_lines)
        parts.append(_recall_table(f"Recalled submissions, {setting}: by lines recalled", own, _band))
    return "\n\n".join(parts)


def _band(row: Recalled) -> str:
    low, high = next(band for band in BANDS if band[0] <= row.n_lines <= band[1])
    return f"{low} to {high} lines" if high < 10**9 else f"{low} lines and more"


def _recall_table(title: str, rows: Sequence[Recalled], key: Callable[[Recalled], str]) -> str:
    text = [f"### {title}", ""]
    text += [
        "| recalled | tasks | cases | median lines | evidence in a planted file | at least "
        "| of files not flagged before | pieces located | true original first | median rank |",
        "| --- |" + " ---: |" * 9,
    ]
    for label in dict.fromkeys(map(key, rows)):
        text.append(f"| {label} | {_recall_cells([row for row in rows if key(row) == label])} |")
    return "\n".join(text)


def _recall_cells(rows: Sequence[Recalled]) -> str:
    counts = by_task((row.task, row.is_flagged) for row in rows)
    fresh = [row for row in rows if not row.host]
    ranks = [row for row in rows if row.out_of]
    cells = [
        str(len(counts)),
        str(len(rows)),
        f"{np.median([row.n_lines for row in rows]):.0f}",
        of_all(sum(row.is_flagged for row in rows), len(rows)),
        percent(bound(counts, upper=False)),
        of_all(sum(row.is_flagged for row in fresh), len(fresh)),
        of_all(sum(row.n_located for row in rows), sum(row.n_pieces for row in rows)),
        of_all(sum(row.rank == 1 for row in ranks), len(ranks)),
        f"{np.median([row.rank for row in ranks]):.0f} of {np.median([r.out_of for r in ranks]):.0f}" if ranks else "-",
    ]
    return " | ".join(cells)


# --- translated ----------------------------------------------------------------------------------------------------


def _translated_table(title: str, rows: Sequence[Translated]) -> str:
    if not rows:
        return ""
    text = [f"### {title}", ""]
    text += [
        "| setting | tasks | cases | median lines | evidence, not before | evidence in the planted file | at least "
        "| of files not flagged before | located | right pair found | right pair first | at least | of pairs, median "
        "| true original first |",
        "| --- |" + " ---: |" * 13,
    ]
    for setting in dict.fromkeys(row.setting for row in rows):
        text.append(f"| {setting} | {_translated_cells([row for row in rows if row.setting == setting])} |")
    return "\n".join(text)


def _translated_cells(rows: Sequence[Translated]) -> str:
    clean = [row for row in rows if row.before != "evidence"]
    fresh = [row for row in rows if not row.host]
    ranks = [row for row in rows if row.out_of]
    flagged = by_task((row.task, row.is_flagged) for row in rows)
    first = by_task((row.task, row.place == 1) for row in rows)
    cells = [
        str(len(flagged)),
        str(len(rows)),
        f"{np.median([row.n_lines for row in rows]):.0f}",
        of_all(sum(row.verdict == "evidence" for row in clean), len(clean)),
        of_all(sum(row.is_flagged for row in rows), len(rows)),
        percent(bound(flagged, upper=False)),
        of_all(sum(row.is_flagged for row in fresh), len(fresh)),
        of_all(sum(row.is_located for row in rows), len(rows)),
        of_all(sum(row.place > 0 for row in rows), len(rows)),
        of_all(sum(row.place == 1 for row in rows), len(rows)),
        percent(bound(first, upper=False)),
        f"{np.median([row.n_pairs for row in rows]):.0f}",
        of_all(sum(row.rank == 1 for row in ranks), len(ranks)),
    ]
    return " | ".join(cells)


# --- from memory ---------------------------------------------------------------------------------------------------


def _memory_table(rows: Sequence[Written]) -> str:
    if not rows:
        return ""
    text = ["### Programs written from memory", ""]
    text += ["| task | lines of a release | of this commit | functions | setting | verdict | files flagged | rank |"]
    text += ["| --- | ---: | ---: | ---: | --- | --- | ---: | ---: |"]
    for row in sorted(rows, key=lambda row: (SETTINGS.index(row.setting), -(row.lines or 0.0), row.task)):
        shares = " | ".join("?" if share is None else percent(share) for share in shares_of(row))
        files = f"{row.n_flagged} of {row.n_files}"
        text.append(f"| {row.task} | {shares} | {row.setting} | {row.verdict} | {files} | {row.rank} of {row.out_of} |")
    return "\n".join(text)


def shares_of(row: Written) -> tuple[float | None, ...]:
    return row.lines, row.lines_here, row.functions
