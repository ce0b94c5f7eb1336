"""audit(): whole benchmark runs. Every instance is one task for a worker; what is finished is never done again.

A report is written whole, with a *stamp* of everything that decided it. An audit that starts again takes reports whose
stamps agree as they are, so that killing and repeating it changes no byte. Times are not in it for the same reason.

An instance that cannot be scanned is a result with an error. A worker process that dies takes its executor with it:
then the instances that were running are tried again one by one, and one that is alone when it happens is to blame.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

import simdetect
from simdetect.audit.control import Submission, control
from simdetect.audit.plan import find_given, find_instances, find_original, find_submission, matching, read_task
from simdetect.errors import InputError, SimdetectError
from simdetect.model import (
    BYTES_IN_ARCHIVE,
    CONTROL_SCHEMA,
    REPORT_SCHEMA,
    AlsoIn,
    AuditReport,
    Control,
    Evidence,
    InstanceResult,
    Layer,
    Lead,
    LineSpan,
    ScanReport,
    Side,
    Verdict,
    nested,
)
from simdetect.model.arrays import sorted_distinct
from simdetect.options import ScanOptions
from simdetect.remote.urls import fetch, is_remote, located, push
from simdetect.report import load_report, render, render_audit
from simdetect.running import shared_pool
from simdetect.running.cluster import error_of, first_done
from simdetect.running.process import end_with_parent, keep_freed_memory
from simdetect.scanning.inputs import read_input
from simdetect.scanning.kept import keep_original
from simdetect.scanning.scanner import Progress, Scanner
from simdetect.store import write_whole

__all__ = ["Audit", "audit"]

STATS: Final = "_stats"
_SUMMARY: Final = "simdetect"
_METRICS: Final = ("recall_probability", "recall_bits")
_CONTROLLED: Final = "recall_bits_controlled"
_AHEAD: Final = 2  # instances a worker that wait for it, so that none is idle
_WITHOUT_CONTROL: Final = '\n "control": null'  # in a report as `render` writes it
_MAX_REPORT_BYTES: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Audit:
    """What to audit.

    runs: folders of instances; their names stand for the models. originals, tasks, given: see `layout`. output: folder
    for everything that is written, with one subfolder a run; without it, reports go beside their submissions and
    summaries into `_stats` of each run. pattern: regular expression that instances must contain. with_html: an HTML
    report for each instance. Folders may be fsspec URLs: their copies lie in the cache folder, which workers elsewhere
    must see too.
    """

    runs: tuple[Path | str, ...]
    originals: Path | str
    tasks: Path | str | None = None
    given: Path | str | None = None
    output: Path | str | None = None
    pattern: str | None = None
    with_html: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """One instance, as a worker needs it. stamp: stands for everything that decides the report."""

    run: str
    instance: str
    language: str | None
    submission: str
    original: str
    given: tuple[str, ...]
    folder: Path
    report: str
    stamp: str
    with_html: bool
    options: ScanOptions


def audit(
    what: Audit,
    *,
    workers: int = 1,
    executor: Executor | None = None,
    options: ScanOptions | None = None,
    progress: Progress | None = None,
) -> AuditReport:
    """Scan every instance of the runs, write their reports and the numbers of each run, and return all results.

    Args:
        workers: processes on this machine, unless there is an executor.
        executor: any `concurrent.futures.Executor` whose workers see the same files, such as that of a Dask client.
        options: settings of the scans; `jobs` does not matter, a worker scans one instance at a time.
        progress: called as progress("audit", done, total).

    Raises:
        InputError: a run cannot be read, or two of them have one name. OptionsError: an option is invalid.
        StoreError: a report cannot be written.
    """
    options = replace(options or ScanOptions(), jobs=1)
    with _here(what, options.cache) as local:
        return _audit(local, workers, executor, options, progress)


@dataclass(frozen=True, slots=True)
class _Local:
    """An `Audit` whose folders are on this machine."""

    runs: tuple[Path, ...]
    originals: Path
    tasks: Path | None
    given: Path | None
    output: Path | None
    pattern: str | None
    with_html: bool


@contextmanager
def _here(what: Audit, cache_folder: Path | None) -> Iterator[_Local]:
    """The audit with copies of what lies elsewhere; what was written goes there in the end, also after an error."""

    def place(location: Path | str | None, *, is_output: bool = False) -> Path | None:
        if location is None:
            return None
        if is_remote(location):
            found = fetch(str(location), cache_folder, may_be_missing=is_output and location is what.output)
            if is_output:
                written.append((found, str(location)))
            return found
        return Path(located(location, cache_folder))

    written: list[tuple[Path, str]] = []
    runs = tuple(_named(Path(place(run, is_output=what.output is None) or run)) for run in what.runs)
    originals, tasks, given = (place(location) for location in (what.originals, what.tasks, what.given))
    output = place(what.output, is_output=True)
    try:
        yield _Local(runs, originals or Path(), tasks, given, output, what.pattern, what.with_html)
    finally:
        for folder, url in written:
            push(folder, url)


def _named(run: Path) -> Path:
    """A run by a path that ends in its name: "." and ".." would name other folders of the output."""
    return run if run.name not in ("", "..") else run.resolve()


def _audit(
    what: _Local, workers: int, executor: Executor | None, options: ScanOptions, progress: Progress | None
) -> AuditReport:
    results: dict[tuple[str, str], InstanceResult] = {}
    jobs: list[Job] = []
    todo: list[Job] = []
    instances = _instances(what)
    for run in what.runs:
        if what.output is not None:
            _check_place(what.output, run.name)
        _check_place(_folder_of(what, run), STATS)
    for run, instance in instances:
        try:
            job = _plan(what, run, instance, options)
        except InputError as error:
            results[run.name, instance] = InstanceResult(run.name, instance, error=str(error))
            continue
        jobs.append(job)
        finished = _finished(job)
        if finished is None:
            todo.append(job)
        else:
            results[run.name, instance] = finished
    todo.sort(key=_size, reverse=True)  # stable; a large one begun last would keep one worker busy and the others idle
    for result in _run_all(todo, workers, executor):
        results[result.run, result.instance] = result
        if progress is not None:
            progress("audit", len(results), len(instances))
    for job, said in _control_all(jobs, results, executor):
        results[job.run, job.instance] = replace(results[job.run, job.instance], control=said)
    found = tuple(results[run.name, instance] for run, instance in instances)
    tool = {"name": "simdetect", "version": simdetect.__version__}
    report = AuditReport(tool, options.settings(), tuple(run.name for run in what.runs), found)
    _write_all(what, report)
    _sweep_all(what, jobs)
    return report


# --- planning ------------------------------------------------------------------------------------------------------


def _instances(what: _Local) -> list[tuple[Path, str]]:
    """Every instance of every run, by run and name. Raises InputError."""
    names = [run.name for run in what.runs]
    if len(set(names)) < len(names):
        raise InputError("two runs have one name: reports and numbers could not be told apart")
    if not what.originals.is_dir():
        raise InputError(f"cannot read originals {what.originals}: no such folder")
    found = [(run, name) for run in what.runs for name in matching(find_instances(run), what.pattern)]
    if not found:
        raise InputError(f"no instance matches {what.pattern!r}")
    return found


def _folder_of(what: _Local, run: Path) -> Path:
    """Where what belongs to a run is written."""
    return run if what.output is None else what.output / run.name


def _plan(what: _Local, run: Path, instance: str, options: ScanOptions) -> Job:
    task = read_task(what.tasks, instance)
    submission = find_submission(run, instance)
    original = find_original(what.originals, instance, task)
    given = find_given(what.given, instance)
    # Beside the submission: a folder that is itself the submission must not hold its report.
    is_inside = submission.name != instance or what.output is not None
    if is_inside:
        _check_place(_folder_of(what, run), instance)
    return Job(
        run=run.name,
        instance=instance,
        language=task.language,
        submission=str(submission),
        original=original,
        given=given,
        folder=_folder_of(what, run),
        report=f"{instance}/{instance}.simdetect.json" if is_inside else f"{instance}.simdetect.json",
        stamp=_stamp(instance, submission, original, given, options),
        with_html=what.with_html,
        options=options,
    )


def _check_place(folder: Path, name: str) -> None:
    """Raises InputError when what is to be written into a subfolder would land elsewhere, by a symbolic link."""
    if (folder / name).resolve() != folder.resolve() / name:
        raise InputError(f"{folder / name} leads elsewhere: reports are not written through symbolic links")


def _stamp(instance: str, submission: Path, original: str, given: Sequence[str], options: ScanOptions) -> str:
    """32 hex digits over everything that decides a report: settings, code, models, and the inputs."""
    inputs = [_content_of(location) for location in (str(submission), original, *given)]
    parts = [instance, _package_digest(), options.digest(), _models(options), inputs]
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()


@cache
def _package_digest() -> str:
    """A digest of this package and its models: reports of other code are not taken for those of this."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".npz", ".json")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _models(options: ScanOptions) -> list[list[str]]:
    """What the models in use are: those that are shipped belong to the code."""
    folders = [options.background] if options.background else []
    files = [options.calibration] if options.calibration else []
    return [_content_of(str(path)) for path in (*folders, *files)]


