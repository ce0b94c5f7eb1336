"""Audits of whole runs: resumable, killable, and one bad instance is one result."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from click.testing import CliRunner

from simdetect import InputError, Scanner, ScanOptions
from simdetect.audit.fetching import Fetcher
from simdetect.audit.folders import STATS
from simdetect.audit.instance import scan_instance
from simdetect.audit.jobs import Job, plan_job
from simdetect.audit.run import Audit, audit
from simdetect.cli.group import cli
from simdetect.model import AuditReport, InstanceResult, Layer, Lead, LineSpan, ScanReport, Verdict
from simdetect.report import load_report, render_audit
from tests import DEMO

RECALLED, HONEST, BROKEN = "acme__furlong.1234567", "acme__honest.1234567", "acme__broken.1234567"


def pack(folder: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(target, "w:gz") as archive:
        archive.add(folder, "work")


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A run of three instances, one of which is a damaged archive; originals; given documents."""
    pack(DEMO / "submission", tmp_path / "model-a" / RECALLED / "submission.tar.gz")
    pack(DEMO / "independent", tmp_path / "model-a" / HONEST / "submission.tar.gz")
    (tmp_path / "model-a" / BROKEN).mkdir()
    (tmp_path / "model-a" / BROKEN / "submission.tar.gz").write_bytes(b"\x1f\x8b\x08no archive")
    for instance in (RECALLED, HONEST, BROKEN):
        shutil.copytree(DEMO / "original", tmp_path / "originals" / instance)
    return tmp_path


class Inline(Executor):
    """Runs what is submitted at once and in this process; remembers it."""

    def __init__(self) -> None:
        self.instances: list[str] = []

    def submit(self, function: Callable[..., Any], /, *args: Any, **keywords: Any) -> Future[Any]:
        if isinstance(args[0], Job):
            self.instances.append(args[0].instance)
        future: Future[Any] = Future()
        future.set_result(function(*args, **keywords))
        return future


@pytest.fixture
def options(tmp_path: Path) -> ScanOptions:
    return ScanOptions(cache=tmp_path / "cache")


def what(runs: Path, **changes: Any) -> Audit:
    return replace(Audit((runs / "model-a",), runs / "originals"), **changes)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# --- what is written -----------------------------------------------------------------------------------------------


def test_every_instance_gets_a_report_beside_its_submission(runs: Path, options: ScanOptions) -> None:
    report = audit(what(runs), executor=Inline(), options=options)
    assert [(r.instance, r.verdict) for r in report.instances] == [
        (BROKEN, None),
        (RECALLED, Verdict.EVIDENCE),
        (HONEST, Verdict.NO_EVIDENCE),
    ]
    stored = load_report((runs / "model-a" / RECALLED / f"{RECALLED}.simdetect.json").read_text())
    assert stored.summary.verdict is Verdict.EVIDENCE
    assert not (runs / "model-a" / BROKEN / f"{BROKEN}.simdetect.json").exists()


def test_numbers_are_a_value_for_every_scanned_instance(runs: Path, options: ScanOptions) -> None:
    report = audit(what(runs), executor=Inline(), options=options)
    for metric in ("probability", "bits"):
        values = json.loads((runs / "model-a" / "_stats" / f"recall_{metric}.json").read_text())
        assert values == {r.instance: getattr(r, metric) for r in report.instances if r.error is None}
        assert set(values) == {RECALLED, HONEST}


def traj(runs: Path, instance: str, text: str) -> None:
    (runs / "model-a" / instance / f"{instance}.traj.json").write_text(text)


def stored(runs: Path, instance: str) -> ScanReport:
    return load_report((runs / "model-a" / instance / f"{instance}.simdetect.json").read_text())


