// The subtools behind -t.
#pragma once
#include "builder.h"

// Appends the edges needed for a target, inputs before users.
inline void collectEdges(Node* node, std::set<Edge*>& seen, vector<Edge*>& result) {
  Edge* edge = node->producer;
  if (!edge || !seen.insert(edge).second) return;
  for (Node* in : edge->ins) collectEdges(in, seen, result);
  result.push_back(edge);
}

inline vector<Edge*> edgesFor(const vector<Node*>& targets) {
  std::set<Edge*> seen;
  vector<Edge*> result;
  for (Node* node : targets) collectEdges(node, seen, result);
  return result;
}

inline void listCommands(Graph& graph, const vector<string>& args) {
  for (Edge* edge : edgesFor(graph.targets(args)))
    if (!edge->isPhony()) puts(edge->command().c_str());
}

inline void printTree(const vector<Node*>& nodes, int depth, int indent) {
  for (Node* node : nodes) {
    string rule = node->producer ? ": " + node->producer->rule->name : "";
    printf("%*s%s%s\n", indent, "", node->path.c_str(), rule.c_str());
    if (node->producer && depth != 1) printTree(node->producer->ins, depth - 1, indent + 2);
  }
}

inline void listByRule(Graph& graph, const string& rule) {
  for (Edge& edge : graph.edges) {
    for (Node* in : edge.ins)
      if (rule.empty() && !in->producer) puts(in->path.c_str());
    for (Node* out : edge.outs)
      if (edge.rule->name == rule) puts(out->path.c_str());
  }
}

inline void listTargets(Graph& graph, const vector<string>& args) {
  string mode = args.empty() ? "depth" : args[0], detail = args.size() > 1 ? args[1] : "";
  if (mode == "depth") return printTree(graph.roots(), args.size() > 1 ? atoi(detail.c_str()) : 1, 0);
  if (mode == "rule") return listByRule(graph, detail);
  if (mode != "all") throw Failure{"unknown target tool mode '" + mode + "'"};
  for (Edge& edge : graph.edges) printTree(edge.outs, 1, 0);
}

inline void clean(Graph& graph, const Settings& settings, const vector<string>& args) {
  vector<Edge*> edges;
  if (!args.empty()) edges = edgesFor(graph.targets(args));
  for (Edge& edge : graph.edges)
    if (args.empty() && !edge.has("generator")) edges.push_back(&edge);
  bool verbose = settings.verbose || settings.dryRun;
  printf("Cleaning...%s", verbose ? "\n" : " ");
  int count = 0;
  for (Edge* edge : edges) {
    vector<string> paths;
    for (Node* out : edge->outs) paths.push_back(out->path);
    for (const char* name : {"depfile", "rspfile"}) paths.push_back(edge->value(name, false));
    for (const string& path : paths) {
      if (edge->isPhony() || path.empty() || !fileTime(path)) continue;
      if (!settings.dryRun) remove(path.c_str());
      if (verbose) printf("Remove %s\n", path.c_str());
      count++;
    }
  }
  printf("%d files.\n", count);
}

// Runs the tool; "list" needs no graph.
inline int runTool(const string& name, Graph& graph, const Settings& settings, vector<string> args) {
  if (name == "clean") clean(graph, settings, args);
  if (name == "commands") listCommands(graph, args);
  if (name == "targets") listTargets(graph, args);
  for (auto& entry : graph.top->rules)
    if (name == "rules") puts(entry.first.c_str());
  if (name == "list")
    puts("ninja subtools:\n"
         "      clean  clean built files\n"
         "   commands  list all commands required to rebuild given targets\n"
         "    targets  list targets by their rule or depth in the DAG\n"
         "      rules  list all rules");
  const std::set<string> names = {"clean", "commands", "targets", "rules", "list"};
  if (!names.count(name)) throw FatalFailure{"unknown tool '" + name + "'"};
  return 0;
}
