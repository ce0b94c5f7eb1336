package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"regexp/syntax"
	"sort"
	"strconv"
	"strings"
	"syscall"
)

// asciiTable has rows of 64 code points: the first one in hexadecimal, then
// the replacement of each, after tabs.
//
//go:embed ascii.tsv
var asciiTable string

// renamer turns a file name into another one, or the same.
type renamer func(name string) string

// newRenamer makes the renamer that a command asks for; from-file needs none.
func newRenamer(cfg *config) (renamer, error) {
	toASCII := newTransliterator()
	if cfg.command != "regex" {
		return toASCII, nil
	}
	pattern := strings.NewReplacer(`\\`, `\\`, `\w`, `[\pL\pN_]`, `\d`, `\p{Nd}`).Replace(cfg.expression)
	if strings.ContainsRune(cfg.expression, '[') {
		pattern = cfg.expression // Classes cannot hold the wider forms.
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, patternFailure(cfg.expression, err)
	}
	transform := map[string]renamer{
		"": func(s string) string { return s }, "upper": strings.ToUpper, "lower": strings.ToLower, "ascii": toASCII,
	}[cfg.transform]
	limit := cfg.limit
	if limit == 0 {
		limit = -1
	}
	return func(name string) string {
		var renamed strings.Builder
		copied := 0
		for _, match := range re.FindAllStringSubmatchIndex(name, limit) {
			renamed.WriteString(name[copied:match[0]])
			renamed.WriteString(transform(string(re.ExpandString(nil, cfg.replacement, name, match))))
			copied = match[1]
		}
		return renamed.String() + name[copied:]
	}, nil
}

// patternFailure words a syntax error and points at its place in the pattern.
func patternFailure(pattern string, err error) error {
	text, start, width := err.Error(), 0, 1
	var bad *syntax.Error
	if errors.As(err, &bad) {
		start = strings.Index(pattern, bad.Expr)
		switch bad.Code {
		case syntax.ErrMissingParen:
			text, start = "unclosed group", strings.IndexByte(pattern, '(')
		case syntax.ErrUnexpectedParen:
			text, start = "unopened group", strings.IndexByte(pattern, ')')
		case syntax.ErrMissingBracket:
			text = "unclosed character class"
		case syntax.ErrMissingRepeatArgument:
			text = "repetition operator missing expression"
		case syntax.ErrInvalidEscape:
			text, width = "unrecognized escape sequence", len(bad.Expr)
		case syntax.ErrInvalidRepeatSize:
			text, width = "invalid repetition count range, the start must be <= the end", len(bad.Expr)
		}
	}
	if start < 0 {
		start = 0
	}
	marks := strings.Repeat(" ", start) + strings.Repeat("^", width)
	detail := fmt.Sprintf("regex parse error:\n    %s\n    %s\nerror: %s", pattern, marks, text)
	return &failure{text: "Bad expression provided\n\n", detail: detail, always: true}
}

// newTransliterator loads the table; characters it lacks stay as they are.
func newTransliterator() renamer {
	table := make(map[rune]string)
	for _, line := range strings.Split(asciiTable, "\n") {
		fields := strings.Split(line, "\t")
		if start, err := strconv.ParseInt(fields[0], 16, 32); err == nil {
			for i, replacement := range fields[1:] {
				table[rune(start)+rune(i)] = replacement
			}
		}
	}
	return func(name string) string {
		var converted strings.Builder
		for _, r := range name {
			if replacement, known := table[r]; known {
				converted.WriteString(replacement)
			} else {
				converted.WriteRune(r)
			}
		}
		return converted.String()
	}
}