def test_the_session_beside_a_submission_is_read_in_the_black_box_setting(runs: Path, options: ScanOptions) -> None:
    messages = [
        {"role": "assistant", "content": "", "extra": {"actions": [{"command": "./executable --help"}]}},
        {"role": "tool", "content": "usage: furlong FILE"},
    ]
    traj(runs, RECALLED, json.dumps({"messages": messages}))
    audit(what(runs), executor=Inline(), options=replace(options, setting="black-box"))
    report = stored(runs, RECALLED)
    assert [(item.label, item.n_clean) for item in report.observed] == [(f"{RECALLED}.traj.json", 1)]
    assert report.settings["setting"] == "black-box"
    assert stored(runs, HONEST).observed == ()


def test_a_session_among_the_files_of_a_submission_is_not_believed(runs: Path, options: ScanOptions) -> None:
    folder = runs / "model-a" / HONEST
    (folder / "submission.tar.gz").unlink()
    shutil.copytree(DEMO / "independent", folder, dirs_exist_ok=True)
    traj(runs, HONEST, '{"messages": []}')
    (result,) = audit(what(runs, pattern="honest"), executor=Inline(), options=options).instances
    assert result.error is None
    assert not any('"sessions"' in file.read_text() for file in (runs / "model-a").rglob("*.simdetect.json"))
    [report] = [load_report(file.read_text()) for file in (runs / "model-a").rglob("*honest*.simdetect.json")]
    assert report.observed == ()


def test_a_damaged_session_is_named_and_the_submission_is_still_judged(runs: Path, options: ScanOptions) -> None:
    traj(runs, RECALLED, '{"messages": [')
    results = audit(what(runs), executor=Inline(), options=options).instances
    assert {result.verdict for result in results if result.instance == RECALLED} == {Verdict.EVIDENCE}
    assert any("session was not used" in warning for warning in stored(runs, RECALLED).warnings)


def test_documents_of_the_task_are_known_by_digest(runs: Path, options: ScanOptions) -> None:
    text = "# Furlongs\n\nPrints how long a furlong is.\n"
    (runs / "originals" / HONEST / "README.md").write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    (runs / "tasks").mkdir()
    (runs / "tasks" / f"{HONEST}.yaml").write_text(f"documents:\n- path: README.md\n  sha256: {digest}\n")
    job = plan_job(what(runs, tasks=runs / "tasks"), runs / "model-a", HONEST, Fetcher(None, options), {})
    assert job.documents == (digest,)


def test_other_originals_of_the_audit_are_looked_in_when_asked(runs: Path, options: ScanOptions) -> None:
    shutil.rmtree(runs / "originals" / HONEST)
    shutil.copytree(DEMO / "independent", runs / "originals" / HONEST)
    audit(what(runs, elsewhere=True), executor=Inline(), options=options)
    report = stored(runs, RECALLED)
    assert {item.label for item in report.elsewhere} == {BROKEN, HONEST}
    places = {match.label for finding in report.findings for item in finding.evidence for match in item.elsewhere}
    assert BROKEN in places  # whose original is the same


def test_one_bad_archive_is_one_reported_instance(runs: Path, options: ScanOptions) -> None:
    report = audit(what(runs), executor=Inline(), options=options)
    (broken,) = [result for result in report.instances if result.error is not None]
    assert broken.instance == BROKEN and "cannot read archive" in (broken.error or "")
    assert "\n" not in (broken.error or "")


@pytest.mark.parametrize("missing", ["submission", "original"])
def test_what_is_missing_is_one_reported_instance(runs: Path, options: ScanOptions, missing: str) -> None:
    folder = runs / ("originals" if missing == "original" else "model-a") / HONEST
    shutil.rmtree(folder)
    if missing == "submission":
        folder.mkdir()
    report = audit(what(runs), executor=Inline(), options=options)
    assert [r.instance for r in report.instances if r.error] == [BROKEN, HONEST]
    assert f"no {missing}" in (report.instances[-1].error or "")


