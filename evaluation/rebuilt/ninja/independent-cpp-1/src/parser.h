// Reads build files into a State.
#pragma once
#include "lexer.h"

extern const char* const kVersion;
void parseFile(State& state, Scope& scope, const std::string& file, Lexer* parent = nullptr);