def _content_of(location: str) -> list[str]:
    """What stands for an input: the digest of a file, names and sizes of a folder's files, the name of a revision."""
    path = Path(location)
    if path.is_file():
        return [path.name, _file_digest(path)]
    if not path.is_dir():
        return [path.name]
    files = (file for file in sorted(path.rglob("*")) if ".git" not in file.parts and file.is_file())
    listing = [[str(file.relative_to(path)), file.lstat().st_size] for file in files]
    return [path.name, hashlib.blake2b(json.dumps(listing).encode(), digest_size=16).hexdigest()]


def _size(job: Job) -> int:
    """About how much there is to scan: bytes on disk, those of archives several times."""
    return sum(map(_size_of, (job.submission, job.original)))


def _size_of(location: str) -> int:
    path = Path(location)
    try:
        if not path.is_dir():
            return BYTES_IN_ARCHIVE * path.lstat().st_size
        return sum(file.lstat().st_size for file in path.rglob("*") if ".git" not in file.parts)
    except OSError:  # a revision, or something that goes away meanwhile
        return 0


def _file_digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error


# --- one instance --------------------------------------------------------------------------------------------------


def scan_instance(job: Job) -> InstanceResult:
    """Scan one instance and write its report; what a worker runs. Whatever goes wrong is a result."""
    target = job.folder / job.report
    try:
        scanner = _scanner(job.options)
        original = keep_original(scanner, job.original)
        report = replace(scanner.scan(job.submission, original, given=job.given), run={"stamp": job.stamp})
        text = render(report, "json")
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_report(job, text)
        return _result(job, nested.loads(text))
    except SimdetectError as error:
        return _failure(job, str(error))
    except Exception as error:  # one instance must not end an audit of thousands
        return _failure(job, f"internal error, please report it ({type(error).__name__}: {error})")


