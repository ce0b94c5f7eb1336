"""The command line: arguments in, one library function, a report out, an exit code.

Exit codes: 0 no evidence, or none that is open, 1 evidence, 2 bad usage or input, 3 inconclusive, 130 interrupted.
Errors are one line on standard error. What a command needs is imported inside it: `--help` must not wait for numpy.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simdetect import __version__
from simdetect.errors import InputError, SimdetectError
from simdetect.options import MOST_JOBS, ScanOptions
from simdetect.report import FORMATS, Detail, format_of, load_report, render
from simdetect.report.safe import clip, visible

if TYPE_CHECKING:
    from simdetect.corpus.search import Cover
    from simdetect.model import ScanReport, SourceTree
    from simdetect.report.review import Baseline, Decisions
    from simdetect.report.source_texts import SourceTexts

__all__ = ["cli", "main"]

EXIT_BAD_INPUT = 2
EXIT_INCONCLUSIVE = 3
EXIT_INTERRUPTED = 130
_EXIT_BY_VERDICT = {"no-evidence": 0, "evidence": 1, "inconclusive": EXIT_INCONCLUSIVE}
# Which of these codes --fail-on lets through.
_FAIL_ON = {"inconclusive": (1, EXIT_INCONCLUSIVE), "evidence": (1,), "never": ()}

_DEFAULTS = ScanOptions()
_DECISIONS = "simdetect.toml"
_LONGEST_LIMIT_S = 86_400
_STDOUT = "-"
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class _FolderOrUrl(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A folder that exists, or a URL, which is looked at later."""

    name = "folder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        text = os.fspath(value)
        return text if "://" in text or "::" in text else Path(_FOLDER.convert(value, param, ctx))


_FOLDER_OR_URL = _FolderOrUrl()
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DEBUG_VARIABLE = "SIMDETECT_DEBUG"
_USEFUL_JOBS = 8  # comparing is the work of one process: more would wait for it
_GARBAGE_OBJECTS = 200_000  # made before Python looks for garbage: it looks through all of a report that is being made
# For terminals that cannot show what the text report draws with.
_PLAIN = str.maketrans({"│": "|", "↔": "<->", "…": "...", "“": '"', "”": '"', "≠": "#"})


# --- errors --------------------------------------------------------------------------------------------------------


class _Group(click.Group):
    """Turns whatever goes wrong into one line and an exit code, also when run by a test."""

    def main(self, *args: Any, **extra: Any) -> Any:
        extra["standalone_mode"] = False
        try:
            code = super().main(*args, **extra)
        except (click.Abort, KeyboardInterrupt):
            code = EXIT_INTERRUPTED
        except Exception as error:
            if os.environ.get(_DEBUG_VARIABLE):
                raise
            _complain(_explain(error))
            code = EXIT_BAD_INPUT
        sys.exit(code if isinstance(code, int) else 0)


def _explain(error: Exception) -> str:
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "simdetect"
        return f"{error.format_message()} (see '{command} --help')"
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, SimdetectError):
        return str(error)
    if isinstance(error, OSError):
        return _os_problem(error)
    kind = f"{type(error).__name__}: {error}".rstrip(": ")
    return f"internal error, please report it ({kind}; {_DEBUG_VARIABLE}=1 shows where)"


def _os_problem(error: OSError) -> str:
    name = f"{os.fspath(error.filename)!s}: " if error.filename is not None else ""
    return f"{name}{error.strerror or error}"


def _complain(message: str) -> None:
    line = visible(" ".join(message.split()))
    with contextlib.suppress(OSError):
        click.echo(f"simdetect: {line.encode('utf-8', 'backslashreplace').decode()}", err=True)


