package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

//go:embed languages.txt
var languageTable string

type quote struct {
	open, close string
	raw, doc    bool
}

type language struct {
	name       string
	exts       []string
	line       []string
	block      [][2]string
	nested     bool
	quotes     []quote
	complexity []string
}

var languages []*language
var byName = map[string]*language{}
var byExt = map[string]*language{}
var profiles = map[string][]string{}
var byShebang = map[string]*language{}

// Rows are: name | extensions | line comments | block comments | strings | profile | shebangs.
// "+" after a block opening means nested; "raw:" strings have no escapes, "doc:" strings may be comments.
func loadLanguages() {
	for _, row := range strings.Split(strings.TrimSpace(languageTable), "\n") {
		if name, words, ok := strings.Cut(row, "|"); ok && name[0] == '@' {
			profiles[name[1:]] = strings.Fields(words)
			continue
		}
		f := append(strings.Split(row, "|"), "", "", "", "", "", "")
		l := &language{name: f[0], exts: strings.Split(f[1], ","), line: strings.Fields(f[2])}
		blocks := strings.Fields(f[3])
		for i := 0; i+1 < len(blocks); i += 2 {
			open, nested := strings.CutSuffix(blocks[i], "+")
			l.nested = l.nested || nested
			l.block = append(l.block, [2]string{open, blocks[i+1]})
		}
		for _, q := range strings.Fields(f[4]) {
			mark, raw := strings.CutPrefix(q, "raw:")
			mark, doc := strings.CutPrefix(mark, "doc:")
			l.quotes = append(l.quotes, quote{mark, strings.TrimPrefix(mark, "@"), raw, doc})
		}
		for _, k := range profiles[f[5]] {
			l.complexity = append(l.complexity, strings.ReplaceAll(k, "_", " "))
		}
		languages = append(languages, l)
		byName[strings.ToLower(l.name)] = l
		for _, e := range l.exts {
			if byExt[e] == nil || f[5] != "" {
				byExt[e] = l
			}
		}
		for _, s := range strings.Fields(f[6]) {
			byShebang[s] = l
		}
	}
}

type tally struct{ Lines, Code, Comment, Blank, Complexity int }

type fileStat struct {
	Language                                   string
	PossibleLanguages                          []string
	Filename, Extension, Location, Symlocation string
	Bytes                                      int
	tally
	WeightedComplexity          float64
	Hash                        any
	Binary, Minified, Generated bool
	EndPoint, Uloc              int
}

type langStat struct {
	Name             string
	Bytes, CodeBytes int
	tally
	Count              int
	WeightedComplexity float64
	Files              []*fileStat
	LineLength         []int
	ULOC               int
	files              []*fileStat
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

func count(f *fileStat, data []byte, l *language, skipComplexity bool) {
	const (
		normal = iota
		lineComment
		blockComment
		inString
		docString
	)
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	mode, depth, code, comment := normal, 0, false, false
	var open, closer string
	var q quote
	at := func(i int, s string) bool { return len(data)-i >= len(s) && string(data[i:i+len(s)]) == s }
	endLine := func() {
		f.Lines++
		switch {
		case code || mode == inString:
			f.Code++
		case comment || mode != normal:
			f.Comment++
		default:
			f.Blank++
		}
		code, comment = false, false
		if mode == lineComment {
			mode = normal
		}
	}
scan:
	for i := 0; i < len(data); i++ {
		c := data[i]
		if c == '\n' {
			endLine()
			continue
		}
		switch mode {
		case lineComment:
			continue
		case blockComment:
			comment = true
			if at(i, closer) {
				i += len(closer) - 1
				if depth--; depth == 0 {
					mode = normal
				}
			} else if l.nested && at(i, open) {
				i += len(open) - 1
				depth++
			}
			continue
		case inString, docString:
			code, comment = code || mode == inString, comment || mode == docString
			if c == '\\' && !q.raw && i+1 < len(data) && data[i+1] != '\n' {
				i++
			} else if at(i, q.close) {
				i += len(q.close) - 1
				mode = normal
			}
			continue
		}
		if isSpace(c) {
			continue
		}
		fresh := i == 0 || isSpace(data[i-1])
		for _, b := range l.block {
			if at(i, b[0]) {
				mode, depth, comment = blockComment, 1, true
				open, closer = b[0], b[1]
				i += len(open) - 1
				continue scan
			}
		}
		for _, s := range l.line {
			if at(i, s) && (fresh || s[0] != 'R') {
				mode, comment = lineComment, true
				continue scan
			}
		}
		for _, candidate := range l.quotes {
			if at(i, candidate.open) {
				q, mode = candidate, inString
				if q.doc && !code {
					mode, comment = docString, true
				} else {
					code = true
				}
				i += len(q.open) - 1
				continue scan
			}
		}
		code = true
		if fresh && !skipComplexity {
			for _, k := range l.complexity {
				if at(i, k) {
					f.Complexity++
					i += len(strings.TrimRight(k, " ")) - 1
					break
				}
			}
		}
	}
	if len(data) > 0 && data[len(data)-1] != '\n' {
		endLine()
	}
}

type ignoreRule struct {
	base            string
	re              *regexp.Regexp
	negate, dirOnly bool
}

func readIgnore(dir, name string) []ignoreRule {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil
	}
	var rules []ignoreRule
	for _, line := range strings.Split(string(data), "\n") {
		line = strings.TrimRight(line, " \t\r")
		if line == "" || line[0] == '#' {
			continue
		}
		r := ignoreRule{base: dir}
		line, r.negate = strings.CutPrefix(line, "!")
		line, r.dirOnly = strings.CutSuffix(line, "/")
		prefix := "^(?:.*/)?"
		if strings.Contains(line, "/") {
			prefix = "^"
		}
		pattern := regexp.QuoteMeta(strings.TrimPrefix(line, "/"))
		pattern = strings.NewReplacer(`\*\*/`, "(?:.*/)?", `\*\*`, ".*", `\*`, "[^/]*", `\?`, "[^/]", `\[`, "[", `\]`, "]").Replace(pattern)
		if r.re, err = regexp.Compile(prefix + pattern + "$"); err == nil {
			rules = append(rules, r)
		}
	}
	return rules
}

