"""Ties the stages together."""
import sys
from pathlib import Path

from . import arguments
from .automaton import build_automaton, solve
from .render import render
from .repetition import fold
from .symbols import tokenize


class InputError(Exception):
    """The samples cannot be read."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


def main(argv):
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
    try:
        options = arguments.parse(argv)
        if options.output:
            print(options.output)
        else:
            print(generate(read_samples(options), options))
    except (arguments.UsageError, InputError) as error:
        print(error, file=sys.stderr)
        return error.code
    return 0


def read_samples(options):
    if options.file is not None:
        samples = read_file(options.file)
    elif options.inputs == ["-"]:
        samples = lines(sys.stdin.buffer.read().decode())
    else:
        samples = options.inputs
    if not samples:
        raise InputError("No test cases have been provided for regular expression generation", 101)
    return samples


def read_file(name):
    if name == "-":
        name = sys.stdin.readline().rstrip("\r\n")
    try:
        return lines(Path(name).read_bytes().decode())
    except FileNotFoundError:
        raise InputError("error: the specified file could not be found", 1) from None
    except UnicodeDecodeError:
        raise InputError("error: the specified file's encoding is not valid UTF-8", 1) from None
    except OSError as error:
        raise InputError(f"error: {error.strerror} (os error {error.errno})", 1) from None


def lines(text):
    *complete, rest = text.split("\n")
    if rest:
        complete.append(rest)
    return [line.removesuffix("\r") for line in complete]


def generate(samples, options):
    if "ignore-case" in options.flags:
        samples = ["".join(map(lower, sample)) for sample in samples]
    samples = sorted(set(samples), key=lambda sample: (len(sample.encode()), sample))
    words = [tokenize(sample, options.flags) for sample in samples]
    if "repetitions" in options.flags:
        words = [fold(word, options.min_repetitions, options.min_substring_length) for word in words]
    return render(solve(build_automaton(words)), options.flags)


def lower(char):
    """Lowercases a character unless that takes more than one."""
    lowered = char.lower()
    return lowered if len(lowered) == 1 else char
