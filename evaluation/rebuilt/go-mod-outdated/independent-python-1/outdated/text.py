"""Measuring and wrapping text for a terminal."""
import re
import unicodedata

COLOUR = re.compile("\x1b\\[[0-9;]*m")
INVISIBLE = {"Cc", "Cf", "Mn", "Me"}


def width(text):
    """Number of terminal columns the text takes."""
    return sum(map(char_width, COLOUR.sub("", text)))


def char_width(char):
    if unicodedata.category(char) in INVISIBLE:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def needed_width(text, usual):
    """Width for a cell: its longest line, at most `usual` or one long word."""
    longest_line = max(map(width, text.split("\n")))
    longest_word = max(map(width, re.split("[ \n]", text)))
    return min(longest_line, max(usual, longest_word))


def wrap(text, limit):
    """Break text into lines as even as possible (least sum of squared gaps)."""
    words = re.split("[ \n]", text)
    # tails[i] is the cheapest (cost, lines) for the words from i on.
    tails = {len(words): (0, [])}
    for start in reversed(range(len(words))):
        tails[start] = min(
            candidates(words, start, limit, tails), key=lambda tail: tail[0]
        )
    return tails[0][1]


def candidates(words, start, limit, tails):
    for end in range(start + 1, len(words) + 1):
        line = " ".join(words[start:end])
        gap = limit - width(line)
        if gap < 0 and end > start + 1:
            return
        cost, following = tails[end]
        yield (cost + gap**2 if following else 0), [line, *following]
