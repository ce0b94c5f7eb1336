"""A task for Inspect AI whose samples are scored by whether their code was recalled.

inspect eval examples/inspect_task.py --model mockllm/model
"""

from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.solver import Generate, Solver, TaskState, solver

from simdetect_adapters.inspect import recall

DEMO = Path(__file__).resolve().parent.parent / "fixtures" / "demo"


def sample(name: str) -> Sample:
    """A sample whose sandbox holds a submission already, in place of what a solver would write."""
    files = [path for path in sorted((DEMO / name).rglob("*")) if path.is_file()]
    placed = {f"work/{path.relative_to(DEMO / name).as_posix()}": str(path) for path in files}
    return Sample(input="Rebuild furlong.", id=name, files=placed, metadata={"original": str(DEMO / "original")})


@solver
def finished() -> Solver:
    """Stands where an agent would work: its files are in the sandbox already."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:  # noqa: ARG001
        return state

    return solve


@task
def rebuilt() -> Task:
    """Two submissions: one recalled, one independent."""
    judge = recall(candidate="work", original=lambda metadata: metadata["original"])
    return Task(dataset=[sample("submission"), sample("independent")], solver=finished(), scorer=judge, sandbox="local")
