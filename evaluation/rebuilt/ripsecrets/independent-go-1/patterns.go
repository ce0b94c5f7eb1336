package main

import "strings"

var knownPatterns = []string{
	`[A-Za-z]+://\S{3,50}:(\S{8,50})@[\dA-Za-z#%&+./:=?_~-]+`,
	`\beyJ[\dA-Za-z=_-]+(?:\.[\dA-Za-z=_-]{3,}){1,4}`,
	`(?:gh[oprsu]|github_pat)_[\dA-Za-z_]{36}`,
	`glpat-[\dA-Za-z_=-]{20,22}`,
	`[rs]k_live_[\dA-Za-z]{24,247}`,
	`sq0i[a-z]{2}-[\dA-Za-z_-]{22,43}`,
	`sq0c[a-z]{2}-[\dA-Za-z_-]{40,50}`,
	`EAAA[\dA-Za-z+=-]{60}`,
	`AccountKey=[\d+/=A-Za-z]{88}`,
	`AIzaSy[\dA-Za-z_-]{33}`,
	`npm_[\dA-Za-z]{36}`,
	`//.+/:_authToken=[\dA-Za-z_-]+`,
	`xox[aboprs]-(?:\d+-)+[\da-z]+`,
	`<master>\{[\dA-Za-z]+\\}</master>`,
	`https://hooks\.slack\.com/services/T[\dA-Za-z_]+/B[\dA-Za-z_]+/[\dA-Za-z_]+`,
	`SG\.[\dA-Za-z_-]{22}\.[\dA-Za-z_-]{43}`,
	`(?:AC|SK)[\da-z]{32}`,
	`[\da-f]{32}-us\d{1,2}`,
	`s-s4t2(?:af|ud)-[\da-f]{64}`,
	`PuTTY-User-Key-File-2`,
	`AGE-SECRET-KEY-1[\dA-Z]{58}`,
}

var keyKinds = []string{"DSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK", "PRIVATE KEY", "RSA PRIVATE KEY", "SSH2 ENCRYPTED PRIVATE KEY"}

// assignment finds a value given to a name that promises a secret.
var assignment = strings.ReplaceAll(`(?i:key|token|secret|password)[\pL\pM\pN_]*["']?]?\s*(?:[:=]|:=|=>|<-|>)\s*[\t "'{TICK}]?([\pL\pM\pN_+./=~\-\\{TICK}^]{15,90})(?:[\t\n "'{TICK}]|</|$)`, "{TICK}", "`")

func buildPattern(extra []string) string {
	all := append([]string{}, knownPatterns...)
	for _, kind := range keyKinds {
		all = append(all, `-{5}BEGIN `+kind+`-{5}(?:$|[^-]{63,}-{5}END)`)
	}
	all = append(all, assignment)
	return strings.Join(append(all, extra...), "|")
}
