"""Facts of a session beside facts of the code: steps, fetches, remarks; nothing private is quoted."""

from __future__ import annotations

import time

import pytest

from simdetect.session.facts import Region, fetches_of, history_of, region_history, remarks_of
from simdetect.session.redact import redacted
from simdetect.session.trajectory import Event, Kind

NAMES = ("antirez/kilo", "kilo")
CODE = ["int editorOpen(char *filename) {", "    FILE *fp = fopen(filename);", "    }", "    E.dirty = 0;", "}"]


def wrote(step: int, command: str, words: str = "") -> Event:
    return Event(step, Kind.WRITTEN, f"{words}\n{command}", (command,))


def printed(step: int, text: str) -> Event:
    return Event(step, Kind.PRINTED, text, ("x",))


def region(lines: list[str] = CODE) -> Region:
    return Region("kilo.c", 10, 14, "0011223344556677", lines)


def test_a_region_has_the_step_that_first_wrote_it() -> None:
    text = "\n".join(CODE)
    events = [wrote(1, "ls"), wrote(3, f"cat > kilo.c <<'EOF'\n{text}\nEOF"), printed(4, text), wrote(7, text)]
    found = region_history(region(), history_of(events))
    assert (found.written_step, found.printed_step, found.n_lines) == (3, None, 3)


def test_a_region_that_was_printed_before_says_so() -> None:
    text = "\n".join(CODE)
    found = region_history(region(), history_of([printed(2, text), wrote(5, text)]))
    assert (found.written_step, found.printed_step) == (5, 2)


def test_a_region_that_was_never_written_as_text_has_no_step() -> None:
    found = region_history(region(), history_of([wrote(1, "base64 -d x > kilo.c"), printed(2, CODE[0])]))
    assert (found.written_step, found.printed_step) == (None, None)
    assert region_history(region([]), history_of([])).written_step is None


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("git clone https://github.com/antirez/kilo", "git"),
        ("cd /tmp && git -c a=b clone https://github.com/antirez/kilo x", "git"),
        ("GOFLAGS=-mod=mod go get github.com/a/b", "go"),
        ("go install github.com/a/b@latest", "go"),
        ("sudo cargo install ripgrep", "cargo"),
        ("python3 -m pip download kilo", "python"),
        ("pip3 install kilo", "python"),
        ("npm pack kilo", "node"),
        ("apt-get -y source kilo", "system"),
        ("curl -sL https://raw.githubusercontent.com/antirez/kilo/master/kilo.c", "web"),
        ("wget http://example.org/a.tgz; ls", "web"),
        ("find / -name '*.c' 2>/dev/null", "look"),
        ("ls; find ~ -iname kilo*", "look"),
        ("ls ~/.cargo/registry/src", "look"),
        ("python3 - <<'EOF'\nimport urllib.request\nurllib.request.urlopen('https://example.org/kilo.c')\nEOF", "web"),
        ("(cabal get kilo)", "haskell"),
    ],
)
def test_commands_that_fetch_or_look_are_quoted_with_their_step(command: str, kind: str) -> None:
    found = fetches_of([wrote(4, command)], NAMES)
    assert [(quote.step, quote.kind) for quote in found] == [(4, kind)]
    assert found[0].names_original is ("kilo" in found[0].text)


@pytest.mark.parametrize(
    "command",
    [
        "cat > README.md <<'EOF'\ngit clone https://github.com/me/mine\nEOF",
        "curl -s http://localhost:8080/",
        "wget 127.0.0.1:80/x",
        "echo 'use cargo install'",
        "find . -name '*.c'",
        "git commit -am x",
        "go build ./...",
        "cargo build --release",
        "grep -r pattern src",
        "./executable --help",
    ],
)
def test_other_commands_are_not(command: str) -> None:
    assert fetches_of([wrote(1, command)], NAMES) == []


def test_what_the_harness_says_is_nobodys_remark() -> None:
    rules = "Do not `cargo install <project>`; the kilo source on GitHub is off limits. git clone"
    assert remarks_of([Event(0, Kind.TOLD, rules)], NAMES) == fetches_of([Event(0, Kind.TOLD, rules)], NAMES) == []


def test_remarks_that_name_the_source_are_quoted() -> None:
    events = [
        wrote(2, "ls", "This looks like kilo. I remember the kilo source: editorOpen comes first."),
        wrote(3, "ls", "The upstream antirez/kilo repository has it so."),
        wrote(4, "echo kilo source", "Run kilo again."),
        wrote(5, "ls", "kilometres in the source"),
    ]
    found = remarks_of(events, NAMES)
    assert [(quote.step, quote.kind) for quote in found] == [(2, "memory"), (3, "source")]
    assert found[0].text.startswith("This looks like kilo.")
    assert {quote.text for quote in remarks_of(events, NAMES, with_text=False)} == {""}


SECRETS = [
    "sk-proj-abcdefghijklmnop1234", "ghp_0123456789abcdefghijABCDEFGHIJ012345", "hf_abcdefghijklmnopqrstuv",
    "AKIAIOSFODNN7EXAMPLE", "hunter2hunter2", "jane.doe@example.org", "203.0.113.7", "2001:db8:0:1:2:3:4:5",
    "/home/jane", "/Users/jane", "C:\\Users\\jane", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx", "MIIEvQIBADANBg",
    "user:pass1234@", "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYabcd1",
]  # fmt: skip


def test_keys_addresses_and_home_folders_are_redacted() -> None:
    line = (
        "curl -H 'Authorization: Bearer sk-proj-abcdefghijklmnop1234' -u ghp_0123456789abcdefghijABCDEFGHIJ012345 "
        "export HF=hf_abcdefghijklmnopqrstuv AWS=AKIAIOSFODNN7EXAMPLE password=hunter2hunter2 jane.doe@example.org "
        "203.0.113.7 2001:db8:0:1:2:3:4:5 /home/jane/x /Users/jane/y C:\\Users\\jane\\z"
    )
    rest = (
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx https://user:pass1234@example.org/a "
        "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYabcd1 -----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBg"
    )
    shown = redacted(line) + redacted(rest)
    assert [secret for secret in SECRETS if secret in shown] == []
    assert "~/x" in shown and "[address]" in shown and "https://[key]@example.org/a" in shown


@pytest.mark.parametrize(
    "line", ["git clone https://github.com/antirez/kilo", "find / -name kilo.c", "v1.2.3", "a::b::c"]
)
def test_ordinary_words_stay(line: str) -> None:
    assert redacted(line) == line


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "=" * 200_000, "a=" * 100_000, "curl " * 50_000, "1." * 100_000, ":" * 99]
)
def test_long_lines_take_no_long_time(text: str) -> None:
    started = time.monotonic()
    redacted(text)
    fetches_of([wrote(1, text)], NAMES)
    remarks_of([wrote(1, "", text)], NAMES)
    assert time.monotonic() - started < 1
