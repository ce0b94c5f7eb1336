from __future__ import annotations

import pytest

from simdetect.session.effects import effect_of

NAMES = frozenset({"executable"})

CLEAN = (
    "./executable --help",
    "cd /workspace && ./executable -x 2>&1",
    'timeout 5 ./executable --version; echo "rc=$?"',
    "./executable --help | head -50",
    "for f in a b 'c d'; do ./executable \"$f\"; done",
    "G=../executable; $G --help",
    'r() { echo "--- $*"; ./executable "$@" 2>&1 | head -${N:-5}; echo "rc=$?"; }\nr -a; r --bogus',
    "echo '{\"a\": 1}' | ./executable",
    "./executable <<'X'\nsome input\nX",
    "cat > in.txt <<'X'\nsome input\nX\n./executable in.txt > out.txt; cat out.txt",
    "if ./executable -q; then echo yes; else echo no; fi",
    "HOME=/tmp/h ./executable",
    'x=$(./executable --version); echo "$x"',
    "./executable --help 2>&1 | head -50",
    "echo '{\"a\":1}' | ./executable .",
    "cat <<'X' | ./executable\nsome input\nX",
    "cat > in.txt <<'X'\nsome input\nX\n./executable < in.txt",
)
MIXED = (
    "./executable --help; cat src/main.c",  # compound command
    "./executable --help && ls -R given",
    "cat src/main.c | ./executable",  # a file through a filter
    "./executable $(cat secret)",
    "./executable < <(curl -s https://example.org/main.c)",
    "printf '\\x66\\x6f\\x6f' | ./executable",  # texts that are spelt out
    "./executable $'\\x66\\x6f\\x6f'",
    "./executable --help | sed s/a/b/",
    "./executable --help | tr a-z n-za-m",
    "python3 run.py ./executable",
    "bash -c './executable --help; cat x'",
    "./executable --help; ./mine --help",
    "p=mine; for p in ./executable ./mine; do $p -x; done",
    "f() { cat main.c; }; f; ./executable",
    'eval "$CODE"; ./executable',
    "cat <<X | ./executable\n$secret\nX",
    "if then; ./executable )(",  # no shell command
)
NEITHER = ("ls -la", "cat README.md", "make", "echo executables are fine", "grep -rn main .")


@pytest.mark.parametrize("command", CLEAN)
def test_a_command_is_clean_when_only_the_executable_says_something(command: str) -> None:
    effect = effect_of(command, NAMES)
    assert effect.runs and effect.is_clean, command


@pytest.mark.parametrize("command", MIXED)
def test_a_command_is_not_clean_when_something_else_may_have_printed(command: str) -> None:
    effect = effect_of(command, NAMES)
    assert effect.runs and not effect.is_clean, command


@pytest.mark.parametrize("command", NEITHER)
def test_a_command_without_the_executable_does_not_run_it(command: str) -> None:
    effect = effect_of(command, NAMES)
    assert not effect.runs and not effect.is_clean


@pytest.mark.parametrize(
    "command",
    (
        "gcc -o executable main.c",
        "cp target/release/mine ./executable",
        "mv mine executable",
        "./mine > executable",
        "install -m755 mine /workspace/executable",
        "rm executable",
        "cat x > $OUT",
    ),
)
def test_what_may_write_where_the_executable_lies_is_noticed(command: str) -> None:
    assert effect_of(command, NAMES).replaces


@pytest.mark.parametrize(
    "command",
    (
        "file executable",
        "cp executable /tmp/original",
        "diff executable mine",
        "./executable > out",
        "chmod +x executable",
    ),
)
def test_what_only_reads_it_is_not(command: str) -> None:
    assert not effect_of(command, NAMES).replaces


@pytest.mark.parametrize(
    "command",
    (
        "curl -so x.c https://example.org/x.c",
        "git clone https://example.org/x",
        "base64 -d x > y",
        "make",
        "cargo build",
        "go build",
        "tar xf b.tar",
        "python3 b.py",
        "./run.sh",
        "find . -delete",
    ),
)
def test_what_may_write_anything_is_noticed(command: str) -> None:
    assert effect_of(command, NAMES).runs_others


@pytest.mark.parametrize(
    "command",
    (
        "(" * 3000 + "./executable",
        "f() { f; }; " * 50 + "f; ./executable",
        "for i in " + "a " * 5000 + "; do ./executable; done",
    ),
)
def test_hostile_commands_end(command: str) -> None:
    effect_of(command, NAMES)
