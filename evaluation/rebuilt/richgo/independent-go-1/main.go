package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

var labels = map[string]map[string]string{
	"long": {
		"": "     | ", "buildStyle": "BUILD| ", "startStyle": "START| ",
		"passStyle": "PASS | ", "failStyle": "FAIL | ", "skipStyle": "SKIP | ",
		"coveredStyle": "COVER| ", "uncoveredStyle": "COVER| ",
	},
	"short": {
		"": "   ", "buildStyle": "!! ", "startStyle": ">  ",
		"passStyle": "o  ", "failStyle": "x  ", "skipStyle": "-  ",
		"coveredStyle": "%  ", "uncoveredStyle": "%  ",
	},
}

var (
	buildRe   = regexp.MustCompile(`^# (\S+)( \[[^\]\s]+\])?$`)
	startRe   = regexp.MustCompile(`^=== RUN   Test`)
	resultRe  = regexp.MustCompile(`^\s*--- (PASS|FAIL|SKIP): Test`)
	resultCut = regexp.MustCompile(`^ *--- (PASS|FAIL|SKIP): `)
	packageRe = regexp.MustCompile(`^(PASS|FAIL)\s*$`)
	failRe    = regexp.MustCompile(`^FAIL(\s+\S+\s+(?:[\d.]+s|\[build failed\]))$`)
	okRe      = regexp.MustCompile(`^ok\s+(\S+)(\s+(?:[\d.]+s|\(cached\)))?(?:\s+(coverage: \d+\.\d+% of statements))?(?:\s+\[no tests to run\])?$`)
	noTestRe  = regexp.MustCompile(`^\?\s+(\S+\s+\[no test files\])$`)
	coverRe   = regexp.MustCompile(`^coverage: (\d+\.\d+)% of statements$`)
	fileRe    = regexp.MustCompile(`([^\s:]+\.go)((?::\d+){1,2})`)
)

// formatter decorates the lines of one output stream. Lines that belong to no
// category are drawn in the style of the last categorized line.
type formatter struct {
	conf     *config
	removals []*regexp.Regexp
	prev     style
}

func newFormatter(conf *config) *formatter {
	f := &formatter{conf: conf}
	for _, expr := range conf.removals {
		f.removals = append(f.removals, regexp.MustCompile(expr))
	}
	return f
}

func (f *formatter) remove(s string) string {
	for _, re := range f.removals {
		s = re.ReplaceAllString(s, "")
	}
	return s
}

func (f *formatter) decorateFiles(s string) string {
	base := f.prev.prefix()
	return fileRe.ReplaceAllStringFunc(s, func(found string) string {
		m := fileRe.FindStringSubmatch(found)
		return f.conf.styles["fileStyle"].apply(m[1]) + f.conf.styles["lineStyle"].apply(m[2]) + base
	})
}

func (f *formatter) emit(styleName, ind, body, end string) string {
	st := *f.conf.styles[styleName]
	text := labels[f.conf.labelType][styleName] + ind + f.decorateFiles(body)
	f.prev = st
	return f.finish(st, text, end)
}

func (f *formatter) finish(st style, text, end string) string {
	out := f.remove(st.apply(text) + end)
	if out == "\n" {
		return ""
	}
	return out
}

func (f *formatter) cover(percent string) string {
	value, _ := strconv.ParseFloat(percent, 64)
	name := "uncoveredStyle"
	if value >= float64(f.conf.coverThreshold) {
		name = "coveredStyle"
	}
	filled := min(int(value/10), 10)
	bar := strings.Repeat("#", filled) + strings.Repeat("_", 10-filled)
	text := fmt.Sprintf("%s%s%% [%s]", labels[f.conf.labelType][name], percent, bar)
	return f.finish(*f.conf.styles[name], text, "\n")
}

// test formats a line about one test: indented by depth, without "Test".
func (f *formatter) test(styleName, body string) string {
	ind := strings.Repeat("  ", strings.Count(body, "/"))
	if !f.conf.leaveTestPrefix {
		body = strings.TrimPrefix(body, "Test")
	}
	return f.emit(styleName, ind, body, "\n")
}

