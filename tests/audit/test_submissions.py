"""Submissions in the three forms in which runs are published, fetched from a real server on loopback."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from simdetect import InputError, ScanOptions
from simdetect.audit.run import Audit, audit
from simdetect.audit.submissions import Address, Reference, find_submission
from simdetect.cli.group import cli
from simdetect.model import Verdict
from simdetect.remote.gate import gate_of
from simdetect.report import load_report
from tests import DEMO
from tests.audit.test_run import Inline, files, pack
from tests.remote.server import Server, answer, commit_files, git_serving, serving

ONE = "acme__furlong.1234567"
SHA = "ab" * 32


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


@pytest.fixture
def options(tmp_path: Path) -> ScanOptions:
    return ScanOptions(cache=tmp_path / "cache")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def published(tmp_path: Path, server: Server, instance: str = ONE, name: str = "run") -> Path:
    """A run whose submission lies on the server, and its original."""
    archive = tmp_path / f"{name}-{instance}.tar.gz"
    pack(DEMO / "submission", archive)
    url = server.hold(f"/{name}/{instance}/submission.tar.gz", archive.read_bytes())
    folder = tmp_path / name / instance
    write(folder / "submission.tar.gz.url", f"{url}\n")
    write(folder / "submission.tar.gz.sha256", f"{hashlib.sha256(archive.read_bytes()).hexdigest()}\n")
    write(folder / f"{instance}.eval.json", "{}")
    shutil.copytree(DEMO / "original", tmp_path / "originals" / instance, dirs_exist_ok=True)
    return tmp_path / name


def audited(tmp_path: Path, server: Server, options: ScanOptions, **changes: Any) -> Any:
    what = Audit((tmp_path / "run",), tmp_path / "originals", gate=gate_of([server.place], []))
    return audit(replace(what, **changes), executor=Inline(), options=options)


# --- what a folder says ----------------------------------------------------------------------------------------------


def test_an_address_comes_with_a_digest(tmp_path: Path) -> None:
    write(tmp_path / ONE / "submission.tar.gz.url", "https://example.org/a\n")
    with pytest.raises(InputError, match=r"submission\.tar\.gz\.sha256 is missing: nothing is fetched without"):
        find_submission(tmp_path, ONE)
    for text in (SHA, f"{SHA}\n", f"{SHA.upper()}  submission.tar.gz\n"):
        write(tmp_path / ONE / "submission.tar.gz.sha256", text)
        found = find_submission(tmp_path, ONE)
        assert found.elsewhere == Address("https://example.org/a", SHA)
        assert found.path.name == "submission.tar.gz" and found.is_apart


@pytest.mark.parametrize("digest", ["", "x", SHA[:-1], f"{SHA}0", f"{SHA}\n{SHA}", "g" * 64, "a" * 9000])
def test_what_is_no_digest_is_an_error(tmp_path: Path, digest: str) -> None:
    write(tmp_path / ONE / "submission.tar.gz.url", "https://example.org/a")
    write(tmp_path / ONE / "submission.tar.gz.sha256", digest)
    with pytest.raises(InputError, match="sha256"):
        find_submission(tmp_path, ONE)


def test_an_archive_is_compared_with_a_digest_beside_it(tmp_path: Path) -> None:
    archive = write(tmp_path / ONE / "submission.tar.gz", "an archive")
    write(tmp_path / ONE / "submission.tar.gz.sha256", hashlib.sha256(b"an archive").hexdigest())
    assert find_submission(tmp_path, ONE).path == archive
    archive.write_text("another")
    with pytest.raises(InputError, match="is not what was published"):
        find_submission(tmp_path, ONE)


def test_a_reference_names_a_folder_in_a_commit(tmp_path: Path) -> None:
    path = write(
        tmp_path / ONE / "submission.ref.yaml", "repo: https://example.org/a/b\nref: 0123456\nsubpath: ./x/y/\n"
    )
    assert find_submission(tmp_path, ONE).elsewhere == Reference("https://example.org/a/b", "0123456", "x/y")
    for none in ("", "subpath:", "subpath: .", "subpath: null"):
        path.write_text(f"repo: https://example.org/a/b\nref: main\n{none}\n")
        assert find_submission(tmp_path, ONE).elsewhere == Reference("https://example.org/a/b", "main", "")


@pytest.mark.parametrize("subpath", ["..", "a/../../b", "/etc", "a//b", "a/.git", '"a\\nb"', "[a]", "a\\b", "x" * 2000])
def test_a_folder_outside_of_the_repository_is_refused(tmp_path: Path, subpath: str) -> None:
    write(tmp_path / ONE / "submission.ref.yaml", f"repo: https://example.org/a\nref: main\nsubpath: {subpath}\n")
    with pytest.raises(InputError, match="is no folder inside the repository"):
        find_submission(tmp_path, ONE)


@pytest.mark.parametrize(
    "text",
    ["", "repo: https://a/b", "ref: main", "repo: file:///etc\nref: a", "repo: ext::sh -c id\nref: a", "[", "repo: [a]",
     "repo: git@example.org:a/b\nref: main", "repo: !!python/object/apply:os.system [id]\nref: a"],
)  # fmt: skip
def test_a_reference_that_names_no_https_repository_is_refused(tmp_path: Path, text: str) -> None:
    write(tmp_path / ONE / "submission.ref.yaml", text)
    with pytest.raises(InputError):
        find_submission(tmp_path, ONE)


def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret", "https://example.org/a")
    folder = write(tmp_path / ONE / "submission.tar.gz.sha256", SHA).parent
    (folder / "submission.tar.gz.url").symlink_to(secret)
    with pytest.raises(InputError, match="is a link"):
        find_submission(tmp_path, ONE)


# --- audits ----------------------------------------------------------------------------------------------------------


def test_without_fetch_the_instance_says_what_to_type(tmp_path: Path, server: Server, options: ScanOptions) -> None:
    published(tmp_path, server)
    [result] = audited(tmp_path, server, options, gate=None).instances
    assert f"submission.tar.gz lies at {server.url('/run')}" in result.error
    assert result.error.endswith("add --fetch to download it")
    assert server.requests == []


def test_a_fetched_submission_is_judged_like_one_that_lies_there(
    tmp_path: Path, server: Server, options: ScanOptions
) -> None:
    run = published(tmp_path, server)
    fetched = audited(tmp_path, server, options, output=tmp_path / "out")
    assert [result.verdict for result in fetched.instances] == [Verdict.EVIDENCE]
    content = files(tmp_path / "out")
    for name in ("url", "sha256"):
        (run / ONE / f"submission.tar.gz.{name}").unlink()
    shutil.copy(tmp_path / f"run-{ONE}.tar.gz", run / ONE / "submission.tar.gz")
    shutil.rmtree(tmp_path / "out")
    audited(tmp_path, server, options, output=tmp_path / "out", gate=None)
    assert files(tmp_path / "out") == content


def test_what_was_fetched_is_kept_by_digest_and_a_finished_audit_asks_nothing(
    tmp_path: Path, server: Server, options: ScanOptions
) -> None:
    published(tmp_path, server)
    report = audited(tmp_path, server, options)
    again = replace(options, threshold=0.98)
    assert audited(tmp_path, server, again, gate=None).instances[0].verdict is not None
    shutil.rmtree(tmp_path / "cache")
    assert audited(tmp_path, server, again, gate=None).instances[0].error is None  # it is finished
    assert len(server.requests) == 1
    assert report.instances[0].error is None


def test_what_was_damaged_in_the_cache_is_fetched_again(tmp_path: Path, server: Server, options: ScanOptions) -> None:
    published(tmp_path, server)
    audited(tmp_path, server, options)
    [kept] = (tmp_path / "cache").rglob("submission.tar.gz")
    kept.write_bytes(kept.read_bytes()[:-5])
    audited(tmp_path, server, replace(options, threshold=0.98))
    assert len(server.requests) == 2


def test_one_that_is_not_what_was_published_is_one_reported_instance(
    tmp_path: Path, server: Server, options: ScanOptions
) -> None:
    published(tmp_path, server, "acme__a.1234567")
    published(tmp_path, server, "acme__b.1234567")
    path = "/run/acme__a.1234567/submission.tar.gz"
    server.behaviours[path] = lambda handler: answer(handler, b"something else")
    report = audited(tmp_path, server, options)
    assert [result.verdict for result in report.instances] == [None, Verdict.EVIDENCE]
    assert "is not what was published" in (report.instances[0].error or "")


def test_control_reads_fetched_submissions_too(tmp_path: Path, server: Server, options: ScanOptions) -> None:
    runs = tuple(published(tmp_path, server, name=name) for name in ("a", "b", "c"))
    report = audited(tmp_path, server, options, runs=runs)
    assert [result.control is not None for result in report.instances] == [True] * 3
    shutil.rmtree(tmp_path / "cache")
    assert audited(tmp_path, server, options, runs=runs) == report


def reference(tmp_path: Path, place: str, ref: str, subpath: str = "work") -> None:
    text = f"repo: http://{place}/a\nref: {ref}\nsubpath: {subpath}\n"
    write(tmp_path / "run" / ONE / "submission.ref.yaml", text)
    shutil.copytree(DEMO / "original", tmp_path / "originals" / ONE, dirs_exist_ok=True)


def test_a_reference_is_read_from_the_object_store(tmp_path: Path, options: ScanOptions) -> None:
    names = [path for path in sorted((DEMO / "submission").rglob("*")) if path.is_file()]
    inside = {f"work/{path.relative_to(DEMO / 'submission').as_posix()}": path.read_text() for path in names}
    commit = commit_files(tmp_path / "a.git", {**inside, "outside.c": "int outside;\n"})
    what = Audit((tmp_path / "run",), tmp_path / "originals")
    with git_serving({"/a": tmp_path / "a.git"}) as place:
        reference(tmp_path, place, "main")
        [result] = audit(what, executor=Inline(), options=options).instances
        assert (result.error or "").endswith(f"the submission is 'main' of http://{place}/a: add --fetch to get it")
        gated = replace(what, gate=gate_of([place], []))
        [result] = audit(gated, executor=Inline(), options=options).instances
    assert result.verdict is Verdict.EVIDENCE
    report = load_report((tmp_path / "run" / ONE / f"{ONE}.simdetect.json").read_text())
    assert report.candidate.label == f"http://{place}/a@{commit}:work"
    assert not any("outside" in finding.candidate for finding in report.findings)
    reference(tmp_path, place, commit)
    [result] = audit(what, executor=Inline(), options=options).instances  # what is there needs no network
    assert result.verdict is Verdict.EVIDENCE


# --- the command -----------------------------------------------------------------------------------------------------


def run_cli(tmp_path: Path, *more: str) -> Result:
    command = ["audit", str(tmp_path / "run"), "--originals", str(tmp_path / "originals"), "-q", "--format", "json"]
    return CliRunner().invoke(cli, [*command, *more])


def test_one_command_from_a_published_run_to_its_results(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMDETECT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("OWN_TOKEN", "secret")
    published(tmp_path, server)
    done = run_cli(tmp_path, "--fetch", "--fetch-from", server.place, "--fetch-token", f"{server.place}=OWN_TOKEN")
    assert done.exit_code == 1, done.output
    assert json.loads(done.stdout)["instances"][0]["verdict"] == "evidence"
    assert server.requests[0][1]["Authorization"] == "Bearer secret"
    assert not any(b"secret" in content for content in files(tmp_path / "run").values())


def test_places_without_fetch_are_bad_usage(tmp_path: Path, server: Server) -> None:
    published(tmp_path, server)
    done = run_cli(tmp_path, "--fetch-from", server.place)
    assert done.exit_code == 2 and "--fetch-from and --fetch-token need --fetch" in done.stderr
    done = run_cli(tmp_path, "--fetch", "--fetch-from", "https://a/", "--fetch-token", "a=NO_SUCH")
    assert done.exit_code == 2 and "--fetch-from" in done.stderr and "NO_SUCH holds no token" in done.stderr
    assert server.requests == []
