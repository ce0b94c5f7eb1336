"""One row for each language that has rewrites: how it writes what they need."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ROWS", "Row", "words"]


@dataclass(frozen=True, slots=True)
class Row:
    """How one language writes what the rewrites need.

    blocks: kinds of nodes whose named children are statements. functions: kinds of nodes with a body of statements.
    parens: conditions stand in parentheses. negate: what precedes a negated operand. init, update: fields of a loop.
    simple: kinds of statements that may change places. dead: dead statements; {n}, {m}: fresh names, {i}, {j}: numbers.
    imports: kinds of nodes that import; heads: kinds that a file has once at most (Go's package clause).
    joins: a line may be continued after ";" and "{", and "{" may stand on a line of its own.
    layout: indentation is syntax. loop: the word of a loop with a condition only. docstrings: strings by themselves are
    documentation. in_place: assignments that change an object, not only a variable. keep: names that others define.
    """

    blocks: frozenset[str]
    functions: frozenset[str]
    simple: frozenset[str]
    dead: tuple[str, ...]
    imports: frozenset[str]
    heads: frozenset[str] = frozenset()
    parens: bool = True
    negate: bytes = b"!("
    init: str = "initializer"
    update: str = "update"
    loop: bytes = b"while"
    in_place: frozenset[bytes] = frozenset()
    docstrings: bool = False
    joins: bool = True
    layout: bool = False
    keep: frozenset[str] = frozenset()


def words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


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
_C = Row(
    blocks=words("compound_statement case_statement"),
    functions=words("function_definition lambda_expression"),
    simple=words("declaration expression_statement"),
    dead=_C_DEAD,
    imports=words("preproc_include using_declaration"),
)
_CPP_DEAD = (*_C_DEAD, "auto {n} = {i} + {j}; (void){n};", 'std::string {n} = "{m}";', "bool {n} = {i} > {j};")
_JAVA = Row(
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
    init="init",
    keep=words(
        "toString equals hashCode compareTo compare run call close get set accept apply test iterator hasNext next",
        "length size add remove valueOf of main String Object Override",
    ),
)
_JS = Row(
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
    update="increment",
    joins=False,
    keep=words(
        "constructor prototype exports module require default length push get set then catch toString undefined"
    ),
)
_GO = Row(
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
    parens=False,
    loop=b"for",
    joins=False,
    keep=words("init error string Error String Read Write Close Len Less Swap iota nil len cap append make new copy"),
)
_RUST = Row(
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
    parens=False,
    keep=words(
        "new fmt from into default clone next iter deref drop eq cmp hash partial_cmp len push as_str Some None Ok Err",
        "Self",
        "to_string unwrap Result Option String Vec Box u8 u16 u32 u64 usize i8 i16 i32 i64 isize f32 f64 bool char str",
    ),
)
_PYTHON = Row(
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
    parens=False,
    negate=b"not (",
    in_place=frozenset((b"+=", b"|=")),
    docstrings=True,
    joins=False,
    layout=True,
    keep=words("self cls args kwargs setUp tearDown append get items keys values join format split write read close"),
)

ROWS: dict[str, Row] = {
    "c": _C,
    "cpp": Row(
        blocks=_C.blocks,
        functions=_C.functions,
        simple=_C.simple,
        dead=_CPP_DEAD,
        imports=_C.imports,
        keep=words("begin end size push_back std string vector iterator const_iterator value_type swap data c_str"),
    ),
    "java": _JAVA,
    "javascript": _JS,
    "typescript": _JS,
    "tsx": _JS,
    "go": _GO,
    "rust": _RUST,
    "python": _PYTHON,
}
