"""One row for each language whose statements may be moved, merged or joined by dead ones: where they stand."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simdetect.planting.disguise.rows import words

__all__ = ["PLACES", "Places"]


@dataclass(frozen=True, slots=True)
class Places:
    """Where one language has statements.

    blocks: kinds of nodes whose named children are statements. functions: kinds of nodes with a body of statements.
    simple: kinds of statements that may change places. dead: dead statements; {n}, {m}: fresh names, {i}, {j}: numbers.
    imports: kinds of nodes that import; heads: kinds that a file has once at most (Go's package clause).
    """

    blocks: frozenset[str]
    functions: frozenset[str]
    simple: frozenset[str]
    dead: tuple[str, ...]
    imports: frozenset[str]
    heads: frozenset[str] = frozenset()


_C_DEAD = (
    "int {n} = {i};",
    "unsigned long {n} = sizeof(int) * {i};",
    "if (0) {{ int {n} = {i}; (void){n}; }}",
    "(void)({i} * {j} + 1);",
    "do {{ (void){i}; }} while (0);",
    "for (int {n} = 0; {n} < 0; {n}++) {{ }}",
    "double {n} = {i}.5 * {j}; (void){n};",
    'const char *{n} = "{m}"; (void){n};',
    "{m}({i});",
    "while (0) {{ {m}({i}, {j}); }}",
    "int {n}[{i}]; (void){n};",
    "switch ({i}) {{ case {j}: break; default: break; }}",
)
_C = Places(
    blocks=words("compound_statement case_statement"),
    functions=words("function_definition lambda_expression"),
    simple=words("declaration expression_statement"),
    dead=_C_DEAD,
    imports=words("preproc_include using_declaration"),
)
_CPP_DEAD = (*_C_DEAD, "auto {n} = {i} + {j}; (void){n};", 'std::string {n} = "{m}";', "bool {n} = {i} > {j};")
_JAVA = Places(
    blocks=words("block switch_block_statement_group constructor_body"),
    functions=words("method_declaration constructor_declaration lambda_expression static_initializer"),
    simple=words("local_variable_declaration expression_statement"),
    dead=(
        "int {n} = {i};",
        "long {n} = {i}L * {j};",
        "if (false) {{ int {n} = {i}; }}",
        "boolean {n} = {i} > {j};",
        'String {n} = "{m}";',
        "for (int {n} = 0; {n} < 0; {n}++) {{ }}",
        "{m}({i});",
        "double {n} = Math.max({i}, {j});",
        "int[] {n} = new int[{i}];",
        "Object {n} = null;",
        "do {{ }} while (false);",
        "Integer.valueOf({i} + {j});",
    ),
    imports=words("import_declaration"),
    heads=words("package_declaration"),
)
_JS = Places(
    blocks=words("statement_block program switch_case switch_default"),
    functions=words(
        "function_declaration function_expression generator_function_declaration arrow_function method_definition"
    ),
    simple=words("lexical_declaration variable_declaration expression_statement"),
    dead=(
        "const {n} = {i};",
        "let {n} = {i} * {j};",
        "if (false) {{ {m}({i}); }}",
        "void {i};",
        "for (let {n} = 0; {n} < 0; {n}++) {{ }}",
        "var {n} = '{m}';",
        "const {n} = [{i}, {j}];",
        "const {n} = {{ {m}: {i} }};",
        "{m}({i}, {j});",
        "do {{ }} while (false);",
        "let {n} = {i} > {j} ? {i} : {j};",
        "const {n} = () => {i};",
    ),
    imports=words("import_statement"),
)
_GO = Places(
    blocks=words("statement_list"),
    functions=words("function_declaration method_declaration func_literal"),
    simple=words("short_var_declaration assignment_statement expression_statement inc_statement dec_statement"),
    dead=(
        "_ = {i}",
        "_ = {i} * {j}",
        "if false {{ {m}({i}) }}",
        "var {n} int = {i}; _ = {n}",
        "{n} := {i} + {j}; _ = {n}",
        "for {n} := 0; {n} < 0; {n}++ {{ }}",
        "{m}({i})",
        '_ = "{m}"',
        "_ = []int{{{i}, {j}}}",
        "switch {{ case {i} > {j}: }}",
        '_ = len("{m}")',
        "const {n} = {i}",
    ),
    imports=words("import_declaration"),
    heads=words("package_clause"),
)
_RUST = Places(
    blocks=words("block"),
    functions=words("function_item closure_expression"),
    simple=words("let_declaration expression_statement"),
    dead=(
        "let _{n} = {i};",
        "let _{n}: u64 = {i} * {j};",
        "if false {{ {m}({i}); }}",
        "let _ = {i} + {j};",
        "for _{n} in 0..0 {{ }}",
        'let _{n} = "{m}";',
        "let _{n} = vec![{i}, {j}];",
        "{m}({i});",
        "let _{n} = String::new();",
        "while false {{ }}",
        "let _{n} = ({i}, {j});",
        "let _{n} = if {i} > {j} {{ {i} }} else {{ {j} }};",
    ),
    imports=words("use_declaration extern_crate_declaration"),
)
_PYTHON = Places(
    blocks=words("block module"),
    functions=words("function_definition"),
    simple=words("expression_statement"),
    dead=(
        "{n} = {i}",
        "{n} = {i} * {j} + 1",
        "{n} = '{m}'",
        "{n} = [{i}, {j}]",
        "{n} = None",
        "{m}({i})",
        "assert {i} != -{j}",
        "{n} = {{'{m}': {i}}}",
        "{n} = len('{m}') + {i}",
        "{n} = {i} if {i} > {j} else {j}",
        "{n} = lambda: {i}",
        "del_{n} = ({i}, {j})",
    ),
    imports=words("import_statement import_from_statement future_import_statement"),
)

PLACES: dict[str, Places] = {
    "c": _C,
    "cpp": replace(_C, dead=_CPP_DEAD),
    "java": _JAVA,
    "javascript": _JS,
    "typescript": _JS,
    "tsx": _JS,
    "go": _GO,
    "rust": _RUST,
    "python": _PYTHON,
}
