package main

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Query is a parsed command line: a filter, or the attributes of a task.
type Query struct {
	Command, Project, Priority, Note    string
	DueMode, DueText                    string
	IDs                                 []int
	Tags, AntiTags, AntiProjects, Words []string
	Due                                 time.Time
	HasProject, IgnoreContext           bool
}

var priorityPattern = regexp.MustCompile(`^P[0-3]$`)

func parseQuery(args []string, isCommand func(string) bool) Query {
	var q Query
	for i, arg := range args {
		if arg == "/" {
			q.Note = strings.Join(args[i+1:], " ")
			break
		}
		lower := strings.ToLower(arg)
		if q.Command == "" && len(q.Words) == 0 && isCommand(lower) {
			q.Command = lower
			continue
		}
		q.take(arg, lower)
	}
	return q
}

func (q *Query) take(arg, lower string) {
	if id, err := strconv.Atoi(arg); err == nil && id > 0 && len(q.Words) == 0 {
		q.IDs = append(q.IDs, id)
		return
	}
	key, value, hasValue := strings.Cut(lower, ":")
	switch {
	case arg == "--":
		q.IgnoreContext = true
	case hasValue && key == "project":
		q.Project, q.HasProject = value, true
	case hasValue && key == "-project":
		q.AntiProjects = append(q.AntiProjects, value)
	case hasValue && (key == "due" || strings.HasPrefix(key, "due.")):
		q.takeDue(arg, strings.TrimPrefix(strings.TrimPrefix(key, "due"), "."), value)
	case len(lower) > 1 && lower[0] == '+':
		q.Tags = addOnce(q.Tags, lower[1:])
	case len(lower) > 1 && lower[0] == '-':
		q.AntiTags = addOnce(q.AntiTags, lower[1:])
	case q.Priority == "" && priorityPattern.MatchString(arg):
		q.Priority = arg
	default:
		q.Words = append(q.Words, arg)
	}
}

func (q *Query) takeDue(arg, mode, value string) {
	if q.DueText != "" {
		die("Query should only have one due date")
	}
	if !slices.Contains([]string{"", "on", "in", "before", "after"}, mode) {
		die("Invalid date filter format: %s\nUse one of due.before, due.after, due.on or due.in", mode)
	}
	q.DueText, q.DueMode = arg, mode
	if value == "overdue" {
		q.DueMode, value = "before", "today"
	}
	q.Due = parseDate(value, time.Now())
}

func (q Query) text() string { return strings.Join(q.Words, " ") }

// operators lists everything but text and IDs, in the form it is typed.
func (q Query) operators() string {
	var parts []string
	put := func(prefix string, values ...string) {
		for _, value := range values {
			parts = append(parts, prefix+value)
		}
	}
	put("+", q.Tags...)
	put("-", q.AntiTags...)
	if q.Project != "" {
		put("project:", q.Project)
	}
	put("-project:", q.AntiProjects...)
	put("", q.DueText, q.Priority)
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// merge combines a query with the context.
func (q Query) merge(context Query) Query {
	if q.Project != "" && context.Project != "" && q.Project != context.Project {
		die("Could not apply q2, project conflict")
	}
	q.Tags = addOnce(q.Tags, context.Tags...)
	q.AntiTags = addOnce(q.AntiTags, context.AntiTags...)
	q.AntiProjects = addOnce(q.AntiProjects, context.AntiProjects...)
	q.Priority = cmp.Or(q.Priority, context.Priority)
	if context.Project != "" {
		q.Project, q.HasProject = context.Project, true
	}
	if q.DueText == "" {
		q.Due, q.DueMode, q.DueText = context.Due, context.DueMode, context.DueText
	}
	return q
}

func addOnce(list []string, items ...string) []string {
	for _, item := range items {
		if !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}

func startOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// parseDate understands relative days, weekdays, and full or partial dates.
func parseDate(text string, now time.Time) time.Time {
	today := startOfDay(now)
	offsets := map[string]int{"yesterday": -1, "today": 0, "tomorrow": 1}
	if offset, found := offsets[text]; found {
		return today.AddDate(0, 0, offset)
	}
	if ahead, found := daysUntil(text, today.Weekday()); found {
		return today.AddDate(0, 0, ahead)
	}
	if date, err := time.ParseInLocation("2006-01-02", text, now.Location()); err == nil {
		return date
	}
	if date, err := time.Parse("01-02", text); err == nil {
		return time.Date(now.Year(), date.Month(), date.Day(), 0, 0, 0, 0, now.Location())
	}
	if date, err := time.Parse("2", text); err == nil {
		return today.AddDate(0, 0, date.Day()-now.Day())
	}
	die("Invalid due date format: %s\nExpected format: YYYY-MM-DD, MM-DD or DD, relative date like 'next-monday', 'today', etc.", text)
	return today
}

func daysUntil(text string, from time.Weekday) (int, bool) {
	name, skipWeek := strings.CutPrefix(strings.TrimPrefix(text, "this-"), "next-")
	for day := time.Sunday; day <= time.Saturday; day++ {
		full := strings.ToLower(day.String())
		if name != full && name != full[:3] {
			continue
		}
		ahead := (int(day-from) + 7) % 7
		if skipWeek {
			ahead += 7
		}
		return ahead, true
	}
	return 0, false
}

func dueLabel(due time.Time) string {
	switch {
	case due.IsZero():
		return ""
	case due.Equal(startOfDay(time.Now())):
		return "today"
	case due.Equal(startOfDay(time.Now()).AddDate(0, 0, 1)):
		return "tomorrow"
	}
	return due.Format("_2 Jan 2006")
}
