"""Orders of functions, fields, members, rows and cases: where the syntax tree has them, and what they say."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from random import Random

import pytest

from simdetect import Layer, Scanner, ScanOptions
from simdetect.model import LIST_KINDS, Evidence, ScanReport
from simdetect.tokens.analyse import Batch, analyse
from tests.weighing.test_background import program

ODD = ("quibble", "zorpal", "fluxion", "glimmer", "snorkel", "wumpus", "frobnic", "drizzly", "ocelot", "yttrium")


def names(n: int = 10, seed: int = 3) -> list[str]:
    """Rare names in an order of nobody's."""
    random = Random(seed)
    return [f"{odd}_{''.join(random.choices('bcdfghjkmnpqrstvwxz', k=5))}" for odd in ODD[:n]]


LISTS = {
    "c": {
        "fields": "struct item {{ {} }};",
        "fields.each": "int {0};",
        "members": "enum kind {{ {} }};",
        "members.each": "{0},",
        "rows": "static const struct row rows[] = {{ {} }};",
        "rows.each": '{{ "{0}", 1 }},',
        "cases": "int f(int a) {{ switch (a) {{ {} }} return 0; }}",
        "cases.each": "case {0}: return 1;",
    },
    "cpp": {
        "fields": "class Item {{ public: {} }};",
        "fields.each": "int {0};",
        "members": "enum class Kind {{ {} }};",
        "members.each": "{0},",
        "rows": "namespace a {{ const Row rows[] = {{ {} }}; }}",
        "rows.each": '{{ "{0}", 1 }},',
    },
    "rust": {
        "fields": "struct Item {{ {} }}",
        "fields.each": "pub {0}: u8,",
        "members": "enum Kind {{ {} }}",
        "members.each": "{0}(u8),",
        "rows": "const ROWS: &[(&str, u8)] = &[ {} ];",
        "rows.each": '("{0}", 1),',
        "cases": "fn f(a: Kind) -> u8 {{ match a {{ {} }} }}",
        "cases.each": "Kind::{0} => 1,",
    },
    "go": {
        "fields": "package p\ntype Item struct {{\n{}\n}}",
        "fields.each": "{0} int\n",
        "members": "package p\nconst (\n{}\n)",
        "members.each": "{0} = iota\n",
        "rows": "package p\nvar rows = []Row{{ {} }}",
        "rows.each": '{{"{0}", 1}},',
        "cases": "package p\nfunc f(a int) int {{ switch a {{\n{}\n}}\nreturn 0 }}",
        "cases.each": "case {0}: return 1\n",
    },
    "java": {
        "fields": "class Item {{ {} }}",
        "fields.each": "private int {0};",
        "members": "enum Kind {{ {} }}",
        "members.each": "{0}(1),",
        "rows": "class A {{ static final String[] ROWS = {{ {} }}; }}",
        "rows.each": '"{0}",',
        "cases": "class A {{ int f(int a) {{ switch (a) {{ {} }} return 0; }} }}",
        "cases.each": "case {0}: return 1;",
    },
    "javascript": {
        "fields": "class Item {{ {} }}",
        "fields.each": "{0} = 1;",
        "rows": "const rows = {{ {} }};",
        "rows.each": "{0}: 1,",
        "cases": "function f(a) {{ switch (a) {{ {} }} }}",
        "cases.each": 'case "{0}": return 1;',
    },
    "typescript": {
        "fields": "interface Item {{ {} }}",
        "fields.each": "{0}: number;",
        "members": "enum Kind {{ {} }}",
        "members.each": "{0},",
        "rows": "const rows = [ {} ] as const;",
        "rows.each": '["{0}", 1],',
    },
    "python": {
        "fields": "class Item:\n{}",
        "fields.each": "    {0}: int = 1\n",
        "rows": "ROWS = {{\n{}\n}}",
        "rows.each": '    "{0}": 1,\n',
    },
    "c-sharp": {
        "fields": "class Item {{ {} }}",
        "fields.each": "public int {0} {{ get; set; }}",
        "members": "enum Kind {{ {} }}",
        "members.each": "{0},",
        "rows": "class A {{ string[] rows = {{ {} }}; }}",
        "rows.each": '"{0}",',
    },
}
SUFFIX = {"c": "c", "cpp": "cpp", "rust": "rs", "go": "go", "java": "java", "javascript": "js", "typescript": "ts",
          "python": "py", "c-sharp": "cs"}  # fmt: skip
