"""Reading the test cases and printing the expression."""

import re
import sys
from pathlib import Path

from . import build, output, tokens
from .options import Printout, UsageError, parse


class InputError(Exception):
    """The test cases cannot be read."""


def main(args):
    try:
        options = parse(args)
        expression = generate(read_samples(options), options)
    except Printout as printout:
        sys.stdout.write(str(printout))
    except (UsageError, InputError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    else:
        print(expression)
    return 0


def read_samples(options):
    name = options.given.get("file")
    if name is None and options.inputs != ["-"]:
        return options.inputs
    if name is None:
        text = sys.stdin.read()
    else:
        text = read_file(sys.stdin.read().strip() if name == "-" else name)
    samples = re.split("\r?\n", text)
    if not samples[-1]:
        samples.pop()
    if not samples:
        raise InputError("there is not a single test case")
    return samples


def read_file(name):
    try:
        return Path(name).read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise InputError("the specified file could not be found") from None
    except UnicodeDecodeError:
        raise InputError("the specified file's encoding is not valid UTF-8") from None
    except OSError as error:
        raise InputError(f"{error.strerror} (os error {error.errno})") from None


def fold_case(text):
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def generate(samples, options):
    if "ignore-case" in options:
        samples = map(fold_case, samples)
    samples = sorted(set(samples), key=lambda sample: (len(sample), sample))
    words = [tokens.tokenize(sample, options) for sample in samples if sample]
    if "repetitions" in options:
        words = [tokens.collapse(word, options) for word in words]
    expression = build.expression_for(build.build_automaton(words))
    return output.layout(output.Formatter(options).pattern(expression), "verbose" in options)
