"""What code that runs inside a worker, such as a parser that hostile bytes took over, can still do."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import simdetect
from simdetect.languages import LANGUAGES
from simdetect.running import Failure, WorkerPool
from simdetect.running.isolation import restrict

MEMORY = 1 << 30
LIMIT_S = 20.0
ALL = ("rlimits", "no-new-privileges", "landlock", "seccomp")


# --- tasks: importable by name, run in workers ---------------------------------------------------------------------


def read(path: str) -> int:
    return len(Path(path).read_bytes())


def listing(path: str) -> int:
    return sum(1 for _ in Path(path).iterdir())


def write(path: str) -> int:
    return Path(path).write_bytes(b"x")


def remove(path: str) -> None:
    Path(path).unlink()


def make_folder(path: str) -> None:
    Path(path).mkdir()


def open_socket(family: int) -> None:
    socket.socket(family, socket.SOCK_STREAM).close()


def open_datagram_socket(family: int) -> None:
    socket.socket(family, socket.SOCK_DGRAM).close()


def pair_sockets(_: int) -> None:
    for end in socket.socketpair():
        end.close()


def fork(_: int) -> None:
    if not os.fork():
        os._exit(0)


def run_program(_: int) -> None:
    subprocess.run(["true"], check=True)


def become_program(_: int) -> None:
    os.execv("/bin/true", ["true"])


def signal_process(pid: int) -> None:
    os.kill(pid, 0)


def read_environment(pid: int) -> int:
    return len(Path(f"/proc/{pid}/environ").read_bytes())


def open_many(n: int) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(n):
            stack.enter_context(Path("/dev/null").open())


def count_in_thread(n: int) -> int:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(sum(range(n))))
    thread.start()
    thread.join()
    return found[0]


def load_all_grammars(_: int) -> int:
    from simdetect.languages.grammar import load_grammar

    for name in LANGUAGES:
        load_grammar(name)
    return len(LANGUAGES)


# --- what they come to ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(1, MEMORY) as pool:
        list(pool.map(read, [__file__], LIMIT_S))
        yield pool


def outcome(pool: WorkerPool, task: object, argument: object, needs: str) -> object:
    """What becomes of one task; skips where the platform has no such measure."""
    if needs not in (pool.isolation or ()):
        pytest.skip(f"this platform has no {needs}")
    return next(pool.map(task, [argument], LIMIT_S))  # type: ignore[arg-type]


def is_refused(found: object) -> bool:
    return isinstance(found, Failure) and found.reason == "error" and "PermissionError" in found.detail


@pytest.mark.parametrize(
    ("task", "argument"),
    [
        (open_socket, socket.AF_INET),
        (open_socket, socket.AF_INET6),
        (open_socket, socket.AF_UNIX),
        (open_datagram_socket, socket.AF_INET),
        (pair_sockets, 0),
        (fork, 0),
        (run_program, 0),
        (become_program, 0),
    ],
)
def test_a_worker_has_no_network_and_starts_nothing(pool: WorkerPool, task: object, argument: int) -> None:
    assert is_refused(outcome(pool, task, argument, "seccomp"))


@pytest.mark.parametrize("task", [read, write, remove])
def test_a_worker_touches_no_file_outside_the_installation(pool: WorkerPool, task: object, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    assert is_refused(outcome(pool, task, str(tmp_path / "secret"), "landlock"))
    assert (tmp_path / "secret").read_bytes() == b"secret"


def test_a_worker_lists_and_makes_no_folder(pool: WorkerPool, tmp_path: Path) -> None:
    assert is_refused(outcome(pool, listing, str(tmp_path), "landlock"))
    assert is_refused(outcome(pool, make_folder, str(tmp_path / "new"), "landlock"))


def test_a_worker_writes_nothing_even_where_it_reads(pool: WorkerPool) -> None:
    target = Path(sys.prefix, "written-by-a-worker")
    assert is_refused(outcome(pool, write, str(target), "landlock"))
    assert not target.exists()


def test_a_worker_reaches_no_other_process(pool: WorkerPool) -> None:
    assert is_refused(outcome(pool, read_environment, os.getpid(), "landlock"))
    if landlock_abi() >= 6:
        assert is_refused(outcome(pool, signal_process, os.getpid(), "landlock"))


def landlock_abi() -> int:
    import ctypes

    return int(ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1))


def test_a_worker_has_few_descriptors(pool: WorkerPool) -> None:
    found = outcome(pool, open_many, 1000, "rlimits")
    assert isinstance(found, Failure) and "Too many open files" in found.detail


def test_a_worker_can_do_what_it_is_for(pool: WorkerPool) -> None:
    assert list(pool.map(count_in_thread, [10], LIMIT_S)) == [45]  # numpy's libraries start threads
    assert list(pool.map(load_all_grammars, [0], LIMIT_S)) == [len(LANGUAGES)]


def test_a_report_says_what_held(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("int main(void) { return 0; }\n")
    isolation = simdetect.scan(tmp_path, tmp_path).run["isolation"]
    assert isinstance(isolation, list) and set(isolation) <= set(ALL)
    if sys.platform == "linux":
        assert {"rlimits", "no-new-privileges"} <= set(isolation)


def test_a_measure_that_the_platform_lacks_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> bool:
        raise OSError("Function not implemented")

    for name in ("_renounce_privileges", "_restrict_files", "_filter_calls"):
        monkeypatch.setattr(f"simdetect.running.isolation.{name}", missing)
    monkeypatch.setattr("simdetect.running.isolation._limit_resources", lambda _: True)
    assert restrict(MEMORY) == ("rlimits",)
