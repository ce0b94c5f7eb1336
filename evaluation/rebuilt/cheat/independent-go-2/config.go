package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// configTemplate is the default conf.yml with placeholders.
//
//go:embed conf_template.txt
var configTemplate string

// sheetDir is a cheatpath: a named directory that holds cheatsheets.
type sheetDir struct {
	name, path string
	tags       []string
	readOnly   bool
}

// settings is a validated conf.yml.
type settings struct {
	file                     string
	editor, pager, formatter string
	dirs                     []sheetDir // most global first
}

// configCandidates lists where conf.yml may be, most preferred first.
func configCandidates() []string {
	if p, set := os.LookupEnv("CHEAT_CONFIG_PATH"); set {
		return []string{expandHome(p)}
	}
	var out []string
	if xdg := os.Getenv("XDG_CONFIG_HOME"); xdg != "" {
		out = append(out, filepath.Join(xdg, "cheat/conf.yml"))
	}
	return append(out, expandHome("~/.config/cheat/conf.yml"), expandHome("~/.cheat/conf.yml"), "/etc/cheat/conf.yml")
}

// expandHome replaces a leading "~" by the home directory.
func expandHome(p string) string {
	if p == "~" || strings.HasPrefix(p, "~/") {
		return os.Getenv("HOME") + p[1:]
	}
	return p
}

// locateConfig returns the first existing candidate, or "".
func locateConfig() string {
	for _, p := range configCandidates() {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	return ""
}

// readSettings loads and checks a config file.
func readSettings(file string) (*settings, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	s, err := decodeSettings(string(data))
	if err != nil {
		return nil, fmt.Errorf("could not unmarshal yaml: %w", err)
	}
	s.file = file
	if local := nearestLocalDir(); local != "" {
		s.dirs = append(s.dirs, sheetDir{name: "cwd", path: local})
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("config error: %w", err)
	}
	for _, env := range []string{"EDITOR", "VISUAL"} { // the later one wins
		if v := os.Getenv(env); v != "" {
			s.editor = v
		}
	}
	if s.editor == "" {
		s.editor = installed("", "editor", "vi")
	}
	return s, nil
}

// decodeSettings turns YAML text into settings. Cheatpaths that do not exist
// are left out with a warning.
func decodeSettings(text string) (*settings, error) {
	top, items, err := parseYAML(text)
	if err != nil {
		return nil, err
	}
	s := &settings{editor: top.at("editor").text, pager: top.at("pager").text, formatter: top.at("formatter").text}
	if _, err := top.at("colorize").flag(); err != nil {
		return nil, err
	}
	for _, item := range items {
		tags, errTags := item.at("tags").texts()
		readOnly, errFlag := item.at("readonly").flag()
		if err := errors.Join(errTags, errFlag); err != nil {
			return nil, err
		}
		path := filepath.Clean(expandHome(item.at("path").text))
		if _, err := os.Stat(path); err != nil {
			fmt.Fprintf(os.Stderr, "WARNING: cheatpath '%s' does not exist, skipping\n", path)
			continue
		}
		s.dirs = append(s.dirs, sheetDir{item.at("name").text, path, tags, readOnly})
	}
	return s, nil
}

// nearestLocalDir finds a .cheat directory here or in an ancestor.
func nearestLocalDir() string {
	at, _ := os.Getwd()
	for {
		candidate := filepath.Join(at, ".cheat")
		if info, err := os.Stat(candidate); err == nil && info.IsDir() {
			return candidate
		}
		if at == filepath.Dir(at) {
			return ""
		}
		at = filepath.Dir(at)
	}
}

// check enforces what a config must fulfil.
func (s *settings) check() error {
	seen := map[string]bool{}
	for _, dir := range s.dirs {
		if dir.name == "" {
			return errors.New("cheatpath name cannot be empty")
		}
		if seen[dir.name] {
			return fmt.Errorf("cheatpath name is not unique: %s", dir.name)
		}
		seen[dir.name] = true
	}
	if len(s.dirs) == 0 {
		return errors.New("no cheatpaths specified")
	}
	if _, known := palettes[s.formatter]; !known {
		return fmt.Errorf("formatter is invalid: %s", s.formatter)
	}
	return nil
}

// installed returns the preferred command, or else the first of the named
// programs that can be found.
func installed(preferred string, names ...string) string {
	for _, n := range names {
		if p, err := exec.LookPath(n); err == nil && preferred == "" {
			return p
		}
	}
	return preferred
}

// defaultConfig renders the config text for a conf.yml in the given place.
func defaultConfig(file string) string {
	return strings.NewReplacer(
		"@EDITOR@", installed(os.Getenv("EDITOR"), "editor", "vi"),
		"@PAGER@", installed(os.Getenv("PAGER"), "pager", "less", "more"),
		"@SHEETS@", filepath.Join(filepath.Dir(file), "cheatsheets"),
	).Replace(configTemplate)
}
