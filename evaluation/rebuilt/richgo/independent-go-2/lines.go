package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Role is what a piece of "go test" output is about; each has its own paint.
type Role uint8

const (
	Other Role = iota // belongs to whatever came before
	Build
	Start
	Pass
	Fail
	Skip
	PackagePassed // the bare PASS; from here on the current paint stays as it is
	PackageFailed // the bare FAIL
	Covered
	Uncovered
	FileName
	LineNumber
	roleCount
)

// roles describes every role: its preference key, its labels, its first paint.
var roles = [roleCount]struct {
	Key, Long, Short string
	Paint            Paint
}{
	Build:         {"buildStyle", "BUILD", "!!", paint("yellow", true, false)},
	Start:         {"startStyle", "START", ">", paint("lightBlack", false, false)},
	Pass:          {"passStyle", "PASS", "o", paint("green", false, false)},
	Fail:          {"failStyle", "FAIL", "x", paint("red", true, false)},
	Skip:          {"skipStyle", "SKIP", "-", paint("lightBlack", false, false)},
	PackagePassed: {"passPackageStyle", "", "", paint("green", false, true)},
	PackageFailed: {"failPackageStyle", "", "", paint("red", true, true)},
	Covered:       {"coveredStyle", "COVER", "%", paint("green", false, false)},
	Uncovered:     {"uncoveredStyle", "COVER", "%", paint("yellow", true, false)},
	FileName:      {"fileStyle", "", "", paint("cyan", false, false)},
	LineNumber:    {"lineStyle", "", "", paint("magenta", false, false)},
}

// Entry is one line after recognition.
type Entry struct {
	Role  Role
	Body  string // what is shown after the label
	Glued bool   // the line end belongs to the body, inside the paint
}

var (
	buildForm    = regexp.MustCompile(`^# (\S*)( \[[^\]]*\])?$`)
	startForm    = regexp.MustCompile(`^=== RUN {3}(Test.*)$`)
	resultForm   = regexp.MustCompile(`^\s*--- (PASS|FAIL|SKIP): (Test.*)$`)
	coverForm    = regexp.MustCompile(`^coverage: (\d+\.\d)% of statements?$`)
	okForm       = regexp.MustCompile(`^ok\s+(\S+)\s+(?:[\d.]+s|\(cached\))(?:\s+(coverage: \d+\.\d+% of statements))?(?:\s+\[no tests to run\])?$`)
	failedForm   = regexp.MustCompile(`^FAIL(\s+\S+\s+(?:[\d.]+s|\[build failed\]))$`)
	untestedForm = regexp.MustCompile(`^\?\s+(\S+\s+\[no test files\])$`)
	placeForm    = regexp.MustCompile(`([^\s:]+\.go)(:\d+(?::\d+)?)`)
)

// recognise sorts one line, given without its line end.
func recognise(line string, s *Settings) Entry {
	title := func(name string) string {
		indent := strings.Repeat("  ", strings.Count(name, "/"))
		if !s.LeaveTestPrefix {
			name = strings.TrimPrefix(name, "Test")
		}
		return indent + name
	}
	var m []string
	is := func(form *regexp.Regexp) bool { m = form.FindStringSubmatch(line); return m != nil }
	switch {
	case line == "PASS":
		return Entry{Role: PackagePassed, Body: line}
	case line == "FAIL":
		return Entry{Role: PackageFailed, Body: line}
	case is(startForm):
		return Entry{Role: Start, Body: title(m[1])}
	case is(resultForm):
		return Entry{map[string]Role{"PASS": Pass, "FAIL": Fail, "SKIP": Skip}[m[1]], title(m[2]), false}
	case is(buildForm):
		return Entry{Role: Build, Body: m[1] + m[2], Glued: m[2] == ""}
	case is(coverForm):
		percent, _ := strconv.ParseFloat(m[1], 64)
		cells := int(math.Min(percent, 100) / 10)
		e := Entry{Role: Uncovered, Body: m[1] + "% [" + "##########"[:cells] + "__________"[cells:] + "]"}
		if percent >= s.CoverThreshold {
			e.Role = Covered
		}
		return e
	case is(okForm):
		return Entry{Role: Pass, Body: m[1] + " " + m[2]}
	case is(failedForm):
		return Entry{Role: Fail, Body: m[1]}
	case is(untestedForm):
		return Entry{Role: Skip, Body: m[1]}
	}
	return Entry{Role: Other, Body: line}
}

// Painter turns a stream of "go test" output into painted lines. Settings are
// shared; the current paint is that of the last line that announced something.
type Painter struct {
	out      io.Writer
	settings Settings
	removals []*regexp.Regexp
	current  Paint
	pending  []byte // a line not yet ended
}

// newPainter prepares a painter; it fails on a faulty removal pattern.
func newPainter(out io.Writer, s Settings) (*Painter, error) {
	p := &Painter{out: out, settings: s}
	for _, pattern := range s.Removals {
		re, err := regexp.Compile(pattern)
		if err != nil {
			return nil, fmt.Errorf("removal pattern %q: %v", pattern, err)
		}
		p.removals = append(p.removals, re)
	}
	return p, nil
}

// Write takes raw output and passes on every complete line.
func (p *Painter) Write(data []byte) (int, error) {
	p.pending = append(p.pending, data...)
	for {
		end := bytes.IndexByte(p.pending, '\n')
		if end < 0 {
			return len(data), nil
		}
		line := strings.TrimSuffix(string(p.pending[:end]), "\r")
		p.pending = p.pending[end+1:]
		if _, err := io.WriteString(p.out, p.render(line)); err != nil {
			return 0, err
		}
	}
}

// Close passes on a last line without an end; a blank one does not show.
func (p *Painter) Close() error {
	_, err := p.Write([]byte("\n"))
	return err
}

// render returns the painted form of a line with its end, or nothing.
func (p *Painter) render(line string) string {
	entry := recognise(line, &p.settings)
	look := p.settings.Paints[entry.Role]
	if entry.Role == Other {
		if p.remove(entry.Body) == "" {
			return ""
		}
		look = p.current
	}
	body := p.label(entry.Role) + p.markPlaces(entry.Body)
	if entry.Role < PackagePassed {
		p.current = look
		p.current.Hide = look.Hide && entry.Role != Start // a hidden start keeps its followers
	}
	if look.Hide {
		return ""
	}
	if entry.Glued {
		return p.remove(look.Apply(body + "\n"))
	}
	return p.remove(look.Apply(body) + "\n")
}

// remove deletes what the removal patterns match.
func (p *Painter) remove(text string) string {
	for _, re := range p.removals {
		text = re.ReplaceAllString(text, "")
	}
	return text
}

// label returns what stands before the body of a role's lines.
func (p *Painter) label(r Role) string {
	switch layout := p.settings.Labels; {
	case r == PackagePassed || r == PackageFailed:
	case layout == "long":
		return fmt.Sprintf("%-5s| ", roles[r].Long)
	case layout == "short":
		return fmt.Sprintf("%-2s ", roles[r].Short)
	}
	return ""
}

// markPlaces paints the file names and line numbers within a body.
func (p *Painter) markPlaces(body string) string {
	return placeForm.ReplaceAllStringFunc(body, func(place string) string {
		m := placeForm.FindStringSubmatch(place)
		return p.settings.Paints[FileName].Apply(m[1]) + p.settings.Paints[LineNumber].Apply(m[2]) + p.current.Open()
	})
}
