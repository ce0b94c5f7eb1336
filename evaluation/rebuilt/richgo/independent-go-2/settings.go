package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Settings is everything a preference file can change.
type Settings struct {
	Labels          string // labelType: long, short, anything else is none
	Paints          [roleCount]Paint
	CoverThreshold  float64
	Removals        []string
	LeaveTestPrefix bool
}

// defaults returns the settings in force without any preference file.
func defaults() Settings {
	s := Settings{Labels: "long", CoverThreshold: 50}
	for r := range roles {
		s.Paints[r] = roles[r].Paint
	}
	return s
}

// preferencePaths lists the files to read, in order.
func preferencePaths() (paths []string) {
	cwd, _ := os.Getwd()
	dirs := []string{cwd}
	if os.Getenv("RICHGO_LOCAL") != "1" {
		for _, name := range []string{"GOPATH", "GOROOT", "HOME"} {
			if dir := os.Getenv(name); dir != "" {
				dirs = append(dirs, dir)
			}
		}
	}
	for _, dir := range dirs {
		for _, end := range []string{"", ".yaml", ".yml"} {
			paths = append(paths, filepath.Join(dir, ".richstyle"+end))
		}
	}
	return paths
}

// loadSettings lays every preference file over the defaults, later files over
// earlier ones. A faulty file is reported and skipped.
func loadSettings() Settings {
	s := defaults()
	for _, path := range preferencePaths() {
		source, err := os.ReadFile(path)
		if err != nil {
			if !os.IsNotExist(err) {
				log.Printf("error reading from %s :  %v", path, err)
			}
			continue
		}
		next := s
		if err = next.overlay(string(source)); err == nil {
			s = next
		} else {
			log.Printf("error unmarshaling yaml from %s :  %v", path, err)
		}
	}
	return s
}

// overlay copies what the text of a file says into the settings.
func (s *Settings) overlay(source string) error {
	facts, err := parseFacts(source)
	for i := 0; err == nil && i < len(facts); i++ {
		if err = s.accept(facts[i]); err != nil && err != errInk {
			err = fmt.Errorf("yaml: line %d: %v", facts[i].Line, err)
		}
	}
	return err
}

// accept takes over one fact; unknown keys are ignored.
func (s *Settings) accept(f Fact) (err error) {
	for r := range roles {
		switch key := roles[r].Key; {
		case key == "":
		case key == f.Section:
			return s.Paints[r].accept(f)
		case key == f.Key && f.Section == "":
			return fmt.Errorf("%s needs keys below it", key)
		}
	}
	switch f.Section + "." + f.Key {
	case ".labelType":
		s.Labels = f.Text
	case ".leaveTestPrefix":
		err = f.flag(&s.LeaveTestPrefix)
	case ".coverThreshold":
		s.CoverThreshold, err = strconv.ParseFloat(f.Text, 64)
	case "removals.":
		s.Removals = append(s.Removals[:len(s.Removals):len(s.Removals)], f.Text)
	}
	return err
}

// accept takes over one fact about a paint.
func (p *Paint) accept(f Fact) (err error) {
	switch f.Key {
	case "hide":
		return f.flag(&p.Hide)
	case "foreground":
		p.Fore, err = parseInk(f.Text)
	case "background":
		p.Back, err = parseInk(f.Text)
	}
	for i, key := range effectKeys {
		if key == f.Key {
			return f.flag(&p.Effects[i])
		}
	}
	return err
}

// Fact is one scalar of a preference file. Only the YAML that such files need
// is understood: two levels of keys, lists, and both in one-line flow form.
type Fact struct {
	Section string // the enclosing key, if any
	Key     string // empty for a list item
	Text    string // without quotes
	Line    int
}

var (
	pairForm    = regexp.MustCompile(`^["']?([^"':]+)["']?\s*:(?:\s+(.*))?$`)
	commentForm = regexp.MustCompile(`\s#[^"']*$`)
	flowForm    = regexp.MustCompile(`(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^,"'])+`)
)

// flag stores a truth value.
func (f Fact) flag(to *bool) error {
	switch strings.ToLower(f.Text) {
	case "true", "yes", "on":
		*to = true
	case "false", "no", "off":
		*to = false
	default:
		return fmt.Errorf("%s needs true or false, not %q", f.Key, f.Text)
	}
	return nil
}

// parseFacts flattens a preference file into its facts.
func parseFacts(source string) (facts []Fact, err error) {
	add := func(f Fact, text string) {
		if n := len(text); n >= 2 && strings.ContainsAny(text[:1], `"'`) && text[n-1] == text[0] {
			f.Text = strings.ReplaceAll(text[1:n-1], `\\`, `\`)
		} else if f.Text = text; text == "null" || text == "~" || text == "" {
			return
		}
		facts = append(facts, f)
	}
	section := ""
	for i, raw := range strings.Split(source, "\n") {
		text := strings.TrimSpace(commentForm.ReplaceAllString(raw, ""))
		if text == "" || text == "---" || text[0] == '#' {
			continue
		}
		f := Fact{Section: section, Line: i + 1}
		rest, isItem := strings.CutPrefix(text, "- ")
		if !isItem {
			m := pairForm.FindStringSubmatch(text)
			if m == nil {
				return nil, fmt.Errorf("yaml: line %d: a key with ':' is needed", i+1)
			}
			f.Key, rest = m[1], m[2]
			if raw[0] != ' ' {
				f.Section = ""
			}
			if rest == "" {
				section = f.Key
				continue
			}
		}
		closer := map[byte]string{'{': "}", '[': "]"}[rest[0]]
		if closer == "" || !strings.HasSuffix(rest, closer) {
			add(f, rest)
			continue
		}
		f.Section, f.Key = f.Key, ""
		for _, part := range flowForm.FindAllString(rest[1:len(rest)-1], -1) {
			part = strings.TrimSpace(part)
			if m := pairForm.FindStringSubmatch(part); m != nil && closer == "}" {
				f.Key, part = m[1], m[2]
			}
			add(f, part)
		}
	}
	return facts, nil
}
