"""Which rules split the declarations of which language."""

from __future__ import annotations

from collections.abc import Mapping

from disguises.declarations import c_declaration, java_declaration, rust_declaration, script_declaration
from simdetect.planting.disguise.writing import Rules

__all__ = ["SPLITS"]

_C_SPLITS: Rules = {"declaration": (c_declaration,)}
_SCRIPT_SPLITS: Rules = {"lexical_declaration": (script_declaration,), "variable_declaration": (script_declaration,)}
SPLITS: Mapping[str, Rules] = {
    "c": _C_SPLITS,
    "cpp": _C_SPLITS,
    "java": {"local_variable_declaration": (java_declaration,)},
    "javascript": _SCRIPT_SPLITS,
    "typescript": _SCRIPT_SPLITS,
    "tsx": _SCRIPT_SPLITS,
    "rust": {"let_declaration": (rust_declaration,)},
}
