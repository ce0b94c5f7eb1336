"""Bad usage: one line that names everything that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_line import Pipeline, complaint, run


def test_all_bad_options_are_reported_together(pipeline: Pipeline, tmp_path: Path) -> None:
    models = "--threshold 2 --background /no/dir --calibration /no/file"
    bad = (
        f"scan a b {models} --jobs 0 --limit-seconds x --frob --format pdf -q -v -o {tmp_path} --html /no/where/r.html"
    )
    message = complaint(run(*bad.split()))
    for part in (
        "--frob",
        "'--jobs': 0",
        "'--threshold': 2",
        "'/no/dir' does not exist",
        "'/no/file' does not exist",
        "'--limit-seconds': 'x'",
        "'pdf'",
        "is a directory",
        "/no/where",
        "-q and -v",
    ):
        assert part in message
    assert message.endswith("(see 'simdetect scan --help')")
    assert pipeline.calls == []


@pytest.mark.parametrize(
    ("args", "part"),
    [
        ("", "Missing command"),
        ("frob", "No such command 'frob'"),
        ("scan", "Missing argument 'CANDIDATE'. Missing argument 'ORIGINAL...'"),
        ("scan a", "Missing argument 'ORIGINAL...'"),
        ("scan a b --jobs", "requires an argument"),
        ("scan a b --limit-seconds nan", "limit_seconds must be a positive number"),
        ("scan a b --threshold nan", "threshold must be a probability"),
        ("scan a b --limit-seconds inf", "--limit-seconds"),
        ("scan a b -o r.json --json r.json", "-o and --json write to the same place"),
        ("scan a b --json ./r --html r", "--html and --json write to the same place"),
        ("scan a b --json -", "the report and --json write to the same place"),
        ("show", "Missing argument 'REPORT.json'"),
        ("show a b", "unexpected extra argument"),
        ("languages --format html", "'html'"),
        ("--frob", "No such option"),
    ],
)
def test_bad_usage_is_one_line_and_code_2(pipeline: Pipeline, args: str, part: str) -> None:
    assert part in complaint(run(*args.split()))
    assert pipeline.calls == []
