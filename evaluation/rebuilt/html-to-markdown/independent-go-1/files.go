package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// convertInput reads one page, converts it and writes the result.
func convertInput(opt *options) error {
	data, err := readInput(opt.input)
	if err != nil {
		return err
	}
	text := convert(string(data), opt)
	if opt.output == "" {
		_, err = fmt.Println(text)
		return err
	}
	return writeOutput(opt, text)
}

func readInput(path string) ([]byte, error) {
	if path == "" {
		if info, err := os.Stdin.Stat(); err != nil || info.Mode()&os.ModeCharDevice != 0 {
			return nil, &usageError{"the html input should be piped into the cli", pipeAdvice}
		}
		return io.ReadAll(os.Stdin)
	}
	switch info, err := os.Stat(path); {
	case err != nil:
		return nil, &usageError{fmt.Sprintf("no files found matching pattern %q", path), globAdvice}
	case info.IsDir():
		return nil, &usageError{fmt.Sprintf("input path %q is a directory, not a file", path), globAdvice}
	}
	return os.ReadFile(path)
}

// writeOutput saves the text; a path with a final slash names a directory.
func writeOutput(opt *options, text string) error {
	path := opt.output
	info, err := os.Stat(path)
	if strings.HasSuffix(path, "/") {
		base := filepath.Base(opt.input)
		if opt.input == "" {
			base = "output"
		}
		path += strings.TrimSuffix(base, filepath.Ext(base)) + ".md"
		_, err = os.Stat(path)
	} else if err == nil && info.IsDir() {
		return &usageError{fmt.Sprintf("path %q exists and is a directory, did you mean %q?", path, path+"/"),
			`The --output must end with "/" to indicate a directory`}
	}
	if err == nil && !opt.overwrite {
		return fmt.Errorf("output path %q already exists. Use --output-overwrite to replace existing files", path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}
