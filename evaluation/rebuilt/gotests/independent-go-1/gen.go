package main

import (
	"fmt"
	"strings"
	"unicode"
)

// Options that influence the generated text.
type genOptions struct {
	inputs, named, subtests, parallel, goCmp, testify bool
}

type param struct {
	name, typ string
	variadic  bool
	writer    bool
}

type result struct {
	got, want, typ string
	basic          bool
}

type structField struct{ name, key, typ string }

type receiver struct {
	name, typeName, shown, typ string
	pointer, isStruct          bool
	fields                     []structField
}

type function struct {
	name       string
	recv       *receiver
	typeArgs   string
	params     []param
	results    []result
	returnsErr bool
}

func upperFirst(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}

func (f *function) testName() string {
	if f.recv != nil {
		if unicode.IsLower([]rune(f.recv.typeName)[0]) {
			return "Test_" + f.recv.typeName + "_" + f.name
		}
		return "Test" + f.recv.typeName + "_" + f.name
	}
	if strings.HasPrefix(f.name, "Test") {
		return f.name
	}
	if unicode.IsLower([]rune(f.name)[0]) || f.name[0] == '_' {
		return "Test_" + f.name
	}
	return "Test" + f.name
}

func (f *function) shownName() string {
	if f.recv != nil {
		return f.recv.shown + "." + f.name
	}
	return f.name
}

func (f *function) hasArgs() bool {
	for _, p := range f.params {
		if !p.writer {
			return true
		}
	}
	return false
}

func (f *function) writers() []param {
	var ws []param
	for _, p := range f.params {
		if p.writer {
			ws = append(ws, p)
		}
	}
	return ws
}

func (f *function) call() string {
	var args []string
	for _, p := range f.params {
		switch {
		case p.writer:
			args = append(args, p.name)
		case p.variadic:
			args = append(args, "tt.args."+p.name+"...")
		default:
			args = append(args, "tt.args."+p.name)
		}
	}
	prefix := f.name + f.typeArgs
	if f.recv != nil {
		if f.recv.isStruct {
			prefix = f.recv.name + "." + f.name
		} else {
			prefix = "tt." + f.recv.name + "." + f.name
		}
	}
	return prefix + "(" + strings.Join(args, ", ") + ")"
}

type generator struct {
	sb  strings.Builder
	opt genOptions
	f   *function
}

func (g *generator) p(format string, args ...any) {
	fmt.Fprintf(&g.sb, format+"\n", args...)
}

// message returns the start of a failure message and the arguments it needs.
func (g *generator) message() (string, []string) {
	var args []string
	text := ""
	if !g.opt.subtests {
		text = "%q. "
		if g.opt.named {
			args = append(args, "name")
		} else {
			args = append(args, "tt.name")
		}
	}
	text += g.f.shownName() + "("
	if g.opt.inputs {
		for i, p := range g.f.params {
			if i > 0 {
				text += ", "
			}
			text += "%v"
			args = append(args, "tt.args."+p.name)
		}
	}
	return text + ")", args
}

func (g *generator) fail(method, rest string, extra ...string) {
	text, args := g.message()
	g.p("t.%s(\"%s%s\", %s)", method, text, rest, strings.Join(append(args, extra...), ", "))
}

func (g *generator) assertSuffix() (string, string) {
	if g.opt.subtests && !g.opt.inputs {
		return "", ""
	}
	text, args := g.message()
	return "f", ", " + strings.Join(append([]string{"\"" + text + "\""}, args...), ", ")
}

func (g *generator) assertEqual(want, got string) {
	f, suffix := g.assertSuffix()
	g.p("assert.Equal%s(t, %s, %s%s)", f, want, got, suffix)
}

func (g *generator) assertError(err string) {
	_, suffix := g.assertSuffix()
	if suffix != "" {
		suffix = ", fmt.Sprintf(" + suffix[2:] + ")"
	}
	g.p("tt.assertion(t, %s%s)", err, suffix)
}

func (g *generator) differs(r result) string {
	switch {
	case r.basic:
		return fmt.Sprintf("%s != tt.%s", r.got, r.want)
	case g.opt.goCmp:
		return fmt.Sprintf("!cmp.Equal(tt.%s, %s)", r.want, r.got)
	}
	return fmt.Sprintf("!reflect.DeepEqual(%s, tt.%s)", r.got, r.want)
}

func (g *generator) failResult(r result, label string) {
	if !r.basic && g.opt.goCmp {
		g.fail("Errorf", label+" = %v, want %v\\ndiff=%s", r.got, "tt."+r.want,
			fmt.Sprintf("cmp.Diff(tt.%s, %s)", r.want, r.got))
		return
	}
	g.fail("Errorf", label+" = %v, want %v", r.got, "tt."+r.want)
}

