#include "parser.h"
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <set>

const char* const kVersion = "1.14.0.git";

namespace {

class Parser {
 public:
  Parser(State& state, Scope& scope, Lexer& lexer) : state(state), scope(scope), lexer(lexer) {}

  std::string expand(const Template& text, const Scope& where) {
    return text.expand([&](const std::string& name) { return where.get(name); });
  }
  State& state;
  Scope& scope;
  Lexer& lexer;

  void run() {
    for (;;) {
      Token token = lexer.next();
      switch (token) {
        case Token::Build: parseBuild(); break;
        case Token::Rule: parseRule(); break;
        case Token::Pool: parsePool(); break;
        case Token::Default: parseDefault(); break;
        case Token::Include: parseInclude(false); break;
        case Token::Subninja: parseInclude(true); break;
        case Token::Name: parseVariable(); break;
        case Token::Newline: break;
        case Token::Eof: return;
        case Token::Error: lexer.failAtToken();
        default: lexer.fail(std::string("unexpected ") + tokenName(token));
      }
    }
  }

  std::pair<std::string, Template> binding() {
    std::string name = lexer.name("expected variable name");
    lexer.expect(Token::Equals);
    return {name, lexer.value()};
  }

  void parseRule() {
    static const std::set<std::string> allowed = {
        "command", "depfile", "dyndep", "description", "deps", "generator", "pool", "restat",
        "rspfile", "rspfile_content", "msvc_deps_prefix"};
    Rule rule{lexer.name("expected rule name"), {}};
    lexer.expect(Token::Newline);
    if (scope.rules.count(rule.name)) lexer.fail("duplicate rule '" + rule.name + "'");
    while (lexer.accept(Token::Indent)) {
      auto [name, text] = binding();
      if (!allowed.count(name)) lexer.fail("unexpected variable '" + name + "'");
      rule.bindings[name] = text;
    }
    if (rule.bindings.count("rspfile") != rule.bindings.count("rspfile_content"))
      lexer.fail("rspfile and rspfile_content need to be both specified");
    if (!rule.bindings.count("command")) lexer.fail("expected 'command =' line");
    state.rules.push_back(rule);
    scope.rules[rule.name] = &state.rules.back();
  }

  void parsePool() {
    std::string poolName = lexer.name("expected pool name");
    lexer.expect(Token::Newline);
    if (state.pools.count(poolName)) lexer.fail("duplicate pool '" + poolName + "'");
    int depth = -1;
    while (lexer.accept(Token::Indent)) {
      auto [name, text] = binding();
      if (name != "depth") lexer.fail("unexpected variable '" + name + "'");
      depth = atoi(expand(text, scope).c_str());
      if (depth < 0) lexer.fail("invalid pool depth");
    }
    if (depth < 0) lexer.fail("expected 'depth =' line");
    state.pools[poolName] = {poolName, depth, 0};
  }

  void parseVariable() {
    lexer.putBack();
    auto [name, text] = binding();
    scope.variables[name] = expand(text, scope);
  }

  std::vector<Template> paths() {
    std::vector<Template> result;
    for (;;) {
      Template path = lexer.path();
      if (path.parts.empty()) return result;
      result.push_back(path);
    }
  }

  void parseDefault() {
    auto list = paths();
    if (list.empty()) lexer.fail("expected target name");
    std::vector<std::string> names;
    for (auto& path : list) names.push_back(canonical(expand(path, scope)));
    for (auto& name : names) {
      Node* node = state.find(name);
      if (!node) lexer.fail("unknown target '" + name + "'");
      state.defaults.push_back(node);
    }
    lexer.expect(Token::Newline);
  }

  void parseInclude(bool newScope) {
    std::string file = expand(lexer.path(), scope);
    if (newScope) {
      state.scopes.push_back({&scope, {}, {}});
      parseFile(state, state.scopes.back(), file, &lexer);
    } else {
      parseFile(state, scope, file, &lexer);
    }
    lexer.expect(Token::Newline);
  }

  void link(Edge& edge, const std::vector<Template>& templates, bool inputs) {
    for (auto& text : templates) {
      std::string path = expand(text, edge.scope);
      if (path.empty()) lexer.fail("empty path");
      Node* node = state.node(canonical(path));
      if (inputs) {
        edge.ins.push_back(node);
        node->outEdges.push_back(&edge);
        continue;
      }
      if (node->inEdge) lexer.fail("multiple rules generate " + node->path);
      node->inEdge = &edge;
      edge.outs.push_back(node);
    }
  }

  void parseBuild() {
    std::vector<Template> implicitOuts, implicitIns, orderOnly;
    auto outs = paths();
    if (lexer.accept(Token::Pipe)) implicitOuts = paths();
    if (outs.empty() && implicitOuts.empty()) lexer.fail("expected path");
    lexer.expect(Token::Colon);
    std::string ruleName = lexer.name("expected build command name");
    Rule* rule = scope.findRule(ruleName);
    if (!rule) lexer.fail("unknown build rule '" + ruleName + "'");
    auto ins = paths();
    if (lexer.accept(Token::Pipe)) implicitIns = paths();
    if (lexer.accept(Token::Pipe2)) orderOnly = paths();
    lexer.expect(Token::Newline);

    state.edges.emplace_back();
    Edge& edge = state.edges.back();
    edge.rule = rule;
    edge.scope.parent = &scope;
    while (lexer.accept(Token::Indent)) {
      auto [name, text] = binding();
      edge.scope.variables[name] = expand(text, edge.scope);
    }
    auto pool = state.pools.find(edge.get("pool"));
    if (pool == state.pools.end()) lexer.fail("unknown pool name '" + edge.get("pool") + "'");
    edge.pool = &pool->second;
    link(edge, outs, false);
    edge.explicitOuts = edge.outs.size();
    link(edge, implicitOuts, false);
    link(edge, ins, true);
    edge.explicitIns = edge.ins.size();
    link(edge, implicitIns, true);
    link(edge, orderOnly, true);
    edge.orderOnly = orderOnly.size();
  }

};

}  // namespace

void parseFile(State& state, Scope& scope, const std::string& file, Lexer* parent) {
  std::string text;
  if (!readFile(file, text)) {
    std::string problem = "loading '" + file + "': " + strerror(errno);
    if (parent) parent->fail(problem);
    throw Error{problem};
  }
  Lexer lexer(file, text);
  Parser(state, scope, lexer).run();
}
