package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

const version = "3.7.0"

//go:embed usage.txt
var usageText string

type flagDef struct{ short, name, kind string }

var flagDefs []flagDef

type options struct {
	values map[string]string
	lists  map[string][]string
}

func (o *options) str(name string) string    { return o.values[name] }
func (o *options) on(name string) bool       { return o.values[name] == "true" }
func (o *options) list(name string) []string { return o.lists[name] }
func (o *options) num(name string) float64 {
	v, _ := strconv.ParseFloat(o.values[name], 64)
	return v
}

var flagLine = regexp.MustCompile(`^ +(?:-(.), )?--([a-z-]+)(?: (int|float|strings|stringArray|string))?  +.*?(?: \(default (.*)\))?$`)

// newOptions learns the flags and their defaults from the usage text.
func newOptions() *options {
	usageText = strings.ReplaceAll(usageText, "{cpus}", strconv.Itoa(runtime.NumCPU()))
	o := &options{map[string]string{}, map[string][]string{}}
	for _, line := range strings.Split(usageText, "\n") {
		m := flagLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		d := flagDef{m[1], m[2], m[3]}
		flagDefs = append(flagDefs, d)
		if d.kind == "strings" && m[4] != "" {
			o.lists[d.name] = strings.Split(strings.Trim(m[4], "[]"), ",")
		} else {
			o.values[d.name] = strings.TrimSuffix(strings.Trim(m[4], `"`), "stdout")
		}
	}
	return o
}

func (o *options) set(d flagDef, value string, seen map[string]bool) error {
	var err error
	switch d.kind {
	case "":
		var v bool
		if v, err = strconv.ParseBool(value); err == nil {
			value = strconv.FormatBool(v)
		}
	case "int":
		_, err = strconv.ParseInt(value, 0, 64)
	case "float":
		_, err = strconv.ParseFloat(value, 64)
	case "strings", "stringArray":
		if !seen[d.name] {
			o.lists[d.name] = nil
			seen[d.name] = true
		}
		if d.kind == "stringArray" {
			o.lists[d.name] = append(o.lists[d.name], value)
		} else {
			o.lists[d.name] = append(o.lists[d.name], strings.Split(value, ",")...)
		}
		return nil
	}
	if err != nil {
		full := "--" + d.name
		if d.short != "" {
			full = "-" + d.short + ", " + full
		}
		return fmt.Errorf("invalid argument %q for %q flag: %w", value, full, err)
	}
	o.values[d.name] = value
	return nil
}

func findFlag(match func(flagDef) bool) (flagDef, bool) {
	for _, d := range flagDefs {
		if match(d) {
			return d, true
		}
	}
	return flagDef{}, false
}

func (o *options) parse(args []string) ([]string, error) {
	var paths []string
	seen := map[string]bool{}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case arg == "--":
			return append(paths, args...), nil
		case strings.HasPrefix(arg, "--"):
			name, value, given := strings.Cut(arg[2:], "=")
			d, ok := findFlag(func(d flagDef) bool { return d.name == name })
			if !ok {
				return nil, fmt.Errorf("unknown flag: --%s", name)
			}
			if !given {
				if d.kind == "" {
					value = "true"
				} else if len(args) == 0 {
					return nil, fmt.Errorf("flag needs an argument: --%s", name)
				} else {
					value, args = args[0], args[1:]
				}
			}
			if err := o.set(d, value, seen); err != nil {
				return nil, err
			}
		case len(arg) > 1 && arg[0] == '-':
			for rest := arg[1:]; rest != ""; {
				letter := rest[:1]
				rest = rest[1:]
				d, ok := findFlag(func(d flagDef) bool { return d.short == letter })
				if !ok {
					return nil, fmt.Errorf("unknown shorthand flag: '%s' in %s", letter, "-"+letter+rest)
				}
				value := "true"
				if strings.HasPrefix(rest, "=") {
					value, rest = rest[1:], ""
				} else if d.kind != "" {
					if rest != "" {
						value, rest = rest, ""
					} else if len(args) > 0 {
						value, args = args[0], args[1:]
					} else {
						return nil, fmt.Errorf("flag needs an argument: '%s' in %s", letter, arg)
					}
				}
				if err := o.set(d, value, seen); err != nil {
					return nil, err
				}
			}
		default:
			paths = append(paths, arg)
		}
	}
	return paths, nil
}