class _Command(click.Command):
    """Reports every bad option at once, where click stops at the first."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        problems: list[str] = []
        ctx.meta[__name__] = problems
        rest = self._parse_known(ctx, args, problems)
        problems += _output_problems(ctx.params)
        if problems:
            raise click.UsageError(" ".join(problems), ctx)
        return rest

    def _parse_known(self, ctx: click.Context, args: list[str], problems: list[str]) -> list[str]:
        """Parse, taking out unknown options one by one: their names are all that can be said about them."""
        try:
            return super().parse_args(ctx, list(args))
        except click.NoSuchOption as error:
            problems.append(error.format_message())
            known = [arg for arg in args if arg.split("=")[0] != error.option_name]
            if len(known) == len(args):
                raise
            return self._parse_known(ctx, known, problems)


class _Collecting(click.Parameter):
    """A parameter whose bad value is noted instead of raised."""

    def handle_parse_result(self, ctx: click.Context, opts: Any, args: list[str]) -> tuple[Any, list[str]]:
        try:
            return super().handle_parse_result(ctx, opts, args)
        except click.UsageError as error:
            ctx.meta[__name__].append(error.format_message())
            return None, args


class _Option(_Collecting, click.Option):
    pass


class _Argument(_Collecting, click.Argument):
    pass


_option = functools.partial(click.option, cls=_Option)
_argument = functools.partial(click.argument, cls=_Argument)


# --- output --------------------------------------------------------------------------------------------------------


def _output_problems(params: dict[str, Any]) -> list[str]:
    """What is wrong with where a command shall write: better known before a long scan than after it."""
    named = (("-o", "output"), ("--html", "html"), ("--json", "json_file"), ("--sarif", "sarif"))
    targets = [(flag, params[name]) for flag, name in named if params.get(name)]
    problems = [problem for flag, target in targets for problem in _target_problems(flag, target)]
    seen: dict[str, str] = {} if params.get("output") else {_STDOUT: "the report"}
    for flag, target in targets:
        key = target if target == _STDOUT else str(Path(target).resolve())
        if key in seen:
            problems.append(f"{seen[key]} and {flag} write to the same place.")
        seen[key] = flag
    if params.get("finding") and params.get("format") not in (None, "text"):
        problems.append("--finding shows text, no other format.")
    if params.get("quiet") and params.get("verbose"):
        problems.append("-q and -v contradict each other.")
    return problems


def _target_problems(flag: str, target: str) -> Iterator[str]:
    path = Path(target)
    if target == _STDOUT or "://" in target:
        return
    if path.is_dir():
        yield f"Invalid value for '{flag}': {clip(target, 200)} is a directory."
    elif not path.absolute().parent.is_dir():
        yield f"Invalid value for '{flag}': there is no directory {clip(str(path.parent), 200)}."


def _write(text: str, target: str, is_data: bool) -> None:
    """Write a report to a file, whole or not at all, or to standard output."""
    if target == _STDOUT:
        _write_stdout(text, is_data)
    elif Path(target).exists() and not Path(target).is_file():
        Path(target).write_bytes(text.encode())  # a device or pipe cannot be replaced
    else:
        _write_file(text.encode(), Path(target).resolve())


def _write_file(content: bytes, path: Path) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _write_stdout(text: str, is_data: bool) -> None:
    """Data goes out as UTF-8, text in the terminal's encoding. A reader who has seen enough is no error."""
    try:
        click.echo(text.encode() if is_data else _encodable(text), nl=False)
    except OSError as error:
        with contextlib.suppress(OSError, ValueError):  # otherwise the exit flushes, and fails, once more
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise InputError(f"cannot write to standard output: {error.strerror}") from None


def _encodable(text: str) -> str:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)
    return text


def _emit(
    report: ScanReport,
    format: str | None,
    output: str | None,
    detail: Detail,
    texts: SourceTexts | None = None,
    prefix: str = "",
) -> None:
    """Render a report and write it: to the terminal at its width and with its colours, elsewhere plain."""
    chosen = format or format_of(output or "")
    width, has_color = _terminal(output)
    text = render(report, chosen, width=width, color=has_color, detail=detail, texts=texts, prefix=prefix)
    _write(text, output or _STDOUT, is_data=chosen != "text")


def _terminal(output: str | None) -> tuple[int | None, bool]:
    """Columns of the terminal that is written to, and whether it has colours; None and False elsewhere."""
    is_terminal = output in (None, _STDOUT) and sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_terminal else None
    return width, is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _detail(quiet: bool, verbose: bool) -> Detail:
    return "short" if quiet else "full" if verbose else "normal"


# --- commands ------------------------------------------------------------------------------------------------------


