// The build graph: files (Node), build statements (Edge), rules, pools, variable scopes.
#pragma once
#include <functional>
#include <list>
#include <map>
#include <unordered_map>
#include "util.h"

struct Edge;

struct Template {  // text with variables still in it
  struct Part { bool variable; std::string text; };
  std::vector<Part> parts;
  void add(bool variable, const std::string& text);
  std::string expand(const std::function<std::string(const std::string&)>& lookup) const;
};

struct Rule {
  std::string name;
  std::map<std::string, Template> bindings;
};

struct Pool {
  std::string name;
  int depth = 0, used = 0;  // depth 0: no limit
};

struct Scope {
  Scope* parent = nullptr;
  std::map<std::string, std::string> variables;
  std::map<std::string, Rule*> rules;
  std::string get(const std::string& name) const;
  Rule* findRule(const std::string& name) const;
};

struct Node {
  std::string path;
  Time mtime = -1;  // -1: not looked at yet
  bool dirty = false, fromDeps = false;
  Edge* inEdge = nullptr;
  std::vector<Edge*> outEdges;
  void stat() { mtime = fileTime(path); }
};

enum class Mark { None, Active, Done };
enum class Want { Unplanned, Skip, Run, Finished };

struct Edge {
  Rule* rule = nullptr;
  Pool* pool = nullptr;
  Scope scope;  // the bindings of the statement; its parent is the file's scope
  std::vector<Node*> ins, outs;
  size_t explicitIns = 0, orderOnly = 0, explicitOuts = 0;
  Mark mark = Mark::None;
  Want want = Want::Unplanned;
  bool outputsReady = false, depsLoaded = false, depsMissing = false;
  size_t order = 0;  // place in the plan: inputs before users
  Time startTime = 0;

  bool phony() const { return rule->name == "phony"; }
  size_t realIns() const { return ins.size() - orderOnly; }
  std::string get(const std::string& name) const;
  bool flag(const std::string& name) const { return !get(name).empty(); }
  std::string command(bool withResponse = false) const;
  bool inputsReady() const;
 private:
  std::string lookup(const std::string& name, bool quote, int depth = 0) const;
};

struct State {
  State();
  Node* node(const std::string& path);
  Node* find(const std::string& path) const;
  Node* target(const std::string& argument) const;
  std::vector<Node*> roots() const;
  std::vector<Node*> targets(const std::vector<std::string>& arguments) const;

  Scope top;
  std::map<std::string, Pool> pools;
  std::list<Node> nodes;
  std::list<Edge> edges;
  std::list<Rule> rules;
  std::list<Scope> scopes;
  std::vector<Node*> defaults;
 private:
  std::unordered_map<std::string, Node*> byPath;
};
