package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

type rule struct {
	re       *regexp.Regexp
	negated  bool
	dirOnly  bool
	baseOnly bool
}

// ruleSet holds the patterns of one ignore file, relative to base.
type ruleSet struct {
	base  string
	rules []rule
}

type verdict int

const (
	undecided verdict = iota
	ignore
	keep
)

// parseRules reads gitignore syntax. With loose set, a lone leading slash
// does not anchor a pattern.
func parseRules(base, text string, loose bool) *ruleSet {
	set := &ruleSet{base: base}
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(line, " \t\r")
		if line == "" || line[0] == '#' {
			continue
		}
		var r rule
		if line[0] == '!' {
			r.negated, line = true, line[1:]
		}
		if strings.HasSuffix(line, "/") {
			r.dirOnly, line = true, strings.TrimSuffix(line, "/")
		}
		bare := strings.TrimPrefix(line, "/")
		r.baseOnly = !strings.Contains(bare, "/") && (loose || bare == line)
		re, err := regexp.Compile(globToRegexp(bare))
		if err != nil {
			continue
		}
		r.re = re
		set.rules = append(set.rules, r)
	}
	return set
}

func globToRegexp(glob string) string {
	var b strings.Builder
	b.WriteString(`(?s)^`)
	for i := 0; i < len(glob); i++ {
		rest := glob[i:]
		switch {
		case strings.HasPrefix(rest, "**/") && (i == 0 || glob[i-1] == '/'):
			b.WriteString(`(?:.*/)?`)
			i += 2
		case rest == "**" && (i == 0 || glob[i-1] == '/'):
			b.WriteString(`.+`)
			i++
		case rest[0] == '*':
			b.WriteString(`[^/]*`)
		case rest[0] == '?':
			b.WriteString(`[^/]`)
		case rest[0] == '[' && strings.Contains(rest[1:], "]"):
			end := 1 + strings.Index(rest[1:], "]")
			class := rest[1:end]
			if strings.HasPrefix(class, "!") {
				class = "^" + class[1:]
			}
			b.WriteString("[" + strings.ReplaceAll(class, `\`, `\\`) + "]")
			i += end
		case rest[0] == '\\' && len(rest) > 1:
			b.WriteString(regexp.QuoteMeta(rest[1:2]))
			i++
		default:
			b.WriteString(regexp.QuoteMeta(rest[:1]))
		}
	}
	return b.String() + "$"
}

func (s *ruleSet) check(path string, isDir bool) verdict {
	if s == nil {
		return undecided
	}
	rel, err := filepath.Rel(s.base, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return undecided
	}
	for i := len(s.rules) - 1; i >= 0; i-- {
		r := s.rules[i]
		subject := rel
		if r.baseOnly {
			subject = filepath.Base(rel)
		}
		if (isDir || !r.dirOnly) && r.re.MatchString(subject) {
			if r.negated {
				return keep
			}
			return ignore
		}
	}
	return undecided
}

// level is a directory's ignore files, linked to those of its parent.
type level struct {
	parent     *level
	plain, git *ruleSet
	isRepo     bool
}

func loadLevel(dir string, parent *level) *level {
	read := func(name string) string {
		data, _ := os.ReadFile(filepath.Join(dir, name))
		return string(data)
	}
	_, err := os.Stat(filepath.Join(dir, ".git"))
	return &level{
		parent: parent,
		plain:  parseRules(dir, read(".ignore"), false),
		git:    parseRules(dir, read(".git/info/exclude")+"\n"+read(".gitignore"), false),
		isRepo: err == nil,
	}
}

func loadAncestors(dir string) *level {
	parent := filepath.Dir(dir)
	if parent == dir {
		return nil
	}
	return loadLevel(parent, loadAncestors(parent))
}

func (l *level) ignores(extra *ruleSet, path string, isDir bool) bool {
	plain, git, repo := undecided, undecided, false
	for ; l != nil; l = l.parent {
		if plain == undecided {
			plain = l.plain.check(path, isDir)
		}
		if git == undecided && !repo {
			git = l.git.check(path, isDir)
		}
		repo = repo || l.isRepo
	}
	if !repo {
		git = undecided
	}
	for _, v := range []verdict{plain, git, extra.check(path, isDir)} {
		if v != undecided {
			return v == ignore
		}
	}
	return strings.HasPrefix(filepath.Base(path), ".")
}
