// Decides which outputs are out of date.
#pragma once
#include "logs.h"

class Scanner {
 public:
  Scanner(State& state, Logs& logs) : state(state), logs(logs) {}
  void visit(Node* node);
  bool outputsDirty(Edge& edge);  // judged by its clean inputs, command and recorded times
 private:
  bool visitInputs(Edge& edge);
  bool outputDirty(Edge& edge, Node* output, Node* newest);
  bool loadDeps(Edge& edge);
  State& state;
  Logs& logs;
  std::vector<Node*> stack;  // being visited, to name a cycle
};
