// Command program is a command line JSON processor.
package main

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

//go:embed usage.txt
var usage string

type options struct {
	nullInput, rawInput, slurp, raw, raw0, join, seq, stream, exitStatus, useFile bool
	style                                                                         style
	filter                                                                        *string
	files                                                                         []string
	named                                                                         *object
	positional                                                                    []any
}

// usageError is a mistake on the command line; plain ones come without the hint to --help.
type usageError struct {
	msg   string
	plain bool
}

func (e usageError) Error() string { return e.msg }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...), false} }

// reason gives the operating system's words for a file error.
func reason(err error) string {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		s := errno.Error()
		return strings.ToUpper(s[:1]) + s[1:]
	}
	return err.Error()
}

// inputs delivers the input values of the files, or of standard input.
type inputs struct {
	opt     *options
	files   []string
	current string
	opened  bool
	dec     *decoder
	lines   int
	slurped bool
	queue   []any // events of --stream
	missing bool  // some file could not be opened
	broken  error // the input is not valid
}

var source *inputs

func (in *inputs) open() bool {
	in.line()
	in.dec = nil
	if len(in.opt.files) == 0 && !in.opened {
		in.opened, in.current = true, "<stdin>"
		text, _ := io.ReadAll(os.Stdin)
		in.dec = newDecoder(string(text))
		return true
	}
	for len(in.files) > 0 {
		in.current, in.opened = in.files[0], true
		in.files = in.files[1:]
		text, err := os.ReadFile(in.current)
		if err == nil {
			in.dec = newDecoder(string(text))
			return true
		}
		fmt.Fprintf(os.Stderr, "jq: error: Could not open file %s: %s\n", in.current, reason(err))
		in.missing = true
	}
	return false
}

func (in *inputs) name() any {
	if !in.opened {
		return nil
	}
	return in.current
}

// line counts the lines loaded so far, up to the end of the one being read.
func (in *inputs) line() int {
	if d := in.dec; d != nil {
		end := max(0, d.pos-1)
		in.lines = strings.Count(d.text[:end], "\n")
		if strings.Contains(d.text[end:], "\n") {
			in.lines++
		}
	}
	return in.lines
}

func (in *inputs) rawLine() (any, error) {
	d := in.dec
	if d.pos >= len(d.text) {
		return nil, io.EOF
	}
	line, _, _ := strings.Cut(d.text[d.pos:], "\n")
	d.pos = min(len(d.text), d.pos+len(line)+1)
	return line, nil
}

func (in *inputs) one() (any, bool, error) {
	for in.dec != nil || in.open() {
		read := in.dec.next
		if in.opt.rawInput {
			read = in.rawLine
		}
		v, err := read()
		if err == nil {
			return v, true, nil
		} else if err != io.EOF {
			in.broken = err
			return nil, false, err
		} else if !in.open() {
			break
		}
	}
	return nil, false, nil
}

// next returns the next input value and whether there is one.
func (in *inputs) next() (any, bool, error) {
	switch {
	case in.opt.slurp && in.slurped:
		return nil, false, nil
	case in.opt.slurp && in.opt.rawInput:
		in.slurped = true
		var b strings.Builder
		for in.open() {
			b.WriteString(in.dec.text)
		}
		return b.String(), true, nil
	case in.opt.slurp:
		in.slurped = true
		all := []any{}
		for {
			v, ok, err := in.one()
			if err != nil || !ok {
				return all, err == nil, err
			}
			all = append(all, v)
		}
	case in.opt.stream:
		if len(in.queue) == 0 {
			v, ok, err := in.one()
			if err != nil || !ok {
				return nil, false, err
			}
			in.events(v, []any{})
		}
		v := in.queue[0]
		in.queue = in.queue[1:]
		return v, true, nil
	}
	return in.one()
}

func (in *inputs) events(v any, path []any) {
	var last []any
	for c := range each(item{v: v, p: rootPath}) {
		if c.p == nil {
			break
		}
		last = append(path[:len(path):len(path)], c.p.key)
		in.events(c.v, last)
	}
	if last == nil {
		in.queue = append(in.queue, []any{path, v})
	} else {
		in.queue = append(in.queue, []any{last})
	}
}

