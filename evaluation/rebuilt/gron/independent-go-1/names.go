package main

import "unicode"

// reservedWords cannot follow a dot in the strictest JavaScript dialects.
var reservedWords = makeSet(
	"break", "case", "catch", "class", "const", "continue", "debugger",
	"default", "delete", "do", "else", "export", "extends", "false",
	"finally", "for", "function", "if", "import", "in", "instanceof", "new",
	"null", "return", "super", "switch", "this", "throw", "true", "try",
	"typeof", "var", "void", "while", "with", "yield",
)

func makeSet(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}

// isBareName reports whether a key may be written after a dot, unquoted.
func isBareName(s string) bool {
	if s == "" || reservedWords[s] {
		return false
	}
	for i, r := range s {
		if i == 0 && !startsName(r) || i > 0 && !continuesName(r) {
			return false
		}
	}
	return true
}

func startsName(r rune) bool {
	return r == '$' || r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nl, r)
}

func continuesName(r rune) bool {
	return startsName(r) || unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc)
}
