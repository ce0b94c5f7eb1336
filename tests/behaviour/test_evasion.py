"""Ways to keep recalled code out of sight: the evidence is still found, or the report says what was not analysed.

The candidate is always the whole of an original, or a large file of it, disguised.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import random
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simdetect import Scanner, ScanOptions, Verdict
from simdetect.model import Layer, ScanReport, Side, SkipReason
from simdetect.running import WorkerPool
from tests import DEMO

ORIGINAL = DEMO / "original"
PARSER = (ORIGINAL / "src" / "parse.c").read_text()
INNOCENT = (DEMO / "independent" / "furlong.c").read_text()
OPTIONS = ScanOptions()


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., ScanReport]]:
    """Scans a candidate of these files against the demo's original, which is analysed once."""
    with WorkerPool(1, OPTIONS.limit_memory_bytes) as pool:
        original = Scanner(OPTIONS, pool).index(ORIGINAL)

        def run(files: dict[str, str | bytes], **options: float) -> ScanReport:
            folder = tmp_path_factory.mktemp("candidate")
            for name, content in files.items():
                (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
            return Scanner(ScanOptions(**options), pool).scan(folder, original)  # type: ignore[arg-type]

        yield run


def skipped(report: ScanReport) -> dict[str, SkipReason]:
    return {entry.path: entry.reason for entry in report.skipped if entry.side is Side.CANDIDATE}


def is_found(report: ScanReport, name: str = "main.c") -> bool:
    finding = next(found for found in report.findings if found.candidate == name)
    return finding.verdict is Verdict.EVIDENCE and finding.originals[0].original == "src/parse.c"


def bits(report: ScanReport, name: str = "main.c") -> float:
    return next(found.bits or 0.0 for found in report.findings if found.candidate == name)


def without_comments(code: str) -> str:
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", code, flags=re.DOTALL)


def names_of(code: str) -> list[str]:
    """Identifiers that the original declares or uses, longest first; not the words of C."""
    words = set(re.findall(r"\b[a-z]+_[a-z_]+\b", without_comments(code)))
    return sorted(words, key=lambda word: (-len(word), word))


def with_names(code: str, change: Callable[[str], str]) -> str:
    for name in names_of(code):
        code = re.sub(rf"\b{name}\b", change(name), code)
    return code


# --- what does not matter ------------------------------------------------------------------------------------------


def test_the_plain_copy_is_found_and_the_innocent_program_is_not(scan: Callable[..., ScanReport]) -> None:
    assert is_found(scan({"main.c": PARSER}))
    assert scan({"main.c": INNOCENT}).summary.verdict is Verdict.NO_EVIDENCE


@pytest.mark.parametrize(
    "disguise",
    [
        without_comments,
        lambda code: re.sub(r"\n[ \t]*", "\n", code),
        lambda code: re.sub(r"(?m)^(?!\s*#)(.*);$", r"\1  ;\n", code),
        lambda code: code.replace("\n", "\r\n"),
        lambda code: re.sub(r"/\*.*?\*/", "/* entirely other words here */", code, flags=re.DOTALL),
        lambda code: re.sub(r"(?m);$", "; /* note */", code),
    ],
    ids=[
        "no comments",
        "no indentation",
        "more lines",
        "line ends",
        "other comments",
        "a comment behind each statement",
    ],
)
def test_comments_and_layout_hide_nothing(scan: Callable[..., ScanReport], disguise: Callable[[str], str]) -> None:
    report = scan({"main.c": disguise(PARSER)})
    assert is_found(report)
    assert sum(report.findings[0].coverage.values()) > 0.9


# --- characters ----------------------------------------------------------------------------------------------------


def test_names_in_look_alike_letters_are_found_as_renamed_and_named_in_a_warning(
    scan: Callable[..., ScanReport],
) -> None:
    look_alike = str.maketrans("aeopcx", "\u0430\u0435\u043e\u0440\u0441\u0445")
    report = scan({"main.c": with_names(PARSER, lambda name: name.translate(look_alike))})
    assert is_found(report)
    assert any("look-alikes" in warning and "main.c" in warning for warning in report.warnings)


def test_zero_width_characters_are_dropped_and_named_in_a_warning(scan: Callable[..., ScanReport]) -> None:
    report = scan({"main.c": with_names(PARSER, lambda name: "\u200b".join(name))})
    assert is_found(report)
    assert report.findings[0].coverage[Layer.VERBATIM] > 0.9
    assert any("invisible" in warning and "main.c" in warning for warning in report.warnings)


def test_zero_width_characters_between_all_characters_hide_nothing(scan: Callable[..., ScanReport]) -> None:
    assert is_found(scan({"main.c": "\u2060".join(PARSER)}))


def test_a_family_emoji_in_a_string_is_no_disguise(scan: Callable[..., ScanReport]) -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    report = scan({"main.c": INNOCENT + f'\nconst char *family = "{family} \u03bcs \u0394t";\n'})
    assert not [warning for warning in report.warnings if "invisible" in warning or "look-alikes" in warning]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_other_encodings_hide_nothing(scan: Callable[..., ScanReport], encoding: str) -> None:
    assert is_found(scan({"main.c": PARSER.encode(encoding)}))


# --- places --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["main.json", "main.txt", "main.png", "main.dat", "main.md", "README", "main.py"])
def test_an_extension_of_something_else_hides_nothing(scan: Callable[..., ScanReport], name: str) -> None:
    report = scan({name: PARSER, "innocent.c": INNOCENT})
    assert report.summary.verdict is Verdict.EVIDENCE or any(name in warning for warning in report.warnings)


def notebook(code: str, language: str) -> str:
    cells = [
        {"cell_type": "code", "source": part.splitlines(keepends=True), "metadata": {}, "outputs": []}
        for part in code.split("\n\n")
    ]
    metadata = {"language_info": {"name": language}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells})


