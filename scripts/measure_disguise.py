"""How much of a disguised original is still found: recall against the strength of each transformation.

usage: python scripts/measure_disguise.py FOLDER -o OUT [--rows LIST.jsonl] [--part bars|curves|planted] [--files N]

FOLDER holds one folder a repository, `<owner>+<name>@<commit7>` or `<owner>+<name>`. Of each, some files of at least
100 tokens are disguised (scripts/disguise.py) and scanned against the whole repository, with default settings.
Writes OUT/<part>.json and OUT/<part>.md, and OUT/curves.png. See docs/disguise.md.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import click

sys.path.insert(0, str(Path(__file__).parent))

from disguise import Strengths, Text, Unit, disguised

from simdetect import Layer, Scanner, ScanOptions, Verdict
from simdetect.judging.calibration import Calibration, load_calibration
from simdetect.languages import spec_of
from simdetect.model import FEATURES, AnalysedTree, Evidence, FileFinding, FileRole, ScanReport, SourceFile

MIN_TOKENS = 100
MIN_LINES = 5  # of a function that must be located
MERGED_FILES = 8
MOST_EVIDENCE = 100_000  # what is found is measured, not what a report lists
HOST_LINES = 1000
PLANTED_LINES = 40
PLANTED_EACH = 4  # functions of a repository
CURVE_FILES = 6  # of a repository: a curve has many points
CODE = (Layer.VERBATIM, Layer.RENAMED, Layer.STRUCTURAL)
LAYERS = (*CODE, Layer.COMMENT, Layer.NAME, Layer.CONSTANT, Layer.MISSPELLING, Layer.ORDER)

BASE = Strengths(rename=1.0, reformat=1.0, strip_comments=1.0)
ORDERED = replace(BASE, reorder=1.0)
REWRITTEN = replace(ORDERED, rewrite=1.0)
PADDED = replace(REWRITTEN, insert=4)
# What the combined figures are of: name, strengths, files in a merged candidate (0: one candidate a file).
BARS = (
    ("nothing", Strengths(), 0),
    ("renamed, reformatted, stripped", BASE, 0),
    ("+ reordered", ORDERED, 0),
    ("+ reordered, merged", replace(ORDERED, merge=True, group=MERGED_FILES), MERGED_FILES),
    ("+ rewritten", REWRITTEN, 0),
    ("+ rewritten, merged", replace(REWRITTEN, merge=True, group=MERGED_FILES), MERGED_FILES),
    ("+ dead statement every 4th line", PADDED, 0),
    ("+ dead statement every 4th line, merged", replace(PADDED, merge=True, group=MERGED_FILES), MERGED_FILES),
    ("+ split and swapped", replace(PADDED, split=1.0, swap=1.0), 0),
)
CURVES: dict[str, tuple[float, ...]] = {
    "rename": (0.0, 0.5, 1.0),
    "strip_comments": (0.0, 0.5, 1.0),
    "reformat": (0.0, 0.5, 1.0),
    "rewrite": (0.0, 0.5, 1.0),
    "split": (0.0, 0.5, 1.0),
    "swap": (0.0, 0.5, 1.0),
    "reorder": (0.0, 0.5, 1.0),
    "insert": (0, 8, 4, 2, 1),
}


@dataclass(frozen=True)
class Repository:
    """One original: its tree, and the files that are disguised."""

    name: str
    language: str
    tree: AnalysedTree
    files: tuple[SourceFile, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of one candidate file. layers: those that would have flagged it alone."""

    repository: str
    language: str
    candidate: str
    n_tokens: int
    is_flagged: bool
    probability: float
    bits: float
    is_top1: bool
    layers: tuple[str, ...]
    n_functions: int
    n_located: int
    kept: tuple[str, ...]


