package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Reviser holds everything that decides how one file is rewritten.
type Reviser struct {
	Classifier
	SeparateNamed  bool
	RemoveUnused   bool
	SetAlias       bool
	Format         bool
	ApplyGenerated bool
}

// span is a half-open range of byte offsets in a source text.
type span struct{ from, to int }

// source is a parsed file with the text it came from.
type source struct {
	text []byte
	fset *token.FileSet
	file *ast.File
}

// parseSource parses the text with its comments.
func parseSource(filename string, text []byte) (*source, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, filename, text, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	return &source{text, fset, file}, nil
}

// offset turns a position into an offset in the text.
func (s *source) offset(p token.Pos) int { return s.fset.PositionFor(p, false).Offset }

// generated tells whether the first comment marks the file as generated.
func (s *source) generated() bool {
	return len(s.file.Comments) > 0 && strings.HasPrefix(s.file.Comments[0].List[0].Text, "// Code generated")
}

// importBlock is what the file's import declarations (but for import "C") say,
// and where they stand.
type importBlock struct {
	imports []Import
	parens  bool   // the declarations are more than one bare import
	spans   []span // text to cut; the new declaration goes to the first one
}

// importBlock collects the import declarations. A declaration directly behind
// another one is cut together with the comments in between; the doc comment of
// the first stays.
func (s *source) importBlock() importBlock {
	var block importBlock
	lastEnd, adjacent := 0, false
	for _, decl := range s.file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.IMPORT {
			break
		}
		if isCgo(gen) {
			adjacent = false
			continue
		}
		cut := span{s.offset(gen.Pos()), s.offset(gen.End())}
		for _, spec := range gen.Specs {
			im, end := s.readImport(spec.(*ast.ImportSpec))
			block.imports = append(block.imports, im)
			cut.to = max(cut.to, end)
		}
		switch {
		case adjacent:
			cut.from = lastEnd
		case len(block.spans) > 0 && gen.Doc != nil:
			cut.from = s.offset(gen.Doc.Pos())
		}
		block.parens = block.parens || gen.Lparen.IsValid() || len(block.spans) > 0
		block.spans = append(block.spans, cut)
		lastEnd, adjacent = cut.to, true
	}
	return block
}

// isCgo tells whether the declaration is an import "C" with its preamble.
func isCgo(gen *ast.GenDecl) bool {
	return len(gen.Specs) == 1 && gen.Specs[0].(*ast.ImportSpec).Path.Value == `"C"`
}

// readImport frees one import from the syntax tree; end is where its text,
// with the comment behind it, stops.
func (s *source) readImport(spec *ast.ImportSpec) (im Import, end int) {
	im.Literal = spec.Path.Value
	im.Path, _ = strconv.Unquote(spec.Path.Value)
	if spec.Name != nil {
		im.Name = spec.Name.Name
	}
	end = s.offset(spec.End())
	if spec.Comment != nil {
		end = s.offset(spec.Comment.End())
		im.Comment = strings.ReplaceAll(string(s.text[s.offset(spec.Comment.Pos()):end]), "\r", "")
	}
	return im, end
}

// qualifiers is the set of names that stand before a dot in the file without
// being declared in it: the packages it uses.
func (s *source) qualifiers() map[string]bool {
	used := make(map[string]bool)
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && id.Obj == nil {
				used[id.Name] = true
			}
		}
		return true
	})
	return used
}

// Revise returns the text of the file as it should be.
func (r *Reviser) Revise(filename string, text []byte) ([]byte, error) {
	abs, err := filepath.Abs(filename)
	if err != nil {
		return nil, err
	}
	src, err := parseSource(abs, text)
	if err != nil {
		return nil, fmt.Errorf("file has invalid Go source content, use -excludes flag to skip this file: %w", err)
	}
	if src.generated() && !r.ApplyGenerated {
		return text, nil
	}
	block := src.importBlock()
	if r.RemoveUnused || r.SetAlias {
		names, err := loadPackageNames(filepath.Dir(filename))
		if err != nil {
			return nil, err
		}
		block.imports = r.applyNames(block.imports, names, src.qualifiers())
	}
	out := text
	if len(block.spans) > 0 {
		decl := Render(r.Arrange(block.imports, r.SeparateNamed), block.parens)
		out = splice(text, block.spans, decl)
	}
	if out, err = format.Source(out); err != nil {
		return nil, err
	}
	if r.Format {
		return spreadDeclarations(filename, out)
	}
	return out, nil
}

// applyNames uses the names of the imported packages to drop imports nothing
// refers to and to make aliases explicit, as far as each is asked for.
func (r *Reviser) applyNames(imports []Import, names PackageNames, used map[string]bool) []Import {
	var kept []Import
	// A blank or dot import makes the original keep every import.
	remove := r.RemoveUnused && !slices.ContainsFunc(imports, func(im Import) bool {
		return im.Name == "_" || im.Name == "."
	})
	for _, im := range imports {
		name := names[im.Path]
		if remove && !used[cmp.Or(im.Name, name)] {
			continue
		}
		if r.SetAlias && im.Name == "" && name != "" && name != path.Base(im.Path) {
			im.Name = name
		}
		kept = append(kept, im)
	}
	return kept
}

// splice puts the replacement where the first span is and cuts the others.
func splice(text []byte, spans []span, replacement string) []byte {
	var out []byte
	at := 0
	for i, cut := range spans {
		out = append(out, text[at:cut.from]...)
		if i == 0 {
			out = append(out, replacement...)
		}
		at = cut.to
	}
	return append(out, text[at:]...)
}

// spreadDeclarations puts an empty line behind each top-level declaration that
// ends its line and has something on the very next one.
func spreadDeclarations(filename string, text []byte) ([]byte, error) {
	src, err := parseSource(filename, text)
	if err != nil {
		return nil, err
	}
	var out []byte
	at := 0
	for _, decl := range src.file.Decls {
		end := src.offset(decl.End())
		if end+1 < len(text) && text[end] == '\n' && text[end+1] != '\n' {
			out = append(append(out, text[at:end]...), '\n')
			at = end
		}
	}
	return append(out, text[at:]...), nil
}
