from __future__ import annotations

import base64
import errno
import hashlib
import io
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import types
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
from click.testing import CliRunner, Result

import simdetect
from simdetect.cli import group as cli_module
from simdetect.cli.group import cli
from simdetect.corpus.search import Cover, Source
from simdetect.errors import InputError
from simdetect.model import AuditReport, SkipReason, Verdict
from simdetect.options import ScanOptions
from simdetect.report import FORMATS, load_report, render
from simdetect.report.json import report_json_schema
from simdetect.report.progress import ScanProgress
from simdetect.store import default_cache_folder
from tests import DEMO, builders

CLEAN = builders.report(
    summary=builders.summary(verdict=Verdict.NO_EVIDENCE, n_flagged_files=0),
    findings=(builders.silent_finding(),),
    skipped=(),
)


class Pipeline:
    """Stands for `simdetect.pipeline`: remembers how it was called, answers with a report or an error."""

    def __init__(self) -> None:
        self.answer: Any = builders.report()
        self.calls: list[tuple[tuple[str, ...], dict[str, Any]]] = []

    def scan(self, candidate: str, *originals: str, **keywords: Any) -> Any:
        self.calls.append(((candidate, *originals), keywords))
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    def index(self, output: str, *originals: str, **keywords: Any) -> None:
        self.calls.append(((output, *originals), keywords))


N_CPUS = min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    fake = Pipeline()
    module = types.ModuleType("simdetect.scanning.scanner")
    module.scan = fake.scan  # type: ignore[attr-defined]
    module.index = fake.index  # type: ignore[attr-defined]
    module.calibrate = lambda *_: types.SimpleNamespace(calibration={"id": "ours"}, notes=["skipped x: y"])  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "simdetect.training.labelled", module)
    monkeypatch.setattr(simdetect, "labelled", module, raising=False)
    monkeypatch.setitem(sys.modules, "simdetect.scanning.scanner", module)
    monkeypatch.setattr(simdetect, "pipeline", module, raising=False)
    return fake


@pytest.fixture
def audits(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("simdetect.audit.run")
    module.Audit = lambda *_: None  # type: ignore[attr-defined]
    module.audit = lambda *_, **__: AuditReport({}, {}, (), ())  # type: ignore[attr-defined]
    module.search = lambda *_: Cover("x", 10, (Source("y", 4, 4, 200.0, "a:1 b:2"),), 3)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "simdetect.corpus.search", module)
    monkeypatch.setattr(simdetect, "corpus", module, raising=False)
    monkeypatch.setitem(sys.modules, "simdetect.audit.run", module)
    monkeypatch.setattr(simdetect, "audit", module, raising=False)


def run(*args: str, **keywords: Any) -> Result:
    return CliRunner().invoke(cli, args, prog_name="simdetect", **keywords)


