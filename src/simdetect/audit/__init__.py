"""Whole benchmark runs: a report for every instance, numbers for every run, and what submissions say of each other.

`run` has what others use: `Audit` says what to audit, `audit` does it. `plan` says where everything is looked for. The
names stand in their modules and not here: the command line answers --help without loading numpy.
"""
