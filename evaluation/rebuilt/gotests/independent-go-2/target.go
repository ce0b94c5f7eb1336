package main

import (
	"fmt"
	"go/ast"
	"regexp"
	"strings"
)

// target is a function or method, described for its test.
type target struct {
	Name, base string    // function name and, for a method, its bare type name
	Label      string    // name in messages
	Call       string    // expression that calls it
	Recv       *field    // receiver variable and type; nil for a function
	Literal    string    // type of the receiver to build, if it is a struct
	Fields     []field   // fields to set in that struct
	Inputs     []string  // names of all parameters
	Args       []field   // parameters that the table has values for
	Returns    []outcome // returned values except errors
	Outputs    []outcome // what io.Writer parameters receive
	Fails      bool      // returns an error
	Assigned   string    // left side of an assignment of all results
	Inline     string    // that assignment, if it fits into a condition
}

// field is a name with its type.
type field struct{ Name, Type string }

// outcome is something that a test compares.
type outcome struct {
	Got, Want, Type string
	Simple          bool   // comparable with ==
	Buffer          string // parameter whose text it is, if not a result
}

// picker decides which targets get tests.
type picker struct {
	only, except *regexp.Regexp
	exportedOnly bool
}

// wants reports whether the flags select the target.
func (p *picker) wants(t *target) bool {
	matches := func(re *regexp.Regexp) bool {
		return re.MatchString(t.Name) || re.MatchString(t.base+t.Name)
	}
	excluded := p.except.String() != "" && matches(p.except)
	return !excluded && (!p.exportedOnly || ast.IsExported(t.Name)) && matches(p.only)
}

// CaseFunc is the name of the test function of the target.
func (t *target) CaseFunc() string {
	name := t.Name
	if t.Recv != nil {
		name = t.base + "_" + name
	} else if strings.HasPrefix(name, "Test") {
		return name
	}
	if !ast.IsExported(name) && name[0] != '_' {
		name = "_" + name
	}
	return "Test" + name
}

// targets lists the testable functions of the file in source order.
func (f *goFile) targets(types typeTable) (ts []*target) {
	for _, d := range f.tree.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if ok && fn.Name.Name != "_" && (fn.Recv != nil || fn.Name.Name != "init") {
			ts = append(ts, newTarget(fn, types))
		}
	}
	return ts
}

// newTarget describes one function declaration.
func newTarget(fn *ast.FuncDecl, types typeTable) *target {
	t := &target{Name: fn.Name.Name, Label: fn.Name.Name, Call: fn.Name.Name}
	sub := substitution{}
	if fn.Recv != nil {
		t.setReceiver(fn.Recv.List[0], types, sub)
	}
	var typeArgs, args, got []string
	eachName(fn.Type.TypeParams, func(_ int, name string, constraint ast.Expr) {
		sub[name] = typeArg(constraint)
		typeArgs = append(typeArgs, sub[name])
	})
	eachName(fn.Type.Params, func(i int, name string, typ ast.Expr) {
		if name == "" || name == "_" {
			name = fmt.Sprintf("in%d", i)
		}
		t.Inputs = append(t.Inputs, name)
		if exprText(typ) == "io.Writer" {
			t.Outputs = append(t.Outputs, newOutcome(strings.Title(name), "string", true, name))
			args = append(args, name)
			return
		}
		dots := ""
		if ell, ok := typ.(*ast.Ellipsis); ok {
			typ, dots = &ast.ArrayType{Elt: ell.Elt}, "..."
		}
		t.Args = append(t.Args, field{name, sub.apply(typ)})
		args = append(args, "tt.args."+name+dots)
	})
	eachName(fn.Type.Results, func(_ int, name string, typ ast.Expr) {
		if exprText(typ) == "error" {
			t.Fails = true
			return
		}
		suffix := strings.Title(strings.TrimPrefix(name, "_"))
		if n := len(t.Returns); suffix == "" && n > 0 {
			suffix = fmt.Sprint(n)
		}
		t.Returns = append(t.Returns, newOutcome(suffix, sub.apply(typ), types.isSimple(typ, true), ""))
		got = append(got, "got"+suffix)
	})
	if len(typeArgs) > 0 {
		t.Call += "[" + strings.Join(typeArgs, ", ") + "]"
	}
	t.Call += "(" + strings.Join(args, ", ") + ")"
	if t.Fails {
		got = append(got, "err")
	}
	if t.Assigned = strings.Join(got, ", "); len(got) == 1 {
		t.Inline = got[0] + " := " + t.Call + "; "
	}
	return t
}

