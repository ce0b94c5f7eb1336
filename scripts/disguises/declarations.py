"""Declarations in several statements."""

from __future__ import annotations

from tree_sitter import Node

from simdetect.planting.disguise.asking import is_statement_place, part_of
from simdetect.planting.disguise.syntax import View
from simdetect.planting.disguise.writing import As, Part

__all__ = ["c_declaration", "java_declaration", "rust_declaration", "script_declaration"]


def c_declaration(view: View, node: Node) -> list[Part] | None:
    """int a = 1, *b; -> int a = 1; int *b; and int a = f(); -> int a; a = f();"""
    if not is_statement_place(node):
        return None
    kind, variables = part_of(node, "type"), node.children_by_field_name("declarator")
    if kind is None or part_of(kind, "body") is not None or node.start_byte != kind.start_byte or not variables:
        return None
    if kind.type in ("placeholder_type_specifier", "auto") or view.text(kind) == b"auto":
        return None
    if len(variables) > 1:
        return [part for variable in variables for part in (As(kind), b" ", variable, b";\n")]
    name, value = part_of(variables[0], "declarator"), part_of(variables[0], "value")
    if variables[0].type != "init_declarator" or name is None or value is None:
        return None
    if value.type in ("initializer_list", "argument_list") or name.type not in ("identifier", "pointer_declarator"):
        return None
    inner = name
    while inner.type == "pointer_declarator":
        inner = part_of(inner, "declarator") or inner.children[-1]
        if inner.type not in ("pointer_declarator", "identifier"):
            return None
    return [kind, b" ", name, b";\n", As(inner), b" = ", value, b";"]


def java_declaration(view: View, node: Node) -> list[Part] | None:
    """int a = f(), b; -> int a = f(); int b; and int a = f(); -> int a; a = f();"""
    kind, variables = part_of(node, "type"), node.children_by_field_name("declarator")
    if kind is None or view.text(kind) == b"var" or not is_statement_place(node) or node.start_byte != kind.start_byte:
        return None
    if len(variables) > 1:
        return [part for variable in variables for part in (As(kind), b" ", variable, b";\n")]
    name, value = part_of(variables[0], "name"), part_of(variables[0], "value")
    if name is None or value is None or value.type == "array_initializer" or part_of(variables[0], "dimensions"):
        return None
    return [kind, b" ", name, b";\n", As(name), b" = ", value, b";"]


def script_declaration(view: View, node: Node) -> list[Part] | None:
    """let a = 1, b = 2; -> let a = 1; let b = 2; and let a = f(); -> let a; a = f();"""
    word = view.text(node.children[0])
    variables = [child for child in node.named_children if child.type == "variable_declarator"]
    if not is_statement_place(node) or not variables:
        return None
    if len(variables) > 1:
        return [part for variable in variables for part in (word + b" ", variable, b";\n")]
    name, value, kind = (part_of(variables[0], field) for field in ("name", "value", "type"))
    if word == b"const" or name is None or name.type != "identifier" or value is None:
        return None
    return [word + b" ", name, *([] if kind is None else [kind]), b";\n", As(name), b" = ", value, b";"]


def rust_declaration(_view: View, node: Node) -> list[Part] | None:
    """let a = f(); -> let a; a = f();"""
    name, kind, value = (part_of(node, field) for field in ("pattern", "type", "value"))
    if name is None or name.type != "identifier" or value is None or part_of(node, "alternative") is not None:
        return None
    if any(child.type == "mutable_specifier" for child in node.children):
        return None
    typed: list[Part] = [] if kind is None else [b": ", kind]
    return [b"let ", name, *typed, b";\n", As(name), b" = ", value, b";"]
