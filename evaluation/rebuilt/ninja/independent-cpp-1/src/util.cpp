#include "util.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

std::string canonical(const std::string& path) {
  if (path.empty()) throw Error{"empty path"};
  std::string result = std::filesystem::path(path).lexically_normal().string();
  if (result.size() > 1 && result.back() == '/') result.pop_back();
  return result;
}

std::string shellQuote(const std::string& text) {
  auto safe = [](char c) { return isalnum((unsigned char)c) || strchr("_+-./", c); };
  if (std::all_of(text.begin(), text.end(), safe)) return text;
  std::string result = "'";
  for (char c : text) c == '\'' ? result += "'\\''" : result += c;
  return result + "'";
}

bool readFile(const std::string& path, std::string& content) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return false;
  content.assign(std::istreambuf_iterator<char>(in), {});
  return true;
}

void writeFile(const std::string& path, const std::string& content) {
  std::ofstream out(path, std::ios::binary);
  if (!(out << content)) throw Error{"opening " + path + ": " + strerror(errno)};
}

Time fileTime(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return 0;
  return (Time)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
}

Time clockNow() { return std::chrono::system_clock::now().time_since_epoch() / std::chrono::nanoseconds(1); }

void makeParents(const std::string& path) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
}
