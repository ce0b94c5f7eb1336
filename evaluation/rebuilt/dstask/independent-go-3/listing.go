package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

const rowsShown = 15

var priorityColour = map[string]int{"P0": 160, "P1": 166, "P2": 250, "P3": 245}
var activeColour = map[string]int{"P0": 124, "P1": 130, "P2": 233, "P3": 233}

func isOpen(task *Task) bool { return task.Status != "template" }

func hasStatus(status string) func(*Task) bool {
	return func(task *Task) bool { return task.Status == status }
}

func cmdNext(app *App)       { list(app, rowsShown, isOpen) }
func cmdShowOpen(app *App)   { list(app, 0, isOpen) }
func cmdShowActive(app *App) { list(app, 0, hasStatus("active")) }
func cmdShowPaused(app *App) { list(app, 0, hasStatus("paused")) }

// choose picks the tasks that satisfy a condition and a filter.
func choose(tasks []*Task, keep func(*Task) bool, filter Query) []*Task {
	unwanted := func(task *Task) bool { return !keep(task) || !task.matches(filter) }
	return slices.DeleteFunc(slices.Clone(tasks), unwanted)
}

// list shows the chosen tasks as JSON, as a table or, for a single one, in detail.
func list(app *App, limit int, keep func(*Task) bool) {
	all := app.repo.loadNumbered()
	filter := app.query
	if len(filter.IDs) == 0 {
		filter = filter.merge(app.context)
	}
	chosen := choose(all, keep, filter)
	slices.SortStableFunc(chosen, byUrgency)
	if !app.interactive {
		printJSON(chosen)
		return
	}
	app.announceContext()
	switch len(chosen) {
	case 0:
		die("No matching tasks in given context or filter.")
	case 1:
		showDetail(chosen[0])
	default:
		showTable(chosen, limit)
	}
	critical := Query{Priority: "P0"}
	if hidden := len(choose(all, isOpen, critical)) - len(choose(chosen, isOpen, critical)); hidden > 0 {
		fmt.Printf("\x1b[38;5;160m%d critical task(s) outside this context! Use `dstask -- P0` to see them.\x1b[0m\n", hidden)
	}
}

func printJSON(value any) {
	data, err := json.MarshalIndent(value, "", "  ")
	check(err)
	fmt.Print(string(data))
}

func showTable(tasks []*Task, limit int) {
	footer := fmt.Sprintf("\n%d tasks.\n", len(tasks))
	if limit > 0 && len(tasks) > limit {
		footer = fmt.Sprintf("\n%d/%d tasks shown.\n", limit, len(tasks))
		tasks = tasks[:limit]
	}
	rows := []Row{}
	for i, task := range tasks {
		rows = append(rows, taskRow(task, i))
	}
	printTable([]string{"ID", "P", "Tags", "Due", "Project", "Summary"}, rows)
	fmt.Print(footer)
}

func taskRow(task *Task, index int) Row {
	row := Row{0, priorityColour[task.Priority], stripe(index), -1, nil}
	if task.Priority > "P1" && !task.Due.IsZero() && !task.Due.After(time.Now()) {
		row.fg = priorityColour["P1"]
	}
	switch task.Status {
	case "active":
		row.fg, row.bg = activeColour[task.Priority], 250
	case "paused":
		row.bg = 236
	}
	summary := task.Summary
	lines := strings.Split(strings.TrimSpace(task.Notes), "\n")
	if remark := lines[len(lines)-1]; remark != "" {
		row.remarkAt = len([]rune(summary))
		summary += " " + remark + gap
	}
	row.cells = []string{fmt.Sprint(task.ID), task.Priority, strings.Join(task.Tags, " "), dueLabel(task.Due), task.Project, summary}
	return row
}

func showDetail(task *Task) {
	fields := [][]string{{"ID", fmt.Sprint(task.ID)}, {"Priority", task.Priority}, {"Summary", task.Summary},
		{"Status", task.Status}, {"Project", task.Project}, {"Tags", strings.Join(task.Tags, ", ")},
		{"UUID", task.UUID}, {"Created", task.Created.String()}}
	if !task.Due.IsZero() {
		fields = append(fields, []string{"Due", task.Due.String()})
	}
	rows := []Row{}
	for i, field := range fields {
		rows = append(rows, Row{0, 250, stripe(i), -1, field})
	}
	printTable([]string{"Name", "Value"}, rows)
	showNotes(task)
}

func showNotes(task *Task) {
	if task.Notes != "" {
		fmt.Printf("\nNotes on task %d:\n\x1b[38;5;245m%s\x1b[0m\n\n", task.ID, task.Notes)
	}
}

func cmdShowResolved(app *App) {
	tasks := app.repo.load("resolved")
	slices.SortFunc(tasks, func(a, b *Task) int { return a.Resolved.Compare(b.Resolved) })
	printJSON(choose(tasks, isOpen, app.query.merge(app.context)))
}

func cmdShowTags(app *App) {
	tags := []string{}
	for _, task := range choose(app.repo.loadNumbered(), isOpen, app.context) {
		tags = addOnce(tags, task.Tags...)
	}
	slices.Sort(tags)
	for _, tag := range tags {
		fmt.Println(tag)
	}
}
