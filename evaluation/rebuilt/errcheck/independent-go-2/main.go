package main

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

type settings struct {
	asserts, blank, absolute, verbose bool
	skipTests, skipGenerated          bool
	onlyListed                        bool
	excludeFile, ignorePkgs, mod      string
	tags                              []string
	ignore                            ignoreRules
	excluded                          map[string]bool
}

// ignoreRules maps a package path ("" for any) to a pattern of names.
type ignoreRules map[string]*regexp.Regexp

func (r ignoreRules) add(s string) error {
	for _, pair := range strings.Split(s, ",") {
		pkg, pattern, found := strings.Cut(pair, ":")
		if !found {
			pkg, pattern = "", pair
		}
		re, err := regexp.Compile(pattern)
		if err != nil {
			return err
		}
		r[pkg] = re
	}
	return nil
}

// Functions that return an error only to satisfy an interface.
var harmless = []string{
	"(*bytes.Buffer).Write", "(*bytes.Buffer).WriteByte", "(*bytes.Buffer).WriteRune", "(*bytes.Buffer).WriteString",
	"(*strings.Builder).Write", "(*strings.Builder).WriteByte", "(*strings.Builder).WriteRune", "(*strings.Builder).WriteString",
	"crypto/rand.Read", "math/rand.Read", "(*math/rand.Rand).Read",
	"fmt.Print", "fmt.Printf", "fmt.Println",
	"(hash.Hash).Write",
	"(*hash/maphash.Hash).Write", "(*hash/maphash.Hash).WriteByte", "(*hash/maphash.Hash).WriteString",
	"(*io.PipeReader).CloseWithError", "(*io.PipeWriter).CloseWithError",
}

func (s *settings) buildExcludes() error {
	s.excluded = map[string]bool{}
	if !s.onlyListed {
		for _, name := range harmless {
			s.excluded[name] = true
		}
		for _, name := range []string{"fmt.Fprint", "fmt.Fprintf", "fmt.Fprintln"} {
			for _, arg := range []string{"*bytes.Buffer", "*strings.Builder", "os.Stderr"} {
				s.excluded[name+"("+arg+")"] = true
			}
		}
	}
	if s.excludeFile == "" {
		return nil
	}
	data, err := os.ReadFile(s.excludeFile)
	for _, line := range strings.Split(string(data), "\n") {
		if line != "" && !strings.HasPrefix(line, "//") {
			s.excluded[strings.TrimSuffix(line, "\r")] = true
		}
	}
	return err
}

// finding is one unchecked error.
type finding struct {
	pos        token.Position
	name, text string
}

// inspector walks the files of one package.
type inspector struct {
	cfg     *settings
	fset    *token.FileSet
	pkg     *checked
	lines   map[string][]string
	commaOK map[*ast.TypeAssertExpr]bool
	found   []finding
}

var errorInterface = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

func isError(t types.Type) bool {
	_, param := types.Unalias(t).(*types.TypeParam)
	return !param && types.Implements(t, errorInterface)
}

// errorResults tells for each result of the call whether it is an error.
func (in *inspector) errorResults(call *ast.CallExpr) []bool {
	t := in.pkg.info.TypeOf(call)
	tuple, ok := t.(*types.Tuple)
	if !ok {
		return []bool{t != nil && isError(t)}
	}
	flags := make([]bool, tuple.Len())
	for i := range flags {
		flags[i] = isError(tuple.At(i).Type())
	}
	return flags
}

func (in *inspector) report(pos token.Pos, call *ast.CallExpr) {
	name := ""
	if _, fn := in.callee(call); fn != nil {
		name = fn.FullName()
	}
	p := in.fset.Position(pos)
	lines, ok := in.lines[p.Filename]
	if !ok {
		data, _ := os.ReadFile(p.Filename)
		lines = strings.Split(string(data), "\n")
		in.lines[p.Filename] = lines
	}
	text := ""
	if p.Line >= 1 && p.Line <= len(lines) {
		text = strings.TrimSpace(lines[p.Line-1])
	}
	in.found = append(in.found, finding{p, name, text})
}

// callee returns the function called through a selector, or nil.
func (in *inspector) callee(call *ast.CallExpr) (*ast.SelectorExpr, *types.Func) {
	var sel *ast.SelectorExpr
	if call != nil {
		sel, _ = call.Fun.(*ast.SelectorExpr)
	}
	if sel == nil {
		return nil, nil
	}
	fn, _ := in.pkg.info.Uses[sel.Sel].(*types.Func)
	return sel, fn
}

