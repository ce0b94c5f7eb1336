#include "logs.h"
#include <cstring>
#include <sstream>

void Logs::load(const std::string& builddir) {
  file = (builddir.empty() ? "" : builddir + "/") + ".ninja_log";
  std::string line, path;
  std::ifstream log(file);
  while (std::getline(log, line)) {
    std::istringstream fields(line);
    int start, end;
    LogEntry entry;
    fields >> start >> end >> entry.mtime >> std::ws;
    if (std::getline(fields, path, '\t') && fields >> entry.hash) built[path] = entry;
  }
}

std::string Logs::commandHash(const Edge& edge) {
  std::ostringstream hex;
  hex << std::hex << std::hash<std::string>()(edge.command(true));
  return hex.str();
}

void Logs::record(const Edge& edge, int start, int end, Time mtime) {
  if (!out.is_open()) {
    makeParents(file);
    out.open(file, std::ios::app);
    if (out.tellp() == 0) out << "# ninja log v7\n";
  }
  for (Node* node : edge.outs) {
    built[node->path] = {mtime, commandHash(edge)};
    out << start << '\t' << end << '\t' << mtime << '\t' << node->path << '\t' << commandHash(edge) << std::endl;
  }
}

std::vector<std::string> parseDepfile(const std::string& text) {
  std::vector<std::string> paths;
  std::string word;
  bool inTargets = true;
  for (size_t i = 0; i <= text.size(); i++) {
    char c = i < text.size() ? text[i] : '\n', next = i + 1 < text.size() ? text[i + 1] : '\n';
    bool escaped = (c == '\\' && strchr(" #\n", next)) || (c == '$' && next == '$');
    if (escaped) c = text[++i];
    if (!strchr(" \t\r\n", c) || (escaped && c == ' ')) {
      word += c;
      continue;
    }
    if (!word.empty() && !inTargets) paths.push_back(canonical(word));
    if (!word.empty() && word.back() == ':') inTargets = false;
    if (c == '\n' && !escaped) inTargets = true;
    word.clear();
  }
  return paths;
}
