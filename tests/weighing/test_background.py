"""Background models: what they hold, what they hide, how they fail."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

import simdetect
from simdetect.errors import InputError
from simdetect.model import AnalysedFile, FileRole, TokenRole
from simdetect.options import ScanOptions
from simdetect.scanning.scanner import Scanner
from simdetect.tokens.grams import hash_kgrams
from simdetect.weighing.background import POOL, Background, load_background, pack_counts, token_bits, unpack
from tests import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
from build_background import FamilyCounts, Owned, without_near_duplicates


def expression(random: np.random.Generator, seed: int, depth: int) -> str:
    name = f"v{seed}_{random.integers(0, 400)}"
    if depth == 0:
        return str([name, f"{name}.size", f"{name}[0]", "1", "'text'"][random.integers(0, 5)])
    a, b = (expression(random, seed, depth - 1) for _ in range(2))
    forms = [f"({a} + {b})", f"{name}({a}, {b})", f"[{a}, {b}]", f"({a} if {b} else {name})", f"(not {a} < {b})"]
    forms += [f"{{{a}: {b}}}", f"(lambda {name}: {a} ** {b})", f"{name}.get({a})[{b}]", f"({a} and {b} or {name})"]
    return str(forms[random.integers(0, len(forms))])


def program(seed: int, shared: str = "") -> str:
    """A small program whose names and shapes hardly recur under another seed."""
    random = np.random.default_rng(seed)
    lines = [f"v{seed}_{i} = {expression(random, seed, 4)}" for i in range(30)]
    return "\n".join([*lines, shared]) + "\n"


COMMON = "\n".join(
    f"for item in sorted(values, key=len)[:{i}]:\n    total = total + item.weight({i})" for i in range(40)
)


def analysed(folder: Path, texts: dict[str, str]) -> list[AnalysedFile]:
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text)
    with Scanner() as scanner:
        return list(scanner.index(folder).files)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[AnalysedFile]:
    texts = {f"{seed}.py": program(seed, COMMON if seed < 4 else "") for seed in range(8)}
    return analysed(tmp_path_factory.mktemp("background") / "tree", texts)


@pytest.fixture(scope="module")
def counts(files: list[AnalysedFile]) -> FamilyCounts:
    return FamilyCounts("python", owned(files))


def owned(files: list[AnalysedFile]) -> list[Owned]:
    return [(file.path, file, np.zeros(0, np.uint64)) for file in files]


def model(counts: FamilyCounts, *leave_out: str) -> Background:
    return unpack("python", counts.pack(ScanOptions(), leave_out))


def total_bits(background: Background, file: AnalysedFile) -> float:
    tokens = file.tokens
    bits = token_bits(background, tokens, 12)
    return float(bits.structure.sum() + bits.name.sum())


def test_what_fewer_than_three_families_share_is_not_in_the_model(counts: FamilyCounts) -> None:
    two_left = model(counts, "0.py", "1.py")
    four = model(counts)
    assert len(four.idiom) > 0
    assert len(two_left.idiom) < len(four.idiom)


def test_code_that_four_families_share_is_common_and_an_own_program_is_not(
    counts: FamilyCounts, files: list[AnalysedFile]
) -> None:
    background = model(counts)
    tokens = files[0].tokens
    bits = token_bits(background, tokens, 12)
    n_common = 40 * 24
    assert bits.is_idiom[-n_common:].mean() > 0.9
    assert bits.is_idiom[:-n_common].mean() < 0.3


def test_an_original_that_is_in_the_background_keeps_its_bits(counts: FamilyCounts, files: list[AnalysedFile]) -> None:
    original = files[6]
    with_it, without_it = total_bits(model(counts), original), total_bits(model(counts, "6.py"), original)
    assert abs(with_it - without_it) < 0.1 * without_it


def test_near_duplicate_files_count_once_however_many_families_carry_them(files: list[AnalysedFile]) -> None:
    carried = [(f"family{i}", files[7], np.zeros(0, np.uint64)) for i in range(5)]
    alone = FamilyCounts("python", without_near_duplicates([*owned(files[:4]), carried[0]]))
    copied = FamilyCounts("python", without_near_duplicates([*owned(files[:4]), *carried]))
    assert len(model(copied).idiom) == len(model(alone).idiom)


def test_bits_are_bounded_and_syntax_has_no_name_bits(counts: FamilyCounts, files: list[AnalysedFile]) -> None:
    for file in files:
        tokens = file.tokens
        bits = token_bits(model(counts), tokens, 12)
        assert bits.structure.min() >= 0 and bits.structure.max() <= 10
        assert bits.name.min() >= 0 and bits.name.max() <= 18
        assert not bits.name[tokens.role == TokenRole.SYNTAX].any()


def test_structure_bits_follow_the_documented_arithmetic(counts: FamilyCounts, files: list[AnalysedFile]) -> None:
    background, tokens = model(counts), files[0].tokens
    bits = token_bits(background, tokens, 12)
    four = dict(zip(background.four_hash.tolist(), background.four_count.tolist(), strict=True))
    three = dict(zip(background.three_hash.tolist(), background.three_count.tolist(), strict=True))
    grams = [int(h) >> 32 for h in hash_kgrams(tokens.normal, 4)]
    contexts = [int(h) >> 32 for h in hash_kgrams(tokens.normal, 3)]
    for i in range(0, len(grams), 7):
        n4, n3 = four.get(grams[i], 0.0), three.get(contexts[i], 0.0)
        expected = -np.log2((n4 + 0.25) / (max(n3, n4) + 8))
        assert bits.structure[i + 3] == pytest.approx(min(10, max(0, expected)))


def test_counts_survive_packing_within_five_percent() -> None:
    count = np.arange(1, 5000)
    unpacked = np.exp2(pack_counts(count) / 8.0)
    assert (np.abs(unpacked / count - 1) < 0.05).all()


def test_a_model_holds_no_source_text(counts: FamilyCounts) -> None:
    data = counts.pack(ScanOptions())
    assert b"weight" not in data and b"total" not in data


def test_a_language_without_a_model_falls_back_to_the_pooled_one() -> None:
    assert load_background("no-such-language").family == POOL


def archive_of(header: bytes) -> bytes:
    """A model file whose one array begins with this header."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("facts.npy", b"\x93NUMPY\x01\0" + len(header).to_bytes(2, "little") + header + b"[1]")
    return packed.getvalue()


