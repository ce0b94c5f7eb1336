"""Scripting languages."""

from __future__ import annotations

from simdetect.languages.notation import (
    C_CONTROL,
    DASHES,
    DOUBLE,
    HASH,
    SEMICOLON,
    kinds,
    lexical,
    lines,
    patterns,
    words,
)
from simdetect.languages.rows.functional import PROLOG
from simdetect.languages.spec import Ambiguity, LanguageSpec

__all__ = ["ROWS", "SHARED"]

_PERL = (
    rb"^[ \t]*(use\s+(strict|warnings|v?5|[A-Z]\w*(::\w+)*)\b|package\s+[\w:]+\s*[;{]|sub\s+\w+"
    rb"|(my\s+)?[$@%]\w+\s*[-+.|]?=)"
    rb"|^#!.*\bperl",
    "perl",
)

_TYPICAL_RUBY = lines(
    rb"require(?:_relative)? ['\"]",
    rb"def [\w.?!=]+",
    rb"(?:class|module) [A-Z]\w*",
    rb"end[ \t\r]*$",
    rb"(?:if|unless|elsif|while) .*[^:;{,.\n]$",
    rb".* do(?: \|.*\|)?[ \t\r]*$",
)

_TYPICAL_PHP = lines(
    rb"<\?php",
    rb"\$\w+(?:->\w+|\[.*\])* ?[.=]?= .*;",
    rb"(?:public|private|protected|static)? ?function \w+\(.*",
    C_CONTROL,
)

_TYPICAL_LUA = lines(
    rb"local (?:function )?\w+.*",
    rb"function [\w.:]+\(.*\)",
    rb"end[,)]*[ \t\r]*$",
    rb"(?:if|elseif) .* then[ \t\r]*$",
    rb"for .* do[ \t\r]*$",
)

_TYPICAL_PERL = lines(
    rb"use [\w:]+.*;", rb"my [$@%(].*;", rb"sub \w+ ?\{", rb"[$@%]\w+.* = .*;", rb"package [\w:]+;", C_CONTROL
)

