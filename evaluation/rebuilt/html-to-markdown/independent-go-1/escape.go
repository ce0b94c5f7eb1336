package main

import (
	"regexp"
	"strings"
	"unicode"
)

// Private characters that stand for decisions taken later.
const (
	mark      = "\uE000" // the next character may need a backslash
	hardBreak = "\uE001"
	codeLine  = "\uE002" // newline inside a code block
	listOpen  = "\uE003"
	listClose = "\uE004"
)

var (
	newlines   = regexp.MustCompile("[\n" + hardBreak + "]+")
	fullLines  = regexp.MustCompile("[^\n" + hardBreak + "]+")
	candidates = regexp.MustCompile("[*_+#.)`~\\[\\]=-]")
	// What would begin a block at the start of a line.
	blockStart = regexp.MustCompile("^(?:(?:[-*+]|#{1,6})(?:\\s|$)|(?:-\\s*){3,}$|(?:\\*\\s*){3,}$|(?:_\\s*){3,}$|`{3}|~{3})")
	setext     = regexp.MustCompile(`^(?:=+|-+)\s*$`)
	ordinal    = regexp.MustCompile(`^\s*\d+$`)
)

// markText prepares page text: certain escapes now, possible ones marked.
func markText(s string) string {
	s = strings.NewReplacer(`\`, `\\`, "<", "&lt;", ">", "&gt;").Replace(s)
	return candidates.ReplaceAllString(s, mark+"$0")
}

// squeeze turns every run of line ends into a single paragraph break.
func squeeze(s string) string {
	return newlines.ReplaceAllStringFunc(s, func(run string) string {
		if run == "\n" || run == hardBreak {
			return run
		}
		return "\n\n"
	})
}

func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || string(r) == hardBreak })
}

// resolveEscapes replaces the marks by backslashes where they are needed.
func resolveEscapes(s string) string {
	out, last := "", 0
	for _, at := range fullLines.FindAllStringIndex(s, -1) {
		gap := s[last:at[0]]
		out += gap + resolveLine(s[at[0]:at[1]], gap == "\n" || gap == hardBreak)
		last = at[1]
	}
	return out + s[last:]
}

func resolveLine(line string, afterText bool) string {
	parts := strings.Split(line, mark)
	plain := strings.Join(parts, "")
	context := strings.NewReplacer(listOpen, "   ", listClose, "   ").Replace(plain) // same length
	done, pos := parts[0], len(parts[0])
	for _, part := range parts[1:] {
		if needsEscape(context[:pos], context[pos:], afterText) {
			done += `\`
		}
		done += part
		pos += len(part)
	}
	return done
}

// needsEscape judges the first character of rest, which follows before.
func needsEscape(before, rest string, afterText bool) bool {
	atStart := strings.TrimSpace(before) == ""
	if atStart && (blockStart.MatchString(rest) || afterText && setext.MatchString(rest)) {
		return true
	}
	after := (rest + " ")[1:]
	switch rest[0] {
	case '*', '_', '~':
		return strings.TrimLeftFunc(after, unicode.IsSpace) == after && (rest[0] != '~' || strikethrough)
	case '`': // the rest of an escaped fence is harmless
		return strings.Trim(before, "` ") != "" || !strings.Contains(before+rest, "```")
	case '.', ')':
		return ordinal.MatchString(before) && strings.TrimLeft(after, " ") != after
	case '[':
		return strings.Contains(rest, "]")
	}
	return false
}
