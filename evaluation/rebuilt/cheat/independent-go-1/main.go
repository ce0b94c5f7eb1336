package main

import (
	"bufio"
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"text/tabwriter"
)

//go:embed help.txt
var helpText string

//go:embed conf.tmpl
var confTemplate string

type cheatpath struct {
	name, path string
	tags       []string
	readonly   bool
}

type config struct {
	file                            string
	editor, style, formatter, pager string
	colorize                        bool
	paths                           []cheatpath
}

type sheet struct {
	title, file, text, syntax string
	tags                      []string
	where                     cheatpath
}

type flagDef struct{ short, long, arg string }

var reFlagHelp = regexp.MustCompile(`(?m)^ +(?:-(\w), )?--(\w+)(?: (\w+))?  `)

type options struct {
	vals map[string]string // given flags; switches hold "true" or "false"
	args []string
}

func (o *options) on(name string) bool { return o.vals[name] == "true" }

func (o *options) has(name string) bool {
	_, ok := o.vals[name]
	return ok
}

func (o *options) set(f *flagDef, val string, given bool, rest []string, label string) ([]string, error) {
	if f.arg != "" && !given {
		if len(rest) == 0 {
			return nil, fmt.Errorf("flag needs an argument: %s", label)
		}
		val, rest = rest[0], rest[1:]
	} else if f.arg == "" {
		if !given {
			val = "true"
		}
		b, err := strconv.ParseBool(val)
		if err != nil {
			name := strings.TrimPrefix("-"+f.short+", --"+f.long, "-, ")
			return nil, fmt.Errorf("invalid argument %q for %q flag: %v", val, name, err)
		}
		val = strconv.FormatBool(b)
	}
	o.vals[f.long] = val
	return rest, nil
}

// findFlag looks a flag up in the help text, which lists them all.
func findFlag(long, short string) *flagDef {
	for _, m := range reFlagHelp.FindAllStringSubmatch(helpText, -1) {
		if m[2] == long || short != "" && m[1] == short {
			return &flagDef{m[1], m[2], m[3]}
		}
	}
	return nil
}

func parseArgs(args []string) (o *options, err error) {
	o = &options{vals: map[string]string{}}
	for len(args) > 0 && err == nil {
		a := args[0]
		args = args[1:]
		if a == "--" {
			o.args = append(o.args, args...)
			break
		}
		if len(a) < 2 || a[0] != '-' {
			o.args = append(o.args, a)
			continue
		}
		if a[1] == '-' {
			name, val, given := strings.Cut(a[2:], "=")
			if name == "" || name[0] == '-' {
				return nil, fmt.Errorf("bad flag syntax: %s", a)
			}
			f := findFlag(name, "")
			if f == nil {
				return nil, fmt.Errorf("unknown flag: --%s", name)
			}
			args, err = o.set(f, val, given, args, a)
			continue
		}
		for rest := a[1:]; rest != "" && err == nil; {
			label := fmt.Sprintf("%q in -%s", rune(rest[0]), rest)
			f := findFlag("", rest[:1])
			if f == nil {
				return nil, fmt.Errorf("unknown shorthand flag: %s", label)
			}
			rest = rest[1:]
			val, given := strings.CutPrefix(rest, "=")
			given = given || f.arg != "" && rest != ""
			if given {
				rest = ""
			}
			args, err = o.set(f, val, given, args, label)
		}
	}
	return o, err
}

func fail(format string, a ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", a...)
	os.Exit(1)
}

func expandHome(p string) string {
	if p == "~" || strings.HasPrefix(p, "~/") {
		return os.Getenv("HOME") + p[1:]
	}
	return p
}

func configCandidates() []string {
	if p, ok := os.LookupEnv("CHEAT_CONFIG_PATH"); ok {
		return []string{expandHome(p)}
	}
	var out []string
	if x := os.Getenv("XDG_CONFIG_HOME"); x != "" {
		out = append(out, filepath.Join(x, "cheat/conf.yml"))
	}
	home := os.Getenv("HOME")
	return append(out, home+"/.config/cheat/conf.yml", home+"/.cheat/conf.yml", "/etc/cheat/conf.yml")
}

func firstProgram(names ...string) string {
	for _, n := range names {
		if p, err := exec.LookPath(n); err == nil {
			return p
		}
	}
	return ""
}

func pickEditor(configured string) string {
	return cmp.Or(os.Getenv("VISUAL"), os.Getenv("EDITOR"), configured, firstProgram("editor", "nano", "vim", "vi"))
}

func defaultConfig(file string) string {
	pager := cmp.Or(os.Getenv("PAGER"), firstProgram("pager", "less", "more"))
	return strings.NewReplacer("/@@DIR@@/cheatsheets", filepath.Join(filepath.Dir(file), "cheatsheets"), "@@EDITOR@@", pickEditor(""), "@@PAGER@@", pager).Replace(confTemplate)
}

