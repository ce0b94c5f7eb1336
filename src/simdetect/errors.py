"""The errors that stop a run. What does not stop it is a `SkippedFile`, never an exception."""

from __future__ import annotations

__all__ = ["InputError", "OptionsError", "SimdetectError", "StoreError", "WorkerError"]


class SimdetectError(Exception):
    """Base class: the message is one line that says what was wrong, where, and what to try."""


class OptionsError(SimdetectError):
    """One or more options are invalid; the message names all of them."""


class InputError(SimdetectError):
    """A candidate or original cannot be read at all (missing path, broken archive, unknown revision)."""


class StoreError(InputError):
    """An index cannot be written, or read: it is damaged, truncated, newer than this simdetect, or something else."""


class WorkerError(SimdetectError):
    """The worker processes cannot be started or keep failing."""
