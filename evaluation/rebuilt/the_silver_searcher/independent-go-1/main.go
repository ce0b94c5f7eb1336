// Command program searches a tree of files for a pattern, honouring ignore files.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
	"time"
)

type pathStyle int

const (
	pathDefault pathStyle = iota
	pathNone
	pathTop
	pathEach
)

type options struct {
	after, before, depth, maxCount, width                     int
	casing                                                    rune
	path                                                      pathStyle
	grouped, parallel, noRecurse                              bool
	column, count, follow, hidden, invert, literal            bool
	list, listWithout, only, passthrough, binary, silent, nul bool
	stats, statsOnly, vimgrep, word, skipVCS, skipAll         bool
	namesOnly                                                 bool
	brk, color, numbers                                       *bool
	pattern, namePattern                                      *string
	colorPath, colorMatch, colorLine                          string
	types                                                     []string
	ignores                                                   ignoreList
}

type span struct{ start, end int }

type searcher struct {
	opts        *options
	query       *regexp.Regexp
	wanted      func(path string) bool
	out         *bufio.Writer
	filesShown  int
	success     bool
	matches     int
	filesHit    int
	filesSeen   int
	bytesSeen   int
	showBreak   bool
	showColor   bool
	showNumbers bool
	stream      bool
}

func (o *options) complain(format string, args ...any) {
	if !o.silent {
		fmt.Fprintf(os.Stderr, "ERR: "+format+"\n", args...)
	}
}

// compile builds a regular expression with the case rules of the options.
func (o *options) compile(pattern string, word bool) (*regexp.Regexp, error) {
	expr := pattern
	if o.literal {
		expr = regexp.QuoteMeta(pattern)
	}
	if _, err := regexp.Compile(expr); err != nil {
		return nil, describe(pattern, err)
	}
	if word {
		expr = `\b(?:` + expr + `)\b`
	}
	flags := "(?m)"
	if o.casing == 'i' || (o.casing != 's' && strings.ToLower(pattern) == pattern) {
		flags = "(?mi)"
	}
	return regexp.Compile(flags + expr)
}

// describe words a syntax error the way users of Perl-like expressions know it.
func describe(pattern string, err error) error {
	var bad *syntax.Error
	if !errors.As(err, &bad) {
		return err
	}
	at, message := len(pattern), err.Error()
	switch bad.Code {
	case syntax.ErrMissingParen:
		message = "missing )"
	case syntax.ErrUnexpectedParen:
		message = "unmatched parentheses"
		at = strings.LastIndexByte(pattern, ')')
	case syntax.ErrMissingBracket:
		message = "missing terminating ] for character class"
	case syntax.ErrTrailingBackslash:
		message = `\ at end of pattern`
	case syntax.ErrMissingRepeatArgument:
		message = "nothing to repeat"
		at = strings.Index(pattern, bad.Expr)
	case syntax.ErrInvalidRepeatOp:
		message = "nothing to repeat"
		at = strings.Index(pattern, bad.Expr) + len(bad.Expr) - 1
	case syntax.ErrInvalidRepeatSize:
		message = "numbers out of order in {} quantifier"
		at = strings.Index(pattern, bad.Expr) + len(bad.Expr) - 1
	case syntax.ErrInvalidCharRange:
		message = "range out of order in character class"
		at = strings.Index(pattern, bad.Expr) + len(bad.Expr) - 1
	}
	return fmt.Errorf("position %d: %s", at, message)
}

func (s *searcher) find(name string, buf []byte) []span {
	if *s.opts.pattern == "" {
		return []span{{0, len(buf)}}
	}
	limit := -1
	if s.opts.maxCount > 0 {
		limit = s.opts.maxCount
	}
	var found []span
	for _, m := range s.query.FindAllIndex(buf, limit) {
		if m[0] < len(buf) {
			found = append(found, span{m[0], m[1]})
		}
	}
	if limit > 0 && len(found) >= limit {
		s.opts.complain("Too many matches in %s. Skipping the rest of this file.", name)
	}
	return found
}

// splitLines gives the extent of every line, without its newline. A final
// newline is followed by one more, empty line.
func splitLines(buf []byte) []span {
	var lines []span
	start := 0
	for i, c := range buf {
		if c == '\n' {
			lines = append(lines, span{start, i})
			start = i + 1
		}
	}
	return append(lines, span{start, len(buf)})
}

// touches reports whether a match covers some of the line, or its newline.
func (l span) touches(m span) bool {
	return m.start <= l.end && (m.end > l.start || m.start >= l.start)
}

// invert gives the stretches of whole lines between the matches.
func invert(lines, matches []span, size int) []span {
	var gaps []span
	open := false
	for _, l := range lines {
		for len(matches) > 0 && matches[0].end <= l.start && matches[0].start < l.start {
			matches = matches[1:]
		}
		hit := len(matches) > 0 && l.touches(matches[0])
		switch {
		case hit || l.start >= size:
			open = false
		case open:
			gaps[len(gaps)-1].end = min(l.end+1, size)
		default:
			gaps = append(gaps, span{l.start, min(l.end+1, size)})
			open = true
		}
	}
	return gaps
}

