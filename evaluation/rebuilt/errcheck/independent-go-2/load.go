package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// listed is one package as reported by "go list".
type listed struct {
	ImportPath, Name, Dir, Export, ForTest string
	DepOnly                                bool
	GoFiles, CompiledGoFiles               []string
	ImportMap                              map[string]string
	Module                                 *struct{ GoVersion string }
	Error                                  *struct{ Pos, Err string }
}

// path is the import path without the " [pkg.test]" part.
func (l *listed) path() string { return strings.Split(l.ImportPath, " [")[0] }

// checked is a parsed and type-checked package.
type checked struct {
	path  string
	files []*ast.File
	info  *types.Info
	types *types.Package
	errs  []string
}

type loader struct {
	fset     *token.FileSet
	byID     map[string]*listed
	gc       map[string]types.Importer // one for every test variant, "" for ordinary packages
	fromText map[string]*types.Package // dependencies without export data
}

func goList(patterns, tags []string, mod string, tests bool) ([]*listed, error) {
	args := []string{"list", "-e", "-compiled", "-export", "-deps", fmt.Sprintf("-test=%t", tests),
		"-json=ImportPath,Name,Dir,Export,ForTest,DepOnly,GoFiles,CompiledGoFiles,ImportMap,Module,Error"}
	if len(tags) > 0 {
		args = append(args, "-tags="+strings.Join(tags, ","))
	}
	if mod != "" {
		args = append(args, "-mod="+mod)
	}
	args = append(append(args, "--"), patterns...)
	cmd := exec.Command("go", args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if strings.Contains(stderr.String(), "go.mod file not found") {
			return nil, nil // outside of a module there is nothing to check
		}
		return nil, fmt.Errorf("err: %v: stderr: %s", err, stderr.String())
	}
	var all []*listed
	dec := json.NewDecoder(&stdout)
	for dec.More() {
		l := new(listed)
		if err := dec.Decode(l); err != nil {
			return nil, fmt.Errorf("reading go list output: %v", err)
		}
		all = append(all, l)
	}
	return all, nil
}

// loadPackages returns the packages matching the patterns, in go list order.
func loadPackages(fset *token.FileSet, cfg *settings, patterns []string) ([]*checked, error) {
	all, err := goList(patterns, cfg.tags, cfg.mod, !cfg.skipTests)
	if err != nil {
		return nil, err
	}
	ld := &loader{fset, map[string]*listed{}, map[string]types.Importer{}, map[string]*types.Package{}}
	for _, l := range all {
		ld.byID[l.ImportPath] = l
	}
	var result []*checked
	for _, l := range all {
		if l.DepOnly {
			continue
		}
		c := &checked{path: l.ImportPath}
		if l.Name != "main" || !strings.HasSuffix(l.ImportPath, ".test") { // the generated test driver
			c = ld.check(l, true)
		}
		if len(c.errs) > 0 {
			return nil, fmt.Errorf("errors while loading package %s: %v", l.ImportPath, c.errs)
		}
		result = append(result, c)
	}
	return result, nil
}

func (ld *loader) check(l *listed, full bool) *checked {
	c := &checked{path: l.path()}
	if l.Error != nil && full {
		pos := cmp.Or(l.Error.Pos, "-")
		c.errs = append(c.errs, pos+": "+strings.TrimSpace(l.Error.Err))
	}
	names, syntaxOK := l.CompiledGoFiles, true
	if len(names) == 0 {
		names = l.GoFiles
	}
	for _, name := range names {
		if !filepath.IsAbs(name) {
			name = filepath.Join(l.Dir, name)
		}
		f, err := parser.ParseFile(ld.fset, name, nil, parser.ParseComments|parser.AllErrors|parser.SkipObjectResolution)
		if err != nil {
			syntaxOK = false
			var list scanner.ErrorList
			if !errors.As(err, &list) {
				c.errs = append(c.errs, err.Error())
			}
			for _, e := range list {
				c.errs = append(c.errs, e.Error())
			}
		}
		if f != nil {
			c.files = append(c.files, f)
		}
	}
	c.info = &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	conf := types.Config{
		Importer:         &depImporter{ld, l},
		Sizes:            types.SizesFor("gc", runtime.GOARCH),
		IgnoreFuncBodies: !full,
		Error: func(err error) {
			if syntaxOK {
				c.errs = append(c.errs, err.Error())
			}
		},
	}
	if l.Module != nil && l.Module.GoVersion != "" {
		conf.GoVersion = "go" + l.Module.GoVersion
	}
	c.types, _ = conf.Check(c.path, ld.fset, c.files, c.info)
	return c
}

// depImporter resolves the imports of one package.
type depImporter struct {
	ld   *loader
	from *listed
}

func (d *depImporter) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	id := path
	if mapped, ok := d.from.ImportMap[path]; ok {
		id = mapped
	}
	dep := d.ld.byID[id]
	if dep == nil {
		return types.NewPackage(path, ""), nil
	}
	if dep.Export == "" {
		if d.ld.fromText[id] == nil {
			d.ld.fromText[id] = d.ld.check(dep, false).types
			d.ld.fromText[id].MarkComplete()
		}
		return d.ld.fromText[id], nil
	}
	return d.ld.exportImporter(d.from.ForTest).Import(dep.path())
}

func (ld *loader) exportImporter(forTest string) types.Importer {
	if imp := ld.gc[forTest]; imp != nil {
		return imp
	}
	imp := importer.ForCompiler(ld.fset, "gc", func(path string) (io.ReadCloser, error) {
		l := ld.byID[path+" ["+forTest+".test]"]
		if l == nil {
			l = ld.byID[path]
		}
		if l == nil || l.Export == "" {
			return nil, fmt.Errorf("no export data for %s", path)
		}
		return os.Open(l.Export)
	})
	ld.gc[forTest] = imp
	return imp
}
