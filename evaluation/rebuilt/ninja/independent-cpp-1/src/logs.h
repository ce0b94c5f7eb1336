// What earlier builds did: the .ninja_log file; and reading of depfiles.
#pragma once
#include <fstream>
#include "graph.h"

struct LogEntry { Time mtime; std::string hash; };

struct Logs {
  std::map<std::string, LogEntry> built;  // by output
  void load(const std::string& directory);
  void record(const Edge& edge, int start, int end, Time mtime);
  static std::string commandHash(const Edge& edge);
 private:
  std::string file;
  std::ofstream out;
};
std::vector<std::string> parseDepfile(const std::string& text);