func looksBinary(buf []byte) bool {
	head := buf[:min(len(buf), 512)]
	text := string(head)
	if strings.HasPrefix(text, "\xef\xbb\xbf") {
		return false
	}
	if strings.HasPrefix(text, "%PDF-") || strings.IndexByte(text, 0) >= 0 {
		return true
	}
	odd := 0
	for i := 0; i < len(head); i++ {
		switch c := head[i]; {
		case c >= 0xc2 && c < 0xe0 && i+1 < len(head):
			i++
		case c >= 0xe0 && c < 0xf0 && i+1 < len(head):
			i += 2
		case c < 7 || (c > 14 && c < 32) || c > 127:
			odd++
		}
	}
	return odd*10 > len(head)
}

func (s *searcher) searchFile(name string) {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return
	}
	buf, err := os.ReadFile(name)
	if err != nil {
		s.opts.complain("Skipping %s: Error opening file: %v", name, err)
		return
	}
	binary := looksBinary(buf)
	if binary && !s.opts.binary {
		return
	}
	matches := s.find(name, buf)
	lines := splitLines(buf)
	if s.opts.invert {
		matches = invert(lines, matches, len(buf))
	}
	s.account(len(buf), len(matches))
	if s.opts.listWithout {
		s.success = s.success || len(matches) == 0
	}
	defer s.out.Flush()
	hit := len(matches) > 0
	switch {
	case s.opts.statsOnly && !s.opts.count:
	case s.opts.listWithout:
		if !hit {
			s.printName(name, s.terminator())
		}
	case !hit:
	case s.opts.count:
		if s.opts.path != pathNone {
			s.printName(name, ":")
		}
		s.out.WriteString(s.paint(strconv.Itoa(len(matches)), s.opts.colorLine) + s.terminator())
	case s.opts.list:
		s.printName(name, s.terminator())
	case binary:
		fmt.Fprintf(s.out, "Binary file %s matches.\n", name)
	default:
		s.printFile(name, buf, lines, matches)
	}
}

func (s *searcher) account(size, matches int) {
	s.filesSeen++
	s.bytesSeen += size
	s.matches += matches
	if matches > 0 {
		s.filesHit++
		s.success = s.success || !s.opts.listWithout
	}
}

func (s *searcher) searchStream(in io.Reader) error {
	s.stream = true
	reader := bufio.NewReader(in)
	var before [][]byte
	left := 0
	for number := 1; ; number++ {
		buf, err := reader.ReadBytes('\n')
		if len(buf) == 0 {
			if err == io.EOF {
				return nil
			}
			return err
		}
		line := span{0, len(buf)}
		if buf[len(buf)-1] == '\n' {
			line.end--
		}
		matches := s.find("", buf)
		if s.opts.invert {
			matches = invert([]span{line}, matches, len(buf))
		}
		s.account(len(buf), len(matches))
		switch {
		case s.opts.list || s.opts.listWithout || (s.opts.statsOnly && !s.opts.count):
		case len(matches) > 0 && s.opts.count:
			fmt.Fprintln(s.out, len(matches))
		case len(matches) > 0:
			for i, b := range before {
				s.printContext("", b, span{0, len(b) - 1}, number-len(before)+i)
			}
			before = nil
			s.printMatch("", buf, line, number, matches)
			left = s.opts.after
		case left > 0 || s.opts.passthrough:
			s.printContext("", buf, line, number)
			left--
		case s.opts.before > 0:
			before = append(before, buf)
			before = before[max(0, len(before)-s.opts.before):]
		}
		s.out.Flush()
	}
}

func (s *searcher) searchDir(dir string, parent *ignoreScope, depth int) {
	f, err := os.Open(path.Join(".", dir))
	if err != nil {
		s.opts.complain("Error opening directory %s: %v", dir, errors.Unwrap(err))
		return
	}
	entries, err := f.ReadDir(-1)
	f.Close()
	if err != nil {
		s.opts.complain("Error opening directory %s: %v", dir, errors.Unwrap(err))
		return
	}
	scope := &ignoreScope{parent: parent}
	if depth > 0 {
		scope.base = dir + "/"
	}
	if !s.opts.skipAll {
		scope.list.load(path.Join(dir, ".ignore"))
		if !s.opts.skipVCS {
			for _, name := range []string{".gitignore", ".git/info/exclude", ".hgignore"} {
				scope.list.load(path.Join(dir, name))
			}
		}
	}
	for _, entry := range entries {
		s.visit(dir, entry, scope, depth)
	}
}