def test_with_a_folder_of_ones_own_nothing_is_written_into_the_runs(runs: Path, options: ScanOptions) -> None:
    before = files(runs / "model-a")
    audit(what(runs, output=runs / "out", with_html=True), executor=Inline(), options=options)
    assert files(runs / "model-a") == before
    assert set(files(runs / "out")) == {
        "simdetect.html",
        "simdetect.json",
        "simdetect.md",
        "audit.csv",
        "model-a/_simdetect/audit.csv",
        *(f"model-a/_stats/{name}" for name in ("recall_bits.json", "recall_probability.json")),
        *(f"model-a/_simdetect/simdetect.{suffix}" for suffix in ("html", "json", "md")),
        *(f"model-a/{name}/{name}.simdetect.{suffix}" for name in (RECALLED, HONEST) for suffix in ("html", "json")),
    }


def test_links_of_summaries_lead_to_reports(runs: Path, options: ScanOptions) -> None:
    audit(what(runs, output=runs / "out"), executor=Inline(), options=options)
    for folder in (runs / "out", runs / "out" / "model-a" / "_simdetect"):
        summary = json.loads((folder / "simdetect.json").read_text())
        linked = [r["report"] for r in summary["instances"] if r["report"]]
        assert len(linked) == 2
        for address in linked:
            assert (folder / address).is_file()
            assert address in (folder / "simdetect.html").read_text()


def test_a_plain_folder_as_submission_does_not_read_its_own_report(runs: Path, options: ScanOptions) -> None:
    shutil.rmtree(runs / "model-a" / RECALLED)
    shutil.copytree(DEMO / "submission", runs / "model-a" / RECALLED)
    first = audit(what(runs, pattern="furlong"), executor=Inline(), options=options)
    target = runs / "model-a" / f"{RECALLED}.simdetect.json"
    content = target.read_bytes()
    target.unlink()
    assert audit(what(runs, pattern="furlong"), executor=Inline(), options=options) == first
    assert target.read_bytes() == content
    assert first.instances[0].verdict is Verdict.EVIDENCE


def test_what_was_given_takes_part(runs: Path, options: ScanOptions) -> None:
    shutil.copytree(DEMO / "original" / "src", runs / "given" / RECALLED)
    report = audit(what(runs, given=runs / "given", pattern="furlong"), executor=Inline(), options=options)
    assert report.instances[0].verdict is not Verdict.EVIDENCE


def test_two_runs_of_one_name_are_refused(runs: Path, options: ScanOptions) -> None:
    with pytest.raises(InputError, match="two runs have one name"):
        audit(Audit((runs / "model-a", runs / "model-a"), runs / "originals"), options=options)


def test_a_filter_that_leaves_nothing_is_an_error(runs: Path, options: ScanOptions) -> None:
    with pytest.raises(InputError, match="no instance matches 'zzz'"):
        audit(what(runs, pattern="zzz"), options=options)


def test_the_language_is_that_of_the_task_or_of_most_files(runs: Path, options: ScanOptions) -> None:
    task = runs / "tasks" / RECALLED / "task.yaml"
    task.parent.mkdir(parents=True)
    task.write_text("language: fortran\n")
    report = audit(what(runs, tasks=runs / "tasks"), executor=Inline(), options=options)
    assert {r.instance: r.language for r in report.instances} == {RECALLED: "fortran", HONEST: "c", BROKEN: None}
    (runs / "tasks" / f"{HONEST}.yaml").write_text("language: rs\n")
    shutil.rmtree(runs / "originals" / HONEST)
    report = audit(what(runs, tasks=runs / "tasks"), executor=Inline(), options=options)
    assert (report.instances[-1].language, report.instances[-1].verdict) == ("rust", None)


# --- going on ------------------------------------------------------------------------------------------------------


def test_a_second_audit_repeats_no_finished_instance_and_changes_no_byte(runs: Path, options: ScanOptions) -> None:
    first, second = Inline(), Inline()
    report = audit(what(runs), executor=first, options=options)
    content = files(runs / "model-a")
    assert audit(what(runs), executor=second, options=options) == report
    assert sorted(first.instances) == sorted([RECALLED, HONEST, BROKEN])
    assert second.instances == [BROKEN]  # what failed is tried again
    assert files(runs / "model-a") == content


