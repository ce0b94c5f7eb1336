"""Where the parts of a run are found, and what is said when they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from simdetect.audit.originals import find_original, find_releases
from simdetect.audit.plan import find_given, find_instances, matching
from simdetect.audit.submissions import find_submission
from simdetect.audit.tasks import Task, installed_tasks, read_task
from simdetect.errors import InputError
from tests.remote.server import commit_files

GRON = "tomnomnom__gron.88a6234"


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    return path


def bare_repository(path: Path) -> Path:
    touch(path / "HEAD")
    (path / "objects").mkdir()
    return path


def test_instances_are_the_folders_of_a_run_but_for_numbers_and_hidden_ones(tmp_path: Path) -> None:
    for name in ("b__b.1234567", GRON, "_stats", ".cache"):
        (tmp_path / name).mkdir()
    touch(tmp_path / "README.md")
    assert find_instances(tmp_path) == ["b__b.1234567", GRON]


def test_a_run_without_instances_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no instance in .*owner__name\.commit"):
        find_instances(tmp_path)
    with pytest.raises(InputError, match="cannot read run"):
        find_instances(tmp_path / "none")


@pytest.mark.parametrize("name", ["submission.tar.gz", "submission.zip", "submission.tar.zst", "submission/main.c"])
def test_a_submission_is_an_archive_or_a_folder_of_that_name(tmp_path: Path, name: str) -> None:
    touch(tmp_path / GRON / name)
    touch(tmp_path / GRON / f"{GRON}.eval.json")
    assert find_submission(tmp_path, GRON).path == tmp_path / GRON / name.split("/")[0]


def test_a_folder_without_one_is_itself_the_submission(tmp_path: Path) -> None:
    touch(tmp_path / GRON / "main.go")
    assert find_submission(tmp_path, GRON).path == tmp_path / GRON


def test_a_folder_that_holds_only_results_has_no_submission(tmp_path: Path) -> None:
    touch(tmp_path / GRON / f"{GRON}.eval.json")
    touch(tmp_path / GRON / f"{GRON}.simdetect.json")
    with pytest.raises(InputError, match="no submission in"):
        find_submission(tmp_path, GRON)


def test_an_archive_of_an_unknown_kind_is_named(tmp_path: Path) -> None:
    touch(tmp_path / GRON / "submission.rar")
    with pytest.raises(InputError, match=r"cannot read submission\.rar"):
        find_submission(tmp_path, GRON)


@pytest.mark.parametrize("name", [GRON, f"{GRON}.tar.gz", f"{GRON}.zip", f"{GRON}.sdx"])
def test_an_original_is_named_like_its_instance(tmp_path: Path, name: str) -> None:
    touch(tmp_path / name / "main.go") if name == GRON else touch(tmp_path / name)
    assert find_original(tmp_path, GRON, Task()) == str(tmp_path / name)


@pytest.mark.parametrize(
    "name",
    ["tomnomnom__gron", "tomnomnom+gron", "tomnomnom/gron", "gron", "gron.git", "tomnomnom+gron/repo", "gron/repo"],
)
def test_a_repository_is_read_at_the_commit_that_the_instance_names(tmp_path: Path, name: str) -> None:
    repository = bare_repository(tmp_path / name)
    assert find_original(tmp_path, GRON, Task()) == f"{repository}@88a6234"


def test_a_task_names_repository_and_commit(tmp_path: Path) -> None:
    repository = bare_repository(tmp_path / "someone__else")
    task = Task("https://github.com/someone/else.git", "abcdef0")
    assert find_original(tmp_path, "task-17", task) == f"{repository}@abcdef0"
    with pytest.raises(InputError, match="names no commit"):
        find_original(tmp_path, "task-17", Task("someone/else"))


def test_a_work_tree_of_the_instances_own_is_taken_as_it_lies(tmp_path: Path) -> None:
    (tmp_path / GRON / ".git").mkdir(parents=True)
    assert find_original(tmp_path, GRON, Task()) == str(tmp_path / GRON)


def test_a_missing_original_is_an_error_and_names_lead_nowhere_else(tmp_path: Path) -> None:
    originals = tmp_path / "originals"
    originals.mkdir()
    bare_repository(tmp_path / "secret")
    with pytest.raises(InputError, match=f"no original for {GRON}"):
        find_original(originals, GRON, Task())
    with pytest.raises(InputError, match="no original"):
        find_original(originals, "x", Task("../secret", "1234567"))


def test_every_path_that_was_tried_is_listed(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        find_original(tmp_path, "antirez__kilo.69c3ce6", Task("Antirez/kilo", "69c3ce6"))
    for name in ("antirez__kilo.69c3ce6", "Antirez__kilo", "antirez__kilo", "antirez+kilo", "antirez/kilo", "kilo"):
        for path in (name, f"{name}.git", f"{name}/repo"):
            assert f" {path}," in str(raised.value)
    assert "with each of .sdx .tar.gz .tgz" in str(raised.value)


@pytest.mark.parametrize(
    "name", ["kilo", "antirez/kilo", "antirez__kilo", "kilo.tar.gz", "antirez/kilo.zip", "kilo.sdx"]
)
def test_plain_names_are_found_without_a_repository_too(tmp_path: Path, name: str) -> None:
    touch(tmp_path / name if "." in name else tmp_path / name / "kilo.c")
    assert find_original(tmp_path, "antirez__kilo.69c3ce6", Task()) == str(tmp_path / name)


def test_a_folder_of_repositories_by_owner_is_no_original(tmp_path: Path) -> None:
    repository = bare_repository(tmp_path / "kilo" / "kilo.git")
    assert find_original(tmp_path, "kilo__kilo.69c3ce6", Task()) == f"{repository}@69c3ce6"


def test_releases_are_other_tags_of_the_repository(tmp_path: Path) -> None:
    commits = [commit_files(tmp_path / "kilo.git", {"a.c": f"int v{i};"}, tag=f"v1.{i}") for i in (8, 9, 10, 11)]
    original = f"{tmp_path / 'kilo.git'}@{commits[2][:7]}"
    assert find_releases(original, 2) == [
        (f"{tmp_path / 'kilo.git'}@v1.11", commits[3]),
        (f"{tmp_path / 'kilo.git'}@v1.9", commits[1]),
    ]
    assert find_releases(original, 0) == find_releases(str(tmp_path), 3) == find_releases("kilo.sdx", 3) == []


def test_tasks_are_those_of_the_installed_benchmark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "programbench-1.0.dist-info" / "METADATA").write_text("Name: programbench\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert installed_tasks() is None
    task = touch(tmp_path / "programbench" / "data" / "tasks" / GRON / "task.yaml")
    task.write_text("repository: tomnomnom/gron\nlanguage: rs\ndifficulty: hard\n")
    assert installed_tasks() == task.parent.parent
    assert read_task(installed_tasks(), GRON) == Task("tomnomnom/gron", None, "rust", (), "hard")


@pytest.mark.parametrize(
    ("code", "language"),
    [("rs", "rust"), ("go", "go"), ("c", "c"), ("cpp", "cpp"), ("bash", "bash"), ("hs", "haskell"), ("java", "java"),
     ("rust", "rust"), ("fortran", "fortran"), ("cobol", "cobol")],
)  # fmt: skip
def test_languages_of_tasks_are_called_as_in_reports(tmp_path: Path, code: str, language: str) -> None:
    touch(tmp_path / f"{GRON}.yaml").write_text(f"language: {code}\n")
    assert read_task(tmp_path, GRON).language == language


def test_what_was_given_is_named_like_its_instance(tmp_path: Path) -> None:
    assert find_given(None, GRON) == find_given(tmp_path, GRON) == ()
    touch(tmp_path / GRON / "README.md")
    assert find_given(tmp_path, GRON) == (str(tmp_path / GRON),)
    assert find_given(tmp_path, "b") == ()
    touch(tmp_path / "b.md")
    assert find_given(tmp_path, "b") == (str(tmp_path / "b.md"),)


def test_of_a_task_file_plain_values_are_read(tmp_path: Path) -> None:
    path = touch(tmp_path / GRON / "task.yaml")
    path.write_text(
        "# a task\nrepository: 'tomnomnom/gron'\ncommit: 88a6234ea2a\nlanguage: go   # as GitHub says\n"
        "nested:\n  commit: not this\nother: [1, 2]\n"
    )
    assert read_task(tmp_path, GRON) == Task("tomnomnom/gron", "88a6234ea2a", "go")
    assert read_task(None, GRON) == read_task(tmp_path, "other") == Task()


def test_a_commit_of_digits_is_no_number(tmp_path: Path) -> None:
    touch(tmp_path / GRON / "task.yaml").write_text("commit: 0123456\nlanguage: 1e3\nrepository: [a, b]\n")
    assert read_task(tmp_path, GRON) == Task(None, "0123456", "1e3")


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\0commit: x\n", b"commit: [\n", b"a: *anchor\n", b"[" * 5000, b"!!python/object:os.system x"]
)
def test_a_task_file_that_is_no_yaml_is_one_clear_error_or_says_nothing(tmp_path: Path, content: bytes) -> None:
    touch(tmp_path / GRON / "task.yaml").write_bytes(content)
    try:
        assert read_task(tmp_path, GRON) == Task()
    except InputError as error:
        assert "no valid YAML" in str(error) and "\n" not in str(error)


def test_a_filter_is_a_regular_expression() -> None:
    assert matching(["abc", "abd"], "c$") == ["abc"]
    assert matching(["abc", "abd"], None) == ["abc", "abd"]
    with pytest.raises(InputError, match="not a regular expression"):
        matching([], "(")


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]\n" for n in range(1, 12)
)
HOSTILE_TASKS = {
    "aliases": BOMB + "commit: abcdef1\n",
    "alias as a value": BOMB + "commit: *a11\n",
    "self": "&a [*a]\n",
    "deep": "commit: " + "[" * 5000,
    "deep blocks": "".join(" " * n + "a:\n" for n in range(400)) + "commit: x\n",
    "object": "commit: !!python/object/apply:os.system [touch executed]\n",
    "duplicate keys": "commit: a\n" * 100,
    "null bytes": "commit: a\0b\n",
    "surrogate": 'commit: "\\uD800"\nrepository: "\\uD800/\\0"\n',
    "traversal": "repository: ../../etc\ncommit: ../../../x\n",
    "absolute": "repository: /etc/passwd\ncommit: /etc\n",
    "merge": "x: &x {commit: a}\n<<: *x\n",
}


@pytest.mark.parametrize("text", HOSTILE_TASKS.values(), ids=HOSTILE_TASKS)
def test_a_hostile_task_file_makes_nothing_and_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    touch(tmp_path / "etc" / "passwd")
    (tmp_path / "etc" / ".git").mkdir()
    (tmp_path / "tasks" / "inner" / "originals").mkdir(parents=True)
    touch(tmp_path / "tasks" / "plain" / "task.yaml").write_text(text)
    try:
        task = read_task(tmp_path / "tasks", "plain")
        assert all(value is None or isinstance(value, str) for value in (task.repository, task.commit, task.language))
        find_original(tmp_path / "tasks" / "inner" / "originals", "plain", task)
    except InputError as error:
        assert "\n" not in str(error) and len(str(error)) < 500
    else:
        raise AssertionError("an original was found")
    assert not (tmp_path / "executed").exists()