// install offers to write the default config; it does not clone cheatsheets.
func install(file string) {
	fmt.Print("A config file was not found. Would you like to create one now? [Y/n]: ")
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && line == "" {
		fail("failed to create config: failed to prompt: %v", err)
	}
	if line = strings.TrimSpace(line); line != "" && !strings.EqualFold(line[:1], "y") {
		os.Exit(0)
	}
	os.MkdirAll(filepath.Dir(file)+"/cheatsheets/personal", 0o755)
	os.Mkdir(filepath.Dir(file)+"/cheatsheets/work", 0o755)
	if err = os.WriteFile(file, []byte(defaultConfig(file)), 0o644); err != nil {
		fail("failed to run installer: %v", err)
	}
	fmt.Printf("Created config file: %s\nPlease read this file for advanced configuration information.\n", file)
	os.Exit(0)
}

func loadConfig() (*config, error) {
	candidates := configCandidates()
	i := slices.IndexFunc(candidates, func(c string) bool { _, err := os.Stat(c); return err == nil })
	if i < 0 {
		install(candidates[0])
	}
	raw, err := os.ReadFile(candidates[i])
	if err != nil {
		return nil, fmt.Errorf("could not read config file: %v", err)
	}
	m, err := parseYAML(string(raw))
	if err != nil {
		return nil, fmt.Errorf("could not unmarshal yaml: %v", err)
	}
	conf := &config{
		file: candidates[i], style: yamlString(m["style"]), formatter: yamlString(m["formatter"]),
		pager: yamlString(m["pager"]), colorize: yamlString(m["colorize"]) == "true",
	}
	entries, _ := m["cheatpaths"].([]any)
	for _, e := range entries {
		em, _ := e.(map[string]any)
		p := cheatpath{name: yamlString(em["name"]), tags: yamlStrings(em["tags"]), readonly: yamlString(em["readonly"]) == "true"}
		p.path = filepath.Clean(expandHome(yamlString(em["path"])))
		real, err := filepath.EvalSymlinks(p.path)
		if err != nil {
			fmt.Fprintf(os.Stderr, "WARNING: cheatpath '%s' does not exist, skipping\n", p.path)
			continue
		}
		conf.paths = append(conf.paths, cheatpath{p.name, real, p.tags, p.readonly})
	}
	if dir := findLocalDir(); dir != "" {
		conf.paths = append(conf.paths, cheatpath{name: "cwd", path: dir})
	}
	if conf.editor = pickEditor(yamlString(m["editor"])); conf.editor == "" {
		return nil, errors.New("no editor set")
	}
	conf.formatter = cmp.Or(conf.formatter, "terminal")
	return conf, conf.check()
}

func (c *config) check() error {
	if len(c.paths) == 0 {
		return errors.New("config error: no cheatpaths specified")
	}
	if palettes[c.formatter] == nil {
		return fmt.Errorf("config error: formatter is invalid: %s", c.formatter)
	}
	for i, p := range c.paths {
		if p.name == "" {
			return errors.New("config error: cheatpath name cannot be empty")
		}
		for _, q := range c.paths[:i] {
			if p.name == q.name {
				return fmt.Errorf("config error: cheatpath name is not unique: %s", p.name)
			} else if p.path == q.path {
				return fmt.Errorf("config error: cheatpath path is not unique: %s", p.path)
			}
		}
	}
	return nil
}

func findLocalDir() string {
	dir, _ := os.Getwd()
	for {
		cand := filepath.Join(dir, ".cheat")
		if st, err := os.Stat(cand); err == nil && st.IsDir() {
			return cand
		} else if dir == filepath.Dir(dir) {
			return ""
		}
		dir = filepath.Dir(dir)
	}
}

func readSheet(p cheatpath, title, file string) (*sheet, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("failed to read file: %s, %v", file, err)
	}
	s := &sheet{title: title, file: file, text: string(raw), where: p}
	if strings.HasPrefix(s.text, "---\n") {
		parts := strings.SplitN(s.text, "---\n", 3)
		if len(parts) != 3 {
			return nil, errors.New("failed to parse front-matter: failed to delimit frontmatter")
		}
		m, err := parseYAML(parts[1])
		if err != nil {
			return nil, fmt.Errorf("failed to parse front-matter: failed to unmarshal frontmatter: %v", err)
		}
		s.tags, s.syntax, s.text = yamlStrings(m["tags"]), yamlString(m["syntax"]), parts[2]
	}
	s.tags = append(s.tags, p.tags...)
	sort.Strings(s.tags)
	return s, nil
}