// plan selects paths, names their targets, and orders the outcome.
func plan(cfg *config, rename renamer) ([]operation, error) {
	found := make(map[string]bool)
	for _, path := range cfg.paths {
		if trimmed := strings.TrimRight(path, "/"); trimmed != "" {
			path = trimmed
		}
		visit(path, cfg.maxDepth, cfg, found)
	}
	var ops []operation
	byTarget := make(map[string][]operation)
	for path := range found {
		dir, name := splitPath(path)
		if name == "" || name == "." || name == ".." {
			continue
		}
		if target := rename(name); target != name {
			if !strings.HasPrefix(target, "/") {
				target = dir + target
			}
			op := operation{path, target}
			ops = append(ops, op)
			byTarget[target] = append(byTarget[target], op)
		}
	}
	sort.Slice(ops, func(i, j int) bool { return ops[i].Source < ops[j].Source })
	for _, op := range ops {
		if same := byTarget[op.Target]; len(same) > 1 {
			lines := make([]string, len(same))
			for i, op := range same {
				lines[i] = op.Source + "->" + op.Target + "\n"
			}
			sort.Strings(lines)
			return nil, &failure{text: "Files will have the same name\n", detail: "\n" + strings.Join(lines, "")}
		}
	}
	return order(ops)
}

// visit collects path and, down to depth levels, what is below it; paths that
// do not exist are passed over.
func visit(path string, depth int, cfg *config, found map[string]bool) {
	info, err := os.Lstat(path)
	if err != nil {
		return
	}
	if !info.IsDir() || cfg.includeDirs {
		found[path] = true
	}
	if !info.IsDir() || depth <= 0 {
		return
	}
	entries, _ := os.ReadDir(path) // What cannot be read is left alone.
	for _, entry := range entries {
		if cfg.hidden || !strings.HasPrefix(entry.Name(), ".") {
			visit(strings.TrimRight(path, "/")+"/"+entry.Name(), depth-1, cfg, found)
		}
	}
}

// order puts the deepest operations first, and a file that is in another one's
// way before that one; it fails where that is impossible.
func order(ops []operation) ([]operation, error) {
	freed := make(map[string]bool)
	var ordered []operation
	for len(ops) > 0 {
		var blocked []operation
		for _, op := range ops {
			if freed[op.Target] || !exists(op.Target) {
				freed[op.Source] = true
				ordered = append(ordered, op)
			} else {
				blocked = append(blocked, op)
			}
		}
		if len(blocked) == len(ops) {
			return nil, &failure{text: "Conflict with existing path ", detail: blocked[0].String()}
		}
		ops = blocked
	}
	depth := func(i int) int { return strings.Count(ordered[i].Source, "/") }
	sort.SliceStable(ordered, func(i, j int) bool { return depth(i) > depth(j) })
	return ordered, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// invert turns operations round, last one first, to undo them.
func invert(ops []operation) []operation {
	inverted := make([]operation, 0, len(ops))
	for i := len(ops) - 1; i >= 0; i-- {
		inverted = append(inverted, operation{ops[i].Target, ops[i].Source})
	}
	return inverted
}

// execute does one renaming on disk, after a backup if one is wanted.
func execute(op operation, backup bool, out printer) error {
	if info, err := os.Stat(op.Source); backup && (err != nil || !info.IsDir()) {
		copied, err := backUp(op.Source)
		if err != nil {
			return &failure{text: "Cannot create a backup of ", detail: op.Source}
		}
		out.say(out.paint(bold, "Info: ") + " Backup created - " + out.paint(gray, op.Source+" -> "+copied))
	}
	if err := os.Rename(op.Source, op.Target); err != nil {
		reason := err.Error()
		var number syscall.Errno
		if errors.As(err, &number) {
			text := number.Error()
			reason = fmt.Sprintf("%s%s (os error %d)", strings.ToUpper(text[:1]), text[1:], int(number))
		}
		return &failure{text: "Cannot rename ", detail: op.String() + "\n" + reason}
	}
	return nil
}

// backUp copies a file to the first free name: x.bk, then x.bk.1 and so on.
func backUp(path string) (string, error) {
	target := path + ".bk"
	for i := 1; exists(target); i++ {
		target = fmt.Sprintf("%s.bk.%d", path, i)
	}
	from, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer from.Close()
	info, err := from.Stat()
	if err != nil {
		return "", err
	}
	to, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm())
	if err != nil {
		return "", err
	}
	if _, err := io.Copy(to, from); err != nil {
		to.Close()
		return "", err
	}
	return target, to.Close()
}
