"""Languages of the Java virtual machine."""

from __future__ import annotations

from simdetect.languages.notation import C_BLOCK, C_CONTROL, SEMICOLON, SLASHES, kinds, lexical, lines, words
from simdetect.languages.rewrites import RewriteRules, choice, compound, drop, operands, parentheses, steps
from simdetect.languages.spec import Ambiguity, LanguageSpec

__all__ = ["ROWS", "SHARED"]

_JAVA_LITERALS = "decimal_integer_literal character_literal null_literal true false"
_JAVA_REWRITES = RewriteRules(
    (
        ("for-loop", "(for_statement init: (_)? @init condition: (_)? @condition update: (_)? @update "
         "body: (_) @body) @it"),
        ("while-loop", "(while_statement condition: (_) @condition body: (_) @body) @it"),
        ("branches", "(if_statement condition: (_) @condition consequence: (_) @then alternative: (_)? @else) @it"),
        choice("ternary_expression"),
        operands("binary_expression"),
        *steps("update_expression", "(expression_statement %)", "(for_statement update: %)"),
        compound(sign='operator: "="'),
        *parentheses(
                     "identifier decimal_integer_literal string_literal method_invocation field_access array_access",
                     "(return_statement %)", "(assignment_expression right: %)", "(variable_declarator value: %)",
                     "(argument_list %)", "(switch_expression condition: %)", "(do_statement condition: %)",
                     "(ternary_expression condition: %)", "(array_access index: %)"),
        *drop("blocks", '(block (block . "{" @drop "}" @drop .))'),
        *drop("casts", '(cast_expression "(" @drop type: (_) @drop ")" @drop)'),
        *drop("types",
              "(local_variable_declaration type: (_) @drop)",
              "(local_variable_declaration (modifiers) @drop)",
              "(formal_parameter type: (_) @drop)",
              "(formal_parameter (modifiers) @drop)",
              "(enhanced_for_statement type: (_) @drop)"),
        *drop("declarations",
              "(block (local_variable_declaration declarator: (variable_declarator !value) @drop))",
              '(block (local_variable_declaration "," @drop))'),
        ("order", "(import_declaration) @sort"),
        ("order", "(block (local_variable_declaration declarator: (variable_declarator value: (_))) @sort)"),
    ),
    literals=frozenset(_JAVA_LITERALS.split()),
)  # fmt: skip

_TYPICAL_JAVA = lines(
    rb"import [\w.]+(?:\.\*)?;",
    rb"package [\w.]+;",
    rb"@Override\b",
    rb"(?:public|private|protected|static|final|abstract) .*[{;(,][ \t\r]*$",
    C_CONTROL,
)

_TYPICAL_KOTLIN = lines(
    rb"(?:(?:private|internal|override|open|suspend|public) )*fun (?:<.*> )?[\w.]+\(.*",
    rb"va[lr] \w+.*[=:].*",
    rb"(?:data |sealed )?class \w+.*",
    rb"import [\w.]+[ \t\r]*$",
)

ROWS = (
    LanguageSpec(
        "java",
        "Java",
        "java",
        (".java",),
        "tree_sitter_java",
        distribution="tree-sitter-java",
        imports=(
            "package_declaration",
            "import_declaration",
        ),
        import_words=("package", "import"),
        units={
            **kinds(
                method="method_declaration constructor_declaration compact_constructor_declaration",
                type="enum_declaration annotation_type_declaration",
            ),
            **kinds(**{"class": "class_declaration interface_declaration record_declaration"}),
        },
        lists={
            "(class_body) @list": "fields",
            "(record_declaration parameters: (formal_parameters) @list)": "fields",
            "(enum_body) @list": "members",
            "(variable_declarator value: (array_initializer) @list)": "rows",
            "(switch_expression body: (switch_block) @list)": "cases",
        },
        entries={
            "field_declaration": "declarator",
            "formal_parameter": "name",
            "enum_constant": "",
            "switch_block_statement_group": "",
            "switch_rule": "",
        },
        quotes=('"""', '"', "'"),
        name_start="$",
        keywords=words("this super void boolean"),
        values=words("null true false"),
        unit_depth=5,
        soft=words("exports module open opens provides record requires to transitive uses with permits sealed"),
        rewrites=_JAVA_REWRITES,
        typical=_TYPICAL_JAVA,
    ),
    LanguageSpec(
        "kotlin",
        "Kotlin",
        "kotlin",
        (".kt", ".kts"),
        "tree_sitter_kotlin",
        distribution="tree-sitter-kotlin",
        interpreters=("kotlin", "kotlinc"),
        optional=SEMICOLON,
        imports=(
            "package_header",
            "import",
        ),
        units={
            **kinds(function="function_declaration", type="type_alias"),
            **kinds(**{"class": "class_declaration object_declaration companion_object"}),
            '(secondary_constructor "constructor" @name) @unit': "method",
        },
        quotes=('"""', '"', "'"),
        unit_depth=5,
        values=words("null true false"),
        soft=words("delegate dynamic expression field file get param property receiver set setparam type value where"),
        reserved=words("break continue"),
        constants=words("true false null"),
        typical=_TYPICAL_KOTLIN,
    ),
    LanguageSpec(
        "scala",
        "Scala",
        "scala",
        (".scala", ".sc", ".sbt"),
        "tree_sitter_scala",
        distribution="tree-sitter-scala",
        interpreters=("scala", "scala-cli", "amm"),
        whole=words("comment block_comment string interpolated_string"),
        syntax=words("operator_identifier"),
        strings=words("interpolated_string"),
        optional=SEMICOLON,
        imports=(
            "(package_clause name: (_) @import)",
            "import_declaration",
        ),
        units={
            **kinds(function="function_definition", type="enum_definition type_definition"),
            "(given_definition name: (_) @name) @unit": "type",
            **kinds(**{"class": "class_definition object_definition trait_definition package_object"}),
        },
        quotes=('"""', '"'),
        char_quote="'",
        unit_depth=7,
        values=words("null true false"),
        signed=True,
        soft=words("as end extension infix opaque open transparent tracked update"),
        operators=words("== != <= >= && || :: ++ -> <- => ::: += -= ==>"),
    ),
    lexical(
        "groovy",
        "Groovy",
        "groovy gradle gvy jenkinsfile",
        line_comments=SLASHES,
        block_comments=C_BLOCK,
        interpreters=("groovy",),
        quotes=('"""', "'''", '"', "'"),
        filenames=("Jenkinsfile",),
    ),
    lexical("aspectj", "AspectJ", "aj", line_comments=SLASHES, block_comments=C_BLOCK, family="java"),
    lexical("apex", "Apex", "apex trigger", line_comments=SLASHES, block_comments=C_BLOCK, fold_case=True),
)

SHARED = {
    ".sc": Ambiguity(((rb"^[ \t]*(SynthDef|\(|Server\b|~\w+\s*=)", None),)),
    ".trigger": Ambiguity(((rb"^[ \t]*trigger\s+\w+", "apex"),), None),
}