def _examples(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def _n_cpus() -> int:
    """Processors that this process may use, as far as more of them help."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(_USEFUL_JOBS, usable)


_jobs_option = _option(
    "--jobs",
    type=click.IntRange(1, MOST_JOBS),
    default=_n_cpus,
    metavar="N",
    help=f"Worker processes. [default: one for each processor, at most {_USEFUL_JOBS}]",
)


def _all(*decorators: Callable[..., Any]) -> Callable[..., Any]:
    """Several options at once, in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(decorators):
            command = option(command)
        return command

    return decorate


_SECONDS = click.FloatRange(min=0, min_open=True, max=_LONGEST_LIMIT_S)
_SHARE = click.FloatRange(min=0, min_open=True, max=1)
_LIMIT_HELP = f"Longest parse of one file; then its plain tokens are compared. [default: {_DEFAULTS.limit_seconds:g}]"


_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,9})?) ?([KMGT]?)(?:i?B)?", re.IGNORECASE | re.ASCII)


class _Size(click.ParamType):  # type: ignore[type-arg]  # generic only in newer releases of click
    """A number of bytes: 1048576, 512K, 16M, 1.5G; with or without "iB" or "B" behind the letter."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = _SIZE.fullmatch(value.strip())
        n_bytes = int(float(found[1]) * _UNITS[found[2].upper()]) if found else 0
        if n_bytes < 1:
            self.fail(f"{value!r} is no size, such as 500000, 64M or 1.5G.", param, ctx)
        return n_bytes


def _size_words(n_bytes: int) -> str:
    """The shortest exact way to write a default: "16M"."""
    for letter in "GMK":
        if n_bytes % _UNITS[letter] == 0:
            return f"{n_bytes // _UNITS[letter]}{letter}"
    return str(n_bytes)


def _size_option(name: str, what: str) -> Callable[..., Any]:
    help = f"{what} [default: {_size_words(getattr(_DEFAULTS, name))}]"
    return _option(f"--{name.replace('_', '-')}", type=_Size(), metavar="SIZE", help=help)


def _count_option(name: str, what: str) -> Callable[..., Any]:
    help = f"{what} [default: {getattr(_DEFAULTS, name)}]"
    return _option(f"--{name.replace('_', '-')}", type=click.IntRange(min=1), metavar="N", help=help)


_TOTAL_HELP = (
    f"Longest reading and analysing of all inputs; the rest is skipped. [default: {_DEFAULTS.limit_total_seconds:g}]"
)
# What may be used up. Every limit of ScanOptions is here, with --limit-seconds; docs/security.md explains them.
_limit_options = _all(
    _option("--limit-total-seconds", type=_SECONDS, metavar="S", help=_TOTAL_HELP),
    _size_option("limit_memory_bytes", "Address space of a worker process."),
    _size_option("max_file_bytes", "Larger files are skipped."),
    _size_option("max_parse_bytes", "Of larger files plain tokens are compared."),
    _count_option("max_files", "Files read of an input."),
    _size_option("max_total_bytes", "Bytes read of an input."),
    _size_option("max_code_bytes", "Bytes of code kept of an input; memory is some 15 times as much."),
    _size_option("max_archive_bytes", "Extracted bytes of an archive."),
    _count_option("max_archive_members", "Members read of an archive."),
    _count_option("max_path_bytes", "Longer paths of folders are not descended into."),
    _size_option("max_cache_bytes", "What the cache may hold on disk."),
)
_reading_options = _all(
    _option("--exclude", multiple=True, metavar="GLOB", help="Leave out files whose path matches, on every side."),
    _option("--limit-seconds", type=_SECONDS, metavar="S", help=_LIMIT_HELP),
    _option("--no-cache", is_flag=True, help="Neither use nor keep results of earlier runs."),
    _limit_options,
)
_output_options = _all(
    _option("--format", type=click.Choice(FORMATS), help="Default: by the suffix of -o, otherwise text."),
    _option("-o", "--output", metavar="FILE", help="Write the report here instead of to standard output."),
    _option("-q", "--quiet", is_flag=True, help="No progress bars; of the text report only the verdict."),
    _option("-v", "--verbose", is_flag=True, help="Everything listed, not only the strongest findings."),
)
_scan_options = _all(
    _reading_options,
    _option(
        "--threshold",
        type=_SHARE,
        metavar="P",
        help="Probability from which a file counts as evidence. [default: calibrated by language]",
    ),
    _option("--background", type=_FOLDER, metavar="DIR", help="Background models of your own."),
    _option("--calibration", type=_FILE, metavar="FILE", help="A calibration made by 'simdetect calibrate'."),
)


def _options(settings: dict[str, Any]) -> ScanOptions:
    """The options that were given; the rest are the defaults, and the cache is the user's."""
    from simdetect.store import default_cache_folder

    cache = None if settings.pop("no_cache") else default_cache_folder()
    return ScanOptions(cache=cache, **{name: value for name, value in settings.items() if value is not None})