var flags = map[string]func(*options){
	"n null-input":        func(o *options) { o.nullInput = true },
	"R raw-input":         func(o *options) { o.rawInput = true },
	"s slurp":             func(o *options) { o.slurp = true },
	"r raw-output":        func(o *options) { o.raw = true },
	"  raw-output0":       func(o *options) { o.raw, o.raw0 = true, true },
	"j join-output":       func(o *options) { o.raw, o.join = true, true },
	"a ascii-output":      func(o *options) { o.style.ascii = true },
	"S sort-keys":         func(o *options) { o.style.sort = true },
	"C color-output":      func(o *options) { o.style.color = true },
	"M monochrome-output": func(o *options) { o.style.color = false },
	"c compact-output":    func(o *options) { o.style.indent = -1 },
	"  tab":               func(o *options) { o.style.indent = indentTab },
	"  seq":               func(o *options) { o.seq = true },
	"  stream":            func(o *options) { o.stream = true },
	"  unbuffered":        func(*options) {},
	"e exit-status":       func(o *options) { o.exitStatus = true },
	"f from-file":         func(o *options) { o.useFile = true },
	"h help":              func(*options) { fmt.Print(usage); os.Exit(0) },
	"V version":           func(*options) { fmt.Println("jq-1.8.1-32-gb33a763"); os.Exit(0) },
}

func (o *options) flag(match func(short, long string) bool) bool {
	for names, set := range flags {
		if match(names[:1], names[2:]) {
			set(o)
			return true
		}
	}
	return false
}

func (o *options) parse(args []string) error {
	rest := ""
	for options := true; len(args) > 0; {
		s := args[0]
		args = args[1:]
		switch {
		case !options || len(s) < 2 || s[0] != '-':
			switch {
			case o.filter == nil:
				o.filter = &s
			case rest == "--args":
				o.positional = append(o.positional, s)
			case rest == "--jsonargs":
				v, err := newDecoder(s).next()
				if err != nil {
					return usagef("invalid JSON text passed to --jsonargs")
				}
				o.positional = append(o.positional, v)
			default:
				o.files = append(o.files, s)
			}
		case s == "--":
			options = false
		case s == "--args" || s == "--jsonargs":
			rest = s
		case s == "--indent":
			if len(args) == 0 {
				return usagef("--indent takes one parameter")
			}
			n, err := strconv.Atoi(args[0])
			if err != nil || n < -1 || n > 7 {
				return usagef("--indent takes a number between -1 and 7")
			}
			if o.style.indent = n; n < 0 {
				o.style.indent = indentTab
			}
			args = args[1:]
		case s == "--arg" || s == "--argjson" || s == "--slurpfile" || s == "--rawfile":
			if len(args) < 2 {
				what := map[string]string{"--arg": "value", "--argjson": "text"}[s]
				if what == "" {
					what = "filename"
				}
				return usagef("%s takes two parameters (e.g. %s varname %s)", s, s, what)
			}
			v, err := argument(s, args[0], args[1])
			if err != nil {
				return err
			}
			o.named.set(args[0], v)
			args = args[2:]
		case strings.HasPrefix(s, "--"):
			if !o.flag(func(_, long string) bool { return long == s[2:] }) {
				return usagef("Unknown option %s", s)
			}
		default:
			for _, c := range s[1:] {
				if !o.flag(func(short, _ string) bool { return short == string(c) }) {
					return usagef("Unknown option %s", s)
				}
			}
		}
	}
	return nil
}

