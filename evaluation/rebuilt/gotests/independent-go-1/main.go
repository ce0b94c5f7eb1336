package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"unicode"
)

type source struct {
	fset      *token.FileSet
	file      *ast.File
	types     map[string]*ast.TypeSpec
	testify   bool
	recursive bool
}

func (s *source) text(e ast.Expr, sub map[string]string) string {
	if p, ok := e.(*ast.ParenExpr); ok {
		e = p.X
	}
	var buf bytes.Buffer
	format.Node(&buf, s.fset, e)
	out := buf.String()
	for name, with := range sub {
		out = regexp.MustCompile(`(^|[^.\w])`+name+`\b`).ReplaceAllString(out, "${1}"+with)
	}
	return out
}

var basicTypes = regexp.MustCompile(`^(bool|string|byte|rune|uintptr|float(32|64)|complex(64|128)|u?int(8|16|32|64)?)$`)

func (s *source) isBasic(e ast.Expr, star bool) bool {
	switch t := e.(type) {
	case *ast.StarExpr:
		return star && s.isBasic(t.X, false)
	case *ast.Ident:
		if spec := s.types[t.Name]; spec != nil && !s.recursive {
			return s.isBasic(spec.Type, false)
		}
		return basicTypes.MatchString(t.Name)
	}
	return false
}

// concrete picks a type to instantiate a constraint with.
func (s *source) concrete(e ast.Expr) string {
	switch t := e.(type) {
	case *ast.Ident:
		if t.Name == "any" {
			return "int"
		}
		if basicTypes.MatchString(t.Name) {
			return t.Name
		}
		return "string"
	case *ast.UnaryExpr:
		return s.concrete(t.X)
	case *ast.BinaryExpr:
		return s.concrete(t.X)
	case *ast.InterfaceType:
		return "int"
	}
	return "string"
}

func (s *source) typeParams(list *ast.FieldList) (names, types []string) {
	if list == nil {
		return
	}
	for _, f := range list.List {
		for _, n := range f.Names {
			names = append(names, n.Name)
			types = append(types, s.concrete(f.Type))
		}
	}
	return
}

func (s *source) receiver(field *ast.Field, sub map[string]string) *receiver {
	r := &receiver{typ: s.text(field.Type, nil)}
	r.shown = strings.TrimPrefix(r.typ, "*")
	base := field.Type
	if star, ok := base.(*ast.StarExpr); ok {
		r.pointer, base = true, star.X
	}
	var args []ast.Expr
	switch t := base.(type) {
	case *ast.IndexExpr:
		base, args = t.X, []ast.Expr{t.Index}
	case *ast.IndexListExpr:
		base, args = t.X, t.Indices
	}
	r.typeName = s.text(base, nil)
	spec := s.types[r.typeName]
	if spec != nil && !s.testify {
		_, types := s.typeParams(spec.TypeParams)
		for i, a := range args {
			if i < len(types) {
				sub[s.text(a, nil)] = types[i]
			}
		}
	}
	r.typ = s.text(field.Type, sub)
	r.name = strings.ToLower(string([]rune(r.typeName)[0]))
	if len(field.Names) > 0 && field.Names[0].Name != "_" {
		r.name = field.Names[0].Name
	}
	if r.name == "t" {
		r.name = "tr"
	}
	if spec == nil || s.recursive {
		return r
	}
	st, ok := spec.Type.(*ast.StructType)
	if !ok {
		return r
	}
	r.isStruct = true
	if len(args) > 0 {
		return r
	}
	for _, f := range st.Fields.List {
		typ := s.text(f.Type, nil)
		short := regexp.MustCompile(`^\*?([\w]+\.)?(\w+).*$`).ReplaceAllString(typ, "$2")
		if len(f.Names) == 0 {
			r.fields = append(r.fields, structField{short, short, typ})
		}
		for _, n := range f.Names {
			name := n.Name
			if name == "_" {
				name = short
			}
			r.fields = append(r.fields, structField{name, n.Name, typ})
		}
	}
	return r
}

