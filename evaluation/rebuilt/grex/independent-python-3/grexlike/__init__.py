"""Derive a regular expression from example strings."""
