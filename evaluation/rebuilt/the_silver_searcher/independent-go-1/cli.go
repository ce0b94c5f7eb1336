package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"
)

var errDone = errors.New("nothing more to do")

type argKind int

const (
	noArg argKind = iota
	needsArg
	optionalArg
)

type flagSpec struct {
	kind argKind
	set  func(value string) error
}

// flags describes every option by its long name, or its letter.
func (o *options) flags() map[string]flagSpec {
	specs := map[string]flagSpec{}
	define := func(names string, kind argKind, set func(string)) {
		for _, name := range strings.Fields(names) {
			specs[name] = flagSpec{kind, func(v string) error { set(v); return nil }}
		}
	}
	for names, p := range map[string]*bool{
		"column": &o.column, "count c": &o.count, "follow f": &o.follow, "hidden": &o.hidden, "invert-match v": &o.invert,
		"literal fixed-strings Q F": &o.literal, "files-with-matches l": &o.list, "files-without-matches L": &o.listWithout,
		"only-matching o": &o.only, "passthrough passthru": &o.passthrough, "search-binary": &o.binary, "silent": &o.silent,
		"null print0 0": &o.nul, "stats": &o.stats, "stats-only": &o.statsOnly, "vimgrep": &o.vimgrep, "word-regexp w": &o.word,
		"skip-vcs-ignores U": &o.skipVCS, "all-text t": &o.skipAll, "norecurse n": &o.noRecurse, "parallel": &o.parallel,
	} {
		define(names, noArg, func(string) { *p = true })
	}
	for name, p := range map[string]**bool{"color": &o.color, "numbers": &o.numbers} {
		yes, no := true, false
		define(name, noArg, func(string) { *p = &yes })
		define("no"+name, noArg, func(string) { *p = &no })
	}
	for names, p := range map[string]*int{"depth": &o.depth, "max-count m": &o.maxCount, "width W": &o.width} {
		define(names, needsArg, func(v string) { *p, _ = strconv.Atoi(v) })
	}
	for name, p := range map[string]*string{"color-line-number": &o.colorLine, "color-match": &o.colorMatch, "color-path": &o.colorPath} {
		define(name, needsArg, func(v string) { *p = v })
	}
	yes, no := true, false
	layout := func(names string, brk *bool, style pathStyle, grouped bool) {
		define(names, noArg, func(string) {
			o.grouped = grouped
			if brk != nil {
				o.brk = brk
			}
			if style != pathDefault {
				o.path = style
			}
		})
	}
	layout("break group", &yes, pathDefault, true)
	layout("nobreak", &no, pathDefault, true)
	layout("nogroup", &no, pathDefault, false)
	layout("heading H", nil, pathTop, true)
	layout("noheading", nil, pathEach, true)
	define("filename", noArg, func(string) { o.path = pathDefault })
	define("nofilename", noArg, func(string) {
		o.path, o.grouped = pathNone, true
		if o.numbers == nil {
			o.numbers = &no
		}
	})
	define("all-types a", noArg, func(string) { o.skipAll, o.binary = true, true })
	define("unrestricted u", noArg, func(string) { o.skipAll, o.binary, o.hidden = true, true, true })
	define("ignore-case i", noArg, func(string) { o.casing = 'i' })
	define("case-sensitive s", noArg, func(string) { o.casing = 's' })
	define("smart-case S", noArg, func(string) { o.casing = 0 })
	define("recurse r R", noArg, func(string) { o.noRecurse = false })
	define("debug D search-zip z print-long-lines print-all-files ackmate", noArg, func(string) {})
	define("filename-pattern g", needsArg, func(v string) { o.namesOnly, o.pattern, o.namePattern = true, &v, &v })
	define("file-search-regex G", needsArg, func(v string) { o.namePattern = &v })
	define("ignore ignore-dir", needsArg, func(v string) { o.ignores.add(v) })
	define("path-to-ignore p", needsArg, func(v string) { o.ignores.load(v) })
	define("after A", optionalArg, func(v string) { o.after, _ = strconv.Atoi(v) })
	define("before B", optionalArg, func(v string) { o.before, _ = strconv.Atoi(v) })
	define("context C", optionalArg, func(v string) { o.after, _ = strconv.Atoi(v); o.before = o.after })
	show := func(names, text string) {
		for _, name := range strings.Fields(names) {
			specs[name] = flagSpec{noArg, func(string) error { fmt.Print(text); return errDone }}
		}
	}
	show("help h", usage)
	show("version V", "ag version 2.2.0\n\nFeatures:\n  +jit +lzma +zlib\n")
	listing := "The following file types are supported:\n"
	for _, line := range strings.Split(fileTypes, ";") {
		words := strings.Fields(line)
		listing += "  --" + words[0] + "\n      ." + strings.Join(words[1:], "  .") + "\n\n"
		define(words[0], noArg, func(string) { o.types = append(o.types, line) })
	}
	show("list-file-types", listing)
	return specs
}

