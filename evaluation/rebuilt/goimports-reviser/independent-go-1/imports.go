package main

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

// Group is one of the sections an import block is divided into.
type Group string

const (
	GroupStd     Group = "std"
	GroupGeneral Group = "general"
	GroupCompany Group = "company"
	GroupProject Group = "project"
	GroupBlanked Group = "blanked"
	GroupDotted  Group = "dotted"
)

// Order is the sequence in which the groups are printed.
type Order []Group

// defaultOrder is the text form of the order used unless another is asked for.
const defaultOrder = "std,general,company,project"

// ParseOrder reads a comma-separated list of groups.
func ParseOrder(s string) (Order, error) {
	var order Order
	for _, word := range strings.Split(s, ",") {
		g := Group(strings.TrimSpace(word))
		switch g {
		case GroupStd, GroupGeneral, GroupCompany, GroupProject, GroupBlanked, GroupDotted:
			if !slices.Contains(order, g) {
				order = append(order, g)
			}
		default:
			return nil, fmt.Errorf("unknown order group type: %q", string(g))
		}
	}
	for _, g := range []Group{GroupStd, GroupGeneral, GroupCompany, GroupProject} {
		if !slices.Contains(order, g) {
			return nil, fmt.Errorf("use default at least 4 parameters to sort groups of your imports: %q", defaultOrder)
		}
	}
	return order, nil
}

// Import is one import spec, freed from its place in the file.
type Import struct {
	Name    string // alias, "_" or ".", or empty
	Path    string // unquoted import path
	Literal string // the path as written, with its quotes
	Comment string // the comment behind it on the same line, as written
}

// String prints the import as it stands in an import block.
func (im Import) String() string {
	s := im.Literal
	if im.Name != "" {
		s = im.Name + " " + s
	}
	if im.Comment != "" {
		s += " " + im.Comment
	}
	return s
}

//go:embed stdpkgs.txt
var stdList string

// stdPackages is the set of import paths of the standard library.
var stdPackages = func() map[string]bool {
	set := make(map[string]bool)
	for _, path := range strings.Fields(stdList) {
		set[path] = true
	}
	return set
}()

// Classifier decides which group an import belongs to.
type Classifier struct {
	Project string
	Company []string // path prefixes
	Order   Order
}

// Classify returns the group of the import. The blanked and dotted groups
// exist only where the order names them, the company group only where there
// are prefixes.
func (c Classifier) Classify(im Import) Group {
	switch {
	case im.Name == "_" && slices.Contains(c.Order, GroupBlanked):
		return GroupBlanked
	case im.Name == "." && slices.Contains(c.Order, GroupDotted):
		return GroupDotted
	case stdPackages[im.Path]:
		return GroupStd
	case c.Project != "" && (im.Path == c.Project || strings.HasPrefix(im.Path, c.Project+"/")):
		return GroupProject
	}
	for _, prefix := range c.Company {
		if strings.HasPrefix(im.Path, prefix) {
			return GroupCompany
		}
	}
	return GroupGeneral
}

// Section is a run of imports printed without a blank line between them.
type Section []Import

// Arrange distributes the imports over sorted, non-empty sections in the order
// they are to be printed; duplicates are dropped. With separateNamed, each
// group's aliased imports make a section of their own behind the plain ones.
func (c Classifier) Arrange(imports []Import, separateNamed bool) []Section {
	type slot struct {
		group Group
		named bool
	}
	slots := make(map[slot]Section)
	compare := func(a, b Import) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Name, b.Name))
	}
	imports = slices.Clone(imports)
	slices.SortStableFunc(imports, compare)
	imports = slices.CompactFunc(imports, func(a, b Import) bool { return compare(a, b) == 0 })
	for _, im := range imports {
		s := slot{group: c.Classify(im)}
		s.named = separateNamed && im.Name != "" && s.group != GroupBlanked && s.group != GroupDotted
		slots[s] = append(slots[s], im)
	}
	var sections []Section
	for _, g := range c.Order {
		for _, named := range []bool{false, true} {
			if section := slots[slot{g, named}]; len(section) > 0 {
				sections = append(sections, section)
			}
		}
	}
	return sections
}

// Render prints the sections as one import declaration.
func Render(sections []Section, parens bool) string {
	if len(sections) == 0 {
		return ""
	}
	if !parens && len(sections) == 1 && len(sections[0]) == 1 {
		return "import " + sections[0][0].String()
	}
	var b strings.Builder
	b.WriteString("import (\n")
	for i, section := range sections {
		if i > 0 {
			b.WriteByte('\n')
		}
		for _, im := range section {
			b.WriteString("\t" + im.String() + "\n")
		}
	}
	b.WriteString(")")
	return b.String()
}
