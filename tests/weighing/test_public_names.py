"""Names that packages export carry no bits, in any language, unless the original is that package."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from simdetect import Scanner
from simdetect.layers.all import Models, find_layers
from simdetect.model import ExclusionReason, Layer, ScanReport, Verdict
from simdetect.options import ScanOptions
from simdetect.tokens.symbols import hash_text
from simdetect.weighing.background import is_member, load_background, upper
from simdetect.weighing.public_names import PublicNames, load_public_names, own_families
from simdetect.weighing.wording import load_wording


def split(text: str) -> list[str]:
    """Words of a text."""
    return text.split()


# What programs declare by hand, or list to call: the same names in two programs for other jobs.
CURSES = split(
    "initscr endwin noecho cbreak keypad wgetch wattron wattroff mvwprintw init_pair start_color "
    "has_colors curs_set nodelay getmaxx getmaxy wnoutrefresh doupdate"
)
POSIX = split(
    "sigemptyset sigaddset sigprocmask pthread_mutexattr_settype pthread_cond_timedwait posix_fadvise "
    "getaddrinfo freeaddrinfo setsockopt clock_nanosleep sem_timedwait mq_receive"
)
SWING = split(
    "addPropertyChangeListener setDefaultCloseOperation getContentPane setPreferredSize "
    "getSelectedIndices setCellRenderer addListSelectionListener ensureIndexIsVisible "
    "setHorizontalAlignment"
)
GO = split(
    "ListenAndServeTLS NewReplacer EvalSymlinks LookupIPAddr SetReadDeadline NewTicker HasPrefix "
    "TrimSuffix WriteString MarshalIndent FormatInt"
)
PYTHON = split(
    "add_subparsers set_defaults parse_known_args ThreadPoolExecutor as_completed getrecursionlimit "
    "removesuffix expandvars splitlines TemporaryDirectory"
)
DOM = split(
    "querySelectorAll insertAdjacentHTML getBoundingClientRect requestAnimationFrame removeEventListener "
    "scrollIntoView stopPropagation preventDefault"
)
FILES = {
    "curses.go": CURSES,
    "posix.c": POSIX,
    "Panel.java": SWING,
    "server.go": GO,
    "main.py": PYTHON,
    "page.js": DOM,
}


@pytest.mark.parametrize("name", FILES)
def test_what_packages_export_is_public_in_the_languages_that_use_it(name: str) -> None:
    language = {"c": "c", "java": "java", "go": "go", "py": "python", "js": "javascript"}[name.rpartition(".")[2]]
    table = load_public_names().without((), language)
    symbols = np.array([hash_text(word.encode()) for word in FILES[name]])
    assert is_member(table, symbols).mean() > 0.85


def test_names_of_one_language_say_nothing_of_another() -> None:
    java = np.array([hash_text(b"addListSelectionListener")])
    assert is_member(load_public_names().without((), "java"), java).all()
    assert not is_member(load_public_names().without((), "rust"), java).any()


def calls_in_python(words: list[str], first: str) -> str:
    return f"def {first}(screen):\n" + "".join(f"    screen.{word}({i})\n" for i, word in enumerate(words))


def calls_in_c(words: list[str], first: str) -> str:
    return (
        f"void {first}(void)\n{{\n"
        + "".join(f"    {word}({first}_state, {i});\n" for i, word in enumerate(words))
        + "}\n"
    )


def calls_in_go(words: list[str], first: str) -> str:
    return (
        f"package {first}\n\nfunc run() {{\n"
        + "".join(f"\tx.{word}({i}, {first})\n" for i, word in enumerate(words))
        + "}\n"
    )


def scan(scanner: Scanner, folder: Path, name: str, candidate: str, original: str) -> ScanReport:
    for side, text in (("candidate", candidate), ("original", original)):
        (folder / side).mkdir()
        (folder / side / name).write_text(text)
    return scanner.scan(folder / "candidate", folder / "original")


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [("a.py", calls_in_python, CURSES), ("a.c", calls_in_c, POSIX), ("a.go", calls_in_go, GO)],
)
def test_programs_that_share_public_names_only_are_no_evidence_and_the_report_says_so(
    scanner: Scanner, tmp_path: Path, name: str, make: object, words: list[str]
) -> None:
    assert callable(make)
    report = scan(scanner, tmp_path, name, make(words, "harbour"), make(words[::-1], "orchard"))
    pieces = [piece for finding in report.findings for piece in finding.evidence]
    assert report.summary.verdict is not Verdict.EVIDENCE
    assert not [piece for piece in pieces if piece.layer is Layer.NAME and piece.excluded is None]
    assert ExclusionReason.PUBLIC in {piece.excluded.reason for piece in pieces if piece.excluded}


def test_names_of_an_author_stay_evidence(scanner: Scanner, tmp_path: Path) -> None:
    words = [f"ply_{word}_gaff" for word in POSIX]
    report = scan(scanner, tmp_path, "a.c", calls_in_c(words, "harbour"), calls_in_c(words[::-1], "orchard"))
    assert [piece for f in report.findings for piece in f.evidence if piece.layer is Layer.NAME and not piece.excluded]


# --- the original's own family -------------------------------------------------------------------------------------

OWN = [f"plover_{word}" for word in split("open close read write seek tell flush rewind chunk index stream frame")]


def table(words: list[str], families: list[str]) -> PublicNames:
    hashes = np.sort(np.array([upper(np.array([hash_text(word.encode())]))[0] for word in words], np.uint32))
    return PublicNames(hashes, np.zeros(len(hashes), np.uint16), families)


def definitions(words: list[str]) -> str:
    return "".join(
        f"int {word}(int plover_handle)\n{{\n    return plover_handle * {i + 3};\n}}\n" for i, word in enumerate(words)
    )


def uses(words: list[str]) -> str:
    return "int run(int h)\n{\n    return " + " + ".join(f"{word}(h)" for word in words) + ";\n}\n"


def test_an_original_is_the_family_whose_names_it_declares_whatever_its_folder_is_called(
    scanner: Scanner, tmp_path: Path
) -> None:
    names = table(OWN, ["c:plover"])
    for folder, text in (("xyz", definitions(OWN)), ("plover", uses(OWN)), ("part", definitions(OWN[:2]))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.c").write_text(text)
    found = {
        folder: own_families(names, scanner.analyse(scanner.index(tmp_path / folder).tree))
        for folder in ("xyz", "plover", "part")
    }
    assert found == {"xyz": ("c:plover",), "plover": (), "part": ()}


def test_the_own_family_of_the_original_makes_none_of_its_names_public(scanner: Scanner, tmp_path: Path) -> None:
    for folder, text in (("candidate", uses(OWN)), ("own", definitions(OWN)), ("user", uses(OWN[::-1]))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.c").write_text(text)
    models = Models(load_background, load_wording(), lambda: table(OWN, ["c:plover"]))
    candidate, own, user = (scanner.analyse(scanner.index(tmp_path / n).tree) for n in ("candidate", "own", "user"))
    taken = [
        float(find_layers(candidate, [original], ScanOptions(), models).comparison.candidate.public.sum())
        for original in (own, user)
    ]
    assert taken[0] == 0 and taken[1] > 100
    left_out = Models(load_background, load_wording(), models.public, frozenset({"c:plover"}))
    assert not find_layers(candidate, [user], ScanOptions(), left_out).comparison.candidate.public.any()


def test_families_go_by_the_names_of_repositories_without_versions() -> None:
    names = PublicNames(
        np.zeros(0, np.uint32), np.zeros(0, np.uint16), ["c:lua5.4", "go:github.com/redis/go-redis/v9", "c:gtk+3.0"]
    )
    assert names.called(["lua/lua"]) == ("c:lua5.4",)
    assert names.called(["redis/go-redis", "GNOME/gtk"]) == ("go:github.com/redis/go-redis/v9", "c:gtk+3.0")


# --- the shipped table ---------------------------------------------------------------------------------------------


def test_the_table_is_small_sorted_and_its_families_are_those_of_its_provenance() -> None:
    folder = resources.files("simdetect") / "data" / "public"
    names = load_public_names()
    assert len((folder / "names.npz").read_bytes()) <= 4_000_000
    assert (np.diff(names.hash.astype(np.int64)) >= 0).all()
    facts = json.loads((folder / "PROVENANCE.json").read_text())["families"]
    assert [f"{row['kind']}:{row['family']}" for row in facts] == list(names.families)
    assert all(package["sha256"] and package["version"] for row in facts for package in row["packages"])
