package main

import "time"

// Module is one entry of the go list output; unused fields are left out.
type Module struct {
	Path     string
	Version  string
	Time     *time.Time
	Main     bool
	Indirect bool
	Update   *Module
	Replace  *Module
}

// effective is the module really built: the replacement, where there is one.
func (m Module) effective() Module {
	if m.Replace != nil {
		return *m.Replace
	}
	return m
}

// currentVersion is empty for a replacement by a local folder.
func (m Module) currentVersion() string {
	return m.effective().Version
}

// newVersion is the version to upgrade to, or "" if there is none.
func (m Module) newVersion() string {
	if update := m.effective().Update; update != nil {
		return update.Version
	}
	return ""
}

// outdated tells whether what is really built could be newer.
func (m Module) outdated() bool {
	return m.effective().Update != nil
}

// hasUpdate looks at the required module itself, not at what replaces it.
func (m Module) hasUpdate() bool {
	return m.Update != nil
}

func (m Module) direct() bool {
	return !m.Indirect
}

// validTimestamps is false when the update is older than the current version.
// A missing time proves nothing, so it counts as valid.
func (m Module) validTimestamps() bool {
	built := m.effective()
	if built.Update == nil || built.Time == nil || built.Update.Time == nil {
		return true
	}
	return !built.Update.Time.Before(*built.Time)
}
