"""Files that many projects carry decide no verdict, on whichever side; numbers of standards are common."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from simdetect import Scanner
from simdetect.layers.all import LayerResults, Models, find_layers
from simdetect.model import AnalysedTree, ExclusionReason, FileRole
from simdetect.options import ScanOptions
from simdetect.weighing.background import load_background, upper
from simdetect.weighing.exclusions import REASONS
from simdetect.weighing.known_spans import known_spans
from simdetect.weighing.known_texts import SAMPLED, KnownTexts, load_known_texts
from simdetect.weighing.recognised import recognised
from simdetect.weighing.standards import prescribed
from simdetect.weighing.wording import load_wording


def lines(seed: int, operators: str, end: str) -> str:
    rng = np.random.default_rng(seed)
    signs = rng.choice(operators.split(), (60, 12))
    return "".join(f"    z = a{''.join(f' {sign} b' for sign in row)}{end}\n" for row in signs.tolist())


def c_code(seed: int) -> str:
    return f"int carried_{seed}(int y)\n{{\n{lines(seed, '+ - * | ^ & << % >> < > ==', ';')}    return y;\n}}\n"


def python_code(seed: int) -> str:
    return f"def carried_{seed}(y):\n{lines(seed, '+ - * | ^ & % << >> and or in', '')}    return y\n"


def javascript_code(seed: int) -> str:
    return c_code(seed).replace("int carried", "function carried").replace("(int y)", "(y)")


MAKE = {"a.c": c_code, "a.py": python_code, "a.js": javascript_code}


def tree(scanner: Scanner, folder: Path, **texts: str) -> AnalysedTree:
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / name.replace("_", ".")).write_text(text)
    return scanner.index(folder)


def known(tree: AnalysedTree, family: str) -> KnownTexts:
    hashes = np.unique(upper(np.concatenate([file.fingerprints.hash for file in tree.files])))
    hashes = hashes[hashes % SAMPLED == 0]
    return KnownTexts(hashes, np.zeros(len(hashes), np.uint8), [family])


def find(candidate: AnalysedTree, original: AnalysedTree, texts: KnownTexts) -> LayerResults:
    models = replace(Models(load_background, load_wording()), texts=lambda: texts)
    return find_layers(candidate, [original], ScanOptions(), models)


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.parametrize(("kind", "role"), [("generated", FileRole.GENERATED), ("bundled", FileRole.VENDORED)])
def test_a_known_file_of_the_original_has_a_role_whatever_it_is_called(
    scanner: Scanner, tmp_path: Path, name: str, kind: str, role: FileRole
) -> None:
    key = name.replace(".", "_")
    texts = known(tree(scanner, tmp_path / "k", **{key: MAKE[name](1)}), f"{kind}:pkg")
    own = {f"own{i}_{key[2:]}": MAKE[name](i) for i in range(5, 9)}
    original = tree(scanner, tmp_path / "o", **{f"renamed_{key[2:]}": MAKE[name](1)}, **own)
    roles = {file.path: file.role for file in recognised(texts, original, ()).files}
    assert roles.pop(f"renamed.{key[2:]}") is role
    assert set(roles.values()) == {FileRole.SOURCE}


@pytest.mark.parametrize("name", MAKE)
def test_a_known_file_of_the_candidate_decides_nothing_and_the_report_says_so(
    scanner: Scanner, tmp_path: Path, name: str
) -> None:
    key = name.replace(".", "_")
    text, more = MAKE[name](1), MAKE[name](2)
    texts = known(tree(scanner, tmp_path / "k", **{key: text}), "bundled:pkg")
    candidate = tree(scanner, tmp_path / "c", **{key: text})
    original = tree(
        scanner, tmp_path / "o", **{key: text + more + MAKE[name](3) + MAKE[name](4)}
    )  # it is in a longer file
    without = find(candidate, original, known(tree(scanner, tmp_path / "n", **{key: MAKE[name](9)}), "bundled:other"))
    found = find(candidate, original, texts)
    assert without.code.features.total[0] > 100
    assert found.code.features.total[0] == 0
    assert REASONS.index(ExclusionReason.VENDORED) + 1 in found.code.excluded


@pytest.mark.parametrize("name", MAKE)
def test_padding_with_a_known_text_clears_nothing_beside_it(scanner: Scanner, tmp_path: Path, name: str) -> None:
    """Most of the file is the library's: what is recalled beside it still counts."""
    key = name.replace(".", "_")
    library = "".join(MAKE[name](i) for i in range(20, 32))
    texts = known(tree(scanner, tmp_path / "k", **{key: library}), "bundled:pkg")
    recalled = MAKE[name](1)
    candidate = tree(scanner, tmp_path / "c", **{key: library + recalled})
    assert set(known_spans(texts, candidate.files, (), is_original=False)[0].family) == {"bundled:pkg"}
    more = "".join(MAKE[name](i) for i in range(40, 60))
    found = find(candidate, tree(scanner, tmp_path / "o", **{key: recalled + more}), texts)
    alone = find(
        tree(scanner, tmp_path / "a", **{key: recalled}), tree(scanner, tmp_path / "p", **{key: recalled + more}), texts
    )
    assert found.code.features.total[0] > 0.8 * alone.code.features.total[0] > 100


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.parametrize(("n_lines", "readme"), [(10, "What Pkg is for"), (50, "# Pkg\n\nA package")])
def test_an_original_that_is_the_family_is_compared_with_all_it_has(
    scanner: Scanner, tmp_path: Path, name: str, n_lines: int, readme: str
) -> None:
    key = name.replace(".", "_")
    texts = known(tree(scanner, tmp_path / "k", **{key: MAKE[name](1)}), "bundled:pkg")
    more = "".join(MAKE[name](2).splitlines(keepends=True)[:n_lines])
    original = tree(scanner, tmp_path / "o", **{key: MAKE[name](1), f"more_{key[2:]}": more}, README_md=readme)
    original = recognised(texts, original, ())
    assert original.own == ("text:bundled:pkg",)
    assert {file.role for file in original.files} == {FileRole.SOURCE}
    candidate = tree(scanner, tmp_path / "c", **{key: MAKE[name](1)})
    assert find(candidate, original, texts).code.features.total[0] > 100