def repositories(folder: Path, rows: Path, scanner: Scanner, n_files: int) -> Iterator[Repository]:
    """The listed repositories, each with a sample of its files that a hash chooses."""
    for line in rows.read_text().splitlines():
        row = json.loads(line)
        name = row["repository"].replace("/", "+")
        places = [folder / f"{name}@{row['commit'][:7]}", folder / name]
        place = next((place for place in places if place.is_dir()), None)
        if place is None:
            click.echo(f"{row['repository']}: not in {folder}", err=True)
            continue
        tree = scanner.index(place)
        n_tokens = {file.path: file.n_tokens for file in tree.files}
        enough = [
            file
            for file in tree.tree.files
            if file.language == row["language"] and file.role is FileRole.SOURCE and n_tokens[file.path] >= MIN_TOKENS
        ]
        chosen = sorted(enough, key=lambda file: file.sha256)[:n_files]
        yield Repository(row["repository"], row["language"], tree, tuple(sorted(chosen, key=lambda file: file.path)))


def measured(repository: Repository, strengths: Strengths, scanner: Scanner) -> Iterator[Outcome]:
    """Disguise the files of a repository and look for them in it."""
    known = [file for file in repository.tree.tree.files if file.language == repository.language]
    texts = disguised(repository.files, strengths, known)
    report = scanned(texts, repository, scanner)
    findings = {finding.candidate: finding for finding in report.findings}
    originals = {file.path: file.content for file in repository.files}
    for text in texts:
        finding = findings.get(text.path)
        if finding is not None:
            yield outcome(repository, text, finding, originals)


def scanned(texts: Sequence[Text], repository: Repository, scanner: Scanner) -> ScanReport:
    """The report on a candidate that holds these texts."""
    with tempfile.TemporaryDirectory() as folder:
        for text in texts:
            file = Path(folder) / text.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.content)
        return scanner.scan(folder, repository.tree)


def outcome(repository: Repository, text: Text, finding: FileFinding, originals: dict[str, bytes]) -> Outcome:
    """What one finding says, against what is true."""
    functions = [unit for unit in text.units if is_function(unit, originals)]
    top = finding.originals[0].original if finding.originals else ""
    return Outcome(
        repository.name,
        repository.language,
        text.path,
        finding.n_tokens,
        finding.verdict is Verdict.EVIDENCE,
        finding.probability or 0.0,
        finding.bits or 0.0,
        top in text.originals,
        flagged_alone(finding),
        len(functions),
        sum(is_located(unit, text, finding.evidence, originals) for unit in functions),
        text.kept,
    )


def is_function(unit: Unit, originals: dict[str, bytes]) -> bool:
    """Whether a unit is a function that is long enough to look for."""
    start, end = unit.original
    is_long = originals[unit.path].count(b"\n", start, end) + 1 >= MIN_LINES
    return unit.kind in ("function", "method") and unit.span is not None and is_long


def is_located(unit: Unit, text: Text, evidence: Sequence[Evidence], originals: dict[str, bytes]) -> bool:
    """Whether counted evidence shows at least half of a function's lines, at the right place on both sides."""
    assert unit.span is not None
    own = lines(text.content, unit.span)
    theirs = set(lines(originals[unit.path], unit.original))
    shown: set[int] = set()
    for item in evidence:
        if item.layer in CODE and item.excluded is None and item.original == unit.path:
            span = item.candidate
            if span.start_line < own.stop and own.start <= span.end_line:
                shown |= theirs & set(range(item.original_span.start_line, item.original_span.end_line + 1))
    return 2 * len(shown) >= len(theirs)


def lines(content: bytes, span: tuple[int, int]) -> range:
    """1-based lines of a byte span."""
    start = content.count(b"\n", 0, span[0]) + 1
    return range(start, start + content.count(b"\n", span[0], max(span[0], span[1] - 1)) + 1)


def flagged_alone(finding: FileFinding) -> tuple[str, ...]:
    """Layers whose evidence alone, as if nothing else had been found, reaches the threshold."""
    calibration = load_calibration()
    family = spec_of(finding.language).family
    threshold = calibration.threshold(family, has_background=True)
    return tuple(
        str(layer)
        for layer in LAYERS
        if calibration.probability(_bits_of(finding, layer, calibration), finding.n_tokens) >= threshold
    )