def test_code_in_the_cells_of_a_notebook_is_found(scan: Callable[..., ScanReport]) -> None:
    report = scan({"work.ipynb": notebook(PARSER, "c"), "innocent.c": INNOCENT})
    assert is_found(report, "work.ipynb")


@pytest.mark.parametrize(
    "content", ["{}", "[]", "{", "[" * 100_000, '{"cells": 7}', '{"cells": [{"cell_type": "code"}]}']
)
def test_what_is_no_notebook_is_listed(scan: Callable[..., ScanReport], content: str) -> None:
    assert skipped(scan({"work.ipynb": content, "innocent.c": INNOCENT})) == {"work.ipynb": SkipReason.NOT_CODE}


def test_code_that_a_script_writes_is_found(scan: Callable[..., ScanReport]) -> None:
    report = scan({"text.sh": f"cat > x.c <<'END'\n{PARSER}END\n", "innocent.c": INNOCENT})
    assert is_found(report, "text.sh!x.c")


def test_code_that_a_script_decodes_makes_nothing_found_inconclusive(scan: Callable[..., ScanReport]) -> None:
    encoded = base64.encodebytes(PARSER.encode()).decode()
    report = scan({"text.sh": f"base64 -d > x.c <<'END'\n{encoded}END\n", "innocent.c": INNOCENT})
    assert report.summary.verdict is Verdict.INCONCLUSIVE
    assert "text.sh!x.c" in report.summary.reason


def test_code_in_a_string_is_named_in_a_warning(scan: Callable[..., ScanReport]) -> None:
    files = {"text.py": f"CODE = r'''\n{PARSER}'''\n", "text.sh": f"CODE='{PARSER.replace(chr(39), chr(34))}'\n"}
    [warning] = [w for w in scan({**files, "innocent.c": INNOCENT}).warnings if "inside a string" in w]
    assert "text.py" in warning and "text.sh" in warning


def in_lines(code: str) -> str:
    return "CODE = [\n" + "".join(f"    {line!r},\n" for line in code.splitlines()) + "]\n"


def in_base64(code: str) -> str:
    return f"CODE = '{base64.b64encode(code.encode()).decode()}'\n"


def in_fences(code: str) -> str:
    return f"# Notes\n\nSome words on the program.\n\n```c\n{code}```\n"