type estimate struct{ cost, months, people float64 }

func cocomo(code int, o *options) (e estimate, name string) {
	models := map[string][4]float64{"organic": {2.4, 1.05, 2.5, 0.38}, "semi-detached": {3, 1.12, 2.5, 0.35}, "embedded": {3.6, 1.2, 2.5, 0.32}}
	name = o.str("cocomo-project-type")
	model, ok := models[strings.ToLower(name)]
	if !ok {
		name, model = "organic", models["organic"]
	}
	effort := model[0] * math.Pow(float64(code)/1000, model[1]) * o.num("eaf")
	e.cost = effort * math.Floor(o.num("avg-wage")/12) * o.num("overhead")
	e.months = model[2] * math.Pow(effort, model[3])
	if e.months > 0 {
		e.people = effort / e.months
	}
	return e, name
}

func commas(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func tabular(langs []*langStat, total *langStat, o *options) string {
	var b strings.Builder
	wide := o.on("wide")
	widths, pathWidth, nameMax := []int{19, 6, 12, 10, 10, 11, 11}, 27, 15
	if wide {
		widths, pathWidth, nameMax = []int{37, 6, 10, 9, 10, 9, 11, 17}, 43, 22
	} else if o.on("no-complexity") {
		widths = []int{27, 6, 12, 11, 12, 11}
	}
	length := 0
	for _, w := range widths {
		length += w
	}
	row := func(cells ...string) {
		for i, cell := range cells[:min(len(cells), len(widths))] {
			if i == 0 {
				fmt.Fprintf(&b, "%-*s", widths[0], cell)
			} else {
				fmt.Fprintf(&b, "%*s", widths[i], cell)
			}
		}
		b.WriteByte('\n')
	}
	border := func() {
		line := "─"
		if o.on("ci") {
			line = "-"
		}
		if !o.on("no-hborder") {
			b.WriteString(strings.Repeat(line, length) + "\n")
		}
	}
	shorten := func(s string) string {
		if r := []rune(s); len(r) > nameMax {
			return string(r[:nameMax-1]) + "…"
		}
		return s
	}
	number := commas
	if wide {
		number = strconv.Itoa
	}
	numbers := func(weighted float64, values ...int) (cells []string) {
		for _, v := range values {
			cells = append(cells, number(v))
		}
		return append(cells, fmt.Sprintf("%.2f", weighted))
	}
	language := func(name string, l *langStat) {
		row(append([]string{shorten(name)}, numbers(l.WeightedComplexity, l.Count, l.Lines, l.Blank, l.Comment, l.Code, l.Complexity)...)...)
	}
	border()
	row("Language", "Files", "Lines", "Blanks", "Comments", "Code", "Complexity", "Complexity/Lines")
	border()
	detail := o.on("percent")
	for i, l := range langs {
		if i > 0 && o.on("by-file") {
			border()
		} else if i > 0 && detail {
			b.WriteString(strings.Repeat("-", length) + "\n")
		}
		language(l.Name, l)
		if o.on("percent") {
			part := func(x, y int) string { return fmt.Sprintf("%.1f%%", float64(x)/float64(max(y, 1))*100) }
			row("Percentage", part(l.Count, total.Count), part(l.Lines, total.Lines), part(l.Blank, total.Blank),
				part(l.Comment, total.Comment), part(l.Code, total.Code), part(l.Complexity, total.Complexity))
		}
		if o.on("by-file") {
			border()
			for _, f := range l.files {
				path := []rune(f.Location)
				if len(path) > pathWidth {
					path = append([]rune("~"), path[len(path)-pathWidth+1:]...)
				}
				cells := numbers(f.WeightedComplexity, f.Lines, f.Blank, f.Comment, f.Code, f.Complexity)
				fmt.Fprintf(&b, "%-*s%*s", pathWidth, string(path), widths[0]+widths[1]+widths[2]-pathWidth, cells[0])
				for i, w := range widths[3:] {
					fmt.Fprintf(&b, "%*s", w, cells[i+1])
				}
				b.WriteByte('\n')
			}
		}
	}
	border()
	language("Total", total)
	border()
	if !o.on("no-cocomo") {
		e, model := cocomo(total.Code, o)
		fmt.Fprintf(&b, "Estimated Cost to Develop (%s) %s%s\n", model, o.str("currency-symbol"), commas(int(e.cost)))
		fmt.Fprintf(&b, "Estimated Schedule Effort (%s) %.2f months\n", model, e.months)
		fmt.Fprintf(&b, "Estimated People Required (%s) %.2f\n", model, e.people)
		if !wide {
			border()
		}
	}
	if !o.on("no-size") {
		fmt.Fprintf(&b, "Processed %d bytes, %s\n", total.Bytes, megabytes(total.Bytes, o.str("size-unit")))
		border()
	}
	return b.String()
}

func csvText(langs []*langStat, files []*fileStat, o *options) string {
	var b strings.Builder
	if !o.on("by-file") {
		b.WriteString("Language,Lines,Code,Comments,Blanks,Complexity,Bytes,Files,ULOC\n")
		for _, l := range langs {
			fmt.Fprintf(&b, "%s,%d,%d,%d,%d,%d,%d,%d,%d\n", l.Name, l.Lines, l.Code, l.Comment, l.Blank, l.Complexity, l.Bytes, l.Count, l.ULOC)
		}
		return b.String()
	}
	b.WriteString("Language,Provider,Filename,Lines,Code,Comments,Blanks,Complexity,Bytes,ULOC\n")
	sortFiles(files, o.str("sort"))
	for _, f := range files {
		fmt.Fprintf(&b, "%s,%s,%s,%d,%d,%d,%d,%d,%d,%d\n", f.Language, f.Location, f.Filename, f.Lines, f.Code, f.Comment, f.Blank, f.Complexity, f.Bytes, f.Uloc)
	}
	return b.String()
}

func main() {
	loadLanguages()
	o := newOptions()
	paths, err := o.parse(os.Args[1:])
	if err != nil && !o.on("help") {
		fmt.Fprintf(os.Stderr, "Error: %v\n%s\n", err, usageText)
		os.Exit(1)
	}
	if o.on("help") {
		fmt.Printf("Sloc, Cloc and Code. Count lines of code in a directory with complexity estimation.\nVersion %s\nBen Boyter <someone@example.org> + Contributors\n\n%s", version, usageText)
		return
	}
	if o.on("version") {
		fmt.Println("scc version " + version)
		return
	}
	if o.on("languages") {
		for _, l := range languages {
			fmt.Printf("%s (%s)\n", l.name, strings.Join(l.exts, ","))
		}
		return
	}
	if key := o.str("sort"); !slices.Contains([]string{"name", "line", "blank", "code", "comment", "complexity"}, strings.TrimSuffix(key, "s")) {
		o.values["sort"] = "files"
	}
	if o.str("format") == "wide" {
		o.values["wide"] = "true"
	} else if o.on("wide") {
		o.values["format"] = "wide"
	}
	c := &counter{opt: o, seen: map[string]bool{}, hashes: map[[32]byte]bool{}}
	for _, pattern := range o.list("not-match") {
		if re, err := regexp.Compile(pattern); err == nil {
			c.reject = append(c.reject, re)
		}
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	for _, p := range paths {
		if _, err := os.Stat(p); err != nil {
			fmt.Println("file or directory could not be read: " + p)
			os.Exit(1)
		}
	}
	for _, p := range paths {
		if info, _ := os.Stat(p); info.IsDir() {
			c.walk(filepath.Clean(p), nil)
		} else {
			c.file(filepath.Clean(p))
		}
	}
	text := render(c.files, o)
	fmt.Print(text)
}

func megabytes(n int, unit string) string {
	sizes := map[string]float64{"binary": 1 << 20, "mixed": 1024000, "si": 1e6}
	if sizes[unit] == 0 {
		unit = "si"
	}
	return fmt.Sprintf("%.3f megabytes (%s)", float64(n)/sizes[unit], strings.ToUpper(unit))
}

func render(files []*fileStat, o *options) string {
	key, format := o.str("sort"), strings.ToLower(o.str("format"))
	langs, total := summarise(files, key)
	if key == "files" && format != "json" {
		key = "lines"
	}
	for _, l := range langs {
		sortFiles(l.files, key)
		if o.on("by-file") {
			l.Files = l.files
		}
	}
	switch format {
	case "json":
		data, _ := json.Marshal(append([]*langStat{}, langs...))
		return string(data)
	case "csv":
		return csvText(langs, files, o)
	}
	return tabular(langs, total, o)
}