ROWS = (
    LanguageSpec(
        "ruby",
        "Ruby",
        "ruby",
        (".rb", ".rake", ".gemspec", ".ru", ".rbw", ".podspec"),
        "tree_sitter_ruby",
        distribution="tree-sitter-ruby",
        filenames=("Rakefile", "Gemfile", "Vagrantfile", "Guardfile", "Podfile", "Fastfile", "Brewfile", "Capfile"),
        interpreters=("ruby", "jruby", "rake", "macruby", "rbx"),
        strings=words(':"'),
        comments=words("uninterpreted"),
        fenced=words("string_content"),
        fences=words("/"),
        optional=SEMICOLON,
        imports=(
            "((call !receiver method: (identifier) @f arguments: (argument_list . (string) .)) @import "
            '(#any-of? @f "require" "require_relative" "load"))',
        ),
        units=kinds(method="method singleton_method", module="module", **{"class": "class singleton_class"}),
        line_comments=HASH,
        block_comments=(("\n=begin", "\n=end"),),
        long_quotes=('"', "'"),
        name_start="@$",
        name_chars="?!",
        keywords=words("self super"),
        regex=True,
        unit_depth=7,
        values=words("nil true false"),
        soft=words("i r"),
        typical=_TYPICAL_RUBY,
        spec_folders=True,
    ),
    LanguageSpec(
        "php",
        "PHP",
        "php",
        (".php", ".phtml", ".php3", ".php4", ".php5", ".phps", ".phpt"),
        "tree_sitter_php",
        "language_php",
        "tree-sitter-php",
        interpreters=("php",),
        holds="scripts",
        syntax=words("php_tag php_end_tag cast_type"),
        imports=(
            "(namespace_definition name: (_) @import)",
            "namespace_use_declaration",
            "(expression_statement (require_expression [(encapsed_string) (string)])) @import",
            "(expression_statement (require_once_expression [(encapsed_string) (string)])) @import",
            "(expression_statement (include_expression [(encapsed_string) (string)])) @import",
            "(expression_statement (include_once_expression [(encapsed_string) (string)])) @import",
        ),
        units={
            **kinds(function="function_definition", method="method_declaration", type="enum_declaration"),
            **kinds(**{"class": "class_declaration interface_declaration trait_declaration"}),
        },
        line_comments=("//", "#"),
        long_quotes=('"', "'"),
        keywords=words("callable iterable int float string bool void"),
        values=words("null true false NULL TRUE FALSE"),
        typical=_TYPICAL_PHP,
        spec_folders=True,
    ),
    LanguageSpec(
        "lua",
        "Lua",
        "lua",
        (".lua", ".rockspec", ".p8", ".wlua"),
        "tree_sitter_lua",
        distribution="tree-sitter-lua",
        interpreters=("lua", "luajit", "lua5.1", "lua5.2", "lua5.3", "lua5.4", "texlua", "luvit"),
        whole=words("comment string"),
        syntax=words("vararg_expression break_statement"),
        optional=SEMICOLON,
        imports=(
            "((variable_declaration (assignment_statement (variable_list . (identifier) .) (expression_list . value: "
            "(function_call name: (identifier) @f arguments: (arguments . (string) .)) .))) @import "
            '(#eq? @f "require"))',
            '((function_call name: (identifier) @f arguments: (arguments . (string) .)) @import (#eq? @f "require"))',
        ),
        units={
            "function_declaration": "function",
            **patterns(
                "function",
                "(assignment_statement (variable_list . name: (_) @name)"
                " (expression_list . value: (function_definition))) @unit",
                "(field name: (identifier) @name value: (function_definition)) @unit",
            ),
        },
        line_comments=DASHES,
        block_comments=(("--[[", "]]"), ("--[=[", "]=]"), ("--[==[", "]==]")),
        raw_quotes=(("[[", "]]"), ("[=[", "]=]"), ("[==[", "]==]")),
        unit_depth=5,
        values=words("nil true false"),
        keywords=words("break"),
        typical=_TYPICAL_LUA,
        spec_folders=True,
    ),
    LanguageSpec(
        "perl",
        "Perl",
        "perl",
        (".pl", ".pm", ".t", ".plx", ".psgi", ".perl", ".al"),
        "tree_sitter_perl",
        distribution="tree-sitter-perl",
        filenames=("Makefile.PL", "Build.PL", "cpanfile", "ack"),
        interpreters=("perl", "cperl"),
        whole=words(
            "match_regexp quoted_regexp substitution_regexp transliteration_expression string_literal",
            "interpolated_string_literal quoted_word_list command_string heredoc_content",
        ),
        strings=words("transliteration_expression quoted_word_list command_string heredoc_token heredoc_content"),
        comments=words("data_section"),
        syntax=words("eof_marker"),
        numbers=words("version"),
        imports=(
            "(package_statement name: (_) @import)",
            '((use_statement module: (_) @m) @import (#not-any-of? @m "constant" "overload"))',
            "(expression_statement (require_expression (bareword))) @import",
        ),
        units=kinds(
            function="subroutine_declaration_statement",
            method="method_declaration_statement",
            module="package_statement",
            **{"class": "class_statement"},
        ),
        line_comments=HASH,
        block_comments=(("\n=head", "\n=cut"), ("\n=pod", "\n=cut")),
        long_quotes=('"', "'"),
        regex=True,
        soft=words("class close format listen log mkdir package printf write"),
        typical=_TYPICAL_PERL,
    ),
    lexical("crystal", "Crystal", "cr", line_comments=HASH, interpreters=("crystal",), spec_folders=True),
    lexical("raku", "Raku", "raku rakumod p6 pm6", line_comments=HASH, interpreters=("raku", "perl6")),
    lexical(
        "tcl",
        "Tcl",
        "tcl tm exp itcl",
        line_comments=HASH,
        quotes=DOUBLE,
        interpreters=("tclsh", "wish", "expect", "tclsh8.5", "tclsh8.6"),
    ),
    lexical("awk", "Awk", "awk gawk", line_comments=HASH, quotes=DOUBLE, interpreters=("awk", "gawk", "mawk", "nawk")),
    lexical("sed", "sed", "sed", line_comments=HASH, quotes=(), interpreters=("sed", "gsed")),
    lexical(
        "vim",
        "Vim script",
        "vim",
        line_comments=('"',),
        quotes=("'",),
        filenames=(".vimrc", ".gvimrc", "vimrc", "_vimrc"),
    ),
)

SHARED = {
    ".pl": Ambiguity((_PERL, PROLOG), "perl"),
    ".t": Ambiguity((_PERL,), None),
    ".cr": Ambiguity((), "crystal"),
    ".exp": Ambiguity(((rb"^[ \t]*(spawn|expect|send|set|proc|load_lib|if)\b|^#!.*expect", "tcl"),), None),
    ".tm": Ambiguity(((rb"^[ \t]*(package|namespace|proc|set)\b", "tcl"),), None),
}