def _report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options on what a report holds, shared by commands that make one and that show one."""
    decorators = (
        _option("--no-source", is_flag=True, help="No code in any report: lines and digests only."),
        _option(
            "--path-prefix", default="", metavar="DIR", help="In SARIF: where the candidate lies in the repository."
        ),
        _option(
            "--decisions",
            type=_FILE,
            metavar="FILE",
            help=f"What reviewers decided, see docs/review.md. [default: {_DECISIONS} here, for scans]",
        ),
        _option("--baseline", type=_FILE, metavar="REPORT.json", help="An earlier report; what it holds is not new."),
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


@click.group(
    cls=_Group,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_examples("simdetect scan submission/ upstream/", "simdetect scan --help"),
)
@click.version_option(__version__, prog_name="simdetect", message="%(prog)s %(version)s")
def cli() -> None:
    """Evidence of verbatim recall: compare a candidate with the original it may have been memorised from.

    Exit codes: 0 no evidence, 1 evidence, 2 bad usage or input, 3 inconclusive.
    """


@cli.command(
    cls=_Command,
    epilog=_examples(
        "simdetect scan submission/ upstream/",
        "simdetect scan submission/ upstream/ --given docs/ --html report.html --json report.json",
    ),
)
@_argument("candidate")
@_argument("originals", metavar="ORIGINAL...", nargs=-1, required=True)
@_option("--given", multiple=True, metavar="PATH", help="Material the author was given; agreement with it is excluded.")
@_option("--base", multiple=True, metavar="PATH", help="Code handed out to build on; agreement with it is excluded.")
@_option("--html", metavar="FILE", help="Also write an HTML report.")
@_option("--json", "json_file", metavar="FILE", help="Also write a JSON report.")
@_option("--sarif", metavar="FILE", help="Also write a SARIF report.")
@_scan_options
@_jobs_option
@_option("--strict", is_flag=True, help="Exit 3 instead of 0 when a file could not be read or fully parsed.")
@_option(
    "--fail-on",
    type=click.Choice(tuple(_FAIL_ON)),
    default="inconclusive",
    help="What ends with another code than 0: evidence and what is inconclusive, evidence only, or nothing."
    " [default: inconclusive]",
)
@_report_options
@_output_options
def scan(
    candidate: str,
    originals: tuple[str, ...],
    given: tuple[str, ...],
    base: tuple[str, ...],
    html: str | None,
    json_file: str | None,
    sarif: str | None,
    strict: bool,
    fail_on: str,
    no_source: bool,
    path_prefix: str,
    decisions: Path | None,
    baseline: Path | None,
    format: str | None,
    output: str | None,
    quiet: bool,
    verbose: bool,
    **settings: Any,
) -> int:
    """Compare CANDIDATE with one or more ORIGINALs and report what agrees.

    Each is a directory, a file, an archive (.tar, .tar.gz, .tar.zst, .zip) or a git revision written PATH@REVISION.
    An ORIGINAL may also be an index, made by 'simdetect index'.
    """
    from simdetect.report.progress import ScanProgress
    from simdetect.scanning import scanner as pipeline

    options = _options(settings)
    reviewed = _reviews(decisions or _decisions_here(candidate), baseline)
    collected: list[SourceTexts] = []
    with ScanProgress(is_shown=not quiet) as progress:
        report = pipeline.scan(
            candidate,
            *originals,
            given=given,
            base=base,
            options=options,
            progress=progress,
            on_sources=lambda own, theirs: collected.append(_texts(own, theirs)),
        )
    report = _prepared(report, no_source, *reviewed)
    texts = None if no_source or not collected else collected[0]
    for extra_format, target in (("html", html), ("json", json_file), ("sarif", sarif)):
        if target:
            _emit(report, extra_format, target, "normal", texts, path_prefix)
    _emit(report, format, output, _detail(quiet, verbose), texts, path_prefix)
    return _exit_code(report, strict, fail_on)


def _texts(own: SourceTree, theirs: Sequence[SourceTree]) -> SourceTexts:
    from simdetect.report.source_texts import SourceTexts

    return SourceTexts.of(own, theirs)


def _decisions_here(candidate: str) -> Path | None:
    """The decisions beside the run. Inside the candidate they would be the word of its author, so they are not read."""
    found = Path(_DECISIONS)
    if not found.is_file():
        return None
    roots = [Path(name).resolve() for name in (candidate, candidate.rpartition("@")[0]) if name]
    if any(found.resolve().is_relative_to(root) for root in roots):
        _complain(f"{_DECISIONS} lies inside the candidate and is not read; if you trust it, name it with --decisions")
        return None
    return found


def _reviews(decisions: Path | None, baseline: Path | None) -> tuple[Decisions | None, Baseline | None]:
    """Read both before a long scan. Raises InputError."""
    import hashlib

    from simdetect.report.review import Baseline, parse_decisions

    decided = known = None
    if decisions is not None:
        with _naming(str(decisions)):
            decided = parse_decisions(_read(str(decisions)), decisions.name)
    if baseline is not None:
        with _naming(str(baseline)):
            text = _read(str(baseline))
            known = Baseline(baseline.name, hashlib.sha256(text.encode()).hexdigest(), load_report(text))
    return decided, known


@contextlib.contextmanager
def _naming(file: str) -> Iterator[None]:
    """Errors about what a file holds begin with its name."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{clip(file, 200)}: {error}") from None


