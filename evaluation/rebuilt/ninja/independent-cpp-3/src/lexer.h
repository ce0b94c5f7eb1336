// Splits the text of a build file into tokens, paths and values.
#pragma once
#include "graph.h"

class Lexer {
 public:
  string word;  // the last identifier read
  Lexer(const string& fileName, const string& text) : fileName(fileName), text(text) {}

  [[noreturn]] void fail(const string& message) {
    size_t line = 1 + std::count(text.begin(), text.begin() + tokenStart, '\n');
    size_t lineStart = tokenStart ? text.rfind('\n', tokenStart - 1) + 1 : 0;
    size_t column = tokenStart - lineStart;
    string report = fileName + ":" + to_string(line) + ": " + message + "\n";
    if (column == 0) throw Failure{report};
    string source = text.substr(lineStart, text.find('\n', lineStart) - lineStart);
    throw Failure{report + source + "\n" + string(column, ' ') + "^ near here"};
  }

  // Kind of the next token: identifier, newline, indent, eof or a quoted sign like ':'.
  string next() {
    skipComments();
    size_t end = std::min(text.find_first_not_of(' ', pos), text.size());
    if (at(end) == '\n') {
      pos = end + 1;
      return "newline";
    }
    std::swap(pos, end);
    if (pos > end) return "indent";
    if (pos >= text.size()) return "eof";
    word = wordAt(pos, "_.-");
    size_t signLength = at(pos) == '|' && (at(pos + 1) == '|' || at(pos + 1) == '@') ? 2 : 1;
    string kind = word.empty() ? "'" + text.substr(pos, signLength) + "'" : "identifier";
    pos += word.empty() ? signLength : word.size();
    skipBlanks();
    return kind;
  }

  bool accept(const string& kind) {
    if (next() == kind) return true;
    pos = tokenStart;
    return false;
  }

  void expect(const string& kind) {
    string got = next();
    if (got != kind) fail("expected " + kind + ", got " + got + (kind == "':'" ? " ($ also escapes ':')" : ""));
  }

  string identifier(const string& complaint) {
    if (next() != "identifier") fail(complaint);
    return word;
  }

  // The next path; empty if none follows.
  Template path() {
    Template result = scanText("$\n :|");
    skipBlanks();
    return result;
  }

  // The rest of the line.
  Template value() {
    Template result = scanText("$\n");
    pos++;
    return result;
  }

 private:
  string fileName, text;
  size_t pos = 0, tokenStart = 0;

  char at(size_t index) const { return index < text.size() ? text[index] : '\0'; }

  string wordAt(size_t start, const char* extra) {
    size_t end = start;
    while (isalnum((unsigned char)at(end)) || (at(end) && strchr(extra, at(end)))) end++;
    return text.substr(start, end - start);
  }

  void skipBlanks() {
    while (at(pos) == ' ' || (at(pos) == '$' && at(pos + 1) == '\n')) pos += at(pos) == ' ' ? 1 : 2;
  }

  void skipComments() {
    while (at(text.find_first_not_of(' ', pos)) == '#') pos = std::min(text.find('\n', pos), text.size() - 1) + 1;
    tokenStart = pos;
  }

  Template scanText(const char* stops) {
    Template result;
    while (true) {
      size_t start = pos;
      pos = std::min(text.find_first_of(stops, pos), text.size());
      if (pos > start) result.pieces.push_back({text.substr(start, pos - start), false});
      tokenStart = pos;
      if (pos >= text.size()) fail("unexpected EOF");
      if (at(pos) != '$') return result;
      escape(result);
    }
  }

  // Reads what starts with the $ at tokenStart.
  void escape(Template& result) {
    char c = at(++pos);
    if (c && strchr("$ :", c)) {
      result.pieces.push_back({string(1, c), false});
      pos++;
    } else if (c == '\n') {
      pos = std::min(text.find_first_not_of(' ', pos + 1), text.size());
    } else {
      bool braces = c == '{';
      string name = wordAt(pos + braces, braces ? "_.-" : "_-");
      pos += name.size() + 2 * braces;
      bool closed = !braces || at(pos - 1) == '}';
      if (name.empty() || !closed) fail("bad $-escape (literal $ must be written as $$)");
      result.pieces.push_back({name, true});
    }
  }
};
