#include "build.h"
#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

namespace {

struct Job { Edge* edge; int pid, fd; std::string output; };
struct ByOrder { bool operator()(const Edge* a, const Edge* b) const { return a->order < b->order; } };

class Builder {
 public:
  Builder(State& state, Logs& logs, const BuildOptions& options)
      : state(state), logs(logs), options(options), scanner(state, logs), failuresLeft(options.keepGoing) {}
  bool upToDate() const { return wanted == 0; }

 private:
  State& state;
  Logs& logs;
  const BuildOptions& options;
  Scanner scanner;
  std::set<Edge*, ByOrder> ready;
  std::list<Job> jobs;
  int wanted = 0, planned = 0, total = 0, started = 0, finished = 0, failuresLeft, exitCode = 0;
  bool atLineStart = true;
  Time began = clockNow();
  int elapsed(Time since) const { return (int)((since - began) / 1000000); }

 public:
  void add(Node* target) {
    scanner.visit(target);
    plan(target, nullptr);
  }

  void plan(Node* node, Node* dependent) {
    Edge* edge = node->inEdge;
    if (!edge) {
      std::string user = dependent ? ", needed by '" + dependent->path + "'," : "";
      if (node->dirty && !node->fromDeps)
        throw Error{"'" + node->path + "'" + user + " missing and no known rule to make it"};
      return;
    }
    if (edge->outputsReady) return;
    bool first = edge->want == Want::Unplanned;
    if (first) edge->want = Want::Skip;
    if (node->dirty && edge->want == Want::Skip) {
      edge->want = Want::Run;
      wanted++;
      total += !edge->phony();
    }
    if (!first) return;
    for (Node* in : edge->ins) plan(in, node);
    edge->order = planned++;
  }

  Edge* takeReady() {
    if (!failuresLeft || (int)jobs.size() >= options.jobs) return nullptr;
    for (Edge* edge : ready)
      if (!edge->pool->depth || edge->pool->used < edge->pool->depth) {
        ready.erase(edge);
        edge->pool->used++;
        return edge;
      }
    return nullptr;
  }

  void run() {
    for (Edge& edge : state.edges) if (edge.want == Want::Run && edge.inputsReady()) ready.insert(&edge);
    while (wanted > 0) {
      if (Edge* edge = takeReady()) {
        if (edge->phony()) complete(*edge, true);
        else start(*edge);
      } else if (!jobs.empty()) {
        reap();
      } else break;
    }
    if (!atLineStart) print("\n");
    if (wanted <= 0) return;
    std::string why = failuresLeft ? "cannot make progress due to previous errors"
                      : options.keepGoing > 1 ? "subcommands failed" : "subcommand failed";
    throw Stopped{why, exitCode ? exitCode : 1};
  }

  void start(Edge& edge) {
    started++;
    edge.startTime = clockNow();
    if (edge.pool->name == "console") printStatus(edge);
    if (!options.dryRun) {
      for (Node* out : edge.outs) makeParents(out->path);
      if (edge.flag("rspfile")) writeFile(edge.get("rspfile"), edge.get("rspfile_content"));
      return spawn(edge);
    }
    jobs.push_back({&edge, 0, -1, ""});
  }

  void spawn(Edge& edge) {
    bool console = edge.pool->name == "console";
    std::string command = edge.command();
    int ends[2] = {-1, -1};
    if (!console && pipe2(ends, O_CLOEXEC) != 0) throw Fatal{std::string("pipe: ") + strerror(errno)};
    int pid = fork();
    if (pid < 0) throw Fatal{std::string("fork: ") + strerror(errno)};
    if (pid == 0) {
      if (!console) {
        dup2(open("/dev/null", O_RDONLY), 0);
        dup2(ends[1], 1);
        dup2(ends[1], 2);
      }
      execl("/bin/sh", "/bin/sh", "-c", command.c_str(), (char*)nullptr);
      _exit(127);
    }
    if (!console) close(ends[1]);
    jobs.push_back({&edge, pid, ends[0], ""});
  }