def _prepared(
    report: ScanReport, is_without_source: bool, decisions: Decisions | None, baseline: Baseline | None
) -> ScanReport:
    """The report with its reviews, and without code if it shall hold none."""
    from simdetect.report.review import apply_review
    from simdetect.report.source_texts import without_source

    if decisions or baseline:
        report = apply_review(report, decisions, baseline)
    return without_source(report) if is_without_source else report


def _exit_code(report: ScanReport, is_strict: bool, fail_on: str) -> int:
    from simdetect.report.review import open_findings

    code = _EXIT_BY_VERDICT[report.summary.verdict]
    if code == 1 and not open_findings(report):
        _complain("no open evidence: what was found is decided, or known from the baseline")
        code = 0
    if is_strict and code == 0:
        code = _strict_code(report)
    return code if code in _FAIL_ON[fail_on] else 0


def _strict_code(report: ScanReport) -> int:
    from simdetect.report.words import incomplete_words

    problem = incomplete_words(report)
    if problem is None:
        return 0
    _complain(f"inconclusive because of --strict: {problem}")
    return EXIT_INCONCLUSIVE


@cli.command(
    cls=_Command,
    epilog=_examples("simdetect show report.json", "simdetect show report.json --format html -o report.html"),
)
@_argument("report_file", metavar="REPORT.json")
@_option("--finding", type=click.IntRange(min=1), metavar="N", help="Only this finding, both sides line by line.")
@_option("--candidate", metavar="PATH", help="The candidate that was scanned, to show all of its code.")
@_option("--original", multiple=True, metavar="PATH", help="An original that was scanned, to show all of its code.")
@_report_options
@_output_options
def show(
    report_file: str,
    finding: int | None,
    candidate: str | None,
    original: tuple[str, ...],
    no_source: bool,
    path_prefix: str,
    decisions: Path | None,
    baseline: Path | None,
    format: str | None,
    output: str | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Show a stored JSON report in any format, without scanning again. REPORT.json may be - for standard input.

    A report holds no sources. Without --candidate and --original only excerpts of the strongest evidence can be shown.

    Exit codes: 0 shown, 2 not a report that can be read.
    """
    with _naming(report_file):
        report = load_report(_read(report_file))
    texts = None if no_source else _texts_again(report, candidate, original)
    report = _prepared(report, no_source, *_reviews(decisions, baseline))
    if finding is None:
        _emit(report, format, output, _detail(quiet, verbose), texts, path_prefix)
    else:
        _emit_finding(report, finding, output, texts)
    return 0


def _texts_again(report: ScanReport, candidate: str | None, originals: Sequence[str]) -> SourceTexts | None:
    """The sources of a stored report, read once more as the scan read them. Raises InputError when they differ."""
    if candidate is None and not originals:
        return None
    from simdetect.model import Side
    from simdetect.report.source_texts import SourceTexts
    from simdetect.sources import read_tree

    names = {field.name for field in fields(ScanOptions) if field.name.startswith("max_")} | {"exclude"}
    options = ScanOptions(**{name: report.settings[name] for name in names if name in report.settings})
    own = None if candidate is None else read_tree(candidate, Side.CANDIDATE, options)
    return SourceTexts.checked(report, own, [read_tree(path, Side.ORIGINAL, options) for path in originals])


def _emit_finding(report: ScanReport, number: int, output: str | None, texts: SourceTexts | None) -> None:
    from simdetect.report.finding import render_finding

    width, has_color = _terminal(output)
    text = render_finding(report, number, texts, width=width, color=has_color)
    _write(text, output or _STDOUT, is_data=False)


def _read(name: str) -> str:
    try:
        content = sys.stdin.buffer.read() if name == _STDOUT else Path(name).read_bytes()
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("not a simdetect report: not UTF-8 text") from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read: {getattr(error, 'strerror', None) or error}") from None


@cli.command(
    cls=_Command,
    epilog=_examples(
        "simdetect calibrate pairs.jsonl --work repositories/ -o calibration.json",
        "simdetect scan submission/ upstream/ --calibration calibration.json",
    ),
)
@_argument("pairs", metavar="PAIRS.jsonl...", nargs=-1, required=True, type=_FILE)
@_option("--work", multiple=True, required=True, type=_FOLDER, help="Where the repositories lie, as <owner>+<name>.")
@_option("-o", "--output", metavar="FILE", help="Write the calibration here instead of to standard output.")
@_option("--background", type=_FOLDER, metavar="DIR", help="Background models of your own.")
@_option(
    "--rate",
    type=click.FloatRange(min=0, max=0.5, min_open=True),
    default=0.005,
    metavar="R",
    help="Share of independent files that thresholds let through. [default: 0.005]",
)
@_option(
    "--jobs", type=click.IntRange(1, MOST_JOBS), metavar="N", help=f"Worker processes. [default: {_DEFAULTS.jobs}]"
)
@_option("-q", "--quiet", is_flag=True, help="Do not name each pair when it is done.")
def calibrate(
    pairs: tuple[Path, ...], work: tuple[Path, ...], output: str | None, rate: float, quiet: bool, **settings: Any
) -> int:
    """Fit probability and thresholds to labelled pairs of your own, described in docs/method.md.

    Says on standard error how many files and pairs were used, and which pairs were not, and why.
    """
    from simdetect.training import labelled

    options = ScanOptions(**{name: value for name, value in settings.items() if value is not None})
    found = labelled.calibrate(pairs, work, options, rate, None if quiet else _say)
    _write(json.dumps(found.calibration, sort_keys=True) + "\n", output or _STDOUT, is_data=True)
    for note in found.notes:
        _say(note)
    return 0


def _say(line: str) -> None:
    click.echo(visible(line), err=True)


# --- whole runs ----------------------------------------------------------------------------------------------------


@cli.command(
    cls=_Command,
    epilog=_examples(
        "simdetect audit run/ --originals upstream/",
        "simdetect audit run/ another/ --originals upstream/ --tasks tasks/ -o audit/ --workers 2",
    ),
)
@_argument("runs", metavar="RUN...", nargs=-1, required=True, type=_FOLDER_OR_URL)
@_option(
    "--originals", type=_FOLDER_OR_URL, required=True, metavar="DIR", help="Originals, by instance or by repository."
)
@_option("--tasks", type=_FOLDER_OR_URL, metavar="DIR", help="task.yaml files: repository, commit, language.")
@_option("--given-dir", type=_FOLDER_OR_URL, metavar="DIR", help="What the author of each instance was given.")
@_option("-o", "--output", "folder", metavar="DIR", help="Write everything here instead of into the runs.")
@_option("--filter", "pattern", metavar="REGEX", help="Only instances in whose names this is found.")
@_option("--workers", type=click.IntRange(min=1), default=1, metavar="N", help="Worker processes. [default: 1]")
@_option("--scheduler", metavar="ADDRESS", help="Run on the Dask cluster of this scheduler, as tcp://host:8786.")
@_option("--html", "with_html", is_flag=True, help="Also write an HTML report for each instance.")
@_option("--format", type=click.Choice(("text", "json", "markdown")), default="text", help="Default: text.")
@_option("-q", "--quiet", is_flag=True, help="No progress.")
@_scan_options
def audit(
    runs: tuple[Path | str, ...],
    originals: Path | str,
    tasks: Path | str | None,
    given_dir: Path | str | None,
    folder: str | None,
    pattern: str | None,
    workers: int,
    scheduler: str | None,
    with_html: bool,
    format: str,
    quiet: bool,
    **settings: Any,
) -> int:
    """Scan every instance of benchmark RUNs: folders of <instance>/submission.tar.gz.

    Writes <instance>.simdetect.json beside each submission, and _stats/recall_probability.json,
    _stats/recall_bits.json and a summary (_stats/simdetect.json, .md, .html) into each run. Started again, it goes on
    where it was. Exit codes: 0 no evidence, 1 evidence in some instance, 2 bad usage or input, 3 no evidence, but
    some instance is inconclusive or could not be scanned.
    """
    from simdetect.audit import run as audits
    from simdetect.report import render_audit
    from simdetect.report.progress import ScanProgress
    from simdetect.running.pool import cluster_executor

    what = audits.Audit(runs, originals, tasks, given_dir, folder or None, pattern, with_html)
    options = _options(settings)
    with contextlib.ExitStack() as stack:
        progress = stack.enter_context(ScanProgress(is_shown=not quiet, has_eta=True))
        executor = stack.enter_context(cluster_executor(scheduler)) if scheduler else None
        report = audits.audit(what, workers=workers, executor=executor, options=options, progress=progress)
    _write_stdout(render_audit(report, format), is_data=format != "text")
    verdicts = {result.verdict for result in report.instances}
    return 1 if "evidence" in verdicts else 0 if verdicts == {"no-evidence"} else EXIT_INCONCLUSIVE


# --- what is kept between runs ---------------------------------------------------------------------------------------


@cli.command(
    cls=_Command,
    epilog=_examples(
        "simdetect index upstream/ -o upstream.sdx",
        "simdetect scan submission/ upstream.sdx",
    ),
)
@_argument("originals", metavar="ORIGINAL...", nargs=-1, required=True)
@_option("-o", "--output", "target", metavar="FILE", required=True, help="Write the index, or the corpus, here.")
@_option("--corpus", "is_corpus", is_flag=True, help="Make or extend a folder that 'simdetect search' looks in.")
@_option("--no-source", is_flag=True, help="Keep no source text: reports then have no excerpts of the originals.")
@_option("--scheduler", metavar="ADDRESS", help="With --corpus: on the Dask cluster of this scheduler.")
@_option("-q", "--quiet", is_flag=True, help="No progress bars.")
@_jobs_option
@_reading_options
def index(
    originals: tuple[str, ...],
    target: str,
    is_corpus: bool,
    no_source: bool,
    scheduler: str | None,
    quiet: bool,
    **settings: Any,
) -> int:
    """Fingerprint ORIGINALs once, to scan many candidates against them.

    The index stands wherever 'simdetect scan' takes an ORIGINAL. With --corpus the ORIGINALs become members of a
    folder in which 'simdetect search' finds out which of them a candidate comes from; one that cannot be read is named
    and left out. Exit codes: 0 written, 2 bad usage or input.
    """
    from simdetect.report.progress import ScanProgress
    from simdetect.scanning import scanner as pipeline

    problems = [] if is_corpus else list(_target_problems("-o", target))
    if target == _STDOUT:
        problems.append("An index is a file: -o - is not possible.")
    if scheduler and not is_corpus:
        problems.append("--scheduler needs --corpus: one index is made on one machine.")
    if problems:
        raise click.UsageError(" ".join(problems), click.get_current_context())
    options = _options(settings)
    with ScanProgress(is_shown=not quiet, has_eta=is_corpus) as progress:
        if not is_corpus:
            pipeline.index(target, *originals, with_text=not no_source, options=options, progress=progress)
            return 0
        from simdetect.corpus.search import index_corpus
        from simdetect.running.pool import cluster_executor

        with contextlib.ExitStack() as stack:
            executor = stack.enter_context(cluster_executor(scheduler)) if scheduler else None
            lost = index_corpus(
                Path(target), originals, options, with_text=not no_source, executor=executor, progress=progress
            )
    for problem in lost:
        _complain(f"left out: {problem}")
    return 0


@cli.command(
    cls=_Command,
    epilog=_examples(
        "simdetect search submission/ --index corpus/",
        "simdetect search submission/main.c --index corpus/ --format json",
    ),
)
@_argument("candidate")
@_option("--index", "folder", required=True, type=_FOLDER, metavar="CORPUS", help="Made by 'simdetect index --corpus'.")
@_option("--format", type=click.Choice(("text", "json")), default="text", help="Default: text.")
@_option("-q", "--quiet", is_flag=True, help="No progress bars.")
@_jobs_option
@_reading_options
def search(candidate: str, folder: Path, format: str, quiet: bool, **settings: Any) -> int:
    """Find out which originals of a CORPUS a CANDIDATE comes from.

    Names the original that explains most of the candidate, then what each further one adds. Exit codes: 0 none found,
    1 some found, 2 bad usage or input.
    """
    from simdetect.corpus import search as corpus
    from simdetect.report.progress import ScanProgress

    options = _options(settings)
    with ScanProgress(is_shown=not quiet) as progress:
        cover = corpus.search(candidate, folder, options, progress)
    text = json.dumps(asdict(cover), indent=1) + "\n" if format == "json" else _cover_text(cover)
    _write_stdout(text, is_data=format == "json")
    return int(bool(cover.sources))


def _cover_text(cover: Cover) -> str:
    def share(n: int) -> str:
        return f"{n / max(1, cover.n_tokens):6.1%}"

    lines = [f"{cover.n_tokens:,} tokens of {visible(clip(cover.label, 200))}, {cover.n_searched:,} originals searched"]
    for source in cover.sources:
        lines.append(f"{share(source.n_tokens)} from {visible(clip(source.label, 200))}")
        lines.append(f"        heaviest agreement {source.bits:,.0f} bits, {visible(clip(source.best, 300))}")
    return "\n".join([*lines, f"{share(cover.n_unexplained)} unexplained"]) + "\n"


@cli.command(cls=_Command, epilog=_examples("simdetect cache info", "simdetect cache clear"))
@_argument("action", type=click.Choice(("info", "clear")))
def cache(action: str) -> int:
    """Show or clear the results that scans keep for later scans.

    SIMDETECT_CACHE_DIR names another folder than the platform's.
    """
    from simdetect.store import Cache, default_cache_folder

    kept = Cache(default_cache_folder(), _DEFAULTS.max_cache_bytes)
    found = kept.info() if action == "info" else kept.clear()
    state = "" if action == "info" else "cleared: "
    held = f"{found.n_entries:,} results of files, {found.n_indexes:,} indexes of originals"
    _write_stdout(f"{state}{held}, {found.n_bytes / 1e6:,.1f} MB in {found.path}\n", is_data=False)
    return 0


@cli.command(cls=_Command, epilog=_examples("simdetect languages", "simdetect languages --format json"))
@_option("--format", type=click.Choice(("text", "json")), default="text", help="Default: text.")
def languages(format: str) -> int:
    """List the supported languages with the versions of their installed grammars.

    A language without a grammar is compared by lexical tokens.
    """
    rows = _language_rows()
    text = json.dumps(rows, indent=1) + "\n" if format == "json" else _language_table(rows)
    _write_stdout(text, is_data=format == "json")
    return 0


def _language_rows() -> list[dict[str, Any]]:
    from simdetect.languages import LANGUAGES

    return [
        {
            "name": spec.name,
            "label": spec.label,
            "extensions": list(spec.extensions),
            "grammar": spec.distribution or None,
            "version": _installed_version(spec.distribution),
        }
        for spec in sorted(LANGUAGES.values(), key=lambda spec: spec.name)
    ]


def _installed_version(distribution: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(distribution) if distribution else None
    except PackageNotFoundError:
        return None


def _language_table(rows: list[dict[str, Any]]) -> str:
    cells = [("NAME", "LANGUAGE", "GRAMMAR", "EXTENSIONS")]
    for row in rows:
        version = row["version"] or "not installed: lexical"
        grammar = f"{row['grammar']} {version}" if row["grammar"] else "lexical"
        cells.append((row["name"], row["label"], grammar, " ".join(row["extensions"])))
    widths = [max(len(row[column]) for row in cells) for column in range(3)]
    return "".join(f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:<{widths[2]}}  {d}".rstrip() + "\n" for a, b, c, d in cells)


def main() -> None:
    """Run the command line and exit."""
    gc.set_threshold(_GARBAGE_OBJECTS, *gc.get_threshold()[1:])
    try:
        cli()
    finally:
        gc.freeze()  # the interpreter would look for garbage once more before it ends, 0.1 s
