// The command line: options, loading of the build file, the build.
#include <cstring>
#include <getopt.h>
#include <thread>
#include <unistd.h>
#include "build.h"
#include "parser.h"

namespace {

struct Settings {
  std::string file = "build.ninja", directory;
  BuildOptions build;
};

const char kUsage[] =
    "usage: ninja [options] [targets...]\n\nif targets are unspecified, builds the 'default' target (see manual).\n\n"
    "options:\n  --version      print ninja version (\"%s\")\n"
    "  -v, --verbose  show all command lines while building\n"
    "  --quiet        don't show progress status, just command output\n\n"
    "  -C DIR   change to DIR before doing anything else\n"
    "  -f FILE  specify input build file [default=build.ninja]\n\n"
    "  -j N     run N jobs in parallel (0 means infinity) [default=%d on this system]\n"
    "  -k N     keep going until N jobs fail (0 means infinity) [default=1]\n"
    "  -l N     do not start new jobs if the load average is greater than N\n"
    "  -n       dry run (don't run commands but act like they succeeded)\n\n"
    "  -d MODE  enable debugging (use '-d list' to list modes)\n"
    "  -t TOOL  run a subtool (use '-t list' to list subtools)\n"
    "    terminates toplevel options; further flags are passed to the tool\n"
    "  -w FLAG  adjust warnings (use '-w list' to list warnings)\n";

int defaultJobs() {
  int cpus = std::thread::hardware_concurrency();
  return cpus <= 1 ? 2 : cpus == 2 ? 3 : cpus + 2;
}

int number(const char* text, const char* complaint, bool negativeAllowed) {
  char* end;
  long value = strtol(text, &end, 10);
  if (*end || end == text || (value < 0 && !negativeAllowed)) throw Fatal{complaint};
  return value > 0 ? value : 1 << 30;
}

void setOption(int flag, Settings& settings) {
  BuildOptions& build = settings.build;
  switch (flag) {
    case 'C': settings.directory = optarg; break;
    case 'f': settings.file = optarg; break;
    case 'j': build.jobs = number(optarg, "invalid -j parameter", false); break;
    case 'k': build.keepGoing = number(optarg, "-k parameter not numeric; did you mean -k 0?", true); break;
    case 'n': build.dryRun = true; break;
    case 'v': build.verbose = true; break;
    case 'q': build.quiet = true; break;
    case 'd': case 'l': case 'w': break;  // accepted, without effect
    case 't': throw Fatal{std::string("unknown tool '") + optarg + "'"};
    case 'V': printf("%s\n", kVersion); exit(0);
    default: fprintf(stderr, kUsage, kVersion, defaultJobs()); exit(1);
  }
}

void readOptions(int argc, char** argv, Settings& settings) {
  static const option longOptions[] = {{"help", no_argument, nullptr, 'h'}, {"version", no_argument, nullptr, 'V'},
      {"verbose", no_argument, nullptr, 'v'}, {"quiet", no_argument, nullptr, 'q'}, {}};
  settings.build.jobs = defaultJobs();
  int flag;
  while ((flag = getopt_long(argc, argv, "d:f:j:k:l:nt:vw:C:h", longOptions, nullptr)) != -1)
    setOption(flag, settings);
}

int buildTargets(State& state, Logs& logs, const Settings& settings, const std::vector<std::string>& names) {
  auto targets = state.targets(names);
  try {
    if (!build(state, logs, settings.build, targets) && !settings.build.quiet) printf("ninja: no work to do.\n");
    return 0;
  } catch (Stopped& error) {
    printf("ninja: build stopped: %s.\n", error.text.c_str());
    return error.code;
  }
}

int run(int argc, char** argv) {
  Settings settings;
  readOptions(argc, argv, settings);
  const std::string& directory = settings.directory;
  if (!directory.empty()) {
    if (!settings.build.quiet) printf("ninja: Entering directory `%s'\n", directory.c_str());
    if (chdir(directory.c_str()) != 0) throw Fatal{"chdir to '" + directory + "' - " + strerror(errno)};
  }
  State state;
  Logs logs;
  parseFile(state, state.top, settings.file);
  logs.load(state.top.get("builddir"));
  return buildTargets(state, logs, settings, std::vector<std::string>(argv + optind, argv + argc));
}

}  // namespace

int main(int argc, char** argv) {
  setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  try {
    return run(argc, argv);
  } catch (Error& error) {
    fflush(stdout);
    fprintf(stderr, "ninja: error: %s\n", error.text.c_str());
  } catch (Fatal& fatal) {
    fflush(stdout);
    fprintf(stderr, "ninja: fatal: %s\n", fatal.text.c_str());
  }
  return 1;
}
