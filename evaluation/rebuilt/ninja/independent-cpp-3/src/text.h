// Small helpers for text, paths and files.
#pragma once
#include <sys/stat.h>
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>
using std::string;
using std::to_string;
using std::vector;

struct Failure { string text, kind = "error"; }; // reported as "ninja: error: ..."
struct FatalFailure : Failure {        // reported as "ninja: fatal: ..."
  explicit FatalFailure(const string& text) : Failure{text, "fatal"} {}
};

inline string canonicalPath(const string& path) {
  string result = std::filesystem::path(path).lexically_normal().string();
  if (result.size() > 1 && result.back() == '/') result.pop_back();
  return result;
}

inline string shellQuote(const string& word) {
  auto isSafe = [](unsigned char c) { return isalnum(c) || strchr("_+-./", c); };
  if (std::all_of(word.begin(), word.end(), isSafe)) return word;
  string result = "'";
  for (char c : word) result += c == '\'' ? "'\\''" : string(1, c);
  return result + "'";
}

// Modification time in nanoseconds, 0 if the file is missing.
inline int64_t fileTime(const string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return 0;
  return info.st_mtim.tv_sec * 1000000000ll + info.st_mtim.tv_nsec;
}

// Returns false and leaves errno set on failure.
inline bool readFile(const string& path, string& content) {
  FILE* file = fopen(path.c_str(), "rb");
  if (!file) return false;
  char buffer[65536];
  content.clear();
  while (size_t count = fread(buffer, 1, sizeof buffer, file)) content.append(buffer, count);
  int problem = ferror(file) ? errno : 0;
  fclose(file);
  errno = problem;
  return problem == 0;
}

inline void makeParentDirs(const string& path) {
  std::filesystem::path parent = std::filesystem::path(path).parent_path();
  std::error_code ignored;  // the command will fail by itself
  if (!parent.empty()) std::filesystem::create_directories(parent, ignored);
}
