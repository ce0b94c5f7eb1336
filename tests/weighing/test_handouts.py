"""What was handed to the author proves nothing: given text, given code, base code, documents of the original."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from simdetect import Scanner, ScanOptions, Verdict
from simdetect.matching.comparison import Program
from simdetect.matching.layout import lay_out_code
from simdetect.model import (
    AnalysedFile,
    AnalysedTree,
    Evidence,
    ExclusionReason,
    FileRole,
    Fingerprints,
    Layer,
    ScanReport,
    Side,
    SourceFile,
    SourceTree,
    TokenRole,
    TokenStream,
    Units,
)
from simdetect.report import FORMATS, render
from simdetect.sources import read_tree
from simdetect.tokens.fingerprint import fingerprint
from simdetect.tokens.prose import prose
from simdetect.tokens.symbols import hash_text
from simdetect.weighing import said as said_module
from simdetect.weighing.handouts import Handout, HandoutIndex, as_code, index_handouts
from simdetect.weighing.said import said
from tests import reference


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def excluded(report: ScanReport, reason: ExclusionReason) -> list[Evidence]:
    return [
        piece
        for finding in report.findings
        for piece in finding.evidence
        if piece.excluded is not None and piece.excluded.reason is reason
    ]


# --- literals and names --------------------------------------------------------------------------------------------


def token_file(texts: list[tuple[str, TokenRole]]) -> tuple[AnalysedFile, bytes]:
    """A file of the given tokens, one a line."""
    content = "\n".join(text for text, _ in texts).encode()
    ends = np.cumsum([len(text.encode()) + 1 for text, _ in texts]) - 1
    exact = np.array([hash_text(text.encode()) for text, _ in texts], np.uint64)
    none = np.zeros(0, np.uint32)
    stream = TokenStream(
        exact=exact,
        normal=exact.copy(),
        role=np.array([role for _, role in texts], np.uint8),
        start=np.append(0, ends[:-1] + 1).astype(np.uint32),
        end=ends.astype(np.uint32),
        comment=np.zeros(0, np.uint64),
        comment_start=none.copy(),
        comment_end=none.copy(),
        units=Units((), (), none.copy(), none.copy()),
    )
    prints = Fingerprints(np.zeros(0, np.uint64), none.copy(), 12, 6, len(texts))
    words = prose([content], [stream], fingerprint)[0]
    file = AnalysedFile("a.c", "c", "c", FileRole.SOURCE, "", len(content), len(texts), stream, prints, words)
    return file, content


def candidate_of(file: AnalysedFile, content: bytes) -> Program:
    """A candidate of one file."""
    source = SourceFile(file.path, file.language, content, "")
    tree = AnalysedTree(SourceTree("candidate", Side.CANDIDATE, (source,), (), ""), (file,))
    return Program((file,), lay_out_code((file,)), trees=(tree,))


def sources(index: HandoutIndex, *texts: tuple[str, TokenRole]) -> list[int]:
    file, content = token_file(list(texts))
    found = said(index, candidate_of(file, content), np.ones(len(texts) + 1, np.bool_))
    return found[:-1].tolist()


def index_of(*texts: str) -> HandoutIndex:
    named = [Handout(f"{i}.txt", ExclusionReason.GIVEN, text.encode(), ()) for i, text in enumerate(texts)]
    return index_handouts(named)


def is_said(text: str, literal: str) -> bool:
    return sources(index_of(text), (literal, TokenRole.STRING)) == [1]


MANUAL = """
    usage: frob [--dry-run] FILE...
    Reads every FILE and frobnicates it, unless --dry-run was given.
    frob: cannot open FILE: REASON
