// Plans and carries out a build.
#pragma once
#include <climits>
#include <set>
#include "runner.h"
#include "scan.h"

struct Settings {
  bool verbose = false, quiet = false, dryRun = false;
  int jobs = 1, failures = 1;
};

class Builder {
 public:
  int exitCode = 0;

  Builder(Graph& graph, Log& log, const Settings& settings, const string& stampPath)
      : scanner(graph, log), log(log), settings(settings), stampPath(stampPath), failuresLeft(settings.failures) {}

  bool hasWork() const { return total > 0; }

  void addTarget(Node* node, Edge* user = nullptr) {
    scanner.visit(node);
    Edge* edge = node->producer;
    if (!edge && node->dirty && !node->onlyFromDeps) {
      string wanted = user ? ", needed by '" + user->outs[0]->path + "'," : "";
      throw Failure{"'" + node->path + "'" + wanted + " missing and no known rule to make it"};
    }
    if (!edge || !seen.insert(edge).second) return;
    if (!edge->settled) plan[edge] = node->dirty && !edge->isPhony();
    if (plan.count(edge)) total += plan[edge];
    for (Node* in : edge->ins) addTarget(in, edge);
    order.push_back(edge);
  }

  // Returns why the build stopped early, or "".
  string run() {
    prepare();
    while (true) {
      while (Edge* edge = nextEdge()) start(edge);
      if (!runner.running() && pretended.empty()) break;
      finish(nextFinished());
    }
    if (lineOpen) print("\n");
    unlink(stampPath.c_str());
    if (exitCode == 0) return "";
    if (failuresLeft > 0) return "cannot make progress due to previous errors";
    return settings.failures > 1 ? "subcommands failed" : "subcommand failed";
  }

 private:
  struct MoreUrgent {
    bool operator()(Edge* a, Edge* b) const { return a->chainLength != b->chainLength ? a->chainLength > b->chainLength : a->id < b->id; }
  };
  Scanner scanner;
  Log& log;
  Settings settings;
  string stampPath;  // a file that is touched to learn the file system's time
  Runner runner;
  std::set<Edge*> seen;
  std::map<Edge*, bool> plan;  // whether the edge has to run its command
  vector<Edge*> order;         // inputs before users
  std::set<Edge*, MoreUrgent> ready;
  int total = 0, started = 0, finished = 0, failuresLeft;
  bool lineOpen = false;
  std::deque<Job> pretended;  // of a dry run

  void prepare() {
    for (size_t i = order.size(); i-- > 0;) {
      for (Node* in : order[i]->ins) {
        Edge* before = in->producer;
        if (before) before->chainLength = std::max(before->chainLength, order[i]->chainLength + !before->isPhony());
      }
    }
    for (Edge* edge : order)
      if (plan.count(edge)) release(edge);
  }

  // Queues the edge once all its inputs are ready.
  void release(Edge* edge) {
    for (Node* in : edge->ins)
      if (in->producer && !in->producer->settled) return;
    if (plan[edge]) ready.insert(edge);
    else leave(edge);
  }

  // The edge is done: lets those that wait for it go on.
  void leave(Edge* edge) {
    plan.erase(edge);
    edge->settled = true;
    for (Node* out : edge->outs)
      for (Edge* user : out->users)
        if (plan.count(user)) release(user);
  }

  Edge* nextEdge() {
    if (failuresLeft <= 0 || (int)runner.running() >= settings.jobs) return nullptr;
    for (Edge* edge : ready)
      if (edge->pool->depth == 0 || edge->pool->running < edge->pool->depth) return edge;
    return nullptr;
  }

  Job nextFinished() {
    if (pretended.empty()) return runner.wait();
    Job job = pretended.front();
    pretended.pop_front();
    return job;
  }

  void start(Edge* edge) {
    ready.erase(edge);
    edge->pool->running++;
    started++;
    bool onConsole = edge->value("pool") == "console";
    if (onConsole) printStatus(edge);
    if (settings.dryRun) return pretended.push_back({edge, 0, 0, 0, 0, ""});
    fflush(stdout);
    for (Node* out : edge->outs) makeParentDirs(out->path);
    string rspfile = edge->value("rspfile", false);
    if (!rspfile.empty()) std::ofstream(rspfile) << edge->value("rspfile_content");
    std::ofstream(stampPath) << started;
    runner.start(edge, onConsole, fileTime(stampPath));
  }

  void finish(Job job) {
    Edge* edge = job.edge;
    LogEntry entry;
    if (job.code == 0 && !settings.dryRun && !readDeps(job, entry)) job.code = 1;
    finished++;
    if (edge->value("pool") != "console") printStatus(edge);
    edge->pool->running--;
    string outs;
    for (Node* out : edge->outs) outs += out->path + " ";
    if (job.code != 0) print("FAILED: [code=" + to_string(job.code) + "] " + outs + "\n" + edge->command() + "\n");
    print(job.output);
    if (!job.output.empty()) lineOpen = job.output.back() != '\n';
    if (job.code != 0) {
      exitCode = job.code;
      failuresLeft--;
      return;
    }
    if (!settings.dryRun) record(job, entry);
    leave(edge);
  }

  bool readDeps(Job& job, LogEntry& entry) {
    string depfile = job.edge->value("depfile", false), text;
    if (!job.edge->has("deps")) return true;
    entry.hasDeps = true;
    try {
      if (readFile(depfile, text)) entry.deps = parseDepfile(text);
    } catch (const Failure& failure) {
      job.output += failure.text;
      return false;
    }
    unlink(depfile.c_str());
    return true;
  }

  void record(const Job& job, LogEntry entry) {
    string rspfile = job.edge->value("rspfile", false);
    if (!rspfile.empty()) unlink(rspfile.c_str());
    entry.mtime = job.started;
    entry.hash = job.edge->commandHash();
    for (Node* out : job.edge->outs) log.record(out->path, entry);
    if (!job.edge->has("restat")) return;
    for (Node* out : job.edge->outs)
      if (out->mtime && fileTime(out->path) == out->mtime) markClean(out);
  }

  // The file did not change after all: users without another reason need not run.
  void markClean(Node* node) {
    node->dirty = false;
    for (Edge* user : node->users) {
      if (!plan.count(user)) continue;
      if (scanner.isDirty(user)) continue;
      total -= plan[user];
      plan[user] = false;
      for (Node* out : user->outs) markClean(out);
    }
  }

  void print(const string& text) { fputs(text.c_str(), stdout); }

  void printStatus(Edge* edge) {
    if (settings.quiet) return;
    string description = settings.verbose ? "" : edge->value("description");
    print(progress() + (description.empty() ? edge->command() : description) + "\n");
  }

  string progress() {
    const char* format = getenv("NINJA_STATUS");
    string percent = to_string(finished * 100 / total) + "%", result;
    percent.insert(0, 4 - percent.size(), ' ');
    std::map<char, string> values = {
        {'s', to_string(started)}, {'t', to_string(total)}, {'r', to_string(started - finished + 1)}, {'p', percent},
        {'u', to_string(total - started)}, {'f', to_string(finished)}, {'%', "%"}};
    for (const char* c = format ? format : "[%f/%t] "; *c; c++) {
      bool known = *c != '%' || values.count(c[1]);
      if (!known) throw FatalFailure{string("unknown placeholder '%") + c[1] + "' in $NINJA_STATUS"};
      result += *c == '%' ? values[*++c] : string(1, *c);
    }
    return result;
  }
};