// format returns the decorated line with its line end, or nothing for a line
// that is hidden.
func (f *formatter) format(line string) string {
	if m := buildRe.FindStringSubmatch(line); m != nil {
		if m[2] == "" {
			return f.emit("buildStyle", "", m[1]+"\n", "")
		}
		return f.emit("buildStyle", "", m[1]+m[2], "\n")
	}
	if startRe.MatchString(line) {
		out := f.test("startStyle", strings.TrimPrefix(line, "=== RUN   "))
		f.prev.hide = false
		return out
	}
	if m := resultRe.FindStringSubmatch(line); m != nil {
		body := line[len(resultCut.FindString(line)):]
		return f.test(strings.ToLower(m[1])+"Style", body)
	}
	if m := packageRe.FindStringSubmatch(line); m != nil {
		return f.finish(*f.conf.styles[strings.ToLower(m[1])+"PackageStyle"], line, "\n")
	}
	if m := coverRe.FindStringSubmatch(line); m != nil {
		return f.cover(m[1])
	}
	if m := failRe.FindStringSubmatch(line); m != nil {
		return f.emit("failStyle", "", m[1], "\n")
	}
	if m := okRe.FindStringSubmatch(line); m != nil {
		if m[2] == "" && m[3] == "" {
			return f.emit("passStyle", "", m[1]+"\n ", "")
		}
		return f.emit("passStyle", "", m[1]+" "+m[3], "\n")
	}
	if m := noTestRe.FindStringSubmatch(line); m != nil {
		return f.emit("skipStyle", "", m[1], "\n")
	}
	return f.plain(line)
}

func (f *formatter) plain(line string) string {
	body := strings.TrimSuffix(f.remove(f.decorateFiles(line)+"\n"), "\n")
	if body == "" || f.prev.hide {
		return ""
	}
	return f.prev.apply(labels[f.conf.labelType][""]+body) + "\n"
}

// eachLine writes what convert makes of every line of src.
func eachLine(dst io.Writer, src io.Reader, convert func(string) string) {
	reader := bufio.NewReader(src)
	for {
		line, err := reader.ReadString('\n')
		if line != "" {
			line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
			io.WriteString(dst, convert(line))
		}
		if err != nil {
			return
		}
	}
}

func copyPlain() {
	text, _ := io.ReadAll(os.Stdin)
	fmt.Println(strings.ReplaceAll(string(text), "\r\n", "\n"))
	fmt.Fprintln(os.Stderr)
}

func wantColor() bool {
	if os.Getenv("RICHGO_FORCE_COLOR") != "" {
		return true
	}
	info, err := os.Stdout.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func runGo(args []string, conf *config) int {
	cmd := exec.Command("go", args...)
	cmd.Stdin = os.Stdin
	cmd.Stdout = os.Stdout
	cmd.Stderr = os.Stderr
	var wg sync.WaitGroup
	if conf != nil {
		cmd.Stdout, cmd.Stderr = nil, nil
		outPipe, _ := cmd.StdoutPipe()
		errPipe, _ := cmd.StderrPipe()
		stdout, stderr := newFormatter(conf), newFormatter(conf)
		wg.Add(2)
		go func() { defer wg.Done(); eachLine(os.Stdout, outPipe, stdout.format) }()
		go func() { defer wg.Done(); eachLine(os.Stderr, errPipe, stderr.format) }()
	}
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	wg.Wait()
	cmd.Wait()
	return cmd.ProcessState.ExitCode()
}

func main() {
	conf := loadConfig()
	args := os.Args[1:]
	command := ""
	if len(args) > 0 {
		command = args[0]
	}
	switch command {
	case "testfilter":
		if wantColor() {
			eachLine(os.Stdout, os.Stdin, newFormatter(conf).format)
		} else {
			copyPlain()
		}
	case "test":
		if !wantColor() {
			conf = nil
		}
		os.Exit(runGo(args, conf))
	default:
		os.Exit(runGo(args, nil))
	}
}