IN_OTHER_CLOTHES = {
    "list": ("data.py", in_lines(PARSER)),
    "calls": ("data.py", "".join(f"print({line!r})\n" for line in PARSER.splitlines())),
    "javascript": ("data.js", in_lines(PARSER).replace("CODE", "var code") + "module.exports = code.join('');\n"),
    "c": (
        "data.c",
        "const char *code =\n" + "".join(f"  {json.dumps(x + chr(10))}\n" for x in PARSER.splitlines()) + ";\n",
    ),
    "base64": ("data.py", in_base64(PARSER)),
    "base64 lines": ("data.py", f"CODE = '''{base64.encodebytes(PARSER.encode()).decode()}'''\n"),
    "markdown": ("NOTES.md", in_fences(PARSER)),
    "vim": ("main.vim", PARSER),
    "el": ("main.el", PARSER),
    "string": ("data.py", f"CODE = r'''\n{PARSER}'''\n"),
}


@pytest.mark.parametrize("clothes", IN_OTHER_CLOTHES)
def test_a_candidate_that_is_mostly_code_in_other_clothes_is_not_cleared(
    scan: Callable[..., ScanReport], clothes: str
) -> None:
    name, content = IN_OTHER_CLOTHES[clothes]
    report = scan({name: content, "innocent.c": INNOCENT})
    verdict, reason = report.summary.verdict, report.summary.reason
    assert verdict is Verdict.EVIDENCE or (verdict is Verdict.INCONCLUSIVE and name in reason), (verdict, reason)


def test_names_that_backslashes_cut_are_found_or_named(scan: Callable[..., ScanReport]) -> None:
    cut = with_names(PARSER, lambda name: name[:3] + "\\\n" + name[3:])
    report = scan({"main.c": cut, "innocent.c": INNOCENT})
    assert report.summary.verdict is not Verdict.NO_EVIDENCE


def test_examples_in_documents_and_data_in_strings_are_no_reason_to_doubt(scan: Callable[..., ScanReport]) -> None:
    words = "WORDS = [\n" + "".join(f"    'word number {n}',\n" for n in range(200)) + "]\n"
    files = {"innocent.c": INNOCENT * 4, "README.md": in_fences("int x = f(1);\n"), "words.py": words}
    files["icon.py"] = in_base64("".join(map(chr, range(32, 127))) * 40)
    report = scan(files)
    assert report.summary.verdict is Verdict.NO_EVIDENCE
    assert not [warning for warning in report.warnings if "not read as code" in warning]


def test_prose_in_a_string_is_no_disguise(scan: Callable[..., ScanReport]) -> None:
    prose = "Prints the result of each line that it is given.\n" * 60
    report = scan({"text.py": f'HELP = """\n{prose}"""\n', "innocent.c": INNOCENT})
    assert not [warning for warning in report.warnings if "inside a string" in warning]


def test_code_in_a_comment_is_found_as_a_comment(scan: Callable[..., ScanReport]) -> None:
    report = scan({"main.c": "int none;\n/*\n" + PARSER.replace("*/", "* /") + "*/\n" + INNOCENT})
    assert any(e.layer is Layer.COMMENT for found in report.findings for e in found.evidence)


def packed(kind: str) -> bytes:
    buffer = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("parse.c", PARSER)
    elif kind == "gz":
        return gzip.compress(PARSER.encode())
    else:
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            info = tarfile.TarInfo("parse.c")
            info.size = len(PARSER)
            tar.addfile(info, io.BytesIO(PARSER.encode()))
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["zip", "tar", "gz"])
def test_an_archive_in_the_candidate_is_listed_whatever_its_name(scan: Callable[..., ScanReport], kind: str) -> None:
    report = scan({"logo.png": packed(kind), "innocent.c": INNOCENT})
    assert skipped(report) == {"logo.png": SkipReason.ARCHIVE}
    assert report.summary.analysed_share < 1


