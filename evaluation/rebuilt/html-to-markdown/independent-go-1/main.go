// A converter from HTML to Markdown.
package main

import (
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"os"
)

//go:embed usage.txt
var usage string

const (
	versionText = "html2markdown\n\nGitVersion:  2.5.0\nGitCommit:   3006818b20a61b0a36eb86321aef57d3d017c27e\nBuildDate:   2025-11-30T18:10:45Z"
	pipeAdvice  = "Here is how you can use the CLI:\n\n    echo \"<strong>important</strong>\" | html2markdown"
	globAdvice  = "Here is how you can use a glob to match multiple files:\n\n    html2markdown --input \"src/*.html\" --output \"dist/\""
)

func run(args []string) error {
	opt, err := parseOptions(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Print(usage)
		return nil
	} else if err != nil {
		return err
	} else if opt.version {
		fmt.Println(versionText)
		return nil
	}
	return convertInput(opt)
}

func main() {
	err := run(os.Args[1:])
	if err == nil {
		return
	}
	fmt.Fprintf(os.Stderr, "\nerror: %v\n\n", err)
	var hint *usageError
	if errors.As(err, &hint) && hint.advice != "" {
		fmt.Fprintf(os.Stderr, "%s\n\n", hint.advice)
	}
	os.Exit(1)
}
