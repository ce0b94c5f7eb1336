"""The language table: one row each. docs/adding-a-language.md says how to add one."""

from __future__ import annotations

from simdetect.languages.spec import LanguageSpec

__all__ = ["LANGUAGES", "spec_of"]

_HASH: tuple[str, ...] = ("#",)
_NO_BLOCKS: tuple[tuple[str, str], ...] = ()

_ROWS = (
    LanguageSpec(
        "c",
        "C",
        "c",
        (".c", ".h"),
        "tree_sitter_c",
        distribution="tree-sitter-c",
        units={
            "function_definition": "function",
            "struct_specifier": "type",
            "enum_specifier": "type",
            "union_specifier": "type",
            "preproc_function_def": "macro",
        },
    ),
    LanguageSpec(
        "cpp",
        "C++",
        "c",
        (".cc", ".cpp", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".h++", ".ipp", ".inl", ".tcc", ".cu", ".cuh", ".ino"),
        "tree_sitter_cpp",
        distribution="tree-sitter-cpp",
        units={
            "function_definition": "function",
            "class_specifier": "class",
            "struct_specifier": "type",
            "enum_specifier": "type",
            "union_specifier": "type",
            "preproc_function_def": "macro",
        },
    ),
    LanguageSpec(
        "rust",
        "Rust",
        "rust",
        (".rs",),
        "tree_sitter_rust",
        distribution="tree-sitter-rust",
        units={
            "function_item": "function",
            "struct_item": "type",
            "enum_item": "type",
            "trait_item": "class",
            "impl_item": "class",
            "macro_definition": "macro",
        },
    ),
    LanguageSpec(
        "go",
        "Go",
        "go",
        (".go",),
        "tree_sitter_go",
        distribution="tree-sitter-go",
        optional=frozenset({";"}),
        units={"function_declaration": "function", "method_declaration": "method", "type_spec": "type"},
        quotes=('"', "'", "`"),
    ),
    LanguageSpec(
        "python",
        "Python",
        "python",
        (".py", ".pyi", ".pyw"),
        "tree_sitter_python",
        distribution="tree-sitter-python",
        filenames=("SConstruct", "SConscript", "wscript"),
        interpreters=("python", "python2", "python3", "pypy", "pypy3"),
        units={"function_definition": "function", "class_definition": "class"},
        optional=frozenset({";"}),
        quotes=('"""', "'''", '"', "'"),
        line_comments=_HASH,
        block_comments=_NO_BLOCKS,
    ),
    LanguageSpec(
        "javascript",
        "JavaScript",
        "javascript",
        (".js", ".mjs", ".cjs", ".jsx"),
        "tree_sitter_javascript",
        distribution="tree-sitter-javascript",
        unit_depth=5,
        interpreters=("node", "nodejs", "deno", "bun"),
        units={
            "function_declaration": "function",
            "generator_function_declaration": "function",
            "method_definition": "method",
            "class_declaration": "class",
        },
        optional=frozenset({";"}),
        quotes=('"', "'", "`"),
    ),
    LanguageSpec(
        "java",
        "Java",
        "java",
        (".java",),
        "tree_sitter_java",
        distribution="tree-sitter-java",
        units={
            "method_declaration": "method",
            "constructor_declaration": "method",
            "class_declaration": "class",
            "interface_declaration": "class",
            "enum_declaration": "type",
            "record_declaration": "class",
        },
    ),
)

LANGUAGES: dict[str, LanguageSpec] = {row.name: row for row in _ROWS}


def spec_of(name: str) -> LanguageSpec:
    """The row of a language. Raises KeyError for a name that is not in the table."""
    return LANGUAGES[name]
