// Command program is a task tracker that keeps its tasks in a git repository.
package main

import (
	"embed"
	"fmt"
	"os"
	"slices"
	"strings"
)

//go:embed help
var helpFiles embed.FS

// Session is what every command works on: the store, the query and the context.
type Session struct {
	store   *Store
	args    []string // the command line after the command
	query   Query
	context Query
}

// commands maps each command word to its action; init fills it.
var commands map[string]func(*Session)

func init() {
	isOpen := func(t *Task) bool { return true }
	listing := func(keep func(*Task) bool) func(*Session) { return func(s *Session) { s.list(keep, false) } }
	having := func(want Status) func(*Session) { return listing(func(t *Task) bool { return t.Status == want }) }
	loose := func(t *Task) bool { return len(t.Tags) == 0 && t.Project == "" }
	commands = map[string]func(*Session){
		"next": func(s *Session) { s.list(isOpen, true) }, "show-open": listing(isOpen),
		"show-active": having(Active), "show-paused": having(Paused),
		"show-unorganised": listing(loose),
		"show-resolved":    (*Session).showResolved, "add": (*Session).add, "log": (*Session).log,
		"start": (*Session).start,
		"stop":  func(s *Session) { s.transition(Paused, "Stopped %s") },
		"done":  func(s *Session) { s.transition(Resolved, "Resolved %s") },
		"note":  (*Session).note,
		"help":  nil, "version": nil, "modify": (*Session).modify, "remove": (*Session).remove,
		"context": (*Session).setContext, "undo": (*Session).undo,
		"sync": func(s *Session) { s.store.git("pull", "--no-rebase", "--no-edit"); s.store.git("push") },
		"git":  func(s *Session) { s.store.git(s.args...) },
	}
}

// fail prints an error in red and ends the program.
func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "\x1b[31m"+format+"\x1b[0m\n", args...)
	os.Exit(1)
}

// check ends the program if there was an error.
func check(err error) {
	if err != nil {
		fail("%v", err)
	}
}

// confirm asks people a yes/no question and ends the program unless it is yes.
func confirm(format string, args ...any) {
	if !isTTY() {
		return
	}
	fmt.Fprintf(os.Stderr, format+" [y/n] ", args...)
	var answer string
	fmt.Scanln(&answer)
	if answer = strings.ToLower(answer); answer != "y" && answer != "yes" {
		fail("Aborted.")
	}
}

func main() {
	args := os.Args[1:]
	query, err := parseQuery(args)
	check(err)
	switch query.Cmd {
	case "help":
		printHelp(strings.Join(args[1:], " "))
		return
	case "version":
		fmt.Println("Version: 1.0\nGit commit: Unknown\nBuild date: Unknown")
		return
	case "":
		query.Cmd = "next"
	}
	s := &Session{store: openStore(), query: query, args: args[min(1, len(args)):]}
	text := os.Getenv("DSTASK_CONTEXT")
	if text == "" {
		s.store.readLocal("context", &text)
	}
	s.context, err = parseQuery(strings.Fields(text))
	check(err)
	commands[query.Cmd](s)
}

// printHelp shows the help of a command, or the general one.
func printHelp(topic string) {
	text, err := helpFiles.ReadFile("help/" + topic + ".txt")
	if err != nil {
		text, _ = helpFiles.ReadFile("help/usage.txt")
	}
	os.Stderr.Write(text)
}

// scoped is the query merged with the context, unless that is to be ignored.
func (s *Session) scoped() Query {
	if s.query.IgnoreContext {
		return s.query
	}
	q, err := s.query.merge(s.context)
	check(err)
	return q
}

// announceContext tells the user that a context is in force.
func (s *Session) announceContext() {
	if text := s.context.String(); text != "" && !s.query.IgnoreContext {
		source := ""
		if os.Getenv("DSTASK_CONTEXT") != "" {
			source = " (set by DSTASK_CONTEXT)"
		}
		fmt.Printf("\x1b[33mActive context%s: %s\x1b[0m\n", source, text)
	}
}

// targets are the tasks named by ID; none is an error.
func (s *Session) targets() (tasks []*Task) {
	if len(s.query.IDs) == 0 {
		fail("no ID(s) specified")
	}
	for _, id := range s.query.IDs {
		i := slices.IndexFunc(s.store.open, func(t *Task) bool { return t.ID == id })
		if i < 0 {
			fail("no open task with ID %d exists", id)
		}
		tasks = append(tasks, s.store.open[i])
	}
	return tasks
}

