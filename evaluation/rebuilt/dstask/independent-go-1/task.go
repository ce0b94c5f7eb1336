package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Status is the life-cycle state of a task; it doubles as its directory name.
type Status string

const (
	Pending  Status = "pending"
	Active   Status = "active"
	Paused   Status = "paused"
	Resolved Status = "resolved"
)

// openStatuses are the states loaded by every command, in directory order.
var openStatuses = []Status{Active, Paused, Pending}

// transitions lists, for each state, the other states a task may move to.
var transitions = map[Status][]Status{
	Pending: {Active, Resolved},
	Active:  {Paused, Resolved, Pending},
	Paused:  {Active, Resolved, Pending},
}

// Task is a single record, stored as one YAML file named after its UUID.
type Task struct {
	UUID     string    `json:"uuid"`
	Status   Status    `json:"status"`
	ID       int       `json:"id"`
	Summary  string    `json:"summary"`
	Notes    string    `json:"notes"`
	Tags     []string  `json:"tags"`
	Project  string    `json:"project"`
	Priority string    `json:"priority"`
	Created  time.Time `json:"created"`
	Resolved time.Time `json:"resolved"`
	Due      time.Time `json:"due"`
}

// newTask builds a task in the given state from what the query specifies.
func newTask(q Query, status Status) *Task {
	t := &Task{UUID: newUUID(), Status: status, Summary: q.Text, Notes: q.Note, Tags: union(nil, q.Tags),
		Project: q.Project, Priority: cmp.Or(q.Priority, "P2"), Created: time.Now().UTC(), Due: q.Due}
	slices.Sort(t.Tags)
	return t
}

// String is the short form used in commit messages.
func (t *Task) String() string {
	if t.ID > 0 {
		return fmt.Sprintf("%d: %s", t.ID, t.Summary)
	}
	return t.Summary
}

// moveTo changes the state of the task if the transition is a legal one.
func (t *Task) moveTo(next Status) error {
	if t.Status != next && !slices.Contains(transitions[t.Status], next) {
		return fmt.Errorf("invalid state transition: %s -> %s", t.Status, next)
	}
	if t.Status = next; next == Resolved {
		t.Resolved = time.Now().UTC()
	}
	return nil
}

// modify applies the operators of a query to an existing task.
func (t *Task) modify(q Query) {
	t.Tags = slices.DeleteFunc(union(t.Tags, q.Tags), func(s string) bool { return slices.Contains(q.AntiTags, s) })
	slices.Sort(t.Tags)
	t.Project = cmp.Or(q.Project, t.Project)
	if slices.Contains(q.AntiProjects, t.Project) {
		t.Project = ""
	}
	t.Priority = cmp.Or(q.Priority, t.Priority)
	if !q.Due.IsZero() {
		t.Due = q.Due
	}
	if t.Notes != "" {
		t.Notes += "\n"
	}
	t.Notes += q.Note
}

// matches reports whether the task satisfies every condition of the query.
func (t *Task) matches(q Query) bool {
	hasTag := func(tag string) bool { return slices.Contains(t.Tags, tag) }
	switch {
	case len(q.IDs) > 0 && !slices.Contains(q.IDs, t.ID),
		slices.ContainsFunc(q.AntiTags, hasTag),
		len(union(t.Tags, q.Tags)) > len(t.Tags),
		q.Project != "" && t.Project != q.Project,
		slices.Contains(q.AntiProjects, t.Project),
		q.Priority != "" && t.Priority != q.Priority,
		!q.Due.IsZero() && !t.dueMatches(q),
		!strings.Contains(strings.ToLower(t.Summary+t.Notes), strings.ToLower(q.Text)):
		return false
	}
	return true
}

// dueMatches compares the due date by the query's date filter.
func (t *Task) dueMatches(q Query) bool {
	order := t.Due.Compare(q.Due)
	return !t.Due.IsZero() && (order == 0 || order < 0 && q.DueFilter == "before" || order > 0 && q.DueFilter == "after")
}

// selectTasks returns the tasks for which keep holds, the most urgent first:
// by priority, then by creation time.
func selectTasks(tasks []*Task, keep func(*Task) bool) []*Task {
	out := []*Task{}
	for _, t := range tasks {
		if keep(t) {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b *Task) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), a.Created.Compare(b.Created))
	})
	return out
}

// union appends to a copy of a the members of b that it lacks; never nil.
func union(a, b []string) []string {
	out := append([]string{}, a...)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