func (s *searcher) visit(dir string, entry os.DirEntry, scope *ignoreScope, depth int) {
	name := path.Join(dir, entry.Name())
	if strings.HasPrefix(entry.Name(), ".") && !s.opts.hidden {
		return
	}
	isDir := entry.IsDir()
	if entry.Type()&os.ModeSymlink != 0 {
		if !s.opts.follow {
			return
		}
		info, err := os.Stat(name)
		if err != nil {
			s.opts.complain("Skipping %s: Error fstat()ing file.", name)
			return
		}
		isDir = info.IsDir()
	}
	switch {
	case scope.ignored(name, entry.Name(), isDir):
	case isDir:
		if !s.opts.noRecurse && (s.opts.depth < 0 || depth < s.opts.depth) {
			s.searchDir(name, scope, depth+1)
		}
	case !s.wanted(name):
	case s.opts.namesOnly:
		s.printName(name, s.terminator())
		s.success = true
	default:
		s.searchFile(name)
	}
}

// fileFilter decides by type or by name which files are searched.
func (o *options) fileFilter() (func(string) bool, error) {
	if len(o.types) > 0 {
		known := map[string]bool{}
		for _, line := range o.types {
			for _, ext := range strings.Fields(line)[1:] {
				known["."+ext] = true
			}
		}
		return func(name string) bool { return known[path.Ext(name)] }, nil
	}
	if o.namePattern == nil {
		return func(string) bool { return true }, nil
	}
	re, err := o.compile(*o.namePattern, false)
	if err != nil {
		return nil, err
	}
	return re.MatchString, nil
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && info.Name() != "null"
}

func (s *searcher) settle(paths []string) (streaming bool) {
	o := s.opts
	tty := isTerminal(os.Stdout)
	single := false
	if len(paths) == 1 {
		info, err := os.Stat(paths[0])
		single = err == nil && !info.IsDir()
	}
	if len(paths) == 0 && !o.parallel && !o.namesOnly && !o.vimgrep {
		info, err := os.Stdin.Stat()
		streaming = err == nil && (info.Mode().IsRegular() || info.Mode()&os.ModeNamedPipe != 0)
	}
	choose := func(set *bool, otherwise bool) bool {
		if set != nil {
			return *set
		}
		return otherwise
	}
	if o.path == pathDefault {
		switch {
		case single:
			o.path = pathNone
		case o.grouped || tty:
			o.path = pathTop
		default:
			o.path = pathEach
		}
	}
	s.showBreak = choose(o.brk, o.grouped || tty)
	s.showNumbers = choose(o.numbers, !streaming) && !(o.only && o.path == pathNone)
	s.showColor = choose(o.color, tty)
	switch {
	case streaming:
		o.path, s.showBreak = pathNone, false
	case o.vimgrep:
		o.path, o.column, s.showColor, s.showBreak = pathEach, true, false, false
	}
	if o.statsOnly {
		o.path = pathNone
	}
	return streaming
}

func (s *searcher) searchPaths(paths []string, root *ignoreScope) {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			s.opts.complain("Error stat()ing: %s", p)
			s.opts.complain("Error opening directory %s: No such file or directory", p)
			continue
		}
		if p = path.Clean(p); p == "." {
			p = ""
		}
		if info.IsDir() {
			s.searchDir(p, root, 0)
		} else if !s.opts.namesOnly || s.wanted(p) {
			s.searchFile(p)
		}
	}
}

func run(args []string) int {
	began := time.Now()
	if len(args) < 2 {
		fmt.Print(usage)
		return 1
	}
	o := &options{depth: 25, colorPath: "1;32", colorMatch: "30;43", colorLine: "1;33"}
	rest, err := o.parse(args)
	switch {
	case errors.Is(err, errDone):
		return 0
	case err != nil:
		fmt.Fprintf(os.Stderr, "%s: %v\n", args[0], err)
		fmt.Print(usage)
		return 1
	}
	if o.pattern == nil {
		if len(rest) == 0 {
			o.complain("What do you want to search for?")
			return 1
		}
		o.pattern, rest = &rest[0], rest[1:]
	}
	if *o.pattern == "" && !o.namesOnly && !o.list {
		o.complain("Error: No query. What do you want to search for?")
		return 1
	}
	s := &searcher{opts: o, out: bufio.NewWriter(os.Stdout)}
	s.query, err = o.compile(*o.pattern, o.word)
	if err == nil {
		s.wanted, err = o.fileFilter()
	}
	if err != nil {
		o.complain("Bad regex! pcre_compile() failed at %v\nIf you meant to search for a literal string, run ag with -Q", err)
		return 2
	}
	if s.settle(rest) {
		if err := s.searchStream(os.Stdin); err != nil {
			o.complain("Error reading standard input: %v", err)
		}
	} else {
		s.searchPaths(rest, &ignoreScope{list: o.ignores})
	}
	if o.stats || o.statsOnly {
		fmt.Fprintf(s.out, "%d matches\n%d files contained matches\n%d files searched\n%d bytes searched\n%f seconds\n",
			s.matches, s.filesHit, s.filesSeen, s.bytesSeen, time.Since(began).Seconds())
	}
	s.out.Flush()
	if s.success {
		return 0
	}
	return 1
}

func main() {
	os.Exit(run(os.Args))
}
