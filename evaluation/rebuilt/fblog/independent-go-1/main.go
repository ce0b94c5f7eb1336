// Command fblog shows logs of JSON lines in a readable form.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// viewer holds everything that decides how a line is shown.
type viewer struct {
	opts                           options
	messageKeys, timeKeys, lvlKeys []string
	additional, excluded           []string
	levelMap                       map[string]string
	filter                         expr
	filterErr                      error
	substitution                   *substitution
	mainLine, additionalValue      *format
	out                            io.Writer
}

func newViewer(opts options, conf *config, out io.Writer) (*viewer, error) {
	keys := func(option, setting string) []string {
		return append(slices.Clone(opts[option]), conf.lists[setting]...)
	}
	v := &viewer{
		opts:        opts,
		messageKeys: keys("message-key", "message_keys"),
		timeKeys:    keys("time-key", "time_keys"),
		lvlKeys:     keys("level-key", "level_keys"),
		additional:  append(slices.Clone(conf.lists["always_print_fields"]), opts["additional-value"]...),
		excluded:    keys("excluded-value", "dump_all_exclude"),
		levelMap:    conf.levelMap,
		out:         out,
	}
	for _, mapping := range opts["map-level"] {
		from, to, _ := strings.Cut(mapping, "=")
		v.levelMap[from] = to
	}
	if opts.has("filter") {
		v.filter, v.filterErr = parseFilter(opts["filter"][0])
	}
	var err, err2, err3 error
	if opts.has("substitute") || opts.has("context-key") || opts.has("placeholder-format") {
		v.substitution, err = newSubstitution(opts.get("context-key", "context"), opts.get("placeholder-format", "{key}"))
	}
	v.mainLine, err2 = compile("main_line", opts.get("main-line-format", strings.Join(conf.lists["main_line_format"], "")))
	v.additionalValue, err3 = compile("additional_value", opts.get("additional-value-format", strings.Join(conf.lists["additional_value_format"], "")))
	return v, errors.Join(err, err2, err3)
}

func (v *viewer) show(line string) {
	text, prefix := line, ""
	if brace := strings.Index(line, "{"); brace > 0 && v.opts.has("with-prefix") {
		prefix, text = strings.TrimSpace(line[:brace]), line[brace:]
	}
	entry, err := parseObject(text)
	if err != nil {
		fmt.Fprintln(v.out, paint("1;38;2;255;135;22", "??? >"), line)
		return
	}
	accepted, err := v.accepts(entry)
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: '%s'\n", paint("31", "Failed to apply filter expression"), err)
	}
	if err != nil || !accepted {
		return
	}
	lines, err := v.render(prefix, entry)
	if err != nil {
		lines = []string{paint("1;31", "??? >") + " Failed to process line: " + err.Error()}
	}
	fmt.Fprintln(v.out, strings.Join(lines, "\n"))
}

func (v *viewer) accepts(entry object) (bool, error) {
	if !v.opts.has("filter") {
		return true, nil
	}
	vars, sources := luaVariables(entry)
	if v.opts.has("print-lua") {
		fmt.Fprintln(v.out, strings.Join(sources, "\n"))
	}
	if v.filterErr != nil {
		return false, v.filterErr
	}
	result, err := v.filter(vars)
	return luaTrue(result), err
}

// render returns the main line and the lines of additional values.
func (v *viewer) render(prefix string, entry object) ([]string, error) {
	fields := flatten(entry)
	first := func(keys []string, fallback string) string {
		for _, key := range keys {
			if i := slices.IndexFunc(fields, func(f field) bool { return f.path == key }); i >= 0 {
				return fields[i].text
			}
		}
		return fallback
	}
	message := first(v.messageKeys, "")
	if v.substitution != nil {
		message = v.substitution.apply(message, entry)
	}
	level := first(v.lvlKeys, "unknown")
	if mapped, ok := v.levelMap[level]; ok {
		level = mapped
	}
	entry["fblog_message"], entry["fblog_level"], entry["fblog_prefix"] = message, level, prefix
	entry["fblog_timestamp"] = readableTime(first(v.timeKeys, ""))
	line, err := v.mainLine.render(entry)
	lines := []string{line}
	for _, f := range v.selected(fields) {
		if err != nil {
			break
		}
		line, err = v.additionalValue.render(object{"key": f.path, "value": f.text})
		lines = append(lines, line)
	}
	return lines, err
}

// selected returns the fields to print below the main line.
func (v *viewer) selected(fields []field) (chosen []field) {
	if v.opts.has("dump-all") || v.opts.has("excluded-value") {
		return slices.DeleteFunc(fields, func(f field) bool { return slices.Contains(v.excluded, f.path) })
	}
	for _, wanted := range v.additional {
		for _, f := range fields {
			rest, below := strings.CutPrefix(f.path, wanted)
			if below && (rest == "" || rest[0] == '[' || strings.HasPrefix(rest, " > ")) {
				chosen = append(chosen, f)
			}
		}
	}
	return chosen
}

func run(opts options) error {
	conf, err := loadConfig(opts.get("config-file", ""))
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	v, err := newViewer(opts, conf, out)
	if err != nil {
		return err
	}
	input := os.Stdin
	if path := opts.get("input", "-"); path != "-" {
		if input, err = os.Open(path); err != nil {
			return fmt.Errorf("can't open file: %s", path)
		}
		defer input.Close()
	}
	reader := bufio.NewReader(input)
	for {
		line, err := reader.ReadString('\n')
		if line != "" {
			if utf8.ValidString(line) {
				v.show(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"))
			} else {
				fmt.Fprintln(out, paint("1;31", "??? >"), "Could not read line: stream did not contain valid UTF-8")
			}
		}
		if flushErr := out.Flush(); err != nil || flushErr != nil {
			return nil
		}
	}
}

func main() {
	program := filepath.Base(os.Args[0])
	opts, err := parseOptions(os.Args[1:])
	var mistake usageError
	switch {
	case errors.Is(err, errHelp):
		fmt.Print(strings.Replace(helpText, "Usage: executable", "Usage: "+program, 1))
	case errors.Is(err, errVersion):
		fmt.Println("fblog 4.17.0")
	case errors.As(err, &mistake):
		fmt.Fprintf(os.Stderr, "error: %s\n\n", mistake)
		if mistake.showUsage {
			fmt.Fprintf(os.Stderr, "Usage: %s [OPTIONS] [INPUT]\n\n", program)
		}
		fmt.Fprint(os.Stderr, "For more information, try '--help'.\n")
		os.Exit(2)
	default:
		if err := run(opts); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(101)
		}
	}
}
