"""Reads build files."""
import re

from .graph import Edge, Pool, Rule, Scope, Variable, expand
from .text import Fatal, NinjaError, canonical

VERSION = "1.14.0.git"
KEYWORDS = {"build", "rule", "pool", "default", "include", "subninja"}
RULE_VARIABLES = {"command", "depfile", "dyndep", "description", "deps", "generator", "pool", "restat",
                  "rspfile", "rspfile_content", "msvc_deps_prefix"}
COMMENTS = re.compile(r"(?: *#[^\n]*\n)*")
BLANKS = re.compile(r"(?: |\$\n)*")
TOKEN = re.compile(r"(?P<newline> *\n)|(?P<indent> +)|(?P<identifier>[\w.-]+)|(?P<p2>\|\|)|(?P<pa>\|@)"
                   r"|(?P<p1>\|)|(?P<colon>:)|(?P<equals>=)|(?P<eof>\Z)", re.A)
SHOWN = {"p1": "'|'", "p2": "'||'", "pa": "'|@'", "colon": "':'", "equals": "'='"}
NAME = re.compile(r"[\w.-]+", re.A)
TEXT = re.compile(r"[^$ :|\n]+")
ESCAPE = re.compile(r"\$(?:(?P<literal>[$ :])|\n *|\{(?P<braced>[\w.-]+)\}|(?P<plain>[\w-]+))", re.A)


class Lexer:
    def __init__(self, file, text):
        self.file, self.text = file, text.replace("\r\n", "\n")
        self.at = self.last = 0

    def fail(self, message):
        """Raise an error that points at the last token."""
        begin = self.text.rfind("\n", 0, self.last) + 1
        line, column = self.text.count("\n", 0, begin) + 1, self.last - begin
        report = f"{self.file}:{line}: {message}\n"
        if 0 < column < 72:
            shown = self.text[begin:].split("\n", 1)[0]
            shown = shown[:72] + "..." if len(shown) > 72 else shown
            report += f"{shown}\n{' ' * column}^ near here"
        raise NinjaError(report)

    def next(self):
        self.last = self.at = COMMENTS.match(self.text, self.at).end()
        match = TOKEN.match(self.text, self.at)
        if not match:
            self.fail("tabs are not allowed, use spaces" if self.text[self.at] == "\t" else "lexing error")
        kind = match.lastgroup
        self.at = match.end()
        if kind == "identifier" and match[0] in KEYWORDS:
            kind = match[0]
        if kind not in ("newline", "indent", "eof"):
            self.skip_blanks()
        return kind

    def skip_blanks(self):
        self.at = BLANKS.match(self.text, self.at).end()

    def accept(self, kind):
        before = self.at
        if self.next() == kind:
            return True
        self.at = before
        return False

    def expect(self, kind):
        got = self.next()
        if got != kind:
            hint = " ($ also escapes ':')" if kind == "colon" else ""
            self.fail(f"expected {SHOWN.get(kind, kind)}, got {SHOWN.get(got, got)}{hint}")

    def name(self, complaint):
        self.last = self.at
        match = NAME.match(self.text, self.at) or self.fail(complaint)
        self.at = match.end()
        self.skip_blanks()
        return match[0]

    def template(self, is_path):
        parts = []
        while True:
            if match := TEXT.match(self.text, self.at):
                parts.append(match[0])
                self.at = match.end()
            self.last = self.at
            char = self.text[self.at:self.at + 1] or self.fail("unexpected EOF")
            if char == "$":
                parts += self.escape()
            elif char == "\n" or is_path:
                break
            else:
                parts.append(char)
                self.at += 1
        if is_path:
            self.skip_blanks()
        else:
            self.at += 1
        return parts

    def escape(self):
        match = ESCAPE.match(self.text, self.at) or self.fail(
            "bad $-escape (literal $ must be written as $$)")
        self.at = match.end()
        if match["literal"]:
            return [match["literal"]]
        name = match["braced"] or match["plain"]
        return [Variable(name)] if name else []

    def paths(self):
        return list(iter(lambda: self.template(True), []))


