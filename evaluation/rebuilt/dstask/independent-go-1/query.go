package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Query is the parsed command line: a command plus operators and text, which
// serve as a filter, as the attributes of a new task or as a modification.
type Query struct {
	Cmd           string
	IDs           []int
	Tags          []string
	AntiTags      []string
	Project       string
	AntiProjects  []string
	Priority      string
	Due           time.Time
	DueFilter     string // "", before, after, on or in
	Text          string
	Note          string
	IgnoreContext bool
}

// parseQuery interprets command line words. IDs count only before other words.
func parseQuery(args []string) (q Query, err error) {
	var words []string
	idsOver := false
	for i, arg := range args {
		low := strings.ToLower(arg)
		if _, known := commands[low]; known && q.Cmd == "" && len(words) == 0 {
			q.Cmd = low
			continue
		}
		if q.Cmd == "git" {
			break // its arguments are not ours to parse
		}
		if n, err := strconv.ParseUint(arg, 10, 31); err == nil && !idsOver {
			q.IDs = append(q.IDs, int(n))
			continue
		}
		idsOver = true
		key, value, _ := strings.Cut(low, ":")
		isDue := strings.HasPrefix(low, "due:") || strings.HasPrefix(key, "due.")

		switch {
		case arg == "--":
			q.IgnoreContext = true
		case arg == "/":
			q.Text, q.Note = strings.Join(words, " "), strings.Join(args[i+1:], " ")
			return q, nil
		case strings.HasPrefix(low, "project:") && q.Project == "":
			q.Project = value
		case strings.HasPrefix(low, "-project:"):
			q.AntiProjects = append(q.AntiProjects, value)
		case isDue && !q.Due.IsZero():
			return q, errors.New("Query should only have one due date")
		case isDue:
			_, filter, _ := strings.Cut(key, ".")
			if err := q.setDue(filter, value); err != nil {
				return q, err
			}
		case len(arg) > 1 && arg[0] == '+':
			q.Tags = append(q.Tags, low[1:])
		case len(arg) > 1 && arg[0] == '-':
			q.AntiTags = append(q.AntiTags, low[1:])
		case q.Priority == "" && len(arg) == 2 && arg >= "P0" && arg <= "P3":
			q.Priority = arg
		default:
			words = append(words, arg)
		}
	}
	q.Text = strings.Join(words, " ")
	return q, nil
}

// setDue records a due operator such as due:friday or due.before:2026-01-01.
func (q *Query) setDue(filter, value string) (err error) {
	if !slices.Contains([]string{"", "after", "before", "on", "in"}, filter) {
		return fmt.Errorf("Invalid date filter format: %s\nValid filters are: after, before, on, in", filter)
	}
	if value == "overdue" && filter == "" {
		filter, value = "before", "today"
	}
	q.DueFilter = filter
	q.Due, err = parseDue(value, time.Now())
	return err
}

// parseDue turns a relative or absolute date into a local midnight.
func parseDue(s string, now time.Time) (time.Time, error) {
	y, m, d := now.Date()
	date := func(m time.Month, d int) (time.Time, error) { return time.Date(y, m, d, 0, 0, 0, 0, time.Local), nil }
	if i := slices.Index([]string{"yesterday", "today", "tomorrow"}, s); i >= 0 {
		return date(m, d+i-1)
	}
	name := strings.TrimPrefix(strings.TrimPrefix(s, "this-"), "next-")
	for wd := time.Sunday; wd <= time.Saturday; wd++ {
		ahead := int(wd-now.Weekday()) + 7
		if len(name) < 3 || !strings.HasPrefix(strings.ToLower(wd.String()), name) {
			continue
		}
		if !strings.HasPrefix(s, "next-") {
			ahead %= 7
		}
		return date(m, d+ahead)
	}
	if t, err := time.ParseInLocation("2006-01-02", s, time.Local); err == nil {
		return t, nil
	}
	if t, err := time.Parse("01-02", s); err == nil {
		return date(t.Month(), t.Day())
	}
	if n, err := strconv.Atoi(s); err == nil && n >= 1 && n <= 31 {
		return date(m, n)
	}
	return time.Time{}, fmt.Errorf("Invalid due date format: %s\nExpected format: YYYY-MM-DD, MM-DD or DD, "+
		"relative date like 'next-monday', 'today', etc.", s)
}

// String renders the operators in their canonical command line form.
func (q Query) String() string {
	var out []string
	put := func(prefix string, values ...string) {
		for _, v := range values {
			if v != "" {
				out = append(out, prefix+v)
			}
		}
	}
	put("+", q.Tags...)
	put("-", q.AntiTags...)
	put("project:", q.Project)
	put("-project:", q.AntiProjects...)
	if !q.Due.IsZero() {
		put("due", strings.TrimSuffix("."+q.DueFilter, ".")+":"+q.Due.Format("2006-01-02"))
	}
	put("", q.Priority)
	return strings.Join(out, " ")
}

// merge combines the query with a context; conflicting operators are an error.
func (q Query) merge(ctx Query) (Query, error) {
	q.Tags, q.AntiTags = union(q.Tags, ctx.Tags), union(q.AntiTags, ctx.AntiTags)
	q.AntiProjects = union(q.AntiProjects, ctx.AntiProjects)
	if q.Project != "" && ctx.Project != "" && q.Project != ctx.Project {
		return q, errors.New("Could not apply q2, project conflict")
	}
	q.Project, q.Priority = cmp.Or(q.Project, ctx.Project), cmp.Or(q.Priority, ctx.Priority)
	if q.Due.IsZero() {
		q.Due, q.DueFilter = ctx.Due, ctx.DueFilter
	}
	return q, nil
}