  void reap() {  // waits until a job reports; finishes those that have closed their output
    std::vector<pollfd> waits;
    for (Job& job : jobs) if (job.fd >= 0) waits.push_back({job.fd, POLLIN, 0});
    if (waits.size() == jobs.size()) poll(waits.data(), waits.size(), -1);
    for (auto job = jobs.begin(); job != jobs.end();) {
      auto polled = std::find_if(waits.begin(), waits.end(), [&](pollfd& w) { return w.fd == job->fd; });
      char buffer[4096];
      ssize_t got = 0;
      if (job->fd >= 0 && !polled->revents) { ++job; continue; }
      if (job->fd >= 0 && (got = read(job->fd, buffer, sizeof buffer)) > 0) {
        job++->output.append(buffer, got);
        continue;
      }
      int status = 0;
      if (job->fd >= 0) close(job->fd);
      if (job->pid) waitpid(job->pid, &status, 0);
      finish(*job, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
      job = jobs.erase(job);
    }
  }

  void finish(Job& job, int code) {
    Edge& edge = *job.edge;
    finished++;
    if (edge.pool->name != "console") printStatus(edge);
    if (code) {
      std::string report = "FAILED: [code=" + std::to_string(code) + "] ";
      for (Node* out : edge.outs) report += out->path + " ";
      print(report + "\n" + edge.command() + "\n");
    }
    if (!job.output.empty()) print(job.output);
    if (!code && !options.dryRun) saveResult(edge);
    if (code) failuresLeft--, exitCode = code;
    complete(edge, code == 0);
  }

  void saveResult(Edge& edge) {
    bool restat = edge.flag("restat");
    for (Node* out : edge.outs) {
      Time before = out->mtime;
      out->stat();
      if (restat && out->mtime == before) markClean(out);
    }
    if (edge.flag("rspfile")) unlink(edge.get("rspfile").c_str());
    logs.record(edge, elapsed(edge.startTime), elapsed(clockNow()), edge.startTime);
  }

  void complete(Edge& edge, bool success) {
    if (edge.want == Want::Run) edge.pool->used--;
    if (!success) return;
    wanted -= edge.want == Want::Run;
    edge.want = Want::Finished;
    edge.outputsReady = true;
    for (Node* out : edge.outs)
      for (Edge* user : out->outEdges) {
        if (!user->inputsReady()) continue;
        if (user->want == Want::Run) ready.insert(user);
        else if (user->want == Want::Skip) complete(*user, true);
      }
  }

  void markClean(Node* node) {  // a restat command left its output alone: users may be clean too
    node->dirty = false;
    for (Edge* user : node->outEdges) {
      auto end = user->ins.begin() + user->realIns();
      if (user->want != Want::Run || user->depsMissing) continue;
      if (std::any_of(user->ins.begin(), end, [](Node* in) { return in->dirty; })) continue;
      if (scanner.outputsDirty(*user)) continue;
      user->want = Want::Skip;
      wanted--;
      total -= !user->phony();
      for (Node* out : user->outs) markClean(out);
    }
  }

  void print(const std::string& text) {
    fwrite(text.data(), 1, text.size(), stdout);
    fflush(stdout);
    atLineStart = text.back() == '\n';
  }

  std::string progress() const {
    const char* format = getenv("NINJA_STATUS");
    char percent[16];
    snprintf(percent, sizeof percent, "%3i%%", total ? 100 * finished / total : 0);
    std::map<char, std::string> values = {
        {'%', "%"}, {'s', std::to_string(started)}, {'t', std::to_string(total)}, {'p', percent},
        {'r', std::to_string(jobs.size())}, {'u', std::to_string(total - started)}, {'f', std::to_string(finished)}};
    std::string result;
    for (const char* c = format ? format : "[%f/%t] "; *c; c++) {
      if (*c != '%') result += *c;
      else if (values.count(*++c)) result += values[*c];
      else throw Fatal{std::string("unknown placeholder '%") + *c + "' in $NINJA_STATUS"};
    }
    return result;
  }

  void printStatus(const Edge& edge) {
    if (options.quiet) return;
    std::string text = options.verbose ? "" : edge.get("description");
    print((atLineStart ? "" : "\n") + progress() + (text.empty() ? edge.command() : text) + "\n");
  }
};

}  // namespace

bool build(State& state, Logs& logs, const BuildOptions& options, const std::vector<Node*>& targets) {
  Builder builder(state, logs, options);
  for (Node* target : targets) builder.add(target);
  if (builder.upToDate()) return false;
  builder.run();
  return true;
}
