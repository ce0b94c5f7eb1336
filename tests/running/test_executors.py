"""Many tasks on whatever there is: every one has an outcome, whoever does it and whatever happens to workers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect.running import Lost, Workers, executors
from tests.running.tasks import double, exit_at_three, pid_of, raise_at_three

# --- executors -----------------------------------------------------------------------------------------------------


class Inline(Executor):
    """Does what is submitted at once, in this process; remembers it."""

    def __init__(self) -> None:
        self.tasks: list[Any] = []

    def submit(self, function: Callable[..., Any], /, *args: Any, **keywords: Any) -> Future[Any]:
        self.tasks += args
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **keywords))
        except Exception as error:
            future.set_exception(error)
        return future


class Fragile(Inline):
    """Breaks at a fatal task: that and one that is done with it, the task before it, are lost, and it takes no more."""

    def __init__(self, fatal: int, *, is_alone: bool = False) -> None:
        super().__init__()
        self._fatal = fatal
        self._before = None if is_alone else fatal - 1
        self._held: list[Future[Any]] = []
        self._is_broken = False

    def submit(self, function: Callable[..., Any], /, *args: Any, **keywords: Any) -> Future[Any]:
        if self._is_broken:
            raise BrokenProcessPool("broken")
        if args[0] not in (self._before, self._fatal):
            return super().submit(function, *args, **keywords)
        self.tasks += args
        self._held.append(Future())
        if args[0] == self._fatal:
            self._is_broken = True
            for future in self._held:
                future.set_exception(BrokenProcessPool("broken"))
        return self._held[-1]


class Idle(Inline):
    """Never does anything."""

    def __init__(self) -> None:
        super().__init__()
        self.futures: list[Future[Any]] = []

    def submit(self, function: Callable[..., Any], /, *args: Any, **keywords: Any) -> Future[Any]:
        self.futures.append(Future())
        if len(self.futures) == 1:
            self.futures[0].set_result(function(*args, **keywords))
        return self.futures[-1]


@contextmanager
def threads() -> Iterator[Workers]:
    with ThreadPoolExecutor(2) as executor:
        yield Workers(executor=executor)


PLACES = [
    pytest.param(lambda: nullcontext(Workers()), id="this process"),
    pytest.param(lambda: nullcontext(Workers(2)), id="processes of this machine"),
    pytest.param(lambda: nullcontext(Workers(executor=Inline())), id="an executor at once"),
    pytest.param(threads, id="an executor of threads"),
]


# --- wherever they run ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_every_task_has_its_result_wherever_it_is_done(place: Any) -> None:
    with place() as workers:
        assert list(workers.map(double, range(9))) == list(range(0, 18, 2))
        assert sorted(workers.run(double, range(9))) == [(n, 2 * n) for n in range(9)]
        assert list(workers.map_all(double, range(9))) == list(range(0, 18, 2))
        assert list(workers.map(double, [])) == []


@pytest.mark.parametrize("place", PLACES)
def test_progress_is_told_once_for_every_task(place: Any) -> None:
    told: list[tuple[int, int]] = []
    with place() as workers:
        list(workers.map(double, range(5), lambda done, total: told.append((done, total))))
    assert told == [(n, 5) for n in range(1, 6)]


@pytest.mark.parametrize("place", PLACES[1:])
def test_an_error_in_a_task_elsewhere_is_its_outcome_alone(place: Any) -> None:
    with place() as workers:
        found = list(workers.map(raise_at_three, range(6)))
    (lost,) = [outcome for outcome in found if isinstance(outcome, Lost)]
    assert found == [0, 1, 2, lost, 4, 5] and isinstance(lost.error, ValueError) and lost.was_begun


def test_an_error_in_this_process_is_raised() -> None:
    with pytest.raises(ValueError, match="three"):
        list(Workers().map(raise_at_three, range(6)))


def test_processes_of_this_machine_are_others_and_no_more_than_there_are_tasks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert set(Workers().map(pid_of, range(3))) == {os.getpid()}
    assert os.getpid() not in set(Workers(1).map(pid_of, range(3)))
    asked: list[int] = []

    def make(n: int) -> Executor:
        asked.append(n)
        return Inline()

    monkeypatch.setattr(executors, "local_executor", make)
    assert list(Workers(8).map(double, range(3))) == [0, 2, 4]
    assert asked == [3]


# --- tasks that nobody wants yet, or any more ----------------------------------------------------------------------


def test_only_so_many_tasks_are_given_at_a_time_and_the_rest_when_one_is_done() -> None:
    idle = Idle()
    outcomes = Workers(executor=idle).run(double, range(500))
    assert next(outcomes) == (0, 0)
    assert len(idle.futures) == 64
    idle.futures[7].set_result("seventh")
    assert next(outcomes) == (7, "seventh")
    assert len(idle.futures) == 65


def test_tasks_of_an_abandoned_call_are_not_begun() -> None:
    idle = Idle()
    outcomes = Workers(executor=idle).run(double, range(9))
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    assert all(future.cancelled() for future in idle.futures[1:])


def test_a_slow_task_delays_no_other_but_their_order() -> None:
    idle = Idle()
    outcomes = Workers(executor=idle).map(double, range(4))
    assert next(outcomes) == 0
    for number in (3, 2, 1):
        idle.futures[number].set_result(2 * number)
    assert list(outcomes) == [2, 4, 6]


# --- lost workers --------------------------------------------------------------------------------------------------


@given(n=st.integers(1, 12), data=st.data())
def test_of_an_executor_that_breaks_every_task_is_reported_once(n: int, data: st.DataObject) -> None:
    fatal = data.draw(st.integers(0, n - 1))
    fragile = Fragile(fatal)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executors, "_AHEAD_ELSEWHERE", 2)
        found = list(Workers(executor=fragile).run(double, range(n)))
    assert sorted(number for number, _ in found) == list(range(n))
    lost = {number: outcome for number, outcome in found if isinstance(outcome, Lost)}
    assert all(outcome == 2 * number for number, outcome in found if number not in lost)
    assert {number for number, outcome in lost.items() if outcome.was_begun} == {fatal, max(fatal - 1, 0)}
    assert {number for number, outcome in lost.items() if not outcome.was_begun} == set(range(n)) - set(fragile.tasks)
    assert {outcome.detail for outcome in lost.values()} == {"its worker was lost"}


def test_a_task_that_kills_its_process_is_lost_and_no_other() -> None:
    found = list(Workers(2).map(exit_at_three, range(6)))
    (lost,) = [outcome for outcome in found if isinstance(outcome, Lost)]
    assert found == [0, 1, 2, lost, 4, 5]
    assert lost.detail == "its worker process died; was there enough memory?"


def test_of_broken_processes_each_suspect_is_tried_again_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[int, Fragile]] = []

    def make(n: int) -> Executor:
        made.append((n, Fragile(5, is_alone=n == 1)))
        return made[-1][1]

    monkeypatch.setattr(executors, "local_executor", make)
    found = list(Workers(2).run(double, range(9)))
    assert sorted(number for number, _ in found) == list(range(9))
    assert [number for number, outcome in found if isinstance(outcome, Lost)] == [5]
    assert [(n, executor.tasks) for n, executor in made] == [
        (2, [0, 1, 2, 3, 4, 5]),
        (2, [6, 7, 8]),  # what was not at work when it broke goes on
        (1, [4]),
        (1, [5]),
    ]


def test_processes_that_take_no_task_at_all_end_in_a_report_of_every_task(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(Inline):
        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            raise RuntimeError("cannot start a process")

    monkeypatch.setattr(executors, "local_executor", lambda _: Refusing())
    found = list(Workers(2).map(double, range(4)))
    assert [outcome.detail[:24] for outcome in found if isinstance(outcome, Lost)] == ["its worker process died;"] * 4


def test_what_an_executor_loses_is_done_here_when_all_must_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "_AHEAD_ELSEWHERE", 2)
    assert list(Workers(executor=Fragile(3)).map_all(double, range(9))) == list(range(0, 18, 2))


def test_a_task_that_was_cancelled_elsewhere_is_lost() -> None:
    idle = Idle()
    outcomes = Workers(executor=idle).map(double, range(2))
    next(outcomes)
    idle.futures[1].cancel()
    idle.futures[1].set_running_or_notify_cancel()
    (lost,) = outcomes
    assert isinstance(lost, Lost) and isinstance(lost.error, CancelledError)
