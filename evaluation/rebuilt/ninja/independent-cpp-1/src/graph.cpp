#include "graph.h"
#include <algorithm>

void Template::add(bool variable, const std::string& text) {
  if (!variable && !parts.empty() && !parts.back().variable) parts.back().text += text;
  else parts.push_back({variable, text});
}

std::string Template::expand(const std::function<std::string(const std::string&)>& lookup) const {
  std::string result;
  for (auto& part : parts) result += part.variable ? lookup(part.text) : part.text;
  return result;
}

std::string Scope::get(const std::string& name) const {
  for (auto scope = this; scope; scope = scope->parent) {
    auto found = scope->variables.find(name);
    if (found != scope->variables.end()) return found->second;
  }
  return "";
}

Rule* Scope::findRule(const std::string& name) const {
  for (auto scope = this; scope; scope = scope->parent) {
    auto found = scope->rules.find(name);
    if (found != scope->rules.end()) return found->second;
  }
  return nullptr;
}

static std::string join(const std::vector<Node*>& nodes, size_t count, char separator, bool quote) {
  std::string result;
  for (size_t i = 0; i < count; i++) {
    if (i) result += separator;
    result += quote ? shellQuote(nodes[i]->path) : nodes[i]->path;
  }
  return result;
}

std::string Edge::lookup(const std::string& name, bool quote, int depth) const {
  if (name == "in") return join(ins, explicitIns, ' ', quote);
  if (name == "in_newline") return join(ins, explicitIns, '\n', quote);
  if (name == "out") return join(outs, explicitOuts, ' ', quote);
  auto own = scope.variables.find(name);
  if (own != scope.variables.end()) return own->second;
  auto late = rule->bindings.find(name);
  if (late == rule->bindings.end()) return scope.get(name);
  if (depth > 99) throw Fatal{"cycle in rule variables: " + name};
  return late->second.expand([&](const std::string& n) { return lookup(n, quote, depth + 1); });
}

std::string Edge::get(const std::string& name) const { return lookup(name, name != "depfile" && name != "rspfile"); }

std::string Edge::command(bool withResponse) const {
  std::string text = get("command");
  std::string response = withResponse ? get("rspfile_content") : "";
  return response.empty() ? text : text + ";rspfile=" + response;
}

bool Edge::inputsReady() const {
  return std::all_of(ins.begin(), ins.end(),
                     [](Node* in) { return !in->inEdge || in->inEdge->outputsReady; });
}

State::State() {
  rules.push_back({"phony", {}});
  top.rules["phony"] = &rules.back();
  pools[""] = {"", 0, 0};
  pools["console"] = {"console", 1, 0};
}

Node* State::find(const std::string& path) const {
  auto found = byPath.find(path);
  return found == byPath.end() ? nullptr : found->second;
}

Node* State::node(const std::string& path) {
  Node*& slot = byPath[path];
  if (!slot) {
    nodes.emplace_back();
    slot = &nodes.back();
    slot->path = path;
  }
  return slot;
}

Node* State::target(const std::string& argument) const {
  std::string path = canonical(argument);
  if (Node* found = find(path)) return found;
  throw Error{"unknown target '" + path + "'"};
}

std::vector<Node*> State::roots() const {
  std::vector<Node*> result;
  for (auto& edge : edges)
    for (Node* out : edge.outs)
      if (out->outEdges.empty()) result.push_back(out);
  if (!edges.empty() && result.empty()) throw Error{"could not determine root nodes of build graph"};
  return result;
}

std::vector<Node*> State::targets(const std::vector<std::string>& arguments) const {
  if (arguments.empty()) return defaults.empty() ? roots() : defaults;
  std::vector<Node*> result;
  for (auto& argument : arguments) result.push_back(target(argument));
  return result;
}
