// The build graph: files, build statements, rules, pools and variable scopes.
#pragma once
#include <deque>
#include <map>
#include <set>
#include "text.h"

struct Edge;

struct VariableSource {
  virtual string lookup(const string& name) = 0;
};

// Text with variable references that are not expanded yet.
struct Template {
  struct Piece { string text; bool isVariable; };
  vector<Piece> pieces;
  string expand(VariableSource& source) const {
    string result;
    for (const Piece& piece : pieces) result += piece.isVariable ? source.lookup(piece.text) : piece.text;
    return result;
  }
};

struct Rule {
  string name;
  std::map<string, Template> variables;
};

struct Scope : VariableSource {
  Scope* parent = nullptr;
  std::map<string, string> variables;
  std::map<string, Rule*> rules;
  string lookup(const string& name) override {
    if (variables.count(name)) return variables[name];
    return parent ? parent->lookup(name) : "";
  }

  Rule* findRule(const string& name) {
    if (rules.count(name)) return rules[name];
    return parent ? parent->findRule(name) : nullptr;
  }
};

struct Pool { int depth = 0, running = 0; };  // depth 0: unlimited

struct Node {
  string path;
  int64_t mtime = -1;  // -1: not looked at, 0: missing
  bool dirty = false, onlyFromDeps = false;
  Edge* producer = nullptr;
  vector<Edge*> users;
};

struct Edge {
  enum Mark { New, InProgress, Done };
  int id;
  Rule* rule;
  Scope* scope;
  Pool* pool = nullptr;
  vector<Node*> outs, ins;
  size_t explicitOuts, explicitIns, orderOnlyStart;  // ins from orderOnlyStart on are order-only
  Mark mark = New;
  bool settled = false, depsUnknown = false;
  int chainLength = 0;  // length of the longest chain that waits for this edge
  bool isPhony() const { return rule->name == "phony"; }
  string value(const string& name, bool quoted = true);
  bool has(const string& name) { return !value(name).empty(); }
  string command() { return value("command"); }
  string commandHash() { return to_string(std::hash<string>()(command() + value("rspfile_content"))); }
};

struct Graph {
  std::map<string, Node> nodes;
  std::deque<Edge> edges;
  std::map<string, Pool> pools = {{"", {0}}, {"console", {1}}};
  vector<Node*> defaults;
  std::deque<Rule> rules = {{"phony", {}}};
  std::deque<Scope> scopes;
  Scope* top;

  Graph() {
    top = newScope(nullptr);
    top->rules["phony"] = &rules[0];
  }

  Node* node(const string& path) {
    Node* node = &nodes[path];
    node->path = path;
    return node;
  }

  Scope* newScope(Scope* parent) {
    Scope* scope = &scopes.emplace_back();
    scope->parent = parent;
    return scope;
  }

  vector<Node*> roots() {
    vector<Node*> result;
    for (Edge& edge : edges)
      for (Node* out : edge.outs)
        if (out->users.empty()) result.push_back(out);
    if (result.empty() && !edges.empty()) throw Failure{"could not determine root nodes of build graph"};
    return result;
  }

  Node* target(string name) {
    if (name.empty()) throw Failure{"empty path"};
    bool wantUser = name.back() == '^';
    if (wantUser) name.pop_back();
    auto found = nodes.find(canonicalPath(name));
    if (found == nodes.end()) throw Failure{"unknown target '" + name + "'"};
    if (!wantUser || found->second.users.empty()) return &found->second;
    return found->second.users[0]->outs[0];
  }

  vector<Node*> targets(const vector<string>& names) {
    if (names.empty()) return defaults.empty() ? roots() : defaults;
    vector<Node*> result;
    for (const string& name : names) result.push_back(target(name));
    return result;
  }
};

// Looks variables up as seen from inside a build statement.
struct EdgeVariables : VariableSource {
  Edge* edge;
  bool quoted;
  std::set<string> inExpansion;
  EdgeVariables(Edge* edge, bool quoted) : edge(edge), quoted(quoted) {}

  string join(const vector<Node*>& nodes, size_t count, const char* separator) {
    string result;
    for (size_t i = 0; i < count; i++)
      result += (i ? separator : "") + (quoted ? shellQuote(nodes[i]->path) : nodes[i]->path);
    return result;
  }

  string lookup(const string& name) override {
    if (name == "in") return join(edge->ins, edge->explicitIns, " ");
    if (name == "in_newline") return join(edge->ins, edge->explicitIns, "\n");
    if (name == "out") return join(edge->outs, edge->explicitOuts, " ");
    if (edge->scope->variables.count(name)) return edge->scope->variables[name];
    auto inRule = edge->rule->variables.find(name);
    if (inRule == edge->rule->variables.end()) return edge->scope->lookup(name);
    if (!inExpansion.insert(name).second) throw FatalFailure{"cycle in rule variables: " + name + " -> " + name};
    string result = inRule->second.expand(*this);
    inExpansion.erase(name);
    return result;
  }
};

inline string Edge::value(const string& name, bool quoted) { return EdgeVariables(this, quoted).lookup(name); }
