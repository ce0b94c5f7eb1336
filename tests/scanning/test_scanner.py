"""Scans of whole trees: the laws that hold for every input."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import simdetect
from simdetect import InputError, Scanner, ScanOptions, Verdict
from simdetect.model import FileFinding, FileRole, ScanReport, Side, SourceFile
from simdetect.report import render
from simdetect.running import Failure
from simdetect.scanning.batches import again, plan
from simdetect.sources import read_tree
from simdetect.tokens.analyse import Batch, _parts, analyse
from tests import FIXTURES, ROOT

DEMO = FIXTURES / "demo"
OPTIONS = ScanOptions()

SCALA = """\
package ledger

import scala.collection.mutable

final case class Entry(account: String, cents: Long, note: Option[String])

class Ledger(opening: Map[String, Long]) {
  private val balance = mutable.Map.from(opening)
  private val entries = mutable.ArrayBuffer.empty[Entry]

  def post(entry: Entry): Either[String, Long] = {
    val before = balance.getOrElse(entry.account, 0L)
    val after = before + entry.cents
    if (after < 0) Left(s"account ${entry.account} would be overdrawn by ${-after}")
    else {
      balance.update(entry.account, after)
      entries += entry
      Right(after)
    }
  }

  def statement(account: String): Seq[(Long, String)] = {
    var running = opening.getOrElse(account, 0L)
    entries.toSeq.filter(_.account == account).map { entry =>
      running += entry.cents
      (running, entry.note.getOrElse("no note"))
    }
  }

  def largest(count: Int): Seq[Entry] =
    entries.toSeq.sortBy(entry => -math.abs(entry.cents)).take(count)
}
"""
PYTHON = '''\
def moving_average(values, width):
    """Mean of each window of the given width."""
    if width < 1 or width > len(values):
        raise ValueError(f"width {width} does not fit {len(values)} values")
    total = sum(values[:width])
    means = [total / width]
    for leaving, entering in zip(values, values[width:]):
        total += entering - leaving
        means.append(total / width)
    return means


class Histogram:
    def __init__(self, edges):
        self.edges = sorted(edges)
        self.counts = [0] * (len(edges) + 1)

    def add(self, value):
        low, high = 0, len(self.edges)
        while low < high:
            middle = (low + high) // 2
            if value < self.edges[middle]:
                high = middle
            else:
                low = middle + 1
        self.counts[low] += 1
'''


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with Scanner(OPTIONS) as made:
        yield made


def without_run(report: ScanReport) -> str:
    return render(replace(report, run={}), "json")


def matched(finding: FileFinding) -> int:
    return sum(finding.matched_tokens.values())


def by_path(report: ScanReport) -> dict[str, FileFinding]:
    return {finding.candidate: finding for finding in report.findings}


def write(folder: Path, **files: str) -> Path:
    """A folder of files; `__` in a name stands for a dot."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


# --- identity ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tree", [DEMO / "original", DEMO / "submission", ROOT / "src"], ids=lambda tree: tree.name)
def test_a_tree_against_itself_is_covered_whole(tree: Path, scanner: Scanner) -> None:
    report = scanner.scan(tree, tree)
    assert report.summary.verdict is Verdict.EVIDENCE
    for finding in report.findings:
        if finding.n_tokens >= OPTIONS.minimum_detectable_tokens and not any(e.excluded for e in finding.evidence):
            assert sum(finding.coverage.values()) == pytest.approx(1), finding.candidate
            assert finding.originals[0].original_coverage == pytest.approx(1), finding.candidate


def test_all_shares_stay_between_0_and_1(scanner: Scanner) -> None:
    report = scanner.scan(DEMO / "submission", DEMO / "original")
    values = json.loads(render(report, "json"))

    def shares(value: Any, key: str = "") -> Iterator[float]:
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from shares(inner, key if key == "coverage" else name)
        elif isinstance(value, list):
            for inner in value:
                yield from shares(inner, key)
        elif key.endswith(("coverage", "share", "containment", "jaccard", "probability")) and value is not None:
            yield value

    found = list(shares({name: value for name, value in values.items() if name != "settings"}))
    assert len(found) > 20
    assert all(0 <= share <= 1 for share in found)


