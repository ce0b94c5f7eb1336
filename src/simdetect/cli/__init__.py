"""The command line: arguments, progress, exit codes. A command calls one library function and renders the result.

group        the program: its commands by name, errors in one line
config       --config FILE, -v
commands     what a command is made with                 parameters   options that commands share
output       where reports go, exit codes                reviews      reports and decisions that are read
scan  show  index  search  audit  review  calibrate      one module a command
info has `languages` and `cache`, originals has `originals fetch` and `given`

Others use `main`, the entry point, and `cli`, the same as a group of commands. Modules of commands are not imported
here: each is loaded when its command is asked for.
"""

from __future__ import annotations

from simdetect.cli.group import cli, main

__all__ = ["cli", "main"]