def complaint(result: Result) -> str:
    """The one line on standard error of a run that ended with code 2."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("simdetect: ") and result.stderr.count("\n") == 1
    return result.stderr.removeprefix("simdetect: ").strip()


# --- scan ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("verdict", "code"), [("evidence", 1), ("no-evidence", 0), ("inconclusive", 3)])
def test_the_exit_code_is_the_verdict(pipeline: Pipeline, verdict: str, code: int) -> None:
    pipeline.answer = builders.report(summary=builders.summary(verdict=Verdict(verdict)))
    result = run("scan", "a", "b")
    assert result.exit_code == code
    assert result.stdout == render(pipeline.answer, "text")
    assert result.stderr == ""


def test_arguments_reach_the_library(pipeline: Pipeline) -> None:
    flags = "--given g --given h --base i --threshold 0.9 --jobs 2 --exclude *.min.js --exclude x --limit-seconds 2.5"
    assert run("scan", "a", "b", "c", *flags.split()).exit_code == 1
    [(inputs, keywords)] = pipeline.calls
    assert inputs == ("a", "b", "c")
    assert (keywords["given"], keywords["base"]) == (("g", "h"), ("i",))
    expected = ScanOptions(jobs=2, exclude=("*.min.js", "x"), limit_seconds=2.5, threshold=0.9)
    assert keywords["options"] == replace(expected, cache=default_cache_folder())
    assert callable(keywords["progress"])


def test_without_options_the_defaults_hold(pipeline: Pipeline) -> None:
    run("scan", "a", "b")
    assert pipeline.calls[0][1]["options"] == ScanOptions(cache=default_cache_folder(), jobs=N_CPUS)


def test_workers_are_as_many_as_processors_but_no_more_than_help(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n_processors, n_jobs in ((1, 1), (3, 3), (64, 8)):
        monkeypatch.setattr("os.sched_getaffinity", lambda _, n=n_processors: set(range(n)), raising=False)
        run("scan", "a", "b")
        assert pipeline.calls[-1][1]["options"].jobs == n_jobs


def test_without_the_cache_none_is_named(pipeline: Pipeline) -> None:
    run("scan", "a", "b", "--no-cache")
    assert pipeline.calls[0][1]["options"] == ScanOptions(jobs=N_CPUS)


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_goes_to_standard_output(pipeline: Pipeline, format: str) -> None:
    assert run("scan", "a", "b", "--format", format).stdout_bytes == render(pipeline.answer, format).encode()


def test_reports_go_to_several_files_at_once(pipeline: Pipeline, tmp_path: Path) -> None:
    html, data, text = tmp_path / "r.html", tmp_path / "r.json", tmp_path / "r.txt"
    result = run("scan", "a", "b", "--html", str(html), "--json", str(data), "-o", str(text))
    assert (result.exit_code, result.stdout) == (1, "")
    assert html.read_text(encoding="utf-8") == render(pipeline.answer, "html")
    assert load_report(data.read_text(encoding="utf-8")) == pipeline.answer
    assert text.read_text(encoding="utf-8") == render(pipeline.answer, "text")
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize(
    ("name", "format"), [("r.json", "json"), ("r.HTML", "html"), ("r.md", "markdown"), ("r", "text")]
)
def test_the_suffix_of_the_output_file_chooses_the_format(
    pipeline: Pipeline, tmp_path: Path, name: str, format: str
) -> None:
    run("scan", "a", "b", "-o", str(tmp_path / name))
    assert (tmp_path / name).read_text(encoding="utf-8") == render(pipeline.answer, format)


def test_quiet_prints_the_verdict_and_verbose_everything(pipeline: Pipeline) -> None:
    pipeline.answer = builders.rich_report()
    assert run("scan", "a", "b", "-q").stdout == render(pipeline.answer, "text", detail="short")
    assert "notes/c.txt" in run("scan", "a", "b", "-v").stdout


@pytest.mark.parametrize("lost", ["degraded", "unreadable"])
def test_strict_makes_an_incomplete_clean_scan_inconclusive(pipeline: Pipeline, lost: str) -> None:
    skipped = (builders.report().skipped[1],)
    assert skipped[0].reason is SkipReason.TOO_LARGE
    degraded = (builders.silent_finding(degraded="parse killed"),)
    changes: dict[str, Any] = {"findings": degraded} if lost == "degraded" else {"skipped": skipped}
    pipeline.answer = builders.report(summary=CLEAN.summary, **{"findings": (), "skipped": ()} | changes)
    assert run("scan", "a", "b").exit_code == 0
    strict = run("scan", "a", "b", "--strict")
    assert strict.exit_code == 3
    assert strict.stderr.startswith("simdetect: inconclusive because of --strict: 1 ")


def test_strict_changes_nothing_about_a_complete_scan_or_about_evidence(pipeline: Pipeline) -> None:
    assert run("scan", "a", "b", "--strict").exit_code == 1
    pipeline.answer = CLEAN
    assert run("scan", "a", "b", "--strict").exit_code == 0


# --- scan, for real ------------------------------------------------------------------------------------------------


@pytest.fixture
def trees(tmp_path: Path) -> tuple[str, str]:
    candidate = tmp_path / "cand"
    shutil.copytree(DEMO / "submission", candidate, ignore=shutil.ignore_patterns("*.md"))
    (candidate / "[red]\x1b[31m.txt").write_text("notes")
    return str(candidate), str(DEMO / "original")


def test_a_real_scan_finds_renamed_code_and_its_report_is_valid(trees: tuple[str, str], tmp_path: Path) -> None:
    stored = tmp_path / "report.json"
    result = run("scan", *trees, "--json", str(stored))
    assert result.exit_code == 1, result.output
    assert "main.c:" in result.stdout and "[red]\\x1b[31m.txt" in result.stdout
    jsonschema.validate(json.loads(stored.read_text()), report_json_schema())
    assert run("show", str(stored)).stdout == result.stdout


def test_a_real_scan_of_a_missing_path_is_one_line(trees: tuple[str, str]) -> None:
    assert "no-such" in complaint(run("scan", trees[0], trees[1] + "/no-such"))


# --- models of one's own -------------------------------------------------------------------------------------------

SHIPPED = Path(simdetect.__file__).parent / "data"


def test_models_of_ones_own_are_used_and_named_by_digest(trees: tuple[str, str], tmp_path: Path) -> None:
    """A background of languages the trees are not in: the pooled model is used, and the report says so."""
    own = tmp_path / "own-models"
    own.mkdir()
    shutil.copy(SHIPPED / "background" / "pool.npz", own)
    calibration = tmp_path / "ours.json"
    calibration.write_text(json.dumps({**json.loads((SHIPPED / "calibration.json").read_text()), "id": "ours"}))
    shipped = json.loads(run("scan", *trees, "--format", "json").stdout)
    report = json.loads(
        run("scan", *trees, "--format", "json", "--background", str(own), "--calibration", str(calibration)).stdout
    )
    assert (report["settings"]["background"], report["settings"]["calibration"]) == ("own-models", "ours.json")
    models = report["tool"]["models"]
    digest = hashlib.sha256(calibration.read_bytes()).hexdigest()
    assert models["calibration"] == {"id": "ours", "sha256": digest}
    assert models["background"] != shipped["tool"]["models"]["background"]
    assert any("all languages together" in line for line in report["warnings"])
    assert str(tmp_path) not in json.dumps({**report, "run": {}})


def test_models_that_cannot_be_read_are_one_line_before_the_scan(trees: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{}")
    empty = tmp_path / "empty"
    empty.mkdir()
    message = complaint(run("scan", *trees, "--background", str(empty), "--calibration", str(tmp_path / "bad.json")))
    assert "no background model" in message and "bad.json cannot be read" in message


def test_a_threshold_of_ones_own_decides(trees: tuple[str, str]) -> None:
    report = json.loads(run("scan", *trees, "--format", "json", "--threshold", "1").stdout)
    assert report["settings"]["threshold"] == 1.0
    assert report["summary"]["verdict"] != "evidence"


# --- calibrate -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("pipeline")
def test_calibrate_writes_numbers_to_standard_output_and_words_to_standard_error(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.jsonl"
    pairs.touch()
    result = run("calibrate", str(pairs), "--work", str(tmp_path))
    assert (result.exit_code, result.stdout, result.stderr) == (0, '{"id": "ours"}\n', "skipped x: y\n")
    target = tmp_path / "ours.json"
    assert run("calibrate", str(pairs), "--work", str(tmp_path), "-o", str(target)).stdout == ""
    assert target.read_text() == '{"id": "ours"}\n'


def test_calibrate_reports_every_bad_value_at_once() -> None:
    message = complaint(run("calibrate", "/no/pairs", "--work", "/no/work", "--rate", "0.9"))
    assert "'/no/pairs' does not exist" in message and "'/no/work' does not exist" in message and "0.9" in message


# --- index, cache --------------------------------------------------------------------------------------------------


def test_index_hands_its_arguments_to_the_library(pipeline: Pipeline) -> None:
    assert run("index", "a", "b", "-o", "x.sdx", "--no-source", "--exclude", "t", "--no-cache").exit_code == 0
    [(inputs, keywords)] = pipeline.calls
    assert inputs == ("x.sdx", "a", "b")
    assert (keywords["with_text"], keywords["options"]) == (False, ScanOptions(exclude=("t",), jobs=N_CPUS))


def test_index_needs_a_file_to_write(pipeline: Pipeline) -> None:
    assert "Missing option '-o'" in complaint(run("index", "a"))
    assert "there is no directory" in complaint(run("index", "a", "-o", "/no/where/x"))
    assert "not possible" in complaint(run("index", "a", "-o", "-"))
    assert pipeline.calls == []


def test_an_index_stands_for_its_original_on_the_command_line(tmp_path: Path) -> None:
    demo = DEMO
    index = str(tmp_path / "x.sdx")
    assert run("index", str(demo / "original"), "-o", index).output == ""
    plain = run("scan", str(demo / "submission"), str(demo / "original"))
    assert run("scan", str(demo / "submission"), index).stdout == plain.stdout
    assert "is an index" in complaint(run("scan", index, str(demo / "original")))
    assert "with exclude [] instead of ['x']" in complaint(run("scan", str(demo), index, "--exclude", "x"))
    Path(index).write_bytes(Path(index).read_bytes()[:-1])
    assert "truncated" in complaint(run("scan", str(demo), index))


def test_the_cache_says_what_it_holds_and_is_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMDETECT_CACHE_DIR", str(tmp_path))
    demo = DEMO
    assert run("cache", "info").stdout.startswith("0 results of files, 0 indexes of originals, 0.0 MB in ")
    run("scan", str(demo / "submission"), str(demo / "original"))
    assert run("cache", "info").stdout.startswith("16 results of files, ")
    assert run("cache", "clear").stdout.startswith("cleared: 16 results of files, ")
    assert run("cache", "info").stdout.startswith("0 results of files, ")
    assert "'frob' is not one of" in complaint(run("cache", "frob"))


# --- bad usage -----------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (InputError("nowhere: no such file or directory"), "nowhere: no such file or directory"),
        (InputError("a\nb\x1b[31m\u202e.c: broken archive"), "a b\\x1b[31m\\u202e.c: broken archive"),
        (OSError(errno.ENOSPC, "No space left on device", "/tmp/x"), "/tmp/x: No space left on device"),
        (RuntimeError("a bug"), "internal error, please report it (RuntimeError: a bug; SIMDETECT_DEBUG=1"),
        (MemoryError(), "internal error, please report it (MemoryError;"),
    ],
)
def test_errors_are_one_line_and_code_2(pipeline: Pipeline, error: Exception, part: str) -> None:
    pipeline.answer = error
    assert part in complaint(run("scan", "a", "b"))


def test_debugging_shows_the_traceback(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMDETECT_DEBUG", "1")
    pipeline.answer = RuntimeError("a bug")
    assert isinstance(run("scan", "a", "b").exception, RuntimeError)


def test_an_interrupt_ends_quietly(pipeline: Pipeline) -> None:
    pipeline.answer = KeyboardInterrupt()
    result = run("scan", "a", "b")
    assert result.exit_code == 130
    assert result.output.strip() == ""


# --- writing -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("pipeline")
def test_a_failed_write_leaves_the_old_report_and_no_debris(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "r.json"
    target.write_text("old")

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(cli_module.Path, "replace", full)
    assert "No space left" in complaint(run("scan", "a", "b", "-o", str(target)))
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["r.json"]


@pytest.mark.usefixtures("pipeline")
def test_output_files_have_ordinary_permissions_and_keep_those_they_had(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        target = tmp_path / "r.json"
        run("scan", "a", "b", "-o", str(target))
        assert stat.S_IMODE(target.stat().st_mode) == 0o644
        target.chmod(0o600)
        run("scan", "a", "b", "-o", str(target))
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
    finally:
        os.umask(old)


@pytest.mark.usefixtures("pipeline")
def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    run("scan", "a", "b", "-o", str(tmp_path / "link.json"))
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_text().startswith("{")


@pytest.mark.usefixtures("pipeline")
def test_a_device_is_written_to_and_not_replaced() -> None:
    assert run("scan", "a", "b", "-o", os.devnull).exit_code == 1
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@pytest.mark.usefixtures("pipeline")
def test_a_terminal_without_unicode_gets_plain_characters() -> None:
    result = CliRunner(charset="ascii").invoke(cli, ["scan", "a", "b"])
    assert result.exit_code == 1
    assert "src/hash.c:12-20  <->  lib/table.c:40-48" in result.stdout


# --- show ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def stored(tmp_path: Path) -> str:
    path = tmp_path / "report.json"
    path.write_text(render(builders.rich_report(), "json"), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("format", FORMATS)
def test_show_renders_what_scan_would_have(stored: str, format: str) -> None:
    result = run("show", stored, "--format", format)
    assert result.exit_code == 0
    assert result.stdout_bytes == render(builders.rich_report(), format).encode()


def test_show_reads_standard_input(stored: str) -> None:
    assert run("show", "-", input=Path(stored).read_bytes()).stdout.startswith("EVIDENCE FOUND")


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "not valid JSON"),
        (b"\xff\xfe{", "not UTF-8"),
        (b"{}", 'no "schema"'),
        (b'{"schema": "simdetect.report/9"}', "newer simdetect"),
        (None, "cannot read: No such file"),
    ],
)
def test_show_refuses_what_is_not_a_report(tmp_path: Path, content: bytes | None, part: str) -> None:
    path = tmp_path / "x.json"
    if content is not None:
        path.write_bytes(content)
    message = complaint(run("show", str(path)))
    assert message.startswith(f"{path}: ") and part in message


def test_show_refuses_a_directory(tmp_path: Path) -> None:
    assert "cannot read: Is a directory" in complaint(run("show", str(tmp_path)))


# --- languages, help, version --------------------------------------------------------------------------------------


def test_languages_lists_every_row_of_the_table() -> None:
    from simdetect.languages import LANGUAGES

    listed = json.loads(run("languages", "--format", "json").stdout)
    assert [row["name"] for row in listed] == sorted(LANGUAGES)
    table = run("languages").stdout
    assert all(label in table for label in (spec.label for spec in LANGUAGES.values()))


def test_languages_says_lexical_when_there_is_no_grammar(monkeypatch: pytest.MonkeyPatch) -> None:
    from simdetect.languages import LANGUAGES, LanguageSpec

    monkeypatch.setitem(LANGUAGES, "x1", LanguageSpec("x1", "X1", "x1", (".x1",)))
    monkeypatch.setitem(LANGUAGES, "x2", LanguageSpec("x2", "X2", "x2", (".x2",), "m", distribution="no-such-package"))
    rows = {line.split()[0]: line.split(None, 2)[2] for line in run("languages").stdout.splitlines()}
    assert rows["x1"].split() == ["lexical", ".x1"]
    assert rows["x2"].split() == ["no-such-package", "not", "installed:", "lexical", ".x2"]


def test_version() -> None:
    assert run("--version").output == f"simdetect {simdetect.__version__}\n"


def examples(command: click.Command) -> list[str]:
    text = run(*([] if command is cli else [str(command.name)]), "--help").output
    lines = text.split("Examples:\n")[1].splitlines()
    assert all(line.startswith("    simdetect ") for line in lines)
    return [line.strip() for line in lines]


@pytest.mark.usefixtures("pipeline", "audits")
@pytest.mark.parametrize("command", [cli, *cli.commands.values()], ids=lambda command: command.name)
def test_help_ends_with_two_examples_that_work(
    command: click.Command, stored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(stored).parent)
    for name in ("repositories", "run", "another", "upstream", "tasks", "corpus"):
        Path(name).mkdir()
    for name in ("pairs.jsonl", "calibration.json"):
        Path(name).touch()
    lines = examples(command)
    assert len(lines) == 2
    for line in lines:
        assert run(*shlex.split(line)[1:]).exit_code in (0, 1, 3), line


def test_help_does_not_wait_for_numpy() -> None:
    heavy = [
        "numpy",
        "rich",
        "jinja2",
        "pygments",
        "tree_sitter",
        "sklearn",
        "simdetect.model",
        "simdetect.scanning.scanner",
    ]
    code = (
        "import sys\nfrom simdetect.cli import cli\n"
        "try: cli(['scan', '--help'], prog_name='simdetect')\nexcept SystemExit as e: assert not e.code\n"
        f"loaded = [name for name in {heavy!r} if name in sys.modules]\nassert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_module_runs_as_a_program(stored: str) -> None:
    command = [sys.executable, "-m", "simdetect", "show", stored]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == render(builders.rich_report(), "text")


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    findings = tuple(builders.silent_finding(f"src/{i}.c") for i in range(3000))
    stored = tmp_path / "large.json"
    stored.write_text(render(builders.report(findings=findings), "json"))
    command = f"{sys.executable} -m simdetect show {stored} --format json | head -c 10; echo ${{PIPESTATUS[0]}} >&2"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == "0\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_reported(stored: str) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        command = [sys.executable, "-m", "simdetect", "show", stored]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        2,
        "simdetect: cannot write to standard output: No space left on device\n",
    )


# --- progress ------------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Terminal]]:
    """Make standard error a terminal. A function: between fixture and test, pytest replaces standard error again."""

    def attach() -> Terminal:
        attached = Terminal()
        monkeypatch.setattr(sys, "stderr", attached)
        monkeypatch.setenv("TERM", "xterm")
        return attached

    yield attach


def test_progress_shows_stages_when_work_takes_long(terminal: Callable[[], Terminal]) -> None:
    drawn = terminal()
    with ScanProgress(is_shown=True, patience_s=0) as progress:
        progress("read [red]\x1b[2J", 1, 0)
        progress("parse", 3, 10)
    assert "3/10" in drawn.getvalue()
    assert "read [red]\\x1b[2J" in drawn.getvalue()


def test_progress_of_short_or_quiet_work_shows_nothing(terminal: Callable[[], Terminal]) -> None:
    drawn = terminal()
    for progress in (ScanProgress(is_shown=True, patience_s=60), ScanProgress(is_shown=False, patience_s=0)):
        with progress:
            progress("parse", 1, 2)
    assert drawn.getvalue() == ""


def test_progress_is_silent_when_standard_error_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with ScanProgress(is_shown=True, patience_s=0) as progress:
        progress("parse", 1, 2)
    assert capsys.readouterr().err == ""


# --- reports that show code ----------------------------------------------------------------------------------------


def unpacked_code(html: str) -> str:
    """All code that an HTML report holds."""
    blocks = re.findall(r'id="data-code-\d+">([^<]+)<', html)
    return "\n".join(zlib.decompress(base64.b64decode(block)).decode() for block in blocks)


def test_the_html_of_a_scan_holds_all_code_and_that_of_a_stored_report_when_the_sources_are_given(
    trees: tuple[str, str], tmp_path: Path
) -> None:
    page, stored, again = tmp_path / "r.html", tmp_path / "r.json", tmp_path / "again.html"
    run("scan", *trees, "--html", str(page), "--json", str(stored))
    assert (DEMO / "submission" / "main.c").read_text().splitlines()[300] in unpacked_code(page.read_text())
    sources = ("--candidate", trees[0], "--original", trees[1])
    assert run("show", str(stored), *sources, "-o", str(again)).exit_code == 0
    assert again.read_text() == page.read_text()
    without = run("show", str(stored), "--format", "html").stdout
    assert len(unpacked_code(without)) < len(unpacked_code(page.read_text())) / 2


def test_sources_that_are_not_those_of_the_report_are_refused(trees: tuple[str, str], tmp_path: Path) -> None:
    stored = tmp_path / "r.json"
    run("scan", *trees, "--json", str(stored))
    Path(trees[0], "main.c").write_text("int x;\n")
    message = complaint(run("show", str(stored), "--candidate", trees[0]))
    assert "is not the candidate of this report: its digest differs" in message
    assert "is not an original of this report" in complaint(run("show", str(stored), "--original", trees[0]))


@pytest.mark.parametrize("format", FORMATS)
def test_without_source_no_format_holds_a_line_of_code(trees: tuple[str, str], format: str) -> None:
    with_code = run("scan", *trees, "--format", format).stdout
    without = run("scan", *trees, "--format", format, "--no-source").stdout
    code = "static int is_word_byte"
    shown = unpacked_code(with_code) if format == "html" else with_code
    assert code in shown or format == "csv"
    assert code not in without + unpacked_code(without)


def test_a_sarif_report_goes_to_its_file_with_the_folder_of_the_candidate(pipeline: Pipeline, tmp_path: Path) -> None:
    target = tmp_path / "r.sarif"
    assert run("scan", "a", "b", "--sarif", str(target), "--path-prefix", "sub").exit_code == 1
    assert target.read_text() == render(pipeline.answer, "sarif", prefix="sub")


def test_one_finding_is_shown_side_by_side(stored: str) -> None:
    text = run("show", stored, "--finding", "2").stdout
    assert text.startswith("2. src/list.c\n") and "int list_len(List *l)" in text
    assert "there is no finding 9: they are numbered 1 to 2" in complaint(run("show", stored, "--finding", "9"))
    assert "--finding shows text" in complaint(run("show", stored, "--finding", "1", "--format", "html"))


# --- review --------------------------------------------------------------------------------------------------------


def decide(path: Path, report: Any) -> Path:
    """A file that accepts all evidence of a report."""
    entries = [
        f'[[decision]]\nfingerprint = "{piece.fingerprint}"\ndecision = "accepted"\nreason = "ticket 7"\n'
        for finding in report.findings
        for piece in finding.evidence
    ]
    path.write_text("\n".join(entries))
    return path


def test_decided_evidence_is_shown_and_does_not_fail_the_run(pipeline: Pipeline, tmp_path: Path) -> None:
    decisions = decide(tmp_path / "ours.toml", pipeline.answer)
    result = run("scan", "a", "b", "--decisions", str(decisions), "-v")
    assert result.exit_code == 0
    assert "EVIDENCE FOUND" in result.stdout and "review: accepted: ticket 7" in result.stdout
    assert result.stderr == "simdetect: no open evidence: what was found is decided, or known from the baseline\n"


@pytest.mark.usefixtures("pipeline")
def test_decisions_beside_the_run_are_found_unless_the_candidate_brings_them(
    pipeline: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "submission").mkdir()
    decide(tmp_path / "simdetect.toml", pipeline.answer)
    assert run("scan", "submission", "b").exit_code == 0
    for candidate in (".", str(tmp_path), f"{tmp_path}@main"):
        own_word = run("scan", candidate, "b")
        assert own_word.exit_code == 1
        assert "simdetect.toml lies inside the candidate and is not read" in own_word.stderr
    assert run("scan", ".", "b", "--decisions", "simdetect.toml").exit_code == 0


def test_a_baseline_fails_only_on_what_is_new(pipeline: Pipeline, tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_text(render(pipeline.answer, "json"))
    assert run("scan", "a", "b", "--baseline", str(old)).exit_code == 0
    fresh = builders.finding("src/new.c", evidence=(builders.evidence(fingerprint="f" * 16, bits=400.0),), n_evidence=1)
    pipeline.answer = builders.report(findings=(*pipeline.answer.findings, fresh))
    result = run("scan", "a", "b", "--baseline", str(old), "-v")
    assert result.exit_code == 1
    assert "known from the baseline (old.json)" in result.stdout and "1 file with open evidence" in result.stdout


def test_bad_decisions_and_baselines_are_one_line_before_the_scan(pipeline: Pipeline, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("[[decision]]\n")
    assert f"{bad}: decision 1: fingerprint" in complaint(run("scan", "a", "b", "--decisions", str(bad)))
    assert "not a simdetect report" in complaint(run("scan", "a", "b", "--baseline", str(bad)))
    assert pipeline.calls == []


def test_a_stored_report_takes_decisions_too(stored: str, tmp_path: Path) -> None:
    decisions = decide(tmp_path / "ours.toml", builders.rich_report())
    assert "accepted: ticket 7" in run("show", stored, "--decisions", str(decisions), "-v").stdout


@pytest.mark.parametrize(
    ("verdict", "fail_on", "code"),
    [
        ("evidence", "inconclusive", 1),
        ("evidence", "evidence", 1),
        ("evidence", "never", 0),
        ("inconclusive", "inconclusive", 3),
        ("inconclusive", "evidence", 0),
        ("inconclusive", "never", 0),
        ("no-evidence", "inconclusive", 0),
    ],
)
def test_fail_on_says_from_where_the_exit_code_speaks(
    pipeline: Pipeline, verdict: str, fail_on: str, code: int
) -> None:
    pipeline.answer = builders.report(summary=builders.summary(verdict=Verdict(verdict)))
    assert run("scan", "a", "b", "--fail-on", fail_on).exit_code == code


def test_fail_on_never_is_stronger_than_strict(pipeline: Pipeline) -> None:
    lost = (builders.report().skipped[1],)
    pipeline.answer = builders.report(summary=CLEAN.summary, findings=(), skipped=lost)
    assert run("scan", "a", "b", "--strict").exit_code == 3
    assert run("scan", "a", "b", "--strict", "--fail-on", "never").exit_code == 0


def test_a_real_scan_is_settled_by_its_own_report(trees: tuple[str, str], tmp_path: Path) -> None:
    old, page = tmp_path / "old.json", tmp_path / "r.html"
    assert run("scan", *trees, "--json", str(old)).exit_code == 1
    again = run("scan", *trees, "--baseline", str(old), "--html", str(page))
    assert again.exit_code == 0, again.output
    assert "no file with open evidence" in page.read_text()
    copied = Path(trees[0], "more.c")
    copied.write_text((DEMO / "original" / "src" / "parse.c").read_text())
    assert run("scan", *trees, "--baseline", str(old)).exit_code == 1