@pytest.mark.parametrize("change", ["submission", "original", "threshold", "damage", "half"])
def test_what_changed_is_done_again(runs: Path, options: ScanOptions, change: str) -> None:
    audit(what(runs), executor=Inline(), options=options)
    report = runs / "model-a" / RECALLED / f"{RECALLED}.simdetect.json"
    if change == "submission":
        pack(DEMO / "independent", runs / "model-a" / RECALLED / "submission.tar.gz")
    elif change == "original":
        (runs / "originals" / RECALLED / "src" / "more.c").write_text("int more;\n")
    elif change == "damage":
        report.write_text("{}")
    elif change == "half":
        report.write_bytes(report.read_bytes()[: report.stat().st_size // 2])
    else:
        options = replace(options, threshold=0.999)
    again = Inline()
    audit(what(runs), executor=again, options=options)
    assert RECALLED in again.instances
    assert (HONEST in again.instances) == (change == "threshold")


def test_what_a_killed_writer_left_is_swept_away(runs: Path, options: ScanOptions) -> None:
    left = runs / "model-a" / RECALLED / f".{RECALLED}.simdetect.json"[:41]
    left = left.with_name(f"{left.name}.abcd.tmp")
    left.write_text("half a rep")
    audit(what(runs), executor=Inline(), options=options)
    assert not left.exists()
    assert (runs / "model-a" / RECALLED / f"{RECALLED}.simdetect.json").exists()


def test_a_missing_html_report_is_made(runs: Path, options: ScanOptions) -> None:
    audit(what(runs), executor=Inline(), options=options)
    again = Inline()
    audit(what(runs, with_html=True), executor=again, options=options)
    assert RECALLED in again.instances
    assert (runs / "model-a" / RECALLED / f"{RECALLED}.simdetect.html").read_text().startswith("<!DOCTYPE html>")


def test_originals_are_indexed_once_for_all_runs(
    runs: Path, options: ScanOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(runs / "model-a", runs / "model-b")
    audit(what(runs), executor=Inline(), options=options)

    def fail(*_: Any, **__: Any) -> None:
        raise AssertionError("an original was analysed again")

    monkeypatch.setattr(Scanner, "write_index", fail)
    both = Audit((runs / "model-a", runs / "model-b"), runs / "originals")
    report = audit(both, executor=Inline(), options=options)
    assert [r.error for r in report.instances if r.error and r.instance != BROKEN] == []
    assert report.runs == ("model-a", "model-b")


# --- processes -----------------------------------------------------------------------------------------------------


def command(runs: Path, *more: str) -> list[str]:
    inputs = [str(runs / "model-a"), "--originals", str(runs / "originals")]
    return [sys.executable, "-m", "simdetect", "audit", *inputs, *more]


def test_two_workers_write_the_same_bytes_as_one(runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = []
    for workers in ("1", "2"):
        monkeypatch.setenv("SIMDETECT_CACHE_DIR", str(tmp_path / f"cache{workers}"))
        done = subprocess.run(
            command(runs, "-o", str(tmp_path / f"out{workers}"), "--workers", workers),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode, done.stderr) == (1, "")
        outputs.append((done.stdout, files(tmp_path / f"out{workers}")))
    assert outputs[0] == outputs[1]


@pytest.fixture
def many(runs: Path) -> Path:
    """Twenty more instances."""
    for i in range(20):
        instance = f"acme__copy{i}.1234567"
        shutil.copytree(runs / "model-a" / RECALLED, runs / "model-a" / instance)
        shutil.copytree(runs / "originals" / RECALLED, runs / "originals" / instance)
    return runs


def test_an_audit_that_is_killed_again_and_again_ends_with_the_same_bytes(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMDETECT_CACHE_DIR", str(tmp_path / "cache-whole"))
    subprocess.run(command(many, "-o", str(tmp_path / "whole")), capture_output=True, check=False, timeout=120)
    monkeypatch.setenv("SIMDETECT_CACHE_DIR", str(tmp_path / "cache-killed"))
    dice = random.Random(6)
    n_killed = 0
    for _ in range(5):
        running = subprocess.Popen(
            command(many, "-o", str(tmp_path / "killed"), "--workers", "2"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(dice.uniform(0.6, 2.0))
        n_killed += running.poll() is None
        running.send_signal(signal.SIGKILL)
        running.wait()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "killed").rglob("*.simdetect.json")}
    last = subprocess.run(
        command(many, "-o", str(tmp_path / "killed"), "--workers", "2"), capture_output=True, check=False, timeout=120
    )
    assert n_killed >= 3
    assert last.returncode == 1
    assert files(tmp_path / "killed") == files(tmp_path / "whole")
    # What was finished when the last kill came was not written again; two workers may have been writing just then.
    written_again = [path for path, changed in before.items() if path.stat().st_mtime_ns != changed]
    assert len(written_again) <= 2


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc")
def test_a_killed_audit_leaves_no_process_behind(many: Path, tmp_path: Path) -> None:
    running = subprocess.Popen(
        command(many, "-o", str(tmp_path / "out"), "--workers", "2"), stdout=subprocess.PIPE, start_new_session=True
    )
    time.sleep(2.0)
    session = running.pid
    running.kill()
    running.wait()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        left = subprocess.run(["ps", "-o", "pid=", "-s", str(session)], capture_output=True, text=True, check=False)
        if not left.stdout.split():
            break
        time.sleep(0.3)
    assert left.stdout.split() == []


class Breaking(Inline):
    """Breaks, as when a worker process dies, when the instance in `fatal` is to be run."""

    fatal: str = ""
    is_broken = False

    def submit(self, function: Callable[..., Any], /, *args: Any, **keywords: Any) -> Future[Any]:
        if self.is_broken:
            raise BrokenProcessPool("broken")
        if args[0].instance == self.fatal:
            self.is_broken = True
            future: Future[Any] = Future()
            future.set_exception(BrokenProcessPool("broken"))
            return future
        return super().submit(function, *args, **keywords)


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], list[int]]]:
    def arrange(fatal: str) -> list[int]:
        started: list[int] = []

        def make(workers: int) -> Executor:
            started.append(workers)
            executor = Breaking()
            executor.fatal = fatal
            return executor

        monkeypatch.setattr("simdetect.running.executors.local_executor", make)
        return started

    yield arrange


def test_an_instance_that_kills_its_worker_is_one_reported_instance(
    many: Path, options: ScanOptions, breaking: Callable[[str], list[int]]
) -> None:
    started = breaking("acme__copy3.1234567")
    report = audit(what(many), workers=2, options=options)
    failed = {r.instance: r.error for r in report.instances if r.error}
    assert set(failed) == {BROKEN, "acme__copy3.1234567"}
    assert "worker process died" in (failed["acme__copy3.1234567"] or "")
    assert len(started) >= 2


def test_of_an_executor_that_is_lost_every_instance_is_reported(
    many: Path, options: ScanOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those that it was not yet given: a cluster's executor is given 64 at a time."""
    monkeypatch.setattr("simdetect.running.executors._AHEAD_ELSEWHERE", 2)
    executor = Breaking()
    executor.fatal = "acme__copy3.1234567"
    report = audit(what(many, pattern="copy"), executor=executor, options=options)
    failed = {r.instance: r.error for r in report.instances if r.error}
    assert len(report.instances) == 20
    assert set(failed.values()) == {"its worker was lost"} and executor.fatal in failed
    assert set(failed).isdisjoint(set(executor.instances))


def test_a_real_worker_that_is_killed_costs_nothing_but_time(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMDETECT_CACHE_DIR", str(tmp_path / "cache-worker"))
    running = subprocess.Popen(
        command(many, "-o", str(tmp_path / "out"), "--workers", "2", "--format", "json"), stdout=subprocess.PIPE
    )
    killed = 0
    deadline = time.monotonic() + 20
    while not killed and time.monotonic() < deadline:
        time.sleep(0.4)
        listing = subprocess.run(
            ["ps", "-ww", "-o", "pid=", "-o", "args=", "--ppid", str(running.pid)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        workers = [int(line.split()[0]) for line in listing.splitlines() if "LokyProcess" in line]
        if workers and list((tmp_path / "out").rglob("*.simdetect.json")):
            os.kill(workers[0], signal.SIGKILL)
            killed += 1
    out, _ = running.communicate(timeout=120)
    assert killed == 1
    assert [r["instance"] for r in json.loads(out)["instances"] if r["error"]] == [BROKEN]


def test_any_executor_will_do(runs: Path, options: ScanOptions) -> None:
    with ThreadPoolExecutor(2) as executor:
        report = audit(what(runs), executor=executor, options=options)
    assert report == audit(what(runs, output=runs / "out"), executor=Inline(), options=options)


def test_whatever_goes_wrong_in_a_scan_is_a_result(runs: Path, options: ScanOptions) -> None:
    (job,) = [
        plan_job(what(runs), runs / "model-a", instance, Fetcher(None, options), {}) for instance in (RECALLED,)
    ]  # a plan that is fine,
    result = scan_instance(replace(job, folder=Path("/dev/null")))  # and a target that is not
    assert isinstance(job, Job)
    assert result.verdict is None and "\n" not in (result.error or "x\n")


# --- summaries -----------------------------------------------------------------------------------------------------

HOSTILE = "<img src=x onerror=alert(1)>|`\u202e\n"


def hostile_report() -> AuditReport:
    lead = Lead(HOSTILE, HOSTILE, LineSpan(1, 2), LineSpan(3, 4), Layer.VERBATIM, 5, 6.0)
    good = InstanceResult(
        HOSTILE, HOSTILE, HOSTILE, Verdict.EVIDENCE, HOSTILE, 1.0, 1e4, 1, 0.5, lead, f"{HOSTILE}/x.json", None
    )
    return AuditReport({"version": HOSTILE}, {}, (HOSTILE, "b"), (good, InstanceResult("b", HOSTILE, error=HOSTILE)))


def test_hostile_names_become_no_markup_in_any_format() -> None:
    report = hostile_report()
    page = render_audit(report, "html", lambda r: r.report or "")
    assert "<img" not in page and "\u202e" not in page and "default-src" in page
    text = render_audit(report, "markdown", lambda r: r.report or "")
    assert "\u202e" not in text
    for table in re.findall(r"(?:^\|.*\n)+", text, re.M):
        assert len({line.count(" | ") for line in table.splitlines() if "---" not in line}) == 1  # no cell was split
    assert "\u202e" not in render_audit(report, "text")
    assert json.loads(render_audit(report, "json"))["instances"][0]["instance"] == HOSTILE


NAMES = [
    b"\xff\xfeevil",
    b"new\nline",
    b"\x1b[31mred",
    b"<script>alert(1)<",
    "\u202ertl".encode(),
    b"a|b`c](x)",
    b"%2e%2e%2f",
    b"x" * 240,
]


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
def test_instances_with_hostile_names_are_audited_and_only_text(tmp_path: Path, options: ScanOptions) -> None:
    for name in map(os.fsdecode, NAMES):
        (tmp_path / "run" / name).mkdir(parents=True)
        shutil.copy(DEMO / "submission" / "main.c", tmp_path / "run" / name / "main.c")
        (tmp_path / "originals" / name).mkdir(parents=True)
        shutil.copy(DEMO / "original" / "src" / "lex.c", tmp_path / "originals" / name / "lex.c")
    task = Audit((tmp_path / "run",), tmp_path / "originals", output=tmp_path / "out", with_html=True)
    found = audit(task, executor=Inline(), options=options)
    assert sorted(os.fsencode(result.instance) for result in found.instances) == sorted(NAMES)
    assert not [result.error for result in found.instances if result.error]
    for path in [path for path in (tmp_path / "out").rglob("*") if path.is_file()]:
        text = path.read_bytes().decode()
        assert "\x1b" not in text and "\u202e" not in text
        assert not (path.suffix == ".html" and "<script>alert" in text)
    for link in re.findall(r"\]\(<(.*?)>\)", (tmp_path / "out" / "simdetect.md").read_text()):
        assert (tmp_path / "out" / os.fsdecode(unquote_to_bytes(link))).is_file()


@pytest.mark.parametrize("has_output", [False, True])
def test_nothing_is_written_through_links(runs: Path, options: ScanOptions, has_output: bool) -> None:
    outside = runs / "outside"
    (outside / "model-a").mkdir(parents=True)
    output = runs / "out" if has_output else None
    base = runs / "out" / "model-a" if has_output else runs / "model-a"
    base.mkdir(parents=True, exist_ok=True)
    if not has_output:
        (base / HONEST).rename(outside / HONEST)
    (base / HONEST).symlink_to(outside / HONEST)
    before = files(outside)
    found = audit(what(runs, output=output, pattern="honest|furlong"), executor=Inline(), options=options)
    errors = {result.instance: result.error or "" for result in found.instances}
    assert "symbolic link" in errors[HONEST] and not errors[RECALLED]
    assert files(outside) == before
    shutil.rmtree(base / STATS)
    (base / STATS).symlink_to(outside)
    with pytest.raises(InputError, match="symbolic link"):
        audit(what(runs, output=output), executor=Inline(), options=options)
    assert files(outside) == before


def test_a_run_that_is_named_by_dots_has_its_own_name(
    runs: Path, options: ScanOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(runs / "model-a" / RECALLED)
    task = Audit(("..",), runs / "originals", output=runs / "deep" / "out", pattern="honest")
    assert [result.run for result in audit(task, executor=Inline(), options=options).instances] == ["model-a"]
    assert sorted(path.name for path in (runs / "deep").iterdir()) == ["out"]


def test_counts_add_up_by_run_and_language() -> None:
    def result(run: str, i: int) -> InstanceResult:
        verdict = Verdict.EVIDENCE if i == 3 else Verdict.NO_EVIDENCE
        return InstanceResult(run, f"i{i}", "c" if i % 2 else "go", verdict, "", i / 10, float(i), 0, 0.0)

    results = [result(run, i) for run in ("a", "b") for i in range(11)]
    results.append(InstanceResult("b", "bad", error="x"))
    data = json.loads(render_audit(AuditReport({}, {}, ("a", "b"), tuple(results)), "json"))
    assert data["summary"]["n_instances"] == 23
    assert data["summary"]["evidence"] == 2 and data["summary"]["error"] == 1
    assert sum(group["n_instances"] for group in data["by_run"].values()) == 23
    assert sum(group["n_instances"] for group in data["by_language"].values()) == 23
    assert data["histogram"] == [2] * 9 + [4]
    assert data["first"][0] == ["a", "i3"]


def test_the_command_line_says_what_was_found(runs: Path) -> None:
    arguments = ["audit", str(runs / "model-a"), "--originals", str(runs / "originals")]
    result = CliRunner().invoke(cli, [*arguments, "--workers", "2"], prog_name="simdetect")
    assert result.exit_code == 1, result.output
    assert result.stdout.startswith("3 instances: 1 evidence, 1 no-evidence, 0 inconclusive, 1 error\n")
    assert f"{BROKEN}: cannot read archive" in result.stdout
    result = CliRunner().invoke(cli, [*arguments, "--filter", "honest"], prog_name="simdetect")
    assert result.exit_code == 0
    assert result.stdout.startswith("1 instance: 0 evidence, 1 no-evidence, 0 inconclusive\n")
    assert "would be flagged if all were independent work" in result.stdout
