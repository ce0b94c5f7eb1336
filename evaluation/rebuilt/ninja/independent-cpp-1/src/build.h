// Plans and runs the commands of a build.
#pragma once
#include "scan.h"

struct BuildOptions {
  int jobs = 1, keepGoing = 1;
  bool dryRun = false, verbose = false, quiet = false;
};

// Brings the targets up to date. False: there was nothing to do. Throws Stopped when a command fails.
bool build(State& state, Logs& logs, const BuildOptions& options, const std::vector<Node*>& targets);
