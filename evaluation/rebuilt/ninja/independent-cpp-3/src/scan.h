// Decides which files are out of date.
#pragma once
#include "graph.h"
#include "log.h"

class Scanner {
 public:
  Scanner(Graph& graph, Log& log) : graph(graph), log(log) {}

  void visit(Node* node) {
    look(node);
    Edge* edge = node->producer;
    if (!edge) node->dirty = node->mtime == 0;
    if (!edge || edge->mark == Edge::Done) return;
    trail.push_back(node);
    if (edge->mark == Edge::InProgress) failCycle(edge);
    edge->mark = Edge::InProgress;
    for (Node* out : edge->outs) look(out);
    edge->depsUnknown = !loadDeps(edge);
    edge->settled = true;
    for (Node* in : edge->ins) {
      visit(in);
      if (in->producer && !in->producer->settled) edge->settled = false;
    }
    bool dirty = isDirty(edge);
    for (Node* out : edge->outs) out->dirty = dirty;
    bool nothingToDo = edge->isPhony() && edge->ins.empty();
    if (dirty && !nothingToDo) edge->settled = false;
    edge->mark = Edge::Done;
    trail.pop_back();
  }

  // Whether the edge must run, given the state of its inputs.
  bool isDirty(Edge* edge) {
    if (edge->depsUnknown) return true;
    Node* newest = nullptr;
    for (size_t i = 0; i < edge->orderOnlyStart; i++) {
      if (edge->ins[i]->dirty) return true;
      if (!newest || edge->ins[i]->mtime > newest->mtime) newest = edge->ins[i];
    }
    int64_t newestTime = newest ? newest->mtime : 0;
    for (Node* out : edge->outs) {
      if (edge->isPhony() && out->mtime == 0) out->mtime = newestTime;
      bool stale = edge->isPhony() ? edge->ins.empty() && out->mtime == 0 : isStale(edge, out, newestTime);
      if (stale) return true;
    }
    return false;
  }

 private:
  Graph& graph;
  Log& log;
  vector<Node*> trail;

  void look(Node* node) {
    if (node->mtime < 0) node->mtime = fileTime(node->path);
  }

  void failCycle(Edge* edge) {
    auto node = std::find_if(trail.begin(), trail.end(), [&](Node* node) { return node->producer == edge; });
    string chain = (*node)->path;
    while (++node != trail.end()) chain += " -> " + (*node)->path;
    throw Failure{"dependency cycle: " + chain};
  }

  // Adds the inputs found by earlier runs; returns false if they are not known.
  bool loadDeps(Edge* edge) {
    string depfile = edge->value("depfile", false), text;
    vector<string> deps;
    const LogEntry* entry = log.find(edge->outs[0]->path);
    if (edge->has("deps")) {
      if (!entry || !entry->hasDeps) return false;
      deps = entry->deps;
    } else if (!depfile.empty()) {
      if (!readFile(depfile, text)) return false;
      deps = parseDepfile(text);
    }
    for (const string& path : deps) {
      bool isNew = !graph.nodes.count(path);
      Node* node = graph.node(path);
      node->onlyFromDeps |= isNew;
      edge->ins.insert(edge->ins.begin() + edge->orderOnlyStart++, node);
      node->users.push_back(edge);
    }
    return true;
  }

  bool isStale(Edge* edge, Node* out, int64_t newestTime) {
    const LogEntry* entry = log.find(out->path);
    bool useRecorded = entry && edge->has("restat"), generator = edge->has("generator");
    if (out->mtime == 0 || (!useRecorded && out->mtime < newestTime)) return true;
    if (!entry) return !generator;
    if (!generator && entry->hash != edge->commandHash()) return true;
    return entry->mtime < newestTime;
  }
};
