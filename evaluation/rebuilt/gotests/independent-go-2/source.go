package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// goFile is a parsed Go file, cut into prologue, imports and body.
type goFile struct {
	tree      *ast.File
	prologue  string // text up to the end of the package clause
	imports   []importSpec
	body      string          // text after the imports
	functions map[string]bool // names of all functions
}

// typeTable holds the type declarations of a package by name.
type typeTable map[string]*ast.TypeSpec

// sourceFiles expands a path argument to absolute names of Go files.
func sourceFiles(path string) ([]string, error) {
	dir, recursive := strings.CutSuffix(path, "...")
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(abs)
	if err != nil {
		return nil, fmt.Errorf("input.Files: os.Stat: %w\n", err)
	}
	if !info.IsDir() {
		if filepath.Ext(abs) != ".go" {
			return nil, fmt.Errorf("input.Files: no Go source files found at %s", abs)
		}
		return []string{abs}, nil
	}
	var files []string
	err = filepath.WalkDir(abs, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && p != abs && (!recursive || strings.HasPrefix(d.Name(), ".")):
			return filepath.SkipDir
		case !d.IsDir() && isPlainSource(p):
			files = append(files, p)
		}
		return nil
	})
	return files, err
}

// isPlainSource reports whether the name is that of a non-test Go file.
func isPlainSource(path string) bool {
	return strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go")
}

// readGoFile parses a file; errors begin with the given words.
func readGoFile(path, complaint string) (*goFile, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, path, text, parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", complaint, err)
	}
	f := &goFile{tree: tree, functions: map[string]bool{}}
	for _, im := range tree.Imports {
		spec := importSpec{path: strings.Trim(im.Path.Value, "\"`")}
		if im.Name != nil {
			spec.name = im.Name.Name
		}
		f.imports = append(f.imports, spec)
	}
	end := tree.Name.End()
	f.prologue = string(text[:fset.Position(end).Offset])
	for _, d := range tree.Decls {
		if gen, ok := d.(*ast.GenDecl); ok && gen.Tok == token.IMPORT {
			end = d.End()
		} else if fn, ok := d.(*ast.FuncDecl); ok {
			f.functions[fn.Name.Name] = true
		}
	}
	f.body = string(text[fset.Position(end).Offset:])
	return f, nil
}

// loadSource reads a source file and the types of its whole package.
func loadSource(path string) (*goFile, typeTable, error) {
	const stage = "Parser.Parse source file: "
	if info, err := os.Stat(path); err == nil && info.Size() == 0 {
		return nil, nil, errors.New(stage + "file is empty")
	}
	src, err := readGoFile(path, stage+"target parser.ParseFile()")
	if err != nil {
		return nil, nil, err
	}
	types := typeTable{}
	types.collect(src.tree)
	neighbours, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.go"))
	for _, n := range neighbours {
		if n == path || !isPlainSource(n) {
			continue
		}
		other, err := readGoFile(n, stage+"other file parser.ParseFile")
		if err != nil {
			return nil, nil, err
		}
		types.collect(other.tree)
	}
	return src, types, nil
}

// collect adds the type declarations of a file.
func (tt typeTable) collect(file *ast.File) {
	for _, d := range file.Decls {
		if gen, ok := d.(*ast.GenDecl); ok && gen.Tok == token.TYPE {
			for _, spec := range gen.Specs {
				ts := spec.(*ast.TypeSpec)
				tt[ts.Name.Name] = ts
			}
		}
	}
}

// underlying follows named types of the package to what they stand for.
func (tt typeTable) underlying(e ast.Expr) ast.Expr {
	for range len(tt) + 1 {
		e = ast.Unparen(e)
		id, ok := e.(*ast.Ident)
		if !ok || tt[id.Name] == nil {
			break
		}
		e = tt[id.Name].Type
	}
	return e
}

// isSimple reports whether a type is, or is one pointer to, a simple type.
func (tt typeTable) isSimple(e ast.Expr, mayPoint bool) bool {
	switch t := tt.underlying(e).(type) {
	case *ast.Ident:
		return strings.Contains(" bool string byte rune uintptr int int8 int16 int32 int64 uint uint8 uint16 "+
			"uint32 uint64 float32 float64 complex64 complex128 ", " "+t.Name+" ")
	case *ast.StarExpr:
		return mayPoint && tt.isSimple(t.X, false)
	}
	return false
}

// exprText prints a type expression as Go source.
func exprText(e ast.Expr) string {
	var b bytes.Buffer
	format.Node(&b, token.NewFileSet(), e)
	return b.String()
}