def test_a_candidate_that_is_mostly_an_archive_is_inconclusive(scan: Callable[..., ScanReport]) -> None:
    noise = random.Random(1).randbytes(len(INNOCENT) // 2)
    report = scan({"code.tar.gz": gzip.compress(noise), "innocent.c": INNOCENT})
    assert report.summary.verdict is Verdict.INCONCLUSIVE


MARKS = [b"%PDF-1.4\n", b"GIF89a = 1;\n", b"RIFF();\n", b"BZh91AY&SY\n", b"OggS;\n"]


@pytest.mark.parametrize("mark", MARKS)
def test_a_first_line_like_that_of_a_binary_format_hides_nothing(scan: Callable[..., ScanReport], mark: bytes) -> None:
    assert is_found(scan({"main.c": mark + PARSER.encode(), "innocent.c": INNOCENT}))


def test_the_mark_of_a_tar_archive_within_text_hides_nothing(scan: Callable[..., ScanReport]) -> None:
    assert is_found(scan({"main.c": PARSER[:257] + "ustar" + PARSER[257:], "innocent.c": INNOCENT}))


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0\n" + PARSER.encode(),
        b"\x1f\x8b\n" + PARSER.encode(),
        b"%PDF-\xff\n" + PARSER.encode(),
        "".join(c + "\1" * (n % 14 == 0) for n, c in enumerate(PARSER)).encode(),
    ],
    ids=["DOS program", "gzip", "PDF", "control characters"],
)
def test_what_has_the_name_of_code_and_cannot_be_read_as_text_is_no_innocence(
    scan: Callable[..., ScanReport], content: bytes
) -> None:
    report = scan({"main.c": content, "innocent.c": INNOCENT * 30})
    assert skipped(report)["main.c"] in (SkipReason.BINARY, SkipReason.ARCHIVE)
    assert report.summary.verdict is Verdict.INCONCLUSIVE and "main.c" in report.summary.reason


def test_binary_files_with_other_names_are_no_reason_to_doubt(scan: Callable[..., ScanReport]) -> None:
    assert scan({"logo.png": bytes(range(256)), "innocent.c": INNOCENT}).summary.verdict is Verdict.NO_EVIDENCE


@pytest.mark.parametrize("folder", [".git/hooks", "CVS", "src/_darcs/patches", ".hg/store"])
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_folder_named_like_version_control_hides_no_code(tmp_path: Path, folder: str, is_packed: bool) -> None:
    files = {
        f"{folder}/main.c": PARSER,
        f"{folder}/HEAD": "ref: x\n",
        f"{folder}/a.c.i": "\0\1",
        "innocent.c": INNOCENT,
    }
    for name, content in files.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(content)
    candidate = tmp_path / "in"
    if is_packed:
        candidate = tmp_path / "in.tar"
        with tarfile.open(candidate, "w") as tar:
            tar.add(tmp_path / "in", ".")
    with Scanner(OPTIONS) as scanner:
        report = scanner.scan(candidate, ORIGINAL)
    assert is_found(report, f"{folder}/main.c")
    assert SkipReason.VERSION_CONTROL in skipped(report).values()


# --- what breaks or drowns -----------------------------------------------------------------------------------------


def test_an_unparsable_file_hides_neither_itself_nor_the_others(scan: Callable[..., ScanReport]) -> None:
    report = scan({"main.c": PARSER, "broken.c": "@@ ]]] }}} \" '" * 500})
    assert is_found(report)
    assert is_found(scan({"main.c": "}}}}} ((((( \n" + PARSER + "\n]]]]] {{{{{"}))


def test_a_file_that_stalls_its_parser_is_still_compared(scan: Callable[..., ScanReport]) -> None:
    assert is_found(scan({"main.c": PARSER}, max_parse_bytes=1000))


@pytest.mark.parametrize("n_files", [1, 10])
def test_junk_lowers_no_bits_and_drowns_nothing(scan: Callable[..., ScanReport], n_files: int) -> None:
    alone = bits(scan({"main.c": PARSER}))
    junk = "".join(f"int junk_{i}(int a)\n{{\n    return a * {i} + a / {i + 3};\n}}\n" for i in range(3000))
    in_one_file = scan({"main.c": PARSER + junk})
    assert is_found(in_one_file) and bits(in_one_file) >= 0.99 * alone
    beside = scan({"main.c": PARSER, **{f"junk{n}.c": junk.replace("junk", f"junk{n}") for n in range(n_files)}})
    assert beside.summary.verdict is Verdict.EVIDENCE and bits(beside) >= 0.99 * alone


def test_an_inserted_statement_every_few_lines_does_not_hide_the_file(scan: Callable[..., ScanReport]) -> None:
    """What holds now: runs between insertions that are long enough, comments, names and constants."""
    lines = PARSER.splitlines()
    inserted = [line + (" (void)0;" if line.endswith(";") and n % 6 == 0 else "") for n, line in enumerate(lines)]
    assert inserted != lines
    assert is_found(scan({"main.c": "\n".join(inserted)}))
