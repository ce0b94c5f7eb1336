package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// stdinName stands for standard input among the targets.
const stdinName = "<standard-input>"

// Target is one thing named on the command line.
type Target struct {
	Name      string // as it is shown in messages
	Path      string // absolute
	Dir       bool
	Recursive bool
}

// NewTarget resolves a command line argument.
func NewTarget(arg string, recursive bool) (Target, error) {
	t := Target{Name: arg, Path: arg, Recursive: recursive}
	if arg == "./..." {
		t.Path, t.Recursive = ".", true
	}
	var err error
	if arg != stdinName {
		t.Path, err = filepath.Abs(t.Path)
	}
	info, statErr := os.Stat(t.Path)
	t.Dir = statErr == nil && info.IsDir()
	return t, err
}

// Excludes are patterns of paths to leave out, absolute.
type Excludes []string

// NewExcludes reads comma-separated patterns, relative to the given base.
func NewExcludes(list, base string) Excludes {
	var ex Excludes
	for _, pattern := range splitList(list) {
		ex = append(ex, filepath.Join(base, pattern))
	}
	return ex
}

// splitList takes a comma-separated list apart, leaving out empty items.
func splitList(list string) (items []string) {
	for _, item := range strings.Split(list, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// Match tells whether the absolute path is to be left out.
func (ex Excludes) Match(path string) bool {
	for _, pattern := range ex {
		if ok, err := filepath.Match(pattern, path); path == pattern || err == nil && ok {
			return true
		}
	}
	return false
}

// Files calls visit for each Go file of a directory target.
func (t Target) Files(ex Excludes, visit func(path string) error) error {
	return filepath.WalkDir(t.Path, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if path != t.Path && (!t.Recursive || ex.Match(path)) {
				return filepath.SkipDir
			}
			return nil
		case !strings.HasSuffix(path, ".go") || ex.Match(path):
			return nil
		}
		return visit(path)
	})
}

// ProjectName finds the module path in the nearest go.mod at or above dir.
func ProjectName(dir string) (string, error) {
	for ; ; dir = filepath.Dir(dir) {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err != nil && dir == filepath.Dir(dir) {
			return "", errors.New("open go.mod: no such file or directory")
		}
		for _, line := range strings.Split(string(text), "\n") {
			if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "module" {
				return strings.Trim(fields[1], "\"`"), nil
			}
		}
	}
}
