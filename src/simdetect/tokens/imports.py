"""Lines that say which packages are used, in a syntax tree."""

from __future__ import annotations

from tree_sitter import QueryCursor, Tree

from simdetect.languages.grammar import Grammar
from simdetect.languages.spec import LanguageSpec

__all__ = ["imports_of"]

_IMPORT_DEPTH = 6  # `#include` inside `#if` inside a guard; Python's in functions of classes
_MOST_WORDS = 1000  # words that may begin imports
_MOST_BLANKS = 64  # between a sign and its word


def imports_of(tree: Tree, grammar: Grammar, content: bytes, last_inserted: int = 0) -> list[tuple[int, int]]:
    """Spans of lines that say which packages are used, ascending and apart from each other.

    last_inserted: behind which byte the parser put in no word that is not there.
    """
    if grammar.imports is None:
        return []
    cursor = QueryCursor(grammar.imports)
    cursor.set_max_start_depth(_IMPORT_DEPTH)
    if words := _import_words(grammar.spec):
        last = max(last_inserted - 1, *(_last_word(content, *word) for word in words))
        if last < 0:
            return []
        cursor.set_byte_range(0, last + 1)  # they stand at the head of a file: the rest costs a fifth of the parse
    nodes = cursor.captures(tree.root_node).get("import", [])
    found: list[tuple[int, int]] = []
    for start, end in sorted((node.start_byte, node.end_byte) for node in nodes):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _import_words(spec: LanguageSpec) -> tuple[tuple[bytes, bytes], ...]:
    """The sign before each word that an import has, b"" for none, and the word."""
    words = [word.encode() for word in spec.import_words]
    return tuple((b"#", word[1:]) if word.startswith(b"#") else (b"", word) for word in words)


def _last_word(content: bytes, sign: bytes, word: bytes) -> int:
    """Where a word stands last, or may stand: no more than some are looked at; -1 for nowhere. Not as part of another
    word, and behind its sign, blanks between."""
    at = len(content)
    for _ in range(_MOST_WORDS):
        at = content.rfind(word, 0, at)
        if at < 0 or _stands(content, at, sign, word):
            break
        at += len(word) - 1
    return at


def _stands(content: bytes, at: int, sign: bytes, word: bytes) -> bool:
    if _is_of_word(content[at + len(word) : at + len(word) + 1]):
        return False
    if not sign:
        return not _is_of_word(content[max(0, at - 1) : at])
    before = content[max(0, at - _MOST_BLANKS) : at].rstrip(b" \t")
    return not before or before.endswith(sign)


def _is_of_word(byte: bytes) -> bool:
    return byte.isalnum() or byte == b"_"