// spellings lists every name under which the called function may be excluded.
func (in *inspector) spellings(call *ast.CallExpr) []string {
	sel, fn := in.callee(call)
	if fn == nil {
		return nil
	}
	names := []string{fn.FullName()}
	s := in.pkg.info.Selections[sel]
	if s == nil {
		return names
	}
	t := s.Recv()
	path := s.Index()
	for _, i := range path[:len(path)-1] {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		t = t.Underlying().(*types.Struct).Field(i).Type()
	}
	return interfaceNames(names, t, fn)
}

// interfaceNames adds the method's name in t and in the interfaces t embeds.
func interfaceNames(names []string, t types.Type, fn *types.Func) []string {
	iface, ok := t.Underlying().(*types.Interface)
	obj, _, _ := types.LookupFieldOrMethod(t, false, fn.Pkg(), fn.Name())
	if !ok || obj == nil {
		return names
	}
	names = append(names, fmt.Sprintf("(%s).%s", types.Unalias(t), fn.Name()))
	for i := 0; i < iface.NumEmbeddeds(); i++ {
		names = interfaceNames(names, iface.EmbeddedType(i), fn)
	}
	return names
}

func (in *inspector) isExcluded(call *ast.CallExpr) bool {
	suffixes := []string{""}
	if len(call.Args) > 0 {
		arg := call.Args[0]
		suffixes = append(suffixes, fmt.Sprintf("(%v)", in.pkg.info.TypeOf(arg)))
		if sel, ok := arg.(*ast.SelectorExpr); ok {
			v, ok := in.pkg.info.Uses[sel.Sel].(*types.Var)
			if ok && v.Pkg() != nil && v.Pkg().Path() == "os" && (v.Name() == "Stdout" || v.Name() == "Stderr") {
				suffixes = append(suffixes, "(os."+v.Name()+")")
			}
		}
	}
	for _, name := range in.spellings(call) {
		for _, suffix := range suffixes {
			if in.cfg.excluded[name+suffix] {
				return true
			}
		}
	}
	return false
}

// isSkipped applies the excludes and the -ignore and -ignorepkg rules.
func (in *inspector) isSkipped(call *ast.CallExpr) bool {
	if in.isExcluded(call) {
		return true
	}
	id, ok := call.Fun.(*ast.Ident)
	if sel, isSel := call.Fun.(*ast.SelectorExpr); isSel {
		id = sel.Sel
	} else if !ok {
		return false
	}
	if re := in.cfg.ignore[""]; re != nil && re.MatchString(id.Name) {
		return true
	}
	obj := in.pkg.info.Uses[id]
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	re := in.cfg.ignore[obj.Pkg().Path()]
	return re != nil && re.MatchString(id.Name)
}

// dropped handles a call whose results are all thrown away.
func (in *inspector) dropped(call *ast.CallExpr) {
	if !in.isSkipped(call) && slices.Contains(in.errorResults(call), true) {
		in.report(call.Lparen, call)
	}
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// assigned handles an assignment or a variable declaration with values.
func (in *inspector) assigned(left, right []ast.Expr) {
	if len(right) == 1 && len(left) > 1 {
		switch r := right[0].(type) {
		case *ast.CallExpr:
			if !in.cfg.blank || in.isSkipped(r) {
				return
			}
			for i, isErr := range in.errorResults(r) {
				if isErr && i < len(left) && isBlank(left[i]) {
					in.report(left[i].Pos(), r)
				}
			}
		case *ast.TypeAssertExpr:
			in.commaOK[r] = true
			if in.cfg.asserts && in.cfg.blank && isBlank(left[1]) {
				in.report(left[1].Pos(), nil)
			}
		}
		return
	}
	for i := 0; i < len(left) && i < len(right); i++ {
		switch r := right[i].(type) {
		case *ast.CallExpr:
			if !in.cfg.blank || !isBlank(left[i]) || in.isSkipped(r) {
				continue
			}
			if flags := in.errorResults(r); len(flags) == 1 && flags[0] {
				in.report(left[i].Pos(), r)
			}
		case *ast.TypeAssertExpr:
			if in.cfg.asserts && len(right) > 1 {
				in.report(left[i].Pos(), nil)
			}
		}
	}
}

func (in *inspector) inspect(file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ExprStmt:
			if call, ok := n.X.(*ast.CallExpr); ok {
				in.dropped(call)
			}
		case *ast.GoStmt:
			in.dropped(n.Call)
		case *ast.DeferStmt:
			in.dropped(n.Call)
		case *ast.AssignStmt:
			in.assigned(n.Lhs, n.Rhs)
		case *ast.ValueSpec:
			left := make([]ast.Expr, len(n.Names))
			for i, name := range n.Names {
				left[i] = name
			}
			in.assigned(left, n.Values)
		case *ast.TypeAssertExpr:
			// A nil type belongs to a type switch.
			if in.cfg.asserts && n.Type != nil && !in.commaOK[n] {
				in.report(n.Pos(), nil)
			}
		}
		return true
	})
}

