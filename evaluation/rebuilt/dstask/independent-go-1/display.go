package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	termColumns = 80
	maxRows     = 15 // how many tasks "next" shows to people
	columnGap   = "  "
)

// Style is the look of a table row: SGR mode, foreground and background.
type Style struct{ mode, fg, bg int }

// noteMark precedes, in the text of a cell, a note to be dimmed.
const noteMark = "\x01"

// Row is a styled line of a table.
type Row struct {
	style Style
	cells []string
}

// fit pads or cuts a text to a width and dims the note in it.
func fit(text string, width, fg int) string {
	runes := []rune(text)
	if len(runes) > width {
		text = string(runes[:max(width-1, 0)]) + " "
	} else {
		text += strings.Repeat(" ", width-len(runes))
	}
	if head, note, found := strings.Cut(text, noteMark); found {
		return fmt.Sprintf("%s\x1b[38;5;240m%s \x1b[38;5;%dm", head, note, fg)
	}
	return text
}

// printTable aligns the rows below a header. Column widths follow the rows
// alone, and the last column gets the room that remains.
func printTable(header []string, rows []Row) {
	widths := make([]int, len(header))
	for _, row := range rows {
		for i, c := range row.cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	room, last := termColumns, len(header)-1
	for _, w := range widths[:last] {
		room -= w + len(columnGap)
	}
	widths[last] = max(min(widths[last], room), 0)
	for _, row := range append([]Row{{Style{4, 250, 232}, header}}, rows...) {
		parts := make([]string, len(row.cells))
		for i, c := range row.cells {
			parts[i] = fit(c, widths[i], row.style.fg)
		}
		fmt.Printf("\x1b[%d;38;5;%d;48;5;%dm%s\x1b[0m\n", row.style.mode, row.style.fg, row.style.bg, strings.Join(parts, columnGap))
	}
}

// stripe is the background of an ordinary row.
func stripe(row int) int { return 233 - row%2 }

// rowStyle picks colours by urgency and state.
func rowStyle(priority string, status Status, urgent bool, row int) Style {
	usual, active := 250, 233
	switch {
	case priority == "P0":
		usual, active = 160, 124
	case priority == "P1" || urgent:
		usual, active = 166, 130
	case priority == "P3":
		usual, active = 245, 238
	}
	switch status {
	case Active:
		return Style{0, active, 250}
	case Paused:
		return Style{0, usual, 236}
	}
	return Style{0, usual, stripe(row)}
}

// formatDue describes a due date relative to now where that is shorter.
func formatDue(due, now time.Time) string {
	y, m, d := now.Date()
	days := int(due.Sub(time.Date(y, m, d, 0, 0, 0, 0, time.Local)).Round(24*time.Hour).Hours() / 24)
	switch {
	case due.IsZero():
		return ""
	case days >= -1 && days <= 1:
		return []string{"yesterday", "today", "tomorrow"}[days+1]
	case days > 1 && days < 7:
		return due.Format("Mon _2")
	case due.Year() == y:
		return due.Format("_2 Jan")
	}
	return due.Format("_2 Jan 2006")
}

// isTTY tells whether to print for people instead of printing JSON.
func isTTY() bool {
	info, err := os.Stdout.Stat()
	return os.Getenv("DSTASK_FAKE_PTY") != "" || err == nil && info.Mode()&os.ModeCharDevice != 0
}

// printJSON writes the machine-readable form of any listing.
func printJSON(v any) {
	data, err := json.MarshalIndent(v, "", "  ")
	check(err)
	os.Stdout.Write(data)
}

// printTasks shows tasks to people: one as a record, several as a table.
func printTasks(tasks []*Task, all []*Task, truncate bool) {
	switch len(tasks) {
	case 0:
		fail("No matching tasks in given context or filter.")
	case 1:
		printDetail(tasks[0])
	default:
		printTaskTable(tasks, truncate)
	}
	critical := func(t *Task) bool { return t.Priority == "P0" }
	if n := len(selectTasks(all, critical)) - len(selectTasks(tasks, critical)); n > 0 {
		fmt.Printf("\x1b[38;5;160m%d critical task(s) outside this context! Use `dstask -- P0` to see them.\x1b[0m\n", n)
	}
}

// printTaskTable lists tasks one a row, each with the last line of its notes.
func printTaskTable(tasks []*Task, truncate bool) {
	var rows []Row
	for i, t := range tasks {
		if truncate && i == maxRows {
			break
		}
		urgent := !t.Due.IsZero() && t.Due.Before(time.Now())
		summary, _, _ := strings.Cut(t.Summary, "\n")
		if notes := strings.TrimSpace(t.Notes); notes != "" {
			summary += noteMark + " " + notes[strings.LastIndex(notes, "\n")+1:] + " "
		}
		rows = append(rows, Row{rowStyle(t.Priority, t.Status, urgent, i), []string{fmt.Sprintf("%-2d", t.ID), t.Priority,
			strings.Join(t.Tags, " "), formatDue(t.Due, time.Now()), t.Project, summary}})
	}
	printTable([]string{"ID", "P", "Tags", "Due", "Project", "Summary"}, rows)
	if len(rows) < len(tasks) {
		fmt.Printf("\n%d/%d tasks shown.\n", len(rows), len(tasks))
	} else {
		fmt.Printf("\n%d tasks.\n", len(tasks))
	}
}

// printDetail shows every attribute of one task.
func printDetail(t *Task) {
	attributes := []string{"ID", fmt.Sprint(t.ID), "Priority", t.Priority, "Summary", t.Summary,
		"Status", string(t.Status), "Project", t.Project, "Tags", strings.Join(t.Tags, ", "),
		"UUID", t.UUID, "Created", t.Created.String()}
	if !t.Due.IsZero() {
		attributes = append(attributes, "Due", t.Due.String())
	}
	var rows []Row
	for i := 0; i < len(attributes); i += 2 {
		rows = append(rows, Row{Style{0, 250, stripe(i / 2)}, attributes[i : i+2]})
	}
	printTable([]string{"Name", "Value"}, rows)
	printNotes(t)
}

// printNotes shows the notes of a task, if there are any.
func printNotes(t *Task) {
	if t.Notes != "" {
		fmt.Printf("\nNotes on task %d:\n\x1b[38;5;245m%s\x1b[0m\n\n", t.ID, t.Notes)
	}
}