func (g *generator) table() {
	f := g.f
	if f.recv != nil && f.recv.isStruct && len(f.recv.fields) > 0 {
		g.p("type fields struct {")
		for _, fd := range f.recv.fields {
			g.p("%s %s", fd.name, fd.typ)
		}
		g.p("}")
	}
	if f.hasArgs() {
		g.p("type args struct {")
		for _, p := range f.params {
			if !p.writer {
				g.p("%s %s", p.name, p.typ)
			}
		}
		g.p("}")
	}
	if g.opt.named {
		g.p("tests := map[string]struct {")
	} else {
		g.p("tests := []struct {\nname string")
	}
	if f.recv != nil {
		if f.recv.isStruct && len(f.recv.fields) > 0 {
			g.p("fields fields")
		} else {
			g.p("%s %s", f.recv.name, f.recv.typ)
		}
	}
	if f.hasArgs() {
		g.p("args args")
	}
	for _, r := range f.results {
		g.p("%s %s", r.want, r.typ)
	}
	for _, w := range f.writers() {
		g.p("want%s string", upperFirst(w.name))
	}
	if f.returnsErr {
		if g.opt.testify {
			g.p("assertion assert.ErrorAssertionFunc")
		} else {
			g.p("wantErr bool")
		}
	}
	g.p("}{\n// TODO: Add test cases.\n}")
}

func (g *generator) setup() {
	f := g.f
	if f.recv != nil && f.recv.isStruct {
		amp := ""
		if f.recv.pointer {
			amp = "&"
		}
		typ := strings.TrimPrefix(f.recv.typ, "*")
		if len(f.recv.fields) == 0 {
			g.p("%s := %s%s{}", f.recv.name, amp, typ)
		} else {
			g.p("%s := %s%s{", f.recv.name, amp, typ)
			for _, fd := range f.recv.fields {
				g.p("%s: tt.fields.%s,", fd.key, fd.name)
			}
			g.p("}")
		}
	}
	for _, w := range f.writers() {
		g.p("%s := &bytes.Buffer{}", w.name)
	}
}

func (g *generator) gotList() string {
	var names []string
	for _, r := range g.f.results {
		names = append(names, r.got)
	}
	if g.f.returnsErr {
		names = append(names, "err")
	}
	return strings.Join(names, ", ")
}

func (g *generator) checkError() {
	if g.opt.subtests {
		g.fail("Fatalf", " error = %v, wantErr %v", "err", "tt.wantErr")
	} else {
		g.fail("Errorf", " error = %v, wantErr %v", "err", "tt.wantErr")
		g.p("continue")
	}
	g.p("}\nif tt.wantErr {\nreturn\n}")
}

func (g *generator) body() {
	f := g.f
	writers := f.writers()
	call := f.call()
	switch {
	case len(f.results) == 0 && !f.returnsErr:
		g.p("%s", call)
	case len(f.results) == 0:
		g.p("if err := %s; (err != nil) != tt.wantErr {", call)
		if len(writers) > 0 {
			g.checkError()
		} else {
			g.fail("Errorf", " error = %v, wantErr %v", "err", "tt.wantErr")
			g.p("}")
		}
	case len(f.results) == 1 && !f.returnsErr:
		r := f.results[0]
		g.p("if %s := %s; %s {", r.got, call, g.differs(r))
		g.failResult(r, "")
		g.p("}")
	default:
		g.p("%s := %s", g.gotList(), call)
		if f.returnsErr {
			g.p("if (err != nil) != tt.wantErr {")
			g.checkError()
		}
		for _, r := range f.results {
			label := ""
			if len(f.results) > 1 {
				label = " " + r.got
			}
			g.p("if %s {", g.differs(r))
			g.failResult(r, label)
			g.p("}")
		}
	}
	for _, w := range writers {
		r := result{got: "got" + upperFirst(w.name), want: "want" + upperFirst(w.name), basic: true}
		g.p("if %s := %s.String(); %s {", r.got, w.name, g.differs(r))
		g.failResult(r, "")
		g.p("}")
	}
}

func (g *generator) testifyBody() {
	f := g.f
	call := f.call()
	switch {
	case len(f.results) == 0 && !f.returnsErr:
		g.p("%s", call)
	case len(f.results) == 0:
		g.assertError(call)
	case len(f.results) == 1 && !f.returnsErr:
		g.assertEqual("tt."+f.results[0].want, call)
	default:
		g.p("%s := %s", g.gotList(), call)
		if f.returnsErr {
			g.assertError("err")
		}
		for _, r := range f.results {
			g.assertEqual("tt."+r.want, r.got)
		}
	}
	for _, w := range f.writers() {
		g.assertEqual("tt.want"+upperFirst(w.name), w.name+".String()")
	}
}

// generateTest renders the table-driven test of one function, unformatted.
func generateTest(f *function, opt genOptions) string {
	g := &generator{opt: opt, f: f}
	g.p("func %s(t *testing.T) {", f.testName())
	if opt.parallel {
		g.p("t.Parallel()")
	}
	g.table()
	loopName := "_"
	if opt.named {
		loopName = "name"
	}
	if !opt.subtests && f.recv == nil && len(f.params) == 0 && len(f.results) == 0 {
		g.p("for range tests {")
	} else {
		g.p("for %s, tt := range tests {", loopName)
	}
	if opt.subtests {
		if opt.named {
			g.p("t.Run(name, func(t *testing.T) {")
		} else {
			g.p("t.Run(tt.name, func(t *testing.T) {")
		}
		if opt.parallel {
			g.p("t.Parallel()")
		}
	}
	g.setup()
	if opt.testify {
		g.testifyBody()
	} else {
		g.body()
	}
	if opt.subtests {
		g.p("})")
	}
	g.p("}\n}")
	return g.sb.String()
}
