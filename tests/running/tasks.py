"""Tasks for `test_executors`, in a module that a new process imports quickly."""

from __future__ import annotations

import os


def double(n: int) -> int:
    return 2 * n


def pid_of(_: int) -> int:
    return os.getpid()


def exit_at_three(n: int) -> int:
    if n == 3:
        os._exit(3)
    return n


def raise_at_three(n: int) -> int:
    if n == 3:
        raise ValueError("three")
    return n