func (s *source) function(d *ast.FuncDecl) *function {
	f := &function{name: d.Name.Name}
	sub := map[string]string{}
	if d.Recv != nil && len(d.Recv.List) > 0 {
		f.recv = s.receiver(d.Recv.List[0], sub)
	}
	names, types := s.typeParams(d.Type.TypeParams)
	for i, n := range names {
		sub[n] = types[i]
	}
	if len(types) > 0 {
		f.typeArgs = "[" + strings.Join(types, ", ") + "]"
	}
	for _, fd := range d.Type.Params.List {
		idents := fd.Names
		if len(idents) == 0 {
			idents = []*ast.Ident{{Name: "_"}}
		}
		for _, id := range idents {
			p := param{name: id.Name}
			if p.name == "_" {
				p.name = fmt.Sprintf("in%d", len(f.params))
			}
			if e, ok := fd.Type.(*ast.Ellipsis); ok {
				p.variadic = true
				p.typ = "[]" + s.text(e.Elt, sub)
			} else {
				p.typ = s.text(fd.Type, sub)
			}
			p.writer = p.typ == "io.Writer"
			f.params = append(f.params, p)
		}
	}
	if d.Type.Results == nil {
		return f
	}
	for _, fd := range d.Type.Results.List {
		idents := fd.Names
		if len(idents) == 0 {
			idents = []*ast.Ident{{Name: "_"}}
		}
		for _, id := range idents {
			typ := s.text(fd.Type, sub)
			if typ == "error" {
				f.returnsErr = true
				continue
			}
			suffix := upperFirst(id.Name)
			if id.Name == "_" {
				suffix = ""
				if len(f.results) > 0 {
					suffix = strconv.Itoa(len(f.results))
				}
			}
			f.results = append(f.results, result{"got" + suffix, "want" + suffix, typ, s.isBasic(fd.Type, true)})
		}
	}
	return f
}

type filter struct {
	only, excl *regexp.Regexp
	exported   bool
}

func (fl filter) accepts(f *function) bool {
	full := f.name
	if f.recv != nil {
		full = f.recv.typeName + f.name
	}
	if fl.excl != nil && (fl.excl.MatchString(f.name) || fl.excl.MatchString(full)) {
		return false
	}
	if fl.exported && !unicode.IsUpper([]rune(f.name)[0]) {
		return false
	}
	return fl.only == nil || fl.only.MatchString(f.name) || fl.only.MatchString(full)
}

// importBlock renders the imports that code uses, chosen from the candidates.
func importBlock(code string, files []*ast.File, block bool) string {
	used := map[string]bool{}
	if file, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+code, 0); err == nil {
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if id, ok := sel.X.(*ast.Ident); ok {
					used[id.Name] = true
				}
			}
			return true
		})
	}
	lines := map[string]bool{}
	have := map[string]bool{}
	for _, f := range files {
		for _, im := range f.Imports {
			path, _ := strconv.Unquote(im.Path.Value)
			name, line := filepath.Base(path), im.Path.Value
			if im.Name != nil {
				name, line = im.Name.Name, im.Name.Name+" "+line
			}
			if used[name] || name == "_" || name == "." {
				lines[line], have[name] = true, true
			}
		}
	}
	for _, path := range []string{"testing", "bytes", "fmt", "reflect", "github.com/google/go-cmp/cmp", "github.com/stretchr/testify/assert"} {
		if name := filepath.Base(path); used[name] && !have[name] {
			lines[strconv.Quote(path)] = true
		}
	}
	var std, other []string
	for line := range lines {
		if strings.Contains(line, ".") {
			other = append(other, line)
		} else {
			std = append(std, line)
		}
	}
	byPath := func(s []string) {
		sort.Slice(s, func(i, j int) bool { return s[i][strings.Index(s[i], `"`):] < s[j][strings.Index(s[j], `"`):] })
	}
	byPath(std)
	byPath(other)
	if len(std)+len(other) == 1 && !block {
		return "import " + append(std, other...)[0] + "\n"
	}
	out := "import (\n" + strings.Join(std, "\n") + "\n"
	if len(other) > 0 {
		out += "\n" + strings.Join(other, "\n") + "\n"
	}
	return out + ")\n"
}

