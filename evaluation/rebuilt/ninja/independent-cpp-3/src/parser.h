// Reads build files into a graph.
#pragma once
#include <set>
#include "lexer.h"

class Parser {
 public:
  static void readInto(Graph& graph, Scope* scope, const string& path) {
    string text;
    if (!readFile(path, text)) throw Failure{"loading '" + path + "': " + strerror(errno)};
    Parser(graph, scope, path, text).run();
  }

 private:
  Graph& graph;
  Scope* scope;
  Lexer lexer;

  Parser(Graph& graph, Scope* scope, const string& path, const string& text)
      : graph(graph), scope(scope), lexer(path, text) {}

  void run() {
    for (string kind = lexer.next(); kind != "eof"; kind = lexer.next()) {
      if (kind == "newline") continue;
      if (kind == "'\t'") lexer.fail("tabs are not allowed, use spaces");
      if (kind != "identifier") lexer.fail("unexpected " + kind);
      statement(lexer.word);
    }
  }

  void statement(const string word) {
    if (word == "rule") ruleStatement();
    else if (word == "build") buildStatement();
    else if (word == "pool") poolStatement();
    else if (word == "default") defaultStatement();
    else if (word == "include") includeStatement(scope);
    else if (word == "subninja") includeStatement(graph.newScope(scope));
    else variableStatement(word);
  }

  void variableStatement(const string& name) {
    lexer.expect("'='");
    scope->variables[name] = lexer.value().expand(*scope);
    float wanted = 0;
    sscanf(scope->variables[name].c_str(), "%f", &wanted);
    if (name == "ninja_required_version" && wanted >= 2)
      throw FatalFailure{"ninja version (1.14.0.git) incompatible with build file ninja_required_version version (" +
                         scope->variables[name] + ")."};
  }

  // Reads an indented "name = value" line, if one follows.
  bool indentedVariable(string& name, Template& value) {
    if (!lexer.accept("indent")) return false;
    name = lexer.identifier("expected a variable name");
    lexer.expect("'='");
    value = lexer.value();
    return true;
  }

  void ruleStatement() {
    static const std::set<string> allowed = {"command", "depfile", "deps", "description", "generator",
                                             "pool", "restat", "rspfile", "rspfile_content"};
    Rule rule{lexer.identifier("expected rule name"), {}};
    lexer.expect("newline");
    if (scope->rules.count(rule.name)) lexer.fail("duplicate rule '" + rule.name + "'");
    string key;
    Template value;
    while (indentedVariable(key, value)) {
      if (!allowed.count(key)) lexer.fail("unexpected variable '" + key + "'");
      rule.variables[key] = value;
    }
    if (rule.variables.count("rspfile") != rule.variables.count("rspfile_content"))
      lexer.fail("rspfile and rspfile_content need to be both specified");
    if (!rule.variables.count("command")) lexer.fail("expected 'command =' line");
    scope->rules[rule.name] = &graph.rules.emplace_back(rule);
  }

  void poolStatement() {
    string key, name = lexer.identifier("a pool needs a name");
    lexer.expect("newline");
    if (graph.pools.count(name)) lexer.fail("duplicate pool '" + name + "'");
    Template value;
    if (!indentedVariable(key, value)) lexer.fail("expected 'depth =' line");
    if (key != "depth") lexer.fail("unexpected variable '" + key + "'");
    int depth = atoi(value.expand(*scope).c_str());
    if (depth < 0) lexer.fail("invalid pool depth");
    graph.pools[name] = Pool{depth};
  }

  vector<Template> readPaths() {
    vector<Template> result;
    for (Template path = lexer.path(); !path.pieces.empty(); path = lexer.path()) result.push_back(path);
    return result;
  }

  // Reads further paths behind the given sign, if it follows.
  void readMore(const char* sign, vector<Template>& paths) {
    if (!lexer.accept(sign)) return;
    for (const Template& path : readPaths()) paths.push_back(path);
  }

  string evaluatePath(const Template& path, Scope* where) {
    string text = path.expand(*where);
    if (text.empty()) lexer.fail("empty path");
    return canonicalPath(text);
  }

  void defaultStatement() {
    vector<Template> paths = readPaths();
    if (paths.empty()) lexer.fail("expected target name");
    for (const Template& path : paths) {
      string name = evaluatePath(path, scope);
      if (!graph.nodes.count(name)) lexer.fail("unknown target '" + name + "'");
      graph.defaults.push_back(graph.node(name));
    }
    lexer.expect("newline");
  }

  void includeStatement(Scope* target) {
    string path = lexer.path().expand(*scope);
    if (!std::ifstream(path)) lexer.fail("loading '" + path + "': " + strerror(errno));
    readInto(graph, target, path);
    lexer.expect("newline");
  }

  void buildStatement() {
    Edge edge;
    vector<Template> outs = readPaths();
    edge.explicitOuts = outs.size();
    readMore("'|'", outs);
    if (outs.empty()) lexer.fail("expected path");
    lexer.expect("':'");
    string name = lexer.identifier("expected build command name");
    edge.rule = scope->findRule(name);
    if (!edge.rule) lexer.fail("unknown build rule '" + name + "'");
    vector<Template> ins = readPaths();
    edge.explicitIns = ins.size();
    readMore("'|'", ins);
    edge.orderOnlyStart = ins.size();
    readMore("'||'", ins);
    lexer.expect("newline");
    edge.id = graph.edges.size();
    edge.scope = graph.newScope(scope);
    Template value;
    while (indentedVariable(name, value)) edge.scope->variables[name] = value.expand(*edge.scope);
    connect(&graph.edges.emplace_back(edge), outs, ins);
  }

  void connect(Edge* edge, const vector<Template>& outs, const vector<Template>& ins) {
    auto nodeFor = [&](const Template& path) { return graph.node(evaluatePath(path, edge->scope)); };
    for (const Template& path : outs) addOutput(edge, nodeFor(path));
    for (const Template& path : ins) edge->ins.push_back(nodeFor(path));
    for (Node* in : edge->ins) in->users.push_back(edge);
    string poolName = edge->value("pool");
    if (!graph.pools.count(poolName)) lexer.fail("unknown pool name '" + poolName + "'");
    edge->pool = &graph.pools[poolName];
  }

  void addOutput(Edge* edge, Node* node) {
    if (node->producer == edge) lexer.fail(node->path + " is defined as an output multiple times");
    if (node->producer) lexer.fail("multiple rules generate " + node->path);
    node->producer = edge;
    edge->outs.push_back(node);
  }
};