@pytest.mark.parametrize("name", MAKE)
def test_a_known_text_pasted_into_own_code_decides_nothing_and_the_rest_keeps_its_weight(
    scanner: Scanner, tmp_path: Path, name: str
) -> None:
    """Most of both files is their author's: what they share is the library, or the library and what was recalled."""
    key, make = name.replace(".", "_"), MAKE[name]
    texts = known(tree(scanner, tmp_path / "k", **{key: make(1)}), "bundled:pkg")
    original = tree(scanner, tmp_path / "o", **{key: make(2) + make(3) + make(1) + make(4) + make(5)})
    honest = tree(scanner, tmp_path / "c", **{key: make(12) + make(13) + make(1) + make(14) + make(15)})
    recalled = tree(scanner, tmp_path / "d", **{key: make(12) + make(3) + make(1) + make(15)})
    found = find(honest, original, texts)
    chance = find(tree(scanner, tmp_path / "f", **{key: make(12) + make(13) + make(14) + make(15)}), original, texts)
    assert found.code.features.total[0] < chance.code.features.total[0] + 20
    assert REASONS.index(ExclusionReason.VENDORED) + 1 in found.code.excluded
    alone = find(tree(scanner, tmp_path / "e", **{key: make(12) + make(3)}), original, texts).code.features.total[0]
    assert find(recalled, original, texts).code.features.total[0] > 0.8 * alone > 100


@pytest.mark.parametrize("name", MAKE)
def test_recalled_code_inside_a_known_text_still_counts(scanner: Scanner, tmp_path: Path, name: str) -> None:
    key, make = name.replace(".", "_"), MAKE[name]
    texts = known(tree(scanner, tmp_path / "k", **{key: make(1)}), "bundled:pkg")
    half = len(make(1).splitlines()) // 2
    lines_of = make(1).splitlines(keepends=True)
    hidden = "".join([*lines_of[:half], *make(4).splitlines(keepends=True)[2:40], *lines_of[half:]])
    original = tree(scanner, tmp_path / "o", **{key: make(3) + make(4)})
    found = find(tree(scanner, tmp_path / "c", **{key: hidden}), original, texts)
    alone = find(tree(scanner, tmp_path / "e", **{key: make(4)}), original, texts)
    assert found.code.features.total[0] > 0.3 * alone.code.features.total[0] > 100


