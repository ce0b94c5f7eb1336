// Remembers, for each built file, its command, start time and discovered inputs.
#pragma once
#include <map>
#include <sstream>
#include "text.h"

struct LogEntry {
  int64_t mtime = 0;  // of the moment the command started
  string hash;
  bool hasDeps = false;
  vector<string> deps;
};

class Log {
 public:
  explicit Log(const string& path) : path(path) {
    std::ifstream file(path);
    string line;
    std::getline(file, line);
    readable = line == header;
    while (readable && std::getline(file, line)) readLine(line);
  }

  const LogEntry* find(const string& output) const {
    return entries.count(output) ? &entries.at(output) : nullptr;
  }

  void record(const string& output, const LogEntry& entry) {
    entries[output] = entry;
    std::ofstream file(path, readable ? std::ios::app : std::ios::trunc);
    if (!readable) file << header << "\n";
    readable = true;
    file << entry.mtime << "\t" << output << "\t" << entry.hash << "\t" << entry.hasDeps;
    for (const string& dep : entry.deps) file << "\t" << dep;
    file << "\n";
  }

 private:
  const string header = "# build log: start time, output, command hash, deps known, deps";
  string path;
  bool readable;
  std::map<string, LogEntry> entries;

  void readLine(const string& line) {
    std::istringstream fields(line);
    string mtime, output, known, dep;
    LogEntry entry;
    for (string* field : {&mtime, &output, &entry.hash, &known}) std::getline(fields, *field, '\t');
    entry.mtime = atoll(mtime.c_str());
    entry.hasDeps = known == "1";
    while (std::getline(fields, dep, '\t')) entry.deps.push_back(dep);
    entries[output] = entry;
  }
};

// The inputs named in a Makefile fragment as written by compilers.
inline vector<string> parseDepfile(string text) {
  for (size_t at; (at = text.find("\\\n")) != string::npos;) text.replace(at, 2, " ");
  vector<string> result;
  std::istringstream lines(text);
  for (string line; std::getline(lines, line);) {
    size_t colon = line.find(": ");
    if (line.find_first_not_of(" \t\r") == string::npos || line.back() == ':') continue;
    if (colon == string::npos) throw Failure{"expected ':' in depfile"};
    string word;
    for (size_t i = colon + 2; i <= line.size(); i++) {
      bool escapes = i + 1 < line.size() && (line[i] == '\\' || line[i] == '$') && strchr(" #$", line[i + 1]);
      bool ends = i == line.size() || isspace((unsigned char)line[i]);
      if (!ends) word += line[escapes ? ++i : i];
      if (!ends || word.empty()) continue;
      result.push_back(canonicalPath(word));
      word.clear();
    }
  }
  return result;
}