func argument(option, name, text string) (any, error) {
	switch option {
	case "--arg":
		return text, nil
	case "--argjson":
		v, err := newDecoder(text).next()
		if err != nil {
			return nil, usagef("invalid JSON text passed to --argjson")
		}
		return v, nil
	}
	b, err := os.ReadFile(text)
	if err != nil {
		return nil, usageError{fmt.Sprintf("Bad JSON in %s %s %s: Could not open %s: %s", option, name, text, text, reason(err)), true}
	}
	if option == "--rawfile" {
		return string(b), nil
	}
	all, d := []any{}, newDecoder(string(b))
	for {
		v, err := d.next()
		if err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, usagef("Bad JSON in %s %s %s: %s", option, name, text, err)
		}
		all = append(all, v)
	}
}

func report(err error) {
	if err == source.broken {
		fmt.Fprintf(os.Stderr, "jq: parse error: %s\n", err)
		return
	}
	at, kind := "<unknown>", ""
	if source.opened {
		at = fmt.Sprintf("%s:%d", source.current, source.line())
	}
	if e, ok := err.(*jqError); ok && rank(e.value) != 4 {
		kind = " (not a string)"
	}
	fmt.Fprintf(os.Stderr, "jq: error (at %s)%s: %s\n", at, kind, err)
}

// run applies the program to all inputs and returns the exit code.
func run(o *options, program expr, globals *env, out *bufio.Writer) int {
	code, last := 0, 4
	for {
		v, ok, err := any(nil), true, error(nil)
		if !o.nullInput {
			if v, ok, err = source.next(); err == nil && !ok {
				break
			}
		}
		if err == nil {
			if code == 5 {
				code = 0
			}
			for x, e := range program.eval(globals, item{v: v}) {
				if err = e; e != nil {
					break
				}
				o.print(out, x.v)
				if last = 0; !truthy(x.v) {
					last = 1
				}
			}
		}
		if h, ok := err.(*haltError); ok {
			out.Flush()
			fmt.Fprint(os.Stderr, h.text)
			return h.code
		} else if err != nil {
			report(err)
			code = 5
		}
		if o.nullInput || source.broken != nil {
			break
		}
	}
	switch {
	case code != 0:
		return code
	case source.missing:
		return 2
	case o.exitStatus:
		return last
	}
	return 0
}

func (o *options) print(out *bufio.Writer, v any) {
	if o.seq {
		out.WriteByte(0x1e)
	}
	if s, ok := v.(string); ok && o.raw && !o.style.ascii {
		out.WriteString(s)
	} else {
		out.Write(o.style.append(nil, v, 0))
	}
	if o.raw0 {
		out.WriteByte(0)
	} else if !o.join {
		out.WriteByte('\n')
	}
}

func main() {
	o := &options{style: style{indent: 2}, named: newObject(), positional: []any{}}
	if err := o.parse(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "jq: %s\n", err)
		if u, ok := err.(usageError); ok && !u.plain {
			fmt.Fprint(os.Stderr, "Use jq --help for help with command-line options,\nor see the jq manpage, or online docs at https://jqlang.org\n")
		}
		os.Exit(2)
	}
	filter := "."
	if o.filter != nil {
		filter = *o.filter
	}
	if o.useFile {
		text, err := os.ReadFile(filter)
		if err != nil {
			fmt.Fprintf(os.Stderr, "jq: Could not open %s: %s\n", filter, reason(err))
			os.Exit(2)
		}
		filter = string(text)
	}
	parsePrelude(preludeSource)
	var globals *env
	var names []string
	define := func(name string, v any) {
		globals = &env{up: globals, name: "$" + name, value: v}
		names = append(names, name)
	}
	define("ENV", environment())
	define("ARGS", newObject("positional", o.positional, "named", o.named))
	for _, k := range o.named.keys {
		define(k, o.named.vals[k])
	}
	program, problems := parseProgram(filter, names)
	if len(problems) > 0 {
		plural := "s"
		if len(problems) == 1 {
			plural = ""
		}
		fmt.Fprintf(os.Stderr, "%sjq: %d compile error%s\n", strings.Join(problems, ""), len(problems), plural)
		os.Exit(3)
	}
	source = &inputs{opt: o, files: o.files}
	out := bufio.NewWriter(os.Stdout)
	code := run(o, program, globals, out)
	out.Flush()
	os.Exit(code)
}
