"""Merge files of one language into one: imports first, each once; one package clause."""

from __future__ import annotations

from collections.abc import Sequence

from disguises.places import PLACES
from simdetect.planting.disguise.pieces import Copy, Piece
from simdetect.planting.disguise.syntax import View, is_comment

__all__ = ["merged"]


def merged(views: Sequence[View]) -> tuple[list[bytes], list[list[Piece]]]:
    """Files laid end to end.

    Returns the head that all share (package clause, imports), and of each file the pieces that follow it.
    """
    head: list[bytes] = []
    bodies = []
    is_headed = False
    for view in views:
        row = PLACES.get(view.language)
        pieces: list[Piece] = []
        position = 0
        for node in view.tree.root_node.children:
            if row is None or is_comment(view, node) or node.has_error:
                continue
            if node.type not in row.heads | row.imports:
                continue
            pieces.append(Copy(position, node.start_byte))
            position = node.end_byte
            text = view.text(node).strip()
            if view.content[position : position + 1] == b";":
                text, position = text + b";", position + 1
            if node.type in row.heads:
                head[:0] = [] if is_headed else [text]
                is_headed = True
            elif text not in head:
                head.append(text)
        pieces.append(Copy(position, len(view.content)))
        bodies.append([*pieces, b"\n"])
    return head, bodies
