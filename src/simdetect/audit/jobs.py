"""Which instances an audit has, and a `Job` for each that can be scanned: all that a worker needs to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simdetect.audit.fetching import Fetcher
from simdetect.audit.folders import LocalAudit, check_place, folder_of
from simdetect.audit.originals import find_original, find_releases, names_of
from simdetect.audit.plan import find_given, find_instances, find_session, matching
from simdetect.audit.stamp import stamp_of
from simdetect.audit.submissions import Submission, find_submission
from simdetect.audit.tasks import Task, read_task
from simdetect.errors import InputError
from simdetect.model import BYTES_IN_ARCHIVE, InstanceResult
from simdetect.options import ScanOptions

__all__ = ["Job", "find_all", "others_of", "plan_job", "size_of", "unplanned"]

MOST_OTHERS: Final = 20  # originals of other instances that an instance is compared with too


@dataclass(frozen=True, slots=True)
class Job:
    """One instance, as a worker needs it.

    source: what the run says of the submission; submission: where it lies, or will when it was fetched; label: what the
    report calls it, None for the place. releases: further versions of the original. observed: the recorded session.
    documents: digests of those of the original that the author was handed. elsewhere: originals of other instances.
    folder: where what belongs to its run is written; report: its JSON report, relative to that. names: what the
    original is called; with_session_text: whether words of the session may be quoted. stamp: stands for everything
    that decides the report.
    """

    run: str
    instance: str
    language: str | None
    difficulty: str | None
    source: Submission
    submission: str
    label: str | None
    original: str
    releases: tuple[str, ...]
    given: tuple[str, ...]
    observed: tuple[str, ...]
    documents: tuple[str, ...]
    elsewhere: tuple[str, ...]
    folder: Path
    report: str
    stamp: str
    with_html: bool
    names: tuple[str, ...]
    with_session_text: bool
    options: ScanOptions

    @property
    def json_file(self) -> Path:
        """Its report."""
        return self.folder / self.report

    @property
    def html_file(self) -> Path:
        """The same report for readers, if it is asked for."""
        return self.json_file.with_suffix(".html")

    @property
    def session_file(self) -> Path:
        """What its recorded session says."""
        return self.json_file.with_name(self.json_file.name.replace(".simdetect.json", ".session.json"))

    @property
    def power_file(self) -> Path:
        """What its scan would have found, where that is measured."""
        return self.json_file.with_name(self.json_file.name.replace(".simdetect.json", ".power.json"))

    @property
    def control_file(self) -> Path:
        """What other submissions say of it, in full."""
        return self.json_file.with_name(self.json_file.name.replace(".simdetect.json", ".control.json"))


def find_all(what: LocalAudit) -> list[tuple[Path, str]]:
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


def others_of(what: LocalAudit, instances: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each instance originals of others, where the audit is to look there too: those next to it by name."""
    if not what.elsewhere:
        return {}
    found: dict[str, str] = {}
    for instance in sorted(set(instances)):
        with suppress(InputError):  # said where the instance is planned
            found[instance] = find_original(what.originals, instance, read_task(what.tasks, instance))
    names = list(found)
    turned = {name: (*names[i + 1 :], *names[:i]) for i, name in enumerate(names)}
    return {
        name: tuple(dict.fromkeys(found[other] for other in others if found[other] != found[name]))[:MOST_OTHERS]
        for name, others in turned.items()
    }


def unplanned(what: LocalAudit, run: Path, instance: str, error: InputError) -> InstanceResult:
    """The result of an instance for which there is nothing to do; its task may say what it is about all the same."""
    try:
        task = read_task(what.tasks, instance)
    except InputError:
        task = Task()
    return InstanceResult(run.name, instance, task.language, error=str(error), difficulty=task.difficulty)


def plan_job(
    what: LocalAudit, run: Path, instance: str, fetcher: Fetcher, others: Mapping[str, tuple[str, ...]]
) -> Job:
    """What there is to do for an instance. others: see `others_of`. Raises InputError when something is missing or
    cannot be read."""
    task, source = read_task(what.tasks, instance), find_submission(run, instance)
    place = fetcher.placed(source) if source.elsewhere else None
    submission = place.location if place else str(source.path)
    original = find_original(what.originals, instance, task)
    given, observed = find_given(what.given, instance), find_session(source, instance)
    elsewhere, releases = others.get(instance, ()), find_releases(original, what.releases)
    # Beside the submission: a folder that is itself the submission must not hold its report.
    is_inside = source.is_apart or what.output is not None
    folder = folder_of(what, run)
    if is_inside:
        check_place(folder, instance)
    silent = () if what.with_session_text else (("session", "without words"),)
    deciding = (place.identity if place else submission, original, *releases, *given, *observed, *silent, *elsewhere)
    return Job(
        run=run.name,
        instance=instance,
        language=task.language,
        difficulty=task.difficulty,
        source=source,
        submission=submission,
        label=place.label if place else None,
        original=original,
        releases=tuple(location for location, _ in releases),
        given=given,
        observed=observed,
        documents=task.documents,
        elsewhere=elsewhere,
        folder=folder,
        report=f"{instance}/{instance}.simdetect.json" if is_inside else f"{instance}.simdetect.json",
        stamp=stamp_of(instance, deciding, fetcher.options, task.documents),
        with_html=what.with_html,
        names=names_of(instance, task),
        with_session_text=what.with_session_text,
        options=fetcher.options,
    )


def size_of(job: Job) -> int:
    """About how much there is to scan: bytes on disk, those of archives several times."""
    return sum(map(_size_at, (job.submission, job.original)))


def _size_at(location: str) -> int:
    path = Path(location)
    try:
        if not path.is_dir():
            return BYTES_IN_ARCHIVE * path.lstat().st_size
        return sum(file.lstat().st_size for file in path.rglob("*") if ".git" not in file.parts)
    except OSError:  # a revision, or something that goes away meanwhile
        return 0