DAMAGE = {
    "empty": b"",
    "text": b"not a zip file",
    "zip": b"PK\x03\x04" + bytes(100),
    "open bracket": archive_of(b"{'descr': '|u1', 'shape': (3"),
    "no array": archive_of(b"{'descr': '|u1', 'fortran_order': False, 'shape': (3"),
    "petabytes": archive_of(b"{'descr': '|u1', 'fortran_order': False, 'shape': (1125899906842624,), }"),
    "facts": archive_of(b"{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_model_is_one_clear_error(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / f"{POOL}.npz").write_bytes(damage)
    with pytest.raises(InputError, match="background model"):
        load_background("python", tmp_path)


def test_missing_models_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no background model"):
        load_background("python", tmp_path)


def test_shipped_models_say_what_went_in() -> None:
    folder = Path(simdetect.__file__).parent / "data" / "background"
    provenance = json.loads((folder / "PROVENANCE.json").read_text())
    assert len(provenance["repositories"]) > 400
    assert all(row["commit"] and row["family"] for row in provenance["repositories"])
    for family in ("c", "rust", "go", "python", "javascript", "java"):
        assert load_background(family).family == family
        assert load_background(family).n_families >= 25


def test_shipped_models_are_a_few_megabytes_in_all() -> None:
    folder = Path(simdetect.__file__).parent / "data" / "background"
    assert sum(file.stat().st_size for file in folder.glob("*.npz")) < 12e6


def test_tests_do_not_build_models_of_tests_only(files: list[AnalysedFile]) -> None:
    assert {file.role for file in files} == {FileRole.SOURCE}
