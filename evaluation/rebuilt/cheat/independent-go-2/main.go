// Command cheat shows, lists, searches and edits cheatsheets.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"text/tabwriter"
)

// errNotFound ends the program with status 2 and no further message.
var errNotFound = errors.New("not found")

// session is what the actions need: the invocation and the settings.
type session struct {
	*commandLine
	*settings
	sheets []sheet // what the path and tag filters let through
}

func main() {
	switch err := run(os.Args[1:]); err {
	case nil:
	case errNotFound:
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run carries out one invocation.
func run(args []string) error {
	c, err := parseCommandLine(args)
	switch {
	case err != nil:
		return err
	case c.given("help"):
		fmt.Print(helpText)
		return nil
	case len(c.operands) > 1:
		return fmt.Errorf("accepts at most 1 arg(s), received %d", len(c.operands))
	case c.given("init"):
		fmt.Print(defaultConfig(configCandidates()[0]))
		return nil
	case c.given("version"):
		fmt.Println("5.1.0")
		return nil
	case c.given("completion"):
		if strings.Contains(" bash zsh fish powershell ", " "+c.values["--completion"]+" ") {
			return errors.New("completion scripts are not part of this version")
		}
		return fmt.Errorf("unsupported shell: %s (valid: bash, zsh, fish, powershell)", c.values["--completion"])
	}
	file := locateConfig()
	if file == "" {
		return errors.New("no config file was found; write one with: cheat --init")
	}
	s := &session{commandLine: c}
	if s.settings, err = readSettings(file); err != nil {
		return fmt.Errorf("failed to load config: %w", err)
	}
	if name := c.values["--path"]; c.given("path") {
		s.dirs = slices.DeleteFunc(s.dirs, func(d sheetDir) bool { return d.name != name })
		if len(s.dirs) == 0 {
			return fmt.Errorf("invalid option --path: cheatpath does not exist: %s", name)
		}
	}
	return s.act()
}

// act picks the action. Those up to "update" come before reading sheets.
func (s *session) act() (err error) {
	other := s.given("list") || s.given("brief") || s.given("tags") || s.given("search")
	name, namesSheet := s.values["--edit"], s.given("edit")
	if !namesSheet && s.given("rm") && !other {
		name, namesSheet = s.values["--rm"], true
	}
	switch {
	case s.given("conf"):
		fmt.Println(s.file)
		return nil
	case s.given("directories"):
		return s.listDirs()
	case s.given("update") && !s.given("edit") && !other:
		return s.update()
	case namesSheet:
		if err := checkName(name); err != nil {
			return err
		}
	case !other && len(s.operands) == 0 && !s.given("tag"):
		fmt.Print(helpText)
		return nil
	}
	if s.sheets, err = readAll(s.dirs); err != nil {
		return err
	}
	if s.given("tag") {
		s.sheets = withTags(s.sheets, s.values["--tag"])
	}
	switch {
	case s.given("edit"):
		return s.edit(name)
	case s.given("list"), s.given("brief"):
		return s.list()
	case s.given("tags"):
		return s.listTags()
	case s.given("search"):
		return s.search()
	case s.given("rm"):
		return s.remove(name)
	case len(s.operands) > 0:
		return s.view()
	}
	return s.list()
}

// page sends text to the pager, or to stdout when there is none.
func (s *session) page(text string) error {
	words := strings.Fields(s.pager)
	if len(words) == 0 {
		fmt.Print(text)
		return nil
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(text), os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("failed to write to pager: %w", err)
	}
	return nil
}

// table aligns rows of cells.
func table(rows [][]string) string {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 1, ' ', 0)
	for _, r := range rows {
		fmt.Fprintln(w, strings.Join(r, "\t"))
	}
	w.Flush()
	return b.String()
}

func (s *session) listDirs() error {
	var rows [][]string
	for _, d := range s.dirs {
		rows = append(rows, []string{d.name + ":", d.path})
	}
	return s.page(table(rows))
}

// list prints sheets whose titles match the operand.
func (s *session) list() error {
	pattern, err := compile("(?i)" + s.operand())
	if err != nil {
		return err
	}
	sort.SliceStable(s.sheets, func(i, j int) bool { return s.sheets[i].title < s.sheets[j].title })
	rows := [][]string{{"title:", "file:", "tags:"}}
	for _, sh := range s.sheets {
		if pattern.MatchString(sh.title) {
			rows = append(rows, []string{sh.title, sh.file, strings.Join(sh.tags, ",")})
		}
	}
	if len(rows) == 1 {
		return errNotFound
	}
	for i := range rows {
		if s.given("brief") {
			rows[i] = slices.Delete(rows[i], 1, 2)
		}
	}
	return s.page(table(rows))
}

func (s *session) listTags() error {
	var tags []string
	for _, sh := range s.sheets {
		tags = append(tags, sh.tags...)
	}
	sort.Strings(tags)
	return s.page(strings.Join(slices.Compact(tags), "\n") + "\n")
}

// compile builds a pattern with the user-facing error text.
func compile(pattern string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		err = fmt.Errorf("failed to compile regexp: %s, %w", pattern, err)
	}
	return re, err
}