@pytest.mark.parametrize("name", MAKE)
def test_names_of_a_known_text_are_not_the_originals_own(scanner: Scanner, tmp_path: Path, name: str) -> None:
    """Who calls a function of a library has its name, whether or not the library stands before or behind."""
    key, make = name.replace(".", "_"), MAKE[name]
    texts = known(tree(scanner, tmp_path / "k", **{key: make(1)}), "bundled:pkg")
    carried = make(1).replace("carried_1", "qarrzid_vlorp")
    original = tree(scanner, tmp_path / "o", **{key: make(2) + carried + make(3)})
    candidate = tree(scanner, tmp_path / "c", **{key: make(13).replace("carried_13", "qarrzid_vlorp")})
    names = find(candidate, original, texts).by_kind["names"].found
    assert len(names) and set(names.reason.tolist()) <= {REASONS.index(ExclusionReason.VENDORED) + 1}


@pytest.mark.parametrize("name", MAKE)
def test_a_program_that_carries_much_of_a_family_is_not_its_home(scanner: Scanner, tmp_path: Path, name: str) -> None:
    key, make = name.replace(".", "_"), MAKE[name]
    texts = known(tree(scanner, tmp_path / "k", **{key: make(1)}), "bundled:pkg")
    original = tree(scanner, tmp_path / "o", **{key: make(2) + make(1)}, README_md="# Another thing")
    assert recognised(texts, original, ()).own == ()


def test_the_home_of_a_build_tool_is_what_has_the_tool(scanner: Scanner, tmp_path: Path) -> None:
    """Most of a small program is what automake copied into it."""
    copied, tool = (known(tree(scanner, tmp_path / n, a_c=c_code(i)), "x").hash for n, i in (("p", 1), ("q", 2)))
    hashes = np.concatenate([copied, tool])
    family = np.repeat(np.array([0, 1], np.uint8), [len(copied), len(tool)])
    order = np.argsort(hashes)
    texts = KnownTexts(hashes[order], family[order], ["generated:pkg", "maker:pkg"])
    carrier = tree(scanner, tmp_path / "o", a_c=c_code(1), b_c=c_code(3))
    home = tree(scanner, tmp_path / "h", a_c=c_code(1), b_c=c_code(2), d_c=c_code(4))
    assert [file.role for file in recognised(texts, carrier, ()).files] == [FileRole.GENERATED, FileRole.SOURCE]
    assert recognised(texts, home, ()).own == ("text:generated:pkg",)
    assert {file.role for file in recognised(texts, home, ()).files} == {FileRole.SOURCE}


def test_a_marker_that_a_candidate_writes_itself_excludes_nothing(scanner: Scanner, tmp_path: Path) -> None:
    marks = "/* getopt.c -- generated by libtool, part of gnulib. DO NOT EDIT */\n"
    candidate = tree(scanner, tmp_path / "c", getopt_c=marks + c_code(1))
    original = tree(scanner, tmp_path / "o", a_c=c_code(1))
    assert find(candidate, original, load_known_texts()).code.features.total[0] > 100


# --- tables of standards -------------------------------------------------------------------------------------------