func findAll(cfg *settings, patterns []string) ([]finding, error) {
	fset := token.NewFileSet()
	pkgs, err := loadPackages(fset, cfg, patterns)
	if err != nil {
		return nil, err
	}
	in := &inspector{cfg: cfg, fset: fset, lines: map[string][]string{}, commaOK: map[*ast.TypeAssertExpr]bool{}}
	for _, p := range pkgs {
		if cfg.verbose {
			fmt.Fprintf(os.Stderr, "checking %s\n", p.path)
		}
		in.pkg = p
		for _, f := range p.files {
			if cfg.skipGenerated && ast.IsGenerated(f) {
				continue
			}
			in.inspect(f)
		}
	}
	// Test variants of a package repeat its findings.
	slices.SortStableFunc(in.found, func(a, b finding) int {
		return cmp.Or(strings.Compare(a.pos.Filename, b.pos.Filename), a.pos.Line-b.pos.Line, a.pos.Column-b.pos.Column)
	})
	return slices.CompactFunc(in.found, func(a, b finding) bool { return a.pos.String() == b.pos.String() }), nil
}

func printFindings(cfg *settings, list []finding) {
	cwd, _ := os.Getwd()
	for _, f := range list {
		if rel, err := filepath.Rel(cwd, f.pos.Filename); err == nil && !cfg.absolute {
			f.pos.Filename = rel
		}
		if cfg.verbose && f.name != "" {
			f.text = f.name + "\t" + f.text
		}
		fmt.Printf("%s:\t%s\n", f.pos, f.text)
	}
}

func run(args []string) int {
	cfg := &settings{ignore: ignoreRules{}}
	fs := flag.NewFlagSet(args[0], flag.ContinueOnError)
	fs.BoolVar(&cfg.absolute, "abspath", false, "print absolute paths to files")
	fs.BoolVar(&cfg.asserts, "asserts", false, "if true, check for ignored type assertion results")
	fs.BoolVar(&cfg.blank, "blank", false, "if true, check for errors assigned to blank identifier")
	fs.StringVar(&cfg.excludeFile, "exclude", "", "Path to a file containing a list of functions to exclude from checking")
	fs.BoolVar(&cfg.onlyListed, "excludeonly", false, "Use only excludes from -exclude file")
	fs.Func("ignore", "[deprecated] comma-separated list of pairs of the form pkg:regex\n"+
		"            the regex is used to ignore names within pkg.", cfg.ignore.add)
	fs.BoolVar(&cfg.skipGenerated, "ignoregenerated", false, "if true, checking of files with generated code is disabled")
	fs.StringVar(&cfg.ignorePkgs, "ignorepkg", "", "comma-separated list of package paths to ignore")
	fs.BoolVar(&cfg.skipTests, "ignoretests", false, "if true, checking of _test.go files is disabled")
	fs.StringVar(&cfg.mod, "mod", "", "module download mode to use: readonly or vendor. See 'go help modules' for more.")
	fs.Func("tags", "comma or space-separated list of build tags to include", func(s string) error {
		cfg.tags = strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
		return nil
	})
	fs.BoolVar(&cfg.verbose, "verbose", false, "produce more verbose logging")
	if err := fs.Parse(args[1:]); err != nil {
		return 2
	}
	for _, p := range strings.Split(cfg.ignorePkgs, ",") {
		if p = strings.TrimSpace(p); p != "" {
			cfg.ignore[p] = regexp.MustCompile("")
		}
	}
	if err := cfg.buildExcludes(); err != nil {
		fmt.Fprintf(os.Stderr, "Could not read exclude file: %v\n", err)
		return 2
	}
	patterns := fs.Args()
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	found, err := findAll(cfg, patterns)
	if err != nil {
		fmt.Fprintf(os.Stderr, "error: failed to check packages: %v\n", err)
		return 2
	}
	printFindings(cfg, found)
	return min(len(found), 1)
}

func main() {
	os.Exit(run(os.Args))
}
