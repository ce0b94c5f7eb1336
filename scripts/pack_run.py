"""Pack labelled pairs as a benchmark run: candidates as submissions, originals as folders, to try and measure audits.

usage: python scripts/pack_run.py PAIRS.jsonl --work DIR -o RUNS --limit 40

Writes RUNS/run/<instance>/submission.tar.gz, RUNS/originals/<instance> (links into DIR) and RUNS/tasks. An instance
takes its name from its original; an original with several candidates gives one instance.
"""

from __future__ import annotations

import io
import sys
import tarfile
from pathlib import Path

import click

from simdetect.training.pairs import Pair, folder_of, read_pairs


def pack(folder: Path, target: Path) -> None:
    """A .tar.gz of a folder, the same bytes for the same files."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(target, "w:gz", compresslevel=1) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
            data = path.read_bytes()
            member = tarfile.TarInfo(f"{folder.name}/{path.relative_to(folder)}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


def instance_of(pair: Pair) -> str:
    """owner__name.commit of the original."""
    owner, name = pair.original.repository.rsplit(":", 1)[-1].split("/")
    return f"{owner}__{name}.{pair.original.commit[:7]}"


@click.command()
@click.argument("pairs", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--work", multiple=True, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--limit", default=40, show_default=True, help="Instances.")
@click.option("--max-mb", default=8.0, show_default=True, help="Leave out larger sides.")
def main(pairs: tuple[Path, ...], work: tuple[Path, ...], output: Path, limit: int, max_mb: float) -> None:
    """Pack PAIRS whose repositories lie under --work, as <owner>+<name>."""
    found: dict[str, tuple[Path, Path, Pair]] = {}
    for pair in sorted(read_pairs(pairs), key=lambda pair: pair.id):
        sides = [folder_of(side, work) for side in (pair.candidate, pair.original)]
        if any(side is None for side in sides):
            continue
        own, theirs = (Path(side) for side in sides if side is not None)
        sizes = [sum(file.lstat().st_size for file in side.rglob("*")) for side in (own, theirs)]
        if max(sizes) <= max_mb * 1e6:
            found.setdefault(instance_of(pair), (own, theirs, pair))
    for instance, (own, theirs, pair) in sorted(found.items())[:limit]:
        pack(own, output / "run" / instance / "submission.tar.gz")
        link = output / "originals" / instance
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(theirs.resolve())
        task = output / "tasks" / instance / "task.yaml"
        task.parent.mkdir(parents=True, exist_ok=True)
        repository = pair.original.repository.rsplit(":", 1)[-1]
        task.write_text(
            f"repository: {repository}\ncommit: {pair.original.commit}\nlanguage: {pair.original.language.lower()}\n"
        )
    click.echo(f"{min(len(found), limit)} instances in {output / 'run'}")


if __name__ == "__main__":
    sys.exit(main())
