"""What becomes of a program in each of the ways in which submissions hold code (scripts/wrapping.py).

usage: python scripts/measure_wrapped.py [--language NAME]... [--way NAME]... [--write]

For each language of fixtures/wrapped: `sample.*` is the original. The same program in each way must be evidence,
`independent.*`, another program by another author, must not. Prints a table by way, and each answer that misses.
--write puts the table into docs/security.md. The exit code is 1 when a bar is missed.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parent))

from wrapping import UNJUDGED, WAYS, Files

from simdetect import Scanner, ScanOptions, Verdict
from simdetect.languages import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures" / "wrapped"
DOCUMENT = ROOT / "docs" / "security.md"
_LEAST_EVIDENCE = 0.9  # of recalled programs
_MOST_INCONCLUSIVE = 0.05  # of independent ones
_BEGIN, _END = "<!-- ways: written by scripts/measure_wrapped.py -->", "<!-- end of ways -->"
_VERDICTS = (Verdict.EVIDENCE, Verdict.INCONCLUSIVE, Verdict.NO_EVIDENCE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a scan said of one program in one way."""

    language: str
    way: str
    is_recalled: bool
    verdict: Verdict
    reason: str

    @property
    def is_right(self) -> bool:
        """As it should be; a few that are not are within the bars."""
        if self.way in UNJUDGED:
            return self.verdict is Verdict.INCONCLUSIVE
        return self.verdict is (Verdict.EVIDENCE if self.is_recalled else Verdict.NO_EVIDENCE)


def program(language: str, name: str) -> Path:
    """The one file of fixtures/wrapped that holds it."""
    return FIXTURES / language / f"{name}{LANGUAGES[language].extensions[0]}"


def answers(languages: Sequence[str], ways: Sequence[str]) -> Iterator[Answer]:
    """Every program in every way against the sample of its language."""
    with Scanner(ScanOptions(jobs=1)) as scanner, tempfile.TemporaryDirectory() as folder:
        for language in languages:
            sample = program(language, "sample")
            place = f"src/main{sample.suffix}"
            original = scanner.index(_written(Path(folder, language, "original"), {place: sample.read_bytes()}))
            for name in ("sample", "independent"):
                code = program(language, name).read_bytes()
                for number, way in enumerate(ways):
                    files = WAYS[way](place, code, language)
                    if files is not None:
                        candidate = _written(Path(folder, language, f"{name}{number}"), files)
                        said = scanner.scan(candidate, original).summary
                        yield Answer(language, way, name == "sample", said.verdict, said.reason)


def _written(folder: Path, files: Files) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def table(found: Sequence[Answer]) -> str:
    """By way, how many of each verdict, on both sides."""
    lines = [
        "| way | recalled: evidence | inconclusive | no evidence "
        "| independent: evidence | inconclusive | no evidence |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    ways = list(dict.fromkeys(answer.way for answer in found))
    for way in ways:
        lines.append(_row(way, [answer for answer in found if answer.way == way]))
    lines.append(_row("all but patches and documents", _counted(found)))
    return "\n".join(lines)


def _counted(found: Sequence[Answer]) -> list[Answer]:
    return [answer for answer in found if answer.way not in UNJUDGED]


def _row(way: str, found: Sequence[Answer]) -> str:
    counts = Counter((answer.is_recalled, answer.verdict) for answer in found)
    cells = [str(counts[side, verdict]) for side in (True, False) for verdict in _VERDICTS]
    return f"| {way} | {' | '.join(cells)} |"


def missed_bars(found: Sequence[Answer]) -> list[str]:
    """The bars that the answers miss, in words."""
    counted = _counted(found)
    recalled = [answer.verdict for answer in counted if answer.is_recalled]
    others = [answer.verdict for answer in counted if not answer.is_recalled]
    unseen = [answer for answer in found if answer.is_recalled and answer.verdict is Verdict.NO_EVIDENCE]
    accused = [answer for answer in found if not answer.is_recalled and answer.verdict is Verdict.EVIDENCE]
    bars = (
        (recalled.count(Verdict.EVIDENCE) < _LEAST_EVIDENCE * len(recalled), "too few recalled programs are evidence"),
        (bool(unseen), f"{len(unseen)} recalled programs came out clean"),
        (others.count(Verdict.INCONCLUSIVE) > _MOST_INCONCLUSIVE * len(others), "too many others are inconclusive"),
        (bool(accused), f"{len(accused)} independent programs are evidence"),
    )
    return [text for is_missed, text in bars if is_missed]


def _write(text: str) -> None:
    old = DOCUMENT.read_text()
    before, rest = old.split(_BEGIN)
    DOCUMENT.write_text(f"{before}{_BEGIN}\n\n{text}\n\n{_END}{rest.split(_END, 1)[1]}")


@click.command()
@click.option("--language", "languages", multiple=True, type=click.Choice(sorted(LANGUAGES)))
@click.option("--way", "ways", multiple=True, type=click.Choice(list(WAYS)))
@click.option("--write", is_flag=True, help="Put the table into docs/security.md.")
def main(languages: Sequence[str], ways: Sequence[str], *, write: bool) -> None:
    """Measure every way in every language, or some of them."""
    found = []
    for answer in answers(languages or sorted(path.name for path in FIXTURES.iterdir()), ways or list(WAYS)):
        found.append(answer)
        if not answer.is_right:
            side = "recalled" if answer.is_recalled else "independent"
            click.echo(f"{answer.language}, {answer.way}, {side}: {answer.verdict} ({answer.reason})", err=True)
    text = table(found)
    click.echo(text)
    if write:
        _write(text)
    missed = missed_bars(found)
    for bar in missed:
        click.echo(f"missed: {bar}", err=True)
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