CASES = [(language, kind) for language, forms in LISTS.items() for kind in forms if "." not in kind]


def written(language: str, kind: str, entries: list[str], gap: str = "") -> str:
    """A file with one list. gap: put between the entries."""
    forms = LISTS[language]
    return forms[kind].format(gap.join(forms[f"{kind}.each"].format(entry) for entry in entries)) + "\n"


# --- in the syntax tree ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "kind"), CASES)
def test_each_entry_of_a_list_is_found_where_it_stands(language: str, kind: str) -> None:
    content = written(language, kind, names()).encode()
    [(tokens, _, _)] = analyse(Batch(language, [content], 12, 6))
    lists = tokens.lists
    [number] = [i for i, code in enumerate(lists.kind.tolist()) if LIST_KINDS[code] == kind]
    first = int(lists.size[:number].sum())
    found = zip(lists.start.tolist(), lists.end.tolist(), strict=True)
    texts = [content[tokens.start[a] : tokens.end[b - 1]].decode() for a, b in found][first:]
    assert int(lists.size[number]) == len(names())
    assert all(name in text for name, text in zip(names(), texts, strict=False))


@pytest.mark.parametrize(("language", "kind"), CASES)
def test_short_lists_are_left_out(language: str, kind: str) -> None:
    [(tokens, _, _)] = analyse(Batch(language, [written(language, kind, names(6)).encode()], 12, 6))
    assert not len(tokens.lists)


# --- what orders say -------------------------------------------------------------------------------------------------


def scan(folder: Path, suffix: str, own: str, theirs: str) -> ScanReport:
    for side, text in (("own", own), ("theirs", theirs)):
        (folder / side).mkdir()
        (folder / side / f"main.{suffix}").write_text(text)
    with Scanner(ScanOptions()) as scanner:
        return scanner.scan(folder / "own", folder / "theirs")


def orders(report: ScanReport) -> list[Evidence]:
    return [item for finding in report.findings for item in finding.evidence if item.layer is Layer.ORDER]


def between(n: int, seed: int, form: str) -> list[str]:
    """Entries that only one side has: they keep regions short."""
    return [form.format(f"own{seed}_{i}") for i in range(n)]


def table(entries: list[str], seed: int, values: bool = True) -> str:
    """A table in C whose rows differ in form, so that no region of code is left."""
    forms = [
        '{{ "{0}", {1} }},',
        '{{ .name = "{0}" }},',
        '[{1}] = {{ "{0}", a | {1} }},',
        'ROW("{0}"),',
        '{{ {1}, "{0}" }},',
    ]
    random = Random(seed)
    rows = [
        random.choice(forms if values else forms[1:2] + forms[3:4]).format(entry, random.randrange(1000))
        for entry in entries
    ]
    return "static const struct row rows[] = {\n" + "\n".join(rows) + "\n};\n"


def test_rows_in_the_same_order_are_evidence_with_both_places(tmp_path: Path) -> None:
    report = scan(tmp_path, "c", table(names(), 1), table(names(), 2))
    [order] = orders(report)
    assert order.bits == pytest.approx(21.79 - 10, abs=0.01)  # log2(10!), less the floor
    assert [item.text.strip('"') for item in order.items] == names()
    assert [item.candidate_line for item in order.items] == list(range(2, 12))
    assert order.candidate_unit == order.original_unit == "rows"


