"""What the author had: settings, what was observed, documents by digest, third programs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from simdetect import InputError, Scanner, ScanOptions, Verdict
from simdetect.model import ExclusionReason, ScanReport
from simdetect.options import BLACK_BOX
from simdetect.report import load_report, render

WORDS = [
    "anchor",
    "barrel",
    "cobalt",
    "dungeon",
    "ember",
    "falcon",
    "garnet",
    "harbor",
    "indigo",
    "jasper",
    "kettle",
    "lantern",
    "marble",
    "nectar",
    "onyx",
    "pepper",
    "quartz",
    "raven",
    "saffron",
    "topaz",
    "umber",
    "velvet",
    "walnut",
    "xenon",
    "yonder",
    "zephyr",
]
N = len(WORDS)  # 26: in steps of 7 each comes once, and in no alphabetical order, which would be no evidence
MESSAGES = [
    f"cannot {WORDS[i]} the {WORDS[(i + 5) % N]} while {WORDS[(i + 9) % N]} is {WORDS[(i + 14) % N]}"
    for i in (7 * k % N for k in range(N))
]


def original_program() -> str:
    cases = "".join(f'    case {i}:\n      return "{text}";\n' for i, text in enumerate(MESSAGES))
    return f"const char *describe(int code) {{\n  switch (code) {{\n{cases}  }}\n  return 0;\n}}\n"


def honest_program() -> str:
    """The same messages, in a table of its own making and another order."""
    rows = "".join(
        f'    if (!strcmp(key, "k{i * 7 % 31}")) {{ fputs("{text}", out); n += {i}; }}\n'
        for i, text in enumerate(reversed(MESSAGES))
    )
    return f"#include <string.h>\nint say(FILE *out, const char *key) {{\n  int n = 0;\n{rows}  return n;\n}}\n"


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    for name, text in (("candidate", honest_program()), ("original", original_program())):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.c").write_text(text)
    return tmp_path / "candidate", tmp_path / "original"


def trajectory(path: Path, command: str) -> Path:
    """A session in which one command printed all messages."""
    messages = [
        {"role": "assistant", "content": "", "extra": {"actions": [{"command": command}]}},
        {"role": "tool", "content": "\n".join(MESSAGES)},
    ]
    path.write_text(json.dumps({"messages": messages}))
    return path


def bits(report: ScanReport) -> float:
    return report.summary.bits or 0.0


def reasons(report: ScanReport) -> set[ExclusionReason]:
    return {item.excluded.reason for finding in report.findings for item in finding.evidence if item.excluded}


def scanner(setting: str) -> Scanner:
    return Scanner(ScanOptions(setting=setting))


def test_in_the_open_setting_shared_messages_count(sides: tuple[Path, Path]) -> None:
    with scanner("open") as scan:
        report = scan.scan(*sides)
    assert bits(report) > 100
    assert ExclusionReason.OBSERVABLE not in reasons(report)


def test_in_the_black_box_setting_they_are_leads_with_their_bits(sides: tuple[Path, Path]) -> None:
    with scanner(BLACK_BOX) as scan:
        report = scan.scan(*sides)
    assert bits(report) < 20
    leads = [
        e for f in report.findings for e in f.evidence if e.excluded and e.excluded.reason is ExclusionReason.OBSERVABLE
    ]
    assert leads and sum(lead.bits or 0 for lead in leads) > 100
    assert report.settings["setting"] == BLACK_BOX
    assert "black-box" in render(report, "text")


@pytest.mark.parametrize("setting", ("open", BLACK_BOX))
def test_what_the_executable_printed_is_observed_and_says_at_which_step(
    sides: tuple[Path, Path], tmp_path: Path, setting: str
) -> None:
    seen = trajectory(tmp_path / "run.traj.json", "./executable --all")
    with scanner(setting) as scan:
        report = scan.scan(*sides, observed=[seen])
    assert bits(report) < 20
    by = {
        e.excluded.by
        for f in report.findings
        for e in f.evidence
        if e.excluded and e.excluded.reason is ExclusionReason.OBSERVED
    }
    assert by == {"run.traj.json, step 1"}
    assert (report.observed[0].n_clean, report.observed[0].n_mixed) == (1, 0)
    assert report.observed[0].digest == hashlib.sha256(seen.read_bytes()).hexdigest()


def test_with_an_accepted_session_only_what_was_observed_is_excluded(sides: tuple[Path, Path], tmp_path: Path) -> None:
    seen = tmp_path / "other.traj.json"
    messages = [
        {"role": "assistant", "content": "", "extra": {"actions": [{"command": "./executable"}]}},
        {"role": "tool", "content": "nothing of the kind"},
    ]
    seen.write_text(json.dumps({"messages": messages}))
    with scanner(BLACK_BOX) as scan:
        assert bits(scan.scan(*sides, observed=[seen])) > 100


def test_a_mixed_output_clears_nothing_in_the_open_setting(sides: tuple[Path, Path], tmp_path: Path) -> None:
    seen = trajectory(tmp_path / "run.traj.json", "./executable --all; cat main.c")
    with scanner("open") as scan:
        report = scan.scan(*sides, observed=[seen])
    assert bits(report) > 100
    assert not reasons(report) & {ExclusionReason.OBSERVED, ExclusionReason.OBSERVABLE}


def test_the_first_screen_says_when_a_session_decides(tmp_path: Path) -> None:
    text = original_program()
    for name in ("candidate", "original"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.c").write_text(
            text if name == "original" else "int z;\n" + text.replace("describe", "say")
        )
    seen = trajectory(tmp_path / "run.traj.json", "./executable --all")
    with Scanner(ScanOptions(threshold=0.2)) as scan:
        report = scan.scan(tmp_path / "candidate", tmp_path / "original", observed=[seen])
    assert report.summary.verdict is not Verdict.EVIDENCE
    assert report.summary.without_session is Verdict.EVIDENCE
    words = "Without the recorded session"
    assert words in report.summary.reason
    for format in ("text", "json", "html", "markdown", "sarif"):
        assert words in " ".join(render(report, format).split()), format


def test_plain_texts_are_observed_as_they_stand(sides: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "help.txt").write_text("\n".join(MESSAGES))
    with scanner("open") as scan:
        report = scan.scan(*sides, observed=[tmp_path / "help.txt"])
    assert bits(report) < 20
    assert ExclusionReason.OBSERVED in reasons(report)
    assert report.observed[0].n_texts == 1
    assert report.summary.without_session is None


def test_a_folder_may_hold_sessions_and_texts(sides: tuple[Path, Path], tmp_path: Path) -> None:
    folder = tmp_path / "seen"
    folder.mkdir()
    trajectory(folder / "run.traj.json", "./executable")
    (folder / "notes.txt").write_text("usage: say KEY")
    with scanner("open") as scan:
        observed = scan.scan(*sides, observed=[folder]).observed[0]
    assert (observed.n_sessions, observed.n_texts, observed.n_clean) == (1, 1, 1)


def test_a_damaged_session_is_an_error_in_one_line(sides: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "run.traj.json").write_text('{"messages": ')
    with scanner("open") as scan, pytest.raises(InputError, match="cannot read the trajectory"):
        scan.scan(*sides, observed=[tmp_path / "run.traj.json"])


SQL = "SELECT account, SUM(cents) AS total FROM ledger WHERE closed = 0 GROUP BY account HAVING SUM(cents) > 100"
JQ = (
    "def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end; "
    "def todate: strftime(.);"
)
SHADER = "void main() { vec4 base = texture2D(image, uv); gl_FragColor = vec4(base.rgb * light, base.a); }"


@pytest.mark.parametrize("literal", (SQL, JQ, SHADER), ids=("sql", "jq", "shader"))
def test_code_in_a_string_keeps_what_it_is_worth(literal: str) -> None:
    from simdetect.weighing.observable import is_code

    assert is_code(f'"{literal}"'.encode())


@pytest.mark.parametrize(
    "literal",
    (
        "usage: frobnicate [-q|--quiet] [-o FILE] [--color=WHEN] INPUT...",
        "  -n, --name <NAME>    Name of the thing to frobnicate (default: none); may be given twice\n",
        "error: cannot open %s: %s (are you sure that it exists?)",
        '{"name": "x", "values": [1, 2, 3], "nested": {"a": null}}',
        "The quick brown fox jumps over the lazy dog; then it returns (for a while) if asked.",
    ),
)
def test_what_a_program_prints_is_no_code(literal: str) -> None:
    from simdetect.weighing.observable import is_code

    assert not is_code(f'"{literal}"'.encode())


def test_documents_are_known_by_digest(sides: tuple[Path, Path]) -> None:
    candidate, original = sides
    text = "# Messages\n\n" + "\n\n".join(MESSAGES) + "\n"
    (original / "README.md").write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    with scanner("open") as scan:
        assert bits(scan.scan(candidate, original)) > 100
        report = scan.scan(candidate, original, documents=[digest])
        assert bits(report) < 20
        assert ExclusionReason.GIVEN in reasons(report)


def test_third_programs_are_named_beside_the_evidence(sides: tuple[Path, Path], tmp_path: Path) -> None:
    candidate, original = sides
    third = tmp_path / "third"
    third.mkdir()
    for side in (candidate, original, third):
        (side / "main.c").write_text(original_program())
    with scanner("open") as scan:
        alone = scan.scan(candidate, original)
        report = scan.scan(candidate, original, elsewhere=[third])
    assert report.summary == alone.summary
    assert [summary.label for summary in report.elsewhere] == ["third"]
    places = [match for finding in report.findings for item in finding.evidence for match in item.elsewhere]
    assert places and {(place.label, place.path) for place in places} == {("third", "main.c")}
    for format in ("text", "markdown", "html", "sarif"):
        assert "third" in render(report, format)
    assert render(load_report(render(report, "json")), "json") == render(report, "json")


def test_a_word_that_the_program_can_print_is_no_misspelling_of_the_author(tmp_path: Path) -> None:
    for name, text in (("candidate", honest_program()), ("original", original_program())):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.c").write_text(text.replace("cannot", "cannnot") + "/* the libary */\n")

    def misspellings(setting: str) -> set[str]:
        with scanner(setting) as scan:
            report = scan.scan(tmp_path / "candidate", tmp_path / "original")
        pieces = [e for f in report.findings for e in f.evidence if e.layer == "misspelling" and e.excluded is None]
        return {item.text for piece in pieces for item in piece.items}

    assert misspellings("open") == {"cannnot", "libary"}
    assert misspellings(BLACK_BOX) == {"libary"}


PAGE = """<html><head><style>#ledger td { border: 1px solid teal; }</style></head><body><table id="ledger"></table>
<script>
// rows are drawn again whenever the crane has moved, the oldest first
function drawLedger(rows, crane) {
  const table = document.getElementById("ledger");
  for (const row of rows) {
    const cell = table.insertRow().insertCell();
    cell.textContent = crane.describe(row.tonnage * 17 + row.berth);
    if (row.berth > crane.reach && !row.isMoored) { cell.className = "beyond"; crane.warnings.push(row.berth); }
  }
  return crane.warnings.length ? crane.warnings.sort((a, b) => b - a)[0] : null;
}
</script></body></html>
"""


def test_a_page_that_the_program_puts_out_is_no_evidence_where_there_was_an_executable(tmp_path: Path) -> None:
    for name, text in (("candidate", honest_program()), ("original", original_program())):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.c").write_text(text + "int more(int a) { return a + 1; }\n" * 40)
        (tmp_path / name / "page.html").write_text(PAGE)
    for setting, is_counted in (("open", True), (BLACK_BOX, False)):
        with scanner(setting) as scan:
            report = scan.scan(tmp_path / "candidate", tmp_path / "original")
            scan.write_index(tmp_path / "original.sdx", tmp_path / "original")
            from_index = scan.scan(tmp_path / "candidate", tmp_path / "original.sdx")
        assert replace(from_index, run={}) == replace(report, run={})
        pages = [finding for finding in report.findings if finding.candidate.startswith("page.html")]
        assert any((finding.bits or 0) > 50 for finding in pages) is is_counted
        shown = [item for finding in pages for item in finding.evidence if item.excluded]
        reasons = {item.excluded.reason for item in shown if item.excluded}
        assert (ExclusionReason.OBSERVABLE in reasons) is not is_counted