// newOutcome names the variables of an outcome by a suffix.
func newOutcome(suffix, typ string, simple bool, buffer string) outcome {
	return outcome{"got" + suffix, "want" + suffix, typ, simple, buffer}
}

// setReceiver describes what the method is called on; the type arguments
// chosen for a generic receiver are added to sub.
func (t *target) setReceiver(f *ast.Field, types typeTable, sub substitution) {
	typ, star := f.Type, ""
	if s, ok := typ.(*ast.StarExpr); ok {
		typ, star = s.X, "*"
	}
	base, names := typ, []ast.Expr(nil)
	switch x := typ.(type) {
	case *ast.IndexExpr:
		base, names = x.X, []ast.Expr{x.Index}
	case *ast.IndexListExpr:
		base, names = x.X, x.Indices
	}
	t.base = exprText(base)
	if decl := types[t.base]; decl != nil && len(names) > 0 {
		eachName(decl.TypeParams, func(i int, _ string, constraint ast.Expr) {
			if i < len(names) {
				sub[exprText(names[i])] = typeArg(constraint)
			}
		})
	}
	variable := ""
	if len(f.Names) > 0 {
		variable = f.Names[0].Name
	}
	switch variable {
	case "", "_":
		variable = strings.ToLower(string([]rune(t.base)[:1]))
	case "name": // a column of the table
		variable = "n"
	}
	if variable == "t" { // the test's own parameter
		variable = "tr"
	}
	t.Label = exprText(typ) + "." + t.Name
	t.Recv = &field{variable, star + sub.apply(typ)}
	t.Call = "tt." + variable + "." + t.Name
	if st, ok := types.underlying(base).(*ast.StructType); ok {
		t.Call = variable + "." + t.Name
		t.Literal = strings.Replace(t.Recv.Type, "*", "&", 1)
		if len(names) == 0 {
			t.Fields = structFields(st)
		}
	}
}

// structFields lists the settable fields of a struct, embedded ones by type name.
func structFields(st *ast.StructType) (fs []field) {
	eachName(st.Fields, func(_ int, name string, e ast.Expr) {
		typ := exprText(e)
		if name == "" {
			name, _, _ = strings.Cut(strings.TrimPrefix(typ, "*"), "[")
			name = name[strings.LastIndex(name, ".")+1:]
		}
		if name != "_" {
			fs = append(fs, field{name, typ})
		}
	})
	return fs
}

// eachName visits every name of a list by position; absent names are "".
func eachName(list *ast.FieldList, visit func(i int, name string, typ ast.Expr)) {
	if list == nil {
		return
	}
	i := 0
	for _, f := range list.List {
		names := f.Names
		if len(names) == 0 {
			names = []*ast.Ident{{}}
		}
		for _, n := range names {
			visit(i, n.Name, f.Type)
			i++
		}
	}
}

// typeArg chooses a concrete type that satisfies a constraint: the first
// member of a union, or a default.
func typeArg(constraint ast.Expr) string {
	text := exprText(constraint)
	if text == "any" || strings.HasSuffix(text, ".Ordered") {
		return "int"
	}
	text = strings.TrimSuffix(strings.TrimPrefix(text, "interface{ "), " }")
	first, _, union := strings.Cut(text, " | ")
	if member, approximate := strings.CutPrefix(first, "~"); union || approximate {
		return member
	}
	return "string"
}

// substitution maps type parameters to type arguments.
type substitution map[string]string

var identifier = regexp.MustCompile(`[\pL_][\pL_\pN]*`)

// apply prints a type with its type parameters replaced.
func (sub substitution) apply(typ ast.Expr) string {
	return identifier.ReplaceAllStringFunc(exprText(typ), func(id string) string {
		if arg, ok := sub[id]; ok {
			return arg
		}
		return id
	})
}
