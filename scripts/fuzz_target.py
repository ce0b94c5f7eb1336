"""What a fuzz target is: how it makes a case from a seed, and which property it checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

__all__ = ["BrokenPropertyError", "Target", "make_of", "refusing"]


class BrokenPropertyError(Exception):
    """A property that must hold for every input does not."""


@dataclass(frozen=True, slots=True)
class Target:
    """make: a case, drawn from the generator. check: what became of it in one word; raises what is a finding."""

    name: str
    make: Callable[[Random], bytes]
    check: Callable[[bytes], str]


def make_of(make: Callable[[Random], bytes]) -> Callable[[Random], bytes]:
    """The same, typed: lambdas lose their argument's type."""
    return make


def refusing(read: Callable[[bytes], object]) -> Callable[[bytes], str]:
    """A check that a reader takes a case or refuses it with a `SimdetectError` of one line."""
    from simdetect import SimdetectError

    def check(data: bytes) -> str:
        try:
            read(data)
        except SimdetectError as error:
            if "\n" in str(error):
                raise BrokenPropertyError(f"a message of several lines: {str(error)!r:.200}") from error
            return "refused"
        return "read"

    return check
