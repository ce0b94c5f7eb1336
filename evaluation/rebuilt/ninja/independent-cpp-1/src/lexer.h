// Splits the text of a build file into tokens and templates.
#pragma once
#include "graph.h"

enum class Token { Error, Newline, Eof, Indent, Name, Colon, Equals, Pipe, Pipe2,
                   Build, Rule, Pool, Default, Include, Subninja };
const char* tokenName(Token token);

class Lexer {
 public:
  Lexer(std::string file, std::string text);
  Token next();
  bool accept(Token token);
  void putBack() { at = last; }
  void expect(Token token);
  std::string name(const char* complaint);
  Template value() { return readTemplate(false); }
  Template path() { return readTemplate(true); }
  [[noreturn]] void fail(const std::string& message) const;  // points at the last token
  [[noreturn]] void failAtToken() const;
 private:
  void skipBlanks();
  void readEscape(Template& result);
  Template readTemplate(bool isPath);
  std::string file, text;  // text ends in a NUL
  size_t at = 0, last = 0;
};