// loadSheets returns the sheets of each cheatpath, sorted by title within it.
func loadSheets(conf *config, o *options) []*sheet {
	var all []*sheet
	for _, p := range conf.paths {
		var group []*sheet
		err := filepath.WalkDir(p.path, func(file string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && d.Name() == ".git" {
				return filepath.SkipDir
			}
			if d.IsDir() || strings.Contains(d.Name(), ".") {
				return nil
			}
			title, _ := filepath.Rel(p.path, file)
			s, err := readSheet(p, title, file)
			if err != nil {
				return fmt.Errorf("failed to load sheet: %s, path: %s, err: %v", title, file, err)
			}
			lacks := func(tag string) bool { return !slices.Contains(s.tags, strings.TrimSpace(tag)) }
			if !o.has("tag") || !slices.ContainsFunc(strings.Split(o.vals["tag"], ","), lacks) {
				group = append(group, s)
			}
			return nil
		})
		if err != nil {
			fail("failed to list cheatsheets: failed to load cheatsheets: %v", err)
		}
		sort.SliceStable(group, func(i, j int) bool { return group[i].title < group[j].title })
		all = append(all, group...)
	}
	return all
}

func find(sheets []*sheet, title string) *sheet {
	for _, s := range slices.Backward(sheets) { // later cheatpaths win
		if s.title == title {
			return s
		}
	}
	return nil
}

func lookup(sheets []*sheet, title string, w *os.File) *sheet {
	s := find(sheets, title)
	if s == nil {
		fmt.Fprintf(w, "No cheatsheet found for '%s'.\n", title)
		os.Exit(2)
	}
	return s
}

func display(conf *config, text string) {
	words := strings.Fields(conf.pager)
	if len(words) == 0 {
		fmt.Print(text)
		return
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(text), os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		fail("failed to write to pager: %v", err)
	}
}

func table(rows [][]string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 1, ' ', 0)
	for _, r := range rows {
		fmt.Fprintln(w, strings.Join(r, "\t"))
	}
	w.Flush()
	return b.String()
}

func cmdList(conf *config, o *options) {
	sheets := loadSheets(conf, o)
	if len(o.args) > 0 {
		pattern := "(?i)" + o.args[0]
		re, err := regexp.Compile(pattern)
		if err != nil {
			fail("failed to compile regexp: %s, %v", pattern, err)
		}
		sheets = slices.DeleteFunc(sheets, func(s *sheet) bool { return !re.MatchString(s.title) })
	}
	if len(sheets) == 0 {
		os.Exit(2)
	}
	sort.SliceStable(sheets, func(i, j int) bool { return sheets[i].title < sheets[j].title })
	rows := [][]string{{"title:", "file:", "tags:"}}
	for _, s := range sheets {
		rows = append(rows, []string{s.title, s.file, strings.Join(s.tags, ",")})
	}
	for i := 0; o.on("brief") && i < len(rows); i++ {
		rows[i] = slices.Delete(rows[i], 1, 2)
	}
	display(conf, table(rows))
}

func cmdTags(conf *config, o *options) {
	var tags []string
	for _, s := range loadSheets(conf, o) {
		tags = append(tags, s.tags...)
	}
	sort.Strings(tags)
	if tags = slices.Compact(tags); len(tags) > 0 {
		display(conf, strings.Join(tags, "\n")+"\n")
	}
}

func block(conf *config, s *sheet, text string) string {
	where := "(" + s.where.name + ")"
	if conf.colorize {
		where = "\x1b[2m" + where + "\x1b[0m"
		text = highlight(text, s.syntax, conf)
	}
	return s.title + " " + where + "\n\t" + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n\t")
}

func cmdSearch(conf *config, o *options) {
	expr := o.vals["search"]
	if !o.on("regex") {
		expr = "(?i)" + regexp.QuoteMeta(expr)
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		fail("failed to compile regexp: %s, %v", expr, err)
	}
	var blocks []string
	for _, s := range loadSheets(conf, o) {
		if len(o.args) > 0 && s.title != o.args[0] {
			continue
		}
		var hits []string
		for _, para := range strings.Split(s.text, "\n\n") {
			if re.MatchString(para) {
				hits = append(hits, para)
			}
		}
		if len(hits) > 0 {
			blocks = append(blocks, block(conf, s, strings.TrimSpace(strings.Join(hits, "\n\n"))))
		}
	}
	if len(blocks) > 0 {
		display(conf, strings.Join(blocks, "\n\n"))
	}
}

func cmdView(conf *config, o *options) {
	title := o.args[0]
	sheets := loadSheets(conf, o)
	if o.on("all") {
		var blocks []string
		for _, s := range sheets {
			if s.title == title {
				blocks = append(blocks, block(conf, s, s.text)+"\n")
			}
		}
		if len(blocks) > 0 {
			display(conf, strings.Join(blocks, "\n"))
		}
		return
	}
	s := lookup(sheets, title, os.Stdout)
	if conf.colorize {
		s.text = highlight(s.text, s.syntax, conf)
	}
	display(conf, s.text)
}