"""


@pytest.mark.parametrize(
    "literal",
    [
        '"Reads every FILE and frobnicates it"',
        '"READS EVERY FILE\\n  and frobnicates it,\\n"',
        '"reads\\tevery file"',
        '"usage: %s [--dry-run] FILE...\\n"',
        '"frob: cannot open %s: %s\\n"',
        'f"frob: cannot open {path!r}: {reason}"',
        "`frob: cannot open ${path}`",
        '"FILE and frobni"',
        "'unless --dry-run was given.'",
    ],
)
def test_a_literal_is_given_whatever_its_spacing_case_escapes_and_placeholders(literal: str) -> None:
    assert is_said(MANUAL, literal) == ("frobni" not in literal or "frobnicates" in literal)


@pytest.mark.parametrize(
    "literal",
    [
        '"internal: slab is exhausted"',
        '"it unless file every frobnicates"',
        '"%s: %d\\n"',
        '""',
        '"cannot lock FILE now"',
    ],
)
def test_other_words_other_order_or_no_words_at_all_are_not_given(literal: str) -> None:
    assert not is_said(MANUAL, literal)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("alpha 0.005 and beta 0.9", "0.005"),
        ("alpha 0.005 and beta 0.9", "0.9f"),
        ("alpha 0.005 and beta 0.9", ".9"),
        ("alpha 0.005 and beta 0.9", "0.90_f64"),
        ("| weight | 1.25e-3 |", "0.00125"),
        ("threshold=.75;", "0.75"),
    ],
)
def test_decimals_are_numbers_whatever_their_spelling(text: str, number: str) -> None:
    assert sources(index_of(text), (number, TokenRole.NUMBER)) == [1]


@pytest.mark.parametrize(
    ("text", "number"), [("version 1.2.3", "1.2"), ("see 0.5", "0.55"), ("0 and 5", "0.5"), ("file.9", ".9")]
)
def test_other_decimals_are_not_said(text: str, number: str) -> None:
    assert sources(index_of(text), (number, TokenRole.NUMBER)) == [0]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("LZ_ERROR_full/empty/corrupt are returned", "LZ_ERROR_corrupt"),
        ("set frame_width/height", "frame_height"),
        ("--{include,exclude}-dir GLOB", "exclude_dir"),
        ("color_{red,green}", "color_green"),
        ("--[no-]color", "no_color"),
        ("--[no-]color", "color"),
        ("--[no]wrap-lines", "no_wrap_lines"),
    ],
)
def test_shorthand_stands_for_what_it_unfolds_to(text: str, name: str) -> None:
    assert sources(index_of(text), (name, TokenRole.NAME)) == [1]


def test_shorthand_is_unfolded_in_literals_too() -> None:
    assert is_said("--{include,exclude}-dir GLOB", '"include-dir"')


def test_a_path_is_no_shorthand() -> None:
    assert sources(index_of("see src/a_b/c/d.h"), ("a_c", TokenRole.NAME)) == [0]


def test_a_text_split_into_literals_is_the_text_in_one() -> None:
    literals = [('"Reads every"', TokenRole.STRING), ("puts", TokenRole.NAME), ('" FILE and"', TokenRole.STRING)]
    file, content = token_file(literals)
    index = index_handouts([Handout("a.c", ExclusionReason.GIVEN, content, (file,))])
    assert sources(index, ('"reads every file and"', TokenRole.STRING)) == [1]
    whole = '"usage: frob [--dry-run] FILE...\\nReads every FILE and frobnicates it, unless --dry-run was given.\\n"'
    assert is_said(MANUAL, whole)


@pytest.mark.parametrize("name", ["frob", "dry_run", "DRY_RUN", "dryRun", "DryRun", "dryrun"])
def test_names_of_the_text_and_names_of_its_options_are_given(name: str) -> None:
    assert sources(index_of(MANUAL), (name, TokenRole.NAME)) == [1]
    assert sources(index_of(".B \\-\\-dry\\-run\n frob"), (name, TokenRole.NAME)) == [1]


def test_names_and_numbers_are_compared_whole_and_keywords_not_at_all() -> None:
    index = index_of("nothing", "the basis is 2166136261, see fnv_basis; return it")
    found = sources(
        index,
        ("2166136261", TokenRole.NUMBER),
        ("fnv_basis", TokenRole.NAME),
        ("fnv", TokenRole.NAME),
        ("FNV_BASIS", TokenRole.NAME),
        ("return", TokenRole.SYNTAX),
    )
    assert found == [2, 2, 0, 0, 0]


def test_without_handouts_nothing_is_given() -> None:
    assert sources(index_of(), ("frob", TokenRole.NAME), ('"frob"', TokenRole.STRING)) == [0, 0]


@examples(st.text(max_size=80), st.text(max_size=40))
def test_any_text_can_be_indexed_and_asked_for(text: str, literal: str) -> None:
    index = index_of(text, "")
    assert all(
        0 <= source <= 2 for source in sources(index, ('"' + literal.replace("\n", " ") + '"', TokenRole.STRING))
    )


def test_fences_of_code_blocks_open_no_literal() -> None:
    assert as_code(b"a\n```c\nint x;\n  ```\n~~~\nb `c`") == b"a\n\nint x;\n\n\nb `c`"


# --- documents are kept as text ------------------------------------------------------------------------------------


def test_documents_are_kept_where_they_matter_and_change_no_digest(tmp_path: Path) -> None:
    folder = write(tmp_path / "x", {"README.md": "# x\n", "list.csv": "a,b\n", "x.c": "int x;\n"})
    trees = {side: read_tree(folder, side, ScanOptions()) for side in Side}
    kept = {side: [document.path for document in tree.documents] for side, tree in trees.items()}
    assert kept[Side.CANDIDATE] == ["README.md", "list.csv"]
    assert kept[Side.ORIGINAL] == ["README.md"]
    assert kept[Side.GIVEN] == kept[Side.BASE] == ["README.md", "list.csv"]
    assert len({tree.digest for tree in trees.values()}) == 1


# --- a candidate that had all the documents ------------------------------------------------------------------------

OPTIONS = {
    "archive-format": "pack the frames as FORMAT, one of tar, cpio or plain",
    "block-quota": "refuse to hold more than COUNT blocks of one spool",
    "carrier-name": "announce the carrier NAME to every listening relay",
    "drain-timeout": "give up SECONDS after the last relay stopped draining",
    "echo-frames": "print every frame to standard output before it is stored",
    "frame-limit": "split frames that are longer than BYTES at a line end",
    "ghost-relays": "keep relays that vanished in the table for a week",
    "hold-spool": "do not remove a spool although nothing refers to it",
    "ignore-checksum": "store frames whose checksum disagrees with their header",
    "journal-path": "write the journal to FILE instead of beside the spool",
    "keep-order": "never let a frame overtake another of the same carrier",
    "lease-length": "ask the relays to hold a lease of SECONDS",
}
FUNCTIONS = {
    "spl_open_spool": "(const char *journal_path, unsigned block_quota, struct spl_carrier **carrier)",
    "spl_close_spool": "(struct spl_carrier *carrier, int hold_spool)",
    "spl_drain_relays": "(struct spl_carrier *carrier, double drain_timeout)",
    "spl_push_frame": "(struct spl_carrier *carrier, const void *frame, unsigned long frame_limit)",
    "spl_pull_frame": "(struct spl_carrier *carrier, void *frame, unsigned long *frame_length)",
    "spl_renew_lease": "(struct spl_carrier *carrier, unsigned lease_length, unsigned *granted)",
    "spl_ghost_count": "(const struct spl_carrier *carrier, unsigned week)",
    "spl_last_error": "(const struct spl_carrier *carrier, char *message, unsigned long message_size)",
}
HEADER = "struct spl_carrier;\n" + "".join(f"int {name}{rest};\n" for name, rest in FUNCTIONS.items())
DOCUMENT = (
    "# spool\n\nusage: spool [OPTION]... SPOOL\n\n"
    + "".join(f"  --{name}\n      {text.capitalize()}.\n" for name, text in OPTIONS.items())
    + "\n## Interface\n\n```c\n"
    + HEADER
    + "```\n"
)
ORIGINAL_HELP = (
    "static const struct spl_option spl_options[] = {\n"
    + "".join(f'    {{"{name}", SPL_{name.upper().replace("-", "_")}, "{text}"}},\n' for name, text in OPTIONS.items())
    + "    {0, 0, 0}\n};\n"
    + "void spl_usage(FILE *out)\n{\n"
    + "".join(f'    fputs("  --{name:18}{text}\\n", out);\n' for name, text in OPTIONS.items())
    + "}\n"
)
SECRET = """
static unsigned spl_mix_lanes(struct spl_lane *lanes, unsigned n_lanes, unsigned seed)
{
    unsigned twist = seed ^ 0x5bd1e995u, lane;
    for (lane = 0; lane < n_lanes; lane++) {
        struct spl_lane *here = &lanes[(lane * 7 + twist) % n_lanes];
        if (here->credit > here->debit << 1) {
            twist = (twist >> 13) | (here->credit * 0x1b873593u);
            here->debit += twist & 0x3ff;
        } else if (here->debit && !(here->flags & LANE_FROZEN)) {
            here->credit -= here->debit / (1 + (twist & 7));
            here->flags |= LANE_TWISTED | LANE_OWED(twist);
        }
        while (here->next && here->next->credit < here->credit) {
            struct spl_lane *other = here->next;
            here->next = other->next;
            other->next = lanes[twist % n_lanes].next;
            lanes[twist % n_lanes].next = other;
        }
    }
    return twist ? twist : spl_mix_lanes(lanes, n_lanes / 2 + 1, seed + 0x9e37u);
}
"""
IMPLEMENTATION = '#include "spool.h"\n' + SECRET
# Everything public is the original's, what it does is not.
CANDIDATE = (
    "#include <stdio.h>\n"
    + HEADER
    + ORIGINAL_HELP.replace("SPL_", "WANTS_").replace("spl_options", "choices").replace("spl_option", "choice")
    + """
