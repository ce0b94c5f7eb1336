"""The command line: arguments, progress, exit codes. A command calls one library function and renders the result."""

from __future__ import annotations

from simdetect.cli.group import cli, main

__all__ = ["cli", "main"]
