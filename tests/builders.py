"""Reports built by hand, for tests and golden files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simdetect.model import (
    AlsoIn,
    AuditReport,
    Control,
    Disguise,
    ElsewhereMatch,
    Evidence,
    Excerpt,
    Exclusion,
    ExclusionReason,
    FileFinding,
    FileRole,
    InputSummary,
    InstanceResult,
    Layer,
    Lead,
    LineSpan,
    ObservedSummary,
    OriginalMatch,
    PlantSize,
    PowerReport,
    PowerRow,
    ScanReport,
    SharedText,
    Side,
    SkippedEntry,
    SkipReason,
    Summary,
    TextKind,
    TrialRate,
    Verdict,
)
from simdetect.report import render

CANDIDATE_CODE = """\
static unsigned hash_key(const char *key, size_t len)
{
\tunsigned h = 2166136261u;
\tfor (size_t i = 0; i < len; i++) {
\t\th ^= (unsigned char)key[i];
\t\th *= 16777619u;
\t}
\treturn h ? h : 1;
}
"""
ORIGINAL_CODE = """\
static unsigned tbl_hash(const char *s, size_t n)
{
    unsigned acc = 2166136261u;
    for (size_t k = 0; k < n; k++) {
        acc ^= (unsigned char)s[k];
        acc *= 16777619u;
    }
    return acc ? acc : 1;
}
"""


def lines(text: str) -> tuple[str, ...]:
    return tuple(text.splitlines())


def evidence(layer: Layer = Layer.VERBATIM, start: int = 12, original_start: int = 40, **changes: Any) -> Evidence:
    base = Evidence(
        layer=layer,
        original="lib/table.c",
        source=0,
        candidate=LineSpan(start, start + 8),
        original_span=LineSpan(original_start, original_start + 8),
        n_tokens=64,
        n_verbatim=64 if layer is Layer.VERBATIM else 41,
        bits=None,
        excluded=None,
        fingerprint=f"{start * 65536 + original_start:016x}",
    )
    return replace(base, **changes)


def original_match(**changes: Any) -> OriginalMatch:
    base = OriginalMatch(
        original="lib/table.c",
        source=0,
        probability=None,
        bits=None,
        matched_tokens=128,
        coverage=0.32,
        original_coverage=0.11,
        longest_match=64,
        containment=0.4,
        jaccard=0.09,
        score=0.41,
    )
    return replace(base, **changes)


def finding(candidate: str = "src/hash.c", **changes: Any) -> FileFinding:
    base = FileFinding(
        candidate=candidate,
        language="c",
        role=FileRole.SOURCE,
        n_tokens=400,
        n_lines=120,
        verdict=Verdict.EVIDENCE,
        probability=None,
        bits=None,
        score=0.41,
        layer_bits={},
        matched_tokens={Layer.VERBATIM: 64, Layer.RENAMED: 64},
        coverage={Layer.VERBATIM: 0.16, Layer.RENAMED: 0.16},
        longest_match=64,
        error_share=0.0,
        degraded=None,
        originals=(original_match(),),
        evidence=(
            evidence(Layer.RENAMED, excerpt=Excerpt(lines(CANDIDATE_CODE), lines(ORIGINAL_CODE), 12, 40)),
            evidence(start=80, original_start=200),
        ),
        n_evidence=2,
    )
    return replace(base, **changes)


def silent_finding(candidate: str = "src/main.c", **changes: Any) -> FileFinding:
    nothing: dict[str, Any] = {
        "verdict": Verdict.NO_EVIDENCE,
        "matched_tokens": {},
        "coverage": {},
        "longest_match": 0,
        "score": 0.0,
        "originals": (),
        "evidence": (),
        "n_evidence": 0,
    }
    return finding(candidate, **nothing | changes)


def input_summary(label: str, n_files: int = 3, **changes: Any) -> InputSummary:
    base = InputSummary(
        label=label,
        digest="sha256:" + f"{sum(label.encode(errors='replace')):04x}" * 16,
        n_files=n_files,
        n_discovered=n_files + 2,
        n_tokens=1234,
        languages={"c": n_files},
    )
    return replace(base, **changes)


def summary(**changes: Any) -> Summary:
    base = Summary(
        verdict=Verdict.EVIDENCE,
        reason="src/hash.c shares a run of 64 tokens with lib/table.c.",
        without_session=None,
        probability=None,
        bits=None,
        layer_bits={},
        false_positive_rate=None,
        n_flagged_files=1,
        candidate_tokens=1234,
        matched_tokens={Layer.VERBATIM: 64, Layer.RENAMED: 64},
        candidate_coverage=0.103728,
        original_coverage=0.012,
        longest_match=64,
        analysed_share=0.991,
        minimum_detectable_tokens=20,
        n_common_hashes=0,
    )
    return replace(base, **changes)


def report(**changes: Any) -> ScanReport:
    """A small report with evidence; `changes` replace its fields."""
    base = ScanReport(
        tool={"name": "simdetect", "version": "0.1.0", "grammars": {"c": "tree-sitter-c 0.24.1"}, "models": ()},
        candidate=input_summary("submission"),
        originals=(input_summary("upstream", 9, n_tokens=11_200),),
        given=(),
        base=(),
        observed=(),
        elsewhere=(),
        settings={"k": 12, "window": 6, "exclude": (), "limit_seconds": 20.0},
        summary=summary(),
        findings=(finding(), silent_finding(), silent_finding("src/util.c")),
        skipped=(
            SkippedEntry(Side.CANDIDATE, 0, "README.md", SkipReason.NOT_CODE, ""),
            SkippedEntry(Side.CANDIDATE, 0, "data/big.c", SkipReason.TOO_LARGE, "70,000,000 bytes"),
        ),
        warnings=(),
        run={"started_at": "2026-01-02T03:04:05Z", "elapsed_s": {"parse": 0.25}, "jobs": 1},
    )
    return replace(base, **changes)


def rich_report() -> ScanReport:
    """A report in which every section has something to show: for golden files and for looking at."""
    excluded = Exclusion(ExclusionReason.GIVEN, "docs/protocol.md")
    translated = evidence(
        Layer.TRANSLATED,
        start=20,
        original_start=90,
        n_tokens=2,
        n_verbatim=2,
        bits=31.5,
        candidate_unit="list_insert",
        original_unit="listInsert",
        items=(
            SharedText("sentinel_node", 19.25, 22, 93, "sentinelNode", TextKind.NAME),
            SharedText("0x5bd1e995", 12.25, 24, 96, "1540483477", TextKind.CONSTANT),
            SharedText("4 of 5: if loop if return", 0.0, 20, 90, "", TextKind.CONTROL),
        ),
    )
    second = evidence(start=5, original_start=9, original="src/list.c", source=1, n_tokens=30, n_verbatim=30)
    return report(
        originals=(
            input_summary("upstream", 9, n_tokens=11_200, languages={"c": 8, "python": 1}),
            input_summary("fork.tar.gz", 4, n_tokens=5_100, languages={"c": 4}),
        ),
        given=(input_summary("docs", 2, n_discovered=2, n_tokens=80, languages={"python": 2}),),
        base=(input_summary("skeleton", 1, n_discovered=1, n_tokens=310, languages={"c": 1}),),
        observed=(ObservedSummary("run.traj.json", "ab12" * 16, 1, 0, 7, 3),),
        elsewhere=(input_summary("musl", 2, n_discovered=2, n_tokens=900, languages={"c": 2}),),
        candidate=input_summary("submission", 5, n_discovered=11, languages={"c": 4, "python": 1}),
        summary=summary(n_flagged_files=2, n_common_hashes=17),
        control=Control(9, 310.25, 1, 7, ("gpt-b",)),
        findings=(
            finding(
                evidence=(*finding().evidence, evidence(start=100, original_start=300, excluded=excluded)), n_evidence=5
            ),
            finding(
                "src/list.c",
                matched_tokens={Layer.VERBATIM: 30},
                coverage={Layer.VERBATIM: 0.075},
                originals=(original_match(original="src/list.c", source=1, coverage=0.075, original_coverage=0.06),),
                evidence=(
                    replace(
                        second,
                        also_in=AlsoIn(7, 9, 27.5),
                        elsewhere=(ElsewhereMatch(0, "musl", "src/list.c", LineSpan(40, 47), 88.25),),
                        excerpt=Excerpt(("int list_len(List *l)", "{"), ("int list_len(List *l)", "{"), 5, 7),
                    ),
                    translated,
                ),
                n_evidence=2,
            ),
            silent_finding(),
            silent_finding("src/util.c", degraded="parse killed after 20 s", error_share=1.0),
            silent_finding("tools/gen.py", language="python"),
        ),
        skipped=(
            SkippedEntry(Side.CANDIDATE, 0, "README.md", SkipReason.NOT_CODE, ""),
            SkippedEntry(Side.CANDIDATE, 0, "data/big.c", SkipReason.TOO_LARGE, "70,000,000 bytes, limit 67,108,864"),
            SkippedEntry(Side.CANDIDATE, 0, "img/logo.png", SkipReason.BINARY, ""),
            SkippedEntry(Side.CANDIDATE, 0, "notes/a.txt", SkipReason.NOT_CODE, ""),
            SkippedEntry(Side.CANDIDATE, 0, "notes/b.txt", SkipReason.NOT_CODE, ""),
            SkippedEntry(Side.CANDIDATE, 0, "notes/c.txt", SkipReason.NOT_CODE, ""),
            SkippedEntry(Side.ORIGINAL, 0, "secret.c", SkipReason.UNREADABLE, "permission denied"),
            SkippedEntry(Side.ORIGINAL, 1, "copy.c", SkipReason.DUPLICATE_OF, "src/list.c"),
        ),
        warnings=("upstream: 1 file is not valid UTF-8 and was read as Latin-1",),
    )


def audit_report(layer: Layer = Layer.VERBATIM, **changes: Any) -> AuditReport:
    """Two runs: an instance with evidence of a layer, one without, and one that was not scanned."""
    lead = Lead("src/hash.c", "lib/table.c", LineSpan(12, 20), LineSpan(40, 48), layer, 64, 93.5)
    found = InstanceResult(
        run="a",
        instance="acme__table.1234567",
        language="c",
        verdict=Verdict.EVIDENCE,
        reason="src/hash.c shares a run of 64 tokens with lib/table.c.",
        probability=0.99,
        bits=310.25,
        n_flagged_files=1,
        candidate_coverage=0.32,
        lead=lead,
        report="acme__table.1234567/acme__table.1234567.simdetect.json",
        control=Control(9, 93.5, 1, 7, ("gpt-b",)),
    )
    silent = replace(found, run="b", verdict=Verdict.NO_EVIDENCE, probability=0.02, bits=0.0, lead=None, control=None)
    silent = replace(silent, power=power_report().rows)
    failed = InstanceResult("b", "acme__list.7654321", error="original not found")
    base = AuditReport({"name": "simdetect", "version": "0"}, {"kgram": 12}, ("a", "b"), (found, silent, failed))
    return replace(base, **changes)


# --- hostile text --------------------------------------------------------------------------------------------------

# Names and contents that try to become markup, code, or terminal control. Each must show as inert text everywhere.
HOSTILE = {
    "script": "<script>alert(1)</script>.c",
    "image with handler": "<img src=x onerror=alert(1)>.c",
    "attribute break-out": "\"' onmouseover='alert(1)' x=\".c",
    "closing tags": "</code></pre></style></title><h1>owned.c",
    "comment and cdata": "--><![CDATA[ <b>x</b> ]]><!--.c",
    "entity": "&lt;script&gt;&#x1b;.c",
    "Jinja": "{{ 7*7 }}{% include '/etc/passwd' %}{# x #}.c",
    "rich markup": "[red]x[/red] [link=https://e.example]y[/link] :smile: [/].c",
    "ANSI colours": "\x1b[31mred\x1b[0m\x1b[2J\x1b[H.c",
    "ANSI title and link": "\x1b]0;owned\x07\x1b]8;;https://e.example\x1b\\x.c",
    "C1 control": "\x9b31mred\x9d0;owned\x9c.c",
    "NUL and backspace": "a\x00b\x08\x08\x08c\x7f.c",
    "line breaks": "a\nb\rc\u2028d\u2029e\x85f\x0bg\x0ch.c",
    "right-to-left override": "a\u202egnp.c\u2066x\u2069",
    "zero width": "a\u200bb\u200dc\ufeffd\u00ade\u2060.c",
    "tag characters": "a\U000e0041\U000e0042.c",
    "lone surrogates": "a\udc80b\udcff.c",
    "stacked marks": "Z" + "\u0351" * 60 + ".c",
    "Markdown": "`x` ``` | **b** [l](https://e.example) ![i](//e.example/i.png) @user #1 ~~~ <u>.c",
    "Markdown block": "# h\n```\n- [ ] x\n<details>\n",
    "formula": '=HYPERLINK("https://e.example";"x")',
    "URL": "javascript:alert(1)//https://e.example/www.e.example",
    "SVG": "<svg/onload=alert(1)><script>alert(1)</script></svg>",
    "template literal": "${alert(1)}`${'x'}`{{constructor.constructor('alert(1)')()}}.c",
    "data URI": 'data:text/html,<script>alert(1)</script>" style="background:url(javascript:alert(1))',
    "SARIF link": "[x](1) [y](javascript:alert(1)) \\[z\\](https://e.example) {0}.c",
    "percent and dots": "%00%0a..%2f../../etc/passwd?x#y:z.c",
    "scheme": "file:///etc/passwd",
    "wide": "漢字" * 80 + ".c",
    "empty": "",
    "spaces": "   ",
    "1 MB line": "x" * 1_000_000,
}


def power_report(**changes: Any) -> PowerReport:
    base = PowerReport(
        tool={"name": "simdetect", "version": "0"},
        candidate=input_summary("submission"),
        originals=(input_summary("upstream@v2.0"),),
        settings={},
        n_trials=100,
        seed=7,
        verdict=Verdict.NO_EVIDENCE,
        rows=(
            PowerRow(
                PlantSize.TENTH,
                Disguise.VERBATIM,
                n_choices=53,
                n_lines=115,
                found=TrialRate(100, 100, 0.9638, 1.0),
                flagged=TrialRate(97, 100, 0.9148, 0.9938),
            ),
        ),
        reason="",
        warnings=(),
    )
    return replace(base, **changes)


def hostile_report(text: str) -> ScanReport:
    """A report with the text in every place that outsiders control."""
    excerpt = Excerpt((text, "int x;", text), (text,), 12, 40)
    exclusion = Exclusion(ExclusionReason.GIVEN, text)
    items = (SharedText(text, 1.0, 12, 40, text, TextKind.NAME), SharedText(text, 0.0, 12, 40, "", TextKind.CALLS))
    named = {"candidate_unit": text, "original_unit": text[::-1]}
    pieces = (
        evidence(original=text, excerpt=excerpt, **named),
        evidence(original=text, excluded=exclusion, excerpt=excerpt),
        evidence(Layer.TRANSLATED, original=text, items=items, **named),
    )
    hit = finding(text, language=text, originals=(original_match(original=text),), evidence=pieces, degraded=text)
    rows = [SkippedEntry(side, 0, text, SkipReason.UNREADABLE, text) for side in (Side.CANDIDATE, Side.ORIGINAL)]
    return report(
        tool={"version": text, text: text},
        candidate=input_summary(text, languages={text: 3}, digest=text),
        originals=(input_summary(text), input_summary(text)),
        given=(input_summary(text),),
        base=(input_summary(text),),
        settings={text: (text,), "exclude": (text,)},
        summary=summary(reason=text),
        findings=(hit, silent_finding(text, degraded=text)),
        skipped=tuple(rows),
        warnings=(text,),
        run={text: text},
    )


# --- golden files --------------------------------------------------------------------------------------------------


def golden_reports() -> dict[str, str]:
    """File name below fixtures/golden -> what it must hold. scripts/update_golden.py rewrites the files."""
    return {
        "report.txt": render(rich_report(), "text"),
        "report-narrow.txt": render(rich_report(), "text", width=60),
        "report-full.txt": render(rich_report(), "text", detail="full"),
        "report.json": render(rich_report(), "json"),
        "report.md": render(rich_report(), "markdown"),
        "report.csv": render(rich_report(), "csv"),
    }
