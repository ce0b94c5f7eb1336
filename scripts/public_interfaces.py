"""What the interfaces of packages export: names only, by kind of package. `build_public_names` puts them together.

Exported declarations only. No bodies of inline functions, no private members, no names of parameters, and nothing that
begins with an underscore unless a standard reserves it that way: those names are an author's own wherever they stand.
"""

from __future__ import annotations

import ast
import re
import struct
import tarfile
import zipfile
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cache, partial
from io import BytesIO
from pathlib import Path

from tree_sitter import Language, Node, Parser, Query, QueryCursor

__all__ = [
    *("c_names", "class_file_names", "go_api_names", "go_names", "members"),
    *("python_names", "rust_names", "typescript_names"),
]

# Macros before declarations, which say how they are linked: "HB_EXTERN hb_buffer_t *hb_buffer_create (void);".
_ATTRIBUTE = re.compile(
    rb"(?m)^(?:extern[ \t]+)?[A-Z][A-Z0-9]*_[A-Z0-9_]*(?:[ \t]*\([^()\n]*\))?(?=\s+[A-Za-z_])(?!\s+\w+\s*$)"
)
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")

_C = """
(preproc_def name: (identifier) @n)
(preproc_function_def name: (identifier) @n)
(function_declarator declarator: (identifier) @n)
(function_declarator declarator: (parenthesized_declarator (identifier) @n))
(type_definition declarator: (type_identifier) @n)
(type_definition declarator: (pointer_declarator declarator: (type_identifier) @n))
(type_definition declarator: (array_declarator declarator: (type_identifier) @n))
(type_definition declarator: (function_declarator declarator: (type_identifier) @n))
(type_definition declarator: (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator:
  (type_identifier) @n))))
(struct_specifier name: (type_identifier) @n body: (_))
(union_specifier name: (type_identifier) @n body: (_))
(enum_specifier name: (type_identifier) @n body: (_))
(field_declaration declarator: (field_identifier) @n)
(field_declaration declarator: (pointer_declarator declarator: (field_identifier) @n))
(field_declaration declarator: (array_declarator declarator: (field_identifier) @n))
(field_declaration declarator: (function_declarator declarator: (parenthesized_declarator (pointer_declarator
  declarator: (field_identifier) @n))))
(enumerator name: (identifier) @n)
((declaration (storage_class_specifier) @s declarator: (identifier) @n) (#eq? @s "extern"))
((declaration (storage_class_specifier) @s declarator: (pointer_declarator declarator: (identifier) @n))
  (#eq? @s "extern"))
((declaration (storage_class_specifier) @s declarator: (array_declarator declarator: (identifier) @n))
  (#eq? @s "extern"))
"""
_CPP = (
    _C
    + """
(class_specifier name: (type_identifier) @n body: (_))
(namespace_definition name: (namespace_identifier) @n)
(function_declarator declarator: (field_identifier) @n)
(alias_declaration name: (type_identifier) @n)
(field_declaration_list) @list
"""
)
_BODIES = "(compound_statement) @hidden (parameter_list) @hidden"
_GO = """
(function_declaration name: (identifier) @n)
(method_declaration name: (field_identifier) @n)
(type_spec name: (type_identifier) @n)
(const_spec name: (identifier) @n)
(var_spec name: (identifier) @n)
(field_declaration name: (field_identifier) @n)
(method_elem name: (field_identifier) @n)
(package_clause (package_identifier) @package)
"""
_RUST = """
(function_item (visibility_modifier) @v name: (identifier) @n)
(trait_item (visibility_modifier) @v body: (declaration_list (function_signature_item name: (identifier) @n)))
(foreign_mod_item body: (declaration_list (function_signature_item (visibility_modifier) @v name: (identifier) @n)))
(struct_item (visibility_modifier) @v name: (type_identifier) @n)
(enum_item (visibility_modifier) @v name: (type_identifier) @n)
(enum_item (visibility_modifier) @v body: (enum_variant_list (enum_variant name: (identifier) @n)))
(union_item (visibility_modifier) @v name: (type_identifier) @n)
(trait_item (visibility_modifier) @v name: (type_identifier) @n)
(trait_item (visibility_modifier) @v body: (declaration_list (function_item name: (identifier) @n)))
(trait_item (visibility_modifier) @v body: (declaration_list (associated_type name: (type_identifier) @n)))
(const_item (visibility_modifier) @v name: (identifier) @n)
(static_item (visibility_modifier) @v name: (identifier) @n)
(type_item (visibility_modifier) @v name: (type_identifier) @n)
(mod_item (visibility_modifier) @v name: (identifier) @n)
(field_declaration (visibility_modifier) @v name: (field_identifier) @n)
(macro_definition name: (identifier) @n)
"""
_TYPESCRIPT = """
(interface_declaration name: (type_identifier) @n)
(class_declaration name: (type_identifier) @n)
(abstract_class_declaration name: (type_identifier) @n)
(type_alias_declaration name: (type_identifier) @n)
(enum_declaration name: (identifier) @n)
(enum_body name: (property_identifier) @n)
(enum_assignment name: (property_identifier) @n)
(property_signature name: (property_identifier) @n)
(method_signature name: (property_identifier) @n)
(public_field_definition name: (property_identifier) @n)
(function_signature name: (identifier) @n)
(variable_declarator name: (identifier) @n)
(internal_module name: (identifier) @n)
"""