class Parser:
    def __init__(self, state, scope, lexer):
        self.state, self.scope, self.lexer = state, scope, lexer

    def run(self):
        while (kind := self.lexer.next()) != "eof":
            if kind == "newline":
                continue
            method = getattr(self, "parse_" + kind, None)
            if not method:
                self.lexer.fail(f"unexpected {SHOWN.get(kind, kind)}")
            method()

    def bindings(self, allowed=None):
        while self.lexer.accept("indent"):
            name, template = self.binding()
            if allowed and name not in allowed:
                self.lexer.fail(f"unexpected variable '{name}'")
            yield name, template

    def binding(self):
        name = self.lexer.name("expected variable name")
        self.lexer.expect("equals")
        return name, self.lexer.template(False)

    def parse_identifier(self):
        self.lexer.at = self.lexer.last
        name, template = self.binding()
        value = self.scope.variables[name] = expand(template, self.scope.get)
        if name == "ninja_required_version":
            wanted = tuple(int(n) for n in re.findall(r"\d+", value)[:2])
            if wanted > (1, 14):
                raise Fatal(f"ninja version ({VERSION}) incompatible with build file "
                            f"ninja_required_version version ({value}).")

    def parse_rule(self):
        rule = Rule(self.lexer.name("expected rule name"))
        self.lexer.expect("newline")
        if rule.name in self.scope.rules:
            self.lexer.fail(f"duplicate rule '{rule.name}'")
        rule.bindings = dict(self.bindings(RULE_VARIABLES))
        if ("rspfile" in rule.bindings) != ("rspfile_content" in rule.bindings):
            self.lexer.fail("rspfile and rspfile_content need to be both specified")
        if "command" not in rule.bindings:
            self.lexer.fail("expected 'command =' line")
        self.scope.rules[rule.name] = rule

    def parse_pool(self):
        name = self.lexer.name("expected pool name")
        self.lexer.expect("newline")
        if name in self.state.pools:
            self.lexer.fail(f"duplicate pool '{name}'")
        depth = None
        for _, template in self.bindings({"depth"}):
            value = expand(template, self.scope.get)
            depth = int(value) if value.isdigit() else self.lexer.fail("invalid pool depth")
        if depth is None:
            self.lexer.fail("expected 'depth =' line")
        self.state.pools[name] = Pool(depth)

    def parse_default(self):
        templates = self.lexer.paths() or self.lexer.fail("expected target name")
        self.lexer.expect("newline")
        for template in templates:
            path = canonical(expand(template, self.scope.get))
            if path not in self.state.nodes:
                self.lexer.last = self.lexer.at - 1
                self.lexer.fail(f"unknown target '{path}'")
            self.state.defaults.append(self.state.nodes[path])

    def parse_include(self):
        load(self.state, self.scope, expand(self.lexer.template(True), self.scope.get), self.lexer)
        self.lexer.expect("newline")

    def parse_subninja(self):
        load(self.state, Scope(self.scope), expand(self.lexer.template(True), self.scope.get), self.lexer)
        self.lexer.expect("newline")

    def optional_paths(self, token):
        return self.lexer.paths() if self.lexer.accept(token) else []

    def parse_build(self):
        lexer = self.lexer
        outs, implicit_outs = lexer.paths(), self.optional_paths("p1")
        if not outs + implicit_outs:
            lexer.fail("expected path")
        lexer.expect("colon")
        rule_name = lexer.name("expected build command name")
        rule = self.scope.rule(rule_name) or lexer.fail(f"unknown build rule '{rule_name}'")
        ins = lexer.paths()
        implicit, order_only, validations = map(self.optional_paths, ("p1", "p2", "pa"))
        lexer.expect("newline")

        scope = Scope(self.scope)
        for name, template in self.bindings():
            scope.variables[name] = expand(template, scope.get)
        edge = Edge(rule, scope, len(self.state.edges))
        pool = edge.get("pool")
        edge.pool = self.state.pools.get(pool) or lexer.fail(f"unknown pool name '{pool}'")
        edge.outs, edge.implicit_outs = self.nodes(outs, scope), self.nodes(implicit_outs, scope)
        edge.ins, edge.implicit = self.nodes(ins, scope), self.nodes(implicit, scope)
        edge.order_only, edge.validations = self.nodes(order_only, scope), self.nodes(validations, scope)
        self.connect(edge)

    def nodes(self, templates, scope):
        return [self.state.node(canonical(expand(template, scope.get))) for template in templates]

    def connect(self, edge):
        for out in edge.all_outs:
            if out.edge:
                self.lexer.fail(f"multiple rules generate {out.path}")
            out.edge = edge
        for node in edge.all_ins:
            node.users.append(edge)
        for node in edge.validations:
            node.validates.append(edge)
        self.state.edges.append(edge)


def load(state, scope, file, parent=None):
    try:
        with open(file, encoding="utf-8", errors="surrogateescape", newline="") as source:
            text = source.read()
    except OSError as error:
        problem = f"loading '{file}': {error.strerror}"
        if parent:
            parent.fail(problem)
        raise NinjaError(problem) from None
    Parser(state, scope, Lexer(file, text)).run()
