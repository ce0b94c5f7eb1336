package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const version = "0.7.1"

const (
	exitOpenFile   = 1
	exitReadInput  = 2
	exitFormStmts  = 3
	exitFetchURL   = 4
	exitParseStmts = 5
	exitEncodeJSON = 6
)

const helpText = `Transform JSON (from a file, URL, or stdin) into discrete assignments to make it greppable

Usage:
  gron [OPTIONS] [FILE|URL|-]

Options:
  -u, --ungron     Reverse the operation (turn assignments back into JSON)
  -v, --values     Print just the values of provided assignments
  -c, --colorize   Colorize output (default on tty)
  -m, --monochrome Monochrome (don't colorize output)
  -s, --stream     Treat each line of input as a separate JSON object
  -k, --insecure   Disable certificate validation
  -x, --proxy      Set proxy configuration
      --noproxy    Comma-separated list of hosts for which not to use a proxy, if one is specified.
  -j, --json       Represent gron data as JSON stream
      --no-sort    Don't sort output (faster)
      --version    Print version information

Exit Codes:
  0	OK
  1	Failed to open file
  2	Failed to read input
  3	Failed to form statements
  4	Failed to fetch URL
  5	Failed to parse statements
  6	Failed to encode JSON

Examples:
  gron /tmp/apiresponse.json
  gron http://jsonplaceholder.typicode.com/users/1 
  curl -s http://jsonplaceholder.typicode.com/users/1 | gron
  gron http://jsonplaceholder.typicode.com/users/1 | grep company | gron --ungron
`

// exitError carries the exit code that goes with a failure.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }

func fail(code int, format string, args ...any) error {
	return &exitError{code, fmt.Errorf(format, args...)}
}

type options struct {
	ungron, values, stream, jsonForm, noSort bool
	colorize, mono, insecure, version        bool
	proxy, noProxy                           string
}

func parseFlags() *options {
	o := &options{}
	boolFlag := func(p *bool, names ...string) {
		for _, n := range names {
			flag.BoolVar(p, n, false, "")
		}
	}
	boolFlag(&o.ungron, "u", "ungron")
	boolFlag(&o.values, "v", "values")
	boolFlag(&o.colorize, "c", "colorize")
	boolFlag(&o.mono, "m", "monochrome")
	boolFlag(&o.stream, "s", "stream")
	boolFlag(&o.insecure, "k", "insecure")
	boolFlag(&o.jsonForm, "j", "json")
	boolFlag(&o.noSort, "no-sort")
	boolFlag(&o.version, "version")
	flag.StringVar(&o.proxy, "x", "", "")
	flag.StringVar(&o.proxy, "proxy", "", "")
	flag.StringVar(&o.noProxy, "noproxy", "", "")
	flag.Usage = func() { fmt.Fprint(flag.CommandLine.Output(), helpText) }
	flag.Parse()
	return o
}

func main() {
	o := parseFlags()
	if o.version {
		fmt.Printf("gron version %s\n", version)
		return
	}
	out := bufio.NewWriter(os.Stdout)
	err := run(o, flag.Arg(0), out)
	out.Flush()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code := 1
		var ee *exitError
		if errors.As(err, &ee) {
			code = ee.code
		}
		os.Exit(code)
	}
}

func run(o *options, source string, out *bufio.Writer) error {
	in, err := openInput(o, source)
	if err != nil {
		return err
	}
	defer in.Close()

	pal := plainPalette
	if o.colorize || (isTerminal(os.Stdout) && !o.mono) {
		pal = colorPalette
	}
	switch {
	case o.ungron:
		return runUngron(in, out, o.jsonForm, pal.enabled)
	case o.values:
		// The original reads assignments from stdin here even when a file is named.
		return runValues(os.Stdin, out)
	}
	w := &stmtWriter{out: out, pal: pal, asJSON: o.jsonForm, sorted: !o.noSort}
	if o.stream {
		return runStream(in, w)
	}
	return runGron(in, w)
}

func isTerminal(f *os.File) bool {
	st, err := f.Stat()
	if err != nil || st.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	return f.Name() != os.DevNull && os.Getenv("TERM") != "dumb"
}

func openInput(o *options, source string) (io.ReadCloser, error) {
	if source == "" || source == "-" {
		return os.Stdin, nil
	}
	lower := strings.ToLower(source)
	if strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") {
		body, err := fetch(o, source)
		if err != nil {
			return nil, fail(exitFetchURL, "%w", err)
		}
		return body, nil
	}
	f, err := os.Open(source)
	if err != nil {
		return nil, fail(exitOpenFile, "%w", err)
	}
	return f, nil
}

