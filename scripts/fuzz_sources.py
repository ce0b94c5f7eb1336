"""Real sources as seeds, and the fuzz targets that read source code: every lexer, every grammar, whole scans."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from fuzz_target import BrokenPropertyError, Target, make_of
from mutate import mutate

from simdetect import Scanner, ScanOptions
from simdetect.languages import LANGUAGES, LEXICAL_LANGUAGES
from simdetect.languages.detect import detect_language
from simdetect.model import Side, TokenStream
from simdetect.report.json import dump_report, load_report
from simdetect.running import Failure, WorkerPool
from simdetect.scanning.batches import LEXICAL_PATIENCE
from simdetect.sources import read_tree
from simdetect.sources.text import to_utf8
from simdetect.tokens.analyse import Batch, analyse_in_parts
from simdetect.tokens.lexical import lexical_streams

__all__ = ["Seeds", "find_seeds", "grammar_targets", "lexer_target", "reading_target", "scan_target"]

LIMIT_S = 3.0  # of one parse
_PARTS = 3  # of a batch of one file: its parse, tokens, fingerprints; each has the limit
_SLACK_S = 15.0  # what a scan may compute beside its parses, which take 0.3 s for these; and how late a kill may come
_SEED_BYTES = 24_000
_PER_REPOSITORY = 6  # seeds of one language, so that one repository is not all that is known of it
_MEMORY_BYTES = 2 << 30
_FILES_A_SCAN = 25
_WITH_GRAMMAR = 0.75  # of drawn files; the table has more languages without one


@dataclass(frozen=True, slots=True)
class Seeds:
    """Real files by language: (name, content) each."""

    by_language: dict[str, list[tuple[str, bytes]]]

    def draw(self, rng: Random, language: str | None = None) -> tuple[str, bytes]:
        """A file of a language, or of a drawn one."""
        return rng.choice(self.by_language[language or self._draw_language(rng)])

    def _draw_language(self, rng: Random) -> str:
        has_grammar = rng.random() < _WITH_GRAMMAR
        named = sorted(name for name in self.by_language if (name in LANGUAGES) is has_grammar)
        return rng.choice(named or sorted(self.by_language))


def find_seeds(folder: Path, seed: int, per_language: int) -> Seeds:
    """Files of every language below a folder, of drawn subfolders until there are enough."""
    found: dict[str, list[tuple[str, bytes]]] = {}
    tops = sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())
    Random(seed).shuffle(tops)
    for top in tops:
        here: Counter[str] = Counter()
        for path in _files(top):
            language = detect_language(path.name, b"")
            if language is None or here[language] >= _PER_REPOSITORY:
                continue
            here[language] += 1
            own = found.setdefault(language, [])
            if len(own) < per_language:
                own.append((path.name, path.read_bytes()[:_SEED_BYTES]))
        if all(len(found.get(language, ())) >= per_language for language in LANGUAGES):
            break
    return Seeds(found)


def _files(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            path = Path(here) / name
            if name.isprintable() and not path.is_symlink() and path.is_file():
                yield path


def _mutated(rng: Random, seeds: Seeds, language: str | None = None) -> tuple[str, bytes]:
    name, content = seeds.draw(rng, language)
    return name, mutate(rng, content, seeds.draw(rng)[1])


# --- lexers and grammars -------------------------------------------------------------------------------------------


def _text_of(data: bytes) -> bytes:
    decoded = to_utf8(data)
    return decoded[0] if decoded else data


def lexer_target(seeds: Seeds) -> Target:
    """The lexer of every language, in this process. A case is a line with the language, then the source."""
    languages = sorted({**LANGUAGES, **LEXICAL_LANGUAGES})

    def make(rng: Random) -> bytes:
        language = rng.choice(languages)
        own = language if language in seeds.by_language else None
        return language.encode() + b"\n" + _mutated(rng, seeds, own)[1]

    def check(data: bytes) -> str:
        language, _, content = data.partition(b"\n")
        text = _text_of(content)
        _check_stream(lexical_streams([text], language.decode(), "size: fuzzed")[0], text)
        return "read"

    return Target("lexer", make, check)


def grammar_targets(seeds: Seeds, pool: WorkerPool) -> list[Target]:
    """One target for each grammar: the per-file stages as a scan runs them, in parts, in a worker that can be killed;
    what is killed is read lexically, which must not fail."""
    return [_grammar_target(seeds, pool, language) for language in sorted(LANGUAGES) if LANGUAGES[language].module]


def _grammar_target(seeds: Seeds, pool: WorkerPool, language: str) -> Target:
    options = ScanOptions()

    def check(data: bytes) -> str:
        text = _text_of(data)
        started = time.monotonic()
        batch = Batch(language, [text], options.k, options.window)
        (outcome,) = pool.map(analyse_in_parts, [batch], LIMIT_S)
        elapsed_s = time.monotonic() - started
        if elapsed_s > _PARTS * LIMIT_S + _SLACK_S:
            raise BrokenPropertyError(f"{elapsed_s:.0f} s under a limit of {LIMIT_S:g} s a part")
        said = "read"
        if isinstance(outcome, Failure):
            if outcome.reason == "error":
                raise BrokenPropertyError(outcome.detail)
            said = f"killed ({outcome.reason})"
            limit_s = LIMIT_S * LEXICAL_PATIENCE
            (outcome,) = pool.map(analyse_in_parts, [replace(batch, lexical=f"{outcome.reason}: parse")], limit_s)
            if isinstance(outcome, Failure):
                raise BrokenPropertyError(f"lexical: {outcome.reason}: {outcome.detail}")
        _check_stream(outcome[0][0], text)
        return said

    return Target(f"grammar:{language}", make_of(lambda rng: _mutated(rng, seeds, language)[1]), check)


def _check_stream(stream: TokenStream, text: bytes) -> None:
    start, end = stream.start.astype(int), stream.end.astype(int)
    if len(start) and not ((start < end).all() and (end[:-1] <= start[1:]).all() and int(end[-1]) <= len(text)):
        raise BrokenPropertyError("tokens overlap, are empty, or lie outside of the text")


# --- reading and scanning ------------------------------------------------------------------------------------------


def reading_target(seeds: Seeds, work: Path) -> Target:
    """Encoding, language and role of one file, in this process. A case is a line with its name, then the file."""

    def make(rng: Random) -> bytes:
        name, content = _mutated(rng, seeds)
        return name.encode() + b"\n" + content

    def check(data: bytes) -> str:
        name, _, content = data.partition(b"\n")
        folder = _emptied(work / "reading")
        (folder / Path(os.fsdecode(name.replace(b"\0", b"_"))).name[:200]).write_bytes(content)
        tree = read_tree(folder, Side.CANDIDATE, ScanOptions())
        if len(tree.files) + len(tree.skipped) != 1:
            raise BrokenPropertyError(f"one file became {len(tree.files)} files and {len(tree.skipped)} skipped")
        return "read" if tree.files else f"skipped ({tree.skipped[0].reason})"

    return Target("reading", make, check)


def scan_target(seeds: Seeds, scanner: Scanner, work: Path, files: Counter[str]) -> Target:
    """Whole scans of mutated files against the files they were made of. A case is a tar of both folders.

    files: counts the mutated files of each language, as their names say it, and how their analysis ended.
    """
    make = make_of(lambda rng: _pack(_scan_members(rng, seeds)))

    def check(data: bytes) -> str:
        folder = _emptied(work / "scan")
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            tar.extractall(folder, filter="data")
        return _check_scan(scanner, folder, files)

    return Target("scan", make, check)


def _scan_members(rng: Random, seeds: Seeds) -> Iterator[tuple[str, bytes]]:
    for number in range(_FILES_A_SCAN):
        name, content = seeds.draw(rng)
        yield f"candidate/{number}/{name}", mutate(rng, content, seeds.draw(rng)[1])
        if number % 4 == 0:
            yield f"original/{number}/{name}", content


def _pack(members: Iterator[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def _check_scan(scanner: Scanner, folder: Path, files: Counter[str]) -> str:
    names = sorted(path.relative_to(folder / "candidate").as_posix() for path in _files(folder / "candidate"))
    started_s = time.process_time()  # waiting for workers is bounded by their limits, and by the alarm of the loop
    report = scanner.scan(folder / "candidate", folder / "original")
    busy_s = time.process_time() - started_s
    analysed = [finding.candidate for finding in report.findings]
    skipped = [entry for entry in report.skipped if entry.side == Side.CANDIDATE]
    if sorted([*analysed, *(entry.path for entry in skipped)]) != names:
        raise BrokenPropertyError(f"{len(names)} files: {len(analysed)} analysed, {len(skipped)} skipped, or others")
    if report.candidate.n_discovered != len(names) or report.candidate.n_files != len(analysed):
        raise BrokenPropertyError("the report counts other files than there are")
    if busy_s > _SLACK_S:
        raise BrokenPropertyError(f"{busy_s:.0f} s of computing beside the parses of {len(names)} files")
    if dump_report(load_report(dump_report(report))) != dump_report(report):
        raise BrokenPropertyError("the report is another one when it is read back")
    for name in names:
        files[f"file:{detect_language(name, b'') or 'not code'}"] += 1
    for finding in report.findings:
        files[f"analysed ({(finding.degraded or 'parsed').partition(':')[0]})"] += 1
    files.update(f"skipped ({entry.reason})" for entry in skipped)
    return str(report.summary.verdict)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def missing_languages(seeds: Seeds) -> Sequence[str]:
    """Languages of the table without a seed."""
    return sorted(LANGUAGES.keys() - seeds.by_language.keys())