# --- determinism ---------------------------------------------------------------------------------------------------


def scan_in_a_process(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "simdetect", "scan", *arguments, "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    run = json.dumps(report["run"], indent=1).replace("\n", "\n ")
    assert run in done.stdout
    return done.stdout.replace(run, "")


def test_workers_and_hash_seeds_do_not_change_a_byte_of_the_report() -> None:
    inputs = str(DEMO / "submission"), str(DEMO / "original"), str(DEMO / "independent")
    first = scan_in_a_process(*inputs, "--jobs", "1", PYTHONHASHSEED="1")
    second = scan_in_a_process(*inputs, "--jobs", "2", PYTHONHASHSEED="2")
    assert first == second


def test_the_order_in_which_files_were_made_does_not_matter(tmp_path: Path, scanner: Scanner) -> None:
    files = sorted((DEMO / "original" / "src").glob("*.c"))
    reports = []
    for name, order in (("a", files), ("b", files[::-1])):
        folder = tmp_path / name / "tree"
        folder.mkdir(parents=True)
        for file in order:
            shutil.copy(file, folder)
        reports.append(without_run(scanner.scan(DEMO / "submission", folder)))
    assert reports[0] == reports[1]


def test_the_order_of_originals_changes_nothing_but_their_numbers(scanner: Scanner) -> None:
    one, two = DEMO / "original", DEMO / "independent"
    plain, swapped = scanner.scan(DEMO / "submission", one, two), scanner.scan(DEMO / "submission", two, one)
    assert plain.summary == swapped.summary
    for finding, other in zip(plain.findings, swapped.findings, strict=True):
        assert finding.matched_tokens == other.matched_tokens
        assert {(m.original, 1 - m.source) for m in finding.originals} == {
            (m.original, m.source) for m in other.originals
        }
        assert {e.fingerprint for e in finding.evidence} == {e.fingerprint for e in other.evidence}


def test_fingerprints_of_evidence_survive_unrelated_edits(tmp_path: Path, scanner: Scanner) -> None:
    before = scanner.scan(DEMO / "submission", DEMO / "original")
    edited = tmp_path / "submission"
    shutil.copytree(DEMO / "submission", edited)
    text = (edited / "main.c").read_text()
    (edited / "main.c").write_text("/* a new first line */\nint added_at_the_top;\n" + text)
    after = scanner.scan(edited, DEMO / "original")
    kept = {e.fingerprint for e in before.findings[0].evidence} & {e.fingerprint for e in after.findings[0].evidence}
    assert len(kept) >= len(before.findings[0].evidence) - 1


# --- appending -----------------------------------------------------------------------------------------------------

UNRELATED = {
    "code": "\n".join(f"long fill_{n}(long a) {{ while (a > {n}) a = a * {n} - a / 3; return a; }}" for n in range(80)),
    "comments": "/* nothing to see */\n" * 300,
    "table": "static const int table[] = {" + ", ".join(str(n * n) for n in range(3000)) + "};\n",
    "broken code": 'int x = {{{{ ((( ;;; }} " unfinished\n' * 20,
}


@pytest.mark.parametrize("added", UNRELATED.values(), ids=UNRELATED.keys())
def test_appending_unrelated_code_never_lowers_what_was_found(added: str, tmp_path: Path, scanner: Scanner) -> None:
    before = by_path(scanner.scan(DEMO / "submission", DEMO / "original"))["main.c"]
    grown = tmp_path / "submission"
    shutil.copytree(DEMO / "submission", grown)
    with (grown / "main.c").open("a") as file:
        file.write(added)
    after = by_path(scanner.scan(grown, DEMO / "original"))["main.c"]
    assert matched(after) >= matched(before)
    assert (after.bits or 0) >= (before.bits or 0) - 1e-6
    assert after.longest_match >= before.longest_match
    assert after.verdict is before.verdict


def test_more_files_beside_it_do_not_change_what_was_found_in_a_file(tmp_path: Path, scanner: Scanner) -> None:
    before = by_path(scanner.scan(DEMO / "submission", DEMO / "original"))["main.c"]
    grown = tmp_path / "submission"
    shutil.copytree(DEMO / "submission", grown)
    write(grown, other__c=UNRELATED["code"], stats__py=PYTHON)
    after = by_path(scanner.scan(grown, DEMO / "original"))["main.c"]
    assert after.matched_tokens == before.matched_tokens
    assert [e.fingerprint for e in after.evidence] == [e.fingerprint for e in before.evidence]


# --- every file is accounted for -----------------------------------------------------------------------------------


def fixture_trees() -> list[Path]:
    return sorted({path for top in FIXTURES.iterdir() if top.is_dir() for path in (top, *top.iterdir())})


@pytest.mark.parametrize("tree", fixture_trees(), ids=lambda path: str(path.relative_to(FIXTURES)))
def test_every_file_that_is_found_is_analysed_or_skipped(tree: Path, scanner: Scanner) -> None:
    """The file system is the oracle; what a folder holds below a skipped folder or in an archive counts as more."""
    report = scanner.scan(tree, DEMO / "original")
    skipped = [entry.path for entry in report.skipped if entry.side == Side.CANDIDATE]
    analysed = [finding.candidate for finding in report.findings]
    assert report.candidate.n_discovered == len(analysed) + len(skipped)
    assert report.candidate.n_files == len(analysed)
    assert not set(analysed) & set(skipped)
    if tree.is_dir():
        on_disk = {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file() or path.is_symlink()}
        seen = {*analysed, *skipped}
        lost = {path for path in on_disk - seen if not any(path.startswith(f"{entry}/") for entry in seen)}
        assert not {path for path in lost if path.isascii() and path.isprintable()}


# --- inputs that hold little or nothing ----------------------------------------------------------------------------


def test_empty_inputs_are_errors(tmp_path: Path, scanner: Scanner) -> None:
    empty, blank = write(tmp_path / "empty"), write(tmp_path / "blank", main__c=" \n")
    for candidate, original in ((empty, DEMO / "original"), (DEMO / "original", empty), (blank, DEMO / "original")):
        with pytest.raises(InputError, match="no file, or only empty"):
            scanner.scan(candidate, original)


def test_a_candidate_of_documents_only_is_inconclusive(tmp_path: Path, scanner: Scanner) -> None:
    report = scanner.scan(write(tmp_path / "cand", README__md="# nothing\n", notes__txt="x\n"), DEMO / "original")
    assert report.summary.verdict is Verdict.INCONCLUSIVE
    assert not report.findings and len(report.skipped) >= 2


def test_a_candidate_of_a_few_tokens_is_inconclusive(tmp_path: Path, scanner: Scanner) -> None:
    report = scanner.scan(write(tmp_path / "cand", a__c="int main(void) { return 0; }\n"), DEMO / "original")
    assert report.summary.verdict is Verdict.INCONCLUSIVE


def test_languages_without_relation_are_said_to_be_so(tmp_path: Path, scanner: Scanner) -> None:
    report = scanner.scan(write(tmp_path / "cand", a__py=PYTHON), DEMO / "original" / "src")
    assert report.summary.verdict is Verdict.NO_EVIDENCE
    assert "share no language family" in report.summary.reason
    assert any("python" in warning for warning in report.warnings)


def test_a_missing_path_is_an_input_error_on_either_side(tmp_path: Path, scanner: Scanner) -> None:
    missing = tmp_path / "nowhere"
    for arguments in ((missing, DEMO / "original"), (DEMO / "original", missing)):
        with pytest.raises(InputError, match="nowhere"):
            scanner.scan(*arguments)


def test_a_scan_without_originals_is_an_input_error(scanner: Scanner) -> None:
    with pytest.raises(InputError, match="original"):
        scanner.scan(DEMO / "original")


# --- limits --------------------------------------------------------------------------------------------------------


def test_a_file_whose_parse_is_killed_is_compared_by_lexical_tokens_with_the_reason(tmp_path: Path) -> None:
    """Error recovery of some grammars is super-linear: this takes over 15 s as Scala and holds the interpreter lock."""
    stall = "int[] a = {" + ",".join(f"{{{i},{i + 1}}}" for i in range(60_000))
    candidate = write(tmp_path / "cand", Ledger__scala=SCALA + stall, other__py=PYTHON)
    original = write(tmp_path / "orig", Ledger__scala=SCALA, stats__py=PYTHON)
    report = simdetect.scan(candidate, original, options=ScanOptions(limit_seconds=6))
    finding = by_path(report)["Ledger.scala"]
    assert finding.degraded is not None and "timeout" in finding.degraded
    assert any("could not be parsed" in warning for warning in report.warnings)
    assert finding.originals[0].original == "Ledger.scala"
    assert finding.originals[0].original_coverage > 0.8
    other = by_path(report)["other.py"]
    assert other.degraded is None and sum(other.coverage.values()) == pytest.approx(1)


def test_a_file_over_the_parse_limit_is_compared_by_lexical_tokens(tmp_path: Path) -> None:
    candidate = write(tmp_path / "cand", stats__py=PYTHON)
    report = simdetect.scan(candidate, candidate, options=ScanOptions(max_parse_bytes=100))
    finding = report.findings[0]
    assert finding.degraded is not None and "size" in finding.degraded
    assert sum(finding.coverage.values()) == pytest.approx(1)


# --- Scanner -------------------------------------------------------------------------------------------------------


def test_one_scanner_serves_several_candidates_and_parses_the_original_once(scanner: Scanner) -> None:
    calls: list[str] = []
    original = scanner.index(DEMO / "original")
    for name in ("submission", "independent"):
        report = scanner.scan(DEMO / name, original, progress=lambda stage, *_: calls.append(stage))
        assert without_run(report) == without_run(simdetect.scan(DEMO / name, DEMO / "original"))
    assert not [stage for stage in calls if "original" in stage]


def test_one_scanner_serves_several_threads(scanner: Scanner) -> None:
    found: dict[tuple[str, int], str] = {}

    def use(name: str, turn: int) -> None:
        found[name, turn] = without_run(scanner.scan(DEMO / name, DEMO / "original"))

    names = ("submission", "independent", "original")
    threads = [threading.Thread(target=use, args=(name, turn)) for name in names for turn in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for name in names:
        expected = without_run(scanner.scan(DEMO / name, DEMO / "original"))
        assert found[name, 0] == found[name, 1] == expected


def test_a_scanner_leaves_inputs_as_they_are(tmp_path: Path, scanner: Scanner) -> None:
    copy = tmp_path / "submission"
    shutil.copytree(DEMO / "submission", copy)
    before = read_tree(copy, Side.CANDIDATE, OPTIONS)
    scanner.scan(copy, copy)
    assert read_tree(copy, Side.CANDIDATE, OPTIONS) == before
    assert sorted(path.name for path in tmp_path.rglob("*")) == sorted(
        ["submission", *(path.name for path in (DEMO / "submission").rglob("*"))]
    )


# --- library use without ceremony ----------------------------------------------------------------------------------


def test_a_script_needs_no_main_guard(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import simdetect\n"
        f"report = simdetect.scan({str(DEMO / 'submission')!r}, {str(DEMO / 'original')!r})\n"
        "print('verdict:', report.summary.verdict)\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "verdict: evidence\n"
    assert done.stderr == ""


# --- no network ----------------------------------------------------------------------------------------------------

NO_SOCKETS = """\
import socket, sys

def refuse(*args, **keywords):
    print("NETWORK", file=sys.stderr, flush=True)
    raise OSError("the network was used")

class Refused(socket.socket):
    def __init__(self, family=-1, *args, **keywords):
        if family not in (socket.AF_UNIX,):
            refuse()
        super().__init__(family, *args, **keywords)

socket.socket = Refused
socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refuse
"""


def isolation() -> list[str]:
    """A command that runs another without network interfaces, where the system permits it."""
    for command in (["unshare", "-n"], ["unshare", "-rn"]):
        if shutil.which("unshare") and not subprocess.run([*command, "true"], capture_output=True).returncode:
            return command
    return []


def test_a_scan_uses_no_network(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(NO_SOCKETS)
    files = [str(DEMO / name) for name in ("submission", "original")]
    done = subprocess.run(
        [*isolation(), sys.executable, "-m", "simdetect", "scan", *files, "--html", str(tmp_path / "report.html")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 1, done.stderr
    assert "NETWORK" not in done.stderr


def test_a_copy_of_a_generated_original_is_inconclusive_and_not_cleared(tmp_path: Path, scanner: Scanner) -> None:
    code = "// Code generated by stringer. DO NOT EDIT.\npackage p\n" + "\n".join(
        f"func f{i}(a, b int) int {{\n\tif a*{i} > b {{\n\t\treturn g{i}(b, a-{i})\n\t}}\n\treturn a + h(b, {i})\n}}"
        for i in range(20)
    )
    for side in ("candidate", "original"):
        (tmp_path / side).mkdir()
        (tmp_path / side / "made.go").write_text(code)
    report = scanner.scan(tmp_path / "candidate", tmp_path / "original")
    assert report.summary.verdict is Verdict.INCONCLUSIVE
    assert "do not count" in report.summary.reason


# --- batches -------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 40_000), min_size=1, max_size=30))
def test_the_parts_of_a_batch_are_all_of_it_in_order(sizes: list[int]) -> None:
    parts = _parts([bytes(size) for size in sizes])
    assert [number for first, end in parts for number in range(first, end)] == list(range(len(sizes)))
    assert all(end - first == 1 or sum(sizes[first:end]) <= 40_000 for first, end in parts)


def test_a_costly_file_of_a_batch_costs_no_other_its_tree() -> None:
    contents = [b"int f(void) { return 1; }\n", b"int x = " + b"(" * 80_000, b"int g(void) { return 2; }\n"]
    streams = [stream for stream, _, _ in analyse(Batch("c", contents, 12, 6))]
    assert [stream.degraded for stream in streams] == [None, "cost: too many leaves without a name in a row", None]
    assert streams[2].units.name == ("g",)


def test_a_file_of_comments_that_never_end_is_not_parsed_and_one_of_patterns_is() -> None:
    contents = [b"/*" + b" /* " * 8000, b"/* a */\n" + b'const char *p = "src/*";\n' * 200]
    streams = [stream for stream, _, _ in analyse(Batch("c", contents, 12, 6))]
    assert [stream.degraded for stream in streams] == ["cost: too many comments that never end", None]


def test_a_file_that_was_late_by_itself_is_not_parsed_again_and_the_others_are_parsed_together() -> None:
    files = tuple(SourceFile(f"{n}.c", "c", b"", "", FileRole.SOURCE, "utf-8") for n in range(4))
    late = partial(Failure, "timeout", "stopped")
    expected = [(files[2:3], "timeout: parse stopped"), (files[:2] + files[3:], None)]
    assert again(files, None, late((2, 3))) == expected
    singly = [((file,), None) for file in files]
    assert again(files, None, late()) == again(files, None, late((0, 4))) == singly
    assert again(files, None, late((1, 3))) == [*singly[1:3], ((files[0], files[3]), None)]
    assert again(files[:1], None, late()) == [(files[:1], "timeout: parse stopped")]
    assert again(files[:2], "size", late()) == [((files[0],), "size"), ((files[1],), "size")]


def test_a_late_batch_of_tiny_files_is_run_again_in_few_pieces() -> None:
    files = tuple(SourceFile(f"{n}.c", "c", b"", "") for n in range(25_000))
    pieces = again(files, None, Failure("timeout", "stopped"))
    assert len(pieces) == 16 and sum((piece for piece, _ in pieces), ()) == files


def test_batches_of_tiny_files_are_bounded_in_number_too() -> None:
    files = [SourceFile(f"{n:05d}.c", "c", b"int a;", "") for n in range(5000)]
    batches = plan(files, ScanOptions())
    assert [len(batch) for batch, _ in batches] == [2048, 2048, 904]
