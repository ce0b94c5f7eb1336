package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// pkg is one parsed and type-checked package.
type pkg struct {
	path  string
	fset  *token.FileSet
	files []*ast.File
	info  *types.Info
	errs  []string
}

// listed is the part of the output of "go list -json" that is used.
type listed struct {
	ImportPath, Dir, Export string
	DepOnly                 bool
	CompiledGoFiles         []string
	ImportMap               map[string]string
	Error                   *struct{ Pos, Err string }
}

// loadPackages lists, parses and type-checks all packages asked for.
func loadPackages(opts *options) ([]*pkg, error) {
	list, err := goList(opts)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for _, l := range list {
		exports[l.ImportPath] = l.Export
	}
	var pkgs []*pkg
	for _, l := range list {
		if l.DepOnly {
			continue
		}
		p := buildPackage(l, exports)
		if len(p.errs) > 0 {
			return nil, fmt.Errorf("errors while loading package %s: %v", l.ImportPath, p.errs)
		}
		pkgs = append(pkgs, p)
	}
	return pkgs, nil
}

func listArgs(opts *options) []string {
	args := []string{"list", "-e", "-json=ImportPath,Dir,Export,DepOnly,CompiledGoFiles,ImportMap,Error",
		"-compiled", "-export", "-deps", fmt.Sprintf("-test=%t", !opts.skipTests)}
	if len(opts.tags) > 0 {
		args = append(args, "-tags="+opts.tags.String())
	}
	if opts.mod != "" {
		args = append(args, "-mod="+opts.mod)
	}
	return append(append(args, "--"), opts.patterns...)
}

func goList(opts *options) ([]*listed, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.Command("go", listArgs(opts)...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("err: %v: stderr: %s", err, stderr.String())
	}
	var list []*listed
	dec := json.NewDecoder(&stdout)
	for {
		l := new(listed)
		if err := dec.Decode(l); err == io.EOF {
			return list, nil
		} else if err != nil {
			return nil, err
		}
		list = append(list, l)
	}
}

// buildPackage parses and checks a package, gathering its errors.
func buildPackage(l *listed, exports map[string]string) *pkg {
	path, _, _ := strings.Cut(l.ImportPath, " [")
	p := &pkg{path: path, fset: token.NewFileSet()}
	if l.Error != nil {
		p.errs = append(p.errs, cmp.Or(l.Error.Pos, "-")+": "+strings.TrimSpace(l.Error.Err))
	}
	p.parse(l)
	p.typeCheck(l, exports)
	return p
}

func (p *pkg) parse(l *listed) {
	for _, name := range l.CompiledGoFiles {
		if !filepath.IsAbs(name) {
			name = filepath.Join(l.Dir, name)
		}
		f, err := parser.ParseFile(p.fset, name, nil, parser.ParseComments|parser.AllErrors)
		if err != nil {
			p.errs = append(p.errs, name+": "+err.Error())
		}
		if f != nil {
			p.files = append(p.files, f)
		}
	}
}

func (p *pkg) typeCheck(l *listed, exports map[string]string) {
	p.info = &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	lookup := func(path string) (io.ReadCloser, error) {
		return os.Open(exports[cmp.Or(l.ImportMap[path], path)])
	}
	conf := types.Config{
		Importer: importer.ForCompiler(p.fset, "gc", lookup),
		Sizes:    types.SizesFor("gc", runtime.GOARCH),
		Error:    func(err error) { p.errs = append(p.errs, err.Error()) },
	}
	// Errors arrive through conf.Error.
	_, _ = conf.Check(p.path, p.fset, p.files, p.info)
}