def _write_report(job: Job, text: str) -> None:
    """Write a report, its JSON last: who finds that finds the rest. HTML is made from the JSON alone, so that a report
    that is written again later is the same bytes."""
    target = job.folder / job.report
    if job.with_html:
        _write_text(_html_of(target), render(load_report(text), "html"))
    _write_text(target, text)


def _failure(job: Job, message: str) -> InstanceResult:
    return InstanceResult(job.run, job.instance, job.language, error=" ".join(message.split()))


@cache
def _scanner(options: ScanOptions) -> Scanner:
    """The worker's own scanner: its processes live as long as the worker."""
    keep_freed_memory()
    return Scanner(options, shared_pool(options.jobs, options.limit_memory_bytes))


def _html_of(report: Path) -> Path:
    return report.with_suffix(".html")


def _finished(job: Job) -> InstanceResult | None:
    """The result of an earlier audit, None when there is none that would be the same now."""
    target = job.folder / job.report
    try:
        if target.stat().st_size > _MAX_REPORT_BYTES or (job.with_html and not _html_of(target).exists()):
            return None
        text = target.read_text("utf-8")
        report = nested.loads(text)
        if report["schema"] != REPORT_SCHEMA or report["run"].get("stamp") != job.stamp:
            return None
        load_report(text)
        return _result(job, report)
    except (OSError, ValueError, InputError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return None


def _result(job: Job, report: Mapping[str, Any]) -> InstanceResult:
    """What an audit says of one instance, from its report as JSON: the same for a new report and an old one."""
    summary = report["summary"]
    return InstanceResult(
        run=job.run,
        instance=job.instance,
        language=job.language or _main_language(report["originals"]),
        verdict=Verdict(summary["verdict"]),
        reason=summary["reason"],
        probability=summary["probability"],
        bits=summary["bits"],
        n_flagged_files=summary["n_flagged_files"],
        candidate_coverage=summary["candidate_coverage"],
        lead=_lead(report["findings"]),
        report=job.report,
    )


def _main_language(originals: Sequence[Mapping[str, Any]]) -> str | None:
    n_files: dict[str, int] = {}
    for original in originals:
        for name, n in original["languages"].items():
            n_files[name] = n_files.get(name, 0) + n
    return min(n_files, key=lambda name: (-n_files[name], name), default=None)


def _lead(findings: Sequence[Mapping[str, Any]]) -> Lead | None:
    counted = [(f["candidate"], e) for f in findings for e in f["evidence"] if e["excluded"] is None]
    if not counted:
        return None
    path, best = min(counted, key=lambda item: (-(item[1]["bits"] or 0.0), item[0], item[1]["candidate"]["start_line"]))
    return Lead(
        candidate=path,
        original=best["original"],
        candidate_lines=LineSpan(**best["candidate"]),
        original_lines=LineSpan(**best["original_span"]),
        layer=Layer(best["layer"]),
        n_tokens=best["n_tokens"],
        bits=best["bits"],
    )


# --- running -------------------------------------------------------------------------------------------------------


def _run_all(jobs: Sequence[Job], workers: int, executor: Executor | None) -> Iterator[InstanceResult]:
    """Results as they come."""
    if executor is not None:
        yield from _run_on(executor, jobs, max(workers, 1) * 64, lambda job: _failure(job, "its worker was lost"))
        return
    if not jobs:
        return
    suspects: list[Job] = []
    yield from _run_local(jobs, min(workers, len(jobs)), suspects.append)
    for job in suspects:  # each alone: if a worker dies now, it is known of what
        yield from _run_local([job], 1, None)


def _run_local(jobs: Sequence[Job], workers: int, suspect: Callable[[Job], None] | None) -> Iterator[InstanceResult]:
    """Run on processes of this machine. Of a broken executor the running jobs are suspected, the others go on."""
    left = list(jobs)
    while left:
        done: set[tuple[str, str]] = set()
        lost: list[Job] = []
        with _local_executor(workers) as executor:
            for outcome in _run_on(executor, left, workers * _AHEAD, lambda job: job):
                if isinstance(outcome, Job):
                    lost.append(outcome)
                else:
                    done.add((outcome.run, outcome.instance))
                    yield outcome
        for job in lost:
            if suspect is None:
                yield _failure(job, "its worker process died; was there enough memory?")
            else:
                suspect(job)
        gone = {(job.run, job.instance) for job in lost} | done
        left = [job for job in left if (job.run, job.instance) not in gone]


def _local_executor(workers: int) -> Executor:
    from loky import ProcessPoolExecutor

    made: Executor = ProcessPoolExecutor(workers, timeout=600, initializer=end_with_parent, initargs=(os.getpid(),))
    return made


def _run_on(executor: Executor, jobs: Sequence[Job], n_ahead: int, lost: Callable[[Job], Any]) -> Iterator[Any]:
    """Submit jobs, a limited number ahead, and yield what becomes of each as it is done. Ends early when the executor
    breaks: of the jobs that were submitted then, `lost` says what to yield."""
    running: dict[Future[InstanceResult], Job] = {}
    waiting = iter(jobs)
    is_broken = False
    try:
        while True:
            while not is_broken and len(running) < n_ahead and (job := next(waiting, None)) is not None:
                try:
                    running[executor.submit(scan_instance, job)] = job
                except (BrokenExecutor, RuntimeError):
                    is_broken = True
                    yield lost(job)
            if not running:
                return
            for future in first_done(running, executor):
                job = running.pop(future)
                error = error_of(future)
                if error is None:
                    yield future.result()
                else:
                    is_broken = is_broken or isinstance(error, BrokenExecutor)
                    yield lost(job)
    finally:
        for future in running:
            future.cancel()


# --- other submissions as control ----------------------------------------------------------------------------------


def _control_all(
    jobs: Sequence[Job], results: Mapping[tuple[str, str], InstanceResult], executor: Executor | None
) -> Iterator[tuple[Job, Control]]:
    """What submissions for one instance say of each other, where there are several: the last phase, since it needs the
    reports of all of them."""
    by_instance: dict[str, list[Job]] = {}
    for job in jobs:
        if results[job.run, job.instance].error is None:
            by_instance.setdefault(job.instance, []).append(job)
    groups = [tuple(group) for group in by_instance.values()]
    for group, found in zip(groups, _controls(groups, executor), strict=True):
        for job in group:
            if (told := found[job.run]) is not None:
                yield job, told


def _controls(groups: Sequence[Sequence[Job]], executor: Executor | None) -> Iterator[dict[str, Control | None]]:
    """What `control_instance` says of each group. What an executor loses is done here."""
    running: list[Future[dict[str, Control | None]]] = []
    if executor is not None:
        with suppress(BrokenExecutor, RuntimeError):
            for group in groups:
                running.append(executor.submit(control_instance, group))
    for number, group in enumerate(groups):
        if number < len(running) and first_done([running[number]], executor) and error_of(running[number]) is None:
            yield running[number].result()
        else:
            yield control_instance(group)


def control_instance(jobs: Sequence[Job]) -> dict[str, Control | None]:
    """Compare the submissions of one instance, from their reports and fingerprints, and note in each report what the
    others say of it; what a worker runs. A report that says so already is left as it is."""
    texts = [(job.folder / job.report).read_text("utf-8") for job in jobs]
    said = control([_submission(job, text) for job, text in zip(jobs, texts, strict=True)]) if len(jobs) > 1 else {}
    return {job.run: _note(job, text, said.get(job.run)) for job, text in zip(jobs, texts, strict=True)}


def _submission(job: Job, text: str) -> Submission:
    tree = _scanner(job.options).analyse(read_input(job.submission, Side.CANDIDATE, job.options))
    hashes = [np.zeros(0, np.uint64), *(file.fingerprints.hash for file in tree.files)]
    return Submission(job.run, nested.loads(text), sorted_distinct(np.concatenate(hashes)))


def _note(job: Job, text: str, said: Mapping[str, Any] | None) -> Control | None:
    """Write what was said of a submission into its report and, in full, beside it; or take away what is not said."""
    beside = _control_file(job.folder / job.report)
    if said is None:
        beside.unlink(missing_ok=True)
        if _WITHOUT_CONTROL in text:
            return None
    else:
        full = json.dumps({"schema": CONTROL_SCHEMA, "run": job.run, "instance": job.instance, **said}, indent=1)
        _write_text(beside, full + "\n")
    report = load_report(text)
    told = None if said is None else _summed_up(said, report.summary.bits)
    noted = render(_with_control(report, told, said["evidence"] if said else ()), "json")
    if noted != text:
        _write_report(job, noted)
    return told


def _control_file(report: Path) -> Path:
    return report.with_name(report.name.replace(".simdetect.json", ".control.json"))


def _with_control(report: ScanReport, told: Control | None, pieces: Sequence[Mapping[str, Any]]) -> ScanReport:
    """The report with what was said of its counted evidence; pieces: in the order of the report, or none."""
    waiting = iter(pieces)

    def also_in(evidence: Evidence) -> AlsoIn | None:
        if told is None or not pieces or evidence.excluded is not None:
            return None
        piece = next(waiting)
        return AlsoIn(piece["also_in"], told.n_voices, piece["bits_left"])

    findings = tuple(
        replace(finding, evidence=tuple(replace(piece, also_in=also_in(piece)) for piece in finding.evidence))
        for finding in report.findings
    )
    return replace(report, findings=findings, control=told)


def _summed_up(said: Mapping[str, Any], bits: float | None) -> Control:
    pieces, share = said["evidence"], said["share_left"]
    lead = max(pieces, key=lambda piece: piece["bits"] or 0.0, default=None)
    return Control(
        n_voices=said["n_voices"],
        bits_left=None if share is None or bits is None else round(share * bits, 6),
        n_alone=sum(not piece["also_in"] for piece in pieces) if pieces else None,
        lead_also_in=lead["also_in"] if lead else None,
        near_identical=tuple(run for run, _ in said["near_identical"]),
    )


# --- summaries -----------------------------------------------------------------------------------------------------


def _sweep_all(what: _Local, jobs: Sequence[Job]) -> None:
    """Remove what writers that were killed left beside their files."""
    for job in jobs:
        report = job.folder / job.report
        for path in (report, _html_of(report), _control_file(report)):
            _sweep(path.parent, f".{glob.escape(path.name[:40])}.*.tmp")
    for run in what.runs:
        _sweep(_folder_of(what, run) / STATS, ".*.tmp")
    if what.output is not None:
        _sweep(what.output, f".{_SUMMARY}.*.tmp")


def _sweep(folder: Path, pattern: str) -> None:
    for left in folder.glob(pattern):
        left.unlink(missing_ok=True)


def _write_all(what: _Local, report: AuditReport) -> None:
    """Numbers and a summary for each run; one more summary of all when there is a folder for it."""
    for run in what.runs:
        own = tuple(result for result in report.instances if result.run == run.name)
        stats = _folder_of(what, run) / STATS
        stats.mkdir(parents=True, exist_ok=True)
        _write_numbers(stats, own)
        _write_summary(stats, replace(report, runs=(run.name,), instances=own), lambda result: f"../{result.report}")
    if what.output is not None:
        _write_summary(what.output, report, lambda result: f"{result.run}/{result.report}")


def _write_numbers(folder: Path, results: Sequence[InstanceResult]) -> None:
    """`recall_probability.json` and `recall_bits.json`: a number for every instance that was scanned."""
    for metric in _METRICS:
        field = metric.removeprefix("recall_")
        values = {result.instance: getattr(result, field) for result in results if result.error is None}
        _write_text(folder / f"{metric}.json", json.dumps(values, indent=1, sort_keys=True) + "\n")
    left = {r.instance: r.control.bits_left for r in results if r.control and r.control.bits_left is not None}
    if not left:
        (folder / f"{_CONTROLLED}.json").unlink(missing_ok=True)
    else:
        _write_text(folder / f"{_CONTROLLED}.json", json.dumps(left, indent=1, sort_keys=True) + "\n")


def _write_summary(folder: Path, report: AuditReport, link: Callable[[InstanceResult], str]) -> None:
    """link: from the summary to an instance's report."""
    for suffix, format in (("json", "json"), ("md", "markdown"), ("html", "html")):
        _write_text(folder / f"{_SUMMARY}.{suffix}", render_audit(report, format, link))


def _write_text(path: Path, text: str) -> None:
    content = text.encode()
    write_whole(path, lambda file: file.write(content))
