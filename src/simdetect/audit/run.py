"""audit(): whole benchmark runs. Every instance is one task for a worker; what is finished is never done again.

    folders   what is audited, on this machine        plan      where submissions, originals, documents lie
    jobs      one for each instance, with a *stamp* of everything that decides its report
    submissions, fetching: the forms of a submission, and those that lie elsewhere      tasks, originals
    instance  what a worker does                      control   what submissions say of each other
    power     what a scan would have found, by option      summary   numbers and files of a run

An audit that starts again takes reports whose stamps agree as they are, so that killing and repeating it changes no
byte. An instance that cannot be scanned is a result with an error.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from simdetect import __version__
from simdetect.audit.control import control_instance
from simdetect.audit.decisions import decided, decisions_file, read_decisions
from simdetect.audit.fetching import Fetcher
from simdetect.audit.folders import Audit, LocalAudit, check_folders, here
from simdetect.audit.instance import failure_of, finished, scan_instance
from simdetect.audit.jobs import Job, find_all, others_of, plan_job, size_of, unplanned
from simdetect.audit.power import Measure, PowerJob, power_of_instance
from simdetect.audit.rates import expected_false_flags
from simdetect.audit.summary import sweep_all, write_all
from simdetect.errors import InputError
from simdetect.model import AuditReport, InstanceResult, nested
from simdetect.options import ScanOptions
from simdetect.running import Lost, Workers
from simdetect.scanning.scanner import Progress

__all__ = ["Audit", "audit"]

log = logging.getLogger("simdetect.audit")
Results = dict[tuple[str, str], InstanceResult]  # by run and instance


def audit(
    what: Audit,
    *,
    workers: int = 1,
    executor: Executor | None = None,
    options: ScanOptions | None = None,
    progress: Progress | None = None,
    power: Measure | None = None,
) -> AuditReport:
    """Scan every instance of the runs, write their reports and the numbers of each run, and return all results.

    Args:
        workers: processes on this machine, unless there is an executor.
        executor: any `concurrent.futures.Executor` whose workers see the same files, such as that of a Dask client.
        options: settings of the scans; `jobs` does not matter, a worker scans one instance at a time.
        progress: called as progress("audit", done, total).
        power: how it is measured what the scan of each instance would have found; None: not at all.

    Raises:
        InputError: a run cannot be read, or two of them have one name. OptionsError: an option is invalid.
        StoreError: a report cannot be written.
    """
    options = replace(options or ScanOptions(), jobs=1)
    with here(what, options.cache) as local:
        return _audit(local, Workers(workers, executor), options, progress, power)


def _audit(
    what: LocalAudit, workers: Workers, options: ScanOptions, progress: Progress | None, power: Measure | None
) -> AuditReport:
    instances = find_all(what)
    check_folders(what)
    fetcher = Fetcher(what.gate, options)
    jobs, results = _planned(what, instances, fetcher)
    log.info("%d instances of %d runs, %d finished or failed already", len(instances), len(what.runs), len(results))
    _fetch_all(jobs, fetcher, results, progress)
    _scan_all([job for job in jobs if (job.run, job.instance) not in results], workers, results, progress)
    if power is not None:
        _power_all(jobs, workers, results, power)
    _control_all(jobs, workers.executor, results)
    _decide_all(what, jobs, results)
    found = tuple(results[run.name, instance] for run, instance in instances)
    report = AuditReport(
        tool={"name": "simdetect", "version": __version__},
        settings=options.settings(),
        runs=tuple(run.name for run in what.runs),
        instances=found,
        false_flags=expected_false_flags(found),
    )
    write_all(what, report)
    sweep_all(what, jobs)
    return report


def _planned(what: LocalAudit, instances: Sequence[tuple[Path, str]], fetcher: Fetcher) -> tuple[list[Job], Results]:
    """The jobs of an audit, and the results that are known: of finished ones, and of instances without a job."""
    jobs: list[Job] = []
    results: Results = {}
    others = others_of(what, (instance for _, instance in instances))
    for run, instance in instances:
        try:
            job = plan_job(what, run, instance, fetcher, others)
        except InputError as error:
            results[run.name, instance] = unplanned(what, run, instance, error)
            continue
        jobs.append(job)
        if (known := finished(job)) is not None:
            results[run.name, instance] = known
    return jobs, results


def _fetch_all(jobs: Sequence[Job], fetcher: Fetcher, results: Results, progress: Progress | None) -> None:
    """Fetch the submissions that lie elsewhere and are needed; add a result for each that cannot be had, in place.

    Of one that was scanned already only other submissions for its instance need the text.
    """
    runs = {(job.instance, job.run) for job in jobs}
    compared = {instance for instance, n in Counter(instance for instance, _ in runs).items() if n > 1}
    wanted = [
        job
        for job in jobs
        if job.source.elsewhere and ((job.run, job.instance) not in results or job.instance in compared)
    ]

    def told(n_done: int) -> None:
        if progress is not None:
            progress("fetch", n_done, len(wanted))

    outcomes = fetcher.get_all([job.source for job in wanted], told)
    for job, error in zip(wanted, outcomes, strict=True):
        if error is not None:
            results[job.run, job.instance] = failure_of(job, str(error))


def _scan_all(jobs: Sequence[Job], workers: Workers, results: Results, progress: Progress | None) -> None:
    """Add the results of jobs, in place."""
    n_known, total = len(results), len(results) + len(jobs)

    def told(n_done: int, _: int) -> None:
        if progress is not None:
            progress("audit", n_known + n_done, total)

    # A large one begun last would keep one worker busy and the others idle.
    jobs = sorted(jobs, key=size_of, reverse=True)
    for number, outcome in workers.run(scan_instance, jobs, told):
        job = jobs[number]
        log.info("%s/%s: %s", job.run, job.instance, "lost" if isinstance(outcome, Lost) else _said(outcome))
        results[job.run, job.instance] = failure_of(job, outcome.detail) if isinstance(outcome, Lost) else outcome


def _said(result: InstanceResult) -> str:
    return result.error or f"{result.verdict}, {result.bits or 0:.0f} bits"


def _power_all(jobs: Sequence[Job], workers: Workers, results: Results, power: Measure) -> None:
    """Add what the scans would have found, in place; nothing where that cannot be measured."""
    scanned = [PowerJob(job, power) for job in jobs if results[job.run, job.instance].error is None]
    scanned.sort(key=lambda task: size_of(task.job), reverse=True)
    for number, report in workers.run(power_of_instance, scanned):
        if report is not None and not isinstance(report, Lost):
            key = scanned[number].job.run, scanned[number].job.instance
            results[key] = replace(results[key], power=report.rows)


def _control_all(jobs: Sequence[Job], executor: Executor | None, results: Results) -> None:
    """Add what submissions for one instance say of each other, in place: the last phase, since it needs the reports of
    all of them."""
    groups = _groups(jobs, results)
    for group, said in zip(groups, Workers(executor=executor).map_all(control_instance, groups), strict=True):
        for job in group:
            if (told := said[job.run]) is not None:
                key = job.run, job.instance
                results[key] = replace(results[key], control=told)


def _decide_all(what: LocalAudit, jobs: Sequence[Job], results: Results) -> None:
    """Add what people decided, in place. Raises InputError when decisions cannot be read."""
    decisions = {run.name: read_decisions(decisions_file(run)) for run in what.runs}
    for job in jobs:
        key = job.run, job.instance
        if decisions[job.run].of(job.instance) and results[key].error is None:
            report = nested.loads(job.json_file.read_text("utf-8"))
            results[key] = replace(results[key], decision=decided(decisions[job.run], job.instance, report))


def _groups(jobs: Sequence[Job], results: Mapping[tuple[str, str], InstanceResult]) -> list[tuple[Job, ...]]:
    """The jobs for each instance that were scanned."""
    by_instance: dict[str, list[Job]] = {}
    for job in jobs:
        if results[job.run, job.instance].error is None:
            by_instance.setdefault(job.instance, []).append(job)
    return [tuple(group) for group in by_instance.values()]