// lookup finds a long option by its name or an unambiguous beginning of it.
func lookup(specs map[string]flagSpec, name string) (flagSpec, error) {
	if spec, ok := specs[name]; ok && len(name) > 1 {
		return spec, nil
	}
	var full []string
	for candidate := range specs {
		if len(candidate) > 1 && strings.HasPrefix(candidate, name) {
			full = append(full, candidate)
		}
	}
	switch len(full) {
	case 0:
		return flagSpec{}, fmt.Errorf("unrecognized option '--%s'", name)
	case 1:
		return specs[full[0]], nil
	}
	return flagSpec{}, fmt.Errorf("option '--%s' is ambiguous; possibilities: '--%s'", name, strings.Join(full, "' '--"))
}

// parse reads the options and returns the other arguments.
func (o *options) parse(args []string) (rest []string, err error) {
	specs := o.flags()
	args = args[1:]
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case arg == "--":
			return append(rest, args...), nil
		case strings.HasPrefix(arg, "--"):
			name, value, given := strings.Cut(arg[2:], "=")
			spec, err := lookup(specs, name)
			if err != nil {
				return nil, err
			}
			if spec.kind == needsArg && !given {
				if len(args) == 0 {
					return nil, fmt.Errorf("option '--%s' requires an argument", name)
				}
				value, args = args[0], args[1:]
			}
			if spec.kind == optionalArg && !given {
				value = "2"
			}
			if err := spec.set(value); err != nil {
				return nil, err
			}
		case len(arg) > 1 && arg[0] == '-':
			if args, err = o.parseLetters(specs, arg[1:], args); err != nil {
				return nil, err
			}
		default:
			rest = append(rest, arg)
		}
	}
	return rest, nil
}

func (o *options) parseLetters(specs map[string]flagSpec, letters string, args []string) ([]string, error) {
	for letters != "" {
		letter := letters[:1]
		letters = letters[1:]
		spec, ok := specs[letter]
		if !ok {
			return nil, fmt.Errorf("invalid option -- '%s'", letter)
		}
		value := ""
		if spec.kind != noArg {
			value, letters = letters, ""
			if value == "" && len(args) == 0 {
				return nil, fmt.Errorf("option requires an argument -- '%s'", letter)
			}
			if value == "" {
				value = args[0]
				if _, err := strconv.Atoi(value); err != nil && spec.kind == optionalArg {
					value = "2"
				} else {
					args = args[1:]
				}
			}
		}
		if err := spec.set(value); err != nil {
			return nil, err
		}
	}
	return args, nil
}

type ignoreList []string

func (l *ignoreList) add(pattern string) {
	pattern = strings.TrimRight(pattern, " \t\r\n")
	if len(pattern) > 1 {
		pattern = strings.TrimSuffix(pattern, "/")
	}
	if pattern != "" && pattern[0] != '#' {
		*l = append(*l, pattern)
	}
}

func (l *ignoreList) load(name string) {
	f, err := os.Open(name)
	if err != nil {
		return
	}
	defer f.Close()
	for in := bufio.NewScanner(f); in.Scan(); {
		l.add(in.Text())
	}
}

// ignoreScope holds the patterns that apply below one directory.
type ignoreScope struct {
	parent *ignoreScope
	list   ignoreList
	base   string
}

func (s *ignoreScope) ignored(full, name string, isDir bool) bool {
	found := false
	for ; s != nil; s = s.parent {
		local := strings.TrimPrefix(full, s.base)
		for _, pattern := range s.list {
			plain, negated := strings.CutPrefix(pattern, "!")
			if matchesIgnore(plain, full, local, name, isDir) {
				if negated {
					return false
				}
				found = true
			}
		}
	}
	return found
}

func matchesIgnore(pattern, full, local, name string, isDir bool) bool {
	glob := func(text string) bool {
		ok, err := path.Match(pattern, text)
		return err == nil && ok
	}
	anchored := strings.HasPrefix(pattern, "/")
	if strings.ContainsAny(pattern, "*?[") {
		if anchored {
			return glob("/" + local)
		}
		return glob(name) || glob(full) || (isDir && glob(name+"/"))
	}
	if anchored {
		return pattern == "/"+local
	}
	return strings.HasSuffix("/"+full, "/"+pattern)
}