def test_rows_in_another_order_are_none(tmp_path: Path) -> None:
    shuffled = names()
    Random(8).shuffle(shuffled)
    assert not orders(scan(tmp_path, "c", table(shuffled, 1), table(names(), 2)))


def test_rows_in_alphabetical_order_are_none(tmp_path: Path) -> None:
    assert not orders(scan(tmp_path, "c", table(sorted(names()), 1), table(sorted(names()), 2)))


def test_rows_in_the_order_of_their_values_are_none(tmp_path: Path) -> None:
    def valued(seed: int) -> str:
        random = Random(seed)
        forms = ['{{ {1}, "{0}" }},', '{{ "{0}", {1} }},', '{{ "{0}", b, {1} }},']
        rows = [random.choice(forms).format(name, 7 * i + 3) for i, name in enumerate(names())]
        return "static const struct row rows[] = {\n" + "\n".join(rows) + "\n};\n"

    assert not orders(scan(tmp_path, "c", valued(1), valued(2)))


def test_a_list_that_was_handed_out_is_none(tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "format.md").write_text("The names are " + ", ".join(names()) + ".\n")
    for side, seed in (("own", 1), ("theirs", 2)):
        (tmp_path / side).mkdir()
        (tmp_path / side / "main.c").write_text(table(names(), seed))
    with Scanner(ScanOptions()) as scanner:
        report = scanner.scan(tmp_path / "own", tmp_path / "theirs", given=[tmp_path / "given"])
    assert not orders(report)


def test_the_order_inside_one_region_is_not_counted_again(tmp_path: Path) -> None:
    text = "static const struct row rows[] = {\n" + "\n".join(f'{{ "{name}", 1 }},' for name in names()) + "\n};\n"
    report = scan(tmp_path, "c", text, text)
    assert report.findings[0].layer_bits[Layer.VERBATIM] > 0
    assert not orders(report)


def test_orders_cross_languages(tmp_path: Path) -> None:
    for side, suffix in (("own", "py"), ("theirs", "go")):
        (tmp_path / side).mkdir()
        language = "python" if suffix == "py" else "go"
        (tmp_path / side / f"main.{suffix}").write_text(written(language, "fields", names()))
    with Scanner(ScanOptions()) as scanner:
        [order] = orders(scanner.scan(tmp_path / "own", tmp_path / "theirs"))
    assert (order.candidate_unit, order.original_unit) == ("fields of Item", "fields of Item")
    assert len(order.items) == len(names())


# --- functions that were renamed -------------------------------------------------------------------------------------


def functions(seed: int, prefix: str) -> str:
    """Ten functions of the same bodies, each renamed, with code of one's own between them."""
    between = program(seed).splitlines()
    parts = []
    for i, odd in enumerate(ODD):
        lines = program(100 + i).splitlines()[:4]
        body = "".join(f"    {line}\n" for line in lines).replace(f"v{100 + i}_", f"{prefix}v")
        name = f"{prefix}fun{Random(seed + i).randrange(10**6)}"
        parts += [f"def {name}({odd}):\n{body}    return {i}\n\n\n", "\n".join(between[3 * i : 3 * i + 3]) + "\n\n\n"]
    return "".join(parts)


def test_functions_that_were_all_renamed_are_paired_by_regions(tmp_path: Path) -> None:
    report = scan(tmp_path, "py", functions(1, "x"), functions(2, "y"))
    found = [order for order in orders(report) if order.candidate_unit == "functions and types"]
    assert len(found) == 1
    assert all(item.original_text and item.original_text != item.text for item in found[0].items)
    assert all(re.match("xfun", item.text) and re.match("yfun", item.original_text) for item in found[0].items)
    lines = [(item.candidate_line, item.original_line) for item in found[0].items]
    assert all(a < b and c < d for (a, c), (b, d) in itertools.pairwise(lines))
