"""What is said of programs that a language model rebuilt without the source, and of those that recall it in part.

usage: python scripts/measure_rebuilt.py ORIGINALS [--rebuilt evaluation/rebuilt] [--memory TEXTS] -o OUT
    [--plants N] [--seed K] [--task T] [--translations DIR [--only-translations]]

ORIGINALS holds one folder a repository, `<owner>+<name>@<commit7>`. Every independent rebuild is scanned against its
original in four settings: nothing known; its documents given; the same in the black-box setting, without and with its
session. So are planted submissions (scripts/plant.py), N of each way by seed. TEXTS holds programs written from memory,
a folder a task. DIR holds translated functions (scripts/translations.py). Writes OUT/rows.json and OUT/table.md.
See docs/rebuilt.md.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import click

sys.path.insert(0, str(Path(__file__).parent))

from plant import WAYS, Plant, Planted, plants_of, write
from rebuilt_rows import (
    BLIND,
    DOCUMENTS,
    NOTHING,
    SESSION,
    Flag,
    Independent,
    Recalled,
    Rows,
    Span,
    Translated,
    Written,
)
from rebuilt_table import tables
from rebuilt_tasks import Rebuild, Task, documents_of, family, original_of, read_tasks
from translations import Translation, exchanged, is_listed, is_of, place_of, plant_of, translations_of

from simdetect import Scanner, ScanOptions, Verdict
from simdetect.model import AnalysedTree, Evidence, FileFinding, ScanReport
from simdetect.options import BLACK_BOX

MOST = 100_000  # what is found is measured, not what a report lists
SPANS = 5  # of a flagged file
DECOYS = 3  # other rebuilds of the task at most, and as many other originals
DIGESTS = "translations.tsv"  # of translations, beside the tasks
DECOY_FILES = 200  # of an original that serves as a decoy at most


@dataclass(frozen=True)
class Known:
    """What is known of an author: documents that were handed out, recorded sessions, and whether there was an
    executable."""

    given: Sequence[Path] = ()
    observed: Sequence[Path] = ()
    is_black_box: bool = False


@dataclass
class Bench:
    """Everything the measurement holds: originals are read once. scanner, blind: of the two settings. place: a folder
    for files that scans need. digests: the table of the translations that are known."""

    tasks: Sequence[Task]
    originals: Path
    scanner: Scanner
    blind: Scanner
    place: Path
    seed: int
    digests: Path
    trees: dict[Path, AnalysedTree] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def tree(self, folder: Path) -> AnalysedTree:
        """The analysed tree of a folder, read once."""
        if folder not in self.trees:
            self.trees[folder] = self.scanner.index(folder)
        return self.trees[folder]

    def scan(self, folder: Path | str, known: Known, *originals: AnalysedTree) -> ScanReport:
        """A scan with what is known of the author."""
        scanner = self.blind if known.is_black_box else self.scanner
        return scanner.scan(folder, *originals, given=known.given, observed=known.observed)

    def known(self, task: Task, original: Path, session: Path | None) -> dict[str, Known]:
        """What is known of the author, by setting."""
        documents, missing = documents_of(task, original)
        if missing:
            self.notes.append(f"{task.name}: documents not as task.yaml names them: {', '.join(missing)}")
        found = {NOTHING: Known(), DOCUMENTS: Known(documents), BLIND: Known(documents, (), True)}
        if session is not None:
            found[SESSION] = Known(documents, (session,), True)
        return found

    def submissions(self) -> Iterator[tuple[Task, Rebuild, Path]]:
        """Every rebuilt program whose original is here."""
        for task in self.tasks:
            original = original_of(task, self.originals)
            if original is not None:
                yield from ((task, rebuild, original) for rebuild in task.rebuilds)


# --- independent rebuilds ------------------------------------------------------------------------------------------


def independent(bench: Bench, only: Container[str] | None = None) -> Iterator[Independent]:
    """Every rebuild in every setting. only: those of these names, None for all."""
    for task, rebuild, original in bench.submissions():
        if only is not None and rebuild.name not in only:
            continue
        tree = bench.tree(original)
        for setting, known in bench.known(task, original, rebuild.session).items():
            report = bench.scan(rebuild.folder, known, tree)
            yield Independent(
                task.name,
                rebuild.folder.name,
                task.is_same_language(rebuild),
                rebuild.is_leak,
                setting,
                str(report.summary.verdict),
                tuple(_flags(report, rebuild.folder)),
            )


def _flags(report: ScanReport, folder: Path) -> Iterator[Flag]:
    """The flagged files, each with its heaviest spans."""
    for finding in report.findings:
        if finding.verdict is Verdict.EVIDENCE:
            lines = (folder / finding.candidate).read_text("utf-8", "replace").splitlines()
            counted = sorted(counting(finding), key=lambda item: -(item.bits or 0.0))
            spans = tuple(_span(item, lines) for item in counted[:SPANS])
            yield Flag(finding.candidate, finding.bits or 0.0, finding.probability or 0.0, spans)


def _span(item: Evidence, lines: Sequence[str]) -> Span:
    """A piece of evidence, with text of the candidate: texts that both sides have, or the first lines."""
    own = item.candidate
    texts = [shared.text for shared in item.items] or lines[own.start_line - 1 : own.end_line]
    text = " / ".join(part.strip() for part in texts if part.strip())
    return Span(str(item.layer), round(item.bits or 0.0, 1), own.start_line, own.end_line, text[:160])


def counting(finding: FileFinding) -> list[Evidence]:
    """Evidence that counts."""
    return [item for item in finding.evidence if item.excluded is None]


# --- planted -------------------------------------------------------------------------------------------------------


def planted(bench: Bench, n: int, before: Sequence[Independent]) -> Iterator[Recalled]:
    """Up to n submissions of each way, from rebuilds that the seed chooses: of as many tasks as there are."""
    flagged = {(row.task, row.rebuild, row.setting): {flag.path for flag in row.flags} for row in before}
    own = [(t, r, o) for t, r, o in bench.submissions() if t.is_same_language(r) and not r.is_leak]
    for way in WAYS:
        made = 0
        for task, rebuild, original in spread(own, f"{bench.seed}:{way.partition(',')[0]}"):
            if made == n:
                break
            for plant in plants_of(task, rebuild, original, bench.seed, (way,)):
                made += 1
                yield from _recalled(bench, task, rebuild, plant, flagged)


Submission = tuple[Task, Rebuild, Path]


def spread(found: Sequence[Submission], seed: str) -> list[Submission]:
    """In an order of chance in which a second rebuild of a task comes after the first of every other."""
    order = list(found)
    Random(seed).shuffle(order)
    seen: dict[str, int] = {}
    turns = []
    for task, _, _ in order:
        turns.append(seen.get(task.name, 0))
        seen[task.name] = turns[-1] + 1
    return [item for _, item in sorted(zip(turns, order, strict=True), key=lambda pair: pair[0])]


def _recalled(
    bench: Bench, task: Task, rebuild: Rebuild, plant: Plant, flagged: dict[tuple[str, str, str], set[str]]
) -> Iterator[Recalled]:
    own = {piece.path for piece in plant.planted}
    for setting, report, (rank, out_of) in scanned(bench, task, rebuild, plant):
        row = outcome(plant, report)
        host = flagged.get((task.name, rebuild.folder.name, setting), set())
        row = replace(row, task=task.name, rebuild=rebuild.folder.name, setting=setting, host=bool(own & host))
        yield replace(row, rank=rank, out_of=out_of)


def scanned(
    bench: Bench, task: Task, rebuild: Rebuild, plant: Plant
) -> Iterator[tuple[str, ScanReport, tuple[int, int]]]:
    """A submission in every setting, with its report; in the last one also the rank of the true original."""
    original = original_of(task, bench.originals)
    assert original is not None
    known = bench.known(task, original, rebuild.session)
    own = {piece.path for piece in plant.planted}
    with tempfile.TemporaryDirectory(dir=bench.place) as folder:
        write(plant, rebuild, Path(folder))
        for setting in known:
            report = bench.scan(folder, known[setting], bench.tree(original))
            is_last = setting == (SESSION if SESSION in known else BLIND)
            yield (
                setting,
                report,
                (ranked(bench, task, rebuild.folder, Path(folder), own, known[setting]) if is_last else (0, 0)),
            )


def outcome(plant: Plant, report: ScanReport) -> Recalled:
    """What one report says, against what is true."""
    findings = {finding.candidate: finding for finding in report.findings}
    files = {piece.path for piece in plant.planted}
    is_flagged = any(path in findings and findings[path].verdict is Verdict.EVIDENCE for path in files)
    n_located = sum(
        piece.path in findings and is_located(piece, counting(findings[piece.path])) for piece in plant.planted
    )
    n_lines = sum(piece.end_line - piece.start_line + 1 for piece in plant.planted)
    return Recalled(
        plant.way, plant.share, n_lines, len(plant.planted), str(report.summary.verdict), is_flagged, n_located
    )


def is_located(piece: Planted, evidence: Sequence[Evidence]) -> bool:
    """Whether a piece of evidence overlaps the planted lines, and names the file that they are from."""
    return any(piece.shown_by(item) for item in evidence)


def ranked(
    bench: Bench, task: Task, own: Path | None, folder: Path, files: set[str] | None, known: Known
) -> tuple[int, int]:
    """The rank of the true original among independent programs for the same job and other originals, and of how many:
    by the bits that the best file of each has, over the files in question (None: all). A tie is lost."""
    original = original_of(task, bench.originals)
    assert original is not None
    others = decoys(bench, task, own)
    report = bench.scan(folder, known, bench.tree(original), *others)
    bits = [0.0] * (1 + len(others))
    for finding in report.findings:
        if files is None or finding.candidate in files:
            best: dict[int, float] = {}
            for match in finding.originals:
                best[match.source] = max(best.get(match.source, 0.0), match.bits or 0.0)
            for source, value in best.items():
                bits[source] += value
    return 1 + sum(value >= bits[0] for value in bits[1:]), len(bits)


def decoys(bench: Bench, task: Task, own: Path | None) -> list[AnalysedTree]:
    """Other rebuilds of a task, and other originals in languages of the same family."""
    rebuilds = [rebuild.folder for rebuild in task.rebuilds if rebuild.folder != own]
    rng = Random(f"{bench.seed}:decoys:{task.name}")
    others = [
        other for other in bench.tasks if other.name != task.name and family(other.language) == family(task.language)
    ]
    places = [place for other in others if (place := original_of(other, bench.originals)) is not None]
    rng.shuffle(rebuilds)
    rng.shuffle(places)
    small = [tree for tree in map(bench.tree, places[: 2 * DECOYS]) if len(tree.files) <= DECOY_FILES]
    return [*map(bench.tree, rebuilds[:DECOYS]), *small[:DECOYS]]


# --- translated ----------------------------------------------------------------------------------------------------


Texts = Mapping[str, Sequence[Translation]]  # by name of the rebuilt program


def texts_of(bench: Bench, place: Path) -> Texts:
    """What was translated, and stands in the originals that are here. What is not of the known set is noted."""
    table = bench.digests.read_text() if bench.digests.is_file() else ""
    found: dict[str, list[Translation]] = {}
    for _, rebuild, original in bench.submissions():
        for own in translations_of(place, rebuild) if not rebuild.is_leak else ():
            name = f"{rebuild.name}: {own.wanted.original}:{own.wanted.start_line}"
            if not is_of(own.wanted, original):
                bench.notes.append(f"not planted, for the original differs: {name}")
                continue
            found.setdefault(rebuild.name, []).append(own)
            if not is_listed(own, table):
                bench.notes.append(f"a translation that is not of the set of {DIGESTS}: {name}")
    return found


def translated(bench: Bench, texts: Texts, before: Sequence[Independent]) -> Iterator[Translated]:
    """Every translated function in its rebuilt program, in every setting."""
    verdicts = {(row.task, row.rebuild, row.setting): row for row in before}
    for task, rebuild, _ in bench.submissions():
        for own in texts.get(rebuild.name, ()):
            plant = plant_of(rebuild, own, bench.seed)
            if plant is None:
                continue
            for row in _translated(bench, task, rebuild, (own, plant)):
                was = verdicts[row.task, row.rebuild, row.setting]
                is_host = plant.planted[0].path in {flag.path for flag in was.flags}
                yield replace(row, before=was.verdict, host=is_host)


def _translated(bench: Bench, task: Task, rebuild: Rebuild, made: tuple[Translation, Plant]) -> Iterator[Translated]:
    own, plant = made
    [piece] = plant.planted
    for setting, report, (rank, out_of) in scanned(bench, task, rebuild, plant):
        row = outcome(plant, report)
        place, n_pairs = place_of(piece, report)
        yield Translated(
            task.name,
            rebuild.folder.name,
            setting,
            own.wanted.language,
            own.wanted.original,
            row.n_lines,
            row.verdict,
            "",
            row.is_flagged,
            False,
            row.n_located > 0,
            place,
            n_pairs,
            rank,
            out_of,
        )


# --- from memory ---------------------------------------------------------------------------------------------------


def written(bench: Bench, texts: Path) -> Iterator[Written]:
    """Programs written from memory, as submissions."""
    for task in bench.tasks:
        original, folder = original_of(task, bench.originals), texts / task.name
        if original is None or not folder.is_dir():
            continue
        known = bench.known(task, original, None)
        for setting in (NOTHING, DOCUMENTS, BLIND):
            report = bench.scan(folder, known[setting], bench.tree(original))
            rank, out_of = ranked(bench, task, None, folder, None, known[setting])
            yield Written(
                task.name,
                setting,
                task.memory.get("lines_share"),
                task.memory.get("lines_share_at_commit"),
                task.memory.get("functions_share"),
                str(report.summary.verdict),
                sum(finding.verdict is Verdict.EVIDENCE for finding in report.findings),
                len(report.findings),
                rank,
                out_of,
            )


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
REBUILT = Path(__file__).resolve().parent.parent / "evaluation" / "rebuilt"


@dataclass(frozen=True)
class Wish:
    """What is to be measured. only_translations: nothing else, but for the rebuilds that hold translations."""

    n_plants: int
    texts: Path | None = None
    translations: Path | None = None
    only_translations: bool = False


def measured(bench: Bench, wish: Wish) -> Rows:
    """All rows, each kind with the time that it took."""
    started = time.monotonic()

    def done(what: str) -> None:
        click.echo(f"{what}: {time.monotonic() - started:.0f} s", err=True)

    texts = texts_of(bench, wish.translations) if wish.translations is not None else {}
    alone = list(independent(bench, texts if wish.only_translations else None))
    done(f"{len(alone)} scans of independent programs")
    recalled = [] if wish.only_translations else list(planted(bench, wish.n_plants, alone))
    done(f"{len(recalled)} scans of planted ones")
    others = tuple(translated(bench, texts, alone))
    foreign = tuple(translated(bench, exchanged(texts), alone))
    done(f"{len(others) + len(foreign)} scans of translated functions")
    memory = list(written(bench, wish.texts)) if wish.texts is not None and not wish.only_translations else []
    done(f"{len(memory)} scans of texts from memory")
    absent = [task.name for task in bench.tasks if original_of(task, bench.originals) is None]
    if absent:
        bench.notes.append(f"left out, for their originals are not here: {', '.join(absent)}")
    return Rows(tuple(alone), tuple(recalled), tuple(memory), tuple(dict.fromkeys(bench.notes)), others, foreign)


@click.command()
@click.argument("originals", type=FOLDER)
@click.option("--rebuilt", type=FOLDER, default=REBUILT, help="The tasks.")
@click.option("--memory", "texts", type=FOLDER, help="Programs written from memory, a folder a task.")
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--plants", "n_plants", type=click.IntRange(0), default=24, help="Planted submissions of each way.")
@click.option("--translations", type=FOLDER, help="Translated functions (scripts/translations.py).")
@click.option("--only-translations", is_flag=True, help="Measure these alone.")
@click.option("--seed", type=int, default=1)
@click.option("--task", "names", multiple=True, help="Only these.")
def main(originals: Path, rebuilt: Path, output: Path, seed: int, names: tuple[str, ...], **wish: Any) -> None:
    """Measure what is said of rebuilt programs."""
    tasks = [task for task in read_tasks(rebuilt) if not names or task.name in names]
    options = ScanOptions(max_evidence=MOST, max_originals=MOST)
    blind = replace(options, setting=BLACK_BOX)
    with Scanner(options) as scanner, Scanner(blind) as other, tempfile.TemporaryDirectory() as place:
        rows = measured(Bench(tasks, originals, scanner, other, Path(place), seed, rebuilt / DIGESTS), Wish(**wish))
    output.mkdir(parents=True, exist_ok=True)
    (output / "rows.json").write_text(json.dumps(asdict(rows), indent=1) + "\n")
    text = tables(rows)
    (output / "table.md").write_text(text + "\n", encoding="utf-8")
    click.echo(text)


if __name__ == "__main__":
    main()
