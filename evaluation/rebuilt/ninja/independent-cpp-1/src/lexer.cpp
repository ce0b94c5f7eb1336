#include "lexer.h"
#include <cstring>

static bool simpleChar(char c) { return isalnum((unsigned char)c) || c == '_' || c == '-'; }
static bool nameChar(char c) { return simpleChar(c) || c == '.'; }

const char* tokenName(Token token) {
  static const char* names[] = {"lexing error", "newline", "eof", "indent", "identifier", "':'", "'='",
                                "'|'", "'||'", "'build'", "'rule'", "'pool'", "'default'",
                                "'include'", "'subninja'"};
  return names[(int)token];
}

Lexer::Lexer(std::string file, std::string source) : file(std::move(file)) {
  for (size_t i = 0; i < source.size(); i++) if (source[i] != '\r' || source[i + 1] != '\n') text += source[i];
  text += '\0';
}

void Lexer::fail(const std::string& message) const {
  size_t begin = last ? text.rfind('\n', last - 1) : std::string::npos;
  begin = begin == std::string::npos ? 0 : begin + 1;
  size_t line = 1, column = last - begin;
  for (size_t i = 0; i < begin; i++) line += text[i] == '\n';
  std::string report = file + ":" + std::to_string(line) + ": " + message + "\n";
  if (column > 0 && column < 72) {
    std::string shown = text.substr(begin, text.find_first_of(std::string("\n\0", 2), begin) - begin);
    if (shown.size() > 72) shown = shown.substr(0, 72) + "...";
    report += shown + "\n" + std::string(column, ' ') + "^ near here";
  }
  throw Error{report};
}

void Lexer::failAtToken() const { fail(text[last] == '\t' ? "tabs are not allowed, use spaces" : "lexing error"); }

void Lexer::skipBlanks() {
  for (;;) {
    if (text[at] == ' ') at++;
    else if (text[at] == '$' && text[at + 1] == '\n') at += 2;
    else return;
  }
}

Token Lexer::next() {
  static const std::map<std::string, Token> keywords = {
      {"build", Token::Build}, {"rule", Token::Rule}, {"pool", Token::Pool},
      {"default", Token::Default}, {"include", Token::Include}, {"subninja", Token::Subninja}};
  size_t first;
  for (;; at = first + (text[first] == '\n')) {  // pass over comment lines
    last = at;
    first = text.find_first_not_of(' ', at);
    if (text[first] != '#') break;
    while (text[first] != '\n' && text[first]) first++;
  }
  if (text[first] == '\n') return at = first + 1, Token::Newline;
  if (first > at) return at = first, Token::Indent;
  Token token = Token::Error;
  if (!text[at]) return Token::Eof;
  if (nameChar(text[at])) {
    while (nameChar(text[at])) at++;
    auto found = keywords.find(text.substr(last, at - last));
    token = found == keywords.end() ? Token::Name : found->second;
  } else if (text[at] == ':') token = Token::Colon, at++;
  else if (text[at] == '=') token = Token::Equals, at++;
  else if (text.compare(at, 2, "||") == 0) token = Token::Pipe2, at += 2;
  else if (text[at] == '|') token = Token::Pipe, at++;
  else at++;
  skipBlanks();
  return token;
}

bool Lexer::accept(Token token) {
  size_t before = at;
  if (next() == token) return true;
  at = before;
  return false;
}

void Lexer::expect(Token token) {
  Token got = next();
  if (got == token) return;
  std::string hint = token == Token::Colon ? " ($ also escapes ':')" : "";
  fail(std::string("expected ") + tokenName(token) + ", got " + tokenName(got) + hint);
}

std::string Lexer::name(const char* complaint) {
  last = at;
  while (nameChar(text[at])) at++;
  if (at == last) fail(complaint);
  size_t end = at;
  skipBlanks();
  return text.substr(last, end - last);
}

void Lexer::readEscape(Template& result) {
  char c = text[at + 1];
  size_t begin = at + 1, end = begin;
  if (c && strchr("$ :", c)) return at += 2, result.add(false, std::string(1, c));
  if (c == '\n') {
    at = text.find_first_not_of(' ', at + 2);
    return;
  }
  bool braces = c == '{';
  if (braces) for (end = ++begin; nameChar(text[end]);) end++;
  else while (simpleChar(text[end])) end++;
  last = at;
  if (end == begin || (braces && text[end] != '}')) fail("bad $-escape (literal $ must be written as $$)");
  result.add(true, text.substr(begin, end - begin));
  at = end + braces;
}

Template Lexer::readTemplate(bool isPath) {
  Template result;
  const std::string special("$ :|\n\0", 6);
  for (;;) {
    size_t stop = text.find_first_of(special, at);
    if (stop > at) result.add(false, text.substr(at, stop - at));
    last = at = stop;
    char c = text[at];
    if (!c) fail("unexpected EOF");
    if (c == '$') readEscape(result);
    else if (c == '\n' || isPath) break;
    else result.add(false, std::string(1, text[at++]));
  }
  if (isPath) skipBlanks();
  else at++;
  return result;
}