func fetch(o *options, address string) (io.ReadCloser, error) {
	transport := &http.Transport{
		Proxy:           proxyChooser(o),
		TLSClientConfig: &tls.Config{InsecureSkipVerify: o.insecure},
	}
	client := &http.Client{Transport: transport, Timeout: 20 * time.Second}
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "gron/"+version)
	req.Header.Set("Accept", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

func proxyChooser(o *options) func(*http.Request) (*url.URL, error) {
	if o.proxy == "" && o.noProxy == "" {
		return http.ProxyFromEnvironment
	}
	skip := strings.Split(o.noProxy, ",")
	return func(req *http.Request) (*url.URL, error) {
		for _, h := range skip {
			if strings.TrimSpace(h) == req.URL.Host {
				return nil, nil
			}
		}
		if o.proxy == "" {
			return http.ProxyFromEnvironment(req)
		}
		u, err := url.Parse(o.proxy)
		if err != nil {
			return nil, nil
		}
		return u, nil
	}
}

func decodeFirst(r io.Reader) (any, error) {
	d := json.NewDecoder(r)
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

func runGron(in io.Reader, w *stmtWriter) error {
	v, err := decodeFirst(in)
	if err != nil {
		return fail(exitFormStmts, "failed to form statements: %w", err)
	}
	w.walk(nil, v)
	return nil
}

func runStream(in io.Reader, w *stmtWriter) error {
	w.emit(nil, "[]", kindBrackets)
	r := bufio.NewReader(in)
	for i := 0; ; i++ {
		line, err := r.ReadBytes('\n')
		if len(line) > 0 {
			v, derr := decodeFirst(bytes.NewReader(line))
			if derr != nil {
				return fail(exitFormStmts, "failed to form statements: %w", derr)
			}
			w.walk([]step{{index: i, isIndex: true}}, v)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fail(exitFormStmts, "error reading multiline input: %w", err)
		}
	}
}

// readLines returns the input without line ends; what was read before an
// error is returned along with it.
func readLines(in io.Reader) ([]string, error) {
	var lines []string
	r := bufio.NewReader(in)
	for {
		line, err := r.ReadString('\n')
		if line != "" {
			line = strings.TrimSuffix(line, "\n")
			lines = append(lines, strings.TrimSuffix(line, "\r"))
		}
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return lines, err
		}
	}
}

// runValues prints the scalar on the right of each assignment.
func runValues(in io.Reader, out *bufio.Writer) error {
	lines, _ := readLines(in)
	for _, line := range lines {
		toks := lexLine(line)
		if len(toks) == 0 {
			return fail(exitParseStmts, "failed to parse '%s' as gron statement", line)
		}
		for _, t := range toks {
			switch t.kind {
			case tokString:
				var s string
				if json.Unmarshal([]byte(t.text), &s) == nil {
					fmt.Fprintln(out, s)
				}
			case tokLiteral:
				fmt.Fprintln(out, t.text)
			}
		}
	}
	return nil
}

func runUngron(in io.Reader, out *bufio.Writer, jsonForm, color bool) error {
	lines, err := readLines(in)
	if err != nil {
		return fail(exitReadInput, "failed to read input statements")
	}
	var stmts []assignment
	for _, line := range lines {
		var a assignment
		ok := true
		if jsonForm {
			a, err = assignmentFromJSON(line)
		} else {
			a, ok, err = assignmentFromLine(line)
		}
		if err != nil {
			return fail(exitParseStmts, "%w", err)
		}
		if ok {
			stmts = append(stmts, a)
		}
	}
	if len(stmts) == 0 {
		return fail(exitParseStmts, "no statements were parsed")
	}

	var root any
	for _, a := range stmts {
		v, err := merge(root, a.build())
		if err != nil {
			return fail(exitParseStmts, "failed to merge statements: %w", err)
		}
		root = v
	}
	if m, ok := root.(map[string]any); ok && len(m) == 1 {
		if v, found := m["json"]; found {
			root = v
		}
	}

	if color {
		if err := writeColorJSON(out, root); err != nil {
			return fail(exitEncodeJSON, "failed to encode JSON: %w", err)
		}
		fmt.Fprintln(out)
		return nil
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		return fail(exitEncodeJSON, "failed to encode JSON: %w", err)
	}
	return nil
}
