#include "scan.h"
#include <algorithm>

void Scanner::visit(Node* node) {
  Edge* edge = node->inEdge;
  if (!edge) {
    if (node->mtime < 0) node->stat();
    node->dirty = node->mtime == 0;
    return;
  }
  if (edge->mark == Mark::Done) return;
  if (edge->mark == Mark::Active) {
    auto from = std::find_if(stack.begin(), stack.end(), [&](Node* n) { return n->inEdge == edge; });
    std::string cycle = node->path;
    while (++from != stack.end()) cycle += " -> " + (*from)->path;
    throw Error{"dependency cycle: " + cycle + " -> " + node->path};
  }
  edge->mark = Mark::Active;
  stack.push_back(node);
  for (Node* out : edge->outs) out->stat();
  edge->depsMissing = !edge->depsLoaded && !loadDeps(*edge);
  edge->depsLoaded = true;
  edge->outputsReady = true;
  bool dirty = visitInputs(*edge) || edge->depsMissing;
  dirty = dirty || outputsDirty(*edge);
  for (Node* out : edge->outs) out->dirty = dirty;
  if (dirty && !(edge->phony() && edge->ins.empty())) edge->outputsReady = false;
  edge->mark = Mark::Done;
  stack.pop_back();
}

bool Scanner::visitInputs(Edge& edge) {
  bool dirty = false;
  for (size_t i = 0; i < edge.ins.size(); i++) {
    Node* in = edge.ins[i];
    visit(in);
    if (in->inEdge && !in->inEdge->outputsReady) edge.outputsReady = false;
    if (i < edge.realIns() && in->dirty) dirty = true;
  }
  return dirty;
}

bool Scanner::outputsDirty(Edge& edge) {
  Node* newest = nullptr;
  for (size_t i = 0; i < edge.realIns(); i++)
    if (!newest || edge.ins[i]->mtime > newest->mtime) newest = edge.ins[i];
  return std::any_of(edge.outs.begin(), edge.outs.end(), [&](Node* out) { return outputDirty(edge, out, newest); });
}

bool Scanner::outputDirty(Edge& edge, Node* output, Node* newest) {
  if (edge.phony()) {
    if (newest) output->mtime = std::max(output->mtime, newest->mtime);
    return edge.ins.empty() && output->mtime == 0;
  }
  if (output->mtime == 0) return true;
  auto entry = logs.built.find(output->path);
  bool logged = entry != logs.built.end(), generator = edge.flag("generator");
  if (newest && output->mtime < newest->mtime && !(logged && edge.flag("restat"))) return true;
  if (!logged) return !generator;
  if (!generator && entry->second.hash != Logs::commandHash(edge)) return true;
  return newest && entry->second.mtime < newest->mtime;
}

bool Scanner::loadDeps(Edge& edge) {
  std::string depfile = edge.get("depfile"), text;
  if (depfile.empty()) return true;
  if (!readFile(depfile, text)) return false;
  std::vector<Node*> found;
  for (auto& path : parseDepfile(text)) {
    found.push_back(state.node(path));
    found.back()->fromDeps |= found.back()->outEdges.empty();
    found.back()->outEdges.push_back(&edge);
  }
  edge.ins.insert(edge.ins.end() - edge.orderOnly, found.begin(), found.end());
  return true;
}
