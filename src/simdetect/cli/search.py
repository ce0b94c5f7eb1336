"""`simdetect search`: which originals of a corpus a candidate comes from."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simdetect.cli.commands import argument, command, option
from simdetect.cli.output import EXIT_EVIDENCE, EXIT_OK, json_text, write_stdout
from simdetect.cli.parameters import FOLDER, jobs_option, reading_options, scan_settings, text_or_json_option
from simdetect.report.safe import clip, visible

if TYPE_CHECKING:
    from simdetect.corpus.search import Cover

__all__ = ["search"]


@command(
    "simdetect search submission/ --index corpus/",
    "simdetect search submission/main.c --index corpus/ --format json",
)
@argument("candidate")
@option("--index", "folder", required=True, type=FOLDER, metavar="CORPUS", help="Made by 'simdetect index --corpus'.")
@text_or_json_option
@option("-q", "--quiet", is_flag=True, help="No progress bars.")
@jobs_option
@reading_options
def search(candidate: str, folder: Path, format: str, quiet: bool, **options: Any) -> int:
    """Find out which originals of a CORPUS a CANDIDATE comes from.

    Names the original that explains most of the candidate, then what each further one adds. Exit codes: 0 none found,
    1 some found, 2 bad usage or input.
    """
    from simdetect.corpus import search as corpus
    from simdetect.report.progress import ScanProgress

    settings = scan_settings(options)
    with ScanProgress(is_shown=not quiet) as progress:
        cover = corpus.search(candidate, folder, settings, progress)
    text = json_text(asdict(cover)) if format == "json" else _cover_text(cover)
    write_stdout(text, is_data=format == "json")
    return EXIT_EVIDENCE if cover.sources else EXIT_OK


def _cover_text(cover: Cover) -> str:
    def share(n: int) -> str:
        return f"{n / max(1, cover.n_tokens):6.1%}"

    lines = [f"{cover.n_tokens:,} tokens of {visible(clip(cover.label, 200))}, {cover.n_searched:,} originals searched"]
    for source in cover.sources:
        lines.append(f"{share(source.n_tokens)} from {visible(clip(source.label, 200))}")
        lines.append(f"        heaviest agreement {source.bits:,.0f} bits, {visible(clip(source.best, 300))}")
    return "\n".join([*lines, f"{share(cover.n_unexplained)} unexplained"]) + "\n"