type counter struct {
	opt    *options
	reject []*regexp.Regexp
	seen   map[string]bool
	hashes map[[32]byte]bool
	files  []*fileStat
}

func (c *counter) walk(dir string, rules []ignoreRule) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	rules = slices.Clone(rules)
	for _, ig := range [][2]string{{".gitignore", "no-gitignore"}, {".ignore", "no-ignore"}, {".sccignore", "no-scc-ignore"}} {
		if !c.opt.on(ig[1]) {
			rules = append(rules, readIgnore(dir, ig[0])...)
		}
	}
	var dirs []string
next:
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		ignored := false
		for _, r := range rules {
			rel, _ := filepath.Rel(r.base, path)
			if (e.IsDir() || !r.dirOnly) && r.re.MatchString(rel) {
				ignored = !r.negate
			}
		}
		for _, re := range c.reject {
			ignored = ignored || re.MatchString(path)
		}
		if ignored || e.Type()&os.ModeSymlink != 0 {
			continue
		}
		if !e.IsDir() {
			c.file(path)
			continue
		}
		for _, x := range c.opt.list("exclude-dir") {
			if e.Name() == x || strings.HasSuffix(path, "/"+x) {
				continue next
			}
		}
		dirs = append(dirs, path)
	}
	for _, d := range dirs {
		c.walk(d, rules)
	}
}

func (c *counter) file(path string) {
	o, name := c.opt, filepath.Base(path)
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || c.seen[path] || slices.Contains(o.list("exclude-file"), name) {
		return
	}
	c.seen[path] = true
	data, err := os.ReadFile(path)
	if err != nil {
		return
	}
	l, ext := detect(name, data)
	if (ext == ".gitignore" || ext == ".ignore") && !o.on("count-ignore") || slices.Contains(o.list("exclude-ext"), ext) || len(o.list("include-ext")) > 0 && !slices.Contains(o.list("include-ext"), ext) {
		return
	}
	if l == nil || !o.on("binary") && bytes.IndexByte(data[:min(len(data), 10000)], 0) >= 0 {
		return
	}
	if o.on("no-duplicates") {
		sum := sha256.Sum256(data)
		if c.hashes[sum] {
			return
		}
		c.hashes[sum] = true
	}
	f := &fileStat{Language: l.name, PossibleLanguages: []string{l.name}, Filename: name, Extension: ext, Location: path, Bytes: len(data)}
	count(f, data, l, o.on("no-complexity"))
	if o.on("wide") && f.Code > 0 {
		f.WeightedComplexity = float64(f.Complexity) / float64(f.Code) * 100
	}
	c.files = append(c.files, f)
}

func (t tally) column(key string) int {
	switch strings.TrimSuffix(key, "s") {
	case "line":
		return t.Lines
	case "blank":
		return t.Blank
	case "code":
		return t.Code
	case "comment":
		return t.Comment
	case "complexity":
		return t.Complexity
	}
	return 0
}

func sortFiles(files []*fileStat, key string) {
	slices.SortFunc(files, func(a, b *fileStat) int {
		if key == "name" {
			return strings.Compare(a.Location, b.Location)
		}
		return cmp.Or(b.column(key)-a.column(key), strings.Compare(a.Filename, b.Filename), strings.Compare(a.Location, b.Location))
	})
}

func (l *langStat) add(f *fileStat) {
	l.files = append(l.files, f)
	l.Count++
	l.Bytes += f.Bytes
	l.Lines += f.Lines
	l.Code += f.Code
	l.Comment += f.Comment
	l.Blank += f.Blank
	l.Complexity += f.Complexity
	l.WeightedComplexity += f.WeightedComplexity
}

func summarise(files []*fileStat, key string) (langs []*langStat, total *langStat) {
	table := map[string]*langStat{}
	total = &langStat{Name: "Total"}
	for _, f := range files {
		l := table[f.Language]
		if l == nil {
			l = &langStat{Name: f.Language, Files: []*fileStat{}}
			table[f.Language] = l
			langs = append(langs, l)
		}
		l.add(f)
		total.add(f)
	}
	slices.SortFunc(langs, func(a, b *langStat) int {
		x, y := a.column(key), b.column(key)
		if key == "files" {
			x, y = a.Count, b.Count
		}
		return cmp.Or(y-x, strings.Compare(a.Name, b.Name))
	})
	return langs, total
}

// detect finds the language from the "#!" line of names without a dot, else from the name.
func detect(name string, content []byte) (*language, string) {
	lower := strings.ToLower(name)
	last := lower[strings.LastIndexByte(lower, '.')+1:]
	if line, ok := strings.CutPrefix(string(content[:min(len(content), 200)]), "#!"); ok && last == lower {
		line, _, _ = strings.Cut(line, "\n")
		for _, word := range strings.Fields(line) {
			if l := byShebang[filepath.Base(word)]; l != nil {
				return l, lower
			}
		}
	}
	_, long, _ := strings.Cut(lower, ".")
	for _, ext := range []string{lower, long, last} {
		if l := byExt[ext]; l != nil {
			return l, ext
		}
	}
	return nil, last
}