def _bits_of(finding: FileFinding, layer: Layer, _: Calibration) -> list[float]:
    """Features of a file with one layer only: the total of a code layer, and its strongest piece of evidence."""
    bits = dict.fromkeys(FEATURES, 0.0)
    together = finding.layer_bits.get(layer, 0.0)
    if layer.value in bits:
        bits[layer.value] = together
    elif layer in CODE:
        own = [item.bits or 0.0 for item in finding.evidence if item.layer is layer and item.excluded is None]
        bits |= {"strongest": max(own, default=0.0), "total": together}
    return list(bits.values())


# --- a function in other code ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Planted:
    """One function of an original in code of another repository."""

    repository: str
    language: str
    function: str
    n_lines: int
    how: str
    is_flagged: bool
    is_located: bool


def planted(
    repository: Repository, other: Repository, name: str, strengths: Strengths, scanner: Scanner, n: int
) -> Iterator[Planted]:
    """Functions of at least 40 lines, each in 1,000 lines of the other repository; and these lines alone."""
    host, places = host_of(other)
    known = [file for file in repository.tree.tree.files if file.language == repository.language]
    texts = disguised(repository.files, strengths, known)
    originals = {file.path: file.content for file in repository.files}
    suffix = Path(repository.files[0].path).suffix
    candidates: list[Text] = [Text(f"host{suffix}", repository.language, host, (), ())]
    rng = Random(f"planted:{repository.name}")
    found = [(text, unit) for text in texts for unit in text.units if is_long_function(unit, originals)]
    for number, (text, unit) in enumerate(rng.sample(found, min(n, len(found)))):
        assert unit.span is not None
        candidates.append(_with(host, rng.choice(places), text, unit, f"case{number}{suffix}"))
    findings = {finding.candidate: finding for finding in scanned(candidates, repository, scanner).findings}
    for text in candidates:
        finding = findings.get(text.path)
        if finding is None:
            continue
        is_flagged = finding.verdict is Verdict.EVIDENCE
        if not text.units:
            yield Planted(repository.name, repository.language, "", 0, "host alone", is_flagged, False)
            continue
        unit = text.units[0]
        n_lines = len(lines(originals[unit.path], unit.original))
        located = is_located(unit, text, finding.evidence, originals)
        yield Planted(repository.name, repository.language, unit.name, n_lines, name, is_flagged, located)


def is_long_function(unit: Unit, originals: dict[str, bytes]) -> bool:
    """Whether a unit is a function of at least 40 lines."""
    is_long = len(lines(originals[unit.path], unit.original)) >= PLANTED_LINES
    return is_long and unit.span is not None and unit.kind in ("function", "method")


def host_of(repository: Repository) -> tuple[bytes, list[int]]:
    """About 1,000 lines of a repository, and where its functions start."""
    content = b""
    places: list[int] = []
    for text in disguised(repository.files, Strengths(), ()):
        if content.count(b"\n") >= HOST_LINES:
            break
        room = HOST_LINES - content.count(b"\n")
        kept = b"\n".join(text.content.split(b"\n")[:room]) + b"\n"
        functions = [unit.span for unit in text.units if unit.span and unit.kind in ("function", "method")]
        places += [len(content) + start for start, end in functions if end <= len(kept)]
        content += kept
    return content, [content.rfind(b"\n", 0, place) + 1 for place in places] or [len(content)]


def _with(host: bytes, place: int, text: Text, unit: Unit, path: str) -> Text:
    """The host with a function before the line at a place, indented like it."""
    assert unit.span is not None
    start, end = unit.span
    own = _margin(text.content, text.content.rfind(b"\n", 0, start) + 1)
    there = _margin(host, place)
    function = text.content[start:end].replace(b"\n" + own, b"\n" + there)
    placed = replace(unit, span=(place + len(there), place + len(there) + len(function)))
    return Text(path, text.language, host[:place] + there + function + b"\n\n" + host[place:], (unit.path,), (placed,))


def _margin(content: bytes, start: int) -> bytes:
    end = start
    while content[end : end + 1] in (b" ", b"\t"):
        end += 1
    return content[start:end]