@cache
def _grammar(module: str, entry: str = "language") -> Language:
    return Language(getattr(__import__(module), entry)())


def _captured(language: Language, query: str, content: bytes) -> dict[str, list[Node]]:
    tree = Parser(language).parse(content)
    return QueryCursor(_query(language, query)).captures(tree.root_node)


_queries: dict[tuple[int, str], Query] = {}


def _query(language: Language, text: str) -> Query:
    key = id(language), text
    if key not in _queries:
        _queries[key] = Query(language, text)
    return _queries[key]


def _texts(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        yield (node.text or b"").decode("utf-8", "replace")


def c_names(content: bytes, *, is_cpp: bool, keeps_reserved: bool) -> set[str]:
    """Functions, macros, types, members and constants that a header declares. keeps_reserved: names that begin with an
    underscore too, which are those of the C library and the kernel to give."""
    language = _grammar("tree_sitter_cpp" if is_cpp else "tree_sitter_c")
    content = _ATTRIBUTE.sub(lambda match: b" " * len(match[0]), content)
    found = _captured(language, (_CPP if is_cpp else _C) + _BODIES, content)
    hidden = [(node.start_byte, node.end_byte) for node in found.get("hidden", [])]
    hidden += [span for node in found.get("list", []) for span in _private(node)]
    shown = _outside(found.get("n", []), hidden)
    return {name for name in _texts(shown) if keeps_reserved or not (name.startswith("_") or name.endswith("_"))}


def _private(members: Node) -> Iterator[tuple[int, int]]:
    """Spans of the members of a class that are not public."""
    parent = members.parent
    since = members.start_byte if parent is not None and parent.type == "class_specifier" else None
    for child in members.children:
        if child.type == "access_specifier":
            if since is not None:
                yield since, child.start_byte
            since = None if b"public" in (child.text or b"") else child.start_byte
    if since is not None:
        yield since, members.end_byte


def _outside(nodes: list[Node], spans: list[tuple[int, int]]) -> list[Node]:
    """Nodes that lie in none of the spans. Of spans in each other, the outer ones decide."""
    outer: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not outer or start >= outer[-1][1]:
            outer.append((start, end))
    starts = [start for start, _ in outer]

    def is_shown(node: Node) -> bool:
        at = bisect_right(starts, node.start_byte) - 1
        return at < 0 or node.start_byte >= outer[at][1]

    return [node for node in nodes if is_shown(node)]


def python_names(content: bytes) -> set[str]:
    """Classes, functions, methods and constants of a module or a stub, those with a single underscore apart."""
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError):
        return set()
    found = set(_python_declared(tree.body))
    return {name for name in found if not name.startswith("_") or (name.startswith("__") and name.endswith("__"))}


def _python_declared(body: list[ast.stmt]) -> Iterator[str]:
    for item in body:
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
            yield item.name
        elif isinstance(item, ast.ClassDef):
            if not item.name.startswith("_"):
                yield item.name
                yield from _python_declared(item.body)
        elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            yield item.target.id
        elif isinstance(item, ast.Assign):
            yield from (target.id for target in item.targets if isinstance(target, ast.Name))
        elif isinstance(item, ast.If):
            yield from _python_declared([*item.body, *item.orelse])


_GO_API = re.compile(
    r"pkg (?P<package>[\w/.]+)(?: \([\w-]+\))?, (?:(?:const|var|func|type) |method \([^)]*\) )(?P<name>\w+)"
    r"(?: (?:struct|interface)(?: \{(?P<methods>[^}]*)\}|, (?P<member>\w+)))?"
)


