"""JSON that is nested too deep is an error, not the end of the process."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simdetect.model.nested import MOST_DEEP, depth, loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_what_json_reads_is_read(value: object) -> None:
    text = json.dumps(value)
    assert loads(text) == loads(text.encode()) == value


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 5_000, "[" * 300 + "]" * 300, '["\\"", ' + "[" * 300])
def test_what_is_nested_too_deep_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        loads(text)


def test_brackets_in_strings_are_not_nesting() -> None:
    value = ["[" * 1000, '"{' * 1000, "\\"]
    assert depth(json.dumps(value).encode()) > MOST_DEEP
    assert loads(json.dumps(value)) == value


def test_a_raised_recursion_limit_does_not_end_the_process() -> None:
    """With json alone this dies of a segmentation fault."""
    code = (
        "import sys; sys.setrecursionlimit(10**6)\n"
        "from simdetect.sources.embedded.notebook import unfold_notebook\n"
        "assert unfold_notebook(b'[' * 10**6) is None\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