// render colors text when asked to.
func (s *session) render(text string) string {
	if s.given("colorize") {
		return highlight(text, s.formatter)
	}
	return text
}

// section shows a sheet's text indented below its title and cheatpath.
func (s *session) section(sh sheet, text string) string {
	origin := "(" + sh.dir.name + ")"
	if s.given("colorize") {
		origin = paint("2", origin)
	}
	body := strings.TrimSpace(s.render(text))
	return sh.title + " " + origin + "\n\t" + strings.ReplaceAll(body, "\n", "\n\t")
}

// search prints the matching paragraphs of every sheet.
func (s *session) search() error {
	phrase := s.values["--search"]
	if !s.given("regex") {
		phrase = "(?i)" + phrase
	}
	pattern, err := compile(phrase)
	if err != nil {
		return err
	}
	var sections []string
	for _, sh := range s.sheets {
		if len(s.operands) > 0 && sh.title != s.operand() {
			continue
		}
		if hits := matchingParagraphs(sh.body, pattern); hits != "" {
			sections = append(sections, s.section(sh, hits))
		}
	}
	return s.page(strings.Join(sections, "\n\n"))
}

// view prints one sheet, or with --all each sheet of that title.
func (s *session) view() error {
	found := titled(s.sheets, s.operand())
	if s.given("all") {
		var sections []string
		for _, sh := range found {
			sections = append(sections, s.section(sh, sh.body)+"\n")
		}
		return s.page(strings.Join(sections, "\n"))
	}
	if len(found) == 0 {
		return reportMissing(os.Stdout, s.operand())
	}
	return s.page(s.render(found[len(found)-1].body))
}

func reportMissing(out *os.File, title string) error {
	fmt.Fprintf(out, "No cheatsheet found for '%s'.\n", title)
	return errNotFound
}

// edit opens a sheet in the editor. A read-only sheet is copied to the most
// local writeable cheatpath first, and a new one goes there as well.
func (s *session) edit(title string) error {
	file := ""
	found := titled(s.sheets, title)
	if n := len(found); n > 0 && !found[n-1].dir.readOnly {
		file = found[n-1].file
	} else {
		dirs := slices.DeleteFunc(slices.Clone(s.dirs), func(d sheetDir) bool { return d.readOnly })
		if len(dirs) == 0 {
			return errors.New("failed to get writeable path: no writeable cheatpaths found")
		}
		file = filepath.Join(dirs[len(dirs)-1].path, title)
		err := os.MkdirAll(filepath.Dir(file), 0o755)
		if err == nil && n > 0 {
			var data []byte
			data, err = os.ReadFile(found[n-1].file)
			err = errors.Join(err, os.WriteFile(file, data, 0o644))
		}
		if err != nil {
			return err
		}
	}
	words := append(strings.Fields(s.editor), file)
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("failed to edit cheatsheet: %w", err)
	}
	return nil
}

// remove deletes the most local sheet of a title.
func (s *session) remove(title string) error {
	found := titled(s.sheets, title)
	if len(found) == 0 {
		return reportMissing(os.Stderr, title)
	}
	if sh := found[len(found)-1]; sh.dir.readOnly {
		return fmt.Errorf("cheatsheet '%s' is read-only.", title)
	}
	return os.Remove(found[len(found)-1].file)
}

// update pulls each cheatpath that is the root of a git repository.
func (s *session) update() (result error) {
	for _, d := range s.dirs {
		outcome := "skipped (not a git repository)"
		if _, err := os.Stat(filepath.Join(d.path, ".git")); err == nil {
			outcome = "ok"
			if err := exec.Command("git", "-C", d.path, "pull", "-q", "--ff-only").Run(); err != nil {
				outcome, result = "error (git pull failed)", errors.New("some cheatpaths could not be updated")
			}
		}
		fmt.Printf("%s: %s\n", d.name, outcome)
	}
	return result
}
