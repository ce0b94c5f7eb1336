package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// matcher decides which paths fit the keywords and the base directory.
type matcher struct {
	keywords []string
	base     string
}

func (m *matcher) matches(path string) bool {
	base := strings.TrimRight(m.base, "/")
	if path != base && !strings.HasPrefix(path, base+"/") {
		return false
	}
	if len(m.keywords) == 0 {
		return true
	}
	rest := strings.ToLower(path)
	for i := len(m.keywords) - 1; i >= 0; i-- {
		at := strings.LastIndex(rest, m.keywords[i])
		if at < 0 {
			return false
		}
		// The last keyword has to lie in the last part of the path.
		if i == len(m.keywords)-1 && strings.Contains(rest[at+len(m.keywords[i]):], "/") {
			return false
		}
		rest = rest[:at]
	}
	return true
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// search lists the matches, best first, and forgets directories gone for long.
func (s *store) search(m *matcher, all bool, now uint64) []entry {
	slices.SortStableFunc(s.entries, func(a, b entry) int { return cmp.Compare(a.score(now), b.score(now)) })
	var found []entry
	for i := len(s.entries) - 1; i >= 0; i-- {
		e := s.entries[i]
		switch {
		case !m.matches(e.path):
		case all || isDir(e.path):
			found = append(found, e)
		case e.age(now) > expiry:
			s.drop(i)
		}
	}
	return found
}

func runQuery(in *invocation) error {
	s, err := openStore()
	if err != nil {
		return err
	}
	m := &matcher{base: in.values["base-dir"]}
	for _, keyword := range in.operands {
		m.keywords = append(m.keywords, strings.ToLower(keyword))
	}
	now := unixNow()
	found := s.search(m, in.has("all"), now)
	if err := s.save(); err != nil {
		return err
	}
	total := len(found)
	if exclude, given := in.values["exclude"]; given {
		found = slices.DeleteFunc(found, func(e entry) bool { return e.path == exclude })
	}
	switch {
	case in.has("interactive"):
		return choose(found, in.has("score"), now)
	case in.has("list"):
	case len(found) > 0:
		found = found[:1]
	case total > 0:
		return errors.New("you are already in the only match")
	default:
		return errors.New("no match found")
	}
	for _, e := range found {
		if in.has("score") {
			fmt.Println(e.withScore(now, " "))
		} else {
			fmt.Println(e.path)
		}
	}
	return nil
}

var fzfLooks = []string{
	"--exact", "--no-sort", "--bind=ctrl-z:ignore,btab:up,tab:down", "--cycle", "--keep-right",
	"--border=sharp", "--height=45%", "--info=inline", "--layout=reverse", "--tabstop=1", "--exit-0",
	`--preview=\command -p ls -Cp --color=always --group-directories-first {2..}`,
	"--preview-window=down,30%,sharp",
}

func fzf() *exec.Cmd {
	cmd := exec.Command("fzf", "--delimiter=\t", "--nth=2", "--read0")
	cmd.Stderr = os.Stderr
	if options, given := os.LookupEnv("_ZO_FZF_OPTS"); given {
		cmd.Env = append(os.Environ(), "FZF_DEFAULT_OPTS="+options)
	} else {
		cmd.Args = append(cmd.Args, fzfLooks...)
		cmd.Env = append(os.Environ(), "SHELL=sh", "FZF_DEFAULT_OPTS=")
	}
	return cmd
}

// choose lets the user pick one of the entries and prints it.
func choose(entries []entry, withScore bool, now uint64) error {
	var items strings.Builder
	for _, e := range entries {
		items.WriteString(e.withScore(now, "\t") + "\x00")
	}
	cmd := fzf()
	cmd.Stdin = strings.NewReader(items.String())
	out, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return errors.New("could not find fzf, is it installed?")
	case errors.As(err, &exit):
		return fzfFailure(exit.ExitCode())
	case err != nil:
		return describe(err, "could not launch fzf")
	}
	line := string(out)
	if _, path, ok := strings.Cut(line, "\t"); ok && !withScore {
		line = path
	}
	fmt.Print(line)
	return nil
}

func fzfFailure(code int) error {
	switch {
	case code == 1:
		return errors.New("no match found")
	case code == 2:
		return errors.New("fzf returned an error")
	case code == 130:
		return exitError(130)
	case code < 0, code >= 128 && code <= 254:
		return errors.New("fzf was terminated")
	}
	return errors.New("fzf returned an unknown error")
}
