// Command line of the build program.
#include <getopt.h>
#include <thread>
#include "parser.h"
#include "tools.h"

struct CommandLine {
  Settings settings;
  string buildFile = "build.ninja", directory, tool;
  vector<string> rest;
};

static int defaultJobs() { return std::thread::hardware_concurrency() + 1; }

[[noreturn]] static void usage() {
  fprintf(stderr, R"(usage: ninja [options] [targets...]

if targets are unspecified, builds the 'default' target (see manual).

options:
  --version      print ninja version ("1.14.0.git")
  -v, --verbose  show all command lines while building
  --quiet        don't show progress status, just command output

  -C DIR   change to DIR before doing anything else
  -f FILE  specify input build file [default=build.ninja]

  -j N     run N jobs in parallel (0 means infinity) [default=%d on this system]
  -k N     keep going until N jobs fail (0 means infinity) [default=1]
  -n       dry run (don't run commands but act like they succeeded)

  -t TOOL  run a subtool (use '-t list' to list subtools)
    terminates toplevel options; further flags are passed to the tool
)", defaultJobs());
  exit(1);
}

// Reads a number in which 0 means infinity.
static int readLimit(const char* text, const string& complaint) {
  char* end;
  long value = strtol(text, &end, 10);
  if (*end || end == text || value < 0) throw FatalFailure{complaint};
  return value ? value : INT_MAX;
}

static CommandLine parseCommandLine(int argc, char** argv) {
  static const option longOptions[] = {
      {"version", no_argument, nullptr, 'V'}, {"verbose", no_argument, nullptr, 'v'}, {"help", no_argument, nullptr, 'h'},
      {"quiet", no_argument, nullptr, 'q'}, {"dry-run", no_argument, nullptr, 'n'}, {}};
  CommandLine line;
  Settings& settings = line.settings;
  settings.jobs = defaultJobs();
  for (int letter; line.tool.empty() && (letter = getopt_long(argc, argv, "C:f:j:k:nt:vh", longOptions, nullptr)) != -1;) {
    switch (letter) {
      case 'C': line.directory = optarg; break;
      case 'f': line.buildFile = optarg; break;
      case 'j': settings.jobs = readLimit(optarg, "invalid -j parameter"); break;
      case 'k': settings.failures = readLimit(optarg, "-k parameter not numeric; did you mean -k 0?"); break;
      case 'n': settings.dryRun = true; break;
      case 't': line.tool = optarg; break;
      case 'v': settings.verbose = true; break;
      case 'q': settings.quiet = true; break;
      case 'V': puts("1.14.0.git"); exit(0);
      default: usage();
    }
  }
  line.rest.assign(argv + optind, argv + argc);
  return line;
}

static void enterDirectory(const string& directory) {
  if (directory.empty()) return;
  printf("ninja: Entering directory `%s'\n", directory.c_str());
  fflush(stdout);
  if (chdir(directory.c_str()) != 0) throw FatalFailure{"chdir to '" + directory + "' - " + strerror(errno)};
}

static int build(Builder& builder) {
  string problem = builder.run();
  if (!problem.empty()) printf("ninja: build stopped: %s.\n", problem.c_str());
  return builder.exitCode;
}

// Loads the build file and builds. First brings the build file itself up to date; if it
// had to be rebuilt, sets reload and does no more.
static int buildOnce(const CommandLine& line, bool& reload) {
  Graph graph;
  Parser::readInto(graph, graph.top, line.buildFile);
  string dir = graph.top->lookup("builddir");
  if (!dir.empty()) makeParentDirs(dir += "/");
  if (!line.tool.empty()) return runTool(line.tool, graph, line.settings, line.rest);
  Log log(dir + ".ninja_log");
  if (reload && !line.settings.dryRun) {
    Builder refresher(graph, log, line.settings, dir + ".ninja_stamp");
    auto found = graph.nodes.find(canonicalPath(line.buildFile));
    if (found != graph.nodes.end() && found->second.producer) refresher.addTarget(&found->second);
    if (refresher.hasWork()) return build(refresher);
  }
  reload = false;
  Builder builder(graph, log, line.settings, dir + ".ninja_stamp");
  for (Node* node : graph.targets(line.rest)) builder.addTarget(node);
  if (builder.hasWork()) return build(builder);
  if (!line.settings.quiet) puts("ninja: no work to do.");
  return 0;
}

static int runProgram(int argc, char** argv) {
  CommandLine line = parseCommandLine(argc, argv);
  Graph none;
  if (line.tool == "list") return runTool(line.tool, none, line.settings, line.rest);
  enterDirectory(line.directory);
  bool reload = line.tool.empty();
  int code = buildOnce(line, reload);
  if (code || !reload || line.settings.dryRun) return code;
  reload = false;
  return buildOnce(line, reload);
}

int main(int argc, char** argv) {
  try {
    return runProgram(argc, argv);
  } catch (const Failure& failure) {
    fflush(stdout);
    fprintf(stderr, "ninja: %s: %s\n", failure.kind.c_str(), failure.text.c_str());
  }
  return 1;
}