func checkTitle(t string) {
	reason := ""
	switch {
	case t == "":
		reason = "cannot be empty"
	case strings.Contains(t, ".."):
		reason = "cannot contain '..'"
	case filepath.IsAbs(t):
		reason = "cannot be an absolute path"
	case strings.HasPrefix(t, "~"):
		reason = "cannot start with '~'"
	case strings.HasPrefix(filepath.Base(t), "."):
		reason = "cannot start with '.' (hidden files are not supported)"
	}
	if reason != "" {
		fail("invalid cheatsheet name: cheatsheet name %s", reason)
	}
}

func cmdEdit(conf *config, o *options) {
	title := o.vals["edit"]
	checkTitle(title)
	s := find(loadSheets(conf, o), title)
	var file string
	if s != nil && !s.where.readonly {
		file = s.file
	} else {
		for _, p := range conf.paths {
			if !p.readonly {
				file = filepath.Join(p.path, title)
			}
		}
		if file == "" {
			fail("failed to get writeable path: no writeable cheatpaths found")
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			fail("failed to create directory: %s, %v", filepath.Dir(file), err)
		}
		if s != nil {
			raw, _ := os.ReadFile(s.file)
			if err := os.WriteFile(file, raw, 0o644); err != nil {
				fail("failed to copy cheatsheet: %v", err)
			}
		}
	}
	words := append(strings.Fields(conf.editor), file)
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		fail("failed to edit cheatsheet: %v", err)
	}
}

func cmdRemove(conf *config, o *options) {
	title := o.vals["rm"]
	checkTitle(title)
	s := lookup(loadSheets(conf, o), title, os.Stderr)
	if s.where.readonly {
		fail("cheatsheet '%s' is read-only.", title)
	} else if err := os.Remove(s.file); err != nil {
		fail("failed to delete sheet: %s, %v", title, err)
	}
}

func updatePath(p cheatpath) string {
	if _, err := os.Stat(filepath.Join(p.path, ".git")); err != nil {
		return "skipped (not a git repository)"
	}
	if out, _ := exec.Command("git", "-C", p.path, "status", "--porcelain").Output(); len(out) > 0 {
		return "skipped (dirty worktree)"
	}
	if out, err := exec.Command("git", "-C", p.path, "pull", "-q", "--ff-only").CombinedOutput(); err != nil {
		return "failed (" + strings.TrimSpace(string(out)) + ")"
	}
	return "ok"
}

func main() {
	o, err := parseArgs(os.Args[1:])
	switch {
	case err != nil:
		fail("%v", err)
	case o.on("help"):
		fmt.Print(helpText)
	case len(o.args) > 1:
		fail("accepts at most 1 arg(s), received %d", len(o.args))
	case o.on("init"):
		fmt.Print(defaultConfig(configCandidates()[0]))
	case o.on("version"):
		fmt.Println("5.1.0")
	case o.has("completion") && !slices.Contains([]string{"bash", "zsh", "fish", "powershell"}, o.vals["completion"]):
		fail("unsupported shell: %s (valid: bash, zsh, fish, powershell)", o.vals["completion"])
	case o.has("completion"):
		fail("completion scripts are not supported")
	default:
		run(o)
	}
}

func run(o *options) {
	conf, err := loadConfig()
	if err != nil {
		fail("failed to load config: %v", err)
	}
	st, _ := os.Stdout.Stat()
	conf.colorize = o.on("colorize") || conf.colorize && st.Mode()&os.ModeCharDevice != 0
	if want, ok := o.vals["path"]; ok {
		conf.paths = slices.DeleteFunc(conf.paths, func(p cheatpath) bool { return p.name != want })
		if len(conf.paths) == 0 {
			fail("invalid option --path: cheatpath does not exist: %s", want)
		}
	}

	switch {
	case o.on("conf"):
		fmt.Println(conf.file)
	case o.on("directories"):
		var rows [][]string
		for _, p := range conf.paths {
			rows = append(rows, []string{p.name + ":", p.path})
		}
		display(conf, table(rows))
	case o.has("edit"):
		cmdEdit(conf, o)
	case o.on("list") || o.on("brief"):
		cmdList(conf, o)
	case o.on("tags"):
		cmdTags(conf, o)
	case o.has("search"):
		cmdSearch(conf, o)
	case o.has("rm"):
		cmdRemove(conf, o)
	case o.on("update"):
		for _, p := range conf.paths {
			fmt.Printf("%s: %s\n", p.name, updatePath(p))
		}
	case len(o.args) > 0:
		cmdView(conf, o)
	default:
		fmt.Print(helpText)
	}
}
