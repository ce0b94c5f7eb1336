"""Languages of command lines."""

from __future__ import annotations

from simdetect.languages.notation import DOUBLE, HASH, NO_BLOCKS, SEMICOLON, kinds, lexical, lines, words
from simdetect.languages.spec import LanguageSpec

__all__ = ["ROWS"]

_SHELL_BUILTINS = words(
    "cd echo exit return shift source set eval exec trap read printf pwd test true false command builtin type wait",
    "kill break continue getopts hash umask alias unalias let shopt . : [ ]",
)

_TYPICAL_BASH = lines(
    rb"#!.*sh\b",
    rb"(?:if|elif|while) .*(?:; ?(?:then|do)|\]\]?|then)[ \t\r]*$",
    rb"fi[ \t\r]*$",
    rb"done\b",
    rb"esac[ \t\r]*$",
    rb"\w+\(\) ?\{",
    rb"(?:local|export|declare|readonly) \w+=",
    rb"[A-Za-z_]\w*=\"?\$.*",
    rb"echo .*\$",
)

ROWS = (
    LanguageSpec(
        "bash",
        "Bash",
        "bash",
        (".sh", ".bash", ".bats", ".ksh", ".zsh", ".ebuild", ".eclass", ".command"),
        "tree_sitter_bash",
        distribution="tree-sitter-bash",
        filenames=(
            ".bashrc",
            ".bash_profile",
            ".bash_aliases",
            ".bash_logout",
            ".profile",
            ".zshrc",
            ".zprofile",
            ".zshenv",
            ".kshrc",
            "PKGBUILD",
            "APKBUILD",
        ),
        interpreters=("bash", "sh", "dash", "ksh", "zsh", "ash", "mksh", "bats"),
        syntax=words("special_variable_name ` file_descriptor"),
        strings=words("extglob_pattern heredoc_start heredoc_body heredoc_content heredoc_end regex"),
        optional=SEMICOLON,
        reserved=_SHELL_BUILTINS,
        imports=('((command name: (command_name) @f . argument: (_) .) @import (#any-of? @f "." "source"))',),
        units=kinds(function="function_definition"),
        line_comments=HASH,
        block_comments=NO_BLOCKS,
        long_quotes=('"', "'"),
        prefixes="$",
        name_chars="-./",
        unit_depth=2,
        typical=_TYPICAL_BASH,
        tags=("shell", "sh", "zsh"),
        kernels=("bash", "sh"),
        holds="heredocs",
    ),
    LanguageSpec(
        "powershell",
        "PowerShell",
        "powershell",
        (".ps1", ".psm1", ".psd1"),
        "tree_sitter_powershell",
        distribution="tree-sitter-powershell",
        interpreters=("pwsh", "powershell"),
        whole=words("expandable_string_literal expandable_here_string_literal"),
        opaque=words("switch_clause_condition"),
        optional=SEMICOLON,
        constants=words("$true $false $null"),
        fold_case=True,
        imports=('((command command_name: (command_name) @f) @import (#any-of? @f "using" "Import-Module"))',),
        units={
            "(function_statement (function_name) @name) @unit": "function",
            "(class_method_definition (simple_name) @name) @unit": "method",
            "(class_statement . (simple_name) @name) @unit": "class",
            "(enum_statement . (simple_name) @name) @unit": "type",
        },
        line_comments=HASH,
        block_comments=(("<#", "#>"),),
        long_quotes=('"', "'"),
        raw_quotes=(('@"', '"@'), ("@'", "'@")),
        escape="`",
        name_start="$",
        name_chars="-",
        unit_depth=3,
    ),
    lexical("fish", "fish", "fish", line_comments=HASH, interpreters=("fish",), holds="heredocs"),
    lexical("csh", "C shell", "csh tcsh", line_comments=HASH, interpreters=("csh", "tcsh"), holds="heredocs"),
    lexical("nushell", "Nushell", "nu", line_comments=HASH, interpreters=("nu",), holds="heredocs"),
    lexical("batch", "Batch", "bat cmd", line_comments=("::", "REM", "rem"), quotes=DOUBLE, fold_case=True),
)
