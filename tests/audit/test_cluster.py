"""Audits on a real Dask cluster: a scheduler and two worker processes on this machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import simdetect
from simdetect import ScanOptions, WorkerError
from simdetect.audit.run import Audit, audit
from simdetect.corpus.build import NewMembers, index_corpus
from simdetect.running import cluster_executor
from tests import DEMO

pytest.importorskip("distributed")


class Cluster:
    """A scheduler and workers, as `dask scheduler` and `dask worker` start them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = {**os.environ, "SIMDETECT_CACHE_DIR": str(folder / "cache")}
        file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(0.2)
        self.address: str = json.loads(file.read_text())["address"]
        self.workers = [self.add_worker() for _ in range(2)]

    def add_worker(self) -> subprocess.Popen[bytes]:
        return self._start("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard")

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        log = (self._folder / f"{arguments[0]}.log").open("ab")
        command = [sys.executable, "-m", "dask", *arguments]
        started = subprocess.Popen(command, stdout=log, stderr=log, env=self._environment, cwd=self._folder)
        log.close()
        return started

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    yield made
    made.stop()


@pytest.fixture
def what(tmp_path: Path) -> Audit:
    for i in range(6):
        instance = f"acme__copy{i}.1234567"
        target = tmp_path / "run" / instance / "submission.tar.gz"
        target.parent.mkdir(parents=True)
        with tarfile.open(target, "w:gz") as archive:
            archive.add(DEMO / ("submission" if i % 2 else "independent"), "work")
        shutil.copytree(DEMO / "original", tmp_path / "originals" / instance)
    (tmp_path / "run" / "acme__copy0.1234567" / "submission.tar.gz").write_bytes(b"\x1f\x8bbad")
    return Audit((tmp_path / "run",), tmp_path / "originals", output=tmp_path / "out")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_cluster_writes_the_same_bytes_as_this_machine(cluster: Cluster, what: Audit, tmp_path: Path) -> None:
    options = ScanOptions(cache=tmp_path / "cache")
    with cluster_executor(cluster.address) as executor:
        on_cluster = audit(what, executor=executor, options=options)
    written = files(tmp_path / "out")
    shutil.rmtree(tmp_path / "out")
    assert audit(what, workers=1, options=options) == on_cluster
    assert files(tmp_path / "out") == written
    assert [result.error is not None for result in on_cluster.instances] == [True, *[False] * 5]


def test_a_cluster_begins_tasks_in_their_order(cluster: Cluster) -> None:
    """The largest come first: begun last, one would keep one worker busy and the others idle."""
    with cluster_executor(cluster.address) as executor:
        started = [future.result() for future in [executor.submit(time.monotonic) for _ in range(40)]]
    assert max(started[:10]) < min(started[30:])


def test_of_a_cluster_whose_scheduler_is_killed_every_instance_is_reported(
    cluster: Cluster, what: Audit, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "simdetect", "audit", str(what.runs[0]), "--originals", str(what.originals)]
    running = subprocess.Popen(
        [*command, "-o", str(tmp_path / "out"), "--scheduler", cluster.address, "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while not list((tmp_path / "out").rglob("*.simdetect.json")) and time.monotonic() < deadline:
        time.sleep(0.02)
    cluster.scheduler.kill()
    out, said = running.communicate(timeout=60)
    assert b"Traceback" not in said and b"internal error" not in said, said.decode()
    results = json.loads(out)["instances"]
    assert len(results) == 6


def test_a_cluster_worker_that_is_killed_loses_nothing(cluster: Cluster, what: Audit, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "simdetect", "audit", str(what.runs[0]), "--originals", str(what.originals)]
    running = subprocess.Popen(
        [*command, "-o", str(tmp_path / "out"), "--scheduler", cluster.address, "--format", "json"],
        stdout=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while not list((tmp_path / "out").rglob("*.simdetect.json")) and time.monotonic() < deadline:
        time.sleep(0.05)
    cluster.workers[0].send_signal(signal.SIGKILL)
    out, _ = running.communicate(timeout=120)
    results = json.loads(out)["instances"]
    assert [result["instance"] for result in results if result["error"]] == ["acme__copy0.1234567"]
    assert cluster.workers[0].poll() is not None


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("originals")
    for name in ("original", "independent", "submission"):
        shutil.copytree(DEMO / name, folder / name)
    for name in ("sources", "report", "store", "languages"):
        shutil.copytree(Path(simdetect.__file__).parent / name, folder / name)
    return [str(path) for path in sorted(folder.iterdir())] + [str(folder / "missing")]


def test_a_corpus_made_on_a_cluster_is_the_same_bytes(cluster: Cluster, originals: list[str], tmp_path: Path) -> None:
    lost = index_corpus(NewMembers(tmp_path / "here", originals))
    with cluster_executor(cluster.address) as executor:
        assert index_corpus(NewMembers(tmp_path / "there", originals), executor=executor) == lost
    assert [problem.partition(":")[0] for problem in lost] == [originals[-1]]
    assert files(tmp_path / "there") == files(tmp_path / "here")
    assert len(files(tmp_path / "here")) == 1 + 7 + 64


def test_a_cluster_worker_that_is_killed_costs_a_corpus_nothing(
    cluster: Cluster, originals: list[str], tmp_path: Path
) -> None:
    lost = index_corpus(NewMembers(tmp_path / "here", originals))
    command = [sys.executable, "-m", "simdetect", "index", *originals, "--corpus", "-o", str(tmp_path / "there")]
    running = subprocess.Popen([*command, "--scheduler", cluster.address, "-q"], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not list((tmp_path / "there").rglob("*.sdx")) and time.monotonic() < deadline:
        time.sleep(0.02)
    cluster.workers[0].send_signal(signal.SIGKILL)
    _, said = running.communicate(timeout=120)
    assert running.returncode == 0 and cluster.workers[0].poll() is not None
    assert said.count("left out") == len(lost) == 1
    assert files(tmp_path / "there") == files(tmp_path / "here")


def test_any_executor_makes_the_same_corpus(originals: list[str], tmp_path: Path) -> None:
    index_corpus(NewMembers(tmp_path / "here", originals[:2]))
    with ThreadPoolExecutor(2) as executor:
        index_corpus(NewMembers(tmp_path / "there", originals[:2]), executor=executor)
    assert files(tmp_path / "there") == files(tmp_path / "here")


def test_a_scheduler_that_does_not_answer_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simdetect.running.cluster._SCHEDULER_WAIT_S", 0.5)
    with (
        pytest.raises(WorkerError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"),
        cluster_executor("tcp://127.0.0.1:9"),
    ):
        pass


def test_without_dask_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(WorkerError, match=r"pip install 'simdetect\[cluster\]'"), cluster_executor("tcp://x:1"):
        pass
