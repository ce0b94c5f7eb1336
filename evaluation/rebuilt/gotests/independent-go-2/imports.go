package main

import (
	"fmt"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// importSpec is one import: an optional name and a path.
type importSpec struct{ name, path string }

// knownImports are found without being imported by the source: what tests
// use, and packages that fields of types of other files often need.
const knownImports = "testing reflect bytes fmt github.com/google/go-cmp/cmp github.com/stretchr/testify/assert " +
	"time io os context sync net/http net/url net strings bufio regexp errors encoding/json database/sql math/big"

var versionEnd = regexp.MustCompile(`[/.]v[0-9]+$`)

// localName guesses the name under which the package is used.
func (s importSpec) localName() string {
	if s.name != "" {
		return s.name
	}
	return strings.TrimPrefix(path.Base(versionEnd.ReplaceAllString(s.path, "")), "go-")
}

// assemble puts a test file together: prologue, the imports that the body
// needs (standard library first), and the body; the result is formatted.
func assemble(prologue string, candidates []importSpec, body string) ([]byte, error) {
	tree, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+body, 0)
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for _, id := range tree.Unresolved { // package names are declared nowhere
		used[id.Name] = true
	}
	for _, p := range strings.Fields(knownImports) {
		if base := path.Base(p); used[base] && !slices.ContainsFunc(candidates, func(s importSpec) bool { return s.localName() == base }) {
			candidates = append(candidates, importSpec{"", p})
		}
	}
	groups := [2][]string{} // standard library, others
	sort.SliceStable(candidates, func(i, j int) bool { return candidates[i].path < candidates[j].path })
	seen := map[string]bool{}
	for _, spec := range candidates {
		key := spec.localName()
		if key == "_" || key == "." {
			key += spec.path
			used[key] = true
		}
		if !used[key] || seen[key] {
			continue
		}
		seen[key] = true
		g := 0
		if first, _, _ := strings.Cut(spec.path, "/"); strings.Contains(first, ".") {
			g = 1
		}
		groups[g] = append(groups[g], fmt.Sprintf("%s %q", spec.name, spec.path))
	}
	block := strings.Join(groups[0], "\n") + "\n\n" + strings.Join(groups[1], "\n")
	if len(seen) > 1 {
		block = "(\n" + block + "\n)"
	}
	return format.Source([]byte(prologue + "\n\nimport " + block + "\n" + body))
}
