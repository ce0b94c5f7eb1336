"""Languages of queries, data, interfaces and grammars."""

from __future__ import annotations

from simdetect.languages.notation import (
    C_BLOCK,
    DASHES,
    DOUBLE,
    HASH,
    MARKUP_BLOCK,
    SLASHES,
    lexical,
    lines,
    patterns,
    words,
)
from simdetect.languages.spec import Ambiguity, LanguageSpec

__all__ = ["ROWS", "SHARED"]

_TYPICAL_SQL = lines(
    rb"(?i:create (?:or replace )?(?:table|index|view|function|trigger|unique)\b|select .*|insert into \w+"
    rb"|alter table\b|from \w+|where \w+|drop table\b)"
)

ROWS = (
    LanguageSpec(
        "sql",
        "SQL",
        "sql",
        (".sql", ".psql", ".pgsql", ".ddl", ".dml", ".plsql", ".mysql"),
        "tree_sitter_sql",
        distribution="tree-sitter-sql",
        interpreters=("psql", "sqlite3", "sqlite", "mysql", "mariadb", "duckdb"),
        literals=words("literal"),
        syntax=words("op_other op_unary_other dollar_quote double bang"),
        numbers=words("keyword_true keyword_false keyword_null"),
        comments=words("marginalia"),
        whole=words("ERROR"),
        fold_case=True,
        units={
            **patterns(
                "function",
                "(create_function (object_reference) @name) @unit",
                "(create_procedure (object_reference) @name) @unit",
                "(create_trigger . (keyword_create) (object_reference) @name) @unit",
            ),
            **patterns(
                "type",
                "(create_table (object_reference) @name) @unit",
                "(create_view (object_reference) @name) @unit",
                "(create_materialized_view (object_reference) @name) @unit",
                "(create_type (object_reference) @name) @unit",
                "(create_index column: (identifier) @name) @unit",
            ),
        },
        line_comments=DASHES,
        long_quotes=('"', "'"),
        escape="",
        unit_depth=2,
        values=words("null true false"),
        typical=_TYPICAL_SQL,
    ),
    lexical("graphql", "GraphQL", "graphql gql graphqls", line_comments=HASH, quotes=('"""', '"')),
    lexical("protobuf", "Protocol Buffers", "proto", line_comments=SLASHES, block_comments=C_BLOCK),
    lexical("thrift", "Thrift", "thrift", line_comments=("//", "#"), block_comments=C_BLOCK),
    lexical("idl", "IDL", "idl webidl fbs capnp", line_comments=SLASHES, block_comments=C_BLOCK),
    lexical("prisma", "Prisma", "prisma", line_comments=SLASHES, quotes=DOUBLE),
    lexical("solidity", "Solidity", "sol", line_comments=SLASHES, block_comments=C_BLOCK),
    lexical("xquery", "XQuery", "xq xql xqm xqy xquery", block_comments=(("(:", ":)"),)),
    lexical("xslt", "XSLT", "xsl xslt", block_comments=MARKUP_BLOCK),
    lexical("yacc", "Yacc", "y yy ypp y++", line_comments=SLASHES, block_comments=C_BLOCK, family="c"),
    lexical("lex", "Lex", "l ll lpp l++ lex flex", line_comments=SLASHES, block_comments=C_BLOCK, family="c"),
    lexical("ragel", "Ragel", "rl", line_comments=SLASHES, block_comments=C_BLOCK, family="c"),
    lexical("dynasm", "DynASM", "dasc dasm", line_comments=SLASHES, block_comments=C_BLOCK, family="c"),
    lexical("antlr", "ANTLR", "g g4 g3", line_comments=SLASHES, block_comments=C_BLOCK),
)

SHARED = {
    ".resx": Ambiguity((), None),
    ".l": Ambiguity(((rb"^%[%{]|^%option", "lex"), (rb"^[ \t]*\(", "common-lisp")), "lex"),
    ".ll": Ambiguity(((rb"^%[%{]|^%option", "lex"),), "llvm"),
    ".y": Ambiguity((), "yacc"),
    ".g": Ambiguity(((rb"^[ \t]*(parser |lexer |tree )?grammar\s+\w+|^\w+\s*:", "antlr"),), None),
}
