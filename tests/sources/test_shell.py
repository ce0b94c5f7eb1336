"""Files that a script writes are files of their own, on the lines of the script."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from simdetect.languages import LANGUAGES, spec_of
from simdetect.model import FileRole, Place, Side, SkipReason, SourceFile, SourceTree
from simdetect.options import ScanOptions
from simdetect.sources import read_tree
from simdetect.sources.embedded.shell import unfold_shell
from tests.languages.samples import sample_path
from tests.steps import assert_in_proportion, python_steps

GO = """\
package main

import "fmt"

func main() {
\tfor i := 1; i < 1<<4; i++ {
\t\tfmt.Println("it's", i, `${HOME}`)
\t}
}
"""
PYTHON = """\
import sys


def total(rows):
    return sum(float(row[2]) for row in rows if row and not row[0].startswith("#"))


print(total(line.split("\\t") for line in sys.stdin))
"""
C = """\
#include <stdio.h>

int main(void)
{
    char quote = '\\'';
    printf("%d %c\\n", 1 << 3, quote);
    return 0; /* "done" */
}
"""


def read(folder: Path, name: str, text: str, side: Side = Side.CANDIDATE) -> SourceTree:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return read_tree(folder, side, ScanOptions())


def parts(folder: Path, name: str, text: str) -> dict[str, SourceFile]:
    """The files in a file, by their names below it."""
    tree = read(folder, name, text)
    return {file.path.removeprefix(f"{name}!"): file for file in tree.files if file.path != name}


def code(file: SourceFile) -> str:
    """The text of a file without the empty lines before it."""
    return file.content.decode().lstrip("\n")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_heredoc_is_a_file_of_the_language_of_its_name(language: str, tmp_path: Path) -> None:
    path = sample_path(language)
    text = path.read_text().removesuffix("\n") + "\n"
    script = f"#!/bin/sh\nset -e\n\ncat > out/{path.name} <<'THE END'\n{text}THE END\nmake\n"
    found = parts(tmp_path, "compile.sh", script)[f"out/{path.name}"]
    assert found.language == language
    assert found.content == b"\n" * 4 + text.encode()
    assert found.holder == "compile.sh"
    assert not found.places


def test_the_script_keeps_its_lines_and_loses_those_of_the_file(tmp_path: Path) -> None:
    script = f"mkdir src\ncat > src/x.go <<'EOF'\n{GO}EOF\ngo build ./src\n"
    rest = next(file for file in read(tmp_path, "a.sh", script).files if file.path == "a.sh")
    assert (
        rest.content.decode() == "mkdir src\ncat > src/x.go <<'EOF'\n" + "\n" * GO.count("\n") + "EOF\ngo build ./src\n"
    )


@pytest.mark.parametrize(
    ("opening", "name", "language"),
    [
        ("cat <<'EOF' > a/x.py", "a/x.py", "python"),
        ("cat << 'EOF' >> \"$DIR/x.py\"", "$DIR/x.py", "python"),
        ("mkdir -p a && cat > a/x.py << \\EOF", "a/x.py", "python"),
        ("cat <<'EOF' | tee a/x.py > /dev/null", "a/x.py", "python"),
        ('sudo tee -a a/x.py <<"EOF" >/dev/null', "a/x.py", "python"),
        ("cat \\\n  > a/x.py \\\n  <<'EOF'", "a/x.py", "python"),
        ("write_file a/x.py <<'EOF'", "a/x.py", "python"),
        ("python3.11 - \"$1\" <<'EOF' > out.c", "line 2", "python"),
        ("if ! python <<'EOF'; then exit 1; fi", "line 2", "python"),
        ("cat <<'EOF' | python3", "line 2", "python"),
        ("cat > \"$out\" <<'EOF'", "$out", "python"),
        ("cat > parts.txt <<'EOF'", "parts.txt", "python"),
        ("RUN cat <<'EOF' > /app/x.py", "/app/x.py", "python"),
        ("COPY --chmod=755 <<'EOF' /app/x.py", "/app/x.py", "python"),
    ],
)
def test_name_and_language_of_a_heredoc(opening: str, name: str, language: str, tmp_path: Path) -> None:
    at = opening.count("\n")
    name = name.replace("line 2", f"line {2 + at}")
    found = parts(tmp_path, "run.sh", f"{opening}\n{PYTHON * 2}EOF\necho done\n")
    assert {path: file.language for path, file in found.items()} == {name: language}
    assert found[name].content.decode() == "\n" * (1 + at) + PYTHON * 2


def test_what_a_script_reads_is_no_code_of_its_interpreter(tmp_path: Path) -> None:
    names = "".join(f"alpha{i} beta gamma delta epsilon zeta\n" for i in range(30))
    assert parts(tmp_path, "run.sh", f"python3 count.py <<EOF\n{names}EOF\n") == {}


def test_what_the_shell_unescapes_is_unescaped(tmp_path: Path) -> None:
    script = f"cat > x.c <<EOF\n{C.replace(chr(92), chr(92) * 2)}EOF\n"
    assert code(parts(tmp_path, "a.sh", script)["x.c"]) == C


def test_tabs_before_a_heredoc_with_a_dash_go(tmp_path: Path) -> None:
    body = "".join(f"\t\t{line}\n" for line in PYTHON.splitlines())
    script = f"f() {{\n\tcat > x.py <<-EOF\n{body}\tEOF\n}}\n"
    assert code(parts(tmp_path, "a.sh", script)["x.py"]) == PYTHON


def test_two_heredocs_of_one_command_follow_each_other(tmp_path: Path) -> None:
    script = f"cat > x.go <<'A'; cat > y.c <<'B'\n{GO}A\n{C}B\n"
    found = parts(tmp_path, "a.sh", script)
    assert (code(found["x.go"]), code(found["y.c"])) == (GO, C)


def test_what_is_appended_is_one_file(tmp_path: Path) -> None:
    script = f"cat > x.go <<'EOF'\n{GO}EOF\necho more\ncat >> x.go <<'EOF'\n\nfunc more() {{}}\nEOF\n"
    assert "func main" in code(parts(tmp_path, "a.sh", script)["x.go"])
    assert code(parts(tmp_path, "a.sh", script)["x.go"]).endswith("func more() {}\n")


def test_scripts_in_scripts_are_read_to_a_depth_of_three(tmp_path: Path) -> None:
    script = f"cat > x.go <<'E0'\n{GO}E0\n"
    for depth in range(1, 4):
        script = f"cat > s{depth}.sh <<'E{depth}'\n{script}\necho {depth}{depth}{depth}{'.' * 80}\nE{depth}\n"
    found = parts(tmp_path, "a.sh", script)
    assert set(found) == {"s3.sh", "s3.sh!s2.sh", "s3.sh!s2.sh!s1.sh"}
    assert b"func main" in found["s3.sh!s2.sh!s1.sh"].content  # the last one holds its heredoc as it was


def test_a_file_of_a_script_in_a_script_stands_on_the_lines_of_the_first(tmp_path: Path) -> None:
    two = parts(tmp_path, "c.sh", f"cat > s.sh <<'E1'\ncat > x.go <<'E0'\n{GO}E0\nE1\n")
    assert two["s.sh!x.go"].content.decode() == "\n\n" + GO


@pytest.mark.parametrize(
    "opening", ["x=$((y << z))", "# cat > x.py <<EOF", "let a=b<<c", "grep x <<< EOF", "echo '<<EOF'"]
)
def test_what_is_no_heredoc_is_left(opening: str, tmp_path: Path) -> None:
    script = f"{opening}\ncat > x.go <<'EOF'\n{GO}EOF\n"
    assert set(parts(tmp_path, "a.sh", script)) == {"x.go"}


def test_a_heredoc_without_its_end_goes_to_the_end_of_the_script(tmp_path: Path) -> None:
    assert code(parts(tmp_path, "a.sh", f"cat > x.go <<'EOF'\n{GO}")["x.go"]) == GO


def test_makefiles_write_files(tmp_path: Path) -> None:
    recipe = "".join(f"\t{line}\n" for line in GO.replace("$", "$$").splitlines())
    text = (
        f"all:\n\t@cat > x.go <<'EOF'\n{recipe}\tEOF\n\n"
        + "y.c:\n"
        + "".join(f"\t@echo '{line}' >> y.c\n" for line in C.replace("'\\''", "39").splitlines())
    )
    found = parts(tmp_path, "Makefile", text)
    # tabs of Go go too: which of them were the recipe's is not known
    assert code(found["x.go"]).split() == GO.split()
    assert code(found["y.c"]) == C.replace("'\\''", "39")


# --- echo and printf -----------------------------------------------------------------------------------------------


def quoted(line: str) -> str:
    return "'" + line.replace("'", "'\\''") + "'"


@pytest.mark.parametrize("text", [GO, PYTHON, C])
def test_lines_of_echo_are_a_file(text: str, tmp_path: Path) -> None:
    script = "#!/bin/bash\n" + "".join(f"echo {quoted(line)} >> out.src\n" for line in text.splitlines())
    for name in ("main.go", "main.py", "main.c"):
        found = parts(tmp_path, "a.sh", script.replace("out.src", name))[name]
        assert found.content.decode() == "\n" + text


@pytest.mark.parametrize("text", [GO, PYTHON, C])
def test_arguments_of_printf_are_lines(text: str, tmp_path: Path) -> None:
    script = "printf '%s\\n' \\\n" + " \\\n".join(f"  {quoted(line)}" for line in text.splitlines()) + " > main.c\n"
    found = parts(tmp_path, "a.sh", script)["main.c"]
    assert found.content.decode() == "\n" + text


@pytest.mark.parametrize("text", [GO, PYTHON, C])
def test_a_format_of_many_lines_says_where_they_stand(text: str, tmp_path: Path) -> None:
    said = text.replace("\\", "\\\\").replace("%", "%%").replace("\n", "\\n").replace("\t", "\\t")
    found = parts(tmp_path, "a.sh", f"set -e\nprintf {quoted(said)} > main.c\n")["main.c"]
    assert found.content.decode() == text
    assert found.places == (Place(1, 2, 0),)


def test_a_string_of_many_lines_is_a_file(tmp_path: Path) -> None:
    assert code(parts(tmp_path, "a.sh", f"set -e\necho {quoted(C)} > main.c\n")["main.c"]).strip() == C.strip()


def test_a_group_of_echos_has_the_name_behind_its_end(tmp_path: Path) -> None:
    lines = "".join(f"  echo {quoted(line)}\n" for line in GO.splitlines())
    assert code(parts(tmp_path, "a.sh", f"{{\n{lines}}} > main.go\n")["main.go"]) == GO


def test_messages_are_no_files(tmp_path: Path) -> None:
    script = "".join(f'echo "Building target number {i} in $DIR, please wait for it ..." >&2\n' for i in range(40))
    assert parts(tmp_path, "a.sh", script + script.replace(" >&2", "")) == {}


@pytest.mark.parametrize(
    ("opening", "before"), [("sed 's/^X//' > x.go <<'E'", "X"), ("sed -e 's,^\\t,,' <<'E' > x.go", "\t")]
)
def test_what_a_shell_archive_puts_before_each_line_is_taken_away(opening: str, before: str, tmp_path: Path) -> None:
    body = "".join(before + line + "\n" for line in (GO * 3).splitlines())
    tree = read(tmp_path, "a.shar.sh", f"{opening}\n{body}E\n")
    assert {file.path: code(file) for file in tree.files}["a.shar.sh!x.go"] == GO * 3
    assert not tree.skipped


# --- what cannot be read -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("base64 -d > x.go <<'EOF'", base64.encodebytes(GO.encode() * 4).decode()),
        ("tr 'A-Za-z' 'N-ZA-Mn-za-m' > x.go <<'EOF'", GO * 4),
        ("cat <<'EOF' | openssl enc -d -a > x.go", base64.encodebytes(PYTHON.encode() * 4).decode()),
        ("sed 's/@/x/g' <<'EOF' > x.go", GO * 4),
        ("cat > part1.txt <<'EOF'", base64.encodebytes(bytes(range(256)) * 4).decode()),
    ],
)
def test_what_is_changed_before_it_is_written_is_said(command: str, body: str, tmp_path: Path) -> None:
    tree = read(tmp_path, "a.sh", f"{command}\n{body}EOF\n")
    assert [file.reason for file in tree.skipped] == [SkipReason.TRANSFORMED]


@pytest.mark.parametrize("language", ["ruby", "ocaml", "nix", "elixir", "julia", "go", "c"])
@pytest.mark.parametrize("name", ["$OUT", "${dir}/main", "part1.txt"])
def test_code_under_a_name_that_says_nothing_is_read_or_named(language: str, name: str, tmp_path: Path) -> None:
    text = sample_path(language).read_text().removesuffix("\n") + "\n"
    tree = read(tmp_path, "a.sh", f"cat > \"{name}\" <<'THE END'\n{text * 3}THE END\n")
    lost = [file.path for file in tree.skipped if file.reason is SkipReason.TRANSFORMED]
    read_as = [file.language for file in tree.files if file.path == f"a.sh!{name}"]
    assert read_as == [language] or lost == [f"a.sh!{name}"]


@pytest.mark.parametrize(
    "text", ["Usage: run [-v] FILE\n\nReads FILE, and writes what it finds to OUT.\n" * 20, '{"a": [1, 2]}\n' * 60]
)
def test_prose_and_data_under_such_a_name_are_neither(text: str, tmp_path: Path) -> None:
    tree = read(tmp_path, "a.sh", f'cat > "$OUT" <<EOF\n{text}EOF\n')
    assert (len(tree.files), tree.skipped) == (1, ())


def test_a_setting_that_is_changed_is_nothing(tmp_path: Path) -> None:
    assert not read(tmp_path, "a.sh", "sed 's/a/b/' > x.conf <<EOF\nport = 1\nEOF\n").skipped


# --- trees ---------------------------------------------------------------------------------------------------------


def test_the_same_file_on_the_disk_and_in_a_script_counts_once(tmp_path: Path) -> None:
    (tmp_path / "main.go").write_text(GO)
    tree = read(tmp_path, "a.sh", f"cat > main.go <<'EOF'\n{GO}EOF\n")
    assert [file.path for file in tree.files] == ["a.sh", "main.go"]
    assert [(file.path, file.reason) for file in tree.skipped] == [("a.sh!main.go", SkipReason.DUPLICATE_OF)]


def test_a_file_of_a_test_is_a_test(tmp_path: Path) -> None:
    tree = read(tmp_path, "a.sh", f"cat > tests/main.go <<'EOF'\n{GO}EOF\n")
    assert {file.path: file.role for file in tree.files}["a.sh!tests/main.go"] is FileRole.TEST


def test_more_than_a_thousand_files_are_not_read(tmp_path: Path) -> None:
    script = "".join(f"cat > x{i}.c <<'EOF'\nint value_{i} = {i};\n{'/' * 80}\nEOF\n" for i in range(1010))
    tree = read(tmp_path, "a.sh", script)
    assert len(tree.files) == 1001
    assert [file.path for file in tree.skipped] == ["a.sh!more"]


@pytest.mark.parametrize(
    "unit",
    [
        "cat <<EOF\n",
        "cat <<A{}\n",
        "echo '\n",
        'echo "\n',
        'echo "$(\n',
        "printf '%s\n",
        "cat <<'EOF' > x.c \\\n",
        "echo \\\n",
    ],
)
def test_hostile_scripts_take_time_with_their_size(unit: str) -> None:
    def work(n: int) -> int:
        script = "".join(unit.replace("{}", str(i)) for i in range(n)).encode()
        return python_steps(lambda: unfold_shell(script))

    assert_in_proportion(work, 400, unit)


def test_rows_say_what_holds_code() -> None:
    assert {spec_of(name).holds for name in ("bash", "dockerfile", "makefile")} == {"heredocs", "recipes"}
