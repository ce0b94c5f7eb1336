package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Task is one item; the JSON names are the listing format.
type Task struct {
	UUID     string    `json:"uuid"`
	Status   string    `json:"status"`
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

func (t *Task) String() string { return fmt.Sprintf("%d: %s", t.ID, t.Summary) }

// apply changes the attributes the query names.
func (t *Task) apply(q Query) {
	unwanted := func(tag string) bool { return slices.Contains(q.AntiTags, tag) }
	t.Tags = addOnce(slices.DeleteFunc(slices.Clone(t.Tags), unwanted), q.Tags...)
	slices.Sort(t.Tags)
	if slices.Contains(q.AntiProjects, t.Project) {
		t.Project = ""
	}
	if q.HasProject {
		t.Project = q.Project
	}
	t.Priority = cmp.Or(q.Priority, t.Priority)
	if q.DueText != "" {
		t.Due = q.Due
	}
	if t.Notes == "" {
		t.Notes = q.Note
	} else {
		t.Notes += "\n" + q.Note
	}
}

func (t *Task) matches(q Query) bool {
	if len(q.IDs) > 0 && !slices.Contains(q.IDs, t.ID) {
		return false
	}
	tagged := func(tag string) bool { return slices.Contains(t.Tags, tag) }
	untagged := func(tag string) bool { return !tagged(tag) }
	if slices.ContainsFunc(q.Tags, untagged) || slices.ContainsFunc(q.AntiTags, tagged) {
		return false
	}
	if slices.Contains(q.AntiProjects, t.Project) || (q.HasProject && t.Project != q.Project) {
		return false
	}
	if q.Priority != "" && t.Priority != q.Priority {
		return false
	}
	haystack := strings.ToLower(t.Summary + " " + t.Notes)
	return t.matchesDue(q) && strings.Contains(haystack, strings.ToLower(q.text()))
}

func (t *Task) matchesDue(q Query) bool {
	if q.DueText == "" || t.Due.IsZero() {
		return q.DueText == ""
	}
	switch q.DueMode {
	case "before":
		return !t.Due.After(q.Due)
	case "after":
		return !t.Due.Before(q.Due)
	}
	return t.Due.Equal(q.Due)
}

func byUrgency(a, b *Task) int {
	return cmp.Or(cmp.Compare(a.Priority, b.Priority), a.Created.Compare(b.Created))
}

const taskTemplate = "summary: %s\nnotes: %s\ntags:%s\nproject: %s\npriority: %s\ndelegatedto: \"\"\n" +
	"subtasks: []\ndependencies: []\ncreated: %s\nresolved: %s\ndue: %s\n"

// encodeTask writes a task as YAML with every string quoted.
func encodeTask(t *Task) string {
	tags := " []"
	if len(t.Tags) > 0 {
		tags = ""
	}
	for _, tag := range t.Tags {
		tags += "\n- " + quote(tag)
	}
	stamp := func(at time.Time) string { return at.Format(time.RFC3339Nano) }
	return fmt.Sprintf(taskTemplate, quote(t.Summary), quote(t.Notes), tags, quote(t.Project),
		t.Priority, stamp(t.Created), stamp(t.Resolved), stamp(t.Due))
}

func quote(s string) string {
	quoted, _ := json.Marshal(s)
	return string(quoted)
}

// decodeTask turns each "key: value" line into a JSON member and reads those.
func decodeTask(source string, t *Task) error {
	tags, members := []string{}, []string{}
	for _, line := range strings.Split(strings.TrimSpace(source), "\n") {
		key, value, _ := strings.Cut(line, ":")
		if tag, found := strings.CutPrefix(line, "- "); found {
			tags = append(tags, asJSON(tag))
		} else if key != "tags" {
			members = append(members, quote(key)+":"+asJSON(strings.TrimSpace(value)))
		}
	}
	members = append(members, `"tags":[`+strings.Join(tags, ",")+"]")
	return json.Unmarshal([]byte("{"+strings.Join(members, ",")+"}"), t)
}

// asJSON keeps quoted strings and lists, and quotes plain scalars.
func asJSON(value string) string {
	if value == "[]" || (strings.HasPrefix(value, `"`) && json.Valid([]byte(value))) {
		return value
	}
	return quote(value)
}
