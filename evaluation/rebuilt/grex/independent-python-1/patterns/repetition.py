"""Folds adjacent repeated substrings."""
from typing import NamedTuple

from .symbols import Symbol


class Run(NamedTuple):
    start: int
    length: int
    count: int

    @property
    def end(self):
        return self.start + self.length * self.count


def fold(word, min_repetitions, min_length):
    folded, position = [], 0
    runs = (run for length in range(1, len(word) // 2 + 1) for run in find_runs(word, length))
    for run in select(run for run in runs if run.count > min_repetitions):
        if run.length < min_length:
            continue
        unit = word[run.start:run.start + run.length]
        atom = unit[0].atom if run.length == 1 else fold(unit, min_repetitions, min_length)
        folded += [*word[position:run.start], Symbol(atom, run.count, run.count)]
        position = run.end
    return (*folded, *word[position:])


def find_runs(word, length):
    """Runs of units of one length; each unit's copies are looked up from left to right."""
    open_runs = {}
    for start in range(len(word) - length + 1):
        unit = word[start:start + length]
        run = open_runs.get(unit)
        if run and start < run.end:
            continue
        if run and start == run.end:
            open_runs[unit] = run._replace(count=run.count + 1)
            continue
        if run:
            yield run
        if is_primitive(unit):
            open_runs[unit] = Run(start, length, 1)
    yield from open_runs.values()


def is_primitive(unit):
    """A unit is a repetition itself if it occurs inside of its double."""
    doubled, size = unit + unit, len(unit)
    return all(doubled[shift:shift + size] != unit for shift in range(1, size))


def select(runs):
    """Non-overlapping runs, from the last one backwards; long ones first."""
    chosen = []
    for run in sorted(runs, key=lambda run: (-run.end, run.start, run.length)):
        if not chosen or run.end <= chosen[-1].start:
            chosen.append(run)
    return reversed(chosen)
