// A git-backed task manager for the terminal.
package main

import (
	"cmp"
	"embed"
	"fmt"
	"os"
	"strings"
)

// App carries everything one invocation needs.
type App struct {
	repo        *Repo
	query       Query // what the user typed
	context     Query // the active context, empty when bypassed
	args        []string
	interactive bool
}

//go:embed help/*.txt
var helpTexts embed.FS

var commands = map[string]func(*App){
	"next": cmdNext, "show-next": cmdNext, "add": cmdAdd, "log": cmdLog,
	"start": cmdStart, "note": cmdNote, "notes": cmdNote, "stop": cmdStop, "done": cmdDone, "resolve": cmdDone,
	"context": cmdContext, "modify": cmdModify, "undo": cmdUndo, "sync": cmdSync,
	"git": cmdGit, "remove": cmdRemove, "rm": cmdRemove, "show-tags": cmdShowTags,
	"show-active": cmdShowActive, "show-paused": cmdShowPaused, "show-open": cmdShowOpen,
	"show-resolved": cmdShowResolved,
}

func main() {
	args := os.Args[1:]
	isCommand := func(word string) bool { return commands[word] != nil || word == "help" || word == "version" }
	query := parseQuery(args, isCommand)
	switch query.Command {
	case "help":
		printHelp(query.text())
	case "version":
		fmt.Print("Version: 1.0\nGit commit: Unknown\nBuild date: Unknown\n")
	default:
		commands[cmp.Or(query.Command, "next")](newApp(query, args))
	}
}

func newApp(query Query, args []string) *App {
	app := &App{repo: openRepo(), query: query, args: args, interactive: isInteractive()}
	if !query.IgnoreContext {
		app.context = loadContext(app.repo)
	}
	return app
}

func isInteractive() bool {
	info, err := os.Stdout.Stat()
	return os.Getenv("DSTASK_FAKE_PTY") != "" || (err == nil && info.Mode()&os.ModeCharDevice != 0)
}

func printHelp(topic string) {
	text, err := helpTexts.ReadFile("help/" + topic + ".txt")
	if err != nil {
		text, _ = helpTexts.ReadFile("help/general.txt")
	}
	os.Stderr.Write(text)
}

// die ends the program with a red message.
func die(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "\x1b[31m"+format+"\x1b[0m\n", args...)
	os.Exit(1)
}

func check(err error) {
	if err != nil {
		die("%v", err)
	}
}

const contextVariable = "DSTASK_CONTEXT"

func loadContext(repo *Repo) Query {
	text := os.Getenv(contextVariable)
	if text == "" {
		repo.readState("context", &text)
	}
	return parseQuery(strings.Fields(text), func(string) bool { return false })
}

func (app *App) announceContext() {
	source := ""
	if os.Getenv(contextVariable) != "" {
		source = " (set by " + contextVariable + ")"
	}
	if text := app.context.operators(); text != "" {
		fmt.Printf("\x1b[33mActive context%s: %s\x1b[0m\n", source, text)
	}
}

func cmdContext(app *App) {
	query := app.query
	reset := len(query.Words) > 0 && query.Words[0] == "none"
	switch {
	case len(app.args) < 2:
		fmt.Println(app.context.operators())
	case os.Getenv(contextVariable) != "":
		die("setting context not allowed while DSTASK_CONTEXT is set")
	case reset:
		app.repo.writeState("context", "")
	case len(query.IDs) > 0:
		die("context cannot contain IDs")
	case len(query.Words) > 0:
		die("context cannot contain text")
	default:
		app.repo.writeState("context", query.operators())
	}
}