func (s *searcher) paint(text, color string) string {
	if !s.showColor {
		return text
	}
	return "\033[" + color + "m" + text + "\033[0m\033[K"
}

func (s *searcher) terminator() string {
	if s.opts.nul {
		return "\x00"
	}
	return "\n"
}

func (s *searcher) printName(name, end string) {
	s.out.WriteString(s.paint(name, s.opts.colorPath) + end)
}

func (s *searcher) startFile(name string) {
	if s.showBreak && s.filesShown > 0 {
		s.out.WriteByte('\n')
	}
	s.filesShown++
	if s.opts.path == pathTop {
		s.printName(name, s.terminator())
	}
}

func (s *searcher) printPrefix(name string, number int, separator string, column int) {
	if s.opts.path == pathEach {
		s.printName(name, ":")
	}
	if s.showNumbers {
		s.out.WriteString(s.paint(strconv.Itoa(number), s.opts.colorLine) + separator)
	}
	if s.opts.column && column >= 0 {
		fmt.Fprintf(s.out, "%d:", column)
	}
}

// printText writes one line, with the matches in it coloured.
func (s *searcher) printText(buf []byte, line span, matches []span) {
	end, cut := line.end, false
	if s.opts.width > 0 && line.end-line.start > s.opts.width {
		end, cut = line.start+s.opts.width, true
	}
	at, reset := line.start, ""
	newline := line.end < len(buf)
	for _, m := range matches {
		if !s.showColor || m.start > line.end || (s.opts.width > 0 && m.end-line.start >= s.opts.width) {
			break
		}
		from := max(m.start, at)
		s.out.Write(buf[at:from])
		s.out.WriteString("\033[" + s.opts.colorMatch + "m")
		at = min(m.end, end)
		s.out.Write(buf[from:at])
		if m.end > line.end {
			reset = "\033[0m\033[K"
			break
		}
		s.out.WriteString("\033[0m\033[K")
	}
	s.out.Write(buf[at:end])
	if cut {
		s.out.WriteString(" [...]")
	}
	if newline || !s.stream {
		s.out.WriteString("\n" + reset)
	}
	if cut && !newline && !s.stream {
		s.out.WriteByte('\n')
	}
}

func (s *searcher) printContext(name string, buf []byte, line span, number int) {
	if s.opts.vimgrep {
		fmt.Fprintf(s.out, "%d:", number)
	} else {
		s.printPrefix(name, number, "-", -1)
	}
	s.printText(buf, line, nil)
}

// printMatch writes a line whose first match is the first one given.
func (s *searcher) printMatch(name string, buf []byte, line span, number int, matches []span) {
	if !s.opts.vimgrep && !s.opts.only {
		s.printPrefix(name, number, ":", max(0, matches[0].start-line.start+1))
		s.printText(buf, line, matches)
		return
	}
	last := line.end >= len(buf)
	for _, m := range matches {
		if m.start > line.end {
			break
		}
		if m.start < line.start {
			continue
		}
		s.printPrefix(name, number, ":", m.start-line.start+1)
		switch {
		case s.opts.only && !s.opts.vimgrep:
			s.out.WriteString(s.paint(strings.TrimSuffix(string(buf[m.start:m.end]), "\n"), s.opts.colorMatch) + "\n")
		case last:
			s.out.WriteString(string(buf[line.start:line.end]) + "\x00\n")
		default:
			s.out.WriteString(string(buf[line.start:line.end]) + "\n")
		}
	}
	if last && s.opts.only && !s.opts.vimgrep && !s.stream {
		s.out.WriteByte('\n')
	}
}

// printFile writes the matching lines of a file and their context.
func (s *searcher) printFile(name string, buf []byte, lines, matches []span) {
	s.startFile(name)
	first := make([][]span, len(lines))
	shown := make([]bool, len(lines))
	for i, line := range lines {
		for len(matches) > 0 && matches[0].end <= line.start && matches[0].start < line.start {
			matches = matches[1:]
		}
		if len(matches) > 0 && line.touches(matches[0]) && line.start < len(buf) {
			first[i] = matches
			for j := max(0, i-s.opts.before); j <= i+s.opts.after && j < len(lines); j++ {
				shown[j] = true
			}
		}
	}
	last := -1
	for i, line := range lines {
		if !shown[i] || (line.start == len(buf) && buf[len(buf)-1] != '\n') {
			continue
		}
		if last >= 0 && i > last+1 && s.opts.before+s.opts.after > 0 {
			s.out.WriteString("--\n")
		}
		last = i
		if first[i] != nil {
			s.printMatch(name, buf, line, i+1, first[i])
		} else {
			s.printContext(name, buf, line, i+1)
		}
	}
}