# ITU-T T.81, table K.1 in zigzag order; RFC 1951, 3.2.5: base distances; FIPS 46-3: the initial permutation.
LUMINANCE = [
    16,
    11,
    12,
    14,
    12,
    10,
    16,
    14,
    13,
    14,
    18,
    17,
    16,
    19,
    24,
    40,
    26,
    24,
    22,
    22,
    24,
    49,
    35,
    37,
    29,
    40,
    58,
    51,
]
DISTANCES = [
    1,
    2,
    3,
    4,
    5,
    7,
    9,
    13,
    17,
    25,
    33,
    49,
    65,
    97,
    129,
    193,
    257,
    385,
    513,
    769,
    1025,
    1537,
    2049,
    3073,
    4097,
    6145,
]
SBOX_1 = [14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12, 11, 9, 5, 3, 8]
WRITE = {
    "a.c": lambda values: f"int t[] = {{{', '.join(map(str, values))}}};\n",
    "a.py": lambda values: f"T = [{', '.join(map(hex, values))}]\n",
    "a.rs": lambda values: f"const T: [u32; {len(values)}] = [{', '.join(map(str, values))}];\n",
    "a.js": lambda values: f"const t = [{', '.join(map(str, values))}];\n",
}


@pytest.mark.parametrize("name", WRITE)
@pytest.mark.parametrize("values", [LUMINANCE, DISTANCES, SBOX_1], ids=["jpeg", "deflate", "des"])
def test_tables_of_standards_are_prescribed(scanner: Scanner, tmp_path: Path, name: str, values: list[int]) -> None:
    folder = tree(scanner, tmp_path / "t", **{name.replace(".", "_"): WRITE[name](values)})
    candidate = find_layers(folder, [folder], ScanOptions()).comparison.candidate
    numbers = candidate.role == 3
    assert prescribed(candidate, numbers).sum() >= len(values) - 1


def test_a_table_of_other_numbers_is_not(scanner: Scanner, tmp_path: Path) -> None:
    values = np.random.default_rng(3).permutation(60).tolist()
    folder = tree(scanner, tmp_path / "t", a_c=WRITE["a.c"](values))
    candidate = find_layers(folder, [folder], ScanOptions()).comparison.candidate
    assert not prescribed(candidate, candidate.role == 3).any()


DECLARED = [("EM_386", 3), ("DW_TAG_member", 13), ("SHT_STRTAB", 3), ("ET_DYN", 3), ("PT_INTERP", 3), ("EM_ARM", 40)]
DECLARE = {
    "a.c": lambda rows: "struct e t[] = {\n" + "".join(f'  {{ "{n}", {v:#x} }},\n' for n, v in rows) + "};\n",
    "a.py": lambda rows: "".join(f"{n} = {v}\n" for n, v in rows),
    "a.go": lambda rows: "".join(f"const {n} = {v}\n" for n, v in rows),
    "a.rs": lambda rows: "".join(f"pub const {n}: u32 = {v};\n" for n, v in rows),
}


@pytest.mark.parametrize("name", DECLARE)
def test_the_value_that_a_standard_gives_to_a_name_is_prescribed_and_no_other(
    scanner: Scanner, tmp_path: Path, name: str
) -> None:
    def judged(folder: str, rows: list[tuple[str, int]]) -> int:
        own = tree(scanner, tmp_path / folder, **{name.replace(".", "_"): DECLARE[name](rows)})
        candidate = find_layers(own, [own], ScanOptions()).comparison.candidate
        return int(prescribed(candidate, candidate.role == 3).sum())

    assert judged("right", DECLARED) == len(DECLARED)
    assert judged("wrong", [(n, v + 70_000 + 13 * i * i) for i, (n, v) in enumerate(DECLARED)]) == 0
    assert judged("unnamed", [(f"own_{n}", v) for n, v in DECLARED]) == 0


OUTPUTS = ("bison", "flex", "byacc", "lemon", "goyacc", "racc", "rubygems")


def test_what_generators_put_out_is_in_the_shipped_table() -> None:
    assert {f"generated:{name}" for name in OUTPUTS} <= set(load_known_texts().families)


def test_the_shipped_tables_name_their_sources() -> None:
    folder = resources.files("simdetect") / "data" / "public"
    facts = json.loads((folder / "TEXTS.json").read_text())
    assert {f"{row['kind']}:{row['family']}" for row in facts["texts"]} == set(load_known_texts().families)
    assert all(row["sha256"] for rows in facts.values() for row in rows)
    assert sum(len((folder / name).read_bytes()) for name in ("texts.npz", "tables.npz")) < 1_000_000
