"""What an original is itself, and which of its files many projects carry: both by what is in it."""

from __future__ import annotations

from dataclasses import replace

from simdetect.model import AnalysedTree
from simdetect.weighing.known_texts import load_known_texts, marked, own_texts
from simdetect.weighing.public_names import load_public_names, own_families

__all__ = ["recognised"]


def recognised(tree: AnalysedTree) -> AnalysedTree:
    """An original with its own families, and with the roles of files that it only carries. Raises InputError."""
    texts = load_known_texts()
    own = (*own_families(load_public_names(), tree), *own_texts(texts, tree.files))
    return marked(texts, replace(tree, own=own), own)
