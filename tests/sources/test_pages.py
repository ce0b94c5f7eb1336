"""Code in pages, components and templates is compared as code of its language, on the lines of the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from simdetect.model import Side, SkipReason, SourceFile, SourceTree
from simdetect.options import ScanOptions
from simdetect.sources import read_tree
from simdetect.sources.embedded.pages import unfold_page
from tests.steps import assert_in_proportion, python_steps

SCRIPT = """\
const limits = { low: 3, high: 40 };
function clamp(value) {
  if (value < limits.low) {
    return limits.low;
  }
  return value > limits.high ? limits.high : value;
}
window.addEventListener("load", () => console.log(clamp(1 << 4)));
"""
RUBY = "@rows.each_with_index do |row, i|"


def read(folder: Path, name: str, text: str) -> SourceTree:
    (folder / name).write_text(text)
    return read_tree(folder, Side.CANDIDATE, ScanOptions())


def files(folder: Path, name: str, text: str) -> dict[str, SourceFile]:
    return {file.path: file for file in read(folder, name, text).files}


def lines(file: SourceFile) -> dict[int, str]:
    """Lines of a file that are not empty, by their numbers."""
    text = file.content.decode().split("\n")
    return {number: line.strip() for number, line in enumerate(text, 1) if line.strip()}


@pytest.mark.parametrize(
    ("name", "opening", "language"),
    [
        ("index.html", "<script>", "javascript"),
        ("index.htm", "<SCRIPT type='module' defer>", "javascript"),
        ("a.vue", "<script setup>", "javascript"),
        ("a.vue", '<script lang="ts">', "typescript"),
        ("a.svelte", '<script context="module" lang=ts>', "typescript"),
        ("a.svelte", "<script>", "javascript"),
        ("a.astro", '<script type="text/javascript">', "javascript"),
        ("page.hbs", '<script type="text/babel">', "javascript"),
        ("page.html.j2", "<script>", "javascript"),
        ("page.twig", "<script>", "javascript"),
        ("page.cshtml", "<script>", "javascript"),
        ("page.erb", "<script>", "javascript"),
    ],
)
def test_a_script_takes_the_place_of_its_page(name: str, opening: str, language: str, tmp_path: Path) -> None:
    page = f"<div>\n<p>text</p>\n{opening}\n{SCRIPT}</script>\n</div>\n<script src='lib.js'></script>\n"
    found = files(tmp_path, name, page)[name]
    assert found.language == language
    assert found.content.decode().replace(" \n", "\n").strip("\n ") + "\n\n" == SCRIPT + "\n"
    assert lines(found)[5] == "function clamp(value) {"
    assert not found.holder


@pytest.mark.parametrize(
    "kind", ["application/json", "text/x-template", "importmap", "application/ld+json", "text/html"]
)
def test_data_in_scripts_is_no_code(kind: str, tmp_path: Path) -> None:
    tree = read(tmp_path, "index.html", f'<p>\n<script type="{kind}">\n{SCRIPT}</script>\n')
    assert [(file.path, file.reason) for file in tree.skipped] == [("index.html", SkipReason.NOT_CODE)]


def test_the_text_of_a_page_is_still_a_document(tmp_path: Path) -> None:
    page = f"<p>some words</p>\n<script>\n{SCRIPT}</script>\n"
    tree = read(tmp_path, "index.html", page)
    assert [file.path for file in tree.files] == ["index.html"]
    assert [(file.path, file.reason) for file in tree.skipped] == [("index.html!markup", SkipReason.NOT_CODE)]
    assert [(text.path, text.content.decode()) for text in tree.documents] == [("index.html", page)]


def test_one_script_in_many_pages_is_one_file(tmp_path: Path) -> None:
    for number in range(5):
        tree = read(tmp_path, f"page{number}.html", f"<p>{number}</p>\n<script>{SCRIPT}</script>\n")
    assert [file.path for file in tree.files] == ["page0.html"]


def test_what_is_left_of_a_component_is_compared_too(tmp_path: Path) -> None:
    page = f"<template><b @click='f'>x</b></template>\n<script>\n{SCRIPT}</script>\n<style>b {{}}</style>\n"
    found = files(tmp_path, "a.vue", page)
    assert found["a.vue!markup"].language == "vue"
    assert "clamp" not in found["a.vue!markup"].content.decode()
    assert found["a.vue!markup"].holder == "a.vue"
    assert found["a.vue"].content.count(b"\n") == page.count("\n") - 1


def test_the_front_of_an_astro_component_is_code(tmp_path: Path) -> None:
    found = files(tmp_path, "a.astro", f"---\n{SCRIPT}---\n<p>{{clamp(3)}}</p>\n")["a.astro"]
    assert (found.language, found.content.decode()) == ("typescript", "\n" + SCRIPT + "\n")


def test_scriptlets_are_one_program(tmp_path: Path) -> None:
    page = (
        "<% for (const item of items.filter((one) => one.visible && one.price < 100)) { %>\n"
        '  <li class="x"><%= item.name.toUpperCase() + item.price.toFixed(2) %> <%- item.html %></li>\n'
        "<% } %>\n<%# nothing of this %><%-- nor this --%>\n<script>\nvar n = <%= items.length %>;\n</script>\n"
    )
    assert lines(files(tmp_path, "list.ejs", page)["list.ejs"]) == {
        1: "for (const item of items.filter((one) => one.visible && one.price < 100)) {",
        2: "item.name.toUpperCase() + item.price.toFixed(2) ;      item.html",
        3: "}",
        6: "var n =     items.length ; ;",
    }


@pytest.mark.parametrize(
    ("name", "language", "code"),
    [
        ("a.erb", "ruby", "rows.each_with_index do |row, i|\n  total[i] += row.price * row.count if row.visible?\nend"),
        (
            "a.html.erb",
            "ruby",
            "rows.each_with_index do |row, i|\n  total[i] += row.price * row.count if row.visible?\nend",
        ),
        ("a.jsp", "java", 'for (Row row : (List<Row>) request.getAttribute("rows")) {\n  total += row.price();\n}'),
        (
            "a.aspx",
            "c-sharp",
            "foreach (var row in Rows.Where(one => one.Visible)) {\n  total += row.Price * row.Count;\n}",
        ),
        (
            "a.mako",
            "python",
            "total = sum(row.price * row.count for row in rows if row.visible)\nname = rows[0].name.upper()",
        ),
    ],
)
def test_scriptlets_are_of_the_language_of_the_template(name: str, language: str, code: str, tmp_path: Path) -> None:
    page = f"<h1>x</h1>\n<%\n{code}\n{code}\n%>\n<p>text</p>\n"
    found = files(tmp_path, name, page)[name]
    assert found.language == language
    assert list(lines(found).items()) == list(enumerate((line.strip() for line in f"{code}\n{code}".split("\n")), 3))


def test_scripts_in_php_are_a_file_beside_it(tmp_path: Path) -> None:
    page = f"<html><?php echo head($title); ?>\n<script>\nvar rows = <?= json_encode($rows) ?>;\n{SCRIPT}</script>\n"
    found = files(tmp_path, "a.php", page)
    assert b"json_encode" in found["a.php"].content
    assert b"clamp" not in found["a.php"].content
    assert lines(found["a.php!script.js"])[3].split() == ["var", "rows", "=", ";"]
    assert lines(found["a.php!script.js"])[5] == "function clamp(value) {"
    (tmp_path / "other").mkdir()
    assert files(tmp_path / "other", "b.html", page)["b.html"].language == "php"


@pytest.mark.parametrize(
    "unit", ["<script>", "<script", "<% ", "<%= x %>", "<?php ", "</script", "<script a=", "---\n"]
)
def test_hostile_pages_take_time_with_their_size(unit: str) -> None:
    def work(n: int) -> int:
        page = (unit * n).encode()
        return python_steps(lambda: unfold_page("a.ejs", page, rest_name="markup", is_document=False))

    assert_in_proportion(work, 400, unit)
