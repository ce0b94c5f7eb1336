package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"time"
)

// targets returns the tasks named by ID, all of which must exist.
func (app *App) targets() []*Task {
	if len(app.query.IDs) == 0 {
		die("no ID(s) specified")
	}
	all, found := app.repo.loadNumbered(), []*Task{}
	for _, id := range app.query.IDs {
		named := choose(all, func(task *Task) bool { return task.ID == id }, Query{})
		if len(named) == 0 {
			die("no open task with ID %d exists", id)
		}
		found = append(found, named...)
	}
	return found
}

func (app *App) record(task *Task, verb string) {
	app.repo.save(task)
	app.repo.commit(verb + " " + task.String())
}

// create stores a new task under the context and learns its ID.
func (app *App) create(status string) *Task {
	app.announceContext()
	query := app.query.merge(app.context)
	task := &Task{UUID: newUUID(), Status: status, Summary: query.text(), Priority: "P2", Created: time.Now().UTC()}
	query.AntiTags, query.AntiProjects = nil, nil
	task.apply(query)
	app.repo.save(task)
	for _, stored := range app.repo.loadNumbered() {
		if stored.UUID == task.UUID {
			return stored
		}
	}
	return task
}

func cmdAdd(app *App) {
	if len(app.query.Words) == 0 {
		die("task description or template required")
	}
	app.record(app.create("pending"), "Added")
}

func cmdLog(app *App) {
	if len(app.query.Words) == 0 {
		die("task description required")
	}
	task := app.create("resolved")
	task.Resolved = time.Now().UTC()
	app.repo.save(task)
	app.repo.commit("Logged " + task.Summary)
}

func cmdStart(app *App) {
	if len(app.query.IDs) == 0 && len(app.query.Words) == 0 {
		die("nothing to do -- specify an ID or describe a task")
	}
	if len(app.query.IDs) == 0 {
		app.record(app.create("active"), "Added and started")
		return
	}
	for _, task := range app.targets() {
		app.move(task, "active", "Started")
		showNotes(task)
	}
}

// move changes a task's state and notes any words typed.
func (app *App) move(task *Task, status, verb string) {
	task.Status = status
	if words := app.query.text(); words != "" {
		task.Notes += "\n" + words
	}
	app.record(task, verb)
}

func cmdStop(app *App) {
	for _, task := range app.targets() {
		if task.Status == "pending" {
			die("invalid state transition: pending -> paused")
		}
		app.move(task, "paused", "Stopped")
	}
}

func cmdDone(app *App) {
	for _, task := range app.targets() {
		if strings.Contains(task.Notes, "- [ ]") {
			die("refusing to resolve task with incomplete tasklist")
		}
		task.Resolved = time.Now().UTC()
		app.move(task, "resolved", "Resolved")
	}
}

func cmdNote(app *App) {
	for _, task := range app.targets() {
		if !app.interactive || len(app.query.Words) == 0 {
			fmt.Print(task.Notes)
			continue
		}
		app.move(task, task.Status, "Edit note")
	}
}

func cmdModify(app *App) {
	if app.query.operators() == "" && !app.query.HasProject && app.query.Note == "" {
		die("no operations specified")
	}
	var tasks []*Task
	if len(app.query.IDs) > 0 {
		tasks = app.targets()
	} else {
		tasks = choose(app.repo.loadNumbered(), isOpen, app.context)
		app.confirmOrStop(fmt.Sprintf("no IDs specified. Apply to all %d tasks in current ctx?", len(tasks)))
	}
	for _, task := range tasks {
		task.apply(app.query)
		app.record(task, "Modified")
	}
}

func cmdRemove(app *App) {
	tasks := app.targets()
	for _, task := range tasks {
		fmt.Println(task)
	}
	app.confirmOrStop(fmt.Sprintf("\nThe above %d task(s) will be deleted without checking subtasks. Continue?", len(tasks)))
	for _, task := range tasks {
		app.repo.delete(task)
		app.repo.commit("Removed: " + task.String())
	}
}

func (app *App) confirmOrStop(question string) {
	if !app.interactive {
		return
	}
	fmt.Print(question + " [y/n] ")
	answer, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	if !strings.HasPrefix(strings.ToLower(answer), "y") {
		die("nothing was changed")
	}
}

func cmdUndo(app *App) {
	count := append(app.args, "1")[1]
	app.repo.git("revert", "--no-gpg-sign", "--no-edit", "HEAD~"+count+"..")
}

func cmdSync(app *App) {
	app.repo.git("pull", "--no-rebase", "--no-edit")
	app.repo.git("push")
}

func cmdGit(app *App) { app.repo.git(app.args[1:]...) }