// process writes the tests of one source file and says whether there were any.
func process(path string, fl filter, opt genOptions, write, recursive bool) (bool, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	if len(data) == 0 {
		return false, fmt.Errorf("Parser.Parse source file: file is empty")
	}
	s := &source{fset: token.NewFileSet(), types: map[string]*ast.TypeSpec{}, testify: opt.testify, recursive: recursive}
	s.file, err = parser.ParseFile(s.fset, path, data, parser.ParseComments)
	if err != nil {
		return false, fmt.Errorf("Parser.Parse source file: target parser.ParseFile(): %v", err)
	}
	siblings, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.go"))
	for _, sib := range siblings {
		if strings.HasSuffix(sib, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(s.fset, sib, nil, 0)
		if err != nil {
			return false, fmt.Errorf("Parser.Parse source file: other file parser.ParseFile: %v", err)
		}
		for _, d := range file.Decls {
			if gd, ok := d.(*ast.GenDecl); ok && file.Name.Name == s.file.Name.Name {
				for _, spec := range gd.Specs {
					if ts, ok := spec.(*ast.TypeSpec); ok {
						s.types[ts.Name.Name] = ts
					}
				}
			}
		}
	}
	header := string(data[:s.fset.Position(s.file.Name.End()).Offset]) + "\n\n"
	testPath := strings.TrimSuffix(path, ".go") + "_test.go"
	existing := map[string]bool{}
	body := ""
	candidates := []*ast.File{s.file}
	testData, err := os.ReadFile(testPath)
	haveTest := err == nil
	if haveTest {
		fset := token.NewFileSet()
		tf, err := parser.ParseFile(fset, testPath, testData, parser.ParseComments)
		if err != nil {
			return false, fmt.Errorf("Parser.Parse test file: target parser.ParseFile(): %v", err)
		}
		candidates = append([]*ast.File{tf}, candidates...)
		header = string(testData[:fset.Position(tf.Name.End()).Offset]) + "\n\n"
		end := fset.Position(tf.Name.End()).Offset
		for _, d := range tf.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok {
				existing[fd.Name.Name] = true
			} else if gd, ok := d.(*ast.GenDecl); ok && gd.Tok == token.IMPORT {
				end = fset.Position(gd.End()).Offset
			}
		}
		body = strings.TrimSpace(string(testData[end:])) + "\n\n"
	}
	var generated []string
	for _, d := range s.file.Decls {
		fd, ok := d.(*ast.FuncDecl)
		if !ok || fd.Recv == nil && (fd.Name.Name == "init" || fd.Name.Name == "main" && s.file.Name.Name == "main") {
			continue
		}
		f := s.function(fd)
		if existing[f.testName()] || !fl.accepts(f) {
			continue
		}
		generated = append(generated, f.testName())
		body += generateTest(f, opt) + "\n"
	}
	if len(generated) == 0 {
		return false, nil
	}
	out, err := format.Source([]byte(header + importBlock(body, candidates, haveTest) + "\n" + body))
	if err != nil {
		return false, fmt.Errorf("output.Process: imports.Process: %v", err)
	}
	out = append(bytes.TrimRight(out, "\n"), '\n')
	for _, name := range generated {
		fmt.Println("Generated", name)
	}
	if write {
		return true, os.WriteFile(testPath, out, 0o644)
	}
	os.Stdout.Write(out)
	return true, nil
}

// sourceFiles lists the Go files a path argument stands for.
func sourceFiles(arg string) ([]string, error) {
	recursive := filepath.Base(arg) == "..."
	if recursive {
		arg = filepath.Dir(arg)
	}
	path, err := filepath.Abs(arg)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("input.Files: os.Stat: %v\n", err)
	}
	var files []string
	isSource := func(p string) bool {
		return strings.HasSuffix(p, ".go") && !strings.HasSuffix(p, "_test.go")
	}
	switch {
	case recursive:
		filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && isSource(p) {
				files = append(files, p)
			}
			return nil
		})
	case info.IsDir():
		found, _ := filepath.Glob(filepath.Join(path, "*.go"))
		for _, p := range found {
			if isSource(p) {
				files = append(files, p)
			}
		}
	case isSource(path):
		files = []string{path}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("input.Files: no Go source files found at %s", path)
	}
	return files, nil
}

func compileRegexp(flagName, text string) *regexp.Regexp {
	if text == "" {
		return nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		fmt.Printf("Invalid -%s regex: %v\n", flagName, err)
		os.Exit(0)
	}
	return re
}

