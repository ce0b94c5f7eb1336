// Command program writes table-driven Go tests for the functions in Go files.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
)

// settings holds everything the command line says about one run.
type settings struct {
	pick  picker
	style style
	write bool // write test files instead of printing them
}

// testFile is one finished test file.
type testFile struct {
	path  string
	tests []string // names of the new tests
	code  []byte
}

func main() {
	set, err := readCommandLine()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, path := range flag.Args() {
		if err := runPath(set, path); err != nil {
			fmt.Println(err)
		}
	}
}

// readCommandLine turns flags and environment into settings. Its error is
// the text to print when there is nothing to do.
func readCommandLine() (*settings, error) {
	set := &settings{}
	st := &set.style
	ai := flag.Bool("ai", false, "generate test cases using AI (requires Ollama)")
	flag.String("ai-endpoint", "http://localhost:11434", "Ollama API endpoint")
	flag.Int("ai-max-cases", 10, "maximum number of test cases to generate with AI")
	flag.Int("ai-min-cases", 3, "minimum number of test cases to generate with AI")
	flag.String("ai-model", "qwen2.5-coder:0.5b", "AI model to use for test generation")
	all := flag.Bool("all", false, "generate tests for all functions and methods")
	excl := flag.String("excl", "", "regexp. generate tests for functions and methods that don't match. Takes precedence over -only, -exported, and -all")
	flag.BoolVar(&set.pick.exportedOnly, "exported", false, "generate tests for exported functions and methods. Takes precedence over -only and -all")
	flag.BoolVar(&st.ShowInputs, "i", false, "print test inputs in error messages")
	flag.BoolVar(&st.Named, "named", false, "switch table tests from using slice to map (with test name for the key)")
	flag.BoolVar(&st.Flat, "nosubtests", false, "disable generating tests using the Go 1.7 subtests feature")
	only := flag.String("only", "", "regexp. generate tests for functions and methods that match only. Takes precedence over -all")
	flag.BoolVar(&st.Parallel, "parallel", false, "enable generating parallel subtests using the Go 1.7 feature")
	flag.StringVar(&st.Template, "template", os.Getenv("GOTESTS_TEMPLATE"), "optional. Specify custom test code templates, e.g. testify. This can also be set via environment variable GOTESTS_TEMPLATE")
	templates := flag.String("template_dir", os.Getenv("GOTESTS_TEMPLATE_DIR"), "optional. Path to a directory containing custom test code templates. Takes precedence over -template. This can also be set via environment variable GOTESTS_TEMPLATE_DIR")
	flag.String("template_params", "", "read external parameters to template by json with stdin")
	flag.String("template_params_file", "", "read external parameters to template by json with file")
	flag.BoolVar(&st.GoCmp, "use_go_cmp", false, "use cmp.Equal (google/go-cmp) instead of reflect.DeepEqual")
	version := flag.Bool("version", false, "print version information and exit")
	flag.BoolVar(&set.write, "w", false, "write output to (test) files instead of stdout")
	flag.Parse()

	if *version {
		return nil, fmt.Errorf("gotests development\nGo version: %s", runtime.Version())
	}
	if *only == "" && *excl == "" && !set.pick.exportedOnly && !*all {
		return nil, errors.New("Please specify either the -only, -excl, -exported, or -all flag")
	}
	var err error
	if set.pick.only, err = regexp.Compile(*only); err != nil {
		return nil, fmt.Errorf("Invalid -only regex: %w", err)
	}
	if set.pick.except, err = regexp.Compile(*excl); err != nil {
		return nil, fmt.Errorf("Invalid -excl regex: %w", err)
	}
	if flag.NArg() == 0 {
		return nil, errors.New("Please specify a file or directory containing the source")
	}
	if *ai || *templates != "" {
		return nil, errors.New("AI test cases and template directories are not supported here")
	}
	return set, nil
}

// runPath generates the tests of one path argument and prints or writes them.
// Nothing of the path is delivered when one of its files fails.
func runPath(set *settings, path string) error {
	files, err := sourceFiles(path)
	if err != nil {
		return err
	}
	var outputs []*testFile
	for _, file := range files {
		if out, err := generate(set, file); err != nil {
			return err
		} else if len(out.tests) > 0 {
			outputs = append(outputs, out)
		}
	}
	if len(outputs) == 0 {
		return fmt.Errorf("No tests generated for %s", path)
	}
	for _, out := range outputs {
		if set.write {
			if err := os.WriteFile(out.path, out.code, 0o644); err != nil {
				return err
			}
		}
		for _, name := range out.tests {
			fmt.Println("Generated", name)
		}
		if !set.write {
			os.Stdout.Write(out.code)
		}
	}
	return nil
}

// generate makes the test file of one source file; it has no tests if nothing is missing.
func generate(set *settings, path string) (*testFile, error) {
	src, types, err := loadSource(path)
	if err != nil {
		return nil, err
	}
	out := &testFile{path: strings.TrimSuffix(strings.TrimSuffix(path, ".go"), "_test") + "_test.go"}
	base, imports, body := src, src.imports, ""
	exists := map[string]bool{}
	if info, err := os.Stat(out.path); err == nil && info.Size() > 0 {
		if base, err = readGoFile(out.path, "Parser.Parse test file: target parser.ParseFile()"); err != nil {
			return nil, err
		}
		imports, body, exists = append(base.imports, imports...), base.body, base.functions
	}
	for _, t := range src.targets(types) {
		if name := t.CaseFunc(); set.pick.wants(t) && !exists[name] {
			test, err := set.style.testCode(t)
			if err != nil {
				return nil, fmt.Errorf("output.Process: %w", err)
			}
			out.tests = append(out.tests, name)
			body += "\n" + test
		}
	}
	if len(out.tests) == 0 {
		return out, nil
	}
	if out.code, err = assemble(base.prologue, imports, body); err != nil {
		return nil, fmt.Errorf("output.Process: %w", err)
	}
	return out, nil
}
