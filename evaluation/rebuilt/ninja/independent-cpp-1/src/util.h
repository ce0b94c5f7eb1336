// Small helpers shared by every part: errors, paths, files, text.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

struct Error { std::string text; };    // reported as "ninja: error: ..."
struct Stopped { std::string text; int code; };  // the build failed part of the way
struct Fatal { std::string text; };                // reported as "ninja: fatal: ..."

using Time = int64_t;  // nanoseconds; 0 means the file is missing

std::string canonical(const std::string& path);
std::string shellQuote(const std::string& text);
bool readFile(const std::string& path, std::string& content);  // false and errno set on failure
void writeFile(const std::string& path, const std::string& content);
Time fileTime(const std::string& path);
Time clockNow();
void makeParents(const std::string& path);
