"""Record reports of real pairs in every format, and compare two recordings: what a change of structure must not change.

usage: python scripts/record_reports.py WORK -o OUT [--simdetect COMMAND]
       python scripts/record_reports.py --compare BEFORE AFTER

WORK holds the repositories of `PAIRS`, each in `<owner>+<name>`. Beside these pairs: the demo, an index, documents
handed out, a search in a corpus, and an audit of several runs made of the pairs. The objects `run` and `tool` of JSON
are left out; everything else is compared byte for byte.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "fixtures" / "demo"
FORMATS = ("text", "html", "sarif", "csv", "markdown")
PAIRS = {
    "c-parson-cjson": ("kgabis+parson", "DaveGamble+cJSON"),
    "rust-eza-exa": ("eza-community+eza", "ogham+exa"),
    "go-gin-httprouter": ("gin-gonic+gin", "julienschmidt+httprouter"),
    "python-httpx-requests": ("encode+httpx", "psf+requests"),
    "javascript-koa-express": ("koajs+koa", "expressjs+express"),
    "java-moshi-gson": ("square+moshi/moshi/src/main/java", "google+gson/gson/src/main/java"),
    "port-dmp-python-javascript": ("google+diff-match-patch/python3", "google+diff-match-patch/javascript"),
    "port-dmp-csharp-java": ("google+diff-match-patch/csharp", "google+diff-match-patch/java"),
    "independent-exa-gson": ("ogham+exa", "google+gson/gson/src/main/java"),
}


_RUN_IN_HTML = re.compile(rb'<tr><th scope="row">(?:elapsed_s|started_at)</th>.*?</tr>')


class Recorder:
    """Runs the command in an output folder and keeps what it printed."""

    def __init__(self, command: str, out: Path) -> None:
        self._command, self._out = shlex.split(command), out

    def run(self, *arguments: str | Path) -> str:
        """Standard output. Exit codes of verdicts are no failure."""
        ran = subprocess.run(
            [*self._command, *map(str, arguments)], cwd=self._out, capture_output=True, text=True, check=False
        )
        if ran.returncode not in (0, 1, 3) and "the report has none" not in ran.stderr:
            raise click.ClickException(f"{shlex.join(map(str, arguments))}: {ran.stderr.strip()[-400:]}")
        return ran.stdout

    def scan(self, name: str, *arguments: str | Path) -> None:
        """One scan as JSON and HTML, and what `show` makes of it in the other formats."""
        self.run("scan", *arguments, "-q", "--no-cache", "--json", f"{name}.json", "--html", f"{name}.full.html")
        for format_name in FORMATS:
            self.run("show", f"{name}.json", "--format", format_name, "-o", f"{name}.{format_name}")
        (self._out / f"{name}.finding").write_text(self.run("show", f"{name}.json", "--finding", "1"))


def record(command: str, work: Path, out: Path) -> None:
    """All reports of one version of the program."""
    out.mkdir(parents=True)
    recorder = Recorder(command, out)
    recorder.scan("demo", DEMO / "submission", DEMO / "original")
    recorder.scan(
        "demo-independent", DEMO / "independent", DEMO / "original", "--given", DEMO / "original" / "README.md"
    )
    for name, (candidate, original) in PAIRS.items():
        recorder.scan(name, work / candidate, work / original)
    click.echo(f"{len(PAIRS) + 2} pairs", err=True)
    recorder.run("index", work / "ogham+exa", work / "julienschmidt+httprouter", "-o", "two.sdx", "-q")
    recorder.scan("index", work / "gin-gonic+gin", "two.sdx", "--base", work / "kgabis+parson")
    _audit(recorder, work, out)
    for path in (out / "two.sdx", out / "made", out / "corpus"):
        path.unlink() if path.is_file() else shutil.rmtree(path)


def _audit(recorder: Recorder, work: Path, out: Path) -> None:
    """Two runs of three instances, and the originals as a corpus."""
    made = out / "made"
    instances = {
        "ogham__exa.3d1edbb": ("eza-community+eza", "ogham+exa"),
        "julienschmidt__httprouter.4840180": ("gin-gonic+gin", "julienschmidt+httprouter"),
        "DaveGamble__cJSON.a29814f": ("kgabis+parson", "DaveGamble+cJSON"),
    }
    for run, swapped in (("first", False), ("second", True)):
        for instance, sides in instances.items():
            folder = made / run / instance
            folder.mkdir(parents=True)
            with tarfile.open(folder / "submission.tar.gz", "w:gz") as archive:
                archive.add(work / (instances["DaveGamble__cJSON.a29814f"][0] if swapped else sides[0]), "sub")
    for instance, (_, original) in instances.items():
        (made / "originals").mkdir(exist_ok=True)
        (made / "originals" / instance).symlink_to(work / original)
    recorder.run(
        "audit", made / "first", made / "second", "--originals", made / "originals", "-o", "audit", "-q", "--no-cache"
    )
    recorder.run("index", "--corpus", *(work / original for _, original in instances.values()), "-o", "corpus", "-q")
    (out / "search.txt").write_text(recorder.run("search", work / "gin-gonic+gin", "--index", "corpus", "-q"))


def differences(before: Path, after: Path) -> Iterator[str]:
    """Files that are not the same in both."""
    names = sorted({path.relative_to(root) for root in (before, after) for path in root.rglob("*") if path.is_file()})
    for name in names:
        sides = [root / name for root in (before, after)]
        if not all(side.is_file() for side in sides):
            yield f"{name}: only in {next(side for side in sides if side.is_file()).parent}"
        elif name.suffix == ".sqlite3" or _compared(sides[0]) == _compared(sides[1]):
            continue
        else:
            yield f"{name}: differs"


def _compared(path: Path) -> object:
    content = path.read_bytes()
    if path.suffix == ".json":
        read = json.loads(content)
        return {key: read[key] for key in read if key not in ("run", "tool")} if isinstance(read, dict) else read
    return _RUN_IN_HTML.sub(b"", content) if path.suffix == ".html" else content


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="a new folder for the recording")
@click.option("--simdetect", "command", default=f"{sys.executable} -m simdetect", help="the command to record")
@click.option("--compare", is_flag=True, help="compare two recordings")
def main(folders: tuple[Path, ...], out: Path | None, command: str, compare: bool) -> None:
    """Record the reports of one version of the program, or compare those of two."""
    if compare:
        before, after = folders
        found = list(differences(before, after))
        n_files = sum(path.is_file() for path in after.rglob("*"))
        click.echo("\n".join([*found, f"{n_files} files compared, {len(found)} differ"]))
        sys.exit(bool(found))
    if out is None:
        raise click.UsageError("name a folder for the recording with -o")
    record(command, folders[0].resolve(), out.resolve())


if __name__ == "__main__":
    main()
