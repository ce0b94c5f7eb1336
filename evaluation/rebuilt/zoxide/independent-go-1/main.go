// A smarter cd: remembers directories and finds them again by keywords.
package main

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:embed help/*.txt templates/*.sh
var assets embed.FS

var commands = []*command{
	{name: "add", operand: "<PATHS>...", run: runAdd,
		options: []option{{long: "score", short: 's', value: "SCORE"}}},
	{name: "import", operand: "<PATH>", required: "from", run: runImport,
		options: []option{{long: "from", value: "FROM", choices: []string{"autojump", "z"}}, {long: "merge"}}},
	{name: "init", operand: "<SHELL>", run: runInit,
		choices: []string{"bash", "elvish", "fish", "nushell", "posix", "powershell", "tcsh", "xonsh", "zsh"},
		options: []option{{long: "no-cmd"}, {long: "cmd", value: "CMD"},
			{long: "hook", value: "HOOK", choices: []string{"none", "prompt", "pwd"}}}},
	{name: "query", operand: "[KEYWORDS]...", run: runQuery,
		options: []option{{long: "all", short: 'a'}, {long: "interactive", short: 'i'}, {long: "list", short: 'l'},
			{long: "score", short: 's'}, {long: "exclude", value: "path"}, {long: "base-dir", value: "path"}}},
	{name: "remove", operand: "[PATHS]...", run: runRemove},
}

func programName() string { return filepath.Base(os.Args[0]) }

func asset(name string) string {
	data, err := assets.ReadFile(name)
	if err != nil {
		panic(err) // embedded at build time
	}
	return string(data)
}

func (c *command) helpBody() string {
	name := c.name
	if name == "" {
		name = "root"
	}
	return strings.ReplaceAll(asset("help/"+name+".txt"), "{bin}", programName())
}

func (c *command) version() string {
	return strings.TrimSuffix("zoxide-"+c.name, "-") + " 0.9.9\n"
}

func (c *command) help() string {
	author := "Ajeet D'Souza <someone@example.org>\nhttps://github.com/ajeetdsouza/zoxide\n\n"
	return c.version() + author + c.helpBody() + asset("help/environment.txt")
}

func run(args []string) error {
	root := &command{}
	if len(args) == 0 {
		fmt.Fprint(os.Stderr, root.help())
		return exitError(2)
	}
	if strings.HasPrefix(args[0], "-") {
		_, err := parseArgs(root, args)
		return err
	}
	for _, c := range commands {
		if c.name == args[0] {
			in, err := parseArgs(c, args[1:])
			if err != nil {
				return err
			}
			return c.run(in)
		}
	}
	return &usageError{message: fmt.Sprintf("unrecognized subcommand '%s'", args[0]), usage: root.usage()}
}

func main() {
	err := run(os.Args[1:])
	var exit exitError
	var usage *usageError
	switch {
	case err == nil:
	case errors.As(err, &exit):
		os.Exit(int(exit))
	case errors.As(err, &usage):
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, report(err))
		os.Exit(1)
	}
}