func (s *Session) list(keep func(*Task) bool, truncate bool) {
	q := s.scoped()
	tasks := selectTasks(s.store.open, func(t *Task) bool { return keep(t) && t.matches(q) })
	if !isTTY() {
		printJSON(tasks)
		return
	}
	s.announceContext()
	printTasks(tasks, s.store.open, truncate)
}

func (s *Session) showResolved() {
	q := s.scoped()
	tasks := selectTasks(s.store.load(Resolved), func(t *Task) bool { return t.matches(q) })
	slices.SortStableFunc(tasks, func(a, b *Task) int { return a.Resolved.Compare(b.Resolved) })
	printJSON(tasks)
}

// create adds a task described by the query, which lacks nothing but context.
func (s *Session) create(status Status, complaint, format string) {
	if s.query.DueFilter != "" {
		fail("cannot use date filter with %s command", s.query.Cmd)
	}
	if s.query.Text == "" {
		fail("%s", complaint)
	}
	s.announceContext()
	t := newTask(s.scoped(), status)
	if status == Resolved {
		t.Resolved = t.Created
	}
	s.store.add(t)
	s.store.commit(format, t)
}

func (s *Session) add() { s.create(Pending, "task description or template required", "Added %s") }

func (s *Session) log() { s.create(Resolved, "task description required", "Logged %s") }

func (s *Session) start() {
	if len(s.query.IDs) > 0 {
		s.transition(Active, "Started %s")
	} else {
		s.create(Active, "nothing to do -- specify an ID or describe a task", "Added and started %s")
	}
}

// transition moves the tasks to a state, appending any text as a note.
func (s *Session) transition(to Status, format string) {
	tasks := s.targets()
	if s.query.String() != "" {
		fail("operators not valid in this context")
	}
	for _, t := range tasks {
		check(t.moveTo(to))
		if s.query.Text != "" {
			t.Notes += "\n" + s.query.Text
		}
		s.store.save(t)
		s.store.commit(format, t)
		if to == Active {
			printNotes(t)
		}
	}
	s.store.assignIDs()
}

// note appends a line to the notes, or prints them for a pipe.
func (s *Session) note() {
	for _, t := range s.targets() {
		if !isTTY() || s.query.Text == "" {
			fmt.Print(t.Notes)
			continue
		}
		t.Notes = strings.TrimPrefix(t.Notes+"\n"+s.query.Text, "\n")
		s.store.save(t)
		s.store.commit("Edit note %s", t)
	}
}

func (s *Session) modify() {
	if s.query.String() == "" {
		fail("no operations specified")
	}
	tasks := slices.DeleteFunc(slices.Clone(s.store.open), func(t *Task) bool { return !t.matches(s.context) })
	if len(s.query.IDs) > 0 {
		tasks = s.targets()
	} else {
		confirm("no IDs specified. Apply to all %d tasks in current ctx?", len(tasks))
	}
	for _, t := range tasks {
		t.modify(s.query)
		s.store.save(t)
		s.store.commit("Modified %s", t)
	}
}

func (s *Session) remove() {
	tasks := s.targets()
	for _, t := range tasks {
		fmt.Println(t)
	}
	confirm("\nThe above %d task(s) will be deleted without checking subtasks. Continue?", len(tasks))
	for _, t := range tasks {
		check(os.Remove(s.store.path(t, t.Status)))
		s.store.commit("Removed: %s", t)
	}
}

// setContext shows, clears or sets the context kept on disk.
func (s *Session) setContext() {
	q := s.query
	switch {
	case len(s.args) == 0:
		fmt.Println(s.context)
		return
	case os.Getenv("DSTASK_CONTEXT") != "":
		fail("setting context not allowed while DSTASK_CONTEXT is set")
	case s.args[0] == "none":
		q = Query{}
	case len(q.IDs) > 0:
		fail("context cannot contain IDs")
	case q.Text != "":
		fail("context cannot contain text")
	}
	s.store.writeLocal("context", q.String())
}

// undo reverts the last commits.
func (s *Session) undo() {
	s.store.git("revert", "--no-gpg-sign", "--no-edit", "HEAD~"+strings.Join(s.args, " ")+"..")
}