func main() {
	only := flag.String("only", "", "regexp. generate tests for functions and methods that match only. Takes precedence over -all")
	excl := flag.String("excl", "", "regexp. generate tests for functions and methods that don't match. Takes precedence over -only, -exported, and -all")
	exported := flag.Bool("exported", false, "generate tests for exported functions and methods. Takes precedence over -only and -all")
	all := flag.Bool("all", false, "generate tests for all functions and methods")
	inputs := flag.Bool("i", false, "print test inputs in error messages")
	write := flag.Bool("w", false, "write output to (test) files instead of stdout")
	named := flag.Bool("named", false, "switch table tests from using slice to map (with test name for the key)")
	nosub := flag.Bool("nosubtests", false, "disable generating tests using the Go 1.7 subtests feature")
	parallel := flag.Bool("parallel", false, "enable generating parallel subtests using the Go 1.7 feature")
	tmpl := flag.String("template", os.Getenv("GOTESTS_TEMPLATE"), "optional. Specify custom test code templates, e.g. testify. This can also be set via environment variable GOTESTS_TEMPLATE")
	tmplDir := flag.String("template_dir", os.Getenv("GOTESTS_TEMPLATE_DIR"), "optional. Path to a directory containing custom test code templates. Takes precedence over -template. This can also be set via environment variable GOTESTS_TEMPLATE_DIR")
	params := flag.String("template_params", "", "read external parameters to template by json with stdin")
	paramsFile := flag.String("template_params_file", "", "read external parameters to template by json with file")
	goCmp := flag.Bool("use_go_cmp", false, "use cmp.Equal (google/go-cmp) instead of reflect.DeepEqual")
	version := flag.Bool("version", false, "print version information and exit")
	flag.Bool("ai", false, "generate test cases using AI (requires Ollama)")
	flag.String("ai-model", "qwen2.5-coder:0.5b", "AI model to use for test generation")
	flag.String("ai-endpoint", "http://localhost:11434", "Ollama API endpoint")
	flag.Int("ai-min-cases", 3, "minimum number of test cases to generate with AI")
	flag.Int("ai-max-cases", 10, "maximum number of test cases to generate with AI")
	flag.Parse()

	if *version {
		fmt.Printf("gotests development\nGo version: %s\n", runtime.Version())
		return
	}
	if *only == "" && *excl == "" && !*exported && !*all {
		fmt.Println("Please specify either the -only, -excl, -exported, or -all flag")
		return
	}
	fl := filter{compileRegexp("only", *only), compileRegexp("excl", *excl), *exported}
	if flag.NArg() == 0 {
		fmt.Println("Please specify a file or directory containing the source")
		return
	}
	raw := []byte(*params)
	if *paramsFile != "" {
		data, err := os.ReadFile(*paramsFile)
		if err != nil {
			fmt.Printf("Failed to read from %s ,err %v", *paramsFile, err)
			return
		}
		raw = data
	}
	if len(raw) > 0 {
		var values map[string]any
		if err := json.Unmarshal(raw, &values); err != nil {
			fmt.Printf("Failed to unmarshal template_params JSON: %v", err)
			return
		}
	}
	opt := genOptions{*inputs, *named, !*nosub, *parallel, *goCmp, *tmpl == "testify"}
	for _, arg := range flag.Args() {
		files, err := sourceFiles(arg)
		if err != nil {
			fmt.Println(err)
			continue
		}
		if *tmplDir != "" {
			if _, err := os.ReadDir(*tmplDir); err != nil {
				fmt.Printf("output.Process: loading custom templates: ioutil.ReadDir: %v\n", err)
				continue
			}
		} else if *tmpl != "" && *tmpl != "testify" {
			fmt.Printf("output.Process: loading custom templates of name: templates.ParseFS: template: pattern matches no files: `*.tmpl`\n")
			continue
		}
		any, failed := false, false
		for _, file := range files {
			done, err := process(file, fl, opt, *write, filepath.Base(arg) == "...")
			if err != nil {
				fmt.Println(err)
				failed = true
				break
			}
			any = any || done
		}
		if !any && !failed {
			fmt.Printf("No tests generated for %s\n", arg)
		}
	}
}
