package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"text/template"
)

// style says how tests are written.
type style struct {
	ShowInputs, Named, Flat, Parallel, GoCmp bool
	Template                                 string
}

// view is what the template sees: a target and the style of its test.
type view struct {
	*style
	*target
}

// testLayout is the template of a test function. Blank lines are dropped and
// the indentation is left to gofmt.
var testLayout = template.Must(template.New("").Parse(`func {{.CaseFunc}}(t *testing.T) {
	{{if .Parallel}}t.Parallel(){{end}}
	{{if .Fields}}type fields struct {
		{{range .Fields}}{{.Name}} {{.Type}}
		{{end}}
	}{{end}}
	{{if .Args}}type args struct {
		{{range .Args}}{{.Name}} {{.Type}}
		{{end}}
	}{{end}}
	tests := {{if .Named}}map[string]{{else}}[]{{end}}struct {
		{{if not .Named}}name string{{end}}
		{{if .Fields}}fields fields{{else if .Recv}}{{.Recv.Name}} {{.Recv.Type}}{{end}}
		{{if .Args}}args args{{end}}
		{{range .Returns}}{{.Want}} {{.Type}}
		{{end}}{{range .Outputs}}{{.Want}} {{.Type}}
		{{end}}
		{{if .Fails}}{{if .Testify}}assertion assert.ErrorAssertionFunc{{else}}wantErr bool{{end}}{{end}}
	}{
		// TODO: Add test cases.
	}
	for {{if .CaseUsed}}{{if .Named}}name{{else}}_{{end}}, tt := {{end}}range tests {
		{{if not .Flat}}t.Run({{if not .Named}}tt.{{end}}name, func(t *testing.T) {
		{{if .Parallel}}t.Parallel(){{end}}{{end}}
		{{if .Literal}}{{.Recv.Name}} := {{.Literal}}{
			{{range .Fields}}{{.Name}}: tt.fields.{{.Name}},
			{{end}}
		}{{end}}
		{{range .Outputs}}{{.Buffer}} := &bytes.Buffer{}
		{{end}}
		{{if .Testify}}{{template "assertions" .}}{{else}}{{template "comparisons" .}}{{end}}
		{{if not .Flat}}}){{end}}
	}
}
{{define "comparisons"}}
	{{if not .Assigned}}{{.Call}}{{else if not .Inline}}{{.Assigned}} := {{.Call}}{{end}}
	{{if .Fails}}if {{.Inline}}(err != nil) != tt.wantErr {
		t.{{if and .Compared (not .Flat)}}Fatalf{{else}}Errorf{{end}}({{.Message " error = %v, wantErr %v"}}, err, tt.wantErr)
		{{if and .Compared .Flat}}continue{{end}}
	}
	{{if .Compared}}if tt.wantErr {
		return
	}{{end}}{{end}}
	{{range .Returns}}{{$.Compare . $.Inline}}
	{{end}}{{range .Outputs}}{{$.Compare . (printf "%s := %s.String(); " .Got .Buffer)}}
	{{end}}
{{end}}
{{define "assertions"}}
	{{if not .Assigned}}{{.Call}}
	{{else if not .Inline}}{{.Assigned}} := {{.Call}}
		{{if .Fails}}{{.AssertError "err"}}{{end}}
		{{range .Returns}}{{$.AssertEqual .Want .Got}}
		{{end}}
	{{else if .Fails}}{{.AssertError .Call}}
	{{else}}{{range .Returns}}{{$.AssertEqual .Want $.Call}}{{end}}
	{{end}}
	{{range .Outputs}}{{$.AssertEqual .Want (print .Buffer ".String()")}}
	{{end}}
{{end}}`))

var blankLines = regexp.MustCompile(`\n\s*\n`)

// testCode writes the test function of a target.
func (st *style) testCode(t *target) (string, error) {
	if st.Template != "" && !st.Testify() {
		return "", errors.New("loading custom templates of name: templates.ParseFS: template: pattern matches no files: `*.tmpl`")
	}
	var b strings.Builder
	err := testLayout.Execute(&b, view{st, t})
	return blankLines.ReplaceAllString(b.String(), "\n"), err
}

// Testify reports whether the testify library does the comparisons.
func (st *style) Testify() bool { return st.Template == "testify" }

// Compared reports whether there is anything but an error to check.
func (v view) Compared() bool { return len(v.Returns)+len(v.Outputs) > 0 }

// CaseUsed reports whether the loop body needs the test case.
func (v view) CaseUsed() bool {
	return !v.Flat || v.Compared() || v.Fails || len(v.Args)+len(v.Fields) > 0 || v.Recv != nil && v.Literal == ""
}

// Message is the format of a failure message that ends with rest, together
// with the values that say which case and call it is about.
func (v view) Message(rest string) string {
	text, verbs, values := v.Label, "", ""
	if v.Flat {
		text = "%q. " + text
		values = ", tt.name"
		if v.Named {
			values = ", name"
		}
	}
	if v.ShowInputs && len(v.Inputs) > 0 {
		verbs = strings.Repeat(", %v", len(v.Inputs))[2:]
		values += ", tt.args." + strings.Join(v.Inputs, ", tt.args.")
	}
	return fmt.Sprintf(`"%s(%s)%s"%s`, text, verbs, rest, values)
}

// Compare is the statement that reports an outcome that is not as wanted.
func (v view) Compare(o outcome, inline string) string {
	text := " = %v, want %v"
	if len(v.Returns) > 1 {
		text = " " + o.Got + text
	}
	values := o.Got + ", tt." + o.Want
	differ := fmt.Sprintf("%s != tt.%s", o.Got, o.Want)
	if !o.Simple && v.GoCmp {
		differ = fmt.Sprintf("!cmp.Equal(tt.%s, %s)", o.Want, o.Got)
		text += `\ndiff=%s`
		values += fmt.Sprintf(", cmp.Diff(tt.%s, %s)", o.Want, o.Got)
	} else if !o.Simple {
		differ = fmt.Sprintf("!reflect.DeepEqual(%s, tt.%s)", o.Got, o.Want)
	}
	return fmt.Sprintf("if %s%s {\nt.Errorf(%s, %s)\n}", inline, differ, v.Message(text), values)
}

// AssertEqual is the testify statement that compares.
func (v view) AssertEqual(want, got string) string {
	if v.Flat || v.ShowInputs {
		return fmt.Sprintf("assert.Equalf(t, tt.%s, %s, %s)", want, got, v.Message(""))
	}
	return fmt.Sprintf("assert.Equal(t, tt.%s, %s)", want, got)
}

// AssertError is the testify statement that checks an error.
func (v view) AssertError(err string) string {
	if v.Flat || v.ShowInputs {
		err += ", fmt.Sprintf(" + v.Message("") + ")"
	}
	return "tt.assertion(t, " + err + ")"
}