def go_api_names(text: str) -> set[str]:
    """Names in a file of Go's `api` folder."""
    found: set[str] = set()
    for match in _GO_API.finditer(text):
        found |= {match["name"], match["package"].rsplit("/", 1)[-1]}
        found |= {match["member"]} if match["member"] else set()
        found |= set(re.findall(r"[A-Z]\w*", match["methods"] or ""))
    return found


def go_names(content: bytes) -> set[str]:
    """What a file of a Go module exports, and the name of its package."""
    found = _captured(_grammar("tree_sitter_go"), _GO + " (block) @hidden", content)
    shown = _outside(found.get("n", []), [(node.start_byte, node.end_byte) for node in found.get("hidden", [])])
    return {name for name in _texts(shown) if name[:1].isupper()} | set(_texts(found.get("package", [])))


def rust_names(content: bytes) -> set[str]:
    """What is `pub` in a Rust file, methods of public traits, and macros."""
    found = _captured(_grammar("tree_sitter_rust"), _RUST + " (block) @hidden", content)
    limited = [node.parent for node in found.get("v", []) if node.text != b"pub"]  # pub(crate)
    hidden = [*found.get("hidden", []), *(node for node in limited if node is not None)]
    shown = _outside(found.get("n", []), [(node.start_byte, node.end_byte) for node in hidden])
    return {name for name in _texts(shown) if not name.startswith("_")}


def typescript_names(content: bytes) -> set[str]:
    """Declarations of a `.d.ts` file."""
    found = _captured(_grammar("tree_sitter_typescript", "language_typescript"), _TYPESCRIPT, content)
    return {name for name in _texts(found.get("n", [])) if not name.startswith("_")}


def class_file_names(data: bytes) -> set[str]:
    """The class, and public and protected fields and methods, of a Java class file, which javac also keeps of the API
    of its JDK. JVMS, chapter 4."""
    pool, at = _constants(data)
    access, this, _, n_interfaces = struct.unpack_from(">HHHH", data, at)
    at += 8 + 2 * n_interfaces
    if not access & 0x0001:  # not public
        return set()
    found = set(re.split(r"[/$]", pool.get(pool.get(this, 0), "")))  # type: ignore[arg-type]
    for _ in ("fields", "methods"):
        (n,) = struct.unpack_from(">H", data, at)
        at += 2
        for _ in range(n):
            flags, name, _, n_attributes = struct.unpack_from(">HHHH", data, at)
            at += 8
            if flags & 0x0005 and not flags & 0x1000:
                found.add(str(pool[name]))
            for _ in range(n_attributes):
                at += 6 + int(struct.unpack_from(">I", data, at + 2)[0])
    return {name for name in found if _NAME.fullmatch(name)}


_SIZE_OF_CONSTANT = {
    3: 4,
    4: 4,
    5: 8,
    6: 8,
    7: 2,
    8: 2,
    9: 4,
    10: 4,
    11: 4,
    12: 4,
    15: 3,
    16: 2,
    17: 4,
    18: 4,
    19: 2,
    20: 2,
}


def _constants(data: bytes) -> tuple[dict[int, int | str], int]:
    """Texts, and of classes the number of their text, by number; and where the pool ends."""
    (n,) = struct.unpack_from(">H", data, 8)
    pool: dict[int, int | str] = {}
    at, number = 10, 1
    while number < n:
        tag = data[at]
        if tag == 1:
            (length,) = struct.unpack_from(">H", data, at + 1)
            pool[number] = data[at + 3 : at + 3 + length].decode("utf-8", "replace")
            at += 3 + length
        else:
            if tag == 7:
                pool[number] = int(struct.unpack_from(">H", data, at + 1)[0])
            at += 1 + _SIZE_OF_CONSTANT[tag]
        number += 2 if tag in (5, 6) else 1
    return pool, at


def members(archive: Path | BytesIO) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The files of a zip or tar archive, each to be read before the next."""
    if isinstance(archive, Path) and zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as zipped:
            for name in sorted(zipped.namelist()):
                yield name, partial(zipped.read, name)
        return
    with tarfile.open(archive) if isinstance(archive, Path) else tarfile.open(fileobj=archive) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isfile() else None
            if file is not None:
                yield member.name, file.read
