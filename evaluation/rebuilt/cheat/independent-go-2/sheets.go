package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// sheet is one cheatsheet file, read.
type sheet struct {
	title, file string
	dir         *sheetDir
	tags        []string // sorted; includes the cheatpath's tags
	syntax      string
	body        string // without front-matter
}

// readAll loads every sheet of every cheatpath, in cheatpath order.
func readAll(dirs []sheetDir) ([]sheet, error) {
	var out []sheet
	for i := range dirs {
		dir := &dirs[i]
		err := filepath.WalkDir(dir.path, func(p string, e fs.DirEntry, err error) error {
			if err != nil {
				return fmt.Errorf("cannot walk %s: %w", p, err)
			}
			if e.IsDir() {
				if e.Name() == ".git" {
					return filepath.SkipDir
				}
				return nil
			}
			title, err := filepath.Rel(dir.path, p)
			if err != nil || filepath.Ext(title) != "" /* hidden, or not a sheet */ {
				return err
			}
			s, err := readSheet(title, p, dir)
			if err != nil {
				return fmt.Errorf("failed to load sheet: %s, path: %s, err: %w", title, p, err)
			}
			out = append(out, s)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("failed to list cheatsheets: failed to load cheatsheets: %w", err)
		}
	}
	return out, nil
}

// readSheet reads one file and splits off its front-matter.
func readSheet(title, file string, dir *sheetDir) (sheet, error) {
	s := sheet{title: title, file: file, dir: dir}
	data, err := os.ReadFile(file)
	if err != nil {
		return s, fmt.Errorf("failed to read file: %s, %w", file, err)
	}
	head, body, err := splitFrontMatter(string(data))
	if err != nil {
		return s, fmt.Errorf("failed to parse front-matter: %w", err)
	}
	s.body = body
	top, _, err := parseYAML(head)
	if err == nil {
		s.syntax = top.at("syntax").text
		s.tags, err = top.at("tags").texts()
	}
	if err != nil {
		return s, fmt.Errorf("failed to parse front-matter: failed to unmarshal frontmatter: %w", err)
	}
	s.tags = append(s.tags, dir.tags...)
	sort.Strings(s.tags)
	s.tags = slices.Compact(s.tags)
	return s, nil
}

// splitFrontMatter separates a "---" delimited head from the text below.
func splitFrontMatter(text string) (head, body string, err error) {
	for _, mark := range []string{"---\n", "---\r\n"} {
		if rest, ok := strings.CutPrefix(text, mark); ok {
			head, body, ok = strings.Cut(rest, mark)
			if !ok {
				return "", "", errors.New("failed to delimit frontmatter")
			}
			return head, body, nil
		}
	}
	return "", text, nil
}

// withTags keeps the sheets that carry all of a comma-separated tag list.
func withTags(all []sheet, list string) (out []sheet) {
	for _, s := range all {
		match := true
		for _, t := range strings.Split(list, ",") {
			match = match && slices.Contains(s.tags, strings.TrimSpace(t))
		}
		if match {
			out = append(out, s)
		}
	}
	return out
}

// titled keeps the sheets of one exact title.
func titled(all []sheet, title string) (out []sheet) {
	for _, s := range all {
		if s.title == title {
			out = append(out, s)
		}
	}
	return out
}

// matchingParagraphs keeps the blank-line separated parts a pattern hits.
func matchingParagraphs(body string, pattern *regexp.Regexp) string {
	var hits []string
	for _, p := range strings.Split(body, "\n\n") {
		if pattern.MatchString(p) {
			hits = append(hits, p)
		}
	}
	return strings.Join(hits, "\n\n")
}

// checkName refuses names that would leave the cheatpath or stay invisible.
func checkName(name string) error {
	for _, rule := range []struct {
		broken  bool
		problem string
	}{
		{name == "", "cannot be empty"},
		{strings.Contains(name, ".."), "cannot contain '..'"},
		{filepath.IsAbs(name), "cannot be an absolute path"},
		{strings.HasPrefix(filepath.Base(name), "."), "cannot start with '.' (hidden files are not supported)"},
	} {
		if rule.broken {
			return errors.New("invalid cheatsheet name: cheatsheet name " + rule.problem)
		}
	}
	return nil
}
