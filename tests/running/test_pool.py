"""What a hostile task can do to the workers, and what it must cost: its own result and nothing else."""

from __future__ import annotations

import contextlib
import os
import platform
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
import pytest
from loky.backend.process import LokyProcess

from simdetect.errors import WorkerError
from simdetect.model import FileRole, SkipReason
from simdetect.model import SkippedFile as Skipped
from simdetect.running import Failure, WorkerPool, shared_pool, worker

LIMIT_S = 20.0
FOR_EVER_S = 600.0
MEMORY = 1 << 30


# --- tasks: importable by name, run in workers ---------------------------------------------------------------------


def double(n: int) -> int:
    return 2 * n


def nap(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def pid_of(_: int) -> int:
    return os.getpid()


def hang_at_zero(n: int) -> int:
    while n == 0:
        pass
    return n


def hold_the_interpreter_at_zero(n: int) -> int:
    return n if n else sum(range(10**13))  # one call into C, as a stuck parse is


def sleep_forever_at_zero(n: int) -> int:
    if n == 0:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
        time.sleep(600)
    return n


def crash_at_zero(n: int) -> int:
    if n == 0:
        os.kill(os.getpid(), signal.SIGSEGV)
    return n


def exit_at_zero(n: int) -> int:
    if n == 0:
        os._exit(3)
    return n


def fill_memory_at_zero(n: int) -> int:
    return n if n else len(bytearray(8 << 30))


def raise_at_zero(n: int) -> int:
    if n == 0:
        raise ValueError("zero\nis not welcome")
    return n


def find_nothing_at_zero(n: int) -> int:
    if n == 0:
        raise FileNotFoundError(2, "No such file or directory", "grammar.so")
    return n


def unpicklable_at_zero(n: int) -> object:
    return n if n else threading.Lock()


def in_parts(items: list[float]) -> Generator[tuple[int, int], None, list[float]]:
    for number, seconds in enumerate(items):
        yield number, number + 1
        time.sleep(seconds)
    return items


def in_parts_without_end(items: list[int]) -> Generator[tuple[int, int], None, None]:
    while True:
        yield 0, len(items)
        time.sleep(0.3)


def in_odd_parts(items: list[int]) -> Generator[tuple[object, object], None, None]:
    yield items[0], "x"
    time.sleep(600)


n_begun = 0  # in a worker: how many tasks it has begun
released: list[int] = []


def count_and_hold(is_held: bool) -> int:
    """How many tasks this process has begun with this one, which lasts until a signal if it is held."""
    global n_begun
    n_begun += 1
    signal.signal(signal.SIGUSR1, lambda number, _: released.append(number))
    while is_held and not released:
        time.sleep(0.01)
    return n_begun


class Runs:
    """Unpickling it runs a program, as any pickle may."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return Path.write_text, (Path(self.path), "taken over")  # type: ignore[return-value]


def send_what_runs(path: str) -> object:
    return Runs(path)


def send_the_start_of_an_answer(n: int) -> int:
    if n == 0:
        for descriptor in range(3, 256):
            with contextlib.suppress(OSError):
                if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                    os.write(descriptor, b"\0\0\1\0only this")
        time.sleep(600)
    return n


def send_many(n: int) -> object:
    """Values of every kind that a result has."""
    arrays = tuple(np.arange(n, dtype=kind) for kind in ("u1", "u2", "u4", "u8", "f8"))
    return Skipped("a", SkipReason.LIMIT, "x", FileRole.SOURCE, None, None), arrays, {"a": (1, None, "\ud800", 2.5)}


# --- helpers -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shared() -> Iterator[WorkerPool]:
    """One pool for the tests that any pool must survive: each finds it as the others left it."""
    with WorkerPool(2, MEMORY) as pool:
        yield pool


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def process_of(pool: WorkerPool) -> BaseProcess:
    """The process of a pool that has one."""
    process = pool._workers[0]._process
    assert process is not None
    return process


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """The ids of processes in the order in which they are killed."""
    pids: list[int | None] = []
    kill = worker._kill

    def noting(process: BaseProcess) -> None:
        pids.append(process.pid)
        kill(process)

    monkeypatch.setattr(worker, "_kill", noting)
    return pids


def wait_until_gone(pids: set[int], seconds: float = 30.0) -> set[int]:
    end = time.monotonic() + seconds
    while (left := {pid for pid in pids if is_running(pid)}) and time.monotonic() < end:
        time.sleep(0.05)
    return left


# --- what a task can do --------------------------------------------------------------------------------------------


def test_results_come_in_the_order_of_the_tasks_not_of_their_ends(shared: WorkerPool) -> None:
    naps = [0.3, 0.0, 0.15, 0.0]
    assert list(shared.map(nap, naps, LIMIT_S)) == naps


def test_no_tasks_give_no_results(shared: WorkerPool) -> None:
    assert list(shared.map(double, [], LIMIT_S)) == []


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        (crash_at_zero, "crash"),
        (exit_at_zero, "crash"),
        (fill_memory_at_zero, "memory"),
        (raise_at_zero, "error"),
        (find_nothing_at_zero, "error"),
        (unpicklable_at_zero, "error"),
    ],
)
def test_a_task_that_fails_costs_only_its_own_result(shared: WorkerPool, task: object, reason: str) -> None:
    tasks = [1, 2, 0, 3, 4, 5]
    results = list(shared.map(task, tasks, LIMIT_S))  # type: ignore[arg-type]
    failure = results.pop(2)
    assert isinstance(failure, Failure) and failure.reason == reason
    assert failure.detail and "\n" not in failure.detail
    assert results == [1, 2, 3, 4, 5]


def test_each_part_of_a_task_has_the_limit_of_its_own_and_the_late_one_is_named(shared: WorkerPool) -> None:
    assert list(shared.map(in_parts, [[0.4] * 5], 1.0)) == [[0.4] * 5]
    (late,) = shared.map(in_parts, [[0.0, 0.1, 600.0, 0.0]], 1.0)
    assert late == Failure("timeout", "stopped at its time limit", (2, 3))


def test_parts_beyond_the_length_of_a_task_buy_no_time(shared: WorkerPool) -> None:
    (late,) = shared.map(in_parts_without_end, [[1, 2]], 1.0)
    assert isinstance(late, Failure) and late.reason == "timeout"


def test_a_part_that_cannot_be_is_not_believed(shared: WorkerPool) -> None:
    odd = shared.map(in_odd_parts, [[0], [-1], [1 << 70]], 0.5)  # type: ignore[arg-type,var-annotated]
    assert list(odd) == [Failure("timeout", "stopped at its time limit")] * 3


# --- what a process that was taken over can send ---------------------------------------------------------------------


def test_an_answer_that_would_run_something_here_is_refused(shared: WorkerPool, tmp_path: Path) -> None:
    (found,) = shared.map(send_what_runs, [str(tmp_path / "written")], LIMIT_S)
    assert isinstance(found, Failure) and found.reason == "error" and "a worker sent" in found.detail
    assert not list(tmp_path.iterdir())


def test_half_an_answer_is_not_waited_for_for_ever(shared: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "ORPHAN_GRACE_S", 0.5)
    results = list(shared.map(send_the_start_of_an_answer, [1, 0, 2], 1.0))
    assert results[0] == 1 and results[2] == 2
    assert isinstance(results[1], Failure) and results[1].reason in ("crash", "timeout")


def test_every_kind_of_value_that_a_result_has_comes_through(shared: WorkerPool) -> None:
    for n, found in zip((0, 1, 100_000), shared.map(send_many, [0, 1, 100_000], LIMIT_S), strict=True):
        assert repr(found) == repr(send_many(n))


# --- what a task can do, continued -----------------------------------------------------------------------------------


@pytest.mark.parametrize("task", [hang_at_zero, hold_the_interpreter_at_zero, sleep_forever_at_zero])
def test_a_task_that_hangs_is_killed_at_its_limit(shared: WorkerPool, task: object, killed: list[int | None]) -> None:
    """None of the tasks ends by itself, and its own alarm would make it a crash."""
    results = list(shared.map(task, [1, 0, 2, 3], [LIMIT_S, 1.0, LIMIT_S, LIMIT_S]))  # type: ignore[arg-type]
    assert results[0] == 1 and results[2:] == [2, 3]
    assert isinstance(results[1], Failure) and results[1].reason == "timeout"
    assert len(killed) == 1 and killed[0] not in pids(shared)


def test_a_stuck_call_into_c_is_killed_without_waiting_for_it_to_listen(
    killed: list[int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int | None] = []
    monkeypatch.setattr(LokyProcess, "terminate", lambda process: asked.append(process.pid))
    with WorkerPool(1, MEMORY) as pool:
        list(pool.map(double, [1], LIMIT_S))
        stuck = process_of(pool)
        assert isinstance(next(pool.map(hold_the_interpreter_at_zero, [0], 0.5)), Failure)
        assert (killed, asked, stuck.exitcode) == ([stuck.pid], [], -signal.SIGKILL)
        assert list(pool.map(double, [1], LIMIT_S)) == [2]
        assert process_of(pool).pid != stuck.pid


def test_an_exception_is_named_in_one_line(shared: WorkerPool) -> None:
    assert list(shared.map(raise_at_zero, [0], LIMIT_S)) == [Failure("error", "ValueError: zero")]


def test_the_limit_counts_from_when_a_task_starts_not_from_when_it_is_queued() -> None:
    with WorkerPool(1, MEMORY) as pool:
        assert list(pool.map(nap, [0.4] * 5, 1.5)) == [0.4] * 5


def test_every_task_may_fail(shared: WorkerPool) -> None:
    assert [r.reason for r in shared.map(crash_at_zero, [0, 0, 0], LIMIT_S) if isinstance(r, Failure)] == ["crash"] * 3
    assert list(shared.map(double, [1], LIMIT_S)) == [2]


# --- life of a pool ------------------------------------------------------------------------------------------------


def test_processes_are_kept_between_calls() -> None:
    with WorkerPool(1, MEMORY) as pool:
        first = set(pool.map(pid_of, [0] * 3, LIMIT_S))
        assert len(first) == 1
        assert set(pool.map(pid_of, [0] * 3, LIMIT_S)) == first


def test_a_process_that_is_prepared_is_the_one_that_works() -> None:
    with WorkerPool(2, MEMORY) as pool:
        pool.prepare(pid_of)
        pool.prepare(pid_of)
        end = time.monotonic() + LIMIT_S
        while pool.isolation is None and time.monotonic() < end:
            time.sleep(0.01)
        while len(pids(pool)) < 2 and time.monotonic() < end:
            time.sleep(0.01)
        prepared = pids(pool)
        assert len(prepared) == 2
        for _ in range(5):
            pool.prepare(pid_of)
        assert set(pool.map(pid_of, [0] * 20, LIMIT_S)) <= prepared
        assert pids(pool) == prepared


def pids(pool: WorkerPool) -> set[int | None]:
    """Of the processes that a pool has now."""
    return {worker._process.pid for worker in pool._workers if worker._process is not None}


def test_a_closed_pool_starts_again_when_it_is_used_again() -> None:
    pool = WorkerPool(1, MEMORY)
    assert list(pool.map(double, [1], LIMIT_S)) == [2]
    pool.close()
    assert list(pool.map(double, [2], LIMIT_S)) == [4]
    pool.close()
    pool.close()


def test_no_process_is_left_after_close_whatever_happened_before() -> None:
    with WorkerPool(2, MEMORY) as pool:
        pids = set(pool.map(pid_of, [0] * 8, LIMIT_S))
        list(pool.map(crash_at_zero, [0, 1], LIMIT_S))
        pids |= set(pool.map(pid_of, [0] * 8, LIMIT_S))
        list(pool.map(hang_at_zero, [0, 1], 0.5))
        pids |= set(pool.map(pid_of, [0] * 8, LIMIT_S))
        unfinished = pool.map(hang_at_zero, [1, 0, 0], LIMIT_S)
        next(unfinished)
    assert pids and not wait_until_gone({pid for pid in pids if isinstance(pid, int)})


def test_an_abandoned_call_leaves_the_pool_usable_and_its_waiting_tasks_undone() -> None:
    with WorkerPool(1, MEMORY) as pool:
        results = pool.map(count_and_hold, [False, *[True] * 20], FOR_EVER_S)
        assert next(results) == 1
        process = process_of(pool)
        results.close()  # type: ignore[attr-defined]
        assert process.pid is not None
        os.kill(process.pid, signal.SIGUSR1)
        (n,) = pool.map(count_and_hold, [False], FOR_EVER_S)
        # Between the first and the last the one that was at work when the call was abandoned, if there was one.
        assert n in (2, 3) and process_of(pool) is process


def test_several_threads_may_use_one_pool() -> None:
    found: dict[int, list[object]] = {}

    def use(pool: WorkerPool, thread: int) -> None:
        found[thread] = list(pool.map(double, range(100 * thread, 100 * thread + 20), LIMIT_S))

    with WorkerPool(2, MEMORY) as pool:
        threads = [threading.Thread(target=use, args=(pool, thread)) for thread in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert found == {thread: [2 * n for n in range(100 * thread, 100 * thread + 20)] for thread in range(4)}


def test_crashes_in_one_thread_leave_the_others_their_results_on_a_busy_machine() -> None:
    """Pools whose workers share a pipe fail this: they blame a task whose answer they have not read yet."""
    idle = threading.Event()

    def keep_the_interpreter_busy() -> None:
        while not idle.is_set():
            sum(range(1000))

    found: list[object] = []
    busy = [threading.Thread(target=keep_the_interpreter_busy) for _ in range(2)]
    for thread in busy:
        thread.start()
    try:
        with WorkerPool(2, MEMORY) as pool:
            other = threading.Thread(target=lambda: found.extend(pool.map(nap, [0.005] * 40, LIMIT_S)))
            other.start()
            failures = list(pool.map(crash_at_zero, [0, 0, 0, 0], LIMIT_S))
            other.join(60)
    finally:
        idle.set()
        for thread in busy:
            thread.join()
    assert failures == [Failure("crash", "worker process died (exit code -11)")] * 4
    assert found == [0.005] * 40


def test_closing_the_pool_ends_a_call_that_waits() -> None:
    pool = WorkerPool(1, MEMORY)
    ended: list[object] = []

    def wait() -> None:
        try:
            ended.extend(pool.map(nap, [0.0, FOR_EVER_S, FOR_EVER_S], FOR_EVER_S))
        except WorkerError as error:
            ended.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    while not ended or pool._waiting.qsize() != 1:  # until the first nap is over and the second at work
        time.sleep(0.05)
    process = process_of(pool)
    pool.close()
    thread.join(FOR_EVER_S / 2)
    assert not thread.is_alive() and process.exitcode == -signal.SIGKILL
    assert ended[0] == 0.0 and FOR_EVER_S not in ended
    assert isinstance(ended[-1], WorkerError) or (isinstance(ended[-1], Failure) and ended[-1].reason == "crash")


def test_processes_that_cannot_start_are_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr("loky.backend.process.LokyProcess.start", fail)
    with WorkerPool(1, MEMORY) as pool, pytest.raises(WorkerError, match=r"cannot run: .*no more processes"):
        list(pool.map(double, [1, 2], LIMIT_S))


FAULTS = """
import resource, sys
import numpy as np
from simdetect.running.process import keep_freed_memory
if sys.argv[1] == "kept":
    keep_freed_memory()
np.ones(1 << 17)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(50):
    np.ones(1 << 17)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator")
def test_freed_memory_is_kept_where_the_nanny_of_a_cluster_says_otherwise() -> None:
    faults = {}
    for way in ("kept", "trimmed"):
        command = [sys.executable, "-c", FAULTS, way]
        environment = {**os.environ, "MALLOC_TRIM_THRESHOLD_": "65536"}
        faults[way] = int(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert faults["trimmed"] > 50 * 200  # each megabyte is 256 pages
    assert faults["kept"] < 1000


def test_the_shared_pool_is_one_for_each_shape() -> None:
    assert shared_pool(1, MEMORY) is shared_pool(1, MEMORY)
    assert shared_pool(1, MEMORY) is not shared_pool(2, MEMORY)