int spl_ghost_count(const struct spl_carrier *carrier, unsigned week)
{
    int total = 0;
    for (const struct entry *e = carrier->first; e; e = e->link)
        total += e->lost && e->seen + 604800 * week > carrier->now;
    return total;
}
"""
)


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    write(tmp_path / "original", {"src/spool.h": HEADER, "src/help.c": ORIGINAL_HELP, "src/lanes.c": IMPLEMENTATION})
    write(tmp_path / "docs", {"manual.md": DOCUMENT})
    return tmp_path


def test_copied_help_and_public_names_are_flagged_unless_they_were_given(scanner: Scanner, spool: Path) -> None:
    candidate = write(spool / "candidate", {"main.c": CANDIDATE})
    blind = scanner.scan(candidate, spool / "original")
    assert blind.summary.verdict is Verdict.EVIDENCE
    told = scanner.scan(candidate, spool / "original", given=[spool / "docs"])
    assert told.summary.verdict is Verdict.NO_EVIDENCE
    assert told.summary.n_flagged_files == 0
    assert told.given[0].label == "docs"
    pieces = excluded(told, ExclusionReason.GIVEN)
    assert pieces
    assert {piece.excluded.by for piece in pieces if piece.excluded} == {"manual.md"}
    assert {"src/spool.h", "src/help.c"} <= {piece.original for piece in pieces}
    assert max(piece.bits or 0 for piece in pieces) > 100
    text = render(told, "text")
    assert "given" in text.split("Excluded: agrees, but does not count")[1]


def test_recalled_code_counts_in_full_whatever_was_given(scanner: Scanner, spool: Path) -> None:
    candidate = write(spool / "candidate", {"main.c": CANDIDATE + SECRET})
    told = scanner.scan(candidate, spool / "original", given=[spool / "docs"])
    assert told.summary.verdict is Verdict.EVIDENCE
    [alone] = scanner.scan(write(spool / "only", {"main.c": SECRET}), spool / "original").findings
    assert told.findings[0].bits is not None
    assert alone.bits is not None
    assert told.findings[0].bits >= 0.9 * alone.bits


def test_the_report_does_not_depend_on_the_order_of_what_was_given_but_for_its_list(
    scanner: Scanner, spool: Path
) -> None:
    candidate = write(spool / "candidate", {"main.c": CANDIDATE})
    other = write(spool / "more", {"notes.txt": "Nothing about it.\n"})
    first = scanner.scan(candidate, spool / "original", given=[spool / "docs", other])
    second = scanner.scan(candidate, spool / "original", given=[other, spool / "docs"])
    assert first.findings == second.findings
    assert first.summary == second.summary


def test_code_blocks_of_a_document_are_given_code(scanner: Scanner, spool: Path) -> None:
    write(spool / "docs", {"internals.md": f"How lanes are mixed:\n\n```c{SECRET}```\n\nDon't change it.\n"})
    candidate = write(spool / "candidate", {"main.c": SECRET})
    told = scanner.scan(candidate, spool / "original", given=[spool / "docs"])
    assert told.summary.verdict is not Verdict.EVIDENCE
    assert {p.excluded.by for p in excluded(told, ExclusionReason.GIVEN) if p.excluded} == {"internals.md"}


@pytest.mark.parametrize(("option", "reason"), [("given", "given"), ("base", "base")])
def test_code_handed_out_is_excluded_and_code_beside_it_is_not(
    scanner: Scanner, spool: Path, option: str, reason: str
) -> None:
    base = write(spool / "skeleton", {"help.c": ORIGINAL_HELP})
    handed: dict[str, Any] = {option: [base]}
    told = scanner.scan(write(spool / "honest", {"main.c": CANDIDATE}), spool / "original", **handed)
    pieces = [p for p in excluded(told, ExclusionReason(reason)) if p.original == "src/help.c"]
    assert pieces
    assert {piece.excluded.by for piece in pieces if piece.excluded} == {"help.c"}
    assert getattr(told, option)[0].n_files == 1
    both = write(spool / "both", {"main.c": ORIGINAL_HELP + SECRET})
    assert scanner.scan(both, spool / "original", **handed).summary.verdict is Verdict.EVIDENCE


def test_renamed_base_code_is_base_code(scanner: Scanner, spool: Path) -> None:
    base = write(spool / "skeleton", {"lanes.c": IMPLEMENTATION.replace("twist", "spin").replace("here", "lane_now")})
    candidate = write(spool / "candidate", {"main.c": SECRET.replace("twist", "t").replace("here", "l")})
    told = scanner.scan(candidate, spool / "original", base=[base])
    assert told.summary.verdict is not Verdict.EVIDENCE
    assert excluded(told, ExclusionReason.BASE)


def test_a_licence_in_a_literal_does_not_count(scanner: Scanner, tmp_path: Path) -> None:
    lines = [
        "Permission is hereby granted, free of charge, to any person",
        "distributed WITHOUT ANY WARRANTY of any kind",
    ]
    notice = "".join(f'    puts("{line} {i}");\n' for i in range(20) for line in lines)
    original = write(tmp_path / "o", {"a.c": f"void notice(void)\n{{\n{notice}}}\n"})
    candidate = write(tmp_path / "c", {"b.c": f"void print_licence(void)\n{{\n{notice}}}\n"})
    report = scanner.scan(candidate, original)
    assert report.summary.verdict is not Verdict.EVIDENCE
    assert excluded(report, ExclusionReason.LICENSE)


# --- the original's own documents ----------------------------------------------------------------------------------


def test_a_document_of_the_original_found_byte_for_byte_is_given_without_being_told(
    scanner: Scanner, spool: Path
) -> None:
    write(spool / "original", {"README.md": DOCUMENT})
    candidate = write(spool / "candidate", {"main.c": CANDIDATE, "doc/README.md": DOCUMENT})
    report = scanner.scan(candidate, spool / "original")
    assert report.summary.verdict is Verdict.INCONCLUSIVE  # it would be evidence had the author not had it
    assert "The verdict depends on what the author was handed" in report.summary.reason
    assert {p.excluded.by for p in excluded(report, ExclusionReason.GIVEN) if p.excluded} == {"README.md"}
    named = scanner.scan(candidate, spool / "original", given=[spool / "original" / "README.md"])
    assert named.summary.verdict is Verdict.NO_EVIDENCE
    assert "taken as given without being named: README.md" in report.summary.reason
    assert not report.warnings


def test_a_document_that_quotes_the_source_clears_no_copy_of_it(scanner: Scanner, spool: Path) -> None:
    """Nobody named the document: that the candidate brought it along proves nothing about its code."""
    tutorial = f"# How it works\n\nThe lanes are mixed by `spl_mix_lanes`:\n\n```c\n{IMPLEMENTATION}```\n"
    write(spool / "original", {"docs/tutorial.md": tutorial})
    candidate = write(spool / "candidate", {"main.c": SECRET, "notes/x.txt": tutorial})
    report = scanner.scan(candidate, spool / "original")
    assert report.findings[0].verdict is Verdict.EVIDENCE
    code = [e for e in report.findings[0].evidence if e.layer is Layer.VERBATIM and e.original == "src/lanes.c"]
    assert code[0].excluded is None
    assert code[0].bits is not None
    assert code[0].bits > 100  # of structure alone: the tutorial says the names
    assert "without being named: docs/tutorial.md" in report.summary.reason
    named = scanner.scan(candidate, spool / "original", given=[spool / "original" / "docs" / "tutorial.md"])
    assert named.findings[0].verdict is not Verdict.EVIDENCE


def test_what_somebody_named_is_handed_out_whoever_else_quotes_it(scanner: Scanner, spool: Path) -> None:
    tutorial = f"# How it works\n\n```c\n{IMPLEMENTATION}```\n"
    write(spool / "original", {"docs/tutorial.md": tutorial})
    candidate = write(spool / "candidate", {"main.c": SECRET, "notes/x.txt": tutorial})
    for named in ("docs/tutorial.md", "src/lanes.c"):
        report = scanner.scan(candidate, spool / "original", given=[spool / "original" / named])
        counted = [e for e in report.findings[0].evidence if e.layer is Layer.VERBATIM and e.excluded is None]
        assert not counted, named
        assert report.findings[0].verdict is not Verdict.EVIDENCE
        assert ("without being named" in report.summary.reason) == (named != "docs/tutorial.md")


def test_code_that_is_quoted_in_part_keeps_its_structure_too(scanner: Scanner, spool: Path) -> None:
    """Less than half of a region is quoted, and all of its names are said: what is quoted still counts."""
    part = "".join(IMPLEMENTATION.splitlines(keepends=True)[:11])
    names = " ".join(sorted(set(re.findall(r"[A-Za-z_]\w+", SECRET))))
    tutorial = f"# How it works\n\nNames: {names}\n\n```c\n{part}```\n"
    write(spool / "original", {"docs/tutorial.md": tutorial})
    candidate = write(spool / "candidate", {"main.c": SECRET, "notes/x.txt": tutorial})
    report = scanner.scan(candidate, spool / "original")
    [best] = [e for e in report.findings[0].evidence if e.layer is Layer.VERBATIM and e.original == "src/lanes.c"][:1]
    assert best.excluded is None
    assert (best.bits or 0) > 40


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_taken_as_given_without_being_named_is_said_in_every_format(
    scanner: Scanner, spool: Path, name: str
) -> None:
    write(spool / "original", {"README.md": DOCUMENT})
    candidate = write(spool / "candidate", {"main.c": CANDIDATE, "doc/README.md": DOCUMENT})
    said = render(scanner.scan(candidate, spool / "original"), name)
    assert "without being named" in " ".join(said.split())


def test_a_document_that_differs_in_a_byte_is_not(scanner: Scanner, spool: Path) -> None:
    write(spool / "original", {"README.md": DOCUMENT})
    candidate = write(spool / "candidate", {"main.c": CANDIDATE, "README.md": DOCUMENT + "\n"})
    report = scanner.scan(candidate, spool / "original")
    assert report.summary.verdict is Verdict.EVIDENCE
    assert not [piece for piece in excluded(report, ExclusionReason.GIVEN) if piece.layer is not Layer.NAME]
    assert not report.warnings


def test_a_candidate_cannot_give_itself_anything(scanner: Scanner, spool: Path) -> None:
    """Its own documents, whatever they quote, and its own claims about roles exclude nothing."""
    candidate = write(
        spool / "candidate",
        {
            "tests/given.c": "/* Code generated by a tool. DO NOT EDIT. */\n" + SECRET,
            "README.md": DOCUMENT + SECRET,
            "given/manual.md": DOCUMENT + SECRET,
        },
    )
    assert scanner.scan(candidate, spool / "original").summary.verdict is Verdict.EVIDENCE


# --- test files of the original ------------------------------------------------------------------------------------


def test_agreement_with_test_files_only_is_told_apart(scanner: Scanner, spool: Path) -> None:
    write(spool / "original", {"tests/lanes_test.c": SECRET, "src/lanes.c": "int lanes;\n"})
    candidate = write(spool / "candidate", {"main.c": SECRET})
    report = scanner.scan(candidate, spool / "original")
    assert report.summary.verdict is Verdict.INCONCLUSIVE
    assert "only with test files of the original" in report.summary.reason
    assert report.findings[0].verdict is Verdict.INCONCLUSIVE
    assert "only with test files of the original" in " ".join(render(report, "text").split())


def test_agreement_with_the_implementation_is_not_called_that(scanner: Scanner, spool: Path) -> None:
    report = scanner.scan(write(spool / "candidate", {"test_main.c": SECRET}), spool / "original")
    assert report.summary.verdict is Verdict.EVIDENCE
    assert "test files" not in report.summary.reason


# --- what documents mention ------------------------------------------------------------------------------------------

SAID = st.lists(
    st.sampled_from([b"dry-run", b"dry\\-run", b"x", b"max_size", b"a-b-c", b"\xc3\xa9t\xc3\xa9", b"-", b"\n"])
)


@examples(st.lists(SAID, max_size=6), st.sampled_from([b" ", b""]), st.sampled_from([1, 9, 1 << 20]))
def test_the_first_document_that_mentions_a_name_is_that_of_the_plain_loop(
    texts: list[list[bytes]], between: bytes, portion: int
) -> None:
    documents = [between.join(words) for words in texts]
    names = [b"dry_run", b"DryRun", b"dry", b"x", b"max_size", b"aBC", b"ABC", b"\xc3\xa9t\xc3\xa9", b"none", b"x"]
    symbols = np.array([hash_text(name) for name in names], np.uint64)
    with mock.patch.object(said_module, "_PORTION_BYTES", portion):
        found = said_module.mentioned(documents, symbols).tolist()
    sets = [set(reference.names_said(document)) for document in documents]
    assert found == [next((i + 1 for i, said in enumerate(sets) if name in said), 0) for name in names]
