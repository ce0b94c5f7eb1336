package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// PackageNames maps the import paths used in a directory to package names.
type PackageNames map[string]string

// listedPackage is the part of the output of go list that is of interest.
type listedPackage struct {
	ImportPath, Name string
	DepOnly          bool
	Imports          []string
	Error            *listedError
}

// listedError is how go list describes a package that does not load.
type listedError struct {
	ImportStack []string
	Pos, Err    string
}

// String words the error with its position, "-" where there is none.
func (e *listedError) String() string {
	pos, msg := cmp.Or(e.Pos, "-"), e.Err
	if msg == "import cycle not allowed" {
		msg += fmt.Sprintf(": import stack: %v", e.ImportStack)
	}
	return pos + ": " + msg
}

// loadPackageNames asks the go command for the names of all packages that the
// package in dir imports. Packages that fail to load are reported on standard
// error.
func loadPackageNames(dir string) (PackageNames, error) {
	cmd := exec.Command("go", "list", "-e", "-deps", "-json=ImportPath,Name,DepOnly,Imports,Error", "--", ".")
	cmd.Dir = dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("err: %w: stderr: %s", err, stderr.String())
	}
	byPath := make(map[string]string)
	var direct []string
	failed := false
	for dec := json.NewDecoder(&stdout); ; {
		var p listedPackage
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		if p.Error != nil {
			fmt.Fprintln(os.Stderr, strings.TrimSpace(p.Error.String()))
			failed = true
		}
		byPath[p.ImportPath] = p.Name
		if !p.DepOnly {
			direct = append(direct, p.Imports...)
		}
	}
	if failed {
		return nil, errors.New("package has an errors")
	}
	names := make(PackageNames)
	for _, path := range direct {
		names[path] = byPath[path]
	}
	return names, nil
}
