"""Find outdated dependencies of Go projects."""