# --- figures -----------------------------------------------------------------------------------------------------


def share(hits: int, of: int) -> str:
    """A share with what it is of."""
    return f"{hits / of:.3f} ({hits} of {of})" if of else "-"


def bars_table(rows: Sequence[tuple[str, Sequence[Outcome]]]) -> str:
    """One line a disguise."""
    text = [
        "| disguise | candidates | flagged | right original first | functions located | not applied |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, found in rows:
        flagged, top = sum(o.is_flagged for o in found), sum(o.is_top1 for o in found)
        located, functions = sum(o.n_located for o in found), sum(o.n_functions for o in found)
        kept = sum(bool(o.kept) for o in found)
        cells = [share(flagged, len(found)), share(top, len(found)), share(located, functions), str(kept)]
        text.append(f"| {name} | {len(found)} | " + " | ".join(cells) + " |")
    text += ["", "flagged by language", "", "| disguise | " + " | ".join(languages(rows)) + " |"]
    text.append("| --- |" + " ---: |" * len(languages(rows)))
    for name, found in rows:
        own = [[o for o in found if o.language == language] for language in languages(rows)]
        text.append(
            f"| {name} | " + " | ".join(share(sum(o.is_flagged for o in part), len(part)) for part in own) + " |"
        )
    text += ["", "flagged by one layer alone", "", "| disguise | " + " | ".join(LAYERS) + " |"]
    text.append("| --- |" + " ---: |" * len(LAYERS))
    for name, found in rows:
        alone = [sum(layer.value in o.layers for o in found) / max(1, len(found)) for layer in LAYERS]
        text.append(f"| {name} | " + " | ".join(f"{value:.3f}" for value in alone) + " |")
    return "\n".join(text)


def languages(rows: Sequence[tuple[str, Sequence[Outcome]]]) -> list[str]:
    """Languages that occur."""
    return sorted({o.language for _, found in rows for o in found})


def planted_table(rows: Sequence[Planted]) -> str:
    """One line for each way a function was planted."""
    text = ["| function | cases | file flagged | flagged and located |", "| --- | ---: | ---: | ---: |"]
    for how in dict.fromkeys(row.how for row in rows):
        own = [row for row in rows if row.how == how]
        flagged, both = sum(r.is_flagged for r in own), sum(r.is_flagged and r.is_located for r in own)
        text.append(f"| {how} | {len(own)} | {share(flagged, len(own))} | {share(both, len(own))} |")
    return "\n".join(text)


def draw(curves: dict[str, dict[str, dict[str, list[float]]]], file: Path) -> None:
    """One panel a transformation: recall of everything together and of each layer alone."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 4, figsize=(18, 8), sharey=True)
    for panel, (name, by_base) in zip(axes.flat, curves.items(), strict=False):
        for base, by_layer in by_base.items():
            for layer, recall in by_layer.items():
                if layer == "strength" or (layer != "all" and not max(recall)):
                    continue
                colour = "black" if layer == "all" else f"C{LAYERS.index(Layer(layer))}"
                style = {"marker": "o", "linewidth": 2.5 if layer == "all" else 1.0, "color": colour}
                positions = range(len(recall))
                label = f"{layer}, {'nothing else' if base == 'alone' else 'also ' + base}"
                panel.plot(positions, recall, "-" if base == "alone" else "--", label=label, **style)
        strengths = next(iter(by_base.values()))["strength"]
        panel.set_xticks(range(len(strengths)), [f"{value:g}" for value in strengths])
        panel.set_title(name.replace("_", " "))
        panel.set_xlabel("a dead statement every n lines" if name == "insert" else "strength")
        panel.grid(alpha=0.3)
    for row in axes:
        row[0].set_ylabel("share of files flagged")
    handles = {text: line for panel in axes.flat for line, text in zip(*panel.get_legend_handles_labels(), strict=True)}
    figure.legend(list(handles.values()), list(handles), loc="center right", fontsize=8)
    figure.tight_layout(rect=(0, 0, 0.86, 1))
    figure.savefig(file, dpi=110)


# --- runs --------------------------------------------------------------------------------------------------------


def run_bars(found: Sequence[Repository], scanner: Scanner, output: Path) -> str:
    """The combined disguises."""
    rows: list[tuple[str, list[Outcome]]] = []
    for name, strengths, _ in BARS:
        rows.append((name, [o for repository in found for o in measured(repository, strengths, scanner)]))
        click.echo(f"{name}: {share(sum(o.is_flagged for o in rows[-1][1]), len(rows[-1][1]))}", err=True)
    _store(output / "bars.json", [{"disguise": name, "files": [vars(o) for o in outcomes]} for name, outcomes in rows])
    return bars_table(rows)


def run_planted(found: Sequence[Repository], scanner: Scanner, output: Path) -> str:
    """One function in a thousand lines."""
    rows: list[Planted] = []
    for name, strengths in (
        ("verbatim", Strengths()),
        ("renamed, reformatted, stripped", BASE),
        ("+ rewritten", REWRITTEN),
    ):
        for repository in found:
            other = next(r for r in found if r.language == repository.language and r.name != repository.name)
            rows += planted(repository, other, name, strengths, scanner, PLANTED_EACH)
    _store(output / "planted.json", [vars(row) for row in rows])
    return planted_table(rows)


def run_curves(found: Sequence[Repository], scanner: Scanner, output: Path) -> str:
    """Every transformation at several strengths, alone and on top of renamed, reformatted, stripped."""
    curves: dict[str, dict[str, dict[str, list[float]]]] = {}
    text = ["| transformation | strength | base | flagged | by one layer alone |", "| --- | ---: | --- | ---: | --- |"]
    known: dict[Strengths, list[Outcome]] = {}
    few = [replace(repository, files=repository.files[:CURVE_FILES]) for repository in found]
    for name, strengths in CURVES.items():
        for label, base in (("alone", Strengths()), ("renamed, stripped", BASE)):
            if label != "alone" and getattr(BASE, name):
                continue
            series = curves.setdefault(name, {}).setdefault(label, {"strength": list(map(float, strengths))})
            for strength in strengths:
                changes: dict[str, Any] = {name: strength}
                at = replace(base, **changes)
                if at not in known:
                    known[at] = [o for repository in few for o in measured(repository, at, scanner)]
                outcomes = known[at]
                n = max(1, len(outcomes))
                by_layer = {layer.value: sum(layer.value in o.layers for o in outcomes) / n for layer in LAYERS}
                by_layer["all"] = sum(o.is_flagged for o in outcomes) / n
                for layer, recall in by_layer.items():
                    series.setdefault(layer, []).append(recall)
                alone = ", ".join(f"{key} {value:.2f}" for key, value in by_layer.items() if value and key != "all")
                text.append(f"| {name} | {strength:g} | {label} | {by_layer['all']:.3f} | {alone} |")
    _store(output / "curves.json", curves)
    draw(curves, output / "curves.png")
    return "\n".join(text)


RUNS = {"bars": run_bars, "curves": run_curves, "planted": run_planted}


def _store(file: Path, data: Any) -> None:
    file.write_text(json.dumps(data, indent=1) + "\n")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--rows",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=Path(__file__).parent / "data" / "disguised.jsonl",
    help="The list of repositories.",
)
@click.option("--part", type=click.Choice(list(RUNS)), multiple=True, help="Only these.")
@click.option("--files", "n_files", type=click.IntRange(1), default=12, help="Files of a repository at most.")
def main(folder: Path, output: Path, rows: Path, part: tuple[str, ...], n_files: int) -> None:
    """Measure recall on disguised files."""
    output.mkdir(parents=True, exist_ok=True)
    with Scanner(ScanOptions(max_evidence=MOST_EVIDENCE)) as scanner:
        found = list(repositories(folder, rows, scanner, n_files))
        for name in part or RUNS:
            started = time.process_time()
            text = RUNS[name](found, scanner, output)
            (output / f"{name}.md").write_text(text + "\n")
            click.echo(f"{text}\n\n{name}: {time.process_time() - started:.0f} s\n")


if __name__ == "__main__":
    main()
