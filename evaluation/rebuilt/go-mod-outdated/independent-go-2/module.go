package main

import (
	"encoding/json"
	"io"
	"time"
)

// Module is one entry of the go list output.
type Module struct {
	Path     string
	Version  string
	Time     *time.Time
	Main     bool
	Indirect bool
	Update   *Module
	Replace  *Module
}

// readModules decodes a stream of JSON objects up to its end.
func readModules(in io.Reader) ([]Module, error) {
	var all []Module
	dec := json.NewDecoder(in)
	for {
		var m Module
		err := dec.Decode(&m)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
}

// inUse is the module that is really built: the replacement, if there is one.
func (m *Module) inUse() *Module {
	if m.Replace != nil {
		return m.Replace
	}
	return m
}

func (m *Module) outdated() bool {
	return m.inUse().Update != nil
}

func (m *Module) newVersion() string {
	if !m.outdated() {
		return ""
	}
	return m.inUse().Update.Version
}

// timesInOrder is false when the offered update is older than the module.
// An unknown time is taken as being in order.
func (m *Module) timesInOrder() bool {
	if !m.outdated() {
		return true
	}
	have, next := m.inUse().Time, m.inUse().Update.Time
	if have == nil || next == nil {
		return true
	}
	return !next.Before(*have)
}
